"""Quotations in a new text: the same words, with the line ends of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.rdf.source_files import SourceFile, read_text
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.edit import edit_turtle
from glokal.source.reanchor import FoundAgain, stretch_of
from glokal.source.statements import SUPPORT

_QUOTE = GLO + "exactQuote"


def quotes_again(
    files: Iterable[SourceFile], found: Iterable[FoundAgain]
) -> dict[str, bytes]:
    """Return the files whose quotations stand otherwise in a new text, as they become.

    A quotation follows the passage that its thing rests on. Words that the new passage
    doesn't have stay as they are, for the check to tell. Raises SourceError for a file
    that isn't formatted.
    """
    now = {f.old.iri: f for f in found if f.start >= 0}
    results = {}
    for file in files:
        changed = dict(_changed(file, now))
        if changed:
            text = read_text(file.path, file.name)
            added = list(changed.values())
            edited = edit_turtle(text, file.name, list(changed), added, {})
            results[file.name] = edited.encode()
    return results


def _changed(
    file: SourceFile, now: Mapping[str, FoundAgain]
) -> Iterable[tuple[ox.Triple, ox.Triple]]:
    resting: dict[str, list[str]] = {}
    for t in file.triples:
        if t.predicate.value in SUPPORT:
            resting.setdefault(text_of(t.subject), []).append(text_of(t.object))
    for t in file.triples:
        if t.predicate.value != _QUOTE:
            continue
        quote = text_of(t.object)
        cited = [now[p] for p in resting.get(text_of(t.subject), ()) if p in now]
        if not cited or any(quote in f.text for f in cited):
            continue
        again = next(filter(None, (stretch_of(quote, f.text) for f in cited)), "")
        if again:
            yield t, ox.Triple(t.subject, t.predicate, ox.Literal(again))

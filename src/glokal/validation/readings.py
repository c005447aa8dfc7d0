"""Readings and wordings: each says what its passage says, letter by letter.

A reading is a passage made legible, a wording the text of an element of the plan.
Capitals, spaces and signs make no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, text_of
from glokal.validation.finding import Finding, FocusNode, make_finding

_KEPT = (
    *("exactText", "passageOf", "readingText", "redacted"),
    *("startOffset", "statement"),
)


def check_readings(files: Iterable[SourceFile], step: str) -> Iterator[Finding]:
    """Yield each reading and each wording that isn't in its passage."""
    properties: dict[str, dict[Any, list[Any]]] = {name: {} for name in _KEPT}
    files = tuple(files)
    for file in files:
        for t in file.triples:
            of = properties.get(t.predicate.value.removeprefix(GLO))
            if of is None or isinstance(t.subject, ox.Triple):
                continue
            if not isinstance(t.object, ox.Triple):
                of.setdefault(t.subject, []).append(t.object)
    for passage, (exact, *_) in properties["exactText"].items():
        for reading in properties["readingText"].get(passage, ()):
            same = _letters(text_of(reading)) == _letters(text_of(exact))
            if not same and passage not in properties["redacted"]:
                path = GLO + "readingText"
                yield make_finding(
                    step, "reading", focus=FocusNode(passage, path, reading)
                )

    stated = _stated(files, properties["statement"])

    def start(passage: Term) -> tuple[str, int]:
        document, offset = (
            text_of(next(iter(properties[name].get(passage, ())), None))
            for name in ("passageOf", "startOffset")
        )
        return document, int(offset) if offset.isdigit() else 0

    for element, wordings in properties["statement"].items():
        passages = sorted(stated[element], key=start)
        texts = [
            properties["exactText"][p][0]
            for p in passages
            if p in properties["exactText"]
        ]
        whole = "".join(_letters(text_of(text)) for text in texts)
        if whole and not any(_letters(text_of(w)) in whole for w in wordings):
            path = GLO + "statement"
            read = [r for p in passages for r in properties["readingText"].get(p, ())]
            spoken = {getattr(r, "language", None) for r in read}
            # Of translations none stands in the source: the wording in its language is
            # what doesn't.
            own = [w for w in wordings if getattr(w, "language", None) in spoken]
            value = next(iter(own or wordings))
            yield make_finding(step, "wording", focus=FocusNode(element, path, value))


def _stated(
    files: Iterable[SourceFile], elements: Collection[Any]
) -> Mapping[Any, list[Any]]:
    """Return the passages of each of the elements; most things have no wording."""
    results: dict[Any, list[Any]] = {element: [] for element in elements}
    for file in files if results else ():
        for t in file.triples:
            if t.predicate.value == GLO + "statedIn" and t.subject in results:
                results[t.subject].append(t.object)
    return results


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())

"""Names that are corrected and that the source writes: they stay as other names.

A label is our word for a thing and is corrected where it stands; a quotation never
changes. Where a passage speaks of the thing by the old name only, the old name is kept
(`skos:altLabel`), so that the passage still does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import RDFS, SKOS
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.documents import language_of, read_source
from glokal.source.passage_support import NAMES, Citations

LABEL = ox.NamedNode(RDFS + "label")
OTHER_NAME = ox.NamedNode(SKOS + "altLabel")


def former_names(
    files: Sequence[SourceFile],
    removed: Iterable[ox.Triple],
    added: Iterable[ox.Triple],
) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Return the other names that go and that come with changed labels.

    `files` are the project as it is; `removed` and `added` are what changes in it.
    What is now the label is no other name any more. Of the old labels those come that
    a passage needs, the language of the source first.
    """
    gone, new = _labels(removed), _labels(added)
    if not gone:
        return [], []
    source = read_source(files)
    citations = Citations(files, source)
    out, kept = [], []
    named = _named(files, gone)
    for subject, old in gone.items():
        coming = new.get(subject, [])
        out += [
            t
            for t in named[subject]
            if t.predicate == OTHER_NAME and t.object in coming
        ]
        # A name counts once for each language, of which perhaps one is changed.
        names = [text_of(t.object) for t in named[subject]]
        now = Counter([*names, *map(text_of, coming)])
        now.subtract(map(text_of, old))
        silent = citations.named_by(names) - citations.named_by(+now)
        for label in sorted(old, key=lambda x: language_of(x) not in source.languages):
            spoken = silent & citations.named_by([text_of(label)])
            if spoken:
                silent -= spoken
                kept.append(ox.Triple(subject, OTHER_NAME, label))
    return out, kept


def _named(
    files: Iterable[SourceFile], things: Container[object]
) -> dict[object, list[ox.Triple]]:
    """Return what files say of how some things are called, in any language."""
    results: dict[object, list[ox.Triple]] = defaultdict(list)
    for file in files:
        for t in file.triples:
            if t.predicate.value in NAMES and t.subject in things:
                results[t.subject].append(t)
    return results


def _labels(triples: Iterable[ox.Triple]) -> dict[ox.NamedNode, list[ox.Literal]]:
    results: dict[ox.NamedNode, list[ox.Literal]] = defaultdict(list)
    for t in triples:
        if t.predicate == LABEL and isinstance(t.object, ox.Literal):
            assert isinstance(t.subject, ox.NamedNode)
            results[t.subject].append(t.object)
    return results

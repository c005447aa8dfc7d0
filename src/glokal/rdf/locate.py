"""The line and column of a triple, or of a subject's block, in a Turtle text.

A text is read as a tree only when something was found in it.
"""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from glokal.errors import Place
from glokal.rdf.terms import Term
from glokal.rdf.tree import parse_tree, placed_triples

_Index = tuple[dict[ox.Triple, Place], dict[Term, Place]]


def locate(text: str, file: str, sought: ox.Triple | Term) -> Place:
    """Return the place of a triple's object, or of a subject; the file when absent."""
    triples, subjects = _index(text, file)
    if isinstance(sought, ox.Triple):
        subject = sought.subject
        assert not isinstance(subject, ox.Triple)
        return triples.get(sought) or subjects.get(subject) or Place(file)
    return subjects.get(sought) or Place(file)


@lru_cache(maxsize=8)
def _index(text: str, file: str) -> _Index:
    triples: dict[ox.Triple, Place] = {}
    subjects: dict[Term, Place] = {}
    for triple, subject, value in placed_triples(parse_tree(text, file)):
        triples.setdefault(triple, Place(file, value.line, value.column))
        subjects.setdefault(subject.term, Place(file, subject.line, subject.column))
    return triples, subjects

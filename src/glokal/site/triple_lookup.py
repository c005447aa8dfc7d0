"""What the files say of a thing and with it: objects, or read when it is asked for.

A small graph is in memory, by subject and by object. A large one lies in temporary
files (`glokal.rdf.keyed_triples`), whose looks cost as much as a few lines of Python:
of a register with a hundred thousand entries the pages name some, and tell of none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from glokal.core.files.spool import Spool
from glokal.dataset.labels import Labels, label_in
from glokal.rdf.keyed_triples import Keyed, KeyedTriples
from glokal.rdf.source_files import SourceFile
from glokal.rdf.spooled_triples import IN_MEMORY
from glokal.rdf.terms import text_of

# Triples that follow, and that are held by their subjects: about 125 MB.
FOLLOWING = 250_000


class TripleLookup(Protocol):
    """The triples of files, each once, in their order; a thing is named by its IRI."""

    labels: Labels
    is_large: bool

    def out(self, iri: str) -> Sequence[ox.Triple]:
        """Return the triples with a subject."""

    def into(self, iri: str) -> Iterable[ox.Triple]:
        """Return the triples with an object."""

    def kinds(self, triple: ox.Triple) -> Collection[str]:
        """Return the kinds of the files that say a triple."""


class TriplesHeld:
    """The triples of some files in memory."""

    is_large = False

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self.labels = Labels(files)
        self._kinds: dict[ox.Triple, tuple[str, ...]] = {}
        for file in files:
            alone = (file.kind,)
            for t in file.triples:
                known = self._kinds.setdefault(t, alone)
                if file.kind not in known:
                    self._kinds[t] = (*known, file.kind)
        self._out: dict[str, list[ox.Triple]] = defaultdict(list)
        self._in: dict[str, list[ox.Triple]] = defaultdict(list)
        for t in self._kinds:
            self._out[text_of(t.subject)].append(t)
            self._in[text_of(t.object)].append(t)

    def out(self, iri: str) -> Sequence[ox.Triple]:
        """Return the triples with a subject."""
        return self._out.get(iri, ())

    def into(self, iri: str) -> Iterable[ox.Triple]:
        """Return the triples with an object."""
        return self._in.get(iri, ())

    def kinds(self, triple: ox.Triple) -> Collection[str]:
        """Return the kinds of the files that say a triple."""
        return self._kinds.get(triple, ())


class TriplesFiled:
    """The triples of some files in temporary files of their own (MachineError)."""

    is_large = True

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self.labels = Labels.looked_up(self._labels)
        kinds = dict.fromkeys(f.kind for f in files)
        self._kinds = tuple(kinds)
        self._number = {kind: n for n, kind in enumerate(kinds)}
        spool = Spool()
        self._out = KeyedTriples(self._by_subject(files), _subject, spool)
        self._in = KeyedTriples(self._by_object(files), _object, spool)

    def _by_subject(self, files: Iterable[SourceFile]) -> Iterator[Keyed]:
        for file in files:
            mark = self._number[file.kind]
            for t in file.triples:
                yield text_of(t.subject), mark, t

    def _by_object(self, files: Iterable[SourceFile]) -> Iterator[Keyed]:
        for file in files:
            for t in file.triples:
                if not isinstance(t.object, ox.Literal) or _as_iri(t.object.value):
                    yield text_of(t.object), 0, t

    def out(self, iri: str) -> Sequence[ox.Triple]:
        """Return the triples with a subject."""
        return tuple(dict.fromkeys(t for t, _ in self._out.of(iri)))

    def into(self, iri: str) -> Iterable[ox.Triple]:
        """Return the triples with an object."""
        return dict.fromkeys(t for t, _ in self._in.of(iri))

    def kinds(self, triple: ox.Triple) -> Collection[str]:
        """Return the kinds of the files that say a triple."""
        said = self._out.of(text_of(triple.subject))
        return {self._kinds[mark] for t, mark in said if t == triple}

    def _labels(self, iri: str) -> Iterator[ox.Literal]:
        return filter(None, (label_in(t) for t, _ in self._out.of(iri)))


class SaidOnlyBy:
    """The triples that files of a kind say and no others do; of several such kinds."""

    def __init__(self, lookup: TripleLookup, *kinds: str) -> None:
        self._lookup = lookup
        self._kinds = kinds

    def __contains__(self, triple: ox.Triple) -> bool:
        found = self._lookup.kinds(triple)
        return len(found) == 1 and next(iter(found)) in self._kinds


def triple_lookup(files: Sequence[SourceFile]) -> TripleLookup:
    """Return the triples of files to be looked up, those that are many in a file."""
    many = sum(len(file.triples) for file in files) > IN_MEMORY
    return TriplesFiled(files) if many else TriplesHeld(files)


def by_subject(
    triples: Iterable[ox.Triple], most: int
) -> Callable[[str], Sequence[ox.Triple]]:
    """Return what gives those of some triples that have a subject, in their order.

    There are at most so many; many are kept in a file (MachineError).
    """
    if most > FOLLOWING:
        entries = ((_subject(t), 0, t) for t in triples)
        filed = KeyedTriples(entries, _subject, Spool())
        return lambda iri: [t for t, _ in filed.of(iri)]
    held: dict[str, list[ox.Triple]] = defaultdict(list)
    for t in triples:
        held[_subject(t)].append(t)
    return lambda iri: held.get(iri, ())


def _subject(triple: ox.Triple) -> str:
    return text_of(triple.subject)


def _object(triple: ox.Triple) -> str:
    return text_of(triple.object)


def _as_iri(text: str) -> bool:
    """Whether a text may be asked for as an IRI; of others nobody asks."""
    return ":" in text and not any(map(str.isspace, text))

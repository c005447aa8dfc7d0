"""The data of many files as one graph, without holding it in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from glokal.core.errors import InputError
from glokal.rdf.any_format import copy_triples
from glokal.rdf.rdf_input import RdfInput
from glokal.rdf.source_files import SourceFile
from glokal.validation.shacl.given_files import GivenFiles

Progress = Callable[[str], None]
# Bytes that are looked through at once.
_PART = 1 << 20


class DataGraph:
    """The data graph as one N-Triples file, which remembers whose each triple is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.triples = 0
        self._parts: list[tuple[RdfInput, int, int, dict[str, str]]] = []

    def write(
        self, sources: Iterable[RdfInput], given: GivenFiles, progress: Progress
    ) -> None:
        """Write the triples of the sources; InputError when there are none at all.

        What is wrong with a file is put among what is broken, and the others are read
        on.
        """
        end = 0
        with self.path.open("wb+") as out:
            for source in sources:
                progress(f"read {source.name}")
                prefixes: dict[str, str] = {}
                start = out.tell()
                try:
                    copy_triples(source, prefixes, out)
                except InputError as error:
                    given.broken.append(error)
                # Each triple is a line; a file that is broken may have given some.
                first, end = end, end + _count_lines(out, start)
                given.note_context(source, end - first)
                self._parts.append((source, first, end, prefixes))
        self.triples = end
        if not self.triples and not given.broken:
            raise InputError(
                "The data hold no triple, so nothing would be checked.",
                remedy="name the files that hold the data.",
            )

    def files(self) -> list[SourceFile]:
        """Return the files, with triples that are read again whenever asked for."""
        return [
            source.source_file("data", _Part(self.path, first, end), prefixes)
            for source, first, end, prefixes in self._parts
        ]

    def telling(
        self, subjects: Collection[str], predicates: Iterable[str]
    ) -> SourceFile:
        """Return the triples that have one of the subjects and of the predicates."""
        signs = [f"> <{predicate}> ".encode() for predicate in predicates]
        wanted = {subject.encode() for subject in subjects}
        remaining: list[bytes] = []
        with self.path.open("rb") as file:
            while part := file.read(_PART) + file.readline():
                for sign in signs:
                    remaining += _lines_with(part, sign, wanted)
        parser = ox.parse(input=b"".join(remaining), format=ox.RdfFormat.N_TRIPLES)
        triples = tuple(quad.triple for quad in parser)
        return SourceFile("", self.path, "", "data", triples, {})


def count_triples(triples: Iterable[ox.Triple], path: Path) -> int:
    """Write triples to an N-Triples file as they come; return how many there are."""
    count = 0

    def counted() -> Iterator[ox.Triple]:
        nonlocal count
        for triple in triples:
            count += 1
            yield triple

    ox.serialize(counted(), str(path), ox.RdfFormat.N_TRIPLES)
    return count


def write_triples(triples: Iterable[ox.Triple], path: Path, most: int) -> int:
    """Write triples to an N-Triples file as they come; return how many differ.

    One that comes again is written again: graphs hold each triple once. It is only told
    apart among the first, so that no more than `most` and one are held: of more that
    differ the number is that.
    """
    different: set[ox.Triple] = set()

    def noted() -> Iterator[ox.Triple]:
        for triple in triples:
            if len(different) <= most:
                different.add(triple)
            yield triple

    ox.serialize(noted(), str(path), ox.RdfFormat.N_TRIPLES)
    return len(different)


def _count_lines(file: BinaryIO, start: int) -> int:
    """Count the lines of a file from there to its end, where it is left."""
    file.seek(start)
    count = 0
    while part := file.read(_PART):
        count += part.count(b"\n")
    return count


def _lines_with(
    part: bytes, sign: bytes, subjects: Collection[bytes]
) -> Iterator[bytes]:
    """Yield the lines where the sign follows one of the subjects."""
    at = part.find(sign)
    while at >= 0:
        start = part.rfind(b"\n", 0, at) + 1
        # Within a text, what stands before the sign is no subject either.
        if part[start + 1 : at] in subjects:
            yield part[start : part.index(b"\n", at) + 1]
        at = part.find(sign, at + len(sign))


class _Part(Collection[ox.Triple]):
    """The triples of one of the files, in their order."""

    def __init__(self, path: Path, first: int, end: int) -> None:
        self._path, self._first, self._end = path, first, end

    def __len__(self) -> int:
        return self._end - self._first

    def __iter__(self) -> Iterator[ox.Triple]:
        # Each line is a triple, so those ahead can be passed over unread.
        with self._path.open("rb") as lines:
            for _ in islice(lines, self._first):
                pass
            parser = ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES)
            for quad in islice(parser, len(self)):
                yield quad.triple

    def __contains__(self, triple: object) -> bool:
        return any(own == triple for own in self)

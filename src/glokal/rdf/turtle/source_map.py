"""The line and column of what stands in a file.

Turtle, TriG, N-Triples and N-Quads: statements are found by `statement_scanner`, and
only those asked for are read. JSON-LD and RDF/XML: each value is found by
`glokal.rdf.value_places`; else it is the line where a subject's IRI is written out.
Columns count characters
(Unicode code points), as editors do.
"""

from __future__ import annotations

import bisect
import io
import itertools
import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.rdf.blank_node_match import BlankNodeMap, match_blank_nodes
from glokal.rdf.iri_mentions import mention
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term
from glokal.rdf.turtle.lexer import tokenize
from glokal.rdf.turtle.parser import parse_statement
from glokal.rdf.turtle.statement_scanner import ScannedStatements, scan, scan_lines
from glokal.rdf.turtle.tree import triples_of
from glokal.rdf.value_places import triple_places

_LINES = (".nt", ".nq")
_STATEMENTS = (".ttl", ".trig", ".n3", *_LINES)
_BY_VALUE = {
    **dict.fromkeys((".jsonld", ".json"), ox.RdfFormat.JSON_LD),
    **dict.fromkeys((".rdf", ".xml", ".owl"), ox.RdfFormat.RDF_XML),
}
# How many statements are counted at once to find the one that a triple is from.
_STRIDE = 500


class PlacedTriple(NamedTuple):
    """A triple with the places of its subject, its object and its predicate.

    In a collection the place of the predicate is that of the object.
    """

    triple: ox.Triple
    subject: Place
    value: Place
    verb: Place


class Locator:
    """Finds places in one file, which is opened when first asked."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._ending = file.ending or file.path.suffix.lower()
        self._base = file.base or file.path.resolve().as_uri()
        self._read: dict[int, tuple[PlacedTriple, ...]] = {}
        # Triples of so many statements from a number on: who asks of many nodes would
        # have them counted for each.
        self._counted: dict[tuple[int, int], int] = {}

    @property
    def exact(self) -> bool:
        """Whether this syntax has statements, whose first and last line can be told."""
        return self._ending in _STATEMENTS

    def prepare(self) -> None:
        """Do now what is needed for any place in a file with statements."""
        if self.exact:
            # The first text compiles the pattern of tokens.
            tokenize("", Place(self.file.name))
            _ = self._statements, self._line_starts

    def about(self, iri: str) -> tuple[PlacedTriple, ...]:
        """Return the triples of the statements of a subject, in their order.

        Those of nested blank nodes are among them, under names of their own.
        """
        if not self.exact:
            return tuple(self._valued.get(ox.NamedNode(iri), ()))
        numbers = self._statements.by_subject.get(iri.encode(), ())
        return tuple(itertools.chain.from_iterable(map(self._statement, numbers)))

    def subject(self, iri: str) -> Place | None:
        """Return the place of the first statement of a subject, None without any."""
        if not self.exact:
            own = self.about(iri)
            known = (p.subject for p in own if p.subject.line is not None)
            return next(known, None) or self._mention(iri)
        numbers = self._statements.by_subject.get(iri.encode())
        return self._place(self._statements.starts[numbers[0]]) if numbers else None

    def blocks(self, iri: str) -> list[tuple[int, int]]:
        """Return the first and last line of each statement of a subject."""
        if not self.exact:
            return []
        numbers = self._statements.by_subject.get(iri.encode(), ())
        return [self._lines(number) for number in numbers]

    def block_at(self, line: int) -> tuple[int, int]:
        """Return the first and last line of the statement that a line belongs to."""
        starts = self._line_starts
        end = starts[line] if line < len(starts) else len(self._data)
        number = bisect.bisect_left(self._statements.starts, end) - 1
        return self._lines(number) if number >= 0 else (line, line)

    def _lines(self, number: int) -> tuple[int, int]:
        result = self._statements
        first = bisect.bisect_right(self._line_starts, result.starts[number])
        return first, bisect.bisect_right(self._line_starts, result.ends[number])

    def mentioning(self, terms: Collection[Term]) -> Iterator[PlacedTriple]:
        """Yield the triples that have one of the terms as subject or object.

        Blank nodes have the names that they have in the file's triples; other triples
        of the same statements are yielded too.
        """
        if not terms:
            return
        if not self.exact:
            for valued in self._valued.values():
                for p in valued:
                    if p.triple.subject in terms or p.triple.object in terms:
                        yield p
            return
        sought = [
            number
            for number, t in enumerate(self.file.triples)
            if t.subject in terms or t.object in terms
        ]
        given_all, at = iter(self.file.triples), 0
        for number, first in self._statements_of(sought):
            placed = self._statement(number)
            given = list(
                itertools.islice(given_all, first - at, first - at + len(placed))
            )
            at = first + len(placed)
            names = match_blank_nodes([p.triple for p in placed], given)
            for p in placed:
                yield p._replace(triple=_renamed(p.triple, names))

    @cached_property
    def _data(self) -> bytes:
        try:
            return self.file.path.read_bytes()
        except OSError:
            # It was there a moment ago; a finding without a line is still a finding.
            return b""

    @cached_property
    def _statements(self) -> ScannedStatements:
        if self._ending in _LINES:
            return scan_lines(self._data)
        return scan(self._data, self._base)

    @cached_property
    def _line_starts(self) -> array[int]:
        if b"\r" in self._data:
            ends = (m.end() for m in re.finditer(rb"\r\n|\n|\r", self._data))
            return array("Q", itertools.chain([0], ends))
        lengths = map(len, io.BytesIO(self._data))
        starts = array("Q", itertools.accumulate(lengths, initial=0))
        if self._data and not self._data.endswith(b"\n"):
            starts.pop()
        return starts

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_right(self._line_starts, offset)
        before = self._data[self._line_starts[line - 1] : offset]
        return Place(self.file.name, line, len(before.decode()) + 1)

    def _text(self, number: int) -> str:
        result = self._statements
        return self._data[result.starts[number] : result.ends[number]].decode()

    def _statement(self, number: int) -> tuple[PlacedTriple, ...]:
        if number not in self._read:
            place = self._place(self._statements.starts[number])
            try:
                if self._ending in _LINES:
                    read = _line(self._text(number), place)
                else:
                    read = self._tree(number, place)
            except (SourceError, SyntaxError):
                # Newer syntax than the tree knows: the subject's place is given.
                read = ()
            self._read[number] = read
        return self._read[number]

    def _tree(self, number: int, place: Place) -> tuple[PlacedTriple, ...]:
        scope = self._statements.scope(number)
        tree = parse_statement(self._text(number), scope, place)
        placed = []
        node, at = None, place
        for triple, subject, value in triples_of(tree):
            # A subject is met as often as it has values.
            if subject is not node:
                node, at = subject, Place(place.file, subject.line, subject.column)
            of_value = Place(place.file, value.line, value.column)
            verb = Place(place.file, *value.verb) if value.verb[0] else of_value
            placed.append(PlacedTriple(triple, at, of_value, verb))
        return tuple(placed)

    def _statements_of(self, triples: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the number of each statement of the triples, and of its first triple.

        The parser gives triples in the order of the statements, so it is enough to
        count how many come from each.
        """
        if self._ending in _LINES:
            yield from ((n, n) for n in triples)
            return
        left = list(triples)
        first = 0
        for start in range(0, len(self._statements.starts), _STRIDE):
            if not left:
                return
            numbers = range(start, min(start + _STRIDE, len(self._statements.starts)))
            size = self._count(numbers)
            if left[0] < first + size:
                for number in numbers:
                    held = self._count([number])
                    if left and left[0] < first + held:
                        yield number, first
                    while left and left[0] < first + held:
                        left.pop(0)
                    first += held
            else:
                first += size

    def _count(self, numbers: Sequence[int]) -> int:
        """Return how many triples the parser makes of statements that follow."""
        key = numbers[0], len(numbers)
        if key not in self._counted:
            self._counted[key] = self._parsed(numbers)
        return self._counted[key]

    def _parsed(self, numbers: Sequence[int]) -> int:
        parts = []
        scope = None
        for number in numbers:
            if self._statements.scope(number) is not scope:
                scope = self._statements.scope(number)
                parts += [
                    f"@prefix {p}: <{ns}> .\n" for p, ns in scope.prefixes.items()
                ]
                parts += [f"@base <{scope.base}> .\n"] if scope.base else []
            parts.append(f"{self._text(number)}\n.\n")
        parser = ox.parse(input="".join(parts), format=ox.RdfFormat.TURTLE)
        try:
            return sum(1 for _ in parser)
        except SyntaxError:
            return 0

    @cached_property
    def _valued(self) -> dict[object, list[PlacedTriple]]:
        """The triples by their subjects, of a syntax without statements."""
        results: dict[object, list[PlacedTriple]] = {}
        fmt = _BY_VALUE.get(self._ending)
        if fmt is None or not self.file.triples:
            return results
        ends = triple_places(self._data, fmt, self._base, self.file.triples)
        for triple, end in zip(self.file.triples, ends, strict=False):
            nowhere = Place(self.file.name)
            at = nowhere if end.subject is None else self._place(end.subject)
            value = at if end.value is None else self._place(end.value)
            placed = PlacedTriple(triple, at, value, value)
            results.setdefault(triple.subject, []).append(placed)
        return results

    def _mention(self, iri: str) -> Place | None:
        fmt = _BY_VALUE.get(self._ending)
        offset = mention(self._data, fmt, iri, self.file.prefixes, self._base)
        return None if offset is None else self._place(offset)


def _line(text: str, place: Place) -> tuple[PlacedTriple, ...]:
    quad = next(iter(ox.parse(input=text, format=ox.RdfFormat.N_QUADS)))
    tokens = tokenize(text, place)
    subject, verb, value = (
        Place(place.file, tokens[n].line, tokens[n].column) for n in range(3)
    )
    return (PlacedTriple(quad.triple, subject, value, verb),)


def _renamed(t: ox.Triple, names: BlankNodeMap) -> ox.Triple:
    subject = names.get(t.subject, t.subject)
    return ox.Triple(subject, t.predicate, names.get(t.object, t.object))

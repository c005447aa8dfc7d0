"""Finding the line and column of what a check found.

The place is that of the triple at fault: of its object, since that is what to fix.
What is missing has no place of its own; there it is the subject's block, the one that
gives its class when there are several. Files are opened only when something was
found, or by whoever prepares it while there is nothing else to do.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.core.namespaces import RDF, SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, text_of
from glokal.rdf.turtle.source_map import Locator, PlacedTriple
from glokal.validation.finding import Finding
from glokal.validation.property_path import ValuesBySubject, find_step, read_path

# Too few: there is no triple to show.
_MISSING = {
    f"{SH}{name}ConstraintComponent"
    for name in ("MinCount", "QualifiedMinCount", "HasValue")
}
_MAX = SH + "MaxCountConstraintComponent"
_UNIQUE = SH + "UniqueLangConstraintComponent"
_DEEP = 100
_TYPE = RDF + "type"


def locate_findings(
    findings: Iterable[Finding],
    files: Iterable[SourceFile],
    shapes: ValuesBySubject | None = None,
    *,
    prepared: Sequence[Locator] = (),
) -> list[Finding]:
    """Return the findings, each with its place when its focus stands in a file.

    `shapes` says what each shape of a SHACL finding holds: its path and parameters.
    Locators of the files that are `prepared` are used instead of new ones.
    """
    given = list(findings)
    inside = [d for f in given for d in _inside(f)]
    lost = [f for f in given if f.place is None and f.focus is not None]
    if not lost:
        return given
    locators = list(prepared) or [Locator(file) for file in files]
    places = _Places(locators, [*lost, *inside], shapes or {})
    return [places.put_all(f) for f in given]


def _inside(finding: Finding) -> Iterator[Finding]:
    for detail in finding.details:
        yield detail
        yield from _inside(detail)


class _Places:
    def __init__(
        self,
        locators: Sequence[Locator],
        findings: list[Finding],
        shapes: ValuesBySubject,
    ) -> None:
        self.locators = locators
        self.names = {x.file.graph: x.file.name for x in self.locators if x.file.graph}
        self.shapes = shapes
        # What the statements say of blank nodes, by their names in the data, and of
        # those that are nested, by names that the tree gave them.
        self.nested: dict[Term, list[PlacedTriple]] = defaultdict(list)
        self.known: dict[str, list[PlacedTriple]] = {}
        # What no statement begins with, where it is a value.
        self.values: dict[Term, list[PlacedTriple]] = defaultdict(list)
        terms = {t for f in findings for t in (f.focus, f.value)}
        sought: set[Term] = {t for t in terms if isinstance(t, ox.BlankNode)}
        sought |= {f.focus for f in findings if f.focus and not self._begins(f.focus)}
        for locator in self.locators:
            for p in locator.mentioning(sought):
                subject, value = p.triple.subject, p.triple.object
                if isinstance(subject, ox.BlankNode):
                    self.nested[subject].append(p)
                if not isinstance(value, ox.Triple):
                    self.values[value].append(p)

    def _begins(self, term: Term) -> bool:
        return isinstance(term, ox.NamedNode) and any(
            locator.subject(term.value) for locator in self.locators
        )

    def said(self, term: Term) -> Sequence[PlacedTriple]:
        """Return the triples of a subject, in every file."""
        if not isinstance(term, ox.NamedNode):
            return self.nested.get(term, ())
        if term.value not in self.known:
            own = self.known[term.value] = []
            for locator in self.locators:
                for p in locator.about(term.value):
                    subject = p.triple.subject
                    if subject == term:
                        own.append(p)
                    elif isinstance(subject, ox.BlankNode):
                        self.nested[subject].append(p)
        return self.known[term.value]

    def put_all(self, finding: Finding) -> Finding:
        """Return a finding with its place, and those inside it with theirs."""
        details = tuple(map(self.put_all, finding.details))
        if details:
            finding = dataclasses.replace(finding, details=details)
        lost = finding.place is None and finding.focus is not None
        return self.put(finding) if lost else finding

    def put(self, finding: Finding) -> Finding:
        """Return a finding with its place, as it is when no file holds its focus."""
        focus, value = finding.focus, finding.value
        assert focus is not None
        own = self.said(focus)
        name = self.names.get(finding.graph)
        own = [p for p in own if p.subject.file == name] or own
        result = self._triple(finding, own)
        if isinstance(value, ox.BlankNode):
            for p in self.values[value]:
                if finding.path in ("", p.triple.predicate.value) and value != focus:
                    result = p
                    break
        if result is not None:
            seen = result.triple.object
            assert not isinstance(seen, ox.Triple)
            return dataclasses.replace(
                finding, place=result.value, seen=seen, anchor=self._anchor(focus)
            )
        if own:
            typed = (p for p in own if p.triple.predicate.value == _TYPE)
            place: Place | None = next(typed, own[0]).subject
        else:
            place = self._elsewhere(focus)
        return dataclasses.replace(finding, place=place, anchor=self._anchor(focus))

    def _anchor(self, focus: Term) -> str:
        """Return how a blank node is reached, or what is said of it; "" for a name."""
        node: object = focus
        way: list[str] = []
        while isinstance(node, ox.BlankNode) and len(way) < _DEEP:
            above = next(iter(self.values.get(node, ())), None)
            if above is None:
                entries = (p.triple for p in self.said(node))
                own = [f"{t.predicate} {t.object}" for t in entries if not _nested(t)]
                return "\n".join([*way, *sorted(own)])
            way.append(str(above.triple.predicate))
            node = above.triple.subject
        return "\n".join([*way, str(node)]) if way else ""

    def _triple(
        self, finding: Finding, own: Sequence[PlacedTriple]
    ) -> PlacedTriple | None:
        """Return the triple at fault, None when the whole subject is."""
        if finding.path:
            there = [p for p in own if p.triple.predicate.value == finding.path]
            if finding.value is None:
                return self._without_value(finding, there)
            same = _same(there, finding.value)
            # What two properties are compared by may be a value of the other.
            return same or next(iter(there), None) or _same(own, finding.value)
        if finding.value is None or finding.value == finding.focus:
            return None
        return self._by_path(finding) or _same(own, finding.value)

    def _without_value(
        self, finding: Finding, there: list[PlacedTriple]
    ) -> PlacedTriple | None:
        if finding.component in _MISSING:
            return None
        at = 0
        if finding.component == _MAX:
            # The first one that is too many.
            at = self._number(finding, "maxCount")
        elif finding.component == _UNIQUE:
            at = _second_of_a_language(there)
        return there[min(at, len(there) - 1)] if there else None

    def _number(self, finding: Finding, parameter: str) -> int:
        values = self.shapes.get(finding.shape, {}) if finding.shape else {}
        message = text_of(next(iter(values.get(SH + parameter, ())), None))
        return int(message) if message.isdigit() else 1

    def _by_path(self, finding: Finding) -> PlacedTriple | None:
        assert finding.focus is not None and finding.value is not None
        for term in (
            self.shapes.get(finding.shape, {}).get(SH + "path", ())
            if (finding.shape)
            else ()
        ):
            path = read_path(self.shapes, term)
            if path is not None:
                return find_step(path, finding.focus, finding.value, self.said)
        backwards = (
            p for p in self.said(finding.value) if p.triple.object == finding.focus
        )
        return next(backwards, None)

    def _elsewhere(self, focus: Term) -> Place | None:
        if isinstance(focus, ox.NamedNode):
            for locator in self.locators:
                place = locator.subject(focus.value)
                if place is not None:
                    return place
        for p in self.values[focus]:
            return p.value
        for locator in self.locators:
            if not locator.exact and any(
                focus in (t.subject, t.object) for t in locator.file.triples
            ):
                return Place(locator.file.name)
        return None


def _nested(triple: ox.Triple) -> bool:
    return isinstance(triple.object, ox.BlankNode)


def _same(placed: Sequence[PlacedTriple], value: Term) -> PlacedTriple | None:
    """Return the triple with a value; an engine may write a number its own way."""
    for p in placed:
        if p.triple.object == value:
            return p
    if isinstance(value, ox.Literal):
        for p in placed:
            if isinstance(p.triple.object, ox.Literal) and _alike(
                p.triple.object, value
            ):
                return p
    return None


def _alike(one: ox.Literal, other: ox.Literal) -> bool:
    if one.datatype != other.datatype:
        return False
    try:
        return float(one.value) == float(other.value)
    except ValueError:
        return one.value.split() == other.value.split()


def _second_of_a_language(placed: Sequence[PlacedTriple]) -> int:
    seen: set[str] = set()
    for number, p in enumerate(placed):
        value = p.triple.object
        language = (value.language or "") if isinstance(value, ox.Literal) else ""
        if language and language in seen:
            return number
        seen.add(language)
    return 0

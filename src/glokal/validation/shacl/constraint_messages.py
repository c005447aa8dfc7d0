"""Words for the constraints of SHACL whose shapes have no message of their own.

Every constraint component of SHACL Core (sections 4.1 to 4.8) has its words in
`constraint_messages.toml`, filled in from the shape: the limit, the datatype, the
class, the allowed values.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Any

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from glokal.core.namespaces import RDF, SH, XSD
from glokal.rdf.terms import Term, text_of
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Name
from glokal.validation.property_path import ValuesBySubject, list_members

_SUFFIX = "ConstraintComponent"
_LISTED = 8
_ENDS = re.compile("[/#:]")
# How much alike, of a hundred, a name must be to be what was meant.
_ALIKE = 75
_MORE = {
    "nb": "og {n} til",
    "nn": "og {n} til",
    "sv": "och {n} till",
    "en": "and {n} more",
}
_DATES = {XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth", "time")}
_TEXTS = {XSD + "string", RDF + "langString"}
_COUNTED = ("MinCount", "MaxCount", "QualifiedMinCount", "QualifiedMaxCount")
_LIMITS = ("MinInclusive", "MinExclusive", "MaxInclusive", "MaxExclusive")
_NESTED = ("Not", "And", "Or", "Xone", "Node")


class ConstraintMessages:
    """Says what a constraint asks for, in one language."""

    def __init__(
        self,
        names: DisplayNames,
        shapes: ValuesBySubject,
        known: Collection[str] = (),
    ) -> None:
        """Take the names to show, what the shapes say, and the IRIs that there are."""
        self._names = names
        self._shapes = shapes
        self._known = known
        # Data may have a hundred thousand names, and as many findings about them.
        self._meant: dict[str, str] = {}

    def kind_of(self, shape: Term | None, component: str, value: Term | None) -> str:
        """Return which form of the words fits: by its limit and the value, if any."""
        kind = _kind(component)
        first = self._first(shape, _parameter(kind))
        if kind == "NodeKind":
            return text_of(first).removeprefix(SH)
        if kind == "Datatype":
            own = isinstance(value, ox.Literal) and value.datatype == first
            return "wrong" if own else "plain"
        if kind in _COUNTED:
            return {"0": "zero", "1": "one"}.get(text_of(first), "many")
        if kind in _LIMITS:
            limit = _sort(first)
            return limit if value is None or _sort(value) == limit else "other"
        return ""

    def message(
        self, shape: Term | None, component: str, prop: Name, form_name: str
    ) -> str:
        """Return what is wrong and what to do; `prop` is empty for a node itself.

        `form_name` is what `kind_of` gives.
        """
        kind = _kind(component)
        words = components()
        form: Any = words.get(kind, words["other"])[self._names.lang]
        first = self._first(shape, _parameter(kind))
        it = words["it"][self._names.lang]["value" if prop else "thing"]
        if form_name == "other":
            form = words["incomparable"][self._names.lang]
        elif isinstance(form, dict):
            form = form[form_name]
        return str(form).format(
            it=it.format(property=prop),
            property=prop or words["it"][self._names.lang]["some"],
            other=self._names.thing(first) if first is not None else "",
            n=self._limit(first),
            kind=self._datatype(first)[0],
            form=self._datatype(first)[1],
            pattern=text_of(first),
            shape=self._shape(shape, kind, first),
            values=self.allowed(shape, component),
            languages=self.allowed(shape, component),
            **{"class": self._names.thing(first)},
        )

    def allowed(self, shape: Term | None, component: str) -> str:
        """Return what the constraint allows, in words; "" when it names nothing."""
        kind = _kind(component)
        first = self._first(shape, _parameter(kind))
        match kind:
            case "Class":
                return str(self._names.thing(first))
            case "Datatype":
                return self._datatype(first)[1]
            case "In":
                return self._listed(self._members(first))
            case "LanguageIn":
                return ", ".join(f"@{text_of(m)}" for m in self._members(first))
            case "HasValue":
                return str(self._names.thing(first))
            case "Pattern":
                return text_of(first)
            case "Closed":
                return self._listed(self._properties(shape))
            case _:
                return ""

    def near(self, finding: Finding) -> str:
        """Return what is allowed and looks like what was written, "" for nothing.

        An IRI that is none of the known ones may be a slip for one beside it.
        """
        kind = _kind(finding.component)
        if kind == "Closed":
            terms: Iterable[Term] = self._properties(finding.shape)
            return self._near(finding.path, {_local(text_of(t)): t for t in terms})
        if kind == "In":
            terms = self._members(self._first(finding.shape, "in"))
            written = text_of(finding.value)
            return self._near(written, {_local(text_of(t)): t for t in terms})
        value = finding.value if isinstance(finding.value, ox.NamedNode) else None
        written = value.value if value else finding.path
        if not self._known or not written or written in self._known:
            return ""
        if written not in self._meant:
            beside = self._beside.get(_space(written), {})
            self._meant[written] = self._near(written, beside)
        return self._meant[written]

    def _near(self, written: str, terms: Mapping[str, Term]) -> str:
        found = process.extractOne(
            _local(written), terms.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE
        )
        return str(self._names.thing(terms[found[0]])) if found else ""

    @cached_property
    def _beside(self) -> Mapping[str, Mapping[str, Term]]:
        """The known IRIs by what stands before their names, and by these."""
        result: dict[str, dict[str, Term]] = defaultdict(dict)
        for iri in sorted(self._known):
            if space := _space(iri):
                result[space][_local(iri)] = ox.NamedNode(iri)
        return result

    def _first(self, shape: Term | None, parameter: str) -> Term | None:
        details = self._shapes.get(shape, {}) if shape is not None else {}
        return next(iter(details.get(SH + parameter, ())), None)

    def _members(self, head: Term | None) -> Sequence[Term]:
        return list_members(self._shapes, head) if head is not None else ()

    def _properties(self, shape: Term | None) -> list[Term]:
        details = self._shapes.get(shape, {}) if shape is not None else {}
        parts = details.get(SH + "property", ())
        paths = [p for part in parts for p in self._shapes[part].get(SH + "path", ())]
        ignored = self._members(self._first(shape, "ignoredProperties"))
        return [p for p in [*paths, *ignored] if isinstance(p, ox.NamedNode)]

    def _listed(self, terms: Sequence[Term]) -> str:
        unique = list(dict.fromkeys(terms))
        shown = [str(self._names.thing(term)) for term in unique[:_LISTED]]
        if len(unique) > _LISTED:
            shown.append(_MORE[self._names.lang].format(n=len(unique) - _LISTED))
        return ", ".join(shown)

    def _limit(self, term: Term | None) -> str:
        return term.value if isinstance(term, ox.Literal) else ""

    def _datatype(self, term: Term | None) -> tuple[str, str]:
        if isinstance(term, ox.Literal):
            return self._names.datatype(term.datatype.value)
        named = isinstance(term, ox.NamedNode)
        return self._names.datatype(text_of(term)) if named else ("", "")

    def _shape(self, shape: Term | None, kind: str, first: Term | None) -> str:
        named: Term | None = shape
        if kind in _NESTED:
            named = first
        elif kind.startswith("Qualified"):
            named = self._first(shape, "qualifiedValueShape")
        payload = self._names.shape(named) if named is not None else ""
        return f" ({payload})" if payload else ""


def meant_names(findings: Iterable[Finding], subjects: Iterable[object]) -> set[str]:
    """Return the IRIs among the subjects that a finding may have meant.

    They are those that differ from a value or a path of a finding, or of one inside
    it, in the name at their end alone, and these themselves.
    """
    spaces = {_space(written) for written in _written(findings)} - {""}
    results: set[str] = set()
    before: object = None
    for subject in subjects if spaces else ():
        # A thing has several triples, which mostly stand together.
        if subject != before and isinstance(subject, ox.NamedNode):
            before = subject
            if _space(subject.value) in spaces:
                results.add(subject.value)
    return results


def _written(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        value = finding.value
        yield value.value if isinstance(value, ox.NamedNode) else finding.path
        yield from _written(finding.details)


def _local(iri: str) -> str:
    return _ENDS.split(iri)[-1].casefold()


def _space(iri: str) -> str:
    """Return what stands before the name at the end of an IRI, "" where none is."""
    name = _ENDS.split(iri)[-1]
    return iri.removesuffix(name) if name else ""


def _kind(component: str) -> str:
    return component.removeprefix(SH).removesuffix(_SUFFIX)


def _sort(term: Term | None) -> str:
    """Return what a value is compared as: a number, a date, or neither ("")."""
    if not isinstance(term, ox.Literal):
        return ""
    if term.datatype.value in _DATES:
        return "date" if _on_the_calendar(term.value) else ""
    try:
        float(term.value)
    except ValueError:
        return ""
    return "number" if term.datatype.value not in _TEXTS else ""


def _on_the_calendar(text: str) -> bool:
    day = re.match(r"-?(\d{4,})-(\d\d)-(\d\d)", text)
    try:
        return day is None or bool(datetime.date(*map(int, day.groups())))
    except ValueError:
        return False


def _parameter(kind: str) -> str:
    return kind[:1].lower() + kind[1:]


@cache
def components() -> dict[str, Any]:
    """Return the words of each constraint component, by its name in SHACL."""
    file = resources.files("glokal.validation.shacl").joinpath(
        "constraint_messages.toml"
    )
    return tomllib.loads(file.read_text(encoding="utf-8"))

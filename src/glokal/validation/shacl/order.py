"""The order of values that SHACL's limits and pairs are about: SPARQL's operators.

SHACL says what is within a limit, and less than another value, by the operators < and
<= of SPARQL (sections 4.3 and 4.5.3 to 4.5.4); what they give no order is a violation.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH, XSD
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.data_queries import TRUE, load_triples

# What has to hold between a value and the limit, by the component.
_LIMITS = {
    "MinInclusive": "atLeast",
    "MinExclusive": "more",
    "MaxInclusive": "atMost",
    "MaxExclusive": "less",
}
_PAIRS = {"LessThan": "less", "LessThanOrEquals": "atMost"}
_STRING = ox.NamedNode(XSD + "string")
_SUFFIX = "ConstraintComponent"


class OrderArbiter:
    """Decides by a data graph, which is read when it is first asked."""

    def __init__(self, data: Path, about: ValuesBySubject) -> None:
        self._data, self._about = data, about
        self._store: ox.Store | None = None

    def is_violation(
        self, shape: Term, component: str, focus: Term, value: Term | None
    ) -> bool | None:
        """Whether a result is one by SPARQL; None when it is about no order."""
        kind = component.removeprefix(SH).removesuffix(_SUFFIX)
        needed = _LIMITS.get(kind) or _PAIRS.get(kind)
        if needed is None or value is None:
            return None
        against = self._about.get(shape, {}).get(_word(kind), ())
        if kind in _PAIRS:
            values = (self._values(focus, name) for name in against)
            against = [value for group in values for value in group]
        return any(needed not in _order(value, other) for other in against)

    def _values(self, focus: Term, name: Term) -> Iterable[Term]:
        if self._store is None:
            self._store = load_triples(self._data)
        if isinstance(focus, ox.Literal) or not isinstance(name, ox.NamedNode):
            return
        for quad in self._store.quads_for_pattern(focus, name, None):
            assert not isinstance(quad.object, ox.Triple)
            yield quad.object


def _order(value: Term, limit: Term) -> set[str]:
    """Return which of less, atMost, more and atLeast a value is beside another."""
    if isinstance(value, ox.BlankNode) or isinstance(limit, ox.BlankNode):
        return set()
    given: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable("value"): value,
        ox.Variable("limit"): limit,
    }
    rows = ox.Store().query(_query(), substitutions=given)
    assert isinstance(rows, ox.QuerySolutions)
    row = next(iter(rows))
    names = [variable.value for variable in rows.variables]
    return {name for name in names if row[name] == TRUE}


@cache
def _query() -> str:
    file = resources.files("glokal.validation.shacl").joinpath("queries/compare.rq")
    return file.read_text(encoding="utf-8")


def language_order(about: ValuesBySubject, data: Path) -> str | None:
    """Return a property with values in a language that are held against an order.

    It is "" for any property, None when there is no such. A text in a language has no
    order (SPARQL 1.1, section 17.3), so each such value is a violation, and both
    engines let it pass.
    """
    wanted: set[str] = set()
    for details in about.values():
        limits = [v for word in map(_word, _LIMITS) for v in details.get(word, ())]
        texts = [v for v in limits if isinstance(v, ox.Literal) and _is_text(v)]
        others = [v for word in map(_word, _PAIRS) for v in details.get(word, ())]
        own = _properties(about, details.get(SH + "path", ()))
        if any(v.language for v in texts):
            return next(iter(own), "")
        if texts or others:
            # A shape without a path may be given the values of any.
            wanted |= own | set(map(text_of, others)) or {""}
    if not wanted:
        return None
    with data.open("rb") as file:
        text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        found = next((p for p in sorted(wanted) if _has_language(text, p)), None)
        text.close()
    return found


def _word(kind: str) -> str:
    return SH + kind[0].lower() + kind[1:]


def _is_text(value: ox.Literal) -> bool:
    return bool(value.language) or value.datatype == _STRING


def _properties(about: ValuesBySubject, terms: Iterable[Term]) -> set[str]:
    """Return all properties that a path is made of."""
    results: set[str] = set()
    waiting, seen = list(terms), set[Term]()
    while waiting:
        term = waiting.pop()
        if term in seen:
            continue
        seen.add(term)
        if isinstance(term, ox.NamedNode):
            # What is said of a property itself is no part of the path.
            results |= {term.value} - {RDF + "nil"}
            continue
        waiting += [v for values in about.get(term, {}).values() for v in values]
    return results


def _has_language(text: mmap.mmap, name: str) -> bool:
    """Whether N-Triples have a text in a language as value of a property, or of any."""
    sign = f'<{name}> "'.encode() if name else b'"@'
    at = text.find(sign)
    while at >= 0:
        line = text[at : text.find(b"\n", at)]
        if line[line.rfind(b'"') :].startswith(b'"@'):
            return True
        at = text.find(sign, at + 1)
    return False

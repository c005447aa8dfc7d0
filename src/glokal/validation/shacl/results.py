"""The results of a validation report (SHACL, section 3.6), with the messages of shapes.

In comes the report that an engine gives, as N-Triples; out come results in a fixed
order, and findings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.finding import Finding, Severity
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.shape_messages import (
    fill_message,
    is_the_same_for_all,
    messages_for,
    parameters_of,
)

_TYPE = RDF + "type"
# What the results of one constraint have in common.
_REPEATED = frozenset(
    SH + name
    for name in (
        *("resultMessage", "resultPath", "resultSeverity", "sourceConstraint"),
        *("sourceConstraintComponent", "sourceShape"),
    )
)
_SEVERITY = {
    SH + "Info": Severity.INFO,
    SH + "Warning": Severity.WARNING,
    SH + "Violation": Severity.VIOLATION,
}


@dataclass(frozen=True)
class Result:
    """One result of a validation report (SHACL, section 3.6.2).

    The path is a property, or None: a compound path has no name to show. A severity of
    one's own counts as a violation, and keeps its IRI in `own_severity`.
    """

    shape: Term
    component: str
    severity: Severity
    focus: Term
    path: Term | None
    value: Term | None
    messages: tuple[tuple[str, str], ...]
    source: Term | None = None
    # It explains the verdict and is none: engines explain more or less.
    details: tuple[Result, ...] = field(default=(), compare=False)
    own_severity: str = ""


def read_results(report: str, about: ValuesBySubject) -> list[Result]:
    """Return the results of a report in N-Triples, with the messages of the shapes."""
    said: _Said = {}
    return [_with_words(result, about, said) for result in _read_report(_parse(report))]


def finding_of_result(result: Result) -> Finding:
    """Return a result of SHACL as a finding; its rule is the shape, if it is named."""
    named = isinstance(result.shape, ox.NamedNode)
    return Finding(
        "shacl",
        text_of(result.shape) if named else result.component,
        result.severity,
        dict(result.messages),
        focus=result.focus,
        path=text_of(result.path),
        value=result.value,
        shape=result.shape,
        component=result.component,
        details=tuple(map(finding_of_result, result.details)),
        source=result.source,
        own_severity=result.own_severity,
    )


# What the results of a constraint say where it is the same for all of them.
_Said = dict[tuple[Term, str, Term | None], tuple[tuple[str, str], ...]]


def _with_words(result: Result, shapes: ValuesBySubject, said: _Said) -> Result:
    """Give a result the messages of its own constraint; an engine's are in no language.

    What a query has filled in by itself is kept.
    """
    if result.details:
        inside = tuple(_with_words(detail, shapes, said) for detail in result.details)
        result = dataclasses.replace(result, details=inside)
    if result.component == SH + "SPARQLConstraintComponent" and result.messages:
        return result
    key = result.shape, result.component, result.source
    if key in said:
        return dataclasses.replace(result, messages=said[key])
    terms = messages_for(shapes, result.shape, result.component, result.source)
    bound: dict[str, Term | None] = {**parameters_of(shapes, result.shape)}
    bound |= {"this": result.focus, "value": result.value, "path": result.path}
    texts = [fill_message(m, bound) for m in terms if isinstance(m, ox.Literal)]
    words = {(text.language or "", text.value) for text in texts}
    messages = tuple(sorted(words))
    if is_the_same_for_all(terms):
        said[key] = messages
    return dataclasses.replace(result, messages=messages)


def _parse(text: str) -> Iterator[ox.Triple]:
    return (q.triple for q in ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES))


def _read_report(triples: Iterable[ox.Triple]) -> list[Result]:
    about: dict[Term, dict[str, list[Term]]] = {}
    # There may be as many results as things; their shapes, words and paths are few.
    names: dict[str, str] = {}
    shared: dict[Term, Term] = {}
    for t in triples:
        predicate, value = t.predicate.value, t.object
        if isinstance(value, ox.Triple) or predicate == _TYPE:
            continue
        predicate = names.setdefault(predicate, predicate)
        if predicate in _REPEATED:
            value = shared.setdefault(value, value)
        of = about.setdefault(_node(t.subject), {})
        of.setdefault(predicate, []).append(value)
    # The details of a result are results too; those of the report are its own.
    entries = [
        r for values in list(about.values()) for r in values.get(SH + "result", [])
    ]
    results = [_result(about[result], about) for result in entries]
    return sorted(results, key=_order)


def _order(result: Result) -> tuple[str, ...]:
    r = result
    entries = (r.shape, r.component, r.focus, r.path, r.value, r.messages, r.source)
    return tuple(map(str, entries))


def _node(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term


def _result(
    values: dict[str, list[Term]], about: Mapping[Term, dict[str, list[Term]]]
) -> Result:
    def one(name: str) -> Term | None:
        return next(iter(values.get(SH + name, [])), None)

    focus, shape, path = one("focusNode"), one("sourceShape"), one("resultPath")
    assert focus is not None and shape is not None
    messages = (m for m in values.get(SH + "resultMessage", []))
    return Result(
        shape=shape,
        component=text_of(one("sourceConstraintComponent")),
        severity=_SEVERITY.get(text_of(one("resultSeverity")), Severity.VIOLATION),
        focus=focus,
        path=path if isinstance(path, ox.NamedNode) else None,
        value=one("value"),
        messages=tuple(
            sorted(
                (m.language or "", m.value)
                for m in messages
                if isinstance(m, ox.Literal)
            )
        ),
        source=one("sourceConstraint"),
        own_severity=""
        if text_of(one("resultSeverity")) in _SEVERITY
        else text_of(one("resultSeverity")),
        details=tuple(
            _result(about[node], about)
            for node in values.get(SH + "detail", [])
            if SH + "focusNode" in about.get(node, {})
        ),
    )

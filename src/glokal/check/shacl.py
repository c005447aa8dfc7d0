"""SHACL validation (https://www.w3.org/TR/shacl/): one adapter an engine.

The engine is `shacl` (Rust); pySHACL on RDFLib is the second opinion. Both give the
same results on every fixture of the tests. An engine's failure and an empty shapes
graph are errors, never a pass.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.check.engine import pack, run_engine
from glokal.check.finding import Severity
from glokal.check.wellformed import refuse_unsupported
from glokal.errors import ToolError, UsageError
from glokal.process import ChildTimeoutError, Limits, run_child
from glokal.rdf.terms import Term, text_of
from glokal.vocabulary import OWL, RDF, RDFS, SH

_CLASSES = {RDFS + "Class", OWL + "Class"}
_SEVERITY = {
    SH + "Info": Severity.INFO,
    SH + "Warning": Severity.WARNING,
    SH + "Violation": Severity.VIOLATION,
}


@dataclass(frozen=True)
class Result:
    """One result of a validation report (SHACL, section 3.6.2).

    The path is a property, or None: a compound path has no name to show.
    """

    shape: Term
    component: str
    severity: Severity
    focus: Term
    path: Term | None
    value: Term | None
    messages: tuple[tuple[str, str], ...]


def validate(
    data: Iterable[ox.Triple],
    shapes: Iterable[ox.Triple],
    *,
    engine: str = "shacl",
    limits: Limits | None = None,
) -> list[Result]:
    """Validate a data graph against a shapes graph.

    With limits, the engine runs in a child process that may take no more. Returns
    the results in a fixed order. Raises UsageError when the shapes graph constrains
    nothing or holds what the engine can't honour, ToolError when the engine fails.
    """
    shape_list = list(shapes)
    if not has_target(shape_list):
        raise UsageError(
            "The shapes graph has no target, so it would check nothing.",
            remedy="name a file with SHACL shapes.",
        )
    refuse_unsupported(shape_list, engine)
    results = _read_report(_parse(_call(list(data), shape_list, engine, limits)))
    return [_with_words(result, shape_list) for result in results]


def has_target(shapes: Iterable[ox.Triple]) -> bool:
    """Whether a shape has a target; a class that is a shape is its own (2.1.3.3)."""
    kinds: dict[object, set[str]] = defaultdict(set)
    for t in shapes:
        if t.predicate.value.startswith(SH + "target"):
            return True
        if t.predicate.value == RDF + "type":
            kinds[t.subject].add(text_of(t.object))
    shape_kinds = {SH + "NodeShape", SH + "PropertyShape"}
    return any(k & shape_kinds and k & _CLASSES for k in kinds.values())


def _with_words(result: Result, shapes: list[ox.Triple]) -> Result:
    # pySHACL is asked without messages; it gives none, or its own in no language.
    if any(language for language, _ in result.messages):
        return result
    owners = {result.shape} | {
        t.object
        for t in shapes
        if t.subject == result.shape and t.predicate.value == SH + "sparql"
    }
    words = sorted(
        (t.object.language or "", t.object.value)
        for t in shapes
        if t.subject in owners
        and t.predicate.value == SH + "message"
        and isinstance(t.object, ox.Literal)
    )
    return dataclasses.replace(result, messages=tuple(words) or result.messages)


def _ntriples(triples: list[ox.Triple]) -> str:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode()


def _parse(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES)]


def _call(
    data: list[ox.Triple], shapes: list[ox.Triple], engine: str, limits: Limits | None
) -> str:
    given = _ntriples(data), _ntriples(shapes)
    try:
        if limits is None:
            return run_engine(engine, *given)
        return run_child("glokal.check.engine", [engine], pack(*given), limits).decode()
    except ChildTimeoutError as error:
        raise ToolError(
            f"The engine {engine} did not finish in {error}.",
            remedy="look for a regular expression or a query that is hard, or raise "
            "the limit with GLOKAL_SHACL_SECONDS.",
        ) from error
    except Exception as error:
        raise ToolError(
            f"The engine {engine} failed: {error}.",
            remedy="try the other engine with --engine.",
        ) from error


def _read_report(triples: list[ox.Triple]) -> list[Result]:
    about: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        if isinstance(t.object, ox.NamedNode | ox.BlankNode | ox.Literal):
            about[_node(t.subject)][t.predicate.value].append(t.object)
    # The details of a result are results too; those of the report are its own.
    told = [r for values in list(about.values()) for r in values.get(SH + "result", [])]
    found = [_result(about[result]) for result in told]
    return sorted(
        found, key=lambda r: (str(r.shape), r.component, str(r.focus), str(r))
    )


def _node(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term


def _result(values: dict[str, list[Term]]) -> Result:
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
    )

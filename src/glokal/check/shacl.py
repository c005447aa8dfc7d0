"""SHACL validation (https://www.w3.org/TR/shacl/): one adapter an engine.

The engine is `shacl` (Rust); pySHACL on RDFLib is the second opinion. Both give the
same results on every fixture of the tests. An engine's failure and an empty shapes
graph are errors, never a pass.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.check.finding import Severity
from glokal.errors import ToolError, UsageError
from glokal.rdf.terms import Term, text_of
from glokal.vocabulary import RDF, SH

ENGINES = ("shacl", "pyshacl")
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
    data: Iterable[ox.Triple], shapes: Iterable[ox.Triple], *, engine: str = "shacl"
) -> list[Result]:
    """Validate a data graph against a shapes graph.

    Returns the results in a fixed order. Raises UsageError when the shapes graph
    constrains nothing, ToolError when the engine fails.
    """
    shape_list = list(shapes)
    if not any(_is_target(t) for t in shape_list):
        raise UsageError(
            "The shapes graph has no target, so it would check nothing.",
            remedy="name a file with SHACL shapes.",
        )
    run = {"shacl": _run_shacl, "pyshacl": _run_pyshacl}[engine]
    results = _read_report(_parse(_call(run, list(data), shape_list, engine)))
    return [_with_words(result, shape_list) for result in results]


def _is_target(triple: ox.Triple) -> bool:
    return triple.predicate.value.startswith(SH + "target")


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


Run = Callable[[str, str], str]


def _call(run: Run, data: list[ox.Triple], shapes: list[ox.Triple], engine: str) -> str:
    try:
        return run(_ntriples(data), _ntriples(shapes))
    except Exception as error:
        raise ToolError(
            f"The engine {engine} failed: {error}.",
            remedy="try the other engine with --engine.",
        ) from error


def _run_shacl(data: str, shapes: str) -> str:
    import shacl

    compiled = shacl.Shapes.from_text(shapes, format="ntriples")
    report = compiled.validate_text(data, format="ntriples")
    return str(report.serialize("ntriples"))


def _run_pyshacl(data: str, shapes: str) -> str:
    from glokal.check import second_opinion

    return second_opinion.report(data, shapes)


def _read_report(triples: list[ox.Triple]) -> list[Result]:
    about: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        if isinstance(t.object, ox.NamedNode | ox.BlankNode | ox.Literal):
            about[_node(t.subject)][t.predicate.value].append(t.object)
    found = [
        _result(values)
        for values in about.values()
        if SH + "ValidationResult" in map(text_of, values[RDF + "type"])
    ]
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

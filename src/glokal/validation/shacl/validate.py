"""SHACL validation (https://www.w3.org/TR/shacl/): one adapter an engine.

The engine is `shacl` (Rust); pySHACL on RDFLib is the second opinion. Both give the
same results on every fixture of the tests. An engine's failure and an empty shapes
graph are errors, never a pass.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import ProcessLimits
from glokal.core.errors import UsageError
from glokal.core.files.temporary import scratch_folder
from glokal.core.namespaces import OWL, RDF, RDFS, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.finding import Finding, Severity
from glokal.validation.property_path import ValuesBySubject, read_about
from glokal.validation.shacl.engine_call import ReadyEngine, call_engine
from glokal.validation.shacl.ill_typed import as_written, ill_typed, without_them
from glokal.validation.shacl.order import language_order
from glokal.validation.shacl.shape_forms import FormRow, engine_for, met, rewritten
from glokal.validation.shacl.shape_messages import (
    fill_message,
    is_the_same_for_all,
    messages_for,
    parameters_of,
)
from glokal.validation.shacl.shapes_lint import has_constraint, refuse_unsupported

_NT = ox.RdfFormat.N_TRIPLES
_TYPE = RDF + "type"
# What the results of one constraint have in common.
_REPEATED = frozenset(
    SH + name
    for name in (
        *("resultMessage", "resultPath", "resultSeverity", "sourceConstraint"),
        *("sourceConstraintComponent", "sourceShape"),
    )
)
_CLASSES = {RDFS + "Class", OWL + "Class"}
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


def validate_graph(
    data: Iterable[ox.Triple],
    shapes: Iterable[ox.Triple],
    *,
    engine: str = "shacl",
    limits: ProcessLimits | None = None,
) -> list[Result]:
    """Validate a data graph against a shapes graph.

    With limits, the engine runs in a child process that may take no more. Returns
    the results in a fixed order. Raises UsageError when the shapes graph constrains
    nothing or holds what the engine can't honour, ToolError when the engine fails.
    """
    with scratch_folder() as folder:
        path = folder / "data.nt"
        _write(data, path)
        return validate_file(path, shapes, engine=engine, limits=limits)


def validate_file(
    data: Path,
    shapes: Iterable[ox.Triple],
    *,
    engine: str = "shacl",
    limits: ProcessLimits | None = None,
) -> list[Result]:
    """Validate a data graph that stands in an N-Triples file, as `validate_graph`
    does.
    """
    return run_prepared(
        prepare_shapes(data, shapes, engine=engine), data, limits=limits
    )[0]


@dataclass(frozen=True)
class Prepared:
    """A shapes graph as engines get it, and the engine that does right what it holds.

    `rows` are those that it meets of the table in
    `glokal.validation.shacl.shape_forms`; `ill_typed` are literals of the data that
    engines would let pass, see `glokal.validation.shacl.ill_typed`.
    """

    shapes: tuple[ox.Triple, ...]
    about: ValuesBySubject
    engine: str
    rows: tuple[FormRow, ...]
    ill_typed: frozenset[ox.Literal] = frozenset()


def prepare_shapes(data: Path, shapes: Iterable[ox.Triple], *, engine: str) -> Prepared:
    """Return a shapes graph made ready for some data; UsageError as
    `validate_graph`.
    """
    shape_list = rewritten(shapes)
    if not has_target(shape_list):
        raise UsageError(
            "The shapes graph has no target, so it would check nothing.",
            remedy="name a file with SHACL shapes.",
        )
    refuse_unsupported(shape_list)
    # A constraint that is deactivated was one all the same.
    if not has_constraint(shape_list) and not _deactivated(shape_list):
        raise UsageError(
            "The shapes graph asks for nothing, so it would check nothing.",
            remedy="give a shape a constraint, such as sh:property.",
        )
    about = read_about(shape_list)
    ordered = language_order(about, data)
    if ordered is not None:
        raise UsageError(
            "The shapes hold values in a language against a text limit, sh:lessThan or "
            f"sh:lessThanOrEquals{f' (of {ordered})' if ordered else ''}; such values "
            "have no order, and no engine says so.",
            remedy="ask for a plain text with sh:datatype xsd:string instead, or take "
            "the limit away.",
        )
    rows = tuple(met(about, data))
    judge = engine_for(engine, rows)
    wrong = ill_typed(about, data, judge)
    return Prepared(tuple(shape_list), about, judge, rows, wrong)


def run_prepared(
    prepared: Prepared,
    data: Path,
    *,
    limits: ProcessLimits | None,
    engine: str = "",
    ready: ReadyEngine | None = None,
) -> tuple[list[Result], str]:
    """Return what an engine finds, and the engine: the right one unless one is named.

    A process that is `ready` is asked instead of a new one. Raises ToolError when the
    engine fails.
    """
    with scratch_folder() as folder:
        path = folder / "shapes.nt"
        _write(without_them(prepared.shapes, prepared.ill_typed), path)
        if prepared.ill_typed:
            given = (q.triple for q in ox.parse(path=data, format=_NT))
            data = folder / "data.nt"
            _write(without_them(given, prepared.ill_typed), data)
        asked = engine or prepared.engine
        details = as_written(call_engine(asked, data, path, limits, ready))
    used = details.partition("\n")[0].rpartition(" ")[2]
    return read_results(details, prepared.about), used


def read_results(report: str, about: ValuesBySubject) -> list[Result]:
    """Return the results of a report in N-Triples, with the messages of the shapes."""
    said: _Said = {}
    return [_with_words(result, about, said) for result in _read_report(_parse(report))]


def _deactivated(shapes: Iterable[ox.Triple]) -> bool:
    return any(t.predicate.value == SH + "deactivated" for t in shapes)


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


def has_target(shapes: Iterable[ox.Triple]) -> bool:
    """Whether a shape has a target; a class that is a shape is its own (2.1.3.3)."""
    kinds: dict[object, set[str]] = defaultdict(set)
    for t in shapes:
        if t.predicate.value.startswith(SH + "target"):
            return True
        if t.predicate.value == _TYPE:
            kinds[t.subject].add(text_of(t.object))
    shape_kinds = {SH + "NodeShape", SH + "PropertyShape"}
    return any(k & shape_kinds and k & _CLASSES for k in kinds.values())


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


def _write(triples: Iterable[ox.Triple], path: Path) -> None:
    ox.serialize(triples, str(path), format=ox.RdfFormat.N_TRIPLES)


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

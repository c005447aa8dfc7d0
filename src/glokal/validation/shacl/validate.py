"""SHACL validation (https://www.w3.org/TR/shacl/): one adapter an engine.

The engine is `shacl` (Rust); pySHACL on RDFLib is the second opinion. Both give the
same results on every fixture of the tests. An engine's failure and an empty shapes
graph are errors, never a pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import ProcessLimits
from glokal.core.errors import UsageError
from glokal.core.files.temporary import scratch_folder
from glokal.core.namespaces import OWL, RDF, RDFS, SH
from glokal.rdf.terms import text_of
from glokal.validation.property_path import ValuesBySubject, read_about
from glokal.validation.shacl.engine_call import ReadyEngine, call_engine
from glokal.validation.shacl.ill_typed import as_written, ill_typed, without_them
from glokal.validation.shacl.order import language_order
from glokal.validation.shacl.results import Result, read_results
from glokal.validation.shacl.shape_forms import FormRow, engine_for, met, rewritten
from glokal.validation.shacl.shapes_lint import has_constraint, refuse_unsupported

_NT = ox.RdfFormat.N_TRIPLES
_CLASSES = {RDFS + "Class", OWL + "Class"}


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


def _deactivated(shapes: Iterable[ox.Triple]) -> bool:
    return any(t.predicate.value == SH + "deactivated" for t in shapes)


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


def _write(triples: Iterable[ox.Triple], path: Path) -> None:
    ox.serialize(triples, str(path), format=ox.RdfFormat.N_TRIPLES)

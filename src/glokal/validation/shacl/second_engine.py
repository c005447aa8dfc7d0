"""A second engine judges small data too; where the two differ, nothing is a pass.

Data of up to GLOKAL_SECOND_ENGINE_TRIPLES triples (2,000 unless set, 0 for none) are
given to both engines at once. A form of shapes or a kind of result on which the second
is known to be wrong is not held against the first; see `shape_forms.toml`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from glokal.core.child_process import ProcessLimits, number_setting
from glokal.core.errors import MachineError, ToolError
from glokal.core.namespaces import SH
from glokal.rdf.terms import text_of
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.engine_call import ReadyEngine
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.ill_typed import is_ill_typed
from glokal.validation.shacl.order import OrderArbiter
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import Prepared, prepare_shapes, run_prepared

MOST_TRIPLES = 2_000
_VARIABLE = "GLOKAL_SECOND_ENGINE_TRIPLES"
# A pattern that one engine takes long for is no reason to wait.
_SECONDS = 30.0
_SUFFIX = "ConstraintComponent"
_LENGTHS = ("MinLength", "MaxLength", "Pattern")
_SHOWN = 3
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Judged:
    """The results of the first engine, the engines that judged, and why only one.

    `unjudged` is "" when two did; else "size", "failed" or "form" with more. `settled`
    is the number of results on which the two differ and the second is wrong.
    """

    results: list[Result]
    engines: tuple[str, ...]
    unjudged: str = ""
    settled: int = 0

    def told(self) -> dict[str, Any]:
        """Return what a report says of it, as fields of a `Report`."""
        return {
            "engines": self.engines,
            "unjudged": self.unjudged,
            "settled": self.settled,
        }


def validate_judged(
    data: Path,
    shapes: Iterable[ox.Triple],
    *,
    engine: str,
    triples: int,
    limits: ProcessLimits,
    ready: ReadyEngine | None = None,
) -> Judged:
    """Validate a file of N-Triples as `validate_file` does, by two engines if small.

    A process that is `ready` is that of the first. Raises ToolError with what each
    says when they differ.
    """
    prepared = prepare_shapes(data, shapes, engine=engine)
    most = most_triples()
    first = prepared.engine
    (other,) = (name for name in ENGINES if name != first)
    wrong = [r for r in prepared.rows if other in r.wrong and r.right in ENGINES]
    if triples > most or wrong:
        results, used = run_prepared(prepared, data, limits=limits, ready=ready)
        why = f"form {wrong[0].form}" if wrong else f"size {most}"
        return Judged(results, (used,), why)
    briefly = dataclasses.replace(limits, seconds=min(limits.seconds, _SECONDS))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            run_prepared, prepared, data, limits=briefly, engine=other
        )
        results, used = run_prepared(prepared, data, limits=limits, ready=ready)
        second = _result_of(waiting)
    if second is None or second[1] == used:
        return Judged(results, (used,), "failed")
    arbiter = OrderArbiter(data, prepared.about)
    settled = _compare(prepared, (used, results), (second[1], second[0]), arbiter)
    return Judged(results, (used, second[1]), settled=settled)


def most_triples() -> int:
    """Return of how many triples two engines judge; UsageError if the setting is wrong.

    It is 0 where one is to judge alone.
    """
    # None is no limit elsewhere, and has a meaning here.
    alone = os.environ.get(_VARIABLE) == "0"
    return 0 if alone else int(number_setting(_VARIABLE, MOST_TRIPLES))


def _result_of(
    waiting: Future[tuple[list[Result], str]],
) -> tuple[list[Result], str] | None:
    try:
        return waiting.result()
    except (ToolError, MachineError):
        # The first engine did judge; that the second did not is told.
        return None


def _compare(
    prepared: Prepared,
    first: tuple[str, list[Result]],
    second: tuple[str, list[Result]],
    arbiter: OrderArbiter,
) -> int:
    """Return on how many results the second is known to be wrong; see `Judged`."""
    shown = {_key(r): r for _, results in (first, second) for r in results}
    ours, theirs = ({_key(r) for r in results} for _, results in (first, second))
    entries: list[str] = []
    settled = 0
    for name, only in ((first[0], ours - theirs), (second[0], theirs - ours)):
        # What only the first finds is held against it unless SPARQL confirms it, what
        # only the second finds unless SPARQL denies it.
        confirmed = name == first[0]
        matches = [
            shown[k]
            for k in only
            if not _unheard(shown[k], prepared.about)
            and _is_violation(shown[k], arbiter) is not confirmed
        ]
        settled += len(only) - len(matches)
        for r in sorted(matches, key=str)[:_SHOWN]:
            value = f" for {r.value}" if r.value is not None else ""
            part = r.component.removeprefix(SH)
            entries.append(f"only {name} finds {part} at {r.focus}{value}")
    if entries:
        raise ToolError(
            f"The engines {first[0]} and {second[0]} differ: {'; '.join(entries)}.",
            remedy="see which is right by the specification, say it in the shapes in "
            f"a way that both understand, or set {_VARIABLE}=0 to hear one alone.",
        )
    return settled


def _is_violation(result: Result, arbiter: OrderArbiter) -> bool | None:
    return arbiter.is_violation(
        result.shape, result.component, result.focus, result.value
    )


def _key(result: Result) -> _Key:
    value = str(result.value)
    if not result.component.startswith(SH):
        # pySHACL leaves out the value where a component of one's own asks by ASK.
        value = ""
    return str(result.shape), result.component, str(result.focus), value


def _unheard(result: Result, about: ValuesBySubject) -> bool:
    """Whether pySHACL is known to be wrong on such a result; see decision 24."""
    kind = result.component.removeprefix(SH).removesuffix(_SUFFIX)
    if kind in _LENGTHS:
        return isinstance(result.value, ox.BlankNode)
    if kind == "Datatype" and isinstance(result.value, ox.Literal):
        # Ill-typed literals are told apart before any engine is asked.
        details = about.get(result.shape, {})
        wanted = text_of(next(iter(details.get(SH + "datatype", ())), None))
        is_it = result.value.datatype.value == wanted
        return is_it and not is_ill_typed(result.value)
    return False

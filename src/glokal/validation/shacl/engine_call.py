"""An engine asked: in this process, in a child, or in one that is ready already."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from glokal.core.child_process import (
    ChildTimeoutError,
    ProcessLimits,
    ReadyChild,
    number_setting,
    run_child,
)
from glokal.core.errors import MachineError, ToolError
from glokal.core.os_errors import errno_of, machine_error
from glokal.validation.shacl.engine_process import run_engine

# Characters of what an engine says; some list all that they would have accepted.
_LONGEST = 200
_MODULE = "glokal.validation.shacl.engine_process"


def engine_limits() -> ProcessLimits:
    """Return what an engine may use, by the environment; UsageError if it is wrong."""
    return ProcessLimits(
        number_setting("GLOKAL_SHACL_SECONDS", 600),
        int(number_setting("GLOKAL_SHACL_MEGABYTES", 4096)),
    )


@dataclass
class ReadyEngine:
    """A process for one call of an engine, and what is done here while it works."""

    child: ReadyChild
    meanwhile: Callable[[], object] = lambda: None


@contextmanager
def ready_engine(limits: ProcessLimits) -> Iterator[ReadyEngine | None]:
    """Start a process for an engine, so that it is there once the data are read.

    None where it can't be started: whoever asks then starts one and is told why.
    """
    try:
        child = ReadyChild(_MODULE, (), limits)
    except (OSError, MachineError):
        yield None
        return
    with child:
        yield ReadyEngine(child)


def call_engine(
    engine: str,
    data: Path,
    shapes: Path,
    limits: ProcessLimits | None,
    ready: ReadyEngine | None = None,
) -> str:
    """Return the report of an engine on two files, as `run_engine` writes it.

    Without limits the engine runs here. Raises ToolError when it fails, MachineError
    when the machine lets it go no further, and what is raised meanwhile.
    """
    failed: list[Exception] = []
    try:
        if limits is None:
            return run_engine(engine, data, shapes)
        work = json.dumps([engine, str(data), str(shapes)]).encode()
        if ready is None:
            return run_child(_MODULE, (), work, limits).decode()
        answer = ready.child.answer(work, partial(_guarded, ready, failed)).decode()
    except ChildTimeoutError as error:
        raise ToolError(
            f"The engine {engine} did not finish in {error}.",
            remedy="look for a regular expression or a query that is hard, or raise "
            "the limit with GLOKAL_SHACL_SECONDS.",
        ) from error
    except Exception as error:
        known = error if isinstance(error, OSError) else OSError(str(error))
        if number := errno_of(known):
            refused = OSError(number, os.strerror(number))
            raise machine_error(refused, f"The engine {engine} can't go on") from error
        details = " ".join(str(error).split()).rstrip(".")
        raise ToolError(
            f"The engine {engine} failed: {details[:_LONGEST]}.",
            remedy="fix the shape or the query that it names, or try the other "
            "engine with --engine.",
        ) from error
    if failed:
        raise failed[0]
    return answer


def _guarded(ready: ReadyEngine, failed: list[Exception]) -> None:
    """Do what is to be done meanwhile; what it raises is no failure of the engine."""
    try:
        ready.meanwhile()
    except Exception as error:
        failed.append(error)

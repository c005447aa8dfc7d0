"""Runs tests in forked processes, so that the libraries are read in once.

`python fork_server.py` in a copy of the project. Each line of the standard input is an
order in JSON, each line of the standard output its answer:

- `{"tests": […], "seconds": N, "log": PATH, "temp": PATH}` runs tests in a process of
  their own; `{"code": N, "took": N}` is what pytest ends with, code null at the time.
  With `"modules": PATH` the names of all modules that were read go into that file.
- `{"import": […]}` reads modules in; `{"code": 0}`.

It must not import anything of the project by itself: what is broken is read anew.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

# A fault may make a list without an end.
MOST_BYTES = 6 << 30


def serve() -> None:
    """Answer orders until the input ends."""
    # Ended in the midst of a run, it ends that first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        if "import" in order:
            for name in order["import"]:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
            # What was read stays where it is, in memory that is shared.
            gc.freeze()
            answer: dict[str, Any] = {"code": 0}
        else:
            answer = _run(order)
        print(json.dumps(answer), file=out, flush=True)


def _run(order: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    child = os.fork()
    if not child:
        _test(order)
    # Whatever the tests have started goes with them.
    with contextlib.suppress(OSError):
        os.setpgid(child, child)
    status = None
    try:
        while status is None and time.monotonic() - began < order["seconds"]:
            done, ended = os.waitpid(child, os.WNOHANG)
            if done:
                status = ended
            else:
                time.sleep(0.01)
    finally:
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
        if status is None:
            os.waitpid(child, 0)
    code = None if status is None else os.waitstatus_to_exitcode(status)
    return {"code": code, "took": time.monotonic() - began}


def _pytest(more: list[str]) -> int:
    import hypothesis
    import pytest

    # That an example fails is enough here, the smallest is not sought.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("mutants")
    # Fixtures that build and reason are out of place, and the plugins take as long to
    # find as most tests to run.
    return int(
        pytest.main([
            "--noconftest", "-x", "-q", "-p", "no:cacheprovider",
            "-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin",
            "-Wignore::pytest.PytestAssertRewriteWarning", *more,
        ])
    )  # fmt: skip


def _test(order: dict[str, Any]) -> None:
    """Run pytest and end this process with its code."""
    code = 3
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        # What is compiled of the copy by the first run serves all others.
        sys.dont_write_bytecode = "modules" not in order
        code = _pytest([f"--basetemp={order['temp']}", *order["tests"]])
        if "modules" in order:
            read = {n: getattr(m, "__file__", None) for n, m in sys.modules.items()}
            Path(order["modules"]).write_text(json.dumps(read), encoding="utf-8")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve()

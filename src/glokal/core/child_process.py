"""Child processes with limits: what may hang or eat memory runs in one.

A child ends with its parent, at its time limit, and at its memory limit. It imports
nothing from the working folder and gets a clean environment.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from glokal.core.environment import clean_environment
from glokal.core.errors import UsageError
from glokal.core.files.temporary import scratch_folder

# Seconds for reading an answer that is there.
_TO_READ = 5.0
# The system takes no limits of any size (setrlimit(2), poll(2)).
_MOST = 1e9


@dataclass(frozen=True)
class ProcessLimits:
    """How long a child may run (seconds) and how much it may hold (megabytes)."""

    seconds: float
    megabytes: int = 0


def number_setting(variable: str, default: float) -> float:
    """Return a limit from the environment.

    Raises UsageError when it is no number above 0 and up to a thousand million.
    """
    written = os.environ.get(variable)
    if written is None:
        return default
    try:
        result = float(written)
    except ValueError:
        result = 0
    if not 0 < result <= _MOST:
        raise UsageError(
            f"{variable} is {written!r}, which is no limit.",
            remedy=f"set it to a number such as {default:g}, or unset it.",
        )
    return result


class ChildTimeoutError(Exception):
    """The child was stopped at its time limit."""


class ChildFailedError(Exception):
    """The child failed; the text is the last line it said, or how it ended."""


def python_command(module: str, args: Sequence[str]) -> list[str]:
    """Return the command that starts `python -m module args`.

    Nothing is imported from the working folder (`-P`), and texts are UTF-8 in whatever
    language. It is run in `clean_environment`.
    """
    return [sys.executable, "-P", "-X", "utf8", "-m", module, *args]


def run_child(
    module: str, args: Sequence[str], data: bytes, limits: ProcessLimits
) -> bytes:
    """Run `python -m module args` on `data` and return what it answers.

    As `ReadyChild`, which is started and asked at once.
    """
    with ReadyChild(module, args, limits) as child:
        return child.answer(data)


class ReadyChild:
    """A child that is started before its work is known, which it reads from its input.

    It runs `python -m module MEGABYTES args`, and calls `end_with_parent` first. Its
    working folder is an empty one, which also takes its temporary files; paths that it
    is told are absolute. Nothing of it is left behind the `with`. Raises MachineError
    when it can't be started.
    """

    def __init__(self, module: str, args: Sequence[str], limits: ProcessLimits) -> None:
        self._seconds = limits.seconds
        command = python_command(module, [str(limits.megabytes), *args])
        environment = clean_environment()
        with ExitStack() as stack:
            folder = stack.enter_context(scratch_folder())
            environment["TMPDIR"] = str(folder)
            self._child = stack.enter_context(
                subprocess.Popen(  # noqa: S603
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            )
            stack.callback(self._end)
            self._stack = stack.pop_all()

    def __enter__(self) -> ReadyChild:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _end(self) -> None:
        # A child may have children; the group has them all.
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)

    def answer(
        self, data: bytes, meanwhile: Callable[[], object] = lambda: None
    ) -> bytes:
        """Tell the child its work, and return what it answers to it; once only.

        `meanwhile` is done while the child works, when `data` fits in a pipe. Raises
        ChildTimeoutError and ChildFailedError.
        """
        begun = time.monotonic()
        child = self._child
        if len(data) <= select.PIPE_BUF:
            self._write(data)
            data = b""
            meanwhile()
        # What was done here meanwhile may have taken all the time that the child had.
        spent = time.monotonic() - begun
        left = max(self._seconds - spent, min(_TO_READ, spent))
        try:
            answer, errors = child.communicate(data or None, timeout=left)
        except subprocess.TimeoutExpired as error:
            raise ChildTimeoutError(f"{self._seconds:g} seconds") from error
        finally:
            self._end()
        if child.returncode < 0:
            name = signal.Signals(-child.returncode).name
            raise ChildFailedError(f"it was ended by {name}")
        if child.returncode:
            lines = errors.decode(errors="replace").strip().splitlines()
            raise ChildFailedError(lines[-1] if lines else "it gave no reason")
        return answer

    def _write(self, data: bytes) -> None:
        assert self._child.stdin is not None
        # A child that is gone says why when its answer is read.
        with suppress(BrokenPipeError):
            self._child.stdin.write(data)
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        # Else `communicate` would flush what is closed.
        self._child.stdin = None


def end_with_parent(megabytes: int) -> None:
    """Be a child: hold no more than that, and end when the parent does."""
    if megabytes:
        # No child may hold more than what its parent was allowed (ulimit -v).
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        size = megabytes << 20
        if most != resource.RLIM_INFINITY:
            size = min(size, most)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    watch = threading.Thread(target=_watch, args=(os.getppid(),), daemon=True)
    watch.start()


def is_running(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os.killpg(0, signal.SIGKILL)

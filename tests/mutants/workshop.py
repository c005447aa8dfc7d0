"""A copy of the project in which one module is broken and its tests are run."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
# A fault may make an endless loop: so many times what the tests take without a fault,
# and no less than so many seconds, since the machine may have other work.
MOST_TIMES, LEAST_SECONDS = 5, 20.0
_LEAVE = shutil.ignore_patterns(
    ".venv", ".git", ".cache", "node_modules", "public", "dist", "site-docs",
    ".mypy_cache", ".ruff_cache", "__pycache__", "mutants", "web",
)  # fmt: skip


class NotTestedError(Exception):
    """The tests of a module can't tell anything, with why."""


def copy_project(places: Sequence[Path]) -> Path:
    """Make a copy of the project in each folder, all alike; return the first."""
    first, *others = [place / "glokal" for place in places]
    shutil.copytree(ROOT, first, ignore=_LEAVE, symlinks=True)
    for copy in others:
        shutil.copytree(first, copy, symlinks=True)
    return first


class Workshop:
    """The copy in a folder, and one process that runs the tests of one module in it.

    Raises NotTestedError when the tests fail as it is, or don't read what is broken.
    """

    def __init__(self, folder: Path, files: Collection[str], tests: list[str]) -> None:
        self.copy = folder / "glokal"
        self._folder, self._tests = folder, tests
        self._seconds = 600.0
        path = f"{self.copy / 'src'}:{self.copy}"
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "fork_server.py")],
            cwd=self.copy,
            env={
                **_environment(),
                "PYTHONPATH": path,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            self.took = self._begin(files)
        except BaseException:
            self.close()
            raise
        self._seconds = max(LEAST_SECONDS, MOST_TIMES * self.took)

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the copy stays for the next module."""
        self.stop()
        for pipe in (self._server.stdin, self._server.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def stop(self) -> None:
        """End the process, whoever waits for its answer."""
        self._server.terminate()
        self._server.wait()

    def verdict(self, file: str, text: str) -> str:
        """Return what the tests make of a file with a fault: how it was killed."""
        path = self.copy / "src" / file
        whole, known = path.read_text(encoding="utf-8"), path.stat().st_mtime
        try:
            path.write_text(text, encoding="utf-8")
            # What was compiled is known by second and size (PEP 552), and a fault may
            # be as long as what it stands for.
            os.utime(path, (known + 2, known + 2))
            code = self._test()["code"]
        finally:
            path.write_text(whole, encoding="utf-8")
            os.utime(path, (known, known))
        if code is None:
            return "time"
        return "survived" if code == 0 else "killed"

    def _begin(self, files: Collection[str]) -> float:
        """Run the tests without a fault; return the seconds that they take forked."""
        read = self._folder / "modules.json"
        if self._test(modules=str(read))["code"] != 0:
            raise NotTestedError(f"its tests fail without a fault:\n{self._said()}")
        modules: dict[str, str | None] = json.loads(read.read_text(encoding="utf-8"))
        sources = self.copy / "src"
        for file in files:
            if modules.get(_name(file)) != str(sources / file):
                raise NotTestedError(f"its tests don't read {file}")
        anew = _using({_name(file) for file in files}, sources)
        self._ask({"import": [m for m in modules if _is_stable(m, anew)]})
        for _ in range(2):
            answer = self._test()
            if answer["code"] != 0:
                raise NotTestedError(f"its tests fail when forked:\n{self._said()}")
        return float(answer["took"])

    def _test(self, **more: str) -> dict[str, Any]:
        return self._ask({
            "tests": self._tests, "seconds": self._seconds,
            "log": str(self._folder / "log"), "temp": str(self._folder / "temp"),
            **more,
        })  # fmt: skip

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        asked, answered = self._server.stdin, self._server.stdout
        assert asked is not None and answered is not None
        line = ""
        with contextlib.suppress(BrokenPipeError):
            asked.write(json.dumps(order) + "\n")
            asked.flush()
            line = answered.readline()
        if not line:
            raise NotTestedError("the process that runs its tests has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _said(self) -> str:
        text = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-15:])


def _environment() -> dict[str, str]:
    without = ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE", "PYTEST_XDIST_WORKER")
    return {k: v for k, v in os.environ.items() if k not in without}


def _name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_stable(module: str, anew: Collection[str]) -> bool:
    """Whether a module may be read before the fault is made."""
    # Pytest changes how the modules of tests and of its plugins are read.
    first = module.partition(".")[0]
    return module not in anew and first not in ("__main__", "tests", "conftest")


def _using(broken: Iterable[str], sources: Path) -> set[str]:
    """Return the modules of the project that import what is broken, however far."""
    users: dict[str, set[str]] = defaultdict(set)
    for path in sources.rglob("*.py"):
        own = _name(path.relative_to(sources).as_posix())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                # Whoever imports a module imports the packages that it is in.
                parts = name.split(".")
                for size in range(1, len(parts) + 1):
                    users[".".join(parts[:size])].add(own)
        # And a package that is read anew has all below it read anew.
        parts = own.split(".")
        for size in range(1, len(parts)):
            users[".".join(parts[:size])].add(own)
    found, ahead = set(broken), list(broken)
    while ahead:
        for user in users[ahead.pop()] - found:
            found.add(user)
            ahead.append(user)
    return found

"""Walk through Glokal as it is installed from its wheel, in an empty environment.

    python3.12 tests/wheel_walk.py dist/glokal-*.whl core
    python3.12 tests/wheel_walk.py dist/glokal-*.whl all

pip installs it as it would for anyone, so this needs a package index and is no part of
`make test`; `make test-wheel` and the workflow of the code host run it. It uses the
standard library only, since the Python that runs it is the one that is tried.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# A report of a check in each of them must say that a step was left out.
FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "html")
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ;
  sh:property <http://e/P> .
<http://e/P> sh:path <http://e/q> ; sh:minCount 1 .
"""
# Seconds; a build of the small region takes one minute on a slow machine.
PATIENCE = 600
# The variables that would let the environment see more than what is installed in it.
KEPT = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}


class Walk:
    """An environment with the wheel, and what was tried in it."""

    def __init__(self, home: Path, wheel: Path, extra: str) -> None:
        self.place = home / "place"
        self.place.mkdir()
        self.tools = home / "env" / "bin"
        venv.create(home / "env", with_pip=True)
        empty = _megabytes(home / "env")
        asked = f"{wheel}[{extra}]" if extra else str(wheel)
        self._call(str(self.tools / "pip"), "install", "-q", asked)
        print(f"     {_megabytes(home / 'env') - empty:.0f} MB in the environment")

    def run(self, line: str, code: int = 0, folder: str = "") -> str:
        """Run a command; its exit code must be `code`. Return all that it said."""
        words = [str(self.tools / "glokal"), *line.split()]
        said = self._call(*words, code=code, cwd=self.place / folder)
        print(f"yes  glokal {line}", flush=True)
        return said

    def _call(self, *words: str, code: int = 0, cwd: Path | None = None) -> str:
        ran = subprocess.run(
            words, cwd=cwd or self.place, env=KEPT, text=True, timeout=PATIENCE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if ran.returncode != code or "Traceback" in ran.stdout:
            sys.exit(f"no   {' '.join(words)}: {ran.returncode}\n{ran.stdout[-3000:]}")
        return ran.stdout

    @contextmanager
    def served(self, line: str, folder: str = "") -> Iterator[str]:
        """Start a server; yield its address, and end it as Ctrl-C does."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = [str(self.tools / "glokal"), *line.split(), "--port", str(port)]
        log = self.place / "served.log"
        with log.open("w") as file:
            server = subprocess.Popen(
                words, cwd=self.place / folder, env=KEPT, stdout=file, stderr=file
            )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/", server)
            yield address
            server.send_signal(signal.SIGINT)
            code = server.wait(60)
        finally:
            server.kill()
        _must(code in (0, 130) and "Traceback" not in log.read_text(), log.read_text())
        print(f"yes  glokal {line}", flush=True)


def core(walk: Walk) -> None:
    """Validate, format, compare and ask; say what is left out."""
    walk.run("init region --example")
    told = walk.run("--version")
    _must("owlready2 not installed" in told and "pyoxigraph" in told, told)
    (walk.place / "s.ttl").write_text(SHAPES)
    (walk.place / "d.ttl").write_text("\n<http://e/a> <http://e/p> 1 .\n")
    told = walk.run("validate --shapes s.ttl --data d.ttl --lang en", code=1)
    _must("d.ttl:2:1:" in told, told)
    walk.run("validate --shapes s.ttl --data d.ttl --engine pyshacl", code=1)
    walk.run("fmt --check", folder="region")
    rows = walk.run("query municipalities-in-programme --format csv", folder="region")
    _must("Nes" in rows and "Vik" in rows, rows)
    (walk.place / "count.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    walk.run("sparql --file ../count.rq", folder="region")
    shutil.copytree(walk.place / "region", walk.place / "other")
    file = walk.place / "other/data/strategy/fjordland.ttl"
    file.write_text(file.read_text().replace('"Pen friends"@en', '"Letters"@en'))
    _must("Letters" in walk.run("diff ../other", code=1, folder="region"), "diff")
    reports = " ".join(f"--report {fmt}=check.{fmt}" for fmt in FORMATS)
    walk.run(f"check --lang en {reports}", folder="region")
    for fmt in FORMATS:
        text = (walk.place / "region" / f"check.{fmt}").read_text()
        _must("glokal[reason]" in text or '"owl": "reason"' in text, f"{fmt}: {text}")
    for line in ("build", "serve", "mcp", "sheet export r.xlsx", "check --only owl"):
        _must('pip install "glokal[' in walk.run(line, code=2, folder="region"), line)


def everything(walk: Walk) -> None:
    """Begin a project, build, serve, and take a workbook there and back."""
    _must("not installed" not in walk.run("--version"), "an engine is missing")
    walk.run("init region --example")
    walk.run("check", folder="region")
    walk.run("build", folder="region")
    with walk.served("serve", "region") as address:
        asked = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203"
        _must(len(json.loads(_get(address + asked))["results"]["bindings"]) == 3, asked)
        _must("Fjordland" in _get(f"{address}/"), "the start page")
        rows = _get(f"{address}/api/queries/municipalities-in-programme?format=csv")
        _must("Nes" in rows, rows)
    walk.run("sheet export r.xlsx", folder="region")
    walk.run("sheet import r.xlsx --yes", folder="region")
    walk.run("check", folder="region")
    walk.run("sheet export folder", folder="region")
    with walk.served("demo") as address:
        _must("Fjordland" in _get(f"{address}/"), "the demo's start page")
    (walk.place / "s.ttl").write_text(SHAPES)
    (walk.place / "d.ttl").write_text("\n<http://e/a> <http://e/p> 1 .\n")
    walk.run("validate --shapes s.ttl --data d.ttl", code=1)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            _get(address)
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"no   nothing answers at {address}")


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def _megabytes(folder: Path) -> float:
    """Return what the files of a folder take, without what Python compiled."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return sum(file.lstat().st_size for file in files) / 1e6


def _must(true: bool, what: str) -> None:
    if not true:
        sys.exit(f"no   {what[-3000:]}")


WALKS: dict[str, tuple[str, Callable[[Walk], None]]] = {
    "core": ("", core),
    "all": ("all", everything),
}


def main() -> None:
    """Walk one way; the exit code is 1 at the first step that goes wrong."""
    if len(sys.argv) != 3 or sys.argv[2] not in WALKS:
        sys.exit(re.sub(r"^\n", "", __doc__ or ""))
    wheel = Path(sys.argv[1]).resolve()
    extra, walk = WALKS[sys.argv[2]]
    print(f"{sys.argv[2]}, with Python {sys.version.split()[0]}", flush=True)
    with tempfile.TemporaryDirectory(prefix="glokal-walk-") as home:
        walk(Walk(Path(home), wheel, extra))


if __name__ == "__main__":
    main()

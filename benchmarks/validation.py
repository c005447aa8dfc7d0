"""Measure validation of a national register, beside pySHACL: `make bench-validate`.

Each run is a process of its own, which reads, validates, finds the places and writes
the report. The peer is pySHACL's own command on the same files, which finds no places.
Memory is that of the process and its children together, looked at twenty times a
second. What is found must be what was planted, with its line.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.national import Fault, write_register

SHAPES = Path(__file__).with_name("national.shapes.ttl")
SHARE = 0.005
SIZES = (10_000, 100_000, 1_000_000)
# The peer finds no places, so it is compared with and without that work.
SAME_WORK = ("start", "read", "validate")
RATIOS = ("slower in all", "slower at the same work")
PEER_UP_TO = 100_000
PHASES = ("start", "read", "validate", "locate", "report")


@dataclass(frozen=True)
class Run:
    """What a run took: seconds by phase, and its peak memory in megabytes."""

    seconds: dict[str, float]
    megabytes: float
    found: set[Fault]

    @property
    def total(self) -> float:
        """All phases together, in seconds."""
        return sum(self.seconds.values())


def measure_peer(data: Path) -> tuple[float, float, int]:
    """Return what pySHACL's command takes, in seconds and megabytes, and its count."""
    started = time.time()
    program = Path(sys.executable).with_name("pyshacl")
    with subprocess.Popen(
        [program, "-s", SHAPES, "-sf", "turtle", "-df", "turtle", data],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        memory = _Memory(child.pid)
        assert child.stdout is not None
        told = child.stdout.read()
    seconds = time.time() - started
    count = re.search(r"Results \((\d+)\)", told)
    return seconds, memory.stop(), int(count[1]) if count else 0


def measure(data: Path) -> Run:
    """Validate a register in a process of its own."""
    started = time.time()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.validation", "one", str(data)],
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        memory = _Memory(child.pid)
        assert child.stdout is not None
        told = json.loads(child.stdout.read())
    marks = [started, *(told["marks"][phase] for phase in PHASES)]
    seconds = {
        phase: after - before
        for phase, before, after in zip(PHASES, marks, marks[1:], strict=False)
    }
    found = {Fault(*row) for row in told["found"]}
    return Run(seconds, memory.stop(), found)


class _Memory:
    """The peak of what a process and its children hold."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self._peak = max(self._peak, sum(map(_resident, _family(self._pid))))

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._peak / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((x for x in status.splitlines() if x.startswith("VmRSS")), "0 0")
    return int(line.split()[1])


def one(data: Path) -> None:
    """Validate once; write when each phase ended, and what was found, as JSON."""
    from glokal.check import reports
    from glokal.check.any_files import validate_files

    marks = {"start": time.time()}

    def progress(step: str) -> None:
        # A step begins where the one before it ended.
        ended = {"validate": "read", "locate": "validate"}.get(step.split()[0])
        if ended:
            marks[ended] = time.time()

    found = validate_files(
        [SHAPES], [data], engine="shacl", lang="en", progress=progress
    )
    marks["locate"] = time.time()
    text = reports.render(found, "json", "en")
    marks["report"] = time.time()
    rows = [(f["rule"], f["focus"], f["line"]) for f in json.loads(text)["findings"]]
    print(json.dumps({"marks": marks, "found": rows}))


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure all sizes and print a table in Markdown."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    head = ("triples", "faults", "engine", *PHASES, "total", "memory", *RATIOS)
    print(f"\n| {' | '.join(head)} |\n|---:|---:|---|{'---:|' * (len(head) - 3)}")
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            data = Path(folder) / f"{size}.ttl"
            planted = write_register(data, size, share=SHARE, seed=2023)
            run = measure(data)
            times = [f"{run.seconds[phase]:.2f} s" for phase in PHASES]
            ends = [f"{run.total:.1f} s", f"{run.megabytes:.0f} MB", "", ""]
            _row(f"{size:,}", f"{len(planted):,}", "glokal", *times, *ends)
            if run.found != planted:
                wrong = True
                missed, extra = planted - run.found, run.found - planted
                print(f"missed {list(missed)[:3]}, added {list(extra)[:3]}")
            if size <= PEER_UP_TO:
                seconds, megabytes, count = measure_peer(data)
                like = sum(run.seconds[phase] for phase in SAME_WORK)
                ratios = [f"{seconds / run.total:.0f}", f"{seconds / like:.0f}"]
                ends = [f"{seconds:.1f} s", f"{megabytes:.0f} MB", *ratios]
                _row(f"{size:,}", f"{count:,}", "pySHACL", *[""] * len(PHASES), *ends)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(Path(sys.argv[2]))
    else:
        main()

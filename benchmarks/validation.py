"""Measure validation of a national register, beside pySHACL: `make bench-validate`.

Each run is a process of its own, which reads, validates, finds the places and writes
the report. The peers are pySHACL's own command on the same files and, when they are
installed (`make bench-peers`), pyshacl-turbo and pyshifty; none finds places.
Beside the clock's time stands the processor's (user and system, children included),
which other work on the machine changes less. Memory is that of the process and its
children together, looked at twenty times a second. What is found must be what was
planted, with its line.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
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
SAME_WORK = "validate"
RATIOS = ("times the clock", "times the processor", "at the same work")
# pyshifty has no command of its own.
SHIFTY = """
import sys, shifty
given = dict(infer=False, graph_mode="data")
print(shifty.validate(sys.argv[2], sys.argv[1], **given)[2])
"""
PEERS_FOLDER = Path(".cache/bench-peers/bin")
PHASES = ("start", "read", "validate", "locate", "report")


@dataclass(frozen=True)
class Run:
    """What a run took: seconds by phase, by the clock and of the processor.

    `processor` has the seconds from the start to the end of each phase; `megabytes` is
    the peak of memory.
    """

    seconds: dict[str, float]
    processor: dict[str, float]
    megabytes: float
    found: set[Fault]

    @property
    def total(self) -> float:
        """All phases together, in seconds."""
        return sum(self.seconds.values())


@dataclass(frozen=True)
class Peer:
    """Another validator: how it is started, data behind it, and up to what size."""

    name: str
    command: tuple[str, ...]
    up_to: int

    def is_there(self) -> bool:
        """Whether its program is installed."""
        return Path(self.command[0]).is_file()


_GIVEN = ("-s", str(SHAPES), "-sf", "turtle", "-df", "turtle")
PEERS = (
    Peer(
        "pySHACL",
        (str(Path(sys.executable).with_name("pyshacl")), *_GIVEN),
        100_000,
    ),
    Peer("pyshacl-turbo", (str(PEERS_FOLDER / "pyshacl-turbo"), *_GIVEN), 1_000_000),
    Peer(
        "pyshifty",
        (str(PEERS_FOLDER / "python"), "-W", "ignore", "-c", SHIFTY, str(SHAPES)),
        1_000_000,
    ),
)


@dataclass(frozen=True)
class PeerRun:
    """What a peer took, in seconds and megabytes, and what it counted."""

    seconds: float
    processor: float
    megabytes: float
    count: int


def measure_peer(peer: Peer, data: Path) -> PeerRun:
    """Validate a register with another validator."""
    started, before = time.time(), _children()
    with subprocess.Popen(
        [*peer.command, str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        memory = _Memory(child.pid)
        assert child.stdout is not None
        told = child.stdout.read()
    seconds = time.time() - started
    count = re.search(r"Results \((\d+)\)", told)
    number = int(count[1]) if count else 0
    return PeerRun(seconds, _children() - before, memory.stop(), number)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
    marks = [started, *(told["marks"][phase][0] for phase in PHASES)]
    seconds = {
        phase: after - before
        for phase, before, after in zip(PHASES, marks, marks[1:], strict=False)
    }
    found = {Fault(*row) for row in told["found"]}
    processor = {phase: told["marks"][phase][1] for phase in PHASES}
    return Run(seconds, processor, memory.stop(), found)


class _Memory:
    """The peak of what a process and its children hold."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
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
    from glokal.validation import reports
    from glokal.validation.shacl.validate_files import validate_files

    def now() -> tuple[float, float]:
        return time.time(), sum(os.times()[:4])

    marks = {"start": now()}

    def progress(step: str) -> None:
        # A step begins where the one before it ended.
        ended = {"validate": "read", "locate": "validate"}.get(step.split()[0])
        if ended:
            marks[ended] = now()

    found = validate_files(
        [SHAPES], [data], engine="shacl", lang="en", progress=progress
    )
    marks["locate"] = now()
    text = reports.render(found, "json", "en")
    marks["report"] = now()
    rows = [(f["rule"], f["focus"], f["line"]) for f in json.loads(text)["findings"]]
    print(json.dumps({"marks": marks, "found": rows}))


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _ends(seconds: float, processor: float, megabytes: float) -> list[str]:
    return [f"{seconds:.1f} s", f"{processor:.1f} s", f"{megabytes:.0f} MB"]


def main() -> None:
    """Measure all sizes and print a table in Markdown."""
    for peer in PEERS:
        if not peer.is_there():
            print(f"{peer.name} is left out; make bench-peers installs it.\n")
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(
        f"{os.cpu_count()} x {cpu[1] if cpu else 'unknown'}, {platform.platform()}, "
        f"Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} before"
    )
    totals = ("total", "processor", "memory")
    head = ("triples", "faults", "engine", *PHASES, *totals, *RATIOS)
    print(f"\n| {' | '.join(head)} |\n|---:|---:|---|{'---:|' * (len(head) - 3)}")
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            data = Path(folder) / f"{size}.ttl"
            planted = write_register(data, size, share=SHARE, seed=2023)
            run = measure(data)
            times = [f"{run.seconds[phase]:.2f} s" for phase in PHASES]
            used = run.processor["report"]
            ends = _ends(run.total, used, run.megabytes) + [""] * len(RATIOS)
            _row(f"{size:,}", f"{len(planted):,}", "glokal", *times, *ends)
            if run.found != planted:
                wrong = True
                missed, extra = planted - run.found, run.found - planted
                print(f"missed {list(missed)[:3]}, added {list(extra)[:3]}")
            for peer in PEERS:
                if size > peer.up_to or not peer.is_there():
                    continue
                its = measure_peer(peer, data)
                like = run.processor[SAME_WORK]
                ends = _ends(its.seconds, its.processor, its.megabytes)
                ends += [
                    f"{its.seconds / run.total:.1f}",
                    f"{its.processor / used:.1f}",
                    f"{its.processor / like:.1f}",
                ]
                told = [f"{size:,}", f"{its.count:,}", peer.name]
                _row(*told, *[""] * len(PHASES), *ends)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(Path(sys.argv[2]))
    else:
        main()

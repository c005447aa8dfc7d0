"""Load a server for minutes, and see that what it holds stays level: `make soak`.

Clients of every kind at once: light and heavy queries, canned questions and pages,
clients that hang up, readers who take nothing. Every few seconds a worker is killed,
and the next query must be answered; every so often the publication is built anew
underneath. All of it runs against a server of its own on loopback, within counts that
are fixed.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.conftest import REGION
from tests.servers import Server, serving

from glokal.core.settings.server import STATE, Serving

LIGHT = "SELECT ?s { ?s ?p ?o } LIMIT 3"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
# Six megabytes, made of short texts in moments.
LARGE = (
    'SELECT ?x { BIND("' + "a" * 10000 + '" AS ?a) '
    "BIND(CONCAT(?a,?a,?a,?a,?a,?a,?a,?a,?a,?a) AS ?b) "
    "BIND(CONCAT(?b,?b,?b,?b,?b,?b,?b,?b,?b,?b) AS ?x) VALUES ?i { 1 2 3 4 5 6 } }"
)
PAGES = ["/", "/api/", "/api/openapi.json", "/dump/glokal.ttl", "/sok/?q=skole", "/x"]
SETTINGS = {
    "GLOKAL_QUERY_SECONDS": "4",
    "GLOKAL_HELD_MEGABYTES": "32",
    "GLOKAL_READER_SECONDS": "20",
    "GLOKAL_PER_CLIENT": "40",
    "GLOKAL_STOP_SECONDS": "5",
}
BUILD_EVERY = 45.0
KILL_EVERY = 2.0
SAMPLE_EVERY = 2.0
# How much more memory than in the first half the server may hold in the second.
ROOM = 32


@dataclass(frozen=True)
class Sample:
    """What the server held at a moment; memory in megabytes."""

    memory: int
    files: int
    processes: int
    made: int


class Soak:
    """A server under load, and what came of each request."""

    def __init__(self, project: Path, server: Server) -> None:
        self.project = project
        self.server = server
        host, port = server.address.removeprefix("http://").split(":")
        self.at = (host, int(port))
        self.over = threading.Event()
        self.seen: Counter[str] = Counter()
        # Why an answer was refused, by kind.
        self.reasons: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def note(self, kind: str, status: int, allowed: tuple[int, ...]) -> None:
        """Count an answer; one that may not be is wrong."""
        with self._lock:
            self.seen[f"{kind} {status}"] += 1
            if status not in allowed and len(self.wrong) < 50:
                self.wrong.append(f"{kind}: {status}")

    def get(self, path: str, kind: str = "") -> int:
        """Return the status of a whole answer, 0 when there was none."""
        client = http.client.HTTPConnection(*self.at, timeout=60)
        try:
            client.request("GET", path, headers={"Accept-Encoding": "identity"})
            answer = client.getresponse()
            body = answer.read()
            if answer.status >= 500:
                self._note_reason(f"{kind or path} {answer.status}", body)
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            client.close()

    def _note_reason(self, kind: str, body: bytes) -> None:
        with contextlib.suppress(ValueError):
            body = json.loads(body).get("detail", "").encode()
        why = body[:200].decode(errors="replace")
        with self._lock:
            self.reasons[f"{kind}: {why}"] += 1

    def ask(self, query: str) -> int:
        """Return the status of the answer to a query that was never asked before."""
        kind = {LIGHT: "light", HEAVY: "heavy"}.get(query, "large")
        path = f"/sparql?query={quote(f'{query} #{random.random()}')}"
        return self.get(path, kind)

    def light(self) -> None:
        """Ask light queries, one after the other."""
        while not self.over.wait(0.02):
            self.note("light", self.ask(LIGHT), (200,))

    def heavy(self) -> None:
        """Ask what ends at its limit of time, or before when others are heavy too."""
        while not self.over.wait(0.5):
            self.note("heavy", self.ask(HEAVY), (503,))

    def large(self) -> None:
        """Take large answers whole."""
        while not self.over.wait(1):
            self.note("large", self.ask(LARGE), (200, 503))

    def pages(self) -> None:
        """Read pages, files and canned answers."""
        while not self.over.wait(0.05):
            self.note("page", self.get(random.choice(PAGES)), (200, 404))

    def hang_up(self) -> None:
        """Ask, and be gone before the answer."""
        while not self.over.wait(0.3):
            query = random.choice((LIGHT, LARGE, HEAVY))
            with contextlib.suppress(OSError), self._asking(query):
                time.sleep(random.random())
                self.note("gone", 0, (0,))

    def take_nothing(self) -> None:
        """Ask for large answers, read nothing of them, and go after a while."""
        while not self.over.is_set():
            with contextlib.ExitStack() as readers, contextlib.suppress(OSError):
                for _ in range(8):
                    readers.enter_context(self._asking(LARGE))
                    self.note("unread", 0, (0,))
                self.over.wait(random.random() * 25)

    def _asking(self, query: str) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(10)
        client.connect(self.at)
        path = f"/sparql?query={quote(f'{query} #{random.random()}')}"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return client

    def kill(self) -> None:
        """Kill a worker, now and then all of them, and ask the next query."""
        while not self.over.wait(KILL_EVERY):
            workers = self.workers()
            for pid in workers if random.random() < 0.2 else workers[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.note("next after a kill", self.ask(LIGHT), (200,))

    def workers(self) -> list[int]:
        """Return the server's processes, in no order."""
        pid = self.server.process.pid
        found = []
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
        random.shuffle(found)
        return found

    def build(self) -> None:
        """Change a name, and build; the server takes it up while it is asked."""
        times = 0
        while not self.over.wait(BUILD_EVERY):
            times += 1
            rename(self.project, str(times))
            done = build(self.project)
            self.note("build", 200 if done else 500, (200,))

    def sample(self) -> Sample:
        """Return what the server holds now."""
        pid = self.server.process.pid
        status = Path(f"/proc/{pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found is not None
        made = sum(1 for p in (self.project / STATE).glob("server-*/*"))
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return Sample(int(found[1]) >> 10, files, len(self.workers()), made)


def rename(project: Path, name: str) -> None:
    """Give an activity of the region another name, so that a build has news."""
    source = next((project / "data" / "strategy").glob("*.ttl"))
    first = source.read_text(encoding="utf-8")
    changed = re.sub(r'"Pen friends[^"]*"', f'"Pen friends {name}"', first)
    source.write_text(changed, encoding="utf-8")


def build(project: Path) -> bool:
    """Build the publication; return whether that went well."""
    command = [sys.executable, "-m", "glokal", "build"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0


def main() -> int:
    """Run for as many minutes as the first argument says; return 1 when it fails."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory(prefix="glokal-soak-") as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(REGION, project)
        if not build(project):
            return 2
        with serving(project, **SETTINGS) as server:
            soak = Soak(project, server)
            for _ in range(50):
                soak.ask(LIGHT)
            before = settled(soak)
            samples = load(soak, minutes)
            after = settled(soak)
            faults = [*soak.wrong, *judged(before, samples, after)]
            if "Traceback" in server.log.read_text(encoding="utf-8"):
                faults.append("a traceback in the log")
        left = [p.name for p in (project / STATE).iterdir()]
        faults += [f"left behind: {name}" for name in left]
    table(before, samples, after, soak.seen)
    for why, number in sorted(soak.reasons.items()):
        print(f"{number:,} × {why}")
    print("\n".join(faults) if faults else "All level, nothing wrong.")
    return 1 if faults else 0


def load(soak: Soak, minutes: float) -> list[list[Sample]]:
    """Run the load; return the samples of each minute."""
    kinds: list[Callable[[], None]] = [
        *(soak.light, soak.light, soak.heavy, soak.heavy, soak.large, soak.pages),
        *(soak.hang_up, soak.hang_up, soak.take_nothing, soak.kill, soak.build),
    ]
    threads = [threading.Thread(target=kind) for kind in kinds]
    for thread in threads:
        thread.start()
    began, samples = time.monotonic(), [list[Sample]()]
    try:
        while (passed := time.monotonic() - began) < minutes * 60:
            time.sleep(SAMPLE_EVERY)
            while passed >= len(samples) * 60:
                samples.append([])
            samples[-1].append(soak.sample())
    finally:
        soak.over.set()
        for thread in threads:
            thread.join()
    return samples


def settled(soak: Soak) -> Sample:
    """Return what the server holds when nobody asks, at the latest after a minute."""
    now = soak.sample()
    # The publication before lingers for half a minute.
    for _ in range(35):
        time.sleep(2)
        last, now = now, soak.sample()
        if now.processes <= Serving.workers and now.made <= 3 and now == last:
            break
    return now


def judged(before: Sample, samples: list[list[Sample]], after: Sample) -> list[str]:
    """Return what didn't stay level."""
    flat = [s for minute in samples for s in minute]
    half = len(flat) // 2
    faults = []
    first = max((s.memory for s in flat[:half]), default=0)
    last = max((s.memory for s in flat[half:]), default=0)
    if last > first + ROOM:
        faults.append(f"memory grew from {first} to {last} MB")
    for name in ("files", "processes", "made"):
        was, now = getattr(before, name), getattr(after, name)
        if now > was:
            faults.append(f"{name}: {was} before, {now} after")
    return faults


def table(
    before: Sample, samples: list[list[Sample]], after: Sample, seen: Counter[str]
) -> None:
    """Print the most of each minute, and how often each kind had which status."""
    print("| minute | memory, MB | open files | processes | files of its own |")
    print("|---|---|---|---|---|")
    rows = [("before", [before])]
    rows += [(str(n), minute) for n, minute in enumerate(samples, 1) if minute]
    for name, held in [*rows, ("after", [after])]:
        most = (
            max(getattr(s, part) for s in held)
            for part in ("memory", "files", "processes", "made")
        )
        print(f"| {name} | {' | '.join(map(str, most))} |")
    print("\n| asked | answers by status |\n|---|---|")
    kinds = sorted({key.rpartition(" ")[0] for key in seen})
    for kind in kinds:
        told = {k.rpartition(" ")[2]: n for k, n in seen.items() if k[:-4] == kind}
        if kind in ("gone", "unread"):
            told = {"not read": seen[f"{kind} 0"]}
        print(
            f"| {kind} | {', '.join(f'{s}: {n:,}' for s, n in sorted(told.items()))} |"
        )


if __name__ == "__main__":
    sys.exit(main())

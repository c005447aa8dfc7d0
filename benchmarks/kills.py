"""Kill a server's workers at chance moments, and ask: `make kills`.

After each kill one query is asked, which must be answered. Each way of killing is
tried alone and beside others who ask: light and heavy queries, pages, large answers.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.conftest import REGION
from tests.servers import serving

from benchmarks.soak import HEAVY, LIGHT, SETTINGS, Soak, build, rename

# Beside others: these never kill.
OTHERS = ("light", "light", "heavy", "heavy", "large", "pages", "hang_up")


class Kills:
    """The ways of killing; each returns when its kill is done or under way."""

    def __init__(self, soak: Soak) -> None:
        self.soak = soak
        self._names = itertools.count(1)
        self._beside: list[threading.Thread] = []

    def kill(self, count: int | None = None) -> None:
        """Kill so many workers, all of them unless a number is given."""
        for pid in self.soak.workers()[:count]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def one(self) -> None:
        """One, idle unless others ask."""
        self.kill(1)

    def all(self) -> None:
        """All at once."""
        self.kill()

    def starting(self) -> None:
        """All, and after a moment those that are on their way to replace them."""
        self.kill()
        time.sleep(random.random() * 0.4)
        self.kill()

    def heavy(self) -> None:
        """One, while heavy queries run."""
        for _ in range(2):
            self._start(lambda: self.soak.ask(HEAVY))
        time.sleep(1 + random.random())
        self.kill(1)

    def asked(self) -> None:
        """All, a moment after the query that must be answered has come."""
        self._start(lambda: (time.sleep(random.random() * 0.03), self.kill()))

    def taking_up(self) -> None:
        """Some or all, while a new publication is taken up."""
        rename(self.soak.project, f"kill {next(self._names)}")
        if not build(self.soak.project):
            raise SystemExit("the publication can't be built")
        time.sleep(random.random() * 3)
        self.kill(random.choice((1, 2, None)))

    def _start(self, work: Callable[[], object]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._beside.append(thread)

    def settle(self) -> None:
        """Wait for what was asked beside."""
        for thread in self._beside:
            thread.join()
        self._beside.clear()


def answer(address: str) -> tuple[int, str]:
    """Ask a query never asked before; return its status, and why there is no answer."""
    query = quote(f"{LIGHT} #{random.random()}")
    try:
        with urllib.request.urlopen(f"{address}/sparql?query={query}", timeout=90) as a:
            a.read()
            return a.status, ""
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()).get("detail", "")
    except OSError as error:
        return 0, str(error)


def trial(address: str, kills: Kills, way: Callable[[], None]) -> tuple[float, str]:
    """Kill in this way and ask; return the seconds, and what was wrong."""
    way()
    began = time.monotonic()
    status, why = answer(address)
    seconds = time.monotonic() - began
    kills.settle()
    time.sleep(random.random() * 0.5)
    return seconds, "" if status == 200 else f"{status} after {seconds:.1f} s: {why}"


def main() -> int:
    """Return 1 when a query had no answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="kills of each kind")
    parser.add_argument("--alone", action="store_true", help="with nobody beside")
    parser.add_argument("--beside", action="store_true", help="with others beside")
    parser.add_argument("--way", action="append", help="only this one")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random.seed(given.seed)
    wrong = 0
    print("| killed | beside | times | answered | slowest, s |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="glokal-kills-") as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(REGION, project)
        if not build(project):
            return 2
        loads = [
            load for load in (False, True) if (given.beside, given.alone)[not load]
        ]
        for load in loads or [False, True]:
            with serving(project, **SETTINGS) as server:
                soak = Soak(project, server)
                wrong += _round(soak, given.times, given.way, load=load)
                if "Traceback" in server.log.read_text(encoding="utf-8"):
                    print("a traceback in the log", file=sys.stderr)
                    wrong += 1
    return int(bool(wrong))


def _round(soak: Soak, times: int, only: list[str] | None, *, load: bool) -> int:
    kills = Kills(soak)
    others = [threading.Thread(target=getattr(soak, name)) for name in OTHERS * load]
    for thread in others:
        thread.start()
    wrong = 0
    try:
        ways = (kills.one, kills.all, kills.starting, kills.heavy, kills.asked)
        for way in (*ways, kills.taking_up):
            if only and way.__name__ not in only:
                continue
            bad, slowest = 0, 0.0
            for _ in range(times):
                seconds, why = trial(soak.server.address, kills, way)
                slowest = max(slowest, seconds)
                if why:
                    bad += 1
                    print(f"NOT ANSWERED: {way.__name__}: {why}", file=sys.stderr)
            wrong += bad
            name = (way.__doc__ or "").rstrip(".")
            print(
                f"| {name} | {'others' if load else 'nobody'} | {times} "
                f"| {times - bad} | {slowest:.1f} |",
                flush=True,
            )
    finally:
        soak.over.set()
        for thread in others:
            thread.join()
    if load:
        told = sorted(soak.seen.items())
        print("Beside: " + ", ".join(f"{k}: {n:,}" for k, n in told), file=sys.stderr)
        for why in sorted(soak.reasons):
            print(f"{soak.reasons[why]:,} × {why}", file=sys.stderr)
    return wrong


if __name__ == "__main__":
    sys.exit(main())

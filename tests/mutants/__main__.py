"""Break ten modules, one fault at a time, and say which faults no test saw.

`python -m tests.mutants [NAME …] [--processes N] [--report] [--write]`

Each fault that the operators of `faults.py` can make is tried: none is left out by
chance. The work is done in copies, never here. Each verdict is written down at once in
`.cache/mutants/`, so that a run that is stopped goes on where it was; a verdict counts
as long as neither the module nor its tests have changed. `equivalent.toml` names the
faults that no test can see, each with its reason.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import queue
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.mutants.faults import HERE, Fault, faults_by_hand, faults_of
from tests.mutants.table import Row, row_of, table, whole_report
from tests.mutants.workshop import ROOT, NotTestedError, Workshop, copy_project

STATE = ROOT / ".cache" / "mutants"


def main() -> int:
    """Run; 0 when each module reaches the goal, 1 when one doesn't, 2 for bad input."""
    modules = read_modules()
    asked = _arguments(modules)
    names = asked.names or list(modules)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="glokal-mutants-") as folder:
        places = [Path(folder) / str(n) for n in range(asked.processes)]
        # The copy is what is judged, whatever is changed here meanwhile.
        root = ROOT if asked.report else copy_project(places)
        for name in names:
            why = _missing(modules[name], root)
            faults = _all_faults(modules[name], root)
            basis = _basis(modules[name], root)
            if not why and not asked.report:
                left = [f for f in faults if f.key not in _read(name, basis)]
                why = _run(name, modules[name], left, basis, places) if left else ""
            known = _read(name, basis)
            rows.append(row_of(name, faults, known, _equivalent(name), why))
    print(table(rows))
    if asked.write:
        (HERE / "results.md").write_text(whole_report(rows), encoding="utf-8")
    return int(not all(row.is_enough for row in rows))


def _arguments(modules: Mapping[str, Any]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description="Break modules, one fault at a time; say which no test saw.",
        epilog="python -m tests.mutants merge fmt",
    )
    add = reader.add_argument
    listed = ", ".join(modules)
    add("names", nargs="*", metavar="NAME", help=f"all of: {listed}, unless named")
    add("--processes", type=int, default=2, metavar="N",
        help="so many faults at once; else 2")  # fmt: skip
    add("--report", action="store_true", help="run nothing; say what is known")
    add("--write", action="store_true", help="write it to results.md, too")
    asked = reader.parse_args()
    if unknown := set(asked.names) - set(modules):
        reader.error(f"there is no module {', '.join(sorted(unknown))}")
    if asked.processes < 1:
        reader.error("--processes is at least 1")
    return asked


def read_modules() -> dict[str, dict[str, Any]]:
    """Return the files of each module and its tests, by its name."""
    return tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))


def _missing(module: Mapping[str, Any], root: Path) -> str:
    gone = [test for test in module["tests"] if not (root / test).is_file()]
    return f"there is no {', '.join(gone)}" if gone else ""


def _all_faults(module: Mapping[str, Any], root: Path) -> list[Fault]:
    make = faults_by_hand if module.get("by_hand") else faults_of
    return [
        fault
        for file in module["files"]
        for fault in make(file, (root / "src" / file).read_text(encoding="utf-8"))
    ]


def _run(
    name: str,
    module: Mapping[str, Any],
    faults: Sequence[Fault],
    basis: str,
    places: Sequence[Path],
) -> str:
    """Try faults; return why they can't be, "" when they were."""
    left: queue.SimpleQueue[Fault] = queue.SimpleQueue()
    for fault in faults:
        left.put(fault)
    number = len(faults)
    began = time.monotonic()
    STATE.mkdir(parents=True, exist_ok=True)
    stop, writing = threading.Event(), threading.Lock()
    failed: list[str] = []
    shops: list[Workshop] = []

    def work(place: Path) -> None:
        try:
            with Workshop(place, module["files"], module["tests"]) as shop:
                shops.append(shop)
                while not stop.is_set():
                    fault = left.get_nowait()
                    verdict = shop.verdict(fault.file, fault.text)
                    with writing:
                        _note(name, basis, fault, verdict)
                        _tell(fault, verdict, number - left.qsize(), number)
        except queue.Empty:
            pass
        except NotTestedError as error:
            failed.append(str(error))
            stop.set()

    print(f"{name}: {number} faults to try …", flush=True)
    threads = [
        threading.Thread(target=work, args=(place,)) for place in places[:number]
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        stop.set()
        for shop in shops:
            shop.stop()
        for thread in threads:
            thread.join()
        sys.exit("\nStopped. The next run goes on from here.")
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return failed[0] if failed else ""


def _note(name: str, basis: str, fault: Fault, verdict: str) -> None:
    line = {"basis": basis, "key": fault.key, "verdict": verdict}
    with (STATE / f"{name}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _tell(fault: Fault, verdict: str, number: int, of: int) -> None:
    if verdict == "survived":
        print(f"  {fault}", flush=True)
    if sys.stderr.isatty():
        print(f"  {number}/{of}", end="\r", file=sys.stderr)


def _basis(module: Mapping[str, Any], root: Path) -> str:
    """Return what a verdict rests on: the module and the tests as they are."""
    files = [root / "src" / file for file in module["files"]]
    files += [root / test for test in module["tests"]]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()[:16]


def _read(name: str, basis: str) -> dict[str, str]:
    file = STATE / f"{name}.jsonl"
    if not file.is_file():
        return {}
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {each["key"]: each["verdict"] for each in lines if each["basis"] == basis}


def _equivalent(name: str) -> list[dict[str, str]]:
    file = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    entries: list[dict[str, str]] = file.get(name, [])
    return entries


if __name__ == "__main__":
    sys.exit(main())

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
from tests.mutants.workshop import ROOT, NotTestedError, Workshop

STATE = ROOT / ".cache" / "mutants"


def main() -> int:
    """Run; 0 when each module reaches the goal, 1 when one doesn't, 2 for bad input."""
    modules = read_modules()
    asked = _arguments(modules)
    names = asked.names or list(modules)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="glokal-mutants-") as folder:
        for name in names:
            faults = _all_faults(modules[name])
            why = _missing(modules[name])
            if not why and not asked.report:
                why = _run(name, modules[name], faults, asked.processes, Path(folder))
            known = _read(name, _basis(modules[name]))
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


def _missing(module: Mapping[str, Any]) -> str:
    gone = [test for test in module["tests"] if not (ROOT / test).is_file()]
    return f"there is no {', '.join(gone)}" if gone else ""


def _all_faults(module: Mapping[str, Any]) -> list[Fault]:
    make = faults_by_hand if module.get("by_hand") else faults_of
    return [
        fault
        for file in module["files"]
        for fault in make(file, (ROOT / "src" / file).read_text(encoding="utf-8"))
    ]


def _run(
    name: str,
    module: Mapping[str, Any],
    faults: Sequence[Fault],
    processes: int,
    folder: Path,
) -> str:
    """Try the faults that have no verdict yet; return why they can't be, "" if so."""
    basis = _basis(module)
    known = _read(name, basis)
    left: queue.SimpleQueue[Fault] = queue.SimpleQueue()
    for fault in faults:
        if fault.key not in known:
            left.put(fault)
    number = left.qsize()
    if not number:
        return ""
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
    places = [folder / str(n) for n in range(min(processes, number))]
    threads = [threading.Thread(target=work, args=(place,)) for place in places]
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


def _basis(module: Mapping[str, Any]) -> str:
    """Return what a verdict rests on: the module and the tests as they are."""
    files = [ROOT / "src" / file for file in module["files"]]
    files += [ROOT / test for test in module["tests"]]
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

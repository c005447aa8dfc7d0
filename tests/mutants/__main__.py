"""Break ten modules, one fault at a time, and say which faults no test saw.

`python -m tests.mutants [NAME …] [--most N] [--all] [--report]`

The work is done in a copy, never here. Each verdict is written down at once in
`.cache/mutants/`, so that a run that is stopped goes on where it was; a verdict counts
as long as neither the module nor its tests have changed. `equivalent.toml` names the
faults that no test can see, each with its reason.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.faults import Fault, faults_of, spread

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
STATE = ROOT / ".cache" / "mutants"
# A fault may make an endless loop; no test file named here takes a quarter as long.
MOST_SECONDS = 240.0
GOAL = 0.85
MOST = 60
Verdicts = dict[str, str]


def main() -> int:
    """Run; 0 when each module reaches the goal, 1 when one doesn't."""
    modules = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))
    reader = argparse.ArgumentParser(prog="python -m tests.mutants")
    add = reader.add_argument
    listed = ", ".join(modules)
    add("names", nargs="*", metavar="NAME", help=f"all of: {listed}, unless named")
    add("--most", type=int, default=MOST, metavar="N",
        help=f"so many faults of a module, spread evenly; else {MOST}")  # fmt: skip
    add("--all", action="store_true", help="every fault of a module")
    add("--report", action="store_true", help="run nothing; say what is known")
    asked = reader.parse_args()
    if unknown := set(asked.names) - set(modules):
        reader.error(f"there is no module {', '.join(sorted(unknown))}")
    names = asked.names or [n for n in modules if _is_there(modules[n])]
    most = sys.maxsize if asked.all else asked.most
    rows = []
    if asked.report:
        rows = [_row(name, modules[name], most) for name in names]
    else:
        with _copy() as copy:
            for name in names:
                _run(name, modules[name], most, copy)
                rows.append(_row(name, modules[name], most))
    print(_table(rows))
    return int(any(row["share"] < GOAL for row in rows))


def _is_there(module: Mapping[str, object]) -> bool:
    return all((ROOT / str(test)).is_file() for test in module["tests"])  # type: ignore[attr-defined]


@contextmanager
def _copy() -> Iterator[Path]:
    """Yield a copy of the sources and tests, which is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="glokal-mutants-") as folder:
        copy = Path(folder) / "glokal"
        leave = shutil.ignore_patterns(
            ".venv", ".git", "node_modules", "public", "dist", "mutants", ".mypy_cache"
        )
        shutil.copytree(ROOT, copy, ignore=leave, symlinks=True)
        yield copy


def _run(name: str, module: Mapping[str, object], most: int, copy: Path) -> None:
    source = copy / "src" / str(module["module"])
    text = source.read_text(encoding="utf-8")
    tests = list(module["tests"])  # type: ignore[call-overload]
    # The copy is what is judged, whatever is changed here meanwhile.
    basis = _basis(module, copy)
    known = _read(name, basis)
    left = [f for f in _chosen(text, most) if f.key not in known]
    if not left:
        return
    started = time.monotonic()
    if (verdict := _verdict(tests, copy)) != "survived":
        sys.exit(f"{name}: the tests fail without a fault: {verdict}")
    took = time.monotonic() - started
    print(f"{name}: {len(left)} faults to try, {took:.0f} s each at most …", flush=True)
    STATE.mkdir(parents=True, exist_ok=True)
    try:
        for number, fault in enumerate(left, 1):
            source.write_text(fault.text, encoding="utf-8")
            verdict = _verdict(tests, copy)
            line = {"basis": basis, "key": fault.key, "verdict": verdict}
            with (STATE / f"{name}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            if verdict == "survived":
                print(f"  {fault.line}: {fault.before}  ->  {fault.after}", flush=True)
            if sys.stderr.isatty():
                print(f"  {number}/{len(left)}", end="\r", file=sys.stderr)
    finally:
        source.write_text(text, encoding="utf-8")


def _verdict(tests: list[str], copy: Path) -> str:
    """Return what the tests make of the copy as it is now."""
    env = {
        **os.environ,
        "PYTHONPATH": str(copy / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider",
               "--hypothesis-profile=mutants", *tests]  # fmt: skip
    try:
        run = subprocess.run(
            command, cwd=copy, env=env, capture_output=True, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "killed by time"
    return "survived" if run.returncode == 0 else "killed"


def _basis(module: Mapping[str, object], root: Path = ROOT) -> str:
    """Return what a verdict rests on: the module and the tests as they are."""
    files = [root / "src" / str(module["module"])]
    files += [root / str(test) for test in module["tests"]]  # type: ignore[attr-defined]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _read(name: str, basis: str) -> Verdicts:
    file = STATE / f"{name}.jsonl"
    if not file.is_file():
        return {}
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {each["key"]: each["verdict"] for each in lines if each["basis"] == basis}


def _chosen(text: str, most: int) -> list[Fault]:
    return spread(faults_of(text), most)


def _equivalent(name: str) -> dict[str, str]:
    file = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    return {f"{e['before']} -> {e['after']}": e["why"] for e in file.get(name, [])}


def _row(name: str, module: Mapping[str, object], most: int) -> dict[str, object]:
    text = (ROOT / "src" / str(module["module"])).read_text(encoding="utf-8")
    known, same = _read(name, _basis(module)), _equivalent(name)
    tried = [f for f in _chosen(text, most) if f.key in known]
    alive = [f for f in tried if known[f.key] == "survived"]
    seen = [f for f in alive if f"{f.before} -> {f.after}" not in same]
    counted = len(tried) - (len(alive) - len(seen))
    share = 1 - len(seen) / counted if counted else 1.0
    return {
        "name": name, "tried": len(tried), "same": len(alive) - len(seen),
        "killed": counted - len(seen), "alive": seen, "share": share,
    }  # fmt: skip


def _table(rows: list[dict[str, object]]) -> str:
    lines = ["| module | faults | equivalent | killed | survive | share |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for row in rows:
        alive = row["alive"]
        assert isinstance(alive, list)
        share = f"{row['share']:.0%}" if row["tried"] else "not run"
        lines.append(
            f"| {row['name']} | {row['tried']} | {row['same']} | {row['killed']} | "
            f"{len(alive)} | {share} |"
        )
    for row in rows:
        for fault in row["alive"]:  # type: ignore[attr-defined]
            lines.append(
                f"{row['name']}:{fault.line}: {fault.before}  ->  {fault.after}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

"""Measure a workbook of three thousand rows: read, compared, checked, and all of it.

The rows are new activities with partners, on a copy of the invented region. The parts
are run in this process; the whole is the command as a person runs it. Both tell the
clock and the processor, with the time of the processes that they start.
"""

from __future__ import annotations

import datetime
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import openpyxl

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook.dry_run import dry_run
from glokal.workbook.merge import plan_import
from glokal.workbook.planning import Answers
from glokal.workbook.read_workbook import read_workbook
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook

ROWS = 3000
REGION = Path(__file__).parents[1] / "tests" / "region"
DAY = datetime.date(2026, 11, 26)
Result = TypeVar("Result")


def main() -> None:
    """Print how long each part takes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(REGION, Path(folder) / "region"))
        workspace = Workspace(load_project(root))
        now = read_rows(workspace)
        path = root / "r.xlsx"
        path.write_bytes(write_workbook(now, workspace.project))
        _fill(path, count)
        project = workspace.project
        answers = Answers(lambda *_: True, lambda name: name)
        filled = _timed("read", lambda: read_workbook(path, project, "nb"))
        plan = _timed(
            "compare",
            lambda: plan_import(filled, now, frozenset(), answers, DAY),
        )
        assert not plan.rejected, plan.rejected[0]
        _timed("check and change", lambda: dry_run(plan, workspace, "r.xlsx"))
        print(f"{len(plan.accepted)} changes of {count} rows")
        new = [f"--new={_name(n)}" for n in range(count)]
        english = [f"--english={_name(n)}=Meeting {n}" for n in range(count)]
        command = [sys.executable, "-m", "glokal", "sheet", "import", "r.xlsx", "--yes"]
        _timed(
            "glokal sheet import",
            lambda: subprocess.run(
                [*command, *new, *english], cwd=root, check=True, capture_output=True
            ),
        )


def _fill(path: Path, count: int) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Meld"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    row = {
        "Type": "internasjonal aktivitet", "Kommune": "Nes kommune",
        "Partnere": "Fjordlandsrådet", "Program": "Nordplus", "Status": "Pågår",
        "Startdato": "2025", "Sist kontrollert": DAY, "Går god for": "Nes kommune",
    }  # fmt: skip
    for n in range(count):
        cells = {**row, "Tiltak": _name(n), "Kilde": f"Vedtak {n}"}
        for title, value in cells.items():
            sheet.cell(3 + n, titles[title]).value = value
    book.save(path)


def _name(number: int) -> str:
    return f"{number}. samling i Fjordland"


def _timed(name: str, run: Callable[[], Result]) -> Result:
    start, worked = time.perf_counter(), _processor()
    result = run()
    clock = time.perf_counter() - start
    print(f"{name}: {clock:.1f} s, {_processor() - worked:.1f} s of processor")
    return result


def _processor() -> float:
    """Return the seconds that this process and its children have worked."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()

"""Measure a workbook of three thousand rows: written, read, compared with the register.

The rows are new activities with partners, on a copy of the invented region.
"""

from __future__ import annotations

import datetime
import shutil
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
        cells = {**row, "Tiltak": f"{n}. samling i Fjordland", "Kilde": f"Vedtak {n}"}
        for title, value in cells.items():
            sheet.cell(3 + n, titles[title]).value = value
    book.save(path)


def _timed(name: str, run: Callable[[], Result]) -> Result:
    start, worked = time.perf_counter(), time.process_time()
    result = run()
    clock = time.perf_counter() - start
    print(f"{name}: {clock:.1f} s, {time.process_time() - worked:.1f} s of processor")
    return result


if __name__ == "__main__":
    main()

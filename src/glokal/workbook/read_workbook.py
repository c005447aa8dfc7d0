"""A workbook, or a folder of CSV files, that comes back filled in.

Sheets are known by their titles and columns by theirs, so that moving them does no
harm. What can't be read without guessing is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from openpyxl.utils import get_column_letter

from glokal.core.files.bounded_read import as_input, read_bytes
from glokal.core.settings import Project
from glokal.core.xlsx import unescape_text
from glokal.workbook.base_snapshot import BaseSnapshot, read_snapshot
from glokal.workbook.csv_folder import BASE, read_csv
from glokal.workbook.grid import Grid
from glokal.workbook.layout import BOOK_LANGUAGES, Layout, SheetLayout, load_layout
from glokal.workbook.ods_grid import read_ods
from glokal.workbook.remarks import DRAWING, Remark, other_sheet, remarks_of
from glokal.workbook.whole_file import text_of_fault, whole_fault
from glokal.workbook.xlsx_grid import read_xlsx

# The base has a row for each thing that the register knew.
_BASE_CELLS = 5_000_000
FLAT = "report"
# What workbooks of the first format don't have.
_LATER = frozenset(("country",))


@dataclass(frozen=True)
class SubmittedRow:
    """A row that somebody may have written in: its place, its key, its cells."""

    sheet: str
    number: int
    key: object
    cells: dict[str, object]
    hidden: bool = False


@dataclass
class SubmittedWorkbook:
    """A workbook that came back: what it remembers, and its rows.

    `columns` gives the letter of each column of a sheet; `remarks` has what is said
    beside the cells; `old_letters` the files that were Latin-1.
    """

    base: BaseSnapshot
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: list[SubmittedRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    old_letters: list[str] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """The layout of the workbook in its language."""
        return load_layout(self.base.lang)


def read_workbook(path: Path, project: Project, lang: str) -> SubmittedWorkbook:
    """Read a workbook, or a folder with CSV files, that came back.

    Raises WorkbookFault, in the language `lang`, with its place when it can't be read
    without guessing.
    """
    if path.is_dir():
        return _read_folder(path, project, lang)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        grids = {grid.title: grid for grid in read_xlsx(path, lang)}
    elif ending == ".ods":
        grids = {grid.title: grid for grid in read_ods(path, lang)}
    else:
        name = "lone_csv" if ending == ".csv" else "kind"
        raise whole_fault(name, lang, path, name=path.name)
    filled = _read_book(path, grids, project, lang)
    filled.remarks += _drawings(path)
    return filled


def _read_book(
    path: Path, grids: dict[str, Grid], project: Project, lang: str
) -> SubmittedWorkbook:
    bases = {load_layout(language).base for language in BOOK_LANGUAGES} & grids.keys()
    if not bases:
        raise whole_fault("lost", lang, path)
    payload = grids[bases.pop()].rows
    if sum(map(len, payload)) > _BASE_CELLS:
        raise whole_fault("lost", lang, path)
    lines = [
        "".join(unescape_text(str(value)) for value in row if value is not None)
        for row in payload
    ]
    filled = SubmittedWorkbook(read_snapshot(lines, project, str(path), lang))
    layout = filled.layout
    ours = {layout.title, layout.lists, layout.base, *(s.title for s in layout.sheets)}
    # The list of faults in a copy that was marked the last time.
    ours |= {text_of_fault("fault_sheet", language) for language in BOOK_LANGUAGES}
    others = [grid for title, grid in grids.items() if title not in ours]
    for grid in (grids.get(layout.title), *others):
        if grid is not None:
            filled.remarks += other_sheet(grid, layout)
    for sheet in layout.sheets:
        there = grids.get(sheet.title)
        if there is None:
            if sheet.name == FLAT and filled.base.first:
                continue
            titles = " / ".join(f"«{grid.title}»" for grid in others)
            near = text_of_fault("no_sheet_near", lang).format(titles=titles)
            raise whole_fault(
                "no_sheet", lang, path, title=sheet.title, near=near if titles else ""
            )
        if there.merged:
            raise whole_fault(
                "merged", lang, path, sheet=sheet.title, cells=there.merged
            )
        _take(filled, sheet, there, path, lang)
    return filled


def _read_folder(path: Path, project: Project, lang: str) -> SubmittedWorkbook:
    base = path / BASE
    if not base.is_file():
        raise whole_fault("lost", lang, path)
    with as_input():
        raw = read_bytes(base, str(base))
    lines = raw.decode(errors="replace").splitlines()
    filled = SubmittedWorkbook(read_snapshot(lines, project, str(base), lang))
    for sheet in filled.layout.sheets:
        file = path / f"{sheet.title.lower()}.csv"
        if not file.is_file():
            if sheet.name == FLAT and filled.base.first:
                continue
            raise whole_fault("no_file", lang, path, name=file.name)
        rows, old = read_csv(file, lang)
        if old:
            filled.old_letters.append(file.name)
        grid = Grid(sheet.title, [[cell or None for cell in row] for row in rows])
        _take(filled, sheet, grid, file, lang)
    return filled


def _take(
    filled: SubmittedWorkbook, sheet: SheetLayout, grid: Grid, path: Path, lang: str
) -> None:
    """Put the rows of a sheet among those that came back."""
    key, rows = filled.layout.key, grid.rows
    # Somebody may have put a heading of their own above.
    top = next(
        (n for n, row in enumerate(rows[:20]) if key in [_title(v) for v in row]), None
    )
    if top is None:
        raise whole_fault("no_key", lang, path, sheet=sheet.title, title=key)
    titles = [_title(value) for value in rows[top]]
    wanted = {key: "", **{c.title: c.name for c in sheet.columns}}
    others = [t for t in titles if t and t not in wanted]
    for title, name in wanted.items():
        count = titles.count(title)
        if count == 1 or (not count and filled.base.first and name in _LATER):
            continue
        near = text_of_fault("perhaps", lang).format(name=others[0]) if others else ""
        raise whole_fault(
            "column_twice" if count else "no_column",
            lang,
            path,
            sheet=sheet.title,
            cells=[f"{get_column_letter(n)}{top + 1}" for n in _places(titles, title)],
            title=title,
            near=near,
        )
    at = {wanted[t]: n for n, t in enumerate(titles) if t in wanted}
    for name, number in at.items():
        filled.columns[sheet.name, name] = get_column_letter(number + 1)
    named = next((at[n] for n in ("name_nb", "activity") if n in at), None)
    filled.remarks += remarks_of(grid, top, tuple(at.values()), named)
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = {n: row[at[n]] if at[n] < len(row) else None for n in at}
        if any(v is not None and str(v).strip() for v in cells.values()):
            written = cells.pop("")
            hidden = number in grid.hidden
            filled.lines.append(
                SubmittedRow(sheet.name, number, written, cells, hidden)
            )


def _places(titles: Sequence[str], title: str) -> list[int]:
    return [n for n, each in enumerate(titles, 1) if each == title]


def _title(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _drawings(path: Path) -> list[Remark]:
    """Return a remark when a workbook has pictures or text boxes, which aren't read."""
    with ZipFile(path) as packed:
        # LibreOffice writes a drawing for each sheet, with nothing in it.
        names = [
            name
            for name in packed.namelist()
            if not name.startswith("xl/drawings/") or b"Anchor>" in packed.read(name)
        ]
    # Notes are drawings of another kind, which are read.
    drawn = ("xl/drawings/drawing", "xl/media/", "Pictures/")
    return (
        [Remark(DRAWING, "", "", "")] if any(n.startswith(drawn) for n in names) else []
    )

"""The pictures of the municipalities' guide: the sheet Meld, right and with faults.

What the guide tells of is written into a workbook of the invented region, LibreOffice
prints it, and the rows with words are cut out. The sheet has more columns than a guide
has room for: its halves stand one above the other.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from tests.contact import DAY, PEN, Book, back, run

ROOT = Path(__file__).parents[1]
MELD = "Meld"
# The first column of the lower half, and the colour above the columns.
SECOND_HALF = "Fagområde"
HEADER = (31, 56, 100)
ENDED = {"Status": "Avsluttet", "Sluttdato": "31.12.2026", "Sist kontrollert": DAY}
ENDED |= {"Går god for": "Vik kommune", "Kilde": "Vedtak 7/26"}
NEW = {
    "Tiltak": "Grønn fjellvei", "Type": "internasjonal aktivitet",
    "Kommune": "Vik kommune", "Partnere": "Krokoms kommun (Sverige)",
    "Program": "Nordplus Junior", "Status": "Pågår", "Startdato": "2025",
}  # fmt: skip


def sheets(pictures: Path) -> None:
    """Take both pictures into a folder."""
    with tempfile.TemporaryDirectory() as place:
        region = Path(place) / "fjordland"
        shutil.copytree(ROOT / "tests/region", region)
        _take(_filled(region, "vik", {}, {}), pictures / "sheet-activities.png")
        wrong = _filled(
            region, "galt", {"Sluttdato": "våren 2027"}, {"Program": "Nordplus Junor"}
        )
        back(wrong, "--yes")
        marked = Book(region / "galt-feil.xlsx")
        _take(marked, pictures / "sheet-faults.png")


def _filled(
    region: Path, name: str, ended: dict[str, str], new: dict[str, str]
) -> Book:
    """Return a workbook with the three changes of the guide, and others if asked."""
    file = region / f"{name}.xlsx"
    told = run("sheet", "export", file, "--municipality", "vik", cwd=region)
    assert told.returncode == 0, told.stderr
    book = Book(file)
    book.put(MELD, PEN, Tiltak="Pennevenner", **{**ENDED, **ended})
    book.add(MELD, {**NEW, **new})
    book.save()
    return book


def _take(book: Book, target: Path) -> None:
    folder = book.path.parent
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}",
         "--headless", "--convert-to", "pdf", "--outdir", folder, book.path],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip
    printed = pypdfium2.PdfDocument(book.path.with_suffix(".pdf"))
    number = book.book.sheetnames.index(MELD)
    shown = printed[number].render(scale=2.6).to_pil().convert("RGB")
    left, top, right, height = _header(shown)
    at = left + round((right - left) * _share(book))
    bottom = top + height * 5
    halves = [shown.crop(box) for box in
              ((left, top, at + 2, bottom), (at, top, right, bottom))]  # fmt: skip
    gap = height
    size = (max(half.width for half in halves), 2 * halves[0].height + gap)
    picture = Image.new("RGB", size, "white")
    picture.paste(halves[0], (0, 0))
    picture.paste(halves[1], (0, halves[0].height + gap))
    picture.quantize(64).save(target, optimize=True)


def _header(shown: Image.Image) -> tuple[int, int, int, int]:
    """Return left, top, right and height of the band above the columns."""
    pixels = shown.load()
    assert pixels is not None
    near = [
        (x, y)
        for y in range(shown.height // 4)
        for x in range(shown.width)
        if max(abs(a - b) for a, b in zip(pixels[x, y], HEADER, strict=True)) < 12  # type: ignore[arg-type,index]
    ]
    assert near, "the header has another colour"
    xs, ys = [x for x, _ in near], [y for _, y in near]
    return min(xs), min(ys), max(xs) + 1, max(ys) - min(ys) + 1


def _share(book: Book) -> float:
    """Return which part of the sheet's width stands before the lower half."""
    sheet = book[MELD]
    # The first column has the keys, and isn't printed.
    widths = [
        (cell.value, sheet.column_dimensions[cell.column_letter].width)
        for cell in sheet[1][1:]
    ]
    names = [name for name, _ in widths]
    before = sum(width for _, width in widths[: names.index(SECOND_HALF)])
    return float(before / sum(width for _, width in widths))

"""Workbooks that would hurt whoever opens them: too large, with entities, formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from glokal.core.settings import load_project
from glokal.core.xlsx import Cell, write_plain
from glokal.dataset.workspace import Workspace
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.conftest import glokal

SHEET = "xl/worksheets/sheet2.xml"
Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def exported(warm_region: Path) -> bytes:
    workspace = Workspace(load_project(warm_region))
    return write_workbook(read_rows(workspace), workspace.project)


def edited(packed: bytes, part: str, edit: Edit) -> bytes:
    out = io.BytesIO()
    assert part in zipfile.ZipFile(io.BytesIO(packed)).namelist()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, edit(data) if name == part else data)
    return out.getvalue()


def refused(region: Path, packed: bytes) -> str:
    (region / "r.xlsx").write_bytes(packed)
    done = glokal("sheet", "import", "r.xlsx", cwd=region, timeout=60)
    assert done.returncode == 2, (done.returncode, done.stdout)
    assert "Traceback" not in done.stderr
    return done.stderr


def with_doctype(declared: str, used: str) -> Edit:
    def edit(data: bytes) -> bytes:
        assert data.startswith(b"<worksheet") and b"<t>" in data
        changed = data.replace(b"<t>", b"<t>" + used.encode(), 1)
        return f"<!DOCTYPE worksheet [{declared}]>".encode() + changed

    return edit


LAUGHS = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">'
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        (LAUGHS, "&i;"),
        ('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"),
        ('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;', ""),
    ],
    ids=["billion laughs", "external", "parameter"],
)
def test_entities_are_refused(
    exported: bytes, region: Path, declared: str, used: str
) -> None:
    packed = edited(exported, SHEET, with_doctype(declared, used))
    assert "har en dokumenttype" in refused(region, packed)


def test_a_zip_bomb_is_refused(exported: bytes, region: Path) -> None:
    packed = edited(exported, SHEET, lambda data: data + b" " * 200_000_000)
    assert len(packed) < 1_000_000
    assert "ville ta over 100 megabyte" in refused(region, packed)


def test_a_zip_bomb_that_lies_about_its_size_is_refused(
    exported: bytes, region: Path
) -> None:
    packed = bytearray(edited(exported, SHEET, lambda d: d + b" " * 200_000_000))
    at = packed.rindex(b"PK\x01\x02", 0, packed.rindex(SHEET.encode()))
    packed[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert "ikke en hel arbeidsbok" in refused(region, bytes(packed))


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "A:XFD", "B2:XFD900000"])
def test_a_merged_range_as_large_as_a_sheet_is_refused(
    exported: bytes, region: Path, ref: str
) -> None:
    merged = f'</sheetData><mergeCells><mergeCell ref="{ref}"/></mergeCells>'.encode()
    packed = edited(exported, SHEET, lambda d: d.replace(b"</sheetData>", merged, 1))
    assert "sammenslåtte celler" in refused(region, packed)


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused(
    exported: bytes, region: Path
) -> None:
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    book = openpyxl.load_workbook(io.BytesIO(exported))
    for number in range(1, len(book.sheetnames) + 1):
        part = f"xl/worksheets/sheet{number}.xml"
        packed = edited(exported, part, lambda d: d.replace(b"</sheetData>", corner, 1))
        (region / "r.xlsx").write_bytes(packed)
        done = glokal("sheet", "import", "r.xlsx", cwd=region, timeout=60)
        # A sheet that nobody reads may have it.
        assert done.returncode in (0, 2), done.stderr
        assert "Traceback" not in done.stderr


def test_too_many_elements_are_refused(exported: bytes, region: Path) -> None:
    rows = b'<row r="9"/>' * 3_100_000 + b"</sheetData>"
    packed = edited(exported, SHEET, lambda d: d.replace(b"</sheetData>", rows, 1))
    assert "rader, celler og slikt" in refused(region, packed)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_a_workbook(text: str) -> None:
    packed = write_plain(["x"], [[Cell(text)]])
    read = openpyxl.load_workbook(io.BytesIO(packed)).active
    assert read is not None
    cell = read["A2"]
    assert cell.data_type == "s"
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_a_strict_workbook_is_told_as_what_it_is(exported: bytes, region: Path) -> None:
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    packed = edited(exported, "xl/workbook.xml", lambda d: d.replace(usual, strict))
    assert "«Strict Open XML»" in refused(region, packed)

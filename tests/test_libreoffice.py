"""The round trip through LibreOffice: what it writes is taken back with nothing lost.

LibreOffice is run once for each format, on all files together (`make debian`).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook.layout import load_layout
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.contact import PEN, SOURCE, Book, files, run

# Text, comma, quotes, Windows-1252; as shown, quoted; every sheet (LibreOffice's own
# numbers of a CSV export's settings).
CSV = "csv:Text - txt - csv (StarCalc):59,34,ANSI,1,,0,false,true,false,false,false,-1"


def convert(kind: str, target: Path, profile: Path, *sources: Path) -> None:
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
            "--convert-to", kind, "--outdir", str(target), *map(str, sources),
        ],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip


@pytest.fixture(scope="session")
def converted(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what LibreOffice makes of a workbook, as it is and filled in."""
    folder = tmp_path_factory.mktemp("office")
    workspace = Workspace(load_project(warm_region))
    plain, filled = folder / "plain.xlsx", folder / "filled.xlsx"
    plain.write_bytes(write_workbook(read_rows(workspace), workspace.project))
    shutil.copy(plain, filled)
    book = Book(filled)
    book.put("Meld", PEN, Tiltak="Pennevenner", Sluttdato="10.2026", Status="Avsluttet")
    book.put("Meld", PEN, Merknad="Blåbærsyltetøy", **SOURCE)
    book.save()
    profile = folder / "profile"
    faulty = folder / "faulty.xlsx"
    shutil.copy(plain, faulty)
    book = Book(faulty)
    book.put("Meld", PEN, Status="Ferdig", **SOURCE)
    book.save()
    convert("ods", folder, profile, plain, filled, faulty)
    # Back again from its own format, so that it has read what it wrote.
    convert("xlsx", folder / "x", profile, folder / "plain.ods", folder / "filled.ods")
    convert(CSV, folder / "csv", profile, filled)
    return folder


@pytest.mark.parametrize("name", ["plain.ods", "x/plain.xlsx"])
def test_what_was_not_edited_changes_nothing(
    name: str, converted: Path, region: Path
) -> None:
    before = files(region)
    told = run("sheet", "import", converted / name, "--yes", cwd=region)
    assert (told.returncode, told.stdout) == (0, "Ingenting å endre.\n"), told.stderr
    assert files(region) == before


def test_faults_are_marked_in_a_copy_that_comes_back(
    converted: Path, region: Path
) -> None:
    shutil.copy(converted / "faulty.ods", region / "v.ods")
    told = run("sheet", "import", region / "v.ods", "--yes", cwd=region)
    assert told.returncode == 1, told.stderr
    marked = Book(region / "v-feil.xlsx")
    row = marked.row("Meld", PEN)
    assert "Ferdig" in marked.cell("Meld", row, "Status").comment.text
    marked.cell("Meld", row, "Status").value = "Pågår"
    marked.save()
    told = run("sheet", "import", marked.path, "--yes", cwd=region)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("name", ["filled.ods", "x/filled.xlsx", "csv"])
def test_what_was_edited_lands(name: str, converted: Path, region: Path) -> None:
    source = converted / name
    if name == "csv":
        source = region / "sheets"
        run("sheet", "export", source, cwd=region)
        for sheet in load_layout().sheets:
            made = converted / "csv" / f"filled-{sheet.title}.csv"
            shutil.copy(made, source / f"{sheet.title.lower()}.csv")
    told = run("sheet", "import", source, "--yes", cwd=region)
    assert told.returncode == 0, told.stdout + told.stderr
    assert ("Latin-1" in told.stdout) == (name == "csv")
    assert "Blåbærsyltetøy" in told.stdout
    there = files(region)
    assert '"Pennevenner"@nb' in there["data/strategy/fjordland.ttl"].decode()
    reports = there["data/register/reports.ttl"].decode()
    assert '"2026-10"^^xsd:gYearMonth' in reports
    assert "activity-status:ended" in reports

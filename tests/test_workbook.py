"""The register as a workbook, out and back: what is asked for lands, nothing else.

The contact is played with openpyxl on the invented region.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glokal.core.errors import SourceError, UsageError
from glokal.core.settings import load_project
from glokal.core.slugs import slugify
from glokal.dataset.workspace import Workspace
from glokal.rdf.turtle.edit import edit_turtle
from glokal.rdf.turtle.formatter import format_turtle
from glokal.site.build import build_site
from glokal.validation.pipeline import run_checks
from glokal.workbook.cell_parsing import CellError, plain_text
from glokal.workbook.duplicates import probable_duplicates
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.conftest import copy_project
from tests.contact import PEN, SOURCE, Book, back, files, run

CAMP = {
    "Navn (bokmål)": "Vinterleir på Ål",
    "Navn (engelsk)": "Winter camp",
    "Type": "internasjonal aktivitet",
    "Program": "Nordplus Junior; Nordplus",
    "Status": "Pågår",
    "Startdato": "01.02.2026",
    **SOURCE,
}


@pytest.fixture(scope="module")
def exported(warm_region: Path) -> bytes:
    workspace = Workspace(load_project(warm_region))
    return write_workbook(read_rows(workspace), workspace.project)


@pytest.fixture
def book(exported: bytes, region: Path) -> Book:
    (region / "r.xlsx").write_bytes(exported)
    return Book(region / "r.xlsx")


# Nothing is lost.


def test_the_same_register_gives_the_same_bytes_and_says_nothing_of_now(
    region: Path,
) -> None:
    workspace = Workspace(load_project(region))
    one, two = (write_workbook(read_rows(workspace), workspace.project) for _ in "12")
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert {i.date_time for i in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        # Both when it was made and when it was changed.
        assert packed.read("docProps/core.xml").count(b"2026-01-15T00:00:00Z") == 2


@pytest.mark.parametrize("target", ["r.xlsx", "r-csv"])
def test_out_and_back_without_an_edit_changes_no_byte(
    target: str, region: Path, strategy: Workspace, tmp_path: Path
) -> None:
    real = copy_project(strategy.project.root, tmp_path / "real")
    for folder in (region, real):
        before = files(folder)
        assert run("sheet", "export", folder / target, cwd=folder).returncode == 0
        told = run("sheet", "import", folder / target, "--yes", cwd=folder)
        assert (told.returncode, told.stdout) == (0, "Ingenting å endre.\n")
        assert files(folder) == before


def changes(old: str, new: str) -> list[str]:
    """The lines that differ, as a comparison of texts gives them."""
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_municipality_gets_what_it_takes_part_in(strategy: Workspace) -> None:
    content = read_rows(strategy, "snasa")
    assert len(content.rows["entry"]) == 9  # By the strategy's appendix.
    assert "activity/atlantbib" in content.rows["activity"]
    assert "activity/levart" not in content.rows["activity"]
    with pytest.raises(UsageError, match="no municipality 'snosa'") as caught:
        read_rows(strategy, "snosa")
    assert "snasa" in caught.value.remedy


def test_what_the_contact_does_in_five_minutes_lands_and_is_shown(
    book: Book, tmp_path: Path
) -> None:
    """Correct a label, add an activity with a partner, end another."""
    folder = book.path.parent
    before = files(folder)
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    ended = {"Status": "Avsluttet", "Sluttdato": "31.10.2026", **SOURCE}
    book.put("Aktiviteter", PEN, **ended)
    book.add("Aktiviteter", CAMP)
    partner = {"Navn (bokmål)": "Ål skole", "Navn (engelsk)": "Ål School"}
    book.add("Partnere", {**partner, "Type": "organisasjon", **SOURCE})
    pair = {"Aktivitet": "Vinterleir på Ål", "Organisasjon": "Nes kommune"}
    book.add("Deltakere", {**pair, "Rolle": "Deltaker"})
    book.add(
        "Deltakere", {**pair, "Organisasjon": "Ål skole", "Rolle": "Samarbeidspartner"}
    )
    told = back(book, "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Nes kommune: nytt tiltak «Vinterleir på Ål» under Nordplus" in told.stdout
    assert "nøkkel activity/vinterleir-pa-al, fryses nå" in told.stdout
    after = files(folder)
    file = "data/strategy/fjordland.ttl"
    # The name, the name that the source has, and no other file that was there.
    assert changes(before[file].decode(), after[file].decode()) == [
        "+ @prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        '-     "Brevvenner"@nb ,',
        '+     "Pennevenner"@nb ,',
        '+   skos:altLabel "Brevvenner"@nb ;',
    ]
    assert {n for n in before if before[n] != after[n]} == {file}
    assert set(after) - set(before) == {
        f"data/register/{n}.ttl"
        for n in ("activities", "organisations", "participations", "reports")
    }
    for name, text in after.items():
        assert format_turtle(text.decode(), name) == text.decode()
    workspace = Workspace(load_project(folder))
    assert run_checks(workspace, only=("hygiene", "shacl")).clean
    said = after["data/register/reports.ttl"].decode()
    assert said.count('glo:reportSource "Vedtak 7/26"') == 3
    assert "activity-status:ended" in said
    build_site(workspace, tmp_path / "public")
    page = tmp_path / "public/doc/activity/vinterleir-pa-al/index.html"
    for shown in ("Vinterleir på Ål", "Ål skole", "Vedtak 7/26", "Pågår"):
        assert shown in page.read_text(encoding="utf-8")
    # The workbook comes again by mistake.
    told = back(book, "--yes")
    assert (told.returncode, told.stdout) == (0, "Ingenting å endre.\n")
    # A new one goes out, and in.
    run("sheet", "export", folder / "r2.xlsx", cwd=folder)
    told = run("sheet", "import", folder / "r2.xlsx", "--yes", cwd=folder)
    assert told.stdout == "Ingenting å endre.\n"


def test_one_who_left_no_longer_takes_part_from_that_day(book: Book) -> None:
    folder = book.path.parent
    key = "participation/brevvenner-vik"
    book.put("Deltakere", key, Status="Avsluttet", Sluttdato="30.06.2026", **SOURCE)
    told = back(book, "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Vik kommune i «Brevvenner»: Avsluttet, til 30. juni 2026" in told.stdout
    project = load_project(folder)
    for day, count in (("2026-06-30", 2), ("2026-07-01", 1)):
        workspace = Workspace(project, datetime.date.fromisoformat(day))
        (query,) = workspace.queries
        asked = query.bind({}, project=project, lang="nb")
        assert len(workspace.store.select(asked).rows) == count


def test_comments_and_what_the_sheet_does_not_know_survive(book: Book) -> None:
    file = book.path.parent / "data" / "strategy" / "fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        '    "Brevvenner"@nb ,',
        '    # Etter skolens eget navn.\n    "Brevvenner"@nb ,  # 2025',
    ).replace("activity:brevvenner a", "# Den eldste.\nactivity:brevvenner a")
    file.write_text(text, encoding="utf-8")
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    assert back(book, "--yes").returncode == 0
    assert changes(text, file.read_text(encoding="utf-8")) == [
        "+ @prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        '-     "Brevvenner"@nb ,  # 2025',
        '+     "Pennevenner"@nb ,  # 2025',
        '+   skos:altLabel "Brevvenner"@nb ;',
    ]


def test_nothing_is_written_without_a_yes(book: Book) -> None:
    folder = book.path.parent
    before = files(folder)
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    told = back(book)
    assert told.returncode == 1
    assert "add --yes" in told.stderr or "legg til --yes" in told.stderr
    assert "«Brevvenner» til «Pennevenner»" in told.stdout
    assert files(folder) == before


# Faults are told in the cell, and the rest lands.


def test_the_shape_speaks_in_the_cell_and_the_other_rows_land(book: Book) -> None:
    row = book.add("Aktiviteter", {**CAMP, "Type": None})
    book.add(
        "Deltakere", {"Aktivitet": "Vinterleir på Ål", "Organisasjon": "Nes kommune"}
    )
    book.put("Aktiviteter", PEN, **{"Navn (nynorsk)": "Brevvener"})
    told = back(book, "--yes")
    assert told.returncode == 1
    assert "Velg hva slags det er." in told.stdout
    assert "viser til noe i en rad som ikke ble godtatt" in told.stdout
    marked = openpyxl.load_workbook(book.path.with_name("r-feil.xlsx"))
    cell = marked["Aktiviteter"].cell(row, book.column("Aktiviteter", "Type"))
    assert cell.comment.text.startswith("Velg hva slags det er.")
    assert cell.fill.fgColor.rgb.endswith("FFC7CE")
    assert cell.coordinate in [c.value for c in marked["Feil"]["B"]]
    assert (
        '"Brevvener"@nn'
        in files(book.path.parent)["data/strategy/fjordland.ttl"].decode()
    )
    assert not (book.path.parent / "data" / "register").exists()
    # The marked copy, fixed, is itself taken.
    again = Book(book.path.with_name("r-feil.xlsx"))
    again["Aktiviteter"].cell(row, cell.column).value = CAMP["Type"]
    again.path = book.path
    assert back(again, "--yes").returncode == 0


def spoil(**cells: object) -> Callable[[Book], object]:
    return lambda b: b.put("Aktiviteter", PEN, **cells)


def camp(**cells: object) -> Callable[[Book], object]:
    return lambda b: b.add("Aktiviteter", {**CAMP, **cells})


def merge(b: Book) -> None:
    b["Aktiviteter"].merge_cells("B2:C2")


def rename(b: Book) -> None:
    b["Aktiviteter"].cell(1, 2).value = "Namn"


def twice(b: Book) -> None:
    sheet = b["Aktiviteter"]
    for column in (1, 2):
        sheet.cell(9, column).value = sheet.cell(2, column).value


def typed_over(b: Book) -> None:
    b["Oppføringer"].cell(
        2, b.column("Oppføringer", "Sitat fra strategien")
    ).value = "?"


def new_entry(b: Book) -> None:
    b["Oppføringer"].cell(9, 2).value = "Nes kommune"


def takes_part(b: Book) -> None:
    pair = {"Aktivitet": "Brevvenner", "Organisasjon": "Nes kommune"}
    b.add("Deltakere", {**pair, "Rolle": "Samarbeidspartner", **SOURCE})


def number_for_date(b: Book) -> None:
    row = b.put("Aktiviteter", PEN, Sluttdato=46000, **SOURCE)
    column = b.column("Aktiviteter", "Sluttdato")
    b["Aktiviteter"].cell(row, column).number_format = "General"


def lost(b: Book) -> None:
    del b.book["Grunnlag"]


def tampered(b: Book) -> None:
    cell = b["Grunnlag"]["A3"]
    cell.value = cell.value.replace("Brevvenner", "Venner") + " "


def no_sheet(b: Book) -> None:
    b["Partnere"].title = "Partnarar"


DAMAGE: dict[str, tuple[Callable[[Book], object], str]] = {
    "formula": (spoil(**{"Navn (bokmål)": '=HYPERLINK("http://x")'}), "har en formel"),
    "date as text": (spoil(Sluttdato="høsten 2026", **SOURCE), "er ingen dato"),
    "a day that is none": (
        spoil(Status="Pågår", **{**SOURCE, "Sist kontrollert": "2026"}),
        "ingen hel dato",
    ),
    "a day to come": (
        spoil(Status="Pågår", **{**SOURCE, "Sist kontrollert": "31.12.2099"}),
        "ikke kommet ennå",
    ),
    "date as number": (number_for_date, "som ikke er noen dato"),
    "no such date": (spoil(Sluttdato="31.02.2026", **SOURCE), "finnes ikke"),
    "dates turned": (
        spoil(Startdato="01.01.2027", Sluttdato="01.01.2026", **SOURCE),
        "før startdatoen",
    ),
    "leading zeros": (spoil(**{"Navn (nynorsk)": 7}), "nuller foran"),
    "truth": (spoil(**{"Navn (nynorsk)": True}), "ikke tar for tekst"),
    "not in the list": (spoil(Status="Ferdig", **SOURCE), "ikke på listen"),
    "nearly in the list": (camp(Program="Nordplus Junor"), "Mente du Nordplus Junior"),
    "no source": (spoil(Status="Avsluttet"), "Skriv kilden"),
    "no new source": (
        spoil(Status="Avsluttet", **{**SOURCE, "Kilde": " "}), "Skriv kilden",
    ),
    "what the strategy says, without a source": (
        spoil(Program="Nordplus"), "Skriv kilden",
    ),
    "a quotation": (typed_over, "Sitatet fra strategien endres ikke"),
    "a new entry": (new_entry, "kan ikke bli flere"),
    "key twice": (twice, "står i flere rader"),
    "likely twin": (camp(**{"Navn (bokmål)": "Brev-venner"}), "Ligner på «Brevvenner»"),
    "used key": (camp(**{"Nøkkel": "brevvenner"}), "er brukt før"),
    "bad key": (camp(**{"Nøkkel": "Min leir"}), "kan ikke være nøkkel"),
    "no letters": (camp(**{"Navn (bokmål)": "!!!"}), "ingen latinske bokstaver"),
    "a person vouches": (camp(**{"Går god for": "Kari Nordmann"}), "ikke på listen"),
    "ended after the check": (
        spoil(Status="Avsluttet", Sluttdato="31.12.2026", **SOURCE),
        "kan ikke ha sluttdato etter dagen",
    ),
    "takes part already": (takes_part, "deltar alt"),
    "e-mail of a person": (
        camp(Kilde="Fra kari.nordmann@example.org"), "e-post",
    ),
    "merged cells": (merge, "er slått sammen"),
    "a column renamed": (rename, "«Navn (bokmål)» mangler"),
    "a sheet renamed": (no_sheet, "ny arbeidsbok. Heter det nå «Partnarar»?"),
    "the base lost": (lost, "har mistet det den husker"),
    "the base changed": (tampered, "endret i det skjulte arket"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_refused_with_a_clear_word(name: str, book: Book) -> None:
    do, said = DAMAGE[name]
    before = files(book.path.parent)
    do(book)
    told = back(book, "--yes")
    assert said in told.stdout + told.stderr
    assert told.returncode in (1, 2)
    assert "Traceback" not in told.stderr
    assert files(book.path.parent) == before


def move_column(b: Book) -> None:
    sheet = b["Aktiviteter"]
    for row in range(1, sheet.max_row + 1):
        one, two = sheet.cell(row, 2), sheet.cell(row, 4)
        one.value, two.value = two.value, one.value


def sort_rows(b: Book) -> None:
    sheet = b["Partnere"]
    keyed = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value]
    rows = [[c.value for c in sheet[r]] for r in keyed]
    random.Random(1).shuffle(rows)
    for row, values in zip(keyed, rows, strict=True):
        for number, value in enumerate(values, 1):
            sheet.cell(row, number).value = value


def add_heading_and_column(b: Book) -> None:
    b["Aktiviteter"].insert_rows(1)
    b["Aktiviteter"].cell(1, 1).value = "Mine notater"
    b["Partnere"].cell(1, 30).value = "Telefon"
    b["Partnere"].cell(2, 30).value = "12345678"
    b.book.create_sheet("Kladd")


def hide_rows(b: Book) -> None:
    b["Aktiviteter"].row_dimensions[2].hidden = True


def delete_row(b: Book) -> None:
    b["Deltakere"].delete_rows(2)


def decompose(b: Book) -> None:
    """As a Mac may write it, with the ring apart, and spaces that can't be seen."""
    b.put(
        "Partnere",
        "organisation/fjordlandsradet",
        **{"Navn (bokmål)": "Fjordlandsra\u030adet\u00a0 "},
    )


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (move_column, ""),
        (sort_rows, ""),
        (add_heading_and_column, "Ikke lest"),
        (hide_rows, "1 skjult rad er lest"),
        (delete_row, "1 rad mangler i arbeidsboken og blir stående"),
        (decompose, ""),
    ],
)
def test_harmless_changes_do_no_harm(
    do: Callable[[Book], object], said: str, book: Book
) -> None:
    before = files(book.path.parent)
    do(book)
    told = back(book, "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.endswith("Ingenting å endre.\n")
    assert said in told.stdout
    assert files(book.path.parent) == before


def test_an_older_workbook_takes_and_keeps_both_sides(book: Book) -> None:
    """The register went on: another name there is kept, the same one is a conflict."""
    file = book.path.parent / "data" / "strategy" / "fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    text = text.replace('"Pen friends"@en', '"Letter friends"@en')
    file.write_text(text, encoding="utf-8")
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    assert back(book, "--yes").returncode == 0
    now = file.read_text(encoding="utf-8")
    assert '"Letter friends"@en' in now
    assert '"Pennevenner"@nb' in now
    book.put("Aktiviteter", PEN, **{"Navn (engelsk)": "Paper friends"})
    told = back(book, "--yes")
    assert told.returncode == 1
    assert (
        "Før: Pen friends. Registeret nå: Letter friends. Arbeidsboken: Paper"
        in told.stdout
    )
    assert file.read_text(encoding="utf-8") == now


def test_a_twin_can_be_said_to_be_new(book: Book) -> None:
    book.add("Aktiviteter", {**CAMP, "Navn (bokmål)": "Brev-venner"})
    told = back(book, "--yes", "--new", "Brev-venner")
    assert told.returncode == 0, told.stdout
    assert "activity/brev-venner" in told.stdout


@pytest.mark.parametrize(
    ("answers", "code", "lands"),
    [("x\nnei\nj\n", 0, True), ("nei\nn\n", 1, False), ("ja\n", 1, False)],
)
def test_a_person_is_asked_of_twins_and_before_anything_is_written(
    answers: str, code: int, lands: bool, book: Book
) -> None:
    """The first question is whether it is the same, the second whether to write."""
    book.add("Aktiviteter", {**CAMP, "Navn (bokmål)": "Brev-venner"})
    book.save()
    typed, terminal = os.openpty()
    os.write(typed, answers.encode())
    ran = subprocess.run(
        [sys.executable, "-m", "glokal", "sheet", "import", "r.xlsx"],
        cwd=book.path.parent, stdin=terminal, capture_output=True, text=True,
        timeout=120, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    os.close(typed)
    os.close(terminal)
    assert "«Brev-venner» ligner på «Brevvenner», som finnes." in ran.stderr
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert (book.path.parent / "data" / "register").exists() == lands


def test_a_second_report_keeps_the_first(book: Book) -> None:
    file = book.path.parent / "data" / "register" / "reports.ttl"
    book.put("Aktiviteter", PEN, Status="Pågår", **SOURCE)
    assert back(book, "--yes").returncode == 0
    first = file.read_text(encoding="utf-8")
    run("sheet", "export", book.path.parent / "r.xlsx", cwd=book.path.parent)
    later = Book(book.path)
    shown = later["Aktiviteter"].cell(2, later.column("Aktiviteter", "Status")).value
    assert shown == "Pågår"
    later.put("Aktiviteter", PEN, Status="Avsluttet")
    told = back(later, "--yes")
    assert "trenger en ny kilde" in told.stdout
    later.put("Aktiviteter", PEN, Kilde="Vedtak 9/26")
    assert back(later, "--yes").returncode == 0
    second = file.read_text(encoding="utf-8")
    # What was reported stays as it was, and the new report is beside it.
    assert first.partition("\n\n")[2].strip() in second
    assert "report:brevvenner-2026-11-25-2 a glo:Report" in second


@pytest.mark.parametrize("text", ["=1+1", "+47", "-leir", "@navn", "'sitat"])
def test_text_that_starts_like_a_formula_stays_text(text: str, region: Path) -> None:
    file = region / "data" / "strategy" / "fjordland.ttl"
    turtle = file.read_text(encoding="utf-8").replace('"Brevvenner"@nb', f'"{text}"@nb')
    file.write_text(turtle, encoding="utf-8")
    for target in ("r.xlsx", "r-csv"):
        assert run("sheet", "export", region / target, cwd=region).returncode == 0
        told = run("sheet", "import", region / target, "--yes", cwd=region)
        assert told.stdout == "Ingenting å endre.\n"
    cell = Book(region / "r.xlsx")["Aktiviteter"].cell(2, 2)
    assert (cell.value, cell.data_type) == (text, "s")
    lines = (region / "r-csv" / "aktiviteter.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].split(";")[1] == f"'{text}"
    assert file.read_text(encoding="utf-8") == turtle


def test_csv_is_taken_back_too_and_lost_letters_are_refused(region: Path) -> None:
    run("sheet", "export", region / "r-csv", cwd=region)
    file = region / "r-csv" / "aktiviteter.csv"
    text = file.read_text("utf-8-sig").replace("Brevvenner", "Blåbærvenner")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=",").writerows(rows)
    told = run("sheet", "import", region / "r-csv", "--yes", cwd=region)
    assert told.returncode == 0, told.stdout + told.stderr
    assert '"Blåbærvenner"@nb' in files(region)["data/strategy/fjordland.ttl"].decode()
    older = text.replace("Pen friends", "Mail on Ål").encode("cp1252")
    file.write_bytes(older)
    told = run("sheet", "import", region / "r-csv", "--yes", cwd=region)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Lest som Latin-1, ikke UTF-8: aktiviteter.csv." in told.stdout
    assert '"Mail on Ål"@en' in files(region)["data/strategy/fjordland.ttl"].decode()
    # 0x81 stands for nothing in Windows-1252.
    file.write_bytes(older.replace(b"on \xc5l", b"on \x81l"))
    told = run("sheet", "import", region / "r-csv", "--yes", cwd=region)
    assert told.returncode == 2
    assert "CSV UTF-8" in told.stderr


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.xlsx", b"no workbook", "ikke en hel arbeidsbok"),
        ("x.xls", b"\xd0\xcf\x11\xe0", "lagre den som .xlsx"),
        ("x.ods", b"PK", "ikke en hel arbeidsbok"),
        ("x.csv", b"a;b", "hele arbeidsboken"),
    ],
)
def test_what_is_no_workbook_is_refused(
    name: str, data: bytes, said: str, region: Path
) -> None:
    (region / name).write_bytes(data)
    told = run("sheet", "import", region / name, cwd=region)
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_a_file_that_is_not_formatted_is_left_alone(book: Book) -> None:
    file = book.path.parent / "data" / "strategy" / "fjordland.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace(" ;", ";"), "utf-8")
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    told = back(book, "--yes")
    assert told.returncode == 1
    assert "run glokal fmt data/strategy/fjordland.ttl first" in told.stderr


def test_the_workbook_of_another_register_is_refused(
    book: Book, strategy: Workspace, tmp_path: Path
) -> None:
    shutil.copy(book.path, tmp_path / "r.xlsx")
    told = run("sheet", "import", tmp_path / "r.xlsx", cwd=strategy.project.root)
    assert told.returncode == 2
    assert "hører til et annet register" in told.stderr


# The parts.


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Vinterleir på Ål", "vinterleir-pa-al"),
        ("Ærlig & Øvre: 3. året", "aerlig-ovre-3-aret"),
        ("Señor Müller", "senor-muller"),
        ("Saemien Sïjte", "saemien-sijte"),
        ("!!!", ""),
        ("ord " * 40, "ord-" * 14 + "ord"),
    ],
)
def test_slugs_are_made_by_the_style(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("name", "other", "twin"),
    [
        ("Erasmus + utveksling", "Erasmus+ utveksling av lærere", True),
        ("Nordisk musikkfestival", "Nordisk musikk-festival", True),
        ("Inclusivate 2", "Inclusivate", True),
        ("Inclusivate-prosjektet", "INCLUSIVATE", True),
        ("Valtel", "VälTel", True),
        ("Leir", "Sommerleir", False),
        ("Erasmus+", "Erasmus+ stipender", False),
        ("Nordisk leir", "Nordisk musikkfestival", False),
    ],
)
def test_likely_twins(name: str, other: str, twin: bool) -> None:
    assert bool(probable_duplicates(name, {"a": other}, ["Erasmus+"])) == twin


def test_of_many_names_alike_the_five_likeliest_are_asked_about() -> None:
    known = {f"a{n}": f"{n}. samling i Fjordland" for n in range(10, 40)}
    known["same"] = "77. Samling i Fjordland"
    keys = probable_duplicates("77. samling i Fjordland", known)
    assert keys[0] == "same"
    assert len(keys) == 5


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_any_text_is_taken_in_one_form_or_refused(text: str) -> None:
    try:
        once = plain_text(text)
    except CellError as error:
        assert error.fault == "control"
    else:
        assert plain_text(once) == once
        assert once == once.strip()


words = st.sampled_from("abc").map(lambda n: ox.NamedNode(f"http://e/{n}"))
values = words | st.integers(0, 3).map(lambda n: ox.Literal(str(n), language="nb"))
triples = st.builds(ox.Triple, words, words, values)


@settings(max_examples=150)
@given(st.sets(triples, max_size=8), st.sets(triples, max_size=4), st.randoms())
def test_an_edit_does_what_it_says_and_keeps_comments(
    there: set[ox.Triple], added: set[ox.Triple], chance: random.Random
) -> None:
    removed = {t for t in there if chance.random() < 0.4}
    # Comments above a thing, and behind a value.
    text = format_turtle(
        "".join(
            f"# No. {n}.\n{t} .\n" if n % 2 else f"{t} . # No. {n}.\n"
            for n, t in enumerate(sorted(there, key=str))
        ),
        "x",
    )
    done = edit_turtle(text, "x", sorted(removed, key=str), sorted(added, key=str), {})
    got = {q.triple for q in ox.parse(input=done, format=ox.RdfFormat.TURTLE)}
    assert got == (there - removed) | added
    assert format_turtle(done, "x") == done
    if there - removed:
        gone = [n for n in range(len(there)) if f"# No. {n}." not in done]
        subjects = {t.subject for t in (there - removed) | added}
        # A comment goes only with the last that is said of its thing.
        ordered = sorted(there, key=str)
        assert all(ordered[n].subject not in subjects for n in gone)
    with pytest.raises(SourceError, match="not formatted"):
        edit_turtle(text + "\n", "x", [], [], {})

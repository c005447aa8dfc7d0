"""The flat sheet and what people do to a workbook: all of it lands, or is told.

Most of it is asked of the plan alone, on the invented region; a few go all the way.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.workbook import base_snapshot
from glokal.workbook.cell_parsing import CellError, read_cell
from glokal.workbook.changes import ImportPlan
from glokal.workbook.countries import find_country
from glokal.workbook.layout import BOOK_LANGUAGES, load_layout
from glokal.workbook.merge import plan_import
from glokal.workbook.personal_data import personal_names, telephone_numbers
from glokal.workbook.planning import Answers
from glokal.workbook.read_workbook import read_workbook
from glokal.workbook.rows import WorkbookRows, read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.contact import DAY, PEN, SOURCE, Book, back, files, run

MELD = "Meld"
ROAD = {
    "Tiltak": "Grønn fjellvei",
    "Type": "internasjonal aktivitet",
    "Kommune": "Nes",
    "Partnere": "Bräcke kommun (Sverige)",
    "Program": "Interreg",
    "Status": "Pågår",
    "Startdato": "2025",
}
ENGLISH = {"Grønn fjellvei": "Green mountain road"}


@pytest.fixture(scope="module")
def workspace(warm_region: Path) -> Workspace:
    return Workspace(load_project(warm_region))


@pytest.fixture(scope="module")
def now(workspace: Workspace) -> WorkbookRows:
    return read_rows(workspace)


@pytest.fixture
def book(workspace: Workspace, now: WorkbookRows, region: Path) -> Book:
    (region / "r.xlsx").write_bytes(write_workbook(now, workspace.project))
    return Book(region / "r.xlsx")


def plan(
    book: Book,
    now: WorkbookRows,
    english: Mapping[str, str] = ENGLISH,
    new: tuple[str, ...] = (),
    not_persons: tuple[str, ...] = (),
) -> ImportPlan:
    book.save()
    project = load_project(book.path.parent)
    filled = read_workbook(book.path, project, "nb")
    answers = Answers(
        lambda name, _other: name in new,
        lambda name: english.get(name, ""),
        frozenset(not_persons),
    )
    used = frozenset(key for rows in now.rows.values() for key in rows)
    return plan_import(filled, now, used, answers, DAY)


def faults(made: ImportPlan) -> set[tuple[str, str]]:
    return {(f.column, f.name) for a in made.rejected for f in a.faults}


def said(project: Path, name: str) -> set[str]:
    """The objects of a property in the register, read by another parser's store."""
    found = set()
    for file in (project / "data" / "register").glob("*.ttl"):
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE):
            if quad.predicate.value.endswith(f"#{name}"):
                found.add(str(quad.object))
    return found


# One row is one activity.


def test_three_things_are_reported_in_fifteen_cells(book: Book) -> None:
    """A label corrected, an activity ended, another added with a foreign partner."""
    cells = [
        ("Tiltak", "Pennevenner"),
        ("Status", "Avsluttet"), ("Sluttdato", "10.2026"), *SOURCE.items(),
    ]  # fmt: skip
    book.put(MELD, PEN, **dict(cells))
    book.add(MELD, ROAD)
    assert len(cells) + len(ROAD) <= 15
    told = back(book, "--yes", "--english", "Grønn fjellvei=Green mountain road")
    assert told.returncode == 0, told.stdout + told.stderr
    region = book.path.parent
    assert (
        "Dag, den som går god, og kilde er tatt fra raden over: 3 ← 2." in told.stdout
    )
    assert "(organisation/bracke-kommun)" in told.stdout.partition("Forslag")[2]
    assert '"2026-10"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>' in said(
        region, "endDate"
    )
    assert '"2025"^^<http://www.w3.org/2001/XMLSchema#gYear>' in said(
        region, "startDate"
    )
    assert said(region, "reportSource") == {'"Vedtak 7/26"'}
    assert said(region, "countryCode") == {'"SE"'}
    assert said(region, "locatedIn") == {
        "<https://fjordland.example/id/country/sverige>"
    }
    assert "<https://fjordland.example/id/authority/nes>" in said(region, "participant")
    # It comes again, by mistake and after a second thought.
    assert back(book, "--yes").stdout.endswith("Ingenting å endre.\n")
    again = Book(book.path)
    again.put(MELD, PEN, Sluttdato="30.10.2026")
    told = back(again, "--yes")
    assert told.returncode == 0, told.stdout
    assert '"2026-10-30"^^<http://www.w3.org/2001/XMLSchema#date>' in said(
        region, "endDate"
    )
    row = again.row(MELD, None)
    again.cell(MELD, row, "Status").value = "Planlagt"
    told = back(again, "--yes")
    assert "finnes alt" in told.stdout
    assert told.returncode == 0, told.stdout


def test_a_correction_counts_in_the_view_and_not_in_the_strategy(book: Book) -> None:
    cells = {"Program": "Nordplus", "Fagområde": "Helse og velferd"}
    book.put(MELD, PEN, **cells, Type="internasjonal aktivitet", **SOURCE)
    told = back(book, "--yes")
    assert told.returncode == 0, told.stdout
    project = load_project(book.path.parent)
    for day, programmes in ((None, {"nordplus-junior"}), (DAY, {"nordplus"})):
        seen = {
            text_of(t.object).rpartition("/")[2]
            for file in Workspace(project, day).seen
            if file.in_default_graph
            for t in file.triples
            if t.predicate.value.endswith("#supportedUnder")
        }
        assert seen == programmes


def test_the_sheet_offers_the_municipality_it_was_made_for(
    workspace: Workspace, now: WorkbookRows, region: Path
) -> None:
    mine = read_rows(workspace, "nes")
    (region / "n.xlsx").write_bytes(write_workbook(mine, workspace.project))
    nes = Book(region / "n.xlsx")
    nes.add(MELD, {**ROAD, "Kommune": None, **SOURCE})
    made = plan(nes, now)
    assert not faults(made)
    who = {a.row["organisation"] for a in made.accepted if a.kind == "participation"}
    assert "https://fjordland.example/id/authority/nes" in who
    assert "Til Nes. Sendes tilbake til" in nes["Les meg"]["A2"].value


def test_who_is_taken_out_of_a_cell_is_asked_about(
    book: Book, now: WorkbookRows
) -> None:
    book.put(MELD, PEN, Kommune="Nes kommune", **SOURCE)
    assert ("municipalities", "left") in faults(plan(book, now))


def test_a_row_is_taken_whole_or_not_at_all(book: Book, now: WorkbookRows) -> None:
    book.add(MELD, {**ROAD, "Startdato": "våren", **SOURCE})
    made = plan(book, now)
    assert faults(made) == {("start", "date")}
    assert made.accepted == []


def test_the_editor_is_asked_for_english_and_the_contact_is_not(
    book: Book, now: WorkbookRows
) -> None:
    book.add(MELD, {**ROAD, **SOURCE})
    assert faults(plan(book, now, english={})) == {("name_en", "ask_english")}
    told = back(book, "--yes")
    assert '--english "Grønn fjellvei=' in told.stdout
    marked = openpyxl.load_workbook(book.path.with_name("r-feil.xlsx"))
    assert "engelsk" not in str([c.value for c in marked["Feil"]["C"]])


# New names.


def test_new_names_are_proposals_and_countries_are_known(
    book: Book, now: WorkbookRows
) -> None:
    book.add(
        MELD,
        {
            **ROAD,
            "Program": "Interreg; Nordplus",
            "Land": "Sweden; Noreg; Jämtland",
            "Partnere": "Turku amk (Finland); Fjordlandsrådet; SSB (Brussel)",
            **SOURCE,
        },
    )
    made = plan(book, now)
    assert not faults(made)
    new = {a.key for a in made.accepted}
    assert new >= {
        "country/sverige", "country/norge", "country/finland", "place/jamtland",
        "programme/interreg", "organisation/turku-amk", "organisation/ssb-brussel",
    }  # fmt: skip
    assert {a.kind for a in made.proposals} == {"organisation", "place", "programme"}


@pytest.mark.parametrize(
    ("column", "written", "near"),
    [
        ("Program", "Nordplus Junor", "Nordplus Junior"),
        ("Partnere", "Fjordlandsrodet", "Fjordlandsrådet"),
        # The register knows none of these countries yet.
        ("Land", "Sverike", "Sverige"),
        ("Land", "Dannmark", "Danmark"),
    ],
)
def test_a_slip_is_no_new_name(
    column: str, written: str, near: str, book: Book, now: WorkbookRows
) -> None:
    book.add(MELD, {**ROAD, **SOURCE, column: written})
    made = plan(book, now)
    (fault,) = [f for a in made.rejected for f in a.faults]
    assert (fault.name, fault.details["near"]) == ("name_near", near)
    assert not faults(plan(book, now, new=(written,)))


def test_countries_are_those_of_iso_3166() -> None:
    """The codes by ISO 3166-1; EU, a continent and a made-up one are none."""
    known = {"Sverige": "SE", "Tyskland": "DE", "Austerrike": "AT", "Czechia": "CZ"}
    for name, code in known.items():
        country = find_country(name)
        assert country is not None and country.code == code
    for name in ("Europa", "Norden", "Ruritania", "Den europeiske union"):
        assert find_country(name) is None


# Dates.


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026", "2026"), (2026, "2026"), ("3.2026", "2026-03"), ("03/2026", "2026-03"),
        ("2026-03", "2026-03"), ("1.3.2026", "2026-03-01"),
        # A year that was typed in a cell for dates.
        (datetime.datetime(1905, 7, 18), "2026"),
        (datetime.datetime(2026, 3, 1), "2026-03-01"),
    ],
)  # fmt: skip
def test_dates_are_as_exact_as_they_are_written(written: object, value: str) -> None:
    start = load_layout().sheet("report").column("start")
    assert read_cell(written, start, {}, lambda *_: "") == value


@pytest.mark.parametrize(
    "written", ["13.2026", "32.1.2026", "våren 2026", "26", 46000, True, "1.1.26"]
)
def test_what_is_no_date_is_refused(written: object) -> None:
    start = load_layout().sheet("report").column("start")
    with pytest.raises(CellError):
        read_cell(written, start, {}, lambda *_: "")


# Several hands.


def changed(now: WorkbookRows, sheet: str, key: str, **cells: str) -> WorkbookRows:
    """The register as it is when somebody else's change has come in."""
    rows = {name: dict(each) for name, each in now.rows.items()}
    there = rows[sheet].get(key) or dict.fromkeys(
        (*load_layout().sheet(sheet).names, "area"), ""
    )
    rows[sheet][key] = {**there, **cells}
    lists = {name: dict(known) for name, known in now.lists.items()}
    lists["participationIn"][cells["name_nb"]] = f"https://fjordland.example/id/{key}"
    return dataclasses.replace(now, rows=rows, lists=lists)


NES, VIK = (f"https://fjordland.example/id/authority/{n}" for n in ("nes", "vik"))


def test_two_municipalities_confirm_one_activity(book: Book, now: WorkbookRows) -> None:
    """Vik's confirmation came in after the workbook had gone out to Nes."""
    later = changed(
        now, "activity", PEN, name_nb="Brevvenner",
        checked="2026-11-25", vouched=VIK, source="Vedtak 1/26",
    )  # fmt: skip
    book.put(MELD, PEN, **{**SOURCE, "Sist kontrollert": datetime.date(2026, 11, 20)})
    (made,) = plan(book, later).accepted
    assert set(made.edits) == {"checked", "vouched", "source"}
    assert made.row["vouched"] == NES


def test_the_same_new_project_from_a_second_partner_is_recognised(
    book: Book, now: WorkbookRows
) -> None:
    kind = next(iter(now.lists["kinds:InternationalActivity"].values()))
    later = changed(
        now, "activity", "activity/gronn-fjellvei",
        name_nb="Grønn fjellvei", name_en="Green road", type=kind,
        status="https://w3id.org/glokal/code/activity-status/running",
        start="2025", checked="2026-11-01", vouched=VIK, source="Vedtak 1/26",
    )  # fmt: skip
    book.add(MELD, {**ROAD, "Program": None, **SOURCE})
    made = plan(book, later)
    assert not faults(made), faults(made)
    activity = next(a for a in made.accepted if a.kind == "activity")
    assert activity.again
    assert set(activity.edits) == {"checked", "vouched", "source"}
    assert {a.key for a in made.accepted if a.kind == "participation"} == {
        "participation/gronn-fjellvei-nes",
        "participation/gronn-fjellvei-bracke-kommun",
    }


SORTED = {
    "Tiltak": ["Alfa", "Beta", "Gamma"],
    "Tiltak (engelsk)": ["Alpha", "Beta", "Gamma"],
    "Sluttdato": ["2026-01", "2026-02", "2026-03"],
}


@pytest.mark.parametrize("column", SORTED)
def test_a_column_that_was_sorted_by_itself_is_noticed(
    column: str, workspace: Workspace, now: WorkbookRows, region: Path
) -> None:
    there = now
    for n, slug in enumerate(("a", "b", "c")):
        cells = {
            "name_nb": SORTED["Tiltak"][n], "name_en": SORTED["Tiltak (engelsk)"][n],
            "type": next(iter(now.lists["kinds:InternationalActivity"].values())),
            "end": SORTED["Sluttdato"][n], "checked": "2026-01-01", "vouched": NES,
            "source": f"Vedtak {n}/26",
        }  # fmt: skip
        there = changed(there, "activity", f"activity/{slug}", **cells)
        flat = {k: v for k, v in cells.items()}
        there = changed(there, "report", f"activity/{slug}", **flat)
    (region / "s.xlsx").write_bytes(write_workbook(there, workspace.project))
    book = Book(region / "s.xlsx")
    assert plan(book, there).asked == []
    keys = [f"activity/{slug}" for slug in ("a", "b", "c")]
    cells = [book.cell(MELD, book.row(MELD, key), column) for key in keys]
    for cell, value in zip(
        cells, [c.value for c in cells[1:] + cells[:1]], strict=True
    ):
        cell.value = value
    name = next(
        c.name for c in load_layout().sheet("report").columns if c.title == column
    )
    if column == "Sluttdato":
        for n, key in enumerate(keys):
            book.put(MELD, key, Kilde=f"Vedtak {n + 5}/26")
    assert (name, "moved") in faults(plan(book, there))


# What is said beside the cells.


def note(b: Book) -> None:
    b[MELD]["B2"].comment = Comment("Er slutt", "Kontakt")


def colour(b: Book) -> None:
    b[MELD]["B2"].fill = PatternFill("solid", fgColor="FFFF00")


def strike(b: Book) -> None:
    b[MELD]["B2"].font = Font(strike=True)


def own_column(b: Book) -> None:
    b[MELD]["R1"].value = "Mitt"
    b[MELD]["R2"].value = "Avsluttet i 2024"


def below(b: Book) -> None:
    b[MELD]["R30"].value = "Avsluttet i 2024"


def own_sheet(b: Book) -> None:
    b.book.create_sheet("Kladd")["B7"].value = "Ring meg"


def instructions(b: Book) -> None:
    b["Les meg"]["A40"].value = "Hilsen oss"


def remark(b: Book) -> None:
    b.put(MELD, PEN, Merknad="Usikker på dette")


@pytest.mark.parametrize(
    ("do", "kind", "text"),
    [
        (note, "note", "Er slutt"),
        (colour, "colour", "ffff00"), (strike, "strike", ""),
        (own_column, "own", "Avsluttet i 2024"), (below, "own", "Avsluttet i 2024"),
        (own_sheet, "own", "Ring meg"), (instructions, "own", "Hilsen oss"),
        (remark, "remark", "Usikker på dette"),
    ],
)  # fmt: skip
def test_what_is_said_beside_the_cells_is_told_and_changes_nothing(
    do: Callable[[Book], object], kind: str, text: str, book: Book, now: WorkbookRows
) -> None:
    assert plan(book, now).remarks == ()
    do(book)
    made = plan(book, now)
    assert made.asked == []
    assert [(r.kind, r.text) for r in made.remarks] == [(kind, text)]


def test_a_second_round_has_only_its_own_marks(book: Book) -> None:
    row = book.put(MELD, PEN, Sluttdato="våren", Status="Ferdig", **SOURCE)
    book.cell(MELD, row, "Status").comment = Comment("Mente vi", "Kontakt")
    assert back(book, "--yes").returncode == 1
    second = Book(book.path.with_name("r-feil.xlsx"))
    assert "Ferdig" in second.cell(MELD, row, "Status").comment.text
    second.cell(MELD, row, "Sluttdato").value = "2026"
    told = back(second, "--yes")
    assert "(merknad i cellen, «Brevvenner»): Mente vi" in told.stdout
    assert "våren" not in told.stdout
    # A copy of a copy isn't r-feil-feil.xlsx.
    third = Book(book.path.with_name("r-feil.xlsx"))
    assert third.cell(MELD, row, "Sluttdato").comment is None
    assert third.cell(MELD, row, "Sluttdato").fill.fill_type is None
    note = third.cell(MELD, row, "Status").comment.text
    assert note.startswith("Mente vi\n") and note.count("Ferdig") == 1


# No private person's data.


@pytest.mark.parametrize(
    ("text", "numbers", "names"),
    [
        ("Telefon fra Kari Nordmann, 912 34 567", ["912 34 567"], ["Kari Nordmann"]),
        ("+46 70-123 45 67", ["+46 70-123 45 67"], []),
        ("Møte med Per-Olav Hansen", [], ["Per-Olav Hansen"]),
        ("Ifølge rektor Xandra Qvist", [], ["Xandra Qvist"]),
        ("Vedtak 12/25 i formannskapet 31.12.2025", [], []),
        ("Melding fra Verdal kommune", [], []),
        ("https://example.org/12345678", [], []),
        ("Sak 2024/1234, org.nr. 974 767 880", [], []),
        ("Erik Werenskiold skole", [], []),
    ],
)
def test_names_and_telephone_numbers_are_noticed(
    text: str, numbers: list[str], names: list[str]
) -> None:
    assert telephone_numbers(text) == numbers
    assert personal_names(text) == names


def test_a_place_of_the_register_begins_no_name_of_a_person() -> None:
    said = "Melding fra Vik Ungdom"
    assert personal_names(said) == ["Vik Ungdom"]
    assert personal_names(said, ["Vik", "Nes"]) == []
    # A given name is one wherever it stands.
    assert personal_names("Fra Kari Vik", ["Vik"]) == ["Kari Vik"]


def test_a_person_in_a_source_is_refused_unless_the_editor_knows_better(
    book: Book, now: WorkbookRows
) -> None:
    book.put(MELD, PEN, **{**SOURCE, "Kilde": "Årsmelding, Kari Nordmann"})
    assert faults(plan(book, now)) == {("source", "person")}
    assert not faults(plan(book, now, not_persons=("Kari Nordmann",)))


def test_personal_data_in_a_remark_is_kept_out_of_the_pull_request(book: Book) -> None:
    book.put(MELD, PEN, Tiltak="Pennevenner", Merknad="Ring Kari Nordmann, 912 34 567")
    story = book.path.with_name("story.md")
    told = back(book, "--yes", "--pull-request", str(story))
    assert "912 34 567" in told.stdout
    written = story.read_text(encoding="utf-8")
    assert "Ring […], […]" in written and "Pennevenner" in written


# The workbook as people meet it.


@pytest.mark.parametrize("lang", BOOK_LANGUAGES)
def test_each_language_goes_out_and_back(
    lang: str, workspace: Workspace, now: WorkbookRows, region: Path
) -> None:
    rows = read_rows(workspace, lang=lang)
    (region / "r.xlsx").write_bytes(write_workbook(rows, workspace.project))
    book = Book(region / "r.xlsx")
    layout = load_layout(lang)
    assert book.book.sheetnames[:3] == [
        layout.title, *(s.title for s in layout.sheets[:2])
    ]  # fmt: skip
    assert plan(book, rows).asked == []
    assert plan(book, rows).remarks == ()
    status = layout.sheet("report").column("status").title
    book.put(layout.sheet("report").title, PEN, **{status: "???"})
    assert faults(plan(book, rows)) == {("status", "choice")}
    told = back(book, "--yes")
    word = {
        "nb": "er ikke på listen",
        "nn": "er ikkje på lista",
        "en": "not in the list",
        "sv": "finns inte i listan",
    }
    assert word[lang] in told.stdout


@pytest.mark.parametrize("name", ["words", "whole_file", "cell_validation"])
def test_every_language_has_every_word(name: str) -> None:
    file = resources.files("glokal.workbook").joinpath(f"{name}.toml")
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    assert {lang: set(words[lang]) for lang in BOOK_LANGUAGES} == {
        lang: set(words["nb"]) for lang in BOOK_LANGUAGES
    }


def test_people_may_sort_filter_and_insert_and_are_told_what_a_cell_takes(
    book: Book,
) -> None:
    sheet = book[MELD]
    allowed = ("sort", "autoFilter", "insertRows", "formatCells", "objects")
    assert sheet.protection.sheet
    # In the file a 1 means that it is locked.
    assert not any(getattr(sheet.protection, name) for name in allowed)
    # A spreadsheet sorts no rows with a locked cell in them.
    assert not any(c.protection.locked for row in sheet["A2:P9"] for c in row)
    rules = {
        str(r.sqref).split(":")[0]: r for r in sheet.data_validations.dataValidation
    }
    status, partners = rules["J2"], rules["F2"]
    assert status.showErrorMessage and status.showInputMessage and status.prompt
    # A new name may be written where one is meant.
    assert not partners.showErrorMessage and "parentes" in partners.prompt
    assert rules["A2"].formula1 == "FALSE" and rules["A2"].showErrorMessage
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


def test_a_workbook_of_the_first_format_is_still_taken(
    book: Book, now: WorkbookRows
) -> None:
    """It has no flat sheet, no language, no country of a partner."""
    base = book["Grunnlag"]
    said = [
        "".join(str(v) for v in row if v) for row in base.iter_rows(values_only=True)
    ]
    lines = []
    for line in map(json.loads, said[1:]):
        if line[0] == "row":
            line[3] = {k: v for k, v in line[3].items() if k not in ("area", "country")}
        lines.append(
            json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )
    head = {k: v for k, v in json.loads(said[0]).items() if k != "lang"}
    head |= {"glokal": 1, "digest": base_snapshot._digest(lines)}
    base.delete_rows(1, base.max_row)
    for number, line in enumerate([json.dumps(head), *lines], 1):
        base.cell(number, 1).value = line
    del book.book[MELD]
    book["Partnere"].delete_cols(book.column("Partnere", "Land"))
    assert plan(book, now).asked == []
    book.put("Aktiviteter", PEN, **{"Navn (bokmål)": "Pennevenner"})
    (made,) = plan(book, now).accepted
    assert made.edits == ("name_nb",)


def test_the_fault_of_a_whole_file_is_shown_in_a_copy(book: Book) -> None:
    book[MELD].merge_cells("B2:C2")
    before = files(book.path.parent)
    told = back(book, "--yes", "--lang", "nn")
    assert told.returncode == 2
    assert (
        "[Meld]: Cellene B2:C2 er slått saman. Gjer dette: del dei opp" in told.stderr
    )
    marked = openpyxl.load_workbook(book.path.with_name("r-feil.xlsx"))
    assert "slått saman" in marked[MELD]["B2"].comment.text
    assert files(book.path.parent) == before


def test_letters_ask_each_municipality_of_its_own(region: Path) -> None:
    told = run("remind", region / "ut", "--on", "2026-11-25", cwd=region)
    assert told.returncode == 0, told.stderr
    there = {path.name for path in (region / "ut").iterdir()}
    assert there == {"spurt.csv"} | {
        f"{who}-{what}"
        for who in ("nes", "vik")
        for what in ("brev-nb.txt", "brev-nn.txt", "nb.xlsx", "nn.xlsx")
    }
    letter = (region / "ut/vik-brev-nn.txt").read_text("utf-8-sig")
    assert "Brevvenner: status ikkje oppgitt, aldri kontrollert" in letter
    assert "16. desember 2026" in letter
    told = run("sheet", "import", region / "ut/vik-nn.xlsx", "--yes", cwd=region)
    assert told.stdout == "Ingenting å endre.\n"
    run("remind", region / "ut", "--on", "2027-11-25", cwd=region)
    table = (region / "ut/spurt.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[:3] for line in table[1:]] == [
        [day, who, "1"]
        for day in ("2026-11-25", "2027-11-25")
        for who in ("nes", "vik")
    ]

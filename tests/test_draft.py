"""Drafts: what passages give without judgement, and what a person confirms of it.

The rows of the two invented documents were read by hand before anything was drafted;
those of the real strategy are the entries that `data/strategy` has held all along.
"""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result

from glokal.cli.main import cli
from glokal.core.errors import FindingsError, InputError, UsageError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.source.draft_known import KnownThings
from glokal.source.draft_row import SHEETS
from glokal.source.draft_rows import draft_rows
from glokal.source.project_documents import project_documents
from glokal.validation.drafts import check_drafts
from glokal.validation.pipeline import run_checks
from glokal.workbook.draft_layout import draft_columns, sheet_named, sheet_title
from tests.conftest import REGION, ROOT, copy_project
from tests.draft_book import Book
from tests.draft_rows_read import entries, listed

SWEDISH = (
    ("Kommun", "Skola och lärande", "Näringsliv"),
    ("Granvik", ["Nordplus Junior – brevvänner", "Musikläger i Tartu"], []),
    ("ÄLVNÄS", ["Nordplus Junior – brevvänner"], ["Fiske utan gränser"]),
)
# Read in the table above: row, column, item.
READ = [
    ("Granvik", "Skola och lärande", "Nordplus Junior – brevvänner"),
    ("Granvik", "Skola och lärande", "Musikläger i Tartu"),
    ("Älvnäs", "Skola och lärande", "Nordplus Junior – brevvänner"),
    ("Älvnäs", "Näringsliv", "Fiske utan gränser"),
]
GOALS = [("1", "Fler unga reser ut"), ("2", "Skolor har vänner i Norden")]


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(
        cli, ["--project", str(folder), *args], catch_exceptions=False
    )


def begin(folder: Path, *languages: str) -> Path:
    asked = [part for language in languages for part in ("--language", language)]
    named = ["--name", "Storvik", "--publisher", "Storviksrådet", "--country", "SWE"]
    run(folder, "init", str(folder), *named, *asked)
    return folder


def swedish(path: Path) -> Path:
    made = docx.Document()
    made.add_heading("Storvik ut i världen", 0)
    made.add_heading("Mål", 1)
    for _, text in GOALS:
        made.add_paragraph(text, style="List Number")
    made.add_heading("Bilaga", 1)
    made.add_paragraph("Älvnäs och Granvik arbetar tillsammans.")
    table = made.add_table(0, 3)
    for row in SWEDISH:
        cells = table.add_row().cells
        for cell, texts in zip(cells, row, strict=True):
            first, *rest = [texts] if isinstance(texts, str) else (texts or [""])
            cell.text = first
            for text in rest:
                cell.add_paragraph(text)
    made.save(str(path))
    return path


@pytest.fixture
def storvik(tmp_path: Path) -> Path:
    folder = begin(tmp_path / "storvik", "nb", "en")
    file = swedish(tmp_path / "plan.docx")
    run(folder, "source", "import", str(file), "--language", "sv")
    assert run(folder, "draft").exit_code == 0
    return folder


def fill(path: Path) -> None:
    """Confirm all that the Swedish plan says."""
    book = Book(path)
    book.put("Planen og steder", 2, Bekreftet="x", Type="internasjonal strategi",
             Navn_bokmål="Storvik ut i verden",
             Navn_engelsk="Storvik into the world")  # fmt: skip
    book.put("Planen og steder", 3, Bekreftet="x")
    book.put("Planen og steder", 4, Bekreftet="ja")
    book.put("Planen og steder", 5, Bekreftet="x", Sitat="Musikläger i Tartu",
             Type="sted", Navn_bokmål="Tartu", Navn_engelsk="Tartu")  # fmt: skip
    book.put("Kolonner", 2, Bekreftet="x", Navn_bokmål="Skole og læring",
             Navn_nynorsk="Skule og læring", Navn_engelsk="School")  # fmt: skip
    book.put("Kolonner", 3, Bekreftet="x", Navn_bokmål="Næringsliv",
             Navn_nynorsk="Næringsliv", Navn_engelsk="Business")  # fmt: skip
    goals = [("Flere unge reiser ut", "More young people go abroad"),
             ("Skoler har venner i Norden", "Schools have friends")]  # fmt: skip
    for line, (nb, en) in enumerate(goals, 2):
        book.put("Elementer", line, Bekreftet="x", Navn_bokmål=nb, Navn_engelsk=en,
                 Ordlyd_bokmål=nb, Ordlyd_engelsk=en)  # fmt: skip
    pen = {"Navn_bokmål": "Brevvenner", "Navn_engelsk": "Pen friends",
           "Navn_svensk": "Brevvänner", "Type": "utveksling",
           "Program": "Nordplus Junior"}  # fmt: skip
    camp = {"Navn_bokmål": "Musikkleir", "Navn_engelsk": "Music camp",
            "Type": "prosjekt", "Partner": "Tartu"}  # fmt: skip
    fish = {"Navn_bokmål": "Fiske uten grenser", "Type": "prosjekt",
            "Navn_engelsk": "Fishing without borders"}  # fmt: skip
    for line, values in enumerate((pen, camp, pen, fish), 2):
        book.put(
            "Oppføringer", line, Bekreftet="x", Sikkerhet="Sikker plassering", **values
        )
    book.save()


def test_the_strategys_entries_are_drafted_from_its_passages() -> None:
    """Nothing is known but the passages; what must come out stands in the data."""
    workspace = Workspace(load_project(ROOT))
    project = workspace.project
    document = project_documents(project)["strategy-2023-2027"]
    rows = draft_rows(document, KnownThings((), project.things), project.languages)
    assert Counter(listed(rows, "municipality", "area")) == entries(workspace)


def test_a_swedish_table_gives_the_rows_that_were_read(storvik: Path) -> None:
    project = load_project(storvik)
    (document,) = project_documents(project).values()
    rows = draft_rows(document, KnownThings((), project.things), ("nb", "en", "sv"))
    assert listed(rows, "municipality", "area") == READ
    elements = [
        (r.values["kind"], r.values["number"], r.values["statement_sv"])
        for r in rows
        if r.sheet == "elements"
    ]
    assert elements == [("Goal", number, text) for number, text in GOALS]
    places = [r.values.get("name_nb") for r in rows if r.sheet == "things"]
    assert places[1:] == ["Granvik", "Älvnäs"]


def test_a_draft_is_refused_until_it_is_confirmed(storvik: Path) -> None:
    project = load_project(storvik)
    text = (storvik / "drafts/plan.ttl").read_text(encoding="utf-8")
    found = list(check_drafts((), project))
    assert len(found) == text.count("UnderDevelopment") == 20
    for finding in found:
        assert finding.place and finding.place.file == "drafts/plan.ttl"
        line = text.splitlines()[(finding.place.line or 0) - 1]
        assert line.startswith(":".join(text_of(finding.focus).split("/")[-2:]) + " a ")
        assert "glokal draft apply drafts/plan.xlsx" in finding.text("en")
    # Nothing of it is in the graph.
    assert not [f for f in Workspace(project).files if "drafts" in f.name]


def test_what_is_confirmed_becomes_data_that_the_check_accepts(storvik: Path) -> None:
    path = storvik / "drafts/plan.xlsx"
    fill(path)
    done = run(storvik, "draft", "apply", str(path))
    assert done.exit_code == 0, done.output
    assert "12 rader bekreftet, 0 avvist, 0 er fortsatt utkast" in done.output
    assert run(storvik, "fmt", "--check").exit_code == 0
    run(storvik, "anchor")
    report = run_checks(Workspace(load_project(storvik)), only=("shacl", "quotes"))
    said = [f for f in report.findings if report.fails(f)]
    # The sentence above the table is for a person to read.
    rules = sorted(f.rule.rpartition("#")[2] for f in said)
    assert rules == ["coverage"], said
    known = KnownThings(Workspace(load_project(storvik)).files, report_things(storvik))
    pen = known.named("activity", "Brevvenner")
    assert len(known.values(pen, GLO + "statedIn")) == 2
    camp = known.named("activity", "Musikkleir")
    (place,) = known.values(camp, GLO + "hasCounterpartIn")
    assert text_of(place.object) == known.named("place", "Tartu")
    before = {p: p.read_bytes() for p in storvik.rglob("*.ttl")}
    again = run(storvik, "draft", "apply", str(path))
    assert again.exit_code == 0 and "Ingenting å skrive" in again.output
    renamed(storvik, path)
    assert run(storvik, "draft", "apply", str(path)).exit_code == 0
    run(storvik, "anchor")
    assert before == {p: p.read_bytes() for p in storvik.rglob("*.ttl")}


def renamed(folder: Path, path: Path) -> None:
    """Apply it with other names: what is confirmed is no second thing by them."""
    book = Book(path)
    book.put("Planen og steder", 2, Navn_bokmål="En annen plan")
    book.put("Planen og steder", 3, Navn_bokmål="Granviken")
    book.put("Oppføringer", 3, Navn_bokmål="Sommerleir")
    book.path = folder.parent / "plan.xlsx"
    book.save()
    done = run(folder, "draft", "apply", str(book.path))
    assert done.exit_code == 0 and "Tatt bort" in done.output
    known = KnownThings(Workspace(load_project(folder)).files, report_things(folder))
    assert known.named("activity", "Sommerleir")
    assert known.named("municipality", "Granviken")
    assert not known.named("activity", "Musikkleir")
    # It has the name in the document beside its own.
    (one,) = {known.named("municipality", name) for name in ("Granvik", "Granviken")}
    assert one.endswith("/granviken")
    assert len(known.of_path("plan")) == 1


def report_things(folder: Path) -> str:
    return load_project(folder).things


def test_what_is_not_confirmed_stays_a_draft(storvik: Path) -> None:
    path = storvik / "drafts/plan.xlsx"
    book = Book(path)
    book.put("Planen og steder", 3, Bekreftet="x")
    book.put("Oppføringer", 5, Bekreftet="nei")
    book.save()
    done = run(storvik, "draft", "apply", str(path))
    assert "1 rad bekreftet, 1 avvist, 9 er fortsatt utkast" in done.output
    text = (storvik / "drafts/plan.ttl").read_text(encoding="utf-8")
    assert "Fiske utan" not in text and "municipality:granvik a" not in text
    assert "municipality:alvnas a" in text and "authority:granvik" in text
    data = (storvik / "data/strategy/organisations.ttl").read_text(encoding="utf-8")
    assert '"Granvik kommune"@nb' in data and "UnderDevelopment" not in data


def test_wrong_cells_are_told_all_at_once_and_nothing_is_written(
    storvik: Path,
) -> None:
    path = storvik / "drafts/plan.xlsx"
    book = Book(path)
    book.put("Planen og steder", 2, Bekreftet="kanskje")
    book.put("Planen og steder", 3, Bekreftet="x")
    book.put("Kolonner", 2, Bekreftet="x", Sitat="Ord som ingen har skrevet")
    book.put("Elementer", 2, Bekreftet="x", Nummer="første")
    book.put("Oppføringer", 3, Bekreftet="x", Type="turné", Partner="Riga")
    book.put("Oppføringer", 6, Bekreftet="x", Sitat="Nordplus Junior – brevvänner")
    book.save()
    before = {p: p.read_bytes() for p in storvik.rglob("*.ttl")}
    with pytest.raises(FindingsError) as told:
        run(storvik, "draft", "apply", str(path))
    assert told.value.exit_code == 1
    result = CliRunner().invoke(
        cli, ["--project", str(storvik), "draft", "apply", str(path), "--lang", "en"]
    )
    lines = [line.removeprefix(f"{path}: ") for line in result.output.splitlines()]
    places = [line.partition(":")[0] for line in lines]
    assert {
        "Planen og steder!B2", "Kolonner!C2", "Elementer!E2",
        "Oppføringer!F3", "Oppføringer!K3", "Oppføringer!C6",
    } <= set(places)  # fmt: skip
    assert "«kanskje» er verken ja eller nei" in result.output
    assert "rad Granvik" in next(line for line in lines if "!C6" in line)
    assert before == {p: p.read_bytes() for p in storvik.rglob("*.ttl")}


def test_a_workbook_that_may_be_filled_in_is_not_written_over(storvik: Path) -> None:
    fill(storvik / "drafts/plan.xlsx")
    with pytest.raises(UsageError, match="noen kan ha skrevet i den"):
        run(storvik, "draft")
    other = storvik.parent / "other.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(InputError, match="ingen av arkene"):
        run(storvik, "draft", "apply", str(other))


def test_a_draft_that_leads_out_of_the_project_is_not_read(storvik: Path) -> None:
    outside = storvik.parent / "outside.ttl"
    outside.write_text("secret\n", encoding="utf-8")
    (storvik / "drafts/more.ttl").symlink_to(outside)
    report = run_checks(Workspace(load_project(storvik)), only=("quotes",))
    (told,) = [f for f in report.findings if f.rule == "syntax"]
    assert str(told.place) == "drafts/more.ttl" and "secret" not in told.text("en")


def test_a_mark_that_was_moved_to_the_data_is_found(storvik: Path) -> None:
    target = storvik / "data/strategy/plans.ttl"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes((storvik / "drafts/plan.ttl").read_bytes())
    workspace = Workspace(load_project(storvik))
    rules = Counter(f.rule for f in check_drafts(workspace.files, workspace.project))
    assert rules == {"draft": 20, "draft-in-data": 20}


def test_a_second_document_without_a_table_has_a_draft_of_its_own(
    tmp_path: Path,
) -> None:
    folder = copy_project(REGION, tmp_path / "fjordland")
    text = "Handlingsplan\n\nVi vil samarbeide.\n\nTiltak\n\n- Skrive brev\n"
    (tmp_path / "tiltak.txt").write_text(text, encoding="utf-8")
    run(folder, "source", "import", str(tmp_path / "tiltak.txt"))
    with pytest.raises(UsageError, match="several documents"):
        run(folder, "draft")
    assert run(folder, "draft", "--document", "tiltak", "--lang", "nn").exit_code == 0
    book = Book(folder / "drafts/tiltak.xlsx")
    (element,) = book.rows("Element")
    assert element["Type"] == "strategisk grep" and element["Sitat"] == "- Skrive brev"
    assert not list(book.rows("Oppføringar"))
    # What the region has of its first document isn't drafted again.
    run(folder, "draft", "--document", "strategy")
    first = Book(folder / "drafts/strategy.xlsx")
    assert not list(first.rows("Oppføringer"))
    assert "Vik" not in {r["Navn (bokmål)"] for r in first.rows("Planen og steder")}


def test_cells_that_are_no_text_are_told_as_what_they_are(storvik: Path) -> None:
    path = storvik / "drafts/plan.xlsx"
    book = Book(path)
    for line, value in enumerate(
        ("=1+1", datetime.date(2026, 5, 1), "Gran\uf0b7vik"), 2
    ):
        book.book["Planen og steder"].cell(line, 5).value = value
        book.put("Planen og steder", line, Bekreftet="x", Type="kommune")
    book.save()
    told = CliRunner().invoke(
        cli, ["--project", str(storvik), "draft", "apply", str(path), "--lang", "en"]
    )
    shown = [told.output.partition(f"E{line}: ")[2] for line in (2, 3, 4)]
    assert [s.partition(".")[0] for s in shown] == [
        "Cellen har en formel",
        "Regnearket har gjort cellen til en dato (01",
        "Cellen har et tegn som ikke kan vises",
    ]


@pytest.mark.parametrize(
    ("lang", "confirmed", "yes", "said"),
    [
        ("nn", "Stadfest", "ja", "1 rad stadfest, 0 avviste"),
        ("sv", "Bekräftad", "JA", "1 rad bekräftad, 0 avvisade"),
        # An answer in another language than that of the sheet is one as well.
        ("en", "Confirmed", "ja", "1 row confirmed, 0 declined"),
    ],
)
def test_a_draft_in_each_language_is_taken_back(
    lang: str, confirmed: str, yes: str, said: str, storvik: Path
) -> None:
    (storvik / "drafts/plan.xlsx").unlink()
    assert run(storvik, "draft", "--lang", lang).exit_code == 0
    book = Book(storvik / "drafts/plan.xlsx")
    book.put(sheet_title("things", lang), 3, **{confirmed: yes})
    book.save()
    done = run(storvik, "draft", "apply", str(book.path), "--lang", lang)
    assert done.exit_code == 0, done.output
    assert said in done.output
    # It is read whatever language the command speaks.
    again = run(storvik, "draft", "apply", str(book.path), "--lang", "nb")
    assert again.exit_code == 0 and "1 rad bekreftet" in again.output
    known = KnownThings(Workspace(load_project(storvik)).files, report_things(storvik))
    assert known.named("municipality", "Granvik")


@pytest.mark.parametrize("lang", PAGE_LANGUAGES)
def test_a_sheet_is_known_by_its_columns_too(lang: str) -> None:
    """Some titles are of several languages: Medlemskap, Resten, Element."""
    for sheet in SHEETS:
        heads = [c.title for c in draft_columns(sheet, lang, ("nb", "en"))]
        found = sheet_named(sheet_title(sheet, lang), heads, ("nb", "en"))
        assert found[0] == sheet
        titles = [c.title for c in draft_columns(*found, ("nb", "en"))]
        assert titles == heads

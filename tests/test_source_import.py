"""Documents read into passages: the strategy set anew, and all that can't be read."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_sources
from glokal.source.draft_known import KnownThings
from glokal.source.draft_rows import draft_rows
from glokal.source.extraction.documents import read_document
from glokal.source.extraction.hyphens import Vocabulary
from glokal.source.extraction.passages import CutDocument, cut_passages
from glokal.source.extraction.sentences import sentences
from glokal.source.passage_turtle import (
    DocumentNames,
    document_triples,
    passage_triples,
)
from glokal.source.project_documents import ProjectDocument, project_documents
from glokal.source.reanchor import Fate, OldPassage, letters_of, reanchor
from glokal.validation.quotations import check_quotes
from tests.conftest import REGION, ROOT, glokal
from tests.draft_rows_read import entries, listed
from tests.set_strategy import known, page, print_pdf

NB = frozenset({"bl.a.", "pr.", "mfl."})
MONTHS = frozenset({"mars"})


def source_command(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return glokal(*args, cwd=folder, timeout=350)


@pytest.fixture(scope="module", params=["unruled", "ruled and justified"])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    ruled = request.param != "unruled"
    target = tmp_path_factory.mktemp("printed") / "strategi.pdf"
    return print_pdf(page(ruled=ruled, justified=ruled), target)


@pytest.fixture(scope="module")
def read_again(printed: Path) -> CutDocument:
    return cut_passages(
        read_document(printed.read_bytes(), printed.name).extraction, "nb"
    )


def test_the_strategy_set_in_columns_is_read_again(read_again: CutDocument) -> None:
    asked = Counter(p.text for p in known())
    found = Counter(p.reading for p in read_again.passages)
    missing = sorted((asked - found).elements())
    # A link over two lines stands twice in the text of today; once is enough.
    assert len(missing) == 2 and len(set(missing)) == 1
    assert missing[0].endswith("internasjonalt-handlingsprogram-2020-2023.pdf")
    assert not found - asked


def test_each_item_of_the_table_stands_in_its_row_and_column(
    read_again: CutDocument,
) -> None:
    texts = {p.name: p.text for p in known()}
    asked = Counter(
        (p.text, texts[p.heading], texts[p.read_with])
        for p in known()
        if p.kind == "table-item"
    )
    passages = read_again.passages
    found = Counter(
        (p.reading, passages[p.heading].reading, passages[p.read_with].reading)
        for p in passages
        if p.kind == "table-item"
    )
    assert found == asked and asked.total() == 64
    items = [p for p in passages if p.kind == "list-item" and p.read_with >= 0]
    assert {passages[p.read_with].reading[-1] for p in items} == {":"}


def test_the_draft_of_what_is_read_again_has_the_entries_of_the_appendix(
    read_again: CutDocument,
) -> None:
    workspace = Workspace(load_project(ROOT))
    names = DocumentNames(workspace.project.things, "plan")
    document = ProjectDocument(
        "plan", "data/source.ttl", names.document, "",
        [*document_triples(read_again, names, "pdf", "nb", ""),
         *passage_triples(read_again, names, "nb")],
    )  # fmt: skip
    nothing = KnownThings((), workspace.project.things)
    rows = draft_rows(document, nothing, workspace.project.languages)
    # A typesetter divides words elsewhere: letters are compared, not lines.
    asked = {
        (municipality, area, letters_of(quote)): number
        for (municipality, area, quote), number in entries(workspace).items()
    }
    found = Counter(
        (municipality, area, letters_of(quote))
        for municipality, area, quote in listed(rows, "municipality", "area")
    )
    assert found == Counter(asked)


def test_nothing_is_left_between_passages_but_white_space(
    read_again: CutDocument,
) -> None:
    at = 0
    for passage in read_again.passages:
        assert not read_again.text[at : passage.start].strip()
        assert read_again.text[passage.start : passage.end] == passage.exact
        at = passage.end
    assert not read_again.text[at:].strip()
    assert "Side 1 av" not in read_again.text
    names = Counter(p.citation["nb"] for p in read_again.passages)
    assert max(names.values()) == 1
    # A path on somebody's machine is written nowhere.
    assert "C:/" not in read_again.text


def test_the_passages_of_today_are_found_again(read_again: CutDocument) -> None:
    document = project_documents(load_project(ROOT))["strategy-2023-2027"]
    result = reanchor(document.passages(), read_again)
    assert len(result.of(Fate.SAME, Fate.MOVED)) >= 162
    assert not result.of(Fate.LOST, Fate.REWORDED)
    assert {f.old.text.partition(":")[0] for f in result.of(Fate.AMBIGUOUS)} == {
        "https"
    }


def test_import_writes_what_the_check_accepts(region: Path, printed: Path) -> None:
    told = source_command(
        region, "source", "import", str(printed), "--document", "plan"
    )
    assert told.returncode == 0, told.stderr
    assert "Side 1 av 5" in told.stdout and "Usikkert:" in told.stdout
    assert len(list((region / "source/plan-pages").glob("*.png"))) == 5
    assert "Side 1 av 5" in (region / "source/plan.md").read_text(encoding="utf-8")
    project = load_project(region)
    document = project_documents(project)["plan"]
    assert document.name == "data/source/plan.ttl"
    assert "/passage/plan-00000-" in document.passages()[0].iri
    texts = {document.iri: region / "source/plan.txt"}
    found = list(check_quotes(read_sources(project), texts=texts))
    # What nobody has drawn on yet is told of; nothing else is.
    assert {f.rule for f in found} == {"coverage"}
    (region / "source/plan.txt").write_text("something else", encoding="utf-8")
    broken = {f.rule for f in check_quotes(read_sources(project), texts=texts)}
    assert {"digest", "text"} <= broken
    again = source_command(
        region, "source", "import", str(printed), "--document", "plan"
    )
    assert again.returncode == 2 and "reanchor" in again.stderr
    assert source_command(region, "fmt", "--check").returncode == 0


def pictured(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (300, 400), "white").save(path, "PDF")


def locked(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


def long(path: Path) -> None:
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 200)
    writer.write(path)


def torn(path: Path) -> None:
    pictured(path)
    path.write_bytes(path.read_bytes()[:300])


BAD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "scanned": ("scan.pdf", pictured),
    "locked": ("lock.pdf", locked),
    "pages": ("long.pdf", long),
    "damaged": ("torn.pdf", torn),
    "broken archive": ("torn.docx", lambda p: p.write_bytes(b"PK\x03\x04 no archive")),
    "older than 2007": ("old.docx", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0" * 99)),
    "no PDF": ("page.PDF", lambda p: p.write_bytes(b"<p>404\0</p>")),
    "no Word document": ("empty.docx", lambda p: p.write_bytes(b"")),
    "not UTF-8": ("latin.txt", lambda p: p.write_bytes("Snåsa".encode("latin-1"))),
    "UTF-16": ("wide.txt", lambda p: p.write_bytes("Snåsa".encode("utf-16"))),
    "no text": ("empty.txt", lambda p: p.write_bytes(b" \n\n")),
    "can't be read": ("nowhere.pdf", lambda p: None),
}
SAID = {
    "scanned": "tekstgjenkjenning",
    "locked": "passord",
    "pages": "2 er tillatt",
    "damaged": "ødelagt",
    "broken archive": "ødelagt",
    "older than 2007": "eldre enn 2007",
    "no PDF": "heter som en PDF, men er det ikke",
    "no Word document": "heter som et Word-dokument, men er det ikke",
    "not UTF-8": "ikke UTF-8",
    "UTF-16": "UTF-16",
    "no text": "ingen tekst",
    "can't be read": "finnes ikke",
}
# What isn't of documents alone is told in English.
UNNAMED = ("UTF-16",)


@pytest.mark.parametrize("fault", BAD)
def test_what_cannot_be_read_is_told_by_name(
    fault: str, region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, make = BAD[fault]
    make(tmp_path / name)
    monkeypatch.setenv("GLOKAL_SOURCE_PAGES", "2")
    before = sorted(p for p in region.rglob("*") if ".cache" not in p.parts)
    told = source_command(region, "source", "import", str(tmp_path / name))
    assert told.returncode == 2
    assert name in told.stderr and SAID[fault] in told.stderr
    remedy = "Do this:" if fault in UNNAMED else "Gjør dette:"
    assert remedy in told.stderr
    assert "Traceback" not in told.stderr
    after = sorted(p for p in region.rglob("*") if ".cache" not in p.parts)
    assert [p for p in after if p.suffix != ".lock"] == [
        p for p in before if p.suffix != ".lock"
    ]


def test_a_word_document_is_read_by_its_styles(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_heading("Fjordland ut i verden", 0)
    made.add_heading("Bakgrunn", 1)
    made.add_paragraph("Vi samarbeider, bl.a. med Nes. Vi reiser 3. mars.")
    made.add_paragraph("Målene er:")
    made.add_paragraph("Lære mer", style="List Bullet")
    made.add_paragraph("Reise ut", style="List Number")
    table = made.add_table(2, 2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells],
        ["KOMMUNE", "SKOLE", "VIK", "Brevvenner"],
        strict=True,
    ):
        cell.text = text
    table.cell(1, 1).add_paragraph("Utveksling")
    made.save(str(tmp_path / "a.docx"))
    raw = (tmp_path / "a.docx").read_bytes()
    passages = cut_passages(read_document(raw, "a.docx").extraction, "nb").passages
    assert [(p.kind, p.reading) for p in passages] == [
        ("title", "Fjordland ut i verden"),
        ("heading", "Bakgrunn"),
        ("sentence", "Vi samarbeider, bl.a. med Nes."),
        ("sentence", "Vi reiser 3. mars."),
        ("sentence", "Målene er:"),
        ("list-item", "Lære mer"),
        ("list-item", "1. Reise ut"),
        ("table-heading", "KOMMUNE"),
        ("table-heading", "SKOLE"),
        ("table-heading", "VIK"),
        ("table-item", "Brevvenner"),
        ("table-item", "Utveksling"),
    ]
    item = passages[-1]
    assert passages[item.heading].reading == "VIK"
    assert passages[item.read_with].reading == "SKOLE"
    assert item.citation["nb"] == "Bakgrunn, rad Vik, kolonne Skole, punkt 2"
    assert passages[5].read_with == 4


# The readings of the strategy, and what a typesetter does to other words.
@pytest.mark.parametrize(
    ("lines", "reading"),
    [
        (["samarbeids- ", "partnere"], "samarbeidspartnere"),
        (["et samarbeid Midt-", "Norge"], "et samarbeid Midt-Norge"),
        (["By-", "og stedsutvikling"], "By- og stedsutvikling"),
        (["EØS-", "prosjekt"], "EØS-prosjekt"),
        (["perioden 2020-", "2023"], "perioden 2020-2023"),
        (["Off PhD-", "arbeid"], "Off PhD-arbeid"),
        (["be\u00ad", "søk"], "besøk"),
        (["to ord –", "og flere"], "to ord – og flere"),
        (["Interreg Sverige–", "Norge: Fjellmat"], "Interreg Sverige–Norge: Fjellmat"),
    ],
)
def test_lines_are_read_as_one_text(lines: list[str], reading: str) -> None:
    words = Vocabulary(lines, frozenset({"og", "eller"}))
    assert words.read(lines) == reading


def test_a_hyphen_that_the_document_has_elsewhere_stays() -> None:
    lines = ["vi har bo-miljø i byen", "et bo-", "miljø"]
    assert Vocabulary(lines, frozenset()).read(lines[1:]) == "et bo-miljø"


def test_sentences_end_where_they_end() -> None:
    text = "Vi er bl.a. i EU (pr. mars 2023). «Ja!» Den 3. mars reiser A. Vik. 2 dager."
    parts = [text[a:b] for a, b in sentences(text, NB, MONTHS)]
    assert parts == [
        "Vi er bl.a. i EU (pr. mars 2023).",
        "«Ja!»",
        "Den 3. mars reiser A. Vik.",
        "2 dager.",
    ]


OLD = ["Vi reiser ut i verden.", "Alle lærer noe nytt hver dag.", "Felles prosjekt",
       "Felles prosjekt", "Dette står ikke lenger her."]  # fmt: skip


def found_again(text: str) -> list[Fate]:
    read = read_document(text.encode(), "ny.txt")
    old = [OldPassage(f"p{n}", words, 100 * n) for n, words in enumerate(OLD)]
    return [f.fate for f in reanchor(old, cut_passages(read.extraction, "nb")).found]


def test_each_passage_has_a_fate() -> None:
    new = "\n\n".join([OLD[1], OLD[0], *OLD[2:4], "Noe helt annet kommer inn."])
    fates = found_again(new)
    assert sorted(fates[:2]) == [Fate.MOVED, Fate.SAME]
    assert fates[2:] == [Fate.SAME, Fate.SAME, Fate.LOST]
    # One of two that are alike is gone: nobody can say which.
    gone = found_again("\n\n".join([*OLD[:3], OLD[4]]))
    assert gone[2:4] == [Fate.AMBIGUOUS, Fate.AMBIGUOUS]
    said = found_again("\n\n".join([OLD[0], "Alle lærer noe nytt hver uke.", *OLD[2:]]))
    assert said[1] == Fate.REWORDED


def test_reanchor_writes_only_when_told_and_when_all_is_settled(
    region: Path, tmp_path: Path
) -> None:
    text = (REGION / "strategy.txt").read_text(encoding="utf-8")
    before = (region / "data/source.ttl").read_text(encoding="utf-8")
    new = tmp_path / "ny.txt"
    new.write_text(f"{text}\nEt nytt avsnitt kom til i år.\n", encoding="utf-8")
    told = source_command(region, "source", "reanchor", str(new))
    assert told.returncode == 0 and "nye: 1" in told.stdout
    assert (region / "data/source.ttl").read_text(encoding="utf-8") == before
    written = source_command(region, "source", "reanchor", str(new), "--write")
    assert written.returncode == 0, written.stderr
    after = (region / "data/source.ttl").read_text(encoding="utf-8")
    assert "Et nytt avsnitt kom til i år." in after
    assert all(
        line in after for line in before.splitlines() if line.startswith("passage")
    )
    # A row that entries rest on is gone.
    new.write_text(text.replace("VIK Nordplus Junior – brevvenner", ""), "utf-8")
    lost = source_command(region, "source", "reanchor", str(new), "--write")
    assert lost.returncode == 1 and "Ingenting ble skrevet" in lost.stderr
    assert (region / "data/source.ttl").read_text(encoding="utf-8") == after


def test_find_gives_the_passage_of_some_words(region: Path) -> None:
    told = source_command(region, "source", "find", "vik og nes, som SAMARBEIDER")
    assert told.returncode == 0 and "00033-00115" in told.stdout
    near = source_command(region, "source", "find", "Vik og Nes som samarbeidde")
    assert near.returncode == 1 and "% likt" in near.stdout
    none = source_command(region, "source", "find", " … ")
    assert none.returncode == 2 and "oppgi noen ord" in none.stderr

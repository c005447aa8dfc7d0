"""A further document: what it is called, what only it says, and the same one twice."""

from __future__ import annotations

import signal
from pathlib import Path

import docx
import pytest

from glokal.cli import draft
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.further_documents import (
    further_document,
    passages_named_by_document,
    words_of_document,
)
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words
from tests.drafted_region import applied, begin, confirm, document, drafted, run

TABLE = (("Kommune", "Næring"), ("Nordøy", "Fiske uten grenser"))
ACTIONS = (("Kommune", "Næring"), ("Nordøy", "Båttur til Færøyene"))
THINGS, AREAS, ENTRIES = "Planen og steder", "Kolonner", "Oppføringer"


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = begin(tmp_path / "solvik", "Solvik", "Solvikrådet", "NOR", "nb", "en")
    for name, title, table, kind in (
        ("plan", "Solvik i verden", TABLE, "internasjonal strategi"),
        ("tiltak", "Tiltaksplan 2027", ACTIONS, "strategisk plan"),
    ):
        book = drafted(folder, document(tmp_path / f"{name}.docx", title, (), table))

        def thing(row: dict[str, str], kind: str = kind) -> dict[str, str]:
            plan = row["Nøkkel"].startswith("plan/")
            told = {"Navn_engelsk": f"Plan: {row['Navn (bokmål)']}"}
            return {**told, "Type": kind} if plan else {"Type": "kommune"}

        confirm(book, THINGS, thing)
        same = {"Navn_nynorsk": "Næring", "Navn_engelsk": "Business"}
        confirm(book, AREAS, lambda row, same=same: same)
        confirm(
            book, ENTRIES,
            lambda row: {"Type": "prosjekt", "Navn_engelsk": f"A {row['Sitat']}",
                         "Sikkerhet": "Sikker plassering"},
        )  # fmt: skip
        applied(folder, book)
    return folder


def test_what_only_a_further_document_says_is_headed_by_it(region: Path) -> None:
    project = load_project(region)
    view = GraphView(Workspace(project))

    def of(slug: str, lang: str = "nb") -> str:
        return further_document(view, f"{project.things}{slug}", lang)

    assert of("activity/battur-til-faeroyene") == "Tiltaksplan 2027"
    assert of("activity/battur-til-faeroyene", "en") == "Plan: Tiltaksplan 2027"
    assert of("activity/fiske-uten-grenser") == ""
    # The strategy speaks of the municipality, too.
    assert of("municipality/nordoy") == ""
    passages = view.instances("SourcePassage")
    own = {p for p in passages if of(p.removeprefix(project.things))}
    assert own == {p for p in passages if "/passage/tiltak-" in p}
    for words in map(load_words().get, ("nb", "nn", "en", "sv")):
        assert words is not None
        told = words_of_document(words, "Tiltaksplan 2027")
        for name in ("reported_none", "passage_text", "asserted", "asserted_more"):
            assert "Tiltaksplan 2027" in told[name] and "strateg" not in told[name]


def test_a_place_in_a_further_document_is_told_with_its_title(region: Path) -> None:
    project = load_project(region)
    view = GraphView(Workspace(project))
    cited = {
        p: view.value(p, GLO + "citation", "nb")
        for p in view.instances("SourcePassage")
    }
    told = {"/tiltak-" in p: text for p, text in cited.items() if "punkt 1" in text}
    place = "rad Nordøy, kolonne Næring, punkt 1"
    assert told == {False: f"Rad{place[3:]}", True: f"Tiltaksplan 2027: Rad{place[3:]}"}
    assert len(passages_named_by_document(view)) == sum(
        "/passage/tiltak-" in p for p in view.instances("SourcePassage")
    )


def test_without_a_title_the_file_gives_the_name_and_that_is_said(
    tmp_path: Path,
) -> None:
    folder = begin(tmp_path / "solvik", "Solvik", "Solvikrådet", "NOR", "nb", "en")
    file = tmp_path / "vedlegg_til-planen.docx"
    made = docx.Document()
    made.add_paragraph("Nordøy er medlem av Kystnettet.")
    made.save(str(file))
    plain = run(folder, "source", "import", str(file), "--dry-run")
    assert "«Vedlegg til planen», etter filnavnet" in plain.output
    named = ("--title", "Vedlegg 1: nettverk")
    done = run(folder, "source", "import", str(file), *named)
    assert done.exit_code == 0 and "filnavnet" not in done.output
    assert "Vedlegg 1: nettverk (teksten" in (folder / "data/source.ttl").read_text()


def test_ctrl_c_between_what_is_said_and_why_it_is_read_so_waits_for_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin(tmp_path / "solvik", "Solvik", "Solvikrådet", "NOR", "nb", "en")
    file = document(tmp_path / "plan.docx", "Solvik i verden", (), TABLE)
    book = drafted(folder, file)

    def thing(row: dict[str, str]) -> dict[str, str]:
        kind = "internasjonal strategi" if "plan/" in row["Nøkkel"] else "kommune"
        return {"Type": kind, "Navn_engelsk": f"Plan: {row['Navn (bokmål)']}"}

    confirm(book, THINGS, thing)
    same = {"Navn_nynorsk": "Næring", "Navn_engelsk": "Business"}
    confirm(book, AREAS, lambda _: same)
    why = {"Lesning_bokmål": "Havet er fisket.", "Lesning_engelsk": "Fish is of it."}
    named = {"Navn_bokmål": "Tangprøven", "Navn_engelsk": "The weed"}
    sure = {"Type": "prosjekt", "Sikkerhet": "Sikker plassering", "Program": "Nordplus"}
    confirm(book, ENTRIES, lambda _: named | sure | why)
    book.save()
    write = draft._write

    def pressed(*args: object) -> bool:
        wrote = write(*args)  # type: ignore[arg-type]
        signal.raise_signal(signal.SIGINT)
        return wrote

    monkeypatch.setattr(draft, "_write", pressed)
    ended = run(folder, "draft", "apply", str(book.path), "--lang", "nb")
    assert ended.exit_code != 0
    monkeypatch.setattr(draft, "_write", write)
    # Nothing is left for the same workbook: both were written.
    again = run(folder, "draft", "apply", str(book.path), "--lang", "nb")
    assert again.exit_code == 0 and "Ingenting å skrive" in again.output
    provenance = folder / "data/provenance"
    assert any("Havet er fisket." in f.read_text() for f in provenance.glob("*.ttl"))


def test_the_same_text_under_another_name_is_refused(
    tmp_path: Path, region: Path
) -> None:
    again = tmp_path / "kopi.docx"
    again.write_bytes((tmp_path / "tiltak.docx").read_bytes())
    with pytest.raises(
        UsageError, match="den samme teksten som dokumentet tiltak"
    ) as e:
        run(region, "source", "import", str(again))
    assert "glokal draft --document tiltak" in e.value.remedy
    assert not (region / "source/kopi.txt").exists()

"""The whole story: the editor's guide, run as it stands, and what people then see.

Each command of the guide is run in order, in a fresh clone, and the contact's part is
played between them: Verdal reports one new Interreg project with a Swedish partner, and
one EEA project as ended. Then another clone is built, and looked at wherever one might
look. What must stand there was read from the two rows and from the strategy's appendix.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from starlette.testclient import TestClient

from glokal.core.settings import load_project
from glokal.server.app import make_app
from tests.conftest import ROOT, copy_project
from tests.contact import Book

GUIDE = ROOT / "docs" / "guide-editor.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
# In the other clone, at the end: once is enough for what takes longest.
LATER = ("glokal build", "glokal query")
THINGS = "https://w3id.org/glokal/id/"
NEW, ENDED = (
    f"{THINGS}activity/gronn-fjellvei",
    f"{THINGS}activity/eos-frisklivssentralen",
)
VIEWS = "https://w3id.org/glokal/graph/view/"
# What finds something says so with 1.
FINDS = ("glokal anchor --dry-run", "glokal diff main")


def commands() -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [re.sub(r"\s+# .*", "", line[2:]) for line in lines if line.startswith("$ ")]


def git(folder: Path, *args: str) -> str:
    ran = subprocess.run(
        ["git", *args], cwd=folder, check=True, capture_output=True, text=True
    )
    return ran.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a bare repository that has the project, as an editor has it."""
    source = copy_project(ROOT, tmp_path / "source")
    (source / ".gitignore").write_text(".cache\npublic\n*.xlsx\nletters\n", "utf-8")
    user = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(source, "init", "-q", "-b", "main")
    git(source, "add", "-A")
    git(source, *user, "commit", "-qm", "1")
    git(tmp_path, "clone", "-q", "--bare", str(source), "bare.git")
    git(tmp_path, "clone", "-q", "bare.git", "clone")
    clone = tmp_path / "clone"
    git(clone, "config", "user.name", "a")
    git(clone, "config", "user.email", "a@example.org")
    # What has been reasoned already is no part of a clone; it only saves time.
    (source / ".cache").rename(clone / ".cache")
    return clone


def contact(clone: Path) -> None:
    """Verdal reports a new project with a Swedish partner, and one that has ended."""
    book = Book(clone / "verdal.xlsx")
    ended = {"Status": "Avsluttet", "Sluttdato": "2024", "Kilde": "Vedtak 12/25"}
    ended |= {"Sist kontrollert": "1.3.2025", "Går god for": "Verdal kommune"}
    book.put("Meld", "activity/eos-frisklivssentralen", **ended)
    new = {"Tiltak": "Grønn fjellvei", "Type": "prosjekt", "Program": "Interreg"}
    new |= {"Partnere": "Bräcke kommun (Sverige)", "Status": "Pågår"}
    book.add("Meld", {**new, "Startdato": "15.01.2025"})
    book.save()


def run(command: str, folder: Path, well: tuple[int, ...] = (0,)) -> str:
    """Run a command of the guide as a person would, in a shell."""
    tools = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
    }
    ran = subprocess.run(
        command, shell=True, cwd=folder, env=environment,
        capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    assert ran.returncode in well, (command, ran.stdout[-2000:], ran.stderr)
    return ran.stdout


def words(page: Path) -> str:
    """The text of a page, from its heading on."""
    text = (page / "index.html").read_text("utf-8")
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", text[text.index("<h1") :]).split())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answers(site: Path) -> dict[str, bytes]:
    """What each question answers from the strategy, for each choice, by its file."""
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for name in ("rows.csv", "rows.tsv", "rows.json", "rows.geojson")
        for file in sorted((site / "query").rglob(name))
    }


@pytest.mark.timeout(3000)
def test_what_verdal_reports_is_seen_wherever_one_looks(
    clone: Path, publication: Path
) -> None:
    asked = commands()
    assert len(asked) >= 12
    for command in asked:
        if command.startswith(LATER):
            continue
        if command.startswith("glokal sheet import"):
            contact(clone)
        run(command, clone, (0, 1) if command in FINDS else (0,))
    git(clone.parent, "clone", "-q", "bare.git", "other")
    other = clone.parent / "other"
    in_the_clone(other)
    # What has been reasoned already is no part of a clone; it only saves time.
    (clone / ".cache").rename(other / ".cache")
    for command in asked:
        if command.startswith(LATER):
            run(command, other)
    site = other / "public"
    in_the_boxes(site)
    in_the_reported_view(site)
    in_the_answers(site)
    in_the_feed(site)
    with TestClient(make_app(load_project(other), site)) as client:
        in_the_service(client)
    # And every answer of the strategy's view is what it was.
    before, after = answers(publication / "public"), answers(site)
    assert len(before) > 900
    assert [name for name in before if before[name] != after.get(name)] == []
    # What is new may be chosen, and has no rows there.
    chosen = [name for name in after.keys() - before.keys() if name.endswith(".csv")]
    assert all(len(rows(after[name].decode("utf-8"))) == 0 for name in chosen)


def in_the_clone(other: Path) -> None:
    activities = (other / "data/register/activities.ttl").read_text(encoding="utf-8")
    assert '"Grønn fjellvei"@nb' in activities
    reports = (other / "data/register/reports.ttl").read_text(encoding="utf-8")
    assert "activity-status:ended" in reports
    assert 'version = "0.2.0"' in (other / "publication.toml").read_text("utf-8")
    assert list((other / "editions").glob("0.2.0*"))
    # Nothing was left behind, and the story is in the history.
    assert "Interreg" in git(other, "log", "--format=%B")


def in_the_boxes(site: Path) -> None:
    """The strategy's pages tell of it right under their headings."""
    new, ended = "Nytt: Grønn fjellvei", "Avsluttet: EØS-prosjekt Frisklivssentralen"
    for path, told in (
        ("doc/municipality/verdal", (new, ended)),
        ("doc/programme/interreg", (new,)),
        ("doc/programme/eos", (ended,)),
        ("", (new, ended)),
        ("ikke-oppgitt", (new,)),
        ("query/municipalities-in-programme/interreg", (new,)),
        ("query/entries-of-municipality", (new, ended)),
    ):
        said = words(site / path)
        assert "Meldt siden strategien" in said[:400], path
        for one in (*told, "1. mars 2025", "Verdal kommune", "Vedtak 12/25"):
            assert one in said, (path, one)
    english = words(site / "en/doc/municipality/verdal")
    assert "Green mountain road" in english
    # Who has nothing to do with it isn't told of it.
    assert "Grønn fjellvei" not in words(site / "doc/municipality/snasa")


def in_the_reported_view(site: Path) -> None:
    verdal = words(site / "meldt/doc/municipality/verdal")
    assert "Grønn fjellvei" in verdal
    assert "Bräcke kommun" in words(site / "meldt/doc/activity/gronn-fjellvei")
    interreg = words(site / "meldt/doc/programme/interreg")
    assert "Grønn fjellvei" in interreg and "Verdal" in interreg
    assert "Meldt til og med 26. november 2026" in words(site / "meldt")
    # The strategy says nothing of Interreg in Verdal; now it is no longer silence.
    silent = "Vedlegget nevner ikke"
    assert "Interreg" in words(site / "doc/municipality/verdal").split(silent)[1][:120]
    at = verdal.index("Ikke oppgitt, heller ikke meldt")
    assert "Interreg" not in verdal[at:][:120]
    assert "heller ikke meldt" in words(site / "meldt/ikke-oppgitt")


def in_the_answers(site: Path) -> None:
    def both(path: str) -> list[list[dict[str, str]]]:
        return [
            rows((folder / "query" / path / "rows.csv").read_text("utf-8"))
            for folder in (site, site / "meldt")
        ]

    strategy, reported = both("municipalities-in-programme/interreg")
    assert [row["municipalityLabel"] for row in strategy] == ["Levanger"]
    assert [row["municipalityLabel"] for row in reported] == ["Levanger", "Verdal"]
    strategy, reported = both("entries-of-municipality")
    # One is new and one is over, each in one row, and no area was reported.
    assert len(strategy) == len(reported) == 13
    things = [{row["thing"] for row in each} for each in (strategy, reported)]
    assert things[0] ^ things[1] == {NEW, ENDED}
    assert ENDED in things[0] and NEW in things[1]
    # The appendix has thirteen items for Verdal; one is over, one is new: the count is
    # the same, and what is the same has no page of its own in the other view.
    counted = rows((site / "query/entry-counts/rows.csv").read_text("utf-8"))
    (verdal,) = (row for row in counted if row["municipalityLabel"] == "Verdal")
    assert verdal["entryCount"] == "13"
    assert not (site / "meldt/query/entry-counts").exists()
    for folder, there in ((site, False), (site / "meldt", True)):
        book = openpyxl.load_workbook(
            folder / "query/entries-of-municipality/table.xlsx"
        )
        cells = {cell.value for row in book.worksheets[0].rows for cell in row}
        assert ("Grønn fjellvei" in cells) is there


def in_the_feed(site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(site / "feed.atom").getroot()
    told = {
        str(entry.findtext(f"{atom}title")): str(entry.findtext(f"{atom}summary"))
        for entry in feed.iter(f"{atom}entry")
    }
    assert "Vedtak 12/25" in told["Nytt: Grønn fjellvei"]
    assert any(title.startswith("Avsluttet: EØS-prosjekt") for title in told)


def in_the_service(client: TestClient) -> None:
    address = "/api/queries/municipalities-in-programme"
    for view, there in (({}, False), ({"view": "reported"}, True)):
        asked = {"programme": "interreg", "format": "json", **view}
        answer = client.get(address, params=asked).json()
        found = {row["municipalityLabel"] for row in answer["rows"]}
        assert ("Verdal" in found) is there
        book = client.get(
            "/api/queries/entries-of-municipality.xlsx",
            params={"municipality": "verdal", **view},
        )
        sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
        cells = {cell.value for row in sheet.rows for cell in row}
        assert ("Grønn fjellvei" in cells) is there
    counted = client.get(
        "/api/queries/entry-counts", params={"format": "json", "view": "reported"}
    ).json()
    numbers = {row["municipalityLabel"]: row["entryCount"] for row in counted["rows"]}
    assert numbers["Verdal"] == 13
    under = f"<{NEW}> <https://w3id.org/glokal/def#supportedUnder> ?programme"
    for chosen, number in (("strategy", 0), ("reported", 1)):
        answer = client.get(
            "/sparql",
            params={
                "query": f"SELECT ?programme {{ {under} }}",
                "default-graph-uri": VIEWS + chosen,
            },
            headers={"Accept": "text/csv"},
        )
        assert answer.status_code == 200, answer.text
        assert answer.text.split()[1:] == [f"{THINGS}programme/interreg"] * number

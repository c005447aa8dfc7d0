"""The commands that write, each with a project that gives it something to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl

from tests.conftest import REGION, copy_project

QUERY = "SELECT ?s ?o WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
OLD = "old\n"


@dataclass(frozen=True)
class Command:
    """A command, and what is done to the project before it is run.

    In its arguments {project}, {inputs} and {service} stand for folders and for the
    address of a service, which holds what the project was before `prepare`. `settle`
    is a command that looks at the same files next, and how that may end. A file that
    is `apart` is written by itself, before the others. What is done `once` is refused
    when it has been done.
    """

    name: str
    args: tuple[str, ...]
    prepare: Callable[[Path, Path], None]
    settle: tuple[str, ...] = ("fmt", "--check")
    settled: tuple[int, ...] = (0, 1)
    apart: str = ""
    once: bool = False

    @property
    def pushes(self) -> bool:
        """Whether it writes to a service."""
        return "{service}" in self.args


def new_project(folder: Path) -> None:
    """Make a project of the invented region, reasoned over once.

    The user's folder for state lies beside it.
    """
    shutil.copytree(_checked().name, folder.parent, dirs_exist_ok=True)
    assert folder.name == _NAME


_NAME = "project"


@cache
def _checked() -> tempfile.TemporaryDirectory[str]:
    """A folder with the project as every command finds it, made once for all."""
    made = tempfile.TemporaryDirectory(prefix="checked-")
    project = copy_project(REGION, Path(made.name) / _NAME)
    glokal(project, "check")
    return made


def glokal(project: Path, *args: str | Path, codes: Sequence[int] = (0,)) -> None:
    """Run a command on a project as it should end."""
    done = subprocess.run(
        [sys.executable, "-m", "glokal", "--project", project, *args],
        capture_output=True,
        text=True,
        cwd=project.parent,
        env=os.environ | {"XDG_STATE_HOME": str(project.parent / "state")},
    )
    assert done.returncode in codes, done.stderr


def _nothing(_project: Path, _inputs: Path) -> None:
    """The project as it is."""


def _unformatted(project: Path, _inputs: Path) -> None:
    for path in (project / "data").rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(" ;\n", " ;\n\n"), encoding="utf-8")


def _filled_in(project: Path, inputs: Path) -> None:
    """A workbook that asks for changes of several files, one of them new."""
    target = inputs / "register.xlsx"
    glokal(project, "sheet", "export", target)
    book = openpyxl.load_workbook(target)
    sheet = book["Aktiviteter"]
    titles = [cell.value for cell in sheet[1]]
    checked = {
        "Status": "Pågår",
        "Startdato": "01.02.2026",
        "Sist kontrollert": "25.11.2026",
        "Går god for": "Nes kommune",
        "Kilde": "Vedtak 7/26",
    }
    made = {
        "Navn (bokmål)": "Vinterleir",
        "Navn (engelsk)": "Winter camp",
        "Type": "internasjonal aktivitet",
    }
    for row, values in ((2, {"Navn (engelsk)": "Penfriends"}), (3, made)):
        for title, value in (values | checked).items():
            sheet.cell(row, titles.index(title) + 1).value = value
    book.save(target)


def _partly_wrong(project: Path, inputs: Path) -> None:
    """The same with a row that isn't accepted, so that a marked copy is written."""
    _filled_in(project, inputs)
    shutil.copy(inputs / "register.xlsx", project / "back.xlsx")
    book = openpyxl.load_workbook(project / "back.xlsx")
    sheet = book["Aktiviteter"]
    titles = [cell.value for cell in sheet[1]]
    sheet.cell(3, titles.index("Status") + 1).value = "Ukjent status"
    book.save(project / "back.xlsx")


def _filled_in_as_csv(project: Path, inputs: Path) -> None:
    """The same changes in the files of a folder."""
    glokal(project, "sheet", "export", inputs / "register")
    path = inputs / "register/aktiviteter.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert "Pen friends" in text
    path.write_text(text.replace("Pen friends", "Penfriends"), encoding="utf-8-sig")


def _csv_of_before(project: Path, _inputs: Path) -> None:
    (project / "register").mkdir()
    for name in ("aktiviteter.csv", "deltakere.csv", "grunnlag.jsonl"):
        (project / "register" / name).write_text(OLD, encoding="utf-8")


def _kept(*slugs: str) -> Callable[[Path, Path], None]:
    """Snapshots of another day, and questions that have none."""

    def prepare(project: Path, _inputs: Path) -> None:
        query = (project / "queries" / f"{slugs[0]}.rq").read_text(encoding="utf-8")
        shutil.rmtree(project / "expected")
        (project / "expected").mkdir()
        for slug in slugs:
            (project / "queries" / f"{slug}.rq").write_text(query, encoding="utf-8")
            (project / "expected" / f"{slug}.csv").write_text(
                "municipality,municipalityLabel,snapshot\na,b,2026-01-01\n",
                encoding="utf-8",
            )

    return prepare


def _file_of_before(name: str) -> Callable[[Path, Path], None]:
    def prepare(project: Path, _inputs: Path) -> None:
        (project / name).write_text(OLD, encoding="utf-8")

    return prepare


def _published(project: Path, _inputs: Path) -> None:
    """A publication of other sources than those that are there now."""
    glokal(project, "build")
    _changed(project)


def _changed(project: Path) -> None:
    path = project / "data/strategy/fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Pen friends", "Penfriends"), encoding="utf-8")


def _renamed(project: Path, _inputs: Path) -> None:
    _changed(project)


def _compared(project: Path, inputs: Path) -> None:
    """The state of before, to compare with, and a file to be replaced."""
    shutil.copytree(project, inputs / "before")
    _changed(project)
    (project / "changes.md").write_text(OLD, encoding="utf-8")


def _committed(project: Path) -> None:
    for args in (
        ("init", "-q"),
        ("config", "user.name", "x"),
        ("config", "user.email", "x"),
        ("add", "data", "queries", "publication.toml"),
        ("commit", "-qm", "Before"),
    ):
        subprocess.run(["git", "-C", project, *args], check=True)


def _changed_since(project: Path, _inputs: Path) -> None:
    """A change since the last commit in Git."""
    _committed(project)
    _changed(project)
    (project / "changes.md").write_text(OLD, encoding="utf-8")


def _uncached(project: Path, _inputs: Path) -> None:
    """Neither what was reasoned nor the key by which it is known."""
    shutil.rmtree(project / ".cache")
    shutil.rmtree(project.parent / "state")
    (project / "report.json").write_text(OLD, encoding="utf-8")


def _rehearsed(project: Path, _inputs: Path) -> None:
    glokal(project, "build")


def _named(project: Path, inputs: Path) -> None:
    """Names of which one is sure, and a file to be replaced."""
    (inputs / "names.csv").write_text("Kommune\nVik\n", encoding="utf-8")
    _file_of_before("identified.csv")(project, inputs)


def _asked_before(project: Path, _inputs: Path) -> None:
    """Letters of another day, so that the table of who was asked goes on."""
    glokal(project, "remind", project / "letters", "--on", "2026-01-31")


def _not_anchored(project: Path, _inputs: Path) -> None:
    """Without the folder of passages, which is to be made again."""
    shutil.rmtree(project / "data/provenance")


def _output(name: str) -> tuple[str, str]:
    return "-o", f"{{project}}/{name}"


def _document(_project: Path, inputs: Path) -> None:
    """A further document, whose text and passages are new files."""
    text = "Plan\n\nVik skal delta i Nordplus. Nes skal være med.\n"
    (inputs / "plan.txt").write_text(text, encoding="utf-8")


def _set_anew(_project: Path, inputs: Path) -> None:
    """The text of the document with other lines: each passage has another place."""
    text = (REGION / "strategy.txt").read_text(encoding="utf-8")
    text = text.replace("\n\n", "\n\n\n")
    (inputs / "plan.txt").write_text(text, encoding="utf-8")


def _imported(project: Path, inputs: Path) -> None:
    """A further document of which nothing is drafted."""
    text = "Tiltak i Fjordland\n\nTiltak\n\n- Skrive brev\n- Reise ut\n"
    (inputs / "tiltak.txt").write_text(text, encoding="utf-8")
    glokal(project, "source", "import", inputs / "tiltak.txt")


def _confirmed(project: Path, inputs: Path) -> None:
    """A draft of which a person has confirmed some: two files change, one is new."""
    _imported(project, inputs)
    glokal(project, "draft", "--document", "tiltak")
    path = project / "drafts" / "tiltak.xlsx"
    book = openpyxl.load_workbook(path)
    confirmed = {
        "Planen og steder": ("x", "strategisk plan", "Tiltak", "Measures"),
        "Elementer": ("x", "strategisk grep", "Skrive brev", "Write letters"),
    }
    titles = ("Bekreftet", "Type", "Navn (bokmål)", "Navn (engelsk)")
    for name, values in confirmed.items():
        sheet = book[name]
        heads = [cell.value for cell in sheet[1]]
        for title, value in zip(titles, values, strict=True):
            sheet.cell(2, heads.index(title) + 1).value = value
        if name == "Elementer":
            sheet.cell(2, heads.index("Ordlyd (engelsk)") + 1).value = values[-1]
    book.save(inputs / "tiltak.xlsx")


def _applied(project: Path, inputs: Path) -> None:
    """A workbook that was applied, and has been corrected since: three files change."""
    _confirmed(project, inputs)
    path = inputs / "tiltak.xlsx"
    glokal(project, "draft", "apply", str(path))
    book = openpyxl.load_workbook(path)
    for name, title, text in (
        ("Planen og steder", "Navn (engelsk)", "Actions"),
        ("Elementer", "Bekreftet", "nei"),
    ):
        heads = [cell.value for cell in book[name][1]]
        book[name].cell(2, heads.index(title) + 1).value = text
    book.save(path)


_NAMED = ("--name", "Land", "--publisher", "Rådet", "--country", "NOR")
_SHAPES = ("--shapes", "{project}/shapes.ttl", "--data", "{project}/data")


def _shaped(project: Path, _inputs: Path) -> None:
    """A shape that the data break, and old files to be replaced."""
    (project / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:shape> sh:targetClass <https://w3id.org/glokal/def#Municipality> ;\n"
        "  sh:property [ sh:path <urn:no> ; sh:minCount 1 ] .\n",
        encoding="utf-8",
    )
    for name in ("report.ttl", "baseline.txt"):
        (project / name).write_text(OLD, encoding="utf-8")


COMMANDS = (
    Command("fmt", ("fmt",), _unformatted),
    Command(
        "sheet import",
        ("sheet", "import", "{inputs}/register.xlsx", "--yes"),
        _filled_in,
    ),
    Command(
        "sheet import, a row refused",
        ("sheet", "import", "{project}/back.xlsx", "--yes"),
        _partly_wrong,
        apart="back-feil.xlsx",
    ),
    Command(
        "sheet import of CSV",
        ("sheet", "import", "{inputs}/register", "--yes"),
        _filled_in_as_csv,
    ),
    Command(
        "sheet export to CSV",
        ("sheet", "export", "{project}/register"),
        _csv_of_before,
        settle=("sheet", "import", "{project}/register"),
        settled=(0, 1, 2),
    ),
    Command(
        "sheet export to new CSV", ("sheet", "export", "{project}/a/register"), _nothing
    ),
    Command(
        "sheet export to a workbook",
        ("sheet", "export", "{project}/register.xlsx"),
        _file_of_before("register.xlsx"),
    ),
    Command("edition", ("edition",), _nothing),
    Command("words export", ("words", "export", "fi"), _nothing),
    Command("build", ("build",), _published),
    Command("build, the first", ("build",), _nothing),
    Command(
        "check, nothing cached",
        ("check", "--format", "json", *_output("report.json")),
        _uncached,
        # The key of the machine is looked at by who reads what it has signed.
        settle=("check",),
    ),
    Command(
        "query",
        ("query", "municipalities-in-programme", "--format", "csv", *_output("a.csv")),
        _file_of_before("a.csv"),
    ),
    Command(
        "query, kept",
        ("query", "municipalities-in-programme", "--accept"),
        _kept("municipalities-in-programme"),
    ),
    Command(
        "query, all kept",
        ("query", "--accept"),
        _kept("municipalities-in-programme", "plans"),
    ),
    Command(
        "sparql",
        ("sparql", QUERY, "--format", "xlsx", *_output("answer.xlsx")),
        _file_of_before("answer.xlsx"),
    ),
    Command(
        "diff of folders",
        ("diff", "{inputs}/before", "--format", "markdown", *_output("changes.md")),
        _compared,
    ),
    Command(
        "diff of a revision",
        ("diff", "HEAD", "--effects", *_output("changes.md")),
        _changed_since,
    ),
    Command(
        "validate",
        ("validate", *_SHAPES, "--format", "turtle", *_output("report.ttl")),
        _shaped,
    ),
    Command(
        "validate, baseline",
        (
            *("validate", *_SHAPES),
            *("--baseline", "{project}/baseline.txt", "--write-baseline"),
        ),
        _shaped,
    ),
    Command("rehearse", ("rehearse", *_output("report.json")), _rehearsed),
    Command(
        "reconcile",
        ("reconcile", "{inputs}/names.csv", *_output("identified.csv")),
        _named,
    ),
    Command(
        "stale",
        ("stale", "--on", "2027-11-25", *_output("stale.txt")),
        _file_of_before("stale.txt"),
    ),
    Command(
        "remind",
        ("remind", "{project}/letters", "--on", "2027-11-25"),
        _asked_before,
        settle=("sheet", "import", "{project}/letters"),
        settled=(0, 1, 2),
    ),
    Command("anchor", ("anchor",), _not_anchored),
    Command(
        "source import",
        ("source", "import", "{inputs}/plan.txt"),
        _document,
        once=True,
    ),
    Command(
        "source reanchor",
        ("source", "reanchor", "{inputs}/plan.txt", "--write"),
        _set_anew,
        settled=(0, 1),
    ),
    Command("draft", ("draft", "--document", "tiltak"), _imported),
    Command(
        "draft apply",
        ("draft", "apply", "{inputs}/tiltak.xlsx"),
        _confirmed,
    ),
    Command(
        "draft apply, again",
        ("draft", "apply", "{inputs}/tiltak.xlsx"),
        _applied,
    ),
    Command("init", ("init", "{project}/a/land", *_NAMED), _nothing, once=True),
    Command(
        "init, an example",
        ("init", "{project}/a/land", "--example"),
        _nothing,
        once=True,
    ),
    Command("docs", ("docs", "--folder", "{project}/a/docs"), _nothing),
    Command("push", ("push", "--endpoint", "{service}"), _renamed),
)

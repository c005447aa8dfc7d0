"""A region from a document, as a person makes one by the guide: init, import, draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx
from click.testing import CliRunner, Result

from glokal.cli.main import cli
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.source.draft_known import KnownThings
from glokal.validation.pipeline import run_checks
from tests.draft_book import Book

NB = ("--lang", "nb")


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(
        cli, ["--project", str(folder), *args], catch_exceptions=False
    )


def begin(folder: Path, name: str, publisher: str, country: str, *langs: str) -> Path:
    asked = [part for lang in langs for part in ("--language", lang)]
    named = ["--name", name, "--publisher", publisher, "--country", country]
    assert run(folder, "init", str(folder), *named, *asked).exit_code == 0
    return folder


def document(
    path: Path, title: str, prose: Sequence[str], table: Sequence[Sequence[str]]
) -> Path:
    made = docx.Document()
    made.add_heading(title, 0)
    for text in prose:
        heading = text.startswith("# ")
        if heading:
            made.add_heading(text[2:], 1)
        elif text.startswith("* "):
            made.add_paragraph(text[2:], style="List Bullet")
        else:
            made.add_paragraph(text)
    rows = made.add_table(0, len(table[0]))
    for row in table:
        for cell, text in zip(rows.add_row().cells, row, strict=True):
            first, *rest = text.split("\n")
            cell.text = first
            for more in rest:
                cell.add_paragraph(more)
    made.save(str(path))
    return path


def drafted(folder: Path, file: Path) -> Book:
    assert run(folder, "source", "import", str(file)).exit_code == 0
    assert run(folder, "draft", "--document", file.stem, *NB).exit_code == 0
    return Book(folder / "drafts" / f"{file.stem}.xlsx")


def confirm(
    book: Book, sheet: str, values: Callable[[dict[str, str]], Mapping[str, str]]
) -> int:
    """Confirm each row of a sheet with what a person adds; return the next free one."""
    at = 2
    for at, row in enumerate(list(book.rows(sheet)), 2):
        book.put(sheet, at, **{"Bekreftet": "x"} | dict(values(row)))
    return at + 1 if any(book.rows(sheet)) else 2


def same_in_all(row: dict[str, str]) -> dict[str, str]:
    """The name of a column in the other languages, as it stands."""
    return {f"Navn_{lang}": row["Navn (bokmål)"] for lang in ("nynorsk", "engelsk")}


def applied(folder: Path, book: Book) -> Result:
    book.save()
    done = run(folder, "draft", "apply", str(book.path), *NB)
    assert done.exit_code == 0, done.output
    run(folder, "anchor")
    return done


def faults(folder: Path) -> list[str]:
    report = run_checks(
        Workspace(load_project(folder)), only=("syntax", "hygiene", "shacl", "quotes")
    )
    return [f"{f.rule} {f.focus}" for f in report.findings if report.fails(f)]


def known_of(folder: Path) -> KnownThings:
    project = load_project(folder)
    return KnownThings(Workspace(project).files, project.things)

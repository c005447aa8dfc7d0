"""Letters that ask each municipality to look at what nobody has checked for a while.

For each there is a letter in bokmål and one in nynorsk, each with a workbook of what it
is asked of; one table for all tells who was asked when. Everything is a file, ready to
be sent; nothing is sent here.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel.dates import format_date

from glokal.core.namespaces import GLO
from glokal.core.settings import Project
from glokal.dataset.labels import Labels
from glokal.dataset.stale import Stale, instances, stale_on
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.workbook.rows import WorkbookRows, read_rows
from glokal.workbook.write_workbook import write_workbook

ASKED_FILE = "spurt.csv"
LETTERS = ("nb", "nn")
# How long a municipality has to answer.
_WEEKS = 3


@dataclass(frozen=True)
class Reminder:
    """What a municipality is asked: its slug, its names by language, what is stale."""

    slug: str
    names: Mapping[str, str]
    stale: tuple[Stale, ...]


def reminders(
    workspace: Workspace, day: datetime.date, days: int
) -> tuple[Reminder, ...]:
    """Return whom to ask of what, by what was not checked in so many days.

    A municipality is asked of what its authority takes part in.
    """
    files = workspace.files
    labels = Labels(files)
    stale = stale_on(files, day, days)
    governs = {
        text_of(t.object): text_of(t.subject)
        for file in files
        for t in file.triples
        if t.predicate.value == GLO + "governs"
    }
    found = []
    for area in instances(files, GLO + "Municipality"):
        mine = tuple(s for s in stale if governs.get(area, "") in s.participants)
        if mine:
            names = {lang: labels.of(area, lang) for lang in LETTERS}
            found.append(Reminder(area.rpartition("/")[2], names, mine))
    return tuple(found)


def reminder_files(
    workspace: Workspace, reminder: Reminder, day: datetime.date
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of the letters, and of a workbook for each."""
    labels = Labels(workspace.files)
    for lang in LETTERS:
        text = _letter(reminder, day, lang, labels, workspace.project)
        # A byte-order mark and CR LF, by which every mail program knows the letters.
        data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        yield f"{reminder.slug}-brev-{lang}.txt", data
    keys = {s.iri.removeprefix(workspace.project.things) for s in reminder.stale}
    for lang in LETTERS:
        content = _only(read_rows(workspace, reminder.slug, lang), keys)
        name = f"{reminder.slug}-{lang}.xlsx"
        yield name, write_workbook(content, workspace.project)


def asked_table(
    known: Sequence[Sequence[str]], asked: Sequence[Reminder], day: datetime.date
) -> bytes:
    """Return the table of who was asked when: what is known, and those asked now.

    Who is asked twice on one day has one row.
    """
    head = _words()["nb"]["table"].split(";")
    rows = {(row[0], row[1]): list(row) for row in known[1:] if len(row) == len(head)}
    for each in asked:
        names = "; ".join(s.iri.rpartition("/")[2] for s in each.stale)
        row = [day.isoformat(), each.slug, str(len(each.stale)), names]
        rows[row[0], row[1]] = row
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([head, *(rows[key] for key in sorted(rows))])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _letter(
    reminder: Reminder, day: datetime.date, lang: str, labels: Labels, project: Project
) -> str:
    words = _words()[lang]
    publisher = project.publisher.name
    lines = []
    for each in reminder.stale:
        checked = each.life.checked
        when = words["never"]
        if checked is not None and checked.checked is not None:
            who = labels.of(checked.vouched, lang)
            when = words["checked"].format(day=_day(checked.checked, lang), who=who)
        status = each.life.status
        stands = labels.of(status.status, lang) if status else words["unknown"]
        lines.append(f"- {labels.of(each.iri, lang)}: {stands}, {when}")
    return words["letter"].format(
        name=reminder.names[lang],
        day=_day(day, lang),
        until=_day(day + datetime.timedelta(weeks=_WEEKS), lang),
        file=f"{reminder.slug}-{lang}.xlsx",
        list="\n".join(lines),
        publisher=publisher.get(lang, publisher[project.languages[0]]),
        contact=project.contact.email or project.contact.url,
    )


def _day(day: datetime.date, lang: str) -> str:
    return format_date(day, "d. MMMM y", locale=lang)


def _only(content: WorkbookRows, keys: set[str]) -> WorkbookRows:
    """Return the rows that have to do with some activities."""
    rows = content.rows
    slugs = {key.rpartition("/")[2] for key in keys}
    parts = {
        key: row
        for key, row in rows["participation"].items()
        if row["activity"].rpartition("/")[2] in slugs
    }
    with_us = {row["organisation"] for row in parts.values()}
    kept = {
        "report": {k: r for k, r in rows["report"].items() if k in keys},
        "activity": {k: r for k, r in rows["activity"].items() if k in keys},
        "participation": parts,
        "organisation": {
            k: r
            for k, r in rows["organisation"].items()
            if any(iri.endswith(f"/{k}") for iri in with_us)
        },
        "entry": rows["entry"],
    }
    return dataclasses.replace(content, rows=kept)


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.workbook").joinpath("reminders.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

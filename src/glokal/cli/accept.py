"""`glokal query --accept`: an answer as it is today, kept to see when it changes.

What is kept is a snapshot. Rows that were read from the source are never replaced by
one (docs/style.md).
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping

import click

from glokal.cli.messages import said, told
from glokal.core.characters import log_text
from glokal.core.errors import UsageError
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.journal_record import digest_of_file
from glokal.dataset.canned_queries import CannedQuery, ExpectedRows
from glokal.dataset.known_values import bind_known
from glokal.dataset.query_files import EXPECTED, SNAPSHOT_COLUMN
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Table
from glokal.validation.competency import differing_rows

# How many rows of a difference are shown.
_SHOWN = 20


def accept_answers(
    workspace: Workspace,
    queries: Iterable[CannedQuery],
    values: Mapping[str, str],
    *,
    named: bool,
) -> None:
    """Show how answers differ from what was expected, then write them as snapshots.

    All of them, or none when one can't be written (MachineError); the caller holds the
    lock on the project. Of a query that was `named` the answer to `values` is taken;
    UsageError when it has rows read from the source, asks another service, or has
    nothing to be asked about. Of all, those of which that is so are passed over.
    """
    passed_over = 0
    changes: list[FileChange] = []
    for query in queries:
        before = _expected(query, values)
        if refusal := _refusal(query, before):
            if named:
                raise refusal
            passed_over += 1
            continue
        changes += _accepted(workspace, query, values, before)
    write_together(
        workspace.project.root,
        changes,
        command="glokal query --accept",
        remedy=f"see that the folder {EXPECTED} can be written.",
    )
    if passed_over:
        click.echo(said("query.passed_over", queries=passed_over), err=True)


def _refusal(query: CannedQuery, before: ExpectedRows | None) -> UsageError | None:
    if before is not None and not before.snapshot:
        return told(UsageError, "query.read_from_source", file=before.name)
    if query.service:
        return told(
            UsageError,
            "query.answers_change",
            query=query.slug,
            service=query.service,
        )
    if not query.answerable:
        return told(UsageError, "query.nothing_to_ask", query=query.slug)
    return None


def _accepted(
    workspace: Workspace,
    query: CannedQuery,
    values: Mapping[str, str],
    before: ExpectedRows | None,
) -> Iterator[FileChange]:
    """Show how an answer differs, and yield what keeps it, nothing when it is kept."""
    name = before.name if before else _file_name(query, values)
    text = bind_known(workspace, query, values, "nb")
    table = workspace.store.select(text, name=query.name)
    columns = before is None or before.columns[:-1] == table.columns
    missing, extra = differing_rows(table, before if columns else None)
    if before is not None and columns and not missing and not extra:
        click.echo(said("query.same", file=name), err=True)
        return
    click.echo(said("query.rows", file=name, rows=len(table.rows)), err=True)
    lines = [*(f"- {_line(r)}" for r in missing), *(f"+ {_line(r)}" for r in extra)]
    for line in lines[:_SHOWN]:
        click.echo(log_text(f"  {line}"), err=True)
    if len(lines) > _SHOWN:
        more = said("query.more", rows=len(lines) - _SHOWN)
        click.echo(f"  {more}", err=True)
    path = workspace.project.root / name
    yield FileChange(path, _written(table), digest_of_file(path))


def _expected(query: CannedQuery, values: Mapping[str, str]) -> ExpectedRows | None:
    return next((e for e in query.expected if e.values == dict(values)), None)


def _file_name(query: CannedQuery, values: Mapping[str, str]) -> str:
    chosen = ",".join(f"{name}={value}" for name, value in values.items())
    return f"{EXPECTED}/{query.slug}{'.' if chosen else ''}{chosen}.csv"


def _written(table: Table) -> bytes:
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([*table.columns, SNAPSHOT_COLUMN])
    writer.writerows(_rows(table, datetime.date.today().isoformat()))
    return output.getvalue().encode()


def _rows(table: Table, day: str) -> Iterator[list[str]]:
    for row in table.rows:
        yield [*(text_of(cell) for cell in row), day]


def _line(row: tuple[str, ...]) -> str:
    return ", ".join(cell.rsplit("/", 1)[-1] or "–" for cell in row)

"""Competency questions: the canned queries against the rows they are expected to give.

Expected rows stand in a CSV in `expected/`. Those read from the source are derived:
their last column `source` has its lines. Those taken from an answer are a snapshot:
their last column `snapshot` has the day, and they only show that an answer changed. The
last column is not compared. A question that comes with Glokal need not have any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from glokal.core.errors import Place
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery, ExpectedRows
from glokal.dataset.query_files import EXPECTED, SNAPSHOT_COLUMN, SOURCE_COLUMN
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Store, Table
from glokal.validation.finding import Finding, Severity, make_finding

STEP = "competency"
_NOT_COMPARED = (SOURCE_COLUMN, SNAPSHOT_COLUMN)
Row = tuple[str, ...]


def check_competency(
    queries: Iterable[CannedQuery], store: Store, project: Project
) -> Iterator[Finding]:
    """Yield each query whose rows differ from the expected ones, in any order.

    A query that asks another endpoint is left to the tests, which bring one.
    """
    own = project.boundary("queries") is not None
    for query in queries:
        if query.service:
            continue
        if not query.expected and own and query.answerable:
            name = f"{EXPECTED}/{query.slug}.csv"
            yield make_finding(STEP, "missing", place=Place(query.name), file=name)
        for expected in query.expected:
            text = query.bind(expected.values, project=project, lang="nb")
            table = store.select(text, name=query.name)
            yield from _compare(query, table, expected)


def count_expected(queries: Iterable[CannedQuery]) -> dict[str, int]:
    """Return how many files of expected rows there are, the two sorts apart."""
    files = [e for query in queries for e in query.expected if not query.service]
    snapshots = sum(e.snapshot for e in files)
    return {"derived_rows": len(files) - snapshots, "snapshots": snapshots}


def differing_rows(
    table: Table, expected: ExpectedRows | None
) -> tuple[Counter[Row], Counter[Row]]:
    """Return the rows that an answer lacks, and those that it has besides."""
    got = Counter(tuple(text_of(cell) for cell in row) for row in table.rows)
    size = len(table.columns)
    wanted = Counter(row[:size] for row in expected.rows) if expected else Counter()
    return wanted - got, got - wanted


def _compare(
    query: CannedQuery, table: Table, expected: ExpectedRows
) -> Iterator[Finding]:
    columns = tuple(c for c in expected.columns if c not in _NOT_COMPARED)
    place = Place(expected.name, 1)
    if table.columns != columns:
        yield make_finding(
            STEP,
            "columns",
            place=place,
            got=", ".join(table.columns),
            expected=", ".join(columns),
        )
        return
    missing, extra = differing_rows(table, expected)
    if missing or extra:
        if missing:
            # The rows begin on the line below the names of the columns.
            lines = (
                n
                for n, r in enumerate(expected.rows, 2)
                if r[: len(columns)] in missing
            )
            place = Place(expected.name, next(lines))
        parts = [f"- {_row(row)}" for row in missing] + [f"+ {_row(r)}" for r in extra]
        yield make_finding(
            STEP,
            "snapshot" if expected.snapshot else "rows",
            severity=Severity.WARNING if expected.snapshot else Severity.VIOLATION,
            place=place,
            got=len(table.rows),
            expected=len(expected.rows),
            difference=" ".join(parts[:4]),
            query=query.slug,
        )


def _row(row: tuple[str, ...]) -> str:
    return "(" + ", ".join(cell.rsplit("/", 1)[-1] or "–" for cell in row) + ")"

"""Competency questions: every canned query against the rows it is expected to give.

Expected rows stand in a CSV beside the query, with the lines of the source they were
derived from in a last column `source` that is not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from glokal.core.errors import Place
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery, ExpectedRows
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Store, Table
from glokal.validation.finding import Finding, make_finding

STEP = "competency"
SOURCE_COLUMN = "source"


def check_competency(
    queries: Iterable[CannedQuery], store: Store, project: Project
) -> Iterator[Finding]:
    """Yield each query whose rows differ from the expected ones, in any order.

    A query that asks another endpoint is left to the tests, which bring one.
    """
    for query in queries:
        if query.service:
            continue
        if not query.expected:
            name = f"queries/{query.slug}.csv"
            yield make_finding(STEP, "missing", place=Place(query.name), file=name)
        for expected in query.expected:
            text = query.bind(expected.values, project=project, lang="nb")
            table = store.select(text, name=query.name)
            yield from _compare(table, expected)


def _compare(table: Table, expected: ExpectedRows) -> Iterator[Finding]:
    columns = tuple(c for c in expected.columns if c != SOURCE_COLUMN)
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
    got = Counter(tuple(text_of(cell) for cell in row) for row in table.rows)
    wanted = Counter(row[: len(columns)] for row in expected.rows)
    if got != wanted:
        missing, extra = wanted - got, got - wanted
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
            "rows",
            place=place,
            got=got.total(),
            expected=wanted.total(),
            difference=" ".join(parts[:4]),
        )


def _row(row: tuple[str, ...]) -> str:
    return "(" + ", ".join(cell.rsplit("/", 1)[-1] or "–" for cell in row) + ")"

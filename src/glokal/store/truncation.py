"""Answers that a service cuts at a number of rows, taken whole in pages.

Many services give some thousand rows and no more, most of them without a word. An
answer of a suspiciously round size is counted by the service itself; when it has more
rows, they are taken in pages, and what doesn't add up is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from glokal.core.errors import InputError
from glokal.rdf.terms import text_of
from glokal.sparql.printed_query import PrintedQuery
from glokal.sparql.store_interface import Row, Table
from glokal.store.query_templates import render_query

# No service is known to cut at a number that is no multiple of this, or one above.
ROUND = 1000


def may_be_truncated(
    size: int, limits: Collection[int], service_limit: int | None
) -> bool:
    """Whether an answer of that many rows or triples may be a part of the whole.

    `limits` are the numbers behind LIMIT, `service_limit` is the number at
    which the service says that it cuts.
    """
    if service_limit is None and (size < ROUND or size % ROUND > 1):
        return False
    return size not in limits and (service_limit is None or size >= service_limit)


def fetch_all_rows(
    first: Table, query: PrintedQuery, ask: Callable[[str], Table], name: str
) -> Table:
    """Return all rows of a SELECT whose first answer may have been cut.

    `ask` answers one query as the service does; `name` is the service's. Raises
    InputError when the rows can't be taken whole.
    """
    if not query.part:
        raise _too_many(name, len(first.rows))

    def filled(file: str, **more: str) -> str:
        return query.base + render_query(file, query=query.part, **more)

    counted = ask(filled("rows-count"))
    count = int(text_of(counted.rows[0][0]))
    if count == len(first.rows):
        return first
    page = len(first.rows)
    rows: list[Row] = []
    while len(rows) < count:
        limit, offset = str(page), str(len(rows))
        result = ask(filled("rows-page", limit=limit, offset=offset))
        order = [result.columns.index(column) for column in first.columns]
        rows += [tuple(row[place] for place in order) for row in result.rows]
        if len(result.rows) != min(page, count - int(offset)):
            raise _too_many(name, len(first.rows))
    return Table(first.columns, tuple(rows))


def refuse_part(size: int, name: str) -> None:
    """Raise InputError: that many triples may be a part of the answer."""
    raise _too_many(name, size)


def _too_many(name: str, size: int) -> InputError:
    return InputError(
        f"{name} gave {size} and may have cut the answer there.",
        remedy="ask in parts, each with its own LIMIT and OFFSET.",
    )

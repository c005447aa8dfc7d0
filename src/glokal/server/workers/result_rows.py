"""What a worker does with rows: counts those that it writes, and cuts pages of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox

from glokal.core.files.data_files import JSON
from glokal.core.namespaces import GEO
from glokal.dataset.answer_sentence import answer_sentence
from glokal.dataset.explain_empty import as_values, explain_empty
from glokal.dataset.result_page import PAGE_FORMATS, NoPlaceError, Page, render_page
from glokal.dataset.row_order import in_language_order
from glokal.rdf.terms import text_of
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.workers.messages import (
    PageRequest,
    QueryRequest,
    Reason,
    ResponseHead,
)
from glokal.site.page_words import cell_text
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Row, Table

# Smaller answers gain nothing by compression.
MIN_GZIP_BYTES = 1000
# Where a row begins or ends in each format, and the strings that may hold such signs.
_JSON_ROW, _JSON_STRING = b"},{", re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)')
_CSV_STRING = re.compile(rb'"[^"]*(?:"|\Z)')


class TooLargeError(Exception):
    """The answer has more than it may: the reason is size or rows."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class RowCounter:
    """Counts the rows of an answer in one of the result formats as it is written.

    No row is counted when `most` is 0.
    """

    def __init__(self, media: str, most: int) -> None:
        self._most = most
        json = media in (RESULTS_JSON, JSON)
        self._mark = _JSON_ROW if json else b"<result>" if "xml" in media else b"\n"
        self._strings = _JSON_STRING if json else None
        if media == "text/csv":
            self._strings = _CSV_STRING
        # CSV and TSV have a line of names besides; JSON has a mark between two rows.
        self._beside = {_JSON_ROW: -1, b"\n": 1}.get(self._mark, 0)
        self._seen = 0
        self._tail = b""

    def is_over(self, parts: list[bytes]) -> bool:
        """Whether there are too many rows, with the last of the parts."""
        if not self._most:
            return False
        data = self._tail + parts[-1]
        self._tail = data[max(len(data) - len(self._mark) + 1, 0) :]
        self._seen += data.count(self._mark)
        if self._seen - self._beside <= self._most:
            return False
        if self._strings:
            # A sign within a string was perhaps counted: look at the whole once.
            whole = self._strings.sub(b"", b"".join(parts))
            self._seen = whole.count(self._mark)
        return self._seen - self._beside > self._most


def write_page(
    result: Any,
    query: QueryRequest,
    size: int,
    rows: int,
    *,
    ask: Callable[[str], bool],
    wkt: Callable[[str], str],
) -> tuple[ResponseHead, bytes]:
    """Return the head and the body of a page of a canned query's rows.

    `ask` tells whether a query has rows, `wkt` the geometry of a thing. Raises
    TooLargeError when the whole answer has too many rows, or the page is too large.
    """
    wanted = query.page
    assert wanted is not None
    columns = tuple(v.value for v in result.variables)
    first, last = wanted.offset, wanted.offset + wanted.limit
    ordered = bool(parse(query.text).query.select.order_by)
    retained: list[Row] = []
    total = 0
    for total, row in enumerate(_rows(result), 1):
        if total > rows:
            raise TooLargeError("rows")
        retained.append(row)
    if ordered:
        table = in_language_order(
            Table(columns, tuple(retained)), query.text, wanted.lang
        )
        retained = list(table.rows)
    else:
        # Pages must fit together.
        retained.sort(key=str)
    retained = retained[first:last]
    why = {}
    if total == 0 and (reason := explain_empty(query.text, ask)):
        why = as_values(reason, wanted.languages)
    page = Page(
        wanted.query,
        wanted.lang,
        wanted.parameters,
        Table(columns, tuple(retained)),
        total,
        first,
        wanted.limit,
        why,
        wanted.has_places,
        wanted.view,
        _sentence(wanted, Table(columns, tuple(retained)), total),
    )
    fmt = wanted.format
    try:
        body = render_page(page, fmt, wkt)
    except NoPlaceError:
        return ResponseHead(406, reason="place"), b""
    if len(body) > size:
        raise TooLargeError("size")
    return ResponseHead(200, media=PAGE_FORMATS[fmt], total=total), body


def _sentence(wanted: PageRequest, table: Table, total: int) -> str:
    """Return the answer in words; "" when the page has only a part of the rows."""
    if wanted.template is None or len(table.rows) < total:
        return ""
    return answer_sentence(
        wanted.template,
        table,
        wanted.chosen,
        wanted.lang,
        lambda cell: cell_text(cell, wanted.lang),
    )


def wkt_of(store: ox.Store, iri: str) -> str:
    """Return the geometry of a thing as WKT, "" without one."""
    thing, has = ox.NamedNode(iri), ox.NamedNode(GEO + "hasDefaultGeometry")
    for quad in store.quads_for_pattern(thing, has, None, ox.DefaultGraph()):
        geometry, wkt = quad.object, ox.NamedNode(GEO + "asWKT")
        if isinstance(geometry, ox.Literal | ox.Triple):
            continue
        for result in store.quads_for_pattern(geometry, wkt, None, ox.DefaultGraph()):
            return text_of(result.object)
    return ""


def _rows(query_solutions: ox.QuerySolutions) -> Iterator[Row]:
    variables = query_solutions.variables
    for row in query_solutions:
        yield tuple(row[v] for v in variables)

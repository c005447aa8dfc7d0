"""The rows of an answer in the order of a language.

SPARQL sorts texts by code points (SPARQL 1.1, section 15.1): Ängelholm before Åre,
which is wrong in Swedish, and Åfjord before Ørland, which is wrong in Norwegian. For
people the rows are sorted again, by the columns that the query sorts by.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from glokal.core.collation import SortKey, sort_key
from glokal.core.namespaces import RDF, XSD
from glokal.rdf.terms import Term
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Row, Table
from glokal.sparql.tree import Variable

_TEXTS = (XSD + "string", RDF + "langString")


def in_language_order(table: Table, text: str, lang: str) -> Table:
    """Return the answer to a query, `text`, with its rows as a language sorts them.

    Columns that the query sorts by are taken up to the first expression; values that
    are no text keep the order that the store gave them.
    """
    columns = []
    for condition in parse(text).query.select.order_by:
        value = condition.value
        if not isinstance(value, Variable) or value.name not in table.columns:
            break
        backwards = condition.direction == "DESC"
        columns.append((table.columns.index(value.name), backwards))
    return Table(table.columns, tuple(_sorted(table.rows, columns, lang)))


def _sorted(
    rows: Sequence[Row], columns: Sequence[tuple[int, bool]], lang: str
) -> list[Row]:
    """Return rows that are alike in what was sorted by before, sorted by the rest."""
    if not columns or len(rows) < 2:
        return list(rows)
    (column, backwards), *rest = columns
    groups: dict[Term | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    order = sorted(groups, key=lambda term: _key(term, lang), reverse=backwards)
    return [row for term in order for row in _sorted(groups[term], rest, lang)]


def _key(term: Term | None, lang: str) -> tuple[int, SortKey]:
    """Return what sorts a value: what is open before what is no text, then texts."""
    if isinstance(term, ox.Literal) and term.datatype.value in _TEXTS:
        return 2, sort_key(term.value, lang)
    return (0 if term is None else 1), ()

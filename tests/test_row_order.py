"""The rows of answers as a language sorts them, by what the query sorts by."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import XSD
from glokal.dataset.row_order import in_language_order
from glokal.sparql.store_interface import Row, Table

QUERY = "SELECT ?name ?number WHERE { ?x ?y ?name , ?number } "


def asked(order: str, *rows: tuple[str, int | None], lang: str = "nb") -> list[object]:
    """Return the rows in the order of a language, as a store had sorted them."""
    cells: list[Row] = [(ox.Literal(name), _number(number)) for name, number in rows]
    table = Table(("name", "number"), tuple(cells))
    done = in_language_order(table, QUERY + order, lang)
    assert sorted(map(str, done.rows)) == sorted(map(str, cells))
    return [
        (name.value, None if number is None else int(number.value))  # type: ignore[union-attr]
        for name, number in done.rows
    ]


def _number(number: int | None) -> ox.Literal | None:
    return None if number is None else ox.Literal(number)


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("nb", ["Zoo", "Ærøy", "Ørland", "Åfjord"]),
        ("sv", ["Zoo", "Åfjord", "Ærøy", "Ørland"]),
        ("en", ["Ærøy", "Åfjord", "Ørland", "Zoo"]),
    ],
)
def test_texts_are_sorted_by_the_language(lang: str, names: list[str]) -> None:
    rows = [(name, 1) for name in sorted(names)]
    assert asked("ORDER BY ?name", *rows, lang=lang) == [(name, 1) for name in names]
    assert asked("ORDER BY DESC(?name)", *reversed(rows), lang=lang) == [
        (name, 1) for name in reversed(names)
    ]


def test_numbers_keep_the_order_of_the_store_within_each_text() -> None:
    rows = [("Å", 3), ("Å", 12), ("Ø", None), ("Ø", 2), ("Ø", 10)]
    assert asked("ORDER BY ?name ?number", *rows) == [*rows[2:], *rows[:2]]


def test_texts_within_a_number() -> None:
    rows = [("Å", 12), ("Ø", 12), ("B", 3), ("Å", 1), ("Ø", 1)]
    assert asked("ORDER BY DESC(?number) ?name", *rows) == [
        ("Ø", 12),
        ("Å", 12),
        ("B", 3),
        ("Ø", 1),
        ("Å", 1),
    ]


@pytest.mark.parametrize("order", ["", "ORDER BY STRLEN(?name) ?name", "ORDER BY ?x"])
def test_other_orders_stay(order: str) -> None:
    rows = [("Å", 3), ("Ø", 12), ("A", 1)]
    assert asked(order, *rows) == rows


def test_a_literal_that_is_no_text_is_no_text() -> None:
    day = ox.Literal("2026-01-02", datatype=ox.NamedNode(XSD + "date"))
    rows: tuple[Row, ...] = (
        (day, None),
        (ox.Literal("Å"), None),
        (ox.Literal("Ø"), None),
    )
    done = in_language_order(
        Table(("name", "number"), rows), QUERY + "ORDER BY ?name", "nb"
    )
    assert done.rows == (rows[0], rows[2], rows[1])

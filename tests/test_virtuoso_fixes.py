"""What Virtuoso writes in its own way, and what only looks like it."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import GEO, VIRTRDF, XSD
from glokal.store.virtuoso_fixes import normalize_rows, normalize_triple

GEOMETRY, WKT = f"{VIRTRDF}Geometry", f"{GEO}wktLiteral"


def answer(term: dict[str, str]) -> dict[str, object]:
    return {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (
            {"value": "nodeID://b1", "type": "bnode"},
            {"value": "b1", "type": "bnode"},
        ),
        (
            {"value": "POINT(1 2)", "datatype": GEOMETRY, "type": "typed-literal"},
            {"value": "POINT(1 2)", "datatype": WKT, "type": "typed-literal"},
        ),
        (
            {"type": "literal", "datatype": f"{XSD}boolean", "value": "1"},
            {"type": "literal", "datatype": f"{XSD}boolean", "value": "true"},
        ),
        (
            {"type": "literal", "value": f'"datatype": "{GEOMETRY}", nodeID://b1'},
            {"type": "literal", "value": f'"datatype": "{GEOMETRY}", nodeID://b1'},
        ),
        (
            {"type": "uri", "value": "nodeID://b1"},
            {"type": "uri", "value": "nodeID://b1"},
        ),
    ],
)
@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")])
def test_terms_of_rows(
    sent: dict[str, str], meant: dict[str, str], separators: tuple[str, str]
) -> None:
    body = json.dumps(answer(sent), separators=separators).encode()
    assert json.loads(normalize_rows(body)) == answer(meant)


@pytest.mark.parametrize("body", [b"nodeID://", b'{"head": "nodeID://'])
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match="line 1"):
        normalize_rows(body)


@pytest.mark.parametrize(
    "body", [b'"nodeID://"', b'{"results": ["nodeID://"]}', b'{"boolean": true}']
)
def test_other_answers_stay(body: bytes) -> None:
    assert json.loads(normalize_rows(body)) == json.loads(body)


def test_the_literal_of_a_triple() -> None:
    node = ox.NamedNode("urn:x")

    def triple(value: ox.Literal) -> ox.Triple:
        return ox.Triple(node, node, value)

    sent = triple(ox.Literal("POINT(1 2)", datatype=ox.NamedNode(GEOMETRY)))
    meant = triple(ox.Literal("POINT(1 2)", datatype=ox.NamedNode(WKT)))
    assert normalize_triple(sent) == meant
    text = triple(ox.Literal(f'"POINT(1 2)"^^<{GEOMETRY}>'))
    assert normalize_triple(text) == text

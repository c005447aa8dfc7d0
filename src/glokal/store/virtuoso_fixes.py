"""What an engine writes in its own way in an answer, put as the standards have it.

Virtuoso calls a WKT literal a geometry of its own, writes true as 1, puts a scheme
before the labels of blank nodes and answers some ASK with rows. It marks an answer that
it cut by a header.
"""

from __future__ import annotations

import json
from email.message import Message
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GEO, VIRTRDF, XSD
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Answer, Table

_GEOMETRY, _WKT = f"{VIRTRDF}Geometry", f"{GEO}wktLiteral"
_BOOLEAN = f"{XSD}boolean"
_WORDS = {"0": "false", "1": "true"}
_NODE = "nodeID://"
# An answer with none of these is passed on unread.
_SIGNS = tuple(text.encode() for text in (_GEOMETRY, _BOOLEAN, _NODE))


def normalize_rows(body: bytes) -> bytes:
    """Return SPARQL JSON with the terms as the standards have them.

    Raises ValueError for what is no JSON.
    """
    if not any(sign in body for sign in _SIGNS):
        return body
    answer = json.loads(body)
    results = answer.get("results") if isinstance(answer, dict) else None
    rows = results.get("bindings") if isinstance(results, dict) else None
    for row in rows if isinstance(rows, list) else ():
        for term in row.values() if isinstance(row, dict) else ():
            if isinstance(term, dict):
                _normalize(term)
    return json.dumps(answer).encode()


def _normalize(term: dict[str, Any]) -> None:
    value, datatype = term.get("value"), term.get("datatype")
    if term.get("type") == "bnode" and isinstance(value, str):
        term["value"] = value.removeprefix(_NODE)
    elif datatype == _GEOMETRY:
        term["datatype"] = _WKT
    elif datatype == _BOOLEAN and value in _WORDS:
        term["value"] = _WORDS[value]


def normalize_triple(triple: ox.Triple) -> ox.Triple:
    """Return a triple with its literal as the standards have it."""
    value = triple.object
    if not isinstance(value, ox.Literal) or value.datatype.value != _GEOMETRY:
        return triple
    literal = ox.Literal(value.value, datatype=ox.NamedNode(_WKT))
    return ox.Triple(triple.subject, triple.predicate, literal)


def normalize_boolean(answer: Answer) -> Answer:
    """Return the answer to an ASK as yes or no; no row is no, and so is a 0."""
    if not isinstance(answer, Table):
        return answer
    return any(text_of(cell) != "0" for row in answer.rows for cell in row)


def stopped_early(headers: Message) -> bool:
    """Whether the engine says that the time was up before the answer was whole."""
    return bool(
        headers.get("X-SQL-State") or headers.get("X-Exec-Milliseconds-Exceeded")
    )


def most_rows(headers: Message) -> int | None:
    """Return the number of rows at which the engine cut the answer; None if whole."""
    written = headers.get("X-SPARQL-MaxRows", "")
    return int(written) if written.isdigit() else None

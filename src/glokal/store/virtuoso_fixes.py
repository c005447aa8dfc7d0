"""What an engine writes in its own way in an answer, put as the standards have it.

Virtuoso calls a WKT literal a geometry of its own, writes true as 1, puts a scheme
before the labels of blank nodes and answers some ASK with rows. It marks an answer that
it cut by a header.
"""

from __future__ import annotations

import re
from email.message import Message

from glokal.core.namespaces import GEO, VIRTRDF, XSD
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Answer, Table

_GEOMETRY = f"{VIRTRDF}Geometry".encode()
_WKT = f"{GEO}wktLiteral".encode()
_BOOLEAN = re.compile(
    rb'("datatype": "' + re.escape(XSD).encode() + rb'boolean", "value": ")([01])"'
)
_NODE = re.compile(rb'("type": "bnode", "value": ")nodeID://')


def normalize_rows(body: bytes) -> bytes:
    """Return SPARQL JSON with the terms as the standards have them."""
    # A quotation mark inside a JSON string is escaped, so these match no text.
    body = body.replace(b'"' + _GEOMETRY + b'"', b'"' + _WKT + b'"')
    body = _BOOLEAN.sub(
        lambda m: m[1] + (b'true"' if m[2] == b"1" else b'false"'), body
    )
    return _NODE.sub(rb"\1", body)


def normalize_triples(body: bytes) -> bytes:
    """Return N-Triples with the terms as the standards have them."""
    return body.replace(b"^^<" + _GEOMETRY + b">", b"^^<" + _WKT + b">")


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

"""Errors as the web has them: Problem Details for HTTP APIs (RFC 9457).

A reader gets a page and a client that asks for RDF gets RDF; everybody else JSON.
"""

from __future__ import annotations

import json
from html import escape
from http import HTTPStatus

import pyoxigraph as ox
from starlette.datastructures import Headers
from starlette.responses import Response

from glokal.core.files.data_files import JSON
from glokal.core.namespaces import HTTP, RDF, RDFS, XSD
from glokal.server.negotiation import choose
from glokal.server.response_formats import (
    GRAPH_FORMATS,
    HTML,
    PROBLEM,
    content_type,
)

# RDF only for who names it: of */* and application/* it is JSON that is meant.
_NAMED = [m for m in GRAPH_FORMATS if m not in (JSON, "application/xml", "text/plain")]
_OFFERS = [PROBLEM, JSON, HTML, *_NAMED]
_HIDDEN = {"Cache-Control": "no-store"}


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: object
) -> Response:
    """Return an error: what went wrong in words, and whatever a program may use."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, indent=2) + "\n",
        status,
        {**_HIDDEN, **(headers or {})},
        media_type=PROBLEM,
    )


def problem_for(
    asked: Headers,
    status: int,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    page: bytes | None = None,
    **more: object,
) -> Response:
    """Return an error in the format that a client asks for.

    `page` is the page that tells of it, a plain one when there is none.
    """
    headers = {"Vary": "Accept", **(headers or {})}
    media = choose(asked.get("accept", ""), _OFFERS)
    if media == HTML:
        body = page or _page(status, detail)
    elif media in _NAMED:
        assert media is not None
        body = (
            ox.serialize(_triples(status, detail), format=GRAPH_FORMATS[media]) or b""
        )
    else:
        return problem(status, detail, headers=headers, **more)
    fields = {**_HIDDEN, **headers, "Content-Type": content_type(media)}
    return Response(body, status, fields)


def _triples(status: int, detail: str) -> list[ox.Triple]:
    # HTTP Vocabulary in RDF 1.0, https://www.w3.org/TR/HTTP-in-RDF10/
    node = ox.BlankNode("response")
    number = ox.Literal(str(status), datatype=ox.NamedNode(XSD + "int"))
    phrase = ox.Literal(HTTPStatus(status).phrase)
    return [
        ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(HTTP + "Response")),
        ox.Triple(node, ox.NamedNode(HTTP + "statusCodeValue"), number),
        ox.Triple(node, ox.NamedNode(HTTP + "reasonPhrase"), phrase),
        ox.Triple(node, ox.NamedNode(RDFS + "comment"), ox.Literal(detail)),
    ]


def _page(status: int, detail: str) -> bytes:
    title = escape(f"{status} {HTTPStatus(status).phrase}")
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<h1>{title}</h1>\n<p>{escape(detail)}</p>\n</html>\n"
    ).encode()

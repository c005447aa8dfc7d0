"""The API's description of itself: OpenAPI 3.1, made of the queries' own headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glokal.core.settings import LANGUAGES, Project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.result_page import PAGE, PAGE_FORMATS
from glokal.dataset.views import IN_STRATEGY, REPORTED, VIEWS
from glokal.server.query_catalog import QueryCatalog
from glokal.server.response_formats import HTML, PROBLEM
from glokal.server.routes.api_request import FURTHEST, MOST

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 0}
_CELL = {"type": ["string", "number", "boolean", "null"]}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
    },
}


def describe_query(query: CannedQuery, canned: QueryCatalog) -> dict[str, Any]:
    """Return what the list of queries tells of one."""
    return {
        "name": query.slug,
        "question": dict(query.summary),
        "path": f"/api/queries/{query.slug}",
        "parameters": [
            {
                "name": p.name,
                "type": p.kind,
                "label": dict(p.label),
                "default": p.slug,
                "values": list(canned.listed(p)),
            }
            for p in query.parameters
        ],
    }


def describe_api(
    project: Project, canned: QueryCatalog, prefix: str = ""
) -> dict[str, Any]:
    """Return the whole description, in English, with a path for each query.

    `prefix` is the path that the server lives below.
    """
    paths: dict[str, Any] = {
        "/api/queries": {
            "get": {
                "operationId": "list-queries",
                "summary": "The queries that have an address, and their parameters",
                "responses": {
                    "200": _body("The list", {"application/json": {"type": "object"}})
                },
            }
        }
    }
    for query in canned.queries.values():
        paths[f"/api/queries/{query.slug}"] = {"get": _operation(query, canned)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": project.title.get("en", project.title[project.languages[0]]),
            "version": project.version,
            "license": {"name": "Licence of the data", "url": project.licence},
            "contact": {"url": project.contact.url},
        },
        "servers": [{"url": f"{prefix}/"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "responses": {
                name: _body(text, {PROBLEM: {"$ref": "#/components/schemas/Problem"}})
                for name, text in _FAULTS.items()
            },
        },
    }


_FAULTS = {
    "Unknown": "A parameter or a value is not known; the closest names are given",
    "Unacceptable": "The answer can't be had in that format",
    "Busy": "Too many queries of this client are at work already",
    "Limit": "The query came to a limit; the reason is given",
}


def _operation(query: CannedQuery, canned: QueryCatalog) -> dict[str, Any]:
    ref = "#/components/responses/"
    return {
        "operationId": query.slug,
        "summary": query.summary["en"],
        "description": query.summary["nb"],
        "parameters": [
            *_parameters(query, canned),
            *_OWN,
            _own(
                "format",
                "Goes before Accept",
                {**_TEXT, "enum": [*canned.formats_of(query), "html"]},
            ),
        ],
        "responses": {
            "200": {
                **_body("The rows", _answers(query, canned)),
                "headers": {
                    "X-Total-Count": {
                        "description": "How many rows the whole answer has",
                        "schema": _NUMBER,
                    },
                    "Link": {
                        "description": "Pages before and after (RFC 8288)",
                        "schema": _TEXT,
                    },
                },
            },
            "400": {"$ref": f"{ref}Unknown"},
            "406": {"$ref": f"{ref}Unacceptable"},
            "429": {"$ref": f"{ref}Busy"},
            "503": {"$ref": f"{ref}Limit"},
        },
    }


def _parameters(query: CannedQuery, canned: QueryCatalog) -> list[dict[str, Any]]:
    results = []
    for p in query.parameters:
        known = list(canned.listed(p))
        schema: dict[str, Any] = {**_TEXT, "default": p.slug}
        if known:
            start = p.start
            schema["anyOf"] = [
                {"title": "slug", "enum": known},
                {"title": "IRI", "enum": [start + slug for slug in known]},
            ]
        label = p.label.get("en", p.name)
        results.append(
            {
                "name": p.name,
                "in": "query",
                "description": f"{label}: the slug or the IRI of a {p.kind}",
                "schema": schema,
            }
        )
    return results


def _own(name: str, text: str, schema: Mapping[str, object]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


_OWN = [
    _own("lang", "The language of names", {**_TEXT, "enum": list(LANGUAGES)}),
    _own(
        "view",
        "What is asked: the strategy alone, or with what was reported since",
        {**_TEXT, "enum": list(VIEWS), "default": IN_STRATEGY},
    ),
    _own(
        "limit",
        "How many rows",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    ),
    _own(
        "offset", "After how many rows", {**_NUMBER, "maximum": FURTHEST, "default": 0}
    ),
]


def _answers(query: CannedQuery, canned: QueryCatalog) -> dict[str, Any]:
    prepared = next((p for k, p in canned.prepared.items() if k[1] == query.slug), None)
    columns = prepared.columns if prepared else ()
    row = {"type": "object", "properties": dict.fromkeys(columns, _CELL)}
    page = {
        "type": "object",
        "required": ["query", "total", "offset", "limit", "columns", "rows"],
        "properties": {
            "query": _TEXT,
            "lang": _TEXT,
            "parameters": {"type": "object", "additionalProperties": _TEXT},
            "total": _NUMBER,
            "offset": _NUMBER,
            "limit": _NUMBER,
            "columns": {"type": "array", "items": _TEXT},
            "rows": {"type": "array", "items": row},
            "view": {"const": REPORTED, "description": "The view, if not the strategy"},
            "why": {
                "type": "object",
                "description": "Why there is no row: the pattern that left nothing",
            },
        },
    }
    answers: dict[str, Any] = {PAGE_FORMATS[f]: _TEXT for f in canned.formats_of(query)}
    answers[PAGE_FORMATS["json"]] = page
    answers[PAGE_FORMATS["xlsx"]] = {}
    if PAGE_FORMATS["geojson"] in answers:
        answers[PAGE_FORMATS["geojson"]] = {"type": "object"}
    return {**answers, HTML: _TEXT}


def _body(text: str, content: Mapping[str, object]) -> dict[str, Any]:
    return {
        "description": text,
        "content": {media: {"schema": schema} for media, schema in content.items()},
    }

"""JSON Schemas of the tools: what each takes and gives (JSON Schema 2020-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glokal.assistants.answers import STATUSES
from glokal.core.settings import LANGUAGES
from glokal.dataset.canned_queries import CannedQuery, Parameter
from glokal.dataset.views import IN_STRATEGY, VIEWS
from glokal.sparql.prepare import parse

Schema = dict[str, Any]

# With more values than this a parameter is written and not chosen from a list.
LISTED = 500
PAGE, MOST = 100, 500
TEXT: Schema = {"type": "string"}
LANG: Schema = {
    "type": "string",
    "enum": list(LANGUAGES),
    "default": "nb",
    "description": "Language of labels: bokmål, nynorsk or English.",
}
VIEW: Schema = {
    "type": "string",
    "enum": list(VIEWS),
    "default": IN_STRATEGY,
    "description": "What is asked: strategy is what the strategy says, unchanged; "
    "reported is that with what was reported since, and without what has ended.",
}
_LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
_OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}
PAGING = {"limit": _LIMIT, "offset": _OFFSET}
_CELL: Schema = {"type": ["string", "number", "boolean", "null"]}
QUOTATION: Schema = {
    "type": "object",
    "properties": dict.fromkeys(
        ("passage", "quotation", "where", "address", "citation"), TEXT
    ),
    "required": ["passage", "quotation", "where", "address", "citation"],
}


def closed(properties: Mapping[str, Schema], *required: str) -> Schema:
    """Return the schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def listed(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def answer_columns(query: CannedQuery) -> tuple[str, ...]:
    """Return the columns of a question's answer, none when it doesn't name them."""
    select = parse(query.text, query.name).query.select
    return tuple(variable.name for variable, _ in select.projection or ())


def question_input(query: CannedQuery, choices: Mapping[str, Sequence[str]]) -> Schema:
    """Return what the tool of a question takes: slugs, language, view, page."""
    parameters = {
        p.name: _parameter(p, choices.get(p.name, ())) for p in query.parameters
    }
    return closed({**parameters, "lang": LANG, "view": VIEW, **PAGING})


def question_output(columns: Sequence[str]) -> Schema:
    """Return what the tool of a question gives: its rows with their sources."""
    row = closed(
        {
            "values": _values(columns),
            "label": TEXT,
            "status": {"enum": list(STATUSES)},
            "quotations": listed(QUOTATION),
            "citation": TEXT,
        },
        "values", "label", "status", "quotations", "citation",
    )  # fmt: skip
    return closed(
        {
            "question": TEXT,
            "view": {"enum": list(VIEWS)},
            "lang": {"enum": list(LANGUAGES)},
            "parameters": {"type": "object", "additionalProperties": TEXT},
            "total": {"type": "integer"},
            "offset": {"type": "integer"},
            "rows": listed(row),
            "why": {"type": "object", "additionalProperties": TEXT},
            "page": TEXT,
            "note": TEXT,
        },
        "question", "view", "lang", "parameters", "total", "offset", "rows", "page",
        "note",
    )  # fmt: skip


def _values(columns: Sequence[str]) -> Schema:
    if not columns:
        return {"type": "object", "additionalProperties": _CELL}
    return closed(dict.fromkeys(columns, _CELL), *columns)


def _parameter(parameter: Parameter, slugs: Sequence[str]) -> Schema:
    words = " / ".join(parameter.label.values())
    schema: Schema = {
        "type": "string",
        "default": parameter.slug,
        "description": f"{words} ({parameter.kind})",
    }
    if 0 < len(slugs) <= LISTED:
        schema["enum"] = list(slugs)
    return schema

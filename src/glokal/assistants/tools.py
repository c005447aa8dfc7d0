"""The tools: one for each question, and those for names, things, passages, silence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from glokal.assistants.publication_index import Library
from glokal.assistants.schemas import (
    LANG,
    PAGING,
    QUOTATION,
    TEXT,
    VIEW,
    Schema,
    answer_columns,
    closed,
    listed,
    question_input,
    question_output,
)
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import CannedQuery

_NAME = {**TEXT, "minLength": 1, "maxLength": 200}
_THING = closed(
    {
        "thing": TEXT,
        "slug": TEXT,
        "label": TEXT,
        "type": TEXT,
        "page": TEXT,
        "score": {"type": "number"},
        "sure": {"type": "boolean"},
        "recognised": TEXT,
    },
    "thing", "slug", "label", "type", "page", "score", "sure", "recognised",
)  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """A tool as its protocol describes it."""

    name: str
    title: str
    description: str
    takes: Schema
    gives: Schema


@cache
def tool_words() -> Mapping[str, Any]:
    """Return the texts of the tools."""
    file = resources.files("glokal.assistants").joinpath("tools.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def all_tools(library: Library) -> tuple[Tool, ...]:
    """Return every tool, those of the questions last, always in the same order."""
    questions = (_of_question(library, q) for q in library.queries.values())
    return (*_own_tools(library), *sorted(questions, key=lambda tool: tool.name))


def _of_question(library: Library, query: CannedQuery) -> Tool:
    choices = {p.name: library.choices(p) for p in query.parameters}
    return Tool(
        query.slug,
        query.summary["en"],
        f"{query.summary['nb']} / {query.summary['en']}",
        question_input(query, choices),
        question_output(answer_columns(query)),
    )


def _own_tools(library: Library) -> tuple[Tool, ...]:
    kinds = sorted({
        c.removeprefix(GLO)
        for iri in library.names.things()
        for c in library.names.classes(iri)
        if c.startswith(GLO)
    })  # fmt: skip
    anything: Schema = {"type": "object"}
    takes_gives: dict[str, tuple[Schema, Schema]] = {
        "list_questions": (
            closed({"lang": LANG}),
            closed({"questions": listed(anything)}, "questions"),
        ),
        "find_thing": (
            closed(
                {
                    "name": _NAME,
                    "type": {**TEXT, "enum": kinds},
                    "lang": LANG,
                    "limit": {**PAGING["limit"], "maximum": 50, "default": 5},
                },
                "name",
            ),
            closed({"matches": listed(_THING), "note": TEXT}, "matches", "note"),
        ),
        "get_thing": (
            closed({"thing": _NAME, "lang": LANG, "view": VIEW}, "thing"),
            {
                "type": "object",
                "required": ["thing", "label", "type", "page", "statements", "note"],
            },
        ),
        "get_passage": (
            closed(
                {"passage": {**TEXT, "minLength": 1, "maxLength": 500}, "lang": LANG},
                "passage",
            ),
            closed({"passages": listed(QUOTATION), "note": TEXT}, "passages", "note"),
        ),
        "what_is_not_stated": (
            closed({"about": _NAME, "lang": LANG, "view": VIEW}),
            closed({"silences": listed(anything), "note": TEXT}, "silences", "note"),
        ),
        "coverage": (closed({"lang": LANG}), anything),
        "run_sparql": (
            closed(
                {
                    "query": {**TEXT, "minLength": 1},
                    "lang": LANG,
                    "view": VIEW,
                    **PAGING,
                },
                "query",
            ),
            {"type": "object", "required": ["total", "rows", "note"]},
        ),
    }
    words = tool_words()
    return tuple(
        Tool(name, words[name]["title"], words[name]["description"], takes, gives)
        for name, (takes, gives) in takes_gives.items()
    )

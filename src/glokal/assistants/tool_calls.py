"""A call of a tool, and what it gives: values for a program, as its schema has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import product
from typing import Any

import pyoxigraph as ox

from glokal.assistants.answers import NOT_STATED, rows_with_sources
from glokal.assistants.backend import Backend
from glokal.assistants.publication_index import Library
from glokal.assistants.schemas import PAGE
from glokal.assistants.statements import coverage_of, statements_of
from glokal.assistants.thing_types import own_type
from glokal.assistants.tools import tool_words
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.views import IN_STRATEGY, VIEWS
from glokal.sparql.plain_values import plain_value
from glokal.sparql.store_interface import Table

Values = dict[str, Any]
# A silence with more choices than this is told for its usual one only.
_MOST_CHOICES = 20
_SHORTEST_QUOTATION = 8


class Desk:
    """The tools of one publication, for one client.

    Every method raises UsageError, with what to do, for what can't be answered.
    """

    def __init__(self, library: Library, backend: Backend) -> None:
        self._library = library
        self._backend = backend
        self._own: Mapping[str, Callable[[Values], Awaitable[Values]]] = {
            "list_questions": self._list_questions,
            "find_thing": self._find_thing,
            "get_thing": self._get_thing,
            "get_passage": self._get_passage,
            "what_is_not_stated": self._what_is_not_stated,
            "coverage": self._coverage,
            "run_sparql": self._run_sparql,
        }

    async def call(self, name: str, given: Values) -> Values:
        """Return what a tool gives for arguments that fit its schema.

        Raises KeyError when there is no such tool.
        """
        if given.get("view", IN_STRATEGY) not in VIEWS:
            raise UsageError(
                f"There is no view {given['view']!r} here.",
                remedy=f"choose {', '.join(VIEWS)}.",
            )
        if name in self._own:
            return await self._own[name](given)
        return await self._answer(self._library.queries[name], given)

    async def _answer(self, query: CannedQuery, given: Values) -> Values:
        library, lang = self._library, given.get("lang", "nb")
        values = {p.name: given.get(p.name, p.slug) for p in query.parameters}
        iris = {p.name: p.start + values[p.name] for p in query.parameters}
        for name, iri in iris.items():
            if not library.view.path(iri):
                raise UsageError(
                    f"There is no {name} {values[name]!r}.",
                    remedy="find its slug with find_thing.",
                )
        text = query.bind(values, project=library.project, lang=lang)
        view = given.get("view", IN_STRATEGY)
        table = await self._rows(text, view)
        alone = await self._rows(text) if view != IN_STRATEGY else None
        offset, limit = given.get("offset", 0), given.get("limit", PAGE)
        shown = Table(table.columns, table.rows[offset : offset + limit])
        result: Values = {
            "question": query.summary["en" if lang == "en" else "nb"],
            "view": view,
            "lang": lang,
            "parameters": iris,
            "total": len(table.rows),
            "offset": offset,
            "rows": await asyncio.to_thread(
                rows_with_sources,
                *(library, query, iris, shown, lang),
                set(alone.rows) if alone else None,
            ),
            "page": library.question_page(query, lang),
            "note": tool_words()["note"],
        }
        if not table.rows:
            result["why"] = dict(await self._backend.why_empty(text, view))
        return result

    async def _rows(self, text: str, view: str = IN_STRATEGY) -> Table:
        answer = await self._backend.ask(text, view)
        assert isinstance(answer, Table)
        return answer

    async def _list_questions(self, given: Values) -> Values:
        own = "en" if given.get("lang") == "en" else "nb"
        return {
            "questions": [
                {
                    "tool": query.slug,
                    "question": query.summary[own],
                    "parameters": {
                        p.name: p.label.get(own, p.kind) for p in query.parameters
                    },
                    "silence": bool(query.silence),
                }
                for query in self._library.queries.values()
            ]
        }

    async def _find_thing(self, given: Values) -> Values:
        library, lang = self._library, given.get("lang", "nb")
        kinds = [GLO + given["type"]] if "type" in given else []
        found = library.names.find(given["name"], kinds, limit=given.get("limit", 5))
        matches = [
            {
                "thing": match.iri,
                "slug": match.iri.rpartition("/")[2],
                "label": library.label(match.iri, lang),
                "type": own_type(library.names, match.iri).removeprefix(GLO),
                "page": library.page(match.iri, lang),
                "score": match.score,
                "sure": match.sure,
                "recognised": match.name,
            }
            for match in found
        ]
        return {"matches": matches, "note": tool_words()["note"]}

    async def _get_thing(self, given: Values) -> Values:
        iri = self._library.find_thing(given["thing"])
        view = given.get("view", IN_STRATEGY)
        found = statements_of(self._library, iri, given.get("lang", "nb"), view)
        return {**found, "view": view, "note": tool_words()["note"]}

    async def _get_passage(self, given: Values) -> Values:
        library, lang = self._library, given.get("lang", "nb")
        wanted = " ".join(given["passage"].split())
        known = library.cited.provenance.source.passages
        folder = f"{library.project.things}passage/"
        found = [name for name in (wanted, folder + wanted) if name in known]
        if not found and len(wanted) < _SHORTEST_QUOTATION:
            raise UsageError(
                f"There is no passage {wanted!r}.",
                remedy=f"give its IRI, or {_SHORTEST_QUOTATION} of its letters.",
            )
        if not found:
            words = wanted.casefold()
            found = [
                passage
                for passage in library.passages()
                if words in " ".join(known[passage].text.split()).casefold()
            ]
        if not found:
            raise UsageError(
                f"No passage has the words {wanted[:100]!r}.",
                remedy="write them as they stand in the text, in its language.",
            )
        quotations = [library.quotation(p, lang).values() for p in found[:20]]
        return {"passages": quotations, "note": tool_words()["note"]}

    async def _what_is_not_stated(self, given: Values) -> Values:
        library, lang = self._library, given.get("lang", "nb")
        about = library.find_thing(given["about"]) if "about" in given else ""
        view = given.get("view", IN_STRATEGY)
        silences = []
        for query in library.queries.values():
            if not query.silence:
                continue
            for choice in self._choices(query):
                answer = await self._answer(
                    query,
                    {**choice, "lang": lang, "limit": 500, "view": view},
                )
                rows = [
                    {"values": row["values"], "citation": row["citation"]}
                    for row in answer["rows"]
                    if row["status"] == NOT_STATED
                    and self._is_about(row, answer, about)
                ]
                if rows:
                    kept = ("question", "parameters", "page")
                    silence = {name: answer[name] for name in kept}
                    silences.append({"tool": query.slug, **silence, "rows": rows})
        return {"silences": silences, "note": tool_words()["note"]}

    def _choices(self, query: CannedQuery) -> list[dict[str, str]]:
        names = [p.name for p in query.parameters]
        every = [
            dict(zip(names, values, strict=True))
            for values in product(*map(self._library.choices, query.parameters))
        ]
        return every if len(every) <= _MOST_CHOICES else [{}]

    def _is_about(self, row: Values, answer: Values, about: str) -> bool:
        things = {*row["values"].values(), *answer["parameters"].values()}
        governors = self._library.view.governed_by(about) if about else []
        return not about or not things.isdisjoint({about, *governors})

    async def _coverage(self, given: Values) -> Values:
        return coverage_of(self._library, given.get("lang", "nb"))

    async def _run_sparql(self, given: Values) -> Values:
        view = given.get("view", IN_STRATEGY)
        answer = await self._backend.ask(given["query"], view)
        note = tool_words()["note"]
        if isinstance(answer, bool):
            return {"total": 1, "rows": [{"answer": answer}], "note": note}
        offset, limit = given.get("offset", 0), given.get("limit", PAGE)
        rows = [
            {
                column: _term(self._library, cell, given.get("lang", "nb"))
                for column, cell in zip(answer.columns, row, strict=True)
            }
            for row in answer.rows[offset : offset + limit]
        ]
        result: Values = {"total": len(answer.rows), "offset": offset, "rows": rows}
        if not answer.rows:
            result["why"] = dict(await self._backend.why_empty(given["query"], view))
        return {**result, "columns": list(answer.columns), "note": note}


def _term(library: Library, cell: Any, lang: str) -> object:
    if isinstance(cell, ox.NamedNode) and library.view.path(cell.value):
        label = library.label(cell.value, lang)
        return {
            "iri": cell.value,
            "label": label,
            "page": library.page(cell.value, lang),
        }
    return plain_value(cell)

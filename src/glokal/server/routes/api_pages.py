"""The API's pages for people: a form for each query, and its rows as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import CODE
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.views import IN_STRATEGY, REPORTED
from glokal.server.build_snapshot import SiteSnapshot
from glokal.server.query_catalog import QueryCatalog
from glokal.server.reload import Deployment
from glokal.server.routes.api_request import QueryCall
from glokal.site.answer_tables import LABEL, AnswerTable
from glokal.site.page_values import Value, as_address
from glokal.site.page_words import load_words
from glokal.site.renderer import PageRenderer


@dataclass(frozen=True)
class Choice:
    """What a parameter can be set to, with its name; whether it is set so."""

    slug: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Form:
    """A query as a form: of each parameter the name, the word, choices, what is set."""

    query: CannedQuery
    fields: tuple[tuple[str, str, tuple[Choice, ...], str], ...]
    formats: tuple[str, ...]
    view: str


class ApiPages:
    """Writes the pages; the words and the look are those of the publication."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._pages = PageRenderer(project, project.root)
        # The page of forms is the same for as long as a build is served.
        self._forms = lru_cache(maxsize=8)(self._write_forms)

    def forms(self, now: Deployment, lang: str) -> bytes:
        """Return the page with a form for each query."""
        return self._forms(_Same(now), lang)

    def _write_forms(self, same: _Same, lang: str) -> bytes:
        canned, words = same.now.canned, load_words(self._project.translations)[lang]
        homes = {o: f"{self._pages.home(o)}api/" for o in self._project.languages}
        return (
            self._pages.of_built(same.now.site.files)
            .compose(
                "api.html",
                lang,
                homes[lang],
                words["api"],
                translations=homes,
                crumbs=[(words["api"], "")],
                forms=[form_of(q, canned, lang, {}) for q in canned.queries.values()],
                queries=(),
            )
            .encode()
        )

    def rows(self, now: Deployment, call: QueryCall, body: bytes) -> bytes:
        """Return the rows of an answer (JSON, as the API gives it) as a page."""
        payload = json.loads(body)
        ours = self._project.languages
        lang = call.lang if call.lang in ours else ours[0]
        words, query = load_words(self._project.translations)[lang], call.query
        requests = (words["api"], "api/"), (query.summary[lang], "")
        at, step, total = call.offset, call.limit, payload["total"]
        formats = now.canned.formats_of(query)
        return (
            self._pages.of_built(now.site.files)
            .compose(
                "rows.html",
                lang,
                f"api/queries/{query.slug}",
                query.summary[lang],
                translations={
                    o: call.path(lang=o)[1:] for o in self._project.languages
                },
                crumbs=requests,
                form=form_of(query, now.canned, lang, call.values, call.view),
                sentence=payload.get("answer", ""),
                answer=self._table(now.site, payload, lang, call.view),
                total=total,
                first=at + 1,
                last=at + len(payload["rows"]),
                why=payload.get("why", {}).get("text", {}).get(lang, ""),
                before=call.path(offset=str(max(at - step, 0) or "")) if at else "",
                after=call.path(offset=str(at + step)) if at + step < total else "",
                forms_of=[(f, call.path(format=f)) for f in formats],
            )
            .encode()
        )

    def _table(
        self, site: SiteSnapshot, told: Mapping[str, Any], lang: str, view: str
    ) -> AnswerTable:
        words, columns = load_words(self._project.translations)[lang], told["columns"]
        if view == REPORTED:
            words = words | words["in_reported"]
        shown = [
            c
            for c in columns
            if not c.endswith(LABEL) or c.removesuffix(LABEL) not in columns
        ]
        return AnswerTable(
            tuple(words["columns"].get(c.removesuffix(LABEL), c) for c in shown),
            tuple(
                tuple(
                    (self._cell(site, row, c, lang, words["no_value"]),) for c in shown
                )
                for row in told["rows"]
            ),
        )

    def _cell(
        self,
        site: SiteSnapshot,
        row: Mapping[str, Any],
        column: str,
        lang: str,
        silent: str,
    ) -> Value:
        value, label = row[column], row.get(column + LABEL)
        if value is None:
            return Value(label or silent)
        text = str(value)
        codes = f"{self._project.base}code/"
        starts = (self._project.things, "doc/"), (CODE, "code/"), (codes, "code/")
        for start, folder in starts:
            path = f"{folder}{text.removeprefix(start)}/"
            name = f"{self._pages.home(lang)}{path}index.html"
            if text.startswith(start) and name in site.files:
                return Value(label or text.rpartition("/")[2], "", path)
        return Value(label) if label else as_address(text)


class _Same:
    """Stands for a build, so that two requests of one build find one page."""

    def __init__(self, now: Deployment) -> None:
        self.now = now

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.now is self.now

    def __hash__(self) -> int:
        return id(self.now)


def form_of(
    query: CannedQuery,
    canned: QueryCatalog,
    lang: str,
    values: Mapping[str, str],
    view: str = IN_STRATEGY,
) -> Form:
    """Return the form of a query, set to values (IRIs) or to the defaults."""
    fields = []
    for p in query.parameters:
        chosen = values.get(p.name, p.default).removeprefix(p.start)
        named = canned.listed(p).items()
        choices = [
            Choice(slug, names.get(lang) or names.get("nb") or slug, slug == chosen)
            for slug, names in named
        ]
        choices.sort(key=lambda c: sort_key(c.name, lang))
        fields.append((p.name, p.label.get(lang, p.name), tuple(choices), chosen))
    formats = ("html", *canned.formats_of(query))
    return Form(query, tuple(fields), formats, view)

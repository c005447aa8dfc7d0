"""The canned queries of the publication that is live, and what may be asked of each.

A value is bound as an RDF term, and only when the graph has a thing of that IRI: no
text of a client gets into a query.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery, Parameter, suggest
from glokal.dataset.open_words import without_denials
from glokal.dataset.query_files import load_query
from glokal.dataset.result_page import PAGE_FORMATS
from glokal.dataset.values_line import fill_parameter
from glokal.dataset.views import REPORTED, view_iri
from glokal.server.build_snapshot import REPORTED_QUADS, SiteSnapshot
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.workers.messages import PageRequest, QueryRequest
from glokal.server.workers.pool import WorkerPool

# With more things than this a parameter is written and not chosen from a list.
LISTED = 500
_ALL = 10**9


@dataclass(frozen=True)
class PrecomputedAnswer:
    """An answer that the build has made: how many rows, their columns, its files."""

    total: int
    columns: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class QueryCatalog:
    """The queries by their names, and the things that parameters can take.

    `choices` has for each beginning of an IRI the slugs and the names by language.
    `prepared` is what the build tells of its answers with the defaults, by language and
    name; `reported` are the choices that the view of what was reported has besides;
    `placed` are the queries that have something for a map, with these values or
    with others.
    """

    queries: Mapping[str, CannedQuery]
    choices: Mapping[str, Mapping[str, Mapping[str, str]]]
    prepared: Mapping[tuple[str, str], PrecomputedAnswer]
    placed: frozenset[str] = frozenset()
    reported: Mapping[str, Mapping[str, Mapping[str, str]]] = field(
        default_factory=dict
    )

    def formats_of(self, query: CannedQuery) -> tuple[str, ...]:
        """Return the formats that a query's rows can be had in, besides a page."""
        return tuple(
            f for f in PAGE_FORMATS if f != "geojson" or query.slug in self.placed
        )

    def choices_of(self, parameter: Parameter) -> Mapping[str, Mapping[str, str]]:
        """Return the slugs that a parameter takes, each with its names by language."""
        return self.choices.get(parameter.start, {})

    def names_of(
        self, query: CannedQuery, values: Mapping[str, str], lang: str
    ) -> dict[str, str]:
        """Return the names of the things that parameters are given, by parameter."""
        names = {}
        for parameter in query.parameters:
            iri = values.get(parameter.name, parameter.default)
            slug = iri.removeprefix(parameter.start)
            labels = self.choices_of(parameter).get(slug, {})
            names[parameter.name] = labels.get(lang) or labels.get("nb") or slug
        return names

    def listed(self, parameter: Parameter) -> Mapping[str, Mapping[str, str]]:
        """Return what a parameter takes when that can be listed, nothing otherwise."""
        results = self.choices_of(parameter)
        return results if len(results) <= LISTED else {}

    def value(self, parameter: Parameter, written: str, view: str = "") -> str:
        """Return the IRI of a value given as slug or IRI, in a view.

        Raises UsageError with the closest slugs when there is no such thing.
        """
        start, known = parameter.start, dict(self.choices_of(parameter))
        if view == REPORTED:
            known |= self.reported.get(start, {})
        slug = written.removeprefix(start)
        if slug not in known:
            raise UsageError(
                f"There is no {parameter.kind} {written!r}.",
                remedy=suggest(slug.rpartition("/")[2], known)
                if known
                else f"leave it out; there is no {parameter.kind} to ask about.",
            )
        return start + slug


async def read_query_catalog(
    project: Project, site: SiteSnapshot, pool: WorkerPool
) -> QueryCatalog:
    """Return the queries that a publication has, and what their parameters can take.

    Queries that ask another endpoint are left out.
    """
    read = (
        load_query(path, path.parent.name, space=project.things)
        for path in sorted(site.root.glob("query/*/query.rq"))
    )
    queries = {q.slug: q for q in without_denials(project, read) if not q.service}
    starts = {p.start for q in queries.values() for p in q.parameters}
    prepared = await asyncio.to_thread(_prepared, project, site, list(queries))
    choices = await _choices(sorted(starts), pool)
    reported = {}
    if REPORTED_QUADS in site.files:
        view = view_iri(project.graphs, REPORTED)
        reported = await _choices(sorted(starts), pool, view)
    canned = QueryCatalog(queries, choices, prepared, reported=reported)
    has_places = await asyncio.gather(
        *(_has_places(query, canned, project, pool) for query in queries.values())
    )
    with_places = (s for s, has in zip(queries, has_places, strict=True) if has)
    return replace(canned, placed=frozenset(with_places))


async def _has_places(
    query: CannedQuery, canned: QueryCatalog, project: Project, pool: WorkerPool
) -> bool:
    """Whether a query gives places with any of its values: it is asked with all."""
    lang = project.languages[0]
    known = canned.prepared.get((lang, query.slug))
    if known and "geojson" in known.files and (known.total or not query.parameters):
        return True
    if not query.parameters:
        return False
    text = query.bind({}, project=project, lang=lang)
    for parameter in query.parameters:
        slugs = list(canned.choices_of(parameter))[:LISTED]
        terms = (str(ox.NamedNode(parameter.start + slug)) for slug in slugs)
        text = fill_parameter(text, parameter.name, " ".join(terms))
    page = PageRequest(query.slug, lang, {}, "geojson", 0, _ALL, (lang,))
    answer = await pool.ask(QueryRequest(text, page=page))
    answer.body.close()
    # What is too large for an answer has been found to be for a map.
    head = answer.head
    return (head.status == 200 and head.total > 0) or head.reason == "size"


def _prepared(
    project: Project, site: SiteSnapshot, slugs: list[str]
) -> dict[tuple[str, str], PrecomputedAnswer]:
    results = {}
    for lang in project.languages:
        home = "" if lang == project.languages[0] else f"{lang}/"
        for slug in slugs:
            names = {f: f"{home}query/{slug}/rows.{f}" for f in PAGE_FORMATS}
            files = {f: name for f, name in names.items() if name in site.files}
            if "json" in files:
                payload = json.loads(site.read(files["json"]))
                columns = tuple(payload["columns"])
                results[lang, slug] = PrecomputedAnswer(
                    payload["total"], columns, files
                )
    return results


async def _choices(
    starts: list[str], pool: WorkerPool, view: str = ""
) -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("glokal.server").joinpath("queries/choices.rq")
    text = fill_parameter(
        file.read_text(encoding="utf-8"),
        "start",
        " ".join(str(ox.Literal(start)) for start in starts),
    )
    answer = await pool.ask(
        QueryRequest(text, accept=RESULTS_JSON, limited=False, view=view)
    )
    body = await answer.body.read()
    results: dict[str, dict[str, dict[str, str]]] = {
        start: defaultdict(dict) for start in starts
    }
    for row in json.loads(body)["results"]["bindings"]:
        iri = row["thing"]["value"]
        for start in starts:
            slug = iri.removeprefix(start)
            if slug != iri and "/" not in slug:
                names = results[start][slug]
                if "label" in row:
                    lang = row["label"].get("xml:lang", "")
                    names.setdefault(lang, row["label"]["value"])
    return {start: dict(sorted(slugs.items())) for start, slugs in results.items()}

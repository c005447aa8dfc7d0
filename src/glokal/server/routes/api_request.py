"""What a request to the API asks: which query, with which values, in which form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from glokal.core.errors import UsageError
from glokal.core.settings import LANGUAGES, Project
from glokal.dataset.canned_queries import CannedQuery, find_query, suggest
from glokal.dataset.result_page import PAGE, PAGE_FORMATS
from glokal.dataset.views import IN_STRATEGY, VIEWS
from glokal.server.negotiation import choose
from glokal.server.query_catalog import QueryCatalog
from glokal.server.request_parameters import ignored_among, read_pairs
from glokal.server.response_formats import HTML

# Rows a page may have at most, and how far into an answer a page may begin.
MOST, FURTHEST = 10_000, 10**9
MOST_PAIRS = 50
OWN = ("lang", "view", "format", "limit", "offset")
# In the order of liking: */* is JSON.
OFFERED = {"json": PAGE_FORMATS["json"], "html": HTML, **PAGE_FORMATS}


class UnknownQueryError(UsageError):
    """There is no query of that name."""


class UnacceptableError(Exception):
    """Nothing that there is suits the client."""


@dataclass(frozen=True)
class QueryCall:
    """A query, its values as IRIs, and the form of the answer.

    `given` is what stands in the address: values, language, view and format; `ignored`
    are the parameters in it that have no effect.
    """

    query: CannedQuery
    values: Mapping[str, str]
    given: Mapping[str, str]
    lang: str
    fmt: str
    offset: int
    limit: int
    ignored: tuple[str, ...] = ()
    view: str = IN_STRATEGY

    def path(self, **changes: str) -> str:
        """Return the address of this call with other settings of its form."""
        fields = dict(self.given)
        fields |= {"limit": str(self.limit)} if self.limit != PAGE else {}
        fields |= {"offset": str(self.offset)} if self.offset else {}
        fields = {k: v for k, v in {**fields, **changes}.items() if v}
        query = f"?{urlencode(fields)}" if fields else ""
        return f"/api/queries/{self.query.slug}{query}"


def parse_call(request: Request, project: Project, canned: QueryCatalog) -> QueryCall:
    """Return what a request asks.

    Raises UnknownQueryError, UsageError for a parameter or value that isn't known, with
    the closest names, and UnacceptableError.
    """
    slug, _, suffix = request.path_params["slug"].partition(".")
    if slug not in canned.queries:
        try:
            find_query(canned.queries.values(), slug)
        except UsageError as error:
            raise UnknownQueryError(error.what, remedy=error.remedy) from error
    query = canned.queries[slug]
    pairs = read_pairs(request.url.query, MOST_PAIRS)
    fields = {name: value for name, value in pairs if value}
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise UsageError(f"{name} is given {times} times.", remedy="give it once.")
    parameters = {p.name: p for p in query.parameters}
    ignored = ignored_among(dict(pairs), [*parameters, *OWN])
    offered = {
        f: m for f, m in OFFERED.items() if f in (*canned.formats_of(query), "html")
    }
    fmt = _format(request, fields.get("format", ""), suffix, offered)
    shown = (*parameters, "lang", "view")
    given = {name: fields[name] for name in shown if name in fields}
    if suffix or "format" in fields:
        given["format"] = fmt
    lang = fields.get("lang", "")
    known = tuple(dict.fromkeys((*LANGUAGES, *project.languages)))
    if lang and lang not in known:
        raise UsageError(f"There is no language {lang!r}.", remedy=suggest(lang, known))
    view = fields.get("view", IN_STRATEGY)
    if view not in VIEWS:
        raise UsageError(f"There is no view {view!r}.", remedy=suggest(view, VIEWS))
    liked = choose(request.headers.get("accept-language", ""), project.languages)
    return QueryCall(
        query=query,
        values={
            name: canned.value(p, given[name], view) if name in given else p.default
            for name, p in parameters.items()
        },
        given=given,
        lang=lang or liked or project.languages[0],
        fmt=fmt,
        offset=_number(fields, "offset", 0, 0, FURTHEST),
        limit=_number(fields, "limit", PAGE, 1, MOST),
        ignored=ignored,
        view=view,
    )


def _format(
    request: Request, named: str, suffix: str, offered: Mapping[str, str]
) -> str:
    if named and suffix and named != suffix:
        raise UsageError(
            f"The address asks for {suffix} and for {named}.", remedy="choose one."
        )
    fmt = named or suffix
    if fmt:
        if fmt not in OFFERED:
            raise UsageError(
                f"There is no format {fmt!r}.", remedy=suggest(fmt, OFFERED)
            )
        return fmt
    media = choose(request.headers.get("accept", ""), list(offered.values()))
    if media is None:
        raise UnacceptableError
    return next(fmt for fmt, kind in offered.items() if kind == media)


def _number(
    told: Mapping[str, str], name: str, default: int, least: int, most: int
) -> int:
    written = told.get(name)
    if written is None:
        return default
    # isdecimal alone takes the digits of every script, of any length.
    if not (written.isascii() and written.isdecimal() and len(written) < 11) or not (
        least <= int(written) <= most
    ):
        raise UsageError(
            f"{name} is {written[:20]!r}.",
            remedy=f"give a whole number from {least} to {most}.",
        )
    return int(written)

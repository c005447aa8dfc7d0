"""Linked data over HTTP: the addresses of things, and the documents about them.

A thing answers with 303 to a document about it (Cool URIs,
https://www.w3.org/TR/cooluris/); a document tells of its other forms by Link
(RFC 8288).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from glokal.core.files.data_files import MARKDOWN
from glokal.core.settings import Project
from glokal.server.negotiation import choose, choose_page
from glokal.server.problem_details import problem
from glokal.server.reload import LiveSite
from glokal.server.response_formats import GRAPH_SUFFIXES, HTML
from glokal.server.routes.static_files import StaticFiles
from glokal.site.page_paths import twin_path

_VARY = {"Vary": "Accept, Accept-Language"}


class LinkedData:
    """What the addresses of things, terms and codes lead to in a publication."""

    def __init__(
        self, project: Project, live: LiveSite, documents: StaticFiles
    ) -> None:
        self._project = project
        self._live = live
        self._documents = documents

    async def thing(self, request: Request) -> Response:
        """Lead from a thing to the document that the client likes best."""
        site = self._live.site
        whole = "{kind}/{slug}".format(**request.path_params)
        # Names of things may hold a point.
        for thing, suffix in ((whole, ""), _without_suffix(whole)):
            if thing in site.retired:
                return await self._documents.gone(request, thing)
            page = site.leads.get(thing, f"doc/{thing}/")
            # A statement is told of in the document of what it is about.
            for data in (f"doc/{thing}", page.rstrip("/")):
                if f"{data}.ttl" in site.files:
                    return await self._choose(request, suffix, data, page)
        return await self._documents.missing(request, "There is no such thing.")

    async def _choose(
        self, request: Request, suffix: str, data: str, page: str
    ) -> Response:
        """Lead to the page or to a form of the data; a suffix goes before Accept.

        `data` is a path without the ending of a format.
        """
        page = self._page(request, page)
        if not suffix:
            return self._lead(request, {HTML: page, **_data(f"/{data}")})
        if suffix in GRAPH_SUFFIXES.values():
            return RedirectResponse(f"/{data}.{suffix}", 303)
        twin = twin_path(page.lstrip("/"))
        if suffix == "md" and twin in self._live.site.files:
            return RedirectResponse(f"/{twin}", 303, {"Vary": "Accept-Language"})
        if suffix == "html":
            return RedirectResponse(page, 303, {"Vary": "Accept-Language"})
        return await self._documents.missing(request, "There is no such form.")

    async def ontology(self, request: Request) -> Response:
        """Lead from the words, which are hash IRIs, to the document that has them."""
        return self._lead(request, self._definitions(request, "glokal"))

    async def code(self, request: Request) -> Response:
        """Lead from a code to its page, if it has one, or to the code lists."""
        forms = self._definitions(request, "codes")
        page = "code/{kind}/{slug}/".format(**request.path_params)
        if f"{page}index.html" in self._live.site.files:
            forms[HTML] = self._page(request, page)
        return self._lead(request, forms)

    async def shape(self, request: Request) -> Response:
        """Lead from the shapes, which are hash IRIs, to the document that has them."""
        return self._lead(request, self._definitions(request, "shapes"))

    async def ontology_part(self, request: Request) -> Response:
        """Lead from a version or a module of the words to the whole."""
        return await self._part(request, "def", "glokal")

    async def shape_part(self, request: Request) -> Response:
        """Lead from a part of the shapes to the whole."""
        return await self._part(request, "shape", "shapes")

    async def _part(self, request: Request, folder: str, whole: str) -> Response:
        path = f"{folder}/{request.path_params['name']}"
        if f"{path}/index.html" not in self._live.site.files:
            return await self._documents.file(request, path)
        return self._lead(request, self._definitions(request, whole))

    async def code_list(self, request: Request) -> Response:
        """Lead from a code list to the document that has it."""
        return self._lead(request, self._definitions(request, "codes"))

    def _definitions(self, request: Request, name: str) -> dict[str, str]:
        return {HTML: self._page(request, "def/"), **_data(f"/def/{name}")}

    def _lead(self, request: Request, forms: dict[str, str]) -> Response:
        twin = twin_path(forms[HTML].lstrip("/"))
        accept = request.headers.get("accept", "")
        if twin in self._live.site.files:
            forms = {HTML: forms[HTML], MARKDOWN: f"/{twin}", **forms}
            media = choose_page(accept, *list(forms)[2:])
        else:
            media = choose(accept, list(forms))
        if media is None:
            links = (
                f'<{path}>; rel="alternate"; type="{m}"' for m, path in forms.items()
            )
            return problem(
                406,
                f"It can be had as {', '.join(forms)}.",
                headers={**_VARY, "Link": ", ".join(links)},
            )
        return RedirectResponse(forms[media], 303, _VARY)

    def _page(self, request: Request, path: str) -> str:
        """Return the address of a page in the language that the client likes best."""
        languages = self._project.languages
        lang = choose(request.headers.get("accept-language", ""), languages)
        if lang not in (None, languages[0]):
            there = f"{lang}/{path}"
            if f"{there}index.html" in self._live.site.files or path == "api/":
                return f"/{there}"
        return f"/{path}"


def _without_suffix(thing: str) -> tuple[str, str]:
    before, _, suffix = thing.rpartition(".")
    return before, suffix


def _data(base: str) -> dict[str, str]:
    return {media: f"{base}.{suffix}" for media, suffix in GRAPH_SUFFIXES.items()}

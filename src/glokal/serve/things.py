"""Linked data over HTTP: the addresses of things, and the documents about them.

A thing answers with 303 to a document about it (Cool URIs,
https://www.w3.org/TR/cooluris/); a document tells of its other forms by Link
(RFC 8288).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from glokal.config import Project
from glokal.dump.formats import SUFFIXES
from glokal.serve.files import Documents
from glokal.serve.live import Live
from glokal.serve.media import HTML
from glokal.serve.negotiate import choose
from glokal.serve.problem import problem

_VARY = {"Vary": "Accept, Accept-Language"}


class Things:
    """What the addresses of things, terms and codes lead to in a publication."""

    def __init__(self, project: Project, live: Live, documents: Documents) -> None:
        self._project = project
        self._live = live
        self._documents = documents

    async def thing(self, request: Request) -> Response:
        """Lead from a thing to the document that the client likes best."""
        kind, slug = request.path_params["kind"], request.path_params["slug"]
        slug, point, suffix = slug.partition(".")
        site, thing = self._live.site, f"{kind}/{slug}"
        if thing in site.retired:
            return await self._documents.gone(request, thing)
        if f"doc/{thing}.ttl" not in site.files:
            # What a catalogue describes has a page that leads to the catalogue.
            page = f"id/{thing}/index.html"
            if page in site.files:
                return await self._documents.send(request, site, page, _VARY)
            return await self._documents.missing(request, "There is no such thing.")
        base = f"/doc/{thing}"
        if point:
            # The suffix says what is wanted, whatever Accept says.
            if suffix in (*SUFFIXES.values(), "html"):
                return RedirectResponse(f"{base}.{suffix}", 303)
            return await self._documents.missing(request, "There is no such form.")
        forms = {media: f"{base}.{suffix}" for media, suffix in SUFFIXES.items()}
        return self._lead(request, {HTML: f"{self._home(request)}{base}/", **forms})

    async def ontology(self, request: Request) -> Response:
        """Lead from the words, which are hash IRIs, to the document that has them."""
        return self._lead(request, self._definitions(request, "glokal"))

    async def code(self, request: Request) -> Response:
        """Lead from a code to its page, if it has one, or to the code lists."""
        forms = self._definitions(request, "codes")
        page = "code/{kind}/{slug}/".format(**request.path_params)
        if f"{page}index.html" in self._live.site.files:
            forms[HTML] = f"{self._home(request)}/{page}"
        return self._lead(request, forms)

    async def shape(self, request: Request) -> Response:
        """Lead from the shapes, which are hash IRIs, to the document that has them."""
        return self._lead(request, self._definitions(request, "shapes"))

    def _definitions(self, request: Request, name: str) -> dict[str, str]:
        forms = {media: f"/def/{name}.{suffix}" for media, suffix in SUFFIXES.items()}
        return {HTML: f"{self._home(request)}/def/", **forms}

    def _lead(self, request: Request, forms: dict[str, str]) -> Response:
        media = choose(request.headers.get("accept", ""), list(forms))
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

    def _home(self, request: Request) -> str:
        languages = self._project.languages
        lang = choose(request.headers.get("accept-language", ""), languages)
        return "" if lang in (None, languages[0]) else f"/{lang}"

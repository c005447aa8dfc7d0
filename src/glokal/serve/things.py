"""Linked data over HTTP: the addresses of things, and the documents about them.

A thing answers with 303 to a document about it (Cool URIs,
https://www.w3.org/TR/cooluris/); a document tells of its other forms by Link
(RFC 8288).
"""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from glokal.config import Project
from glokal.dump.files import NQUADS, SPARQL, TRIG, TURTLE
from glokal.dump.formats import SUFFIXES
from glokal.serve.media import content_type
from glokal.serve.negotiate import choose
from glokal.serve.problem import problem

HTML = "text/html"
_FORMS = (HTML, *SUFFIXES)
_MEDIA = {f".{suffix}": media for media, suffix in SUFFIXES.items()}
_MEDIA |= {".rq": SPARQL, ".trig": TRIG, ".nq": NQUADS}
_VARY = {"Vary": "Accept, Accept-Language"}
_DOCUMENT = re.compile(r"(?:(?P<lang>[a-z]{2})/)?doc/(?P<thing>[^/]+/[^/.]+)(?:[./]|$)")
_SLUG = re.compile(r"[\w-]+")


class Things:
    """What the addresses of things, terms and codes lead to in a publication."""

    def __init__(self, project: Project, publication: Path) -> None:
        self._project = project
        self._root = publication

    async def thing(self, request: Request) -> Response:
        """Lead from a thing to the document that the client likes best."""
        kind, slug = request.path_params["kind"], request.path_params["slug"]
        known = _SLUG.fullmatch(kind) and _SLUG.fullmatch(slug)
        base = f"/doc/{kind}/{slug}"
        if not known or not (self._root / f"{base[1:]}.ttl").is_file():
            # What a catalogue describes has a page that leads to the catalogue.
            page = self._root / "id" / kind / slug / "index.html"
            if known and page.is_file():
                return FileResponse(page, headers=_VARY)
            return problem(404, "There is no such thing here.", headers=_VARY)
        forms = {media: f"{base}.{suffix}" for media, suffix in SUFFIXES.items()}
        return self._lead(request, {HTML: f"{self._home(request)}{base}/", **forms})

    async def ontology(self, request: Request) -> Response:
        """Lead from the words, which are hash IRIs, to the document that has them."""
        return self._lead(request, self._definitions(request, "glokal"))

    async def code(self, request: Request) -> Response:
        """Lead from a code to its page, if it has one, or to the code lists."""
        forms = self._definitions(request, "codes")
        page = "code/{kind}/{slug}/".format(**request.path_params)
        slugs = request.path_params.values()
        if all(map(_SLUG.fullmatch, slugs)) and (self._root / page).is_dir():
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


class Documents(StaticFiles):
    """The files of a publication, with their media types and links."""

    def __init__(self, project: Project, publication: Path) -> None:
        super().__init__(directory=publication, html=True)
        self._project = project

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or a problem when there is none."""
        if path.endswith(".html") and not path.endswith("index.html"):
            page = path.removesuffix(".html")
            if _DOCUMENT.match(f"{page}/"):
                return RedirectResponse(f"/{page}/", 301)
        response = await super().get_response(path, scope)
        name = Path(path)
        media = TURTLE if name.name == "void" else _MEDIA.get(name.suffix)
        if media and response.status_code == 200:
            response.headers["content-type"] = content_type(media)
        found = _DOCUMENT.match(path)
        if found and response.status_code in (200, 304):
            response.headers["link"] = ", ".join(self._links(found["thing"], path))
        return response

    def _links(self, thing: str, path: str) -> list[str]:
        project = self._project
        iri = project.things + thing
        own = Path(path).suffix if Path(path).suffix in _MEDIA else ".html"
        links = [f'<{iri}>; rel="describes"', f'<{project.licence}>; rel="license"']
        page = f"{project.address}doc/{thing}/"
        links.append(f'<{page}>; rel="canonical"')
        for media in _FORMS:
            suffix = SUFFIXES.get(media)
            if own == f".{suffix or 'html'}":
                continue
            address = f"{project.address}doc/{thing}.{suffix}" if suffix else page
            links.append(f'<{address}>; rel="alternate"; type="{media}"')
        if own == ".html":
            data = f"{project.address}doc/{thing}.ttl"
            links.append(f'<{data}>; rel="describedby"; type="{TURTLE}"')
        return links

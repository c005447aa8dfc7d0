"""The files of a publication over HTTP: media types, entity tags, gzip, parts, links.

A path is looked up in the list of the build's files, and leads nowhere else. Entity
tags are digests of what is sent (RFC 9110, section 8.8.3): one for the file, one for
it with gzip.
"""

from __future__ import annotations

import asyncio
import datetime
import gzip
import re
from collections import OrderedDict
from email.utils import format_datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from glokal.core.files.data_files import GZIP, JSON, MARKDOWN, media_type
from glokal.core.settings import Project
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.server.build_snapshot import SiteSnapshot
from glokal.server.link_headers import (
    file_links,
    thing_links,
    twin_links,
    twin_of,
)
from glokal.server.negotiation import (
    choose,
    choose_page,
    is_known_type,
    takes_gzip,
)
from glokal.server.problem_details import problem_for
from glokal.server.reload import LiveSite
from glokal.server.response_formats import HTML, PROBLEM, content_type
from glokal.site.security_headers import (
    EDITIONS,
    FOR_EVER,
    LASTING,
    LATEST,
    is_of_edition,
)

_FORMS = (HTML, *SUFFIXES)
_DOCUMENT = re.compile(
    r"(?:(?P<lang>[a-z]{2})/)?doc/(?P<thing>[^/]+/[^/.]+)(?:/|\.[a-z]+|/index\.html)?$"
)
_CACHE = 64 << 20
_LEAST = 1000


class StaticFiles:
    """The files of the publication that is live."""

    def __init__(self, project: Project, live: LiveSite) -> None:
        self._project = project
        self._live = live
        day = datetime.datetime.combine(project.modified, datetime.time(), datetime.UTC)
        self._modified = format_datetime(day, usegmt=True)
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    async def respond(self, request: Request) -> Response:
        """Return a file, or say that there is none."""
        return await self.file(request, request.path_params["path"])

    async def file(self, request: Request, path: str) -> Response:
        """Return the file at a path, or say that there is none."""
        site = self._live.site
        name = _name(site, path)
        match = _DOCUMENT.match(path)
        if path.startswith(LATEST) and site.edition:
            there = path.replace(LATEST, f"{EDITIONS}{site.edition}/", 1)
            if _name(site, there):
                return RedirectResponse(f"/{quote(there)}", 302)
        if match and match["thing"] in site.retired:
            return await self.gone(request, match["thing"], name)
        if match and name is None and path != (moved := _moved(site, match, path)):
            return RedirectResponse(f"/{quote(moved)}", 301)
        if name is None:
            if f"{path}/index.html" in site.files:
                query = f"?{request.url.query}" if request.url.query else ""
                return RedirectResponse(f"/{quote(path)}/{query}", 301)
            return await self.missing(request)
        return await self._document(request, site, name, match)

    async def page(self, request: Request, path: str) -> Response:
        """Return the page of a folder, or say that there is none."""
        site, name = self._live.site, f"{path}index.html"
        if name not in site.files:
            return await self.missing(request)
        return await self._document(request, site, name, None)

    async def _document(
        self,
        request: Request,
        site: SiteSnapshot,
        name: str,
        match: re.Match[str] | None,
    ) -> Response:
        """Return a file, in the place of a page its twin for who likes that better."""
        if (twin := twin_of(site, name)) is None:
            return await self.send(request, site, name, self._about(site, match, name))
        accept = request.headers.get("accept", "")
        shown = twin if choose_page(accept) == MARKDOWN else name
        about = self._about(site, match, shown)
        return await self.send(request, site, shown, {**about, "Vary": "Accept"})

    async def missing(
        self, request: Request, detail: str = "There is no such page or file here."
    ) -> Response:
        """Return 404 in the format that is asked for."""
        site = self._live.site
        page = await self._bytes(site, "404.html") if "404.html" in site.files else None
        return problem_for(request.headers, 404, detail, page=page)

    async def gone(
        self, request: Request, thing: str, name: str | None = None
    ) -> Response:
        """Return 410 for a retired thing in the format asked for, 301 to a successor.

        `name` is the file that the address names, None when Accept has to choose.
        """
        site = self._live.site
        if instead := site.retired[thing]:
            return RedirectResponse(f"/id/{quote(instead)}", 301, {"Vary": "Accept"})
        headers = {"Link": f'<{self._project.things}{thing}>; rel="describes"'}
        if name is None:
            accept = request.headers.get("accept", "")
            media = choose(accept, [PROBLEM, JSON, *_FORMS])
            if media in (None, PROBLEM, JSON):
                detail = "It was in an earlier edition, and is in the graph no more."
                return problem_for(request.headers, 410, detail, headers=headers)
            assert media is not None
            suffix = SUFFIXES.get(media)
            name = f"doc/{thing}.{suffix}" if suffix else f"doc/{thing}/index.html"
            headers["Vary"] = "Accept"
        headers["Content-Type"] = content_type(media_type(PurePosixPath(name).name))
        body = await self._bytes(site, name)
        return Response(body, 410, {**headers, "Cache-Control": "no-store"})

    async def send(
        self, request: Request, site: SiteSnapshot, name: str, more: dict[str, str]
    ) -> Response:
        """Return a file with its headers, 304 when the client knows it."""
        media = media_type(PurePosixPath(name).name)
        packed = takes_gzip(request.headers.get("accept-encoding", ""))
        large = site.is_large(name)
        body = b"" if large else await self._bytes(site, name)
        if large and packed and f"{name}.gz" in site.files:
            # The build has packed its large files.
            name = f"{name}.gz"
        else:
            packed = packed and media != GZIP and len(body) >= _LEAST
        tag = f'"{site.files[name][:32]}{"-gzip" if packed else ""}"'
        vary = ", ".join(filter(None, (more.get("Vary"), "Accept-Encoding")))
        headers = {**self._kept(name), **more, "ETag": tag, "Vary": vary}
        if is_known_type(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = content_type(media)
        if packed:
            headers["Content-Encoding"] = "gzip"
        if large:
            if not _wants_part(request, tag):
                asked = request.scope["headers"]
                request.scope["headers"] = [h for h in asked if h[0] != b"range"]
            return FileResponse(site.root / name, headers=headers)
        if packed:
            body = await self._packed(site.files[name], body)
        # Whoever reads it has the same bytes.
        request.state.shared = True
        return Response(body, 200, headers)

    def _kept(self, name: str) -> dict[str, str]:
        """Return how long a file may be kept, and the day of what is published.

        The day is told and not compared (If-Modified-Since may be ignored, RFC 9110,
        section 13.1.3): two builds may have the same, and the entity tag knows better.
        """
        if is_of_edition(name):
            # The statements of an edition never change, and have a day of their own.
            return {"Cache-Control": FOR_EVER}
        return {"Cache-Control": LASTING, "Last-Modified": self._modified}

    async def _bytes(self, site: SiteSnapshot, name: str) -> bytes:
        key = site.files[name]
        if key not in self._cache:
            self._keep(key, site.read(name))
        self._cache.move_to_end(key)
        return self._cache[key]

    async def _packed(self, digest: str, body: bytes) -> bytes:
        key = f"{digest}.gz"
        if key not in self._cache:
            self._keep(key, await asyncio.to_thread(gzip.compress, body, 6, mtime=0))
        self._cache.move_to_end(key)
        return self._cache[key]

    def _keep(self, key: str, body: bytes) -> None:
        self._size += len(body) - len(self._cache.get(key, b""))
        self._cache[key] = body
        while self._size > _CACHE and len(self._cache) > 1:
            self._size -= len(self._cache.popitem(last=False)[1])

    def _about(
        self, site: SiteSnapshot, match: re.Match[str] | None, name: str
    ) -> dict[str, str]:
        about = {}
        if name.endswith((".html", ".md")):
            first, *others = self._project.languages
            about["Content-Language"] = next(
                (o for o in others if name.startswith((f"{o}/", f"{o}.md"))), first
            )
        links = file_links(self._project, site, name)
        if match:
            links = thing_links(self._project, site, match["thing"], name)
        if not match or name.endswith(".html"):
            links += twin_links(self._project, site, name)
        if links:
            about["Link"] = ", ".join(links)
        return about


def _name(site: SiteSnapshot, path: str) -> str | None:
    name = f"{path}index.html" if not path or path.endswith("/") else path
    return name if name in site.files else None


def _wants_part(request: Request, tag: str) -> bool:
    """Whether a request asks for a part of what it has the rest of.

    A Range in another unit, or one that is wrong, counts as none (RFC 9110, section
    14.2). So does one whose If-Range is not the entity tag: a day is too weak for it
    (section 13.1.5), since two builds may have the same.
    """
    unit, _, ranges = request.headers.get("range", "").partition("=")
    if request.method != "GET" or unit.strip().lower() != "bytes":
        return False
    if request.headers.get("if-range", tag) != tag:
        return False
    return all(_is_range(part.strip()) for part in ranges.split(","))


def _is_range(text: str) -> bool:
    """Whether this is a range of bytes, or so many of the last ones."""
    first, dash, last = text.partition("-")
    numbers = [n for n in (first, last) if n]
    if not (dash and numbers and all(n.isascii() and n.isdecimal() for n in numbers)):
        return False
    return len(numbers) == 1 or int(first) <= int(last)


def _moved(site: SiteSnapshot, match: re.Match[str], path: str) -> str:
    """Return where a document stands that was asked for by another of its names."""
    page = path.removesuffix(".html") + "/"
    if path.endswith(".html") and f"{page}index.html" in site.files:
        return page
    # Data are in all languages, and have one address.
    data = f"doc/{match['thing']}{PurePosixPath(path).suffix}"
    return data if data in site.files else path

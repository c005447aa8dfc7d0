"""The built publication over HTTP: pages, data files, and the things' own addresses.

A thing answers with 303 to its page or its data (Cool URIs,
https://www.w3.org/TR/cooluris/); the rest are files of the publication.
"""

from __future__ import annotations

import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from glokal.config import Project
from glokal.errors import UsageError
from glokal.publish.dumps import TURTLE
from glokal.serve.negotiate import choose

_TYPES = {
    ".ttl": TURTLE,
    ".nt": "application/n-triples",
    ".rq": "application/sparql-query",
}


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        name = Path(path)
        media = TURTLE if name.name == "void" else _TYPES.get(name.suffix)
        if media and response.status_code == 200:
            response.headers["content-type"] = f"{media}; charset=utf-8"
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["access-control-allow-origin"] = "*"
        return response


def make_app(project: Project, publication: Path) -> Starlette:
    """Return the application that serves a built publication."""

    def thing(request: Request) -> Response:
        kind, slug = request.path_params["kind"], request.path_params["slug"]
        page = publication / "doc" / kind / slug / "index.html"
        inside = page.resolve().is_relative_to((publication / "doc").resolve())
        headers = {"vary": "Accept, Accept-Language"}
        if not inside or not page.is_file():
            return PlainTextResponse("No such thing.\n", 404, headers=headers)
        media = choose(request.headers.get("accept", ""), ("text/html", TURTLE))
        if media is None:
            return PlainTextResponse(
                f"Can be had as text/html or {TURTLE}.\n", 406, headers=headers
            )
        if media == TURTLE:
            return RedirectResponse(f"/doc/{kind}/{slug}.ttl", 303, headers=headers)
        lang = choose(request.headers.get("accept-language", ""), project.languages)
        default = project.languages[0]
        home = "" if lang in (None, default) else f"/{lang}"
        return RedirectResponse(f"{home}/doc/{kind}/{slug}/", 303, headers=headers)

    return Starlette(
        routes=[
            Route("/id/{kind}/{slug}", thing, methods=["GET", "HEAD"]),
            Mount("/", _Files(directory=publication, html=True)),
        ]
    )


def run(project: Project, publication: Path, *, host: str, port: int) -> None:
    """Serve a publication until Ctrl-C.

    Raises UsageError when there is none, or when the port is taken.
    """
    if not (publication / "index.html").is_file():
        raise UsageError(
            f"There is no publication in {publication}.",
            remedy="run glokal build first.",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} on {host} can't be used: {error.strerror}.",
                remedy="choose another with --port.",
            ) from error
        print(f"Serving {publication} at http://{host}:{port}/ (Ctrl-C stops it)")
        server = uvicorn.Server(
            uvicorn.Config(make_app(project, publication), log_level="warning")
        )
        server.run(sockets=[listener])

"""`/.well-known/api-catalog`: what can be asked here (RFC 9727)."""

from __future__ import annotations

from importlib.util import find_spec

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from glokal.catalogue.api_linkset import CONTENT_TYPE, PATH, api_linkset
from glokal.core.settings import Project
from glokal.server.middleware.forwarded import public_address
from glokal.site.security_headers import LASTING


class ApiCatalog:
    """Lists the interfaces of the server, by the address that it is asked at."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def routes(self) -> list[Route]:
        """Return where it answers, to HEAD too (RFC 9727, section 2)."""
        return [Route(f"/{PATH}", self.respond)]

    async def respond(self, request: Request) -> Response:
        """Return the linkset."""
        address = public_address(request).removesuffix(PATH)
        endpoint = self._project.endpoint or f"{address}sparql"
        has_mcp = find_spec("mcp") is not None
        body = api_linkset(address, endpoint, served=True, with_mcp=has_mcp)
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Cache-Control": LASTING,
            "Link": f'<{address}{PATH}>; rel="api-catalog"',
        }
        return Response(body, headers=headers)

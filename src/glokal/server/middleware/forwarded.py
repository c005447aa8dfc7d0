"""Behind a proxy that is believed: the host and the path that readers see.

Who a client is and by which scheme it came is uvicorn's part (X-Forwarded-For and
-Proto). Here X-Forwarded-Host and X-Forwarded-Prefix are read, from the proxies named
in the settings and from nobody else. A proxy takes the prefix off the path; it is put
before the addresses that an answer leads to.
"""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glokal.server.middleware.cors import CorsAndSecurityHeaders
from glokal.server.problem_details import problem

_STATE = "prefix"
_IN_PATH = frozenset(string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@%/")


class Forwarded:
    """Takes the word of trusted proxies about the host and the path."""

    def __init__(self, app: ASGIApp, proxies: Iterable[str]) -> None:
        """Trust these addresses and networks; ValueError for what is neither."""
        self._app = app
        self._networks = [ipaddress.ip_network(proxy) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server that readers see."""
        if scope["type"] != "http" or not self._is_trusted(scope.get("client")):
            await self._app(scope, receive, send)
            return
        prefix = _last(scope, b"x-forwarded-prefix").rstrip("/")
        if prefix and not _is_path(prefix):
            answer = CorsAndSecurityHeaders(
                problem(400, "The proxy's X-Forwarded-Prefix is no path.")
            )
            await answer(scope, receive, send)
            return
        host = _last(scope, b"x-forwarded-host")
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if host and len(hosts) == 1:
            remaining = [(n, v) for n, v in scope["headers"] if n != b"host"]
            scope["headers"] = [(b"host", host.encode("latin-1")), *remaining]
        if not prefix:
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})[_STATE] = prefix

        async def prefixed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, _with_prefix(name.lower(), value, prefix.encode()))
                    for name, value in message["headers"]
                ]
            await send(message)

        await self._app(scope, receive, prefixed)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        if not self._networks or client is None:
            return False
        try:
            address = ipaddress.ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def prefix_of(request: Request) -> str:
    """Return the path that the server lives below, "" at the root of its host."""
    return str(request.scope.get("state", {}).get(_STATE, ""))


def public_address(request: Request) -> str:
    """Return the address of a request as the reader sees it, without its query."""
    url = request.url.replace(path=prefix_of(request) + request.url.path, query="")
    return str(url)


def _last(scope: Scope, name: bytes) -> str:
    """Return what the closest proxy said, where others may have said something too."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ",".join(values).rpartition(",")[2].strip()


def _is_path(prefix: str) -> bool:
    return (
        prefix.startswith("/")
        and not prefix.startswith("//")
        and _IN_PATH.issuperset(prefix)
    )


def _with_prefix(name: bytes, value: bytes, prefix: bytes) -> bytes:
    if name == b"location" and value.startswith(b"/"):
        return prefix + value
    # No IRI holds a <, so that this is the beginning of a path.
    return value.replace(b"</", b"<" + prefix + b"/") if name == b"link" else value

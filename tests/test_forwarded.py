"""The server below a path, behind a proxy: whom it believes, and what it says then."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from glokal.server.app import web_address
from glokal.server.middleware.cors import CorsAndSecurityHeaders
from glokal.server.middleware.forwarded import Forwarded, prefix_of, public_address
from glokal.server.middleware.request_rules import RequestRules

LINK = '</api/openapi.json>; rel="service-desc", <https://e/x>; rel="next"'


async def _seen(request: Request) -> JSONResponse:
    seen = {
        "address": public_address(request),
        "prefix": prefix_of(request),
        "accept": request.headers.getlist("accept"),
    }
    return JSONResponse(seen, headers={"Link": LINK})


async def _lead(request: Request) -> RedirectResponse:
    return RedirectResponse(request.query_params["to"], 303)


def client(proxies: list[str], host: str = "127.0.0.1") -> TestClient:
    app = Starlette(
        routes=[Route("/seen", _seen), Route("/lead", _lead)],
        middleware=[
            Middleware(Forwarded, proxies),
            Middleware(CorsAndSecurityHeaders),
            Middleware(RequestRules),
        ],
    )
    return TestClient(app, client=(host, 9), follow_redirects=False)


PREFIXED = {"X-Forwarded-Host": "data.example.org", "X-Forwarded-Prefix": "/open/data/"}


@pytest.mark.parametrize("proxies", [["127.0.0.1"], ["127.0.0.0/8"]])
def test_a_proxy_that_is_named_is_believed(proxies: list[str]) -> None:
    asked = client(proxies)
    answer = asked.get("/seen", headers=PREFIXED)
    assert answer.json()["address"] == "http://data.example.org/open/data/seen"
    assert answer.json()["prefix"] == "/open/data"
    assert answer.headers["link"] == LINK.replace("</api", "</open/data/api")
    for to, place in (
        ("/id/x/y", "/open/data/id/x/y"),
        ("https://other.example/", "https://other.example/"),
    ):
        moved = asked.get("/lead", params={"to": to}, headers=PREFIXED)
        assert moved.headers["location"] == place
    double = asked.get("http://testserver//seen?x=1", headers=PREFIXED)
    assert (double.status_code, double.headers["location"]) == (
        308,
        "/open/data/seen?x=1",
    )


@pytest.mark.parametrize(
    ("proxies", "host"),
    [([], "127.0.0.1"), (["10.0.0.1"], "127.0.0.1"), (["::1"], "x")],
)
def test_nobody_else_is(proxies: list[str], host: str) -> None:
    answer = client(proxies, host).get("/seen", headers=PREFIXED)
    assert answer.json()["address"] == "http://testserver/seen"
    assert answer.headers["link"] == LINK


@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Forwarded-Prefix": "open"},
        {"X-Forwarded-Prefix": "//evil.example"},
        {"X-Forwarded-Prefix": "/a b"},
        {"X-Forwarded-Prefix": '/a"><script>'},
        {"X-Forwarded-Host": "a/b"},
        {"X-Forwarded-Host": "user@evil.example"},
    ],
)
def test_what_is_no_host_and_no_path_is_refused(wrong: dict[str, str]) -> None:
    answer = client(["127.0.0.1"]).get("/seen", headers=wrong)
    assert answer.status_code == 400
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_of_several_proxies_the_closest_counts() -> None:
    headers = {"X-Forwarded-Host": "evil.example, data.example.org"}
    seen = client(["127.0.0.1"]).get("/seen", headers=headers).json()
    assert seen["address"] == "http://data.example.org/seen"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_start_line_has_an_address_to_follow(host: str, address: str) -> None:
    """RFC 3986, section 3.2.2: IPv6 stands in brackets."""
    assert web_address(host, 8000) == address


def test_a_list_in_two_lines_is_one_list() -> None:
    """RFC 9110, section 5.3."""
    lines: Any = [("accept", "text/csv;q=0.1"), ("accept", "text/html")]
    asked = client([])
    del asked.headers["accept"]
    answer = asked.get("/seen", headers=lines)
    assert answer.json()["accept"] == ["text/csv;q=0.1, text/html"]

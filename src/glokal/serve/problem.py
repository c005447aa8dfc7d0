"""Errors as the web has them: Problem Details for HTTP APIs (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.responses import Response

from glokal.serve.media import PROBLEM


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: object
) -> Response:
    """Return an error: what went wrong in words, and whatever a program may use."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, indent=2) + "\n",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        media_type=PROBLEM,
    )

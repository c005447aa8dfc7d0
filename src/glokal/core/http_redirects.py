"""What opens addresses for us: over TLS as it is told, and led on by nobody."""

from __future__ import annotations

import ssl
import urllib.request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is sent goes where it was told to go."""

    def redirect_request(self, *_args: object) -> None:
        """Return nothing, and so the redirect becomes the answer."""


def new_opener(
    context: ssl.SSLContext | None = None,
) -> urllib.request.OpenerDirector:
    """Return an opener that follows no redirect; with a context for TLS, if any."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if context is not None:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    return urllib.request.build_opener(*handlers)

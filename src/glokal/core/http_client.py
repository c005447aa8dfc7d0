"""Requests to a service, for reading and for writing: login, retries, no redirects.

A login (`glokal.core.auth.login`) is sent to the address that was given and nowhere
else, a password not before it is asked for.
"""

from __future__ import annotations

import contextlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from glokal.core.auth.login import Login, PasswordLogin, challenges, without_secrets
from glokal.core.errors import GlokalError, ToolError, UsageError
from glokal.core.http_errors import answer_text
from glokal.core.http_redirects import new_opener

BUSY = (429, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
RETRIES = 3
GUIDE = "docs/configuration.md#logins"
READ_ONLY = "if it is read-only, start it so that it takes updates; otherwise "
# Seconds between two tries, at most.
LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Reply:
    """What a service answered: status, headers, the first of the body."""

    status: int
    headers: Message
    body: bytes = field(repr=False)


class HttpClient:
    """Sends requests to one service, with its login."""

    def __init__(
        self, login: Login | tuple[str, str] | None, *, seconds: float
    ) -> None:
        """Take a login, or a user and a password, and the seconds for one request."""
        self.login = PasswordLogin(*login) if isinstance(login, tuple) else login
        self._seconds = seconds
        self._opener = new_opener(self.login.context if self.login else None)

    def send(
        self, method: str, url: str, body: bytes | None = None, kind: str = ""
    ) -> Reply:
        """Return the reply, whatever its status but those of `refusal`.

        What the service is too busy for, and what gets no reply, is sent again.
        Raises ToolError when that doesn't help or the service leads elsewhere,
        UsageError when a login is wanted.
        """
        if body and self.login and self.login.waits:
            # A large body sent before the challenge would be cut off.
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._once("HEAD", url, None, "")
        what = ""
        for attempt in range(RETRIES + 1):
            headers = None
            try:
                reply = self._once(method, url, body, kind)
                error = refusal(
                    url,
                    reply.status,
                    reply.headers,
                    reply.body,
                    self.login,
                    writing=True,
                )
                if error is not None:
                    raise error
                if reply.status not in BUSY:
                    return reply
                what, headers = f"status {reply.status}", reply.headers
            except (OSError, http.client.HTTPException) as error:
                what = str(getattr(error, "reason", error)) or type(error).__name__
            if attempt < RETRIES:
                pause(attempt, headers)
        raise ToolError(
            f"{url} did not take what was sent in {RETRIES + 1} tries ({what}).",
            remedy="see that the service is up, give it longer with "
            "GLOKAL_ENDPOINT_SECONDS, and try again.",
        )

    def open(self, request: urllib.request.Request) -> Any:
        """Return the answer to a request, to be read and closed.

        Raises urllib.error.HTTPError for a status of 300 and above, OSError when there
        is no answer.
        """
        login = self.login
        if login:
            login.sign(request)
        try:
            return self._opener.open(request, timeout=self._seconds)
        except urllib.error.HTTPError as error:
            if login is None or error.code != 401:
                raise
            if not login.answers(request, error.headers):
                raise
            error.close()
            login.sign(request)
            return self._opener.open(request, timeout=self._seconds)

    def _once(self, method: str, url: str, body: bytes | None, kind: str) -> Reply:
        # The address has been seen to be of HTTP where it was given.
        request = urllib.request.Request(url, data=body, method=method)  # noqa: S310
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with self.open(request) as answer:
                return Reply(answer.status, answer.headers, answer.read(1 << 16))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read(2000))


def refusal(
    url: str,
    status: int,
    headers: Message,
    body: bytes,
    login: Login | None,
    *,
    writing: bool = False,
) -> GlokalError | None:
    """Return what to raise for a status by which a service lets nobody in, else None.

    The same for reading and for `writing`, but that only the latter may be closed to
    all. `body` is the beginning of what it answered.
    """
    if status in REDIRECTS:
        parts = urlsplit(headers.get("Location", ""))
        to = (
            f" to {parts.scheme}://{parts.hostname}{parts.path}"
            if parts.hostname
            else ""
        )
        return ToolError(
            f"{url} leads on{to} ({status}), and no redirect is followed.",
            remedy="name that address itself, if you trust it.",
        )
    if status == 407:
        return UsageError(
            "A proxy on the way asks for a login.",
            remedy="set HTTP_PROXY and HTTPS_PROXY with it, or NO_PROXY.",
        )
    known = dict(challenges(headers.get_all("WWW-Authenticate", [])))
    if status == 401 and login is None:
        return UsageError(f"{url} asks for a login.", remedy=_set_for(known))
    other = known and not known.keys() & {"basic", "digest"}
    if status == 401 and other and isinstance(login, PasswordLogin):
        return UsageError(
            f"{url} asks for a login of another kind: {', '.join(known)}.",
            remedy=_set_for(known),
        )
    if status == 401 and login is not None:
        return UsageError(
            f"{url} does not know this {login.what}.", remedy=f"fix {login.names}."
        )
    if status == 403:
        text = without_secrets(answer_text(body[:2000]), login)
        # AWS answers so to a wrong signature, too.
        who = f"this {login.what}" if login else "anybody without a login"
        return UsageError(
            f"{url} does not let {who} do that (403{text and ': '}{text}).",
            remedy=f"{READ_ONLY if writing else ''}ask its operator for the right, or "
            f"give another login ({GUIDE}).",
        )
    return None


def refuse_no_address(address: str) -> None:
    """Raise UsageError when a text is no web address."""
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "The address of the endpoint holds a user or a password.",
            remedy="take them out, and set GLOKAL_ENDPOINT_USER and "
            "GLOKAL_ENDPOINT_PASSWORD.",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{address!r} is no address of an endpoint.",
            remedy="write it whole, like https://data.example.org/sparql.",
            name="service.no_address",
            values={"word": address},
        )


def _set_for(schemes: Collection[str]) -> str:
    """Return what to do where a login by one of these schemes is asked for."""
    if "bearer" in schemes and not {"basic", "digest"} & set(schemes):
        return f"set GLOKAL_ENDPOINT_TOKEN, or a client of OAuth 2 ({GUIDE})."
    return (
        "set GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD, or another login "
        f"({GUIDE})."
    )


def pause(attempt: int, headers: Message | None = None) -> None:
    """Wait before another try: as long as the service asks for, or ever longer."""
    after = headers.get("Retry-After", "") if headers is not None else ""
    wait = int(after) if after.isdigit() else 0
    time.sleep(min(wait or 2**attempt / 2, LONGEST_WAIT))

"""Requests that write to a service: login, retries with back-off, no redirects.

HTTP Basic and Digest (RFC 7617, RFC 7616) by the standard library. A password is sent
to the address that was given and nowhere else.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlsplit

from glokal.errors import ToolError, UsageError

BUSY = (429, 502, 503, 504)
RETRIES = 3
# Seconds between two tries, at most.
LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Reply:
    """What a service answered: status, headers, the first of the body."""

    status: int
    headers: Message
    body: bytes = field(repr=False)


class Client:
    """Sends requests to one service, with its login."""

    def __init__(self, login: tuple[str, str] | None, *, seconds: float) -> None:
        self._login = login
        self._seconds = seconds
        # What the service asked for; no password is sent before it asks.
        self._digest: dict[str, str] | None = None
        self._basic = False
        self._passwords = urllib.request.HTTPPasswordMgr()
        self._handler = urllib.request.HTTPDigestAuthHandler(self._passwords)
        self._opener = urllib.request.build_opener(_Stay)

    def send(
        self, method: str, url: str, body: bytes | None = None, kind: str = ""
    ) -> Reply:
        """Return the reply, whatever its status.

        What the service is too busy for, and what gets no reply, is sent again.
        Raises ToolError when that doesn't help, UsageError when a login is wanted.
        """
        if body and self._login and not (self._digest or self._basic):
            # A large body sent before the challenge would be cut off.
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._once("HEAD", url, None, "")
        what = ""
        for attempt in range(RETRIES + 1):
            headers = None
            try:
                reply = self._once(method, url, body, kind)
                if reply.status == 401:
                    raise _no_entry(url, given=self._login is not None)
                if reply.status not in BUSY:
                    return reply
                what, headers = f"status {reply.status}", reply.headers
            except (OSError, http.client.HTTPException) as error:
                what = str(getattr(error, "reason", error)) or type(error).__name__
            if attempt < RETRIES:
                pause(attempt, headers)
        raise ToolError(
            f"{url} did not take what was sent in {RETRIES + 1} tries ({what}).",
            remedy="see that the service is up, and try again.",
        )

    def _once(self, method: str, url: str, body: bytes | None, kind: str) -> Reply:
        reply = self._ask(method, url, body, kind)
        challenge = reply.headers.get("WWW-Authenticate", "")
        if reply.status != 401 or self._login is None:
            return reply
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "basic" and not self._basic:
            self._basic = True
            return self._ask(method, url, body, kind)
        if scheme.lower() != "digest":
            return reply
        # The first challenge, or another because the one before has grown old.
        listed = urllib.request.parse_http_list(rest)
        self._digest = urllib.request.parse_keqv_list(listed)
        parts = urlsplit(url)
        realm, root = self._digest.get("realm", ""), f"{parts.scheme}://{parts.netloc}"
        self._passwords.add_password(realm, root, *self._login)
        return self._ask(method, url, body, kind)

    def _ask(self, method: str, url: str, body: bytes | None, kind: str) -> Reply:
        # The address has been seen to be of HTTP where it was given.
        asked = urllib.request.Request(url, data=body, method=method)  # noqa: S310
        if kind:
            asked.add_header("Content-Type", kind)
        if self._digest is not None:
            made = self._handler.get_authorization(asked, self._digest)
            asked.add_unredirected_header("Authorization", f"Digest {made}")
        elif self._basic and self._login is not None:
            made = base64.b64encode(":".join(self._login).encode()).decode()
            asked.add_unredirected_header("Authorization", f"Basic {made}")
        try:
            with self._opener.open(asked, timeout=self._seconds) as answer:
                return Reply(answer.status, answer.headers, answer.read(1 << 16))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read(2000))


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is written goes where it was told to go."""

    def redirect_request(self, *_args: object) -> None:
        """Return nothing, and so the redirect becomes the answer."""


def refuse_no_address(address: str) -> None:
    """Raise UsageError when a text is no web address."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{address!r} is no address of an endpoint.",
            remedy="write it whole, like https://data.example.org/sparql.",
        )


def pause(attempt: int, headers: Message | None = None) -> None:
    """Wait before another try: as long as the service asks for, or ever longer."""
    after = headers.get("Retry-After", "") if headers is not None else ""
    wait = int(after) if after.isdigit() else 0
    time.sleep(min(wait or 2**attempt / 2, LONGEST_WAIT))


def _no_entry(url: str, *, given: bool) -> UsageError:
    if given:
        return UsageError(
            f"{url} does not know this user and password.",
            remedy="mend GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD.",
        )
    return UsageError(
        f"{url} asks for a login.",
        remedy="set GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD.",
    )

"""Requests to a service, for reading and for writing: login, retries, no redirects.

HTTP Basic and Digest (RFC 7617, RFC 7616) by the standard library. A password is sent
to the address that was given and nowhere else, and not before it is asked for.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from glokal.errors import GlokalError, ToolError, UsageError
from glokal.store.faults import plain

BUSY = (429, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
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
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(
        self, method: str, url: str, body: bytes | None = None, kind: str = ""
    ) -> Reply:
        """Return the reply, whatever its status but those of `refusal`.

        What the service is too busy for, and what gets no reply, is sent again.
        Raises ToolError when that doesn't help or the service leads elsewhere,
        UsageError when a login is wanted.
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
                error = refusal(
                    url, reply.status, reply.headers, reply.body, self.has_login
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
            remedy="see that the service is up, and try again.",
        )

    @property
    def has_login(self) -> bool:
        """Whether there are a user and a password."""
        return self._login is not None

    def open(self, request: urllib.request.Request) -> Any:
        """Return the answer to a request, to be read and closed.

        Raises urllib.error.HTTPError for a status of 300 and above, OSError when there
        is no answer.
        """
        try:
            return self._opener.open(self._signed(request), timeout=self._seconds)
        except urllib.error.HTTPError as error:
            if error.code != 401 or not self._understands(request, error.headers):
                raise
            error.close()
            return self._opener.open(self._signed(request), timeout=self._seconds)

    def _once(self, method: str, url: str, body: bytes | None, kind: str) -> Reply:
        # The address has been seen to be of HTTP where it was given.
        asked = urllib.request.Request(url, data=body, method=method)  # noqa: S310
        if kind:
            asked.add_header("Content-Type", kind)
        try:
            with self.open(asked) as answer:
                return Reply(answer.status, answer.headers, answer.read(1 << 16))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read(2000))

    def _understands(self, request: urllib.request.Request, headers: Message) -> bool:
        """Whether the login can be given in a way that the service asks for.

        Digest is taken before Basic. Another challenge of Digest may mean that the
        nonce has grown old; one of Basic means that the password is wrong.
        """
        if self._login is None:
            return False
        asked = dict(challenges(headers.get_all("WWW-Authenticate", [])))
        if "digest" in asked:
            self._digest = asked["digest"]
            parts = urlsplit(request.full_url)
            root = f"{parts.scheme}://{parts.netloc}"
            self._passwords.add_password(
                self._digest.get("realm", ""), root, *self._login
            )
            return True
        if "basic" in asked and not self._basic:
            self._basic = True
            return True
        return False

    def _signed(self, request: urllib.request.Request) -> urllib.request.Request:
        if self._digest is not None:
            made = self._handler.get_authorization(request, self._digest)
            if made:
                request.add_unredirected_header("Authorization", f"Digest {made}")
        elif self._basic and self._login is not None:
            made = base64.b64encode(":".join(self._login).encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {made}")
        return request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is sent goes where it was told to go."""

    def redirect_request(self, *_args: object) -> None:
        """Return nothing, and so the redirect becomes the answer."""


def challenges(headers: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the schemes of WWW-Authenticate with their parameters, in order.

    RFC 9110, section 11.6.1: several challenges may stand in one header, parted by
    commas like the parameters of each. A scheme is in lower case.
    """
    found: list[tuple[str, dict[str, str]]] = []
    for header in headers:
        for part in urllib.request.parse_http_list(header):
            before, _, rest = part.partition(" ")
            if rest and "=" not in before:
                found.append((before.lower(), {}))
                part = rest.strip()
            elif "=" not in part:
                found.append((part.lower(), {}))
                continue
            name, equals, value = part.partition("=")
            if equals and found:
                found[-1][1][name.strip().lower()] = value.strip().strip('"')
    return found


def refusal(
    url: str, status: int, headers: Message, body: bytes, has_login: bool
) -> GlokalError | None:
    """Return what to raise for a status by which a service lets nobody in, else None.

    The same for reading and for writing. `body` is the beginning of what it answered.
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
    if status == 401 and not has_login:
        return UsageError(
            f"{url} asks for a login.",
            remedy="set GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD.",
        )
    if status == 401:
        known = dict(challenges(headers.get_all("WWW-Authenticate", [])))
        if known and not known.keys() & {"basic", "digest"}:
            return UsageError(
                f"{url} asks for a login of a kind that is not known here: "
                f"{', '.join(known)}.",
                remedy="ask its operator for Basic or Digest.",
            )
        return UsageError(
            f"{url} does not know this user and password.",
            remedy="fix GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD.",
        )
    if status == 403:
        said = plain(body[:2000])
        return UsageError(
            f"{url} does not let this user do that (403{said and ': '}{said}).",
            remedy="ask its operator for the right, or give another login.",
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
        )


def pause(attempt: int, headers: Message | None = None) -> None:
    """Wait before another try: as long as the service asks for, or ever longer."""
    after = headers.get("Retry-After", "") if headers is not None else ""
    wait = int(after) if after.isdigit() else 0
    time.sleep(min(wait or 2**attempt / 2, LONGEST_WAIT))

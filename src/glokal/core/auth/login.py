"""How a request says who sends it: each kind of login that an operator may have.

HTTP Basic and Digest (RFC 7617, RFC 7616), Bearer (RFC 6750), a header of any name (API
keys), a client certificate (TLS), OAuth 2 client credentials (RFC 6749, section 4.4),
and AWS Signature Version 4. No secret stands in a representation or a message.
"""

from __future__ import annotations

import base64
import datetime
import ssl
import urllib.request
from collections.abc import Callable, Iterable
from email.message import Message

from glokal.core.auth.aws_signature import Keys, sign
from glokal.core.auth.digest import Digest, is_known_challenge
from glokal.core.auth.oauth import TokenSource


class Login:
    """No login but, perhaps, a certificate in the TLS context.

    `names` are the settings that a message points to.
    """

    names = "GLOKAL_ENDPOINT_CERTIFICATE and GLOKAL_ENDPOINT_KEY"
    what = "certificate"

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context

    @property
    def waits(self) -> bool:
        """Whether nothing is given before the service asks."""
        return False

    def sign(self, request: urllib.request.Request) -> None:
        """Add to a request what it needs; it isn't sent on to another address."""

    def secrets(self) -> tuple[str, ...]:
        """Return what must not be repeated when a service says it back."""
        return ()

    def answers(self, request: urllib.request.Request, headers: Message) -> bool:
        """Whether a request that got 401 with these headers may be sent once more."""
        del request, headers
        return False


class PasswordLogin(Login):
    """A user and a password, by Digest or Basic, whichever the service asks for.

    Nothing is sent before it asks.
    """

    names = "GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD"
    what = "user and password"

    def __init__(
        self, user: str, password: str, context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(context)
        self._pair = (user, password)
        self._digest = Digest(user, password)
        self._challenge: dict[str, str] | None = None
        self._basic = False

    @property
    def waits(self) -> bool:
        """Whether the service has not asked yet."""
        return self._challenge is None and not self._basic

    def sign(self, request: urllib.request.Request) -> None:
        """Add Authorization in the way that the service asked for."""
        if self._challenge is not None:
            body = request.data
            assert body is None or isinstance(body, bytes)
            result = self._digest.sign(
                self._challenge, request.get_method(), request.selector, body or b""
            )
            request.add_unredirected_header("Authorization", f"Digest {result}")
        elif self._basic:
            result = base64.b64encode(":".join(self._pair).encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {result}")

    def secrets(self) -> tuple[str, ...]:
        """Return the password, and the pair as Basic has it."""
        basic = base64.b64encode(":".join(self._pair).encode()).decode()
        return (basic, self._pair[1])

    def answers(self, request: urllib.request.Request, headers: Message) -> bool:
        """Whether the service asks in a way that is known.

        Digest is taken before Basic, and of several challenges of Digest the first that
        is known (RFC 7616, section 3.7). Another one may mean that the nonce has grown
        old; one of Basic means that the password is wrong.
        """
        del request
        requests = challenges(headers.get_all("WWW-Authenticate", []))
        for scheme, parameters in requests:
            if scheme == "digest" and is_known_challenge(parameters):
                self._challenge = parameters
                return True
        if "basic" in dict(requests) and not self._basic:
            self._basic = True
            return True
        return False


class HeaderLogin(Login):
    """A secret in a header: a bearer token, or an API key."""

    def __init__(
        self,
        name: str,
        value: str,
        *,
        names: str,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(context)
        self._header = (name, value)
        self.names = names
        self.what = "token" if name == "Authorization" else name

    def sign(self, request: urllib.request.Request) -> None:
        """Add the header."""
        request.add_unredirected_header(*self._header)

    def secrets(self) -> tuple[str, ...]:
        """Return the value, without the scheme that it begins with."""
        return (self._header[1].removeprefix("Bearer "),)


class OAuthLogin(Login):
    """A token that a token service gives for a client's own name and secret."""

    names = "GLOKAL_ENDPOINT_OAUTH_CLIENT and GLOKAL_ENDPOINT_OAUTH_SECRET"
    what = "token that the token service gave"

    def __init__(
        self, source: TokenSource, context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(context)
        self._source = source

    def sign(self, request: urllib.request.Request) -> None:
        """Add the token; raises ToolError or UsageError when there is none to have."""
        token = self._source.token()
        request.add_unredirected_header("Authorization", f"Bearer {token}")

    def secrets(self) -> tuple[str, ...]:
        """Return the token, and what it was given for."""
        return (self._source.current, *self._source.secrets)

    def answers(self, request: urllib.request.Request, headers: Message) -> bool:
        """Always: the token may have been taken back, and another one is fetched."""
        del request, headers
        self._source.forget()
        return True


class AwsLogin(Login):
    """A signature of each request by AWS Signature Version 4."""

    names = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and GLOKAL_ENDPOINT_AWS_REGION"
    what = "signature"

    def __init__(
        self,
        keys: Keys,
        context: ssl.SSLContext | None = None,
        now: Callable[[], datetime.datetime] | None = None,
    ) -> None:
        super().__init__(context)
        self._keys = keys
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))

    def secrets(self) -> tuple[str, ...]:
        """Return the token of temporary keys, which goes with each request."""
        return (self._keys.token, self._keys.secret)

    def sign(self, request: urllib.request.Request) -> None:
        """Add the signature, with the time and the host that it holds for."""
        body = request.data
        assert body is None or isinstance(body, bytes)
        content = request.get_header("Content-type")
        headers = {"content-type": content} if content else {}
        result = sign(
            self._keys,
            request.get_method(),
            request.full_url,
            headers,
            body or b"",
            self._now(),
        )
        for name, value in result.items():
            request.add_unredirected_header(name, value)


def without_secrets(text: str, login: Login | None) -> str:
    """Return what a service says without the login that it was given."""
    for secret in login.secrets() if login else ():
        if secret:
            text = text.replace(secret, "…")
    return text


def challenges(headers: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the schemes of WWW-Authenticate with their parameters, in order.

    RFC 9110, section 11.6.1: several challenges may stand in one header, parted by
    commas like the parameters of each. A scheme is in lower case.
    """
    results: list[tuple[str, dict[str, str]]] = []
    for header in headers:
        for part in urllib.request.parse_http_list(header):
            before, _, rest = part.partition(" ")
            if rest and "=" not in before:
                results.append((before.lower(), {}))
                part = rest.strip()
            elif "=" not in part:
                results.append((part.lower(), {}))
                continue
            name, equals, value = part.partition("=")
            if equals and results:
                results[-1][1][name.strip().lower()] = value.strip().strip('"')
    return results

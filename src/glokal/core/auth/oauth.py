"""Tokens by OAuth 2: the client credentials grant (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import http.client
import json
import math
import ssl
import time
import urllib.error
import urllib.request
from urllib.parse import quote_plus, urlencode

from glokal.core.characters import visible
from glokal.core.errors import GlokalError, ToolError, UsageError
from glokal.core.http_redirects import new_opener

# A token is renewed so many seconds before it ends, and lasts an hour unless said.
_MARGIN, _USUAL = 30.0, 3600.0
_MOST_BYTES = 1 << 16


class TokenSource:
    """Fetches a token when one is needed, and keeps it as long as it lasts."""

    def __init__(
        self,
        address: str,
        client: str,
        secret: str,
        *,
        scope: str = "",
        seconds: float = 60,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._address = address
        # Section 2.3.1: both are encoded like a form before they are joined.
        pair = f"{quote_plus(client)}:{quote_plus(secret)}"
        self._basic = base64.b64encode(pair.encode()).decode()
        self.secrets = (self._basic, secret, quote_plus(secret))
        self._scope = scope
        self._seconds = seconds
        self._opener = new_opener(context)
        self._token = ""
        self._until = 0.0

    def token(self) -> str:
        """Return a token; UsageError when none is given, ToolError for a failure."""
        if not self._token or time.monotonic() > self._until:
            self._fetch()
        return self._token

    @property
    def current(self) -> str:
        """The token that was fetched last, "" when there is none."""
        return self._token

    def forget(self) -> None:
        """Take the token for one that is no longer good."""
        self._token = ""

    def _fetch(self) -> None:
        form = {"grant_type": "client_credentials"}
        form |= {"scope": self._scope} if self._scope else {}
        # The address has been seen to be of HTTP where it was given.
        request = urllib.request.Request(  # noqa: S310
            self._address, data=urlencode(form).encode(), method="POST"
        )
        request.add_header("Accept", "application/json")
        request.add_unredirected_header("Authorization", f"Basic {self._basic}")
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                result = json.loads(answer.read(_MOST_BYTES))
            token, kind = result["access_token"], result.get("token_type", "bearer")
            lasts = float(result.get("expires_in", _USUAL))
            if math.isnan(lasts):
                raise self._no_token()
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error.code, error.read(_MOST_BYTES)) from error
        except (OSError, http.client.HTTPException) as error:
            why = str(getattr(error, "reason", error)) or type(error).__name__
            raise ToolError(
                f"The token service {self._address} can't be reached: {why}.",
                remedy="see that GLOKAL_ENDPOINT_OAUTH_URL is right and it is up.",
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._no_token() from error
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise self._no_token()
        if str(kind).lower() != "bearer":
            raise self._no_token()
        self._token, self._until = token, time.monotonic() + max(lasts - _MARGIN, 0)

    def _refused(self, status: int, body: bytes) -> GlokalError:
        """Return what to raise for an error response (section 5.2)."""
        try:
            text = str(json.loads(body)["error"])
            for secret in self.secrets:
                text = text.replace(secret, "…") if secret else text
            text = f": {visible(text)[:100]}"
        except (ValueError, TypeError, KeyError):
            text = ""
        if status >= 500:
            return ToolError(
                f"The token service {self._address} failed ({status}{text}).",
                remedy="try again later.",
            )
        return UsageError(
            f"The token service {self._address} gives no token ({status}{text}).",
            remedy="fix GLOKAL_ENDPOINT_OAUTH_CLIENT, GLOKAL_ENDPOINT_OAUTH_SECRET or "
            "GLOKAL_ENDPOINT_OAUTH_SCOPE.",
        )

    def _no_token(self) -> ToolError:
        return ToolError(
            f"What {self._address} answers is no bearer token.",
            remedy="see that GLOKAL_ENDPOINT_OAUTH_URL is the address of tokens.",
        )

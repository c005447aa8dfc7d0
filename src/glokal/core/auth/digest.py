"""HTTP Digest (RFC 7616): what a client says to a challenge.

The library of Python knows MD5 and ASCII only; a service of today asks for SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from urllib.parse import quote

# Section 6.1, each with hashlib's name; with -sess behind it, one of a session.
_HASHES = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256"}
_SESSION = "-sess"


class Digest:
    """Answers challenges for a user and a password, and counts what a nonce is for."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._nonce = ""
        self._count = 0

    def sign(
        self,
        challenge: Mapping[str, str],
        method: str,
        target: str,
        body: bytes = b"",
        cnonce: str = "",
    ) -> str:
        """Return the credentials for a request, to stand behind the scheme.

        `challenge` is one of those that `is_known_challenge`, its names in lower case;
        `target` is the path with its query, as it is sent. `cnonce` is made unless it
        is given.
        """
        realm, nonce = challenge.get("realm", ""), challenge["nonce"]
        written = challenge.get("algorithm", "MD5")
        algorithm = written.lower()
        kind = _HASHES[algorithm.removesuffix(_SESSION)]
        qop = _protection(challenge)
        self._count = self._count + 1 if nonce == self._nonce else 1
        self._nonce = nonce
        count = f"{self._count:08x}"
        cnonce = cnonce or secrets.token_urlsafe(16)
        # Section 3.4.2
        first = _hashed(kind, self._user, realm, self._password)
        if algorithm.endswith(_SESSION):
            first = _hashed(kind, first, nonce, cnonce)
        # Section 3.4.3
        whole = [_digest(kind, body)] if qop == "auth-int" else []
        second = _hashed(kind, method, target, *whole)
        between = (nonce, count, cnonce, qop) if qop else (nonce,)
        fields = [
            self._named(kind, realm, hashed=challenge.get("userhash", "") == "true"),
            f"realm={_quoted(realm)}",
            f"nonce={_quoted(nonce)}",
            f"uri={_quoted(target)}",
            f'response="{_hashed(kind, first, *between, second)}"',
        ]
        if "algorithm" in challenge:
            fields.append(f"algorithm={written}")
        if "opaque" in challenge:
            fields.append(f"opaque={_quoted(challenge['opaque'])}")
        if qop or algorithm.endswith(_SESSION):
            fields.append(f'cnonce="{cnonce}"')
        if qop:
            fields += [f"qop={qop}", f"nc={count}"]
        if challenge.get("userhash", "") == "true":
            fields.append("userhash=true")
        return ", ".join(fields)

    def _named(self, kind: str, realm: str, *, hashed: bool) -> str:
        """Return who it is: section 3.4.4 for one whose name isn't to be seen."""
        if hashed:
            return f'username="{_hashed(kind, self._user, realm)}"'
        if self._user.isascii():
            return f"username={_quoted(self._user)}"
        # RFC 8187
        return f"username*=UTF-8''{quote(self._user, safe='')}"


def is_known_challenge(challenge: Mapping[str, str]) -> bool:
    """Whether a challenge of Digest has a nonce and asks for what can be given."""
    algorithm = challenge.get("algorithm", "MD5").lower().removesuffix(_SESSION)
    wanted = "qop" not in challenge or bool(_protection(challenge))
    return "nonce" in challenge and algorithm in _HASHES and wanted


def _protection(challenge: Mapping[str, str]) -> str:
    """Return the quality of protection to use, "" for that of RFC 2069."""
    given = [part.strip().lower() for part in challenge.get("qop", "").split(",")]
    return next((qop for qop in ("auth", "auth-int") if qop in given), "")


def _hashed(kind: str, *parts: str) -> str:
    return _digest(kind, ":".join(parts).encode())


def _digest(kind: str, data: bytes) -> str:
    # What is hashed is the service's to choose.
    return hashlib.new(kind, data, usedforsecurity=False).hexdigest()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

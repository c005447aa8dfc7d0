"""AWS Signature Version 4, for services other than S3 (Neptune: neptune-db).

The steps are those of "Create a signed AWS API request" in the AWS IAM user guide:
canonical request, string to sign, signing key, signature.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Keys:
    """The keys of an account, and what they are used for.

    `token` is that of temporary keys, "" for others.
    """

    key: str
    secret: str = field(repr=False)
    region: str
    service: str
    token: str = field(repr=False, default="")


def sign(
    keys: Keys,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime.datetime,
) -> dict[str, str]:
    """Return the headers to add to a request: Host, X-Amz-Date, Authorization.

    `headers` are those of the request that are signed, too, by names in lower case;
    `url` is written as it is sent. Temporary keys add X-Amz-Security-Token.
    """
    stamp = now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    added = {"Host": _host(url), "X-Amz-Date": stamp}
    if keys.token:
        added["X-Amz-Security-Token"] = keys.token
    signed = {name.lower(): value for name, value in {**headers, **added}.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{n}:{' '.join(signed[n].split())}\n" for n in sorted(signed))
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join([method, _path(url), _query(url), lines, names, digest])
    scope = f"{stamp[:8]}/{keys.region}/{keys.service}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join([_ALGORITHM, stamp, scope, hashed])
    key = f"AWS4{keys.secret}".encode()
    for part in (stamp[:8], keys.region, keys.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    added["Authorization"] = (
        f"{_ALGORITHM} Credential={keys.key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return added


def _host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if parts.port is None or parts.port == _PORTS.get(parts.scheme):
        return host
    return f"{host}:{parts.port}"


def _path(url: str) -> str:
    """Return the path, normalised and encoded once more, as all but S3 have it."""
    path = urlsplit(url).path or "/"
    plain = posixpath.normpath(path)
    # POSIX lets a path begin with two slashes.
    plain = "/" + plain.lstrip("/")
    if path.endswith("/") and plain != "/":
        plain += "/"
    return quote(plain, safe="/~")


def _query(url: str) -> str:
    """Return the parameters as they are encoded, sorted by name and value."""
    query = urlsplit(url).query
    pairs = (part.partition("=") for part in query.split("&")) if query else ()
    return "&".join(f"{n}={v}" for n, v in sorted((n, v) for n, _, v in pairs))

"""Web addresses as settings: why one is refused, and how it is written instead.

RFC 3986 for the form; RFC 5891 for the names of hosts, which sitemaps, `robots.txt`
and HTTP headers hold in ASCII.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

# What no address holds as it is (RFC 3986, section 2).
_NOT_IN_ADDRESSES = re.compile(r'[\s<>"{}|\\^`]')
_DEFAULT_PORTS = {"http": 80, "https": 443}


def fault(value: str) -> str:
    """Return why a text is no web address that can be shown to all, "" if it is one.

    An address with a user or a password is none: it stands on every page.
    """
    try:
        parts = urlsplit(value)
        named = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
        parts.port  # noqa: B018  (raises ValueError for what is no port)
    except ValueError:
        return "not a web address"
    if not named or _NOT_IN_ADDRESSES.search(value):
        return "not a web address"
    if "@" in parts.netloc:
        return "with a user or a password in it, which all would see"
    return ""


def base_fault(value: str) -> tuple[str, str]:
    """Return what is wrong with an address that others begin with, and a right one.

    Both are "" for one that is right: a slash at its end, nothing behind the path, one
    spelling of scheme, host, port and path (RFC 3986, section 6.2.2), ASCII alone.
    """
    parts = urlsplit(value)
    right = _normal(parts)
    if right == value:
        return "", ""
    if not value.endswith("/") or parts.query or parts.fragment:
        return "without a slash at its end", right
    if not value.isascii():
        return "with letters that are not ASCII", right
    if "//" in parts.path:
        return "with an empty part in its path", right
    return "not in the spelling that programs compare", right


def _normal(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = "www.example.org"
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    remaining: list[str] = []
    for part in parts.path.split("/"):
        # Programs take a dot that is escaped for one (RFC 3986, section 6.2.2.2).
        part = re.sub("%2e", ".", part, flags=re.IGNORECASE)
        if part == "..":
            del remaining[-1:]
        elif part not in ("", "."):
            remaining.append(quote(part, safe="%!$&'()*+,;=:@~-._"))
    path = "/".join(["", *remaining, ""])
    return urlunsplit((parts.scheme, host, path, "", ""))

"""Web addresses as settings: why one is refused, and how it is written instead.

RFC 3986 for the form; RFC 5891 for the names of hosts, which sitemaps, `robots.txt`
and HTTP headers hold in ASCII.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

# What no address holds as it is (RFC 3986, section 2).
_NOT_IN_ADDRESSES = re.compile(r'[\s<>"{}|\\^`]')
# A part of a host's name as the web has it (RFC 1123, section 2.1, with the underscore
# that some hosts have), and the longest whole (RFC 1035, section 2.3.4).
_LABEL = re.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LONGEST_HOST = 253
# An escape that is none, and one of a letter that needs none (RFC 3986, 2.1 and 2.3).
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_PLAIN = re.compile("[A-Za-z0-9._~-]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def fault(value: str) -> str:
    """Return why a text is no web address that can be shown to all, "" if it is one.

    The reason is the name of a fault in `faults.toml`.

    An address with a user or a password is none: it stands on every page.
    """
    try:
        parts = urlsplit(value)
        named = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
        parts.port  # noqa: B018  (raises ValueError for what is no port)
    except ValueError:
        return "no_address"
    if not named or _NOT_IN_ADDRESSES.search(value) or not _is_host(parts):
        return "no_address"
    if _NO_ESCAPE.search(value):
        return "no_escape"
    if "@" in parts.netloc:
        return "with_user"
    return ""


def _is_host(parts: SplitResult) -> bool:
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        # An address of IPv6, which `urlsplit` has looked at.
        return True
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, name.split(".")))


def base_fault(value: str) -> tuple[str, str]:
    """Return what is wrong with an address that others begin with, and a right one.

    The first is the name of a fault in `faults.toml`.

    Both are "" for one that is right: a slash at its end, nothing behind the path, one
    spelling of scheme, host, port and path (RFC 3986, section 6.2.2), ASCII alone.
    """
    parts = urlsplit(value)
    right = _normal(parts)
    if right == value:
        return "", ""
    if not value.endswith("/") or parts.query or parts.fragment:
        return "no_slash", right
    if not value.isascii():
        return "not_ascii", right
    if "//" in parts.path:
        return "empty_part", right
    return "other_spelling", right


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
        part = _ESCAPE.sub(_normal_escape, part)
        if part == "..":
            del remaining[-1:]
        elif part not in ("", "."):
            remaining.append(quote(part, safe="%!$&'()*+,;=:@~-._"))
    path = "/".join(["", *remaining, ""])
    return urlunsplit((parts.scheme, host, path, "", ""))


def _normal_escape(match: re.Match[str]) -> str:
    """Return a letter that needs no escape, or the escape in capitals.

    Programs take the one for the other (RFC 3986, sections 6.2.2.1 and 6.2.2.2).
    """
    character = chr(int(match[1], 16))
    return character if _PLAIN.fullmatch(character) else match[0].upper()

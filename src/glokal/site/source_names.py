"""The sources of names, codes and outside statements, as people call them.

The data say exactly where a copy was read: package, commit, file. On a page the source
has the name of its register or site, and the address where it has one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from glokal.site.graph_view import Value

# The column of a query that has them.
COLUMN = "recordSource"
# Sources in one text are separated so.
_BETWEEN = " ; "


def named_sources(texts: Iterable[str]) -> tuple[Value, ...]:
    """Return sources as people call them, each once, in the order that they stand.

    `texts` are values of `glo:recordSource`. What stands in brackets tells how a copy
    was read, and is left to the data.
    """
    named = (_named(t) for text in texts for t in text.split(_BETWEEN))
    # By their names: two pages of one register are one source to a reader.
    once: dict[str, Value] = {}
    for value in named:
        once.setdefault(value.text, value)
    return tuple(once.values())


def _named(text: str) -> Value:
    words = _outside_brackets(text)
    address = next((w for w in words if _host(w)), "")
    if address:
        starts = _names()["addresses"].items()
        known = next((name for start, name in starts if address.startswith(start)), "")
        return Value(known or _site(_host(address)), "", address)
    whole = " ".join(words)
    for start, name in _names()["copies"].items():
        if whole.startswith(start):
            return Value(name)
    return Value(whole)


def _site(host: str) -> str:
    language, _, site = host.partition(".")
    name = _names()["languages"].get(site)
    several = f"{name} ({language})" if name else host
    return _names()["hosts"].get(host, several)


def _outside_brackets(text: str) -> list[str]:
    """Return the words of a text that stand in no round brackets."""
    depth, kept = 0, []
    for sign in text:
        depth += sign == "("
        if depth == 0:
            kept.append(sign)
        depth = max(depth - (sign == ")"), 0)
    return "".join(kept).split()


def _host(word: str) -> str:
    parts = urlsplit(word)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts.hostname.removeprefix("www.")


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.site").joinpath("source_names.toml")
    names: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return names

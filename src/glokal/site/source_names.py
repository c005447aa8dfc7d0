"""The sources of names, codes and outside statements, as people call them.

The data say exactly where a copy was read: package, commit, file. On a page the source
has the name of its register or site, and the address where it has one. Registers come
first, then the pages of bodies, newspapers, and what anybody may write in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from glokal.core.locales import is_known, name_in
from glokal.core.namespaces import CODE, GLO
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

# The column of a query that has them.
COLUMN = "recordSource"
# Sources in one text are separated so.
_BETWEEN = " ; "
_HOMEPAGE = CODE + "record-scheme/homepage"
# The kinds of sources in the order that they stand in.
_ORDER = ("register", "body", "newspaper", "encyclopaedia")


def named_sources(
    texts: Iterable[str], view: GraphView, lang: str
) -> tuple[Value, ...]:
    """Return sources as people call them, each once, registers first.

    `texts` are values of `glo:recordSource`. What stands in brackets tells how a copy
    was read, and is left to the data.
    """
    named = (_named(t, view, lang) for text in texts for t in text.split(_BETWEEN))
    # By their names: two pages of one register are one source to a reader.
    once: dict[str, Value] = {}
    for value in named:
        if value.text:
            once.setdefault(value.text, value)
    return tuple(sorted(once.values(), key=lambda v: source_rank(v, view)))


def source_rank(source: Value, view: GraphView) -> int:
    """Return where a source stands among others: 0 for a register."""
    own = view.source_names.get(_known_host(_host(source.href), view.source_names), {})
    kind = own.get("kind", "")
    for of_kind, starts in _names()["kinds"].items():
        if not kind and source.text.startswith(tuple(starts)):
            kind = of_kind
    return _ORDER.index(kind or "body")


def _named(text: str, view: GraphView, lang: str) -> Value:
    words = _outside_brackets(text)
    address = next((w for w in words if _host(w)), "")
    if address:
        starts = _names()["addresses"].items()
        known = next((name for start, name in starts if address.startswith(start)), "")
        return Value(known or _site(_host(address), view, lang), "", address)
    whole = " ".join(words)
    for start, name in _names()["copies"].items():
        if whole.startswith(start):
            return Value(name)
    return Value(whole)


def _site(host: str, view: GraphView, lang: str) -> str:
    """Return what settings, data or the list call a site, else its host."""
    own = view.source_names
    if known := _known_host(host, own):
        return own[known]["name"]
    pages = _homepages(view)
    if known := _known_host(host, pages):
        return view.link(pages[known], lang).text
    if known := _known_host(host, _names()["hosts"]):
        return str(_names()["hosts"][known])
    first, _, site = host.partition(".")
    if name := _names()["languages"].get(site):
        language = _names()["written-in"].get(host, first)
        named = name_in(language, lang) if is_known(language) else language
        return f"{name} ({named})"
    return host


def _known_host(host: str, known: Mapping[str, Any]) -> str:
    """Return the host or the nearest domain around it that is known, "" without one."""
    return next((domain for domain in _domains(host) if domain in known), "")


def _domains(host: str) -> Iterator[str]:
    while "." in host:
        yield host
        host = host.partition(".")[2]


@lru_cache(maxsize=4)
def _homepages(view: GraphView) -> Mapping[str, str]:
    """Return whose home page each host is, by the registers' records."""
    results: dict[str, str] = {}
    for record in view.subjects_of_type(GLO + "OutsideRecord"):
        if _HOMEPAGE in view.objects(record, GLO + "recordScheme"):
            for about in view.objects(record, GLO + "about"):
                # What is done has a site too, but nobody calls that by what is done.
                if about.startswith(f"{view.base}activity/"):
                    continue
                # What is done has a site too, but nobody calls the site by that.
                if about.startswith(f"{view.base}activity/"):
                    continue
                for address in view.objects(record, GLO + "recordIri"):
                    # A page below the front page is one of many on a site.
                    if urlsplit(address).path in ("", "/"):
                        results.setdefault(_host(address), about)
    return results


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
def _names() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("glokal.site").joinpath("source_names.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

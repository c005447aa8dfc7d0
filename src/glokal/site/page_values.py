"""Values as pages show them: texts with their language and their link, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox

from glokal.core.collation import sort_key

_LONGEST_ADDRESS = 60
_ADDRESS = re.compile(r"(https?://\S+)( \(.*\))?")


@dataclass(frozen=True, slots=True)
class Value:
    """A value on a page: its text, its language when not the page's, its link."""

    text: str
    lang: str = ""
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """A property in words and its values."""

    label: str
    values: tuple[Value, ...]


def in_order(values: Iterable[Value], lang: str) -> tuple[Value, ...]:
    """Return values sorted by their text, as a language sorts."""
    return tuple(sorted(values, key=lambda v: sort_key(v.text, lang)))


def foreign(literal: ox.Literal | None, lang: str) -> str:
    """Return the language of a text, "" when it is the page's or has none."""
    language = literal.language if literal is not None else None
    return language if language and language != lang else ""


def in_language(terms: Iterable[object], lang: str) -> list[object]:
    """Return terms without texts in other languages, if there are some in this."""
    results = list(terms)
    tagged = [t for t in results if isinstance(t, ox.Literal) and t.language]
    own = [t for t in tagged if t.language == lang]
    rest = [t for t in results if t not in tagged]
    return [*(own or tagged), *rest]


def as_address(text: str) -> Value:
    """Return a web address as a link with a short text, other text as it is.

    What stands in brackets after the address is kept.
    """
    match = _ADDRESS.fullmatch(text)
    if not match:
        return Value(text)
    address, note = match[1], match[2] or ""
    short = unquote(address).partition("://")[2].removeprefix("www.").rstrip("/")
    if len(short) > _LONGEST_ADDRESS:
        short = short[: _LONGEST_ADDRESS - 1] + "…"
    return Value(short + note, "", address)

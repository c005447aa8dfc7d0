"""Header values that are lists: read by a parser, and read as far as they go.

RFC 9110, sections 5.6.1 (lists), 5.6.4 (quoted strings), 5.6.6 (parameters), 8.8.3
(entity tags) and 12.4.2 (weights). What breaks the grammar is no reason to give a
client nothing: an element that has no name is passed over, and so is a weight that is
no number.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")


@dataclass(frozen=True)
class ListElement:
    """An element of a list: its name, parameters and weight, names in lower case.

    `weight` is between 0 and 1.
    """

    name: str
    parameters: tuple[tuple[str, str], ...]
    weight: float


# Headers of usual clients, which send the same ones again and again; longer ones are
# read each time.
CACHED = 512
LONGEST_CACHED = 512


def read_list(header: str) -> Sequence[ListElement]:
    """Return the elements of a header such as Accept, in order."""
    return _cached(header) if len(header) <= LONGEST_CACHED else _read(header)


@lru_cache(CACHED)
def _cached(header: str) -> Sequence[ListElement]:
    return _read(header)


def _read(header: str) -> Sequence[ListElement]:
    results = []
    for part in _split(header, ","):
        name, *parameters = _split(part, ";")
        name = name.strip().lower()
        if not _is_name(name):
            continue
        weight, retained = 1.0, []
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            key, value = key.strip().lower(), _unquoted(value.strip())
            if key == "q":
                weight = read_weight(value)
            elif key:
                retained.append((key, value))
        results.append(ListElement(name, tuple(retained), weight))
    return tuple(results)


def read_weight(text: str) -> float:
    """Return a weight; one that is no number counts as none, which is 1.

    Section 12.4.2 has a digit before the point and three after it at most. Clients
    send .2 (Java's HttpURLConnection) and 0.3333 as well.
    """
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdecimal()):
        return 1.0
    return min(float(f"{whole or '0'}.{decimals or '0'}"), 1.0)


def read_entity_tags(header: str) -> list[str]:
    """Return the entity tags of If-None-Match without their W/, "*" as it stands.

    An entity tag may hold commas, and a backslash in it is no escape.
    """
    results = []
    rest = header.strip()
    while rest:
        if rest.startswith("*"):
            results.append("*")
            rest = rest[1:]
        elif rest.startswith(('"', 'W/"')):
            start = rest.index('"')
            end = rest.find('"', start + 1)
            if end < 0:
                break
            results.append(rest[start : end + 1])
            rest = rest[end + 1 :]
        else:
            # Whatever this is, it is over at the next comma.
            rest = rest.partition(",")[2]
        rest = rest.lstrip(" \t,")
    return results


def _is_name(name: str) -> bool:
    """Whether this is a token, or two with a slash between them."""
    kind, slash, subtype = name.partition("/")
    tokens = (kind, subtype) if slash else (kind,)
    return all(token and _TOKEN.issuperset(token) for token in tokens)


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield what stands between separators that are outside quoted strings."""
    begin, quoted, at = 0, False, 0
    while at < len(text):
        sign = text[at]
        if quoted and sign == "\\":
            at += 1
        elif sign == '"':
            quoted = not quoted
        elif sign == separator and not quoted:
            yield text[begin:at]
            begin = at + 1
        at += 1
    yield text[begin:]


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    result, signs = [], iter(value[1:])
    for sign in signs:
        if sign == '"':
            break
        result.append(next(signs, "") if sign == "\\" else sign)
    return "".join(result)

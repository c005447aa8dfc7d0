"""A JSON-LD text with a mark behind each value.

Only the text is read here (RFC 8259): what is a key, what a value, where each stands.
What they mean is left to the parser of JSON-LD. Values within an @context, and those of
keywords that say how a value is meant, get no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json import decoder

from glokal.rdf.position_markers import MarkedText

_CONTEXT, _ID, _TYPE = "@context", "@id", "@type"
# Keywords whose values are terms of the graph, or hold such (JSON-LD 1.1, section 1.7).
_OF_TERMS = frozenset({_ID, "@value", "@list", "@set", "@graph", "@included"})
# An object with one of these is no node.
_NO_NODE = frozenset({"@value", "@list", "@set"})
# The end of a string, by the reader of the standard library.
_SCAN = decoder.scanstring  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[-+.0-9A-Za-z]+")


@dataclass
class _Holder:
    """An object or an array: where it begins, under which key, in what."""

    start: int
    is_object: bool
    key: str
    above: _Holder | None
    in_context: bool
    keys: set[str] = field(default_factory=set)
    # The key that has been read and waits for its value.
    waiting: str | None = None


@dataclass(frozen=True)
class _Scalar:
    start: int
    end: int
    text: str | None
    key: str
    holder: _Holder | None

    @property
    def in_context(self) -> bool:
        return self.key == _CONTEXT or (
            self.holder is not None and self.holder.in_context
        )


def mark_json(data: bytes) -> MarkedText:
    """Return JSON with marks; ValueError for what is no JSON."""
    # A byte is a character here, so that places are those of the bytes.
    scalars = list(_scalars(data.decode("latin-1")))
    aliases = _aliases(scalars)
    result = MarkedText()
    for scalar in scalars:
        if scalar.in_context:
            continue
        role = aliases.get(scalar.key, scalar.key)
        node = _node(scalar.holder, aliases)
        if role == _TYPE and node is not None:
            result.types.setdefault(node, []).append(scalar.start)
        if role.startswith("@") and role not in _OF_TERMS:
            continue
        at = scalar.start if node is None else node
        if scalar.text is not None:
            result.put(scalar.start, at, scalar.end - 1)
        elif data[scalar.start : scalar.end] != b"null":
            result.replace(scalar.start, at, scalar.end)
    return result.finish(data)


def _node(holder: _Holder | None, aliases: dict[str, str]) -> int | None:
    """Return where the node begins that a value is said of."""
    while holder is not None:
        roles = {aliases.get(key, key) for key in holder.keys}
        if holder.is_object and not roles & _NO_NODE:
            return holder.start
        holder = holder.above
    return None


def _aliases(scalars: list[_Scalar]) -> dict[str, str]:
    """Return the keys that a context gives the meaning of a keyword."""
    results: dict[str, str] = {}
    for scalar in scalars:
        if not scalar.in_context or not (scalar.text or "").startswith("@"):
            continue
        assert scalar.text is not None
        if scalar.key == _ID and scalar.holder is not None:
            results[scalar.holder.key] = scalar.text
        elif not scalar.key.startswith("@"):
            results[scalar.key] = scalar.text
    return results


def _scalars(text: str) -> Iterator[_Scalar]:
    holder: _Holder | None = None
    at = _skip(text, 0)
    while at < len(text):
        sign = text[at]
        if sign in "{[":
            key = _key(holder)
            above_in = holder is not None and holder.in_context
            holder = _Holder(at, sign == "{", key, holder, above_in or key == _CONTEXT)
            at += 1
        elif sign in "}]":
            if holder is None:
                raise ValueError("what is closed was not opened")
            holder = holder.above
            if holder is not None:
                holder.waiting = None
            at += 1
        elif sign == ",":
            if holder is not None:
                holder.waiting = None
            at += 1
        elif sign == '"':
            value, end = _SCAN(text, at + 1, False)
            following = _skip(text, end)
            opens = holder is not None and holder.is_object and holder.waiting is None
            if opens and text[following : following + 1] == ":":
                assert holder is not None
                holder.waiting = value
                holder.keys.add(value)
                at = following + 1
            else:
                yield _Scalar(at, end, value, _key(holder), holder)
                at = end
        else:
            word = _WORD.match(text, at)
            if word is None:
                raise ValueError("no JSON")
            yield _Scalar(at, word.end(), None, _key(holder), holder)
            at = word.end()
        at = _skip(text, at)


def _key(holder: _Holder | None) -> str:
    """Return the key under which the next value stands, through arrays."""
    while holder is not None:
        if holder.is_object:
            return holder.waiting or ""
        if holder.key:
            return holder.key
        holder = holder.above
    return ""


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at

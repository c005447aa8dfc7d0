"""IRIs as they are written: relative, prefixed, escaped.

https://www.w3.org/TR/turtle/#sec-iri and #sec-escapes. Relative IRIs are resolved
(RFC 3986, section 5.2) by the parser that reads the data, so that both always agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from glokal.rdf.terms import text_of

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class Scope:
    """The prefixes and the base IRI that hold at a place in a text."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    def iri(self, written: str) -> str:
        """Return the IRI of `<…>` or of a prefixed name.

        Raises KeyError with the prefix when it is not declared, SyntaxError when what
        is written is no IRI.
        """
        if written.startswith("<"):
            return resolve(unescape(written[1:-1]), self.base)
        prefix, _, local = written.partition(":")
        if "\\" in local:
            local = re.sub(r"\\(.)", r"\1", local)
        return self.prefixes[prefix] + local


def resolve(iri: str, base: str) -> str:
    """Return an IRI resolved against a base ("" for none); SyntaxError if it can't."""
    if _ABSOLUTE.match(iri) and "/." not in iri:
        return iri
    return _resolve(iri, base)


@lru_cache(maxsize=10_000)
def _resolve(iri: str, base: str) -> str:
    escaped = "".join(c if c > " " else f"\\u{ord(c):04X}" for c in iri)
    text = f"<{escaped}> <a:a> <a:a> ."
    parser = ox.parse(
        input=text, format=ox.RdfFormat.TURTLE, base_iri=base if base else None
    )
    return text_of(next(iter(parser)).subject)


def unescape(text: str) -> str:
    """Return a string or an IRI without its escapes."""
    if "\\" not in text:
        return text
    return re.sub(
        r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))",
        lambda m: _ESCAPES.get(m[3], m[3]) if m[3] else chr(int(m[1] or m[2], 16)),
        text,
    )

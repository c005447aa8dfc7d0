"""IRIs as a query writes them, made whole: by a prefix, or against the base.

RFC 3986, section 5.2, and SPARQL 1.1, section 4.1.1. `start` is where the IRI stands in
the text of the query, for what is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from glokal.sparql.errors import QueryError
from glokal.sparql.lexer import unescape_local


def expanded(name: str, prefixes: Mapping[str, str], start: int) -> str:
    """Return what a prefixed name stands for; QueryError for a prefix not declared."""
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise QueryError(
            f"The query does not declare the prefix {prefix}:",
            start,
            remedy=f"add a line PREFIX {prefix}: <its address>, or fix the name.",
        )
    return prefixes[prefix] + unescape_local(local)


def absolute(written: str, base: str, start: int) -> str:
    """Return an IRI whole, a relative one against the base; QueryError for none."""
    try:
        ox.NamedNode(written)
        return written
    except ValueError as error:
        resolved = _resolved(written, base) if base else None
        if resolved is None:
            raise _no_iri(written, base, str(error), start) from error
        return resolved


def _resolved(written: str, base: str) -> str | None:
    """Return a relative IRI against the base, None for what is none."""
    try:
        # As a parser of RDF does it.
        quads = ox.parse(
            f"<{written}> a <{written}> .".encode(),
            format=ox.RdfFormat.TURTLE,
            base_iri=base,
        )
        subject = next(iter(quads)).subject
    except (SyntaxError, ValueError):
        return None
    assert isinstance(subject, ox.NamedNode)
    return subject.value


def _no_iri(written: str, base: str, why: str, start: int) -> QueryError:
    if not base and "scheme" in why:
        return QueryError(
            f"<{written}> is a relative IRI, and the query has no BASE",
            start,
            remedy="write the whole IRI.",
        )
    return QueryError(f"<{written}> is no IRI: {why}", start)

"""Parameters of a request: those that are read, those that clients add by themselves.

A parameter that would change an answer is never passed over: it is known, or it is
wrong. The list of those without effect is in docs/server.md, and an answer names those
that it was asked with (X-Ignored-Parameters).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import parse_qsl, unquote_to_bytes

from glokal.core.errors import UsageError
from glokal.dataset.canned_queries import suggest
from glokal.server.response_formats import (
    GRAPH_FORMATS,
    RESULTS_JSON,
    RESULTS_XML,
    SELECT_FORMATS,
)

IGNORED_HEADER = "X-Ignored-Parameters"
# Who adds them: jQuery (_, callback), RDF4J and GraphDB (infer, sameAs, queryLn,
# timeout), Stardog (reasoning), Virtuoso's form (the rest).
IGNORED = frozenset(
    "_ callback infer sameAs queryLn timeout reasoning debug run should-sponge "
    "log_debug_info signal_void signal_unconnected "
    "CXML_redir_for_subjs CXML_redir_for_hrefs".split()
)
# The names by which clients ask for a format; SPARQLWrapper sends all three.
FORMAT_PARAMETERS = ("format", "output", "results")
# Short names of formats, and the types that each may be: rows or a graph.
FORMATS = {
    "json": (RESULTS_JSON, "application/ld+json"),
    "xml": (RESULTS_XML, "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "ttl": ("text/turtle",),
    "n3": ("text/n3",),
    "nt": ("application/n-triples",),
    "ntriples": ("application/n-triples",),
    "n-triples": ("application/n-triples",),
    "jsonld": ("application/ld+json",),
    "json-ld": ("application/ld+json",),
    "rdf": ("application/rdf+xml",),
    "rdf+xml": ("application/rdf+xml",),
    "rdfxml": ("application/rdf+xml",),
}
MOST_PAIRS = 200
# What may stand for a byte over 127; without it there is nothing to decode.
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]|[\x80-\xff]")


def read_pairs(text: str, most: int = MOST_PAIRS) -> list[tuple[str, str]]:
    """Return the pairs of a query string or a form, in order.

    Raises UsageError for bytes that are not UTF-8, and for more pairs than `most`.
    """
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except UnicodeDecodeError as error:
        raise UsageError(
            "The parameters are not UTF-8.", remedy="write them in UTF-8."
        ) from error
    except ValueError as error:
        raise UsageError(
            f"There are too many parameters, over {most}.", remedy="send fewer."
        ) from error


def is_utf8_text(raw: bytes) -> bool:
    """Whether bytes with percent-encoding are UTF-8 when they are decoded."""
    if not _BEYOND_ASCII.search(raw):
        return True
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def ignored_among(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return those of the names that have no effect, sorted.

    Raises UsageError, with a guess, for a name that is neither known nor ignored.
    """
    results = set()
    for name in names:
        if name in known:
            continue
        if name not in IGNORED:
            raise UsageError(
                f"Unknown parameter {name[:60]!r}.", remedy=suggest(name, known)
            )
        results.add(name)
    return tuple(sorted(results))


def ignored_headers(ignored: Collection[str]) -> dict[str, str]:
    """Return the header that names what had no effect, none when nothing had."""
    return {IGNORED_HEADER: ", ".join(ignored)} if ignored else {}


def accept_for(pairs: Iterable[tuple[str, str]], accept: str) -> str:
    """Return the Accept that a request comes to: its format, or else its header.

    A format is a short name or a media type. Raises UsageError for one that there is
    not, and for two that differ.
    """
    named = {value for name, value in pairs if name in FORMAT_PARAMETERS and value}
    types = {value: _types(value) for value in sorted(named)}
    if not types:
        return accept
    if len(set(types.values())) > 1:
        raise UsageError(
            f"The address asks for {' and for '.join(types)}.", remedy="choose one."
        )
    return ", ".join(next(iter(types.values())))


def _types(written: str) -> tuple[str, ...]:
    # A + in an address stands for a space, and clients forget to encode it. What stands
    # behind a type (charset) changes nothing, as in Accept.
    name = written.partition(";")[0].strip().replace(" ", "+").lower()
    if name in FORMATS:
        return FORMATS[name]
    if name in (*SELECT_FORMATS, *GRAPH_FORMATS):
        return (name,)
    raise UsageError(
        f"There is no format {written[:60]!r}.", remedy=suggest(name, FORMATS)
    )

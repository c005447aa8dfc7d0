"""The formats of answers, the preferred one first.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV; RDF 1.1 for graphs.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.core.files.data_files import JSONLD, MEDIA_TYPES, NTRIPLES, RDFXML, TURTLE

HTML = "text/html"
JSON = "application/json"
RESULTS_JSON = "application/sparql-results+json"
RESULTS_XML = "application/sparql-results+xml"
PROBLEM = "application/problem+json"

ASK_FORMATS = {
    RESULTS_JSON: ox.QueryResultsFormat.JSON,
    RESULTS_XML: ox.QueryResultsFormat.XML,
    JSON: ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
SELECT_FORMATS = ASK_FORMATS
# The types by which each form of a graph may be asked for, the same at every address:
# its own first, then those that clients use for it.
_TYPES = {
    TURTLE: (ox.RdfFormat.TURTLE, "text/n3"),
    NTRIPLES: (ox.RdfFormat.N_TRIPLES, "text/plain"),
    JSONLD: (ox.RdfFormat.JSON_LD, JSON),
    RDFXML: (ox.RdfFormat.RDF_XML, "application/xml"),
}
GRAPH_FORMATS = {media: fmt for media, (fmt, _) in _TYPES.items()} | {
    other: fmt for fmt, other in _TYPES.values()
}
_ENDINGS = {media: ending[1:] for ending, media in MEDIA_TYPES.items()}
# The ending of the file that answers each of these types.
GRAPH_SUFFIXES = {media: _ENDINGS[media] for media in _TYPES} | {
    other: _ENDINGS[media] for media, (_, other) in _TYPES.items()
}
# What is plain text keeps its letters by this parameter (RFC 2046, section 4.1.2).
TEXTUAL = ("text/",)


def content_type(media: str) -> str:
    """Return a media type with the parameter that a text needs."""
    return f"{media}; charset=utf-8" if media.startswith(TEXTUAL) else media

"""The formats of answers, the preferred one first.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV; RDF 1.1 for graphs.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.core.files.data_files import JSON, JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.rdf.serializers.formats import ALSO_ASKED_AS, SUFFIXES

HTML = "text/html"
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
_WRITTEN = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    JSONLD: ox.RdfFormat.JSON_LD,
    RDFXML: ox.RdfFormat.RDF_XML,
}
# The types by which a graph may be asked for, the same at every address: the forms' own
# first, then those that clients use for them.
GRAPH_FORMATS = _WRITTEN | {ALSO_ASKED_AS[m]: fmt for m, fmt in _WRITTEN.items()}
# The ending of the file that answers each of these types.
GRAPH_SUFFIXES = {m: SUFFIXES[m] for m in _WRITTEN} | {
    ALSO_ASKED_AS[m]: SUFFIXES[m] for m in _WRITTEN
}
# What is plain text keeps its letters by this parameter (RFC 2046, section 4.1.2).
TEXTUAL = ("text/",)


def content_type(media: str) -> str:
    """Return a media type with the parameter that a text needs."""
    return f"{media}; charset=utf-8" if media.startswith(TEXTUAL) else media

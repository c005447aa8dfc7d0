"""The formats of answers, the preferred one first.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV; RDF 1.1 for graphs.
"""

from __future__ import annotations

import pyoxigraph as ox

HTML = "text/html"
JSON = "application/json"
RESULTS_JSON = "application/sparql-results+json"
RESULTS_XML = "application/sparql-results+xml"
PROBLEM = "application/problem+json"

TRUTHS = {
    RESULTS_JSON: ox.QueryResultsFormat.JSON,
    RESULTS_XML: ox.QueryResultsFormat.XML,
    JSON: ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
ROWS = TRUTHS
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    JSON: ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
# What is plain text keeps its letters by this parameter (RFC 2046, section 4.1.2).
TEXTUAL = ("text/",)


def content_type(media: str) -> str:
    """Return a media type with the parameter that a text needs."""
    return f"{media}; charset=utf-8" if media.startswith(TEXTUAL) else media

"""The canned queries as SPARQL examples, in the form that SIB's tools read.

An example is a `sh:SPARQLExecutable` with its question as `rdfs:comment` and its text,
the prefixes are declared once (SHACL, sections 5.2.1 and 5.2.2); conventions:
https://github.com/sib-swiss/sparql-examples. Nodes are named by the graph they stand
in, so that the graph is the same at any address of the publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF, RDFS, SCHEMA, SH, SPARQL_EXAMPLES, XSD
from glokal.dataset.canned_queries import CannedQuery

# The last part of the name of the graph that holds them.
EXAMPLES_GRAPH = "sparql-examples"


def example_iri(graphs: str, slug: str) -> str:
    """Return the IRI of a question as an example; `graphs` begins graphs' names."""
    return f"{graphs}{EXAMPLES_GRAPH}#{slug}"


def example_triples(
    queries: Iterable[CannedQuery],
    prefixes: Mapping[str, str],
    graphs: str,
    endpoint: str = "",
) -> Iterator[ox.Triple]:
    """Yield the examples and the prefixes that they are written with.

    `endpoint` is where they are to be asked, "" where nobody knows.
    """
    declared = example_iri(graphs, "prefixes")
    yield _link(declared, RDF + "type", OWL + "Ontology")
    yield from _prefixes(declared, prefixes)
    for query in queries:
        node = example_iri(graphs, query.slug)
        for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
            yield _link(node, RDF + "type", SH + kind)
        for lang, text in sorted(query.summary.items()):
            yield _value(node, RDFS + "comment", ox.Literal(text, language=lang))
        yield _value(node, SH + "select", ox.Literal(_without_header(query.text)))
        yield _link(node, SH + "prefixes", declared)
        if query.service:
            yield _link(node, SPARQL_EXAMPLES + "federatesWith", query.service)
        if endpoint:
            yield _link(node, SCHEMA + "target", endpoint)


def _prefixes(declared: str, prefixes: Mapping[str, str]) -> Iterator[ox.Triple]:
    for prefix, namespace in sorted(prefixes.items()):
        one = f"{declared.removesuffix('prefixes')}prefix-{prefix}"
        address = ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI"))
        yield _link(declared, SH + "declare", one)
        yield _value(one, SH + "prefix", ox.Literal(prefix))
        yield _value(one, SH + "namespace", address)


def _without_header(text: str) -> str:
    """Return a query without the lines of its header, which say what stands beside."""
    lines = text.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+"))


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return _value(subject, predicate, ox.NamedNode(value))


def _value(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)

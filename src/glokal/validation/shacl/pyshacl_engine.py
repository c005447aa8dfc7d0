"""The second opinion on SHACL: pySHACL on RDFLib.

RDFLib would fetch what SERVICE and FROM name, so a query with them is refused here, and
the process that runs this has no network (`glokal.validation.shacl.engine_process`).
Queries are read by `glokal.sparql` and printed anew for RDFLib. Files are parsed by
pyoxigraph; RDFLib's parsers, which fetch contexts and entities, are never used.

Both take a second to import, so this module is imported only when it is asked.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from glokal.core.errors import SourceError
from glokal.sparql.prepare import parse
from glokal.sparql.printer import print_query

# RDFLib tells of each ill-typed literal; the report does that.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


# What FROM names is never fetched, whoever asks.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


class OutsideError(Exception):
    """A query would leave the data graph: by SERVICE, which RDFLib fetches, or FROM."""


@cache
def _prepare(text: str, prefixes: frozenset[tuple[str, str]]) -> Query:
    declared = "".join(f"PREFIX {p}: <{ns}>\n" for p, ns in sorted(prefixes))
    try:
        query = parse(declared + text).query
    except SourceError as error:
        # The place would be that in a text that nobody wrote.
        raise ValueError(shorten(error.what, 180, placeholder=" …")) from error
    if query.dataset:
        raise OutsideError("a query with FROM would leave the data graph")
    if query.services:
        raise OutsideError("a query with SERVICE would leave the data graph")
    # RDFLib reads what was read here, and not what somebody wrote.
    return prepareQuery(print_query(query))


class PreparedGraph(rdflib.Graph):
    """A graph that reads each query text once.

    pySHACL asks the same few queries about each focus node, and RDFLib spends most of
    its time on reading them again.
    """

    prefixes: frozenset[tuple[str, str]] = frozenset()

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Answer a query; the prefixes are its own and those that shapes declare."""
        if isinstance(query_object, str):
            query_object = _prepare(query_object, self.prefixes)
        return super().query(query_object, *args, **kwargs)

    def namespaces(self) -> Any:
        """Return no prefixes: the text of a prepared query needs none."""
        return iter(())


def validation_report(data: Path, shapes: Path) -> str:
    """Return the validation report of a data graph, all three in N-Triples.

    The report has no messages of the shapes.
    """
    data_graph, shapes_graph = PreparedGraph(), rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _read(data, data_graph)
        _read(shapes, shapes_graph)
        data_graph.prefixes = frozenset(
            (
                str(shapes_graph.value(declared, rdflib.SH.prefix)),
                str(shapes_graph.value(declared, rdflib.SH.namespace)),
            )
            for declared in shapes_graph.objects(None, rdflib.SH.declare)
        )
        # pySHACL puts values into messages as patterns, and fails on a backslash.
        shapes_graph.remove((None, rdflib.SH.message, None))
        _conforms, result, _text = pyshacl.validate(
            data_graph, shacl_graph=shapes_graph, advanced=False, inplace=True
        )
    if not isinstance(result, rdflib.Graph):
        raise TypeError(getattr(result, "message", "it gave no report"))
    return str(result.serialize(format="nt"))


def _read(path: Path, graph: rdflib.Graph) -> None:
    # RDFLib's own parser would give the blank nodes new names.
    for triple in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
        graph.add(
            (_term(triple.subject), _term(triple.predicate), _term(triple.object))
        )


def _term(term: object) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    kind = term.datatype.value
    if term.language or kind == str(rdflib.XSD.string):
        # For RDFLib "x" and "x"^^xsd:string are two literals; RDF 1.1 has the first.
        return rdflib.Literal(term.value, lang=term.language)
    # As it is written: RDFLib would rewrite "2011-01-01"^^xsd:dateTime and its like.
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(kind), normalize=False)

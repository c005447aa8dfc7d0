"""The one way to write Turtle, by docs/style.md.

`format_turtle` writes a text again with its comments; `write_turtle` writes a graph.
Both sort, so that the order of the input, the names of blank nodes and the platform
make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.rdf.blank_node_depth import refuse_depth
from glokal.rdf.source_files import parse_turtle
from glokal.rdf.terms import has_blank_node
from glokal.rdf.turtle.graph_to_tree import tree_of
from glokal.rdf.turtle.parser import parse_tree
from glokal.rdf.turtle.printer import print_document
from glokal.rdf.turtle.tree import Document

# Where the files of a folder stand that has no address: deep enough for any `../`.
_NOWHERE = "x-glokal-nowhere://x/" + "d/" * 40


def format_turtle(text: str, file: str) -> str:
    """Return a Turtle text in the one way of writing it.

    Relative IRIs stay as they are written, with the @base that stands before them all.
    Raises SourceError for a syntax error, or when the result would mean another graph.
    """
    try:
        written = print_document(parse_tree(text, file, _NOWHERE))
    except RecursionError as error:
        raise SourceError(
            "Something is nested too deeply.",
            remedy="give what is nested names of its own.",
            place=Place(file),
        ) from error
    before, _ = parse_turtle(text, file, _NOWHERE)
    after, _ = parse_turtle(written, file, _NOWHERE)
    same = same_graph(before, after, file)
    if _NOWHERE in written:
        raise SourceError(
            "A relative @base stands behind statements, and the file has no address.",
            remedy="write that base in full, or put it first.",
            place=Place(file),
        )
    if not same:
        raise SourceError(
            "Formatting would change the meaning, so nothing was written.",
            remedy="report this file as a fault in Glokal.",
            place=Place(file),
        )
    return written


def write_turtle(
    triples: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    numbers: Iterator[int] | None = None,
) -> str:
    """Return a graph as Turtle with those of the prefixes that it uses.

    `numbers` are those that are free for labels of blank nodes, where the text stands
    in one file with others; from 1 unless given.
    """
    statements = tree_of(triples)
    return print_document(Document(dict(prefixes), statements, [], []), numbers)


def same_graph(
    first: Iterable[ox.Triple], second: Iterable[ox.Triple], file: str
) -> bool:
    """Whether triples are those of one graph, whatever its blank nodes are called.

    Only blank nodes need RDFC-1.0; without any, the triples are compared as they are.
    Raises SourceError, with the name of the file, for deep nesting.
    """
    one, other = set(first), set(second)
    for triples in (one, other):
        refuse_depth(triples, file)
    if one == other:
        return True
    named = not any(map(has_blank_node, one)) or not any(map(has_blank_node, other))
    return not named and _canonical(one) == _canonical(other)


def _canonical(triples: Iterable[ox.Triple]) -> set[str]:
    dataset = ox.Dataset(
        ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}

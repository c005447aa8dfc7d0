"""Source files made of a few lines of Turtle, for tests that need no project."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import GLO, STANDARD_PREFIXES
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile

ID = "https://example.org/id/"
PREFIXES = {**STANDARD_PREFIXES, "glo": GLO, "id": ID}


def iri(name: str) -> ox.NamedNode:
    """Return the IRI of a name with a prefix, such as glo:Report."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def triples(text: str) -> tuple[ox.Triple, ...]:
    """Return the triples of a text that need not declare its prefixes."""
    head = "".join(f"@prefix {p}: <{ns}> .\n" for p, ns in PREFIXES.items())
    read = ox.parse(input=head + text, format=ox.RdfFormat.TURTLE)
    return tuple(quad.triple for quad in read)


def source_file(
    text: str, kind: str = STRATEGY, name: str = "data/strategy/x.ttl"
) -> SourceFile:
    """Return a file of a kind that was read and lies nowhere."""
    return SourceFile(name, Path(name), f"{ID}graph", kind, triples(text), PREFIXES)

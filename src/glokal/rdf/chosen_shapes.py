"""Shapes without those that a publication has no use for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox

from glokal.core.namespaces import SHAPE
from glokal.rdf.source_files import SourceFile

# What only Norwegian numbers fit, and what Norwegian and Swedish ones do.
_NORWEGIAN = (
    "Organisation-organisationNumber-modulus11",
    "Organisation-organisationNumber-pattern",
)
_NORDIC = (
    "County-countyNumber-pattern",
    "Municipality-municipalityNumber-county",
    "Municipality-municipalityNumber-pattern",
)


def of_country(files: Sequence[SourceFile], country: str) -> tuple[SourceFile, ...]:
    """Return shapes without those on numbers that another country's don't fit.

    The country has three letters; "" is none in particular, and takes Norway's.
    """
    match country:
        case "" | "NOR":
            return tuple(files)
        case "SWE":
            return without(files, _NORWEGIAN)
        case _:
            return without(files, (*_NORWEGIAN, *_NORDIC))


def without(
    files: Iterable[SourceFile], names: Iterable[str]
) -> tuple[SourceFile, ...]:
    """Return shapes without those of some names, and what stands in them alone."""
    left_out = frozenset(ox.NamedNode(SHAPE + name) for name in names)
    return tuple(replace(f, triples=tuple(_others(f.triples, left_out))) for f in files)


def _others(
    triples: Iterable[ox.Triple], left_out: frozenset[ox.NamedNode]
) -> Iterator[ox.Triple]:
    kept = tuple(triples)
    gone: set[object] = set(left_out)
    while (
        inside := {
            t.object
            for t in kept
            if t.subject in gone and isinstance(t.object, ox.BlankNode)
        }
        - gone
    ):
        gone |= inside
    return (t for t in kept if t.subject not in gone and t.object not in gone)

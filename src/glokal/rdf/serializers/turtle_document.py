"""The Turtle dump, which reads as if somebody had written it.

In the order of `ordering.in_parts`, each part under its heading, each subject in one
block by docs/style.md; the prefixes of the whole stand first, and only those in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.rdf.serializers.ordering import in_parts
from glokal.rdf.turtle.formatter import write_turtle


def readable_turtle(
    triples: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    things: str,
    head: Iterable[str] = (),
) -> str:
    """Return a graph as Turtle; the lines of `head` become comments at the top."""
    used: set[str] = set()
    blocks = []
    for part in in_parts(triples, things):
        lines = write_turtle(part.triples, prefixes).split("\n")
        body = next(
            (n for n, line in enumerate(lines) if not line.startswith("@prefix ")), 0
        )
        used.update(lines[:body])
        text = "\n".join(lines[body:]).strip("\n")
        blocks.append(f"# {part.heading}\n\n{text}" if part.heading else text)
    comments = [f"# {line}".rstrip() for line in head]
    top = "\n".join([*comments, *([""] if comments else []), *_by_prefix(used)])
    return "\n\n".join(x for x in (top, *blocks) if x) + "\n"


def _by_prefix(lines: Iterable[str]) -> list[str]:
    return sorted(lines, key=lambda line: line.partition(":")[0])

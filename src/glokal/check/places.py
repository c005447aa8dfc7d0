"""Finding the line and column of what a check found.

Places are looked up only for what was found, so that a clean run pays nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.check.finding import Finding
from glokal.errors import Place
from glokal.rdf.locate import locate
from glokal.rdf.sources import SourceFile, read_text
from glokal.rdf.terms import text_of


def find_places(
    findings: Iterable[Finding], files: Iterable[SourceFile]
) -> list[Finding]:
    """Return the findings with the place of the triple, or of the subject's block."""
    known = list(files)
    return [
        f if f.place or not f.focus else dataclasses.replace(f, place=_place(f, known))
        for f in findings
    ]


def _place(finding: Finding, files: list[SourceFile]) -> Place | None:
    best: tuple[int, SourceFile, ox.Triple] | None = None
    for file in files:
        for triple in file.triples:
            if text_of(triple.subject) != finding.focus:
                continue
            fits = (triple.predicate.value == finding.path) * 2 + (
                bool(finding.value) and text_of(triple.object) == finding.value
            )
            if best is None or fits > best[0]:
                best = fits, file, triple
    if best is None:
        return None
    fits, file, triple = best
    text = read_text(file.path, file.name)
    if fits >= 2:
        return locate(text, file.name, triple)
    return locate(text, file.name, triple.subject)

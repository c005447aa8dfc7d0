"""owl:imports of shapes: followed among the files given, told where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place, UsageError
from glokal.core.namespaces import OWL, RDF
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.finding import Finding, Severity, make_finding

_IMPORTS, _TYPE = OWL + "imports", RDF + "type"


def read_imports(given: Iterable[str]) -> dict[str, Path]:
    """Return the files that --import IRI=FILE names, by IRI; UsageError for no such."""
    results: dict[str, Path] = {}
    for text in given:
        # An IRI may hold an equals sign; the last one counts.
        iri, sign, file = text.rpartition("=")
        if not sign or not iri or not Path(file).is_file():
            raise UsageError(
                f"--import {text} names no file for an IRI.",
                remedy="write --import IRI=FILE, with a file that exists.",
            )
        results[iri] = Path(file)
    return results


def wanted(files: Iterable[SourceFile], known: Mapping[str, Path]) -> list[Path]:
    """Return the files behind the imports of shapes that `known` has, each once."""
    named = (text_of(t.object) for t in _imports(files))
    return list(dict.fromkeys(known[iri] for iri in named if iri in known))


def not_followed(
    files: Sequence[SourceFile], known: Mapping[str, Path]
) -> Iterator[Finding]:
    """Yield a note for each import that no given file is or describes."""
    here = {file.base or file.path.resolve().as_uri() for file in files}
    here |= {
        text_of(t.subject)
        for file in files
        for t in file.triples
        if t.predicate.value == _TYPE and text_of(t.object) == OWL + "Ontology"
    }
    for file in files:
        locator = Locator(file)
        for t in _imports([file]):
            iri = text_of(t.object)
            if iri not in here and iri not in known:
                place = _place(locator, t)
                payload = Path(iri).name if iri.startswith("file:") else iri
                yield make_finding(
                    "shacl",
                    "import-not-followed",
                    severity=Severity.INFO,
                    place=place,
                    iri=payload,
                )


def _imports(files: Iterable[SourceFile]) -> Iterator[ox.Triple]:
    for file in files:
        for t in file.triples:
            if t.predicate.value == _IMPORTS:
                yield t


def _place(locator: Locator, triple: ox.Triple) -> Place:
    for p in locator.mentioning({_subject(triple)}):
        if p.triple == triple:
            return p.value
    return Place(locator.file.name)


def _subject(triple: ox.Triple) -> ox.NamedNode | ox.BlankNode:
    assert not isinstance(triple.subject, ox.Triple)
    return triple.subject

"""Which triples of the strategy are statements, what each is called, where it may rest.

A statement is a triple of the strategy that the source makes: every triple but those of
`unsourced_properties.toml`, and those that say that a subject area isn't stated. Its
IRI is `{things}statement/{digest}`, where the digest is the SHA-256, in hexadecimal, of
the triple as a line of canonical N-Triples
(https://www.w3.org/TR/n-triples/#canonical-ntriples), without the line end, in UTF-8.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.namespaces import CODE, GLO, STANDARD_PREFIXES
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.documents import Source, language_of

# The kind of things that statements are, in their IRIs.
STATEMENT = "statement"
SUPPORT = (GLO + "statedIn", GLO + "affirmedIn")
# The common code of what a table without subject areas lists: the source is silent.
AREA_NOT_STATED = CODE + "subject-area/not-stated"


@dataclass(frozen=True)
class Ours:
    """A property of the strategy's files that needs no passage, and why, by language.

    `term` is its IRI, "" for the rule on translations.
    """

    term: str
    reason: Mapping[str, str]


@dataclass(frozen=True)
class SourceStatement:
    """A triple that the source makes, with the file and the passages of its subject."""

    triple: ox.Triple
    file: str
    passages: tuple[str, ...]


@cache
def ours() -> tuple[Ours, ...]:
    """Return what is ours, as `unsourced_properties.toml` lists it."""
    file = resources.files("glokal.source").joinpath("unsourced_properties.toml")
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    results = []
    for entry in listed["property"]:
        prefix, _, name = entry.pop("term").partition(":")
        results.append(Ours(STANDARD_PREFIXES[prefix] + name, entry))
    return (*results, Ours("", listed["translations"]))


def canonical_line(triple: ox.Triple) -> str:
    """Return a triple as a line of canonical N-Triples, without the line end."""
    data = ox.serialize([triple], format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode().rstrip("\n")


def statement_iri(triple: ox.Triple, things: str) -> str:
    """Return the name of the statement that a triple makes."""
    digest = hashlib.sha256(canonical_line(triple).encode()).hexdigest()
    return f"{things}{STATEMENT}/{digest}"


def read_statements(
    files: Iterable[SourceFile], source: Source
) -> tuple[SourceStatement, ...]:
    """Return the statements of the strategy's files, each once, in their order."""
    strategy = [f for f in files if f.kind == STRATEGY]
    support: dict[str, set[str]] = defaultdict(set)
    for file in strategy:
        for t in file.triples:
            if t.predicate.value in SUPPORT:
                support[text_of(t.subject)].add(text_of(t.object))
    results: dict[ox.Triple, SourceStatement] = {}
    for file in strategy:
        for t in _made_by_the_source(file, source):
            passages = source.in_order(support.get(text_of(t.subject), ()))
            results.setdefault(t, SourceStatement(t, file.name, passages))
    return tuple(results.values())


def _made_by_the_source(file: SourceFile, source: Source) -> Iterator[ox.Triple]:
    ignored = {entry.term for entry in ours()}
    for t in file.triples:
        if not isinstance(t.subject, ox.NamedNode) or isinstance(t.object, ox.Triple):
            # What has no name has none that lasts; the hygiene rules refuse it.
            continue
        if t.subject.value in source.own or t.predicate.value in ignored:
            continue
        if text_of(t.object) == AREA_NOT_STATED:
            continue
        language = language_of(t.object)
        if not language or not source.languages or language in source.languages:
            yield t

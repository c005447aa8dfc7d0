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
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import pyoxigraph as ox

from glokal.core.namespaces import CODE, GLO, STANDARD_PREFIXES
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.documents import Source, language_of
from glokal.source.shared_values import SharedValues

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


class SourceStatements(Collection[SourceStatement]):
    """The statements of the strategy's files, each once, in their order.

    They are read from the files whenever they are asked for: there may be as many as
    there are triples. What is kept is of each thing the passages that it rests on.
    """

    def __init__(self, files: Iterable[SourceFile], source: Source) -> None:
        self._files = [f for f in files if f.kind == STRATEGY]
        self._source = source
        self._support = SharedValues({})
        # What is said of these stands in several places, so that it may be repeated.
        self._scattered: set[str] = set()
        for file in self._files:
            before: object = None
            for t in file.triples:
                if t.subject != before:
                    before, subject = t.subject, text_of(t.subject)
                    if subject in self._support:
                        self._scattered.add(subject)
                    self._support.setdefault(subject, ())
                if t.predicate.value in SUPPORT:
                    self._support.add(subject, text_of(t.object))
        ordered: dict[tuple[str, ...], tuple[str, ...]] = {}
        for subject, passages in self._support.items():
            if passages:
                key = tuple(passages)
                if key not in ordered:
                    ordered[key] = source.in_order(key)
                self._support[subject] = ordered[key]
        self._support.finish()

    def __iter__(self) -> Iterator[SourceStatement]:
        scattered: set[ox.Triple] = set()
        for file in self._files:
            before: object = None
            for t in _made_by_the_source(file, self._source):
                if t.subject != before:
                    before, subject = t.subject, text_of(t.subject)
                    passages = tuple(self._support[subject])
                    # What is said of a thing in one place is repeated only there.
                    known = scattered if subject in self._scattered else set()
                if t not in known:
                    known.add(t)
                    yield SourceStatement(t, file.name, passages)

    def passages(self, subject: str) -> tuple[str, ...]:
        """Return the passages that a thing rests on, in the order of the text."""
        return tuple(self._support[subject])

    @property
    def at_most(self) -> int:
        """How many triples the files have, of which some are statements."""
        return sum(len(file.triples) for file in self._files)

    @cached_property
    def _number(self) -> int:
        return sum(1 for _ in self)

    def __len__(self) -> int:
        return self._number

    def __contains__(self, statement: object) -> bool:
        return any(own == statement for own in self)


def _made_by_the_source(file: SourceFile, source: Source) -> Iterator[ox.Triple]:
    ignored = {entry.term for entry in ours()}
    for t in file.triples:
        if not isinstance(t.subject, ox.NamedNode) or isinstance(t.object, ox.Triple):
            # What has no name has none that lasts; the hygiene rules refuse it.
            continue
        if t.predicate.value in ignored or t.subject.value in source.own:
            continue
        if text_of(t.object) == AREA_NOT_STATED:
            continue
        language = language_of(t.object)
        if not language or not source.languages or language in source.languages:
            yield t

"""What a project knows already: things by name, and what rests on which passage."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.reanchor import letters_of

_NAMES = {
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
}
_FIRST_NAMES = (RDFS + "label", SKOS + "prefLabel")
_STATED = {GLO + "statedIn", GLO + "affirmedIn"}
SUBJECT_AREA = GLO + "SubjectArea"


@dataclass(frozen=True)
class Kind:
    """A class that a person may choose: the part of IRIs, the file, its sheets."""

    name: str
    path: str
    file: str
    sheets: tuple[str, ...]

    @property
    def iri(self) -> str:
        """Return the IRI of the class."""
        return GLO + self.name


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the classes that rows may be of, by their names in the ontology."""
    return {
        name: Kind(name, of["path"], of["file"], tuple(of["sheets"]))
        for name, of in _words()["kinds"].items()
    }


def drafting_words(language: str) -> Mapping[str, Any]:
    """Return the words of a language; of one that isn't known, none."""
    empty: dict[str, Any] = {
        "authority": "",
        "twinning": "",
        "kinds": {},
        "columns": {},
    }
    lists = ("rows", "generic", "counties", "member", "of", "where", "and", "partners")
    said = ("not", "except", "consists", "cooperation", "between")
    more = ("means", "explains", "twins", "is", "wide")
    state = ("unsettled", "becoming", "going_on", "since", "relative", "article")
    names = ("verb", "occasions", "the_municipality", "joins")
    told = (*lists, "everyone", "nobody", "nothing", *said, *more, *state, *names)
    empty |= dict.fromkeys(told, ())
    known: Mapping[str, Any] = _words()["languages"].get(language, {})
    return empty | dict(known)


def drafting_languages() -> tuple[str, ...]:
    """Return the languages that drafting has words of."""
    return tuple(_words()["languages"])


def belonging(kind: Kind, path: str) -> str:
    """Return the property by which a thing of a kind belongs to one of another path.

    "" when there is none.
    """
    of: Mapping[str, Mapping[str, str]] = _words()["belongs"]
    own = of.get(kind.name, {}).get(path, "")
    return own or of.get(kind.path, {}).get(path, "")


def needs(kind: Kind) -> str:
    """Return the part of IRIs of what a thing of a kind must belong to, "" for none."""
    return str(_words()["needs"].get(kind.name, ""))


@dataclass(frozen=True)
class Named:
    """A programme that many plans name: its name there, the slugs of its spheres.

    That of a `family` has a longer name where a word with a capital stands behind it.
    """

    name: str
    sphere: tuple[str, ...]
    family: bool = False


@cache
def well_known_programmes() -> tuple[Named, ...]:
    """Return the programmes that many plans name."""
    return tuple(
        Named(name, tuple(of["sphere"]), of.get("family", False))
        for of in _words()["programmes"]
        for name in of["names"]
    )


def written_as_prose() -> frozenset[str]:
    """Return the classes of elements that may be a sentence under their heading."""
    return frozenset(_words()["prose"]["kinds"])


@cache
def _words() -> Mapping[str, Any]:
    file = resources.files("glokal.source").joinpath("draft_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


class KnownThings:
    """The things of a project. Names are compared by their letters and figures."""

    def __init__(self, files: Iterable[SourceFile], things: str) -> None:
        self.things = things
        self.triples: set[ox.Triple] = set()
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._types: dict[str, set[str]] = defaultdict(set)
        self._resting: dict[str, set[str]] = defaultdict(set)
        self._said: dict[str, list[ox.Triple]] = defaultdict(list)
        for file in files:
            self.triples.update(file.triples)
        self.add(self.triples)

    def add(self, triples: Collection[ox.Triple]) -> None:
        """Take up triples, so that what they describe is known."""
        self.triples |= set(triples)
        for t in triples:
            iri = text_of(t.subject)
            self._said[iri].append(t)
            if t.predicate.value == RDF + "type":
                self._types[iri].add(text_of(t.object))
            elif t.predicate.value in _STATED:
                self._resting[text_of(t.object)].add(iri)
        for t in triples:
            if t.predicate.value in _NAMES:
                self._name(text_of(t.subject), text_of(t.object))

    def forget(self, triple: ox.Triple) -> None:
        """Leave out a triple that rests on a passage, or a quotation."""
        iri = text_of(triple.subject)
        self.triples.discard(triple)
        self._said[iri] = [t for t in self._said[iri] if t != triple]
        self._resting[text_of(triple.object)].discard(iri)

    def named(self, path: str, name: str) -> str:
        """Return the thing of a kind that has a name, "" for none and for several.

        Of several, the one that is called so first of all is meant. `path` is the part
        of IRIs that tells kinds apart, or the class of a code.
        """
        found = self._by_name.get((path, letters_of(name)), ())
        return _only(found) or _only([i for i in found if self._is_first(i, name)])

    def _is_first(self, iri: str, name: str) -> bool:
        return any(
            letters_of(text_of(t.object)) == letters_of(name)
            for prop in _FIRST_NAMES
            for t in self.values(iri, prop)
        )

    def is_known(self, iri: str) -> bool:
        """Whether something says what it is."""
        return iri in self._types

    def count(self, kind: str) -> int:
        """Return how many things are said to be of a class."""
        return sum(kind in types for types in self._types.values())

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing is said to be of that very class."""
        return kind in self._types.get(iri, ())

    def resting_on(self, passage: str, paths: Collection[str]) -> list[str]:
        """Return what of some kinds rests on a passage, sorted."""
        return sorted(
            iri for iri in self._resting.get(passage, ()) if self.path_of(iri) in paths
        )

    def is_rested_on(self, passage: str) -> bool:
        """Whether anything rests on a passage."""
        return bool(self._resting.get(passage))

    def path_of(self, iri: str) -> str:
        """Return the part of an IRI that tells the kind, "" for another's IRI."""
        if not iri.startswith(self.things):
            return ""
        return iri.removeprefix(self.things).partition("/")[0]

    def of_path(self, path: str) -> list[str]:
        """Return the things of a kind that are named, sorted."""
        found = {
            iri for (of, _), iris in self._by_name.items() if of == path for iri in iris
        }
        return sorted(found)

    def values(self, iri: str, prop: str) -> list[ox.Triple]:
        """Return what a property says of a thing."""
        return [t for t in self._said.get(iri, ()) if t.predicate.value == prop]

    def all_of(self, iri: str) -> list[ox.Triple]:
        """Return all that is said of a thing."""
        return list(self._said.get(iri, ()))

    def names_of(self, iri: str) -> dict[str, str]:
        """Return what a thing is called, by the column of a name in that language."""
        return {
            f"name_{t.object.language}": t.object.value
            for t in self.values(iri, RDFS + "label")
            if isinstance(t.object, ox.Literal) and t.object.language
        }

    def names_in(self, path: str, text: str) -> list[str]:
        """Return the things of a kind whose name stands in a text, longest first."""
        letters = letters_of(text)
        found = {
            iris[0]: name
            for (of, name), iris in self._by_name.items()
            if of == path and len(name) > 2 and name in letters
        }
        return sorted(found, key=lambda iri: (-len(found[iri]), iri))

    def _name(self, iri: str, name: str) -> None:
        path = self.path_of(iri)
        for of in (path, *self._types.get(iri, ())) if path else self._types[iri]:
            iris = self._by_name[of, letters_of(name)]
            if iri not in iris:
                iris.append(iri)


def _only(iris: Collection[str]) -> str:
    return next(iter(iris)) if len(iris) == 1 else ""

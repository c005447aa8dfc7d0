"""The files of a project as they are in the editor, and what they say of each term."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import GlokalError, Place
from glokal.core.languages import nearest
from glokal.core.namespaces import GLO, OWL, RDF, RDFS, SH, SKOS
from glokal.dataset.labels import LABEL_PROPERTIES
from glokal.rdf.rdf_folder import list_rdf_files
from glokal.rdf.source_files import TURTLE_ENDING, SourceFile, parse_turtle, read_text
from glokal.rdf.terms import literal_in, text_of
from glokal.rdf.turtle.source_map import Locator

_DEFINITIONS = (SKOS + "definition", RDFS + "comment", SKOS + "scopeNote")
_EXAMPLES = (SKOS + "example",)
_MOST_NEAR = 3


@dataclass
class Described:
    """What is said of a thing: labels, definitions, examples, classes."""

    labels: list[ox.Literal] = field(default_factory=list)
    definitions: list[ox.Literal] = field(default_factory=list)
    examples: list[ox.Literal] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)

    def label(self, lang: str) -> str:
        """Return the label in a language or one near it, "" without any."""
        found = literal_in(self.labels, *nearest(lang))
        return found.value if found else ""

    def definition(self, lang: str) -> str:
        """Return the definition in a language or one near it, "" without any."""
        found = literal_in(self.definitions, *nearest(lang))
        return found.value if found else ""

    def example(self, lang: str) -> str:
        """Return an example in a language or one near it, "" without any."""
        found = literal_in(self.examples, *nearest(lang))
        return found.value if found else ""

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return bool({OWL + "Class", RDFS + "Class"} & set(self.classes))

    @property
    def is_property(self) -> bool:
        """Whether it is a property."""
        return any(name.endswith("Property") for name in self.classes)


@dataclass
class OpenFile:
    """A file: what was read of it last, and the copy that has the editor's text."""

    source: SourceFile
    described: dict[str, Described]


class ProjectGraph:
    """The Turtle files that belong together; one that is open is as the editor has it.

    Copies of what the editor has and the disk has not stand in `folder`, where places
    are looked up.
    """

    def __init__(self, files: Iterable[SourceFile], folder: Path) -> None:
        self._folder = folder
        self.files: dict[Path, OpenFile] = {}
        for file in files:
            path = file.path.resolve()
            self.files[path] = OpenFile(file, _describe(file.triples))

    def update(self, path: Path, text: str) -> tuple[list[ox.Triple], list[ox.Triple]]:
        """Take a text for a file; return the triples that are gone, and the new ones.

        Raises SourceError with its place when the text is no Turtle; then all stays.
        """
        path = path.resolve()
        base = path.as_uri()
        triples, prefixes = parse_turtle(text, str(path), base)
        copy = self._folder / f"open-{abs(hash(path)):x}.ttl"
        copy.write_text(text, encoding="utf-8", newline="")
        before = self.files.get(path)
        old = set(before.source.triples) if before else set()
        kind = before.source.kind if before else "data"
        name = before.source.name if before else str(path)
        graph = before.source.graph if before else ""
        source = SourceFile(
            name, copy, graph, kind, tuple(triples), prefixes, ".ttl", base
        )
        self.files[path] = OpenFile(source, _describe(triples))
        new = set(triples)
        others = [f for p, f in self.files.items() if p != path]
        gone = [t for t in old - new if not any(t in f.source.triples for f in others)]
        return gone, list(new - old)

    def of_kind(self, *, shapes: bool) -> list[SourceFile]:
        """Return the files of the shapes, or all others."""
        return [
            file.source
            for file in self.files.values()
            if (file.source.kind == "shapes") == shapes
        ]

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of all files."""
        return {
            prefix: namespace
            for file in self.files.values()
            for prefix, namespace in file.source.prefixes.items()
        }

    def described(self, iri: str) -> Described | None:
        """Return what all files say of a thing, None when none does."""
        found = [f.described[iri] for f in self.files.values() if iri in f.described]
        if not found:
            return None
        return Described(
            [x for d in found for x in d.labels],
            [x for d in found for x in d.definitions],
            [x for d in found for x in d.examples],
            [x for d in found for x in d.classes],
        )

    def places(self, iri: str) -> Iterator[tuple[Path, Place]]:
        """Yield where statements about a thing begin, with the file itself."""
        for path, file in self.files.items():
            if iri in file.described:
                place = Locator(file.source).subject(iri)
                if place is not None:
                    yield path, place

    def names_in(self, namespace: str) -> list[str]:
        """Return the IRIs of what is described in a namespace, in their order."""
        return sorted(
            {
                iri
                for file in self.files.values()
                for iri in file.described
                if iri.startswith(namespace) and "/" not in iri[len(namespace) :]
            }
        )

    def near(self, iri: str) -> list[str]:
        """Return what is described and looks like an IRI that is not."""
        namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        ours = {name[len(namespace) :]: name for name in self.names_in(namespace)}
        close = difflib.get_close_matches(
            iri[len(namespace) :], ours, n=_MOST_NEAR, cutoff=0.7
        )
        return [ours[name] for name in close]

    def is_misspelt(self, iri: str) -> bool:
        """Whether nothing describes an IRI, in a namespace where others are."""
        namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        if any(iri in file.described for file in self.files.values()):
            return False
        return namespace == GLO or bool(self.near(iri))


def _describe(triples: Iterable[ox.Triple]) -> dict[str, Described]:
    results: dict[str, Described] = {}
    for t in triples:
        if not isinstance(t.subject, ox.NamedNode):
            continue
        own = results.setdefault(t.subject.value, Described())
        name, value = t.predicate.value, t.object
        if name == RDF + "type":
            own.classes.append(text_of(value))
        elif isinstance(value, ox.Literal):
            if name in LABEL_PROPERTIES:
                own.labels.append(value)
            elif name in _DEFINITIONS:
                own.definitions.append(value)
            elif name in _EXAMPLES:
                own.examples.append(value)
    return results


def turtle_files(folder: Path) -> Iterator[SourceFile]:
    """Yield the Turtle files below a folder that can be read.

    Those that hold shapes are of the kind `shapes`.
    """
    for found in list_rdf_files(folder).files:
        if found.path.suffix != TURTLE_ENDING:
            continue
        try:
            text = read_text(found.path, found.name)
            base = found.path.resolve().as_uri()
            triples, prefixes = parse_turtle(text, found.name, base)
        except GlokalError:
            continue
        kind = "shapes" if any(map(_is_of_shapes, triples)) else "data"
        yield SourceFile(
            found.name, found.path, "", kind, tuple(triples), prefixes, "", base
        )


def _is_of_shapes(t: ox.Triple) -> bool:
    if t.predicate.value.startswith(SH + "target"):
        return True
    return text_of(t.object) in (SH + "NodeShape", SH + "PropertyShape")

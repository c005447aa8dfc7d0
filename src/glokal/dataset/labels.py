"""Names and types of things: their labels by language, their classes and wider
classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

import pyoxigraph as ox

from glokal.core.languages import nearest
from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import literal_in, text_of

# A passage is called by where it stands.
LABEL_PROPERTIES = (RDFS + "label", SKOS + "prefLabel", GLO + "citation")


class Labels:
    """The labels of everything in a set of files, or of some things."""

    def __init__(
        self, files: Iterable[SourceFile], *, of: Collection[str] | None = None
    ) -> None:
        """Read the files; with `of`, only the labels of what has one of these IRIs."""
        labels: dict[str, list[ox.Literal]] = defaultdict(list)
        for file in files:
            for t in file.triples:
                if (label := label_in(t)) is not None:
                    iri = text_of(t.subject)
                    if of is None or iri in of:
                        labels[iri].append(label)
        self._of: Callable[[str], Iterable[ox.Literal]] = lambda iri: labels.get(
            iri, ()
        )

    @classmethod
    def looked_up(cls, look: Callable[[str], Iterable[ox.Literal]]) -> Labels:
        """Return the labels that `look` finds of an IRI whenever it is asked for."""
        labels = cls(())
        labels._of = look
        return labels

    def literal(self, iri: str, lang: str) -> ox.Literal | None:
        """Return the label in a language or the nearest one, None without any."""
        return literal_in(self._of(iri), *nearest(lang))

    def of(self, iri: str, lang: str) -> str:
        """Return the text of the label, the end of the IRI when there is none."""
        label = self.literal(iri, lang)
        return label.value if label else iri.rstrip("/#").rpartition("/")[2]

    def in_language(self, iri: str, lang: str) -> ox.Literal | None:
        """Return the label in exactly that language."""
        results = [x for x in self._of(iri) if x.language == lang]
        return results[0] if results else None


def label_in(triple: ox.Triple) -> ox.Literal | None:
    """Return the label that a triple gives, None when it says something else."""
    if triple.predicate.value in LABEL_PROPERTIES:
        value = triple.object
        return value if isinstance(value, ox.Literal) else None
    return None


class ThingTypes:
    """The classes of the things in some triples, as they are stated."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._types: dict[str, set[str]] = {}
        self._above: dict[str, set[str]] = {}
        for t in triples:
            if t.predicate.value == RDF + "type":
                self._types.setdefault(text_of(t.subject), set()).add(text_of(t.object))
            elif t.predicate.value == RDFS + "subClassOf":
                self._above.setdefault(text_of(t.subject), set()).add(text_of(t.object))

    def alike(self, one: str, other: str) -> bool:
        """Whether two things have a class in common, or the second has none."""
        wanted = set(self._classes(other))
        return not wanted or not wanted.isdisjoint(self._classes(one))

    def has(self, thing: str, kind: str) -> bool:
        """Whether a thing has a class, or a narrower one."""
        return kind in self._classes(thing)

    def _classes(self, thing: str) -> Iterator[str]:
        seen: set[str] = set()
        ahead = [*self._types.get(thing, ())]
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                yield name
                ahead += self._above.get(name, ())

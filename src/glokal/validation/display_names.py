"""What things are called in a report: a label, then the name as it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH, STANDARD_PREFIXES
from glokal.dataset.labels import Labels
from glokal.rdf.terms import Term, literal_in, shorten
from glokal.validation.finding import Name
from glokal.validation.property_path import ShaclPath, ValuesBySubject

LONGEST = 60
_UNNAMED = {"nb": "uten navn", "nn": "utan namn", "sv": "utan namn", "en": "unnamed"}
_QUOTES = {"nb": "«»", "nn": "«»", "sv": "””", "en": "“”"}
_MARKS = {"inversePath": "^", "zeroOrMorePath": "*", "oneOrMorePath": "+"}


class DisplayNames:
    """The names of everything that a report may speak of, in one language."""

    def __init__(
        self,
        labels: Labels,
        prefixes: Mapping[str, str],
        shapes: ValuesBySubject,
        lang: str,
    ) -> None:
        self.lang = lang
        self._labels = labels
        self._prefixes = {**STANDARD_PREFIXES, **prefixes}
        self._shapes = shapes

    def thing(self, term: Term | None) -> Name:
        """Return the name of a node, or of a value as it is written."""
        if term is None:
            return Name()
        if isinstance(term, ox.BlankNode):
            return self._name(written=f"[ … ] ({_UNNAMED[self.lang]})")
        if isinstance(term, ox.Literal):
            return self._name(_short(term.value), self._kind(term))
        label = self._labels.literal(term.value, self.lang)
        written = self.written(term.value)
        known = _read("terms.toml").get(written, {}).get(self.lang, "")
        return self._name(_short(label.value) if label else str(known), written)

    def _name(self, label: str = "", written: str = "") -> Name:
        return Name(label, written, _QUOTES[self.lang])

    def owner(self, shape: Term | None) -> ox.NamedNode | None:
        """Return a shape, or the named one that it stands in; None without any."""
        if isinstance(shape, ox.BlankNode):
            holder = self._holders.get(shape)
            seen = {shape}
            while isinstance(holder, ox.BlankNode) and holder not in seen:
                seen.add(holder)
                holder = self._holders.get(holder)
            shape = holder
        return shape if isinstance(shape, ox.NamedNode) else None

    @cached_property
    def _holders(self) -> dict[Term, Term]:
        return {
            value: node
            for node, details in self._shapes.items()
            for values in details.values()
            for value in values
            if isinstance(value, ox.BlankNode)
        }

    def rule(self, rule: str) -> Name:
        """Return the name of a rule, which is an IRI or a word."""
        return Name(written=self.written(rule) if "://" in rule else rule)

    def written(self, iri: str) -> str:
        """Return an IRI as a prefixed name, or in angle brackets."""
        short = shorten(iri, self._prefixes)
        return f"<{iri}>" if short == iri else short

    def path(self, iri: str, shape: Term | None, path: ShaclPath | None) -> Name:
        """Return the name of a property, or of the path that a shape describes.

        A name that the shape gives it (sh:name) comes before the property's label.
        """
        label = ""
        if shape is not None:
            given = self._shapes.get(shape, {}).get(SH + "name", ())
            literal = literal_in(given, self.lang, "nb", "", "en")
            label = literal.value if literal else ""
        if iri:
            name = self.thing(ox.NamedNode(iri))
            return self._name(label or name.label, name.written)
        return self._name(label, self._path(path) if path is not None else "")

    def _path(self, path: ShaclPath) -> str:
        """Return a path as SPARQL writes it (SPARQL 1.1, section 9)."""
        parts = [self._path(part) for part in path.parts]
        match path.kind:
            case "property":
                return self.written(path.iri)
            case "inversePath":
                return f"^{parts[0]}"
            case "sequence":
                return " / ".join(parts)
            case "alternativePath":
                return f"({' | '.join(parts)})"
            case "zeroOrOnePath":
                return f"({parts[0]})?"
            case _:
                return f"({parts[0]}){_MARKS[path.kind]}"

    def shape(self, shape: Term) -> str:
        """Return what a shape is called, "" when it has no name in words."""
        details = self._shapes.get(shape, {})
        for word in (SH + "name", SH + "description"):
            literal = literal_in(details.get(word, ()), self.lang, "nb", "", "en")
            if literal:
                return literal.value
        if isinstance(shape, ox.NamedNode):
            return str(self.thing(shape))
        return ""

    def datatype(self, iri: str) -> tuple[str, str]:
        """Return a datatype in words, and how a value of it is written in Turtle."""
        known = _read("datatypes.toml").get(iri.rpartition("#")[2])
        if known is None:
            return self.written(iri), f'"…"^^{self.written(iri)}'
        return str(known[self.lang]), str(known["form"])

    def _kind(self, value: ox.Literal) -> str:
        if value.datatype.value == RDF + "langString":
            return f"@{value.language}"
        iri = value.datatype.value
        known = _read("datatypes.toml").get(iri.rpartition("#")[2])
        return str(known["short"][self.lang]) if known else self.written(iri)


@cache
def _read(name: str) -> dict[str, dict[str, Any]]:
    file = resources.files("glokal.validation").joinpath(name)
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    # White space at the ends is often the fault, so it must be seen.
    one_line = "␣" * text[:1].isspace() + one_line + "␣" * text[-1:].isspace()
    return one_line if len(one_line) <= LONGEST else one_line[: LONGEST - 1] + "…"

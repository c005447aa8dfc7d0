"""How terms are spelled in Turtle, and the order that they stand in (docs/style.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from glokal.core.namespaces import RDF, RDFS, SKOS, XSD
from glokal.rdf.terms import Term

_FIRST = [
    RDF + "type",
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "definition",
    SKOS + "example",
    SKOS + "scopeNote",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
]
_LAST = RDFS + "isDefinedBy"
_LANGUAGES = ["nb", "nn", "en", "sv", "sma"]
_NATIVE = {
    XSD + "integer": r"[+-]?[0-9]+",
    XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    XSD + "double": r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+",
    XSD + "boolean": r"true|false",
}
_LOCAL = re.compile(r"(?:\w|[\w][\w.-]*[\w-])", re.ASCII)


class Spelling:
    """Spells terms with prefixes, and remembers which prefixes it used."""

    def __init__(
        self,
        prefixes: Mapping[str, str],
        labels: Mapping[Term, str],
        relative: Mapping[str, str] | None = None,
    ) -> None:
        # The longest namespace first, so that the closest prefix is taken.
        self._prefixes = sorted(prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        self._labels = labels
        self._written: dict[str, str] = dict(relative or {})
        self.used: dict[str, str] = {}

    def predicate(self, term: ox.NamedNode) -> str:
        """Return a predicate as it is written."""
        return "a" if term.value == RDF + "type" else self.term(term)

    def term(self, term: Term) -> str:
        """Return a term that nothing is nested in as it is written."""
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if isinstance(term, ox.BlankNode):
            return f"_:{self._labels[term]}" if term in self._labels else "[]"
        if language := term.language:
            return f"{_quoted(term.value)}@{language}"
        datatype = term.datatype.value
        native = _NATIVE.get(datatype)
        if native and re.fullmatch(native, term.value):
            return term.value
        text = _quoted(term.value)
        if datatype == XSD + "string":
            return text
        return f"{text}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        if iri not in self._written:
            self._written[iri] = self._shortened(iri)
        return self._written[iri]

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._prefixes:
            if namespace and iri.startswith(namespace):
                local = iri[len(namespace) :]
                if not local or _LOCAL.fullmatch(local):
                    self.used[prefix] = namespace
                    return f"{prefix}:{local}"
        return f"<{iri}>"


def predicate_rank(predicate: str) -> tuple[int, str]:
    """Return what sorts the predicates of a block."""
    if predicate in _FIRST:
        return _FIRST.index(predicate), ""
    return (len(_FIRST) + 1 if predicate == _LAST else len(_FIRST)), predicate


def object_rank(term: Term) -> tuple[int, int]:
    """Return what sorts the objects of a predicate, before their text does."""
    if not isinstance(term, ox.Literal):
        return 0 if isinstance(term, ox.NamedNode) else 1, 0
    if term.language in _LANGUAGES:
        return 2, _LANGUAGES.index(term.language or "")
    return (3 if term.language else 4), 0


def _quoted(text: str) -> str:
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    escaped = re.sub(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04X}", escaped
    )
    if "\n" not in text:
        escaped = escaped.replace('"', '\\"').replace("\t", "\\t")
        return f'"{escaped}"'
    escaped = re.sub(r'"(?="")|"$', '\\"', escaped.replace('"""', '\\"\\"\\"'))
    return f'"""{escaped}"""'

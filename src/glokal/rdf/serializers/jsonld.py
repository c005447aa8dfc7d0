"""JSON-LD 1.1 with a context that a person can read (https://www.w3.org/TR/json-ld11/).

A property is a short word when all its values are alike: links, dates, or texts by
language. Each literal keeps the form in which it was written.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF, RDFS, SKOS, XSD
from glokal.rdf.serializers.engine_output import Keep
from glokal.rdf.serializers.ordering import Part, in_parts
from glokal.rdf.terms import Term, shorten, text_of

_LINK, _TEXTS, _STRING, _MIXED = "@id", "@language", "@string", "@mixed"
_LANGUAGES = ("nb", "nn", "en", "sma")
_NAMES = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "definition")


def readable_jsonld(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str], things: str
) -> str:
    """Return a graph as JSON-LD, in the order of the Turtle."""
    ordered = list(dict.fromkeys(triples))
    parts = in_parts(ordered, things)
    return b"".join(jsonld_of_parts(ordered, parts, prefixes)).decode()


def jsonld_of_parts(
    triples: Iterable[ox.Triple],
    parts: Iterable[Part],
    prefixes: Mapping[str, str],
    keep: Keep = list,
) -> Iterator[bytes]:
    """Yield a graph, given as its triples and in parts, as JSON-LD.

    No two parts share a blank node. `keep` keeps the nodes until the context is known,
    which stands before them.
    """
    writer = _Writer(triples, prefixes)
    nodes = keep(_nodes(writer, parts))
    # As one document with the indent of one would be, which holds all nodes at once.
    head = _dumped({"@context": writer.context()}).removesuffix("\n}")
    yield head.encode() + b',\n "@graph": ['
    yield from nodes
    yield b"\n ]\n}\n" if writer.wrote else b"]\n}\n"


def _nodes(writer: _Writer, parts: Iterable[Part]) -> Iterator[bytes]:
    for part in parts:
        for node in writer.nodes(part.triples):
            text = ("," if writer.wrote else "") + "\n" + _dumped(node)
            writer.wrote = True
            yield text.replace("\n", "\n  ").encode()


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


class _Writer:
    def __init__(
        self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]
    ) -> None:
        self.prefixes = prefixes
        self.used: set[str] = set()
        forms: dict[str, set[str]] = defaultdict(set)
        for t in triples:
            forms[t.predicate.value].add(_form(_term(t.object)))
        self.forms = {
            p: result.pop() if len(result) == 1 else _MIXED
            for p, result in forms.items()
        }
        self.words = self._words(sorted(set(self.forms) - {RDF + "type"}))
        # Whether there is a node at all.
        self.wrote = False
        self._begin(())

    def _begin(self, triples: Iterable[ox.Triple]) -> None:
        """Take the triples that are written next."""
        self.shortened: dict[str, str] = {}
        self.about: dict[Term, dict[str, list[Term]]] = defaultdict(dict)
        self.uses: Counter[Term] = Counter()
        self.written: set[Term] = set()
        for t in triples:
            subject, value = _term(t.subject), _term(t.object)
            self.about[subject].setdefault(t.predicate.value, []).append(value)
            self.uses[value] += isinstance(value, ox.BlankNode)

    def nodes(self, triples: Iterable[ox.Triple]) -> Iterator[dict[str, Any]]:
        """Yield the nodes of some triples, those that nest in no other."""
        self._begin(triples)
        subjects = list(self.about)
        for subject in [s for s in subjects if not self._nests(s)]:
            yield self._node(subject)
        for subject in subjects:
            if subject not in self.written:
                # A ring of blank nodes has no root; one of them gets a label.
                self.uses[subject] += 1
                yield self._node(subject)

    def _words(self, predicates: list[str]) -> dict[str, str]:
        """Return a word for each property: its local name where that is clear."""
        names = {p: _local(p) for p in predicates}
        # The project's own words go before others of the same name.
        taken = {
            names[p]: p for p in sorted(predicates, key=lambda p: p.startswith(GLO))
        }
        counted = Counter(names.values())
        return {
            p: name
            if re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII)
            and name not in self.prefixes
            and (counted[name] == 1 or (p.startswith(GLO) and taken[name] == p))
            else shorten(p, self.prefixes)
            for p, name in names.items()
        }

    def context(self) -> dict[str, Any]:
        """Return the context of all nodes that have been written."""
        terms: dict[str, Any] = {}
        for predicate, word in sorted(self.words.items(), key=lambda w: w[1]):
            iri = self._short(predicate)
            form = self.forms[predicate]
            if form in (_STRING, _MIXED):
                terms[word] = iri if word != iri else {"@id": iri}
            elif form == _TEXTS:
                terms[word] = {"@id": iri, "@container": "@language"}
            else:
                kind = form if form == _LINK else self._short(form)
                terms[word] = {"@id": iri, "@type": kind}
        known = {p: ns for p, ns in sorted(self.prefixes.items()) if p in self.used}
        return {"@version": 1.1, "@vocab": GLO, **known, **terms}

    def _node(self, subject: Term) -> dict[str, Any]:
        self.written.add(subject)
        node: dict[str, Any] = {}
        if isinstance(subject, ox.NamedNode):
            node["@id"] = self._short(subject.value)
        elif self.uses[subject] and not self._nests(subject):
            node["@id"] = f"_:{subject.value}"
        details = self.about.get(subject, {})
        if RDF + "type" in details:
            node["@type"] = _one([self._class(v) for v in details[RDF + "type"]])
        for predicate in sorted(set(details) - {RDF + "type"}, key=self._rank):
            values = details[predicate]
            if self.forms[predicate] == _TEXTS:
                node[self.words[predicate]] = _by_language(values)
            else:
                form = self.forms[predicate]
                node[self.words[predicate]] = _one(
                    [self._value(v, form) for v in values]
                )
        return node

    def _value(self, value: Term, form: str) -> Any:
        if isinstance(value, ox.NamedNode):
            name = self._short(value.value)
            return name if form == _LINK else {"@id": name}
        if isinstance(value, ox.BlankNode):
            members = self._members(value)
            if members is not None:
                return {"@list": [self._value(m, _MIXED) for m in members]}
            if self._nests(value) and value not in self.written:
                return self._node(value)
            return {"@id": f"_:{value.value}"}
        if form not in (_MIXED, _TEXTS):
            return value.value
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype.value == XSD + "string":
            return {"@value": value.value}
        return {"@value": value.value, "@type": self._short(value.datatype.value)}

    def _members(self, cell: Term) -> list[Term] | None:
        """Return the members of a list; None when a node only looks like one."""
        members, cells = [], []
        while text_of(cell) != RDF + "nil":
            details = self.about.get(cell, {})
            whole = set(details) == {RDF + "first", RDF + "rest"} and self._nests(cell)
            if not whole or cell in cells or any(len(v) > 1 for v in details.values()):
                return None
            members.append(details[RDF + "first"][0])
            cells.append(cell)
            cell = details[RDF + "rest"][0]
        self.written.update(cells)
        return members

    def _nests(self, term: Term) -> bool:
        return isinstance(term, ox.BlankNode) and self.uses[term] == 1

    def _class(self, term: Term) -> str:
        if isinstance(term, ox.BlankNode):
            return f"_:{term.value}"
        local = text_of(term).removeprefix(GLO)
        plain = re.fullmatch(r"[A-Z]\w*", local, re.ASCII) and text_of(term) != local
        return local if plain else self._short(text_of(term))

    def _rank(self, predicate: str) -> tuple[int, str]:
        first = _NAMES.index(predicate) if predicate in _NAMES else len(_NAMES)
        return first, self.words[predicate]

    def _short(self, iri: str) -> str:
        if iri not in self.shortened:
            short = self.shortened[iri] = shorten(iri, self.prefixes)
            if short != iri:
                self.used.add(short.partition(":")[0])
        return self.shortened[iri]


def _form(value: Term) -> str:
    if isinstance(value, ox.NamedNode):
        return _LINK
    if isinstance(value, ox.BlankNode):
        return _MIXED
    if value.language:
        return _TEXTS
    datatype = value.datatype.value
    return _STRING if datatype == XSD + "string" else datatype


def _by_language(values: list[Term]) -> dict[str, Any]:
    texts: dict[str, list[str]] = defaultdict(list)
    for value in values:
        assert isinstance(value, ox.Literal)
        texts[value.language or ""].append(value.value)
    ordered = sorted(texts, key=lambda x: (_language_rank(x), x))
    return {language: _one(texts[language]) for language in ordered}


def _language_rank(language: str) -> int:
    return _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def _term(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term

"""What follows about a thing, with its premises and the axiom by which it follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import RDF
from glokal.dataset.derivations import derivation_triples, statement_triples
from glokal.rdf.terms import text_of
from glokal.reasoning.explanation import Axiom, Explanation
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

_INVERSE = "inverseOf"


@dataclass(frozen=True)
class Premise:
    """A statement that another follows from, in words."""

    subject: Value
    label: str
    value: Value


@dataclass(frozen=True)
class InferredValue:
    """A value that follows, from what, and by which axiom; "" where none is known."""

    value: Value
    premises: tuple[Premise, ...]
    axiom: str


@dataclass(frozen=True)
class InferredFact:
    """A property in words, and the values of it that follow."""

    label: str
    values: tuple[InferredValue, ...]


class Reasons:
    """The explanations of what is inferred, in words."""

    def __init__(
        self,
        view: GraphView,
        inferred: Iterable[ox.Triple],
        explanations: Mapping[ox.Triple, Explanation],
    ) -> None:
        self._view = view
        self._explanations = explanations
        # What explains another and is no statement of the graph only helps the
        # reasoner; a reader is told what it follows from itself.
        self._helping = set(explanations)
        if explanations:
            self._helping.difference_update(inferred)
        self._about: dict[str, dict[ox.Triple, None]] = defaultdict(dict)
        for conclusion, explanation in explanations.items():
            for triple in (conclusion, *explanation.premises):
                self._about[text_of(triple.subject)][triple] = None

    def facts(
        self, triples: Iterable[ox.Triple], lang: str, words: Mapping[str, Any]
    ) -> tuple[InferredFact, ...]:
        """Return inferred triples as properties in words, values with their reasons.

        Not those that say a statement again from its other end: a reader has it.
        """
        view = self._view
        by_property: dict[str, list[InferredValue]] = defaultdict(list)
        for t in triples:
            found = self._explanations.get(t)
            if found and _kind(found.axiom) == _INVERSE:
                continue
            by_property[t.predicate.value].append(
                InferredValue(
                    view.cell(t.object, lang),
                    tuple(self._premise(p, lang) for p in self._premises(t)),
                    self._axiom(found.axiom, lang, words) if found else "",
                )
            )
        facts = [
            InferredFact(
                view.term(prop, lang),
                tuple(sorted(values, key=lambda v: sort_key(v.value.text, lang))),
            )
            for prop, values in by_property.items()
        ]
        return tuple(sorted(facts, key=lambda f: sort_key(f.label, lang)))

    def triples(self, subject: str) -> list[ox.Triple]:
        """Return the nodes of what follows about a subject, and their premises.

        With them come those of its statements from which something else follows.
        """
        about = self._about.get(subject, {})
        found = {t: self._explanations[t] for t in about if t in self._explanations}
        things = self._view.base
        nodes = derivation_triples(found, things)
        nodes += [t for s in about for t in statement_triples(s, things)]
        return list(dict.fromkeys(nodes))

    def _premises(self, triple: ox.Triple) -> Iterator[ox.Triple]:
        found = self._explanations.get(triple)
        for premise in found.premises if found else ():
            if premise in self._helping:
                yield from self._premises(premise)
            else:
                yield premise

    def _premise(self, triple: ox.Triple, lang: str) -> Premise:
        view = self._view
        is_a = triple.predicate.value == RDF + "type"
        return Premise(
            view.link(text_of(triple.subject), lang),
            view.term(triple.predicate.value, lang),
            Value(view.term(text_of(triple.object), lang))
            if is_a
            else view.cell(triple.object, lang),
        )

    def _axiom(self, axiom: Axiom, lang: str, words: Mapping[str, Any]) -> str:
        text: str = words["axioms"][_kind(axiom)]
        return text.format(term=self._view.term(axiom.term, lang))


def _kind(axiom: Axiom) -> str:
    return axiom.kind.replace("#", "/").rpartition("/")[2]

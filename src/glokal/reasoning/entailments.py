"""What reasoning gives: what follows, or why nothing sound can follow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.errors import FindingsError, ToolError
from glokal.core.namespaces import OWL, RDF


@dataclass(frozen=True)
class Entailments:
    """What follows from a graph and does not stand in it."""

    inferred: Collection[ox.Triple]
    seconds: float
    cached: bool


class InconsistentError(FindingsError):
    """The graph contradicts itself."""

    def __init__(self, explanation: tuple[str, ...]) -> None:
        super().__init__(
            "; ".join(explanation) + ".",
            remedy="correct one of the statements that clash.",
        )
        self.explanation = explanation


class UnsatisfiableError(FindingsError):
    """A class can have no member."""

    def __init__(self, classes: tuple[str, ...]) -> None:
        super().__init__(
            f"No thing can be a {', nor a '.join(classes)}.",
            remedy="correct the axioms of the class in ontology/axioms.ttl.",
        )
        self.classes = classes


class NoVerdictError(ToolError):
    """The reasoner ended without saying whether the graph is consistent."""

    def __init__(self, how: str, *, remedy: str) -> None:
        super().__init__(f"The reasoner ended without a verdict: {how}.", remedy=remedy)


def of_interest(triple: ox.Triple, namespaces: tuple[str, ...]) -> bool:
    """Whether a triple gives a named thing a class or a relation of the namespaces."""
    subject, value = triple.subject, triple.object
    if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
        return False
    if triple.predicate.value != RDF + "type" and subject == value:
        # A relation to oneself only helps the reasoner.
        return False
    telling = value if triple.predicate.value == RDF + "type" else triple.predicate
    return telling.value.startswith(namespaces) and not telling.value.startswith(OWL)

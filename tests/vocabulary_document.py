"""Write docs/vocabulary.md from the links and the rules of the ontology.

`python -m tests.vocabulary_document` rewrites what stands between the marks of the
document; `tests/test_standard_words.py` compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from glokal.core.settings import load_project
from glokal.dataset.standard_words import read_rules

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "vocabulary.md"
START, END = "<!-- terms -->\n", "<!-- /terms -->\n"
GLO = Namespace("https://w3id.org/glokal/def#")
RELATIONS = {
    RDFS.subClassOf: "superclass",
    RDFS.subPropertyOf: "superproperty",
    SKOS.narrowMatch: "part of ours",
    SKOS.broadMatch: "wider",
    SKOS.closeMatch: "close",
    SKOS.relatedMatch: "related",
}
KINDS = {
    "Classes": (OWL.Class,),
    "Properties": (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty),
}


def ontology() -> Graph:
    """Return the ontology with its links, read by rdflib."""
    graph = Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(path)
    return graph


def links(graph: Graph, term: URIRef) -> list[tuple[str, URIRef]]:
    """Return how a term is tied to terms of other vocabularies: relation and term."""
    return [
        (RELATIONS[relation], other)
        for relation in RELATIONS
        for other in sorted(graph.objects(term, relation), key=str)
        if isinstance(other, URIRef) and not other.startswith(GLO)
    ]


def nearest(graph: Graph, term: URIRef) -> tuple[URIRef, list[tuple[str, URIRef]]]:
    """Return the links of a term, or else of the nearest own term above that has any.

    The first is the term that has them; without any it is the term itself.
    """
    level = [term]
    while level:
        for each in level:
            if links(graph, each) or str(why(graph, each)):
                return each, links(graph, each)
        level = sorted(
            {
                above
                for each in level
                for p in (RDFS.subClassOf, RDFS.subPropertyOf)
                for above in graph.objects(each, p)
                if isinstance(above, URIRef) and above.startswith(GLO)
            },
            key=str,
        )
    return term, []


def why(graph: Graph, term: URIRef) -> Literal:
    """Return why a term is tied to others as it is, or to none, in English."""
    notes = graph.objects(term, SKOS.editorialNote)
    found = [n for n in notes if isinstance(n, Literal) and n.language == "en"]
    return found[0] if found else Literal("")


def terms(graph: Graph, kinds: tuple[URIRef, ...]) -> list[URIRef]:
    """Return the own terms of some kinds, sorted."""
    found = {t for kind in kinds for t in graph.subjects(RDF.type, kind)}
    return sorted(
        (t for t in found if isinstance(t, URIRef) and t.startswith(GLO)), key=str
    )


def _rows(graph: Graph, kinds: tuple[URIRef, ...]) -> Iterator[str]:
    for term in terms(graph, kinds):
        source, found = nearest(graph, term)
        name = term.removeprefix(GLO)
        through = f"Through `{source.removeprefix(GLO)}`. " if source != term else ""
        others = (
            "<br>".join(f"`{_short(graph, other)}`" for _, other in found) or "none"
        )
        relations = "<br>".join(relation for relation, _ in found)
        yield f"| `{name}` | {others} | {relations} | {through}{why(graph, source)} |"


def _short(graph: Graph, iri: URIRef) -> str:
    prefix, _, name = graph.compute_qname(iri)
    known = {"s66": "eurio", "m8g": "cv"}
    return (
        f"{known.get(prefix, prefix)}:{name}" if not prefix[2:].isdigit() else str(iri)
    )


def reference() -> str:
    """Return the tables of terms and of rules."""
    graph = ontology()
    lines: list[str] = []
    for title, kinds in KINDS.items():
        lines += [f"## {title}", "", "| ours | standard | relation | why |"]
        lines += ["|---|---|---|---|", *_rows(graph, kinds), ""]
    lines += ["## Rules", "", "| rule | does |", "|---|---|"]
    lines += [
        f"| [`{rule.name}`](../ontology/{rule.name}.rq) | {rule.purpose} |"
        for rule in read_rules(load_project(ROOT))
    ]
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the document with the tables as they are now."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")

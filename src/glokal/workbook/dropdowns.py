"""The lists that cells are chosen from, by what the shapes ask of a property."""

from __future__ import annotations

from collections import defaultdict

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO, RDF, RDFS, SH
from glokal.dataset.labels import Labels
from glokal.dataset.stale import instances
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_common_codes
from glokal.rdf.terms import text_of

KINDS, THINGS = "kinds:", "things:"


def dropdown_choices(name: str, workspace: Workspace, lang: str) -> dict[str, str]:
    """Return the labels and IRIs that a list offers, labels that are alike told apart.

    `name` is a property of the ontology, whose values the shapes hold to a class; or
    `kinds:` and a class, for that class and those below it that are in use; or
    `things:` and a class, for what is of it.
    """
    files = (*workspace.files, *read_common_codes(workspace.project))
    labels = Labels(files)
    if name.startswith(KINDS):
        result = _kinds(GLO + name.removeprefix(KINDS), workspace)
    elif name.startswith(THINGS):
        result = [*instances(workspace.files, GLO + name.removeprefix(THINGS))]
    else:
        result = [
            iri
            for kind in _classes(GLO + name, workspace)
            for iri in instances(files, kind)
        ]
    by_label: dict[str, list[str]] = defaultdict(list)
    for iri in dict.fromkeys(result):
        by_label[labels.of(iri, lang)].append(iri)
    fields = {
        label if len(iris) == 1 else f"{label} ({iri.rpartition('/')[2]})": iri
        for label, iris in by_label.items()
        for iri in iris
    }
    return dict(sorted(fields.items(), key=lambda pair: sort_key(pair[0], lang)))


def _classes(path: str, workspace: Workspace) -> list[str]:
    """Return the classes that the shapes ask of the values of a property."""
    shapes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in workspace.shapes:
        for t in file.triples:
            shapes[text_of(t.subject)][t.predicate.value].append(text_of(t.object))
    return sorted(
        {
            kind
            for details in shapes.values()
            if path in details.get(SH + "path", ())
            for kind in details.get(SH + "class", ())
        }
    )


def _kinds(top: str, workspace: Workspace) -> list[str]:
    """Return a class, and those below it that things are said to be of."""
    triples = [t for file in workspace.files for t in file.triples]
    used = {text_of(t.object) for t in triples if t.predicate.value == RDF + "type"}
    above: dict[str, set[str]] = defaultdict(set)
    for t in triples:
        if t.predicate.value == RDFS + "subClassOf":
            above[text_of(t.subject)].add(text_of(t.object))
    results = {top}
    while more := {iri for iri, over in above.items() if over & results} - results:
        results |= more
    return [top, *sorted((results - {top}) & used)]

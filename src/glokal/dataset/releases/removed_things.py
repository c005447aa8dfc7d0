"""Things that an edition has published and the graph no longer has.

Nobody has to declare them: the editions tell. What has come instead of one stands in
`editions/replaced.ttl`, as `<old> dcterms:isReplacedBy <new>`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.namespaces import DCTERMS, OWL, RDF, XSD
from glokal.core.settings import Project
from glokal.dataset.labels import LABEL_PROPERTIES
from glokal.dataset.releases.edition_records import EDITIONS
from glokal.dataset.releases.record import read_editions
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import folder_of
from glokal.rdf.source_files import read_text
from glokal.rdf.terms import text_of
from glokal.source.provenance import StatementNode

REPLACED = f"{EDITIONS}/replaced.ttl"
# What a statement was is its name, in a way.
_PARTS = tuple(RDF + part for part in ("subject", "predicate", "object"))
_KEPT = (*LABEL_PROPERTIES, RDF + "type", *_PARTS)
_Said = tuple[object, object]


@dataclass(frozen=True)
class RemovedThing:
    """A thing that is gone: what the last edition with it called it, and what's next.

    `replaced_by` is an IRI, "" for none.
    """

    iri: str
    version: str
    date: datetime.date
    said: tuple[ox.Triple, ...]
    replaced_by: str

    def triples(self) -> list[ox.Triple]:
        """Return what its document says: names, kinds, and that it is retired."""
        node = ox.NamedNode(self.iri)
        true = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
        results = [*self.said, ox.Triple(node, ox.NamedNode(OWL + "deprecated"), true)]
        if self.replaced_by:
            instead = ox.NamedNode(DCTERMS + "isReplacedBy")
            results.append(ox.Triple(node, instead, ox.NamedNode(self.replaced_by)))
        return results


def find_removed(workspace: Workspace) -> list[RemovedThing]:
    """Return the retired things by their IRIs.

    Raises SourceError when `editions/replaced.ttl` can't be read, or names a thing that
    isn't retired or one that isn't there.
    """
    project, editions = workspace.project, read_editions(workspace.project)
    # Without editions nothing is retired, and nothing is looked for.
    present = _present(workspace) if editions else set()
    in_standards = ox.NamedNode(workspace.standard_words_graph)
    last: dict[str, RemovedThing] = {}
    for edition in editions:
        properties: dict[str, set[ox.Triple]] = {}
        for quad in edition.read():
            if quad.graph_name == in_standards:
                # Selectors are parts of a passage's document, not things of their own.
                continue
            iri = text_of(quad.subject)
            if iri.startswith(project.things) and iri not in present:
                retained = properties.setdefault(iri, set())
                if quad.predicate.value in _KEPT:
                    retained.add(quad.triple)
        for iri, triples in properties.items():
            ordered = tuple(sorted(triples, key=str))
            last[iri] = RemovedThing(iri, edition.version, edition.date, ordered, "")
    if last:
        _follow_statements(last, workspace.provenance.each_node())
    replaced = _replacements(project)
    for old, (new, place) in replaced.items():
        if old not in last:
            raise SourceError(
                f"{old} is not retired: no edition had it, or the graph has it.",
                remedy="take the line away.",
                place=place,
            )
        if new not in present:
            raise SourceError(
                f"There is no {new} to come instead of it.",
                remedy="name a thing that the graph has.",
                place=place,
            )
        result = last[old]
        last[old] = RemovedThing(old, result.version, result.date, result.said, new)
    return [last[iri] for iri in sorted(last)]


def _present(workspace: Workspace) -> set[str]:
    """Return what the graph describes now, the nodes of statements with it."""
    present = {text_of(t.subject) for f in workspace.files for t in f.triples}
    present.update(node.iri for node in workspace.provenance.each_node())
    present.update(text_of(t.subject) for t in workspace.derivation_triples)
    return present


def _follow_statements(
    last: dict[str, RemovedThing], now: Iterable[StatementNode]
) -> None:
    """Say of each retired statement which one has come instead, where it is clear.

    A statement is named after what it says, so that a changed object makes another one:
    the only one now of the same subject and property.
    """
    of: dict[_Said, list[str]] = defaultdict(list)
    for node in now:
        of[node.triple.subject, node.triple.predicate].append(node.iri)
    for iri, thing in last.items():
        properties = {t.predicate.value: t.object for t in thing.said}
        about = properties.get(RDF + "subject"), properties.get(RDF + "predicate")
        if len(result := of.get(about, [])) == 1:
            last[iri] = replace(thing, replaced_by=result[0])


def recorded_replacements(project: Project) -> dict[str, str]:
    """Return which thing came instead of which, as `editions/replaced.ttl` tells it.

    Raises SourceError when the file can't be read.
    """
    return {old: new for old, (new, _) in _replacements(project).items()}


def _replacements(project: Project) -> Mapping[str, tuple[str, Place]]:
    files = folder_of(project, EDITIONS).of(".ttl")
    path = next((f.path for f in files if f.name == REPLACED), None)
    if path is None:
        return {}
    text = read_text(path, REPLACED)
    try:
        triples = [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise SourceError(
            f"The file can't be read: {error}.",
            remedy="fix the file there.",
            place=Place(REPLACED, error.lineno, error.offset),
        ) from error
    place = Place(REPLACED)
    return {
        text_of(t.subject): (text_of(t.object), place)
        for t in triples
        if t.predicate.value == DCTERMS + "isReplacedBy"
    }

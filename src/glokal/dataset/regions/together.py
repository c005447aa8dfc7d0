"""Several regions as one dataset: a named graph for each member and file.

Besides the members' own graphs there are two: which graphs are whose, and what is the
same. The ontology's graphs are there once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import (
    DCAT,
    DCTERMS,
    ONTOLOGY_GRAPH,
    RDF,
    RDFS,
    STANDARD_PREFIXES,
    VOID,
)
from glokal.core.settings import Project, Regions, load_same_list
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.query_files import load_query
from glokal.dataset.regions.members import MemberGraphs, member_name, read_members
from glokal.dataset.regions.same_things import SameThings, tell_things
from glokal.dataset.values_line import fill_parameter
from glokal.rdf.canonical import canonical_triples

# The names of the two graphs that are made, behind the namespace of the whole's.
MEMBERS, SAME = "members", "same"


@dataclass(frozen=True)
class Together:
    """Several regions at work: the settings of the whole, the graphs, what is one.

    `outdated` are the members whose dump has the ontology in another version, which is
    left out.
    """

    project: Project
    members: tuple[MemberGraphs, ...]
    same: SameThings
    outdated: tuple[str, ...] = ()
    _shared: Mapping[str, Collection[ox.Triple]] = field(
        default_factory=dict, repr=False
    )

    def graphs(self) -> Iterator[tuple[str, Iterable[ox.Triple], bool]]:
        """Yield each named graph, its triples, and whether the default graph has it."""
        for name, triples in self._shared.items():
            yield name, triples, True
        for member in self.members:
            for name, triples in member.own():
                yield name, triples, member.in_default_graph(name)
        yield self.project.graphs + MEMBERS, self._member_triples, True
        yield self.project.graphs + SAME, tuple(self.same.links()), True

    def quads(self) -> Iterator[ox.Quad]:
        """Yield every triple in its named graph."""
        for name, triples, _ in self.graphs():
            graph = ox.NamedNode(name)
            for t in triples:
                yield ox.Quad(t.subject, t.predicate, t.object, graph)

    def owner(self, iri: str) -> MemberGraphs | None:
        """Return the member that has named a thing."""
        number = self.same.told.owner.get(iri)
        return None if number is None else self.members[number]

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that answers are shortened with."""
        return STANDARD_PREFIXES

    @cached_property
    def _member_triples(self) -> Collection[ox.Triple]:
        """Which named graphs are whose, and what each member is called."""
        results = []
        links = ox.NamedNode(self.project.graphs + SAME)
        results.append(_triple(links, RDF + "type", ox.NamedNode(VOID + "Linkset")))
        for member in self.members:
            node = ox.NamedNode(member.iri)
            dataset = ox.NamedNode(DCAT + "Dataset")
            results.append(_triple(node, RDF + "type", dataset))
            for lang in dict.fromkeys(("nb", *self.project.languages)):
                label = ox.Literal(member_name(member, lang), language=lang)
                results.append(_triple(node, RDFS + "label", label))
            for name, _ in member.own():
                if member.in_default_graph(name):
                    graph = ox.NamedNode(name)
                    results.append(_triple(node, DCTERMS + "hasPart", graph))
        return tuple(results)


def open_regions(regions: Regions, built: Mapping[str, Path] | None = None) -> Together:
    """Return several regions at work; raises as `read_members` and the list do.

    `built` are N-Quads of members, by slug, that hold what their folders say.
    """
    confirmed = load_same_list(regions.root)
    members = read_members(regions, built)
    same = SameThings(tell_things(members), confirmed)
    shared, outdated = _shared_graphs(members)
    bases = tuple(m.base for m in members)
    project = replace(regions.project, member_bases=bases)
    return Together(project, members, same, outdated, shared)


def questions_across(project: Project) -> tuple[CannedQuery, ...]:
    """Return the questions that are asked of several regions, by their names.

    They ask by name the two graphs that are made: a member could call one of its own
    such a graph.
    """
    folder = resources.files("glokal.dataset.regions").joinpath("questions")
    paths = [Path(str(file)) for file in folder.iterdir() if file.name.endswith(".rq")]
    return tuple(_asking(load_query(p, p.stem), project) for p in sorted(paths))


def _asking(query: CannedQuery, project: Project) -> CannedQuery:
    text = query.text
    for name in (MEMBERS, SAME):
        graph = ox.NamedNode(project.graphs + name)
        text = fill_parameter(text, name, str(graph))
    return replace(query, text=text)


def _shared_graphs(
    members: Iterable[MemberGraphs],
) -> tuple[Mapping[str, Collection[ox.Triple]], tuple[str, ...]]:
    """Return the ontology's graphs, and the members that have others of that name.

    Folders go before dumps: theirs are those of the Glokal that runs.
    """
    shared: dict[str, Collection[ox.Triple]] = {}
    known: dict[str, list[ox.Triple]] = {}
    outdated = []
    for member in sorted(members, key=lambda m: m.member.project is None):
        others = False
        for name, triples in member.graphs.items():
            if not name.startswith(ONTOLOGY_GRAPH):
                continue
            told = canonical_triples(triples)
            if name not in shared:
                shared[name], known[name] = triples, told
            others = others or known[name] != told
        if others:
            outdated.append(member.member.written)
    return dict(sorted(shared.items())), tuple(outdated)


def _triple(
    subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)

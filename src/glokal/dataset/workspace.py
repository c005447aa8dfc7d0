"""A project at work: its sources read, reasoned over and open to queries, once each."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import cached_property

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import MissingExtraError
from glokal.core.extras import has_extra, install_command
from glokal.core.namespaces import GLO, RDF
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery, load_queries
from glokal.dataset.status import as_of
from glokal.rdf.source_files import (
    SourceFile,
    read_catalogue_shapes,
    read_provenance,
    read_shapes,
    read_sources,
)
from glokal.reasoning.entailments import Entailments
from glokal.reasoning.hermit import MEMORY, TIME_LIMIT, reason_with_hermit
from glokal.reasoning.rules import reason_by_rules
from glokal.reasoning.unsupported_axioms import UncoveredError
from glokal.source.provenance import Provenance, trace
from glokal.source.statements import STATEMENT
from glokal.sparql.store_interface import Store
from glokal.store.embedded import EmbeddedStore
from glokal.store.paging import fetch_triples
from glokal.store.remote import RemoteStore

ALIGNMENTS = "ontology/alignments.ttl"
CODES = "ontology/codes.ttl"
# Joint activities are counted by these: two names are two authorities.
COUNTED = (GLO + "MunicipalAuthority",)


class Workspace:
    """Everything that the commands need of a project, made when it is asked for."""

    def __init__(
        self,
        project: Project,
        day: datetime.date | None = None,
        *,
        remote: RemoteStore | None = None,
    ) -> None:
        """With a day, the default graph is what was true that day (`dataset.status`).

        With a service in `remote`, which holds what was pushed from these sources, the
        stores are views of it; all else is as without.
        """
        self.project = project
        self.day = day
        self.remote = remote

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The ontology and the data, read."""
        files = read_sources(self.project)
        return files if self.day is None else as_of(files, self.day)

    @cached_property
    def shapes(self) -> tuple[SourceFile, ...]:
        """The shapes for the data and the ontology, read."""
        return read_shapes(self.project)

    @cached_property
    def catalogue_shapes(self) -> SourceFile:
        """The shapes for the catalogue, read."""
        return read_catalogue_shapes(self.project)

    @cached_property
    def queries(self) -> tuple[CannedQuery, ...]:
        """The canned queries."""
        return load_queries(self.project)

    @cached_property
    def choices(self) -> tuple[SourceFile, ...]:
        """The files of `data/provenance/`, read."""
        return read_provenance(self.project)

    @cached_property
    def provenance(self) -> Provenance:
        """For each statement of the strategy, the passages that say it."""
        return trace(self.files, self.choices, self.project.things)

    @cached_property
    def provenance_triples(self) -> tuple[ox.Triple, ...]:
        """The graph of the provenance: what stands in `provenance_graph`."""
        return tuple(self.provenance.triples())

    @property
    def provenance_graph(self) -> str:
        """The named graph of the provenance, in no default graph."""
        return self.project.graphs + "provenance/strategy"

    @property
    def inferred_graph(self) -> str:
        """The named graph of what follows from the default graph."""
        return self.project.graphs + "inferred"

    @property
    def reasoned_over(self) -> list[ox.Triple]:
        """What the reasoner is given.

        Links to outside vocabularies stay out of the reasoner's reach (docs/decisions).
        """
        return [
            triple
            for file in self.files
            if file.in_default_graph and file.name != ALIGNMENTS
            for triple in file.triples
        ]

    @cached_property
    def entailments(self) -> Entailments:
        """What follows from the default graph by the ontology's axioms.

        Where HermiT isn't installed the rules work out the same, or raise
        MissingExtraError: they refuse what they can't do (docs/decisions).
        """
        if self.project.reasoner == "rules":
            return self._by_rules()
        if self.lacks_reasoner:
            try:
                return self._by_rules()
            except UncoveredError as error:
                raise MissingExtraError(
                    f"{error.what} HermiT could; it is not installed.",
                    remedy=install_command(["reason"]),
                ) from error
        return reason_with_hermit(
            self.reasoned_over,
            namespaces=(GLO,),
            different=COUNTED,
            time_limit=number_setting("GLOKAL_REASON_SECONDS", TIME_LIMIT),
            megabytes=int(number_setting("GLOKAL_REASON_MEGABYTES", MEMORY)),
            cache=self.project.cache("reason"),
        )

    def _by_rules(self) -> Entailments:
        return reason_by_rules(self.reasoned_over, namespaces=(GLO,), different=COUNTED)

    @property
    def lacks_reasoner(self) -> bool:
        """Whether the reasoner that the project asks for isn't installed."""
        return self.project.reasoner == "hermit" and not has_extra("reason")

    @cached_property
    def inferred(self) -> tuple[ox.Triple, ...]:
        """The inferred triples, sorted."""
        return tuple(sorted(self.entailments.inferred, key=str))

    @cached_property
    def store(self) -> Store:
        """The store with every graph, the inferred one among them."""
        if self.remote is not None:
            return self.remote
        return EmbeddedStore(
            [
                *((f.graph, f.triples, f.in_default_graph) for f in self.files),
                (self.inferred_graph, self.inferred, True),
                (self.provenance_graph, self.provenance_triples, False),
            ]
        )

    @cached_property
    def asserted_store(self) -> Store:
        """The store with the asserted graphs only, for looking at the sources.

        Those of a service are taken from it: what is asked here goes from graph to
        graph by paths, and engines answer that wrongly.
        """
        return EmbeddedStore(
            (file.graph, triples, file.in_default_graph)
            for file, triples in self.asserted_graphs
        )

    @cached_property
    def asserted_graphs(self) -> list[tuple[SourceFile, Collection[ox.Triple]]]:
        """The asserted triples by their files, or as the service holds them."""
        return [(file, self._asserted_in(file)) for file in self.files]

    def _asserted_in(self, file: SourceFile) -> Collection[ox.Triple]:
        if self.remote is None:
            return file.triples
        one = self.remote.seeing((file.graph,), ())
        return list(fetch_triples(one, None, name=f"{one.endpoint} ({file.graph})"))

    @cached_property
    def asserted_service(self) -> RemoteStore | None:
        """The service with the asserted graphs only, merged and each by its name."""
        if self.remote is None:
            return None
        graphs = [file.graph for file in self.files]
        return self.remote.seeing(graphs, graphs)

    def asserted(self) -> list[ox.Triple]:
        """The asserted triples of the default graph, each once, in file order."""
        seen: dict[ox.Triple, None] = {}
        for file in self.files:
            if file.in_default_graph:
                seen.update(dict.fromkeys(file.triples))
        return list(seen)


def all_prefixes(workspace: Workspace) -> dict[str, str]:
    """Return the prefixes that the source files declare, sorted."""
    results: dict[str, str] = {}
    for file in workspace.files:
        results.update(file.prefixes)
    return dict(sorted(results.items()))


def statement_prefixes(workspace: Workspace) -> dict[str, str]:
    """Return the prefixes for the nodes of statements (`glokal.source.provenance`)."""
    return {"rdf": RDF, "statement": f"{workspace.project.things}{STATEMENT}/"}

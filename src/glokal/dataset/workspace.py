"""A project at work: its sources read, reasoned over and open to queries, once each."""

from __future__ import annotations

import copy
import dataclasses
import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

import pyoxigraph as ox

from glokal.core.settings import Project
from glokal.dataset.derivations import derivation_triples
from glokal.dataset.derived_cache import DerivedCache
from glokal.dataset.inferences import explain_inferences, infer, lacks_reasoner
from glokal.dataset.open_words import with_open_words
from glokal.dataset.project_sources import ProjectSources, Triples
from glokal.dataset.standard_words import STANDARD_WORDS, standard_words
from glokal.dataset.table_words import with_table_words
from glokal.dataset.views import (
    IN_STRATEGY,
    REPORTED,
    is_reported,
    view_iri,
    view_names,
)
from glokal.rdf.sorted_graph import distinct_triples
from glokal.rdf.source_files import SourceFile
from glokal.rdf.spooled_triples import JoinedTriples, TripleHolder
from glokal.reasoning.entailments import Entailments
from glokal.reasoning.explanation import Explanation
from glokal.sparql.store_interface import Store
from glokal.store.embedded import EmbeddedStore
from glokal.store.paging import fetch_triples
from glokal.store.remote import RemoteStore

ALIGNMENTS = "ontology/alignments.ttl"
CODES = "ontology/codes.ttl"


class Workspace(ProjectSources):
    """Everything that the commands need of a project, made when it is asked for."""

    def __init__(
        self,
        project: Project,
        day: datetime.date | None = None,
        *,
        view: str = IN_STRATEGY,
        remote: RemoteStore | None = None,
    ) -> None:
        """The default graph is a view, or what was true on a day (`dataset.views`).

        With a service in `remote`, which holds what was pushed from these sources, the
        stores are views of it; all else is as without.
        """
        super().__init__(project, day, view=view)
        self.remote = remote

    @cached_property
    def reported(self) -> Workspace | None:
        """The project in the view of what was reported; None when nothing was."""
        if not is_reported(self.files, self.project.modified):
            return None
        result = Workspace(self.project, view=REPORTED)
        # The sources are read once.
        result.__dict__.update(files=self.files, rules=self.rules)
        return result

    def worded(self) -> Workspace:
        """Return the same, with the words of the pages as its documents have them."""
        project = with_table_words(with_open_words(self.project), self.files)
        if project is self.project:
            return self
        result = copy.copy(self)
        result.project = project
        # Of the other view only what is slow to find is kept.
        reported = result.__dict__.pop("reported", None)
        if reported is not None:
            result.__dict__["reported"] = reported.worded()
        return result

    @property
    def view_graph(self) -> str:
        """The name of the view, as a default graph."""
        return view_iri(self.project.graphs, self.view)

    @cached_property
    def view_triples(self) -> Triples:
        """The default graph: what is asserted, what follows, and the standards' words.

        Each triple is there once.
        """
        parts = (self.asserted(), self.inferred, self.standard_words)
        return distinct_triples(parts)

    @cached_property
    def provenance_triples(self) -> Triples:
        """The graph of the provenance: what stands in `provenance_graph`."""
        return self._made.keep(self.provenance.triples())

    @property
    def provenance_graph(self) -> str:
        """The named graph of the provenance, in no default graph."""
        return self.project.graphs + "provenance/strategy"

    @property
    def derivation_graph(self) -> str:
        """The named graph of why what is inferred follows, in no default graph."""
        return self.project.graphs + "provenance/inferred"

    @property
    def beside_graphs(self) -> tuple[tuple[str, Triples], ...]:
        """The named graphs of statements, with what stands in them."""
        return (
            (self.provenance_graph, self.provenance_triples),
            (self.derivation_graph, self.derivation_triples),
        )

    @property
    def named_graphs(self) -> Iterator[tuple[str, Triples]]:
        """Every named graph with its triples: asserted, derived, and of statements."""
        yield from ((file.graph, file.triples) for file in self.files)
        yield from self.derived_graphs
        yield from self.beside_graphs

    @property
    def inferred_graph(self) -> str:
        """The named graph of what follows from the default graph."""
        return self.project.graphs + "inferred"

    @property
    def standard_words_graph(self) -> str:
        """The named graph of what the standards' words say, in the default graph."""
        return self.project.graphs + STANDARD_WORDS

    @cached_property
    def standard_words(self) -> Triples:
        """What the default graph says in the standards' words, sorted.

        It is made of what follows; nothing follows from it (docs/decisions/0070).
        """
        given = JoinedTriples((*(f.triples for f in self.seen), self.inferred))
        return standard_words(given, self.rules)

    @property
    def derived_graphs(self) -> tuple[tuple[str, Triples], ...]:
        """The named graphs of the default graph that no file says."""
        return (
            (self.inferred_graph, self.inferred),
            (self.standard_words_graph, self.standard_words),
        )

    @property
    def reasoned_over(self) -> Triples:
        """What the reasoner is given.

        Links to outside vocabularies stay out of the reasoner's reach (docs/decisions).
        """
        return JoinedTriples(f.triples for f in self.seen if f.name != ALIGNMENTS)

    @cached_property
    def entailments(self) -> Entailments:
        """What follows from the default graph by the ontology's axioms.

        Raises MissingExtraError where nothing that is installed can tell.
        """
        result = infer(self.project, self.reasoned_over)
        inferred = self._made.keep(sorted(result.inferred, key=str))
        return dataclasses.replace(result, inferred=inferred)

    @cached_property
    def inferred(self) -> Triples:
        """The inferred triples, sorted."""
        return self._kept_triples(
            "inferred",
            "entailments",
            lambda: self.entailments.inferred,
        )

    @cached_property
    def explanations(self) -> Mapping[ox.Triple, Explanation]:
        """Why each inferred triple follows; none where rules infer (docs/decisions)."""
        return explain_inferences(self.project, self.reasoned_over, self.inferred)

    @cached_property
    def derivation_triples(self) -> Triples:
        """The graph of the explanations: what stands in `derivation_graph`."""
        return self._kept_triples(
            "derivation",
            "explanations",
            lambda: self._made.keep(
                derivation_triples(self.explanations, self.project.things)
            ),
        )

    def _kept_triples(
        self, name: str, made_of: str, make: Callable[[], Triples]
    ) -> Triples:
        """Return what was kept of a graph that follows, or make it.

        It is made where what it is `made_of` is at hand, and for a day, of which there
        are too many to keep.
        """
        if self.day is not None or made_of in self.__dict__:
            return make()
        found = self._derived.triples(f"{self.view}-{name}", make)
        return found if isinstance(found, Collection) else self._made.keep(found)

    @cached_property
    def _made(self) -> TripleHolder:
        """Keeps what no file says, in memory as far as it has room."""
        return TripleHolder()

    @cached_property
    def _derived(self) -> DerivedCache:
        return DerivedCache(
            self.project.cache("derived"),
            self.reasoned_over,
            self.project.things,
            self.project.reasoner,
            "lacks" if lacks_reasoner(self.project) else "has",
        )

    @cached_property
    def store(self) -> Store:
        """The store with every graph, those that are derived among them."""
        if self.remote is not None:
            return self.remote
        # Each triple of the default graph is there once, however often it is added.
        view = ((f.graph, f.triples) for f in self.seen)
        return EmbeddedStore(
            [
                *((f.graph, f.triples, False) for f in self.files),
                *((name, triples, False) for name, triples in self.derived_graphs),
                *((name, triples, False) for name, triples in self.beside_graphs),
                *(("", triples, True) for _, triples in (*view, *self.derived_graphs)),
            ],
            views=self._view_names(),
        )

    def _view_names(self) -> dict[str, str]:
        """Return the views that the store answers for, by IRI: its default graph."""
        if self.day is not None:
            return {}
        names = view_names(self.project.graphs, apart=False)
        alone = self.view == REPORTED or self.reported is not None
        return {self.view_graph: ""} if alone else names

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
    def asserted_graphs(self) -> list[tuple[SourceFile, Triples]]:
        """The asserted triples by their files, or as the service holds them."""
        return [(file, self._asserted_in(file)) for file in self.files]

    def _asserted_in(self, file: SourceFile) -> Triples:
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

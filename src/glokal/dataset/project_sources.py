"""What stands in the files of a project, read once each, as a view has it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import cached_property

import pyoxigraph as ox

from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.corrections import corrected
from glokal.dataset.open_words import with_open_words, without_denials
from glokal.dataset.query_files import load_queries
from glokal.dataset.standard_words import StandardWordsRule, read_rules
from glokal.dataset.table_words import with_table_words
from glokal.dataset.views import REPORTED, as_of, in_strategy, until
from glokal.rdf.chosen_shapes import of_country
from glokal.rdf.language_shapes import in_languages
from glokal.rdf.sorted_graph import distinct_triples
from glokal.rdf.source_files import (
    SourceFile,
    read_catalogue_shapes,
    read_provenance,
    read_shapes,
    read_sources,
)
from glokal.source.provenance import Provenance, trace

Triples = Collection[ox.Triple]


class ProjectSources:
    """The sources of a project: ontology, data, shapes, questions, rules, passages.

    Each is read when it is first asked for; what `glokal.rdf.source_files` raises for a
    file that is wrong is raised then.
    """

    def __init__(
        self, project: Project, day: datetime.date | None = None, *, view: str
    ) -> None:
        """`seen` is as a view has it, or as it was true on a day (`dataset.views`)."""
        self.project = project
        self.day = day
        self.view = view

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The ontology and the data, read."""
        return read_sources(self.project)

    @cached_property
    def seen(self) -> tuple[SourceFile, ...]:
        """The files as the view has them: what they say in the default graph."""
        if self.day is not None:
            return corrected(as_of(self.files, self.day), self.files, self.day)
        if self.view == REPORTED:
            day = self.project.modified
            return corrected(until(self.files, day), self.files, day)
        return in_strategy(self.files)

    @cached_property
    def shapes(self) -> tuple[SourceFile, ...]:
        """The shapes for the data and the ontology, read."""
        fitting = of_country(read_shapes(self.project), self.project.country)
        return in_languages(fitting, self.project.languages)

    @cached_property
    def catalogue_shapes(self) -> SourceFile:
        """The shapes for the catalogue, read."""
        return read_catalogue_shapes(self.project)

    @cached_property
    def queries(self) -> tuple[CannedQuery, ...]:
        """The canned queries."""
        project = with_table_words(with_open_words(self.project), self.files)
        return without_denials(project, load_queries(project, self.files))

    @cached_property
    def choices(self) -> tuple[SourceFile, ...]:
        """The files of `data/provenance/`, read."""
        return read_provenance(self.project)

    @cached_property
    def provenance(self) -> Provenance:
        """For each statement of the strategy, the passages that say it."""
        return trace(self.files, self.choices, self.project.things)

    @cached_property
    def rules(self) -> tuple[StandardWordsRule, ...]:
        """The rules of the ontology for the standards' words, read."""
        return read_rules(self.project)

    def asserted(self) -> Triples:
        """The asserted triples of the default graph, each once.

        They are in file order, those that are too many for memory sorted.
        """
        return self._asserted

    @cached_property
    def _asserted(self) -> Triples:
        return distinct_triples([file.triples for file in self.seen])

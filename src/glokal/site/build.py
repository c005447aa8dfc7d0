"""The whole publication, written beside the old one and then put in its place.

A build that stops half-way leaves the old publication as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from glokal.catalogue.facts import GraphFacts, gather_facts
from glokal.core.files.data_files import DataFile
from glokal.core.files.symlinks import refuse_link
from glokal.core.garbage_collection import seldom_collection
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.dumps import Dumps
from glokal.dataset.sources_state import State, refuse_changed_sources, sources_state
from glokal.dataset.workspace import Workspace
from glokal.site.atomic_swap import replace_directory
from glokal.site.build_cache import BuildCache
from glokal.site.build_stamp import is_up_to_date, remember_stamp, write_stamp
from glokal.site.citations import Cited
from glokal.site.data_exports import (
    describe_datasets,
    describe_editions,
    write_vocabulary,
)
from glokal.site.described_resources import write_described
from glokal.site.finished_files import finish_files
from glokal.site.graph_view import GraphView
from glokal.site.hosting import write_assets, write_hosting
from glokal.site.llms_txt import write_guides
from glokal.site.machine_readable import write_machine_files
from glokal.site.markdown_twins import write_twins
from glokal.site.pages.about import write_about
from glokal.site.pages.answers import asked_of, write_answers
from glokal.site.pages.comparison import write_comparisons
from glokal.site.pages.downloads import write_downloads
from glokal.site.pages.gaps import write_gaps
from glokal.site.pages.home import PublicationFacts, write_home
from glokal.site.pages.ontology.page import write_terms
from glokal.site.pages.periods import write_periods
from glokal.site.pages.readings import write_readings
from glokal.site.pages.releases import Step, steps_of, write_releases
from glokal.site.pages.sheets import write_sheets
from glokal.site.pages.strategy import write_strategy
from glokal.site.pages.thing import ThingWriter
from glokal.site.pages.thing_list import write_thing_lists
from glokal.site.pages.thing_sections import Sections
from glokal.site.pages.tombstones import write_tombstones
from glokal.site.pages.workbench import write_workbench
from glokal.site.parallel_files import FileWriters, file_writers
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.search_index import index_pages, write_search
from glokal.site.shared_call import shared_call
from glokal.site.shared_dumps import SharedDumps, shared_dumps
from glokal.site.shared_pages import shared_pages
from glokal.site.shared_work import can_copy, cores
from glokal.site.view_pages import PageSurvey
from glokal.site.view_renderers import ReportedRenderer, SurveyRenderer
from glokal.site.whole_tables import WholeTable, write_whole_tables

Progress = Callable[[str], None]
# The index of fewer pages is made before a copy has begun.
_WORTH_A_COPY = 300


@dataclass(frozen=True)
class Publication:
    """What a build made; `reused` files were taken over from the last one."""

    root: Path
    pages: int
    dumps: Dumps
    reused: int


def build_site(
    workspace: Workspace,
    target: Path,
    *,
    read: State | None = None,
    progress: Progress = lambda _text: None,
) -> Publication | None:
    """Write the publication of a workspace to a folder; None when it is there already.

    `read` is the state of the sources before they were read, else the one of now.
    Raises MachineError when the folder can't be written, UsageError when it holds
    something else, FindingsError when the version is one that another graph was
    published as, ChangedError when the sources have changed since they were read.
    """
    refuse_link(workspace.project.root, target, "-o")
    if is_up_to_date(workspace.project, target):
        return None
    if read is None:
        read = sources_state(workspace.project)
    # Nearly all that is made is kept to the end.
    with seldom_collection(), replace_directory(target) as root:
        progress("dump")
        made = workspace.project.cache("made")
        retained = BuildCache(target, root, made)
        copies = cores() if cores() > 1 and can_copy() else 0
        with (
            shared_dumps(workspace, root, retained, cores() - 1) as dumps,
            file_writers(root, retained, copies) as writers,
        ):
            workspace = workspace.worded()
            progress("pages")
            pages = _write_all(workspace, root, dumps, retained, writers, progress)
        digests = finish_files(root, retained.linked)
        write_stamp(workspace.project, root, digests)
        refuse_changed_sources(workspace.project, read)
    retained.save()
    remember_stamp(workspace.project, target)
    return Publication(target, len(pages.written), dumps.result, retained.reused)


@dataclass
class BuildContext:
    """What the builders of pages have: a view of the graph, and where they write.

    `facts`, `changes`, `whole` and `steps` are of the publication, the same in every
    view. `answers` are the files of the questions, once those have been written.
    """

    workspace: Workspace
    pages: PageRenderer
    view: GraphView
    sections: Sections
    shared_dumps: SharedDumps
    facts: GraphFacts
    changes: ReportedChanges
    whole: Mapping[str, tuple[WholeTable, ...]]
    steps: list[Step] = field(default_factory=list)
    answers: list[tuple[CannedQuery, DataFile]] = field(default_factory=list)

    @property
    def dumps(self) -> Dumps:
        """The dumps, which are waited for."""
        return self.shared_dumps.result

    @property
    def cited(self) -> Cited:
        """The passages that what is said rests on."""
        return self.sections.cited


Builder = Callable[[BuildContext], None]


def _answers(c: BuildContext) -> None:
    c.answers += write_answers(c.view, c.cited, c.pages, c.workspace, c.changes)


def _home(c: BuildContext) -> None:
    told = PublicationFacts(c.dumps, c.facts, c.changes, c.whole)
    write_home(c.view, c.cited, c.pages, c.workspace, told)


def _gaps(c: BuildContext) -> None:
    write_gaps(c.view, c.cited, c.pages, c.workspace, c.changes)


# The pages of the view of what was reported, where they differ.
_IN_EACH_VIEW: tuple[Builder, ...] = (
    _answers,
    _home,
    lambda c: write_thing_lists(c.view, c.pages),
    _gaps,
)
_BUILDERS: tuple[Builder, ...] = (
    lambda c: write_tombstones(c.view, c.pages, c.workspace),
    _answers,
    lambda c: write_terms(c.view, c.pages, c.workspace, c.steps),
    _home,
    lambda c: write_comparisons(c.view, c.cited, c.pages, c.workspace),
    lambda c: write_sheets(c.view, c.cited, c.pages, c.workspace, c.changes),
    lambda c: write_thing_lists(c.view, c.pages),
    _gaps,
    lambda c: write_periods(c.view, c.pages, c.cited),
    lambda c: write_readings(c.view, c.cited, c.pages),
    lambda c: write_strategy(c.view, c.pages, c.workspace),
    lambda c: write_downloads(c.view, c.pages, c.dumps, c.whole),
    lambda c: write_about(c.view, c.pages),
    lambda c: write_search(c.pages, c.view, asked_of(c.workspace.queries)),
    lambda c: write_workbench(c.pages, c.workspace, c.dumps),
)


def _write_all(
    workspace: Workspace,
    root: Path,
    dumps: SharedDumps,
    retained: BuildCache,
    writers: FileWriters,
    progress: Progress,
) -> PageRenderer:
    """Write the pages of all views, and what describes the publication."""
    project, survey = workspace.project, PageSurvey()
    view, facts = GraphView(workspace), gather_facts(workspace)
    changes = ReportedChanges(view, workspace)
    reported = workspace.reported
    pages = PageRenderer(project, root, retained, survey, writers)
    sections = Sections(view, workspace)
    whole = write_whole_tables(view, sections.cited, pages, workspace)
    context = BuildContext(
        workspace, pages, view, sections, dumps, facts, changes, whole
    )
    if reported is not None:
        looking = SurveyRenderer(project, root, retained, survey)
        _write_view(context, reported, looking)
    context.steps += steps_of(workspace)
    _build(context, _BUILDERS)
    vocabulary = write_vocabulary(workspace, root)
    write_assets(root)
    editions = write_releases(pages, workspace, context.steps, changes)
    if reported is not None:
        progress("reported")
        beside = ReportedRenderer(project, root, retained, survey, writers)
        _write_view(context, reported, beside)
    searchable = tuple(pages.searchable)
    with shared_call(
        lambda: index_pages(root, searchable),
        retained,
        copied=cores() > 1 and len(searchable) >= _WORTH_A_COPY,
    ) as index:
        write_twins(pages)
        progress("catalogue")
        made = dumps.result
        datasets = describe_datasets(
            workspace, facts, made, vocabulary, context.answers
        )
        datasets += describe_editions(workspace, facts, editions)
        result = write_machine_files(pages, workspace, made, facts, datasets)
        things = {iri: view.path(iri) for iri in view.things()}
        leads = write_described(pages, workspace, view.own_path, result, things)
        # What follows looks at what is there.
        writers.finish()
        write_guides(pages, workspace, view)
        write_hosting(pages, workspace, things, leads)
        progress("search")
        index.result()
    assert len(searchable) == len(pages.searchable)
    return pages


def _write_view(usual: BuildContext, workspace: Workspace, pages: PageRenderer) -> None:
    """Write the pages of the view of what was reported, or look at what they'd be."""
    view = GraphView(workspace)
    sections = Sections(view, workspace, usual.changes, says_so=pages.writes)
    own = replace(
        usual,
        workspace=workspace,
        pages=pages,
        view=view,
        sections=sections,
        answers=[],
    )
    _build(own, _IN_EACH_VIEW)


def _build(context: BuildContext, builders: Sequence[Builder]) -> None:
    """Write the pages of things, by a process for each core, and meanwhile others."""
    c, things = context, context.view.things()
    writer = ThingWriter(c.view, c.pages, c.workspace, c.sections, c.changes)
    with shared_pages(c.pages, things, writer.write, cores() - 1) as shared:
        if not c.pages.survey.is_empty:
            # Where the menus of a page lead is another when others have been compared.
            shared.finish()
        for build in builders:
            build(c)
            if c.pages.writes:
                # Helpers make them while the next pages are drawn.
                write_twins(c.pages)
        shared.finish()

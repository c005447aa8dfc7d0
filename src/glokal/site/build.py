"""The whole publication, written beside the old one and then put in its place.

A build that stops half-way leaves the old publication as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from glokal.catalogue.facts import GraphFacts, gather_facts
from glokal.core.files.symlinks import refuse_link
from glokal.dataset.dumps import Dumps, write_dumps
from glokal.dataset.releases.record import refuse_silent_change
from glokal.dataset.sources_state import State, refuse_changed_sources, sources_state
from glokal.dataset.workspace import Workspace
from glokal.site.atomic_swap import replace_directory
from glokal.site.build_cache import BuildCache
from glokal.site.build_stamp import is_up_to_date, remember_stamp, write_stamp
from glokal.site.data_exports import (
    describe_datasets,
    describe_editions,
    write_vocabulary,
)
from glokal.site.described_resources import write_described
from glokal.site.graph_view import GraphView
from glokal.site.guides import write_guides
from glokal.site.hosting import make_readable, write_assets, write_hosting
from glokal.site.machine_readable import write_machine_files
from glokal.site.markdown_twins import write_twins
from glokal.site.pages.about import write_about
from glokal.site.pages.answers import asked_of, write_answers
from glokal.site.pages.comparison import write_comparisons
from glokal.site.pages.downloads import write_downloads
from glokal.site.pages.gaps import write_gaps
from glokal.site.pages.home import write_home
from glokal.site.pages.ontology.page import write_terms
from glokal.site.pages.periods import write_periods
from glokal.site.pages.readings import write_readings
from glokal.site.pages.releases import steps_of, write_releases
from glokal.site.pages.sheets import write_sheets
from glokal.site.pages.strategy import write_strategy
from glokal.site.pages.thing import write_things
from glokal.site.pages.thing_list import write_thing_lists
from glokal.site.pages.thing_sections import Sections
from glokal.site.pages.tombstones import write_tombstones
from glokal.site.pages.workbench import write_workbench
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.search_index import index_pages, write_search
from glokal.site.view_pages import PageSurvey
from glokal.site.view_renderers import ReportedRenderer, SurveyRenderer
from glokal.site.whole_tables import WholeTable, write_whole_tables

Progress = Callable[[str], None]


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
    with replace_directory(target) as root:
        progress("dump")
        dumps = write_dumps(workspace, root)
        refuse_silent_change(workspace.project, dumps.quads)
        workspace = workspace.worded()
        progress("pages")
        retained = BuildCache(target, root, workspace.project.cache("made"))
        view, facts, survey = (
            GraphView(workspace),
            gather_facts(workspace),
            PageSurvey(),
        )
        changes = ReportedChanges(view, workspace)
        reported = workspace.reported
        pages = PageRenderer(workspace.project, root, retained, survey)
        sections = Sections(view, workspace)
        cited = sections.cited
        whole = write_whole_tables(view, cited, pages, workspace)
        if reported is not None:
            looking = SurveyRenderer(workspace.project, root, retained, survey)
            _write_view(reported, looking, dumps, facts, changes, whole)
        write_things(view, pages, workspace, sections, changes)
        write_tombstones(view, pages, workspace)
        answers = write_answers(view, cited, pages, workspace, changes)
        vocabulary = write_vocabulary(workspace, root)
        steps = list(steps_of(workspace))
        write_terms(view, pages, workspace, steps)
        write_home(view, cited, pages, workspace, dumps, facts, changes, whole)
        write_comparisons(view, cited, pages, workspace)
        write_sheets(view, cited, pages, workspace, changes)
        write_thing_lists(view, pages)
        write_gaps(view, cited, pages, workspace, changes)
        write_periods(view, pages, cited)
        write_readings(view, cited, pages)
        write_strategy(view, pages, workspace)
        write_downloads(view, pages, dumps, whole)
        write_about(pages)
        write_search(pages, view, asked_of(workspace.queries))
        write_workbench(pages, workspace, dumps)
        write_assets(root)
        editions = write_releases(pages, workspace, steps, changes)
        if reported is not None:
            progress("reported")
            beside = ReportedRenderer(workspace.project, root, retained, survey)
            _write_view(reported, beside, dumps, facts, changes, whole)
            write_twins(beside)
        write_twins(pages)
        progress("catalogue")
        datasets = describe_datasets(workspace, facts, dumps, vocabulary, answers)
        datasets += describe_editions(workspace, facts, editions)
        result = write_machine_files(pages, workspace, dumps, facts, datasets)
        things = {iri: view.path(iri) for iri in view.things()}
        leads = write_described(pages, workspace, view.own_path, result, things)
        write_guides(pages, workspace, view)
        write_hosting(pages, workspace, things, leads)
        progress("search")
        index_pages(root)
        write_stamp(workspace.project, root)
        make_readable(root)
        refuse_changed_sources(workspace.project, read)
    retained.save()
    remember_stamp(workspace.project, target)
    return Publication(target, len(pages.written), dumps, retained.reused)


def _write_view(
    workspace: Workspace,
    pages: PageRenderer,
    dumps: Dumps,
    facts: GraphFacts,
    changes: ReportedChanges,
    whole: Mapping[str, tuple[WholeTable, ...]],
) -> None:
    """Write the pages of the view of what was reported, or look at what they'd be."""
    view = GraphView(workspace)
    sections = Sections(view, workspace, changes, says_so=pages.writes)
    write_things(view, pages, workspace, sections, changes)
    for _ in write_answers(view, sections.cited, pages, workspace, changes):
        pass
    write_home(view, sections.cited, pages, workspace, dumps, facts, changes, whole)
    write_thing_lists(view, pages)
    write_gaps(view, sections.cited, pages, workspace, changes)

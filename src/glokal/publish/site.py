"""The whole publication, written beside the old one and then put in its place.

A build that stops half-way leaves the old publication as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glokal.catalogue.facts import gather_facts
from glokal.catalogue.sources import sources_of
from glokal.core.links import refuse_link
from glokal.dump.graph import Dumps, write_dumps
from glokal.edition.record import refuse_silent_change
from glokal.publish.about import write_about
from glokal.publish.answers import write_answers
from glokal.publish.assets import write_assets
from glokal.publish.beside import written_beside
from glokal.publish.datasets import (
    describe_datasets,
    describe_editions,
    write_vocabulary,
)
from glokal.publish.fresh import is_fresh, remember_mark, write_mark
from glokal.publish.front import write_front
from glokal.publish.history import steps_of, write_history
from glokal.publish.hosting import write_hosting
from glokal.publish.index import write_index
from glokal.publish.kept import Kept
from glokal.publish.machine import write_machine_files
from glokal.publish.open_questions import write_open
from glokal.publish.pages import Pages
from glokal.publish.periods import write_periods
from glokal.publish.readings import write_readings
from glokal.publish.retired import write_retired
from glokal.publish.search import index_pages, write_search
from glokal.publish.sections import Sections
from glokal.publish.strategy import write_strategy
from glokal.publish.terms.page import write_terms
from glokal.publish.things import write_things
from glokal.publish.view import View
from glokal.publish.workbench import write_workbench
from glokal.rdf.sources_state import State, refuse_changed_sources, sources_state
from glokal.workspace import Workspace

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
    if is_fresh(workspace.project, target):
        return None
    if read is None:
        read = sources_state(workspace.project)
    with written_beside(target) as root:
        progress("dump")
        dumps = write_dumps(workspace, root)
        refuse_silent_change(workspace.project, dumps.quads)
        progress("pages")
        kept = Kept(target, root, workspace.project.cache("made"))
        view, pages = View(workspace), Pages(workspace.project, root, kept)
        sections = Sections(view, workspace)
        cited = sections.cited
        write_things(view, pages, workspace, sections)
        write_retired(view, pages, workspace)
        answers = write_answers(view, cited, pages, workspace)
        vocabulary = write_vocabulary(workspace, root)
        steps = list(steps_of(workspace))
        write_terms(view, pages, workspace, steps)
        facts = gather_facts(workspace)
        write_front(view, pages, workspace, dumps, facts)
        write_index(view, pages)
        write_open(view, cited, pages, workspace)
        write_periods(view, pages, cited)
        write_readings(view, cited, pages)
        write_strategy(view, pages, workspace)
        _downloads(pages, dumps)
        write_about(pages)
        write_search(pages)
        write_workbench(pages, workspace, dumps)
        write_assets(root)
        editions = write_history(pages, workspace, steps)
        progress("catalogue")
        datasets = describe_datasets(workspace, facts, dumps, vocabulary, answers)
        datasets += describe_editions(workspace, facts, editions)
        made = write_machine_files(pages, workspace, dumps, facts, datasets)
        write_hosting(pages, workspace, view.things(), made)
        progress("search")
        index_pages(root)
        write_mark(workspace.project, root)
        refuse_changed_sources(workspace.project, read)
    kept.save()
    remember_mark(workspace.project, target)
    return Publication(target, len(pages.written), dumps, kept.reused)


def _downloads(pages: Pages, dumps: Dumps) -> None:
    for lang in pages.project.languages:
        pages.render(
            "dump.html",
            lang,
            "dump/",
            pages.words[lang]["dump"],
            crumbs=[(pages.words[lang]["dump"], "")],
            dumps=dumps,
            catalogues=[s.path.partition(".")[0] for s in sources_of(pages.project)],
        )

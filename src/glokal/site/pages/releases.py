"""The editions in the publication: their statements, their changes, a feed.

Atom is RFC 4287.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from glokal.catalogue.identifiers import catalogue_prefixes
from glokal.core.files.data_files import GZIP, TURTLE, DataFile, write_data_file
from glokal.core.settings import Project
from glokal.dataset.releases.edition_records import order
from glokal.dataset.releases.graph_diff import (
    GraphDiff,
    changes_as_rdf,
    compare_snapshots,
)
from glokal.dataset.releases.graph_snapshot import Snapshot, snapshot, snapshot_of
from glokal.dataset.releases.record import Edition, read_editions
from glokal.dataset.releases.removed_things import recorded_replacements
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import serialise
from glokal.site.diff.description import DiffReport, describe_diff
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import (
    ReportedChange,
    ReportedChanges,
    ReportedLine,
)
from glokal.site.security_headers import EDITIONS, LATEST


@dataclass(frozen=True)
class Step:
    """An edition in the history, with what changed since the one before.

    `changes` and `stories` are None and empty for the first.
    """

    version: str
    date: datetime.date
    changes: GraphDiff | None
    stories: Mapping[str, DiffReport]

    @property
    def path(self) -> str:
        """The path of its page below the language's root."""
        return f"changes/{self.version}/" if self.changes else "changes/"


def write_releases(
    pages: PageRenderer,
    workspace: Workspace,
    steps: Sequence[Step],
    changes: ReportedChanges,
) -> list[tuple[Edition, DataFile]]:
    """Write the pages of changes, the feeds, and the statements of earlier editions.

    Returns the earlier editions with their files.
    """
    project, root = workspace.project, pages.root
    newest_first = steps[::-1]
    for lang in project.languages:
        words = pages.words[lang]
        pages.render(
            "history.html", lang, "changes/", words["changes"], steps=newest_first
        )
        for step in steps:
            if step.changes:
                story = step.stories[lang]
                pages.render(
                    "changes.html",
                    lang,
                    step.path,
                    story.title,
                    story=story,
                    formats=[(TURTLE, _data(step))],
                )
        feed = _feed(pages, newest_first, changes, lang)
        name = f"{pages.home(lang)}feed.atom"
        write_data_file(root, name, feed.encode(), "application/atom+xml")
    prefixes = catalogue_prefixes(project)
    for step in steps:
        if step.changes:
            date = step.date.isoformat()
            triples = changes_as_rdf(step.changes, project.things, date)
            data = serialise(triples, TURTLE, prefixes, things=project.things)
            write_data_file(root, _data(step), data, TURTLE)
    recorded = {e.version: e for e in read_editions(project)}
    published = {v: _publish(e, root) for v, e in recorded.items()}
    _lead_to_editions(pages, steps, recorded)
    return [(edition, published[edition.version]) for edition in _earlier(project)]


def _earlier(project: Project) -> list[Edition]:
    return [e for e in read_editions(project) if order(e.version) < _now(project)]


def _now(project: Project) -> tuple[int, ...]:
    return order(project.version)


def _lead_to_editions(
    pages: PageRenderer, steps: Sequence[Step], recorded: Iterable[str]
) -> None:
    """Lead from the address of each edition to its changes, from the last one's to it.

    A version that isn't recorded may still change, and has no such address.
    """
    told = {step.version: step.path for step in steps}
    for version in recorded:
        path = f"{EDITIONS}{version}/"
        pages.redirect(path, told[version], pages.project.address + path)
    if last := latest_edition(pages.project):
        pages.redirect(LATEST, f"{EDITIONS}{last}/", pages.project.address + LATEST)


def latest_edition(project: Project) -> str:
    """Return the version of the last edition that is recorded, "" for none."""
    editions = read_editions(project)
    return editions[-1].version if editions else ""


def steps_of(workspace: Workspace) -> Iterator[Step]:
    """Yield the earlier editions and the one that is being made, the oldest first.

    Raises SourceError when the statements of an edition aren't those that were
    published.
    """
    project = workspace.project
    before: Snapshot | None = None
    for edition in _earlier(project):
        result = snapshot(edition.version, edition.read())
        yield _step(result, edition.date, before, project)
        before = result
    yield _step(snapshot_of(workspace), project.modified, before, project)


def _step(
    result: Snapshot, date: datetime.date, before: Snapshot | None, project: Project
) -> Step:
    if before is None:
        return Step(result.name, date, None, {})
    changes = compare_snapshots(before, result)
    replaced = recorded_replacements(project)
    stories = {
        lang: describe_diff(changes, before, result, lang, replaced=replaced)
        for lang in project.languages
    }
    return Step(result.name, date, changes, stories)


def _publish(edition: Edition, root: Path) -> DataFile:
    path = f"{EDITIONS}{edition.version}/glokal.nq.gz"
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(edition.path, target)
    return write_data_file(root, path, target.read_bytes(), GZIP)


def _data(step: Step) -> str:
    return f"changes/{step.version}.ttl"


def _feed(
    pages: PageRenderer, steps: Sequence[Step], changes: ReportedChanges, lang: str
) -> str:
    """Return an Atom feed with an entry an edition and one a report.

    Its only clock is their dates.
    """
    project, home = pages.project, pages.home(lang)
    here = f"{project.address}{home}feed.atom"
    entries = "".join(_entry(pages, step, lang) for step in steps)
    words = pages.words[lang]
    # A feed has to have an author (RFC 4287, section 4.1.1), which is a name (3.2.1):
    # while nobody is named as one, that of the site.
    author, status = project.publisher.name[lang], ""
    if project.unofficial:
        text = escape(words["cite_status"].format(publisher=author))
        author, status = project.title[lang], f"<subtitle>{text}</subtitle>\n"
    told = changes.lines(changes.all, lang, words)
    entries += "".join(
        _report_entry(pages, change, line, lang)
        for change, line in zip(changes.all, told, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(lang)}>\n'
        f"<id>{escape(project.things)}feed/{project.slug}-{lang}</id>\n"
        f"<title>{escape(project.title[lang])}</title>\n"
        f"{status}<updated>{steps[0].date}T00:00:00Z</updated>\n"
        f"<author><name>{escape(author)}</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(here)}/>\n'
        f"<link href={quoteattr(project.address + home)}/>\n"
        f"{entries}</feed>\n"
    )


def _entry(pages: PageRenderer, step: Step, lang: str) -> str:
    project, words = pages.project, pages.words[lang]
    address = project.address + pages.home(lang) + step.path
    story = step.stories.get(lang)
    summary = story.summary if story else words["first_edition"]
    return (
        "<entry>\n"
        f"<id>{escape(project.things)}edition/{project.slug}-{step.version}</id>\n"
        f"<title>{escape(words['edition'])} {step.version}</title>\n"
        f"<updated>{step.date}T00:00:00Z</updated>\n"
        f"<link href={quoteattr(address)}/>\n"
        f"<summary>{escape(summary)}</summary>\n"
        "</entry>\n"
    )


def _report_entry(
    pages: PageRenderer, change: ReportedChange, line: ReportedLine, lang: str
) -> str:
    """Return an entry for what was reported of a thing; it leads to its page."""
    words, project = pages.words[lang], pages.project
    path = line.what.href
    there = pages.survey.has(lang, path)
    home = pages.reported_home(lang) if there else pages.home(lang)
    # One report may tell of several things.
    about = change.about.rpartition("/")[2]
    parts = [value.text for value in line.details]
    details = f"{', '.join(parts)}. " if parts else ""
    summary = f"{details}{line.vouched.text}. {words['source']}: {line.source.text}."
    return (
        "<entry>\n"
        f"<id>{escape(f'{change.report.iri}#{about}')}</id>\n"
        f"<title>{escape(f'{line.kind}: {line.what.text}')}</title>\n"
        f"<updated>{line.day or project.modified}T00:00:00Z</updated>\n"
        f"<link href={quoteattr(project.address + home + path)}/>\n"
        f"<summary>{escape(summary)}</summary>\n"
        "</entry>\n"
    )

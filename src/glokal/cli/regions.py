"""What commands do in a folder with several regions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glokal.cli.context import Session
from glokal.cli.messages import said, told
from glokal.core.characters import log_text
from glokal.core.errors import FindingsError, UsageError
from glokal.core.languages import ByLanguage
from glokal.core.settings import Member, Regions, load_regions, load_same_list
from glokal.dataset.canned_queries import find_query
from glokal.dataset.regions.together import Together, open_regions, questions_across
from glokal.sparql.store_interface import Answer, Store
from glokal.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from glokal.validation.report import Report

# Where the build of a member puts its publication, in its own folder.
PUBLICATION = "public"


def refuse_options(what: str, **given: object) -> None:
    """Raise UsageError for an option that has no meaning for several regions.

    `given` has the options by their names, with whether each was used.
    """
    for name, used in given.items():
        if used:
            option = f"--{name.replace('_', '-')}"
            raise told(UsageError, "regions.one_region", option=option, command=what)


def folders(regions: Regions) -> Iterable[tuple[Member, Path]]:
    """Yield the members that are folders, each with its folder."""
    for member in regions.members:
        if member.project is not None:
            yield member, member.path


def open_whole(session: Session) -> tuple[Together, Store]:
    """Return the regions of a session at work, and the store with all their graphs."""
    together = open_regions(load_regions(session.folder))
    return together, EmbeddedStore(together.graphs())


def answer_across(session: Session, name: str, lang: str) -> tuple[Together, Answer]:
    """Return the answer to a question that is asked of all regions."""
    query = find_query(questions_across(load_regions(session.folder).project), name)
    together, store = open_whole(session)
    text = query.bind({}, project=together.project, lang=lang)
    return together, store.query(text, name=query.name)


def languages_across(session: Session) -> tuple[str, ...]:
    """Return the languages of the whole, and those of its questions."""
    project = load_regions(session.folder).project
    asked = (lang for query in questions_across(project) for lang in query.summary)
    return (*project.languages, *asked)


def list_across(session: Session, lang: str) -> str:
    """Return the questions that are asked of all regions, in words."""
    queries = questions_across(load_regions(session.folder).project)
    lines = [f"{q.slug}\n    {ByLanguage(q.summary)[lang]}" for q in queries]
    return log_text("\n".join(lines) + "\n")


def check_whole(session: Session, only: tuple[str, ...], lang: str) -> Report:
    """Check each member that is a folder, then all of them together."""
    from glokal.dataset.workspace import Workspace
    from glokal.validation.finding import Severity
    from glokal.validation.pipeline import run_checks
    from glokal.validation.regions import check_regions, joined_report

    regions = load_regions(session.folder)
    reports = {}
    for member, _ in folders(regions):
        assert member.project is not None
        session.progress(member.written)
        workspace = Workspace(member.project)
        reports[member.written] = run_checks(
            workspace, only=only, lang=lang, progress=session.progress
        )
    broken = any(
        f.step == "syntax" and f.severity == Severity.VIOLATION
        for r in reports.values()
        for f in r.findings
    )
    together = () if broken else check_regions(open_regions(regions))
    return joined_report(reports, together)


def build_whole(session: Session, target: Path, lang: str, wait: float) -> None:
    """Build each member that is a folder, unless it is as it was, then all together.

    What is wrong with a member is told by its name, before anything is built where it
    can be; each publication is written whole or not at all.
    """
    from glokal.cli.build import build_checked
    from glokal.core.files.lock import project_lock
    from glokal.dataset.regions.members import with_dumps_read
    from glokal.site.build_stamp import is_up_to_date
    from glokal.site.regions.build import build_regions, whole_is_current

    regions = with_dumps_read(load_regions(session.folder))
    load_same_list(session.folder)
    publications: dict[str, Path] = {}
    inside = target.resolve().is_relative_to(session.folder.resolve())
    with project_lock(
        session.folder, "glokal build", wait=wait, say=session.say, needed=inside
    ):
        for member, folder in folders(regions):
            one, publication = Session(folder), folder / PUBLICATION
            one.need_reasoner("glokal build")
            publications[member.slug] = publication
            assert member.project is not None
            with one.writing("build", wait):
                if is_up_to_date(member.project, publication):
                    click.echo(said("regions.member_up_to_date", member=member.written))
                    continue
                session.progress(member.written)
                try:
                    made, _ = build_checked(one, publication, lang)
                except FindingsError as error:
                    error.what = f"{member.written}: {error.what}"
                    raise
                pages = made.pages if made else 0
                click.echo(
                    said("regions.member_built", folder=publication, pages=pages)
                )
        if whole_is_current(regions, target, publications):
            click.echo(said("regions.up_to_date", folder=target))
            click.echo(said("build.look"))
            return
        built = {slug: path / "dump/glokal.nq" for slug, path in publications.items()}
        together = open_regions(regions, built)
        _tell_outdated(session, together)
        result = build_regions(
            regions, together, target, publications, progress=session.progress
        )
    click.echo(
        said(
            "regions.built",
            folder=target,
            regions=len(regions.members),
            pages=result.pages,
            size=round(result.dump.size / 1000),
        )
    )
    click.echo(said("build.look"))


def _tell_outdated(session: Session, together: Together) -> None:
    for member in together.outdated:
        session.say(said("regions.outdated", member=member))

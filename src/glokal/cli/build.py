"""`glokal build`."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.cli.context import Session, endpoint_option, wait_options
from glokal.cli.language import lang_option
from glokal.cli.messages import said, told
from glokal.core.errors import FindingsError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.dataset.sources_state import sources_state
from glokal.dataset.views import reported_later
from glokal.dataset.workspace import Workspace
from glokal.site.build import Publication, build_site
from glokal.validation import reports
from glokal.validation.pipeline import run_checks


@click.command(epilog="Exit codes: 0 built, 1 findings, 2 wrong use.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("public"),
    show_default=True,
    help="The folder of the publication, below the project.",
)
@lang_option(among=PAGE_LANGUAGES)
@endpoint_option
@wait_options
@click.pass_obj
def build(
    session: Session, output: Path, lang: str, endpoint: str | None, wait: float
) -> None:
    """Check everything, then write the whole publication.

    Nothing is written when a check fails: the old publication stands until the new
    one is whole. With --endpoint every question is asked of the service, which must
    hold what these sources say; the dumps come from the sources as always.

    In a folder with regions.toml each member is built in its own folder, unless it is
    as it was, then all of them together (docs/regions.md).
    """
    target = session.folder / output
    if session.has_regions:
        from glokal.cli.regions import build_whole, refuse_options

        refuse_options("glokal build", endpoint=endpoint)
        build_whole(session, target, lang, wait)
        return
    session.need_reasoner("glokal build")
    inside = target.resolve().is_relative_to(session.folder.resolve())
    with session.writing("build", wait, needed=inside):
        result, questions = build_checked(session, target, lang, endpoint)
    if result is None:
        click.echo(said("build.up_to_date", folder=target))
        click.echo(said("build.look"))
        return
    files = (*result.dumps.files, *result.dumps.tables)
    size = sum(file.size for file in files)
    click.echo(
        said(
            "build.built",
            folder=target,
            pages=result.pages,
            files=len(files),
            size=round(size / 1000),
            questions=questions,
        )
    )
    click.echo(said("build.look"))


def build_checked(
    session: Session, target: Path, lang: str, endpoint: str | None = None
) -> tuple[Publication | None, int]:
    """Check and build; return what was made, and the number of questions.

    To be called under the lock of the project. What was made is None where nothing has
    changed. Raises FindingsError, and what `build_site` raises.
    """
    read = sources_state(session.new_workspace().project)
    workspace = session.workspace_at(endpoint)
    requests: list[tuple[Workspace, tuple[str, ...]]] = [(session.workspace, ())]
    if endpoint:
        requests.append((workspace, ("competency",)))
    for checked, only in requests:
        result = run_checks(checked, only=only, lang=lang, progress=session.progress)
        if not result.clean:
            click.echo(reports.render(result, "text", lang), err=True, nl=False)
            raise told(FindingsError, "build.not_built")
    modified = workspace.project.modified
    if later := reported_later(workspace.files, modified):
        session.say(
            said(
                "build.later",
                reports=len(later),
                modified=modified,
                last=later[-1],
            )
        )
    publication = build_site(workspace, target, read=read, progress=session.progress)
    return publication, sum(query.answerable for query in workspace.queries)

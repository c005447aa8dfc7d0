"""`glokal edition` and `glokal diff`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from glokal.cli.context import Session, output_option, wait_options, write_out
from glokal.cli.language import lang_option
from glokal.cli.messages import said, told
from glokal.core.errors import FindingsError, UsageError
from glokal.core.files.temporary import scratch_folder
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.dataset.releases.graph_diff import changes_as_rdf, compare_snapshots
from glokal.dataset.releases.graph_snapshot import find_project, find_snapshot
from glokal.dataset.releases.record import read_editions, record_edition
from glokal.dataset.releases.removed_things import recorded_replacements
from glokal.dataset.sources_state import sources_state
from glokal.rdf.turtle.formatter import write_turtle
from glokal.site.diff.description import describe_diff
from glokal.site.diff.impact import Effects, effects
from glokal.site.diff.renderers import FORMATS
from glokal.validation import reports
from glokal.validation.pipeline import run_checks


@click.group(
    invoke_without_command=True,
    epilog="Exit codes: 0 recorded, 1 findings, 2 wrong use.",
)
@lang_option(among=PAGE_LANGUAGES)
@wait_options
@click.pass_context
def edition(context: click.Context, lang: str, wait: float) -> None:
    """Record the graph as the edition of its version, in editions/.

    Do it when a version is published. From then on a build with the same version and
    another graph is refused. Each record has the digest of the one before it, so that
    none can be lost or changed unseen.

    \b
    Examples:
      glokal edition
      glokal edition verify
    """
    if context.invoked_subcommand is not None:
        return
    session: Session = context.obj
    session.need_reasoner("glokal edition")
    with session.writing("edition", wait):
        workspace = session.workspace
        read = sources_state(workspace.project)
        result = run_checks(workspace, lang=lang, progress=session.progress)
        if not result.clean:
            click.echo(reports.render(result, "text", lang), err=True, nl=False)
            raise told(FindingsError, "edition.not_recorded")
        output, is_new = record_edition(workspace, read)
    name = "edition.recorded" if is_new else "edition.known"
    click.echo(said(name, version=output.version, day=output.date, file=output.quads))


@edition.command(epilog="Exit codes: 0 as published, 1 changed or gone, 2 wrong use.")
@click.pass_obj
def verify(session: Session) -> None:
    """Read every edition again, and say whether all are as they were published.

    Each record must follow the one before it, and the statements must have the digest
    in their record.

    \b
    Example:
      glokal edition verify
    """
    editions = read_editions(session.workspace.project)
    for result in editions:
        quads = result.read()
        click.echo(
            said(
                "edition.as_published",
                version=result.version,
                day=result.date,
                statements=len(quads),
            )
        )
    if not editions:
        click.echo(said("edition.none"))


@click.command(epilog="Exit codes: 0 no difference, 1 differences, 2 wrong use.")
@click.argument("old")
@click.argument("new", default=".", required=False)
@click.option(
    "--format",
    "fmt",
    type=click.Choice([*FORMATS, "turtle"]),
    default="text",
    show_default=True,
    help="markdown is for a pull request; turtle gives the changes as change sets.",
)
@click.option(
    "--effects",
    "with_effects",
    is_flag=True,
    help="Also check both, and compare the answers to the questions.",
)
@lang_option(among=PAGE_LANGUAGES)
@output_option
@click.pass_obj
def diff(
    session: Session,
    old: str,
    new: str,
    fmt: str,
    with_effects: bool,
    lang: str,
    output: Path | None,
) -> None:
    """Say what changed from the graph OLD to the graph NEW, in words or as RDF.

    Each is a version that was published, a project, a built publication, RDF files or
    a folder of them, or a revision in Git. NEW is the project as it stands unless it
    is named. What follows from the rest is not compared.

    \b
    Examples:
      glokal diff HEAD
      glokal diff HEAD~1 HEAD --lang en
      glokal diff main --effects --format markdown
      glokal diff HEAD public
    """
    if with_effects and fmt == "turtle":
        raise UsageError(
            "Change sets have no place for effects.", remedy="choose another format."
        )
    if with_effects:
        session.need_reasoner("glokal diff --effects")
    workspace = session.workspace
    with scratch_folder() as folder:
        names = [str(session.folder) if n == "." else n for n in (old, new)]
        before, after = (find_snapshot(n, workspace, folder) for n in names)
        changes = compare_snapshots(before, after)
        if fmt == "turtle":
            things = workspace.project.things
            triples = changes_as_rdf(changes, things)
            prefixes = {**STANDARD_PREFIXES, "change": f"{things}change/"}
            write_out(write_turtle(triples, prefixes), output)
        else:
            done = _effects(session, names, folder, lang) if with_effects else None
            replaced = recorded_replacements(workspace.project)
            story = describe_diff(changes, before, after, lang, done, replaced=replaced)
            write_out(FORMATS[fmt](story, lang), output)
    if changes.things:
        raise SystemExit(1)


def _effects(
    session: Session, names: Sequence[str], scratch: Path, lang: str
) -> Effects:
    """Return what the change between two projects does; UsageError for others."""
    projects = []
    for name in names:
        project = find_project(name, session.workspace, scratch)
        if project is None:
            raise UsageError(
                f"{name} is no project, so nothing can be checked or asked there.",
                remedy="compare two projects or revisions, or leave out --effects.",
            )
        projects.append(project)
    return effects(*projects, lang=lang, progress=session.progress)

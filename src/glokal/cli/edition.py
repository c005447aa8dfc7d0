"""`glokal edition` and `glokal diff`."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.check import reports
from glokal.check.run import run_checks
from glokal.cli.context import Session, output_option, write_out
from glokal.edition.changeset import changes_as_rdf
from glokal.edition.compare import compare
from glokal.edition.record import record_edition
from glokal.edition.snapshot import find_snapshot
from glokal.errors import FindingsError
from glokal.publish.changes import as_text, tell
from glokal.rdf.turtle import write_turtle
from glokal.vocabulary import STANDARD_PREFIXES

lang_option = click.option(
    "--lang",
    type=click.Choice(["nb", "nn", "en"]),
    default="nb",
    show_default=True,
    help="Language of texts.",
)


@click.command(epilog="Exit codes: 0 recorded, 1 findings, 2 wrong use.")
@lang_option
@click.pass_obj
def edition(session: Session, lang: str) -> None:
    """Record the graph as the edition of its version, in editions/.

    Do it when a version is published. From then on a build with the same version and
    another graph is refused.
    """
    workspace = session.workspace
    result = run_checks(workspace, lang=lang, progress=session.progress)
    if not result.clean:
        click.echo(reports.render(result, "text", lang), err=True, nl=False)
        raise FindingsError(
            "No edition was recorded.", remedy="mend what the checks found."
        )
    made, is_new = record_edition(workspace)
    said = "Recorded" if is_new else "Already recorded, and the same:"
    click.echo(f"{said} edition {made.version} of {made.date}, {made.quads}.")


@click.command(epilog="Exit codes: 0 no difference, 1 differences, 2 wrong use.")
@click.argument("old")
@click.argument("new", default=".", required=False)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "turtle"]),
    default="text",
    show_default=True,
    help="turtle gives the changes as change sets.",
)
@lang_option
@output_option
@click.pass_obj
def diff(
    session: Session, old: str, new: str, fmt: str, lang: str, output: Path | None
) -> None:
    """Say what changed from the graph OLD to the graph NEW, in words or as RDF.

    Each is the version of an edition, the folder of a project or of a publication, or
    a file. NEW is the project as it stands unless it is named. What follows from the
    rest is not compared.

    \b
    Examples:
      glokal diff 1.0.0
      glokal diff 1.0.0 1.1.0 --lang en
      glokal diff yesterday.nq public
    """
    workspace = session.workspace
    before, after = (
        find_snapshot(str(session.folder) if name == "." else name, workspace)
        for name in (old, new)
    )
    changes = compare(before, after)
    if fmt == "turtle":
        things = workspace.project.things
        found = changes_as_rdf(changes, things)
        prefixes = {**STANDARD_PREFIXES, "change": f"{things}change/"}
        write_out(write_turtle(found, prefixes), output)
    else:
        write_out(as_text(tell(changes, before, after, lang)), output)
    if changes.things:
        raise SystemExit(1)

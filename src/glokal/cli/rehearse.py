"""`glokal rehearse`."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.cli.context import Session, output_option, write_out
from glokal.cli.language import lang_option
from glokal.harvest.harvest_report import render_report
from glokal.harvest.simulation import simulate_harvest as run_rehearsal


@click.command(epilog="Exit codes: 0 the portals take it, 1 findings, 2 wrong use.")
@click.argument(
    "publication", type=click.Path(path_type=Path, file_okay=False), default="public"
)
@click.option(
    "--portal-shapes",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the profiles' official shapes, to try them too.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@lang_option()
@output_option
@click.pass_obj
def rehearse(
    session: Session,
    publication: Path,
    portal_shapes: Path | None,
    fmt: str,
    lang: str,
    output: Path | None,
) -> None:
    """Play the portals' harvesters on the built PUBLICATION, public unless named.

    It is served at the path that its address has, fetched as a portal fetches it, cut
    up and judged as the national and the European portal do, and every link in it is
    followed. The report names each point missed, each rule waived, and what the
    portal would not show.
    """
    result = run_rehearsal(
        session.workspace,
        session.folder / publication,
        portal_shapes=portal_shapes,
        lang=lang,
        progress=session.progress,
    )
    write_out(render_report(result, fmt, lang), output)
    if not result.clean:
        raise SystemExit(1)

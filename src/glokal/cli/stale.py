"""`glokal stale`."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from importlib import resources
from pathlib import Path

import click

from glokal.cli.context import Session, day_option, output_option, write_out
from glokal.cli.language import lang_option
from glokal.core.characters import log_text, one_line
from glokal.core.languages import PAGE_LANGUAGES
from glokal.dataset.labels import Labels
from glokal.dataset.stale import Stale, stale_on


@click.command(epilog="Exit codes: 0 all checked, 1 some are stale, 2 wrong use.")
@day_option("--on", "Judge as on this day; today unless it is given.")
@click.option(
    "--days",
    type=click.IntRange(1),
    help="After how many days; register.stale_after_days unless it is given.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "csv"]),
    default="text",
    show_default=True,
)
@lang_option(among=PAGE_LANGUAGES)
@output_option
@click.pass_obj
def stale(
    session: Session,
    on: datetime.date | None,
    days: int | None,
    fmt: str,
    lang: str,
    output: Path | None,
) -> None:
    """List the activities that nobody has checked for a while.

    Those never checked come first, then those unchecked the longest, each with who
    takes part and so can be asked. What was reported as ended is left out.

    \b
    Examples:
      glokal stale
      glokal stale --on 2027-01-31 --days 180 --format csv
    """
    workspace = session.workspace
    day = on or datetime.date.today()
    limit = days or workspace.project.stale_after
    stales = stale_on(workspace.files, day, limit)
    labels = Labels(workspace.files)
    file = resources.files("glokal.cli").joinpath("stale.toml")
    words = tomllib.loads(file.read_text(encoding="utf-8"))[lang]
    rows = [_row(each, labels, lang, words) for each in stales]
    if fmt == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([words["columns"], *rows])
        write_out(text.getvalue(), output)
    else:
        lines = [
            f"{one_line(name)}\n    {one_line(f'{checked}; {who}')}"
            for name, _, checked, who in rows
        ]
        details = words["none"] if not stales else words["summary"]
        summary = details.format(n=len(stales), days=limit, day=day)
        write_out(log_text("\n".join([*lines, summary]) + "\n"), output)
    if stales:
        raise SystemExit(1)


def _row(
    each: Stale, labels: Labels, lang: str, words: dict[str, str]
) -> tuple[str, str, str, str]:
    life = each.life
    checked = life.checked
    details = words["never"]
    if checked is not None:
        vouched = labels.of(checked.vouched, lang)
        details = words["checked"].format(day=checked.checked, who=vouched)
    who = ", ".join(labels.of(iri, lang) for iri in each.participants)
    status = labels.of(life.status.status, lang) if life.status else words["unknown"]
    return labels.of(each.iri, lang), status, details, who or words["nobody"]

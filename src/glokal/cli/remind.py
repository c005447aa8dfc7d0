"""`glokal remind`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from glokal.cli.context import Session, day_option, wait_options
from glokal.cli.messages import said
from glokal.core.files.journal_record import digest_of_file
from glokal.core.files.symlinks import refuse_way_out
from glokal.workbook.csv_folder import read_csv, settle_folder, write_folder
from glokal.workbook.reminders import (
    ASKED_FILE,
    asked_table,
    reminder_files,
    reminders,
)


@click.command(
    short_help="Write letters that ask the municipalities of what is stale.",
    epilog="Exit codes: 0 written, 1 a source is broken, 2 wrong use.",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@day_option("--on", "Judge as on this day; today unless it is given.")
@click.option(
    "--days",
    type=click.IntRange(1),
    help="After how many days; register.stale_after_days unless it is given.",
)
@wait_options
@click.pass_obj
def remind(
    session: Session,
    folder: Path,
    on: datetime.date | None,
    days: int | None,
    wait: float,
) -> None:
    """Write to FOLDER what asks each municipality to check the register again.

    For each municipality that takes part in something nobody has checked for a while:
    a letter in bokmål and one in nynorsk (.txt), each with a workbook of just that. The
    table spurt.csv tells who was asked when; it goes on from the last time when the
    folder is the same. Nothing is sent. glokal stale lists the same on the screen.

    \b
    Examples:
      glokal remind letters
      glokal remind letters --on 2027-01-31 --days 180
    """
    refuse_way_out(Path(), folder, "another FOLDER")
    day = on or datetime.date.today()
    table = folder / ASKED_FILE
    # The table goes on from what another run may be writing.
    with session.writing("remind", wait, needed=False):
        if folder.is_dir():
            settle_folder(folder, session.say)
        before = {ASKED_FILE: digest_of_file(table)}
        known = read_csv(table, "en")[0] if before[ASKED_FILE] else []
        workspace = session.workspace
        asked = reminders(workspace, day, days or workspace.project.stale_after)
        files = {ASKED_FILE: asked_table(known, asked, day)}
        for each in asked:
            session.progress(each.slug)
            files |= dict(reminder_files(workspace, each, day))
        write_folder(folder, files, session.say, command="glokal remind", before=before)
    for each in asked:
        click.echo(f"{each.slug}: {len(each.stale)}")
    click.echo(said("remind.wrote", folder=folder, asked=len(asked)), err=True)

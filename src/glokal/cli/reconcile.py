"""`glokal reconcile`."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

import click

from glokal.cli.context import Session, output_option, write_out
from glokal.cli.language import lang_option
from glokal.cli.messages import said
from glokal.core.files.bounded_read import as_input, decode, read_bytes
from glokal.dataset.labels import Labels
from glokal.dataset.names import NameIndex


@click.command(
    epilog="Exit codes: 0 every name is sure, 1 some are for a person, 2 wrong use."
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--column",
    default="",
    metavar="NAME",
    help="The column that has the names; the first when it isn't said.",
)
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    help="What the names are names of, such as Municipality, Organisation, Programme, "
    "InternationalActivity or Place; may be given more than once.",
)
@lang_option()
@output_option
@click.pass_obj
def reconcile(
    session: Session,
    file: Path,
    column: str,
    types: tuple[str, ...],
    lang: str,
    output: Path | None,
) -> None:
    """Find the identifiers of the names in a column of FILE, a CSV with a header.

    Names are known in bokmål, nynorsk, English, South Sami and Swedish, as old and
    short forms, without their accents, with a letter wrong, and by number. Each row
    gets identifier, type, label, score, sure, candidates. From a score of 90 with
    nothing else near a match is sure; what isn't has candidates and no identifier
    (docs/assistants.md). The file may have commas, semicolons or tabs; it isn't
    changed, and no server is needed.

    \b
    Examples:
      glokal reconcile names.csv -o identified.csv
      glokal reconcile names.csv --column Kommune --type Municipality
    """
    from glokal.assistants.reconcile_csv import (
        column_of,
        read_names_table,
        reconcile_table,
    )
    from glokal.assistants.thing_types import ThingTypeNames

    name = str(file)
    with as_input():
        # Spreadsheets begin such a file with a byte-order mark.
        text = decode(read_bytes(file, name).removeprefix(BOM_UTF8), name)
    table = read_names_table(text, name)
    place = column_of(table, column)
    workspace = session.workspace
    seen = [f for f in workspace.files if f.in_default_graph]
    triples = (t for f in seen for t in f.triples)
    names, labels = NameIndex(triples, workspace.project.things), Labels(seen)
    kinds = ThingTypeNames(names).iris(types)
    session.progress(said("reconcile.comparing", names=len(table.rows)))
    result = reconcile_table(
        table, place, names, lambda iri: labels.of(iri, lang), kinds
    )
    write_out(result.text, output)
    click.echo(
        said(
            "reconcile.summary",
            sure=result.sure,
            unsure=result.unsure,
            unknown=result.unknown,
        ),
        err=True,
    )
    if result.unsure or result.unknown:
        raise SystemExit(1)

"""`glokal check` and `glokal validate`."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.check import report
from glokal.check.any_files import validate_files
from glokal.check.engine import ENGINES
from glokal.check.run import STEPS, run_checks
from glokal.cli.context import Session, output_option, write_out

LANGUAGES = click.Choice(["nb", "nn", "en"])
lang_option = click.option(
    "--lang", type=LANGUAGES, default="nb", show_default=True, help="Language of texts."
)
format_option = click.option(
    "--format",
    "fmt",
    type=click.Choice(report.FORMATS),
    default="text",
    show_default=True,
    help="How findings are written.",
)


@click.command(epilog="Exit codes: 0 clean, 1 findings, 2 wrong use.")
@click.option(
    "--only",
    multiple=True,
    metavar="STEP",
    help=f"Run only this step; may be repeated. One of: {', '.join(STEPS)}.",
)
@click.option(
    "--source-text",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The text file that the passages were cut from, to compare them with.",
)
@format_option
@lang_option
@output_option
@click.pass_obj
def check(
    session: Session,
    only: tuple[str, ...],
    source_text: Path | None,
    fmt: str,
    lang: str,
    output: Path | None,
) -> None:
    """Check the sources: syntax, logic, rules, quotations and known answers.

    \b
    syntax      every Turtle and SPARQL file can be read
    owl         the graph does not contradict itself (HermiT; cached by content)
    ontology    the ontology keeps clear of known pitfalls (OOPS!, FOOPS!)
    hygiene     names, references and kinds of graph are in order
    shacl       the data fits the shapes in shapes/
    quotes      each quotation stands in the strategy, each passage is used;
                asked for alone, it lists the passages left out, and why
    competency  each canned query gives the rows expected of it
    """
    result = run_checks(
        session.workspace,
        only=only,
        text=source_text,
        lang=lang,
        progress=session.progress,
    )
    write_out(report.render(result, fmt, lang), output)
    if not result.clean:
        raise SystemExit(1)


@click.command(epilog="Exit codes: 0 conforms, 1 findings, 2 wrong use.")
@click.option(
    "--shapes",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder with SHACL shapes; may be given more than once.",
)
@click.option(
    "--data",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder with the data; may be given more than once.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="shacl is fast; pyshacl is the reference, for a second opinion.",
)
@format_option
@lang_option
@output_option
def validate(
    shapes: tuple[Path, ...],
    data: tuple[Path, ...],
    engine: str,
    fmt: str,
    lang: str,
    output: Path | None,
) -> None:
    """Validate any RDF files against any SHACL shapes, with lines and columns.

    Reads Turtle, N-Triples, JSON-LD, RDF/XML, TriG and N-Quads by their endings.
    Needs no project.
    """
    result = validate_files(shapes, data, engine=engine, lang=lang)
    write_out(report.render(result, fmt, lang), output)
    if not result.clean:
        raise SystemExit(1)

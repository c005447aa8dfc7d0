"""`glokal check` and `glokal validate`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glokal.cli.context import Session, endpoint_option
from glokal.cli.report_options import ReportOptions, report_options
from glokal.core.errors import (
    ConfigError,
    InputError,
    SourceError,
    ToolError,
    UsageError,
)
from glokal.core.files.bounded_read import as_input, size_of
from glokal.rdf.rdf_input import FORMATS_BY_NAME
from glokal.store.from_environment import open_endpoint
from glokal.validation.localize import in_language
from glokal.validation.report import STEPS
from glokal.validation.shacl.engine_process import ENGINES

if TYPE_CHECKING:
    from glokal.dataset.workspace import Workspace


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
@click.option(
    "--watch",
    is_flag=True,
    help="Check again whenever a file of the project changes, until Ctrl-C.",
)
@endpoint_option
@report_options
@click.pass_obj
def check(
    session: Session,
    only: tuple[str, ...],
    source_text: Path | None,
    watch: bool,
    endpoint: str | None,
    outcome: ReportOptions,
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

    With --endpoint the hygiene, shacl and competency steps look at what the service
    holds, which must be what these sources say; the other steps are about files.

    In a folder with regions.toml each member is checked, and what may be one thing in
    several of them is proposed (docs/regions.md).

    \b
    Examples:
      glokal check
      glokal check --only syntax --only hygiene --lang en
    """
    if watch and (endpoint or outcome.write_baseline):
        raise UsageError(
            "--watch looks at files, and only looks.",
            remedy="leave out --endpoint and --write-baseline.",
        )
    if outcome.fmt == "turtle" and set(only) != {"shacl"}:
        raise UsageError(
            "Turtle is a report of SHACL; what other steps find has no place in it.",
            remedy="add --only shacl, or choose another format.",
        )
    if session.has_regions:
        from glokal.cli.regions import check_whole, refuse_options

        refuse_options(
            "glokal check", source_text=source_text, watch=watch, endpoint=endpoint
        )
        outcome.finish(check_whole(session, only, outcome.lang), session.folder)
        return
    if source_text is not None:
        with as_input():
            size_of(source_text, str(source_text))
    # What only one of the two commands needs, is imported by that one.
    from glokal.validation.pipeline import run_checks

    def run(workspace: Workspace) -> None:
        result = run_checks(
            workspace,
            only=only,
            text=source_text,
            lang=outcome.lang,
            progress=session.progress,
        )
        outcome.finish(result, workspace.project.root)

    if not watch:
        run(session.workspace_at(endpoint))
        return
    from glokal.cli.watch import again_and_again

    def once() -> None:
        # Findings end a single check; here the next change is waited for.
        with suppress(SystemExit):
            try:
                run(session.new_workspace())
            except (SourceError, ConfigError, ToolError) as error:
                session.say(str(error))

    again_and_again(session.folder, once, clear=sys.stdout.isatty())


@click.command(epilog="Exit codes: 0 conforms, 1 findings, 2 wrong use.")
@click.option(
    "--shapes",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True, allow_dash=True),
    help="A file or folder with SHACL shapes, or - for standard input; may be given "
    "more than once.",
)
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, allow_dash=True),
    help="A file or folder with the data, or - for standard input; may be given more "
    "than once.",
)
@click.option(
    "--data-format",
    type=click.Choice([*FORMATS_BY_NAME]),
    help="The format of the data files, whatever their endings. Standard input is "
    "Turtle without it.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Pass over what has this name below the given folders, such as '*.bak.ttl', "
    "old or test/**/bad-*; may be repeated.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="A SPARQL 1.1 service that has the data, instead of files.",
)
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="With --endpoint: take this named graph; may be given more than once.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="shacl is fast; pyshacl is the reference, for a second opinion.",
)
@click.option(
    "--allow-unsupported",
    "allowed",
    multiple=True,
    metavar="TERM",
    help="Go on without this term of the shapes (an IRI, prefix:name, or all); "
    "the report says so.",
)
@click.option(
    "--import",
    "imports",
    multiple=True,
    metavar="IRI=FILE",
    help="Where a graph that the shapes import (owl:imports) lies; may be repeated.",
)
@report_options
@click.pass_obj
def validate(
    session: Session,
    shapes: tuple[Path, ...],
    data: tuple[Path, ...],
    data_format: str | None,
    exclude: tuple[str, ...],
    endpoint: str | None,
    graphs: tuple[str, ...],
    engine: str,
    allowed: tuple[str, ...],
    imports: tuple[str, ...],
    outcome: ReportOptions,
) -> None:
    """Validate any RDF data against any SHACL shapes, with lines and columns.

    Reads Turtle, N-Triples, JSON-LD, RDF/XML, TriG, N-Quads and N3 by their endings,
    packed with gzip (.gz) or not, or takes from a SPARQL service what the shapes look
    at. Needs no project.

    \b
    Examples:
      glokal validate --shapes shapes/ --data data/ --data ontology/
      glokal validate --shapes shapes/ --endpoint https://data.example.org/sparql
    """
    if bool(data) == bool(endpoint) or (graphs and not endpoint):
        raise UsageError(
            "The data come from files or from a service.",
            remedy="give --data FILE, or --endpoint URL and maybe --graph IRI.",
        )
    if endpoint and outcome.changed_since:
        raise UsageError(
            "The data of a service are not under Git.",
            remedy="leave out --changed-since, or name the files with --data.",
        )
    try:
        if endpoint:
            from glokal.validation.shacl.validate_endpoint import validate_endpoint

            result = validate_endpoint(
                shapes,
                open_endpoint(endpoint, graphs),
                engine=engine,
                lang=outcome.lang,
                allowed=allowed,
                progress=session.progress,
            )
        else:
            from glokal.validation.shacl.validate_files import (
                ReadingOptions,
                validate_files,
            )

            result = validate_files(
                shapes,
                data,
                engine=engine,
                lang=outcome.lang,
                options=ReadingOptions(
                    allowed,
                    imports,
                    exclude,
                    FORMATS_BY_NAME[data_format] if data_format else None,
                ),
                progress=session.progress,
            )
    except InputError as error:
        raise in_language(error, outcome.lang) from error
    outcome.finish(result, Path.cwd())

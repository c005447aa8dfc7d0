"""`glokal lsp`."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.cli.language import lang_option
from glokal.core.languages import PAGE_LANGUAGES


@click.command(epilog="Exit codes: 0 the editor has ended it, 2 wrong use.")
@lang_option("Language of what is said.", PAGE_LANGUAGES)
@click.option(
    "--shapes",
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder with the SHACL shapes to check by; the project's own "
    "without it.",
)
def lsp(lang: str, shapes: Path | None) -> None:
    """Serve an editor that writes Turtle, by the Language Server Protocol.

    An editor starts it and speaks to it over standard input and output: see
    docs/editors.md. It shows faults of syntax and SHACL while one writes, what a term
    means, where it is described, which terms there are, and fixes for misspelt ones.

    \b
    Examples:
      glokal lsp --help
      glokal lsp --lang en --shapes shapes/
    """
    from glokal.core.sandbox import close_network
    from glokal.lsp.server import make_language_server

    # Shapes hold queries, and a folder may be a stranger's.
    close_network()
    server = make_language_server(lang, shapes)
    try:
        server.start_io()
    finally:
        server.close()

"""`glokal docs`."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from glokal.cli.init import write_project
from glokal.cli.messages import said, told
from glokal.core.errors import UsageError
from glokal.core.settings import shared_folder
from glokal.dataset.canned_queries import closest

_ENDING = ".md"


@click.command(epilog="Exit codes: 0 written, 2 wrong use.")
@click.argument("name", required=False)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write all documents into this new folder, to read or to print.",
)
def docs(name: str | None, folder: Path | None) -> None:
    """List the documents that come with Glokal, or write one of them.

    The guides, the settings, the server, the portals: what messages mean by
    “docs/regions.md”. NAME is the name of a document, with or without docs/ and .md.
    They are Markdown, in English; two guides are in Norwegian as well.

    \b
    Examples:
      glokal docs
      glokal docs guide-new-region
      glokal docs docs/configuration.md
      glokal docs --folder glokal-docs
    """
    root = shared_folder("docs")
    if folder is not None:
        if name is not None:
            raise told(UsageError, "docs.both")
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        write_project(folder, files)
        click.echo(said("docs.written", files=len(files), folder=folder))
        return
    documents = {path.stem: path for path in sorted(root.glob(f"*{_ENDING}"))}
    if name is None:
        width = max(map(len, documents))
        for stem, path in documents.items():
            click.echo(f"{stem:{width}}  {_title(path)}")
        return
    asked = PurePosixPath(name.partition("#")[0]).name.removesuffix(_ENDING)
    if asked not in documents:
        raise told(
            UsageError, "docs.unknown", asked=name, near=closest(asked, documents)
        )
    click.echo(documents[asked].read_text(encoding="utf-8"), nl=False)


def _title(path: Path) -> str:
    """Return the heading of a document, which is its first line."""
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()

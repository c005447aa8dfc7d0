"""`glokal source`: import, find, reanchor."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glokal.cli.context import Session, output_option, wait_options, write_out
from glokal.cli.document_files import (
    passages_as_turtle,
    pictures_of_pages,
    read_and_cut,
    refuse_other_text,
    remove_old_pictures,
    write_files,
)
from glokal.cli.language import lang_option
from glokal.cli.messages import said, spoken, told
from glokal.core.errors import FindingsError, UsageError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.settings import load_project
from glokal.core.slugs import slugify

if TYPE_CHECKING:
    from glokal.source.extraction.documents import ReadDocument
    from glokal.source.extraction.passages import CutDocument

document_option = click.option(
    "--document", metavar="SLUG", help="Which document; else the only one."
)


@click.group()
def source() -> None:
    """Documents as passages: import one, find words, move to a new text."""


@source.command(
    "import", epilog="Exit codes: 0 read, 2 it can't be read, or wrong use."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--document", metavar="SLUG", help="Its name in IRIs; else the file's.")
@click.option("--language", help="The document's language; else the project's first.")
@click.option("--title", help="What it is called, if no title stands in it.")
@click.option("--plan", metavar="SLUG", default="", help="The plan that it documents.")
@lang_option("The language of the list of what was unsure.", PAGE_LANGUAGES)
@click.option("--no-pictures", is_flag=True, help="Make no pictures of the pages.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be.")
@wait_options
@click.pass_obj
def import_document(
    session: Session,
    file: Path,
    document: str | None,
    language: str | None,
    title: str | None,
    plan: str,
    lang: str,
    no_pictures: bool,
    dry_run: bool,
    wait: float,
) -> None:
    """Read a PDF, a Word document or a text into passages.

    A project may have several documents: a strategy, its action plan, the next
    strategy. What stands in a further one is cited with its title.

    Writes the text (source/SLUG.txt), the passages with their offsets (data/source.ttl,
    data/source/SLUG.ttl for further documents), how it was read and what is unsure
    (source/SLUG.md), and for a PDF a picture of each page with the passages drawn on
    it (source/SLUG-pages/). Read the list and look at the pictures before you go on.

    \b
    Examples:
      glokal source import plan.pdf
      glokal source import tiltak.docx --title "Tiltaksplan 2026"
    """
    from glokal.source.extraction.report import extraction_report
    from glokal.source.passage_turtle import own_title
    from glokal.source.project_documents import place_for, with_text

    project = load_project(session.folder)
    slug = _slug(document if document is not None else file.stem)
    if document is not None and slug != document:
        raise told(UsageError, "source.no_slug", value=repr(document), slug=slug)
    written_in = language or project.languages[0]
    lock = nullcontext() if dry_run else session.writing("source import", wait)
    with lock:
        name, names = place_for(project, slug)
        raw, read, cut = read_and_cut(file, written_in, project.languages)
        if there := with_text(project, cut.text):
            values = {"file": file.name, "document": there.slug, "there": there.name}
            raise told(UsageError, "source.same_text", **values)
        found = title or own_title(cut)
        names = replace(names, title=found or _title_of(file))
        files: dict[str, bytes] = {
            f"source/{slug}.txt": cut.text.encode(),
            name: passages_as_turtle(cut, names, read.kind, written_in, plan).encode(),
            f"source/{slug}.md": extraction_report(
                file.name, read.extraction, cut, lang
            ).encode(),
        }
        if read.kind == "pdf" and not no_pictures and not dry_run:
            files |= pictures_of_pages(slug, raw, cut)
        refuse_other_text(project, f"source/{slug}.txt", cut.text.encode())
        if not dry_run:
            write_files(project, files, "glokal source import")
            remove_old_pictures(project, slug, files)
    for path in files:
        if "-pages/" not in path:
            what = "common.would_be_written" if dry_run else "common.written"
            click.echo(said(what, file=path))
    _tell(read, cut, lang)
    if not found:
        click.echo(said("source.named_by_file", title=names.title, document=slug))


def _title_of(file: Path) -> str:
    """Return what a document is called by the name of its file."""
    words = " ".join(file.stem.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _tell(read: ReadDocument, cut: CutDocument, language: str) -> None:
    from glokal.source.extraction.report import doubt_text

    kinds: dict[str, int] = {}
    for passage in cut.passages:
        kinds[passage.kind] = kinds.get(passage.kind, 0) + 1
    counted = ", ".join(said(f"kinds.{kind}", n=n) for kind, n in sorted(kinds.items()))
    click.echo(said("source.passages", passages=len(cut.passages), kinds=counted))
    doubts = read.extraction.doubts
    click.echo(said("source.unsure", doubts=len(doubts)))
    for doubt in doubts:
        where = f"{said('source.page', page=doubt.page)}: " if doubt.page else ""
        text = f" «{doubt.text}»" if doubt.text else ""
        click.echo(f"  {where}{doubt_text(doubt, language)}.{text}")


def _slug(name: str) -> str:
    """Return the slug of a document by its name; UsageError when there is none."""
    result = slugify(name)
    if not result:
        raise told(UsageError, "source.gives_none", value=repr(name))
    return result


@source.command(epilog="Exit codes: 0 found, 1 only what is alike, 2 wrong use.")
@click.argument("words")
@document_option
@click.pass_obj
def find(session: Session, words: str, document: str | None) -> None:
    """Say which passage has these words.

    Case, spaces, signs and hyphens at the ends of lines make no difference. Where no
    passage has them, those most alike are shown.
    """
    from glokal.source.find import find_words
    from glokal.source.project_documents import one_document, project_documents
    from glokal.source.reanchor import letters_of

    if not letters_of(words):
        raise told(UsageError, "source.no_letters")
    project = load_project(session.folder)
    documents = (
        [one_document(project, document)]
        if document
        else list(project_documents(project).values())
    )
    exact = False
    any_found = False
    for of in documents:
        for match in find_words(of.passages(), words):
            exact |= match.exact
            any_found = True
            passage = match.passage
            reading = of.said(passage.iri, "readingText") or passage.text
            own = of.said(passage.iri, "citation", spoken())
            citation = own or of.said(passage.iri, "citation")
            score = said("source.alike", score=f"{match.score:.0f}")
            alike = "" if match.exact else f" ({score})"
            click.echo(f"{passage.iri}{alike}\n  {citation}\n  {reading}")
    if not any_found:
        click.echo(said("source.not_found"))
    if not exact:
        raise SystemExit(1)


@source.command(
    epilog="Exit codes: 0 all are found, 1 some aren't, or are in doubt, 2 wrong use."
)
@click.argument("file", type=click.Path(path_type=Path))
@document_option
@click.option("--write", is_flag=True, help="Write the passages at their new places.")
@click.option(
    "--choices",
    type=click.Path(path_type=Path),
    help="A list written by -o in which a person has settled what was in doubt.",
)
@lang_option("The language of the list of what was unsure.", PAGE_LANGUAGES)
@output_option
@wait_options
@click.pass_obj
def reanchor(
    session: Session,
    file: Path,
    document: str | None,
    write: bool,
    choices: Path | None,
    lang: str,
    output: Path | None,
    wait: float,
) -> None:
    """Find the passages of a document again in a new text of it.

    Says of each passage whether it is the same, moved, reworded, ambiguous or lost, and
    what is new. Nothing is written without --write; and with it nothing as long as a
    passage that something rests on is lost or ambiguous. With -o the list is written as
    CSV: fill in start and end of what you settle, and give it back with --choices. The
    list of what was unsure, and the pictures of the pages, are made anew.
    """
    from glokal.cli.reanchoring import (
        read_choices,
        rewrite_passages,
        tell,
        unsettled,
        written_list,
    )
    from glokal.source.extraction.report import extraction_report
    from glokal.source.project_documents import one_document
    from glokal.source.quotes_again import quotes_again
    from glokal.source.reanchor import Fate
    from glokal.source.reanchor import reanchor as find_again

    project = load_project(session.folder)
    lock = session.writing("source reanchor", wait) if write else nullcontext()
    with lock:
        old = one_document(project, document)
        raw, read, cut = read_and_cut(
            file, old.language or project.languages[0], project.languages
        )
        chosen = read_choices(choices, old, cut) if choices else {}
        result = find_again(old.passages(), cut, chosen)
        tell(result)
        if output is not None:
            write_out(written_list(result), output)
        if write:
            resting = unsettled(session.workspace.files, old, result)
            if resting:
                raise told(
                    FindingsError,
                    "reanchor.resting",
                    passages=len(resting),
                    names=", ".join(resting),
                )
            files = rewrite_passages(old, cut, result, project.things)
            files |= quotes_again(session.workspace.files, result.found)
            unsure = extraction_report(file.name, read.extraction, cut, lang)
            files[f"source/{old.slug}.md"] = unsure.encode()
            if (project.root / f"source/{old.slug}-pages").is_dir():
                files |= (
                    pictures_of_pages(old.slug, raw, cut) if read.kind == "pdf" else {}
                )
            write_files(project, files, "glokal source reanchor")
            remove_old_pictures(project, old.slug, files)
            for name in files:
                if "-pages/" not in name:
                    click.echo(said("common.written", file=name))
    if result.of(Fate.AMBIGUOUS, Fate.LOST):
        raise SystemExit(1)

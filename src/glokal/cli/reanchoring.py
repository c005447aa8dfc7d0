"""What `glokal source reanchor` says and writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import pyoxigraph as ox

from glokal.cli.messages import said, told
from glokal.core.errors import UsageError
from glokal.core.files.bounded_read import as_input
from glokal.core.namespaces import DCTERMS, GLO, XSD
from glokal.rdf.source_files import SourceFile, read_text
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.edit import edit_turtle
from glokal.source.documents import TEXTS
from glokal.source.extraction.citations import CITED_IN
from glokal.source.extraction.hyphens import Vocabulary
from glokal.source.extraction.passages import CutDocument
from glokal.source.passage_turtle import (
    DocumentNames,
    extent_of,
    passage_triples,
    text_digest,
)
from glokal.source.project_documents import FIRST, ProjectDocument
from glokal.source.reanchor import Fate, FoundAgain, Reanchored

_COLUMNS = ("passage", "status", "start", "end", "places", "old", "new")
_SHOWN = 90


def tell(result: Reanchored) -> None:
    """Say how many passages became what, and each that isn't the same."""
    for fate in Fate:
        found = result.of(fate)
        click.echo(said(f"reanchor.{fate.value}", n=len(found)))
        if fate == Fate.SAME:
            continue
        for f in found:
            name = f.old.iri.rpartition("/")[2]
            click.echo(f"  {name}: {_short(f.old.text)}")
            if fate == Fate.REWORDED:
                click.echo(f"    {said('reanchor.now', text=_short(f.text))}")
            for start, end in f.places:
                click.echo(f"    {said('reanchor.perhaps', start=start, end=end)}")
    click.echo(said("reanchor.new", n=len(result.new)))
    for passage in result.new:
        click.echo(f"  {passage.start}–{passage.end}: {_short(passage.reading)}")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def written_list(result: Reanchored) -> str:
    """Return what became of each passage as CSV; new ones have no name."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for f in result.found:
        place = (f.start, f.end) if f.start >= 0 else ("", "")
        places = " ".join(f"{start}-{end}" for start, end in f.places)
        writer.writerow((f.old.iri, f.fate.value, *place, places, f.old.text, f.text))
    for p in result.new:
        writer.writerow(("", "new", p.start, p.end, "", "", p.exact))
    return file.getvalue()


def read_choices(
    path: Path, old: ProjectDocument, cut: CutDocument
) -> Mapping[str, tuple[int, int]]:
    """Return the places that a person has settled, by the IRI of the passage.

    Only rows that were lost or ambiguous count. Raises UsageError for a row that names
    no passage or no stretch of the text.
    """
    with as_input():
        rows = list(csv.DictReader(io.StringIO(read_text(path, path.name))))
    known = {p.iri for p in old.passages()}
    results: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows, 2):
        if row.get("status") not in (Fate.LOST, Fate.AMBIGUOUS):
            continue
        start, end = row.get("start") or "", row.get("end") or ""
        if not start and not end:
            continue
        iri = row.get("passage") or ""
        inside = start.isdigit() and end.isdigit()
        if (
            iri not in known
            or not inside
            or not 0 <= int(start) < int(end) <= len(cut.text)
        ):
            raise told(
                UsageError,
                "reanchor.no_place",
                place=f"{path.name}:{number}",
                passage=iri or said("reanchor.no_passage"),
                start=start or "?",
                end=end or "?",
            )
        results[iri] = int(start), int(end)
    return results


def unsettled(
    files: Iterable[SourceFile], old: ProjectDocument, result: Reanchored
) -> list[str]:
    """Return the passages without a place that something rests on."""
    gone = {f.old.iri for f in result.of(Fate.LOST, Fate.AMBIGUOUS)}
    used = {
        text_of(t.object)
        for file in files
        for t in file.triples
        if text_of(t.object) in gone and text_of(t.subject) not in gone
    }
    return [f.old.iri for f in result.found if f.old.iri in used]


def rewrite_passages(
    old: ProjectDocument, cut: CutDocument, result: Reanchored, things: str
) -> dict[str, bytes]:
    """Return the files of a document with its passages at their new places.

    A passage keeps its IRI. What is new gets one by its place, another one where that
    is taken. Passages that are lost go; `unsettled` has seen that nothing needs them.
    """
    removed: list[ox.Triple] = []
    added: list[ox.Triple] = []
    words = Vocabulary(cut.text.split("\n"), frozenset())
    places = {f.old.iri: f for f in result.found if f.start >= 0}
    gone = {f.old.iri for f in result.found if f.start < 0}
    for t in old.triples:
        subject = text_of(t.subject)
        if subject in gone:
            removed.append(t)
            continue
        now = _now(t, old, cut, places.get(subject), words)
        if now is not None and now != t.object:
            removed.append(t)
            added.append(ox.Triple(t.subject, t.predicate, now))
    added += _new(old, cut, result, things)
    text = edit_turtle(old.text, old.name, removed, added, {})
    return {
        f"{TEXTS}/{old.slug}.txt": cut.text.encode(),
        old.name: text.encode(),
    }


def _now(
    t: ox.Triple,
    old: ProjectDocument,
    cut: CutDocument,
    found: FoundAgain | None,
    words: Vocabulary,
) -> ox.Literal | None:
    """Return what a property says from now on, None where it stays."""
    prop = t.predicate.value
    if text_of(t.subject) == old.iri:
        if prop == GLO + "textDigest":
            return ox.Literal(text_digest(cut.text))
        if prop == DCTERMS + "extent" and isinstance(t.object, ox.Literal):
            said = extent_of(cut.text, (t.object.language or CITED_IN[0],))
            return next(ox.Literal(x, language=lang) for lang, x in said.items())
        return None
    if found is None:
        return None
    match prop.removeprefix(GLO):
        case "startOffset":
            return _number(found.start)
        case "endOffset":
            return _number(found.end)
        case "exactText":
            return ox.Literal(found.text)
        case "readingText" if found.fate == Fate.REWORDED:
            language = t.object.language if isinstance(t.object, ox.Literal) else None
            reading = words.read(found.text.split("\n"))
            exact = [p for p in cut.passages if p.start == found.start]
            same = [p.reading for p in exact if p.end == found.end]
            return ox.Literal(same[0] if same else reading, language=language)
    return None


def _new(
    old: ProjectDocument, cut: CutDocument, result: Reanchored, things: str
) -> list[ox.Triple]:
    prefix = "" if old.name == FIRST else f"{old.slug}-"
    names = DocumentNames(things, old.slug, prefix, old.title)
    taken = {text_of(t.subject) for t in old.triples}
    iris: dict[int, str] = {}
    new: set[str] = set()
    for number, passage in enumerate(cut.passages):
        if passage in result.new:
            iri = names.passage(passage.start, passage.end)
            while iri in taken | new:
                iri += "-2"
            new.add(iri)
            iris[number] = iri
            continue
        iris[number] = next(
            f.old.iri
            for f in result.found
            if f.start >= 0 and f.start < passage.end and passage.start < f.end
        )
    triples = passage_triples(cut, names, old.language, iris)
    return [t for t in triples if text_of(t.subject) in new]


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))

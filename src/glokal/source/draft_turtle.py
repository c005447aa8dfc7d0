"""A draft as Turtle: what rows say without judgement, marked on each thing.

It stands in `drafts/`, which no graph is read from. What a person has confirmed or
declined is no longer in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.files.symlinks import leads_out
from glokal.core.namespaces import GLO, RDFS
from glokal.core.settings import Project
from glokal.rdf.source_files import SourceFile, read_file
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.formatter import write_turtle
from glokal.rdf.turtle.source_map import Locator
from glokal.source.draft_known import SUBJECT_AREA, KnownThings, kinds
from glokal.source.draft_rows import COLUMNS, ELEMENTS, THINGS, DraftRow
from glokal.source.draft_statements import MARK, Statements, marked
from glokal.source.project_documents import ProjectDocument

FOLDER = "drafts"


def draft_file(slug: str) -> str:
    """Return the file of the draft of a document, by its slug."""
    return f"{FOLDER}/{slug}.ttl"


def draft_turtle(
    rows: Iterable[DraftRow],
    known: KnownThings,
    base: str,
    languages: Sequence[str],
    document: ProjectDocument,
) -> str:
    """Return the draft of the rows that the project doesn't have; "" without any.

    `known` takes up what is drafted.
    """
    drafting = Statements(known, base, languages)
    plan = document.plan or document.slug
    for row in rows:
        if not row.done:
            _say(row, drafting, f"{known.things}plan/{plan}")
    triples = [t for of in drafting.added.values() for t in of]
    return write_turtle(marked(triples), drafting.prefixes()) if triples else ""


def drafted_passages(project: Project, slug: str) -> set[str]:
    """Return the passages that the draft of a document says something by.

    Raises SourceError for a file that can't be read.
    """
    path = project.root / draft_file(slug)
    if not path.is_file():
        return set()
    return {
        text_of(t.object)
        for t in _read(project, path).triples
        if t.predicate.value in (GLO + "statedIn", GLO + "affirmedIn")
    }


def unconfirmed(project: Project) -> Iterator[tuple[ox.NamedNode, Place, str]]:
    """Yield each thing of a draft with its place, and the slug of its document.

    Raises SourceError for a file that can't be read.
    """
    for path in sorted((project.root / FOLDER).glob("*.ttl")):
        file = _read(project, path)
        places = Locator(file)
        for iri in sorted(marked_things(file.triples), key=str):
            place = places.subject(iri.value)
            yield iri, place or Place(file.name), path.stem


def marked_things(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """Return the things that have the mark of a draft."""
    return {
        t.subject
        for t in triples
        if (t.predicate.value, text_of(t.object)) == MARK
        and isinstance(t.subject, ox.NamedNode)
    }


def _read(project: Project, path: Path) -> SourceFile:
    """Return a file of drafts. Whoever ships a project could point at any file."""
    name = path.relative_to(project.root).as_posix()
    if leads_out(project.root, path):
        raise SourceError(
            "This is a link that leads out of the project.",
            remedy="take it away; glokal draft writes the file anew.",
            place=Place(name),
        )
    return read_file(path, name, "", FOLDER)


def _say(row: DraftRow, drafting: Statements, plan: str) -> None:
    names = {
        column.removeprefix("name_"): value
        for column, value in row.values.items()
        if column.startswith("name_")
    }
    kind = kinds().get(row.values.get("kind", ""))
    file = FOLDER
    if row.sheet == THINGS and kind:
        drafting.thing(kind, names, row.passage)
    elif row.sheet == THINGS:
        if row.key.startswith("plan/"):
            drafting.thing(kinds()["StrategicPlan"], names, row.passage, row.key)
        else:
            # What the row of a table is, a person says.
            iri = drafting.known.things + row.key
            drafting.label(file, iri, RDFS + "label", names, row.passage)
    elif row.sheet == COLUMNS:
        iri = drafting.code(names, row.key)
        drafting.label(file, iri, "", {}, row.passage)
    elif row.sheet == ELEMENTS:
        texts = {
            part: {
                column.rpartition("_")[2]: value
                for column, value in row.values.items()
                if column.startswith(f"{part}_")
            }
            for part in ("name", "statement")
        }
        number = row.values.get("number", "")
        drafting.element(kind, texts, number, plan, row.passage, row.key)
    else:
        known = drafting.known
        municipality = known.named("municipality", row.values["municipality"])
        authority = drafting.authority_of(municipality) if municipality else ""
        area = known.named(SUBJECT_AREA, row.values["area"])
        activity = drafting.thing(kinds()["InternationalActivity"], names, row.passage)
        if authority:
            drafting.participation(activity, authority, row.passage)
        drafting.entry(row.key, authority, area, activity, row.passage, row.quote)

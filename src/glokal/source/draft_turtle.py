"""A draft as Turtle: what rows say without judgement, marked on each thing.

It stands in `drafts/`, which no graph is read from. What a person has confirmed or
declined is no longer in it. Memberships, and reasons for passages that say nothing, are
asked for in the workbook alone: they are judgement through and through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glokal.core.namespaces import RDFS
from glokal.rdf.turtle.formatter import write_turtle
from glokal.source.draft_files import FOLDER
from glokal.source.draft_known import SUBJECT_AREA, KnownThings, kinds
from glokal.source.draft_row import (
    COLUMNS,
    ELEMENTS,
    ENTRIES,
    PARTNERS,
    THINGS,
    DraftRow,
    parts_of,
)
from glokal.source.draft_statements import EntryCell, Statements, with_draft_marks
from glokal.source.project_documents import ProjectDocument


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
    return (
        write_turtle(with_draft_marks(triples), drafting.prefixes()) if triples else ""
    )


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
        code = kinds()[row.values["read_as"]]
        code = code if code.file == "codes" else kinds()["SubjectArea"]
        iri = drafting.code(names, row.key, code)
        drafting.label(file, iri, "", {}, row.passage)
    elif row.sheet == PARTNERS:
        # What they are, a person says.
        iri = drafting.known.things + row.key
        drafting.label(file, iri, RDFS + "label", names, row.passage)
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
    elif row.sheet == ENTRIES:
        known = drafting.known
        whose = [drafting.holder(n) for n in parts_of(row.values["municipality"])]
        areas = parts_of(row.values["area"])
        area = known.named(SUBJECT_AREA, areas[0]) if areas else ""
        of = kind or kinds()["InternationalActivity"]
        activity = drafting.thing(of, names, row.passage)
        for authority in filter(None, whose):
            drafting.participation(activity, authority, row.passage)
        if kind and not areas:
            return
        holder = next(iter(whose), "")
        cell = EntryCell(row.key, holder, area, activity, row.quote)
        drafting.entry(cell, row.passage)

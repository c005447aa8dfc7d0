"""Sheets for a meeting: one page for each municipality and one for the region.

What a politician is handed: what the strategy lists, with whom and under what, what it
says twice, what it doesn't say, and what is over by now. The page is made for paper,
and the same content comes as a PDF (`glokal.site.sheet_pdf`) where that can be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from glokal.core.files.data_files import PDF
from glokal.core.settings import Project
from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.graph_view import Fact, GraphView, Value
from glokal.site.page_queries import rows
from glokal.site.pages.comparison import (
    compare,
    compared_municipalities,
    joined_names,
    mapped,
)
from glokal.site.pages.ended import ended_things
from glokal.site.pages.gaps import mapping
from glokal.site.pages.home import abroad, matrix
from glokal.site.pages.sheet_rows import (
    NumberedSources,
    Rows,
    counted,
    disputes,
    ended_rows,
    entry_rows,
    shared_rows,
)
from glokal.site.pages.thing_summary import ThingSummary, thing_summary
from glokal.site.relations import RelationIndex
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges, ReportedLine
from glokal.site.sheet_pdf import can_make_pdf, sheet_pdf
from glokal.site.translations import date_in


@dataclass(frozen=True)
class SheetPart:
    """A part with a heading: a note, and a table or, without columns, a list.

    The cells of a row of a list follow each other as text; a list may be `numbered`.
    """

    heading: str
    note: str
    columns: tuple[str, ...]
    rows: Rows
    numbered: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: what it is about (None for the region), its lines and its parts."""

    slug: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    parts: tuple[SheetPart, ...]


def write_sheets(
    view: GraphView,
    cited: Cited,
    pages: PageRenderer,
    workspace: Workspace,
    changes: ReportedChanges,
) -> None:
    """Write the sheets in each language; none where nothing can be compared."""
    every = compared_municipalities(view, workspace)
    if not every:
        return
    net = RelationIndex(workspace)
    for lang in pages.project.languages:
        words = pages.words[lang]
        sheets = {
            "": region_sheet(view, cited, workspace, net, lang, words),
            **{
                iri: municipality_sheet(view, cited, workspace, net, iri, lang, words)
                for iri in every
            },
        }
        for iri, sheet in sheets.items():
            told = changes.about_any(view.together(iri)) if iri else changes.all
            since = _since(changes.lines(told, lang, words), words)
            *own, last = sheet.parts
            sheet = replace(sheet, parts=(*own, *since, last))
            start = words["paths"]["sheets"]
            pages.render(
                "sheet.html",
                lang,
                {
                    o: pages.words[o]["paths"]["sheets"] + _folder(sheet.slug)
                    for o in pages.project.languages
                },
                sheet.title,
                description=sheet.lead,
                crumbs=[(words["sheets"], start if iri else "")]
                + ([(view.link(iri, lang).text, "")] if iri else []),
                sheet=sheet,
                others=[
                    (view.link(o, lang), start + _folder(sheets[o].slug), o == iri)
                    for o in every
                ],
                pdf=_write_pdf(pages, sheet, lang) if can_make_pdf() else "",
                searchable=False,
            )


def sheet_path(iri: str, words: Mapping[str, Any]) -> str:
    """Return the path of a municipality's sheet, below the language's root."""
    return str(words["paths"]["sheets"]) + _folder(iri.rpartition("/")[2])


def municipality_sheet(
    view: GraphView,
    cited: Cited,
    workspace: Workspace,
    net: RelationIndex,
    iri: str,
    lang: str,
    words: Mapping[str, Any],
) -> Sheet:
    """Return the sheet of a municipality."""
    w, name = words["sheet"], view.link(iri, lang).text
    entries = mapped(workspace)
    own = [e for e in entries if e.municipality == iri]
    brief = thing_summary(view, net, iri, lang, words)
    things = dict.fromkeys(e.thing for e in own)
    sources = NumberedSources()
    parts = (
        _part(w["entries"], w["entries_note"],
              entry_rows(view, cited, own, entries, sources, lang, words),
              *w["entries_columns"]),
        _part(words["conflicts"], "",
              disputes(view, rows(workspace, "conflicts"), lang, iri)),
        _part(w["gaps"], w["gaps_note"],
              _gaps(view, workspace, iri, brief, lang, words)),
        _part(w["ended"], w["ended_note"],
              ended_rows(ended_things(view, things, lang)), *w["ended_columns"]),
    )  # fmt: skip
    return Sheet(
        iri.rpartition("/")[2],
        w["of_municipality"].format(name=name),
        w["lead"].format(name=name, number=len(things), entries=len(own)),
        brief.facts,
        _parts(parts, sources, w),
    )


def region_sheet(
    view: GraphView,
    cited: Cited,
    workspace: Workspace,
    net: RelationIndex,
    lang: str,
    words: Mapping[str, Any],
) -> Sheet:
    """Return the sheet of the region."""
    w = words["sheet"]
    entries, every = mapped(workspace), compared_municipalities(view, workspace)
    squares, cells = matrix(view, workspace, lang), mapping(view, workspace, lang)
    compared = compare(view, cited, entries, every, lang, words, net.disputed)
    shared = next((p.rows for p in compared if p.name == "shared"), ())
    names = view.linked(every, lang)
    gaps = [
        (
            (view.link(iri, lang),),
            _empty(view, workspace, iri, lang),
            thing_summary(view, net, iri, lang, words).silent,
        )
        for iri in every
    ]
    none: tuple[Value, ...] = (Value("–"),)
    sources = NumberedSources()
    parts = (
        _part(words["glance"], words["glance_note"],
              counted((p, [(s.count, s.href) for s in r]) for p, r in squares.rows),
              words["municipality"], *(v.text for v in squares.columns)),
        _part(words["areas"], words["open_cells_caption"],
              counted((p, [(c.count, c.href) for c in r]) for p, r in cells.rows),
              words["municipality"], *(v.text for v in cells.columns)),
        _part(words["compare_parts"]["shared"], "",
              shared_rows(shared, names, sources, words), *w["shared_columns"]),
        _part(words["abroad"], words["abroad_caption"],
              tuple(((a.place,), (Value(str(a.count)),), a.municipalities or none,
                     sources.numbers(a.sources))
                    for a in abroad(view, cited, workspace, lang, words)),
              words["countries"], words["abroad_count"], words["municipalities"],
              words["sources_column"]),
        _part(w["gaps"], w["gaps_note"],
              tuple(tuple(cell or none for cell in row) for row in gaps),
              *w["gaps_columns"]),
        _part(words["conflicts"], "",
              disputes(view, rows(workspace, "conflicts"), lang)),
        _part(w["ended"], w["ended_note"],
              ended_rows(ended_things(view, (e.thing for e in entries), lang)),
              *w["ended_columns"]),
    )  # fmt: skip
    return Sheet(
        "",
        w["of_region"],
        w["region_lead"].format(names=joined_names(names, words)),
        (),
        _parts(parts, sources, w),
    )


def _parts(
    parts: Sequence[SheetPart], sources: NumberedSources, words: Mapping[str, Any]
) -> tuple[SheetPart, ...]:
    """Return the parts that say something, then where it stands in the strategy."""
    last = SheetPart(words["sources"], "", (), sources.listed(), numbered=True)
    return tuple(_without_empty(p) for p in (*parts, last) if p.rows)


def _without_empty(part: SheetPart) -> SheetPart:
    """Return a part without the columns that have a dash in each row."""
    kept = [
        n
        for n in range(len(part.columns))
        if any(row[n] != (Value("–"),) for row in part.rows)
    ]
    if len(kept) == len(part.columns):
        return part
    rows = tuple(tuple(row[n] for n in kept) for row in part.rows)
    return replace(part, columns=tuple(part.columns[n] for n in kept), rows=rows)


def _gaps(
    view: GraphView,
    workspace: Workspace,
    iri: str,
    brief: ThingSummary,
    lang: str,
    words: Mapping[str, Any],
) -> Rows:
    w = words["sheet"]
    results: list[tuple[tuple[Value, ...], ...]] = []
    if empty := _empty(view, workspace, iri, lang):
        results.append(((Value(w["no_area"]),), empty))
    if brief.silent:
        results.append(((Value(w["no_programme"]),), brief.silent))
    results.append(((Value(w["no_contact"]),),))
    return tuple(results)


def _since(
    lines: Sequence[ReportedLine], words: Mapping[str, Any]
) -> tuple[SheetPart, ...]:
    """Return what has been reported since, as a part; none without a report."""
    found = tuple(
        (
            (Value(line.kind),),
            (line.what, *line.details),
            (Value(line.date),),
            tuple(v for v in (line.source, line.vouched) if v.text),
        )
        for line in lines
    )
    columns = words["sheet"]["since_columns"]
    return (_part(words["reported_box"], "", found, *columns),) if found else ()


def _empty(
    view: GraphView, workspace: Workspace, iri: str, lang: str
) -> tuple[Value, ...]:
    """Return the subject areas in which the mapping has nothing of a municipality."""
    cells = mapping(view, workspace, lang)
    own = next((r for p, r in cells.rows if p == view.link(iri, lang)), ())
    return tuple(
        area for area, cell in zip(cells.columns, own, strict=False) if not cell.count
    )


def _part(heading: str, note: str, found: Rows, *columns: str) -> SheetPart:
    return SheetPart(heading, note, columns, found)


def _folder(slug: str) -> str:
    return f"{slug}/" if slug else ""


def _write_pdf(pages: PageRenderer, sheet: Sheet, lang: str) -> str:
    """Write the PDF of a sheet and return its path, below the publication's root."""
    words = pages.words[lang]
    start = pages.home(lang) + words["paths"]["sheets"]
    name = f"{start}{sheet.slug or words['sheet']['region_file']}.pdf"
    home = pages.project.address + pages.home(lang)
    page = home + words["paths"]["sheets"] + _folder(sheet.slug)
    footer = sheet_footer(pages.project, page, lang, words)
    key = pages.kept.key(PDF, sheet, footer, home, pages.project.modified, lang)
    day = pages.project.modified
    pages.files.write(name, key, partial(sheet_pdf, sheet, footer, home, day, lang))
    return name


def sheet_footer(
    project: Project, page: str, lang: str, words: Mapping[str, Any]
) -> str:
    """Return what stands at the foot of each leaf: what this is, of when, and where.

    `page` is the address of the page that the leaf was made from.
    """
    day = date_in(project.modified.isoformat(), lang)
    parts: Sequence[str] = (
        project.title[lang],
        f"{words['version']} {project.version}, {day}",
        words["unofficial"] if project.unofficial else "",
    )
    return " ".join(f"{p.rstrip('.')}." for p in parts if p) + f" {page}"

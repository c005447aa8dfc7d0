"""Sheets for a meeting: one page for each municipality and one for the region.

What a politician is handed: what the strategy lists, with whom and under what, what it
says twice, what it doesn't say, and what is over by now. The page is made for paper,
and the same content comes as a PDF (`glokal.site.sheet_pdf`) where that can be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from glokal.core.files.data_files import PDF
from glokal.core.settings import Project
from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import compared_municipalities
from glokal.site.page_values import Value
from glokal.site.page_words import date_in
from glokal.site.pages.sheet_contents import (
    SheetContents,
    SheetPart,
    municipality_sheet,
    region_sheet,
)
from glokal.site.relations import relation_index
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges, ReportedLine
from glokal.site.sheet_pdf import can_make_pdf, sheet_pdf


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
    net = relation_index(workspace)
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
    return (
        (SheetPart(words["reported_box"], "", tuple(columns), found),) if found else ()
    )


def _folder(slug: str) -> str:
    return f"{slug}/" if slug else ""


def _write_pdf(pages: PageRenderer, sheet: SheetContents, lang: str) -> str:
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

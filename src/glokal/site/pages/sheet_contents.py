"""What a sheet for a meeting says of a municipality, or of the region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.ended import all_ended, ended_things, with_those_in
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import compared_municipalities, mapped
from glokal.site.page_queries import rows
from glokal.site.page_values import Fact, Value
from glokal.site.pages.comparison import ComparedEntries, compare, joined_names
from glokal.site.pages.gaps import mapping
from glokal.site.pages.home import abroad
from glokal.site.pages.sheet_rows import (
    NumberedSources,
    Rows,
    disputes,
    ended_rows,
    entry_rows,
    is_number_column,
    names_with_counts,
    shared_rows,
)
from glokal.site.pages.thing_summary import ThingSummary, thing_summary
from glokal.site.programme_matrix import matrix
from glokal.site.relations import RelationIndex


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

    def numeric(self, column: int) -> bool:
        """Whether a column has numbers alone, and dashes for none."""
        return self._numeric[column]

    @cached_property
    def _numeric(self) -> tuple[bool, ...]:
        # It is asked of each cell.
        return tuple(
            is_number_column(row[n] for row in self.rows)
            for n in range(len(self.columns))
        )


@dataclass(frozen=True)
class SheetContents:
    """A sheet: what it is about (None for the region), its lines and its parts."""

    slug: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    parts: tuple[SheetPart, ...]


def municipality_sheet(
    view: GraphView,
    cited: Cited,
    workspace: Workspace,
    net: RelationIndex,
    iri: str,
    lang: str,
    words: Mapping[str, Any],
) -> SheetContents:
    """Return the sheet of a municipality."""
    w, name = words["sheet"], view.link(iri, lang).text
    entries = mapped(workspace)
    own = [e for e in entries if e.municipality == iri]
    brief = thing_summary(view, net, iri, lang, words)
    things = dict.fromkeys(e.thing for e in own)
    sources = NumberedSources()
    parts = (
        _part(w["entries"], w["entries_note"],
              entry_rows(view, cited, own, entries, sources, lang, words,
                         all_ended(view)),
              *w["entries_columns"]),
        _part(words["conflicts"], "",
              disputes(view, rows(workspace, "conflicts"), lang, iri)),
        _part(w["gaps"], w["gaps_note"],
              _gaps(view, workspace, iri, brief, lang, words)),
        *_over(view, net, things, lang, w),
    )  # fmt: skip
    return SheetContents(
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
) -> SheetContents:
    """Return the sheet of the region."""
    w = words["sheet"]
    entries, every = mapped(workspace), compared_municipalities(view, workspace)
    squares, cells = matrix(view, workspace, lang), mapping(view, workspace, lang)
    compared = compare(
        view, cited, ComparedEntries(entries, every, net.disputed), lang, words
    )
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
              names_with_counts(
                  (p, [(s.count, s.href) for s in r]) for p, r in squares.rows
              ),
              words["municipality"], *(v.text for v in squares.columns)),
        _part(words["areas"], words["open_cells_caption"],
              names_with_counts(
                  (p, [(c.count, c.href) for c in r]) for p, r in cells.rows
              ),
              words["municipality"], *(v.text for v in cells.columns)),
        _part(words["compare_parts"]["shared"], "",
              shared_rows(shared, names, sources, words), *w["shared_columns"]),
        _part(words["abroad"], words["abroad_caption"],
              tuple(((a.place,), (Value(str(a.count)),), a.municipalities or none,
                     sources.numbers(a.sources))
                    for a in abroad(view, cited, workspace, lang, words)),
              words["abroad_where"], words["abroad_count"], words["municipalities"],
              words["sources_column"]),
        _part(w["gaps"], w["gaps_note"],
              tuple(tuple(cell or none for cell in row) for row in gaps),
              *w["gaps_columns"]),
        _part(words["conflicts"], "",
              disputes(view, rows(workspace, "conflicts"), lang)),
        *_over(view, net, [e.thing for e in entries], lang, w),
    )  # fmt: skip
    return SheetContents(
        "",
        w["of_region"],
        w["region_lead"].format(names=joined_names(names, words)),
        (),
        _parts(parts, sources, w),
    )


def _over(
    view: GraphView,
    net: RelationIndex,
    things: Iterable[str],
    lang: str,
    words: Mapping[str, Any],
) -> tuple[SheetPart, ...]:
    """Return the activities that are over, and the organisations that are closed."""
    near = with_those_in(view, net, things)
    activity = f"{view.base}activity/"
    activities = [i for i in near if i.startswith(activity)]
    rest = [i for i in near if not i.startswith(activity)]
    return tuple(
        _part(
            words[name],
            words["ended_note"],
            ended_rows(ended_things(view, iris, lang)),
            *words[f"{name}_columns"],
        )
        for name, iris in (("ended", activities), ("closed", rest))
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

"""The sheets of a draft's workbook and their columns, from `draft_layout.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.languages import ByLanguage
from glokal.core.namespaces import CODE
from glokal.core.plurals import filled
from glokal.dataset.labels import Labels
from glokal.rdf.language_shapes import WRITTEN_OUT, code_languages
from glokal.source.draft_known import kinds
from glokal.source.draft_row import (
    COLUMNS,
    ENTRIES,
    MEMBERSHIPS,
    NAMES,
    PARTNERS,
    REST,
    SHEETS,
    THINGS,
    DraftRow,
    parts_of,
)
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.workbook.layout import BOOK_LANGUAGES

CERTAINTY = tuple(f"{CODE}reading-certainty/{n}" for n in ("certain", "editor-reading"))

SPHERES = tuple(
    f"{CODE}cooperation-sphere/{name}"
    for name in ("cross-border", "eea", "eu", "nordic")
)
# What is said of columns that have a place in the workbook, by their role.
_SAID_OF_COLUMNS = {
    **dict.fromkeys(("programme", "partner", "country", "area"), "choose"),
    "network": "memberships",
    "status": "states",
}
# Cells that list several of what may be chosen.
LISTS = ("sphere",)


@dataclass(frozen=True)
class DraftColumn:
    """A column: its name in code, its title, its width, whether it may be missing."""

    name: str
    title: str
    width: int
    optional: bool = False


def draft_columns(
    sheet: str, lang: str, languages: Sequence[str]
) -> tuple[DraftColumn, ...]:
    """Return the columns of a sheet; `languages` are those of names."""
    results = []
    if sheet == COLUMNS:
        # Where the pages are in bokmål and English, codes are in nynorsk as well.
        also = code_languages(WRITTEN_OUT) if {*languages} >= WRITTEN_OUT else ()
        if {*also} - {*languages}:
            languages = tuple(dict.fromkeys((*also, *languages)))
    for name in _details()["order"][sheet]:
        of = _details()["columns"][name]
        for language in languages if of.get("each") else [""]:
            title = language_column(name, language, lang)
            full = f"{name}_{language}" if language else name
            optional = bool(of.get("optional"))
            results.append(DraftColumn(full, title, of["width"], optional))
    return tuple(results)


def sheet_title(sheet: str, lang: str) -> str:
    """Return the title of a sheet."""
    return str(_details()["sheets"][sheet][lang])


def sheet_named(
    title: str, heads: Iterable[object], languages: Sequence[str]
) -> tuple[str, str]:
    """Return the sheet with a title, and the language; "" twice where there is none.

    Some titles are of several languages: what stands above the columns tells which.
    """
    named = [
        (sheet, lang)
        for sheet in SHEETS
        for lang in BOOK_LANGUAGES
        if sheet_title(sheet, lang) == title.strip()
    ]
    above = {str(head or "").strip() for head in heads}

    def fitting(of: tuple[str, str]) -> int:
        return sum(c.title in above for c in draft_columns(*of, languages))

    return max(named, key=fitting, default=("", ""))


def draft_words(lang: str) -> Mapping[str, Any]:
    """Return the title, the instructions and the words for yes and no."""
    words: Mapping[str, Any] = _details()["languages"][lang]
    return words


def is_yes(text: str) -> bool | None:
    """Return what a cell says in any of the languages, None for another text."""
    for answer, words in ((True, "yes"), (False, "no")):
        if any(text.casefold() in draft_words(lang)[words] for lang in BOOK_LANGUAGES):
            return answer
    return None


def draft_message(name: str, lang: str, **values: object) -> str:
    """Return what the command says."""
    return filled(str(_details()["said"][name][lang]), lang, **values)


def fault_text(name: str, lang: str, **values: object) -> str:
    """Return what is wrong with a cell, and what to do."""
    return str(_details()["faults"][name][lang]).format(**values)


def column_title(name: str, lang: str) -> str:
    """Return the title of a column that stands once."""
    return str(_details()["columns"][name][lang])


def language_name(language: str, lang: str) -> str:
    """Return what a language is called in the titles of columns."""
    return str(_details()["languages"][lang]["in"].get(language, language))


def language_column(name: str, language: str, lang: str) -> str:
    """Return the title of a column that stands for one of the languages."""
    shown = language_name(language, lang)
    return str(_details()["columns"][name][lang]).format(language=shown)


def reason_label(name: str, lang: str) -> str:
    """Return a reason why nothing rests on a passage, as the workbook offers it."""
    return str(_details()["reasons"][name][lang])


def unread_columns(rows: Iterable[DraftRow], lang: str) -> Iterator[str]:
    """Yield which columns of tables no statement is made of, in words, and which ones
    a person has to choose from.
    """
    # By column: the first cell, and how many rows show some.
    cells: dict[str, tuple[str, int]] = {}
    for row in rows:
        told = row.values.get("besides", "") if not row.done else ""
        # Without a heading it is a sentence that stands elsewhere.
        texts = [p.partition(": ") for p in parts_of(told) if ": " in p]
        for column in dict.fromkeys(head for head, *_ in texts):
            first = next(text for head, _, text in texts if head == column)
            example, number = cells.get(column, (first, 0))
            cells[column] = example, number + 1
    title = column_title("besides", lang)
    words = DraftVocabulary("")
    for column, (example, number) in cells.items():
        role = words.role(column)
        name = role if role in _SAID_OF_COLUMNS else "unread"
        yield draft_message(
            _SAID_OF_COLUMNS.get(name, name), lang,
            column=column, number=number, example=example, title=title,
            sheet=sheet_title(MEMBERSHIPS, lang),
        )  # fmt: skip


def choices_of(sheet: str, labels: Labels, lang: str) -> dict[str, dict[str, str]]:
    """Return what each label stands for that may be chosen, by column: an IRI, or the
    name of a reason, or of what a column is that is set aside.
    """

    def named(on: str, *paths: str) -> dict[str, str]:
        found = [
            kind.iri
            for kind in kinds().values()
            if on in kind.sheets and (not paths or kind.path in paths)
        ]
        return {labels.of(iri, lang): iri for iri in found}

    spheres = {labels.of(iri, lang): iri for iri in SPHERES}
    if sheet == COLUMNS:
        roles = {of[lang]: name for name, of in _details()["roles"].items()}
        return {"read_as": named(COLUMNS) | roles, "sphere": spheres}
    if sheet == MEMBERSHIPS:
        return {"network_kind": named(MEMBERSHIPS)}
    if sheet == REST:
        return {
            "reason": {of[lang]: name for name, of in _details()["reasons"].items()}
        }
    if sheet == NAMES:
        named_in = (THINGS, ENTRIES, PARTNERS, MEMBERSHIPS)
        return {"kind": {k: v for on in named_in for k, v in named(on).items()}}
    result = {"kind": named(sheet)}
    if sheet in (THINGS, ENTRIES):
        result["sphere"] = spheres
    if sheet == ENTRIES:
        result["certainty"] = {labels.of(iri, lang): iri for iri in CERTAINTY}
        result["partner_kind"] = named(ENTRIES, "organisation")
    return result


def column_roles() -> Collection[str]:
    """Return what a column may be that is no area, group or programme."""
    roles: Mapping[str, Any] = _details()["roles"]
    return roles.keys()


def reason_texts(name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return a reason why nothing rests on a passage, in each language that has it."""
    told: Mapping[str, str] = _details()["reasons"][name]
    return ByLanguage[str](told).among(languages)


@cache
def _details() -> dict[str, Any]:
    file = resources.files("glokal.workbook").joinpath("draft_layout.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

"""The rows of a question as a workbook for people: words, links, where it is from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from glokal.core.namespaces import LICENCE_NAMES
from glokal.core.xlsx import Cell, Sheet, write_styled
from glokal.site.answer_tables import AnswerTable
from glokal.site.page_values import Value
from glokal.site.page_words import date_in
from glokal.site.renderer import PageRenderer

BOOK = "table.xlsx"
# A number that a spreadsheet may reckon with: its digits are all kept.
_NUMBER = re.compile(r"0|[1-9]\d{0,14}")


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question as it was asked, with its answer.

    `path` is its page's below the language's root, `chosen` what was chosen there:
    what it is, and its name.
    """

    lang: str
    path: str
    title: str
    chosen: tuple[tuple[str, str], ...]
    answer: AnswerTable


def write_answer_workbook(pages: PageRenderer, asked: AnsweredQuestion) -> None:
    """Write the rows, and on a second sheet what they are and where they are from."""
    write_workbook(pages, f"{pages.own_home(asked.lang)}{asked.path}{BOOK}", asked)


def write_workbook(pages: PageRenderer, path: str, asked: AnsweredQuestion) -> None:
    """Write the workbook of an answer to a path below the root."""
    sheets = _sheets(pages, asked)
    key = pages.kept.key(BOOK, sheets)
    pages.files.write(path, key, partial(write_styled, sheets))


def _sheets(pages: PageRenderer, asked: AnsweredQuestion) -> list[Sheet]:
    lang, project, words = asked.lang, pages.project, pages.words[asked.lang]
    root = project.address + pages.home(lang)
    page = project.address + pages.own_home(lang) + asked.path
    rows = [[_cell(values, root) for values in row] for row in asked.answer.rows]
    licence = LICENCE_NAMES[project.licence]
    about = [
        *((what, Cell(name)) for what, name in asked.chosen),
        (words["sheet_page"], Cell(page, page)),
        (words["sheet_from"], Cell(project.title[lang], root)),
        (words["views"], Cell(_view(pages, lang))),
        (words["version"], Cell(project.version)),
        (words["sheet_changed"], Cell(date_in(project.modified.isoformat(), lang))),
        (words["rights"], Cell(licence, project.licence)),
    ]
    if project.unofficial:
        about.append(("", Cell(words["unofficial"])))
    return [
        Sheet(words["rows"], asked.answer.columns, rows),
        Sheet(
            words["sheet_about"],
            (words["sheet_asked"], asked.title),
            [[Cell(word), details] for word, details in about],
        ),
    ]


def _view(pages: PageRenderer, lang: str) -> str:
    words, day = pages.words[lang], pages.project.modified.isoformat()
    if not pages.of_reported:
        return str(words["view_strategy"])
    return str(words["reported_title"]).format(date=date_in(day, lang))


def _cell(values: Sequence[Value], root: str) -> Cell:
    text = ", ".join(value.text for value in values)
    hrefs = [value.href for value in values if value.href]
    # A cell has one link; where there are several, none says what the others are.
    link = hrefs[0] if len(hrefs) == 1 else ""
    if link and "://" not in link:
        link = root + link
    return Cell(int(text) if _NUMBER.fullmatch(text) else text, link)

"""The answer to a canned question in a sentence, made from its rows by a template.

How a template is written `glokal.dataset.answer_template` says.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.locales import plural_category
from glokal.core.text_tables import texts
from glokal.dataset.answer_template import (
    DISPUTED,
    NOT_STATED,
    PARTLY,
    WHEN,
    AnswerTemplate,
    answer_language,
)
from glokal.rdf.terms import Term, text_of
from glokal.sparql.store_interface import Row, Table

# So many items are named; of more the table tells.
_NAMED = 12


def number_in_words(number: int, written: Sequence[str]) -> str:
    """Return a number as it is written in a text; `written` has those from two on."""
    return written[number - 2] if 2 <= number < len(written) + 2 else str(number)


def answer_sentence(
    template: AnswerTemplate,
    table: Table,
    chosen: Mapping[str, str],
    lang: str,
    shown: Callable[[Term | None], str] = text_of,
) -> str:
    """Return the answer that a table of rows gives, in words.

    `chosen` has the names of what the parameters were given, by parameter. `shown`
    gives the text of a cell, such as a date in words.
    """
    lang = answer_language(template, lang)
    forms = template.forms[lang]
    words = template.words.get(lang) or texts("sentence")[lang]
    items = _items(template, table)
    place = table.columns.index(template.of[0])
    known = [item for item in items if item[0][place] is not None]
    silent = [item for item in items if item[0][place] is None]
    if "" in chosen.values():
        # The parameter has no value: the data have no such thing.
        return str(words["nothing"])
    writer = _Writer(table, chosen, words, shown)
    apart = [item for item in known if DISPUTED in forms and writer.is_disputed(item)]
    known = [item for item in known if item not in apart]
    number = writer.number(len(known))
    about = {
        "items": writer.by_kind(template.item[lang], known, template.by),
        "unknown": writer.listed(writer.texts(template.unknown[lang], silent)),
        DISPUTED: writer.listed(writer.texts(template.item[lang], apart, marked=False)),
        "count": number,
        "Count": number.capitalize(),
    }
    values = {text_of(item[0][place]): item for item in reversed(known)}
    for case, form in forms.items():
        if case.startswith(WHEN) and (found := values.get(case.removeprefix(WHEN))):
            return writer.fill(form, found, about)
    if not (known or silent):
        form = forms["none"]
    elif not known:
        form = forms.get("silent", forms["none"])
    else:
        category = "one" if len(known) == 1 else plural_category(len(known), lang)
        form = forms.get(category, forms["many"])
        if silent and "rest" in forms:
            form = f"{form} {forms['rest']}"
    if apart:
        form = f"{form} {forms[DISPUTED]}"
    sentence = writer.fill(
        form, [row for item in known or silent for row in item], about
    )
    certain = (item for item in known if not writer.is_disputed(item))
    partly = [row for item in certain for row in item if is_disputed(table, row)]
    if partly and PARTLY in forms:
        sentence = f"{sentence} {writer.fill(forms[PARTLY], partly, about)}"
    return sentence


@dataclass(frozen=True)
class _Writer:
    """Writes the parts of a sentence about a table, in the words of a language."""

    table: Table
    chosen: Mapping[str, str]
    words: Mapping[str, Any]
    shown: Callable[[Term | None], str]

    def by_kind(self, text: str, items: Sequence[Sequence[Row]], by: str) -> str:
        """Return items as a list, or as one for each value of a column."""
        if not by:
            return self.listed(self.texts(text, items))
        column = self.table.columns.index(by)
        kinds: dict[str, list[Sequence[Row]]] = {}
        for item in items:
            # Named under two kinds it would be counted twice; the first says most.
            kinds.setdefault(text_of(item[0][column]), []).append(item)
        named = {
            kind: self.texts(text, group, marked=False) for kind, group in kinds.items()
        }
        return "; ".join(
            f"{kind} ({len(names)}): {self.listed(names)}"
            for kind, names in named.items()
        )

    def texts(
        self, text: str, items: Iterable[Sequence[Row]], *, marked: bool = True
    ) -> list[str]:
        """Return the text of each item, those that are alike once.

        It is `marked` where the sources disagree on all that it rests on, unless that
        stands there already.
        """
        texts = []
        for rows in items:
            # What an item lacks leaves its brackets empty.
            item = _without_repetition(self.fill(text, rows, {}).replace(" ()", ""))
            mark = self._mark(rows) if marked else ""
            texts.append(item if mark in item else f"{item} ({mark})")
        return list(dict.fromkeys(texts))

    def listed(self, texts: Sequence[str]) -> str:
        """Return texts as a list in a sentence, of many the first and how many more."""
        named = list(texts)
        if len(named) > _NAMED:
            more = self.number(len(named) - _NAMED + 1)
            named = [*named[: _NAMED - 1], self.words["more"].format(number=more)]
        *first, last = named or [""]
        if not first:
            return last
        last_link = f" {self.words['and']} "
        # A text with a comma or an "and" of its own would run into the next.
        if any(", " in text or last_link in text for text in named):
            return f"{'; '.join(first)};{last_link}{last}"
        return f"{', '.join(first)}{last_link}{last}"

    def number(self, number: int) -> str:
        """Return a number as it is written in a text."""
        return number_in_words(number, self.words["numbers"])

    def fill(self, text: str, rows: Sequence[Row], about: Mapping[str, str]) -> str:
        """Return a template with its fields filled from rows, or by what they say."""
        parts = string.Formatter().parse(text)
        return "".join(
            literal + (self._value(field, rows, about) if field else "")
            for literal, field, _, _ in parts
        )

    def _value(self, field: str, rows: Sequence[Row], about: Mapping[str, str]) -> str:
        if field in about:
            return about[field]
        if field in self.chosen:
            return self.chosen[field]
        name = field.rstrip("*+")
        if name not in self.table.columns:
            return ""
        place = self.table.columns.index(name)
        cells = [row[place] for row in rows if row[place] is not None]
        if field.endswith("+"):
            return str(sum(int(text_of(cell)) for cell in cells))
        values = [self.shown(cell) for cell in cells]
        if field.endswith("*"):
            # A value with a comma of its own would run into the next.
            between = "; " if any(", " in value for value in values) else ", "
            return between.join(dict.fromkeys(values))
        return values[0] if values else ""

    def is_disputed(self, rows: Sequence[Row]) -> bool:
        """Whether the sources disagree on all that an item rests on."""
        # What one row says is said, whatever is disputed in another.
        return all(is_disputed(self.table, row) for row in rows)

    def _mark(self, rows: Sequence[Row]) -> str:
        if "relationLabel" not in self.table.columns or not self.is_disputed(rows):
            return ""
        return text_of(rows[0][self.table.columns.index("relationLabel")])


def _without_repetition(item: str) -> str:
    """Return an item without brackets that say what those before them say."""
    before, _, last = item.rpartition(" (")
    return before if before.endswith(f"({last}") else item


def is_disputed(table: Table, row: Row) -> bool:
    """Whether a row says by its column `relation` that the sources disagree."""
    return _relation(table, row) == DISPUTED


def is_silent(table: Table, row: Row) -> bool:
    """Whether a row says by its column `relation` that the source says nothing."""
    return _relation(table, row) == NOT_STATED


def _relation(table: Table, row: Row) -> str:
    columns = table.columns
    return text_of(row[columns.index("relation")]) if "relation" in columns else ""


def _items(template: AnswerTemplate, table: Table) -> list[list[Row]]:
    """Return the rows of each item, in the order of the answer."""
    places = [table.columns.index(name) for name in template.of]
    items: dict[tuple[object, ...], list[Row]] = {}
    for row in table.rows:
        key = tuple(row[place] for place in places)
        # What is open in two rows isn't one thing.
        unique = (*key, len(items)) if key[0] is None else key
        items.setdefault(unique, []).append(row)
    return list(items.values())

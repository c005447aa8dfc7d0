"""What a page adds to the cells of an answer: what has ended, where the source differs.

The rows themselves, and the files of them, stay as the question has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.dataset.answer_sentence import is_disputed
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import AnswerTable
from glokal.site.ended import all_ended, with_end
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.sparql.store_interface import Row, Table

# What a membership or a participation ties together.
_ENDS = ("member", "membershipIn", "participant", "participationIn")


class AnswerMarks:
    """Marks the cells of answers, of any question about a graph."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._ended = all_ended(view)
        self._ties = [
            (conflict, ends)
            for conflict in view.instances("SourceConflict")
            for situation in view.objects(conflict, GLO + "conflictInvolves")
            if (ends := {e for p in _ENDS for e in view.objects(situation, GLO + p)})
        ]

    def on(
        self,
        answer: AnswerTable,
        table: Table,
        chosen: Iterable[str],
        lang: str,
        words: Mapping[str, Any],
    ) -> AnswerTable:
        """Return an answer in which what is over says so.

        The word for a disputed tie leads to the page of the disagreement. `chosen` are
        the things that the question was asked about, which rows needn't name.
        """
        about = set(chosen)
        marked = []
        for cells, row in zip(answer.rows, table.rows, strict=True):
            over = {
                self._view.link(i, lang).href: self._ended[i]
                for i in _things(row)
                if i in self._ended
            }
            disputed = self._disputed(table, row, about, lang)
            marked.append(
                tuple(
                    tuple(self._value(v, over, disputed, words) for v in cell)
                    for cell in cells
                )
            )
        return replace(answer, rows=tuple(marked))

    @staticmethod
    def _value(
        value: Value, over: Mapping[str, str], disputed: Value, words: Mapping[str, Any]
    ) -> Value:
        if disputed.href and value.text == disputed.text and not value.href:
            return replace(value, href=disputed.href)
        return with_end(value, words, ended=value.href and over.get(value.href, ""))

    def _disputed(self, table: Table, row: Row, about: set[str], lang: str) -> Value:
        """Return the word by which a row says that it is disputed, with a page to it.

        Empty for other rows.
        """
        if not is_disputed(table, row) or "relationLabel" not in table.columns:
            return Value("")
        named = _things(row) | about
        things = named | {a for t in named for a in self._view.governed_by(t)}
        found = {conflict for conflict, ends in self._ties if ends <= things}
        word = text_of(row[table.columns.index("relationLabel")])
        # Of two there is no saying which one it is.
        page = self._view.link(found.pop(), lang).href if len(found) == 1 else ""
        return Value(word, "", page)


def _things(row: Row) -> set[str]:
    return {text_of(term) for term in row if isinstance(term, ox.NamedNode)}

"""The words of an entry: two things in one cell, and words that a person corrects."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from glokal.core.namespaces import GLO
from glokal.rdf.terms import text_of
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import draft_message
from glokal.workbook.draft_reading import RowReader

_STATED, _QUOTE = GLO + "statedIn", GLO + "exactQuote"
_AFFIRMED = GLO + "affirmedIn"


def words_in(whole: str, words: str) -> str:
    """Return some words as they stand in a text, "" where they don't.

    Lines of a narrow cell break where a person writes a space, or nothing.
    """
    if words in whole:
        return words
    letters = [(i, c) for i, sign in enumerate(whole) for c in letters_of(sign)]
    sought = letters_of(words)
    at = "".join(c for _, c in letters).find(sought) if sought else -1
    if at < 0:
        return ""
    start, end = letters[at][0], letters[at + len(sought) - 1][0] + 1
    # The plus of Erasmus+ and the bracket at the end are no letters.
    last = max(i for i, sign in enumerate(words) if letters_of(sign))
    for sign in words[last + 1 :].rstrip():
        if whole[end : end + 1] != sign:
            break
        end += 1
    return whole[start:end]


class EntryWords:
    """Holds the words of each row to what the project has by its passage.

    `exact` are the texts of the passages, `keys` those of the rows that were drafted.
    """

    def __init__(
        self, reader: RowReader, exact: Mapping[str, str], keys: Container[str]
    ) -> None:
        self._read, self._exact, self._keys = reader, exact, keys
        self._known, self._statements = reader.known, reader.statements
        self._rows: dict[tuple[str, str, str], list[tuple[FilledRow, str]]] = {}

    def settle(
        self,
        row: FilledRow,
        passage: str,
        pairs: Sequence[tuple[str, str]],
        about: str,
    ) -> bool:
        """Whether a row may have its words; False with a fault.

        `pairs` are whose the row is, and its areas. An entry that rests on another
        passage, by words that the row had before, is taken from it.
        """
        for holder, area in pairs:
            others = self._others(passage, holder, area, about)
            words = letters_of(row.cells["quote"])
            rows = self._rows.setdefault((passage, holder, area), [])
            same = [
                (other, known)
                for other, known in rows
                if known != about and letters_of(other.cells["quote"]) == words
            ]
            if same:
                other, known = same[0]
                self._taken(row, f"{other.title}!{other.places['quote']}", known)
                return False
            alike = [
                text_of(t.object)
                for entry in others
                if any(
                    letters_of(text_of(q.object)) == words
                    for q in self._known.values(entry, _QUOTE)
                )
                for t in self._known.values(entry, GLO + "refersTo")
            ]
            if alike:
                whose = [o for o, known in rows if known == alike[0]]
                place = [f"{o.title}!{o.places['quote']}" for o in whose]
                shown = next(iter(place), draft_message("entry", row.lang))
                self._taken(row, shown, alike[0])
                return False
            rows.append((row, about))
            if not self._corrected(row, passage, holder, area, about, len(pairs) == 1):
                return False
        return True

    def quoted(self, row: FilledRow, passage: str, holder: str, about: str) -> str:
        """Return the quotation of an entry: of a second one in a cell its own words."""
        own, whole = row.cells["quote"], self._exact[passage]
        second = self._others(passage, holder, "", about)
        return (second and words_in(whole, own)) or whole

    def _taken(self, row: FilledRow, other: str, about: str) -> None:
        name = self._read.labels.of(about, row.lang)
        name = next(iter(self._known.names_of(about).values()), name)
        self._read.fault(row, "quote", "same-words", other=other, known=name)

    def _others(self, passage: str, holder: str, area: str, about: str) -> list[str]:
        """Return the entries of a cell, "" for any area, about something else."""
        return [
            entry
            for entry in self._known.resting_on(passage, ("entry",))
            if self._is(entry, holder, area)
            and not self._says(entry, "refersTo", about)
        ]

    def _corrected(
        self,
        row: FilledRow,
        passage: str,
        holder: str,
        area: str,
        about: str,
        alone: bool,
    ) -> bool:
        """Take an entry from the passage that it rested on; False with a fault."""
        own = self._known.things + row.cells["key"]
        if alone and row.cells["key"] and self._known.is_known(own):
            if self._says(own, "statedIn", passage):
                return True
            if not self._says(own, "refersTo", about):
                (known, *_) = self._known.values(own, GLO + "refersTo")
                label = self._read.labels.of(text_of(known.object), row.lang)
                column = next(c for c in row.cells if c.startswith("name_"))
                self._read.fault(row, column, "other-name", known=label)
                return False
            entries = [own]
        else:
            of = [e for e in self._about(about) if self._is(e, holder, area)]
            if any(self._says(e, "statedIn", passage) for e in of):
                return True
            entries = [e for e in of if self._is_of_no_other_row(e, about)][:1]
        quote = self.quoted(row, passage, holder, about)
        for entry in entries:
            for old in self._known.values(entry, _STATED):
                self._move(entry, text_of(old.object), passage, quote, holder, about)
        return True

    def _is_of_no_other_row(self, entry: str, about: str) -> bool:
        """Whether an entry is one of a row without a key, and of none read so far."""
        key = entry.removeprefix(self._known.things)
        read = {
            cell[0] for cell, of in self._rows.items() if about in [a for _, a in of]
        }
        resting = {text_of(t.object) for t in self._known.values(entry, _STATED)}
        return key not in self._keys and not resting & read

    def _move(
        self, entry: str, old: str, passage: str, quote: str, holder: str, about: str
    ) -> None:
        """Let an entry, and who takes part by it, rest on another passage."""
        statements = self._statements
        statements.unsay(entry, _STATED, old)
        statements.unsay(entry, _QUOTE)
        statements.restate(entry, passage, quote)
        statements.corrected.setdefault(entry, set()).add(old)
        if any(self._says(e, "statedIn", old) for e in self._about(about)):
            theirs = [e for e in self._about(about) if self._says(e, "statedIn", old)]
            if any(self._says(e, "entryOf", holder) for e in theirs):
                return
            taking_part = self._participations(about, holder)
        else:
            statements.unsay(about, _STATED, old)
            statements.corrected.setdefault(about, set()).add(old)
            taking_part = self._participations(about, "")
        for one in taking_part:
            if self._says(one, "affirmedIn", old):
                statements.affirm(one, passage)
                statements.unsay(one, _AFFIRMED, old)
                statements.corrected.setdefault(one, set()).add(old)

    def _about(self, about: str) -> list[str]:
        found = {
            text_of(t.subject)
            for t in self._known.triples
            if t.predicate.value == GLO + "refersTo" and text_of(t.object) == about
        }
        return sorted(found)

    def _participations(self, activity: str, who: str) -> list[str]:
        """Return who takes part in an activity, of one holder or of all."""
        found = {
            text_of(t.subject)
            for t in self._known.triples
            if t.predicate.value == GLO + "participationIn"
            and text_of(t.object) == activity
        }
        return sorted(
            iri for iri in found if not who or self._says(iri, "participant", who)
        )

    def _is(self, entry: str, holder: str, area: str) -> bool:
        of = self._says(entry, "entryOf", holder)
        return of and (not area or self._says(entry, "inSubjectArea", area))

    def _says(self, iri: str, prop: str, value: str) -> bool:
        said_of = self._known.values(iri, GLO + prop)
        return any(text_of(t.object) == value for t in said_of)

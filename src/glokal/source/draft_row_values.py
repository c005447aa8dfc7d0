"""Which cells of a row say something of which activity in it.

A cell is of an activity where the table says so: the activity stands alone in the rows
of the cell, or the cell has one programme and is merged over several rows, for all of
which it then holds, or the activity's own words have the name. Of anything else a
person decides: of two exchanges in a row, only one may be under the programme, or with
the partner, that stands beside them. An area is that of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from glokal.source.draft_passages import DraftPassage, PlaceNames
from glokal.source.name_mentions import fold
from glokal.source.programme_names import (
    programme_in,
    programmes_together,
    well_known_programme,
)

ACTIVITY, AREA = "activity", "area"
CELLS = ("programme", "partner", "country")
# One name in a cell of these may be that of all activities beside it.
_OF_ALL = ("programme", AREA)
# Beside a slash that parts names are spaces, but not in “Nord/Sør”.
_SLASH = " / "

Row = Mapping[str, Sequence[DraftPassage]]


class RowValues:
    """What the cells beside activities say of them; `rows` are cells by role.

    A cell that is merged over several rows stands in each of them.
    """

    def __init__(self, rows: Iterable[Row], names: PlaceNames) -> None:
        self._rows = list(rows)
        self._names = names
        self._in: dict[str, set[int]] = {}
        for number, row in enumerate(self._rows):
            for p in (p for of in row.values() for p in of):
                self._in.setdefault(p.iri, set()).add(number)

    def texts(self, activity: DraftPassage, role: str) -> list[str]:
        """Return the names that cells of a role give an activity."""
        told = (text for _, text, own in self._told(activity, role) if own)
        return list(dict.fromkeys(told))

    def passages(self, activity: DraftPassage, role: str) -> list[DraftPassage]:
        """Return the cells of a role that are of an activity."""
        found = {p.iri: p for p, _, own in self._told(activity, role) if own}
        return list(found.values())

    def others(
        self, activity: DraftPassage, roles: Iterable[str]
    ) -> Iterator[tuple[DraftPassage, str]]:
        """Yield the cells of its rows that aren't said to be an activity's own."""
        for role in roles:
            for p, text, own in self._told(activity, role):
                if not own:
                    yield p, text

    def parts(self, role: str, text: str) -> list[str]:
        """Return the names that a cell of a role has."""
        text = text.replace(_SLASH, ";")
        if role == "country":
            # Countries are listed as municipalities are.
            return self._names.names(text)
        several = [part.strip() for part in text.split(";") if part.strip()]
        if role in ("programme", "funding") and len(several) == 1:
            listed = self._names.names(text)
            if len(listed) > 1 and all(map(well_known_programme, listed)):
                return listed
            if together := programmes_together(text):
                return together
        if role == "funding":
            named = ((part, programme_in(part)) for part in several)
            return [
                part if well_known_programme(part) else found.name
                for part, found in named
                if found
            ]
        return several

    def _told(
        self, activity: DraftPassage, role: str
    ) -> Iterator[tuple[DraftPassage, str, bool]]:
        """Yield the names beside an activity, and whether they are said to be its."""
        asked = (role, "funding") if role == "programme" else (role,)
        seen: set[str] = set()
        for number in sorted(self._in.get(activity.iri, ())):
            for of in asked:
                for p in self._rows[number].get(of, ()):
                    if p.iri in seen or p.iri == activity.iri:
                        continue
                    seen.add(p.iri)
                    alone = self._activities(p) == {activity.iri}
                    spans = role == AREA or len(self._in[p.iri]) > 1
                    one = role in _OF_ALL and spans and self._number(p, asked) == 1
                    sure = alone or one
                    for text in self.parts(of, p.reading):
                        yield p, text, sure or self._names_it(activity, text)

    def _activities(self, cell: DraftPassage) -> set[str]:
        return {
            p.iri
            for number in self._in[cell.iri]
            for p in self._rows[number].get(ACTIVITY, ())
        }

    def _number(self, cell: DraftPassage, roles: Sequence[str]) -> int:
        """Return how many names stand where a cell stands, each counted once."""
        return len(
            {
                fold(text)
                for number in self._in[cell.iri]
                for role in roles
                for p in self._rows[number].get(role, ())
                if p.iri == cell.iri or self._in[p.iri] & self._in[cell.iri]
                for text in self._listed(role, p.reading)
            }
        )

    def _listed(self, role: str, text: str) -> list[str]:
        """Return the names of a cell, where a comma may part two of them, too."""
        words = self._names.words
        return [
            name
            for part in self.parts(role, text)
            for name in self._names.names(part)
            if role in ("country", AREA) or not words.is_country(name)
        ]

    def _names_it(self, activity: DraftPassage, text: str) -> bool:
        said = _words(activity.reading)
        return any(
            asked == said[at : at + len(asked)]
            for name in self._names.written(text)
            if (asked := _words(name))
            for at in range(len(said))
        )


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "+" else " " for c in fold(text)).split()

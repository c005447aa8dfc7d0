"""Rows of one name: one activity, unless programme or counterpart say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glokal.core.namespaces import CODE, GLO
from glokal.rdf.terms import text_of
from glokal.source.draft_known import KnownThings
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_cells import FilledRow, says_yes
from glokal.workbook.draft_layout import column_title, draft_message
from glokal.workbook.draft_reading import RowReader

_PARTNER = CODE + "role/partner"


class SameActivity:
    """Compares each row with what its activity is said to be already."""

    def __init__(self, reader: RowReader) -> None:
        self._read, self._known = reader, reader.known
        self._rows: dict[str, FilledRow] = {}
        # Names of which a row has said so, and no other row has had the good of it.
        self._agreed: set[str] = set()

    def is_one(
        self,
        row: FilledRow,
        name: str,
        activity: str,
        programmes: Sequence[str],
        counterparts: Sequence[str],
    ) -> bool:
        """Whether a row may be about an activity that has its name; False with a fault.

        `activity` is "" while none has the name, `programmes` are the names in the row,
        `counterparts` the IRIs of those that it is done with. What one of the two
        leaves out, the other may say.
        """
        agreed = says_yes(row, "same")
        if row.cells["same"] and agreed is None:
            self._read.fault(row, "same", "confirmed", value=row.cells["same"])
            return False
        key = letters_of(name)
        other = self._rows.setdefault(key, row)
        if agreed or not activity:
            # A sheet may be sorted: it counts in whichever of two rows it stands.
            self._agreed.update([key] if agreed and other is row else [])
            return True
        own = [self._known.named("programme", name) or name for name in programmes]
        conflicts = []
        for column, mine, theirs in (
            ("programme", own, self._values(activity, "supportedUnder")),
            ("partner", counterparts, self._with(activity)),
        ):
            if mine and theirs and not ({*mine} <= {*theirs} or {*theirs} <= {*mine}):
                conflicts.append((column, mine, theirs))
        if conflicts and key in self._agreed:
            self._agreed.discard(key)
            return True
        for column, mine, theirs in conflicts:
            self._tell(row, other, column, mine, theirs)
        return not conflicts

    def _values(self, activity: str, prop: str) -> list[str]:
        return [text_of(t.object) for t in self._known.values(activity, GLO + prop)]

    def _with(self, activity: str) -> list[str]:
        """Return those that an activity is said to be done with, and where they are."""
        return [
            *self._values(activity, "hasCounterpartIn"),
            *_partners(self._known, activity),
        ]

    def _tell(
        self,
        row: FilledRow,
        other: FilledRow,
        column: str,
        mine: Iterable[str],
        theirs: Iterable[str],
    ) -> None:
        lang = row.lang
        place = f"{other.title}!{other.places[column]}"
        self._read.fault(
            row,
            column,
            "same",
            other=draft_message("project", lang) if other is row else place,
            what=column_title(column, lang).lower(),
            own=self._shown(mine, lang),
            known=self._shown(theirs, lang),
            title=column_title("same", lang),
        )

    def _shown(self, named: Iterable[str], lang: str) -> str:
        return ", ".join(
            next(iter(self._known.names_of(iri).values()), iri) for iri in named
        )


def _partners(known: KnownThings, activity: str) -> list[str]:
    participations = [
        text_of(t.subject)
        for t in known.triples
        if t.predicate.value == GLO + "participationIn"
        and text_of(t.object) == activity
    ]
    return [
        text_of(t.object)
        for iri in sorted(participations)
        if any(text_of(t.object) == _PARTNER for t in known.values(iri, GLO + "role"))
        for t in known.values(iri, GLO + "participant")
    ]

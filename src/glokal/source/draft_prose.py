"""Rows of a draft from running text: elements of the plan, partners, memberships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from glokal.core.slugs import slugify
from glokal.source.draft_known import KnownThings, kinds, written_as_prose
from glokal.source.draft_labels import Label, label_before, without_section
from glokal.source.draft_memberships import MembershipReader
from glokal.source.draft_passages import (
    PROSE,
    DraftPassage,
    PlaceNames,
    headings_above,
    unsettled_of,
)
from glokal.source.draft_row import (
    COLUMNS,
    ELEMENTS,
    MEMBERSHIPS,
    PARTNERS,
    DraftRow,
)
from glokal.source.draft_twins import TwinDrafter
from glokal.source.extraction.paragraphs import label_of

# A name is no sentence.
_LONGEST_NAME = 60
_ELEMENTS = frozenset(k.path for k in kinds().values() if ELEMENTS in k.sheets)
_PARTNERS = ("organisation", "authority", "programme")
GROUP = kinds()["CollaboratorGroup"]


class ProseDrafter:
    """Drafts what sentences and lists give; `language` is that of the document."""

    def __init__(
        self,
        passages: Mapping[str, DraftPassage],
        known: KnownThings,
        names: PlaceNames,
        twins: TwinDrafter,
        language: str,
        publisher: str,
    ) -> None:
        self._passages, self._known, self._names = passages, known, names
        self._language, self._publisher = language, publisher
        self._words, self._twins = names.words, twins
        self._memberships = MembershipReader(names)

    def elements(self) -> Iterator[DraftRow]:
        """Yield items of lists, and what a word or a heading says to be an element."""
        for p in self._passages.values():
            label = self._element(p)
            kind, number, text = label.kind, label.number, label.text
            own = p.kind == "list-item" and not self._words.explains_sign(p.reading)
            twins = self._twins.is_listed(p) or p.iri in self._twins.readings
            if not (own or kind) or twins or self._list_of_partners(p):
                continue
            if not number:
                number, text = _numbered(text)
            values = {"kind": kind, "number": number}
            if len(text) <= _LONGEST_NAME:
                values |= self._own_name((label.called or text).rstrip(".;,"))
            values[f"statement_{self._language}"] = text
            key = f"element/{_end(p.iri)}"
            done = p.settled or bool(self._known.resting_on(p.iri, _ELEMENTS))
            yield DraftRow(ELEMENTS, key, p.iri, p.exact, values, done)

    def groups(self) -> Iterator[DraftRow]:
        """Yield the headings of lists of partners that are no group of them yet."""
        seen: set[str] = set()
        for p in self._passages.values():
            heading = self._list_of_partners(p)
            if heading is None or heading.iri in seen:
                continue
            seen.add(heading.iri)
            name = _shown(heading)
            known = self._known.named(GROUP.iri, name)
            key = f"{GROUP.path}/{_end(known) or slugify(name)}"
            values = self._own_name(name) | {"read_as": GROUP.name}
            yield DraftRow(
                COLUMNS, key, heading.iri, heading.exact, values, bool(known)
            )

    def partners(self) -> Iterator[DraftRow]:
        """Yield the items of lists of partners."""
        for p in self._passages.values():
            heading = self._list_of_partners(p)
            if heading is None or self._words.denies(p.reading):
                continue
            state = self._words.state
            if any(map(state.is_unsettled, (heading.reading, p.reading))):
                continue
            text = _numbered(p.reading)[1].rstrip(".;, ")
            values = {"group": _shown(heading)}
            if len(text) <= _LONGEST_NAME:
                values |= self._own_name(text)
            key = f"partner/{_end(p.iri)}"
            done = p.settled or bool(self._known.resting_on(p.iri, _PARTNERS))
            yield DraftRow(PARTNERS, key, p.iri, p.exact, values, done)

    def memberships(self, everyone: Sequence[str]) -> Iterator[DraftRow]:
        """Yield the sentences that speak of a membership; `everyone` are the
        municipalities that the plan says to be all, or its only one.
        """
        for p in self._passages.values():
            what = self._memberships.network(p.reading) if p.kind in PROSE else None
            if what is None or self._list_of_partners(p):
                continue
            found = self._memberships.members(p.reading, everyone)
            name = self._publisher
            own = self._names.municipality(name) if name else ""
            excepts = self._words.excepts(p.reading)
            if name and not excepts and name.casefold() in p.reading.casefold():
                found += [name] if own not in found else []
            members = "; ".join(found)
            network = what if 0 < len(what) <= _LONGEST_NAME else ""
            values = {"member": members, "network": network}
            if told := unsettled_of(network, p, self._passages, self._words):
                values["status"] = told
            done = p.settled or bool(self._known.resting_on(p.iri, ("membership",)))
            key = f"membership/{_end(p.iri)}"
            yield DraftRow(MEMBERSHIPS, key, p.iri, p.exact, values, done)

    def _list_of_partners(self, p: DraftPassage) -> DraftPassage | None:
        """Return the heading by which an item is a partner, None for another item.

        The nearest heading that says what its list is of counts.
        """
        if p.kind != "list-item" or self._twins.is_listed(p):
            return None
        for above in headings_above(p, self._passages):
            if self._words.lists_partners(above.reading):
                return self._heading_of(above)
            if self._words.kind_of_element(above.reading):
                return None
        return None

    def _heading_of(self, above: DraftPassage) -> DraftPassage:
        """Return what a group is called by: a long sentence is no name."""
        heading = self._passages.get(above.heading)
        long = above.kind == "sentence" and len(above.reading) > _LONGEST_NAME
        return heading if long and heading is not None else above

    def _element(self, p: DraftPassage) -> Label:
        """Return the class of an element, "" for none, its number and its words."""
        nothing = Label("", "", p.reading)
        if p.kind not in ("heading", *PROSE):
            return nothing
        label = label_before(p.reading, self._words, heading=p.kind == "heading")
        if label is not None and label.text:
            return label
        if p.kind == "heading":
            return nothing
        alone = self._label_above(p)
        if alone is not None and p.kind == "sentence":
            return Label(alone.kind, alone.number, p.reading)
        kind = self._listed_as(p)
        if p.kind == "list-item" or kind in written_as_prose():
            return Label(kind, "", p.reading)
        return nothing

    def _label_above(self, p: DraftPassage) -> Label | None:
        """Return the label that is the whole heading of what stands first below it."""
        heading = self._passages.get(p.heading)
        below = (o for o in self._passages.values() if o.heading == p.heading)
        if heading is None or next(below, None) is not p:
            return None
        label = label_before(heading.reading, self._words, heading=True)
        return label if label is not None and not label.text else None

    def _listed_as(self, p: DraftPassage) -> str:
        """Return the class that what stands above says the items of a list to be.

        A heading that is an element itself, and a sentence that says how one is
        reached, say nothing of the items below them.
        """
        for above in headings_above(p, self._passages):
            if above.kind == "heading":
                if label_before(above.reading, self._words, heading=True):
                    return ""
            elif self._words.speaks_of_means(above.reading):
                return ""
            kinds_ = self._words.kinds_of_elements(above.reading)
            if kinds_:
                return kinds_[0] if len(kinds_) == 1 else ""
        return ""

    def _own_name(self, name: str) -> dict[str, str]:
        return {f"name_{self._language}": name}


def _shown(heading: DraftPassage) -> str:
    text = " ".join(heading.reading.split()).rstrip(": ")
    text = without_section(_numbered(text)[1])
    return text.capitalize() if text.isupper() else text


def _numbered(text: str) -> tuple[str, str]:
    """Return the printed number of an item, "" without one, and what is behind it."""
    label = label_of(text)
    number = label.rstrip(".)") if label else ""
    if not number.isdecimal():
        return "", text
    return number, text.removeprefix(label).lstrip()


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]

"""The changes that people ask for first, each as a sentence.

Who takes part in what since when, what is new and gone, what the register was told,
what has another name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.dataset.releases.graph_diff import (
    ADDED,
    CHANGED,
    REMOVED,
    GraphDiff,
    ThingChange,
)
from glokal.dataset.releases.graph_snapshot import Snapshot
from glokal.rdf.terms import text_of
from glokal.site.diff.successors import REPLACED, SITUATIONS, Successor
from glokal.site.page_words import date_in

_About = Mapping[str, Mapping[str, list[str]]]
_ACTIVITY = GLO + "InternationalActivity"


@dataclass(frozen=True)
class ComparedGraphs:
    """Two graphs and what differs; `heirs` are things that go on by another IRI."""

    old: Snapshot
    new: Snapshot
    changes: GraphDiff
    heirs: Sequence[Successor]


def summarise(
    graphs: ComparedGraphs,
    name: Callable[[str], str],
    words: Mapping[str, str],
    lang: str,
) -> tuple[str, ...]:
    """Return changes as sentences, sorted; `name` gives the label of an IRI.

    `words` are those of a language, `lang`, in `changes.toml`.
    """
    result = _Sentences(graphs, name, words, lang)
    return tuple(sorted(dict.fromkeys(result.all()), key=lambda s: sort_key(s, lang)))


class _Sentences:
    def __init__(
        self,
        graphs: ComparedGraphs,
        name: Callable[[str], str],
        words: Mapping[str, str],
        lang: str,
    ) -> None:
        self.name, self.words = name, words
        self.lang = lang
        changes, heirs = graphs.changes, graphs.heirs
        known = {thing.iri for heir in heirs for thing in (heir.old, heir.new)}
        self.changes = [c for c in changes.things if c.iri not in known]
        self.heirs = {heir.old.iri: heir for heir in heirs}
        self.state = {change.iri: change.state for change in changes.things}
        self.old, self.new = _index(graphs.old), _index(graphs.new)
        self.activities = _below(_ACTIVITY, self.old) | _below(_ACTIVITY, self.new)

    def all(self) -> Iterator[str]:
        messages: set[str] = set()
        for heir in self.heirs.values():
            messages.update(self._values(heir.new, "participationIn"))
            yield from self._successor(heir)
        for change in self.changes:
            if GLO + "Participation" in change.classes and change.state != CHANGED:
                messages.update(self._values(change, "participationIn"))
                yield from self._taking_part(change)
            elif GLO + "Membership" in change.classes and change.state != CHANGED:
                yield from self._membership(change)
            elif GLO + "Report" in change.classes and change.state == ADDED:
                yield from self._report(change)
            elif change.state == CHANGED:
                yield from self._moved(change.classes, change.iri, change.iri)
                yield from self._renamed(change)
                yield from self._supported(change)
        for change in self.changes:
            alone = self.activities & set(change.classes) and change.iri not in messages
            if alone and change.state == ADDED:
                yield self._say("activity", change.iri)
            elif alone and change.state == REMOVED:
                yield self._say("activity_gone", change.iri)

    def _successor(self, heir: Successor) -> Iterator[str]:
        """Tell of what is replaced, and of who is now in something else."""
        if heir.state == REPLACED:
            same = self.name(heir.old.iri) == self.name(heir.new.iri)
            key = "replaced_same" if same else "replaced_by"
            yield self._say(key, heir.new.iri, old=self.name(heir.old.iri))
        yield from self._moved(heir.new.classes, heir.old.iri, heir.new.iri)

    def _moved(self, classes: Sequence[str], old: str, new: str) -> Iterator[str]:
        """Tell who takes part in, or is a member of, something else than before."""
        for kind, (who, what) in SITUATIONS.items():
            if kind not in classes:
                continue
            before, after = self.old[old].get(what, []), self.new[new].get(what, [])
            was, now = self.old[old].get(who, []), self.new[new].get(who, [])
            gone = [w for w in before if w not in after and not self._goes_on(w, after)]
            if was == now and gone:
                names = ", ".join(
                    self.words["quoted"].format(text=self.name(w)) for w in gone
                )
                for one in after:
                    yield self._say("moves", one, who=self.name(now[0]), before=names)
            elif was != now and before == after:
                for one in after:
                    yield self._say(
                        "instead", one, who=", ".join(map(self.name, now)),
                        before=", ".join(map(self.name, was)),
                    )  # fmt: skip

    def _goes_on(self, iri: str, after: Sequence[str]) -> bool:
        heir = self.heirs.get(iri)
        return heir is not None and heir.new.iri in after

    def _taking_part(self, change: ThingChange) -> Iterator[str]:
        is_kept = change.state == ADDED
        for what in self._values(change, "participationIn"):
            whole = self.state.get(what) == change.state
            key = ("takes" if whole else "joins") + ("" if is_kept else "_gone")
            for who in self._values(change, "participant"):
                yield self._say(key, what, who=self.name(who))

    def _membership(self, change: ThingChange) -> Iterator[str]:
        key = "member" if change.state == ADDED else "member_gone"
        for what in self._values(change, "membershipIn"):
            for who in self._values(change, "member"):
                yield self._say(key, what, who=self.name(who))

    def _report(self, change: ThingChange) -> Iterator[str]:
        details = self.new[change.iri]
        status = details.get(GLO + "activityStatus", [])
        start, end = (details.get(GLO + p, [""])[0] for p in ("startDate", "endDate"))
        parts = [self.name(iri) for iri in status]
        if start:
            parts.append(self.words["from"].format(day=date_in(start, self.lang)))
        if end:
            parts.append(self.words["to"].format(day=date_in(end, self.lang)))
        if not parts:
            return
        filled = {
            "said": ", ".join(parts),
            "source": "; ".join(details.get(GLO + "reportSource", [])),
            "who": ", ".join(map(self.name, details.get(GLO + "vouchedBy", []))),
        }
        about = details.get(GLO + "reportsOn", [])
        for what in about:
            payload = self.new.get(what, {})
            if self.activities & set(payload.get(RDF + "type", [])):
                yield self._say("reported", what, **filled)
            for whole in payload.get(GLO + "participationIn", []):
                part = ", ".join(map(self.name, payload.get(GLO + "participant", [])))
                if whole not in about:
                    yield self._say("reported_part", whole, part=part, **filled)

    def _renamed(self, change: ThingChange) -> Iterator[str]:
        for prop in change.properties:
            if prop.iri != RDFS + "label":
                continue
            before = {_language(v): v for v in prop.removed}
            for value in prop.added:
                language = _language(value)
                old = before.get(language)
                key = "renamed" if old is not None else "named"
                yield self._say(
                    key,
                    change.iri,
                    language=language,
                    old=_text(old),
                    new=_text(value),
                )

    def _supported(self, change: ThingChange) -> Iterator[str]:
        for prop in change.properties:
            if prop.iri == GLO + "supportedUnder":
                for value in prop.added:
                    yield self._say("under_now", change.iri, to=self.name(_text(value)))
                for value in prop.removed:
                    yield self._say("under_no", change.iri, to=self.name(_text(value)))

    def _values(self, change: ThingChange, prop: str) -> list[str]:
        about = self.old if change.state == REMOVED else self.new
        return about.get(change.iri, {}).get(GLO + prop, [])

    def _say(self, key: str, what: str, **filled: str) -> str:
        about = self.new if what in self.new else self.old
        programmes = about.get(what, {}).get(GLO + "supportedUnder", [])
        named = ", ".join(
            sorted(map(self.name, programmes), key=lambda n: sort_key(n, self.lang))
        )
        under = self.words["under"].format(programme=named) if named else ""
        return self.words[key].format(what=self.name(what), under=under, **filled)


def _index(snapshot: Snapshot) -> _About:
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    several: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for kind, t in snapshot.statements:
        key, value = (text_of(t.subject), t.predicate.value), text_of(t.object)
        several[key].append((kind, str(t.object), value))
    for (subject, prop), values in several.items():
        # Sorted, so that each run says the same.
        ordered = sorted(values) if len(values) > 1 else values
        about[subject][prop] = [value for *_, value in ordered]
    return about


def _below(kind: str, about: _About) -> set[str]:
    """Return a class and the classes below it."""
    results = {kind}
    while True:
        more = {
            iri
            for iri, details in about.items()
            if results & set(details.get(RDFS + "subClassOf", ()))
        }
        if more <= results:
            return results
        results |= more


def _language(value: object) -> str:
    return (value.language or "") if isinstance(value, ox.Literal) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else text_of(value)

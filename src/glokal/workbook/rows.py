"""What stands in the workbook: the register as rows of plain values.

A value is a text; a date as 2023-12-31; of a choice the IRIs, with a space between
them. Rows are known by the end of their IRI, which is their key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from glokal.core.collation import SortKey, sort_key
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.dataset.activity_status import ENDED, read_reports, status_of
from glokal.dataset.canned_queries import suggest
from glokal.dataset.labels import Labels
from glokal.dataset.stale import ACTIVITY, instances
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import literal_in, text_of
from glokal.workbook.dropdowns import dropdown_choices
from glokal.workbook.layout import CHOICE, CHOICES, load_layout

SheetRow = dict[str, str]


@dataclass(frozen=True)
class WorkbookRows:
    """The rows of each sheet by their keys, and the lists to choose from.

    `scope` is the municipality that the rows were chosen for, "" for all, `recipient`
    its name in the language `lang`. A list gives the IRI of each label.
    """

    scope: str
    recipient: str
    lang: str
    rows: Mapping[str, Mapping[str, SheetRow]]
    lists: Mapping[str, Mapping[str, str]]


def read_rows(
    workspace: Workspace, municipality: str = "", lang: str = "nb"
) -> WorkbookRows:
    """Return what the workbook shows of a project, with labels in a language.

    `municipality` is the slug of one, to show only what it takes part in. Raises
    UsageError when there is none.
    """
    reader = _Reader(workspace, lang)
    rows = {
        "activity": reader.activities(),
        "participation": reader.participations(),
        "organisation": reader.organisations(),
        "entry": reader.entries(),
    }
    recipient = ""
    if municipality:
        rows = reader.only(rows, municipality)
        recipient = reader.label(f"{reader.things}municipality/{municipality}")
    lists = {
        name: dropdown_choices(name, workspace, lang)
        for name in dict.fromkeys(
            column.choices
            for sheet in load_layout().sheets
            for column in sheet.columns
            if column.kind in (CHOICE, CHOICES)
        )
    }
    lists["codes:Country"] = {
        code: iri
        for iri in instances(workspace.files, GLO + "Country")
        for code in reader.values(iri, "countryCode")
    }
    own = set(lists["things:MunicipalAuthority"].values())
    flat = flat_rows(rows["activity"], rows["participation"], own)
    rows = {"report": flat, **rows}
    return WorkbookRows(municipality, recipient, lang, rows, lists)


def flat_rows(
    activities: Mapping[str, SheetRow],
    participations: Mapping[str, SheetRow],
    own: set[str],
) -> dict[str, SheetRow]:
    """Return each activity as one row, with the municipalities and the others in it.

    `own` are the IRIs of the municipalities' authorities. Who has left is left out.
    """
    there: dict[str, set[str]] = defaultdict(set)
    for part in participations.values():
        if part["status"] != ENDED:
            there[part["activity"].rpartition("/")[2]].add(part["organisation"])
    results = {}
    for key, row in activities.items():
        who = there[key.rpartition("/")[2]]
        results[key] = {
            **{name: row[name] for name in _FLAT},
            "municipalities": " ".join(sorted(who & own)),
            "partners": " ".join(sorted(who - own)),
            "remark": "",
        }
    return results


_FLAT = (
    "name_nb", "name_en", "type", "programme", "counterpart", "area",
    "status", "start", "end", "checked", "vouched", "source",
)  # fmt: skip


class _Reader:
    def order(self, label: str) -> SortKey:
        """Return a key by which labels sort in the language of the workbook."""
        return sort_key(label, self.lang)

    def __init__(self, workspace: Workspace, lang: str) -> None:
        self.workspace, self.lang = workspace, lang
        self.files = workspace.files
        self.things = workspace.project.things
        self.labels = Labels(self.files)
        self.said: dict[str, dict[str, list[object]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for file in self.files:
            for t in file.triples:
                self.said[text_of(t.subject)][t.predicate.value].append(t.object)
        self.reports = read_reports(self.files)

    def activities(self) -> dict[str, SheetRow]:
        """Return the activities, with how each stands by its newest reports."""
        quotes: dict[str, list[str]] = defaultdict(list)
        areas: dict[str, set[str]] = defaultdict(set)
        for entry in instances(self.files, GLO + "MappingEntry"):
            for about in self.values(entry, "refersTo"):
                quotes[about] += self.values(entry, "exactQuote")
                areas[about] |= set(self.values(entry, "inSubjectArea"))
        who: dict[str, list[str]] = defaultdict(list)
        for node in instances(self.files, GLO + "Participation"):
            for what in self.values(node, "participationIn"):
                who[what] += map(self.label, self.values(node, "participant"))
        results = {}
        for iri in instances(self.files, ACTIVITY):
            life = status_of(self.reports.get(iri, ()))
            results[self.key(iri)] = {
                **self.names(iri),
                "type": life.said("type") or self.kind(iri),
                "programme": life.said("programme")
                or self.joined(iri, "supportedUnder"),
                "counterpart": life.said("counterpart")
                or self.joined(iri, "hasCounterpartIn"),
                "area": life.said("area") or " ".join(sorted(areas[iri])),
                **self.life(iri),
                "participants": "; ".join(sorted(set(who[iri]), key=self.order)),
                "quote": " / ".join(
                    dict.fromkeys(" ".join(q.split()) for q in quotes[iri])
                ),
            }
        return results

    def participations(self) -> dict[str, SheetRow]:
        """Return who takes part in what."""
        return {
            self.key(iri): {
                "activity": self.joined(iri, "participationIn"),
                "organisation": self.joined(iri, "participant"),
                "role": self.joined(iri, "role"),
                **self.life(iri),
            }
            for iri in instances(self.files, GLO + "Participation")
        }

    def organisations(self) -> dict[str, SheetRow]:
        """Return the organisations."""
        return {
            self.key(iri): {
                **self.names(iri),
                "type": self.kind(iri),
                "country": self.joined(iri, "locatedIn"),
                **self.report(iri),
            }
            for iri in instances(self.files, GLO + "Organisation")
        }

    def entries(self) -> dict[str, SheetRow]:
        """Return the quotations of the strategy's appendix."""
        return {
            self.key(iri): {
                "municipality": ", ".join(map(self.label, self.values(iri, "entryOf"))),
                "area": ", ".join(map(self.label, self.values(iri, "inSubjectArea"))),
                "quote": " ".join(" ".join(self.values(iri, "exactQuote")).split()),
                "about": ", ".join(map(self.label, self.values(iri, "refersTo"))),
            }
            for iri in instances(self.files, GLO + "MappingEntry")
        }

    def only(
        self, rows: Mapping[str, Mapping[str, SheetRow]], municipality: str
    ) -> dict[str, dict[str, SheetRow]]:
        """Return the rows that have to do with a municipality."""
        area = f"{self.things}municipality/{municipality}"
        governing = {
            iri for iri in self.said if area in self.values(iri, "governs")
        } | ({area} if area in self.said else set())
        if not governing:
            known = [
                i.rpartition("/")[2]
                for i in instances(self.files, GLO + "Municipality")
            ]
            raise UsageError(
                f"There is no municipality {municipality!r}.",
                remedy=suggest(municipality, known),
            )
        parts = rows["participation"]
        inside = {
            r["activity"] for r in parts.values() if r["organisation"] in governing
        }
        mine = {k: r for k, r in parts.items() if r["activity"] in inside}
        with_us = {r["organisation"] for r in mine.values()}
        quoted = {
            self.key(iri)
            for iri in instances(self.files, GLO + "MappingEntry")
            if governing & set(self.values(iri, "entryOf"))
        }
        named = {
            about
            for key in quoted
            for about in self.values(self.things + key, "refersTo")
        }
        return {
            "activity": _kept(rows["activity"], self.keys(inside | named)),
            "participation": mine,
            "organisation": _kept(rows["organisation"], self.keys(with_us | named)),
            "entry": _kept(rows["entry"], quoted),
        }

    def life(self, iri: str) -> SheetRow:
        """Return how something stands by its newest reports, with the newest check."""
        life = status_of(self.reports.get(iri, ()))
        return {
            "status": life.status.status if life.status else "",
            "start": life.start.written_start if life.start else "",
            "end": life.end.written_end if life.end else "",
            **self.report(iri),
        }

    def report(self, iri: str) -> SheetRow:
        """Return the newest check of a thing."""
        checked = status_of(self.reports.get(iri, ())).checked
        return {
            "checked": str(checked.checked or "") if checked else "",
            "vouched": checked.vouched if checked else "",
            "source": checked.source if checked else "",
        }

    def names(self, iri: str) -> SheetRow:
        """Return the names of a thing in the languages that have a column."""
        result = self.said[iri].get(RDFS + "label", [])
        named = {}
        for language in ("nb", "nn", "en"):
            literal = literal_in(
                (x for x in result if getattr(x, "language", None) == language),
                language,
            )
            named[f"name_{language}"] = literal.value if literal else ""
        return named

    def kind(self, iri: str) -> str:
        """Return the classes of the ontology that a thing is said to be of."""
        types = map(text_of, self.said[iri].get(RDF + "type", ()))
        return " ".join(sorted(t for t in types if t.startswith(GLO)))

    def values(self, iri: str, name: str) -> list[str]:
        """Return the values of a property of the ontology, sorted."""
        if iri not in self.said:
            return []
        return sorted(text_of(o) for o in self.said[iri].get(GLO + name, ()))

    def joined(self, iri: str, name: str) -> str:
        """Return the IRIs of a property with a space between them."""
        return " ".join(self.values(iri, name))

    def label(self, iri: str) -> str:
        """Return the label of a thing."""
        return self.labels.of(iri, self.lang)

    def key(self, iri: str) -> str:
        """Return the key of a thing."""
        return iri.removeprefix(self.things)

    def keys(self, iris: Iterable[str]) -> set[str]:
        """Return the keys of things."""
        return {self.key(iri) for iri in iris}


def _kept(rows: Mapping[str, SheetRow], keys: set[str]) -> dict[str, SheetRow]:
    return {key: row for key, row in rows.items() if key in keys}

"""What the catalogue reads from the data itself: period, places, subjects, counts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.catalogue.graph_builder import Texts
from glokal.core.namespaces import EU_COUNTRIES, GEONAMES, GEONORGE
from glokal.core.settings import LANGUAGES
from glokal.dataset.dates import first_day, last_day
from glokal.dataset.labels import Labels
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import CODE_LISTS
from glokal.rdf.sorted_graph import distinct_subjects
from glokal.rdf.source_files import APART, ONTOLOGY
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Row, Table


@dataclass(frozen=True)
class NamedAuthority:
    """An IRI of an authority with the name that the graph has for it."""

    iri: str
    name: Texts


@dataclass(frozen=True)
class GraphFacts:
    """What a catalogue says of a graph.

    `places` are in the lists that the profiles demand, `units` those of the national
    mapping authority. Dates are as the data writes them, "" when it has none.
    """

    start: str
    end: str
    places: tuple[NamedAuthority, ...]
    units: tuple[NamedAuthority, ...]
    subjects: tuple[NamedAuthority, ...]
    languages: tuple[str, ...]
    triples: int
    things: int


def gather_facts(workspace: Workspace) -> GraphFacts:
    """Return what the data says that a catalogue repeats."""
    project = workspace.project
    asserted = workspace.asserted()
    subjects = [text_of(term) for (term,) in _ask(workspace, "subjects").rows]
    matches = _ask(workspace, "places").rows
    named = {*subjects, *(text_of(place) for place, _ in matches)}
    labels = Labels(workspace.files, of=named)
    start, end = _period(_ask(workspace, "period"))
    places, units = _places(matches, labels, project.languages)
    return GraphFacts(
        start,
        end,
        places,
        units,
        tuple(
            NamedAuthority(iri, _name(labels, iri, project.languages))
            for iri in subjects
        ),
        languages_of(
            (
                triple
                for file in workspace.files
                if file.kind not in (ONTOLOGY, CODE_LISTS, *APART)
                for triple in file.triples
            ),
            project.languages,
        ),
        len(asserted),
        sum(s.startswith(project.things) for s in distinct_subjects(asserted)),
    )


def _period(table: Table) -> tuple[str, str]:
    """Return the earliest start and the latest end, as the data has them."""
    starts = [text for row in table.rows if first_day(text := text_of(row[0]))]
    ends = [text for row in table.rows if last_day(text := text_of(row[1]))]
    start = min(starts, key=lambda t: first_day(t) or datetime.date.max, default="")
    end = max(ends, key=lambda t: last_day(t) or datetime.date.min, default="")
    return start, end


def _places(
    rows: Iterable[Row], labels: Labels, languages: Iterable[str]
) -> tuple[tuple[NamedAuthority, ...], tuple[NamedAuthority, ...]]:
    """Return the places by EU's lists, else by GeoNames, and the national units."""
    matches: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        matches[text_of(row[0])].append(text_of(row[1]))
    places, units = [], []
    for place, iris in matches.items():
        name = _name(labels, place, languages)
        for start in (EU_COUNTRIES, GEONAMES):
            listed = [
                NamedAuthority(iri, name) for iri in iris if iri.startswith(start)
            ]
            if listed:
                places += listed
                break
        units += [NamedAuthority(iri, name) for iri in iris if iri.startswith(GEONORGE)]
    return tuple(places), tuple(units)


def _ask(workspace: Workspace, name: str) -> Table:
    return workspace.store.select(_query(name), name=f"catalogue/{name}.rq")


@cache
def _query(name: str) -> str:
    file = resources.files("glokal.catalogue").joinpath(f"queries/{name}.rq")
    return file.read_text(encoding="utf-8")


def _name(labels: Labels, iri: str, languages: Iterable[str]) -> Texts:
    results = {lang: labels.in_language(iri, lang) for lang in languages}
    named = {lang: label.value for lang, label in results.items() if label}
    return named or {"nb": labels.of(iri, "nb")}


def languages_of(
    triples: Iterable[ox.Triple], languages: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the languages of the texts, of Norwegian, English and those given."""
    used = {t.object.language for t in triples if isinstance(t.object, ox.Literal)}
    known = dict.fromkeys((*LANGUAGES, *languages))
    return tuple(language for language in known if language in used)

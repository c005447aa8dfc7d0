"""What the national portal drops of a catalogue, and what it keeps and never reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.namespaces import DCAT, MODELLDCATNO, RDF, SKOS, STANDARD_PREFIXES
from glokal.harvest.dataset_extract import TriplesBySubject, classes_of
from glokal.rdf.terms import shorten, text_of

# What each type of source gives the portal records of.
_RECORDS = {
    "dataset": {DCAT + "Catalog", DCAT + "Dataset", DCAT + "DatasetSeries"},
    "concept": {SKOS + "Collection"},
    "informationmodel": {DCAT + "Catalog", MODELLDCATNO + "InformationModel"},
    "dataservice": {DCAT + "Catalog"},
}


def unread_by_portal(
    about: TriplesBySubject, dataset: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the portal doesn't read: on the dataset, and on its files."""
    files = _objects(about, dataset, DCAT + "distribution")
    on_files = {
        name for file in files for name in _unread(about, text_of(file), "distribution")
    }
    on_dataset = set(_unread(about, dataset, "dataset"))
    return tuple(sorted(on_dataset)), tuple(sorted(on_files))


def dropped_triples(about: TriplesBySubject, catalogue: str) -> Iterator[str]:
    """Yield what of a catalogue the harvester or the scorer leaves behind."""
    for dataset in _objects(about, catalogue, DCAT + "dataset"):
        name = text_of(dataset)
        if isinstance(dataset, ox.BlankNode):
            yield f"_:{name}"
        elif not classes_of(about, name) & {DCAT + "Dataset", DCAT + "DatasetSeries"}:
            yield name
        for file in _objects(about, name, DCAT + "distribution"):
            if not isinstance(file, ox.NamedNode) or text_of(file) not in about:
                yield f"{name} → {text_of(file)}"


def duplicate_records(sources: Mapping[str, TriplesBySubject]) -> Iterator[str]:
    """Yield each record that two sources hold: the portal then stops the harvest."""
    held: dict[str, str] = {}
    for source, about in sources.items():
        for node in about:
            if not classes_of(about, node) & _RECORDS[source]:
                continue
            if held.setdefault(node, source) != source:
                yield f"{node} ({held[node]}, {source})"


def _unread(about: TriplesBySubject, node: str, kind: str) -> Iterator[str]:
    for triple in about.get(node, ()):
        name = shorten(triple.predicate.value, STANDARD_PREFIXES)
        if name not in _read()[kind] and triple.predicate.value != RDF + "type":
            yield name


def _objects(about: TriplesBySubject, node: str, predicate: str) -> list[object]:
    return [t.object for t in about.get(node, ()) if t.predicate.value == predicate]


@cache
def _read() -> Mapping[str, list[str]]:
    file = resources.files("glokal.harvest").joinpath("unread_properties.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

"""What the national portal shows of a catalogue, and what it drops on the way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.rdf.terms import literal_in, shorten, text_of
from glokal.rehearse.cutout import About, kinds
from glokal.vocabulary import DCAT, DCTERMS, MODELLDCATNO, RDF, SKOS, STANDARD_PREFIXES

# What each type of source gives the portal records of.
_RECORDS = {
    "dataset": {DCAT + "Catalog", DCAT + "Dataset", DCAT + "DatasetSeries"},
    "concept": {SKOS + "Collection"},
    "informationmodel": {DCAT + "Catalog", MODELLDCATNO + "InformationModel"},
    "dataservice": {DCAT + "Catalog"},
}


@dataclass(frozen=True)
class Shown:
    """What the page of a dataset would say, in short, and which words it leaves out.

    `silent` are the properties that the catalogue has and the portal doesn't read on
    the dataset, `silent_files` those on its files.
    """

    title: str
    publisher: str
    themes: tuple[str, ...]
    formats: tuple[str, ...]
    silent: tuple[str, ...]
    silent_files: tuple[str, ...]


def shown(about: About, dataset: str, lang: str) -> Shown:
    """Return what the portal shows of a dataset cut out of its catalogue."""
    files = _objects(about, dataset, DCAT + "distribution")
    formats = {
        text_of(o).rpartition("/")[2]
        for file in files
        for o in _objects(about, text_of(file), DCTERMS + "format")
    }
    unread = {
        p for file in files for p in _unread(about, text_of(file), "distribution")
    }
    return Shown(
        title_of(about, dataset, lang),
        ", ".join(
            title_of(about, text_of(o), lang)
            for o in _objects(about, dataset, DCTERMS + "publisher")
        ),
        tuple(
            title_of(about, text_of(o), lang)
            for o in _objects(about, dataset, DCAT + "theme")
        ),
        tuple(sorted(formats)),
        tuple(sorted(set(_unread(about, dataset, "dataset")))),
        tuple(sorted(unread)),
    )


def dropped(about: About, catalogue: str) -> Iterator[str]:
    """Yield what of a catalogue the harvester or the scorer leaves behind."""
    for dataset in _objects(about, catalogue, DCAT + "dataset"):
        name = text_of(dataset)
        if isinstance(dataset, ox.BlankNode):
            yield f"_:{name}"
        elif not kinds(about, name) & {DCAT + "Dataset", DCAT + "DatasetSeries"}:
            yield name
        for file in _objects(about, name, DCAT + "distribution"):
            if not isinstance(file, ox.NamedNode) or text_of(file) not in about:
                yield f"{name} → {text_of(file)}"


def twice_held(sources: Mapping[str, About]) -> Iterator[str]:
    """Yield each record that two sources hold: the portal then stops the harvest."""
    held: dict[str, str] = {}
    for source, about in sources.items():
        for node in about:
            if not kinds(about, node) & _RECORDS[source]:
                continue
            if held.setdefault(node, source) != source:
                yield f"{node} ({held[node]}, {source})"


def title_of(about: About, node: str, lang: str) -> str:
    """Return the title or the name of a node in a language, else its IRI."""
    for name in (
        DCTERMS + "title",
        STANDARD_PREFIXES["foaf"] + "name",
        SKOS + "prefLabel",
    ):
        found = literal_in(_objects(about, node, name), lang, "nb")
        if found:
            return str(found.value)
    return node


def _unread(about: About, node: str, kind: str) -> Iterator[str]:
    for triple in about.get(node, ()):
        name = shorten(triple.predicate.value, STANDARD_PREFIXES)
        if name not in _read()[kind] and triple.predicate.value != RDF + "type":
            yield name


def _objects(about: About, node: str, predicate: str) -> list[object]:
    return [t.object for t in about.get(node, ()) if t.predicate.value == predicate]


@cache
def _read() -> Mapping[str, list[str]]:
    file = resources.files("glokal.rehearse").joinpath("shown.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

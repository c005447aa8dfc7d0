"""What the national portal prints of a dataset: each field, and what makes it empty.

Where each field is read is taken from the portal's programs (docs/portals.md), not from
the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.harvest.dataset_extract import by_subject, datasets_of, extract_dataset
from glokal.harvest.portal_page import PortalPage, page_of

FOAF_NAME = "http://xmlns.com/foaf/0.1/name"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
TITLE = "http://purl.org/dc/terms/title"
GRAPH = "https://fjordland.example/id/dataset/fjordland"
CATALOGUE = "https://fjordland.example/id/catalog"
Triples = list[ox.Triple]


@pytest.fixture(scope="module")
def catalogue(region_publication: Path) -> Triples:
    path = region_publication / "public" / "catalog.ttl"
    return [q.triple for q in ox.parse(path=path)]


def page(catalogue: Triples, dataset: str = GRAPH, lang: str = "nb") -> PortalPage:
    cut = extract_dataset(by_subject(catalogue), dataset)
    return page_of(by_subject(cut), dataset, lang)


def values(page: PortalPage) -> dict[str, tuple[str, ...]]:
    return {field.path: field.values for field in page.fields}


def test_no_field_is_empty_that_the_data_can_fill(catalogue: Triples) -> None:
    datasets = datasets_of(by_subject(catalogue), _catalogue(catalogue))
    assert len(datasets) >= 4
    for dataset in datasets:
        assert page(catalogue, dataset).missing() == []


@pytest.mark.parametrize(
    ("dataset", "standard"),
    [
        # What the files are written by, and what data are said in.
        ("fjordland-ontology", "OWL 2"),
        ("fjordland-codes", "SKOS"),
        ("fjordland-shapes", "(SHACL)"),
        ("fjordland-answers", "SPARQL 1.1 Query Results CSV"),
        ("fjordland-tables", "ontologi"),
        ("fjordland", "ontologi"),
    ],
)
def test_each_dataset_says_which_standard_it_follows(
    dataset: str, standard: str, catalogue: Triples
) -> None:
    whole = page(catalogue, GRAPH.removesuffix("fjordland") + dataset)
    told = {v for vs in values(whole).values() for v in vs}
    assert any(standard in value for value in told), told


def _catalogue(catalogue: Triples) -> str:
    (found,) = {
        t.subject.value
        for t in catalogue
        if isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
        and t.object.value == "http://www.w3.org/ns/dcat#Catalog"
    }
    return found


def test_what_the_settings_say_stands_on_the_page(catalogue: Triples) -> None:
    shown = values(page(catalogue))
    assert shown["dcterms:publisher"] == ("Fjordlandsrådet",)
    assert shown["dcterms:title"] == ("Fjordlands strategi",)
    assert shown["dcterms:accrualPeriodicity"] == ("årlig",)
    assert shown["dcat:keyword"] == ("fjorder",)
    english = values(page(catalogue, lang="en"))
    assert english["dcterms:publisher"] == ("The Fjordland Council",)
    files = [dict.fromkeys(()) | {f.path: f.values for f in fields}
             for fields in page(catalogue).files.values()]  # fmt: skip
    assert {f["dcterms:format"] for f in files} >= {("Turtle",), ("JSON-LD",)}
    assert all(f["dcat:accessURL"] == f["dcat:downloadURL"] for f in files)
    assert {f["adms:status"] for f in files} == {("Ferdigstilt",)}
    assert {f["dcterms:rights"] for f in files} == {("Oppdiktede data.",)}


def _drop(prop: str) -> Callable[[ox.Triple], bool]:
    return lambda triple: triple.predicate.value == prop


@pytest.mark.parametrize(
    ("gone", "empty"),
    [
        (PREF_LABEL, {"dcterms:publisher", "dcterms:language", "adms:status"}),
        (TITLE, {"dcterms:title", "dcterms:format", "dcat:mediaType"}),
        ("http://www.w3.org/ns/dcat#landingPage", {"dcat:landingPage"}),
        ("http://www.w3.org/ns/adms#status", {"adms:status"}),
        ("http://purl.org/dc/terms/rights", {"dcterms:rights"}),
    ],
)
def test_what_the_portal_can_t_find_is_empty(
    gone: str, empty: set[str], catalogue: Triples
) -> None:
    kept = [t for t in catalogue if not _drop(gone)(t)]
    assert {f.path for f in page(kept).missing()} >= empty


def test_a_publisher_is_read_by_its_class(catalogue: Triples) -> None:
    """An org:Organization's name is not taken from foaf:name (Organization.kt)."""
    without = [
        t
        for t in catalogue
        if not (t.predicate.value == PREF_LABEL and "organisation/" in str(t.subject))
    ]
    assert any(t.predicate.value == FOAF_NAME for t in without)
    assert [f.path for f in page(without).missing()] == ["dcterms:publisher"]


def test_the_programs_of_2025_find_the_same_names(catalogue: Triples) -> None:
    """fdk-rdf-parser@4a7b379 read foaf:name of a publisher."""
    names = {
        t.object.value
        for t in catalogue
        if t.predicate.value == FOAF_NAME and isinstance(t.object, ox.Literal)
    }
    assert names == {"Fjordlandsrådet", "The Fjordland Council"}


def test_terms_described_in_place_have_the_label_that_all_programs_know(
    catalogue: Triples,
) -> None:
    labelled = {t.subject for t in catalogue if t.predicate.value == LABEL}
    outside = {
        t.object
        for t in catalogue
        if isinstance(t.object, ox.NamedNode)
        and t.object.value.startswith(
            ("http://publications.europa.eu/resource/authority/frequency/",
             "http://publications.europa.eu/resource/authority/file-type/",
             "http://publications.europa.eu/resource/authority/licence/")
        )
    }  # fmt: skip
    assert outside
    assert outside <= labelled

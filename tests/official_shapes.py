"""What the portals' own shapes say of everything that the publication gives them.

The shapes are not ours to copy, so these tests are run where a copy is:
`make test-portals` with their folder in GLOKAL_PORTAL_SHAPES, as `.ci/run` does.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from glokal.catalogue.concepts import concept_catalogue
from glokal.catalogue.data_service import api_catalogue
from glokal.catalogue.facts import gather_facts
from glokal.catalogue.modelldcat import model_catalogue
from glokal.catalogue.ontology_terms import read_codes, read_terms
from glokal.core.namespaces import DCAT, DCTERMS, SKOS
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.harvest.dataset_extract import (
    by_subject,
    catalogues,
    datasets_of,
    extract_dataset,
)
from glokal.harvest.harvest_report import render_report
from glokal.harvest.official_shapes import read_profiles
from glokal.harvest.simulation import simulate_harvest
from glokal.harvest.waivers import waiver_of_official
from glokal.rdf.terms import text_of
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.results import Result
from tests.conftest import REGION, ROOT
from tests.test_catalogue import Triples, example, other_catalogues, whole_catalogue
from tests.test_editions import two_editions
from tests.test_regions import built_regions, catalogue_of, make_regions

PROFILES = 7


@pytest.fixture(scope="module")
def official() -> Path:
    given = os.environ.get("GLOKAL_PORTAL_SHAPES")
    assert given, "Set GLOKAL_PORTAL_SHAPES to the folder of the official shapes."
    return ROOT / given


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_regions(make_regions(tmp_path_factory), tmp_path_factory)


@pytest.fixture(scope="module")
def catalogue(strategy: Workspace) -> Triples:
    return whole_catalogue(strategy)


@pytest.fixture(scope="module")
def others(strategy: Workspace) -> tuple[Triples, Triples]:
    return other_catalogues(strategy)


def test_the_official_shapes_find_nothing_to_refuse(
    strategy: Workspace, catalogue: Triples, official: Path
) -> None:
    profiles = read_profiles(official)
    assert len(profiles) == PROFILES
    region = Workspace(load_project(REGION))
    tried = 0
    waived: set[tuple[str, str]] = set()
    for workspace, made in (
        (strategy, catalogue),
        (strategy, example(strategy)),
        (region, example(region)),
    ):
        about = by_subject(made)
        (one,) = catalogues(about)
        cut = [extract_dataset(about, dataset) for dataset in datasets_of(about, one)]
        assert len(cut) == 2
        project, facts = workspace.project, gather_facts(workspace)
        words, codes = read_terms(workspace), read_codes(workspace)
        asked = dataclasses.replace(project, endpoint="https://data.example.org/q")
        graphs = {
            "dataset": made,
            "dataservice": api_catalogue(asked, facts),
            "concept": concept_catalogue(project, words),
            "informationmodel": model_catalogue(project, facts, words, codes),
        }
        for profile in profiles:
            whole = [graphs[source] for source in profile.sources]
            for graph in cut if profile.cut else whole:
                tried += 1
                refused = [
                    (profile.name, text_of(r.path)) for r in profile.refusals(graph)
                ]
                assert [r for r in refused if not waiver_of_official(*r)] == []
                waived |= set(refused)
    # Four profiles of two sources, two of one, one of two datasets; three times.
    assert tried == 3 * (4 * 2 + 2 + 2)
    # Decision 15: the profiles ask for different lists of statuses.
    assert waived == {("DCAT-AP 3.0.1", "http://www.w3.org/ns/adms#status")}


def test_they_find_nothing_in_the_catalogue_of_several_regions(
    several: Path, official: Path
) -> None:
    triples, tried = catalogue_of(several), 0
    for profile in read_profiles(official):
        if "dataset" in profile.sources and not profile.cut:
            tried += 1
            refused = [
                (profile.name, text_of(r.path)) for r in profile.refusals(triples)
            ]
            assert [r for r in refused if not waiver_of_official(*r)] == []
    assert tried == 4


def test_both_engines_agree_on_the_official_shapes(
    catalogue: Triples, others: tuple[Triples, Triples], official: Path
) -> None:
    """The slips are taken out for the fast engine; pySHACL passes over them itself."""
    concepts, models = others
    for profile in read_profiles(official):
        graph = {"concept": concepts, "informationmodel": models}.get(
            profile.sources[0], catalogue
        )
        # Broken besides, so that there is something to agree on.
        data = [t for t in graph if t.predicate.value != DCTERMS + "title"]
        one, other = (
            sorted(
                (str(r.focus), r.component, str(r.path))
                for r in profile.results(data, e)
            )
            for e in ENGINES
        )
        assert one == other, profile.name
        assert one


@pytest.mark.parametrize(
    ("profile", "predicate"),
    [
        ("DCAT-AP-NO 2.2", DCTERMS + "publisher"),
        ("DCAT-AP-NO 3.0", DCAT + "theme"),
        ("DCAT-AP 2.1.1", DCTERMS + "title"),
        ("DCAT-AP 3.0.1", DCTERMS + "description"),
        ("data.norge.no, score", DCTERMS + "license"),
        ("SKOS-AP-NO-Begrep 2.0", SKOS + "definition"),
        ("ModellDCAT-AP-NO 1.3", DCTERMS + "publisher"),
    ],
)
def test_the_official_shapes_do_refuse(
    profile: str,
    predicate: str,
    catalogue: Triples,
    others: tuple[Triples, Triples],
    official: Path,
) -> None:
    (judge,) = [p for p in read_profiles(official) if p.name == profile]
    concepts, models = others
    graph = {"concept": concepts, "informationmodel": models}.get(
        judge.sources[0], catalogue
    )
    assert judge.refusals([t for t in graph if t.predicate.value != predicate])


def test_no_place_is_without_the_scheme_that_a_shape_within_asks_for(
    catalogue: Triples, official: Path
) -> None:
    """Also in warnings and in what stands within a result; Kartverket's units, too."""
    places = {t.object for t in catalogue if t.predicate.value == DCTERMS + "spatial"}
    assert any("data.geonorge.no" in text_of(place) for place in places)

    def within(result: Result) -> Iterator[Result]:
        yield result
        for inner in result.details:
            yield from within(inner)

    (judge,) = [p for p in read_profiles(official) if p.name == "DCAT-AP-NO 2.2"]

    def unplaced(graph: Triples) -> set[str]:
        every = [r for one in judge.results(graph) for r in within(one)]
        return {
            text_of(r.focus)
            for r in every
            if r.focus in places and text_of(r.path) == SKOS + "inScheme"
        }

    assert unplaced(catalogue) == set()
    bare = [t for t in catalogue if t.predicate.value != SKOS + "inScheme"]
    assert len(unplaced(bare)) == len(places)


def test_the_portals_take_a_whole_publication_with_an_earlier_edition(
    warm_region: Path, tmp_path: Path, official: Path
) -> None:
    folder = two_editions(warm_region, tmp_path / "fjordland")
    workspace = Workspace(load_project(folder))
    told = simulate_harvest(workspace, folder / "public", portal_shapes=official)
    assert len(told.profiles) == PROFILES + 1
    official_findings = [b for b in told.broken if b.profile != "Glokal"]
    assert [b for b in official_findings if b.waiver is None] == []
    assert {(b.profile, text_of(b.result.path)) for b in official_findings} == {
        ("DCAT-AP 3.0.1", "http://www.w3.org/ns/adms#status")
    }
    assert told.clean
    edition = next(d for d in told.datasets if d.iri.endswith("-edition-1"))
    assert [s.points for s in edition.scores] == [360, 400]
    text = render_report(told, "text", "en")
    assert "data.norge.no, score: met" in text
    assert "triples of the shapes make no sense and were passed over" in text
    # A size, and the national scorer takes 30 points.
    path = folder / "public" / "catalog.ttl"
    whole = path.read_text(encoding="utf-8")
    start = "distribution:fjordland-ttl a dcat:Distribution ;"
    assert start in whole
    sized = whole.replace(start, f"{start}\n  dcat:byteSize 5 ;")
    path.write_text(sized, encoding="utf-8")
    worse = simulate_harvest(workspace, folder / "public", portal_shapes=official)
    assert any(b.profile == "data.norge.no, score" for b in worse.broken)
    graph = next(d for d in worse.datasets if d.iri.endswith("/dataset/fjordland"))
    # Five for the size, thirty for compliance.
    assert [s.points for s in graph.scores if s.portal == "national"] == [335]
    assert not worse.clean

"""The rehearsal: the publication on a host of its own, harvested, judged, followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from glokal.catalogue.harvest_sources import DATASETS, HarvestSource, harvest_sources
from glokal.core.errors import InputError, UsageError
from glokal.core.namespaces import SHAPE
from glokal.core.settings import Project
from glokal.dataset.workspace import Workspace
from glokal.harvest.dataset_extract import (
    TriplesBySubject,
    by_subject,
    catalogues,
    datasets_of,
    extract_dataset,
)
from glokal.harvest.harvester import HarvestClient, harvest
from glokal.harvest.link_check import Links, follow_links
from glokal.harvest.official_shapes import Profile, added_profiles, read_profiles
from glokal.harvest.portal_page import PortalPage, page_of
from glokal.harvest.quality_score import PORTALS, Score, ScoringChecks, score
from glokal.harvest.static_host import serve_folder
from glokal.harvest.unread_properties import (
    dropped_triples,
    duplicate_records,
    unread_by_portal,
)
from glokal.harvest.waivers import (
    PortalWaiver,
    waiver_of_indicator,
    waiver_of_official,
    waiver_of_rule,
)
from glokal.rdf.terms import text_of
from glokal.site.build_stamp import is_of_these_sources
from glokal.validation.finding import Severity
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import validate_graph

OWN = "Glokal"
# Which official shapes decide about compliance on each portal.
COMPLIANCE = {"national": "data.norge.no, score", "european": "DCAT-AP 2.1.1"}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Harvested:
    """A source as the harvester got it; `fault` is why it got nothing."""

    source: HarvestSource
    url: str
    triples: tuple[ox.Triple, ...]
    fault: str = ""

    @cached_property
    def about(self) -> TriplesBySubject:
        """The triples by subject."""
        return by_subject(self.triples)


@dataclass(frozen=True)
class Broken:
    """A rule that isn't met: whose it is, which, where, and why it may stand."""

    profile: str
    result: Result
    waiver: PortalWaiver | None


@dataclass(frozen=True)
class ScoredDataset:
    """A dataset with its points on each portal and what the national one shows of it.

    `unread` are the properties that it keeps and doesn't read.
    """

    iri: str
    scores: tuple[Score, ...]
    page: PortalPage
    unread: tuple[str, ...]
    unread_on_files: tuple[str, ...]


@dataclass(frozen=True)
class HarvestResult:
    """Everything that the rehearsal found.

    `slips` are how many triples of a profile's own shapes make no sense and were
    passed over. `stale` says that the sources have changed since the build,
    `contact_is_homepage` that whoever asks is led to the publisher's front page.
    """

    harvested: tuple[Harvested, ...]
    datasets: tuple[ScoredDataset, ...]
    dropped: tuple[str, ...]
    broken: tuple[Broken, ...]
    told: tuple[Result, ...]
    profiles: tuple[str, ...]
    slips: Mapping[str, int]
    links: Links
    stale: bool
    contact_is_homepage: bool

    @property
    def clean(self) -> bool:
        """Whether the portals would take all of it, but for what is waived."""
        return not (
            any(h.fault for h in self.harvested)
            or self.dropped
            or self.links.dead
            or any(b.waiver is None for b in self.broken)
            or any(d.page.missing() for d in self.datasets)
            or any(self.unwaived_points())
        )

    def unwaived_points(self) -> Iterable[tuple[ScoredDataset, Score, str]]:
        """Yield each indicator missed that could be had and isn't waived."""
        for dataset in self.datasets:
            for result in dataset.scores:
                for missed in result.missed:
                    name = missed.indicator.name
                    if (
                        missed.reachable
                        and waiver_of_indicator(name, dataset.iri) is None
                    ):
                        yield dataset, result, name


def simulate_harvest(
    workspace: Workspace,
    publication: Path,
    *,
    portal_shapes: Path | None = None,
    lang: str = "nb",
    progress: Progress = lambda _text: None,
) -> HarvestResult:
    """Play the harvesters on a built publication.

    `portal_shapes` is the folder of the profiles' official shapes. Raises UsageError
    when there is no publication, or when a file of the official shapes is missing.
    """
    if not (publication / "catalog.ttl").is_file():
        raise UsageError(
            f"There is no publication in {publication}.",
            remedy="run glokal build first.",
        )
    profiles = read_profiles(portal_shapes) if portal_shapes else ()
    profiles += added_profiles()
    address = workspace.project.address
    with serve_folder(publication, address) as host:
        client = HarvestClient(address, host)
        try:
            progress("harvest")
            sources = harvest_sources(workspace.project)
            harvested = tuple(_harvest(client, source) for source in sources)
            (about,) = (h.about for h in harvested if h.source == DATASETS)
            progress("rules")
            broken, payload = _rules(workspace, harvested, profiles)
            progress("points")
            datasets = _judge(about, profiles, broken, client, lang)
            progress("links")
            links = follow_links(publication, client, workspace.project.endpoint)
        finally:
            client.close()
    left = [d for c in catalogues(about) for d in dropped_triples(about, c)]
    left += duplicate_records({h.source.kind: h.about for h in harvested})
    names = (OWN, *(p.name for p in profiles))
    return HarvestResult(
        harvested,
        datasets,
        tuple(left),
        tuple(broken),
        tuple(payload),
        names,
        {p.name: p.slips for p in profiles},
        links,
        not is_of_these_sources(workspace.project, publication),
        contact_is_homepage(workspace.project),
    )


def contact_is_homepage(project: Project) -> bool:
    """Whether who asks about the data is only led to the publisher's front page."""
    contact, homepage = project.contact, project.publisher.url
    return contact.url.rstrip("/") == homepage.rstrip("/") and not contact.email


def _harvest(client: HarvestClient, source: HarvestSource) -> Harvested:
    url = client.address + source.path
    try:
        return Harvested(source, url, tuple(harvest(client, url, source.accept)))
    except InputError as error:
        return Harvested(source, url, (), error.what)


def _rules(
    workspace: Workspace, harvested: Iterable[Harvested], profiles: Iterable[Profile]
) -> tuple[list[Broken], list[Result]]:
    """Return what breaks a rule, and what is only told."""
    broken: list[Broken] = []
    fields: dict[Result, None] = {}
    for source in harvested:
        for result in validate_graph(
            source.triples, workspace.catalogue_shapes.triples
        ):
            if result.severity == Severity.INFO:
                fields[result] = None
            else:
                name = text_of(result.shape).removeprefix(SHAPE)
                broken.append(
                    Broken(OWN, result, waiver_of_rule(name, text_of(result.focus)))
                )
        for profile in profiles:
            if source.source.kind in profile.sources:
                for graph in _graphs(source, profile):
                    broken += (
                        Broken(
                            profile.name,
                            result,
                            waiver_of_official(profile.name, text_of(result.path)),
                        )
                        for result in profile.refusals(graph)
                    )
    return broken, list(fields)


def _graphs(source: Harvested, profile: Profile) -> list[list[ox.Triple]]:
    if not profile.cut:
        return [list(source.triples)]
    about = source.about
    return [
        extract_dataset(about, d)
        for c in catalogues(about)
        for d in datasets_of(about, c)
    ]


def _judge(
    about: TriplesBySubject,
    profiles: Iterable[Profile],
    broken: list[Broken],
    client: HarvestClient,
    lang: str,
) -> tuple[ScoredDataset, ...]:
    by_name = {profile.name: profile for profile in profiles}
    # Without the official shapes our own decide; they ask for at least as much.
    own = not any(b.result.severity == Severity.VIOLATION for b in broken)
    results = []
    for catalogue in catalogues(about):
        for dataset in datasets_of(about, catalogue):
            graph = extract_dataset(about, dataset)
            cut = by_subject(graph)
            complies = {
                portal: not by_name[name].refusals(graph) if name in by_name else own
                for portal, name in COMPLIANCE.items()
            }
            judge = ScoringChecks(lambda url: _answers(client, url), complies)
            scores = tuple(score(cut, dataset, portal, judge) for portal in PORTALS)
            page = page_of(cut, dataset, lang)
            results.append(
                ScoredDataset(dataset, scores, page, *unread_by_portal(cut, dataset))
            )
    return tuple(results)


def _answers(client: HarvestClient, url: str) -> bool:
    return client.is_ours(url) and 200 <= client.status(url) < 300

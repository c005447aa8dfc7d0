"""The sources that a portal is set up with: one URL and one Accept value a type.

The national portal wants one source for each type of resource; its parser goes by the
Accept value, not by what comes back. docs/portals.md lists them for the one who
registers the publication.
"""

from __future__ import annotations

from dataclasses import dataclass

from glokal.core.files.data_files import TURTLE
from glokal.core.settings import Project


@dataclass(frozen=True)
class HarvestSource:
    """A source to harvest: the type as the portal names it, the path, the Accept."""

    kind: str
    path: str
    accept: str


DATASETS = HarvestSource("dataset", "catalog.ttl", TURTLE)
CONCEPTS = HarvestSource("concept", "concepts.ttl", TURTLE)
MODELS = HarvestSource("informationmodel", "models.ttl", TURTLE)
APIS = HarvestSource("dataservice", "apis.ttl", TURTLE)


def harvest_sources(project: Project) -> tuple[HarvestSource, ...]:
    """Return the sources of a publication; APIs only where there is an endpoint."""
    apis = (APIS,) if project.endpoint else ()
    return (DATASETS, CONCEPTS, MODELS, *apis)

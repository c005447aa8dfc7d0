"""What the catalogues describe: which of them tells of a thing, and its page.

Datasets, distributions, concepts and elements of the model have no document of their
own: the catalogue that describes them is theirs.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from glokal.catalogue.harvest_sources import APIS, CONCEPTS, DATASETS, MODELS
from glokal.rdf.terms import text_of
from glokal.server.build_snapshot import SiteSnapshot

# The page for readers. Models are told of where the words are.
_PAGES = {DATASETS: "dump/", CONCEPTS: "def/", MODELS: "def/", APIS: "api/"}


def catalogue_of(site: SiteSnapshot, iri: str) -> tuple[str, str] | None:
    """Return the catalogue that describes a thing, and the page; None for neither.

    The catalogue is its path without the ending of a format.
    """
    for source, page in _PAGES.items():
        path = source.path.rpartition(".")[0]
        name = f"{path}.nt"
        if name not in site.files:
            continue
        if iri in _subjects(site.root / name, site.files[name]):
            return path, page
    return None


@lru_cache(maxsize=16)
def _subjects(path: Path, digest: str) -> frozenset[str]:
    del digest
    result = ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES)
    return frozenset(text_of(quad.subject) for quad in result)

"""The countries that a project says it is in (`catalog.spatial`), and their lists."""

from __future__ import annotations

from glokal.core.country_lists import CountryList, country_list
from glokal.core.namespaces import EU_COUNTRIES
from glokal.core.settings import Project


def project_countries(project: Project) -> list[str]:
    """Return the countries of `catalog.spatial`, in the three letters of ISO 3166-1."""
    spatial = project.catalogue.spatial
    return [
        iri.removeprefix(EU_COUNTRIES)
        for iri in spatial
        if iri.startswith(EU_COUNTRIES)
    ]


def country_lists(project: Project) -> list[CountryList]:
    """Return the lists of those countries that have one.

    Raises SourceError for a list that can't be read.
    """
    found = (country_list(project.root, code) for code in project_countries(project))
    return [one for one in found if one is not None]

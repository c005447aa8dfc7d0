"""The settings of a project: `publication.toml` and the folders beside it."""

from __future__ import annotations

from glokal.core.settings.project import (
    LANGUAGES,
    Catalogue,
    Party,
    Project,
    shared_folder,
)
from glokal.core.settings.publication_toml import load_project
from glokal.core.settings.regions import (
    Member,
    Regions,
    has_regions,
    load_regions,
    refuse_one_base,
)
from glokal.core.settings.same_list import SAME_LIST, Confirmed, load_same_list
from glokal.core.settings.toml_file import REGIONS, SETTINGS

__all__ = [
    "LANGUAGES",
    "REGIONS",
    "SAME_LIST",
    "SETTINGS",
    "Catalogue",
    "Confirmed",
    "Member",
    "Party",
    "Project",
    "Regions",
    "has_regions",
    "load_project",
    "load_regions",
    "load_same_list",
    "refuse_one_base",
    "shared_folder",
]

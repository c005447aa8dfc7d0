"""The settings of a project: `publication.toml` and the folders beside it."""

from __future__ import annotations

from glokal.core.settings.project import (
    LANGUAGES,
    Catalogue,
    Party,
    Project,
    load_project,
    shared_folder,
)
from glokal.core.settings.toml_reader import SETTINGS

__all__ = [
    "LANGUAGES",
    "SETTINGS",
    "Catalogue",
    "Party",
    "Project",
    "load_project",
    "shared_folder",
]

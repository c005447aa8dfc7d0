"""The settings of a project: `publication.toml` and the folders beside it."""

from __future__ import annotations

from glokal.config.project import (
    LANGUAGES,
    Catalogue,
    Party,
    Project,
    load_project,
    shared_folder,
)
from glokal.config.reader import SETTINGS

__all__ = [
    "LANGUAGES",
    "SETTINGS",
    "Catalogue",
    "Party",
    "Project",
    "load_project",
    "shared_folder",
]

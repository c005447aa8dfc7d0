"""Reading `publication.toml`: every setting of a project, checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from glokal.core.errors import ConfigError, SourceError
from glokal.core.files.folder_walk import target
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import (
    DATA_THEMES,
    EU_DATA_THEMES,
    EU_FREQUENCIES,
    FREQUENCIES,
    LICENCES,
    LOS,
    LOS_THEMES,
    PLACE_SCHEMES,
    PUBLISHER_TYPE,
    PUBLISHER_TYPES,
)
from glokal.core.po_files import read_translations
from glokal.core.settings.project import Catalogue, Party, Project, one_country
from glokal.core.settings.toml_file import REGIONS, SETTINGS, project_error, read_toml
from glokal.core.settings.toml_reader import Reader

# The first is taken when nothing is said.
REASONERS = ("hermit", "rules")
STALE_AFTER = 365
# Of what kind a web site is that says something; the first if nothing is said.
SOURCE_KINDS = ("body", "register", "newspaper", "encyclopaedia")
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
# It stands in the names of files, with more before and behind it.
LONGEST_SLUG = 60
# Semantic Versioning 2.0.0, section 2.
_VERSION = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"


def load_project(root: Path, leave_out: str = "") -> Project:
    """Read and check the settings of the project in a folder.

    With `leave_out` a language that the settings name is left out, so that the texts
    they lack in it don't matter yet. Raises UsageError when the folder is not a
    project, ConfigError when a setting is missing or wrong.
    """
    path = root / SETTINGS
    if not root.is_dir():
        raise project_error("no_folder", folder=root)
    if not os.path.lexists(path) and os.path.lexists(root / REGIONS):
        raise project_error("several", folder=root.resolve().name)
    if not os.path.lexists(path):
        raise project_error("no_project", folder=root.resolve().name)
    try:
        target(path, SETTINGS, root)
    except SourceError as error:
        raise ConfigError(error.what, remedy=error.remedy, place=error.place) from error
    settings, text = read_toml(path, SETTINGS)
    accepted = tuple(dict.fromkeys((*PAGE_LANGUAGES, *filter(None, [leave_out]))))
    publication = settings.get("publication")
    # Whether it is a table is told by its reader.
    of_pages: dict[str, Any] = publication if isinstance(publication, dict) else {}
    listed = of_pages.get("languages")
    if leave_out and isinstance(listed, list) and len(listed) > 1:
        kept = [language for language in listed if language != leave_out]
        of_pages["languages"] = kept
    project = read_project(Reader(settings, text, accepted), root)
    translations = read_translations(root, project.languages)
    return replace(project, translations=translations)


def read_project(read: Reader, root: Path) -> Project:
    """Return the settings that a reader has, checked; ConfigError for a wrong one."""
    languages = tuple(read.words("publication.languages", '["nb", "en"]'))
    for language in languages or ("",):
        if language not in PAGE_LANGUAGES and not _is_known(language):
            read.wrong("publication.languages", "has", '["nb"]', repr(language))
    issued = read.date("publication.issued")
    modified = read.date("publication.modified")
    project = Project(
        root=root,
        slug=read.match("publication.slug", SLUG, "my-region", LONGEST_SLUG),
        version=read.match("publication.version", _VERSION, "1.0.0"),
        issued=issued,
        modified=modified,
        address=read.address("publication.address"),
        languages=languages,
        licence=read.one_of("publication.licence", LICENCES),
        rights=read.texts("publication.rights", languages),
        unofficial=read.value("publication.unofficial", bool, "true"),
        complete=read.truth("publication.complete", default=True),
        title=read.texts("publication.title", languages, one_line=True),
        description=read.texts("publication.description", languages),
        publisher=_publisher(read, languages),
        contact=Party(
            read.texts("contact.name", languages, one_line=True),
            read.url("contact.url"),
            email=read.email("contact.email"),
        ),
        catalogue=_catalogue(read, languages),
        endpoint=read.url("service.endpoint", needed=False),
        base=read.address("identifiers.base"),
        reasoner=read.one_of("reason.engine", REASONERS, needed=False),
        stale_after=read.days("register.stale_after_days", STALE_AFTER),
        questions=read.tables("questions", "a-slug"),
        sources=_sources(read),
    )
    read.finish()
    if modified < issued:
        read.wrong("publication.modified", "before_issued", f"{issued}", modified)
    return project


def _sources(read: Reader) -> Mapping[str, Mapping[str, str]]:
    """Return what web sites are called, by host: a name each, and perhaps its kind."""
    example = '{ host = "avisa.example", name = "Avisa", kind = "newspaper" }'
    results = {}
    for slug, told in read.tables("sources", "avisa.example").items():
        kind = told.get("kind", SOURCE_KINDS[0])
        named = told.get("host") and told.get("name") and kind in SOURCE_KINDS
        if not named or not set(told) <= {"host", "name", "kind"}:
            read.wrong(f"sources.{slug}", "is", example, repr(dict(told)))
        results[told["host"].removeprefix("www.")] = told
    return results


def _is_known(language: str) -> bool:
    # Babel is asked only for what doesn't come along.
    from glokal.core.locales import is_known

    return is_known(language)


def _publisher(read: Reader, languages: tuple[str, ...]) -> Party:
    country = one_country(_spatial(read))
    kind = read.one_of("publisher.type", PUBLISHER_TYPES)
    return Party(
        read.texts("publisher.name", languages, one_line=True),
        read.url("publisher.homepage"),
        read.match("publisher.slug", SLUG, "a-council", LONGEST_SLUG),
        read.organisation_number("publisher.organisation_number", country),
        PUBLISHER_TYPE + kind,
    )


def _spatial(read: Reader) -> tuple[str, ...]:
    return read.urls("catalog.spatial", tuple(PLACE_SCHEMES))


def _catalogue(read: Reader, languages: tuple[str, ...]) -> Catalogue:
    themes = read.some_of("catalog.themes", DATA_THEMES)
    los = read.some_of("catalog.los", LOS_THEMES, needed=False)
    keywords = {
        language: read.keywords(f"catalog.keywords.{language}")
        for language in languages
    }
    for language in PAGE_LANGUAGES:
        read.keywords(f"catalog.keywords.{language}", needed=False)
    frequency = read.one_of("catalog.frequency", FREQUENCIES)
    return Catalogue(
        tuple(EU_DATA_THEMES + theme for theme in themes),
        tuple(LOS + theme for theme in los),
        keywords,
        _spatial(read),
        EU_FREQUENCIES + frequency,
    )

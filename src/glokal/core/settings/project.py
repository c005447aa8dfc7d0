"""The settings of a project: `publication.toml` and the folders beside it.

A project is a region's folder. It holds `data/` and `publication.toml`, and may
hold `ontology/`, `shapes/` and `queries/` of its own; what it doesn't hold is taken
from the ones that come with Glokal, so that a new region brings only its data. The rows
that its answers must have are its own too, in `expected/`.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from glokal.core.errors import ConfigError, SourceError
from glokal.core.files.folder_walk import is_folder, target
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import (
    DATA_THEMES,
    EU_COUNTRIES,
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
from glokal.core.po_files import NONE, Translations, read_translations
from glokal.core.settings.toml_file import REGIONS, SETTINGS, project_error, read_toml
from glokal.core.settings.toml_reader import Reader
from glokal.core.signed_cache import SignedCache

# Those that commands report in; pages may be in more (`PAGE_LANGUAGES`).
LANGUAGES = ("nb", "nn", "en")
CACHE = Path(".cache") / "glokal"
# The first is taken when nothing is said.
REASONERS = ("hermit", "rules")
STALE_AFTER = 365
# Of what kind a web site is that says something; the first if nothing is said.
SOURCE_KINDS = ("body", "register", "newspaper", "encyclopaedia")
# Where a checkout has what comes with Glokal, when by another name.
_IN_CHECKOUT = {"example": "tests/region"}
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
# It stands in the names of files, with more before and behind it.
LONGEST_SLUG = 60
# Semantic Versioning 2.0.0, section 2.
_VERSION = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"


@dataclass(frozen=True)
class Party:
    """A publisher or contact: a name in each language and a web address.

    `number` is the organisation number, `kind` the publisher type's IRI; both "" when
    they aren't known. `email` is an address without `mailto:`.
    """

    name: Mapping[str, str]
    url: str
    slug: str = ""
    number: str = ""
    kind: str = ""
    email: str = ""


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue says that neither data nor ontology tells: IRIs and words."""

    themes: tuple[str, ...]
    los: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]]
    spatial: tuple[str, ...]
    frequency: str


@dataclass(frozen=True)
class Project:
    """A region's folder with its settings, checked.

    `stale_after` is after how many days an entry must be checked again. `questions` has
    what the canned queries are asked about first, by query and parameter, as slug or
    IRI; for those that aren't there the data decide. `complete` is whether all that the
    document says has been entered, so that it is silent on what isn't there.
    """

    root: Path
    slug: str
    version: str
    issued: datetime.date
    modified: datetime.date
    address: str
    languages: tuple[str, ...]
    licence: str
    rights: Mapping[str, str]
    unofficial: bool
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: Party
    contact: Party
    catalogue: Catalogue
    endpoint: str
    base: str
    reasoner: str
    stale_after: int
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    complete: bool = True
    # What people call the web sites that statements come from, by host: name and kind.
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # The texts of the site that the project brings, in whatever languages.
    translations: Translations = NONE
    # Whose cache a revision uses that is laid out elsewhere.
    cached_in: Path | None = None
    # The bases of the regions that this is several of; none for a region of its own.
    member_bases: tuple[str, ...] = ()

    @property
    def has_contact(self) -> bool:
        """Whether those who make the pages can be written to at the contact.

        While the publication is unofficial the publisher's own front page isn't it:
        the publisher has made none of the pages. An e-mail address is given on purpose.
        """
        borrowed = self.unofficial and self.contact.name == self.publisher.name
        return bool(self.contact.email) or not borrowed

    @property
    def things(self) -> str:
        """The namespace of the things."""
        return self.base + "id/"

    @property
    def graphs(self) -> str:
        """The namespace of the named graphs."""
        return self.base + "graph/"

    @property
    def graph_spaces(self) -> tuple[str, ...]:
        """The namespaces of the named graphs: its own, and those of its members."""
        return tuple(f"{base}graph/" for base in (self.base, *self.member_bases))

    @property
    def country(self) -> str:
        """The one country that it is of (ISO 3166-1, three letters), "" without one."""
        return _one_country(self.catalogue.spatial)

    def cache(self, name: str) -> SignedCache:
        """Return the cache of that name: texts that can be made again."""
        root = self.cached_in or self.root
        return SignedCache(root / CACHE / name, root)

    def folder(self, name: str) -> Path:
        """Return the project's own folder of that name, or the one Glokal brings.

        Raises SourceError when something of that name is there and is no folder,
        InputError when that can't be seen: nothing takes its place unsaid.
        """
        own = self.root / name
        return own if is_folder(own, name) else shared_folder(name)

    def boundary(self, name: str) -> Path | None:
        """Return where links in the folder of that name may lead, None for anywhere."""
        return self.root if is_folder(self.root / name, name) else None


def shared_folder(name: str) -> Path:
    """Return the folder that comes with Glokal: in the wheel, or in a checkout."""
    package = Path(__file__).parents[2]
    bundled = package / "shared" / name
    return (
        bundled
        if bundled.is_dir()
        else package.parents[1] / _IN_CHECKOUT.get(name, name)
    )


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
    country = _one_country(_spatial(read))
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


def _one_country(spatial: tuple[str, ...]) -> str:
    named = [iri for iri in spatial if iri.startswith(EU_COUNTRIES)]
    return named[0].removeprefix(EU_COUNTRIES) if len(named) == 1 else ""


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

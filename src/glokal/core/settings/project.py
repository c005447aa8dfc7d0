"""The settings of a project: `publication.toml` and the folders beside it.

A project is a region's folder. It holds `data/` and `publication.toml`, and may
hold `ontology/`, `shapes/` and `queries/` of its own; what it doesn't hold is taken
from the ones that come with Glokal, so that a new region brings only its data. The rows
that its answers must have are its own too, in `expected/`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from glokal.core.files.folder_walk import is_folder
from glokal.core.namespaces import EU_COUNTRIES
from glokal.core.po_files import NONE, Translations
from glokal.core.signed_cache import SignedCache

# Those that commands report in; pages may be in more (`PAGE_LANGUAGES`).
LANGUAGES = ("nb", "nn", "en")
CACHE = Path(".cache") / "glokal"
# Where a checkout has what comes with Glokal, when by another name.
_IN_CHECKOUT = {"example": "tests/region"}


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
        return one_country(self.catalogue.spatial)

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


def one_country(spatial: tuple[str, ...]) -> str:
    """Return the one country among the places of a catalogue, "" for none or several.

    It is the code of ISO 3166-1 in three letters.
    """
    named = [iri for iri in spatial if iri.startswith(EU_COUNTRIES)]
    return named[0].removeprefix(EU_COUNTRIES) if len(named) == 1 else ""

"""Several regions together: `regions.toml` and the members that it names.

A member is the folder of a project below this one, or a dump of another region's graphs
on this disk, whose digest is known. What the file doesn't say of the whole is taken
from the first member that is a folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from glokal.core.errors import ConfigError, GlokalError, Place, SourceError, UsageError
from glokal.core.files.folder_walk import target
from glokal.core.files.symlinks import links_below
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.po_files import read_translations
from glokal.core.settings.project import Project
from glokal.core.settings.publication_toml import (
    LONGEST_SLUG,
    SLUG,
    load_project,
    read_project,
)
from glokal.core.settings.region_defaults import with_region_defaults
from glokal.core.settings.toml_file import (
    REGIONS,
    SETTINGS,
    project_error,
    read_toml,
    settings_error,
)
from glokal.core.settings.toml_reader import Reader
from glokal.core.slugs import slugify

_MEMBER = "member"
# Settings that do something in a region's own file only.
_OF_A_REGION = ("questions", "reason", "register", "service", "sources")
_DIGEST = "[0-9a-fA-F]{64}"


@dataclass(frozen=True)
class Member:
    """One of several regions: a folder with its settings, or a dump with its digest.

    `written` is the folder or the file as `regions.toml` has it, `place` where that is
    said. `base` is "" for a dump of which it isn't said; `name` is {} unless it is said
    there; `address` is where the pages of a dump are, "" when that isn't said.
    """

    written: str
    path: Path
    place: Place
    slug: str
    base: str
    name: Mapping[str, str]
    project: Project | None = None
    sha256: str = ""
    address: str = ""


@dataclass(frozen=True)
class Regions:
    """Several regions: the settings of the whole, and its members in their order."""

    project: Project
    members: tuple[Member, ...] = field(default=())

    @property
    def root(self) -> Path:
        """The folder with `regions.toml`."""
        return self.project.root


def has_regions(root: Path) -> bool:
    """Whether a folder has several regions, and is none itself."""
    return os.path.lexists(root / REGIONS)


def load_regions(root: Path) -> Regions:
    """Read and check `regions.toml` and the settings of its members.

    Raises ConfigError with file and line for what is missing or wrong, UsageError when
    the folder is a region's as well. Dumps are not read here.
    """
    path = root / REGIONS
    if os.path.lexists(root / SETTINGS):
        raise project_error("both_files", folder=root.resolve().name)
    try:
        target(path, REGIONS, root)
    except SourceError as error:
        raise ConfigError(error.what, remedy=error.remedy, place=error.place) from error
    settings, text = read_toml(path, REGIONS)
    listed = settings.pop(_MEMBER, [])
    if not isinstance(listed, list) or not listed:
        raise settings_error("no_member", Place(REGIONS))
    parts = section_texts(text, _MEMBER, len(listed))
    members = [
        _member(root, entry, part) for entry, part in zip(listed, parts, strict=True)
    ]
    _refuse_twins(members, "slug")
    refuse_one_base(members)
    for table in _OF_A_REGION:
        if table in settings:
            raise settings_error("of_one_region", Place(REGIONS), table=table)
    projects = [m.project for m in members if m.project]
    read = Reader(
        with_region_defaults(settings, projects), text, PAGE_LANGUAGES, REGIONS
    )
    project = read_project(read, root)
    whole = replace(
        project,
        member_bases=tuple(m.base for m in members if m.base),
        translations=read_translations(root, project.languages),
    )
    return Regions(whole, tuple(members))


def refuse_one_base(members: Iterable[Member]) -> None:
    """Raise ConfigError for two members whose things would have one name.

    The base of one may not lie among the things or the graphs of another, either.
    """
    members = [m for m in members if m.base]
    _refuse_twins(members, "base")
    for one in members:
        for other in members:
            if other.base.startswith((one.base + "id/", one.base + "graph/")):
                raise settings_error(
                    "base_within",
                    other.place,
                    **{"one": one.written, "base": one.base},
                    **{"other": other.written, "other_base": other.base},
                )


def _refuse_twins(members: Sequence[Member], field_name: str) -> None:
    seen: dict[str, Member] = {}
    for member in members:
        value = getattr(member, field_name)
        first = seen.setdefault(value.lower(), member)
        if first is not member:
            raise settings_error(
                f"same_{field_name}",
                member.place,
                **{"one": first.written, "other": member.written, "value": value},
            )


def _member(root: Path, entry: object, text: str) -> Member:
    """Return a member, checked; `text` has its lines of the file and no others."""
    if not isinstance(entry, dict):
        raise ConfigError(
            f"A member is {entry!r}.",
            remedy='write [[member]] and below it folder = "a-folder".',
            place=Place(REGIONS),
        )
    read = Reader({_MEMBER: entry}, text, PAGE_LANGUAGES, REGIONS, repeated=True)
    kinds = [key for key in ("folder", "dump") if key in entry]
    if len(kinds) != 1:
        raise ConfigError(
            f"A member has {'both a folder and a dump' if kinds else 'no folder'}.",
            remedy='write folder = "a-folder", or dump = "a-file.nq" and sha256, '
            "under [[member]].",
            place=read.place(f"{_MEMBER}."),
        )
    key = f"{_MEMBER}.{kinds[0]}"
    written = read.path(key, '"a-folder"', otherwise="")
    path = _below(read, root, key, written)
    name = read.texts(f"{_MEMBER}.name", (), one_line=True)
    base = read.address(f"{_MEMBER}.base") if "base" in entry else ""
    slug = ""
    if "slug" in entry:
        slug = read.match(f"{_MEMBER}.slug", SLUG, "my-region", LONGEST_SLUG)
    place = read.place(key)
    if kinds[0] == "folder":
        read.finish()
        project = _project(read, key, path, written)
        if base and base != project.base:
            raise settings_error(
                "other_base",
                read.place(f"{_MEMBER}.base"),
                **{"written": written, "base": project.base, "value": base},
            )
        slug = slug or slugify(path.name) or project.slug
        return Member(written, path, place, slug, project.base, name, project)
    if "sha256" not in entry:
        raise settings_error("no_sha", read.place(key), written=written)
    digest = entry["sha256"]
    if not isinstance(digest, str) or not re.fullmatch(_DIGEST, digest):
        place = read.place(f"{_MEMBER}.sha256")
        raise settings_error("bad_sha", place, written=written, value=repr(digest))
    digest = read.value(f"{_MEMBER}.sha256", str, '"…"').lower()
    address = read.address(f"{_MEMBER}.address") if "address" in entry else ""
    read.finish()
    slug = slug or slugify(path.name.partition(".")[0]) or "dump"
    return Member(
        written, path, place, slug, base, name, sha256=digest, address=address
    )


def _below(read: Reader, root: Path, key: str, written: str) -> Path:
    """Return the path of a member; ConfigError for one that isn't below the folder."""
    kind = key.rpartition(".")[2]
    if "://" in written:
        _fault(
            read,
            key,
            f"The {kind} is {written}; nothing is fetched from the network.",
            "fetch the file, see that it is what its region has published, and name "
            "it here.",
        )
    parts = Path(written).parts
    if Path(written).is_absolute() or ".." in parts or not parts:
        raise settings_error("not_below", read.place(key), what=kind, written=written)
    path = root / written
    if links := links_below(root, path):
        name = os.path.relpath(links[0], root)
        _fault(
            read,
            key,
            f"The {kind} {written} is reached by a link, {name}.",
            f"put the {'folder' if kind == 'folder' else 'file'} itself there.",
        )
    if not (path.is_dir() if kind == "folder" else path.exists()):
        what = "folder" if kind == "folder" else "file"
        raise settings_error("not_there", read.place(key), what=what, written=written)
    return path


def _project(read: Reader, key: str, path: Path, written: str) -> Project:
    try:
        return load_project(path)
    except UsageError as error:
        _fault(read, key, error.what, f"put a {SETTINGS} into {written}.")
    except ConfigError as error:
        place = error.place or Place(SETTINGS)
        place = replace(place, file=f"{written.rstrip('/')}/{place.file}")
        raise ConfigError(
            error.what, remedy=error.remedy, place=place, name=error.name,
            values=error.values,
        ) from error  # fmt: skip


def _fault(read: Reader, key: str, what: str, remedy: str) -> NoReturn:
    error: GlokalError = ConfigError(what, remedy=remedy, place=read.place(key))
    raise error


def section_texts(text: str, name: str, number: int) -> list[str]:
    """Return for each table `[[name]]` the text with its lines alone, at their places.

    A reader of settings finds the line of a setting in it.
    """
    lines = text.splitlines()
    owner, parts = -1, [[""] * len(lines) for _ in range(number)]
    inside = False
    for at, line in enumerate(lines):
        head = line.strip().partition("#")[0].replace(" ", "").rstrip()
        if head == f"[[{name}]]":
            owner, inside = owner + 1, True
        elif head.startswith("["):
            inside = inside and head.startswith(f"[{name}.")
        if inside and owner < number:
            parts[owner][at] = line.replace("[[", "[").replace("]]", "]")
    return ["\n".join(part) for part in parts]

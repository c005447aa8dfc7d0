"""The editions of a publication, kept in `editions/`.

An edition is two files: `<version>.toml` with its date and its digests by RDFC-1.0,
and `<version>.nq.gz` with the statements themselves, canonical. So an edition that is
built again is provably the same, and can be compared with any other.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.config import SETTINGS, Project
from glokal.dump.canonical import canonical_quads, canonical_text, digest
from glokal.dump.graph import named_quads
from glokal.errors import FindingsError, Place, SourceError, UsageError
from glokal.rdf.project_files import folder_of
from glokal.rdf.sources import read_text
from glokal.workspace import Workspace

FOLDER = "editions"


@dataclass(frozen=True)
class Edition:
    """A published edition: its version, its date, the digest of all its statements.

    `number` counts the editions from one; `path` is the file of its statements.
    """

    version: str
    date: datetime.date
    quads: str
    number: int
    path: Path

    def read(self) -> list[ox.Quad]:
        """Return the statements; SourceError when they aren't those published."""
        name = f"{FOLDER}/{self.path.name}"
        try:
            text = gzip.decompress(self.path.read_bytes())
        except (OSError, EOFError, gzip.BadGzipFile) as error:
            raise SourceError(
                f"The statements of the edition {self.version} can't be read.",
                remedy=f"take {name} back from the repository's history.",
                place=Place(name),
            ) from error
        if hashlib.sha256(text).hexdigest() != self.quads:
            raise SourceError(
                f"The statements of the edition {self.version} have been changed.",
                remedy=f"take {name} back from the repository's history.",
                place=Place(name),
            )
        return list(ox.parse(input=text, format=ox.RdfFormat.N_QUADS))


def read_editions(project: Project) -> tuple[Edition, ...]:
    """Return the recorded editions, the oldest first.

    Raises SourceError for a file that isn't the record of an edition.
    """
    files = folder_of(project, FOLDER).of(".toml")
    found = sorted((_Record(file.path) for file in files), key=lambda r: r.order)
    return tuple(
        Edition(r.version, r.date, r.quads, number, r.path.with_suffix(".nq.gz"))
        for number, r in enumerate(found, 1)
    )


def previous(project: Project) -> Edition | None:
    """Return the last edition before the version that is being made."""
    now = order(project.version)
    before = [e for e in read_editions(project) if order(e.version) < now]
    return before[-1] if before else None


def refuse_silent_change(project: Project, quads: str) -> None:
    """Refuse a graph that isn't the edition whose version it bears.

    `quads` is the digest of the graph as it is now. Raises FindingsError with what to
    do: a published version never changes, and versions only go up.
    """
    editions = read_editions(project)
    place = Place(SETTINGS, _line(project))
    for edition in editions:
        if edition.version == project.version and edition.quads != quads:
            raise FindingsError(
                f"The edition {edition.version} was published on {edition.date}, and "
                "the graph has changed since.",
                remedy="give publication.version a new number, or take the changes "
                "back; glokal diff shows them.",
                place=place,
            )
    if editions and order(project.version) < order(editions[-1].version):
        raise FindingsError(
            f"The version {project.version} is older than the edition "
            f"{editions[-1].version}.",
            remedy="give publication.version a higher number.",
            place=place,
        )


def record_edition(workspace: Workspace) -> tuple[Edition, bool]:
    """Record the graph as the edition of its version; whether it was new.

    Raises FindingsError when the version is taken by another graph.
    """
    project = workspace.project
    quads = canonical_quads(named_quads(workspace))
    found = digest(quads)
    refuse_silent_change(project, found)
    for edition in read_editions(project):
        if edition.version == project.version:
            edition.read()
            return edition, False
    folder = project.root / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        text = gzip.compress(canonical_text(quads), 9, mtime=0)
        (folder / f"{project.version}.nq.gz").write_bytes(text)
        # The record comes last: without it the edition isn't there.
        (folder / f"{project.version}.toml").write_text(
            f'version = "{project.version}"\ndate = {project.modified}\n'
            f'quads = "{found}"\n',
            encoding="utf-8",
        )
    except OSError as error:
        raise UsageError(
            f"The edition can't be written: {error.strerror}.",
            remedy=f"see that {FOLDER}/ can be written.",
        ) from error
    return next(e for e in read_editions(project) if e.version == project.version), True


def order(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions by their numbers."""
    return tuple(int(part) for part in version.split("."))


class _Record:
    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            said = tomllib.loads(read_text(path, f"{FOLDER}/{path.name}"))
            self.version, self.date = str(said["version"]), said["date"]
            self.quads = str(said["quads"])
            self.order = order(self.version)
        except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
            raise self._wrong() from error
        sound = (
            isinstance(self.date, datetime.date)
            and self.version == path.stem
            and re.fullmatch(r"[0-9a-f]{64}", self.quads)
        )
        if not sound:
            raise self._wrong()

    def _wrong(self) -> SourceError:
        return SourceError(
            "The file is not the record of an edition.",
            remedy="take it back from the repository's history; glokal edition makes "
            "new ones.",
            place=Place(f"{FOLDER}/{self.path.name}"),
        )


def _line(project: Project) -> int | None:
    lines = (project.root / SETTINGS).read_text(encoding="utf-8").splitlines()
    return next((n for n, x in enumerate(lines, 1) if x.startswith("version")), None)

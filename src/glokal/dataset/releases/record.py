"""The editions of a publication, kept in `editions/`.

An edition is two files: `<version>.toml` with its date and its digests by RDFC-1.0,
and `<version>.nq.gz` with the statements themselves, canonical; `last.toml` names the
last of them. So an edition that is
built again is provably the same, and can be compared with any other.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import FindingsError, InputError, Place, SourceError
from glokal.core.files.bounded_read import read_bytes
from glokal.core.files.gzip_limits import unpack
from glokal.core.files.journal import FileChange, write_together
from glokal.core.settings import SETTINGS, Project
from glokal.dataset.dumps import named_quads
from glokal.dataset.releases.edition_records import (
    EDITIONS,
    LAST,
    Record,
    order,
    read_records,
    refuse_broken_line,
    text_of_last,
)
from glokal.dataset.sources_state import State, refuse_changed_sources
from glokal.dataset.workspace import Workspace
from glokal.rdf.canonical import canonical_quads, canonical_text, digest
from glokal.rdf.source_files import TOTAL_MEGABYTES, TOTAL_VARIABLE


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
        """Return the statements.

        Raises SourceError when they can't be read, aren't those published, or are more
        than is read.
        """
        name = f"{EDITIONS}/{self.path.name}"
        remedy = (
            f"take {name} back from the repository's history; while the graph is still "
            "that of the edition, glokal edition writes it again."
        )
        try:
            most = number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES)
            raw = read_bytes(self.path, name, most)
            text = unpack(raw, name, most, TOTAL_VARIABLE)
        except (InputError, OSError, EOFError, zlib.error) as error:
            raise SourceError(
                f"The statements of the edition {self.version} can't be read.",
                remedy=remedy,
                place=Place(name),
            ) from error
        if hashlib.sha256(text).hexdigest() != self.quads:
            raise SourceError(
                f"The statements of the edition {self.version} have been changed.",
                remedy=remedy,
                place=Place(name),
            )
        return list(ox.parse(input=text, format=ox.RdfFormat.N_QUADS))


def read_editions(project: Project) -> tuple[Edition, ...]:
    """Return the recorded editions, the oldest first.

    Raises SourceError for a file that isn't the record of an edition, and for a record
    that doesn't follow the one before it.
    """
    return tuple(
        _edition(project, record, number)
        for number, record in enumerate(read_records(project), 1)
    )


def _edition(project: Project, record: Record, number: int) -> Edition:
    statements = project.root / EDITIONS / f"{record.version}.nq.gz"
    return Edition(record.version, record.date, record.quads, number, statements)


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
    refuse_broken_line(project, read_records(project))


def record_edition(
    workspace: Workspace, read: State | None = None
) -> tuple[Edition, bool]:
    """Record the graph as the edition of its version; whether it was new.

    `read` is the state of the sources before they were read. An edition that is there
    already gets its statements back if they are damaged or gone: the graph, by its
    digest, is the same. Raises FindingsError when the version is taken by another
    graph, ChangedError when the sources have changed since they were read, MachineError
    when nothing can be written.
    """
    project = workspace.project
    quads = canonical_quads(named_quads(workspace))
    result = digest(quads)
    refuse_silent_change(project, result)
    known = _recorded(project)
    if known is not None and _is_whole(known):
        return known, False
    folder = project.root / EDITIONS
    statements = folder / f"{project.version}.nq.gz"
    record = folder / f"{project.version}.toml"
    packed = gzip.compress(canonical_text(quads), 9, mtime=0)
    changes = [FileChange(statements, packed, None)]
    edition = known
    if edition is None:
        before = read_records(project)
        made_now = Record(
            project.version,
            project.modified,
            result,
            project.base,
            project.slug,
            before[-1].version if before else "",
            before[-1].digest() if before else "",
        )
        changes.append(FileChange(record, made_now.text().encode(), ""))
        last = text_of_last(made_now).encode()
        changes.append(FileChange(folder / LAST, last, None))
        edition = _edition(project, made_now, len(before) + 1)
    if read is not None:
        refuse_changed_sources(project, read)
    write_together(
        project.root,
        changes,
        command="glokal edition",
        remedy=f"see that {EDITIONS}/ can be written.",
    )
    # Not read again: that could fail, and it would seem that nothing had changed.
    return edition, known is None


def _recorded(project: Project) -> Edition | None:
    """Return the edition of the version that is being made, None before it is one."""
    results = (e for e in read_editions(project) if e.version == project.version)
    return next(results, None)


def _is_whole(edition: Edition) -> bool:
    try:
        edition.read()
    except SourceError:
        return False
    return True


def _line(project: Project) -> int | None:
    lines = (project.root / SETTINGS).read_text(encoding="utf-8").splitlines()
    return next((n for n, x in enumerate(lines, 1) if x.startswith("version")), None)

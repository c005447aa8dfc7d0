"""The records of editions, each with the digest of the one before it.

So a record that is gone, changed or put elsewhere is noticed, and no edition is older
than the one before. `last.toml` names the last of them, which no other one names, and
its digest. The first edition settles the base of the identifiers and the slug
of the publication: they are in every name that others have taken down.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glokal.core.errors import FindingsError, Place, SourceError
from glokal.core.settings import SETTINGS, Project
from glokal.rdf.project_files import folder_of
from glokal.rdf.source_files import read_text

EDITIONS = "editions"
LAST = "last.toml"
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Record:
    """What is written down of an edition when it is published.

    `quads` is the digest of its statements by RDFC-1.0; `previous` the version of the
    edition before, "" for the first, `previous_digest` the digest of that one's record.
    `base` is None in records that were made before there was a chain.
    """

    version: str
    date: datetime.date
    quads: str
    base: str | None = None
    slug: str = ""
    previous: str = ""
    previous_digest: str = ""

    @property
    def order(self) -> tuple[int, ...]:
        """What versions are sorted by."""
        return order(self.version)

    def text(self) -> str:
        """Return the record as it is written, TOML."""
        lines = [
            f"version = {json.dumps(self.version)}",
            f"date = {self.date}",
            f"quads = {json.dumps(self.quads)}",
        ]
        if self.base is not None:
            lines += [
                f"base = {json.dumps(self.base)}",
                f"slug = {json.dumps(self.slug)}",
                f"previous = {json.dumps(self.previous)}",
                f"previous_digest = {json.dumps(self.previous_digest)}",
            ]
        return "\n".join(lines) + "\n"

    def digest(self) -> str:
        """Return the SHA-256 of the record as it is written, in hexadecimal.

        Spaces, comments and line ends of the file don't count.
        """
        return hashlib.sha256(self.text().encode()).hexdigest()


def order(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions by their numbers."""
    return tuple(int(part) for part in version.split("."))


def read_records(project: Project) -> list[Record]:
    """Return the records of the editions, the oldest first.

    Raises SourceError for a file that isn't a record, and for a record that doesn't
    follow the one before it.
    """
    files = folder_of(project, EDITIONS).of(".toml")
    paths = [file.path for file in files if file.path.name != LAST]
    results = sorted(map(read_edition_record, paths), key=lambda r: r.order)
    verify_chain(results)
    verify_last(project.root / EDITIONS / LAST, results)
    return results


def text_of_last(record: Record) -> str:
    """Return what `last.toml` holds when this is the last record."""
    version, digest = json.dumps(record.version), json.dumps(record.digest())
    return f"version = {version}\ndigest = {digest}\n"


def verify_last(path: Path, records: Sequence[Record]) -> None:
    """Raise SourceError when the last record isn't the one that `last.toml` names.

    Records from before there was a chain may be without that file.
    """
    last = records[-1] if records else None
    if not path.exists():
        if last is not None and last.base is not None:
            lines = " and ".join(text_of_last(last).splitlines())
            raise _broken(
                LAST,
                "The file that names the last edition is gone.",
                f"take {EDITIONS}/{LAST} back from the repository's history; if it "
                f"never was there, and {last.version} is the last edition, write two "
                f"lines in it: {lines}.",
            )
        return
    try:
        named = tomllib.loads(read_text(path, f"{EDITIONS}/{LAST}"))
        version, digest = str(named["version"]), str(named["digest"])
        known = order(version)
    except (SourceError, KeyError, ValueError, RecursionError) as error:
        raise _broken(LAST, "The file doesn't name the last edition.") from error
    if last is None or last.order < known:
        raise _broken(
            f"{version}.toml",
            f"The record of the edition {version}, the last, is gone.",
        )
    if last.order > known:
        raise _broken(
            f"{last.version}.toml",
            f"The edition {last.version} stands after the last one, {version}.",
        )
    if last.digest() != digest:
        raise _broken(
            f"{version}.toml",
            f"The record of the edition {version} has been changed since it was made.",
        )


def read_edition_record(path: Path) -> Record:
    """Return what a file of `editions/` holds; SourceError when it is no record."""
    try:
        details = tomllib.loads(read_text(path, f"{EDITIONS}/{path.name}"))
        record = Record(**details)
        texts = (record.version, record.quads, record.slug, record.previous)
        sound = (
            all(isinstance(text, str) for text in texts)
            and isinstance(record.base, str | None)
            and type(record.date) is datetime.date
            and record.version == path.stem
            and bool(record.order)
            and _DIGEST.fullmatch(record.quads)
        )
    except (SourceError, TypeError, ValueError, RecursionError) as error:
        raise _no_record(path) from error
    if not sound:
        raise _no_record(path)
    return record


def verify_chain(records: Sequence[Record]) -> None:
    """Raise SourceError for the first record that doesn't follow the one before it.

    `records` are sorted by version. Records from before there was a chain may only
    stand at its beginning.
    """
    versions = {record.version for record in records}
    before: Record | None = None
    for record in records:
        if before is not None and record.date < before.date:
            raise _broken(
                f"{record.version}.toml",
                f"The edition {record.version} is of {record.date}, before the edition "
                f"{before.version} of {before.date}.",
            )
        if record.base is not None:
            _follow(record, before, versions)
        elif before is not None and before.base is not None:
            raise _broken(
                f"{record.version}.toml",
                f"The record doesn't name the edition before it, {before.version}.",
            )
        before = record


def _follow(record: Record, before: Record | None, versions: set[str]) -> None:
    version, follows = record.version, record.previous
    if follows and follows not in versions:
        raise _broken(
            f"{follows}.toml",
            f"The record of the edition {follows} is gone: {version} follows it.",
        )
    if follows != (before.version if before else ""):
        stands = before.version if before else "nothing"
        raise _broken(
            f"{version}.toml",
            f"The edition {version} follows {follows or 'nothing'}, and {stands} "
            "stands before it.",
        )
    if before is None:
        return
    if record.previous_digest != before.digest():
        raise _broken(
            f"{follows}.toml",
            f"The record of the edition {follows} has been changed since {version} "
            "followed it.",
        )
    if before.base not in (None, record.base) or (
        before.base is not None and before.slug != record.slug
    ):
        raise _broken(
            f"{version}.toml",
            f"The edition {version} has another base or slug than {follows}.",
        )


def _broken(file: str, what: str, remedy: str = "") -> SourceError:
    return SourceError(
        what,
        remedy=remedy
        or f"take {EDITIONS}/ back from the repository's history, as it was when the "
        "last edition was published.",
        place=Place(f"{EDITIONS}/{file}"),
    )


def refuse_broken_line(project: Project, records: Sequence[Record]) -> None:
    """Refuse settings by which a publication would not carry on from its editions.

    Raises FindingsError with the line: a lower version, an earlier date, another base
    or another slug than those of the last edition.
    """
    if not records:
        return
    last = records[-1]
    if order(project.version) < last.order:
        raise _finding(
            project,
            "version",
            f"The version {project.version} is older than the edition {last.version}.",
            "give publication.version a higher number.",
        )
    if project.modified < last.date:
        raise _finding(
            project,
            "modified",
            f"The date {project.modified} is before that of the edition "
            f"{last.version}, {last.date}.",
            f"write modified = {last.date} or a later day under [publication].",
        )
    if last.base is None:
        return
    for name, table, now, then in (
        ("base", "identifiers", project.base, last.base),
        ("slug", "publication", project.slug, last.slug),
    ):
        if now != then:
            raise _finding(
                project,
                name,
                f"The setting {table}.{name} is {now!r}, and was {then!r} in the "
                f"edition {last.version}: each name that others have taken down would "
                "be another.",
                f'write {name} = "{then}" under [{table}].',
            )


def _finding(project: Project, name: str, what: str, remedy: str) -> FindingsError:
    lines = (project.root / SETTINGS).read_text(encoding="utf-8").splitlines()
    results = (n for n, x in enumerate(lines, 1) if x.partition("=")[0].strip() == name)
    return FindingsError(
        what, remedy=remedy, place=Place(SETTINGS, next(results, None))
    )


def _no_record(path: Path) -> SourceError:
    name = f"{EDITIONS}/{path.name}"
    try:
        state = "damaged" if path.stat().st_size else "empty"
    except OSError:
        state = "gone"
    return SourceError(
        f"The file is {state}, not the record of an edition.",
        remedy="take it back from the repository's history; if it was never there, "
        f"remove {name} and {EDITIONS}/{path.stem}.nq.gz, and run glokal edition "
        "again.",
        place=Place(name),
    )

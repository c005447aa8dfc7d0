"""One build of a publication as it is served: whole, and never mixed with the next.

The files are kept in a folder of the server's own, so that they stay when the build
replaces them: the many small ones in a single file, the pack, since tens of thousands
of links take long to make and longer to remove; those that are large, or opened by
their path, as links. A build is taken when its files are those that its mark tells of;
a half-copied one is not.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from glokal.core.errors import UsageError
from glokal.core.signed_cache import read_plain
from glokal.dataset.releases.edition_records import order
from glokal.site.build_stamp import STAMP, output_digest
from glokal.site.described_resources import INDEX as LEADS
from glokal.site.host_rules import FILES as HOST_FILES
from glokal.site.pages.tombstones import INDEX as RETIRED
from glokal.site.security_headers import is_of_edition

QUADS = "dump/glokal.nq"
EXAMPLES_FILE = ".well-known/sparql-examples"
REPORTED_QUADS = "dump/reported.nq"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE)
# Names that a server answers for itself, and files that only other hosts read.
_NOT_SERVED = frozenset({STAMP, ".nojekyll", *HOST_FILES})
# What is larger is read from the disk as it is sent, in parts if a client likes.
LARGE = 1 << 20
_PACK, _LINKED = "pack", "linked"


class _NoRoomError(Exception):
    """A file can't be copied, since the disk takes no more; the text says why."""


class IncompleteBuildError(UsageError):
    """The folder is no whole publication, or not yet."""


@dataclass(frozen=True)
class SiteSnapshot:
    """The files of a build: paths below the publication, each with its digest.

    `root` has those that are linked.
    """

    root: Path
    mark: str
    files: dict[str, str] = field(repr=False)
    # Where each of the others is in the pack: its first byte, and how many.
    packed: dict[str, tuple[int, int]] = field(repr=False)
    # Things of earlier editions, and what has come instead of each, "" for nothing.
    retired: dict[str, str] = field(repr=False)
    # The page that each name without a page of its own leads to.
    leads: dict[str, str] = field(repr=False)

    @cached_property
    def edition(self) -> str:
        """The version of the last edition that is there, "" for none."""
        paths = (path.split("/") for path in self.files if is_of_edition(path))
        return max((parts[1] for parts in paths), key=order, default="")

    def read(self, path: str) -> bytes:
        """Return a file; KeyError when the build has none of that path."""
        if path not in self.files:
            raise KeyError(path)
        if path not in self.packed:
            return (self.root / path).read_bytes()
        start, size = self.packed[path]
        with (self.root.parent / _PACK).open("rb") as pack:
            pack.seek(start)
            return pack.read(size)

    def is_large(self, path: str) -> bool:
        """Whether a file is too large to be held in memory."""
        return path not in self.packed and (self.root / path).stat().st_size > LARGE

    def remove(self) -> None:
        """Take the files away."""
        shutil.rmtree(self.root.parent, ignore_errors=True)


def read_mark(publication: Path) -> str:
    """Return the mark of a build, "" when there is none."""
    try:
        return read_plain(publication / STAMP).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def snapshot_build(publication: Path, folder: Path) -> SiteSnapshot:
    """Return a publication as it is now, its files kept below a folder.

    Raises IncompleteBuildError when it isn't whole.
    """
    mark = read_mark(publication)
    if not mark or not (publication / QUADS).is_file():
        raise IncompleteBuildError(
            f"There is no publication in {publication}.",
            remedy="run glokal build first.",
        )
    place = Path(tempfile.mkdtemp(prefix="site-", dir=folder))
    try:
        with _room_told():
            files, packed = _taken(publication, place)
        site = _site(place / _LINKED, mark, files, packed)
        if site.read(STAMP).decode().strip() != mark or (
            output_digest(files) != mark.split()[-1]
        ):
            raise IncompleteBuildError(
                f"The files in {publication} are not those that were built.",
                remedy="run glokal build, or copy its folder again, hidden files too.",
            )
    except BaseException as error:
        shutil.rmtree(place, ignore_errors=True)
        if isinstance(error, _NoRoomError):
            raise UsageError(
                f"{folder.parent} can't take the files of the publication: {error}.",
                remedy="make room there, or name another folder with --state.",
            ) from error
        if isinstance(error, OSError | KeyError | ValueError):
            raise IncompleteBuildError(
                f"{publication} can't be read whole: {error}.",
                remedy="try again when the build is done.",
            ) from error
        raise
    served = {p: d for p, d in files.items() if p not in _NOT_SERVED}
    return replace(site, files=served)


def _site(
    root: Path, mark: str, files: dict[str, str], packed: dict[str, tuple[int, int]]
) -> SiteSnapshot:
    whole = SiteSnapshot(root, mark, files, packed, {}, {})
    retired, leads = (
        json.loads(whole.read(name)) if name in files else {}
        for name in (RETIRED, LEADS)
    )
    return replace(whole, retired=retired, leads=leads)


def _taken(
    publication: Path, place: Path
) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """Take the files over; return their digests, and which are where in the pack."""
    linked = place / _LINKED
    linked.mkdir()
    files, packed, end = dict[str, str](), dict[str, tuple[int, int]](), 0
    with (place / _PACK).open("wb") as pack:
        for name, path in _files_in(publication):
            if path.stat().st_size > LARGE or _is_opened_by_path(name):
                target = linked / name
                target.parent.mkdir(parents=True, exist_ok=True)
                _link(path, target)
                with target.open("rb") as file:
                    files[name] = hashlib.file_digest(file, "sha256").hexdigest()
                continue
            data = path.read_bytes()
            files[name] = hashlib.sha256(data).hexdigest()
            packed[name] = end, len(data)
            end += len(data)
            pack.write(data)
    return files, packed


def _is_opened_by_path(name: str) -> bool:
    parts = name.split("/")
    query = parts[0] == "query" and parts[-1] == "query.rq"
    # A packed copy is sent instead of a large file, however small it is itself.
    return (
        query or name.endswith(".gz") or name in (QUADS, REPORTED_QUADS, EXAMPLES_FILE)
    )


def _files_in(publication: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files; IncompleteBuildError for a symbolic link: no build makes one."""
    for path in sorted(publication.rglob("*")):
        if path.is_symlink():
            raise IncompleteBuildError(
                f"{path} is a link, which no build makes.",
                remedy="run glokal build again.",
            )
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(publication).as_posix(), path


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(source, target)


@contextlib.contextmanager
def _room_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _NoRoomError(error.strerror) from error
        raise

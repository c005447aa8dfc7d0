"""One build of a publication as it is served: whole, and never mixed with the next.

The files are linked into a folder of the server's own, so that they stay when the
build replaces them. A build is taken when its files are those that its mark tells of;
a half-copied one is not.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from glokal.core.errors import UsageError
from glokal.core.signed_cache import read_plain
from glokal.dataset.releases.edition_records import order
from glokal.site.build_stamp import STAMP, file_digests, output_digest
from glokal.site.described_resources import INDEX as LEADS
from glokal.site.host_rules import FILES as HOST_FILES
from glokal.site.pages.tombstones import INDEX as RETIRED
from glokal.site.security_headers import is_of_edition

QUADS = "dump/glokal.nq"
EXAMPLES = ".well-known/sparql-examples"
REPORTED_QUADS = "dump/reported.nq"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE)
# Names that a server answers for itself, and files that only other hosts read.
_NOT_SERVED = frozenset({STAMP, ".nojekyll", *HOST_FILES})


class _NoRoomError(Exception):
    """A file can't be copied, since the disk takes no more; the text says why."""


class IncompleteBuildError(UsageError):
    """The folder is no whole publication, or not yet."""


@dataclass(frozen=True)
class SiteSnapshot:
    """The files of a build: paths below the publication, each with its digest."""

    root: Path
    mark: str
    files: dict[str, str] = field(repr=False)
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
        return (self.root / path).read_bytes()

    def remove(self) -> None:
        """Take the links away."""
        shutil.rmtree(self.root, ignore_errors=True)


def read_mark(publication: Path) -> str:
    """Return the mark of a build, "" when there is none."""
    try:
        return read_plain(publication / STAMP).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def snapshot_build(publication: Path, folder: Path) -> SiteSnapshot:
    """Return a publication as it is now, its files linked below a folder.

    Raises IncompleteBuildError when it isn't whole.
    """
    mark = read_mark(publication)
    if not mark or not (publication / QUADS).is_file():
        raise IncompleteBuildError(
            f"There is no publication in {publication}.",
            remedy="run glokal build first.",
        )
    root = Path(tempfile.mkdtemp(prefix="site-", dir=folder))
    try:
        shutil.copytree(
            publication,
            root,
            ignore=_refuse_links,
            copy_function=_link,
            dirs_exist_ok=True,
        )
        files = file_digests(root)
        if read_mark(root) != mark or output_digest(files) != mark.split()[-1]:
            raise IncompleteBuildError(
                f"The files in {publication} are not those that were built.",
                remedy="run glokal build, or copy its folder again, hidden files too.",
            )
    except _NoRoomError as error:
        shutil.rmtree(root, ignore_errors=True)
        raise UsageError(
            f"{folder.parent} can't take the files of the publication: {error}.",
            remedy="make room there, or name another folder with --state.",
        ) from error
    except OSError as error:
        shutil.rmtree(root, ignore_errors=True)
        # Of a tree there is a list: source, target and what is wrong of each file.
        several = isinstance(error, shutil.Error) and error.args[0]
        first = several[0][2] if several else error
        raise IncompleteBuildError(
            f"{publication} can't be read whole: {first}.",
            remedy="try again when the build is done.",
        ) from error
    except IncompleteBuildError:
        shutil.rmtree(root, ignore_errors=True)
        raise
    retired, leads = (
        json.loads((root / name).read_bytes()) if name in files else {}
        for name in (RETIRED, LEADS)
    )
    served = {p: d for p, d in files.items() if p not in _NOT_SERVED}
    return SiteSnapshot(root, mark, served, retired, leads)


def _refuse_links(folder: str, names: list[str]) -> set[str]:
    """Raise IncompleteBuildError for a symbolic link: no build makes one."""
    for name in names:
        path = Path(folder) / name
        if path.is_symlink():
            raise IncompleteBuildError(
                f"{path} is a link, which no build makes.",
                remedy="run glokal build again.",
            )
    return set()


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another file system, or one without links.
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise _NoRoomError(error.strerror) from error
            raise

"""A project as it was at a revision in Git, laid out in a folder of its own."""

from __future__ import annotations

import io
import posixpath
import shutil
import subprocess
import tarfile
from pathlib import Path

from glokal.config import SETTINGS
from glokal.errors import InputError, ToolError

# What a project is made of; the rest of a repository stays where it is.
_PARTS = ("data", "ontology", "shapes", "queries", "editions", SETTINGS)
_SECONDS = 60


def lay_out(revision: str, root: Path, scratch: Path) -> Path | None:
    """Lay out the project in `root` as it was at a revision; return its folder.

    The folder is made in `scratch`. Returns None when Git knows no such revision, or
    there was no project then. Raises ToolError when Git fails, InputError when the
    revision has a link that leads out of the project.
    """
    told = _git(root, "rev-parse", "--verify", "-q", "--end-of-options", revision)
    prefix = _git(root, "rev-parse", "--show-prefix")
    top = _git(root, "rev-parse", "--show-toplevel")
    if told is None or prefix is None or top is None:
        return None
    commit = told.decode().strip()
    inside = prefix.decode().strip().rstrip("/")
    # Below the top, git archive would take the folder's own part of that tree.
    whole = Path(top.decode().rstrip("\n"))
    packed = _git(whole, "archive", "--format=tar", f"{commit}:{inside}")
    if packed is None:
        return None
    folder = scratch / commit
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar:
            if member.name.partition("/")[0] in _PARTS:
                _write(tar, member, folder, revision)
    if not (folder / SETTINGS).is_file():
        return None
    _share_cache(root / ".cache", folder / ".cache")
    return folder


def _write(
    tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, revision: str
) -> None:
    """Write a file, a folder or a link within the project; nothing of who may use it.

    By hand, as the `filter` of tarfile came with Python 3.11.4 only.
    """
    path = folder / member.name
    if _leads_out(member.name):
        raise InputError(
            f"{revision} has a path that leads out of it: {member.name}.",
            remedy="compare with another revision.",
        )
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
    elif member.isreg():
        content = tar.extractfile(member)
        assert content is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
    elif member.issym():
        if _leads_out(posixpath.join(posixpath.dirname(member.name), member.linkname)):
            raise InputError(
                f"{member.name} in {revision} is a link out of the project, to "
                f"{member.linkname}.",
                remedy="compare with a revision in which it is a file.",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(member.linkname)


def _leads_out(name: str) -> bool:
    """Whether a path in an archive leads out of the folder that it is laid out in."""
    plain = posixpath.normpath(name)
    return plain.startswith("/") or plain.partition("/")[0] == ".."


def _share_cache(cache: Path, link: Path) -> None:
    """Let what has been reasoned already count; it is kept by content."""
    if cache.is_dir() and not link.exists():
        try:
            link.symlink_to(cache.resolve(), target_is_directory=True)
        except OSError:
            # Then it is worked out again.
            return


def _git(folder: Path, *args: str) -> bytes | None:
    """Return what Git answers, None when it knows nothing of what is asked."""
    command = ["git", "-C", str(folder.resolve()), *args]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired as error:
        raise ToolError(
            f"Git did not answer within {_SECONDS} seconds.", remedy="try again."
        ) from error
    return done.stdout if done.returncode == 0 else None

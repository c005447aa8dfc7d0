"""A folder written beside the old one and then put in its place.

Whatever stops a build, the old publication stands: at once when the build fails or is
interrupted, at the next build when it was killed.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glokal.errors import UsageError
from glokal.process import is_running
from glokal.publish.fresh import MARK


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of `target` when the block ends well.

    Raises UsageError when the folder can't be written or holds something else.
    """
    mend(target)
    if target.exists() and not (target / MARK).is_file() and any(target.iterdir()):
        raise UsageError(
            f"The folder {target} holds something that Glokal did not build.",
            remedy="name another folder with -o, or empty this one.",
        )
    name = f".{target.name}-{os.getpid()}-{secrets.token_hex(4)}"
    made, old = target.with_name(name), target.with_name(f"{name}-old")
    # The name is known before the folder is there: Ctrl-C just then leaves nothing.
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.mkdir()
        except OSError as error:
            raise UsageError(
                f"The folder {target} can't be written: {error.strerror}.",
                remedy="name a folder that you may write in with -o.",
            ) from error
        made.chmod(0o755)
        yield made
        if target.exists():
            target.rename(old)
        made.rename(target)
    finally:
        if not target.exists() and old.exists():
            old.rename(target)
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def mend(target: Path) -> None:
    """Clear away what a killed build left; put back the folder that it set aside."""
    if not target.parent.is_dir():
        return
    for left in sorted(target.parent.glob(f".{target.name}-*")):
        found = re.match(rf"\.{re.escape(target.name)}-(\d+)-", left.name)
        if found is None or is_running(int(found[1])):
            continue
        if left.name.endswith("-old") and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)

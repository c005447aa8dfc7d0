"""The dumps, made by a copy of the build (`shared_call`) while it draws pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from glokal.core.settings import Project
from glokal.dataset.dumps import Dumps, write_dumps
from glokal.dataset.releases.record import refuse_silent_change
from glokal.dataset.workspace import Workspace
from glokal.site.build_cache import BuildCache
from glokal.site.shared_call import SharedCall, shared_call

# The dumps of fewer triples are made before a copy has begun.
_WORTH_A_COPY = 20_000


class SharedDumps:
    """The dumps of a build that are being made."""

    def __init__(self, project: Project, call: SharedCall[Dumps]) -> None:
        self._project, self._call = project, call

    @cached_property
    def result(self) -> Dumps:
        """The dumps, which are waited for.

        Raises FindingsError when the version is one that another graph was published
        as.
        """
        found = self._call.result()
        refuse_silent_change(self._project, found.quads)
        return found


@contextmanager
def shared_dumps(
    workspace: Workspace, root: Path, kept: BuildCache, copies: int
) -> Iterator[SharedDumps]:
    """Begin the dumps of a build; `copies` is how many there may be.

    There is never more than one.
    """
    many = len(workspace.view_triples) >= _WORTH_A_COPY
    copied = copies > 0 and many
    with shared_call(
        lambda: write_dumps(workspace, root, kept), kept, copied=copied
    ) as call:
        yield SharedDumps(workspace.project, call)

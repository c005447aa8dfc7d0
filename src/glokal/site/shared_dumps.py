"""The dumps, made by a copy of the build (`shared_work`) while it draws pages."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from glokal.dataset.dumps import Dumps, write_dumps
from glokal.dataset.releases.record import refuse_silent_change
from glokal.dataset.workspace import Workspace
from glokal.site.build_cache import BuildCache, FilesMade
from glokal.site.shared_work import SharedWork

# The dumps of fewer triples are made before a copy has begun.
_WORTH_A_COPY = 20_000


class _DumpWork:
    """All dumps of a workspace, as a work of one part."""

    def __init__(self, workspace: Workspace, root: Path, kept: BuildCache) -> None:
        self._workspace, self._root, self._kept = workspace, root, kept
        self.dumps: Dumps | None = None

    def begin_copy(self) -> None:
        self._kept.begin_copy()

    def do(self, part: int) -> None:
        del part
        self.dumps = write_dumps(self._workspace, self._root, self._kept)

    def told(self) -> tuple[FilesMade, Dumps | None]:
        return self._kept.told(), self.dumps

    def take_in(self, told: tuple[FilesMade, Dumps | None]) -> None:
        files, self.dumps = told
        self._kept.take_in(files)


class SharedDumps:
    """The dumps of a build, begun at once; no copy is left behind the `with`."""

    def __init__(
        self, workspace: Workspace, root: Path, kept: BuildCache, copies: int
    ) -> None:
        """`copies` is how many there may be; there is never more than one."""
        self._project = workspace.project
        self._work = _DumpWork(workspace, root, kept)
        many = len(workspace.view_triples) >= _WORTH_A_COPY
        self._shared = SharedWork(self._work, 1, copies if many else 0)
        self._found: Dumps | None = None

    def __enter__(self) -> SharedDumps:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shared.__exit__(kind, error, trace)

    def result(self) -> Dumps:
        """Return the dumps when they are there.

        Raises FindingsError when the version is one that another graph was published
        as.
        """
        if self._found is None:
            self._shared.finish()
            assert self._work.dumps is not None
            refuse_silent_change(self._project, self._work.dumps.quads)
            self._found = self._work.dumps
        return self._found

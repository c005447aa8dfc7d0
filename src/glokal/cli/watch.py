"""Running a check again whenever a file of the project changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from glokal.core.errors import GlokalError
from glokal.core.settings import load_project
from glokal.rdf.project_files import folder_of

FOLDERS = ("ontology", "shapes", "data", "queries", "expected", "words")
# Often enough for who waits, seldom enough for a battery.
PAUSE_SECONDS = 0.5
State = dict[Path, tuple[int, int]]


def again_and_again(
    folder: Path,
    run: Callable[[], None],
    *,
    pause: Callable[[float], None] = time.sleep,
    clear: bool = False,
) -> None:
    """Run something now, and after each change of a project's files; never returns.

    Ctrl-C ends it. With `clear` the terminal is cleared before each run.
    """
    while True:
        before = file_state(folder)
        if clear:
            click.clear()
        run()
        while file_state(folder) == before:
            pause(PAUSE_SECONDS)


def file_state(folder: Path) -> State:
    """Return when each file of a project was written, and how large it is."""
    results: State = {}
    for path in _files(folder):
        try:
            found = path.stat()
        except OSError:
            # It goes, or is replaced, at this moment.
            continue
        results[path] = found.st_mtime_ns, found.st_size
    return results


def _files(folder: Path) -> Iterator[Path]:
    yield folder / "publication.toml"
    try:
        project = load_project(folder)
        for name in FOLDERS:
            for file in folder_of(project, name).files:
                yield file.path
    except GlokalError:
        # It is told by the check; what was seen so far is looked at.
        return

"""Files of a publication made by as many processes as there are cores.

The build goes on while helpers make what follows from its arguments alone: data files,
workbooks, twins. The bytes are the same however many helpers there are, and where there
are none. What a helper can't make, or was making when it ended, the build makes itself.
"""

from __future__ import annotations

import pickle
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from glokal.core.child_process import python_command
from glokal.core.environment import clean_environment
from glokal.site.build_cache import BuildCache, FilesMade
from glokal.site.file_worker import Make, QueuedFile, make_file
from glokal.site.shared_work import MOST_PARTS, SharedWork, cores

# Files that go to a helper at once.
_BATCH = 16
# Fewer are made before a helper has started.
_WORTH_A_HELPER = 128
# Batches that wait for each helper; then the build makes some itself.
_WAITING = 8
Batch = list[QueuedFile]


@contextmanager
def file_writers(
    root: Path, cache: BuildCache, copies: int = 0
) -> Iterator[FileWriters]:
    """Give the writers of a build; no helper is left when they are given back.

    There is one for each core but the build's own, unless copies are to do the work.
    """
    helpers = 0 if copies else cores() - 1
    writers = FileWriters(root, cache, helpers=helpers, copies=copies)
    try:
        yield writers
        writers.finish()
    finally:
        writers.close()


class FileWriters:
    """Makes files and writes them below a root, by helpers and by itself."""

    def __init__(
        self, root: Path, cache: BuildCache, *, helpers: int = 0, copies: int = 0
    ) -> None:
        """Without helpers each file is made when it is asked for.

        With `copies` all are made at the end, by so many copies of the build.
        """
        self._root, self._cache = root, cache
        self._most, self._copies = helpers, copies
        self._helpers: list[_Helper] = []
        self._batches: queue.Queue[Batch | None] = queue.Queue()
        self._next: Batch = []
        self._early: list[Batch] = []
        self._paths: set[str] = set()

    def write(self, path: str, key: str, make: Make) -> None:
        """Write a file, or take it over from the last build if that has its key.

        It is there when `finish` has returned, or sooner. Raises what `make` raises,
        here or there.
        """
        if self._cache.take(path, key):
            return
        file = QueuedFile(path, make, key)
        if not self._most and not self._copies:
            self._note(file, make_file(self._root, file))
            return
        if path in self._paths:
            # The later one counts.
            self.finish()
        self._paths.add(path)
        self._next.append(file)
        if len(self._next) == _BATCH and not self._copies:
            self._pass_on()

    def finish(self) -> None:
        """Wait until all files are there; the build makes what no helper has begun."""
        if self._copies:
            self._share()
        if self._next:
            self._pass_on()
        early, self._early = self._early, []
        for batch in early:
            self._make(batch)
        while self._make_one():
            pass
        self._batches.join()
        self._take_answers()
        self._paths.clear()

    def close(self) -> None:
        """End the helpers, whatever they are doing."""
        for helper in self._helpers:
            helper.kill()
            # Whichever thread takes it, there is one for each.
            self._batches.put(None)
        for helper in self._helpers:
            helper.end()
        self._helpers.clear()

    def _pass_on(self) -> None:
        batch, self._next = self._next, []
        if not self._helpers:
            self._early.append(batch)
            if len(self._early) * _BATCH < _WORTH_A_HELPER:
                return
            self._start()
            for waiting in self._early:
                self._batches.put(waiting)
            self._early.clear()
        else:
            self._batches.put(batch)
        self._take_answers()
        if self._batches.qsize() > _WAITING * len(self._helpers):
            self._make_one()

    def _share(self) -> None:
        """Let copies make all files that wait.

        The build doesn't take part: the library that makes PDF starts threads, and a
        process that has some isn't copied again.
        """
        files, self._next = self._next, []
        work = _FileWork(self._root, self._cache, files)
        with SharedWork(work, work.parts, self._copies) as shared:
            shared.finish(alone=True)

    def _start(self) -> None:
        for _ in range(self._most):
            # Where the system starts no more processes the build makes all itself.
            with suppress(OSError):
                self._helpers.append(_Helper(self._root, self._batches))

    def _make_one(self) -> bool:
        """Make a batch that waits; return whether there was one."""
        try:
            batch = self._batches.get_nowait()
        except queue.Empty:
            return False
        self._batches.task_done()
        self._make(batch or [])
        return True

    def _make(self, batch: Batch) -> None:
        for file in batch:
            self._note(file, make_file(self._root, file))

    def _take_answers(self) -> None:
        for helper in self._helpers:
            for file, digest in helper.answers():
                self._note(file, digest or make_file(self._root, file))

    def _note(self, file: QueuedFile, digest: str) -> None:
        self._cache.note_digest(file.path, file.key, digest)


class _FileWork:
    """Files to be made, as a work of parts."""

    def __init__(self, root: Path, cache: BuildCache, files: Batch) -> None:
        self._root, self._cache, self._files = root, cache, files
        self._size = -(-len(files) // MOST_PARTS) or 1
        self.parts = -(-len(files) // self._size)

    def begin_copy(self) -> None:
        self._cache.begin_copy()

    def do(self, part: int) -> None:
        start = part * self._size
        for file in self._files[start : start + self._size]:
            digest = make_file(self._root, file)
            self._cache.note_digest(file.path, file.key, digest)

    def told(self) -> FilesMade:
        return self._cache.told()

    def take_in(self, told: FilesMade) -> None:
        self._cache.take_in(told)


class _Helper:
    """A process that makes files, and the thread that gives it batches of them."""

    def __init__(self, root: Path, batches: queue.Queue[Batch | None]) -> None:
        """Raises OSError when the process can't be started."""
        self._batches = batches
        self._answers: queue.Queue[tuple[Batch, list[str]]] = queue.Queue()
        # A session of its own: Ctrl-C is the build's, which ends its helpers.
        self._process = subprocess.Popen(  # noqa: S603
            python_command("glokal.site.file_worker", ["0", str(root.resolve())]),
            cwd=root,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def answers(self) -> Iterator[tuple[QueuedFile, str]]:
        """Yield what has been made since, with digests; "" for what it couldn't."""
        while True:
            try:
                batch, digests = self._answers.get_nowait()
            except queue.Empty:
                return
            yield from zip(batch, digests, strict=True)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def end(self) -> None:
        """Wait for the end of the process and of its thread."""
        self._thread.join()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def _run(self) -> None:
        alive = True
        while alive and (batch := self._batches.get()) is not None:
            digests = [""] * len(batch)
            try:
                digests = self._ask(batch)
            except (OSError, EOFError, pickle.UnpicklingError):
                # It has ended; the batch that it had is the build's.
                alive = False
            except Exception:
                # Something in the batch can't be told to another process.
                alive = self._process.poll() is None
            self._answers.put((batch, digests))
            self._batches.task_done()

    def _ask(self, batch: Batch) -> list[str]:
        asked, answer = self._process.stdin, self._process.stdout
        assert asked and answer
        data = pickle.dumps(batch)
        asked.write(data)
        asked.flush()
        digests: list[str] = pickle.load(answer)  # noqa: S301
        return digests

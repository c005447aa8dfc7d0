"""What reasoning by rules and the standards' words take as the things grow.

`python -m benchmarks.reasoning [THINGS…]` makes an invented region of that many things.
Each run is a process of its own that goes through the triples in a file, so that its
memory is that of the work. The peer, owlrl, works out OWL 2 RL over all triples and
lacks what OWL 2 RL lacks; it is asked up to `PEER_MOST` things.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import owlrl
import pyoxigraph as ox
import rdflib

from benchmarks.pages import make_region
from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.inferences import COUNTED
from glokal.dataset.standard_words import read_rules, standard_words
from glokal.dataset.workspace import Workspace
from glokal.reasoning.rules import reason_by_rules

SIZES = (1_000, 10_000, 150_000)
PEER_MOST = 1_000
_RUN = "--run"
_NT = ox.RdfFormat.N_TRIPLES


class Streamed(Collection[ox.Triple]):
    """The triples of N-Triples files, read anew each time they are gone through."""

    def __init__(self, *paths: Path) -> None:
        """Name the files."""
        self._paths = paths

    def __iter__(self) -> Iterator[ox.Triple]:
        """Read them."""
        for path in self._paths:
            for quad in ox.parse(path=str(path), format=_NT):
                yield quad.triple

    def __len__(self) -> int:
        """Count them."""
        return sum(1 for _ in self)

    def __contains__(self, triple: object) -> bool:
        """Look through all of them."""
        return any(t == triple for t in self)


@dataclass(frozen=True)
class Taken:
    """How many triples were made, seconds of the processor, megabytes beside these."""

    made: int
    seconds: float
    megabytes: float


def _by_rules(folder: Path) -> int:
    given = Streamed(folder / "given.nt")
    inferred = reason_by_rules(given, namespaces=(GLO,), different=COUNTED).inferred
    with (folder / "inferred.nt").open("wb") as file:
        ox.serialize(inferred, file, format=_NT)
    return len(inferred)


def _words(folder: Path) -> int:
    view = Streamed(folder / "asserted.nt", folder / "inferred.nt")
    return len(standard_words(view, read_rules(load_project(folder / "region"))))


def _by_owlrl(folder: Path) -> int:
    graph = rdflib.Graph().parse(folder / "given.nt", format="nt")
    before = len(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return len(graph) - before


_TASKS = {"rules": _by_rules, "words": _words, "owlrl": _by_owlrl}


def _spent() -> tuple[float, float]:
    """Return the seconds of the processor and the most megabytes until now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # ru_maxrss has the parent's, from before the program was exchanged (getrusage(2)).
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    most = next(line for line in lines if line.startswith("VmHWM:"))
    return used.ru_utime + used.ru_stime, int(most.split()[1]) / 1024


def run(task: str, folder: Path) -> None:
    """Do one task, and print what it took, as JSON."""
    begun = _spent()
    made = _TASKS[task](folder)
    ended = _spent()
    print(json.dumps([made, ended[0] - begun[0], ended[1] - begun[1]]))


def _taken(task: str, folder: Path) -> Taken:
    command = [sys.executable, "-m", "benchmarks.reasoning", _RUN, task, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Taken(*json.loads(done.stdout))


def measure(things: int) -> None:
    """Make a region of that many things, and print what each task took."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_region(folder / "region", things)
        workspace = Workspace(load_project(folder / "region"))
        given, asserted = workspace.reasoned_over, workspace.asserted()
        for name, triples in (("given", given), ("asserted", asserted)):
            with (folder / f"{name}.nt").open("wb") as file:
                ox.serialize(triples, file, format=_NT)
        del workspace, asserted
        for task in _TASKS:
            if task != "owlrl" or things <= PEER_MOST:
                taken = _taken(task, folder)
                print(
                    f"{things:>7} {len(given):>8} {task:>6} {taken.made:>8} "
                    f"{taken.seconds:>9.1f} {taken.megabytes:>7.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == [_RUN]:
        run(sys.argv[2], Path(sys.argv[3]))
        sys.exit()
    print(" things  triples   task     made processor/s beside/MB")
    for number in map(int, sys.argv[1:] or map(str, SIZES)):
        measure(number)

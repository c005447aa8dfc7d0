"""Stop every command that writes at its calls, and print the table (`make faults`)."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests import servers
from tests.injection.commands import COMMANDS, Command
from tests.injection.faults import GROUPS, points
from tests.injection.strace import CannotTraceError, require_strace
from tests.injection.trial import NEW, OLD, Bench, Trial

HEAD = (
    "| command | calls | fault | tried | kinds of call | old | new | settled by the "
    "next command | wrong |",
    "|---|---|---|---|---|---|---|---|---|",
)


@dataclass
class Tally:
    """What came of the faults of one group in one command."""

    command: str
    group: str
    calls: int
    wanted: set[tuple[str, str]]
    trials: list[Trial] = field(default_factory=list)

    @property
    def row(self) -> str:
        """The row of the table."""
        met = [t for t in self.trials if t.call is not None]
        known = [t for t in met if t.at_once == t.settled]
        cells = (
            *(f"`{self.command}`", self.calls, self.group, len(met)),
            len({(t.call.kind, t.call.area) for t in met if t.call}),
            *(sum(t.settled == state for t in known) for state in (OLD, NEW)),
            *(len(met) - len(known), len(self.wrong)),
        )
        return f"| {' | '.join(map(str, cells))} |"

    @property
    def wrong(self) -> list[str]:
        """What is wrong, each with its command, fault and call."""
        found = [
            f"{self.command}, {t.fault} at {_short(t.call.line)}: {_short(text)}"
            for t in self.trials
            if t.call is not None
            for text in t.wrong
        ]
        met = {(t.call.kind, t.call.area) for t in self.trials if t.call}
        return found + [
            f"{self.command}, {self.group}: never met at {kind} in {area}"
            for kind, area in sorted(self.wanted - met)
        ]


def _short(text: str) -> str:
    """Return a line without the folders that are made for the trial."""
    return re.sub(r"/[^ '<\"]*?/(work/project|work|temporary)\b", r"\1", text)[:400]


@contextlib.contextmanager
def bench(command: Command, folder: Path) -> Iterator[Bench]:
    """Make ready for a command, with a service when it needs one."""
    with contextlib.ExitStack() as stack:
        address = ""
        if command.pushes:
            (folder / "service").mkdir()
            address = stack.enter_context(servers.oxigraph(folder / "service"))
        yield Bench(folder, command, address)


def try_command(
    command: Command, folder: Path, groups: Sequence[str], most: int, seed: int
) -> list[Tally]:
    """Stop a command at its calls by the faults of each group."""
    found = []
    with bench(command, folder) as made:
        for group in groups:
            chosen = points(made.calls, group, most, seed)
            kinds = {(call.kind, call.area) for call, _ in chosen}
            tally = Tally(command.name, group, len(made.calls), kinds)
            for call, fault in chosen:
                tally.trials.append(made.stop(call, fault))
            found.append(tally)
            print(tally.row, flush=True)
            for text in tally.wrong:
                print(f"WRONG: {text}", file=sys.stderr, flush=True)
    return found


def main() -> int:
    """Return 0 when nothing was wrong, 1 else, 2 when it can't be tried here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--most",
        type=int,
        default=8,
        help="calls of a command for each group of faults",
    )
    parser.add_argument("--all", action="store_true", help="every call, every fault")
    parser.add_argument("--only", action="append", help="the name of a command")
    parser.add_argument("--fault", action="append", choices=GROUPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    try:
        require_strace()
    except CannotTraceError as error:
        print(f"make faults: {error}", file=sys.stderr)
        return 2
    wanted = [c for c in COMMANDS if not given.only or c.name in given.only]
    print(*HEAD, sep="\n", flush=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        ThreadPoolExecutor(given.jobs) as workers,
    ):

        def work(command: Command) -> list[Tally]:
            folder = Path(tempfile.mkdtemp(dir=scratch))
            most = 0 if given.all else given.most
            groups = given.fault or GROUPS
            return try_command(command, folder, groups, most, given.seed)

        found = [tally for tallies in workers.map(work, wanted) for tally in tallies]
    tried = sum(len(t.trials) for t in found)
    wrong = sum(len(t.wrong) for t in found)
    print(f"\n{tried} faults in {len(wanted)} commands, {wrong} wrong.")
    return int(bool(wrong or not tried))


if __name__ == "__main__":
    sys.exit(main())

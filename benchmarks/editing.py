"""Measure how soon an editor is told of a change: `make bench-editing`.

The project's own graph is opened in the checker of the language server, and one thing
of it is changed again and again, from right to wrong and back. The pause that the
server waits for while somebody types is left out.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from glokal.lsp.checking import Checker

FILE = Path("data/strategy/memberships.ttl")
RIGHT, WRONG = "authority:inderoy", "authority:inderoi"
ROUNDS = 10
# What a person takes for at once, while writing.
MOST_MILLISECONDS = 300


def main() -> None:
    """Print the times of opening and of changing; exit 1 when a change takes longer."""
    text = FILE.read_text(encoding="utf-8")
    started = time.perf_counter()
    checker = Checker(Path(), "nb")
    checker.check(FILE, text)
    opened = time.perf_counter() - started
    clock, processor = [], []
    for number in range(2 * ROUNDS):
        changed = text if number % 2 else text.replace(RIGHT, WRONG, 1)
        before, used = time.perf_counter(), time.process_time()
        faults = checker.check(FILE, changed)
        clock.append((time.perf_counter() - before) * 1000)
        processor.append((time.process_time() - used) * 1000)
        if bool(faults[FILE.resolve()]) is bool(number % 2):
            sys.exit("a change was judged wrongly")
    checker.close()
    middle, used_up = statistics.median(clock), statistics.median(processor)
    print(f"opened in {opened * 1000:.0f} ms")
    print(
        f"a change: {middle:.0f} ms by the clock, {used_up:.0f} ms of "
        f"the processor (median of {len(clock)}; slowest {max(clock):.0f} ms)"
    )
    sys.exit(0 if middle <= MOST_MILLISECONDS else 1)


if __name__ == "__main__":
    main()

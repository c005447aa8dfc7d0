"""What the faults of each module came to: a table, and those that no test saw."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.mutants.faults import Fault

GOAL = 0.85


@dataclass(frozen=True)
class Row:
    """What is known of a module; `why` is why it wasn't run, "" when it was.

    `same` are the faults that survive and that a person has judged to change nothing,
    each with why. They don't count. `slow` were killed by the time. `stale` are the
    judgements of faults that don't survive or that there are no longer.
    """

    name: str
    faults: int
    tried: int
    slow: int
    same: Sequence[tuple[Fault, str]]
    alive: Sequence[Fault]
    stale: Sequence[str]
    why: str

    @property
    def killed(self) -> int:
        """How many faults the tests saw."""
        return self.tried - len(self.same) - len(self.alive)

    @property
    def share(self) -> float | None:
        """How many were seen of those that count, None unless all were tried."""
        counted = self.faults - len(self.same)
        if self.why or self.tried < self.faults or not counted:
            return None
        return self.killed / counted

    @property
    def is_enough(self) -> bool:
        """Whether the goal is reached, by what was measured and judged of it as is."""
        return self.share is not None and self.share >= GOAL and not self.stale


def row_of(
    name: str,
    faults: Sequence[Fault],
    known: Mapping[str, str],
    judged: Sequence[Mapping[str, str]],
    why: str,
) -> Row:
    """Return what verdicts by key say of the faults of a module."""
    reasons = {(e["within"], e["before"], e["after"]): e["why"] for e in judged}
    verdicts = [(f, known[f.key]) for f in faults if f.key in known]
    alive = [f for f, verdict in verdicts if verdict == "survived"]
    same = [(f, reasons[_place(f)]) for f in alive if _place(f) in reasons]
    met = {_place(f) for f, _ in same}
    whole = len(verdicts) == len(faults)
    return Row(
        name,
        len(faults),
        len(verdicts),
        sum(verdict == "time" for _, verdict in verdicts),
        same,
        [f for f in alive if _place(f) not in reasons],
        [" | ".join(place) for place in reasons if whole and place not in met],
        why,
    )


def _place(fault: Fault) -> tuple[str, str, str]:
    return fault.within, fault.before, fault.after


def table(rows: Sequence[Row]) -> str:
    """Return the table and all that a person has to look at."""
    lines = [_heading(), *map(_line, rows)]
    lines += [f"{row.name}: not run: {row.why}" for row in rows if row.why]
    lines += [f"{row.name}: {fault}" for row in rows for fault in row.alive]
    lines += [
        f"{row.name}: equivalent.toml names what doesn't survive: {place}"
        for row in rows
        for place in row.stale
    ]
    return "\n".join(lines)


def whole_report(rows: Sequence[Row]) -> str:
    """Return results.md."""
    day = datetime.datetime.now(datetime.UTC).date()
    cores = os.cpu_count()
    lines = [
        "# What the tests see",
        "",
        "`make mutants` breaks each module of [modules.toml](modules.toml), one fault "
        "at a time, and runs the tests named there. Every fault that the operators of "
        "[faults.py](faults.py) can make is tried. One that lets the tests run five "
        "times as long as without it, and at least twenty seconds, is killed by the "
        "time. What a person has judged to change nothing anybody could see stands in "
        "[equivalent.toml](equivalent.toml) and below; it doesn't count. "
        f"The goal is {GOAL:.0%} of the rest.",
        "",
        f"Measured {day}, Python {platform.python_version()}, {platform.system()} on "
        f"{platform.machine()}, {cores} cores.",
        "",
        _heading(),
        *map(_line, rows),
        "",
        "## What survives",
    ]
    for row in rows:
        if row.alive or row.why:
            lines += ["", f"### {row.name}", ""]
        if row.why:
            lines.append(f"Not run: {row.why}")
        lines += [f"- {_shown(fault)}" for fault in row.alive]
    if not any(row.alive or row.why for row in rows):
        lines += ["", "Nothing."]
    lines += ["", "## What changes nothing"]
    for row in rows:
        if row.same:
            lines += ["", f"### {row.name}", ""]
        lines += [f"- {_shown(fault)}: {why}" for fault, why in row.same]
    return "\n".join(lines) + "\n"


def _heading() -> str:
    return (
        "| module | faults | change nothing | killed | of them by time | survive "
        "| share |\n|---|---|---|---|---|---|---|"
    )


def _line(row: Row) -> str:
    if row.why:
        share = "not run"
    elif row.share is None:
        share = f"not measured ({row.tried} tried)"
    else:
        share = f"{row.share:.1%}"
    return (
        f"| {row.name} | {row.faults} | {len(row.same)} | {row.killed} | {row.slow} | "
        f"{len(row.alive)} | {share} |"
    )


def _shown(fault: Fault) -> str:
    return f"`{fault.within or fault.file}`: `{fault.before}` → `{fault.after}`"

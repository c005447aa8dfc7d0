"""The points that a dataset gets for its description, indicator by indicator.

Indicators, points and rules are those of the scorers' own code, in `indicators.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import DCAT, STANDARD_PREFIXES
from glokal.harvest.dataset_extract import TriplesBySubject

PORTALS = ("national", "european")


@dataclass(frozen=True)
class Indicator:
    """A quality indicator: its points on each portal, and how it is measured.

    `words` say in each language what it asks for.

    `listed` are beginnings of the IRIs that count. On the portals in `never` no
    component measures it, so that nobody gets the points.
    """

    name: str
    words: Mapping[str, str]
    dimension: str
    points: Mapping[str, int]
    on: tuple[str, ...]
    properties: tuple[str, ...]
    check: str
    listed: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True)
class Missed:
    """Points that a dataset doesn't get, and what for."""

    indicator: Indicator
    portal: str
    dataset: str

    @property
    def points(self) -> int:
        """How many."""
        return self.indicator.points[self.portal]

    @property
    def reachable(self) -> bool:
        """Whether anybody could have got them."""
        return self.portal not in self.indicator.never


@dataclass(frozen=True)
class Score:
    """The points of a dataset on a portal: the indicators met, and those missed.

    An indicator of files is neither, where the dataset has no files.
    """

    portal: str
    met: tuple[Indicator, ...]
    missed: tuple[Missed, ...]

    @property
    def points(self) -> int:
        """The points that the dataset gets."""
        return sum(indicator.points[self.portal] for indicator in self.met)

    @property
    def excellent(self) -> bool:
        """Whether the portal gives its highest mark."""
        return self.points >= least_for_excellent()[self.portal]

    @property
    def reachable(self) -> int:
        """The points that can be had at all."""
        lost = sum(m.points for m in self.missed if m.reachable)
        return self.points + lost


@dataclass(frozen=True)
class ScoringChecks:
    """What the scorer asks others: does a URL answer, does the dataset comply."""

    answers: Callable[[str], bool]
    complies: Mapping[str, bool]


def score(
    about: TriplesBySubject, dataset: str, portal: str, judge: ScoringChecks
) -> Score:
    """Return the points of a dataset cut out of its catalogue, on a portal.

    Distributions without an IRI are skipped, and the best of the others counts.
    """
    files = [
        o.value
        for o in _values(about, dataset, [DCAT + "distribution"])
        if isinstance(o, ox.NamedNode)
    ]
    measured = [i for i in indicators() if i.points[portal]]
    # A dataset without distributions is judged by what it says itself.
    results = [
        {i.name: _holds(about, (dataset, file), i, portal, judge) for i in measured}
        for file in files or [""]
    ]
    best = max(
        results, key=lambda r: sum(i.points[portal] for i in measured if r[i.name])
    )
    missed = [
        Missed(i, portal, dataset)
        for i in measured
        if not best[i.name] and (files or _own(i))
    ]
    met = tuple(i for i in measured if best[i.name])
    return Score(portal, met, tuple(missed))


def _own(indicator: Indicator) -> bool:
    return "dataset" in indicator.on


def _holds(
    about: TriplesBySubject,
    nodes: tuple[str, str],
    indicator: Indicator,
    portal: str,
    judge: ScoringChecks,
) -> bool:
    if portal in indicator.never:
        return False
    if indicator.check == "complies":
        return judge.complies[portal]
    subjects = dict(zip(("dataset", "distribution"), nodes, strict=True))
    values = [
        value
        for place in indicator.on
        for value in _values(about, subjects[place], indicator.properties)
    ]
    match indicator.check:
        case "listed":
            return any(_is_listed(v, indicator.listed) for v in values)
        case "answers":
            return any(judge.answers(v.value) for v in values if v.value)
        case _:
            return bool(values)


def _is_listed(
    value: ox.NamedNode | ox.BlankNode | ox.Literal, listed: Iterable[str]
) -> bool:
    if not isinstance(value, ox.NamedNode):
        return False
    # The scorers pass over the difference between http and https.
    plain = value.value.replace("https://", "http://", 1)
    return any(plain.startswith(x.replace("https://", "http://", 1)) for x in listed)


def _values(
    about: TriplesBySubject, subject: str, properties: Iterable[str]
) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
    wanted = set(properties)
    return [
        t.object
        for t in about.get(subject, ())
        if t.predicate.value in wanted and not isinstance(t.object, ox.Triple)
    ]


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return every indicator, in the order of the scorers' tables."""
    return tuple(
        Indicator(
            row["name"],
            row["words"],
            row["dimension"],
            {portal: row[portal] for portal in PORTALS},
            tuple(row["on"]),
            tuple(map(_expand, row["properties"])),
            row["check"],
            tuple(row.get("listed", ())),
            tuple(row.get("never", ())),
        )
        for row in _table()["indicator"]
    )


def least_for_excellent() -> Mapping[str, int]:
    """Return how many points each portal's highest mark takes."""
    results: Mapping[str, int] = _table()["excellent"]
    return results


@cache
def _table() -> dict[str, Any]:
    file = resources.files("glokal.harvest").joinpath("indicators.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return STANDARD_PREFIXES[prefix] + local

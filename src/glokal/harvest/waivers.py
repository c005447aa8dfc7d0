"""What is left unmet on purpose, from `waivers.toml`: the words and the decision."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from glokal.core.languages import PAGE_LANGUAGES


@dataclass(frozen=True)
class PortalWaiver:
    """A reason to leave something unmet, and the number of the decision.

    `datasets` are the ends of the slugs of those that it holds for, empty for all.
    """

    decision: str
    words: Mapping[str, str] = field(hash=False)
    datasets: tuple[str, ...] = ()

    def holds_for(self, iri: str) -> bool:
        """Whether it holds for a dataset."""
        ends = tuple(f"-{end}" for end in self.datasets)
        return not ends or iri.endswith(ends)


def waiver_of_rule(shape: str, focus: str = "") -> PortalWaiver | None:
    """Return the waiver of a shape, given by its local name, for a node."""
    return _found("rules", shape, focus)


def waiver_of_official(profile: str, path: str) -> PortalWaiver | None:
    """Return the waiver of what a profile's own shapes say of a property, an IRI."""
    return _found("official", f"{profile} {path}", "")


def waiver_of_indicator(name: str, dataset: str = "") -> PortalWaiver | None:
    """Return the waiver of a quality indicator for a dataset."""
    return _found("indicators", name, dataset)


def _found(kind: str, name: str, iri: str) -> PortalWaiver | None:
    waivers = _waivers()[kind].get(name, ())
    return next((waiver for waiver in waivers if waiver.holds_for(iri)), None)


@cache
def _waivers() -> dict[str, dict[str, list[PortalWaiver]]]:
    file = resources.files("glokal.harvest").joinpath("waivers.toml")
    kinds = ("rules", "indicators", "official")
    results: dict[str, dict[str, list[PortalWaiver]]] = {kind: {} for kind in kinds}
    for row in tomllib.loads(file.read_text(encoding="utf-8"))["waiver"]:
        texts = {k: row[k] for k in PAGE_LANGUAGES}
        waiver = PortalWaiver(row["decision"], texts, tuple(row.get("datasets", ())))
        for kind, by_name in results.items():
            for name in row.get(kind, ()):
                by_name.setdefault(name, []).append(waiver)
    return results

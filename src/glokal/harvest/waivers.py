"""What is left unmet on purpose, from `waivers.toml`: the words and the decision."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class PortalWaiver:
    """A reason to leave something unmet, and the number of the decision."""

    decision: str
    words: Mapping[str, str] = field(hash=False)


def waiver_of_rule(shape: str) -> PortalWaiver | None:
    """Return the waiver of a shape, given by its local name."""
    return _waivers()["rules"].get(shape)


def waiver_of_official(profile: str, path: str) -> PortalWaiver | None:
    """Return the waiver of what a profile's own shapes say of a property, an IRI."""
    return _waivers()["official"].get(f"{profile} {path}")


def waiver_of_indicator(name: str) -> PortalWaiver | None:
    """Return the waiver of a quality indicator."""
    return _waivers()["indicators"].get(name)


@cache
def _waivers() -> dict[str, dict[str, PortalWaiver]]:
    file = resources.files("glokal.harvest").joinpath("waivers.toml")
    kinds = ("rules", "indicators", "official")
    results: dict[str, dict[str, PortalWaiver]] = {kind: {} for kind in kinds}
    for row in tomllib.loads(file.read_text(encoding="utf-8"))["waiver"]:
        waiver = PortalWaiver(row["decision"], {k: row[k] for k in ("nb", "nn", "en")})
        for kind, by_name in results.items():
            by_name.update(dict.fromkeys(row.get(kind, ()), waiver))
    return results

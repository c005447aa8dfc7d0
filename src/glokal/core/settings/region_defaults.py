"""What several regions together say of themselves when their `regions.toml` doesn't."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.settings.project import Project


def with_region_defaults(
    settings: dict[str, Any], projects: Sequence[Project]
) -> dict[str, Any]:
    """Return the settings of the whole with what they don't say.

    `projects` are the members that are folders. Without one there is nobody to take
    publisher, contact, licence and days from.
    """
    told = settings.get("publication", {})
    told = told if isinstance(told, dict) else {}
    shared = [
        x
        for x in (projects[0].languages if projects else PAGE_LANGUAGES)
        if all(x in p.languages for p in projects)
    ]
    languages = told.get("languages", shared if projects else ["nb", "en"])
    known = [x for x in languages if x in PAGE_LANGUAGES] if _is_list(languages) else []
    words = _words()
    address = told.get("address", words["address"])
    whole: dict[str, Any] = {
        "publication": {
            "slug": "regions",
            "version": _version(projects),
            "address": address,
            "languages": languages or ["en"],
            "unofficial": any(p.unofficial for p in projects) or not projects,
            **{
                name: {x: words[name][x] for x in known}
                for name in ("title", "description", "rights")
            },
        },
        "catalog": {
            "themes": words["themes"],
            "frequency": words["frequency"],
            "keywords": {x: words["keywords"][x] for x in known},
        },
        "identifiers": {"base": address},
    }
    if projects:
        whole = _merged(whole, _of_first(projects, known))
    return _merged(whole, settings)


def _version(projects: Sequence[Project]) -> str:
    """Return the version of the whole: that of its members, the lowest of several."""
    versions = [p.version for p in projects]
    numbers = {v: tuple(int(n) for n in v.split(".")) for v in versions}
    return min(versions, key=numbers.__getitem__, default="0.1.0")


def _of_first(projects: Sequence[Project], languages: list[str]) -> dict[str, Any]:
    """Return what the whole takes from its members: days of all, the rest of one."""
    first = projects[0]
    publisher = {
        "slug": first.publisher.slug,
        "homepage": first.publisher.url,
        "type": first.publisher.kind.rpartition("/")[2],
        "name": _in(first.publisher.name, languages),
    }
    if first.publisher.number:
        publisher["organisation_number"] = first.publisher.number
    return {
        "publication": {
            "issued": min(p.issued for p in projects),
            "modified": max(p.modified for p in projects),
            "licence": first.licence,
        },
        "publisher": publisher,
        "contact": {
            "url": first.contact.url,
            "name": _in(first.contact.name, languages),
        },
    }


def _in(texts: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
    return {x: texts.get(x) or next(iter(texts.values())) for x in languages}


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            result[key] = _merged(known, value)
        else:
            result[key] = value
    return result


@cache
def _words() -> Mapping[str, Any]:
    file = resources.files("glokal.core.settings").joinpath("regions.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

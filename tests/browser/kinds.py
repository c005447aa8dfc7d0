"""One page of each kind in each language, found in a built publication."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from glokal.core.settings import Project

LANGUAGES = ("nb", "en")


@dataclass(frozen=True, order=True)
class Sample:
    """A page to look at: its kind, its language, its path in the publication."""

    kind: str
    lang: str
    path: str

    def __str__(self) -> str:
        return f"{self.lang} {self.kind} {self.path or './'}"


def samples(public: Path, project: Project) -> list[Sample]:
    """Return the longest page of each kind in each language, and the page for 404."""
    sitemap = (public / "sitemap.xml").read_text(encoding="utf-8")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address in re.findall(r"<loc>([^<]+)</loc>", sitemap):
        path = address.removeprefix(project.address)
        lang, own = project.languages[0], path
        for other in project.languages[1:]:
            if path.startswith(f"{other}/"):
                lang, own = other, path.removeprefix(f"{other}/")
        found[kind_of(own), lang].append(path)
    longest = [
        Sample(kind, lang, max(paths, key=lambda p: _size(public, p)))
        for (kind, lang), paths in found.items()
    ]
    return sorted([*longest, Sample("missing", project.languages[0], "404.html")])


def kind_of(path: str) -> str:
    """Return the kind of a page by its path below its language's root."""
    first, *rest = path.rstrip("/").split("/")
    if first in ("doc", "code"):
        return f"{first} {rest[0]}"
    return f"{first} one" if rest else first or "start"


def _size(public: Path, path: str) -> int:
    return (public / path / "index.html").stat().st_size

"""Which language tags name a language: by IANA's registry of subtags (RFC 5646).

A tag that is well formed may still name nothing: `nob` is in ISO 639-2, and the tag is
`nb`. The first subtag is looked up; script and region are left to their own lists.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

FILE = "language_subtags.txt"
# Section 2.2.1: these are for private use, and name what two parties agree on.
_PRIVATE = range(ord("a"), ord("t") + 1)


def is_registered(tag: str) -> bool:
    """Whether the first subtag of a language tag is registered and in use."""
    first = tag.lower().split("-")[0]
    private = len(first) == 3 and first[0] == "q" and ord(first[1]) in _PRIVATE
    return first in _registered() or private or first == "x"


@cache
def _registered() -> frozenset[str]:
    text = (
        resources.files("glokal.validation").joinpath(FILE).read_text(encoding="utf-8")
    )
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(subtag for line in lines for subtag in line.split())

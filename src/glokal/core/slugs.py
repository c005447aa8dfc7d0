"""Slugs: names as the last part of an IRI, by the rule of docs/style.md."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart.
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss"})
_LONGEST = 60


def slugify(name: str) -> str:
    """Return the slug of a name: ASCII letters, figures and hyphens, at most sixty.

    It is "" when no letter or figure is left.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    letters = "".join(
        c if c.isascii() and c.isalnum() else " "
        for c in plain
        if not unicodedata.combining(c)
    )
    slug = "-".join(letters.split())
    if len(slug) > _LONGEST:
        slug = slug[: _LONGEST + 1].rpartition("-")[0] or slug[:_LONGEST]
    return slug

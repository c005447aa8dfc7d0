"""Names of files: which are left out, which resemble one that would be read."""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from glokal.core.characters import visible

# What version control, desktops and people put beside data: no word is needed.
_USUAL = frozenset(
    ".cache .ds_store .editorconfig .git .gitattributes .gitignore .gitkeep .keep "
    "desktop.ini thumbs.db".split()
)
_DOCUMENTS = (".md", ".license")
_DOCUMENT_NAMES = ("readme", "license", "licence", "changelog")
# Files of other kinds, whose endings look like a slip of one that is read.
_OTHERS = frozenset(
    ".txt .csv .tsv .json .xml .html .toml .yaml .sql .xls .xlsx".split()
)
# What editors and tools leave: a copy, or a part, of another file.
_LEAVINGS = (".swp", ".swo", ".bak", ".orig", ".rej", ".old", ".tmp", ".part")


def shown_name(name: str) -> str:
    """Return the name of a file as it can be printed: what isn't UTF-8 as \\xNN."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def is_utf8(name: str) -> bool:
    """Whether the name of a file is text."""
    try:
        os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_usual(name: str) -> bool:
    """Whether a file is known to be no data: nobody expects it to be read."""
    low = name.lower()
    return (
        low in _USUAL
        or low.endswith(_DOCUMENTS)
        or low.partition(".")[0] in _DOCUMENT_NAMES
    )


def is_hidden(name: str) -> bool:
    """Whether a file is hidden, or what an editor leaves beside another."""
    low = name.lower()
    return (
        low.startswith((".", "~$"))
        or low.endswith(("~", *_LEAVINGS))
        or (low.startswith("#") and low.endswith("#"))
    )


def meant_ending(name: str, read: Iterable[str], similar: Iterable[str]) -> str:
    """Return the ending that a file was perhaps meant to have, "" when there is none.

    `read` are the endings that are read, the usual one first, `similar` those of other
    files of that kind: `x.TTL`, `x.ttl.txt`, `x.tll` and `x.rdf` were meant to be read.
    """
    known, others = list(read), set(similar)
    parts = [f".{part}" for part in name.lower().split(".")[1:]]
    for part in parts:
        if part in known:
            return part
    if others.intersection(parts):
        return known[0]
    last = parts[-1] if parts else ""
    close = difflib.get_close_matches(last, known, n=1, cutoff=0.7)
    return close[0] if close and last not in _OTHERS else ""


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of names that differ by case or Unicode normalisation only.

    On a machine whose file system makes no such difference one of them is lost.
    """
    results: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if is_utf8(name):
            results[unicodedata.normalize("NFC", name).casefold()].append(name)
    return [(first, other) for first, *rest in results.values() for other in rest]

"""Well-known programmes: what each is called by language, and which a text names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from glokal.core.languages import PAGE_LANGUAGES
from glokal.source.draft_column_words import SIGNS
from glokal.source.draft_known import Named, well_known_programmes
from glokal.source.reanchor import letters_of

# What a name ends before, and what stands between two of its words.
_ENDS = ".,;:!?()"
_DASHES = "-–—"


def known_names(name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return what a well-known programme is called, by language; {} for another name.

    Where a language has the same letters the name stands as it is written.
    """
    letters = letters_of(name)
    called = _well_known().get(letters, {})
    return {
        lang: name if letters_of(called[lang]) == letters else called[lang]
        for lang in languages
        if lang in called
    }


@cache
def _well_known() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.source").joinpath("programme_names.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    groups = [*told["programmes"]]
    groups += [dict.fromkeys(PAGE_LANGUAGES, name) for name in told["alike"]["names"]]
    return {letters_of(name): of for of in groups for name in of.values()}


def programme_in(text: str) -> Named | None:
    """Return the well-known programme that a text names, the longest of them.

    A dash in a name may be a hyphen, a longer dash or a space.
    """
    words = f" {_parted(text)} "
    found = [
        p
        for p in well_known_programmes()
        if any(f" {form} " in words for form in _forms(p.name))
    ]
    longest = max(found, key=lambda p: len(p.name), default=None)
    if longest is not None and longest.family:
        return replace(longest, name=_with_capitals(text, longest.name))
    return longest


def well_known_programme(heading: str) -> Named | None:
    """Return the well-known programme that a heading is the name of."""
    found = programme_in(heading)
    same = found and _parted(heading.strip(SIGNS)) in _forms(found.name)
    return found if same else None


def programmes_together(text: str) -> list[str]:
    """Return the well-known programmes that a text is made of, [] if of others.

    The lines of a narrow cell run together: “Interreg Nordsjøen Nordplus Junior”.
    """
    if well_known_programme(text):
        return []
    words = text.split()
    found = _programmes_of(words)
    return found if found and len(found) > 1 else []


def _programmes_of(words: Sequence[str]) -> list[str] | None:
    if not words:
        return []
    for end in range(len(words), 0, -1):
        name = " ".join(words[:end])
        if well_known_programme(name) is not None and not _has_another(words[:end]):
            behind = _programmes_of(words[end:])
            if behind is not None:
                return [name, *behind]
    return None


def _has_another(words: Sequence[str]) -> bool:
    """Whether a name of a family goes on with that of another programme."""
    return any(
        well_known_programme(" ".join(words[at:])) is not None
        for at in range(1, len(words))
    )


def _parted(text: str) -> str:
    """Return the words of a text, with the signs that names of programmes have.

    A hyphen is one within a word only.
    """
    kept = (c if c.isalnum() or c in "+-" else " " for c in text)
    words = (word.strip("-") for word in "".join(kept).split())
    return " ".join(filter(None, words))


def _forms(name: str) -> set[str]:
    """Return how a name may be written: its dash as a hyphen, or as a space."""
    return {_parted(name), _parted(name.replace("-", " "))}


def _with_capitals(text: str, name: str) -> str:
    """Return a name with the words with a capital that stand right behind it."""
    words = text.split()
    first = next((at for at, w in enumerate(words) if w.rstrip(_ENDS) == name), -1)
    if first < 0:
        return name
    end = first + 1
    while end < len(words) and words[end - 1][-1] not in _ENDS:
        dash = words[end] in _DASHES and end > first + 1
        behind = words[end + 1 : end + 2] if dash else [words[end]]
        if not behind or not behind[0][:1].isupper():
            break
        end += 1 + dash
    return " ".join(words[first:end]).rstrip(_ENDS)

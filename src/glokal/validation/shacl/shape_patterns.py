"""What regular expressions of shapes mean to one engine and not to another.

sh:pattern is a regular expression of XPath and XQuery (SHACL, section 4.4.3). The
engines have those of Rust and of Python. Read here by its marks, not by another
regular expression: an escape, a class and a repetition are told apart.
"""

from __future__ import annotations

from collections.abc import Iterator

_REPEATS = "*+?}"
_OPENS_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_SETS = ("&&", "--", "~~")


def _marks(pattern: str) -> Iterator[tuple[int, str, bool, bool]]:
    """Yield each character that is no escaped one: place, itself, in a class, first.

    An escape is one mark of two characters. `first` is whether a character opens its
    class, so that it stands for itself.
    """
    at, inside, first = 0, False, False
    while at < len(pattern):
        mark = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        yield at, mark, inside, first
        if not inside and mark == "[":
            inside = first = True
            at += 1
            if pattern[at : at + 1] == "^":
                at += 1
            continue
        if inside and mark == "]" and not first:
            inside = False
        first = False
        at += len(mark)


def pattern_fault(pattern: str) -> str:
    """Return the form of a fault that no engine reads as XPath does, "" for none."""
    before = ""
    for at, mark, inside, _ in _marks(pattern):
        if inside and mark == "[":
            return "pattern-class"
        repeats = len(before) == 1 and before in _REPEATS
        if not inside and mark == "+" and repeats and _is_repeat(pattern, at - 1):
            return "pattern-possessive"
        before = "" if inside else mark
    return ""


def _is_repeat(pattern: str, at: int) -> bool:
    """Whether a mark repeats what is before it; } does where it closes a count."""
    return pattern[at] != "}" or pattern.rfind("{", 0, at) > 0


def looks_around(pattern: str) -> bool:
    """Whether a pattern has look-around or a reference back."""
    return any(
        not inside
        and (
            (len(mark) == 2 and mark[1] in "123456789")
            or pattern.startswith(_OPENS_AROUND, at)
        )
        for at, mark, inside, _ in _marks(pattern)
    )


def has_category(pattern: str) -> bool:
    """Whether a pattern has a category of characters: \\p{…} or \\P{…}."""
    return any(
        mark in ("\\p", "\\P") and pattern[at + 2 : at + 3] == "{"
        for at, mark, _, _ in _marks(pattern)
    )


def has_set_operation(pattern: str) -> bool:
    """Whether a class has marks that are an operation on sets in Rust alone."""
    return any(
        inside and pattern.startswith(_SETS, at) for at, _, inside, _ in _marks(pattern)
    )

"""The order of texts in a language, by CLDR's root collation and its tailorings.

`sort_key(text, lang)` sorts as ICU does, and so as `Intl.Collator` in the scripts of
the pages: by letters first, then accents, then case; numbers by their value. Letters
and the rules of languages stand in `collation.toml`; a test holds them against ICU.
Scripts that it doesn't list come after the others, by code point (docs/decisions/0087).

A text becomes collation elements (UTS 10, section 3.1): a primary, a secondary and a
tertiary weight each. The primary weights of the root are a thousand apart, so that a
rule can put letters between.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

SortKey = tuple[tuple[int, ...], ...]
# The weights of a letter, or of an accent, whose primary is 0.
_Element = tuple[int, int, int]

# Between the scripts, and between the letters of one.
_SCRIPT, _STEP = 10**10, 1000
_DIGITS = _SCRIPT
# Where letters begin that no script of the table has.
_OTHERS = 90 * _SCRIPT
_COMPATIBLE, _UPPER = 100, 200
# The names of scripts in rules (ISO 15924), as the table has them.
_CODES = {
    "Latn": "latin",
    "Grek": "greek",
    "Cyrl": "cyrillic",
    "Geor": "georgian",
    "Armn": "armenian",
    "Hebr": "hebrew",
    "Arab": "arabic",
}


@lru_cache(maxsize=100_000)
def sort_key(text: str, lang: str) -> SortKey:
    """Return a key by which texts sort in a language (BCP 47), CLDR's root for others.

    Texts that differ in nothing but what is ignored, such as soft hyphens, are equal.
    """
    order = _order(lang)
    elements = list(order.elements(unicodedata.normalize("NFC", text)))
    return (
        tuple(order.placed(p) for p, _, _ in elements if p),
        tuple(s for _, s, _ in elements),
        tuple(t for _, _, t in elements),
    )


@dataclass
class _Order:
    """The order of a language: what its rules give weights of its own."""

    own: dict[str, tuple[_Element, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    upper_first: bool = False
    # How many have been put behind a weight.
    behind: dict[tuple[int, ...], int] = field(default_factory=dict)

    def elements(self, text: str) -> Iterator[_Element]:
        """Yield the elements of a text in NFC."""
        longest = max(map(len, self.own), default=0)
        at = 0
        while at < len(text):
            digits = at
            while digits < len(text) and text[digits].isdecimal():
                digits += 1
            if digits > at:
                yield from _number(text[at:digits])
                at = digits
                continue
            for length in range(min(longest, len(text) - at), 0, -1):
                if found := self.own.get(text[at : at + length]):
                    yield from found
                    at += length
                    break
            else:
                yield from self._letter(text[at])
                at += 1

    def _letter(self, letter: str) -> Iterator[_Element]:
        table = _root()
        small = letter.lower()
        if small != letter and len(small) == 1:
            up = -_UPPER if self.upper_first else _UPPER
            for primary, secondary, tertiary in self.elements(small):
                yield primary, secondary, tertiary + up
        elif letter in table.primaries:
            yield table.primaries[letter], 0, 0
        elif letter in table.marks:
            yield 0, table.marks[letter], 0
        elif (parts := unicodedata.normalize("NFD", letter)) != letter:
            for part in parts:
                yield from self.elements(part)
        else:
            plain = unicodedata.normalize("NFKD", letter)
            parts = table.equivalents.get(letter, plain)
            if parts != letter:
                # They are those of the root, whatever the language has for the parts.
                for part in parts:
                    for primary, secondary, tertiary in _Order().elements(part):
                        yield primary, secondary, tertiary + _COMPATIBLE
            elif unicodedata.category(letter) not in ("Cc", "Cf"):
                yield _unlisted(letter), 0, 0

    def placed(self, primary: int) -> int:
        """Return a primary weight where the scripts have the order of the language."""
        script, weight = divmod(primary, _SCRIPT)
        names = list(_root().scripts)
        if not self.first or not 2 <= script < 2 + len(names):
            return primary
        order = [*self.first, *(name for name in names if name not in self.first)]
        return (2 + order.index(names[script - 2])) * _SCRIPT + weight

    def read(self, rules: str) -> None:
        """Take over rules in the syntax of CLDR (UTS 35, part 5, section 3)."""
        current: tuple[_Element, ...] = ()
        for sign, value, more in _parsed(rules):
            if sign == "[":
                self._option(value)
                continue
            if sign.startswith("&"):
                current = tuple(self.elements(value))
                if sign == "&1":
                    *others, (primary, _, _) = current
                    current = (*others, (primary - _STEP // 2, 0, 0))
                continue
            *others, last = current
            level = len(sign)
            made = last if sign == "=" else self._behind(last, level)
            current = (*others, made)
            primary, secondary, tertiary = made
            cased = primary, secondary, tertiary - self._raised(value)
            self.own[value] = (*others, cased, *self.elements(more))

    def _behind(self, last: _Element, level: int) -> _Element:
        """Return weights behind others at a level: 1 primary, 2 accents, 3 case."""
        primary, secondary, tertiary = last
        start = (level, *last[:level])
        self.behind[start] = step = self.behind.get(start, 0) + 1
        match level:
            case 1:
                return primary + step, 0, 0
            case 2:
                return primary, secondary + step, 0
            case _:
                return primary, secondary, tertiary + step

    def _raised(self, text: str) -> int:
        """Return how far a text with capitals comes before one without, if it does."""
        if not self.upper_first or text == text.lower():
            return 0
        return _UPPER if text == text.upper() else _UPPER // 2

    def _option(self, text: str) -> None:
        name, *values = text.split()
        if name == "reorder":
            self.first = tuple(_CODES[v] for v in values if v in _CODES)
        elif name == "caseFirst":
            self.upper_first = values == ["upper"]


@dataclass(frozen=True)
class _Root:
    """The weights that all languages share."""

    scripts: tuple[str, ...]
    primaries: dict[str, int]
    marks: dict[str, int]
    equivalents: dict[str, str]


@cache
def _root() -> _Root:
    table = _table()
    scripts: dict[str, str] = table["scripts"]
    primaries = {}
    for number, letters in enumerate(scripts.values()):
        # What comes first are the signs; behind them is the place of digits.
        start = (number + 1 if number else 0) * _SCRIPT
        for rank, letter in enumerate(letters, 1):
            primaries[letter] = start + rank * _STEP
    marks = {mark: n * _STEP for n, mark in enumerate(table["root"]["marks"], 1)}
    return _Root(tuple(scripts)[1:], primaries, marks, table["equivalents"])


@cache
def _order(lang: str) -> _Order:
    """Return the order of a language, or of the one that its tag is a kind of."""
    rules: dict[str, str] = _table()["rules"]
    order = _Order()
    while lang not in rules and "-" in lang:
        lang = lang.rpartition("-")[0]
    order.read(rules.get(lang, ""))
    return order


@cache
def _table() -> dict[str, Any]:
    file = resources.files("glokal.core").joinpath("collation.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _number(digits: str) -> Iterator[_Element]:
    """Yield the elements of a number: how long it is, then its digits."""
    value = str(int(digits)) if len(digits) < _STEP else digits
    yield _DIGITS + len(value), 0, 0
    for digit in value:
        yield _DIGITS + int(digit) + 1, 0, 0


def _unlisted(letter: str) -> int:
    sign = unicodedata.category(letter)[0] not in "LMN"
    return ord(letter) * _STEP + (_SCRIPT // 2 if sign else _OTHERS)


def _parsed(rules: str) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of rules: a sign, what stands behind it, what follows a slash.

    The sign is `&` for a reset (`&1` before a primary), `<` to `<<<` or `=` for a
    relation, `[` for an option.
    """
    at = 0
    while at < len(rules):
        if rules[at].isspace():
            at += 1
        elif rules[at] == "[":
            end = rules.index("]", at)
            yield "[", rules[at + 1 : end], ""
            at = end + 1
        elif rules[at] == "&":
            at += 1
            before = rules.startswith("[before 1]", at)
            at += len("[before 1]") if before else 0
            value, at = _string(rules, at)
            yield "&1" if before else "&", value, ""
        else:
            start = at
            while rules[at] in "<=":
                at += 1
            sign = rules[start:at]
            value, at = _string(rules, at)
            more = ""
            if rules[at : at + 1] == "/":
                more, at = _string(rules, at + 1)
            yield sign, value, more


def _string(rules: str, at: int) -> tuple[str, int]:
    """Return the letters that begin at a place, and where they end; `''` is one `'`."""
    letters = []
    while at < len(rules) and rules[at] not in "&<=/[":
        if rules.startswith("''", at):
            letters.append("'")
            at += 1
        elif not rules[at].isspace():
            letters.append(rules[at])
        at += 1
    return unicodedata.normalize("NFC", "".join(letters)), at

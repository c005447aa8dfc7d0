"""Personal names and telephone numbers in what people write: noticed, not kept.

No private person's data enters the register. A number is one by the plans of all
countries (phonenumbers, Google's library); a name is noticed by the given name, or by a
word such as "fra" before two names that no organisation is called by.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

import phonenumbers

# The numbers in a text are those of this country, unless a code is before them.
_COUNTRY = "NO"
# The digits of the shortest numbers there, such as those of a switchboard.
_SHORTEST = 5
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")
_MAIL = re.compile(r"[^\s@:/<]@[\wæøå-]+(\.[\wæøå-]+)*\.[a-z]{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


def telephone_numbers(text: str) -> list[str]:
    """Return the telephone numbers in a text, as they are written."""
    if sum(map(str.isdigit, text)) < _SHORTEST:
        return []
    # What is an address or a day has digits that are no number.
    bare = _DAY.sub(" ; ", _ADDRESS.sub(" ; ", text))
    return [
        match.raw_string for match in phonenumbers.PhoneNumberMatcher(bare, _COUNTRY)
    ]


def has_mail_address(text: str) -> bool:
    """Whether a text has an e-mail address in it."""
    return bool(_MAIL.search(text))


def personal_names(text: str, known: Iterable[str] = ()) -> list[str]:
    """Return what looks like the name of a person in a text.

    `known` are names of places and organisations: after a word such as "fra" a person's
    name doesn't begin as they do. They are gone through only where that matters.
    """
    firsts: set[str] = set()
    waiting = iter(known)

    def is_known(word: str) -> bool:
        firsts.update(name.split(" ", 1)[0].casefold() for name in waiting)
        return word in firsts

    return list(dict.fromkeys(_names(_ADDRESS.sub(" ", text), is_known)))


def redacted(text: str, mark: str) -> str:
    """Return a text with names, numbers and mail addresses replaced by a mark."""
    for found in (*telephone_numbers(text), *personal_names(text)):
        text = text.replace(found, mark)
    return re.sub(rf"[^\s@:/<]*{_MAIL.pattern}", mark, text, flags=re.IGNORECASE)


def _names(text: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    words = _listed()
    found = list(_WORD.finditer(text))
    for here, after in pairwise(found):
        between = text[here.end() : after.start()]
        if between.strip() or not between or here[0].endswith("."):
            continue
        first, last = here[0], after[0].rstrip(".")
        if not (first[:1].isupper() and last[:1].isupper() and len(last) > 1):
            continue
        if last.casefold() in words["not_after"] or _organisation(found, after, words):
            continue
        given = first.split("-")[0].casefold() in words["given"]
        before = text[: here.start()].split()
        said = bool(before) and before[-1].casefold().rstrip(":,") in words["before"]
        start = first.casefold()
        if given or (said and start not in words["not_first"] and not is_known(start)):
            yield text[
                here.start() : here.start() + len(first) + len(between) + len(last)
            ]


def _organisation(
    found: list[re.Match[str]], after: re.Match[str], words: dict[str, frozenset[str]]
) -> bool:
    """Whether the words go on as the name of an organisation or a place."""
    at = found.index(after)
    further = found[at + 1][0].casefold().rstrip(".") if at + 1 < len(found) else ""
    return further in words["not_after"]


@cache
def _listed() -> dict[str, frozenset[str]]:
    file = resources.files("glokal.workbook").joinpath("personal_data.toml")
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: frozenset(text.split()) for name, text in listed.items()}

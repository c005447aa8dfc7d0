"""Labels that say what a text is: “Mål 1: …”, “Delmål 2.1 …”, “Vision – …”."""

from __future__ import annotations

from dataclasses import dataclass

from glokal.source.draft_vocabulary import DraftVocabulary

_SIGNS = ":.)"
_DASHES = ("-", "–", "—", ":")
_MOST_NUMBER = 99


@dataclass(frozen=True)
class Label:
    """What stands before a text: the class of element, its number, and the text.

    The number is "" where there is none or one with parts; a label may stand alone.
    `called` is the text with the label where its number has parts: no place in the
    order of a plan says that.
    """

    kind: str
    number: str
    text: str
    called: str = ""


def label_before(text: str, words: DraftVocabulary, *, heading: bool) -> Label | None:
    """Return the label that a text begins with, None for a text without one.

    In a heading a number may stand before it, and no sign need stand behind it.
    """
    parts = without_section(text).split() if heading else text.split()
    if not parts:
        return None
    kind = words.kind_of_word(parts[0].rstrip(_SIGNS))
    if not kind:
        return None
    if parts[0].endswith(":"):
        return Label(kind, "", " ".join(parts[1:])) if parts[1:] else None
    rest = parts[1:]
    if rest and rest[0].casefold().rstrip(".") in ("nr", "nummer", "no", "number"):
        rest = rest[1:]
    if not rest:
        return None
    number = rest[0].rstrip(_SIGNS)
    numbered = _is_number(number)
    signed = rest[0] != number
    if numbered:
        rest = rest[1:]
    signed |= bool(rest) and rest[0] in _DASHES
    if rest and rest[0] in _DASHES:
        rest = rest[1:]
    if not (numbered or signed):
        return None
    told = " ".join(rest)
    if not signed and told and (not heading or not told[0].isupper()):
        return None
    if not told and not heading:
        return None
    if numbered and not number.isdecimal():
        return Label(kind, "", told, " ".join(parts))
    return Label(kind, number if numbered else "", told)


def without_section(text: str) -> str:
    """Return a heading without the number of its section: “4”, “4.1”, “4.1.”."""
    first, _, rest = text.partition(" ")
    return rest.lstrip() if rest.strip() and _is_number(first.rstrip(_SIGNS)) else text


def _is_number(text: str) -> bool:
    parts = text.split(".")
    return all(p.isdecimal() and 0 < int(p) <= _MOST_NUMBER for p in parts)

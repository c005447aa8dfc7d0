"""The patterns of a query's WHERE, each with its place in the text.

Parsers give a tree without places, so the text is cut here: at what separates triple
patterns, and at the words that begin the other parts of a group (SPARQL 1.1, section
19.8, rules 53 to 68). The engine judges each piece afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from glokal.store.text import masked

_FORM = re.compile(r"\b(?:SELECT|ASK)\b", re.IGNORECASE)
_OTHER_FORM = re.compile(r"\b(?:CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?\S+", re.IGNORECASE)
_WORD = re.compile(
    r"(?<![\w:?$@-])(FILTER|BIND|VALUES|OPTIONAL|MINUS|GRAPH|SERVICE)\b", re.I
)
_UNION = re.compile(r"\s*UNION\s*(?=\{)", re.IGNORECASE)
_SELECT = re.compile(r"\{\s*SELECT\b", re.IGNORECASE)
_CLOSING = {"{": "}", "(": ")", "[": "]"}
# A point ends a triple pattern unless it stands in a number or a name.
_END = re.compile(r"\.(?=[\s}]|$)|[;,]")


@dataclass(frozen=True)
class Pattern:
    """A part of a group, from `begin` to `end`, joined to what is before by `sign`.

    `kind` is triple, filter or pattern; `alone` is text that asks for it by itself, ""
    where that can't be written.
    """

    kind: str
    begin: int
    end: int
    sign: str
    alone: str
    inner: Group | None = None


@dataclass(frozen=True)
class Group:
    """A group of a query from its { to its }, and what asking for it begins with."""

    text: str
    start: int
    end: int
    head: str

    def ordered(self) -> list[Pattern]:
        """Return the patterns in order, what filters the whole group last."""
        found = list(_patterns(self))
        filters = [p for p in found if p.kind == "filter"]
        return [p for p in found if p.kind != "filter"] + filters


def outer_group(text: str) -> Group | None:
    """Return the group of a SELECT's or an ASK's WHERE; None for other forms."""
    bare = masked(text)
    form = _FORM.search(bare)
    if form is None or _OTHER_FORM.search(bare, 0, form.start()):
        return None
    at = form.end()
    while at < len(bare) and bare[at] != "{":
        at = _close(bare, at) + 1 if bare[at] in "([" else at + 1
    if at >= len(bare):
        return None
    graphs = (text[m.start() : m.end()] for m in _FROM.finditer(bare, form.end(), at))
    head = f"{text[: form.start()]}\nSELECT * {' '.join(graphs)}"
    return Group(text, at, _close(bare, at), head)


def _patterns(group: Group) -> Iterator[Pattern]:
    text, bare = group.text, masked(group.text)
    at = group.start + 1
    while (at := _past_space(bare, at)) < group.end:
        word = _WORD.match(bare, at)
        if bare[at] == "{":
            end = _close(bare, at) + 1
            whole = end
            while union := _UNION.match(bare, whole):
                whole = _close(bare, union.end()) + 1
            inner = None if whole > end or _SELECT.match(bare, at) else at
            yield _part(group, "pattern", at, whole, inner)
            at = whole
        elif word:
            opened = _opening(bare, word, group.end)
            end = _close(bare, opened) + 1
            name = word[1].upper()
            kind = "filter" if name in ("FILTER", "MINUS") else "pattern"
            inner = opened if name == "GRAPH" else None
            yield _part(group, kind, at, end, inner)
            at = end
        elif bare[at] == ".":
            at += 1
        else:
            end = _end_of_triples(bare, at, group.end)
            yield from _triples(text, bare, at, end)
            at = end


def _part(group: Group, kind: str, begin: int, end: int, opened: int | None) -> Pattern:
    text = group.text
    inner = None
    if opened is not None:
        inner = Group(text, opened, end - 1, group.head)
    return Pattern(kind, begin, end, "", text[begin:end], inner)


def _opening(bare: str, word: re.Match[str], end: int) -> int:
    """Return where the block of a part opens: VALUES has a list of names before it."""
    wanted = "({" if word[1].upper() in ("FILTER", "BIND") else "{"
    at = word.end()
    while at < end and bare[at] not in wanted:
        at = _close(bare, at) + 1 if bare[at] in "([" else at + 1
    return at


def _end_of_triples(bare: str, at: int, end: int) -> int:
    while at < end:
        if bare[at] == "{" or _WORD.match(bare, at):
            return at
        at = _close(bare, at) + 1 if bare[at] in "([" else at + 1
    return end


def _triples(text: str, bare: str, at: int, end: int) -> Iterator[Pattern]:
    """Yield the triple patterns between two places."""
    sign, subject, verb = ".", "", ""
    while (begin := _past_space(bare, at)) < end:
        stop = begin
        while stop < end and not _END.match(bare, stop):
            stop = _close(bare, stop) + 1 if bare[stop] in "([" else stop + 1
        last = len(bare[begin:stop].rstrip()) + begin
        if last > begin:
            piece = text[begin:last]
            if sign == ".":
                cut = _past_term(bare, begin)
                subject, piece = text[begin:cut], text[cut:last]
            alone = f"{subject} {verb} {piece}" if sign == "," else f"{subject} {piece}"
            if sign != ",":
                verb = _verb(bare, text, last - len(piece), last)
            yield Pattern("triple", begin, last, sign, alone)
        sign = bare[stop : stop + 1] or "."
        at = stop + 1


def _verb(bare: str, text: str, begin: int, end: int) -> str:
    """Return the verb of a verb with its object: all but the last term."""
    found = re.search(r"\s\S+$", bare[begin:end])
    return text[begin : begin + found.start()] if found else text[begin:end]


def _past_term(bare: str, at: int) -> int:
    if bare[at] in "([":
        return _close(bare, at) + 1
    found = re.compile(r"\s|$").search(bare, at)
    return found.start() if found else len(bare)


def _past_space(bare: str, at: int) -> int:
    while at < len(bare) and bare[at].isspace():
        at += 1
    return at


def _close(bare: str, at: int) -> int:
    """Return where what opens at a place closes, the end when it doesn't."""
    waiting = []
    for place in range(at, len(bare)):
        if bare[place] in _CLOSING:
            waiting.append(_CLOSING[bare[place]])
        elif waiting and bare[place] == waiting[-1]:
            waiting.pop()
            if not waiting:
                return place
    return len(bare) - 1

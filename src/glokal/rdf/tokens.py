"""The tokens of Turtle 1.1, comments kept (https://www.w3.org/TR/turtle/#sec-grammar).

Lines and columns start at 1 and count characters, as editors do.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from glokal.errors import Place, SourceError

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = r"\\[tbnrf\"'\\]"
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
_CHAR = _BASE + r"0-9_\-\u00B7\u0300-\u036F\u203F\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_BASE}](?:[{_CHAR}.]*[{_CHAR}])?)?"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_PLX})(?:(?:[{_CHAR}.:]|{_PLX})*(?:[{_CHAR}:]|{_PLX}))?"
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("space", r"[ \t\r\n]+"),
            ("comment", r"#[^\r\n]*"),
            ("iri", rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*>"),
            (
                "string",
                rf'"""(?:(?:"|"")?(?:[^"\\]|{_ECHAR}|{_UCHAR}))*"""'
                rf"|'''(?:(?:'|'')?(?:[^'\\]|{_ECHAR}|{_UCHAR}))*'''"
                rf'|"(?:[^\x22\x5C\x0A\x0D]|{_ECHAR}|{_UCHAR})*"'
                rf"|'(?:[^\x27\x5C\x0A\x0D]|{_ECHAR}|{_UCHAR})*'",
            ),
            ("directive", r"@(?:prefix|base)\b|(?i:PREFIX|BASE)(?=[ \t\r\n]+)(?!:)"),
            ("lang", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
            (
                "number",
                r"[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+"
                r"|[0-9]*\.[0-9]+|[0-9]+)",
            ),
            ("blank", rf"_:[{_BASE}_0-9](?:[{_CHAR}.]*[{_CHAR}])?"),
            ("name", rf"{_PREFIX}:(?:{_LOCAL})?"),
            ("word", r"(?:true|false|a)(?![\w:-])"),
            ("mark", r"\^\^|[.;,()\[\]]"),
        )
    )
)
_STARTS = {
    '"': "a string that is closed",
    "'": "a string that is closed",
    "<": "an IRI that is closed with > and has no space in it",
    "@": "@prefix, @base or a language tag",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its text as written, its place."""

    kind: str
    text: str
    offset: int
    line: int
    column: int


class Lines:
    """Turns an offset in a text into a line and a column.

    `place` is where the text begins, for a text that is a part of a file.
    """

    def __init__(self, text: str, place: Place) -> None:
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
        self._line, self._column = place.line or 1, place.column or 1

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset."""
        number = bisect.bisect_right(self._starts, offset)
        before = self._column if number == 1 else 1
        return self._line + number - 1, offset - self._starts[number - 1] + before


def tokenize(text: str, place: Place) -> list[Token]:
    """Return the tokens of a Turtle text that begins at a place, without white space.

    Raises SourceError with its place where no token can begin.
    """
    lines = Lines(text, place)
    found = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        line, column = lines.at(offset)
        if match is None or match.end() == offset:
            expected = _STARTS.get(text[offset], "an IRI, a name, a string or a number")
            raise SourceError(
                f"Turtle syntax error: expected {expected}.",
                remedy="mend the text there.",
                place=Place(place.file, line, column),
            )
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], offset, line, column))
        offset = match.end()
    return found

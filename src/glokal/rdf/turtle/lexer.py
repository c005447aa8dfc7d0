"""The tokens of Turtle 1.1, comments kept (https://www.w3.org/TR/turtle/#sec-grammar).

Lines and columns start at 1 and count characters, as editors do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from glokal.core.errors import Place, SourceError

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = r"\\[tbnrf\"'\\]"
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
_CHAR = _BASE + r"0-9_\-\u00B7\u0300-\u036F\u203F\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_BASE}][{_CHAR}]*+(?:\.++[{_CHAR}]++)*+)?+"
_LOCAL = (
    rf"(?:[{_BASE}_:0-9]|{_PLX})(?:[{_CHAR}:]++|{_PLX})*+"
    rf"(?:\.++(?:[{_CHAR}:]++|{_PLX})++)*+"
)
_ESCAPED = rf"{_ECHAR}|{_UCHAR}"
_SPACE = re.compile(r"[ \t\r\n]*+")
_KINDS = "|".join(
    f"(?P<{name}>{pattern})"
    for name, pattern in (
        ("comment", r"#[^\r\n]*"),
        ("iri", rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]++|{_UCHAR})*+>"),
        (
            "string",
            rf'"""(?:(?:"|"")?(?:[^"\\]++|{_ESCAPED}))*+"""'
            rf"|'''(?:(?:'|'')?(?:[^'\\]++|{_ESCAPED}))*+'''"
            rf'|"(?:[^\x22\x5C\x0A\x0D]++|{_ESCAPED})*+"'
            rf"|'(?:[^\x27\x5C\x0A\x0D]++|{_ESCAPED})*+'",
        ),
        ("directive", r"@(?:prefix|base)\b|(?i:PREFIX|BASE)(?=[ \t\r\n]+)(?!:)"),
        ("lang", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
        (
            "number",
            r"[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+"
            r"|[0-9]*\.[0-9]+|[0-9]+)",
        ),
        ("blank", rf"_:[{_BASE}_0-9][{_CHAR}]*+(?:\.++[{_CHAR}]++)*+"),
        ("name", rf"{_PREFIX}:(?:{_LOCAL})?"),
        ("word", r"(?:true|false|a)(?![\w:-])"),
        ("mark", r"\^\^|[.;,()\[\]]"),
    )
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_STARTS = {
    '"': "a string that is closed",
    "'": "a string that is closed",
    "<": "an IRI that is closed with > and has no space in it",
    "@": "@prefix, @base or a language tag",
}


@dataclass(slots=True)
class Token:
    """A token: its kind, its text as written, its place."""

    kind: str
    text: str
    line: int
    column: int


# Compiled when first asked for: a run without findings places nothing.
@cache
def _token() -> re.Pattern[str]:
    """Return the pattern of a token; white space behind it is taken with it."""
    return re.compile(f"(?:{_KINDS}){_SPACE.pattern}")


def tokenize(text: str, place: Place) -> list[Token]:
    """Return the tokens of a Turtle text that begins at a place, without white space.

    `place` is where the text begins, for a text that is a part of a file. Raises
    SourceError with its place where no token can begin.
    """
    results = []
    token = _token()
    line = place.line or 1
    # The offset at which the line begins; before the text, when the place is within.
    start = 1 - (place.column or 1)
    ends = [match.end() for match in _LINE_END.finditer(text)] + [len(text) + 1]
    number = 0
    offset, size = _gap(text, 0), len(text)
    while offset < size:
        while ends[number] <= offset:
            start, line, number = ends[number], line + 1, number + 1
        match = token.match(text, offset)
        if match is None or match.end() == offset:
            expected = _STARTS.get(text[offset], "an IRI, a name, a string or a number")
            raise SourceError(
                f"Turtle syntax error: expected {expected}.",
                remedy="fix the text there.",
                place=Place(place.file, line, offset - start + 1),
            )
        kind = str(match.lastgroup)
        results.append(Token(kind, match[kind], line, offset - start + 1))
        offset = match.end()
    return results


def _gap(text: str, offset: int) -> int:
    gap = _SPACE.match(text, offset)
    return gap.end() if gap else offset

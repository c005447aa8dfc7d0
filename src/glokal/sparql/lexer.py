"""The tokens of SPARQL 1.1 (section 19.8), with escapes (sections 19.2 and 19.7).

The longest terminal is taken, in time proportional to the length of the text: every
repetition is possessive, and the first character that begins no terminal ends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from glokal.sparql.functions import BUILTINS

END, OTHER = "END", "OTHER"
IRIREF, PNAME, BLANK_NODE = "IRIREF", "PNAME", "BLANK_NODE_LABEL"
VAR, STRING, LANGTAG = "VAR", "STRING", "LANGTAG"
INTEGER, DECIMAL, DOUBLE = "INTEGER", "DECIMAL", "DOUBLE"
NUMBERS = frozenset((INTEGER, DECIMAL, DOUBLE))

AGGREGATES = frozenset("COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split())
KEYWORDS = (
    frozenset(
        """ADD ALL AS ASC ASK BASE BIND BY CLEAR CONSTRUCT COPY CREATE DATA DEFAULT
        DELETE DESC DESCRIBE DISTINCT DROP EXISTS FALSE FILTER FROM GRAPH GROUP HAVING
        IN INSERT INTO LIMIT LOAD MINUS MOVE NAMED NOT OFFSET OPTIONAL ORDER PREFIX
        REDUCED SELECT SEPARATOR SERVICE SILENT TO TRUE UNDEF UNION USING VALUES
        WHERE WITH""".split()
    )
    | AGGREGATES
    | BUILTINS.keys()
)
_LONGEST = max(map(len, KEYWORDS))
# A word this long is looked at in pieces, so that no text is read over and over.
_PIECE = 40
# Tokens before the place where reading was ended that may be wrong: those of a piece.
UNSURE = _PIECE + 2
# After so many long strings without an end the text is not read on.
_UNENDED = 8

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U000effff"
)
_U = _BASE + "_"
_VARNAME = _U + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = _VARNAME + r"\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_DOTS = rf"\.++(?=[{_CHARS}])"
_PREFIX = rf"[{_BASE}](?:[{_CHARS}]++|{_DOTS})*+"
_LOCAL = (
    rf"(?:[{_U}:0-9]|{_PLX})"
    rf"(?:[{_CHARS}:]++|{_PLX}|\.++(?=[{_CHARS}:]|{_PLX}))*+"
)
_ECHAR = r"\\[tbnrf\\\"']"
_EXPONENT = r"[eE][+-]?[0-9]++"
_NAMES = rf"(?P<PNAME>(?:{_PREFIX})?:(?:{_LOCAL})?)|(?P<NAME>{_PREFIX})|"
_TERMINALS = rf"""
(?:[\x20\t\r\n]++|\#[^\r\n]*+)*+(?:
  (?P<VAR>[?$][{_U}0-9][{_VARNAME}]*+)
  |(?P<IRIREF><[^<>"{{}}|^`\\\x00-\x20]*+>)
  |(?P<BLANK_NODE_LABEL>_:[{_U}0-9](?:[{_CHARS}]++|{_DOTS})*+)
  |(?P<STRING>
     \"{{3}}(?:[^"\\]++|{_ECHAR}|"{{1,2}}(?!"))*+\"{{3}}
     |'{{3}}(?:[^'\\]++|{_ECHAR}|'{{1,2}}(?!'))*+'{{3}}
     |"(?:[^"\\\n\r]++|{_ECHAR})*+"|'(?:[^'\\\n\r]++|{_ECHAR})*+')
  |(?P<DOUBLE>[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++){_EXPONENT})
  |(?P<DECIMAL>[+-]?[0-9]*+\.[0-9]++)
  |(?P<INTEGER>[+-]?[0-9]++)
  |NAMES(?P<WORD>[A-Za-z][A-Za-z0-9_]{{0,{_PIECE - 1}}}+)
  |(?P<MARK>\^\^|\|\||&&|[<>!]=|[{{}}()\[\].,;*/+\-!|^?=<>])
  |(?P<LANGTAG>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  |(?P<END>\Z)
  |(?P<OTHER>.))"""


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, side by side, the last of them END or OTHER.

    The type of a keyword or mark is itself, keywords in upper case but for `a`; that of
    another terminal its name. `values` are as written, `starts` places in the text.
    """

    types: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, kind: str, value: str, start: int) -> None:
        """Add a token behind the others."""
        self.types.append(kind)
        self.values.append(value)
        self.starts.append(start)


# Compiled when first asked for: that takes longer than to read most texts.
@cache
def _terminals(names: str) -> re.Pattern[str]:
    return re.compile(_TERMINALS.replace("NAMES", names), re.VERBOSE | re.DOTALL)


def tokenize(text: str, most: int = 0) -> Tokens:
    """Return the tokens of a text whose codepoint escapes are resolved.

    What begins no terminal is a token OTHER, and nothing is read behind it. With `most`
    reading ends after about so many tokens; the last `UNSURE` of them may be others in
    the whole text, and END among them.
    """
    tokens = Tokens()
    add = tokens.add
    at, plain_until, unended = 0, 0, 0
    while not most or len(tokens.starts) < most:
        # Where a name without a colon was read, none with one begins inside it.
        pattern = _terminals("" if at < plain_until else _NAMES)
        for match in pattern.finditer(text, at):
            kind = match.lastgroup or OTHER
            start, end = match.span(kind)
            value = text[start:end]
            if kind == "MARK":
                add(value, value, start)
            elif kind in ("NAME", "WORD"):
                word = value.upper() if value != "a" else value
                if (word in KEYWORDS or word == "a") and value.isascii():
                    add(word, value, start)
                elif kind == "NAME":
                    plain_until, at = end, start
                    break
                else:
                    at = _split(value, start, tokens)
                    if at < 0:
                        return tokens
                    break
            elif (
                kind == STRING and end - start == 2 and text[end : end + 1] == value[0]
            ):
                # Three quotes, and no end of a long string: an empty one stands first.
                unended += 1
                add(kind if unended < _UNENDED else OTHER, value, start)
                if unended >= _UNENDED:
                    return tokens
            else:
                if kind == END and tokens.starts:
                    # A query ends where its last word does.
                    start = tokens.starts[-1] + len(tokens.values[-1])
                add(kind, value, start)
                if kind in (END, OTHER):
                    return tokens
            at = end
            if plain_until and end >= plain_until:
                plain_until = 0
                break
            if len(tokens.starts) == most:
                break
    add(END, "", at)
    return tokens


def _split(word: str, start: int, tokens: Tokens) -> int:
    """Split a word into keywords that need no space between them (SERVICESILENT).

    Returns where to read on, -1 when the word is none.
    """
    at = 0
    while at < len(word):
        longest = range(min(_LONGEST, len(word) - at), 0, -1)
        sizes = (n for n in longest if word[at : at + n].upper() in KEYWORDS)
        size = next(sizes, 1 if word[at] == "a" else 0)
        if not size or (at + size == len(word) == _PIECE):
            break
        piece = word[at : at + size]
        tokens.add(piece.upper() if piece != "a" else piece, piece, start + at)
        at += size
    if at and (at == len(word) or word[at].isdigit() or len(word) == _PIECE):
        return start + at
    while at and tokens.starts and tokens.starts[-1] >= start:
        # The word as a whole is wrong, not what is left of it.
        tokens.types.pop(), tokens.values.pop(), tokens.starts.pop()
    tokens.add(OTHER, word, start)
    return -1


_HEX = frozenset("0123456789abcdefABCDEF")
_CHARACTERS = {
    "t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f",
    "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip
_ESCAPED = str.maketrans(
    {
        "\\": "\\\\",
        '"': '\\"',
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
    }
)


def resolve_codepoints(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without codepoint escapes, and where it grew shorter by them.

    Raises ValueError, with the offset as its argument, for one that is no character.
    """
    if "\\u" not in text and "\\U" not in text:
        return text, []
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    done, length, at = 0, 0, text.find("\\")
    while at >= 0:
        size = {"u": 4, "U": 8}.get(text[at + 1 : at + 2], 0)
        digits = text[at + 2 : at + 2 + size]
        if size and len(digits) == size and _HEX.issuperset(digits):
            number = int(digits, 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                raise ValueError(at)
            parts += [text[done:at], chr(number)]
            length += at - done + 1
            done = at + 2 + size
            shifts.append((length, done - length))
            at = text.find("\\", done)
        else:
            at = text.find("\\", at + 2)
    parts.append(text[done:])
    return "".join(parts), shifts


def unescape_string(written: str) -> str:
    """Return what a string with its quotation marks stands for."""
    size = 3 if written[:3] in ('"""', "'''") and len(written) >= 6 else 1
    inner = written[size:-size]
    if "\\" not in inner:
        return inner
    first, *rest = inner.split("\\")
    parts, escaped = [first], False
    for piece in rest:
        if escaped:
            # Nothing stood between two backslashes, and the first escaped the second.
            parts.append(piece)
            escaped = False
        elif piece:
            parts += [_CHARACTERS[piece[0]], piece[1:]]
        else:
            parts.append("\\")
            escaped = True
    return "".join(parts)


def unescape_local(written: str) -> str:
    """Return the local part of a prefixed name without its backslashes."""
    return written.replace("\\", "")


def escape_string(text: str) -> str:
    """Return a string between quotation marks, on one line."""
    return f'"{text.translate(_ESCAPED)}"'

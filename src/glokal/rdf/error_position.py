"""Where a missing mark should stand: behind what comes before, not at what follows."""

from __future__ import annotations

import re

_OPEN = "Line jumps are not allowed in string literals"
_DOT = "A dot is expected at the end of statements"
# A line up to its comment; # in a text or an address begins none.
_CODE = re.compile(
    r"(?:[^\"'<#]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>|[<\"'])*"
)

_WHOLE = re.compile(r"(?:[^\"'<]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>|<)*")


def place_of(error: SyntaxError, text: str) -> tuple[int | None, int | None]:
    """Return the line and column of a syntax error in Turtle, made exact.

    A parser sees that a mark is missing only at what follows, often lines below; then
    the place is just behind the last character before. A text that doesn't end on its
    line is shown where it begins. Others stay where they are.
    """
    line, column = error.lineno, error.offset
    statement = str(error.msg)
    if line is None or column is None or not (_DOT in statement or _OPEN in statement):
        return line, column
    lines = re.split(r"\r\n|\n|\r", text)
    before = lines[line - 1][: column - 1]
    if _OPEN in statement:
        return line, _opening(before) + 1
    while True:
        code = _CODE.match(before)
        written = (code[0] if code else "").rstrip()
        if written or line == 1:
            return line, len(written) + 1
        line -= 1
        before = lines[line - 1]


def _opening(line: str) -> int:
    """Return where the text begins that a line leaves open."""
    whole = _WHOLE.match(line)
    return whole.end() if whole else 0

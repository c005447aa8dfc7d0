"""Where a missing mark should stand: behind what comes before, not at what follows."""

from __future__ import annotations

import re

from glokal.core.errors import Place, SourceError
from glokal.rdf.turtle.lexer import Token, tokenize

_OPEN = "Line jumps are not allowed in string literals"
_DOT = "A dot is expected at the end of statements"
_LINE_END = re.compile(r"\r\n|\n|\r")


def place_of(error: SyntaxError, text: str) -> tuple[int | None, int | None]:
    """Return the line and column of a syntax error in Turtle, made exact.

    A parser sees that a mark is missing only at what follows, often lines below; then
    the place is just behind the last token before. A text that doesn't end on its line
    is shown where it begins. Others stay where they are.
    """
    line, column = error.lineno, error.offset
    statement = str(error.msg)
    if line is None or column is None or not (_DOT in statement or _OPEN in statement):
        return line, column
    ends = [match.end() for match in _LINE_END.finditer(text)]
    before = text[: ([0, *ends][line - 1]) + column - 1]
    try:
        tokens = tokenize(before, Place(""))
    except SourceError as found:
        # No token begins where a text does that has no end.
        opened = found.place
        return (opened.line, opened.column) if opened else (line, column)
    if _OPEN in statement:
        return line, column
    code = [token for token in tokens if token.kind != "comment"]
    return _end(code[-1]) if code else (1, 1)


def _end(token: Token) -> tuple[int, int]:
    """Return the place just behind a token; a long text may have several lines."""
    lines = _LINE_END.split(token.text)
    if len(lines) == 1:
        return token.line, token.column + len(token.text)
    return token.line + len(lines) - 1, len(lines[-1]) + 1

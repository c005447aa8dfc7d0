"""Markdown with no more backslashes than it needs (CommonMark 0.31, section 2.4).

The converter puts one before every sign that could mean something somewhere. Most mean
something only where a line begins: a heading, an item, a rule. Elsewhere the backslash
is noise to whoever reads the text as it is, and is taken away.
"""

from __future__ import annotations

_FENCE = "```"
# Where a span of code, the destination of a link or an escape begins.
_SIGNS = "`", "](", "\\"
# Signs that begin something at the start of a line and nothing within it.
_AT_START = "#+-=>"
# A full stop or a bracket is a sign after the number of an item.
_AFTER_NUMBER = ".)"
_IN_ITEM = ("- ", "* ", "+ ")


def with_few_escapes(text: str) -> str:
    """Return Markdown that reads the same, without the escapes that it can spare."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = line.lstrip(" >").startswith(_FENCE)
        lines.append(line if fenced or fence else _spared(line))
        fenced ^= fence
    return "\n".join(lines)


def _spared(line: str) -> str:
    """Return a line without the escapes that mean nothing within a line."""
    start = _content(line)
    kept, at = [line[:start]], start
    heading = line[start : start + 1] == "#"
    while "\\" in line[at:]:
        plain, at = at, _next_sign(line, at)
        kept.append(line[plain:at])
        sign = line[at]
        if sign == "`":
            end = _span(line, at)
        elif line.startswith("](", at):
            end = _destination(line, at + 2)
        elif sign == "\\" and at + 1 < len(line):
            if _spares(line, at, start, heading=heading):
                at += 1
                end = at + 1
            else:
                end = at + 2
        else:
            end = at + 1
        kept.append(line[at:end])
        at = end
    return "".join((*kept, line[at:]))


def _next_sign(line: str, at: int) -> int:
    """Return where the next sign stands that may change what follows it.

    There is a backslash on the line, at that place or after it.
    """
    found = (line.find(sign, at) for sign in _SIGNS)
    return min(place for place in found if place >= 0)


def _spares(line: str, at: int, start: int, *, heading: bool) -> bool:
    """Return whether a line reads the same without the backslash at a place."""
    sign = line[at + 1]
    if sign == "&":
        # What could be the name of a character keeps it.
        return line[at + 2 : at + 3] == " "
    first = at == start or line[start:at].isdecimal()
    # A heading may end with the sign that it begins with.
    kept = first or (heading and sign == "#")
    return sign in _AT_START + _AFTER_NUMBER and not kept


def _content(line: str) -> int:
    """Return where the text of a line begins, behind quotes and signs of items."""
    at = len(line) - len(line.lstrip(" >"))
    while True:
        number = len(line[at:]) - len(line[at:].lstrip("0123456789"))
        if line.startswith(_IN_ITEM, at):
            at += 2
        elif number and line.startswith(". ", at + number):
            at += number + 2
        else:
            return at
        at += len(line[at:]) - len(line[at:].lstrip(" "))


def _span(line: str, at: int) -> int:
    """Return where a span of code ends, or its opening signs when it doesn't."""
    signs = len(line[at:]) - len(line[at:].lstrip("`"))
    end = line.find("`" * signs, at + signs)
    return end + signs if end >= 0 else at + signs


def _destination(line: str, at: int) -> int:
    """Return where the destination of a link ends that begins at a place."""
    while at < len(line) and line[at] != ")":
        at += 2 if line[at] == "\\" else 1
    return min(at + 1, len(line))

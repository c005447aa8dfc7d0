r"""Escapes: codepoints anywhere in a text (section 19.2), characters in strings (19.7).

`\u0041` and `\U00000041` count before anything else, but not behind another backslash,
where the first one escapes the second.
"""

from __future__ import annotations

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

"""What can be read off the text of a query without parsing it."""

from __future__ import annotations

import re

# Text in strings, IRIs and comments is put aside before a word is looked for.
_ASIDE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
_WORD = r"(?<![\w:?$@-]){}(?![\w:-])"
_FORM = re.compile(_WORD.format("(SELECT|ASK|CONSTRUCT|DESCRIBE)"), re.IGNORECASE)
_FROM = re.compile(_WORD.format("FROM"), re.IGNORECASE)
_LIMIT = re.compile(_WORD.format(r"LIMIT\s+(\d+)"), re.IGNORECASE)


def unescaped(text: str) -> str:
    """Return the text without codepoint escapes, which count before anything else.

    SPARQL 1.1, section 19.2.
    """
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), text)


def masked(text: str) -> str:
    """Return a query of the same length without what its strings and IRIs hold.

    Comments become spaces. Strings and IRIs become x between their own marks, which
    keep them apart from the word beside them. The text has no codepoint escapes.
    """

    def mask(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("#"):
            return " " * len(text)
        return text[0] + re.sub(r"[^\n]", "x", text[1:-1]) + text[-1]

    return _ASIDE.sub(mask, text)


def form_of(text: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE, "" when the query has none of them."""
    found = _FORM.search(masked(text))
    return found[1].upper() if found else ""


def has_from(text: str) -> bool:
    """Whether the query names its dataset itself."""
    return _FROM.search(masked(unescaped(text))) is not None


def limits_of(text: str) -> set[int]:
    """Return the numbers that stand behind LIMIT, in the query and its parts."""
    return {int(number) for number in _LIMIT.findall(masked(text))}


def as_part(text: str) -> tuple[str, str] | None:
    """Return the prologue of a SELECT and the rest of it, which can be a subquery.

    None for another form, and for a query with FROM, which no subquery may have.
    """
    plain = masked(text)
    found = _FORM.search(plain)
    if found is None or found[1].upper() != "SELECT" or _FROM.search(plain):
        return None
    return text[: found.start()], text[found.start() :]

"""Where a query that is no SPARQL goes wrong: the first word that can't stand there.

The engine's parser tells a place some words further on, and what it looked for last.
Here the query is read again by the grammar of SPARQL 1.1 (section 19.8), which is
LL(1): the furthest word that no rule takes is the one that is wrong.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

_TOKENS = re.compile(
    r"""(?P<SPACE>\s+|\#[^\n]*)
    |(?P<IRIREF><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<STRING>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
       |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<VAR>[?$]\w+)
    |(?P<LANGTAG>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<BLANK_NODE_LABEL>_:\w(?:[\w.-]*[\w-])?)
    |(?P<PNAME>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:%[0-9A-Fa-f]{2}|\\[\w~.\-!$&'()*+,;=/?\#@%]|[\w:])
       (?:(?:%[0-9A-Fa-f]{2}|\\[~.\-!$&'()*+,;=/?\#@%_]|[\w:.-])*
          (?:%[0-9A-Fa-f]{2}|\\[~.\-!$&'()*+,;=/?\#@%_]|[\w:-]))?)
    |(?P<PNAME_NS>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:)
    |(?P<SIGNED>[+-](?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<NUMBER>(?:\d+\.\d*(?=[eE]|\d)|\d*\.\d+|\d+)(?:[eE][+-]?\d+|\d*))
    |(?P<WORD>[A-Za-z]\w*)
    |(?P<MARK>\^\^|\|\||&&|[<>!]=|[{}()\[\].,;*/+\-!|^?=<>])
    |(?P<OTHER>.)""",
    re.VERBOSE | re.DOTALL,
)
_FUNCTIONS = frozenset(
    """ABS BNODE BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY ENCODE_FOR_URI FLOOR
    HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MD5
    MINUTES MONTH NOW RAND REGEX REPLACE ROUND SAMETERM SECONDS SHA1 SHA256 SHA384
    SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR
    TIMEZONE TZ UCASE URI UUID YEAR""".split()
)
# What a rule or a terminal is called where one is wanted.
_CALLED = {
    "BuiltInCall": "a function",
    "Iri": "an IRI",
    "Var": "a variable",
    "RDFLiteral": "a text",
    "NumericLiteral": "a number",
    "BooleanLiteral": "true or false",
    "BLANK_NODE_LABEL": "a blank node",
    "IRIREF": "an IRI in < >",
    "NUMBER": "a number",
    "PNAME_NS": "a prefix with its colon",
    "SIGNED": "a number",
    "STRING": "a text",
    "END": "the end",
    "LANGTAG": "a language tag",
}


class Wrong(NamedTuple):
    """A place in a query (from 1), what stands there and what could."""

    line: int
    column: int
    found: str
    wanted: tuple[str, ...]


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def find_wrong(text: str) -> Wrong | None:
    """Return where a query goes wrong, None when the grammar takes it."""
    reader = _Reader([*_tokens(text), _Token("END", "", len(text.rstrip()))])
    try:
        if reader.rule("Query", 0) is not None:
            return None
    except RecursionError:
        return None
    at = max(reader.wanted)
    token = reader.tokens[at]
    line = text.count("\n", 0, token.start) + 1
    column = token.start - text.rfind("\n", 0, token.start)
    marks = sorted(reader.wanted[at], key=lambda w: (w[0].isalpha(), w))
    return Wrong(line, column, token.text, tuple(marks))


def undeclared_prefix(text: str) -> Wrong | None:
    """Return the first prefixed name of a query whose prefix is not declared."""
    tokens = list(_tokens(text))
    declared = {
        after.text for word, after in pairwise(tokens) if word.text.upper() == "PREFIX"
    }
    for token in tokens:
        prefix = token.text[: token.text.find(":") + 1]
        if token.kind.startswith("PNAME") and prefix not in declared:
            line = text.count("\n", 0, token.start) + 1
            column = token.start - text.rfind("\n", 0, token.start)
            return Wrong(line, column, prefix, ())
    return None


def _tokens(text: str) -> list[_Token]:
    found = (_Token(str(m.lastgroup), m[0], m.start()) for m in _TOKENS.finditer(text))
    return [token for token in found if token.kind != "SPACE"]


Node = tuple[str, tuple["Node", ...], str]


class _Reader:
    """Reads tokens by the grammar, and remembers what was wanted where."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.wanted: dict[int, set[str]] = {}
        self._known: dict[tuple[str, int], int | None] = {}

    def rule(self, name: str, at: int) -> int | None:
        """Return where the rule ends that begins at a token, None if it doesn't fit."""
        if (name, at) not in self._known:
            before = set(self.wanted.get(at, ()))
            self._known[name, at] = self._read(_grammar()[name], at)
            if name in _CALLED and self.wanted.get(at, set()) - before:
                self.wanted[at] = before | {_CALLED[name]}
        return self._known[name, at]

    def _read(self, node: Node, at: int) -> int | None:
        kind, parts, name = node
        match kind:
            case "rule":
                return self.rule(name, at)
            case "terminal":
                return self._terminal(name, at)
            case "any":
                ends = (self._read(part, at) for part in parts)
                return next((end for end in ends if end is not None), None)
            case "all":
                end: int | None = at
                for part in parts:
                    end = self._read(part, end) if end is not None else None
                return end
        # ?, * or +
        last = self._read(parts[0], at)
        if last is None:
            return None if kind == "+" else at
        while kind != "?" and (more := self._read(parts[0], last)) is not None:
            last = more
        return last

    def _terminal(self, name: str, at: int) -> int | None:
        token = self.tokens[at]
        if name == "FUNCTION":
            fits = token.text.upper() in _FUNCTIONS
        elif name.startswith("'"):
            word = name.strip("'")
            fits = token.kind in ("WORD", "MARK") and (
                token.text == word
                or (word != "a" and token.text.upper() == word.upper())
            )
        else:
            fits = token.kind == name
        if fits:
            return at + 1
        self.wanted.setdefault(at, set()).add(_CALLED.get(name, name.strip("'")))
        return None


@cache
def _grammar() -> dict[str, Node]:
    file = resources.files("glokal.store").joinpath("sparql.ebnf")
    lines = file.read_text(encoding="utf-8").splitlines()
    rules = (line.split(" ::= ") for line in lines if "::=" in line)
    return {name: _choice(body.split()[::-1]) for name, body in rules}


def _choice(words: list[str]) -> Node:
    """Read alternatives up to the closing bracket; `words` is a stack."""
    options = [_sequence(words)]
    while words and words[-1] == "|":
        words.pop()
        options.append(_sequence(words))
    return options[0] if len(options) == 1 else ("any", tuple(options), "")


def _sequence(words: list[str]) -> Node:
    parts: list[Node] = []
    while words and words[-1] not in ("|", ")", ")?", ")*", ")+"):
        word = words.pop()
        if word == "(":
            part = _choice(words)
            times = words.pop()[1:]
        else:
            name = word.rstrip("?*+") if not word.startswith("'") else word
            times = word[len(name) :]
            if word.startswith("'") and word[-1] in "?*+" and len(word) > 3:
                name, times = word[:-1], word[-1]
            kind = "rule" if name[0].isalpha() and not name.isupper() else "terminal"
            kind = "terminal" if name.replace("_", "").isupper() else kind
            part = (kind, (), name)
        parts.append((times, (part,), "") if times else part)
    return parts[0] if len(parts) == 1 else ("all", tuple(parts), "")

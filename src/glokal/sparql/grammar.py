"""The grammar as it is written: what could stand where a query goes wrong.

The parser reads right queries, fast. This reads a wrong one once more, by the rules of
`grammar.ebnf` with a stack and one token of look-ahead, and gathers what each rule
would have taken in the place of the token that no rule takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from glokal.sparql.functions import BUILTINS
from glokal.sparql.lexer import INTEGER, NUMBERS, PNAME, Tokens

# What a rule or a terminal is called where one is wanted.
_CALLED = {
    "BuiltInCall": "a function",
    "Iri": "an IRI",
    "Var": "a variable",
    "RDFLiteral": "a text",
    "NumericLiteral": "a number",
    "BooleanLiteral": "true or false",
    "ANON": "[]",
    "BLANK_NODE_LABEL": "a blank node",
    "END": "the end",
    "INTEGER": "a whole number",
    "IRIREF": "an IRI in < >",
    "LANGTAG": "a language tag",
    "NIL": "()",
    "NUMBER": "a number",
    "PNAME_NS": "a prefix with its colon",
    "SIGNED": "a number",
    "STRING": "a text",
}


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of a rule: rule, terminal, any, all, or what stands before ? * +.

    Each is itself alone: what a node begins with is worked out once and looked up.
    """

    kind: str
    parts: tuple[_Node, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class _Start:
    """The terminals that a part can begin with, their names, whether it may be none."""

    terminals: frozenset[str]
    names: frozenset[str]
    empty: bool


def expected_at(tokens: Tokens, place: int, rule: str = "Query") -> tuple[str, ...]:
    """Return what could stand in the place of a token that the parser doesn't take.

    Empty when the grammar goes wrong elsewhere than the parser.
    """
    at = 0
    stack = [_rules()[rule]]
    wanted: set[str] = set()
    while stack:
        node = stack.pop()
        begins = _start(node)
        size, classes = _classes(tokens, at)
        if begins.terminals.isdisjoint(classes):
            wanted |= begins.names
            if not begins.empty:
                return tuple(sorted(wanted, key=_marks_first)) if at == place else ()
            continue
        match node.kind:
            case "terminal":
                at += size
                wanted = set()
            case "rule":
                stack.append(_rules()[node.name])
            case "all":
                stack += reversed(node.parts)
            case "any":
                stack.append(
                    next(
                        part
                        for part in node.parts
                        if not _start(part).terminals.isdisjoint(classes)
                    )
                )
            case "?":
                stack += node.parts
            case _:
                stack += [_again(node), *node.parts]
    return ()


def _marks_first(name: str) -> tuple[bool, str]:
    return name[0].isalpha(), name


def _classes(tokens: Tokens, at: int) -> tuple[int, frozenset[str]]:
    """Return how many tokens a terminal takes, and which terminals that can be."""
    kind, value = tokens.types[at], tokens.values[at]
    pair = kind + tokens.types[at + 1] if at + 1 < len(tokens.types) else ""
    if pair in ("()", "[]"):
        return 2, frozenset(("NIL" if pair == "()" else "ANON", f"'{kind}'"))
    if kind in NUMBERS:
        signed = value[0] in "+-"
        whole = {"INTEGER"} if kind == INTEGER and not signed else set()
        return 1, frozenset({"SIGNED" if signed else "NUMBER", *whole})
    if kind == PNAME:
        names = {"PNAME"} if value.find(":") < len(value) - 1 else {"PNAME", "PNAME_NS"}
        return 1, frozenset(names)
    if kind in BUILTINS:
        return 1, frozenset((f"'{kind}'" if kind == "BOUND" else "FUNCTION",))
    return 1, frozenset((kind, f"'{kind}'"))


@cache
def _again(node: _Node) -> _Node:
    """Return what may follow a part that stands once or more, once it stood there."""
    return node if node.kind == "*" else _Node("*", node.parts)


@cache
def _start(node: _Node) -> _Start:
    match node.kind:
        case "terminal":
            results = frozenset((node.name,))
            name = _CALLED.get(node.name, node.name.strip("'"))
            return _Start(results, frozenset((name,)), False)
        case "rule":
            inner = _start(_rules()[node.name])
            if node.name in _CALLED:
                name = _CALLED[node.name]
                return _Start(inner.terminals, frozenset((name,)), inner.empty)
            return inner
        case "all":
            terminals: set[str] = set()
            names: set[str] = set()
            for part in node.parts:
                begins = _start(part)
                terminals |= begins.terminals
                names |= begins.names
                if not begins.empty:
                    return _Start(frozenset(terminals), frozenset(names), False)
            return _Start(frozenset(terminals), frozenset(names), True)
    each = [_start(part) for part in node.parts]
    return _Start(
        frozenset().union(*(begins.terminals for begins in each)),
        frozenset().union(*(begins.names for begins in each)),
        node.kind in "?*" or any(begins.empty for begins in each),
    )


@cache
def _rules() -> dict[str, _Node]:
    file = resources.files("glokal.sparql").joinpath("grammar.ebnf")
    lines = file.read_text(encoding="utf-8").splitlines()
    rules = (line.split(" ::= ") for line in lines if "::=" in line)
    return {name: _choice(body.split()[::-1]) for name, body in rules}


def _choice(words: list[str]) -> _Node:
    """Read alternatives up to the closing bracket; `words` is a stack."""
    options = [_sequence(words)]
    while words and words[-1] == "|":
        words.pop()
        options.append(_sequence(words))
    return options[0] if len(options) == 1 else _Node("any", tuple(options))


def _sequence(words: list[str]) -> _Node:
    parts: list[_Node] = []
    while words and words[-1] not in ("|", ")", ")?", ")*", ")+"):
        word = words.pop()
        if word == "(":
            part = _choice(words)
            times = words.pop()[1:]
        else:
            # A quoted mark such as '*' is no repetition.
            name = word.rstrip("?*+") if word[-1] != "'" else word
            times = word[len(name) :]
            upper = name.replace("_", "").isupper() or name.startswith("'")
            part = _Node("terminal" if upper else "rule", (), name)
        parts.append(_Node(times, (part,)) if times else part)
    return parts[0] if len(parts) == 1 else _Node("all", tuple(parts))

"""Queries made by chance from the grammar of SPARQL 1.1 (`sparql/grammar.ebnf`)."""

from __future__ import annotations

import random
from functools import cache

from glokal.sparql.functions import BUILTINS, CASTS
from glokal.sparql.grammar import _Node, _rules

# Of these few names most queries find something in the small graph of the tests.
TERMINALS = {
    "IRIREF": ["<urn:a>", "<urn:b>", "<urn:p>", "<urn:q>", "<urn:g>"],
    "PNAME": ["e:a", "e:p", "e:q", ":b", "e:x\\-y", "e:%41"],
    "PNAME_NS": ["e:"],
    "VAR": ["?x", "?y", "?z", "$w"],
    "STRING": ['"a"', "'b'", '"""c"d"""', "'''e\nf'''", '"\\"\\n"', '"\\u0041"'],
    "LANGTAG": ["@nb", "@en-GB"],
    "BLANK_NODE_LABEL": ["_:m", "_:n"],
    "INTEGER": ["3", "10"],
    "NUMBER": ["1", "2.5", "1e3", ".5"],
    "SIGNED": ["-1", "+2.5", "-1E0"],
    "NIL": ["()", "( )"],
    "ANON": ["[]", "[ ]"],
    "END": [""],
}
SPACES = [" ", " ", "\n", "\t", "\r"]
CAST = sorted(CASTS)[0]
PREFIXES = "PREFIX e: <urn:> PREFIX : <urn:>\n"


class Writer:
    """Writes queries by the rules, shorter the deeper it is in them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.size = 0
        self.form = ""

    def query(self) -> str:
        """Return a query; most are right, some are wrong in what no grammar tells."""
        self.size = 0
        words = self._rule("Query", 0)
        text = "".join(word + self.random.choice(SPACES) for word in words if word)
        return PREFIXES + text

    def _rule(self, name: str, depth: int) -> list[str]:
        # What the engine takes less of than the grammar: literals as subjects, DISTINCT
        # among the values of a function, the end of ASK, CONSTRUCT and DESCRIBE, the
        # empty negated set.
        if name in ("Prologue", "DescribeQuery") or (
            name == "SolutionModifier" and self.form != "SelectQuery"
        ):
            return ["DESCRIBE", "<urn:a>"] if name == "DescribeQuery" else []
        if name == "PathNegatedPropertySet":
            return ["e:p"]
        if name == "SelectClause":
            # The engine takes no column twice.
            names = self.random.sample(["?x", "?y", "?z"], self.random.randint(1, 3))
            return ["SELECT", *self.random.choice([["*"], names, ["DISTINCT", "*"]])]
        if name == "ArgList":
            return ["(", "?x", ")"]
        if name in ("AskQuery", "ConstructQuery", "SelectQuery"):
            self.form = name
        if name == "SubSelect":
            outer, self.form = self.form, "SelectQuery"
            found = self._write(_rules()[name], depth + 1)
            self.form = outer
            return found
        if name.startswith("TriplesSameSubject"):
            rest = "PropertyListPathNotEmpty" if "Path" in name else ""
            subject = self.random.choice(["?x", "?y", "<urn:a>", "e:b", "_:m", "[]"])
            return [subject, *self._rule(rest or "PropertyListNotEmpty", depth)]
        if name in ("FunctionCall", "Iri") and self.random.random() < 0.1:
            return [f"<{CAST}>"] if name == "Iri" else [f"<{CAST}>", "(", "?x", ")"]
        return self._write(_rules()[name], depth + 1)

    def _write(self, node: _Node, depth: int) -> list[str]:
        small = self.size > 60 or depth > 40
        match node.kind:
            case "rule":
                return self._rule(node.name, depth)
            case "terminal":
                self.size += 1
                return self._terminal(node.name)
            case "all":
                return [w for part in node.parts for w in self._write(part, depth + 1)]
            case "any":
                lowest = min(node.parts, key=_height)
                part = lowest if small else self.random.choice(node.parts)
                return self._write(part, depth + 1)
        least = 1 if node.kind == "+" else 0
        most = least if small else least + (1 if node.kind == "?" else 2)
        times = self.random.randint(least, most)
        return [w for _ in range(times) for w in self._write(node.parts[0], depth + 1)]

    def _terminal(self, name: str) -> list[str]:
        if name == "FUNCTION":
            # Its values are written by the grammar, which doesn't count them.
            unary = [n for n, (least, _) in BUILTINS.items() if least == 1 != n]
            return [self.random.choice([u for u in unary if u != "BOUND"])]
        if name.startswith("'"):
            word = name.strip("'")
            return [word.lower() if self.random.random() < 0.2 else word]
        return [self.random.choice(TERMINALS[name])]


@cache
def _heights() -> dict[str, int]:
    """Return the height of the lowest tree of each rule."""
    heights: dict[str, int] = {}
    while len(heights) < len(_rules()):
        for name, body in _rules().items():
            low = _lowest(body, heights)
            if low is not None:
                heights[name] = min(low + 1, heights.get(name, low + 1))
    return heights


def _lowest(node: _Node, heights: dict[str, int]) -> int | None:
    if node.kind == "terminal" or node.kind in "?*":
        return 0
    if node.kind == "rule":
        return heights.get(node.name)
    each = [_lowest(part, heights) for part in node.parts]
    known = [low for low in each if low is not None]
    if node.kind == "any":
        return min(known, default=None)
    return max(known, default=0) if len(known) == len(each) else None


def _height(node: _Node) -> int:
    low = _lowest(node, _heights())
    assert low is not None
    return low

"""The faults that are made in a module, by the operators of Cosmic Ray."""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent

# Each is a slip that a person makes. Others of the tool's are left out: those that
# change annotations, which Python doesn't look at, and those that replace one operator
# by each other one, of which any test sees the most.
OPERATORS = (
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Add",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "AddNot",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
    "RemoveDecorator",
)


@dataclass(frozen=True)
class Fault:
    """A file with one fault: where, what stands there now, the whole text.

    `file` is as modules.toml has it, `within` the function or class, "" outside.
    """

    file: str
    line: int
    within: str
    before: str
    after: str
    text: str

    @property
    def key(self) -> str:
        """What tells this fault from others."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        """Return the fault as a person may look it up."""
        return f"{self.file}:{self.line}: {self.before}  ->  {self.after}"


def faults_of(file: str, text: str) -> list[Fault]:
    """Return every fault of a file, each once, by line."""
    names = _functions(text)
    found: dict[str, Fault] = {}
    for operator in OPERATORS:
        for broken in _broken(text, operator):
            line, before, after = _difference(text, broken)
            within = names[line] if line < len(names) else ""
            found.setdefault(broken, Fault(file, line, within, before, after, broken))
    return sorted(found.values(), key=lambda fault: fault.line)


def faults_by_hand(file: str, text: str) -> list[Fault]:
    """Return the faults of by_hand.toml in a file; ValueError for what isn't there."""
    listed = tomllib.loads((HERE / "by_hand.toml").read_text(encoding="utf-8"))
    names = _functions(text)
    faults = []
    for entry in listed["fault"]:
        if entry["file"] != file:
            continue
        before, after = entry["before"], entry["after"]
        if text.count(before) != 1:
            raise ValueError(f"{file} has this line no more, or several: {before}")
        line = text[: text.index(before)].count("\n") + 1
        broken = text.replace(before, after)
        faults.append(Fault(file, line, names[line], before, after, broken))
    return faults


def _broken(text: str, name: str) -> Iterator[str]:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    operator = get_operator(f"core/{name}")()
    number = 0
    while (broken := mutate_code(text, operator, number)) is not None:
        number += 1
        if _is_fault(text, broken):
            yield broken


def _is_fault(text: str, broken: str) -> bool:
    """Whether Python reads both, and not alike.

    The tool takes a star before parameters for a product. Annotations say nothing.
    """
    try:
        return _without_types(text) != _without_types(broken)
    except SyntaxError:
        return False


@lru_cache(maxsize=8)
def _without_types(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg):
            node.annotation = None  # type: ignore[assignment]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
    return ast.dump(tree)


def _difference(text: str, broken: str) -> tuple[int, str, str]:
    """Return the first line that differs, its number, and what stands there then."""
    old, new = [*text.splitlines(), ""], [*broken.splitlines(), ""]
    at = next(n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    if not old[at]:
        # A decorator is taken away with the line before it.
        old.pop(at), new.insert(at, "")
        return at + 2, old[at].strip(), ""
    return at + 1, old[at].strip(), new[at].strip()


def _functions(text: str) -> list[str]:
    """Return the name of the innermost function or class of each line, from 1."""
    names = [""] * (text.count("\n") + 2)

    def mark(node: ast.AST, outer: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = outer
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{outer}.{child.name}".lstrip(".")
                first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
                for line in range(first, (child.end_lineno or first) + 1):
                    names[line] = name
            mark(child, name)

    mark(ast.parse(text), "")
    return names

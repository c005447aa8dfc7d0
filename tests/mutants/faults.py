"""The faults that are made in a module, by the operators of Cosmic Ray."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

# Each is a slip that a person makes. Others of the tool's are left out: those that
# change annotations, which Python doesn't look at, and those that replace one operator
# by each other one, of which any test sees the most.
OPERATORS = (
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Add",
    "ReplaceBinaryOperator_BitAnd_BitOr",
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
)


@dataclass(frozen=True)
class Fault:
    """A module with one fault: the line, what stands there now, the whole text."""

    operator: str
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> str:
        """What tells this fault from others."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def faults_of(text: str) -> list[Fault]:
    """Return every fault of a module, each once, by line."""
    found: dict[str, Fault] = {}
    for name in OPERATORS:
        for fault in _faults(text, name):
            found.setdefault(fault.text, fault)
    return sorted(found.values(), key=lambda fault: (fault.line, fault.operator))


def _faults(text: str, name: str) -> Iterator[Fault]:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    operator = get_operator(f"core/{name}")()
    number = 0
    while (broken := mutate_code(text, operator, number)) is not None:
        number += 1
        pairs = zip(text.splitlines(), broken.splitlines(), strict=False)
        for line, (before, after) in enumerate(pairs, 1):
            if before != after:
                yield Fault(name, line, before.strip(), after.strip(), broken)
                break


def spread(faults: list[Fault], most: int) -> list[Fault]:
    """Return at most so many faults, spread evenly over the module."""
    if len(faults) <= most:
        return faults
    return [faults[n * len(faults) // most] for n in range(most)]

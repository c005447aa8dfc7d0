"""The requests of the Reconciliation Service API 0.2, read from parsed JSON.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
What isn't in the form of the specification is a UsageError, which says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.errors import UsageError
from glokal.dataset.name_likeness import fold_name

# Candidates of a name.
MOST_CANDIDATES = 50
_QUERY_FIELDS = {"query", "type", "limit", "properties", "type_strict"}


@dataclass(frozen=True)
class CandidateQuery:
    """What a query of a batch asks for besides a name.

    `kinds` are names of types, `properties` what the thing is known to have, `limit` is
    how many candidates are wanted.
    """

    kinds: tuple[str, ...]
    properties: Sequence[Any]
    limit: int


def read_query(key: str, fields: Mapping[str, Any]) -> CandidateQuery:
    """Return what a query of a batch asks for; `key` is where it stands (4.2)."""
    unknown = sorted(set(fields) - _QUERY_FIELDS)
    if unknown:
        raise UsageError(
            f"{key[:60]!r} has {unknown[0][:60]!r}.",
            remedy=f"use {', '.join(sorted(_QUERY_FIELDS))}.",
        )
    properties = fields.get("properties", [])
    if "query" not in fields and not properties:
        raise UsageError(
            f"{key[:60]!r} has no query and no properties.",
            remedy="give it the name.",
        )
    kinds = fields.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(kinds, list) or not isinstance(properties, list):
        raise UsageError(
            f"{key[:60]!r} has a type or properties of another form.",
            remedy="give text, or a list.",
        )
    limit = fields.get("limit", 5)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise UsageError(
            f"The limit of {key[:60]!r} is {str(limit)[:20]}.",
            remedy=f"give a number from 1 to {MOST_CANDIDATES}.",
        )
    return CandidateQuery(
        tuple(map(str, kinds)),
        properties,
        min(int(limit), MOST_CANDIDATES),
    )


def json_object(value: object, name: str) -> dict[str, Any]:
    """Return a value that must be a JSON object; `name` is what it is called."""
    if not isinstance(value, dict):
        raise UsageError(f"{name[:60]!r} is no JSON object.", remedy="make it one.")
    return value


def list_field(fields: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list of that name in an object."""
    if not isinstance(fields.get(name), list):
        raise UsageError(f"There is no list {name!r}.", remedy="give it.")
    return list(fields[name])


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """Return the text of that name in an object."""
    if not isinstance(fields.get(name), str):
        raise UsageError(f"There is no text {name!r}.", remedy="give it.")
    return str(fields[name])


def as_compared(value: object) -> str:
    """Return a value of a query's property as it is compared."""
    if isinstance(value, dict):
        value = value.get("id", "")
    return fold_name(str(value))

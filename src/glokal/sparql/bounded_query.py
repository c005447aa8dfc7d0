"""A closed list of queries, whose cost has a bound: basic graph patterns above all.

What is in the list: SELECT and ASK of up to five triple patterns, joined by variables
or not, with filters that compare a variable or its language with constants, DISTINCT,
ORDER BY of variables, LIMIT and OFFSET, asked of the default graph. All else is not:
paths, OPTIONAL, UNION, GRAPH, SERVICE, subqueries, functions but LANG, LANGMATCHES and
BOUND, aggregates, VALUES, BIND. It is read off the tree, and what is unknown is not in
the list.
"""

from __future__ import annotations

from dataclasses import dataclass

from glokal.sparql.tree import (
    BlankNode,
    Call,
    Expression,
    Filter,
    Iri,
    Literal,
    Operation,
    PropertyPath,
    Query,
    Select,
    TriplePattern,
    Variable,
)

MOST_PATTERNS, MOST_FILTERS, MOST_KEYS = 5, 8, 4
_COMPARISONS = frozenset("= != < > <= >=".split())
_CALLS = frozenset("BOUND LANG LANGMATCHES".split())

# A variable, or a blank node, which is one that is in no answer.
Name = str


@dataclass(frozen=True, slots=True)
class BoundedQuery:
    """What a query of the list is made of.

    `looks` is how often a row's terms are looked at by the filters, `columns` are the
    names of the variables in the answer, none for ASK, `keys` how many it is sorted by.
    """

    patterns: tuple[TriplePattern, ...]
    looks: int
    columns: tuple[Name, ...]
    keys: int
    distinct: bool
    limit: int | None
    offset: int


def bounded_query(query: Query) -> BoundedQuery | None:
    """Return a query of the list, None for one that isn't in it."""
    select = query.select
    outside = (
        query.form not in ("SELECT", "ASK")
        or query.dataset
        or query.services
        or query.functions
        or query.graphs
        or query.graph_variables
        or query.nullable_paths
        or any(call.name not in _CALLS for call in query.calls)
        or select.distinct not in ("", "DISTINCT")
        or select.group_by
        or select.having
        or select.values
        or select.where.subquery
    )
    if outside:
        return None
    patterns, looks, filters = list[TriplePattern](), 0, 0
    for element in select.where.elements:
        if isinstance(element, TriplePattern) and _is_plain(element):
            patterns.append(element)
        elif isinstance(element, Filter) and (found := _looks(element.condition)):
            looks += found
            filters += 1
        else:
            return None
    if not 0 < len(patterns) <= MOST_PATTERNS or filters > MOST_FILTERS:
        return None
    seen = {name for pattern in patterns for name in names_in(pattern)}
    columns = _columns(select, seen) if query.form == "SELECT" else ()
    keys = [condition.value for condition in select.order_by]
    sorts = all(isinstance(key, Variable) and key.name in seen for key in keys)
    if columns is None or not sorts or len(keys) > MOST_KEYS:
        return None
    return BoundedQuery(
        tuple(patterns),
        looks,
        columns,
        len(keys),
        bool(select.distinct),
        select.limit,
        select.offset or 0,
    )


def names_in(pattern: TriplePattern) -> list[Name]:
    """Return the names of the variables of a pattern, in their order."""
    terms = (pattern.subject, pattern.verb, pattern.object)
    return [name for term in terms if (name := name_of(term))]


def name_of(term: object) -> Name:
    """Return the name of a variable or of what counts as one, "" for a constant."""
    match term:
        case Variable():
            return term.name
        case BlankNode():
            return f"_:{term.label}"
    return ""


def _is_plain(pattern: TriplePattern) -> bool:
    """Whether a pattern has no path, and no variable twice."""
    names = names_in(pattern)
    return not isinstance(pattern.verb, PropertyPath) and len(set(names)) == len(names)


def _columns(select: Select, seen: set[Name]) -> tuple[Name, ...] | None:
    if select.projection is None:
        return tuple(sorted(name for name in seen if not name.startswith("_:")))
    if any(value is not None for _, value in select.projection):
        return None
    return tuple(variable.name for variable, _ in select.projection)


def _looks(condition: Expression) -> int:
    """Return how many terms a filter of the list looks at, 0 for one that isn't in it.

    It has a single variable, so that an engine can look at it with any pattern that
    has the variable.
    """
    names: set[Name] = set()
    waiting, looks = [condition], 0
    while waiting:
        part = waiting.pop()
        match part:
            case Operation(operator="!" | "&&" | "||"):
                waiting += part.values
            case Operation() if part.operator in _COMPARISONS:
                for value in part.values:
                    name = _operand(value)
                    if name is None:
                        return 0
                    names |= {name} - {""}
                    looks += bool(name)
            case Call(name="BOUND", values=[Variable() as variable]):
                names.add(variable.name)
                looks += 1
            case Call(
                name="LANGMATCHES",
                values=[Call(name="LANG", values=[Variable() as variable]), Literal()],
            ):
                names.add(variable.name)
                looks += 1
            case _:
                return 0
    return looks if len(names) == 1 else 0


def _operand(value: Expression) -> Name | None:
    """Return the variable that is compared, "" for a constant, None for all else."""
    match value:
        case Variable():
            return value.name
        case Call(name="LANG", values=[Variable() as variable]):
            return variable.name
        case Iri() | Literal():
            return ""
    return None

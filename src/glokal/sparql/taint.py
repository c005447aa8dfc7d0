"""Where a query may look at how a literal is written, and not at its value.

The engine writes some literals in its own way ("1.50" becomes 1.5). Values stay what
they are; STR, DATATYPE, sameTerm and GROUP_CONCAT give another answer, and terms that
differ become the same: for DISTINCT, for groups, where patterns meet, and for a literal
that is looked for. Whether a query can meet such a literal there is followed from the
triple patterns through its assignments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from glokal.core.namespaces import RDF, XSD
from glokal.sparql.tree import (
    Aggregate,
    Bind,
    Call,
    Element,
    Expression,
    GraphPattern,
    Group,
    InlineData,
    Iri,
    Literal,
    Minus,
    Optional,
    PropertyPath,
    Query,
    Select,
    TriplePattern,
    Union,
    Variable,
    Verb,
)
from glokal.sparql.walk import selects_and_elements, walk_tree

# What these give depends on how a literal is written, not on its value.
LEXICAL = frozenset(("DATATYPE", "GROUP_CONCAT", "SAMETERM", "STR"))
# These give one of their values as it is; every other function makes a new one, as do
# operators (section 17.3: a sum of derived types has the base type).
_PASSING = frozenset(("COALESCE", "IF", "MAX", "MIN", "SAMPLE"))
_PLAIN_TYPES = frozenset(("", XSD + "string", RDF + "langString"))


def lexical_call(
    query: Query,
    predicates: Mapping[str, Collection[str]],
    rewrites: Callable[[str, Literal], bool],
) -> Call | Aggregate | None:
    """Return a call that may see a rewritten literal, None when there is none.

    `predicates` are, for each function, those that have such literals in the data;
    `rewrites` tells whether a function would notice that a literal is rewritten.
    """
    tainted: dict[str, set[str]] = {}
    for call in query.calls:
        if call.name not in LEXICAL:
            continue
        if call.name not in tainted:
            known = predicates[call.name]
            tainted[call.name] = _tainted(query.select, known) if known else set()
        values = call.values if isinstance(call, Call) else [call.value]
        for part in (p for value in values if value for p in _passed(value)):
            if isinstance(part, Variable) and part.name in tainted[call.name]:
                return call
            if isinstance(part, Literal) and rewrites(call.name, part):
                return call
            if isinstance(part, Call) and _makes_typed(part):
                return call
    return None


@dataclass(frozen=True)
class Merged:
    """What is known of literals that differ, and that the engine stores as one.

    `predicates` are those with a literal that is stored like another one of the data,
    `within` those that have both themselves, `typed` all that have a literal with a
    datatype of which some are rewritten.
    """

    predicates: Collection[str]
    within: Collection[str]
    typed: Collection[str]


def merging_place(
    query: Query, merged: Merged, clashes: Callable[[Literal], bool]
) -> tuple[str, int] | None:
    """Return where literals that differ would count as one: what, and the place.

    `clashes` tells whether a literal of the query would be taken for another one.
    """
    matched = _matched(query.select)
    for part in selects_and_elements(query.select):
        for literal, name, start in _looked_for(part):
            if (name is None or name in matched) and clashes(literal):
                return f"The literal {literal.value!r}", start
    if not merged.predicates:
        return None
    tainted = _tainted(query.select, merged.predicates)
    for part in selects_and_elements(query.select):
        if isinstance(part, Select) and _tells_merged_apart(part, merged, tainted):
            return "DISTINCT or GROUP BY", part.where.start
        for group in _groups_of(part):
            # Patterns of one group are joined; a name elsewhere may be another one.
            sources: Counter[str] = Counter()
            for triple in group.elements:
                if not isinstance(triple, TriplePattern):
                    continue
                end = triple.object
                if isinstance(end, Variable) and end.name in tainted:
                    sources[end.name] += _may_have(triple.verb, merged.typed)
                    if sources[end.name] > 1:
                        return f"?{end.name}", triple.start
    return None


def _groups_of(part: Select | Element) -> list[Group]:
    match part:
        case Select():
            return [part.where]
        case Union():
            return part.groups
        case Optional() | Minus() | GraphPattern():
            return [part.group]
        case _:
            return []


def _tells_merged_apart(select: Select, merged: Merged, tainted: set[str]) -> bool:
    apart = _told_apart(select)
    result = tainted & apart
    direct: set[str] = set()
    for part in selects_and_elements(select):
        if (
            isinstance(part, TriplePattern)
            and isinstance(part.object, Variable)
            and part.object.name in result
        ):
            direct.add(part.object.name)
            # Rows with another predicate are other rows.
            shown = isinstance(part.verb, Variable) and part.verb.name in apart
            known = merged.within if shown else merged.predicates
            if known and _may_have(part.verb, known):
                return True
    return bool(result - direct)


def _may_have(verb: Verb, predicates: Collection[str]) -> bool:
    """Whether a verb may be one of these predicates, or end in one."""
    match verb:
        case Variable():
            return True
        case Iri():
            return verb.value in predicates
        case PropertyPath(operator="!"):
            return True
        case PropertyPath():
            return any(_may_have(part, predicates) for part in verb.parts)


def _matched(select: Select) -> set[str]:
    """Return the names of the variables that stand for a literal in a pattern."""
    return {
        part.object.name
        for part in selects_and_elements(select)
        if isinstance(part, TriplePattern) and isinstance(part.object, Variable)
    }


def _looked_for(part: Select | Element) -> Iterator[tuple[Literal, str | None, int]]:
    """Yield the literals that may be matched as terms, with the place of each.

    With a literal comes the name of the variable that has it, None in a pattern.
    """
    results: list[tuple[object, str | None]] = []
    match part:
        case TriplePattern():
            results.append((part.object, None))
        case InlineData():
            names = [variable.name for variable in part.variables]
            results += [
                (cell, name)
                for row in part.rows
                for name, cell in zip(names, row, strict=True)
            ]
        case Bind():
            results.append((part.value, part.variable.name))
        case _:
            return
    for literal, name in results:
        if isinstance(literal, Literal) and literal.datatype not in _PLAIN_TYPES:
            yield literal, name, part.start


def _told_apart(select: Select) -> set[str]:
    """Return the names of the variables whose terms a SELECT tells apart."""
    results: set[str] = set()
    values: list[Expression] = [value for value, _ in select.group_by]
    for variable, value in select.projection or []:
        if select.distinct == "DISTINCT":
            values.append(variable)
        if value is not None:
            values += _distinct_in(value)
    for value in (*select.having, *(c.value for c in select.order_by)):
        values += _distinct_in(value)
    for value in values:
        results |= {p.name for p in _passed(value) if isinstance(p, Variable)}
    if select.projection is None and select.distinct == "DISTINCT":
        for part in selects_and_elements(select):
            if isinstance(part, TriplePattern) and isinstance(part.object, Variable):
                results.add(part.object.name)
    return results


def _distinct_in(value: Expression) -> list[Expression]:
    return [
        part.value
        for part in walk_tree(value)
        if isinstance(part, Aggregate) and part.distinct and part.value is not None
    ]


def _passed(value: Expression) -> Iterator[Expression]:
    """Yield the parts of an expression whose value it may have as it is."""
    match value:
        case Call(name="IF"):
            for part in value.values[1:]:
                yield from _passed(part)
        case Call() if value.name in _PASSING:
            for part in value.values:
                yield from _passed(part)
        case Aggregate() if value.name in _PASSING and value.value is not None:
            yield from _passed(value.value)
        case _:
            yield value


def _makes_typed(call: Call) -> bool:
    """Whether a call may make a literal that the engine writes in its own way."""
    if call.name != "STRDT":
        return False
    kind = call.values[1]
    return not isinstance(kind, Iri) or (
        kind.value.startswith(XSD) and kind.value not in _PLAIN_TYPES
    )


def _tainted(select: Select, predicates: Collection[str]) -> set[str]:
    """Return the names of the variables that may hold a rewritten literal."""
    tainted: set[str] = set()
    assigned: list[tuple[str, Expression]] = []
    for part in selects_and_elements(select):
        if isinstance(part, TriplePattern):
            # A path may be walked against its direction.
            ends = [part.object]
            if isinstance(part.verb, PropertyPath):
                ends.append(part.subject)
            if _may_have(part.verb, predicates):
                tainted |= {end.name for end in ends if isinstance(end, Variable)}
        elif isinstance(part, Bind):
            assigned.append((part.variable.name, part.value))
        elif isinstance(part, Select):
            columns = part.projection or []
            assigned += [(v.name, value) for v, value in columns if value is not None]
            assigned += [(v.name, value) for value, v in part.group_by if v is not None]
    grown = True
    while grown:
        grown = False
        for name, value in assigned:
            if name not in tainted and any(
                isinstance(p, Variable) and p.name in tainted for p in _passed(value)
            ):
                tainted.add(name)
                grown = True
    return tainted

"""A query printed anew from its tree: one text that every engine reads alike.

IRIs are whole, strings stand between quotation marks on one line, keywords are in upper
case, nothing is left of comments, prefixes and short forms.
"""

from __future__ import annotations

from glokal.sparql.lexer import escape_string
from glokal.sparql.tree import (
    Aggregate,
    Bind,
    BlankNode,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    FunctionCall,
    GraphPattern,
    Group,
    InlineData,
    Iri,
    Literal,
    Minus,
    Operation,
    Optional,
    OrderCondition,
    PropertyPath,
    Query,
    Select,
    Service,
    TriplePattern,
    Union,
    Variable,
    Verb,
)


def print_query(query: Query) -> str:
    """Return the text of a query."""
    return f"{declared_base(query)}{_query(query)}"


def declared_base(query: Query) -> str:
    """Return the text that declares the base, "" where no answer depends on it."""
    return f"BASE <{query.base}> " if query.needs_base else ""


def _query(query: Query) -> str:
    select = query.select
    dataset = "".join(f" FROM {term(iri)}" for iri in query.dataset.default)
    dataset += "".join(f" FROM NAMED {term(iri)}" for iri in query.dataset.named)
    match query.form:
        case "SELECT":
            return print_select(select, dataset)
        case "CONSTRUCT":
            head = f"CONSTRUCT {{ {_triples(query.template or [])}}}"
        case "DESCRIBE":
            named = query.described
            listed = " ".join(map(term, named)) if named is not None else "*"
            head = f"DESCRIBE {listed}"
        case _:
            head = "ASK"
    return f"{head}{dataset} WHERE {print_group(select.where)}{_modifiers(select)}"


def print_select(select: Select, dataset: str = "") -> str:
    """Return the text of a SELECT, `dataset` between its columns and its WHERE."""
    columns = "*"
    if select.projection is not None:
        columns = " ".join(
            term(v) if value is None else f"({expression(value)} AS {term(v)})"
            for v, value in select.projection
        )
    distinct = f"{select.distinct} " if select.distinct else ""
    head = f"SELECT {distinct}{columns}{dataset}"
    return f"{head} WHERE {print_group(select.where)}{_modifiers(select)}"


def print_group(group: Group) -> str:
    """Return the text of a group, with its braces."""
    if group.subquery is not None:
        return f"{{ {print_select(group.subquery)} }}"
    return f"{{ {print_elements(group.elements)}}}"


def print_elements(elements: list[Element]) -> str:
    """Return the text of a group's elements, each with a space behind it.

    Filters come last: they count for the whole group wherever they stand (section
    5.2.2), and the engine takes one for the end of a basic graph pattern.
    """
    ordered = sorted(elements, key=lambda element: isinstance(element, Filter))
    return "".join([f"{_element(element)} " for element in ordered])


def _element(element: Element) -> str:
    match element:
        case TriplePattern():
            return _triple(element)
        case Filter():
            return f"FILTER ({expression(element.condition)})"
        case Bind():
            return f"BIND ({expression(element.value)} AS {term(element.variable)})"
        case InlineData():
            return _inline_data(element)
        case Union():
            return " UNION ".join(map(print_group, element.groups))
        case Optional():
            return f"OPTIONAL {print_group(element.group)}"
        case Minus():
            return f"MINUS {print_group(element.group)}"
        case GraphPattern():
            return f"GRAPH {term(element.name)} {print_group(element.group)}"
        case Service():
            silent = "SILENT " if element.silent else ""
            return f"SERVICE {silent}{term(element.name)} {print_group(element.group)}"


def _triples(triples: list[TriplePattern]) -> str:
    return "".join([f"{_triple(triple)} " for triple in triples])


def _triple(triple: TriplePattern) -> str:
    return f"{term(triple.subject)} {_verb(triple.verb)} {term(triple.object)} ."


def _verb(verb: Verb) -> str:
    return path(verb) if isinstance(verb, PropertyPath) else term(verb)


def path(result: Iri | PropertyPath) -> str:
    """Return the text of a property path."""
    if isinstance(result, Iri):
        return term(result)
    match result.operator:
        case "!":
            return f"!({'|'.join(_plain(part) for part in result.parts)})"
        case "^":
            return f"^({path(result.parts[0])})"
        case "/" | "|":
            return f"({result.operator.join(map(path, result.parts))})"
        case _:
            return f"({path(result.parts[0])}){result.operator}"


def _plain(part: Iri | PropertyPath) -> str:
    # In a negated set the grammar takes no parentheses.
    if isinstance(part, PropertyPath):
        return f"^{path(part.parts[0])}"
    return term(part)


def term(result: Iri | Variable | BlankNode | Literal) -> str:
    """Return the text of a term."""
    match result:
        case Iri():
            return f"<{result.value}>"
        case Variable():
            return f"?{result.name}"
        case BlankNode():
            return f"_:{result.label}"
    if result.bare:
        return result.value
    text = escape_string(result.value)
    if result.language:
        return f"{text}@{result.language}"
    return f"{text}^^<{result.datatype}>" if result.datatype else text


def expression(value: Expression) -> str:
    """Return the text of an expression; an operator's values stand in parentheses."""
    match value:
        case Operation():
            return _operation(value)
        case Call():
            return f"{value.name}({_expressions(value.values)})"
        case FunctionCall():
            distinct = "DISTINCT " if value.distinct else ""
            return f"{term(value.function)}({distinct}{_expressions(value.values)})"
        case Aggregate():
            return _aggregate(value)
        case Exists():
            negated = "NOT " if value.negated else ""
            return f"{negated}EXISTS {print_group(value.group)}"
        case _:
            return term(value)


def _operation(operation: Operation) -> str:
    operator = operation.operator
    first, *rest = operation.values
    if operator in ("IN", "NOT IN"):
        return f"{_operand(first)} {operator} ({_expressions(rest)})"
    if not rest:
        return f"{operator} {_operand(first)}"
    # Chains stay as flat as they were written: these three hang to the left.
    left = isinstance(first, Operation) and first.operator == operator
    if left and operator in ("||", "&&", "+", "*"):
        return f"{_chain(operation)}"
    return f"{_operand(first)} {operator} {_operand(rest[0])}"


def _chain(operation: Operation) -> str:
    operator, parts = operation.operator, []
    value: Expression = operation
    while (
        isinstance(value, Operation)
        and value.operator == operator
        and len(value.values) == 2
    ):
        parts.append(_operand(value.values[1]))
        value = value.values[0]
    parts.append(_operand(value))
    return f" {operator} ".join(reversed(parts))


def _operand(value: Expression) -> str:
    text = expression(value)
    return f"({text})" if isinstance(value, Operation | Exists) else text


def _expressions(values: list[Expression]) -> str:
    return ", ".join(map(expression, values))


def _aggregate(aggregate: Aggregate) -> str:
    distinct = "DISTINCT " if aggregate.distinct else ""
    value = "*" if aggregate.value is None else expression(aggregate.value)
    separator = ""
    if aggregate.separator is not None:
        separator = f" ; SEPARATOR = {escape_string(aggregate.separator)}"
    return f"{aggregate.name}({distinct}{value}{separator})"


def _inline_data(inline_data: InlineData) -> str:
    names = " ".join(map(term, inline_data.variables))
    cells = [
        f"({' '.join('UNDEF' if v is None else term(v) for v in row)})"
        for row in inline_data.rows
    ]
    return f"VALUES ({names}) {{ {' '.join(cells)} }}"


def _modifiers(select: Select) -> str:
    parts = []
    if select.group_by:
        listed = [
            f"({expression(value)} AS {term(variable)})"
            if variable is not None
            else term(value)
            if isinstance(value, Variable)
            else f"({expression(value)})"
            for value, variable in select.group_by
        ]
        parts.append(f"GROUP BY {' '.join(listed)}")
    if select.having:
        listed = [f"({expression(value)})" for value in select.having]
        parts.append(f"HAVING {' '.join(listed)}")
    if select.order_by:
        parts.append(f"ORDER BY {' '.join(map(_condition, select.order_by))}")
    if select.limit is not None:
        parts.append(f"LIMIT {select.limit}")
    if select.offset is not None:
        parts.append(f"OFFSET {select.offset}")
    if select.values:
        parts.append(_inline_data(select.values))
    return "".join(f" {part}" for part in parts)


def _condition(order_condition: OrderCondition) -> str:
    return f"{order_condition.direction or 'ASC'}({expression(order_condition.value)})"

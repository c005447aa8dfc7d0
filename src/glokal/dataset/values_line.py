"""The VALUES line of a parameter in a canned query, read and filled by the reader."""

from __future__ import annotations

from glokal.core.errors import UsageError
from glokal.sparql.prepare import parse
from glokal.sparql.printer import term
from glokal.sparql.tree import InlineData
from glokal.sparql.walk import selects_and_elements


def find_values(
    text: str, name: str, query: str = "query"
) -> tuple[int, int, str] | None:
    """Return where `VALUES ?name { term }` stands in a query, and its term.

    The term is "" for UNDEF, and where no value is given. None when there is no such
    line, or more than one value. Raises SourceError.
    """
    result = parse(text, query)
    for part in selects_and_elements(result.query.select):
        match part:
            case InlineData(variables=[only], rows=[]) if only.name == name:
                start, end = map(result.places.offset, (part.start, part.end))
                return start, end, ""
            case InlineData(variables=[only], rows=[[value]]) if only.name == name:
                start, end = map(result.places.offset, (part.start, part.end))
                return start, end, term(value) if value is not None else ""
    return None


def fill_parameter(text: str, name: str, value: str) -> str:
    """Return a query with other RDF terms on the VALUES line of a parameter.

    `value` is in N-Triples syntax. Raises UsageError when there is no such line.
    """
    result = find_values(text, name)
    if result is None:
        raise UsageError(f"The parameter {name} has no VALUES line.")
    start, end, _ = result
    return f"{text[:start]}VALUES ?{name} {{ {value} }}{text[end:]}"

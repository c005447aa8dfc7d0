"""The VALUES lines of a canned query, read and filled by the reader of SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.languages import ByLanguage
from glokal.sparql.prepare import parse
from glokal.sparql.printer import term
from glokal.sparql.tree import InlineData, Literal
from glokal.sparql.walk import selects_and_elements

# Where a part of a text begins and ends, and what stands there instead.
Edit = tuple[int, int, str]


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
    return fill_parameters(text, {name: value})


def fill_parameters(text: str, values: Mapping[str, str], words: str = "") -> str:
    """Return a query with other RDF terms on the VALUES lines of its parameters.

    `values` are by the names of the parameters, in N-Triples syntax. With a language in
    `words` the tables of words have rows in it, as by `with_rows_in`. The query is read
    once for all of them. Raises UsageError when there is no such line.
    """
    edits = _rows_in(text, words) if words else []
    for name, value in values.items():
        result = find_values(text, name)
        if result is None:
            raise UsageError(f"The parameter {name} has no VALUES line.")
        start, end, _ = result
        edits.append((start, end, f"VALUES ?{name} {{ {value} }}"))
    return _edited(text, edits)


def with_rows_in(text: str, lang: str, name: str = "lang") -> str:
    """Return a query whose tables of words have rows in a language.

    A table is VALUES of several variables of which one is the language. Without a row
    in that it would leave nothing of an answer; rows in the nearest language that it
    has are taken for it. Raises SourceError.
    """
    return _edited(text, _rows_in(text, lang, name))


def with_name_languages(text: str, languages: Iterable[str]) -> str:
    """Return a query that looks for names in languages that a project has them in.

    `VALUES (?lang ?near)` tells for each language that an answer may be in, in which
    one names are then looked for: in itself, where the project has it, and else in the
    nearest that it has. Raises SourceError.
    """
    if "?near" not in text:
        return text
    known = ByLanguage({lang: lang for lang in languages})
    result = parse(text, "query")
    edits: list[Edit] = []
    for part in selects_and_elements(result.query.select):
        if not isinstance(part, InlineData):
            continue
        if [v.name for v in part.variables] == ["lang", "near"]:
            told = (row[0] for row in part.rows)
            asked = [lang.value for lang in told if isinstance(lang, Literal)]
            rows = " ".join(
                f"({ox.Literal(lang)} {ox.Literal(known.language(lang))})"
                for lang in dict.fromkeys((*asked, *known))
            )
            start, end = map(result.places.offset, (part.start, part.end))
            edits.append((start, end, f"VALUES (?lang ?near) {{ {rows} }}"))
    return _edited(text, edits)


def _rows_in(text: str, lang: str, name: str = "lang") -> list[Edit]:
    result = parse(text, "query")
    new: list[Edit] = []
    for part in selects_and_elements(result.query.select):
        names = [v.name for v in part.variables] if isinstance(part, InlineData) else []
        if not isinstance(part, InlineData) or len(names) < 2 or name not in names:
            continue
        place = names.index(name)
        rows: ByLanguage[list[list[str]]] = ByLanguage()
        for row in part.rows:
            said = [term(value) if value is not None else "UNDEF" for value in row]
            rows.setdefault(said[place].strip('"'), []).append(said)
        if rows and lang not in rows:
            wanted = str(ox.Literal(lang))
            lines = [
                " ".join((*row[:place], wanted, *row[place + 1 :]))
                for row in rows[lang]
            ]
            # Before the brace that ends the table.
            end = result.places.offset(part.end) - 1
            new.append((end, end, "".join(f"({line}) " for line in lines)))
    return new


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with parts of it replaced, none of which is in another."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text

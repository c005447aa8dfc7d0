"""Answers as text: a table for people, and the W3C result formats for programs.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV; CONSTRUCT answers as Turtle and the
other triple formats.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from glokal.core.characters import NOT_XML, code_point, log_text, one_line
from glokal.core.errors import ToolError, UsageError
from glokal.core.extras import need_extras
from glokal.core.namespaces import XSD
from glokal.core.plugins import ANSWER_FORMATS, call_plugin, plugins
from glokal.rdf.terms import Term, shorten, text_of
from glokal.rdf.turtle.formatter import write_turtle
from glokal.sparql.plain_values import plain_value
from glokal.sparql.store_interface import Answer, Graph, Table

FORMATS = ("table", "csv", "tsv", "json", "xml", "xlsx", "turtle")
# A workbook keeps fifteen digits; a longer number stays whole as text.
_LARGEST = 10**15
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}


def all_formats() -> tuple[str, ...]:
    """Return the formats, with those that plugins add."""
    return (*FORMATS, *sorted({*plugins(ANSWER_FORMATS)} - {*FORMATS}))


def write_result(answer: Answer, fmt: str, prefixes: Mapping[str, str]) -> str | bytes:
    """Return an answer in a format; UsageError when the two don't go together."""
    if isinstance(answer, bool):
        if fmt not in ("table", "json", "xml"):
            raise UsageError(
                "The answer is yes or no.", remedy="ask for --format table or json."
            )
        words = "yes\n" if answer else "no\n"
        return words if fmt == "table" else _boolean(answer, fmt)
    if isinstance(answer, Graph):
        if fmt not in ("table", "turtle"):
            raise UsageError(
                "The answer is a graph.", remedy="ask for --format turtle."
            )
        return write_turtle(answer.triples, prefixes)
    if fmt not in FORMATS:
        return _by_plugin(answer, fmt)
    match fmt:
        case "csv":
            return csv_text(answer)
        case "tsv":
            return _tsv(answer)
        case "json":
            return _json(answer)
        case "xml":
            return _xml(answer)
        case "xlsx":
            need_extras(("workbook",), "The format xlsx")
            from glokal.core.xlsx import Cell, write_plain

            rows = ([Cell(_cell(term)) for term in row] for row in answer.rows)
            return write_plain(answer.columns, rows)
        case "turtle":
            raise UsageError("The answer is rows.", remedy="ask for --format csv.")
        case _:
            return _table(answer, prefixes)


def _by_plugin(table: Table, fmt: str) -> str | bytes:
    rows = [
        {c: plain_value(cell) for c, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]
    written = call_plugin(ANSWER_FORMATS, fmt, table.columns, rows)
    if not isinstance(written, str | bytes):
        raise ToolError(
            f"The plugin {fmt} gave {type(written).__name__}, not text or bytes.",
            remedy="tell those who keep it, or choose another format.",
        )
    return written


def csv_text(table: Table) -> str:
    """Return rows as CSV (SPARQL 1.1 CSV: RFC 4180 lines, plain values)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([text_of(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _tsv(table: Table) -> str:
    lines = ["\t".join(f"?{c}" for c in table.columns)]
    for row in table.rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        lines.append("\t".join(c.replace("\t", "\\t") for c in cells))
    return "\n".join(lines) + "\n"


def _boolean(answer: bool, fmt: str) -> str:
    if fmt == "json":
        return json.dumps({"head": {}, "boolean": answer}) + "\n"
    word = "true" if answer else "false"
    return (
        '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head/><boolean>{word}</boolean></sparql>\n"
    )


def _json(table: Table) -> str:
    bindings = [
        {
            column: _json_term(cell)
            for column, cell in zip(table.columns, row, strict=True)
            if cell is not None
        }
        for row in table.rows
    ]
    body = {"head": {"vars": table.columns}, "results": {"bindings": bindings}}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    results = {"type": "literal", "value": term.value}
    if term.language:
        results["xml:lang"] = term.language
    elif term.datatype.value != XSD + "string":
        results["datatype"] = term.datatype.value
    return results


def _xml(table: Table) -> str:
    head = "".join(f"<variable name={quoteattr(c)}/>" for c in table.columns)
    rows = []
    for row in table.rows:
        cells = "".join(
            f"<binding name={quoteattr(column)}>{_xml_term(cell)}</binding>"
            for column, cell in zip(table.columns, row, strict=True)
            if cell is not None
        )
        rows.append(f"<result>{cells}</result>")
    return (
        '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"\n<head>{head}</head>\n<results>\n"
        + "\n".join(rows)
        + "\n</results></sparql>\n"
    )


def _xml_term(term: Term) -> str:
    match = NOT_XML.search(term.value)
    if match:
        raise UsageError(
            f"The answer holds the character {code_point(match[0])}, which XML can't.",
            remedy="ask for --format json or csv.",
        )
    if isinstance(term, ox.NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    extra = ""
    if term.language:
        extra = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != XSD + "string":
        extra = f" datatype={quoteattr(term.datatype.value)}"
    # A reader of XML takes a carriage return for a line feed, unless it is written so.
    return f"<literal{extra}>{escape(term.value, {chr(13): '&#13;'})}</literal>"


def _cell(term: Term | None) -> str | int | float | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        try:
            number: int | float = int(term.value)
        except ValueError:
            number = float(term.value)
        if abs(number) < _LARGEST:
            return number
    return text_of(term)


def _table(table: Table, prefixes: Mapping[str, str]) -> str:
    cells = [
        [
            # A line for each row, which no value may break.
            one_line(
                shorten(text_of(c), prefixes)
                if isinstance(c, ox.NamedNode)
                else text_of(c)
            )
            for c in row
        ]
        for row in table.rows
    ]
    widths = [
        max([_width(column), *(_width(row[i]) for row in cells)])
        for i, column in enumerate(table.columns)
    ]
    lines = [
        _line(list(table.columns), widths),
        _line(["-" * w for w in widths], widths),
    ]
    lines += [_line(row, widths) for row in cells]
    count = len(cells)
    message = "\n".join(lines) + f"\n({count} {'row' if count == 1 else 'rows'})\n"
    return log_text(message)


def _line(cells: list[str], widths: list[int]) -> str:
    padded = (c + " " * (w - _width(c)) for c, w in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(c)
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )

"""The files of canned queries, read: a header in comments, a query, expected rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from glokal.core.characters import NOT_XML, code_point
from glokal.core.errors import Place, SourceError
from glokal.core.files.folder_walk import FoundFile
from glokal.core.languages import PAGE_LANGUAGES, ByLanguage
from glokal.core.namespaces import GLO, RDF
from glokal.core.settings import Project
from glokal.core.yaml_text import read_yaml
from glokal.dataset.answer_template import (
    AnswerTemplate,
    read_template,
    template_fields,
)
from glokal.dataset.canned_queries import (
    CannedQuery,
    ExpectedRows,
    Parameter,
    suggest,
)
from glokal.dataset.parameter_defaults import with_parameter_defaults
from glokal.dataset.query_words import worded
from glokal.dataset.values_line import find_values, with_name_languages
from glokal.rdf.project_files import folder_of
from glokal.rdf.source_files import SourceFile, read_text
from glokal.sparql.lexer import resolve_codepoints
from glokal.sparql.prepare import parse

# Languages that every query has its words in; in others it may have them.
NEEDED = ("nb", "en")
# The folder of the rows that a project's answers must have.
EXPECTED = "expected"
# The last column of rows that were read from the source says where; of those that were
# taken from an answer it says when.
SOURCE_COLUMN, SNAPSHOT_COLUMN = "source", "snapshot"
# What else a header may have: the kind of its values, and how it is written.
_HEADER: Mapping[str, tuple[type, str]] = {
    "questions": (int, "#+ questions: [1, 2]"),
    "theme": (str, "#+ theme: activities"),
    "first": (bool, "#+ first: true"),
    "params": (dict, "#+ params: and below it #+   name: {type: …, nb: …, en: …}"),
    "service": (str, "#+ service: https://…"),
    "silence": (str, "#+ silence: rows"),
    "several": (bool, "#+ several: true"),
}


def load_queries(
    project: Project, files: Iterable[SourceFile]
) -> tuple[CannedQuery, ...]:
    """Read every canned query of a project, in the order of their names.

    The defaults of their parameters are those of the project, or taken from its files.
    What asks about several municipalities is left out of a plan of one, or of none.
    Raises SourceError for a file that is wrong, ConfigError for a setting that names
    no question, parameter or thing.
    """
    folder = folder_of(project, "queries")
    rows = folder_of(project, EXPECTED).of(".csv")
    read = (
        load_query(file.path, file.path.stem, rows, space=project.things)
        for file in folder.of(".rq")
    )
    files = tuple(files)
    several = _has_several_municipalities(files)
    queries = (
        worded(_named(query, project), project.translations)
        for query in read
        if several or not query.several
    )
    return with_parameter_defaults(project, tuple(queries), files)


def _named(query: CannedQuery, project: Project) -> CannedQuery:
    return replace(query, text=with_name_languages(query.text, project.languages))


def _has_several_municipalities(files: Iterable[SourceFile]) -> bool:
    municipality = ox.NamedNode(GLO + "Municipality")
    found = {
        t.subject
        for file in files
        for t in file.triples
        if t.object == municipality and t.predicate.value == RDF + "type"
    }
    return len(found) > 1


def load_query(
    path: Path, slug: str, rows: Iterable[FoundFile] = (), *, space: str = ""
) -> CannedQuery:
    """Read one canned query; SourceError when its header is wrong.

    `rows` are the files of expected rows of all queries, `space` the namespace of the
    project's things.
    """
    name = f"queries/{slug}.rq"
    text = read_text(path, name)
    head = "\n".join(
        line[2:].removeprefix(" ") for line in text.splitlines() if line[:2] == "#+"
    )
    try:
        header = read_yaml(head) or {}
        _refuse_characters(text, header, name)
    except RecursionError as error:
        raise SourceError(
            "The header is nested too deeply.",
            remedy="write it plainer.",
            place=Place(name, 1),
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SourceError(
            f"The header is not YAML: {getattr(error, 'problem', error)}.",
            remedy="fix the lines that begin with #+.",
            place=Place(name, mark.line + 1 if mark else 1),
        ) from error
    summary = header.get("summary") if isinstance(header, dict) else None
    if not isinstance(summary, dict) or not set(NEEDED) <= set(summary):
        raise SourceError(
            "The header has no summary in nb and en.",
            remedy="begin the file with #+ summary: and the question in both.",
            place=Place(name, 1),
        )
    for key, (kind, form) in _HEADER.items():
        if key in header and not _is_all(header[key], kind):
            raise SourceError(
                f"The header has {key} in another form than it should.",
                remedy=f"write it as {form}, or leave it out.",
                place=Place(name, 1),
            )
    parameters = tuple(
        _parameter(key, value, text, name, space)
        for key, value in header.get("params", {}).items()
    )
    return CannedQuery(
        slug=slug,
        path=path,
        summary=ByLanguage(summary),
        asked=_asked(header, parameters, name),
        theme=header.get("theme", ""),
        first=header.get("first", False),
        questions=tuple(header.get("questions", ())),
        parameters=parameters,
        text=text,
        service=str(header.get("service", "")),
        chart=str(header.get("chart", "")),
        answer=_answer(header, parameters, text, name),
        silence=str(header.get("silence", "")),
        several=header.get("several", False),
        expected=tuple(_expected(slug, rows)),
    )


def _is_all(value: Any, kind: type) -> bool:
    """Whether a value of the header is a text, a list of numbers, a map of maps."""
    match value:
        case bool():
            return kind is bool
        case list():
            return kind is int and all(type(item) is int for item in value)
        case dict():
            return kind is dict and all(isinstance(v, dict) for v in value.values())
        case _:
            return kind is str and isinstance(value, str)


def _parameter(
    key: str, value: Mapping[str, Any], text: str, name: str, space: str
) -> Parameter:
    result = find_values(text, key, name)
    default = result[2] if result else "none"
    if default and not (default.startswith("<") and default.endswith(">")):
        raise SourceError(
            f"The parameter {key} has no line VALUES ?{key} {{ UNDEF }}.",
            remedy="give it one; or write an IRI for UNDEF, as a default of its own.",
            place=Place(name, 1),
        )
    labels = ByLanguage(
        {lang: str(value[lang]) for lang in PAGE_LANGUAGES if lang in value}
    )
    kind = str(value.get("type", key))
    return Parameter(key, kind, default[1:-1], labels, f"{space}{kind}/")


def _asked(
    header: Mapping[str, Any], parameters: Iterable[Parameter], name: str
) -> Mapping[str, str]:
    """Return the question with fields for what is chosen; SourceError for others."""
    names = {p.name for p in parameters}
    asked = header.get("asked", {})
    try:
        fields = {field for text in asked.values() for field in template_fields(text)}
    except (AttributeError, TypeError, ValueError):
        fields = {"another form"}
    if not fields <= names:
        raise SourceError(
            f"The header's asked has {', '.join(sorted(fields - names))}, which is no "
            "parameter.",
            remedy="write the question in each language, with parameters in braces, as "
            f"{{{min(names, default='name')}}}.",
            place=Place(name, 1),
        )
    return dict(asked)


def _answer(
    header: Mapping[str, Any], parameters: Iterable[Parameter], text: str, name: str
) -> AnswerTemplate | None:
    """Return the template of the answer; SourceError when it names no column."""
    if "answer" not in header:
        return None
    template = read_template(header["answer"], NEEDED, name)
    columns = {v.name for v, _ in parse(text, name).query.select.projection or ()}
    unknown = template.columns() - columns or template.fields() - columns.union(
        p.name for p in parameters
    )
    if unknown:
        raise SourceError(
            f"The header's answer names {', '.join(sorted(unknown))}, which is neither "
            "a column of the query nor a parameter.",
            remedy=suggest(min(unknown), columns),
            place=Place(name, 1),
        )
    return template


def _refuse_characters(text: str, header: object, name: str) -> None:
    """Refuse what no page or answer could show, in the query or in its words."""
    written = text, _resolved(text), *_texts(header)
    for result in filter(None, map(NOT_XML.search, written)):
        line = result.string.count("\n", 0, result.start()) + 1
        raise SourceError(
            f"The query holds the character {code_point(result[0])}, which no page or "
            "answer can show.",
            remedy="take it out.",
            place=Place(name, line if len(result.string) >= len(text) else 1),
        )


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts([*value, *value.values()])
        case list():
            for item in value:
                yield from _texts(item)


def _expected(slug: str, rows: Iterable[FoundFile]) -> Iterator[ExpectedRows]:
    for file in rows:
        if not file.path.name.startswith(f"{slug}."):
            continue
        choice = file.path.name.removeprefix(slug).removesuffix(".csv").strip(".")
        values = dict(part.split("=", 1) for part in choice.split(",") if "=" in part)
        text = read_text(file.path, file.name)
        try:
            lines = list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error as error:
            raise SourceError(
                f"The rows are no CSV: {error}.",
                remedy="fix the file, or make it anew.",
                place=Place(file.name),
            ) from error
        header, *body = lines or [[]]
        snapshot = bool(header) and header[-1] == SNAPSHOT_COLUMN
        yield ExpectedRows(
            file.name, values, tuple(header), tuple(map(tuple, body)), snapshot
        )


def _resolved(text: str) -> str:
    try:
        return resolve_codepoints(text)[0]
    except ValueError:
        # The reader of queries says where the escape is.
        return text

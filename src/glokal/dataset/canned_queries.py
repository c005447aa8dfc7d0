"""Canned queries: a `.rq` file with a header, parameters and expected rows.

The header is YAML behind `#+ ` (the grlc convention, https://github.com/CLARIAH/grlc).
A parameter is one line `VALUES ?name { default }`, so that the file runs as it stands
in any SPARQL 1.1 tool; a value given for it replaces the default as an RDF term.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from glokal.core.characters import NOT_XML, code_point
from glokal.core.errors import Place, SourceError, UsageError
from glokal.core.files.folder_walk import FoundFile
from glokal.core.settings import Project
from glokal.dataset.answer_sentence import AnswerTemplate, read_template
from glokal.rdf.project_files import folder_of
from glokal.rdf.source_files import read_text
from glokal.sparql.lexer import resolve_codepoints
from glokal.sparql.prepare import parse
from glokal.sparql.printer import term
from glokal.sparql.tree import InlineData
from glokal.sparql.walk import selects_and_elements

LANGUAGE = "lang"
LABEL_LANGUAGES = ("nb", "nn", "en")
# What else a header may have: the kind of its values, and how it is written.
_HEADER: Mapping[str, tuple[type, str]] = {
    "questions": (int, "#+ questions: [1, 2]"),
    "params": (dict, "#+ params: and below it #+   name: {type: …, nb: …, en: …}"),
    "service": (str, "#+ service: https://…"),
    "silence": (str, "#+ silence: rows"),
}


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, the type of thing it takes, its default, its labels."""

    name: str
    kind: str
    default: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class ExpectedRows:
    """A file of expected rows for one choice of parameters."""

    name: str
    values: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CannedQuery:
    """A query with a name: its question in words, its parameters and its text.

    `service` is the other endpoint that it asks, "" when it asks none; `chart` the
    column of numbers that a picture says more of than the table, "" for none; `answer`
    the template of its answer in a sentence; `silence`
    is `rows` when each row is something that the source doesn't state, `cells` when
    the rows are that have a word for it in the place of a thing.
    """

    slug: str
    path: Path
    summary: Mapping[str, str]
    questions: tuple[int, ...]
    parameters: tuple[Parameter, ...]
    text: str
    service: str
    chart: str
    answer: AnswerTemplate | None
    silence: str
    expected: tuple[ExpectedRows, ...]

    @property
    def name(self) -> str:
        """The name of the file, as messages give it."""
        return f"queries/{self.slug}.rq"

    def bind(self, values: Mapping[str, str], *, project: Project, lang: str) -> str:
        """Return the text with values for its parameters, given as slugs or IRIs.

        Raises UsageError when a parameter is unknown or a value can't be an IRI.
        """
        known = {p.name: p for p in self.parameters}
        for name in values:
            if name not in known:
                raise UsageError(
                    f"The query {self.slug} has no parameter {name!r}.",
                    remedy=suggest(name, known) if known else "leave it out.",
                )
        text = self.text
        for name, value in values.items():
            iri = _as_iri(value, known[name], project)
            text = fill_parameter(text, name, str(ox.NamedNode(iri)))
        if _values_of(self.text, LANGUAGE):
            text = fill_parameter(text, LANGUAGE, str(ox.Literal(lang)))
        return text

    def terms(self, values: Mapping[str, str], project: Project) -> dict[str, str]:
        """Return the RDF terms that values stand for, in N-Triples syntax."""
        known = {p.name: p for p in self.parameters}
        return {
            name: str(ox.NamedNode(_as_iri(value, known[name], project)))
            for name, value in values.items()
        }

    def suggest_value(self, name: str, value: str, known: Iterable[str]) -> str:
        """Return a remedy that names the closest values a parameter could take."""
        default = next(p.default for p in self.parameters if p.name == name)
        start = "<" + default.rpartition("/")[0] + "/"
        slugs = [k[len(start) : -1] for k in known if k.startswith(start)]
        return suggest(value.rpartition("/")[2], slugs)


def load_queries(project: Project) -> tuple[CannedQuery, ...]:
    """Read every canned query of a project, in the order of their names."""
    folder = folder_of(project, "queries")
    rows = folder.of(".csv")
    return tuple(
        load_query(file.path, file.path.stem, rows) for file in folder.of(".rq")
    )


def find_query(queries: Iterable[CannedQuery], slug: str) -> CannedQuery:
    """Return the query of that name; UsageError with the closest names if none is."""
    named = {query.slug: query for query in queries}
    if slug not in named:
        raise UsageError(
            f"There is no canned query {slug!r}.", remedy=suggest(slug, named)
        )
    return named[slug]


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the known words closest to one that isn't known."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return f"choose one of {', '.join(close or names)}."


def _as_iri(value: str, parameter: Parameter, project: Project) -> str:
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        return value
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        slug = _slug_as_iri(value) or parameter.default.rsplit("/", 1)[-1]
        raise UsageError(
            f"The value {value!r} of {parameter.name} is neither a slug nor an IRI.",
            remedy=f"write it like {slug}, or as a whole IRI.",
        )
    return parameter.default.rpartition("/")[0] + "/" + value


def _slug_as_iri(name: str) -> str:
    """Return a name as a slug is written (docs/style.md), "" when it can't be one."""
    plain = name.casefold().translate(str.maketrans("øåäö ", "oaao-"))
    slug = plain.replace("æ", "ae")
    return slug if re.fullmatch(r"[a-z0-9-]+", slug) else ""


def _values_of(
    text: str, name: str, query: str = "query"
) -> tuple[int, int, str] | None:
    """Return where `VALUES ?name { term }` stands in a query, and its term.

    None when there is none, or more than one value. Raises SourceError.
    """
    result = parse(text, query)
    for part in selects_and_elements(result.query.select):
        match part:
            case InlineData(variables=[only], rows=[[value]]) if only.name == name:
                start, end = map(result.places.offset, (part.start, part.end))
                return start, end, term(value) if value is not None else ""
    return None


def fill_parameter(text: str, name: str, value: str) -> str:
    """Return a query with other RDF terms on the VALUES line of a parameter.

    `value` is in N-Triples syntax. Raises UsageError when there is no such line.
    """
    result = _values_of(text, name)
    if result is None:
        raise UsageError(f"The parameter {name} has no VALUES line.")
    start, end, _ = result
    return f"{text[:start]}VALUES ?{name} {{ {value} }}{text[end:]}"


def load_query(path: Path, slug: str, rows: Iterable[FoundFile] = ()) -> CannedQuery:
    """Read one canned query; SourceError when its header is wrong.

    `rows` are the files of expected rows of all queries.
    """
    name = f"queries/{slug}.rq"
    text = read_text(path, name)
    head = "\n".join(
        line[2:].removeprefix(" ") for line in text.splitlines() if line[:2] == "#+"
    )
    try:
        header = yaml.safe_load(head) or {}
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
    if not isinstance(summary, dict) or not {"nb", "en"} <= set(summary):
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
        _parameter(key, value, text, name)
        for key, value in header.get("params", {}).items()
    )
    return CannedQuery(
        slug=slug,
        path=path,
        summary=summary,
        questions=tuple(header.get("questions", ())),
        parameters=parameters,
        text=text,
        service=str(header.get("service", "")),
        chart=str(header.get("chart", "")),
        answer=_answer(header, parameters, text, name),
        silence=str(header.get("silence", "")),
        expected=tuple(_expected(slug, rows)),
    )


def _is_all(value: Any, kind: type) -> bool:
    """Whether a value of the header is a text, a list of numbers, a map of maps."""
    match value:
        case list():
            return kind is int and all(type(item) is int for item in value)
        case dict():
            return kind is dict and all(isinstance(v, dict) for v in value.values())
        case _:
            return kind is str and isinstance(value, str)


def _parameter(key: str, value: Mapping[str, Any], text: str, name: str) -> Parameter:
    result = _values_of(text, key, name)
    default = result[2] if result else ""
    if not default.startswith("<") or not default.endswith(">"):
        raise SourceError(
            f"The parameter {key} has no line VALUES ?{key} {{ <IRI> }}.",
            remedy="give it one, with a default that works.",
            place=Place(name, 1),
        )
    labels = {lang: str(value[lang]) for lang in ("nb", "en") if lang in value}
    return Parameter(key, str(value.get("type", key)), default[1:-1], labels)


def _answer(
    header: Mapping[str, Any], parameters: Iterable[Parameter], text: str, name: str
) -> AnswerTemplate | None:
    """Return the template of the answer; SourceError when it names no column."""
    if "answer" not in header:
        return None
    template = read_template(header["answer"], header["summary"], name)
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
        yield ExpectedRows(file.name, values, tuple(header), tuple(map(tuple, body)))


def _resolved(text: str) -> str:
    try:
        return resolve_codepoints(text)[0]
    except ValueError:
        # The reader of queries says where the escape is.
        return text

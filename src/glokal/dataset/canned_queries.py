"""Canned queries: a `.rq` file with a header, parameters and expected rows.

The header is YAML behind `#+ ` (the grlc convention, https://github.com/CLARIAH/grlc).
A parameter is one line `VALUES ?name { UNDEF }`, so that the file runs as it stands in
any SPARQL 1.1 tool, for all values; a project puts its default in the place
(`parameter_defaults`), and a value that is given replaces it as an RDF term.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.languages import ByLanguage
from glokal.core.settings import Project
from glokal.dataset.answer_template import AnswerTemplate
from glokal.dataset.values_line import fill_parameters, find_values

LANGUAGE = "lang"
LABEL_LANGUAGES = ("nb", "nn", "en")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, the type of thing it takes, its default, its labels.

    `default` is "" where the data have no thing of that type to ask about; `space` is
    then what the IRIs of such things would begin with.
    """

    name: str
    kind: str
    default: str
    label: Mapping[str, str]
    space: str = ""

    @property
    def start(self) -> str:
        """What the IRIs that the parameter takes begin with."""
        return namespace_of(self.default) if self.default else self.space

    @property
    def slug(self) -> str:
        """The slug of the default, "" without one."""
        return self.default.removeprefix(self.start)


@dataclass(frozen=True)
class ExpectedRows:
    """A file of expected rows for one choice of parameters.

    `snapshot` is whether they were taken from an answer (`glokal query --accept`), and
    not read from the source: they show what changes, and prove nothing.
    """

    name: str
    values: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    snapshot: bool = False


@dataclass(frozen=True)
class CannedQuery:
    """A query with a name: its question in words, its parameters and its text.

    `asked` is the question with the names of what was chosen in it, in the languages
    that have it so; `theme` what it is listed under on the pages, `first` whether it
    stands first there, and on the start page. `service` is the other endpoint that it
    asks, "" when it asks none; `chart` the column of numbers that a picture says more
    of than the table, "" for none; `answer` the template of its answer in a sentence;
    `silence` is `rows` when each row is something that the source doesn't state,
    `cells` when the rows are that have a word for it in the place of a thing. One that
    asks what `several` municipalities have is of no use to one alone.
    """

    slug: str
    path: Path
    summary: Mapping[str, str]
    asked: Mapping[str, str]
    theme: str
    first: bool
    questions: tuple[int, ...]
    parameters: tuple[Parameter, ...]
    text: str
    service: str
    chart: str
    answer: AnswerTemplate | None
    silence: str
    expected: tuple[ExpectedRows, ...]
    several: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the data have something that the question can be asked about."""
        return all(p.default for p in self.parameters)

    def question(self, chosen: Mapping[str, str], lang: str) -> str:
        """Return the question about what was chosen, as a sentence.

        `chosen` has the name of each parameter's value. The sentence is in the language
        of the summary; "" where that has none, or nothing was there to choose.
        """
        text = self.asked.get(ByLanguage(self.summary).language(lang), "")
        return text.format_map(chosen) if all(chosen.values()) else ""

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
                    name="unknown.parameter" if known else "unknown.any_parameter",
                    values={
                        "query": self.slug,
                        "word": name,
                        "near": closest(name, known),
                    },
                )
        # Where there is nothing to ask about, the text has no values already.
        terms = self.terms(values, project)
        if not find_values(self.text, LANGUAGE):
            return fill_parameters(self.text, terms)
        terms[LANGUAGE] = str(ox.Literal(lang))
        return fill_parameters(self.text, terms, lang)

    def terms(self, values: Mapping[str, str], project: Project) -> dict[str, str]:
        """Return the RDF terms that values stand for, in N-Triples syntax."""
        known = {p.name: p for p in self.parameters}
        return {
            name: str(ox.NamedNode(_as_iri(value, known[name], project)))
            for name, value in values.items()
            if value or known[name].default
        }

    def closest_values(self, name: str, value: str, known: Iterable[str]) -> str:
        """Return the closest values that a parameter could take, "" without any."""
        start = "<" + next(p.start for p in self.parameters if p.name == name)
        slugs = [k[len(start) : -1] for k in known if k.startswith(start)]
        return closest(value.rpartition("/")[2], slugs)


def find_query(queries: Iterable[CannedQuery], slug: str) -> CannedQuery:
    """Return the query of that name; UsageError with the closest names if none is."""
    named = {query.slug: query for query in queries}
    if slug not in named:
        raise UsageError(
            f"There is no canned query {slug!r}.",
            remedy=suggest(slug, named),
            name="unknown.query",
            values={"word": slug, "near": closest(slug, named)},
        )
    return named[slug]


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the known words closest to one that isn't known."""
    return f"choose one of {closest(word, known)}."


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known words closest to one that isn't known, all where none is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return ", ".join(close or names)


def namespace_of(iri: str) -> str:
    """Return an IRI up to the last slash or number sign in it, that included."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _as_iri(value: str, parameter: Parameter, project: Project) -> str:
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        return value
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        slug = _slug_as_iri(value) or parameter.slug or "a-slug"
        raise UsageError(
            f"The value {value!r} of {parameter.name} is neither a slug nor an IRI.",
            remedy=f"write it like {slug}, or as a whole IRI.",
            name="unknown.slug",
            values={"word": value, "parameter": parameter.name, "slug": slug},
        )
    return parameter.start + value


def _slug_as_iri(name: str) -> str:
    """Return a name as a slug is written (docs/style.md), "" when it can't be one."""
    plain = name.casefold().translate(str.maketrans("øåäö ", "oaao-"))
    slug = plain.replace("æ", "ae")
    return slug if re.fullmatch(r"[a-z0-9-]+", slug) else ""

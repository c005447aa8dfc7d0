"""What a canned query is asked about when nobody says it: taken from the data.

A shared question names no thing of any region. Its parameters take a default from the
project's settings (`[questions]`), else the thing of their kind that the data say most
of, so that the first answer that a reader sees is one with something in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from glokal.core.errors import ConfigError, Place
from glokal.core.namespaces import GLO, RDF
from glokal.core.settings import SETTINGS, Project
from glokal.dataset.canned_queries import (
    CannedQuery,
    Parameter,
    namespace_of,
    suggest,
)
from glokal.dataset.values_line import fill_parameter
from glokal.rdf.project_files import CODE_LISTS
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.rdf.terms import text_of


def with_parameter_defaults(
    project: Project, queries: tuple[CannedQuery, ...], files: tuple[SourceFile, ...]
) -> tuple[CannedQuery, ...]:
    """Return the queries with a default for each parameter, and in their texts.

    Where the data have nothing of a parameter's kind, its default is "" and its line in
    the text has no value: the answer is empty. Raises ConfigError for a setting that
    names no question, no parameter of it, or nothing that is in the data.
    """
    _refuse_unknown(project, queries)
    values = ParameterValues(project, files)
    return tuple(
        _filled(query, project.questions.get(query.slug, {}), values)
        for query in queries
    )


class ParameterValues:
    """What the parameters of a project can take, by kind: things, or codes in use."""

    def __init__(self, project: Project, files: Iterable[SourceFile]) -> None:
        lists = (ONTOLOGY, CODE_LISTS)
        self._things = project.things
        self._subjects: set[str] = set()
        self._said: Counter[str] = Counter()
        self._of_class: dict[str, set[str]] = {}
        governing: list[tuple[str, str]] = []
        # A large file is gone through once.
        for file in files:
            told = file.kind not in lists and file.in_default_graph
            for t in file.triples:
                subject, value = text_of(t.subject), text_of(t.object)
                if t.predicate.value == RDF + "type":
                    self._of_class.setdefault(value, set()).add(subject)
                if not told:
                    continue
                self._subjects.add(subject)
                for term, iri in ((t.subject, subject), (t.object, value)):
                    if isinstance(term, ox.NamedNode):
                        self._said[iri] += 1
                if t.predicate.value == GLO + "governs":
                    governing.append((value, subject))
        # What a municipality takes part in is said of who governs it.
        numbers = [(governed, self._said[subject]) for governed, subject in governing]
        for governed, number in numbers:
            self._said[governed] += number

    def of(self, kind: str) -> list[str]:
        """Return the IRIs of a kind, what most is said of first, then by IRI.

        A kind is a part of the IRIs of things, `organisation`, or the class of a code,
        `subject-area`. A code is one only when something in the data has it.
        """
        start = f"{self._things}{kind}/"
        things = {iri for iri in self._subjects if namespace_of(iri) == start}
        return sorted(things or self._codes(kind), key=lambda i: (-self._said[i], i))

    def _codes(self, kind: str) -> set[str]:
        name = "".join(part.capitalize() for part in kind.split("-"))
        codes = self._of_class.get(GLO + name, set())
        return {iri for iri in codes if self._said[iri]}


def _filled(
    query: CannedQuery, chosen: Mapping[str, str], values: ParameterValues
) -> CannedQuery:
    text, parameters = query.text, list[Parameter]()
    for parameter in query.parameters:
        default = parameter.default
        if parameter.name in chosen or not default:
            taken = {p.default for p in parameters}
            known = values.of(parameter.kind)
            default = _default(query, parameter, chosen, known, taken)
            term = str(ox.NamedNode(default)) if default else ""
            text = fill_parameter(text, parameter.name, term)
        parameters.append(replace(parameter, default=default))
    return replace(query, text=text, parameters=tuple(parameters))


def _default(
    query: CannedQuery,
    parameter: Parameter,
    chosen: Mapping[str, str],
    known: list[str],
    taken: set[str],
) -> str:
    written = chosen.get(parameter.name)
    if written is None:
        # Two parameters of a kind are asked about two things, where there are two.
        return next((i for i in known if i not in taken), known[0] if known else "")
    for iri in known:
        if written in (iri, iri.removeprefix(namespace_of(iri))):
            return iri
    slugs = [iri.removeprefix(namespace_of(iri)) for iri in known]
    raise _wrong(
        f"questions.{query.slug}.{parameter.name} is {written!r}, and the data have no "
        f"such {parameter.kind}",
        suggest(written, slugs) if slugs else "take it away.",
    )


def _refuse_unknown(project: Project, queries: tuple[CannedQuery, ...]) -> None:
    for what, remedy in _unknown(project.questions, queries):
        raise _wrong(what, remedy)


def _unknown(
    settings: Mapping[str, Mapping[str, str]], queries: tuple[CannedQuery, ...]
) -> Iterator[tuple[str, str]]:
    named = {query.slug: query for query in queries}
    for slug, values in settings.items():
        if slug not in named:
            yield f"questions.{slug} is of no question", suggest(slug, named)
            continue
        known = [p.name for p in named[slug].parameters]
        for name in set(values) - set(known):
            remedy = suggest(name, known) if known else "take it away."
            yield f"questions.{slug}.{name} is of no parameter", remedy


def _wrong(what: str, remedy: str) -> ConfigError:
    return ConfigError(f"The setting {what}.", remedy=remedy, place=Place(SETTINGS))

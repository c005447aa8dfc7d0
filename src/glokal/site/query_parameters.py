"""The values that a question can be asked about: each has a page of its own.

So a static host answers every choice, without a script and without a server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from glokal.core.collation import sort_key
from glokal.dataset.canned_queries import CannedQuery, Parameter
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

# A question with more choices than this is answered for one changed parameter at a
# time, and a parameter with more values for its default only: what a page leads to, and
# how many pages there are, stays within bounds. The pages of the things say the rest.
MOST = 300

Choice = Mapping[str, str]


@dataclass(frozen=True)
class ParameterPicker:
    """A parameter on a page: its word, the value chosen, the way to the others."""

    name: str
    label: str
    chosen: Value
    options: tuple[tuple[Value, bool], ...]


class ParameterChoices:
    """Every choice of values for the questions, and where its answer stands."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._starting = cache(self._found)

    def of(self, query: CannedQuery) -> Iterator[Choice]:
        """Yield the choices of a question, its defaults first."""
        default = {p.name: p.default for p in query.parameters}
        yield default
        if query.service:
            return
        values = [self._values(p) for p in query.parameters]
        size = 1
        for result in values:
            size *= len(result)
        if size <= MOST:
            names = [p.name for p in query.parameters]
            results = (dict(zip(names, v, strict=True)) for v in product(*values))
        else:
            results = (
                {**default, p.name: value}
                for p, result in zip(query.parameters, values, strict=True)
                for value in result
            )
        # What is asked of two things isn't asked of one and itself.
        two = len({p.kind for p in query.parameters}) < len(query.parameters)
        yield from (
            c
            for c in results
            if c != default and not (two and len(set(c.values())) < len(c))
        )

    def pickers(
        self, query: CannedQuery, choice: Choice, lang: str
    ) -> tuple[ParameterPicker, ...]:
        """Return the parameters of a question with links to its other choices."""
        if query.service:
            return tuple(
                ParameterPicker(
                    p.name, self._word(p, lang), self._view.link(p.default, lang), ()
                )
                for p in query.parameters
            )
        results = {tuple(c.values()) for c in self.of(query)}
        return tuple(
            self._picker(query, choice, p, results, lang) for p in query.parameters
        )

    def _picker(
        self,
        query: CannedQuery,
        choice: Choice,
        parameter: Parameter,
        results: set[tuple[str, ...]],
        lang: str,
    ) -> ParameterPicker:
        default = {p.name: p.default for p in query.parameters}
        options = []
        for value in self._values(parameter):
            other: Choice = {**choice, parameter.name: value}
            if tuple(other.values()) not in results:
                # The other of two: they change places.
                other = _changed_places(choice, parameter.name, value)
            if tuple(other.values()) not in results:
                other = {**default, parameter.name: value}
            link = self._view.link(value, lang)
            there = Value(link.text, link.lang, answer_path(query, other))
            options.append((there, value == choice[parameter.name]))
        options.sort(key=lambda o: sort_key(o[0].text, lang))
        chosen = self._view.link(choice[parameter.name], lang)
        word = self._word(parameter, lang)
        return ParameterPicker(parameter.name, word, chosen, tuple(options))

    def _values(self, parameter: Parameter) -> tuple[str, ...]:
        result = self._starting(parameter.start)
        return result if len(result) <= MOST else (parameter.default,)

    def _found(self, start: str) -> tuple[str, ...]:
        return tuple(iri for iri in self._view.things() if iri.startswith(start))

    @staticmethod
    def _word(parameter: Parameter, lang: str) -> str:
        return parameter.label.get(lang, parameter.name)


def _changed_places(choice: Choice, name: str, value: str) -> Choice:
    """Return a choice with another value, whose place the one before it takes."""
    before = choice[name]
    return {
        key: value if key == name else before if there == value else there
        for key, there in choice.items()
    }


def answer_path(query: CannedQuery, choice: Choice) -> str:
    """Return where the answer to a choice stands, below the language's root."""
    slugs = [choice[p.name].rpartition("/")[2] for p in query.parameters]
    default = all(choice[p.name] == p.default for p in query.parameters)
    chosen = "" if default else "/".join(slugs) + "/"
    return f"query/{query.slug}/{chosen}"

"""Taking triples out of a service: by predicate, in pages, counted before and after.

A service may give fewer rows than asked (many stop at 10,000), name blank nodes anew
in each answer, or merge named graphs and so repeat a triple. Each is noticed: what is
taken is what the service itself counts, or an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

import pyoxigraph as ox

from glokal.core.errors import InputError
from glokal.rdf.terms import text_of
from glokal.sparql.store_interface import Answer, Graph, Table
from glokal.store.query_templates import render_query

PAGE = 10_000
Progress = Callable[[str], None]


class GraphSource(Protocol):
    """A service that gives parts of answers, as it comes by them."""

    def part(self, text: str, *, name: str) -> Answer:
        """Return an answer that may be cut, which the caller counts."""
        ...

    def select(self, text: str, *, name: str = "query") -> Table:
        """Return the whole answer to a SELECT."""
        ...


def fetch_triples(
    store: GraphSource,
    predicates: Collection[str] | None,
    *,
    name: str,
    progress: Progress = lambda _step: None,
    page: int = PAGE,
) -> Iterator[ox.Triple]:
    """Yield the triples with these predicates (None: all) of the default graph.

    `name` is the service's, for messages. Raises what the store raises, and InputError
    when the pages don't add up to what the service counts.
    """
    counts = _counts(store, predicates)
    _refuse_unstable_names(store, name)
    done, total = 0, sum(counts.values())
    for predicate, count in sorted(counts.items()):
        progress(f"{done} of {total} triples")
        for triple in _pages(store, predicate, count, name, page):
            done += 1
            yield triple


def labels(
    store: GraphSource, subjects: Collection[str], predicates: Collection[str]
) -> list[ox.Triple]:
    """Return the triples of the subjects with these predicates."""
    triples: list[ox.Triple] = []
    listed = sorted(subjects)
    for start in range(0, len(listed), 200):
        text = render_query(
            "labels",
            subjects=_iris(listed[start : start + 200]),
            predicates=_iris(predicates),
        )
        triples += _graph(store, text)
    return triples


def _counts(store: GraphSource, predicates: Collection[str] | None) -> dict[str, int]:
    only = f"VALUES ?p {{ {_iris(predicates)} }}" if predicates is not None else ""
    table = store.select(render_query("count", only=only), name="count")
    return {text_of(p): int(text_of(n)) for p, n in table.rows if text_of(n) != "0"}


def _pages(
    store: GraphSource, predicate: str, count: int, name: str, page: int
) -> Iterator[ox.Triple]:
    seen: set[int] = set()
    kind = "page"
    offset = 0
    while offset < count:
        request = min(page, count - offset)
        text = render_query(
            kind, predicate=predicate, limit=str(page), offset=str(offset)
        )
        result = _graph(store, text)
        keys = {hash(triple) for triple in result}
        if kind == "page" and (len(keys) != request or keys & seen):
            # Either the service gives less than asked, or it merges graphs and a triple
            # comes twice: once in the answer (Virtuoso), or each time (RDF4J).
            text = render_query("count-distinct", predicate=predicate)
            count = int(text_of(store.select(text, name="count").rows[0][0]))
            kind, offset = "page-distinct", 0
            continue
        if not result:
            break
        offset += len(result)
        for triple in result:
            key = hash(triple)
            if key not in seen:
                seen.add(key)
                yield triple
    if len(seen) != count:
        raise InputError(
            f"{name} counts {count} triples with <{predicate}> and gave {len(seen)}.",
            remedy="see that nobody writes to it now, and try again.",
        )


def _refuse_unstable_names(store: GraphSource, name: str) -> None:
    # One name for two nodes, or two for one: both tell of a count that starts anew.
    first, again, other = (_blank(store, offset) for offset in (0, 0, 1))
    if first != again or (first and first == other):
        raise InputError(
            f"{name} gives its blank nodes a new name in each answer, so they can't be "
            "taken in pages.",
            remedy="ask its operator for a dump, and validate that with --data.",
        )


def _blank(store: GraphSource, offset: int) -> set[str]:
    text = render_query("blank-nodes", offset=str(offset))
    return {text_of(triple.subject) for triple in _graph(store, text)}


def _graph(store: GraphSource, text: str) -> tuple[ox.Triple, ...]:
    answer = store.part(text, name="page")
    return answer.triples if isinstance(answer, Graph) else ()


def _iris(iris: Collection[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in sorted(iris))

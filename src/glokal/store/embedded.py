"""The embedded room: pyoxigraph in this process, one named graph a file.

pyoxigraph rewrites literals in its store ("007"^^xsd:integer becomes 7), so nothing
that is published as data is read back from here: dumps come from the parsed sources.
Queries are read and answered without network, whatever is in them.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace

import pyoxigraph as ox

from glokal.core.errors import SourceError, UsageError
from glokal.core.sandbox import run_sandboxed
from glokal.rdf.scratch_store import ScratchStore
from glokal.sparql.errors import NotTakenError
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import Allowed, command_error, read
from glokal.sparql.store_interface import Answer, Table, to_answer
from glokal.store.embedded_quirks import RewrittenLiterals, ask_engine
from glokal.store.from_environment import service_asker

# Quads that a project has in memory: about 330 MB.
IN_MEMORY = 1_000_000
Graphs = Iterable[tuple[str, Iterable[ox.Triple], bool]]


class EmbeddedStore:
    """All graphs of a project, with the default graph of the design.

    They are in memory, and those of a large project in a temporary folder.
    """

    def __init__(self, graphs: Graphs, views: Mapping[str, str] | None = None) -> None:
        """Fill it; a graph without a name is in the default graph only.

        `views` are the graphs that FROM may name besides, each with the graph of the
        store that holds it, "" for the default graph.
        """
        folders = ExitStack()
        weakref.finalize(self, folders.close)
        graphs = list(graphs)
        # What memory was filled with first, its owner doesn't get back.
        self._store = ScratchStore(folders, 0 if _is_large(graphs) else IN_MEMORY)
        literals, named = RewrittenLiterals(), []

        def quads() -> Iterator[ox.Quad]:
            for iri, triples, in_default in graphs:
                # Named graphs given as the default graph would repeat a triple that
                # stands in two of them, so the merge is kept as a graph of its own.
                names: list[ox.NamedNode | ox.DefaultGraph] = []
                if iri:
                    names.append(ox.NamedNode(iri))
                    named.append(iri)
                if in_default:
                    names.append(ox.DefaultGraph())
                for t in triples:
                    literals.look_at(t)
                    for name in names:
                        yield ox.Quad(t.subject, t.predicate, t.object, name)

        self._store.extend(quads())
        self._data = replace(literals.engine_data(named), views=views or {})

    def query(
        self,
        text: str,
        *,
        name: str = "query",
        services: Collection[str] = (),
        any_spelling: bool = False,
    ) -> Answer:
        """Answer a query; SourceError with its place in `name` when it is wrong.

        SERVICE is refused but for the endpoints in `services`, which are asked first;
        ToolError when one of them does not answer.
        """
        result = run_sandboxed(lambda: read(text, name, self._allowed(services)))
        # What SERVICE asks for is fetched out here.
        query = with_services_answered(result.query, service_asker(services))

        def answer() -> Answer:
            data, store = self._data, self._store.engine
            return to_answer(ask_engine(store, data, query, any_spelling=any_spelling))

        try:
            return run_sandboxed(answer)
        except NotTakenError as error:
            raise command_error(error, result, name) from error
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise SourceError(
                f"The engine can't answer {name}: {error}.", remedy="fix the query."
            ) from error

    def _allowed(self, services: Collection[str]) -> Allowed:
        graphs = frozenset((*self._data.graphs, *self._data.views))
        return Allowed(frozenset(services), graphs=graphs)

    def select(
        self, text: str, *, name: str = "query", any_spelling: bool = False
    ) -> Table:
        """Answer a SELECT; UsageError when the text is another form.

        With `any_spelling` the caller can do with literals as the engine writes them.
        """
        answer = self.query(text, name=name, any_spelling=any_spelling)
        if not isinstance(answer, Table):
            raise UsageError(f"{name} is not a SELECT.", remedy="ask for rows.")
        return answer


def _is_large(graphs: Graphs) -> bool:
    """Whether graphs are known to be too many quads for memory."""
    sizes = (
        len(triples) * (bool(iri) + in_default)
        for iri, triples, in_default in graphs
        if isinstance(triples, Collection)
    )
    return sum(sizes) > IN_MEMORY

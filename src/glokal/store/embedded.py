"""The embedded room: pyoxigraph in memory, one named graph a file.

pyoxigraph rewrites literals in its store ("007"^^xsd:integer becomes 7), so nothing
that is published as data is read back from here: dumps come from the parsed sources.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from glokal.errors import Place, SourceError, ToolError, UsageError
from glokal.store.protocol import Answer, Graph, Table
from glokal.store.query_place import Wrong, find_wrong, undeclared_prefix
from glokal.store.text import masked, unescaped

Graphs = Iterable[tuple[str, Iterable[ox.Triple], bool]]

# SERVICE is the one word by which a query reaches the network (SPARQL 1.1 Federated
# Query).
_SERVICE = re.compile(r"(?<![\w:?$@-])SERVICE(?![\w:-])", re.IGNORECASE)

_ENDPOINT = re.compile(r"\s+(?:SILENT\s+)?<([^<>\s]+)>", re.IGNORECASE)


class EmbeddedStore:
    """All graphs of a project in memory, with the default graph of the design."""

    def __init__(self, graphs: Graphs) -> None:
        self._store = ox.Store()
        for iri, triples, in_default in graphs:
            # Named graphs given as the default graph would repeat a triple that
            # stands in two of them, so the merge is kept as a graph of its own.
            names: list[ox.NamedNode | ox.DefaultGraph] = [ox.NamedNode(iri)]
            if in_default:
                names.append(ox.DefaultGraph())
            listed = list(triples)
            for name in names:
                self._store.bulk_extend(
                    ox.Quad(t.subject, t.predicate, t.object, name) for t in listed
                )

    def query(
        self, text: str, *, name: str = "query", services: Collection[str] = ()
    ) -> Answer:
        """Answer a query; SourceError with its place in `name` when it is wrong.

        SERVICE is refused but for the endpoints in `services`; ToolError when one
        of them does not answer.
        """
        refuse_service(text, name, services)
        try:
            return to_answer(self._store.query(text))
        except SyntaxError as error:
            raise syntax_error(str(error), name, text) from error
        except (OSError, RuntimeError) as error:
            if not services:
                raise SourceError(
                    f"{name} asks for what there is none of: {error}.",
                    remedy="mend the query.",
                ) from error
            raise ToolError(
                f"The other endpoint did not answer {name}: {error}.",
                remedy="try later, or see that its address is right.",
            ) from error

    def select(self, text: str, *, name: str = "query") -> Table:
        """Answer a SELECT; UsageError when the text is another form."""
        answer = self.query(text, name=name)
        if not isinstance(answer, Table):
            raise UsageError(f"{name} is not a SELECT.", remedy="ask for rows.")
        return answer


def to_answer(found: object) -> Answer:
    """Return what pyoxigraph gives for an answer; triples make a graph."""
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QuerySolutions):
        variables = found.variables
        return Table(
            tuple(v.value for v in variables),
            tuple(tuple(row[v] for v in variables) for row in _rows(found)),
        )
    assert isinstance(found, Iterable)
    return Graph(tuple(found))


def _rows(found: ox.QuerySolutions) -> Iterator[ox.QuerySolution]:
    yield from found


def refuse_service(text: str, name: str, allowed: Collection[str] = ()) -> None:
    """Raise SourceError when a query would reach the network by SERVICE.

    An endpoint that is allowed must stand as a whole IRI behind SERVICE.
    """
    text = unescaped(text)
    bare = masked(text)
    for found in _SERVICE.finditer(bare):
        iri = _ENDPOINT.match(text, found.end())
        if iri and iri[1] in allowed:
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise SourceError(
            "SERVICE is refused: a query may not reach the network.",
            remedy="ask the other endpoint by itself, or allow it by its whole IRI "
            "with --allow-service.",
            place=Place(name, line, column),
        )


def syntax_error(message: str, name: str, text: str = "") -> SourceError:
    """Return the engine's complaint as an error with its place in the query.

    With the text of the query, the place is that of the first word that is wrong.
    """
    prefix = undeclared_prefix(text)
    wrong = find_wrong(text) if text else None
    if wrong is not None:
        return _misplaced(wrong, name)
    if prefix is not None:
        return SourceError(
            f"The query does not declare the prefix {prefix.found}.",
            remedy=f"add a line PREFIX {prefix.found} <its address>, or mend the name.",
            place=Place(name, prefix.line, prefix.column),
        )
    at = re.search(r"error at (\d+):(\d+):\s*", message)
    # What the grammar takes is wrong as a whole: the engine's place is past its end.
    place = Place(name, int(at[1]), int(at[2])) if at and not text else Place(name)
    what = re.sub(r"\s+", " ", message[at.end() :] if at else message).strip()
    what = re.sub(r",? ?\['?.*|\.$", "", what)
    if text:
        what = re.sub(r"^expected (one of )?", "", what)
    return SourceError(
        f"SPARQL syntax error: {what}.",
        remedy="mend the query there, or just before.",
        place=place,
    )


def _misplaced(wrong: Wrong, name: str) -> SourceError:
    words = ", ".join(w if w[0].isalpha() else f"'{w}'" for w in wrong.wanted)
    what = f"{wrong.found} can't stand here, but one of these can: {words}"
    if not wrong.found:
        what = f"the query ends too soon, and one of these must follow: {words}"
    elif wrong.found in ("'", '"'):
        what = f"the text that {wrong.found} begins never ends"
    close = difflib.get_close_matches(wrong.found.upper(), wrong.wanted, n=1)
    return SourceError(
        f"SPARQL syntax error: {what}.",
        remedy=f"write {close[0]}." if close else "mend the query there.",
        place=Place(name, wrong.line, wrong.column),
    )

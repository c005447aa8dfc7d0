"""Manifests of the W3C test suites for SPARQL 1.0 and 1.1, and the cases they list.

The words of a manifest: https://www.w3.org/2009/sparql/docs/tests/README.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from glokal.core.namespaces import RDF, RDFS
from glokal.rdf.terms import text_of

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"


@dataclass(frozen=True)
class Case:
    """A case: its name with its folders, its kind, and the files that it is made of.

    `data` are files with the graph they go to, "" for the default graph; `services`
    the files that each endpoint has.
    """

    name: str
    kind: str
    query: Path
    data: tuple[tuple[str, Path], ...] = ()
    services: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None


class Manifest:
    """A manifest, to be looked up in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        base = path.resolve().as_uri()
        self._said: dict[tuple[Any, str], list[Any]] = {}
        for quad in ox.parse(path=path, base_iri=base):
            key = (quad.subject, quad.predicate.value)
            self._said.setdefault(key, []).append(quad.object)
        self._subjects = {subject for subject, _ in self._said}

    def all(self, subject: Any, term: str) -> list[Any]:
        return self._said.get((subject, term), [])

    def one(self, subject: Any, term: str) -> Any:
        return next(iter(self.all(subject, term)), None)

    def objects(self, term: str) -> list[Any]:
        return [
            o for (_, said), found in self._said.items() if said == term for o in found
        ]

    def of_kind(self, kind: str) -> list[Any]:
        named = ox.NamedNode(MF + kind)
        return sorted(
            (s for s in self._subjects if named in self.all(s, RDF + "type")), key=str
        )

    def members(self, node: Any) -> Iterator[Any]:
        """Yield the members of a list."""
        while node is not None and text_of(node) != RDF + "nil":
            yield self.one(node, RDF + "first")
            node = self.one(node, RDF + "rest")

    def cases(self) -> Iterator[Case]:
        """Yield the cases that the manifest lists, in its order."""
        manifests = self.of_kind("Manifest")
        for subject in self.members(self.one(manifests[0], MF + "entries")):
            kind = text_of(self.one(subject, RDF + "type")).rpartition("#")[2]
            action = self.one(subject, MF + "action")
            query = self.one(action, QT + "query") or self.one(action, UT + "request")
            query = query or action
            if not isinstance(query, ox.NamedNode):
                continue
            # Folders have cases of the same name.
            suite, folder = self.path.resolve().parts[-3:-1]
            name = f"{suite}/{folder}/{text_of(subject).rpartition('#')[2]}"
            data = [("", path_of(node)) for node in self.all(action, QT + "data")]
            for node in self.all(action, QT + "graphData"):
                graph = self.one(node, QT + "graph")
                file = graph or node
                label = self.one(node, RDFS + "label") if graph else node
                data.append((text_of(label), path_of(file)))
            services = [
                (text_of(self.one(node, QT + "endpoint")), path_of(file))
                for node in self.all(action, QT + "serviceData")
                for file in self.all(node, QT + "data")
            ]
            result = self.one(subject, MF + "result")
            yield Case(
                name,
                kind,
                path_of(query),
                tuple(data),
                tuple(services),
                result and path_of(result),
            )


def path_of(node: Any) -> Path:
    """Return the file that an IRI stands for."""
    return Path(unquote(urlsplit(node.value).path))

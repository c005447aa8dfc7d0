"""Where the IRIs lead that have no page of their own: words, codes, shapes, graphs.

Versions and modules of the ontology are among the words. Things and what the catalogues
describe are led by `hosting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag

import pyoxigraph as ox

from glokal.core.namespaces import CODE, GLO, ONTOLOGY_GRAPH, SHAPE
from glokal.dataset.dumps import FOLDER, named_quads
from glokal.dataset.workspace import Workspace
from glokal.site.data_exports import VOCABULARY

_WORDS, _SHAPES = GLO.rstrip("#"), SHAPE.rstrip("#")
_ROOT = _WORDS.rpartition("/")[0] + "/"


def term_redirects(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Yield each such IRI: its own path below the publication, the target's, itself."""
    # The ontology's graphs are Glokal's own, whatever base the region has.
    graphs = (workspace.project.graphs, ONTOLOGY_GRAPH)
    for iri in sorted(_named(workspace)):
        if iri.startswith(graphs):
            yield "graph/" + iri.partition("/graph/")[2], f"{FOLDER}/", iri
        elif iri.startswith((CODE, f"{_WORDS}/")):
            yield iri.removeprefix(_ROOT).rstrip("/"), "def/", iri
        elif iri == _SHAPES or iri.startswith(f"{_SHAPES}/"):
            yield iri.removeprefix(_ROOT), f"{VOCABULARY['shapes']}.ttl", iri


def _named(workspace: Workspace) -> set[str]:
    quads = list(named_quads(workspace))
    triples = [q.triple for q in quads]
    triples += [t for file in workspace.shapes for t in file.triples]
    terms: list[object] = [q.graph_name for q in quads]
    terms += [term for t in triples for term in (t.subject, t.predicate, t.object)]
    return {urldefrag(x.value).url for x in terms if isinstance(x, ox.NamedNode)}

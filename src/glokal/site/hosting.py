"""What a static host needs: pages that lead on, rules, stylesheet, icon, scripts.

Each host takes what it knows: any host the pages below `id/`, others the rules of
`glokal.site.host_rules`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from itertools import chain
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pyoxigraph as ox

from glokal.core.files.data_files import (
    MEDIA_TYPES,
    media_type,
    write_data_file,
    write_new,
)
from glokal.core.namespaces import CODE, GLO, ONTOLOGY_GRAPH, SHAPE
from glokal.core.settings import Project
from glokal.dataset.dumps import DUMP_FOLDER
from glokal.dataset.sparql_examples import EXAMPLES_GRAPH
from glokal.dataset.views import view_names
from glokal.dataset.workspace import Workspace
from glokal.site.data_exports import VOCABULARY
from glokal.site.host_rules import host_files
from glokal.site.pages.releases import latest_edition
from glokal.site.pages.tombstones import INDEX as RETIRED
from glokal.site.renderer import PageRenderer
from glokal.site.search_index import FOLDER as SEARCH
from glokal.site.shared_pages import shared_pages
from glokal.site.shared_work import cores

_redirects_WORDS, _SHAPES = GLO.rstrip("#"), SHAPE.rstrip("#")
_ROOT = _redirects_WORDS.rpartition("/")[0] + "/"


def term_redirects(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Yield each such IRI: its own path below the publication, the target's, itself."""
    # The ontology's graphs are Glokal's own, whatever base the region has.
    graphs = (workspace.project.graphs, ONTOLOGY_GRAPH)
    views = view_names(workspace.project.graphs, apart=False)
    examples = workspace.project.graphs + EXAMPLES_GRAPH
    yield "graph/" + examples.partition("/graph/")[2], "query/", examples
    starts = (*graphs, CODE, f"{_redirects_WORDS}/", _SHAPES)
    for iri in sorted(_named(workspace, starts) | set(views)):
        if iri.startswith(graphs):
            yield "graph/" + iri.partition("/graph/")[2], f"{DUMP_FOLDER}/", iri
        elif iri.startswith((CODE, f"{_redirects_WORDS}/")):
            yield iri.removeprefix(_ROOT).rstrip("/"), "def/", iri
        elif iri == _SHAPES or iri.startswith(f"{_SHAPES}/"):
            yield iri.removeprefix(_ROOT), f"{VOCABULARY['shapes']}.ttl", iri


def _named(workspace: Workspace, starts: tuple[str, ...]) -> set[str]:
    """Return what is named in any graph or shape and begins so, without fragments."""
    # Of a large graph all terms would be as much as the graph itself.
    found: set[str] = set()
    shapes = (("", file.triples) for file in workspace.shapes)
    for name, triples in chain(workspace.named_graphs, shapes):
        if name.startswith(starts) and triples:
            found.add(name)
        for t in triples:
            for term in (t.subject, t.predicate, t.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith(starts):
                    found.add(term.value)
    return {urldefrag(iri).url for iri in found}


def write_hosting(
    pages: PageRenderer,
    workspace: Workspace,
    things: Mapping[str, str],
    leads: Mapping[str, str],
) -> None:
    """Write the files for static hosts, and a page for each IRI of the publication.

    `things` are the IRIs that a page of a thing tells of, with its path, `leads` the
    others with the page that each leads to.
    """
    project, root = pages.project, pages.root
    # The page of a code stands at the code's own address already.
    own = [iri for iri in things if iri.startswith(project.things)]
    targets = {iri: things[iri] for iri in own} | dict(leads)

    def lead(some: Iterable[tuple[str, str]]) -> None:
        for iri, target in some:
            pages.redirect(f"id/{_tail(iri, project)}/", target, iri)

    with shared_pages(pages, sorted(targets.items()), lead, cores() - 1) as shared:
        shared.finish()
    for path, target, iri in term_redirects(workspace):
        if not (root / path / "index.html").exists():
            pages.redirect(f"{path}/", target, iri)
    prefix = urlsplit(project.address).path
    pages.missing(prefix)
    # Hosts that leave out what begins with a point still have these.
    for name, copy in (
        ("void", "void.ttl"),
        ("sparql-examples", "sparql-examples.ttl"),
    ):
        data = (root / ".well-known" / name).read_bytes()
        write_data_file(root, copy, data, MEDIA_TYPES[".ttl"])
    # GitHub Pages drops folders with a point or an underscore unless it finds this.
    write_data_file(root, ".nojekyll", b"", "")
    gone = root / RETIRED
    retired = json.loads(gone.read_bytes()) if gone.is_file() else {}
    last = latest_edition(project)
    # The search index may be under way meanwhile; it has no pages.
    folders = [p.name for p in root.iterdir() if p.is_dir() and p.name != SEARCH]
    rules = host_files(project, own, leads, retired, last, folders)
    for name, text in rules.items():
        write_new(root / name, text.encode())


def _tail(iri: str, project: Project) -> str:
    return iri.removeprefix(project.things)


def write_assets(root: Path) -> None:
    """Write the files that come with Glokal into a publication."""
    folder = resources.files("glokal.site").joinpath("static")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        write_data_file(root, file.name, file.read_bytes(), media_type(file.name))

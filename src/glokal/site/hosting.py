"""What a static host needs: redirects, headers, stylesheet, icon, scripts.

Each host takes what it knows: any host the pages below `id/`, Netlify and Cloudflare
Pages `_redirects` and `_headers`, Apache `.htaccess`. All paths begin with the path of
the publication's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import jinja2
import pyoxigraph as ox

from glokal.catalogue.harvest_sources import CONCEPTS, DATASETS, HarvestSource
from glokal.core.files.data_files import (
    MEDIA_TYPES,
    NAMED_TYPES,
    media_type,
    write_data_file,
)
from glokal.core.namespaces import CODE, GLO, ONTOLOGY_GRAPH, SHAPE
from glokal.core.settings import Project
from glokal.dataset.dumps import FOLDER, named_quads
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.rdf.terms import text_of
from glokal.site.data_exports import VOCABULARY
from glokal.site.renderer import PageRenderer
from glokal.source.statements import STATEMENT, statement_iri

_redirects_WORDS, _SHAPES = GLO.rstrip("#"), SHAPE.rstrip("#")
_ROOT = _redirects_WORDS.rpartition("/")[0] + "/"


def term_redirects(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Yield each such IRI: its own path below the publication, the target's, itself."""
    # The ontology's graphs are Glokal's own, whatever base the region has.
    graphs = (workspace.project.graphs, ONTOLOGY_GRAPH)
    for iri in sorted(_named(workspace)):
        if iri.startswith(graphs):
            yield "graph/" + iri.partition("/graph/")[2], f"{FOLDER}/", iri
        elif iri.startswith((CODE, f"{_redirects_WORDS}/")):
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


# Where a person is led who follows the IRI of what a catalogue describes.
_PAGES = {DATASETS.path: "dump/", CONCEPTS.path: "def/"}
# What words, codes and shapes lead to, for programs: the file without its ending.
_WORDS = (
    ("def", VOCABULARY["ontology"]),
    ("code/[^/]+(?:/[^/]+)?", VOCABULARY["codes"]),
    ("shape", VOCABULARY["shapes"]),
)
_TYPED = {**MEDIA_TYPES, ".html": "text/html"}


def write_hosting(
    pages: PageRenderer,
    workspace: Workspace,
    things: Iterable[str],
    catalogues: Mapping[HarvestSource, list[ox.Triple]],
) -> None:
    """Write the files for static hosts, and a page for each IRI of the publication.

    `things` are the IRIs that have a page of their own.
    """
    project, root = pages.project, pages.root
    # The page of a code stands at the code's own address already.
    own = [iri for iri in things if iri.startswith(project.things)]
    leads = {iri: "doc/" + _tail(iri, project) + "/" for iri in own}
    kinds: dict[str, str] = {}
    for source, triples in catalogues.items():
        for iri in sorted({text_of(t.subject) for t in triples}):
            if iri.startswith(project.things) and iri not in leads:
                leads[iri] = _PAGES.get(source.path, source.path)
                kinds.setdefault(_tail(iri, project).partition("/")[0], source.path)
    # A statement is told of in the document of what it is about.
    for statement in (*workspace.provenance.nodes, *workspace.inferred):
        if (about := text_of(statement.subject)) in leads:
            leads[statement_iri(statement, project.things)] = leads[about]
    for iri, target in sorted(leads.items()):
        pages.redirect(f"id/{_tail(iri, project)}/", target, iri)
    for path, target, iri in term_redirects(workspace):
        if not (root / path / "index.html").exists():
            pages.redirect(f"{path}/", target, iri)
    described = {k: v for k, v in kinds.items() if not _has_things(k, leads, project)}
    prefix = urlsplit(project.address).path
    pages.missing(prefix)
    # Hosts that leave out what begins with a point still have a VoID file.
    void = (root / ".well-known" / "void").read_bytes()
    write_data_file(root, "void.ttl", void, MEDIA_TYPES[".ttl"])
    # GitHub Pages drops folders with a point or an underscore unless it finds this.
    write_data_file(root, ".nojekyll", b"", "")
    for name, text in (
        ("_redirects", _redirects(prefix, described)),
        ("_headers", _headers(prefix)),
        (".htaccess", _htaccess(prefix, described, project)),
    ):
        (root / name).write_text(text, encoding="utf-8", newline="\n")


def _tail(iri: str, project: Project) -> str:
    return iri.removeprefix(project.things)


def _has_things(kind: str, leads: Mapping[str, str], project: Project) -> bool:
    start = f"{project.things}{kind}/"
    return any(i.startswith(start) and t.startswith("doc/") for i, t in leads.items())


def _redirects(prefix: str, described: Mapping[str, str]) -> str:
    lines = ["# Netlify and Cloudflare Pages: a thing is led to the page about it."]
    lines += [
        f"{prefix}id/{kind}/* {prefix}{path} 303"
        for kind, path in sorted(described.items())
    ]
    # The host that puts rules before files can't know what a statement is about.
    lines.append(f"{prefix}id/{STATEMENT}/* {prefix}dump/ 303")
    lines.append(f"{prefix}id/* {prefix}doc/:splat/ 303")
    lines.append(f"{prefix}shape {prefix}def/shapes.ttl 303")
    return "\n".join(lines) + "\n"


def _headers(prefix: str) -> str:
    lines = [
        "# Netlify and Cloudflare Pages: anyone may read the data from a web page.",
        f"{prefix}*",
        "  Access-Control-Allow-Origin: *",
        "  Access-Control-Allow-Methods: GET, HEAD, OPTIONS",
        "  X-Content-Type-Options: nosniff",
    ]
    for name, media in sorted(NAMED_TYPES.items()):
        lines += [f"{prefix}.well-known/{name}", f"  Content-Type: {_charset(media)}"]
    for ending, media in sorted(_TYPED.items()):
        lines += [f"{prefix}*{ending}", f"  Content-Type: {_charset(media)}"]
    return "\n".join(lines) + "\n"


def _htaccess(prefix: str, described: Mapping[str, str], project: Project) -> str:
    folder = Path(str(resources.files("glokal.site"))) / "templates"
    environment = jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    by_path: dict[str, list[str]] = {}
    for kind, path in sorted(described.items()):
        by_path.setdefault(path, []).append(kind)
    return environment.get_template("htaccess.txt").render(
        prefix=prefix,
        statement=STATEMENT,
        types=sorted(_TYPED.items()),
        named=sorted(NAMED_TYPES.items()),
        described={path: "|".join(kinds) for path, kinds in by_path.items()},
        forms=[(_pattern(media), suffix) for media, suffix in SUFFIXES.items()],
        words=_WORDS,
        languages=[(lang, _home(project, lang)) for lang in project.languages[1:]],
    )


def _home(project: Project, lang: str) -> str:
    return "" if lang == project.languages[0] else f"{lang}/"


def _pattern(media: str) -> str:
    return re.escape(media)


def _charset(media: str) -> str:
    textual = media.startswith("text/")
    return f"{media}; charset=utf-8" if textual else media


def write_assets(root: Path) -> None:
    """Write the files that come with Glokal into a publication."""
    folder = resources.files("glokal.site").joinpath("static")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        write_data_file(root, file.name, file.read_bytes(), media_type(file.name))

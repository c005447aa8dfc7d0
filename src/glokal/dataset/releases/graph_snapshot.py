"""A graph at a moment, to compare with another: an edition, the sources, any file."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, Place, UsageError
from glokal.core.files.bounded_read import as_input, read_bytes
from glokal.core.files.gzip_limits import unpack
from glokal.core.settings import SETTINGS, load_project
from glokal.dataset.canned_queries import suggest
from glokal.dataset.releases.git_checkout import export_revision
from glokal.dataset.releases.record import read_editions
from glokal.dataset.standard_words import STANDARD_WORDS
from glokal.dataset.workspace import Workspace
from glokal.rdf.blank_node_depth import refuse_depth
from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.rdf_folder import rdf_files
from glokal.rdf.rdf_input import PACKED, format_of
from glokal.rdf.source_files import TOTAL_MEGABYTES, TOTAL_VARIABLE, too_long
from glokal.rdf.xml_limits import check_xml

INFERRED = "inferred"
# What follows from the rest, what says it in other words, and what is about it.
_LEFT_OUT = (INFERRED, STANDARD_WORDS, PROVENANCE)
# Where a built publication has the whole graph.
_DUMP = Path("dump") / "glokal.nq"


@dataclass(frozen=True)
class Snapshot:
    """What a graph says: each statement with the kind of its named graph.

    The kind is strategy, reference, supplement or ontology; "" for a file without
    named graphs. What is derived from the rest is left out, and
    the nodes of the provenance graph, which are named after these statements.
    """

    name: str
    statements: frozenset[tuple[str, ox.Triple]]


def snapshot(name: str, quads: Iterable[ox.Quad]) -> Snapshot:
    """Return the statements of a graph as a snapshot."""
    results = ((_kind(q.graph_name), q.triple) for q in quads)
    return Snapshot(name, frozenset((k, t) for k, t in results if k not in _LEFT_OUT))


def snapshot_of(workspace: Workspace) -> Snapshot:
    """Return the sources of a project as they are now."""
    return _of_files(workspace.project.version, workspace)


def _of_files(name: str, workspace: Workspace) -> Snapshot:
    results = (
        (_kind(ox.NamedNode(file.graph)), triple)
        for file in workspace.files
        for triple in file.triples
    )
    return Snapshot(name, frozenset(results))


def find_project(text: str, workspace: Workspace, scratch: Path) -> Workspace | None:
    """Return the project that a person names, None when it is no project.

    The folder of a project, or a revision in Git of the one that is open, which is
    laid out in `scratch`.
    """
    path = Path(text)
    if (path / SETTINGS).is_file():
        same = path.resolve() == workspace.project.root.resolve()
        return workspace if same else Workspace(load_project(path))
    if path.exists():
        return None
    own = workspace.project
    folder = export_revision(text, own.root, scratch)
    if folder is None:
        return None
    # What has been reasoned already counts; it is kept by content.
    return Workspace(replace(load_project(folder), cached_in=own.root))


def find_snapshot(text: str, workspace: Workspace, scratch: Path) -> Snapshot:
    """Return the graph that a person names.

    The version of an edition, the folder of a project, of a publication or of RDF
    files, a file, or a revision in Git, laid out in `scratch`. Raises UsageError when
    it is none of these, InputError for a file that can't be read.
    """
    editions = {e.version: e for e in read_editions(workspace.project)}
    if text in editions:
        return snapshot(text, editions[text].read())
    path = Path(text)
    if (path / _DUMP).is_file():
        with as_input():
            return snapshot(text, _read(path / _DUMP))
    project = find_project(text, workspace, scratch)
    if project is not None:
        here = path.exists()
        return snapshot_of(project) if here else _of_files(text, project)
    files = _files(path)
    if files:
        with as_input():
            return snapshot(text, [quad for file in files for quad in _read(file)])
    known = ", ".join(editions) or "none yet"
    raise UsageError(
        f"There is no edition, folder, file or Git revision {text}.",
        remedy=f"{suggest(text, editions)} Editions: {known}."
        if editions
        else "name a file, a folder or a revision; glokal edition records the first "
        "edition.",
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file.path for file in rdf_files(path).files]
    return [path] if path.exists() else []


def _read(path: Path) -> list[ox.Quad]:
    packed = path.suffix == PACKED
    fmt = format_of(path)
    try:
        most = number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES)
        raw = read_bytes(path, str(path), most)
        text = unpack(raw, str(path), most, TOTAL_VARIABLE) if packed else raw
        if fmt == ox.RdfFormat.RDF_XML:
            check_xml(io.BytesIO(text), str(path))
        base = path.resolve().as_uri()
        # The same label in two files is two blank nodes.
        result = ox.parse(
            input=text, format=fmt, base_iri=base, rename_blank_nodes=True
        )
        quads = list(result)
        refuse_depth((quad.triple for quad in quads), str(path))
        return quads
    except MemoryError as error:
        raise too_long(str(path)) from error
    except SyntaxError as error:
        raise InputError(
            f"The file can't be read: {error}.",
            remedy="fix the file there, or name another.",
            place=Place(str(path), error.lineno, error.offset),
        ) from error
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise InputError(
            f"The file can't be read: {error}.", place=Place(str(path))
        ) from error


def _kind(graph: object) -> str:
    """Return the kind of a named graph by its IRI (docs/decisions/0002)."""
    if not isinstance(graph, ox.NamedNode):
        return ""
    match = re.search(r"/graph/([a-z-]+)", graph.value)
    kind = match[1] if match else ""
    # The source's own text is part of what the strategy says.
    return "strategy" if kind == "source" else kind

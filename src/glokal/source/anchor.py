"""Proposals: which of a thing's passages say each of its statements.

They are told apart by the words of names, numbers and dates (`citations`), which is a
beginning and no judgement: a person reads the proposal before it is committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import pyoxigraph as ox

from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.source_files import SourceFile, read_text
from glokal.rdf.turtle.edit import edit_turtle
from glokal.rdf.turtle.formatter import write_turtle
from glokal.source.passage_support import Citations
from glokal.source.provenance import Provenance, StatementNode, node_triples
from glokal.source.statements import SourceStatement, statement_iri


@dataclass(frozen=True)
class Proposal:
    """What to write and to take away, and the statements that only a person can place.

    `files` gives the text of each file of `data/provenance/` that changes, by name.
    """

    files: Mapping[str, str]
    proposed: int
    retired: int
    unplaced: tuple[SourceStatement, ...]


def propose(
    files: Iterable[SourceFile],
    chosen: Collection[SourceFile],
    provenance: Provenance,
    *,
    things: str,
    prefixes: Mapping[str, str],
) -> Proposal:
    """Return a choice for each statement that has none and whose words are found.

    Choices that stand are kept as they are; those of statements that are gone are
    taken away, and so are passages that a thing rests on no more. `things` is the
    namespace of the things, `prefixes` are for new files.
    Raises SourceError when a file that changes isn't formatted.
    """
    citations = Citations(files, provenance.source)
    added: dict[str, list[ox.Triple]] = defaultdict(list)
    unplaced, proposed = [], 0
    kept, waiting, stray = _foreign(provenance)
    for statement, node in kept:
        added[_file_of(statement)] += node_triples(node)
    waiting = [*provenance.open, *waiting]
    stray |= {node.iri for node in provenance.stray}
    for statement in waiting:
        triple = statement.triple
        passages = [p for p in statement.passages if citations.speaks(triple, p)]
        if not passages:
            unplaced.append(statement)
            continue
        node = StatementNode(statement_iri(triple, things), triple, tuple(passages))
        added[_file_of(statement)] += node_triples(node)
        proposed += 1
    paths = {file.name: file for file in chosen}
    written = {}
    for name in sorted({*added, *paths}):
        text = _write(name, paths.get(name), added.get(name, []), stray, prefixes)
        if text is not None:
            written[name] = text
    return Proposal(written, proposed, len(stray), tuple(unplaced))


def _foreign(
    provenance: Provenance,
) -> tuple[
    list[tuple[SourceStatement, StatementNode]], list[SourceStatement], set[str]
]:
    """Return what becomes of choices of passages that their things rest on no more.

    Choices with the passages that are left, statements that are open again, and the
    IRIs of the choices as they were.
    """
    statements = {s.triple: s for s in provenance.statements}
    kept, waiting, stray = [], [], set()
    for triple, node in provenance.nodes.items():
        statement = statements[triple]
        left = tuple(p for p in node.passages if p in statement.passages)
        if not node.chosen or left == node.passages:
            continue
        stray.add(node.iri)
        if left and (left != statement.passages or node.reading):
            kept.append((statement, replace(node, passages=left)))
        elif not left and len(statement.passages) > 1:
            waiting.append(statement)
    return kept, waiting, stray


def _file_of(statement: SourceStatement) -> str:
    return f"data/{PROVENANCE}/{PurePosixPath(statement.file).name}"


def _write(
    name: str,
    file: SourceFile | None,
    added: list[ox.Triple],
    stray: set[str],
    prefixes: Mapping[str, str],
) -> str | None:
    """Return the new text of a file, None when nothing changes."""
    if file is None:
        return write_turtle(added, prefixes)
    removed = [
        t
        for t in file.triples
        if isinstance(t.subject, ox.NamedNode)
        and t.subject.value in stray
        and t not in added
    ]
    if not removed and not added:
        return None
    return edit_turtle(read_text(file.path, name), name, removed, added, prefixes)

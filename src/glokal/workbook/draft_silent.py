"""What a passage doesn't say by itself: why a person reads it so, or that it is asked.

The same comparison of words as in the check (`source.citations`) tells which statements
of a confirmed row are meant. A row's reading becomes the `glo:reading` of those alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF
from glokal.dataset.labels import Labels
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.terms import text_of
from glokal.source.passage_support import Citations
from glokal.source.provenance import (
    SAME_READING,
    StatementNode,
    node_triples,
    read_alike,
    reading_key,
)
from glokal.source.statements import SourceStatement, statement_iri
from glokal.workbook.draft_apply import AppliedRow
from glokal.workbook.draft_cells import DraftFault, FilledRow
from glokal.workbook.draft_layout import draft_message

_STATED_IN = GLO + "statedIn"
_NAMELESS = ("participation", "membership", "entry")
# How much of a passage stands for a row without a name.
_SHOWN = 60


def shared_readings(
    rows: Iterable[AppliedRow], nodes: Iterable[StatementNode]
) -> Iterator[DraftFault]:
    """Yield the rows whose reading more passages share than the check allows.

    `nodes` are those of the project; a row may have been written before.
    """
    read = {text: {*of} for text, of in read_alike(nodes).items()}
    listed = [row for row in rows if row.reading]
    for row in listed:
        for text in row.reading.values():
            read.setdefault(reading_key(text), set()).add((row.passage,))
    for row in listed:
        for language, text in row.reading.items():
            number = len(read[reading_key(text)])
            if number > SAME_READING:
                column = f"reading_{language}"
                yield row.row.fault(
                    column, "readings", number=number, most=SAME_READING
                )
                break


def chosen_by(
    triples: Iterable[ox.Triple], corrected: Mapping[str, Container[str]]
) -> list[ox.Triple]:
    """Return the nodes of statements that rest on what a correction has left.

    `corrected` are the things, each with the passages that it rested on.
    """
    nodes: dict[str, list[ox.Triple]] = defaultdict(list)
    for t in triples:
        nodes[text_of(t.subject)].append(t)
    result = []
    for of in nodes.values():
        about = [text_of(t.object) for t in of if t.predicate.value == RDF + "subject"]
        rests = [text_of(t.object) for t in of if t.predicate.value == _STATED_IN]
        if any(old in corrected.get(iri, ()) for iri in about for old in rests):
            result += of
    return result


class Silence:
    """The statements of rows that no passage of theirs says in words.

    `workspace` has what the rows say.
    """

    def __init__(self, workspace: Workspace, rows: Iterable[AppliedRow]) -> None:
        self._workspace = workspace
        self._rows = list(rows)
        provenance = workspace.provenance
        self._nodes = provenance.nodes
        citations = Citations(workspace.files, provenance.source)
        self._silent: dict[ox.Triple, SourceStatement] = {
            s.triple: s
            for s in provenance.statements
            if s.passages
            and len(citations.silent(s.triple, s.passages)) == len(s.passages)
        }

    def readings(
        self,
    ) -> tuple[dict[str, list[ox.Triple]], dict[str, list[ox.Triple]]]:
        """Return the readings of the rows by the file of `data/provenance/` that gets
        them, and what they take the place of there.
        """
        added: dict[str, list[ox.Triple]] = defaultdict(list)
        for triple, statement, row in self._of_rows():
            before = self._nodes.get(triple)
            if not row.reading or (before and before.reading):
                continue
            passages = statement.passages
            own = (row.passage,) if row.passage in passages else passages
            iri = statement_iri(triple, self._workspace.project.things)
            node = StatementNode(iri, triple, own, row.reading)
            topic = PurePosixPath(statement.file).name
            added[f"data/{PROVENANCE}/{topic}"] += node_triples(node)
        removed = {}
        for file in self._workspace.choices:
            new = added.get(file.name, [])
            named = {t.subject for t in new}
            old = [t for t in file.triples if t.subject in named and t not in new]
            removed[file.name] = old
        return added, removed

    def told(self, labels: Labels, lang: str) -> Iterator[str]:
        """Yield what is asked of a person, with the place of the row."""
        asked: set[ox.Triple] = set()
        # Eight members of one row are told at once, and rows of one name, too.
        by_row: dict[tuple[str, str], list[str]] = defaultdict(list)
        for triple, _, row in self._of_rows():
            node = self._nodes.get(triple)
            if row.reading or (node and node.reading) or triple in asked:
                continue
            asked.add(triple)
            subject, *terms = _terms(triple)
            about = (
                _name(row.row) if _is_nameless(subject) else labels.of(subject, lang)
            )
            told = [labels.of(term, lang) for term in terms if not _is_nameless(term)]
            *first, last = about, *told
            place = f"{row.row.title}!{row.row.places['quote']}"
            by_row[place, " – ".join(first)].append(last)
        places: dict[str, list[str]] = defaultdict(list)
        for (place, first_words), lasts in by_row.items():
            what = " – ".join(filter(None, (first_words, ", ".join(lasts))))
            places[what].append(place)
        for what, of in places.items():
            shown = ", ".join(of)
            yield draft_message("silent", lang, place=shown, what=what)
        if places:
            yield draft_message("silent_do", lang)

    def _of_rows(self) -> Iterator[tuple[ox.Triple, SourceStatement, AppliedRow]]:
        seen: set[ox.Triple] = set()
        # A row with a reading speaks for others that say the same.
        for row in sorted(self._rows, key=lambda r: not r.reading):
            for triple in row.triples:
                statement = self._silent.get(triple)
                if statement is not None and triple not in seen:
                    seen.add(triple)
                    yield triple, statement, row


def _terms(triple: ox.Triple) -> list[str]:
    """Return what a statement is told by; of a type the word for it says enough."""
    terms = [text_of(t) for t in (triple.subject, triple.predicate, triple.object)]
    return [t for t in terms if t != RDF + "type"]


def _is_nameless(term: str) -> bool:
    return any(f"/{path}/" in term for path in _NAMELESS)


def _name(row: FilledRow) -> str:
    """Return what a row calls its thing: a name, else the words of the source."""
    names = (text for cell, text in row.cells.items() if cell.startswith("name_"))
    words = next(filter(None, names), "") or " ".join(row.cells["quote"].split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"

"""A workbook applied again: what it said before goes, what it says now comes.

The project is read as it would be without what the workbook has put into it, and
without what a person has written since on the things that it made; the workbook is
applied to that as the first time. What comes of it is compared with what the files
have, so that only the difference is written and a person's own work stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.source_files import SourceFile, read_text
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.edit import edit_turtle
from glokal.source.draft_record import AppliedBook, all_added
from glokal.source.draft_writer import StatementWriter
from glokal.source.reanchor import letters_of
from glokal.source.statements import statement_iri
from glokal.workbook.draft_cells import FilledRow

_TYPE = RDF + "type"
_PROVENANCE = f"data/{PROVENANCE}/"
_By = dict[str, set[ox.Triple]]


def row_names(rows: Iterable[FilledRow], *, answered: bool = False) -> frozenset[str]:
    """Return what rows are known by in a record: all of them, or the answered ones."""
    return frozenset(
        f"{row.sheet} {row.cells.get('key') or letters_of(row.cells.get('quote', ''))}"
        for row in rows
        if not answered or row.confirmed is not None
    )


@dataclass(frozen=True)
class HandEdit:
    """What a person has changed by hand, and the workbook now says otherwise."""

    file: str
    written: ox.Triple
    now: ox.Triple


class AppliedBefore:
    """What a workbook has put into a project before, and what others have.

    `books` are the workbooks of its document, `others` those of further documents,
    `rows` the rows of this one. A book with a row of it is an earlier state of it; with
    none, another workbook, such as one that was drafted later for what was left.
    """

    def __init__(
        self,
        workspace: Workspace,
        books: Sequence[AppliedBook],
        others: Iterable[AppliedBook],
        rows: Iterable[FilledRow],
    ) -> None:
        names = row_names(rows)
        self._workspace = workspace
        self._own = [book for book in books if book.rows & names]
        self._kept = [book for book in books if not book.rows & names]
        self._theirs = all_added([*self._kept, *others])
        self._has: dict[str, Collection[ox.Triple]] = {
            f.name: f.triples for f in (*workspace.files, *workspace.choices)
        }
        self._present = {t for of in self._has.values() for t in of}
        self._gone, self._back = self._taken_back()
        self.overruled = self._overruled()
        self._by_hand = self._hand_written()
        self._keys = {_key(t) for t in self.overruled}
        self._hand = {_key(t): t for of in self._by_hand.values() for t in of}
        self._order: dict[ox.Triple, int] = {}

    @property
    def passages(self) -> set[str]:
        """Return the passages that the workbook has taken out of the draft."""
        return {passage for book in self._own for passage in book.passages}

    @property
    def is_recorded(self) -> bool:
        """Whether any workbook of the document is in the record."""
        return bool(self._own or self._kept)

    def without(self, prefixes: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of files without what the workbook has said before."""
        names = {*self._gone, *self._back, *self._by_hand}
        return {
            name: self._edited(
                name,
                self._gone.get(name, set()) | self._by_hand.get(name, set()),
                self._back.get(name, set()),
                prefixes,
            )
            for name in sorted(names)
        }

    def changes(
        self,
        added: Mapping[str, Iterable[ox.Triple]],
        removed: Mapping[str, Iterable[ox.Triple]],
    ) -> tuple[_By, _By]:
        """Return what comes and what goes, by file, for what a workbook says now.

        `added` and `removed` are told from the project without it.
        """
        for t in (t for of in added.values() for t in of):
            self._order.setdefault(t, len(self._order))
        stays = self._present - {t for of in self._gone.values() for t in of}
        come: _By = defaultdict(set)
        go: _By = defaultdict(set)
        for name in {*self._gone, *self._back, *added, *removed}:
            gone, back = self._gone.get(name, set()), self._back.get(name, set())
            new, out = {*added.get(name, ())}, {*removed.get(name, ())}
            new -= self._not_written(new)
            come[name] = ((back - out) | (new - stays)) - {*self._has.get(name, ())}
            go[name] = (gone - new) | (out & {*self._has.get(name, ())})
        self._without_nodes(come, go)
        return come, go

    def texts(
        self, come: _By, go: _By, prefixes: Mapping[str, str]
    ) -> dict[str, bytes]:
        """Return the files that change, in the order of their names."""
        return {
            name: self._edited(name, go[name], come[name], prefixes).encode()
            for name in sorted({*come, *go})
            if come[name] or go[name]
        }

    def record(
        self,
        book: AppliedBook,
        claimed: Collection[ox.Triple],
    ) -> list[AppliedBook]:
        """Return the workbooks that are applied once this one is.

        `book` has what it says, told from the project without it; what a person has
        written by hand isn't its own. `claimed` is what it says of what is there.
        """
        gone = {t for of in self._gone.values() for t in of}
        own: _By = defaultdict(set)
        for name, triples in book.added.items():
            for t in triples:
                if t in gone or t not in self._present or t in self._theirs:
                    own[name].add(t)
        for t in claimed:
            if t in self._theirs:
                own[self._theirs[t]].add(t)
        added = {name: frozenset(of) for name, of in own.items() if of}
        out = {name: frozenset(of) for name, of in book.removed.items() if of}
        if not added and not out and not book.passages:
            return self._kept
        return [*self._kept, AppliedBook(book.rows, book.passages, added, out)]

    def hand_edits(self, added: Mapping[str, Iterable[ox.Triple]]) -> list[HandEdit]:
        """Return what is another by hand than the workbook said, and now says."""
        results = []
        for name, triples in added.items():
            for t in triples:
                if t not in self.overruled and t not in self._present:
                    hand = self._instead(t)
                    results += [HandEdit(name, hand, t)] if hand else []
        return results

    def left_over(self, come: _By, go: _By) -> Iterator[tuple[str, str]]:
        """Yield the things that go, of which hand-written words stay: with the file."""
        gone = {
            text_of(t.subject)
            for of in go.values()
            for t in of
            if t.predicate.value == _TYPE
        }
        gone -= {text_of(t.subject) for of in come.values() for t in of}
        for name, of in self._by_hand.items():
            stays = {text_of(t.subject) for t in of - go.get(name, set())}
            for iri in sorted(stays & gone):
                yield iri, name

    def _taken_back(self) -> tuple[_By, _By]:
        gone: _By = defaultdict(set)
        back: _By = defaultdict(set)
        for book in self._own:
            for name, triples in book.added.items():
                here = {*self._has.get(name, ())}
                gone[name] |= {t for t in triples if t in here} - self._theirs.keys()
            for name, triples in book.removed.items():
                there = {_key(t) for t in self._has.get(name, ())}
                back[name] |= {t for t in triples if _key(t) not in there}
        for name in [n for n in gone if n.startswith(_PROVENANCE)]:
            gone[name] = self._whole_nodes(name, gone[name])
        return gone, back

    def _whole_nodes(self, name: str, triples: set[ox.Triple]) -> set[ox.Triple]:
        """Return a node as it was written, of one that has more only its reading."""
        more = {t.subject for t in self._has[name] if t not in triples}
        reading = GLO + "reading"
        return {
            t for t in triples if t.subject not in more or t.predicate.value == reading
        }

    def _overruled(self) -> set[ox.Triple]:
        """Return what was said and is gone, of things that are still there."""
        said = {*all_added(self._own)} - self._theirs.keys()
        typed = {t.subject for t in said if t.predicate.value == _TYPE}
        # A thing without any class has gone as a whole, and is written anew.
        there = {t.subject for t in said & self._present} - typed
        there |= {t.subject for t in self._present if t.predicate.value == _TYPE}
        return {t for t in said - self._present if t.subject in there}

    def _hand_written(self) -> _By:
        """Return what else is said of the things that the workbook made."""
        made = {
            t.subject
            for book in self._own
            for name, of in book.added.items()
            for t in of
            if t.predicate.value == _TYPE
            and not name.startswith(_PROVENANCE)
            and t not in self._theirs
            and (t in self._present or t in self.overruled)
        }
        results: _By = defaultdict(set)
        for name, triples in self._has.items():
            for t in triples:
                if (
                    t.subject in made
                    and t not in self._gone.get(name, ())
                    and t not in self._theirs
                    and not isinstance(t.object, ox.BlankNode)
                ):
                    results[name].add(t)
        return results

    def _not_written(self, new: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Return what a person has changed or taken away by hand."""
        return {
            t
            for t in new
            if t in self.overruled or (t not in self._present and self._instead(t))
        }

    def _instead(self, triple: ox.Triple) -> ox.Triple | None:
        """Return what stands by hand where the workbook said something else."""
        key = _key(triple)
        return self._hand.get(key) if key in self._keys else None

    def _without_nodes(self, come: _By, go: _By) -> None:
        """Let what was chosen for a statement go with it."""
        things = self._workspace.project.things
        new = {t for of in come.values() for t in of}
        left = {
            statement_iri(t, things)
            for name, of in go.items()
            if not name.startswith(_PROVENANCE)
            for t in of - new
        }
        for file in self._workspace.choices:
            go[file.name] |= {t for t in file.triples if text_of(t.subject) in left}

    def _edited(
        self,
        name: str,
        removed: Collection[ox.Triple],
        added: Collection[ox.Triple],
        prefixes: Mapping[str, str],
    ) -> str:
        path = self._workspace.project.root / name
        text = read_text(path, name) if path.is_file() else ""
        last = len(self._order)
        new = sorted(added, key=lambda t: (self._order.get(t, last), str(t)))
        return edit_turtle(text, name, sorted(removed, key=str), new, prefixes)


def said_now(
    statements: StatementWriter, files: Iterable[SourceFile]
) -> tuple[Mapping[str, Sequence[ox.Triple]], _By]:
    """Return what statements add to files and take out of them, by file."""
    removed: _By = defaultdict(set)
    for name, of in statements.removed.items():
        removed[name] |= {*of}
    for file in files:
        removed[file.name] |= {t for t in statements.unsaid if t in file.triples}
    return statements.added, removed


def _key(triple: ox.Triple) -> tuple[object, ox.NamedNode, str]:
    value = triple.object
    language = value.language if isinstance(value, ox.Literal) else None
    return triple.subject, triple.predicate, language or ""

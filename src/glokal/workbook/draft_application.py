"""A workbook of a draft applied to a project: what is written, and what is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.files.temporary import scratch_folder
from glokal.core.namespaces import GLO
from glokal.core.project_countries import country_lists
from glokal.core.settings import Project
from glokal.dataset.labels import Labels
from glokal.dataset.prefixes import all_prefixes, statement_prefixes
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.source_files import SourceFile, read_common_codes
from glokal.rdf.terms import text_of
from glokal.source.draft_files import draft_file, drafted_passages
from glokal.source.draft_known import KnownThings
from glokal.source.draft_record import (
    AppliedBook,
    read_records,
    record_file,
    write_record,
)
from glokal.source.draft_row import DraftRow
from glokal.source.draft_rows import draft_rows
from glokal.source.draft_statements import Statements
from glokal.source.draft_turtle import draft_turtle
from glokal.source.project_documents import ProjectDocument, one_document
from glokal.workbook.draft_again import AppliedBefore, row_names, said_now
from glokal.workbook.draft_apply import Applied, DraftApplier
from glokal.workbook.draft_cells import DraftFault, FilledRow, read_draft
from glokal.workbook.draft_layout import draft_message
from glokal.workbook.draft_silent import Silence, chosen_by, shared_readings
from glokal.workbook.dry_run import copy_with

# What tells of a thing without a name what it is about.
_ABOUT = ("refersTo", "participationIn", "membershipIn", "participant", "member")


@dataclass
class Application:
    """What becomes of a workbook: files to write, faults, and what a person is told."""

    faults: list[DraftFault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    # Whether the data get anything new.
    is_more: bool = False


def apply_draft(
    workspace: Workspace, document: ProjectDocument, file: Path, lang: str
) -> Application:
    """Return what the workbook in a file says in place of what it said before.

    Nothing is written. Raises InputError for what is no workbook of a draft, and for
    a record of what was applied that can't be read.
    """
    project = workspace.project
    languages = name_languages(project, document)
    filled, faults = read_draft(file, languages, lang)
    records = read_records(project)
    own = records.pop(document.slug, [])
    others = [book for books in records.values() for book in books]
    before = AppliedBefore(workspace, own, others, filled)
    with scratch_folder() as scratch:
        texts = before.without(all_prefixes(workspace))
        base = copy_with(workspace, scratch / "before", texts) if texts else workspace
        return _Applying(workspace, base, before, document.slug, lang).take(
            filled, faults, scratch
        )


class _Applying:
    """One application; `base` is the project without what the workbook said before."""

    def __init__(
        self,
        workspace: Workspace,
        base: Workspace,
        before: AppliedBefore,
        slug: str,
        lang: str,
    ) -> None:
        self._workspace, self._base, self._before = workspace, base, before
        self._lang, self._slug = lang, slug
        self._document = one_document(base.project, slug)
        self._languages = name_languages(base.project, self._document)
        files = all_files(base)
        self._known = KnownThings(files, base.project.things)
        self._labels = Labels(files)
        self._statements = Statements(self._known, base.project.base, self._languages)

    def take(
        self, filled: Sequence[FilledRow], faults: Sequence[DraftFault], scratch: Path
    ) -> Application:
        """Return what comes of the rows."""
        base, before = self._base, self._before
        unknown = list(self._not_recorded(filled))
        done = DraftApplier(
            self._document,
            self._rows(),
            self._statements,
            self._labels,
            base.project.languages,
            country_lists(base.project),
        ).apply(filled)
        faults = [*faults, *done.faults]
        faults += shared_readings(done.said, base.provenance.nodes.values())
        if faults:
            return Application(faults)
        said, unsaid = said_now(self._statements, base.files)
        added: dict[str, list[ox.Triple]] = defaultdict(list)
        removed: dict[str, set[ox.Triple]] = defaultdict(set)
        added |= {name: list(of) for name, of in said.items()}
        removed |= unsaid
        for chosen in base.choices:
            # Who chose a passage chose among those that the thing had then.
            nodes = chosen_by(chosen.triples, self._statements.corrected)
            removed[chosen.name] |= {*nodes}
        # What rows say and why it is read so belong together, so both are written at
        # once: what isn't in words is seen in a copy that has what the rows say.
        prefixes = self._statements.prefixes()
        texts = before.texts(*before.changes(added, removed), prefixes)
        decoded = {name: data.decode() for name, data in texts.items()}
        after = copy_with(self._workspace, scratch / "after", decoded)
        silence = Silence(after, done.said)
        readings, replaced = silence.readings()
        for name, of in readings.items():
            added[name] += of
        for name, of in replaced.items():
            removed[name] |= {*of}
        come, go = before.changes(added, removed)
        result = Application(is_more=any(come.values()))
        in_provenance = {**all_prefixes(after), **statement_prefixes(after)}
        for provenance, of_files in ((False, prefixes), (True, in_provenance)):
            news, olds = (
                defaultdict(set, {n: t for n, t in by.items() if _is_at(n, provenance)})
                for by in (come, go)
            )
            result.files |= before.texts(news, olds, of_files)
        book = self._draft(result, done, filled)
        book = AppliedBook(book.rows, book.passages, _frozen(added), _frozen(removed))
        self._record(result, before.record(book, self._statements.claimed))
        result.told += [*self._taken_away(come, go), *unknown]
        result.told += done.told
        labels = Labels(all_files(after))
        result.told += self._by_hand(added, come, go, labels)
        result.told += silence.told(labels, self._lang)
        return result

    def _draft(
        self, result: Application, done: Applied, filled: Sequence[FilledRow]
    ) -> AppliedBook:
        """Leave in the draft what is neither confirmed nor declined."""
        project, name = self._workspace.project, draft_file(self._slug)
        drafted = drafted_passages(project, self._slug) | self._before.passages
        left = drafted - {*done.confirmed, *done.declined, *done.left}
        still = [r for r in self._rows() if r.passage in left and not r.done]
        if (project.root / name).exists():
            turtle = draft_turtle(
                still, self._known, project.base, self._languages, self._document
            )
            result.files[name] = turtle.encode()
        result.told.append(
            draft_message(
                "applied", self._lang, confirmed=len(done.confirmed),
                declined=len(done.declined), left=len(still),
            )
        )  # fmt: skip
        answered = row_names(filled, answered=True)
        return AppliedBook(answered, frozenset(drafted - left))

    def _record(self, result: Application, books: Sequence[AppliedBook]) -> None:
        name = record_file(self._slug)
        if books or (self._workspace.project.root / name).exists():
            result.files[name] = write_record(books).encode()

    def _rows(self) -> list[DraftRow]:
        return rows_of(self._base.project, self._document, self._known)

    def _not_recorded(self, filled: Sequence[FilledRow]) -> Iterator[str]:
        """Tell of rows that aren't confirmed, of what the project has all the same.

        Somebody wrote it by hand, or applied it before there was a record.
        """
        if self._before.is_recorded:
            return
        rows = {r.key: r for r in self._rows() if r.done}
        for row in filled:
            drafted = rows.get(row.cells.get("key", ""))
            if row.confirmed or drafted is None:
                continue
            if self._known.is_rested_on(drafted.passage):
                place = f"{row.title}!{row.places['confirmed']}"
                yield draft_message("not_recorded", self._lang, place=place)

    def _taken_away(
        self, come: Mapping[str, set[ox.Triple]], go: Mapping[str, set[ox.Triple]]
    ) -> list[str]:
        """Tell how many statements go, and of what, by the names that they had."""
        new = {t for of in come.values() for t in of}
        gone = [
            t
            for name, of in go.items()
            if not _is_at(name, True) and name != self._document.name
            for t in sorted(of - new, key=str)
        ]
        if not gone:
            return []
        files = all_files(self._workspace)
        labels, known = Labels(files), KnownThings(files, self._known.things)
        names = {
            name
            for iri in dict.fromkeys(text_of(t.subject) for t in gone)
            if known.path_of(iri) != "record"
            for name in _names(iri, known, labels, self._lang)
        }
        return [
            draft_message(
                "taken_away",
                self._lang,
                number=len(gone),
                names=", ".join(sorted(names)),
            )
        ]

    def _by_hand(
        self,
        added: Mapping[str, Sequence[ox.Triple]],
        come: dict[str, set[ox.Triple]],
        go: dict[str, set[ox.Triple]],
        labels: Labels,
    ) -> list[str]:
        """Tell what a person has written by hand, where the workbook says otherwise."""
        lang = self._lang
        shown = [
            draft_message(
                "by_hand", lang, file=edit.file,
                thing=labels.of(text_of(edit.written.subject), lang),
                known=labels.of(text_of(edit.written.object), lang),
                value=labels.of(text_of(edit.now.object), lang),
            )
            for edit in self._before.hand_edits(added)
        ]  # fmt: skip
        old = Labels(all_files(self._workspace))
        return shown + [
            draft_message("left_over", lang, file=name, thing=old.of(iri, lang))
            for iri, name in self._before.left_over(come, go)
        ]


def rows_of(
    project: Project, document: ProjectDocument, known: KnownThings
) -> list[DraftRow]:
    """Return the rows that a document gives, by what is known."""
    names = project.publisher.name
    publisher = names.get(document.language) or names[project.languages[0]]
    languages = name_languages(project, document)
    return draft_rows(document, known, languages, country_lists(project), publisher)


def name_languages(project: Project, document: ProjectDocument) -> Sequence[str]:
    """Return the languages of names: the project's, then the document's own."""
    own = [document.language] if document.language else []
    return tuple(dict.fromkeys((*project.languages, *own)))


def all_files(workspace: Workspace) -> tuple[SourceFile, ...]:
    """Return the files of a project, with the codes that regions have in common."""
    return (*workspace.files, *read_common_codes(workspace.project))


def _names(iri: str, known: KnownThings, labels: Labels, lang: str) -> list[str]:
    """Return what a thing is called; of one without a name, what it is about."""
    about = [
        text_of(t.object) for prop in _ABOUT for t in known.values(iri, GLO + prop)
    ]
    return [labels.of(of, lang) for of in about[:1] or [iri]]


def _frozen(
    files: Mapping[str, Iterable[ox.Triple]],
) -> dict[str, frozenset[ox.Triple]]:
    return {name: frozenset(of) for name, of in files.items()}


def _is_at(name: str, provenance: bool) -> bool:
    return name.startswith(f"data/{PROVENANCE}/") == provenance

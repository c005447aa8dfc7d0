"""A region's folder as the public API has it: opened, asked, checked and built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from glokal.api.validation import outcome_of
from glokal.api.values import Answer, Difference, Outcome, Passage, Question
from glokal.core.errors import FindingsError, UsageError
from glokal.core.extras import need_extras
from glokal.core.files.lock import WAIT_SECONDS, project_lock
from glokal.core.files.temporary import scratch_folder
from glokal.core.settings import load_project
from glokal.dataset.canned_queries import CannedQuery, find_query
from glokal.dataset.inferences import lacks_reasoner
from glokal.dataset.known_values import bind_known
from glokal.dataset.releases.graph_diff import compare_snapshots
from glokal.dataset.releases.graph_snapshot import find_snapshot
from glokal.dataset.releases.removed_things import recorded_replacements
from glokal.dataset.sources_state import sources_state
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.diff.description import describe_diff
from glokal.site.diff.renderers import as_text
from glokal.sparql.plain_values import plain_value
from glokal.sparql.store_interface import Table


def open_project(folder: str | Path = ".") -> Project:
    """Open a region's folder; ConfigError when publication.toml is missing or wrong.

    >>> region = open_project("fjordland")
    >>> region.name, region.version
    ('fjordland', '1.0.0')
    """
    from glokal.cli.recovery import recover_before_reading

    recover_before_reading(load_project(Path(folder)).root, _hush)
    return Project(Path(folder))


@dataclass(frozen=True)
class Project:
    """A region's folder, as it is when it is opened. Made by `open_project`.

    What is read and reasoned over is kept: open it again to see what has changed.
    """

    folder: Path
    _workspace: Workspace = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        workspace = Workspace(load_project(self.folder))
        object.__setattr__(self, "_workspace", workspace)

    @property
    def name(self) -> str:
        """The slug of the publication."""
        return self._workspace.project.slug

    @property
    def version(self) -> str:
        """The version of the data."""
        return self._workspace.project.version

    @property
    def questions(self) -> tuple[Question, ...]:
        """The canned questions.

        >>> for question in open_project("fjordland").questions:
        ...     print(question.name, "-", question.words["en"])
        municipalities-in-programme - Which municipalities have activities under a programme?
        """
        return tuple(map(_question, self._workspace.queries))

    def ask(self, name: str, *, lang: str = "nb", **values: str) -> Answer:
        """Answer a canned question; values are slugs or IRIs, by parameter.

        Raises UsageError for a question, a parameter or a thing that there isn't, and
        for a question that asks another service.

        >>> region = open_project("fjordland")
        >>> answer = region.ask("municipalities-in-programme", programme="nordplus")
        >>> [row["municipalityLabel"] for row in answer.rows]
        ['Nes', 'Vik']
        """
        query = find_query(self._workspace.queries, name)
        text = bind_known(self._workspace, query, values, lang)
        answer = self._workspace.store.query(text, name=query.name)
        if not isinstance(answer, Table):
            raise UsageError(
                f"The answer to {name} is no table.", remedy="ask it with glokal query."
            )
        rows = (map(plain_value, row) for row in answer.rows)
        return Answer(
            answer.columns,
            tuple(dict(zip(answer.columns, row, strict=True)) for row in rows),
        )

    def passages(self, words: str) -> tuple[Passage, ...]:
        """Find the passages of the source that have some words, in the order of the text.

        Capitals and runs of spaces don't count.

        >>> region = open_project("fjordland")
        >>> [passage.text for passage in region.passages("fjordlandsrådet")]
        ['Fjordland består av kommunene Vik og Nes, som samarbeider gjennom Fjordlandsrådet.']
        """
        wanted = _plain(words)
        source = self._workspace.provenance.source
        found = [i for i, p in source.passages.items() if wanted in _plain(p.text)]
        return self._passages(found)

    def sources_of(self, thing: str) -> tuple[Passage, ...]:
        """Return the passages that say something of a thing, given by its IRI.

        UsageError when the project has no such thing; a thing that the strategy doesn't
        speak of has none.

        >>> region = open_project("fjordland")
        >>> vik = "https://fjordland.example/id/municipality/vik"
        >>> region.sources_of(vik)[0].text[:41]
        'Fjordland består av kommunene Vik og Nes,'
        """
        files = self._workspace.files
        if not any(text_of(t.subject) == thing for f in files for t in f.triples):
            raise UsageError(
                f"There is no thing {thing}.", remedy="give it by its whole IRI."
            )
        found = [
            passage
            for node in self._workspace.provenance.nodes.values()
            if text_of(node.triple.subject) == thing
            for passage in node.passages
        ]
        return self._passages(found)

    def _passages(self, iris: Iterable[str]) -> tuple[Passage, ...]:
        source = self._workspace.provenance.source
        known = (source.passages[i] for i in source.in_order(iris))
        return tuple(Passage(p.iri, p.text, p.start) for p in known)

    def check(self, *only: str, lang: str = "en") -> Outcome:
        """Run the steps of `glokal check`, all of them unless some are named.

        Raises UsageError for an unknown step, MissingExtraError for one that is named
        and whose extra isn't installed.

        >>> outcome = open_project("fjordland").check("syntax", "hygiene")
        >>> outcome.clean, outcome.steps
        (True, ('syntax', 'hygiene'))
        """
        from glokal.validation.pipeline import run_checks

        return outcome_of(run_checks(self._workspace, only=only, lang=lang), lang)

    def diff(self, old: str | Path, *, lang: str = "en") -> Difference:
        """Say what has changed since another graph.

        `old` is a version that was published, a revision in Git, a project, a built
        publication, or RDF files. Raises UsageError when it is none of these.

        >>> region = open_project("fjordland")
        >>> bool(region.diff("fjordland"))
        False
        """
        with scratch_folder() as folder:
            before = find_snapshot(str(old), self._workspace, folder)
            after = find_snapshot(str(self.folder), self._workspace, folder)
            changes = compare_snapshots(before, after)
            replaced = recorded_replacements(self._workspace.project)
            story = describe_diff(changes, before, after, lang, replaced=replaced)
            told = as_text(story)

        def of(state: str) -> tuple[str, ...]:
            return tuple(t.iri for t in changes.things if t.state == state)

        return Difference(of("added"), of("removed"), of("changed"), told)

    def build(self, target: str | Path = "public") -> Path:
        """Check everything, then write the publication; return its folder.

        A target that isn't absolute is below the project. Raises FindingsError when a
        check fails, and then writes nothing; MissingExtraError without `glokal[site]`,
        and without `glokal[reason]` unless the project has chosen rules.

        >>> public = open_project("fjordland").build()
        >>> (public / "doc" / "municipality" / "vik" / "index.html").is_file()
        True
        """
        need_extras(("site",), "Project.build")
        from glokal.cli.recovery import recover_before_writing
        from glokal.site.build import build_site
        from glokal.validation.pipeline import run_checks

        project = self._workspace.project
        if lacks_reasoner(self._workspace.project):
            need_extras(("reason",), "Project.build")
        with project_lock(project.root, "Project.build", wait=WAIT_SECONDS, say=_hush):
            recover_before_writing(project.root, _hush)
            read = sources_state(project)
            workspace = Workspace(project)
            report = run_checks(workspace)
            if not report.clean:
                raise FindingsError(
                    "Nothing was built.", remedy="fix what Project.check finds."
                )
            folder = project.root / target
            build_site(workspace, folder, read=read)
        return folder


def _hush(_text: str) -> None:
    """Say nothing: a library doesn't write to its caller's terminal."""


def _question(query: CannedQuery) -> Question:
    return Question(
        query.slug, dict(query.summary), {p.name: p.default for p in query.parameters}
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

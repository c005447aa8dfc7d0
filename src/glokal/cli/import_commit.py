"""Where an import lands: told to Git, on a branch of its own, as a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glokal.cli.context import write_out
from glokal.core.errors import UsageError
from glokal.core.git import Repository, find_repository
from glokal.core.git_commit import (
    Commit,
    branch_start,
    drop_branch,
    left_branch,
    make_branch,
    stage,
    stand_on,
)
from glokal.site.diff.description import DiffReport
from glokal.site.diff.renderers import as_text, story_as_markdown
from glokal.workbook.changes import ImportPlan
from glokal.workbook.dry_run import DryRun
from glokal.workbook.import_report import remark_lines, report_texts

# What Git shows of a message on one line.
_HEAD = 72


@dataclass(frozen=True)
class Checkout:
    """The repository that the project is in, and the commit on a branch of its own.

    None without a repository, and when no branch is asked for.
    """

    repository: Repository | None
    made: Commit | None


@dataclass(frozen=True)
class Landing:
    """What is asked for: a new branch, a file for the story as Markdown."""

    branch: str | None
    pull_request: Path | None

    def prepare(
        self,
        root: Path,
        outcome: DryRun,
        plan: ImportPlan,
        story: DiffReport,
        lang: str,
    ) -> Checkout:
        """Return where the change lands, before a file is written.

        The branch is made first: who is stopped then finds it, and the same import
        takes it up. Raises UsageError when the change can't be on one of its own.
        """
        repository = find_repository(root)
        if self.branch is None:
            return Checkout(repository, None)
        if repository is None:
            raise UsageError(
                "The project is in no Git repository, so that there is no branch.",
                remedy="import without --branch, or run git init first.",
            )
        before = {
            _path(repository, name): (root / name).read_bytes() if digest else None
            for name, digest in outcome.before.items()
        }
        head = branch_start(repository, self.branch, before)
        message = _message(self.branch, story, plan, lang)
        files = _files(repository, outcome)
        return Checkout(
            repository, make_branch(repository, self.branch, head, message, files)
        )

    def undo(self, place: Checkout) -> None:
        """Take away what was prepared for a change that hasn't been written."""
        if place.repository is not None and place.made is not None:
            drop_branch(place.repository, place.made)

    def take_up(self, root: Path, lang: str) -> Iterator[str]:
        """Stand on a branch whose files are written; yield what there is to say."""
        repository = find_repository(root) if self.branch else None
        if repository is None or self.branch is None:
            return
        files = left_branch(repository, self.branch)
        if files:
            stand_on(repository, self.branch, files)
            name = repository.commit(f"refs/heads/{self.branch}") or ""
            made = Commit(self.branch, name)
            words = report_texts(lang)["committed"]
            yield words.format(branch=made.branch, commit=made.short)

    def finish(
        self,
        place: Checkout,
        outcome: DryRun,
        plan: ImportPlan,
        story: DiffReport,
        lang: str,
    ) -> Iterator[str]:
        """Tell Git of what has been written; yield what there is to say of it."""
        words = report_texts(lang)
        repository = place.repository
        if repository is not None:
            files = _files(repository, outcome)
            new = {
                path: files[path]
                for name, path in zip(outcome.files, files, strict=True)
                if not outcome.before[name]
            }
            if place.made is not None:
                made = place.made
                stand_on(repository, made.branch, files)
                yield words["committed"].format(branch=made.branch, commit=made.short)
            elif new:
                stage(repository, new)
                yield words["added"]
        if self.pull_request is not None:
            write_out(_markdown(story, plan, lang), self.pull_request)
            yield words["written"].format(files=self.pull_request)


def _message(branch: str, story: DiffReport, plan: ImportPlan, lang: str) -> str:
    """Return the message of the commit: one line, then the story in words."""
    named = [a for a in plan.accepted if a.row.get("name_nb")]
    # What a row proposes comes with its activity.
    named = [a for a in named if a.kind == "activity"] or named
    names = ", ".join(dict.fromkeys(a.row["name_nb"] for a in named))
    head = f"{branch}: {names}" if names else branch
    head = head if len(head) <= _HEAD else f"{head[: _HEAD - 2].rstrip(' ,')} …"
    return f"{head}\n\n{as_text(story).strip()}\n"


def _markdown(story: DiffReport, plan: ImportPlan, lang: str) -> str:
    """Return the story, with what people said beside the cells but no personal data."""
    remarks = [*remark_lines(plan.remarks, lang, public=True)]
    told = "".join(f"- {line}\n" for line in remarks)
    head = report_texts(lang)["remarks"].format(n=len(remarks))
    return story_as_markdown(story) + (f"\n## {head}\n\n{told}" if remarks else "")


def _files(repository: Repository, outcome: DryRun) -> dict[str, bytes]:
    """Return the files that change, by their paths from the top of the tree."""
    return {
        _path(repository, name): text.encode() for name, text in outcome.files.items()
    }


def _path(repository: Repository, name: str) -> str:
    return f"{repository.prefix}/{name}" if repository.prefix else name

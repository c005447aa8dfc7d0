"""What a change does: to what the checks find, and to the answers of the questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.views import IN_STRATEGY, REPORTED
from glokal.dataset.workspace import Workspace
from glokal.sparql.store_interface import Row
from glokal.validation.finding import Finding
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.pipeline import run_checks

# The steps that judge the data; the answers are compared by themselves.
_STEPS = ("owl", "hygiene", "shacl", "quotes")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class AnswerChange:
    """How the answer to a question changes in a view, its parameters at their defaults.

    `view` is IN_STRATEGY or REPORTED (`glokal.dataset.views`).
    """

    query: CannedQuery
    removed: tuple[Row, ...]
    added: tuple[Row, ...]
    view: str = IN_STRATEGY


@dataclass(frozen=True)
class Effects:
    """What a change does: findings that are new or gone, answers that differ.

    `asked` is how many questions were compared, in the strategy's view and, when
    anything is `reported`, in that of what was reported as well.
    """

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    answers: tuple[AnswerChange, ...]
    asked: int
    reported: bool = False


def effects(
    old: Workspace,
    new: Workspace,
    *,
    lang: str = "nb",
    progress: Progress = lambda _step: None,
) -> Effects:
    """Return what the change from one project to another does.

    A question that only one of them has is left out, and so is one that asks another
    endpoint. Raises SourceError when a source can't be read.
    """
    before, after = _findings(old, lang, progress), _findings(new, lang, progress)
    progress("questions")
    requests = {query.slug: query for query in old.queries if not query.service}
    both = [(requests[q.slug], q) for q in new.queries if q.slug in requests]
    answers = [_answer(old, was, new, now, lang, IN_STRATEGY) for was, now in both]
    if old.reported or new.reported:
        progress("reported")
        told = old.reported or old, new.reported or new
        answers += [
            _answer(told[0], was, told[1], now, lang, REPORTED) for was, now in both
        ]
    return Effects(
        tuple(f for key, f in after.items() if key not in before),
        tuple(f for key, f in before.items() if key not in after),
        tuple(a for a in answers if a.removed or a.added),
        len(both),
        bool(old.reported or new.reported),
    )


def _findings(
    workspace: Workspace, lang: str, progress: Progress
) -> dict[str, Finding]:
    report = run_checks(workspace, only=_STEPS, lang=lang, progress=progress)
    # The notes that a step gives when it is asked for alone are no findings.
    counted = [f for f in report.findings if report.fails(f)]
    return dict(zip(add_fingerprints(counted), counted, strict=True))


def _answer(
    old: Workspace,
    was: CannedQuery,
    new: Workspace,
    now: CannedQuery,
    lang: str,
    view: str,
) -> AnswerChange:
    before, after = _rows(old, was, lang), _rows(new, now, lang)
    removed, added = before - after, after - before
    return AnswerChange(now, tuple(removed.elements()), tuple(added.elements()), view)


def _rows(workspace: Workspace, query: CannedQuery, lang: str) -> Counter[Row]:
    text = query.bind({}, project=workspace.project, lang=lang)
    return Counter(workspace.store.select(text, name=query.name).rows)

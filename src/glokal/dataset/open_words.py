"""What pages and answers say where not all of a document has been entered.

An answer without rows, or a cell without a value, then tells nothing of the document:
it may say what nobody has entered yet. That the document is silent is said only where a
project declares that all of it has been entered (`publication.complete`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from glokal.core.settings import Project
from glokal.core.text_tables import texts
from glokal.dataset.answer_template import NOT_STATED, WHEN, AnswerTemplate
from glokal.dataset.canned_queries import CannedQuery

# The forms of an answer that say what a document doesn't.
_DENYING = frozenset(("silent", "rest", WHEN + NOT_STATED))


def with_open_words(project: Project) -> Project:
    """Return a project whose pages say that nothing has been entered, if so."""
    if project.complete:
        return project
    own = project.translations
    ours = _words()
    below = {lang: ours[lang] for lang in project.languages if lang in ours}
    merged = {
        lang: {**below.get(lang, {}), **own.texts.get(lang, {})}
        for lang in (*below, *own.texts)
    }
    languages = own.languages or project.languages
    return replace(
        project, translations=replace(own, languages=languages, texts=merged)
    )


def without_denials(
    project: Project, queries: Iterable[CannedQuery]
) -> tuple[CannedQuery, ...]:
    """Return questions whose answers deny nothing that may not have been entered."""
    if project.complete:
        return tuple(queries)
    return tuple(
        replace(q, answer=_open(q.answer)) if q.answer is not None else q
        for q in queries
    )


def _open(answer: AnswerTemplate) -> AnswerTemplate:
    forms = {}
    for lang, own in answer.forms.items():
        kept = {case: form for case, form in own.items() if case not in _DENYING}
        words = answer.words.get(lang) or texts("sentence").get(lang, {})
        forms[lang] = {**kept, "none": str(words.get("not_entered", kept["none"]))}
    return replace(answer, forms=forms)


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.dataset").joinpath("open_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

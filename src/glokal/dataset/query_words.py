"""The words of canned questions in the languages that a project brings texts for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from glokal.core.languages import ByLanguage
from glokal.core.po_files import Translations
from glokal.core.text_tables import texts
from glokal.dataset.answer_template import NEEDED_FORMS, AnswerTemplate
from glokal.dataset.canned_queries import CannedQuery

# What the keys of the texts of questions begin with.
QUESTIONS_TABLE = "questions"


def worded(query: CannedQuery, added: Translations) -> CannedQuery:
    """Return a query with its texts in the languages of a project's files besides.

    An answer is told in a language whose forms are all there.
    """
    key = f"{QUESTIONS_TABLE}.{query.slug}"
    parameters = tuple(
        replace(p, label=_more(p.label, added.of(f"{key}.params.{p.name}")))
        for p in query.parameters
    )
    answer = query.answer and _answer(query.answer, f"{key}.answer", added)
    return replace(
        query,
        summary=_more(query.summary, added.of(f"{key}.summary")),
        asked=dict(_more(query.asked, added.of(f"{key}.asked"))),
        parameters=parameters,
        answer=answer,
    )


def question_texts(queries: Iterable[CannedQuery]) -> dict[str, dict[str, Any]]:
    """Return the texts of questions as a table, by language and question."""
    result: dict[str, dict[str, Any]] = {}
    for query in queries:
        parts: dict[str, Mapping[str, str]] = {"summary": query.summary}
        if query.asked:
            parts["asked"] = query.asked
        parts |= {f"params.{p.name}": p.label for p in query.parameters}
        if query.answer:
            parts["answer.item"] = query.answer.item
            parts["answer.unknown"] = query.answer.unknown
            for lang, forms in query.answer.forms.items():
                for form, text in forms.items():
                    told = parts.setdefault(f"answer.{form}", {})
                    parts[f"answer.{form}"] = {**told, lang: text}
        if query.answer and query.answer.unknown == query.answer.item:
            del parts["answer.unknown"]
        for part, said in parts.items():
            for lang, text in said.items():
                _put(result.setdefault(lang, {}), (query.slug, *part.split(".")), text)
    return result


def _put(table: dict[str, Any], path: tuple[str, ...], text: str) -> None:
    *above, last = path
    for name in above:
        table = table.setdefault(name, {})
    table[last] = text


def _more(known: Mapping[str, str], others: Mapping[str, str]) -> ByLanguage[str]:
    return ByLanguage({**known, **others})


def _answer(template: AnswerTemplate, key: str, added: Translations) -> AnswerTemplate:
    forms = dict(template.forms)
    items, unknown = dict(template.item), dict(template.unknown)
    # In the order of the header: of several that fit the first is told.
    names = dict.fromkeys(form for told in template.forms.values() for form in told)
    names |= dict.fromkeys(("zero", "two", "few"))
    words = dict(template.words)
    for lang in added.texts:
        own = {form: added.of(f"{key}.{form}").get(lang) for form in names}
        usually = template.forms.get(lang, {})
        both = {form: own[form] or usually.get(form) for form in names}
        told = {form: text for form, text in both.items() if text}
        if not set(told) >= NEEDED_FORMS:
            continue
        forms[lang] = told
        usual = ByLanguage(template.item)[lang]
        item = added.of(f"{key}.item").get(lang)
        items[lang] = item or usual
        otherwise = items[lang] if item else template.unknown.get(lang, usual)
        unknown[lang] = added.of(f"{key}.unknown").get(lang, otherwise)
        words[lang] = texts("sentence", added)[lang]
    return replace(template, forms=forms, item=items, unknown=unknown, words=words)

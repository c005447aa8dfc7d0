"""Words of the questions that come with Glokal, in languages their headers lack."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from glokal.core.languages import ByLanguage
from glokal.dataset.canned_queries import CannedQuery


def worded(query: CannedQuery, languages: Iterable[str]) -> CannedQuery:
    """Return a query with its question and its parameters' names in some languages.

    What its header says stands; a question whose wording isn't known stays as it is.
    """
    wanted = tuple(languages)
    parameters = tuple(
        replace(p, label=_more(p.label, wanted)) for p in query.parameters
    )
    return replace(
        query,
        summary=_more(query.summary, wanted),
        asked=dict(_more(query.asked, wanted)),
        parameters=parameters,
    )


def _more(texts: Mapping[str, str], languages: Iterable[str]) -> ByLanguage[str]:
    known = {
        lang: _words()[lang][texts["nb"]]
        for lang in languages
        if lang not in texts and texts.get("nb", "") in _words().get(lang, {})
    }
    return ByLanguage({**texts, **known})


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.dataset").joinpath("query_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

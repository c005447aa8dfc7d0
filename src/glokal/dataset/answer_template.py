"""The template by which the answer to a canned question is put in a sentence.

It stands in the header of the query:

    #+ answer:
    #+   of: programme
    #+   item: "{programmeLabel} ({municipalityCount})"
    #+   nb: {none: "…", one: "…", many: "{Count} programmer …: {items}."}

`of` names the columns that make one item of the answer; rows that agree in them are one
item. `item` is its text, one for all languages or one each. Of the forms of a language
`none` is for no rows, `one` and `many` for so many items; `silent` is for rows that all
leave the first of those columns open, and `rest` follows the others when some do; with
`disputed` the items about which the sources disagree are not counted with the others,
and named in this sentence after it; `partly` is the sentence about those rows on which
they disagree while the item rests on others as well. `by` names a column of labels by
which the items are told apart, each by its first row. `when VALUE` is the whole
sentence where the first column of `of` has that value; of several the first that fits.

A field in braces is a column, the first of its item, with `*` behind it all of them,
and with `+` the sum over all rows; a parameter, which gives the name of what was
chosen; or `count`, `Count` (at the beginning of a sentence), `items`, `unknown` and
`disputed`. There is nothing else in a template, for a project's queries may be a
stranger's.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from glokal.core.errors import Place, SourceError
from glokal.core.languages import PAGE_LANGUAGES, ByLanguage

# The words of the column `relation` where the sources disagree, and where they say
# nothing.
DISPUTED = "disputed"
NOT_STATED = "not stated"
PARTLY = "partly"
WHEN = "when "
NEEDED_FORMS = frozenset(("none", "one", "many"))
_FORMS = {
    "none",
    "zero",
    "one",
    "two",
    "few",
    "many",
    "silent",
    "rest",
    DISPUTED,
    PARTLY,
}
_OF_ANSWER = {"count", "Count", "items", "unknown", DISPUTED}
# The language that every header has.
Texts = Mapping[str, str]


@dataclass(frozen=True)
class AnswerTemplate:
    """The template of a query's answer, as its header has it."""

    of: tuple[str, ...]
    item: Texts
    unknown: Texts
    by: str
    forms: Mapping[str, Texts]
    # Those that sentences are made with, by language, where a project has its own.
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Return the columns by which rows are put together and told apart."""
        return {*self.of, *([self.by] if self.by else [])}

    def fields(self) -> set[str]:
        """Return the columns and parameters that the template names."""
        texts = [*self.item.values(), *self.unknown.values()]
        texts += [form for forms in self.forms.values() for form in forms.values()]
        return {f.rstrip("*+") for t in texts for f in template_fields(t)} - _OF_ANSWER


def read_template(header: Any, languages: Iterable[str], name: str) -> AnswerTemplate:
    """Return the template that a header has under `answer`.

    Raises SourceError, with the name of the query's file, for one that has another form
    or lacks a language. It may be in more, with all of its texts.
    """
    try:
        more = (lang for lang in PAGE_LANGUAGES if lang in header)
        languages = tuple(dict.fromkeys((*languages, *more)))
        of = header["of"]
        template = AnswerTemplate(
            of=(of,) if isinstance(of, str) else tuple(map(_text, of)),
            item=_in_all(header["item"], languages),
            unknown=_in_all(header.get("unknown", header["item"]), languages),
            by=_text(header.get("by", "")),
            forms={lang: _forms(header[lang]) for lang in languages},
        )
        template.fields()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(
            f"The header's answer has another form than it should ({error}).",
            remedy="write it with of, item, and none, one and many in each language, "
            "as the other queries have it, or leave it out.",
            place=Place(name, 1),
        ) from error
    return template


def answer_language(template: AnswerTemplate, lang: str) -> str:
    """Return the language of the sentence that is asked for in one."""
    return ByLanguage(template.forms).language(lang)


def template_fields(text: str) -> list[str]:
    """Return the fields of a template; ValueError for what is none."""
    fields = []
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if form or conversion or not name.rstrip("*+").isidentifier():
            raise ValueError(f"{{{name}}} is no field")
        fields.append(name)
    return fields


def _in_all(value: Any, languages: Iterable[str]) -> Texts:
    if isinstance(value, str):
        return dict.fromkeys(languages, value)
    return {lang: _text(value[lang]) for lang in languages}


def _forms(value: Any) -> Texts:
    forms = {key: _text(text) for key, text in value.items()}
    usual = {key for key in forms if not key.startswith(WHEN)}
    if not NEEDED_FORMS <= usual <= _FORMS:
        raise ValueError(f"forms are {', '.join(sorted(_FORMS))}")
    return forms


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value

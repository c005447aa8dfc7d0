"""The file that a translator fills: written, written again, and its faults.

Each text of the site is an entry, with its English, what it is in bokmål and where it
is used; entries that have been translated stay. `glokal.core.po_files` reads it.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from glokal.core.languages import ByLanguage
from glokal.core.locales import name_in, plural_categories
from glokal.core.po_files import PoEntry, fields_of, leaves
from glokal.core.settings import Project
from glokal.core.text_tables import NOT_TRANSLATED, TABLES, table
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.query_words import QUESTIONS_TABLE, question_texts

_FLAG = "python-brace-format"
# Forms of words that depend on a number: what one of them ends in, and the others.
_ONE, _MORE = "_one", ("_two", "_few", "_zero")
_MANY = ("", "_many", "_note")
_WHERE = {
    "words": "The pages",
    "kinds": "What a thing is, in the sentence at the top of its page",
    "sections": "The headings on the pages of things",
    "sentence": "What answers in a sentence are made with",
    "catalogue": "What the catalogues say of themselves",
    QUESTIONS_TABLE: "The questions and their answers",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry: `unknown`, `fields`, `broken`, `twice` or `old`."""

    kind: str
    entry: PoEntry
    fields: tuple[str, ...] = ()


def source_texts(queries: Iterable[CannedQuery]) -> dict[str, ByLanguage[str]]:
    """Return every text of the site by its key, in the languages that come along."""
    tables = {name: table(name) for name in TABLES} | {
        QUESTIONS_TABLE: question_texts(queries)
    }
    result: dict[str, ByLanguage[str]] = {}
    for name, by_language in tables.items():
        for lang in ("en", "nb", "nn", "sv"):
            for key, text in leaves(by_language.get(lang, {}), name):
                if text and not key.startswith(NOT_TRANSLATED):
                    result.setdefault(key, ByLanguage())[lang] = text
    # A list may have more in another language than in English.
    return {key: said for key, said in result.items() if "en" in said}


def written_file(
    project: Project,
    lang: str,
    texts: Mapping[str, ByLanguage[str]],
    known: Iterable[PoEntry] = (),
) -> bytes:
    """Return the file for a language, with what is `known` of it.

    A translation whose English has changed is marked as fuzzy; one whose text is gone
    stays at the end of the file, as obsolete.
    """
    before = {entry.key: entry for entry in known}
    title = project.title.get("en") or next(iter(project.title.values()))
    catalog = Catalog(
        locale=lang.replace("-", "_"),
        project=title,
        version=project.version,
        copyright_holder=project.publisher.name[project.languages[0]],
        header_comment=_header(lang),
        creation_date=_midnight(project),
        revision_date=_midnight(project),
        msgid_bugs_address=project.contact.url,
        language_team=name_in(lang, "en"),
        charset="utf-8",
        fuzzy=False,
    )
    for key, said in _with_forms(texts, lang).items():
        _add(catalog, key, said, before.pop(key, None))
    for key, entry in before.items():
        if entry.text and key:
            catalog.obsolete[entry.source, key] = Message(
                entry.source, entry.text, context=key
            )
    result = io.BytesIO()
    write_po(result, catalog, width=0, no_location=True)
    return result.getvalue()


def faults(
    entries: Iterable[PoEntry], texts: Mapping[str, ByLanguage[str]], lang: str
) -> Iterator[Fault]:
    """Yield what is wrong with the entries of a file."""
    seen: set[str] = set()
    every = _with_forms(texts, lang)
    for entry in entries:
        known = every.get(entry.key)
        if known is None:
            yield Fault("unknown", entry)
            continue
        if entry.key in seen:
            yield Fault("twice", entry)
        seen.add(entry.key)
        if not entry.text or entry.unsure:
            continue
        source = known["en"]
        if entry.source != source:
            yield Fault("old", entry)
        own = fields_of(entry.text)
        if own is None:
            yield Fault("broken", entry)
        elif wrong := own ^ (fields_of(source) or set()):
            yield Fault("fields", entry, tuple(sorted(wrong)))


def missing(entries: Iterable[PoEntry], texts: Mapping[str, ByLanguage[str]]) -> int:
    """Return how many texts a file doesn't have yet."""
    there = {e.key for e in entries if e.is_there}
    return len(texts.keys() - there)


def _with_forms(
    texts: Mapping[str, ByLanguage[str]], lang: str
) -> dict[str, ByLanguage[str]]:
    """Return texts, each that has a form for one followed by what more a language has.

    Those stand for several, so their original is that of many.
    """
    forms = [f"_{c}" for c in plural_categories(lang) if f"_{c}" in _MORE]
    result: dict[str, ByLanguage[str]] = {}
    for key, said in texts.items():
        result[key] = said
        if key.endswith(_ONE):
            start = key.removesuffix(_ONE)
            known = (start + end for end in _MANY if start + end in texts)
            if many := next(known, ""):
                result |= {start + form: texts[many] for form in forms}
        elif key.endswith(".one") and key.startswith(f"{QUESTIONS_TABLE}."):
            start = key.removesuffix("one")
            result |= {f"{start}{form[1:]}": texts[f"{start}many"] for form in forms}
    return result


def _add(
    catalog: Catalog,
    key: str,
    said: ByLanguage[str],
    before: PoEntry | None,
) -> None:
    source = said["en"]
    flags = {_FLAG} if "{" in source or "}" in source else set()
    text = before.text if before else ""
    if before and (before.unsure or (text and before.source != source)):
        flags.add("fuzzy")
    comments = [_WHERE[key.partition(".")[0]]]
    comments += [f"bokmål: {said['nb']}"] if "nb" in said else []
    if fields := sorted(fields_of(source) or ()):
        comments.append(f"keep: {' '.join(f'{{{f}}}' for f in fields)}")
    for form in _MORE:
        if key.endswith(form):
            comments.append(f"the form for numbers of the kind {form[1:]} in CLDR")
    catalog.add(
        source,
        text,
        flags=flags,
        auto_comments=comments,
        context=key,
    )


def _header(lang: str) -> str:
    return (
        f"# The texts of the pages in {name_in(lang, 'en')}, for PROJECT.\n"
        "# Fill msgstr; leave what stands in braces. What is empty or fuzzy stands in "
        "the\n# nearest language. glokal words export writes this file again with what "
        "is new."
    )


def _midnight(project: Project) -> datetime.datetime:

    day = project.modified
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)

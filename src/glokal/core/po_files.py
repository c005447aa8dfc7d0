"""Texts of the site in further languages: the files in a project's `words/`.

`words/fi.po` has the texts in Finnish, in the form that translators' tools read (GNU
gettext, "The Format of PO Files"). What an entry is of stands in its `msgctxt`, such as
`words.about_data`; `msgid` is the text in English, `msgstr` what it is in the language.
An entry that is marked as fuzzy, or empty, isn't there yet. A language of the package
may have such a file too, with what a region words in its own way.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glokal.core.errors import Place, SourceError
from glokal.core.files.bounded_read import decode, read_bytes
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.languages import ByLanguage, completed

FOLDER = "words"
ENDING = ".po"
_MEGABYTES = 4


@dataclass(frozen=True)
class PoEntry:
    """A text of a file: its key, both texts, its line, and whether it is unsure."""

    key: str
    source: str
    text: str
    line: int
    unsure: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the text is translated, with the fields of the original."""
        if not self.text or self.unsure:
            return False
        return fields_of(self.text) == fields_of(self.source) is not None


@dataclass(frozen=True, eq=False)
class Translations:
    """What a project's files have, by language and key, and its own languages."""

    languages: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def into(
        self, name: str, words: Mapping[str, Mapping[str, Any]]
    ) -> ByLanguage[dict[str, Any]]:
        """Return a table of words with those of the files put in, and completed.

        `name` is what the keys of the table begin with. A list counts when it is whole.
        """
        pattern: Mapping[str, Any] = words.get("en") or words.get("nb") or {}
        merged = {lang: dict(named) for lang, named in words.items()}
        for lang, texts in self.texts.items():
            own = _shaped(pattern, name, texts)
            merged[lang] = _over(merged.get(lang, {}), own)
        return completed(merged, self.languages)

    def of(self, key: str) -> dict[str, str]:
        """Return the texts that the files have for a key, by language."""
        return {lang: texts[key] for lang, texts in self.texts.items() if key in texts}


NONE = Translations()


def read_translations(root: Path, languages: tuple[str, ...]) -> Translations:
    """Read the files of a project, for languages that it publishes in.

    Raises SourceError for one that can't be read, with its line.
    """
    texts = {}
    for lang in languages:
        path = root / FOLDER / f"{lang}{ENDING}"
        if path.is_file():
            entries = read_entries(root, path)
            texts[lang] = {e.key: e.text for e in entries if e.is_there}
    return Translations(languages, texts)


def read_entries(root: Path, path: Path, *, gone: bool = False) -> list[PoEntry]:
    """Return the entries of a file; SourceError for one that is no PO in UTF-8.

    With `gone` those come first that stand at its end as obsolete.
    """
    # Babel is asked for only where there is such a file.
    from babel.messages.pofile import PoFileError, read_po

    name = path.relative_to(root).as_posix()
    refuse_way_out(root, path, name)
    text = decode(read_bytes(path, name, _MEGABYTES), name)
    try:
        catalogue = read_po(
            text.splitlines(keepends=True), charset="utf-8", abort_invalid=True
        )
    except (PoFileError, ValueError, LookupError, IndexError) as error:
        # Babel counts lines from 0.
        line = getattr(error, "lineno", None)
        raise SourceError(
            "The line is none of a PO file.",
            remedy="correct it, or write the file anew with glokal words export.",
            place=Place(name, None if line is None else line + 1),
        ) from error
    return [
        PoEntry(
            str(message.context or ""),
            _one(message.id),
            _one(message.string),
            message.lineno or 1,
            message.fuzzy,
        )
        for message in (*(catalogue.obsolete.values() if gone else ()), *catalogue)
        if message.id
    ]


def fields_of(text: str) -> set[str] | None:
    """Return the fields of a text, None when its braces are broken.

    `Count` is `count` at the beginning of a sentence, which may be elsewhere in another
    language.
    """
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    fields = {name for _, name, _, _ in parts if name is not None}
    return {"count" if name == "Count" else name for name in fields}


def leaves(words: Any, above: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a table of words, each with its key."""
    match words:
        case str():
            yield above, words
        case dict():
            for name, value in words.items():
                yield from leaves(value, f"{above}.{name}")
        case list():
            for number, value in enumerate(words):
                yield from leaves(value, f"{above}.{number}")


def _shaped(pattern: Any, key: str, texts: Mapping[str, str]) -> Any:
    """Return the texts in the form of a table, None where there are none."""
    match pattern:
        case str():
            return texts.get(key)
        case dict():
            parts = {
                name: _shaped(value, f"{key}.{name}", texts)
                for name, value in pattern.items()
            }
            return {name: value for name, value in parts.items() if value is not None}
        case list():
            items = [_shaped(v, f"{key}.{n}", texts) for n, v in enumerate(pattern)]
            return items if items and None not in items else None
    return None


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _over(result[key], value) if both else value
    return result


def _one(text: Any) -> str:
    return str(text[0] if isinstance(text, (list, tuple)) else text or "")

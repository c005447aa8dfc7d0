"""The texts of the data that a person is to write in a further language, as a PO file.

An entry is known by the thing and the property that it is said by (`msgctxt`); `msgid`
is the text in a language of the project, and the file and line stand above it (`#:`).
What is proposed is marked as fuzzy, and counts when a person has taken the mark away.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from glokal.core.locales import name_in
from glokal.core.po_files import read_entries
from glokal.core.settings import Project

FOLDER = "drafts"


@dataclass(frozen=True)
class MissingText:
    """A text that a thing lacks in a language.

    `texts` is what it is in the languages that it has; `known` what it surely is, ""
    where that is for a person to say; `proposal` what it may be.
    """

    subject: str
    path: str
    file: str
    line: int
    texts: Mapping[str, str]
    known: str = ""
    proposal: str = ""

    @property
    def key(self) -> str:
        """What an entry of it is known by."""
        return f"{self.subject} {self.path}"


def text_draft_file(lang: str) -> str:
    """Return the name of the file of a language."""
    return f"{FOLDER}/texts-{lang}.po"


def read_text_draft(project: Project, lang: str) -> tuple[dict[str, str], ...]:
    """Return what a person has written, by key, and what is still marked as fuzzy.

    Raises SourceError for a file that can't be read, with its line.
    """
    path: Path = project.root / text_draft_file(lang)
    sure: dict[str, str] = {}
    unsure: dict[str, str] = {}
    if path.is_file():
        for entry in read_entries(project.root, path):
            if entry.text.strip():
                (unsure if entry.unsure else sure)[entry.key] = entry.text
    return sure, unsure


def written_text_draft(
    project: Project,
    lang: str,
    missing: Iterable[MissingText],
    unsure: Mapping[str, str],
) -> bytes:
    """Return the file with what is missing; the first of the texts is the original.

    What is `unsure`, by key, stands in it as it was.
    """
    first = project.languages[0]
    day = project.modified
    made = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    catalogue = Catalog(
        locale=lang.replace("-", "_"),
        project=project.title[first],
        version=project.version,
        header_comment=(
            f"# What the data lack in {name_in(lang, 'en')}. Fill msgstr, take away "
            f"fuzzy from what\n# is right, and run: glokal words fill {lang}"
        ),
        creation_date=made,
        revision_date=made,
        charset="utf-8",
        fuzzy=False,
    )
    for each in missing:
        languages = [x for x in ("en", first, *each.texts) if x in each.texts]
        source = each.texts[languages[0]] if languages else each.key
        others = [
            f"{own}: {each.texts[own]}"
            for own in dict.fromkeys(languages[1:])
            if each.texts[own] != source
        ]
        proposal = unsure.get(each.key) or each.proposal
        catalogue.add(
            source,
            proposal,
            locations=[(each.file, each.line)],
            flags={"fuzzy"} if proposal else set(),
            auto_comments=others,
            context=each.key,
        )
    result = io.BytesIO()
    write_po(result, catalogue, width=0)
    return result.getvalue()

"""The files of translators in `words/`: keys, fields and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glokal.core.errors import Place
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.locales import is_known, name_in
from glokal.core.po_files import ENDING, FOLDER, read_entries
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.translation_files import faults, missing, source_texts
from glokal.rdf.project_files import folder_of
from glokal.validation.finding import Finding, Severity, make_finding

STEP = "hygiene"
# What is told and stops nothing: the text stands, or its nearest does.
_ADVICE = ("old",)


def check_translations(
    project: Project, queries: Iterable[CannedQuery]
) -> Iterator[Finding]:
    """Yield a finding for each fault of an entry, with its line.

    A note says how many texts a language of the publication has not; one whose texts
    come along needs no file. Raises SourceError for a file that can't be read.
    """
    files = {f.path.name: f for f in folder_of(project, FOLDER).of(ENDING)}
    wanted = [f"{x}{ENDING}" for x in project.languages if x not in PAGE_LANGUAGES]
    if not files and not wanted:
        return
    texts = source_texts(queries)
    for name in sorted({*files, *wanted}):
        lang = name.removesuffix(ENDING)
        path = f"{FOLDER}/{name}"
        if not is_known(lang):
            yield make_finding(
                STEP, "translation-language", place=Place(path), lang=lang
            )
            continue
        entries = read_entries(project.root, files[name].path) if name in files else []
        for fault in faults(entries, texts, lang):
            advice = fault.kind in _ADVICE
            yield make_finding(
                STEP,
                f"translation-{fault.kind}",
                severity=Severity.INFO if advice else Severity.VIOLATION,
                place=Place(path, fault.entry.line),
                advice=advice,
                key=fault.entry.key,
                fields=", ".join(f"{{{field}}}" for field in fault.fields),
            )
        left = missing(entries, texts) if lang not in PAGE_LANGUAGES else 0
        if left and lang in project.languages:
            yield make_finding(
                STEP,
                "translation-missing",
                severity=Severity.INFO,
                place=Place(path),
                advice=True,
                number=left,
                all=len(texts),
                lang=lang,
                name_en=name_in(lang, "en"),
                name_nb=name_in(lang, "nb"),
                name_nn=name_in(lang, "nn"),
                name_sv=name_in(lang, "sv"),
            )

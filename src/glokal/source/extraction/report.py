"""What a document was read as, in words: counts, and all that is unsure."""

from __future__ import annotations

from glokal.core.plurals import filled
from glokal.source.extraction.blocks import Doubt, Extraction
from glokal.source.extraction.citations import phrases
from glokal.source.extraction.passages import CutDocument


def doubt_text(doubt: Doubt, language: str) -> str:
    """Return what was unsure, in words."""
    words: str = phrases()["doubts"][doubt.rule][language]
    return filled(words, language, **doubt.values)


def extraction_report(
    name: str, extraction: Extraction, document: CutDocument, language: str
) -> str:
    """Return how a document was read, as Markdown."""
    words = phrases()["report"]
    values = {
        "name": name,
        "passages": len(document.passages),
        "letters": len(document.text),
        "pages": extraction.pages,
    }
    counts = words["counts" if extraction.pages else "plain"][language]
    lines = [
        f"# {words['title'][language].format(**values)}",
        "",
        filled(counts, language, **values),
        "",
        f"## {words['unsure'][language]}",
        "",
    ]
    for doubt in extraction.doubts:
        where = words["page"][language].format(number=doubt.page)
        quoted = f" `{doubt.text}`" if doubt.text else ""
        start = f"{where}: " if doubt.page else ""
        lines.append(f"- {start}{doubt_text(doubt, language)}.{quoted}")
    if not extraction.doubts:
        lines.append(words["nothing"][language])
    return "\n".join(lines) + "\n"

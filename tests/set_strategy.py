"""The strategy's own text, set anew as a PDF: the outside judge of the import.

Chromium sets it in two columns with running heads, words divided at the end of lines,
and the appendix as a table without rules. The words are those of `data/source.ttl`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from tests.conftest import ROOT

SHY = "&shy;"
PAGE, PAGES = (f'<span class="{n}"></span>' for n in ("pageNumber", "totalPages"))
_VOWELS = "aeiouyæøå"
STYLE = """
@page { size: A4; margin: 24mm 20mm; }
body { font: 10.5pt/1.35 'Liberation Sans', 'Noto Sans', sans-serif; hyphens: manual; }
h1 { font-size: 24pt; } h2 { font-size: 15pt; } h3 { font-size: 11.5pt; }
.two { columns: 2; column-gap: 9mm; ALIGN }
.two p, li { margin: 0 0 2.2mm 0; } h1, h2, h3 { break-after: avoid; text-align: left; }
.vision { font-weight: bold; margin: 0 }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; table-layout: fixed;
  break-before: page; }
td, th { vertical-align: top; text-align: left; padding: 3mm 3mm 3mm 0; RULES }
td p { margin: 0 0 2mm 0; } ul { list-style: none; padding: 0; }
"""


@dataclass(frozen=True)
class Known:
    """A passage of `data/source.ttl`."""

    name: str
    start: int
    kind: str
    text: str
    exact: str
    citation: str
    heading: str
    read_with: str


def known(path: Path = ROOT / "data" / "source.ttl") -> list[Known]:
    """Return the passages of the strategy, in the order of its text."""
    of: dict[str, dict[str, str]] = {}
    for t in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE):
        name = t.subject.value.rpartition("/")[2]
        key = t.predicate.value.removeprefix(GLO)
        if getattr(t.object, "language", None) in (None, "nb"):
            of.setdefault(name, {})[key] = t.object.value
    results = [
        Known(
            name,
            int(p["startOffset"]),
            p["passageKind"].rpartition("/")[2],
            p["readingText"],
            p["exactText"],
            p["citation"],
            p.get("underHeading", "").rpartition("/")[2],
            p.get("readWith", "").rpartition("/")[2],
        )
        for name, p in of.items()
        if "startOffset" in p
    ]
    return sorted(results, key=lambda p: p.start)


def divided(text: str) -> str:
    """Return a text as HTML in which long words may be divided between consonants."""
    words = []
    for word in text.split():
        parts, last = [], 0
        for at in range(3, len(word) - 3):
            pair, around = word[at - 1 : at + 1], word[at - 2] + word[at + 1]
            if (
                word.isalpha()
                and word[1:].islower()
                and all(c not in _VOWELS for c in pair)
                and all(c in _VOWELS for c in around)
                and at - last > 2
            ):
                parts.append(word[last:at])
                last = at
        parts.append(word[last:])
        words.append(SHY.join(html.escape(p) for p in parts))
    return " ".join(words)


def page(*, ruled: bool = False, justified: bool = False) -> str:
    """Return the strategy as HTML."""
    passages = known()
    links = [p for p in passages if p.kind == "link"]
    style = STYLE.replace("ALIGN", "text-align: justify;" if justified else "")
    style = style.replace("RULES", "border: 0.5pt solid black;" if ruled else "")
    text, table = _flow(passages, links), _table(passages)
    return (
        f'<html lang="nb"><meta charset="utf-8"><style>{style}</style>'
        f"<h1>{divided(passages[0].text)}</h1><div class='two'>{text}</div>{table}"
    )


def _flow(passages: Sequence[Known], links: Sequence[Known]) -> str:
    parts: list[str] = []
    opened = ""
    for p in passages[1:]:
        if p.kind.startswith("table") or "Vedlegg" in p.citation:
            continue
        if p.kind == "link" and p.text.startswith(("http", "[")):
            continue
        words = divided(p.text)
        for link in links:
            if _belongs(link, p):
                local = f"file:///C:/Users/x/{link.start}.pdf"
                to = link.text if link.text.startswith("http") else local
                words = f'<a href="{to}">{words}</a>'
        vision = p.citation.startswith("Tre visjoner, punkt") and p.kind == "list-item"
        starts = p.exact != "" and p.kind != "sentence"
        goes_on = p.kind == "sentence" and "andre setning" in p.citation
        new = not goes_on and (starts or _begins_paragraph(p, passages))
        if new and opened:
            parts.append(f"</{opened}>")
            opened = ""
        if p.kind == "heading":
            tag = "h3" if p.text.isupper() else "h2"
            parts.append(f"<{tag}>{words}</{tag}>")
        elif vision:
            parts.append(f"<p class='vision'>{words}</p>")
        elif p.kind == "list-item":
            mark = "" if p.text[0].isdigit() else "• "
            parts.append(f"<p>{mark}{words}")
            opened = "p"
        elif new or not opened:
            parts.append(f"<p>{words}")
            opened = "p"
        else:
            parts.append(f" {words}")
    return "\n".join(parts)


def _belongs(link: Known, p: Known) -> bool:
    """Whether an address stands behind the words of a passage."""
    part, _, place = p.citation.rpartition(", ")
    if place == "lenketeksten":
        return link.citation == f"{part}, lenken"
    return link.citation == f"{part}, lenken i {place}"


def _begins_paragraph(p: Known, passages: Sequence[Known]) -> bool:
    """Whether a sentence begins a paragraph: it begins its line in the strategy."""
    before = [q for q in passages if q.start < p.start][-1]
    if before.kind != "sentence":
        return True
    gap = p.start - before.start - len(before.exact)
    return gap >= 2


def _table(passages: Sequence[Known]) -> str:
    heads = [
        p for p in passages if p.kind == "table-heading" and "kolonnen" in p.citation
    ]
    rows = [p for p in passages if p.kind == "table-heading" and p not in heads]
    intro = [p for p in passages if p.citation.startswith("Vedlegg, overskrift ")]
    result = "".join(f"<h2>{divided(p.text)}</h2>" for p in intro)
    result += "".join(
        f"<p>{divided(p.text)}</p>"
        for p in passages
        if p.citation == "Vedlegg, setning 1"
    )
    result += "<table><thead><tr>"
    result += "".join(f"<th>{divided(h.text)}</th>" for h in heads) + "</tr></thead>"
    for row in rows:
        result += f"<tr><td>{divided(row.text)}</td>"
        for head in heads[1:]:
            cell = [
                f"<p>{divided(p.text)}</p>"
                for p in passages
                if p.heading == row.name and p.read_with == head.name
            ]
            result += f"<td>{''.join(cell)}</td>"
        result += "</tr>"
    return result + "</table>"


def print_pdf(content: str, target: Path) -> Path:
    """Let Chromium print HTML to a PDF, with running heads and numbers of pages."""
    from playwright.sync_api import sync_playwright

    style = "font-size: 8pt; width: 100%; text-align: center"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        tab = browser.new_page()
        tab.set_content(content)
        tab.pdf(
            path=str(target),
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template=f'<div style="{style}">Internasjonal strategi</div>',
            footer_template=f'<div style="{style}">Side {PAGE} av {PAGES}</div>',
        )
        browser.close()
    return target

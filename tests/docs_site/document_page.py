"""A document as HTML: names of headings, coloured code, tables that can be moved."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from tests.docs_site.documents import ROOT, sources
from tests.docs_site.flowchart import drawn


@dataclass(frozen=True)
class DocumentPage:
    """A document: its HTML, its title, what it begins with, its headings, its links.

    A heading is its level, its name in an address and its words. `links` are the
    places in the repository that it leads to.
    """

    body: str
    title: str
    lead: str
    headings: tuple[tuple[int, str, str], ...]
    links: tuple[Path, ...]


class _Renderer(RendererHTML):
    """As CommonMark has it, but for code and for tables."""

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """Colour code in a language that Pygments knows."""
        token = tokens[idx]
        if token.info == "mermaid":
            return f'<div class="scroll" tabindex="0">{drawn(token.content)}</div>\n'
        try:
            lexer = get_lexer_by_name(token.info or "text")
        except ClassNotFound:
            lexer = get_lexer_by_name("text")
        code = highlight(token.content, lexer, HtmlFormatter(nowrap=True))
        return f'<pre tabindex="0"><code>{code}</code></pre>\n'

    code_block = fence

    def table_open(self, *_: Any) -> str:
        """Let a wide table be moved by itself, by keys too."""
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        """End it."""
        return "</table></div>\n"


def read(source: Path) -> DocumentPage:
    """Return a document of the repository as HTML."""
    reader = MarkdownIt("commonmark", renderer_cls=_Renderer).enable("table")
    tokens = reader.parse((ROOT / source).read_text(encoding="utf-8"))
    links: list[Path] = []
    seen: dict[str, int] = {}
    headings: list[tuple[int, str, str]] = []
    lead = ""
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[number + 1])
            name = _anchor(words, seen)
            token.attrSet("id", name)
            # Of a function its name is enough in a list.
            short = words.partition("(")[0] if " -> " in words else words
            headings.append((int(token.tag[1:]), name, short))
        elif token.type == "paragraph_open" and not lead:
            lead = _plain(tokens[number + 1])
        for child in token.children or ():
            links += _linked(child, source)
    title = next((w for level, _, w in headings if level == 1), source.stem)
    body = reader.renderer.render(tokens, reader.options, {})
    return DocumentPage(body, title, lead, tuple(headings), tuple(links))


def _anchor(words: str, seen: dict[str, int]) -> str:
    """Return the name of a heading as code hosts make it."""
    plain = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
    seen[plain] = seen.get(plain, -1) + 1
    return f"{plain}-{seen[plain]}" if seen[plain] else plain


def _plain(inline: Token) -> str:
    """Return the words of a paragraph or heading, without marks and pictures."""
    kept = (t.content for t in inline.children or () if t.type != "image")
    return " ".join("".join(text or " " for text in kept).split())


def _linked(token: Token, source: Path) -> Iterator[Path]:
    """Yield the place that a link leads to; one to a document leads to its page."""
    attribute = {"link_open": "href", "image": "src"}.get(token.type)
    if attribute is None:
        return
    address = urlsplit(str(token.attrGet(attribute)))
    if address.scheme or address.netloc or not address.path:
        return
    place = (ROOT / source.parent / address.path).resolve().relative_to(ROOT)
    yield place
    to = address.path
    if place in sources():
        to = to.removesuffix(".md") + ".html"
    elif (ROOT / place).is_dir():
        to = f"{to.rstrip('/')}/index.html"
    token.attrSet(attribute, to + (f"#{address.fragment}" if address.fragment else ""))


def listed(names: Sequence[tuple[str, str]]) -> str:
    """Return a list of links, each with its address and its words."""
    items = (
        f'<li><a href="{html.escape(to)}">{html.escape(words)}</a></li>'
        for to, words in names
    )
    return f"<ul>{''.join(items)}</ul>"

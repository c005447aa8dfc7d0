"""The Markdown twin of each page, for programs that read text.

A twin is made of the finished page, so that it says what the page says and nothing
else: the page's own main part, its notice and its licence, without menus, forms and
pictures (whose numbers stand in the tables beside them). What the data say is escaped,
as the page escapes it. Links are whole addresses, for a twin is read away from its
place. CommonMark with the tables of GitHub Flavored Markdown.
"""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from html_to_markdown import ConversionOptions, NodeContext, convert

from glokal.site.markdown_escapes import with_few_escapes
from glokal.site.page_paths import twin_path
from glokal.site.renderer import PageRenderer

# What is of no use in a text: ways around the site, what needs a browser, and words
# that stand twice, once for the eye and once for the ear. One name each: beside a
# visitor the library doesn't know what stands inside what.
_LEFT_OUT = (
    ".top", ".bar", ".skip", ".crumbs", ".picker", ".ways", "form", "svg", "script",
    "[aria-hidden=true]", "caption.hidden",
)  # fmt: skip


def write_twins(pages: PageRenderer) -> None:
    """Write the twin of each page that has been written since the last call."""
    for page in pages.written[pages.twins :]:
        file, address = f"{page}index.html", pages.project.address + page
        digest = pages.kept.digest(file)
        # Of a page whose digest isn't known there may be another one by now.
        key = digest and pages.kept.key("twin", address, digest)
        make = partial(_twin, pages.root / file, address)
        pages.files.write(twin_path(page), key, make)
    pages.twins = len(pages.written)


def _twin(page: Path, address: str) -> bytes:
    return as_markdown(page.read_text(encoding="utf-8"), address).encode()


def as_markdown(html: str, address: str) -> str:
    """Return a page as Markdown; `address` is where the page stands."""
    # Asked of each element it makes the conversion half as long again.
    visitor: Any = _Summaries() if "<summary><h" in html else None
    text = convert(html, _options(address), visitor).content
    return f"{with_few_escapes((text or '').strip())}\n\n<{address}>\n"


class _Summaries:
    """Lets a heading that folds a part of a page be a heading."""

    def visit_summary(self, _context: NodeContext, text: str) -> dict[str, str]:
        """Return what stands in the place of a summary."""
        inner = text.strip()
        heading = inner.startswith("#")
        return {"custom": f"\n\n{inner}\n\n" if heading else f"**{inner}** "}


@lru_cache(maxsize=1)
def _options(address: str) -> ConversionOptions:
    return ConversionOptions(
        base_url=address,
        exclude_selectors=list(_LEFT_OUT),
        extract_metadata=False,
        compact_tables=True,
        skip_images=True,
        autolinks=True,
        escape_misc=True,
        escape_asterisks=True,
        escape_underscores=True,
    )

"""The documents as a site of its own, with the look of the pages: `make docs`.

Each Markdown file of the documents becomes a page at the same place; what they link to
besides (queries, settings, tests) is copied as it is, and a folder becomes a list of
what is in it. So every link leads somewhere without a code host.
"""

from __future__ import annotations

import html
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
STYLE = ROOT / "src/glokal/site/static/style.css"
FRONT = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Glokal</title>
<link rel="stylesheet" href="{up}style.css">
</head>
<body>
<header class="top"><div class="wrap"><p class="site">Glokal</p>
<nav aria-label="Glokal"><ul class="bar">{nav}</ul></nav></div></header>
<main class="wrap">
{body}
</main>
</body>
</html>
"""
NAV = (
    ("README.html", "Glokal"),
    ("docs/installation.html", "Installation"),
    ("docs/checking.html", "Checking"),
    ("docs/server.html", "Server"),
    ("docs/api.html", "Python"),
    ("docs/architecture.html", "Architecture"),
    ("docs/decisions/index.html", "Decisions"),
    ("CONTRIBUTING.html", "Contributing"),
    ("CHANGELOG.html", "Changes"),
)
# Written for Norwegian readers; the others are in English.
IN_NORWEGIAN = ("docs/guide-municipality.md", "docs/guide-ny-region.md")


def sources() -> list[Path]:
    """Return the documents, by their places in the repository."""
    found = [Path(name) for name in FRONT]
    return found + sorted(p.relative_to(ROOT) for p in (ROOT / "docs").rglob("*.md"))


def build(target: Path) -> list[Path]:
    """Write the site into a folder that is made anew; return its pages."""
    shutil.rmtree(target, ignore_errors=True)
    pages = []
    waiting: dict[Path, None] = {}
    for source in sources():
        page = target / source.with_suffix(".html")
        text, links = _page(source)
        waiting |= dict.fromkeys(links)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        pages.append(page)
    for linked in waiting:
        if (ROOT / linked).is_dir():
            pages += _list(linked, target)
        elif linked.suffix != ".md" or linked not in sources():
            _copy(linked, target)
    shutil.copy(STYLE, target / "style.css")
    shutil.copy(target / "README.html", target / "index.html")
    return pages


def _page(source: Path) -> tuple[str, list[Path]]:
    """Return a document as HTML, and the places of what it links to."""
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse((ROOT / source).read_text(encoding="utf-8"))
    links: list[Path] = []
    seen: dict[str, int] = {}
    title = source.stem
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[number + 1].content
            title = words if token.tag == "h1" else title
            token.attrSet("id", _anchor(words, seen))
        for child in token.children or ():
            links += _linked(child, source)
    body = reader.renderer.render(tokens, reader.options, {})
    return _framed(source, _plain(title), body), links


def _framed(source: Path, title: str, body: str) -> str:
    up = "../" * (len(source.parts) - 1)
    nav = "".join(f'<li><a href="{up}{to}">{name}</a></li>' for to, name in NAV)
    lang = "nb" if source.as_posix() in IN_NORWEGIAN else "en"
    return PAGE.format(lang=lang, title=html.escape(title), up=up, nav=nav, body=body)


def _anchor(words: str, seen: dict[str, int]) -> str:
    """Return the name of a heading as code hosts make it."""
    plain = re.sub(r"[^\w\- ]", "", _plain(words).lower()).replace(" ", "-")
    seen[plain] = seen.get(plain, -1) + 1
    return f"{plain}-{seen[plain]}" if seen[plain] else plain


def _plain(words: str) -> str:
    """Return inline Markdown without its marks."""
    inline = MarkdownIt("commonmark").parseInline(words)[0]
    return "".join(t.content for t in inline.children or ())


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


def _list(folder: Path, target: Path) -> list[Path]:
    """Write the list of a folder, with copies of what it names."""
    items = []
    for path in sorted((ROOT / folder).iterdir()):
        place = path.relative_to(ROOT)
        if not path.is_file() or path.name.startswith("."):
            continue
        if place in sources():
            name = place.with_suffix(".html").name
        else:
            _copy(place, target)
            name = place.name
        items.append(f'<li><a href="{name}">{html.escape(path.stem)}</a></li>')
    body = f"<h1>{html.escape(folder.as_posix())}</h1>\n<ul>{''.join(items)}</ul>"
    page = target / folder / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    text = _framed(folder / "index.html", folder.as_posix(), body)
    page.write_text(text, encoding="utf-8")
    return [page]


def _copy(place: Path, target: Path) -> None:
    copy = target / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / place, copy)


if __name__ == "__main__":
    written = build(Path(sys.argv[1]))
    print(f"{len(written)} pages in {sys.argv[1]}")

"""Write the site: pages, the list of them, what they lead to, and the search."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pagefind_bin
from jinja2 import Environment, FileSystemLoader

from tests.docs_site.document_page import DocumentPage, listed, read
from tests.docs_site.documents import (
    DECISIONS,
    GROUPS,
    ROOT,
    language,
    sources,
    title,
)

HERE = Path(__file__).parent
# The look of the pages.
STATIC = ROOT / "src/glokal/site/static"
_FILES = Environment(loader=FileSystemLoader(HERE), autoescape=True)
# Fewer headings than this are seen without a list of them.
_MANY = 4


def build(target: Path) -> list[Path]:
    """Write the site into a folder that is made anew; return its pages."""
    shutil.rmtree(target, ignore_errors=True)
    pages = []
    waiting: dict[Path, None] = {DECISIONS: None}
    for source in sources():
        page = read(source)
        waiting |= dict.fromkeys(page.links)
        pages.append(_document(source, page, target))
    for linked in waiting:
        if (ROOT / linked).is_dir():
            pages.append(_folder(linked, target))
        elif linked.suffix != ".md" or linked not in sources():
            _copy(linked, target)
    for name, heading in (
        ("documents.html", "All documents"),
        ("search.html", "Search"),
    ):
        pages.append(_page(target / name, Path(name), name, title=heading))
    for name in ("style.css", "icon.svg"):
        shutil.copy(STATIC / name, target / name)
    for name in ("docs.css", "search.js"):
        shutil.copy(HERE / name, target / name)
    shutil.copy(target / "README.html", target / "index.html")
    _index(target)
    return pages


def _document(source: Path, page: DocumentPage, target: Path) -> Path:
    headings = [each for each in page.headings if each[0] in (2, 3)]
    if len(headings) > 30:
        headings = [each for each in headings if each[0] == 2]
    return _page(
        target / source.with_suffix(".html"),
        source,
        "document.html",
        title=page.title,
        lead=page.lead,
        body=page.body,
        contents=headings if len(headings) >= _MANY else [],
    )


def _page(file: Path, source: Path, template: str, **values: Any) -> Path:
    """Write a page of the site with a template."""
    up = "../" * (len(source.parts) - 1)
    groups = {
        group: [
            (
                Path(name).with_suffix(".html").as_posix(),
                title(Path(name)),
                language(Path(name)),
                Path(name) == source,
            )
            for name in names
        ]
        for group, names in GROUPS.items()
    }
    decisions = source.parts[:2] == DECISIONS.parts
    text = _FILES.get_template(template).render(
        up=up, groups=groups, decisions=decisions, lang=language(source), **values
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _folder(folder: Path, target: Path) -> Path:
    """Write the list of a folder, with copies of what it names."""
    names = []
    for path in sorted((ROOT / folder).iterdir()):
        place = path.relative_to(ROOT)
        if not path.is_file() or path.name.startswith("."):
            continue
        if place in sources():
            names.append((place.with_suffix(".html").name, title(place)))
        else:
            _copy(place, target)
            names.append((place.name, place.name))
    heading = "Decisions" if folder == DECISIONS else folder.as_posix()
    return _page(
        target / folder / "index.html",
        folder / "index.html",
        "document.html",
        title=heading,
        body=f"<h1>{heading}</h1>\n{listed(names)}",
    )


def _copy(place: Path, target: Path) -> None:
    copy = target / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / place, copy)


def _index(target: Path) -> None:
    """Let Pagefind index the pages: all in one, since English readers look for both."""
    subprocess.run(
        [pagefind_bin.get_executable(), "--site", ".", "--silent",
         "--force-language", "en"],
        cwd=target, check=True, capture_output=True,
    )  # fmt: skip

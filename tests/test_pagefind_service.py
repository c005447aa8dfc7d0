"""The search index: the same on every file system, of the pages to be found alone."""

from __future__ import annotations

import json
import random
from html.parser import HTMLParser
from pathlib import Path

import pytest

from glokal.core.errors import ToolError
from glokal.site import pagefind_service
from glokal.site.pagefind_service import make_index

PAGE = """<!doctype html><html lang="{lang}"><title>{name}</title>
<body><nav class="crumbs">way</nav><main data-pagefind-body><h1>{name}</h1>
<p>A text about {name} and rivers.</p></main></body></html>"""


def _pages(root: Path, seed: int) -> list[str]:
    """Write pages in an order of chance, which a file system may give them back in."""
    names = [f"{lang}/doc/{n}/index.html" for lang in ("en", "nb") for n in range(60)]
    for name in random.Random(seed).sample(names, len(names)):
        (root / name).parent.mkdir(parents=True)
        text = PAGE.format(lang=name[:2], name=f"thing{name.split('/')[2]}")
        (root / name).write_text(text, encoding="utf-8")
    return sorted(names)


def _index(root: Path, names: list[str]) -> dict[str, bytes]:
    """The files of an index; its entry lists the languages in an order of chance."""
    files = dict(make_index(root, names, [".crumbs"]))
    entry = json.loads(files["pagefind-entry.json"])
    files["pagefind-entry.json"] = json.dumps(entry, sort_keys=True).encode()
    return files


def test_the_index_is_the_same_however_the_files_lie(tmp_path: Path) -> None:
    made = []
    for seed in (1, 2):
        root = tmp_path / str(seed)
        made.append(_index(root, _pages(root, seed)))
    assert made[0] == made[1]
    assert len([name for name in made[0] if name.startswith("fragment/")]) == 120


class _Marks(HTMLParser):
    found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= any(name == "data-pagefind-body" for name, _ in attrs)


def test_all_pages_with_the_mark_are_in_the_index(region_publication: Path) -> None:
    public = region_publication / "public"
    marked = 0
    for page in public.rglob("*.html"):
        marks = _Marks()
        marks.feed(page.read_text(encoding="utf-8"))
        marked += marks.found
    entry = json.loads((public / "pagefind/pagefind-entry.json").read_text("utf-8"))
    assert sum(o["page_count"] for o in entry["languages"].values()) == marked > 20


def test_a_service_that_ends_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = _pages(tmp_path, 1)
    monkeypatch.setattr(
        pagefind_service.pagefind_bin, "get_executable", lambda: "/bin/true"
    )
    with pytest.raises(ToolError, match="Pagefind made no search index"):
        make_index(tmp_path, names, [])


def test_a_page_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="Pagefind made no search index"):
        make_index(tmp_path, [*_pages(tmp_path, 1), "gone/index.html"], [])

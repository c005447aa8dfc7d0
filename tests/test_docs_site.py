"""The site of the documents: every link and anchor leads somewhere, commands exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from markdown_it import MarkdownIt

from glokal.cli.main import cli
from tests import docs_site


class _Page(HTMLParser):
    """The links of a page, and the names that links may lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names |= {given["id"] or ""} if "id" in given else set()
        self.links += [v for k in ("href", "src") if (v := given.get(k))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("docs") / "site"
    assert len(docs_site.build(target)) > 60
    return target


def test_every_link_and_anchor_leads_somewhere(site: Path) -> None:
    pages = {
        path: _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }
    tried = 0
    for path, page in pages.items():
        for link in page.links:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            to = (
                (path.parent / unquote(address.path)).resolve()
                if address.path
                else path
            )
            assert to.is_file(), f"{path.relative_to(site)}: {link}"
            if address.fragment and to in pages:
                assert unquote(address.fragment) in pages[to].names, f"{path}: {link}"
            tried += 1
    assert tried > 700


def test_every_document_stands_once_in_the_list() -> None:
    named = [name for names in docs_site.GROUPS.values() for name in names]
    documents = [*docs_site.ROOT.glob("*.md"), *(docs_site.ROOT / "docs").glob("*.md")]
    found = sorted(p.relative_to(docs_site.ROOT).as_posix() for p in documents)
    assert sorted(named) == found


def test_a_page_says_its_language_and_has_coloured_code(site: Path) -> None:
    guide = (site / "docs/guide-ny-region.html").read_text(encoding="utf-8")
    assert '<html lang="nb">' in guide and '<header class="top" lang="en">' in guide
    english = (site / "CONTRIBUTING.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in english
    assert 'lang="nb" hreflang="nb">En ny region' in english
    # A keyword of SPARQL, by Pygments' name for its kind.
    assert '<span class="k">SELECT</span>' in english
    assert '<a href="#add-a-question">Add a question</a>' in english


def test_the_drawing_of_the_packages_is_a_picture(site: Path) -> None:
    shown = (site / "docs/architecture.html").read_text(encoding="utf-8")
    assert "flowchart TD" not in shown
    (drawing,) = re.findall(r'<svg class="flowchart".*?</svg>', shown, re.DOTALL)
    row = dict(re.findall(r'y="(\d+)" text-anchor="middle">(\w+)<', drawing))
    assert drawing.count("<rect") >= 15 and "cli to server" in drawing
    # What other programs import and the command line stand above all, the core below.
    heights = {name: int(height) for height, name in row.items()}
    assert sorted(heights, key=heights.__getitem__)[:2] == ["api", "cli"]
    assert max(heights, key=heights.__getitem__) == "core"


def _commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each call of glokal that stands in a block of shell in the documents."""
    for source in docs_site.sources():
        if source.name == "CHANGELOG.md":
            continue
        text = (docs_site.ROOT / source).read_text(encoding="utf-8")
        for token in MarkdownIt("commonmark").parse(text):
            if token.type != "fence" or token.info not in ("sh", "console", "bash"):
                continue
            lines = token.content.replace("\\\n", " ").splitlines()
            for part in (p for line in lines for p in re.split(r"&&|\|\|", line)):
                words = shlex.split(part.removeprefix("$ "), comments=True)
                words = [w for w in words if not re.fullmatch(r"[A-Z_]+=.*", w)]
                if words and words[0] in ("glokal", ".venv/bin/glokal"):
                    yield source.as_posix(), words[1:]


def test_the_commands_in_the_documents_are_understood() -> None:
    """None is run, since many serve or wait: the options are held against each."""
    found = list(_commands())
    assert len(found) >= 20
    for source, words in found:
        command: click.Command = cli
        context = click.Context(cli, info_name="glokal")
        rest = words
        while isinstance(command, click.Group) and rest and rest[0][:1] != "-":
            within = command.get_command(context, rest[0])
            assert within is not None, f"{source}: glokal {' '.join(words)}"
            command, rest = within, rest[1:]
        known = {option for param in command.params for option in param.opts}
        known |= {"--help", "-h"}
        options = {w.partition("=")[0] for w in rest if w.startswith("-") and w != "-"}
        if command is cli:
            continue
        assert options <= known, f"{source}: glokal {' '.join(words)}"

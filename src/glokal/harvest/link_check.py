"""Every link of the publication, followed over HTTP.

Pages, the sitemap, the catalogue and robots.txt; links to other hosts are counted and
not followed, for a build must not depend on them.
"""

from __future__ import annotations

import html.parser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox

from glokal.core.errors import InputError, Place
from glokal.harvest.harvester import HarvestClient
from glokal.rdf.xml_limits import check_xml

_ATTRIBUTES = {
    "a": "href", "form": "action", "image": "href", "img": "src", "link": "href",
    "script": "src", "source": "src", "use": "href",
}  # fmt: skip


@dataclass(frozen=True)
class DeadLink:
    """A link that leads nowhere: the file it stands in, the target, what came back.

    The status is 200 when the page is there and the place in it isn't.
    """

    source: str
    target: str
    status: int


@dataclass(frozen=True)
class Links:
    """What following the links gave."""

    followed: int
    dead: tuple[DeadLink, ...]
    outside: int


def follow_links(publication: Path, client: HarvestClient, service: str = "") -> Links:
    """Follow every link from every file of a publication, each target once.

    `service` is the address of an endpoint, which no file answers: it is counted with
    the links to others, even below the publication's own address.
    """
    targets: dict[str, str] = {}
    outside: set[str] = set()
    places: dict[str, set[str]] = {}
    for source, url in _all_links(publication, client.address, places):
        if client.is_ours(url) and urldefrag(url).url != service:
            targets.setdefault(url, source)
        elif urlsplit(url).scheme in ("http", "https"):
            outside.add(urldefrag(url).url)
    dead = []
    for url, source in sorted(targets.items()):
        page, fragment = urldefrag(url)
        status = client.status(page)
        # Where the base of the names is the address itself, a name is an address, too,
        # and without a slash at its end. Links in pages must not lean on a redirect.
        if status == 301 and not source.endswith(".html"):
            status = client.status(f"{page}/")
        lost = fragment and page in places and fragment not in places[page]
        if status != 200 or lost:
            dead.append(DeadLink(source, url, status))
    return Links(len(targets), tuple(dead), len(outside))


def _all_links(
    publication: Path, address: str, places: dict[str, set[str]]
) -> Iterator[tuple[str, str]]:
    for path in sorted(publication.rglob("*")):
        name = path.relative_to(publication).as_posix()
        here = address + quote(name)
        if path.suffix == ".html":
            here = here.removesuffix("index.html")
            page = _Page()
            page.feed(path.read_text(encoding="utf-8"))
            places[here] = page.places
            yield from ((name, urljoin(here, link)) for link in page.links)
        elif name == "robots.txt":
            for result in re.findall(r"^Sitemap: (\S+)", path.read_text("utf-8"), re.M):
                yield name, result
        elif path.suffix in (".xml", ".atom"):
            yield from ((name, url) for url in _in_xml(path))
        elif "/" not in name and path.suffix == ".ttl":
            yield from ((name, url) for url in _in_catalogue(path, address))


def _in_xml(path: Path) -> list[str]:
    """Return the addresses of a sitemap, or of the links of a feed (RFC 4287).

    Raises InputError for what is no XML.
    """
    results = []
    try:
        with path.open("rb") as file:
            check_xml(file, path.name)
            file.seek(0)
            for _, element in ElementTree.iterparse(file):  # noqa: S314
                name = element.tag.rpartition("}")[2]
                if name == "loc" and element.text:
                    results.append(element.text.strip())
                elif name == "link" and element.get("href"):
                    results.append(element.attrib["href"])
    except SyntaxError as error:
        raise InputError(
            f"The file is no XML ({error.msg}).",
            remedy="build the publication again.",
            place=Place(path.name, error.lineno, error.offset),
        ) from error
    return results


def _in_catalogue(path: Path, address: str) -> list[str]:
    try:
        parsed = list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    except SyntaxError:
        # The harvest tells of it.
        return []
    return [
        quad.object.value
        for quad in parsed
        if isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(address)
    ]


class _Page(html.parser.HTMLParser):
    """Collects the links of a page and the places in it that links can lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag's link and its id."""
        results = dict(attrs)
        link = results.get(_ATTRIBUTES.get(tag, ""))
        if link:
            self.links.append(link)
        if tag == "meta" and (results.get("http-equiv") or "").lower() == "refresh":
            self.links.append((results.get("content") or "").partition("url=")[2])
        if results.get("id"):
            self.places.add(str(results["id"]))

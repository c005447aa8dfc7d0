"""Link headers (RFC 8288): the other forms of a document, what it is about, licence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath

import pyoxigraph as ox

from glokal.core.files.data_files import MARKDOWN, TURTLE
from glokal.core.namespaces import CODE, GLO, RDF, SHAPE
from glokal.core.settings import Project
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.rdf.terms import text_of
from glokal.server.build_snapshot import SiteSnapshot
from glokal.server.response_formats import HTML
from glokal.site.data_exports import VOCABULARY
from glokal.site.page_paths import twin_path

# What the files of words, codes and shapes are about: each has one namespace.
_ABOUT = {
    VOCABULARY["ontology"]: GLO.rstrip("#"),
    VOCABULARY["codes"]: CODE,
    VOCABULARY["shapes"]: SHAPE.rstrip("#"),
}
_WORDS_PAGE = "def/index.html"


def thing_links(
    project: Project, site: SiteSnapshot, thing: str, name: str
) -> list[str]:
    """Return the links of a document about a thing, `name` being its file."""
    own = PurePosixPath(name).suffix
    page = project.address + site.leads.get(thing, f"doc/{thing}/")
    links = [
        f'<{project.things}{thing}>; rel="describes"',
        f'<{project.licence}>; rel="license"',
    ]
    if thing not in site.leads:
        links.append(f'<{page}>; rel="canonical"')
    for media in (HTML, *SUFFIXES):
        suffix = SUFFIXES.get(media)
        if own == f".{suffix or 'html'}":
            continue
        address = f"{project.address}doc/{thing}.{suffix}" if suffix else page
        links.append(f'<{address}>; rel="alternate"; type="{media}"')
    if own == ".html":
        data = f"{project.address}doc/{thing}.ttl"
        links.append(f'<{data}>; rel="describedby"; type="{TURTLE}"')
    return [*links, *(f'<{kind}>; rel="type"' for kind in _kinds_in(site, thing))]


def file_links(project: Project, site: SiteSnapshot, name: str) -> list[str]:
    """Return the links of a file whose graph can be had in other forms, too.

    The page of the words has those of the words. Any other file has none.
    """
    base = name.removesuffix(PurePosixPath(name).suffix)
    if name.endswith(_WORDS_PAGE):
        base = VOCABULARY["ontology"]
    forms = {media: f"{base}.{suffix}" for media, suffix in SUFFIXES.items()}
    others = {m: path for m, path in forms.items() if path in site.files}
    if len(others) < 2 or name not in (*forms.values(), f"{_home(name)}{_WORDS_PAGE}"):
        return []
    links = [
        f'<{project.address}{path}>; rel="alternate"; type="{media}"'
        for media, path in others.items()
        if path != name
    ]
    if base in _ABOUT:
        page = f"{project.address}def/"
        links.append(f'<{_ABOUT[base]}>; rel="describes"')
        if name.endswith(_WORDS_PAGE):
            data = f"{project.address}{base}.ttl"
            links.append(f'<{data}>; rel="describedby"; type="{TURTLE}"')
        else:
            links.append(f'<{page}>; rel="alternate"; type="{HTML}"')
    return [*links, f'<{project.licence}>; rel="license"']


def twin_of(site: SiteSnapshot, name: str) -> str | None:
    """Return the Markdown twin of a page by the page's file; None for all else."""
    if PurePosixPath(name).name != "index.html":
        return None
    path = twin_path(name.removesuffix("index.html"))
    return path if path in site.files else None


def twin_links(project: Project, site: SiteSnapshot, name: str) -> list[str]:
    """Return the link of a page to its twin, and of a twin to its page."""
    if twin := twin_of(site, name):
        return [f'<{project.address}{twin}>; rel="alternate"; type="{MARKDOWN}"']
    base = name.removesuffix(".md")
    page = "" if base == "index" else f"{base}/"
    if name == base or f"{page}index.html" not in site.files:
        return []
    address = f"{project.address}{page}"
    return [
        f'<{address}>; rel="canonical"',
        f'<{address}>; rel="alternate"; type="{HTML}"',
    ]


def _home(name: str) -> str:
    """Return the folder of a language that a page is in, "" for the first one's."""
    return name.removesuffix(_WORDS_PAGE) if name.endswith(_WORDS_PAGE) else ""


def _kinds_in(site: SiteSnapshot, thing: str) -> tuple[str, ...]:
    name = f"doc/{thing}.nt"
    return _kinds(site.read(name), thing) if name in site.files else ()


@lru_cache(maxsize=4096)
def _kinds(triples: bytes, thing: str) -> tuple[str, ...]:
    """Return the classes that the document of a thing gives it."""
    result = ox.parse(input=triples, format=ox.RdfFormat.N_TRIPLES)
    end = f"/id/{thing}"
    return tuple(
        sorted(
            q.object.value
            for q in result
            if q.predicate.value == RDF + "type"
            and isinstance(q.object, ox.NamedNode)
            and text_of(q.subject).endswith(end)
        )
    )

"""The rules of static hosts: where names lead, what is gone, headers of every answer.

The same rules in the words of each host: Netlify and Cloudflare Pages `_redirects` and
`_headers`, Apache `.htaccess`, nginx `_nginx.conf`, Caddy `_Caddyfile`. All paths begin
with the path of the publication's address. Such hosts match Accept as text: they look
for the name of a type, and read no weights.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from urllib.parse import urlsplit

import jinja2

from glokal.core.files.data_files import GZIP, MEDIA_TYPES, NAMED_TYPES, XLSX
from glokal.core.settings import Project
from glokal.rdf.serializers.formats import ALSO_ASKED_AS, SUFFIXES
from glokal.site.data_exports import VOCABULARY
from glokal.site.page_paths import PLAIN
from glokal.site.security_headers import (
    EDITIONS,
    EVERYTHING,
    FOR_EVER,
    FRAME_OPTIONS,
    HEADERS,
    LASTING,
    PLAIN_PAGES,
)
from glokal.source.statements import STATEMENT

# The file of each host, and the template that it is made by.
FILES = {
    ".htaccess": "htaccess.txt",
    "_Caddyfile": "caddyfile.txt",
    "_headers": "headers.txt",
    "_nginx.conf": "nginx.txt",
    "_redirects": "redirects.txt",
}
# What words, codes and shapes lead to, for programs: the file without its ending.
_WORDS = (
    ("def", VOCABULARY["ontology"]),
    ("code/[^/]+(?:/[^/]+)?", VOCABULARY["codes"]),
    ("shape", VOCABULARY["shapes"]),
)
_TYPES = {**MEDIA_TYPES, ".html": "text/html"}
# What is packed already.
_PACKED = (GZIP, XLSX, "image/png", "application/octet-stream")


@dataclass(frozen=True)
class _Form:
    """A form of a graph: its ending, and patterns of the types that it is asked by.

    `loose` is a type that clients send who take anything, too.
    """

    suffix: str
    type: str
    loose: str


@dataclass(frozen=True)
class _Kind:
    """Names of one kind, by the last part of each as a pattern."""

    kind: str
    slugs: str


def host_files(
    project: Project,
    things: Iterable[str],
    leads: Mapping[str, str],
    retired: Mapping[str, str],
    last_edition: str = "",
    folders: Iterable[str] = (),
) -> dict[str, str]:
    """Return the text of the file of each host.

    `things` have pages of their own, `leads` the page of each other name. `retired` are
    the paths of things that are gone below `id/`, each with what has come instead.
    `last_edition` is the version that `edition/latest/` leads to, `folders` are those
    at the root of the publication.
    """
    prefix = urlsplit(project.address).path
    own = {iri.removeprefix(project.things) for iri in things}
    kinds = {name.partition("/")[0] for name in own | set(retired)}
    described = {
        name: page
        for iri, page in sorted(leads.items())
        for name in [iri.removeprefix(project.things)]
        if name.partition("/")[0] != STATEMENT
    }
    # A kind that has no thing is led as one; where there are both, each by its name.
    whole: dict[tuple[str, str], None] = {}
    single: dict[str, str] = {}
    for name, page in described.items():
        kind = name.partition("/")[0]
        pages = {p for n, p in described.items() if n.partition("/")[0] == kind}
        if kind in kinds or len(pages) > 1:
            single[name] = page
        else:
            whole[kind, page] = None
    values = {
        "prefix": prefix,
        "pattern": re.escape(prefix),
        "statement": STATEMENT,
        "types": sorted(_TYPES.items()),
        "named": sorted(NAMED_TYPES.items()),
        "packable": sorted({m for m in _TYPES.values() if m not in _PACKED}),
        "whole": sorted(whole),
        "single": sorted(single.items()),
        "gone": _by_kind(old for old, new in retired.items() if not new),
        "left": sorted(o for o, new in retired.items() if not new),
        "replaced": sorted((old, new) for old, new in retired.items() if new),
        "forms": [
            _Form(suffix, re.escape(media), re.escape(ALSO_ASKED_AS[media]))
            for media, suffix in SUFFIXES.items()
        ],
        "words": _WORDS,
        "languages": [(lang, f"{lang}/") for lang in project.languages[1:]],
        "policy": EVERYTHING,
        "plain": PLAIN,
        "plain_policy": PLAIN_PAGES,
        "frame_options": FRAME_OPTIONS,
        # The pages at the root, then each folder but that of the plain pages.
        "folders": [
            "",
            *(f"{name}/*" for name in sorted(folders) if f"{name}/" != PLAIN),
        ],
        "headers": HEADERS,
        "lasting": LASTING,
        "for_ever": FOR_EVER,
        "editions": EDITIONS,
        "last": last_edition,
    }
    templates = _templates()
    return {
        name: templates.get_template(source).render(values)
        for name, source in FILES.items()
    }


def _by_kind(names: Iterable[str]) -> list[_Kind]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        kind, _, slug = name.partition("/")
        kinds[kind].append(re.escape(slug))
    return [_Kind(re.escape(kind), "|".join(s)) for kind, s in kinds.items()]


def _templates() -> jinja2.Environment:
    # Nothing here is HTML, and no name holds what a rule could be broken by.
    result = jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(
            str(resources.files("glokal.site").joinpath("templates/hosts"))
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    result.filters["textual"] = _textual
    return result


def _textual(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media

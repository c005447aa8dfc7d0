"""Where the pages of each member are, and of each thing that it has named.

A member that is a folder keeps the publication that its own build makes, below
`region/SLUG/`. One that is a dump has a page there that lists what it has named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.dataset.regions.members import MemberGraphs, member_name
from glokal.dataset.regions.together import Together
from glokal.rdf.terms import literal_in, text_of
from glokal.site.name_search import NamedPage, index_file, read_names, search_key
from glokal.site.renderer import PageRenderer

FOLDER = "region"
# What the page of a dump lists, and what is counted of each region.
KINDS = ("Programme", "InternationalActivity", "Organisation", "Country", "Place")
_NAMES = {RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"}
_LAST = 6


class MemberPages:
    """The pages of members: paths are below the root of the whole publication.

    `publications` are those of the members that are folders, by slug.
    """

    def __init__(self, together: Together, publications: Mapping[str, Path]) -> None:
        self._together = together
        self._publications = publications
        self._labels: dict[str, list[ox.Literal]] = defaultdict(list)
        for member in together.members:
            for graph, triples in member.own():
                if member.in_default_graph(graph):
                    for t in triples:
                        named = t.predicate.value in _NAMES
                        if named and isinstance(t.object, ox.Literal):
                            self._labels[text_of(t.subject)].append(t.object)

    def home(self, member: MemberGraphs, lang: str, own: str) -> str:
        """Return the path of a member's first page; `own` is the whole's own home."""
        slug = member.member.slug
        if slug not in self._publications:
            return f"{own}{FOLDER}/{slug}/"
        return f"{FOLDER}/{slug}/{self._home_in(member, lang)}"

    def page(self, thing: str, lang: str, own: str) -> str:
        """Return the path of a thing's page, "" when there is none."""
        member = self._together.owner(thing)
        if member is None:
            return ""
        slug, tail = member.member.slug, thing.removeprefix(f"{member.base}id/")
        folder = self._publications.get(slug)
        if folder is None:
            listed = any(thing == iri for _, iri in self.listed(member))
            return f"{own}{FOLDER}/{slug}/#{page_anchor(tail)}" if listed else ""
        for path in (f"{self._home_in(member, lang)}doc/{tail}/", f"id/{tail}/"):
            if (folder / path / "index.html").is_file():
                return f"{FOLDER}/{slug}/{path}"
        return ""

    def label(self, thing: str, lang: str) -> str:
        """Return what a thing is called in a language or the nearest one."""
        found = literal_in(self._labels.get(thing, ()), lang, "nb", "nn", "en", "")
        every = self._labels.get(thing)
        last = every[0].value if every else thing.rstrip("/").rpartition("/")[2]
        return found.value if found else last

    def listed(self, member: MemberGraphs) -> list[tuple[str, str]]:
        """Return the things of a member that are shown or counted, each by its kind."""
        told = self._together.same.told
        number = self._together.members.index(member)
        return [
            (kind, thing)
            for thing, owner in told.owner.items()
            if owner == number
            for kind in KINDS
            if told.types.has(thing, GLO + kind)
        ]

    def by_kind(
        self, member: MemberGraphs, lang: str, words: Mapping[str, str]
    ) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Return what the page of a dump lists: anchor, name and IRI, by kind.

        `words` are the headings.
        """
        kinds: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
        for kind, thing in self.listed(member):
            kinds[kind][thing] = None
        start = f"{member.base}id/"
        seen: set[str] = set()
        results = []
        for kind, things in kinds.items():
            # What is of two kinds is listed once.
            rows = [
                (page_anchor(x.removeprefix(start)), self.label(x, lang), x)
                for x in things
                if x not in seen
            ]
            seen.update(things)
            if rows:
                results.append(
                    (words[kind], sorted(rows, key=lambda r: sort_key(r[1], lang)))
                )
        return results

    def named(self, pages: PageRenderer, lang: str) -> Iterator[NamedPage]:
        """Yield what search finds by name among the members, told by their names."""
        up = "../" * pages.home(lang).count("/")
        for member in self._together.members:
            region, slug = member_name(member, lang), member.member.slug
            folder = self._publications.get(slug)
            if folder is None:
                yield from self._of_dump(pages, member, lang, region)
                continue
            home = self._home_in(member, lang)
            theirs = self._language(member, lang)
            for page in read_names((folder / index_file(theirs)).read_bytes()):
                yield NamedPage(
                    page.title,
                    page.lang or (theirs if theirs != lang else ""),
                    f"{up}{FOLDER}/{slug}/{home}{page.href}",
                    f"{page.kind}, {region}",
                    page.weight,
                    page.keys,
                )

    def _of_dump(
        self, pages: PageRenderer, member: MemberGraphs, lang: str, region: str
    ) -> Iterator[NamedPage]:
        words = pages.words[lang]["regions_words"]["kinds"]
        for heading, rows in self.by_kind(member, lang, words):
            for mark, label, thing in rows:
                every = [x.value for x in self._labels.get(thing, ())] or [label]
                keys = dict.fromkeys(filter(None, map(search_key, every)))
                href = f"{FOLDER}/{member.member.slug}/#{mark}"
                kind = f"{heading}, {region}"
                yield NamedPage(label, "", href, kind, _LAST, tuple(keys))

    def _language(self, member: MemberGraphs, lang: str) -> str:
        project = member.member.project
        assert project is not None
        return lang if lang in project.languages else project.languages[0]

    def _home_in(self, member: MemberGraphs, lang: str) -> str:
        project = member.member.project
        assert project is not None
        theirs = self._language(member, lang)
        return "" if theirs == project.languages[0] else f"{theirs}/"


def page_anchor(tail: str) -> str:
    """Return where a thing stands on the page of its member, by the end of its IRI."""
    return tail.replace("/", "-")

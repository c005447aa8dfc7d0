"""What answers are made of: names, sources and questions of a publication."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from glokal.assistants.published_workspace import PublishedWorkspace
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO
from glokal.core.settings import Project
from glokal.dataset.activity_status import StatusReport, read_reports
from glokal.dataset.canned_queries import CannedQuery, Parameter
from glokal.dataset.names import NameIndex
from glokal.rdf.project_files import REGISTER
from glokal.site.citations import Cited, passage_anchor
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words

# The words of the pages, of which there are no nynorsk ones.
_PAGE_LANGUAGES = {"nb": "nb", "nn": "nb", "en": "en"}
STRATEGY_CLASS = GLO + "InternationalStrategy"


@dataclass(frozen=True)
class Quotation:
    """A passage as a source: its exact words, where they stand, and how to cite it."""

    passage: str
    quotation: str
    where: str
    address: str
    citation: str

    def values(self) -> dict[str, str]:
        """Return it as values for a program."""
        return dict(vars(self))


class Library:
    """A publication, ready to be asked for names, things, passages and sources."""

    def __init__(
        self,
        project: Project,
        quads: Iterable[ox.Quad],
        queries: Collection[CannedQuery],
    ) -> None:
        """Take the quads of the publication, and its questions."""
        self.project = project
        self.workspace = PublishedWorkspace(project, quads)
        self.queries = {query.slug: query for query in queries if not query.service}
        self.view = GraphView(self.workspace)
        self.cited = Cited(self.view, self.workspace.provenance)
        self._cited_as: dict[str, dict[str, list[str]]] = {}
        # What was reported is found by its name too, whichever view is asked of it.
        files = self.workspace.files
        seen = (f for f in files if f.in_default_graph or f.kind == REGISTER)
        self.names = NameIndex((t for f in seen for t in f.triples), project.things)

    def label(self, iri: str, lang: str) -> str:
        """Return the name of a thing or a term."""
        return self.view.labels.of(iri, lang)

    def choices(self, parameter: Parameter) -> tuple[str, ...]:
        """Return the slugs that a parameter takes, sorted."""
        start = parameter.start
        found = (iri.removeprefix(start) for iri in self._things_below(start))
        return tuple(slug for slug in found if "/" not in slug)

    def page(self, iri: str, lang: str) -> str:
        """Return the address of a thing's page, "" when it has none."""
        path = self.view.path(iri)
        return f"{self.home(lang)}{path}" if path else ""

    def question_page(self, query: CannedQuery, lang: str) -> str:
        """Return the address of the page of a question."""
        return f"{self.home(lang)}query/{query.slug}/"

    def home(self, lang: str) -> str:
        """Return the address of the publication in a language that it has."""
        own = _PAGE_LANGUAGES[lang]
        others = self.project.languages[1:]
        return self.project.address + (f"{own}/" if own in others else "")

    def passages(self) -> list[str]:
        """Return the passages, in the order of the text."""
        source = self.cited.provenance.source
        return list(source.in_order(source.passages))

    def quotation(self, passage: str, lang: str) -> Quotation:
        """Return a passage as a source."""
        own = _PAGE_LANGUAGES[lang]
        words = self.view.value(passage, GLO + "exactText", "nb")
        where = self.view.value(passage, GLO + "citation", own)
        strategy = load_words()[own]["paths"]["strategy"]
        address = f"{self.home(lang)}{strategy}#{passage_anchor(passage)}"
        said = self.view.value(passage, GLO + "readingText", "nb") or words
        title = self.strategy_title(lang)
        citation = f"«{said}» {title}, {where}. {address}"
        return Quotation(passage, words, where, address, citation)

    def strategy_title(self, lang: str) -> str:
        """Return the name of the strategy, else that of the publication."""
        plans = self.view.subjects_of_type(STRATEGY_CLASS)
        if plans:
            return self.label(plans[0], lang)
        return str(
            self.project.title.get(lang) or next(iter(self.project.title.values()))
        )

    def find_thing(self, written: str) -> str:
        """Return the IRI of a thing given as IRI, as type/slug, or by a sure name.

        Raises UsageError with what it may be.
        """
        for iri in (written, self.project.things + written):
            if self.view.path(iri):
                return iri
        found = self.names.find(written, limit=3)
        if found and found[0].sure:
            return found[0].iri
        start = self.project.things
        near = [m.iri.removeprefix(start) for m in found]
        raise UsageError(
            f"There is no thing {written[:100]!r}.",
            remedy=f"choose one of {', '.join(near)}." if near else "ask find_thing.",
        )

    def passages_at(self, where: str, lang: str) -> list[str]:
        """Return the passages that are cited as this place."""
        own = _PAGE_LANGUAGES[lang]
        if own not in self._cited_as:
            places: dict[str, list[str]] = defaultdict(list)
            for passage in self.passages():
                cited = self.view.value(passage, GLO + "citation", own)
                places[cited].append(passage)
            self._cited_as[own] = places
        return self._cited_as[own].get(where, [])

    def dispute(self, ends: Collection[str]) -> tuple[str, ...]:
        """Return the passages that contradict each other about what connects things."""
        found = (
            p
            for pair, n in self.disputed.items()
            if pair <= set(ends)
            for name in ("affirmedIn", "omittedIn")
            for p in self.view.objects(n, GLO + name)
        )
        return self.cited.provenance.source.in_order(dict.fromkeys(found))

    @cached_property
    def disputed(self) -> dict[frozenset[str], str]:
        """What connects two things that the source contradicts itself about."""
        pairs = {}
        for who, what in (
            ("member", "membershipIn"),
            ("participant", "participationIn"),
        ):
            for kind in ("Membership", "Participation"):
                for node in self.view.instances(kind):
                    status = self.view.objects(node, GLO + "verificationStatus")
                    if any(s.endswith("/disputed") for s in status):
                        ends = [
                            *self.view.objects(node, GLO + who),
                            *self.view.objects(node, GLO + what),
                        ]
                        if len(ends) == 2:
                            pairs[frozenset(ends)] = node
        return pairs

    def reports_on(self, things: Iterable[str], lang: str) -> list[str]:
        """Return how the newest report on each of some things is cited: its source,
        who vouches for it, and when it was checked.
        """
        cited: dict[str, None] = {}
        for thing in things:
            for report in self._reports.get(thing, ())[-1:]:
                who = self.label(report.vouched, lang) if report.vouched else ""
                day = str(report.checked or "")
                cited[", ".join(part for part in (report.source, who, day) if part)] = (
                    None
                )
        return list(cited)

    @cached_property
    def _reports(self) -> Mapping[str, Sequence[StatusReport]]:
        return read_reports(self.workspace.files, self.project.modified)

    def _things_below(self, start: str) -> list[str]:
        return [iri for iri in self.view.things() if iri.startswith(start)]


def readable(value: object) -> str:
    """Return JSON for people: signs that can't be seen are written as escapes.

    What nobody sees on a page must not speak to the program that reads it.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c.isprintable() or c in "\n " else _escape(c) for c in text)


def _escape(sign: str) -> str:
    return json.dumps(sign)[1:-1]

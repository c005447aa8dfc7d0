"""The pages of several regions: start page, answers across, a page for each dump."""

from __future__ import annotations

from collections import Counter

from glokal.core.files.data_files import GZIP, NQUADS, SPARQL, TURTLE, write_data_file
from glokal.dataset.answer_sentence import answer_sentence
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.regions.members import MemberGraphs, member_name
from glokal.dataset.regions.together import Together
from glokal.dataset.result_page import PAGE_FORMATS, Page, cut_rows, render_page
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import LABEL, AnswerTable
from glokal.site.name_search import NamedPage, search_key, write_names
from glokal.site.page_values import Value
from glokal.site.page_words import cell_text, counted, date_in
from glokal.site.pages.answers import write_api_page
from glokal.site.regions.member_pages import FOLDER, MemberPages
from glokal.site.renderer import PageRenderer
from glokal.site.search_index import blank_search
from glokal.sparql.store_interface import Row, Store, Table

DUMP, CATALOGUE = "dump/glokal.nq", "catalog.ttl"
_QUESTION = 8
_COUNTED = ("Programme", "InternationalActivity", "Organisation")
# Nothing in these answers has a place on a map.
_FORMATS = {fmt: media for fmt, media in PAGE_FORMATS.items() if fmt != "geojson"}


class RegionPages:
    """Writes the pages of regions at work, whose graphs a store has."""

    def __init__(
        self,
        pages: PageRenderer,
        together: Together,
        store: Store,
        queries: tuple[CannedQuery, ...],
        members: MemberPages,
    ) -> None:
        self._pages = pages
        self._together = together
        self._store = store
        self._queries = queries
        self._members = members

    def write(self) -> None:
        """Write every page in each language of the whole."""
        for lang in self._pages.project.languages:
            self._language(lang)
        for query in self._queries:
            path = f"query/{query.slug}/query.rq"
            write_data_file(self._pages.root, path, query.text.encode(), SPARQL)

    def _language(self, lang: str) -> None:
        pages, words = self._pages, self._pages.words[lang]
        told = words["regions_words"]
        answers = [
            (query.summary[lang], f"query/{query.slug}/", self._answer(query, lang))
            for query in self._queries
        ]
        pages.render(
            "regions.html",
            lang,
            "",
            pages.project.title[lang],
            description=pages.project.description[lang],
            told=told,
            members=self._table(lang),
            answers=answers,
            same=self._same(lang),
            files=[
                (told["dump_of"], DUMP, NQUADS),
                (f"{told['dump_of']}, gzip", f"{DUMP}.gz", GZIP),
                (told["catalogues"], CATALOGUE, TURTLE),
            ],
        )
        groups = [(told["across"], self._queries)]
        crumbs = [(words["questions"], "")]
        pages.render(
            "queries.html",
            lang,
            "query/",
            words["questions"],
            groups=groups,
            crumbs=crumbs,
        )
        for member in self._together.members:
            if member.member.project is None:
                self._of_dump(member, lang)
        write_api_page(pages, lang, self._queries)
        found = list(self._members.named(pages, lang))
        for query in self._queries:
            title = query.summary[lang]
            href, keys = f"query/{query.slug}/", (search_key(title),)
            found.append(NamedPage(title, "", href, words["question"], _QUESTION, keys))
        write_names(pages.root, lang, found)
        pages.render(
            "search.html",
            lang,
            pages.named("search"),
            words["search"],
            **blank_search(pages, lang),
        )

    def _answer(self, query: CannedQuery, lang: str) -> str:
        """Write the page and the rows of an answer; return it in a sentence."""
        pages, words = self._pages, self._pages.words[lang]
        text = query.bind({}, project=pages.project, lang=lang)
        table = self._store.select(text, name=query.name)
        assert query.answer is not None
        sentence = answer_sentence(
            query.answer, table, {}, lang, lambda cell: cell_text(cell, lang)
        )
        title, folder = query.summary[lang], f"query/{query.slug}/"
        pages.render(
            "across.html",
            lang,
            folder,
            title,
            description=sentence,
            sentence=sentence,
            crumbs=[(words["questions"], "query/"), (title, "")],
            slug=query.slug,
            text=text,
            answer=self._rows(table, lang),
            same=self._same(lang),
        )
        page = Page(
            query.slug, lang, {}, cut_rows(table), len(table.rows), answer=sentence
        )
        for fmt, media in _FORMATS.items():
            data = render_page(page, fmt, lambda _iri: "")
            path = f"{pages.home(lang)}{folder}rows.{fmt}"
            write_data_file(pages.root, path, data, media)
        return sentence

    def _rows(self, table: Table, lang: str) -> AnswerTable:
        """Return the rows for people: the thing, how many regions, and each region.

        Each region leads to its own page of the thing.
        """
        told = self._pages.words[lang]["regions_words"]
        thing, number = table.columns[0], table.columns.index("regionCount")
        label = table.columns.index(thing + LABEL)
        kind = told["answer_things"][thing]
        heads = (kind, told["answer_number"], told["answer_regions"])
        return AnswerTable(
            heads, tuple(self._row(r, label, number, lang) for r in table.rows)
        )

    def _row(
        self, row: Row, label: int, number: int, lang: str
    ) -> tuple[tuple[Value, ...], ...]:
        regions = []
        for one in self._together.same.every(text_of(row[0])):
            member = self._together.owner(one)
            if member is not None:
                name = member_name(member, lang)
                regions.append(Value(name, "", self._href(one, lang)))
        return (
            (Value(text_of(row[label])),),
            (Value(text_of(row[number])),),
            tuple(regions),
        )

    def _href(self, thing: str, lang: str) -> str:
        return self._below(
            self._members.page(thing, lang, self._pages.home(lang)), lang
        )

    def _below(self, path: str, lang: str) -> str:
        """Return a path below the root as one below the language's own root."""
        home = self._pages.home(lang)
        if not path or path.startswith(home):
            return path.removeprefix(home)
        return "../" * home.count("/") + path

    def _table(self, lang: str) -> AnswerTable:
        told = self._pages.words[lang]["regions_words"]
        rows = []
        for member in self._together.members:
            home = self._members.home(member, lang, self._pages.home(lang))
            counts = Counter(kind for kind, _ in self._members.listed(member))
            project = member.member.project
            day = date_in(project.modified.isoformat(), lang) if project else "–"
            rows.append(
                (
                    (Value(member_name(member, lang), "", self._below(home, lang)),),
                    *((Value(str(counts[kind])),) for kind in _COUNTED),
                    (Value(day),),
                )
            )
        heads = ("region", "programmes", "activities", "organisations", "updated")
        return AnswerTable(tuple(told[h] for h in heads), tuple(rows))

    def _of_dump(self, member: MemberGraphs, lang: str) -> None:
        told = self._pages.words[lang]["regions_words"]
        self._pages.render(
            "member.html",
            lang,
            f"{FOLDER}/{member.member.slug}/",
            member_name(member, lang),
            crumbs=[(member_name(member, lang), "")],
            told=told,
            elsewhere_at=member.member.address,
            kinds=self._members.by_kind(member, lang, told["kinds"]),
        )

    def _same(self, lang: str) -> str:
        told = self._pages.words[lang]["regions_words"]
        number = len({text_of(t.object) for t in self._together.same.links()})
        if not number:
            return str(told["same_none"])
        return counted(told, "same", number, lang, "same_note").format(number=number)

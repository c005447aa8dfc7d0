"""What the pages say: words for columns, the matrix, the map, short addresses."""

from __future__ import annotations

import csv
import gzip
import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import openpyxl
import pytest

from glokal.core.locales import grouped_number
from glokal.core.namespaces import CODE, GLO
from glokal.core.settings import load_project
from glokal.dataset.dates import first_day, last_day
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import answer_table, column_word, without_repeated
from glokal.site.build import build_site
from glokal.site.charts.bars import draw_bars
from glokal.site.charts.municipality_map import draw_map
from glokal.site.charts.network import draw_network
from glokal.site.charts.timeline import Span, draw_timeline
from glokal.site.ended import all_ended
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import rows
from glokal.site.page_values import Value, as_address
from glokal.site.page_words import date_in, load_words
from glokal.site.pages.answer_files import run_canned_query
from glokal.site.pages.conflict_sides import conflict_sides
from glokal.site.pages.gaps import mapping, programmes
from glokal.site.pages.thing_description import describe_thing
from glokal.site.pages.thing_sections import Section, Sections
from glokal.site.pages.thing_summary import thing_summary
from glokal.site.programme_matrix import matrix
from glokal.site.relations import RelationIndex
from glokal.site.source_names import named_sources
from glokal.site.what_it_is import what_it_is
from tests.conftest import ROOT

LANGUAGES = ("nb", "en")
THINGS = "https://w3id.org/glokal/id/"
ONTOLOGY = "".join(
    (ROOT / f"ontology/{name}.ttl").read_text(encoding="utf-8")
    for name in ("core", "axioms", "codes")
)


@pytest.fixture(scope="module")
def view(strategy: Workspace) -> GraphView:
    return GraphView(strategy)


@pytest.fixture(scope="module")
def public(publication: Path) -> Path:
    return publication / "public"


def test_the_words_are_the_same_in_each_language() -> None:
    def shape(words: object) -> object:
        if isinstance(words, dict):
            return {k: shape(v) for k, v in words.items()}
        return "text" if isinstance(words, str) else "list"

    words = load_words()
    assert shape(words["nb"]) == shape(words["en"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_a_word(
    view: GraphView, strategy: Workspace, lang: str
) -> None:
    known = load_words()[lang]["columns"]
    for query in strategy.queries:
        if query.service:
            continue
        table = run_canned_query(query, strategy, lang)
        for name in table.columns:
            word = column_word(view, name, lang, known)
            assert word != name.removesuffix("Label"), (query.slug, name)
            assert word[0].isupper() or word[0].isdigit(), (query.slug, name)


def test_a_thing_and_its_name_are_one_cell(
    view: GraphView, strategy: Workspace
) -> None:
    query = next(q for q in strategy.queries if q.slug == "goals")
    table = run_canned_query(query, strategy, "en")
    answer = answer_table(
        view, table, "en", load_words()["en"]["columns"], "not stated"
    )
    assert answer.columns == ("No.", "Goal", "Wording", "Repeated from")
    first = answer.rows[0]
    assert first[1][0].href.startswith("doc/goal/")
    assert not first[1][0].text.startswith("http")


def test_quotations_on_english_pages_are_marked_as_norwegian(
    view: GraphView, strategy: Workspace
) -> None:
    query = next(q for q in strategy.queries if q.slug == "quotes-of-activity")
    answer = answer_table(
        view, run_canned_query(query, strategy, "en"), "en", {}, "not stated"
    )
    assert {row[1][0].lang for row in answer.rows} == {"nb"}


def test_the_matrix_marks_the_programmes_that_the_source_lists(
    view: GraphView, strategy: Workspace
) -> None:
    made = matrix(view, strategy, "nb")
    names = [p.text for p in made.columns]
    assert names == ["Erasmus+", "eTwinning", "EØS", "Interreg", "Nordplus"]
    found = {
        (place.text, name): square.count
        for place, squares in made.rows
        for name, square in zip(names, squares, strict=True)
        if square.count
    }
    # Read in the appendix of the strategy (reading.md): Inclusivate is Nordplus Adult.
    assert found == {
        ("Inderøy", "Erasmus+"): 2, ("Inderøy", "Nordplus"): 1,
        ("Levanger", "Erasmus+"): 2, ("Levanger", "eTwinning"): 1,
        ("Levanger", "Interreg"): 1, ("Levanger", "Nordplus"): 3,
        ("Snåsa", "Nordplus"): 1,
        ("Steinkjer", "Erasmus+"): 1, ("Steinkjer", "Nordplus"): 1,
        ("Verdal", "Erasmus+"): 3, ("Verdal", "EØS"): 2, ("Verdal", "Nordplus"): 1,
    }  # fmt: skip


def test_neighbours_on_the_map_share_a_border(view: GraphView) -> None:
    places = [THINGS + f"municipality/{m}" for m in ("snasa", "steinkjer", "verdal")]
    drawn = draw_map(view, places, "nb")
    assert drawn is not None
    assert drawn.credit == "© Kartverket, CC BY 4.0"
    corners = []
    for shape in drawn.shapes:
        points = set()
        for part in re.findall(r"M(\d+) (\d+)l([^z]*)z", shape.path):
            x, y = int(part[0]), int(part[1])
            points.add((x, y))
            steps = [int(n) for n in part[2].split()]
            for dx, dy in zip(steps[::2], steps[1::2], strict=True):
                x, y = x + dx, y + dy
                points.add((x, y))
        corners.append(points)
    snasa, steinkjer, verdal = corners
    assert len(snasa & steinkjer) > 5
    assert len(steinkjer & verdal) > 5
    # One place where the three meet.
    assert snasa & steinkjer & verdal


def test_a_place_without_geometry_gives_no_map(view: GraphView) -> None:
    assert draw_map(view, [THINGS + "place/brussel"], "nb") is None
    assert draw_map(view, [], "nb") is None


def test_subject_areas_have_pages_and_statuses_have_none(view: GraphView) -> None:
    assert view.path(CODE + "subject-area/health") == "code/subject-area/health/"
    assert view.path(CODE + "verification-status/disputed") == ""


@pytest.mark.parametrize(
    ("text", "shown", "href"),
    [
        ("https://a.example/b (a note)", "a.example/b (a note)", "https://a.example/b"),
        ("https://www.example.org/a/", "example.org/a", "https://www.example.org/a/"),
        ("a sentence", "a sentence", ""),
        ("https://a.example/x and more", "https://a.example/x and more", ""),
        ("javascript:alert(1)", "javascript:alert(1)", ""),
    ],
)
def test_addresses_are_shown_short(text: str, shown: str, href: str) -> None:
    value = as_address(text)
    assert (value.text, value.href) == (shown, href)


def test_a_long_address_is_cut() -> None:
    assert len(as_address("https://a.example/" + "x" * 200).text) == 60


def test_dates_are_written_as_people_do() -> None:
    assert date_in("2027-12-31", "nb") == "31. desember 2027"
    assert date_in("2027-12-31", "en") == "31 December 2027"
    assert date_in("in spring", "en") == "in spring"


@pytest.fixture(scope="module")
def sections(view: GraphView, strategy: Workspace) -> Sections:
    return Sections(view, strategy)


def section(sections: Sections, thing: str, name: str, lang: str = "nb") -> Section:
    found = sections.of(THINGS + thing, lang, load_words()[lang])
    return next(s for s in found if s.name == name)


def texts(part: Section, column: int = 0) -> list[str]:
    return [", ".join(v.text for v in row.cells[column]) for row in part.rows]


def test_disputed_members_are_shown_as_disputed_with_both_passages(
    sections: Sections,
) -> None:
    """The text names Inderøy and not Steinkjer; the table has it the other way."""
    members = section(sections, "organisation/naboer-ab", "members")
    status = dict(zip(texts(members), (r.status for r in members.rows), strict=True))
    assert status == {
        "Inderøy kommune": "Uklart medlemskap",
        "Levanger kommune": "",
        "Steinkjer kommune": "Uklart medlemskap",
        "Verdal kommune": "",
    }
    inderoy = members.rows[0]
    assert "Inderøy, Verdal og Levanger er medlemmer" in inderoy.sources[0].text
    assert [s.text for s in inderoy.against] == ["INDERØY"]
    for thing in ("organisation/naboer-ab", "municipality/inderoy"):
        told = section(sections, thing, "conflicts")
        assert "Hvem er medlem av Naboer AB?" in texts(told)


def test_a_municipality_shows_every_entry_of_its_row(sections: Sections) -> None:
    # Entries in each row of the appendix, counted in the source (reading.md).
    counts = {"snasa": 9, "steinkjer": 9, "inderoy": 7, "verdal": 13, "levanger": 26}
    for slug, number in counts.items():
        part = section(sections, f"municipality/{slug}", "entries")
        assert len(part.rows) == number
        # Its own item; a membership stands in a table of its own.
        sources = [[s.citation for s in row.sources] for row in part.rows]
        assert all(s[0].startswith("Vedlegg") and len(s) == 1 for s in sources)
    verdal = section(sections, "municipality/verdal", "entries", "en")
    assert verdal.columns == (
        "Activity or network",
        "Subject area",
        "Programme",
        "Also listed for",
    )
    assert texts(verdal)[3].startswith("EEA project on developmental disability")
    assert texts(verdal, 1)[3] == "Health and welfare"


def test_a_municipality_and_its_authority_are_one_page(
    view: GraphView, sections: Sections
) -> None:
    """Two things in the data; nobody looks for "Verdal kommune" beside "Verdal"."""
    area, authority = f"{THINGS}municipality/verdal", f"{THINGS}authority/verdal"
    assert view.together(area) == (area, authority)
    assert view.path(authority) == view.path(area) == "doc/municipality/verdal/"
    assert view.own_path(authority) == "doc/authority/verdal/"
    # Trondheim is only named as an authority, and keeps its page.
    trondheim = f"{THINGS}authority/trondheim"
    assert view.path(trondheim) == "doc/authority/trondheim/"
    made = describe_thing(view, sections, area, "nb", load_words()["nb"])
    assert [iri for iri, _ in made.also] == [authority]
    assert made.what == "Verdal er en kommune i regionen Innherred."
    # What registers say of either: the number of the area, that of the authority.
    told = {v.text for r in made.records.rows for v in r.values}
    assert {"5038", "938587418"} <= told


def test_a_municipality_says_nothing_twice(sections: Sections) -> None:
    words = load_words()["nb"]
    for slug in ("snasa", "steinkjer", "inderoy", "verdal", "levanger"):
        parts = sections.of(f"{THINGS}municipality/{slug}", "nb", words)
        named = {p.name: set(texts(p)) for p in parts if p.name != "conflicts"}
        listed = named.pop("entries")
        # To be a member is more than to be listed.
        assert named.pop("affiliations")
        assert all(listed.isdisjoint(names) for names in named.values())
    # L239-241 is the sentence, the appendix the item.
    naboer = [
        next(
            row.sources
            for row in section(sections, "municipality/verdal", part).rows
            if row.cells[0][0].text == "Naboer AB"
        )
        for part in ("affiliations", "entries")
    ]
    assert [s.citation.split(",")[0] for (s, *_) in naboer] == [
        "Medspillere",
        "Vedlegg",
    ]
    # And only the sentence says it of Inderøy, whose row of the appendix leaves it out.
    (only,) = [
        row
        for row in section(sections, "municipality/inderoy", "affiliations").rows
        if row.cells[0][0].text == "Naboer AB"
    ]
    assert only.status == "Uklart medlemskap"


def test_all_memberships_are_shown_and_who_is_unclear_says_so(
    sections: Sections,
) -> None:
    """L239-241 names Inderøy, Verdal and Levanger; the appendix has not Inderøy."""
    steinkjer = section(sections, "municipality/steinkjer", "affiliations")
    status = dict(
        zip(texts(steinkjer), (r.status for r in steinkjer.rows), strict=True)
    )
    assert status["Innherred regionråd"] == ""
    assert status["Naboer AB"] == "Uklart medlemskap"
    # A role that few rows have is no column of its own.
    assert "Rolle" not in steinkjer.columns
    verdal = section(sections, "municipality/verdal", "entries")
    also = dict(zip(texts(verdal), texts(verdal, 3), strict=True))
    assert also["Naboer AB"] == "Levanger, Steinkjer (uklart om kommunen er med)"
    ended = "Attractive Nordic Towns (perioden er over, ifølge andre kilder)"
    assert also[ended] == "Levanger, Steinkjer"


def test_what_a_thing_is_says_what_it_has_to_do_here(
    view: GraphView, sections: Sections
) -> None:
    def what(thing: str, lang: str = "nb") -> str:
        return what_it_is(view, sections.relations, THINGS + thing, lang)

    # L504-508, L358, L420: what the appendix ties to Sweden, and to Norway nothing.
    assert what("country/sverige") == (
        "Sverige er et land som strategien knytter tre tiltak og nettverk til."
    )
    assert what("country/norge") == ""
    assert what("organisation/naboer-ab", "en") == (
        "Naboer AB is an organisation that the appendix lists for Levanger, Steinkjer "
        "and Verdal."
    )
    # The kind stands above the name already.
    assert what("organisation/ntnu") == ""


def test_what_is_said_of_an_item_is_not_said_twice(strategy: Workspace) -> None:
    view = GraphView(strategy)
    query = next(q for q in strategy.queries if q.slug == "entries-of-municipality")
    table = run_canned_query(query, strategy, "nb")
    whole = answer_table(view, table, "nb", load_words()["nb"]["columns"], "–")
    shown = without_repeated(whole, table)
    assert len(shown.columns) == len(whole.columns) - 1
    # The thing has a column of its own; its item is called by it.
    assert "Punkt i vedlegget" in whole.columns
    assert "Punkt i vedlegget" not in shown.columns
    assert [row[0] for row in shown.rows] == [row[1] for row in whole.rows]


def test_the_list_of_all_is_in_the_letters_of_its_language(public: Path) -> None:
    whole = main_of(public, "alle")
    parts = re.findall(r'<h2 id="(\w+)">(.*?)</section>', whole, re.DOTALL)
    named = {
        name: [unescape(n) for n in re.findall(r"<a [^>]*>([^<]+)</a>", part)]
        for name, part in parts
    }
    assert named["municipalities"] == [
        *("Inderøy", "Levanger", "Snåsa", "Steinkjer", "Verdal"),
    ]
    assert {"activities", "organisations", "places", "aims"} <= set(named)
    # Ø after O in Norwegian, and a thing in one part only.
    places = named["programmes"]
    assert places.index("eTwinning") < places.index("EØS") < places.index("Interreg")
    listed = re.findall(r'<li><a href="([^"]+)"', "".join(part for _, part in parts))
    assert len(listed) == len(set(listed)) > 200


def test_a_disagreement_has_its_two_places_side_by_side(
    view: GraphView, sections: Sections
) -> None:
    """L239-241 against the rows of the appendix."""
    words = load_words()["nb"]
    conflict = f"{THINGS}conflict/naboer-ab"
    text, table = conflict_sides(view, sections.cited, conflict, "nb", words)
    assert (text.name, len(text.passages)) == ("I den løpende teksten", 1)
    assert table.name == "I vedlegget"
    # With the head of the row that lacks it.
    assert {p.text for p in table.passages} == {"INDERØY", "Naboer AB"}
    assert (
        conflict_sides(view, sections.cited, THINGS + "country/norge", "nb", words)
        == ()
    )


def test_many_entries_are_folded_by_whole_subject_areas(sections: Sections) -> None:
    """The columns of the appendix, with the items of Levanger's row in each."""
    levanger = section(sections, "municipality/levanger", "entries")
    shown = {name: len(rows) for name, rows in levanger.shown}
    folded = {name: len(rows) for name, rows in levanger.folded}
    assert shown == {"Oppvekst og utdanning": 5, "Helse og velferd": 2}
    assert folded == {"Kultur og integrering": 9, "Andre fagområder": 10}
    verdal = section(sections, "municipality/verdal", "entries")
    assert sum(len(rows) for _, rows in verdal.shown) == 13
    assert not verdal.folded
    members = section(sections, "organisation/naboer-ab", "members")
    assert members.shown == [("", members.rows)]
    assert not members.folded


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        # As they stand in the data: the register, not the copy of it that was read.
        (
            "Kartverket: kommuneinfo-API, november 2023 (lest i kopi: PyPI a 0.4, b)",
            ["Kartverket: kommuneinfo-API, november 2023"],
        ),
        (
            "github:Artsdatabanken/kommune-data@acad965: kommune.json (2020) ; "
            "https://en.wikipedia.org/wiki/Verdal (lest i kopi (2020))",
            ["Artsdatabanken, kommunedata", "Wikipedia (engelsk)"],
        ),
        # A register, the site of a body, a newspaper, what anybody may write in.
        (
            "https://ru.wikipedia.org/wiki/a ; https://www.adressa.no/b ; "
            "https://www.ks.no/c ; SSB Klass 131, 2026 (lest i kopi)",
            ["SSB Klass 131, 2026", "KS", "Adresseavisen", "Wikipedia (russisk)"],
        ),
        # By a home page in the data, also of a site within it, and by the settings.
        ("http://gamle.levanger.kommune.no/utvalg", ["Levanger kommune"]),
        ("http://www.avisa-st.no/nyheter/2018", ["Avisa Sør-Trøndelag"]),
        # A host within another's, and one without a name.
        ("https://valtel.ostersund.se/", ["Östersunds kommun"]),
        ("https://www.utennavn.no/a", ["utennavn.no"]),
        ("https://utennavn.se/a ; https://utennavn.se/b", ["utennavn.se"]),
        ("KUN: årsmelding", ["KUN: årsmelding"]),
    ],
)
def test_a_source_has_the_name_that_people_know(
    view: GraphView, texts: str, names: list[str]
) -> None:
    assert [v.text for v in named_sources([texts], view, "nb")] == names


def test_no_page_shows_where_in_a_repository_a_copy_was_read(view: GraphView) -> None:
    texts = {
        text
        for record in view.instances("OutsideRecord")
        for text in view.objects(record, GLO + "recordSource")
    }
    assert len(texts) > 100
    for source in named_sources(sorted(texts), view, "nb"):
        assert not source.text.startswith(("github:", "PyPI", "npm")), source.text


def test_a_programme_shows_its_activities_with_who_takes_part(
    sections: Sections,
) -> None:
    part = section(sections, "programme/eos", "supported")
    assert texts(part, 1) == ["Verdal kommune", "Verdal kommune"]
    narrower = section(sections, "programme/nordplus", "narrower")
    assert texts(narrower) == ["Nordplus Adult", "Nordplus Junior"]


def test_no_section_ties_an_activity_to_a_goal(
    sections: Sections, view: GraphView
) -> None:
    for goal in view.instances("Goal"):
        for part in sections.of(goal, "nb", load_words()["nb"]):
            for row in part.rows:
                hrefs = [v.href for cell in row.cells for v in cell]
                assert not any("/activity/" in href for href in hrefs)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_of_a_section_has_a_word(
    sections: Sections, view: GraphView, lang: str
) -> None:
    words = load_words()[lang]
    shown = {
        (part.name, column)
        for thing in view.things()
        for part in sections.of(thing, lang, words)
        for column in part.columns
    }
    assert len({name for name, _ in shown}) == 19
    assert {c for _, c in shown if not c[0].isupper()} == set()


def test_every_row_of_the_strategy_has_a_source(
    sections: Sections, view: GraphView
) -> None:
    unsourced = {
        part.name
        for thing in view.things()
        for part in sections.of(thing, "nb", load_words()["nb"])
        for row in part.rows
        if not row.sources
    }
    # A passage is itself the source; what other sources say names them in a column; the
    # two places of a disagreement stand above what it is about.
    others = {"elsewhere", "elsewhere_programmes"}
    assert unsourced == {"resting", "involved", *others}


def test_the_strategy_is_read_whole_and_in_order(public: Path) -> None:
    shown = (public / "strategi/index.html").read_text(encoding="utf-8")
    anchors = re.findall(r'id="p-(\d+-\d+)"', shown)
    source = (ROOT / "data/source.ttl").read_text(encoding="utf-8")
    written = re.findall(r"^passage:(\d+-\d+) a", source, re.MULTILINE)
    assert sorted(anchors) == sorted(written)
    assert len(anchors) > 160
    # Links and headings that the text layer has elsewhere stand where they belong, and
    # what is in the table stands in its rows (test_strategy_page).
    moved = {
        block.removeprefix("passage:").split(" ")[0]
        for block in source.split("\n\n")
        if re.search(r"passage-kind:(link|heading|table-)", block)
    }
    read = [a for a in anchors if a not in moved]
    assert len(read) == 70
    assert read == sorted(read)
    disputed = shown.split('id="p-07650-07747"')[1].split('id="p-')[0]
    assert "Nevner ikke" in disputed
    assert "Steinkjer kommune – Naboer AB" in disputed


def test_outside_knowledge_stands_apart_from_what_the_strategy_says(
    public: Path,
) -> None:
    shown = (public / "doc/activity/valtel/index.html").read_text(encoding="utf-8")
    before, _, after = shown.partition('id="outside"')
    assert "Dette står ikke i strategien" in after
    assert "Interreg" not in before.split("<main")[1]
    assert "Interreg" in after


def test_reporting_begins_an_email_when_there_is_an_address(
    region: Path,
) -> None:
    path = region / "publication.toml"
    text = path.read_text(encoding="utf-8").replace(
        "[contact]", '[contact]\nemail = "post@fjordland.example"'
    )
    path.write_text(text, encoding="utf-8")
    build_site(Workspace(load_project(region)), region / "public")
    made = region / "public/en/doc/municipality/vik/index.html"
    (link,) = re.findall(r'href="(mailto:[^"]+)"', made.read_text(encoding="utf-8"))
    parts = urlsplit(unescape(link))
    fields = parse_qs(parts.query)
    assert parts.path == "post@fjordland.example"
    assert "Vik" in fields["subject"][0]
    assert (
        "https://fjordland.example/data/en/doc/municipality/vik/" in fields["body"][0]
    )


def test_each_choice_of_a_question_is_answered_on_a_page_of_its_own(
    public: Path, strategy: Workspace
) -> None:
    checked = 0
    for query in strategy.queries:
        for expected in query.expected:
            slugs = [expected.values.get(p.name, "") for p in query.parameters]
            if not all(slugs):
                continue
            name = f"query/{query.slug}/{'/'.join(slugs)}"
            defaults = [p.default.rpartition("/")[2] for p in query.parameters]
            if slugs == defaults:
                name = f"query/{query.slug}"
            text = (public / name / "rows.csv").read_text(encoding="utf-8")
            columns, *rows = csv.reader(text.splitlines())
            width = len(columns)
            assert columns == list(expected.columns[:width]), name
            wanted = [list(row[:width]) for row in expected.rows]
            assert sorted(rows) == sorted(wanted), name
            checked += 1
    assert checked >= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_of_an_answer_is_the_table_of_its_page(
    public: Path, strategy: Workspace, lang: str
) -> None:
    root = public if lang == "nb" else public / lang
    address = strategy.project.address
    followed = 0
    for query in strategy.queries:
        folder = root / "query" / query.slug
        if query.service:
            continue
        book = openpyxl.load_workbook(folder / "table.xlsx")
        shown, about = book.worksheets
        page = (folder / "index.html").read_text(encoding="utf-8")
        table = re.search(r'<table class="answers" id="t".*?</table>', page, re.S)
        heads = re.findall(
            r'<th scope="col"[^>]*>(.*?)</th>', table[0] if table else ""
        )
        columns, *rows = shown.iter_rows(values_only=True)
        if table:
            assert [unescape(head) for head in heads] == list(columns)
            first = re.findall(r"<td[^>]*>(.*?)</td>", table[0], re.S)[: len(columns)]
            words = [unescape(re.sub("<[^>]+>", "", cell)) for cell in first]
            if heads[-1] == load_words()[lang]["sources_column"]:
                # On the page the passage stands behind the word for it.
                cited = str(rows[0][-1] or "")
                assert all(part in words.pop() for part in cited.split(", ")[:1])
                rows[0] = rows[0][:-1]
            # People read thousands apart; a spreadsheet reckons with the number.
            told = [str(value) for value in rows[0]]
            numbers = re.findall(r' data-number="(\d+)"', table[0])
            assert words == [
                grouped_number(text, lang) if text in numbers else text for text in told
            ]
        with (folder / "rows.csv").open(encoding="utf-8", newline="") as lines:
            assert len(rows) == len(list(csv.reader(lines))) - 1
        for sheet in (shown, about):
            for cell in (c for row in sheet.iter_rows() for c in row if c.hyperlink):
                target = cell.hyperlink.target
                if target.startswith(address):
                    path = unquote(target.removeprefix(address)).partition("#")[0]
                    assert (public / path / "index.html").is_file(), target
                    followed += 1
        told = dict(about.iter_rows(values_only=True))
        # The question about what was chosen, as the page asks it.
        heading = re.search(r"<h1[^>]*>(.*?)(?: <span|</h1>)", page)
        assert heading and unescape(heading[1]) in told.values()
        assert strategy.project.version in told.values()
    assert followed > 300


def test_the_choices_lead_to_each_other(public: Path) -> None:
    page = public / "en/query/membership-of-municipality/steinkjer/naboer-ab/index.html"
    shown = page.read_text(encoding="utf-8")
    for link in re.findall(r'href="(\.\./[^"]*query/membership[^"]*/)"', shown):
        assert (page.parent / unescape(link) / "index.html").resolve().is_file(), link
    chosen = re.findall(r'aria-current="true">([^<]+)</a></li>', shown)
    assert {"Steinkjer", "Naboer AB"} <= set(chosen)
    assert "?municipality { <https://w3id.org/glokal/id/municipality/steinkjer>" in (
        unescape(shown)
    )


def test_bars_are_as_long_as_their_numbers(
    view: GraphView, strategy: Workspace
) -> None:
    query = next(q for q in strategy.queries if q.slug == "entry-counts")
    words = load_words()["nb"]["columns"]
    answer = answer_table(
        view, run_canned_query(query, strategy, "nb"), "nb", words, "-"
    )
    drawn = draw_bars(answer, words["entryCount"])
    assert drawn is not None
    # Counted in the appendix (reading.md).
    counts = {"Levanger": 26, "Verdal": 13, "Snåsa": 9, "Steinkjer": 9, "Inderøy": 7}
    assert {b.link.text: int(b.number) for b in drawn.bars} == counts
    per = [float(b.width) / int(b.number) for b in drawn.bars]
    assert max(per) - min(per) < 0.01
    assert draw_bars(answer, "Kommune") is None


@pytest.fixture(scope="module")
def net(strategy: Workspace) -> RelationIndex:
    return RelationIndex(strategy)


def told(view: GraphView, net: RelationIndex, thing: str) -> dict[str, list[str]]:
    words = load_words()["nb"]
    found = thing_summary(view, net, THINGS + thing, "nb", words)
    return {f.label: [v.text for v in f.values] for f in found.facts}


def test_in_brief_a_municipality_names_its_programmes_and_what_is_not_stated(
    view: GraphView, net: RelationIndex
) -> None:
    # The row of Verdal in the appendix.
    verdal = told(view, net, "municipality/verdal")
    assert verdal["Programmer"] == ["Erasmus+", "EØS", "Nordplus Adult"]
    made = thing_summary(
        view, net, THINGS + "municipality/verdal", "nb", load_words()["nb"]
    )
    assert [v.text for v in made.silent] == ["eTwinning", "Interreg"]
    # L239-241: nobody disputes its membership; the office of L223-231 isn't here.
    assert "Naboer AB" in verdal["Medlem av"]
    # L140-145: a partnership.
    assert "Kompetanseforum Innherred" not in verdal["Medlem av"]
    assert "Trøndelags Europakontor" not in verdal["Medlem av"]
    inderoy = told(view, net, "municipality/inderoy")
    assert "Naboer AB" not in inderoy["Medlem av"]
    assert inderoy["Bare gjennom uklart medlemskap"] == ["Jämtland (Sverige)"]


def test_in_brief_what_the_source_disputes_stands_apart(
    view: GraphView, net: RelationIndex
) -> None:
    naboer = told(view, net, "organisation/naboer-ab")
    assert naboer["Kommuner"] == ["Levanger", "Verdal"]
    assert naboer["Uklart medlemskap"] == ["Inderøy", "Steinkjer"]
    steinkjer = thing_summary(
        view, net, THINGS + "municipality/steinkjer", "nb", load_words()["nb"]
    )
    (disputed,) = [f for f in steinkjer.facts if f.label == "Uklart medlemskap"]
    assert {v.text: v.href for v in disputed.values} == {
        "Naboer AB": "doc/conflict/naboer-ab/",
        "Trøndelags Europakontor": "doc/conflict/europakontor-membership/",
    }
    # Steinkjer works with Sweden through VälTel, whatever is said of Naboer AB.
    sverige = told(view, net, "country/sverige")
    assert sverige["Kommuner"] == ["Levanger", "Snåsa", "Steinkjer", "Verdal"]
    # Nobody disputes that Inderøy is a member of Sweden.
    assert sverige["Bare gjennom uklart medlemskap"] == ["Inderøy"]


def test_in_brief_an_organisation_is_where_the_source_has_it(
    view: GraphView, net: RelationIndex
) -> None:
    """L383-387: each school in its own town; L229-231: the office in Brussels."""
    for slug, place in (
        ("den-norske-skolen-i-brussel", "Brussel (Belgia)"),
        ("hagelstamska-skolan", "Grankulla (Finland)"),
        ("trondelags-europakontor", "Brussel (Belgia)"),
    ):
        assert told(view, net, f"organisation/{slug}")["Land og steder"] == [place]
    # A partner of a project with Czechia isn't in Czechia.
    assert "Land og steder" not in told(view, net, "organisation/kun")


def test_what_is_left_out_is_counted(
    view: GraphView,
    net: RelationIndex,
    sections: Sections,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words, verdal = load_words()["nb"], "municipality/verdal"
    whole = told(view, net, verdal)
    monkeypatch.setattr("glokal.site.pages.thing_summary._MOST", 2)
    for label, names in told(view, net, verdal).items():
        left_out = len(whole[label]) - 2
        more = [f"… (+{left_out})"] if left_out > 0 else []
        assert names == whole[label][:2] + more
    rows = [r for s in sections.of(THINGS + verdal, "nb", words) for r in s.rows]
    monkeypatch.setattr("glokal.site.pages.thing_sections.SOURCES", 1)
    short = [r for s in sections.of(THINGS + verdal, "nb", words) for r in s.rows]
    assert any(r.more for r in short)
    for row, brief_row in zip(rows, short, strict=True):
        shown = len(brief_row.sources) + len(brief_row.against)
        assert shown + brief_row.more == len(row.sources) + len(row.against)


def test_what_is_over_is_said_by_another_source(
    view: GraphView, net: RelationIndex
) -> None:
    words = load_words()["nb"]
    for thing, over in (("attractive-nordic-towns", True), ("herceg-novi", False)):
        made = thing_summary(view, net, THINGS + f"activity/{thing}", "nb", words)
        assert bool(made.ended) == over
        for found in made.ended:
            assert found.ended.text.text == "Prosjektet varte fra 2017 til 2019."
            assert any("regjeringen.no" in s.href for s in found.ended.sources)
    # Two sources agree on when it ended, and not on when it began.
    made = thing_summary(view, net, THINGS + "activity/valtel", "nb", words)
    (valtel,) = made.ended
    assert "fra 2016 til 2019" in valtel.ended.text.text
    assert "fra 2017 til 2019" in valtel.ended.text.text
    assert len(valtel.ended.sources) == 2
    # The exchange takes place at a school that is closed.
    school = THINGS + "activity/pre-school-ssb-brussel"
    made = thing_summary(view, net, school, "nb", words)
    (closed,) = made.ended
    assert closed.thing.text == "Scandinavian School of Brussels (SSB)"
    assert "lagt ned i 2020" in closed.ended.text.text


def test_the_picture_of_a_thing_has_each_tie_and_marks_the_disputed(
    view: GraphView, net: RelationIndex
) -> None:
    drawn = draw_network(view, net, THINGS + "organisation/naboer-ab", "nb")
    assert drawn is not None
    by_column: dict[int, set[str]] = {}
    for node in drawn.nodes:
        by_column.setdefault(node.x, set()).add(node.link.text)
    left, middle, right = (by_column[x] for x in sorted(by_column))
    assert left == {"Inderøy", "Levanger", "Steinkjer", "Verdal"}
    assert (middle, right) == ({"Naboer AB"}, {"Jämtland"})
    assert sorted(line.disputed for line in drawn.lines) == [False] * 3 + [True] * 2
    assert [n.link.text for n in drawn.nodes if n.here] == ["Naboer AB"]
    # Boxes never lie upon each other.
    places = [(n.x, n.y) for n in drawn.nodes]
    assert len(set(places)) == len(places)


def test_every_picture_is_small_enough_to_read(
    view: GraphView, net: RelationIndex
) -> None:
    drawn = [p for t in view.things() if (p := draw_network(view, net, t, "en"))]
    assert len(drawn) > 60
    assert max(len(p.nodes) for p in drawn) <= 40
    assert all(n.y + 48 <= p.height for p in drawn for n in p.nodes)


def test_what_is_not_stated_is_the_empty_cell_and_never_a_lack(
    sections: Sections,
    view: GraphView,
    strategy: Workspace,
    net: RelationIndex,
    public: Path,
) -> None:
    cells = mapping(view, strategy, "nb")
    empty = [
        (place.text, column.text)
        for place, row in cells.rows
        for column, cell in zip(cells.columns, row, strict=True)
        if not cell.count
    ]
    # The one empty cell of the appendix (reading.md).
    assert empty == [("Steinkjer", "Oppvekst og utdanning")]
    silent = {
        p.about.text: [v.text for v in p.silent]
        for p in programmes(view, sections.cited, net, "nb", load_words()["nb"])
    }
    assert silent["Erasmus+"] == ["Snåsa"]
    assert silent["Nordplus"] == []
    shown = (public / "ikke-oppgitt/index.html").read_text(encoding="utf-8")
    assert "Ikke oppgitt i vedlegget" in shown
    assert not re.search(
        r"mangler (?!\.)|har ikke|deltar ikke", shown.split("<main")[1]
    )


def test_the_timeline_keeps_what_the_strategy_says_and_the_rest_apart(
    public: Path,
) -> None:
    shown = (public / "tidslinje/index.html").read_text(encoding="utf-8")
    _, ended, inside, outside = re.split(r'<section aria-labelledby="', shown)
    # L2-3: the title gives years and no days.
    assert "2023–2027" in inside
    assert "1. januar" not in inside + ended
    # When a list of members was true is no period.
    assert "medlemskap" not in inside
    assert "Prosjektet varte fra 2017 til 2019." in ended
    assert "siden 1967" in outside
    # Each thing once, with what each source says of it.
    assert shown.count(">VälTel</a>") == 1
    assert "2016 til 2019" in ended and "2017 til 2019 ifølge" in ended
    # What isn't the strategy's is said to be from elsewhere among what has ended, too.
    for row in re.findall("<tr>.*?</tr>", ended):
        if "Attractive Nordic Towns" in row:
            assert "Kjent fra andre kilder" in row
    assert "Kjent fra andre kilder" in ended


def test_who_the_appendix_names_is_not_said_to_be_absent_from_it(
    strategy: Workspace,
) -> None:
    """L344-347 KUN, L368-370 Forskningsrådet, L406-423 the county and EØS, L504-508."""
    silent = {text_of(r[1]).removeprefix(THINGS) for r in rows(strategy, "listed")}
    named = {
        "organisation/kun",
        "organisation/forskningsradet",
        "organisation/trondelag-fylkeskommune",
        "programme/eos",
        "programme/interreg",
        "organisation/naboer-ab",
        "organisation/trondelags-europakontor",
    }
    assert not silent & named
    # L223-259 lists all of them (expected/), and no line of the appendix (L262-544)
    # names the others: to be a member of an office that it names is no mention.
    listed = {
        row["collaborator"].removeprefix(THINGS)
        for row in csv.DictReader(
            (ROOT / "expected/collaborators.csv").read_text("utf-8").splitlines()
        )
    }
    assert silent == listed - named
    assert "organisation/ntnu" in silent and "authority/trondheim" in silent


def test_a_place_keeps_the_disputed_and_marks_it(sections: Sections) -> None:
    """L239-241 has Inderøy in Naboer AB and L372 Steinkjer, each alone."""
    for thing in ("place/jamtland", "country/sverige"):
        part = section(sections, thing, "place")
        where = part.columns.index("Kommune")
        naboer = {
            row.status: [v.text for v in row.cells[where]]
            for row, name in zip(part.rows, texts(part), strict=True)
            if name == "Naboer AB"
        }
        assert naboer == {
            "": ["Levanger", "Verdal"],
            "Uklart om disse kommunene er med": ["Inderøy", "Steinkjer"],
        }


def test_where_the_mapping_lists_the_disputed_it_is_marked(sections: Sections) -> None:
    listed = section(sections, "organisation/naboer-ab", "mentions")
    status = dict(zip(texts(listed), (r.status for r in listed.rows), strict=True))
    unclear = "Uklart om kommunen er med"
    assert status == {"Levanger": "", "Steinkjer": unclear, "Verdal": ""}
    steinkjer = section(sections, "municipality/steinkjer", "entries")
    doubted = [
        t for t, r in zip(texts(steinkjer), steinkjer.rows, strict=True) if r.status
    ]
    assert doubted == ["Trøndelags Europakontor", "Naboer AB"]


@pytest.mark.parametrize(
    ("text", "nb", "first", "last"),
    [
        ("2023", "2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "februar 2024", "2024-02-01", "2024-02-29"),
        ("2023-01-31", "31. januar 2023", "2023-01-31", "2023-01-31"),
    ],
)
def test_a_date_is_as_exact_as_its_source(
    text: str, nb: str, first: str, last: str
) -> None:
    assert date_in(text, "nb") == nb
    assert (str(first_day(text)), str(last_day(text))) == (first, last)


def test_what_is_no_date_is_no_day() -> None:
    assert first_day("snart") is None
    assert last_day("20x3") is None
    assert date_in("snart", "nb") == "snart"


def test_periods_are_drawn_where_they_lie() -> None:
    def day(text: str) -> date:
        return date.fromisoformat(text)

    spans = [
        Span(Value("a"), day("2020-01-01"), day("2029-12-31"), False),
        Span(Value("b"), day("2025-01-01"), None, True),
        Span(Value("c"), None, None, False),
    ]
    half = Span(Value("d"), day("2025-01-01"), day("2029-12-31"), True)
    drawn = draw_timeline([spans, [half]])
    assert drawn is not None
    assert [year for year, _ in drawn.years] == list(range(2020, 2030))
    (first,), (second,) = drawn.rows
    assert (first.x, round(float(first.width))) == ("0.00", 100)
    assert (round(float(second.x)), round(float(second.width))) == (50, 50)
    # With one end it is told in words alone.
    assert draw_timeline([spans[1:]]) is None


@pytest.mark.parametrize(
    ("path", "demand"),
    [
        ("def", "Et planelement må enten være del av en plan"),
        ("en/def", "A plan element must be either part of a plan"),
    ],
)
def test_a_term_is_explained_with_examples_and_demands(
    public: Path, path: str, demand: str
) -> None:
    shown = (public / path / "index.html").read_text(encoding="utf-8")
    articles = dict(
        re.findall(r'<article id="(\w+)"[^>]*>(.*?)</article>', shown, re.S)
    )
    assert demand in articles["PlanElement"]
    assert "def/#Goal" in articles["PlanElement"]
    assert "/doc/municipality/" in articles["Municipality"]
    assert "(5)" in articles["Municipality"]
    names = re.findall(r"^glo:(\w+) a owl:Class", ONTOLOGY, re.MULTILINE)
    assert set(names) <= set(articles)
    tree = re.findall(r'<svg class="tree".*?</svg>', shown, re.DOTALL)[0]
    assert tree.count("<a ") == len(set(names))


def test_codes_are_listed_with_their_names_in_other_languages(public: Path) -> None:
    shown = (public / "def/index.html").read_text(encoding="utf-8")
    listed = shown.split('id="list-subject-area"')[1].split("</table>")[0]
    assert "Helse og velferd" in listed
    assert '<span lang="en">Health and welfare</span>' in listed


def test_an_element_of_a_plan_stands_once_and_by_its_own_kind(
    sections: Sections,
) -> None:
    part = section(sections, "plan/internasjonal-strategi", "elements")
    names = texts(part, part.columns.index("Del av planen"))
    kinds = texts(part, part.columns.index("Type"))
    assert len(set(zip(names, kinds, strict=True))) == len(names)
    assert "planelement" not in kinds
    assert kinds.count("mål") == 3


def test_the_five_questions_of_a_minute_are_answered(public: Path) -> None:
    """Asked by one who has never seen RDF; the answers are read in the strategy."""

    def read(path: str) -> str:
        text = (public / path / "index.html").read_text(encoding="utf-8")
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))

    verdal = read("doc/municipality/verdal")
    assert "Programmer Erasmus+ , EØS , Nordplus Adult" in verdal
    sverige = read("doc/country/sverige")
    assert "Kommuner Levanger , Snåsa , Steinkjer , Verdal" in sverige
    goals = (public / "query/goals/index.html").read_text(encoding="utf-8")
    assert goals.count("doc/goal/") >= 3
    goal = read("doc/goal/verdiskaping-og-bosetting")
    assert "Kilde: Målene, punkt 1" in goal
    nordplus = read("doc/programme/nordplus")
    assert "Kommuner Inderøy , Levanger , Snåsa , Steinkjer , Verdal" in nordplus
    assert "Kontaktperson ikke oppgitt i strategien" in nordplus
    missing = read("ikke-oppgitt")
    assert "Steinkjer Ikke oppgitt i vedlegget 3 2 4" in missing


def main_of(public: Path, path: str) -> str:
    text = (public / path / "index.html").read_text(encoding="utf-8")
    return text.partition("<main")[2].partition("</main>")[0]


def test_the_search_shows_words_and_no_marks(public: Path) -> None:
    """What Pagefind has taken from the finished pages, as the browser gets it."""
    titles = {}
    for file in (public / "pagefind/fragment").iterdir():
        packed = gzip.decompress(file.read_bytes())
        found = json.loads(packed[packed.index(b"{") :])
        titles[found["url"]] = found["meta"]["title"]
        assert "PAGEFIND" not in found["meta"]["title"]
        # Neither the query nor what one pastes elsewhere is what a reader looks for.
        assert "<iframe" not in found["content"], found["url"]
        assert "SELECT DISTINCT" not in found["content"], found["url"]
    asked = titles["/query/programmes-spanning-municipalities/"]
    assert asked == "Hvilke programmer har tiltak i to eller flere kommuner?"
    under = "Hvilke kommuner har tiltak under Nordplus?"
    assert titles["/query/municipalities-in-programme/"] == under


@pytest.mark.parametrize(("lang", "path"), [("nb", "om"), ("en", "en/about")])
def test_who_is_behind_is_said_as_far_as_it_is_known(
    public: Path, strategy: Workspace, lang: str, path: str
) -> None:
    """`publication.toml` names the council, which has made none of it."""
    words = load_words()[lang]["about_words"]
    shown, council = main_of(public, path), strategy.project.contact.url
    assert words["no_maker"] in shown and words["no_contact"] in shown
    # As the owner of the strategy, by the data, and nowhere as somebody to write to.
    assert 'doc/organisation/innherred-regionrad/"' in shown
    assert words["owned"] in shown
    assert f'href="{council}"' not in shown
    for other in ("doc/municipality/verdal", "personvern", "tilgjengelighet"):
        page = (public / other / "index.html").read_text(encoding="utf-8")
        assert f'href="{council}"' not in page.partition("<footer")[2]
    name = strategy.project.contact.name["nb"]
    for other in ("personvern", "tilgjengelighet"):
        assert f">{name}</a>" not in main_of(public, other)


def test_the_start_page_has_one_number_of_programmes(public: Path) -> None:
    shown = main_of(public, "")
    (number,) = re.findall(r"<strong>(\d+)</strong>programmer", shown)
    card = shown.partition(">Programmer</h3>")[2].partition("</ul>")[0]
    assert card.count("<li>") == int(number) == 5
    # Each row of countries leads to its passages.
    abroad = shown.partition('id="abroad"')[2].partition("</table>")[0]
    for row in abroad.split("<tr>")[2:]:
        assert "strategi/#" in row


def test_an_answer_without_sources_says_where_they_are(public: Path) -> None:
    counted = main_of(public, "query/entry-counts")
    assert "Kildene står på sidene som radene leder til." in counted
    listed = main_of(public, "query/disputed-memberships")
    assert "Kildene står på sidene" not in listed and ">Kilde</th>" in listed


def test_numbers_and_sources_are_written_as_people_write_them(public: Path) -> None:
    verdal = main_of(public, "doc/municipality/verdal")
    # A no-break space in Norwegian, a comma in English (CLDR).
    assert ">1\u00a0547,81</td>" in verdal and "Wikipedia (russisk)" in verdal
    assert "Kartverket: kommuner 2024, CC BY 4.0; Artsdatabanken" in verdal
    assert ">1,547.81</td>" in main_of(public, "en/doc/municipality/verdal")


def test_what_others_say_of_a_municipality_stands_on_its_page(public: Path) -> None:
    """Rows of `data/supplement/`: MEDSAM, twin towns, what the state says."""
    levanger = main_of(public, "doc/municipality/levanger")
    rows = levanger.partition('id="outside"')[2].partition("</table>")[0].split("<tr>")
    medsam = next(r for r in rows if ">MEDSAM</a>" in r)
    assert ">Partner i</th>" in medsam and "omsorgsor.no" in medsam
    (twins,) = [r for r in rows if "Kramfors, Sverige (1948)" in r]
    assert "Varde, Danmark (1948)" in twins and "query/twin-towns-elsewhere/" in twins
    # Registers and the state before a newspaper.
    order = [next(n for n, r in enumerate(rows) if s in r) for s in SOURCES_IN_ORDER]
    assert order == sorted(order)
    # How well rows are founded is said once.
    assert levanger.count("sagt av én kilde") == 1
    verdal = main_of(public, "doc/municipality/verdal")
    assert "twin-towns-elsewhere" not in verdal


SOURCES_IN_ORDER = ("Kartverket", "regjeringen.no", "avisa-st.no")


def test_an_answer_leads_to_where_the_source_disagrees(public: Path) -> None:
    question = "query/membership-of-municipality"
    link = "doc/conflict/naboer-ab/"
    assert link in main_of(public, f"{question}/inderoy/naboer-ab")
    # Nobody doubts that Verdal is a member.
    assert link not in main_of(public, f"{question}/verdal/naboer-ab")
    every = main_of(public, "query/members-of-organisation/naboer-ab")
    assert link in every and "europakontor-membership" not in every


def test_a_disagreement_shows_whom_each_place_names(public: Path) -> None:
    """L239-241: “Inderøy, Verdal og Levanger er medlemmer”; the appendix has Naboer AB
    for Steinkjer (L372), Verdal (L417) and Levanger (L458), not for Inderøy.
    """
    shown = main_of(public, "doc/conflict/naboer-ab")
    table = shown.partition('id="differing"')[2].partition("</table>")[0]
    told = {
        row.partition("/</th>")[0].rpartition("municipality/")[2].partition("/")[0]: [
            "<strong>ja</strong>" in cell for cell in row.split("<td")[1:]
        ]
        for row in table.partition("<tbody>")[2].split("<tr>")[1:]
    }
    assert told == {
        "inderoy": [True, False],
        "levanger": [True, True],
        "steinkjer": [False, True],
        "verdal": [True, True],
    }
    # Nothing is said of them once more below.
    assert 'id="s-involved"' not in shown and 'id="more"' not in shown
    assert 'id="s-involved"' in main_of(public, "doc/conflict/interreg-and-eos")


def test_the_same_words_of_several_places_are_quoted_once(public: Path) -> None:
    """Ten items of the appendix say the same of Inclusivate, one with a stop."""
    shown = main_of(public, "doc/activity/inclusivate")
    quoted = shown.partition('id="source"')[2].partition("</section>")[0]
    assert quoted.count("<blockquote") == 1 and quoted.count("strategi/#p-") == 10
    cited = shown.partition('id="cite"')[2]
    assert cited.count("<q ") == 1 and cited.count("strategi/#p-") == 10
    # Who is in the appendix isn't told once more as who takes part.
    assert 'id="s-mentions"' in shown and 'id="s-participants"' not in shown
    # Nor is a statement told again from its other end.
    assert "har deltaker" not in shown


def test_nothing_is_compared_with_itself(public: Path) -> None:
    """Who chooses the other of two lets them change places."""
    folder = public / "query/things-of-two-municipalities"
    pairs = {p.parent.relative_to(folder).parts for p in folder.glob("*/*/index.html")}
    assert pairs and all(first != second for first, second in pairs)
    shown = main_of(public, "query/things-of-two-municipalities/snasa/inderoy")
    assert "things-of-two-municipalities/inderoy/snasa/" in shown


@pytest.mark.parametrize(
    ("slug", "theirs"),
    [
        ("goals", False),
        ("member-counts", False),
        ("words-of-organisation", False),
        ("programmes-elsewhere", True),
        ("sums-of-activities", True),
        ("leads-of-activities", True),
        ("activities-ended", True),
        ("federated-projects", True),
    ],
)
def test_what_other_sources_say_is_not_said_to_stand_in_the_strategy(
    slug: str, theirs: bool, public: Path
) -> None:
    shown = main_of(public, f"query/{slug}")
    assert ("Bygger på strategien" in shown) is not theirs
    assert ("Slik andre kilder enn strategien oppgir det." in shown) is theirs


@pytest.mark.parametrize(
    ("page", "words"),
    [
        # data/supplement/organisations.ttl, from the government's own news of 2021.
        ("doc/organisation/diku", "Diku ble 1. juli 2021 avløst av Direktoratet for"),
        ("en/doc/organisation/diku", "On 1 July 2021 Diku was succeeded by"),
    ],
)
def test_what_has_become_of_an_organisation_stands_first(
    page: str, words: str, public: Path
) -> None:
    shown = main_of(public, page)
    assert words in shown.partition("<h2")[0]
    assert "over" not in main_of(public, "doc/organisation/kun").partition("<h2")[0]


def test_a_dispute_is_cited_with_both_of_its_sides(public: Path) -> None:
    """L239-241 say “er medlemmer”; the row of Inderøy (L374-400) has no Naboer AB."""
    shown = main_of(public, "query/membership-of-municipality/inderoy/naboer-ab")
    cells = shown.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Medspillere, arenaer og ressurser" in cells and "raden Inderøy" in cells
    # Who governs Inderøy says nothing of Naboer AB.
    assert "Forankring" not in cells
    said = main_of(public, "query/membership-of-municipality/verdal/naboer-ab")
    assert "Forankring" not in said.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_disputed_row_leads_to_the_disagreement(public: Path) -> None:
    """data/strategy/conflicts.ttl: who is a member of Naboer AB, by the text and by the
    table."""
    for path in ("inderoy/naboer-ab", "steinkjer/naboer-ab"):
        shown = main_of(public, f"query/membership-of-municipality/{path}")
        assert re.search(r'href="[^"]*doc/conflict/naboer-ab/">uklart</a>', shown), path
    shown = main_of(public, "query/members-of-organisation")
    found = set(re.findall(r'href="([^"]*)">uklart</a>', shown))
    assert {f.rpartition("doc/")[2] for f in found} == {
        "conflict/europakontor-membership/"
    }
    said = main_of(public, "query/membership-of-municipality/verdal/naboer-ab")
    assert "conflict/" not in said.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize(
    "page",
    [
        "doc/municipality/snasa",
        "sammenlign",
        "query/entries-of-municipality/snasa",
        "query/shared-things",
    ],
)
def test_what_has_ended_is_not_shown_as_if_it_went_on(page: str, public: Path) -> None:
    """VälTel ended in 2019, by the project's own site and Interreg's list."""
    text = " ".join(re.sub("<[^>]+>", "", main_of(public, page)).split())
    assert "VälTel (perioden er over, ifølge andre kilder)" in text
    assert "Inclusivate (perioden" not in text


def test_activities_of_every_kind_are_marked_when_they_have_ended(
    view: GraphView,
) -> None:
    # A project, an exchange: each has a class of its own.
    names = {iri.rpartition("/")[2] for iri in all_ended(view)}
    assert {"valtel", "medsam", "eos-frisklivssentralen"} <= names
    # So is a school that was closed; a plan that has run out is no news.
    assert "scandinavian-school-of-brussels" in names
    assert all("/plan/" not in iri for iri in all_ended(view))

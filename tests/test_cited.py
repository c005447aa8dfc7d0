"""What pages show beside a statement: its own passages, and nothing else.

The passages were found in the source by reading; lines are those of its text.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import GLO, RDF
from glokal.dataset.canned_queries import find_query
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words
from glokal.site.pages.answer_files import run_canned_query
from glokal.site.pages.thing_description import describe_thing
from glokal.site.pages.thing_sections import Sections
from glokal.site.row_sources import RowSources

ID = "https://w3id.org/glokal/id/"
CODE = "https://w3id.org/glokal/code/"
FACTS = {
    # L2-3 the years, L49-51 the owner, L78-80, L109-115, L123-127, L45-47 and L233-235.
    "plan/internasjonal-strategi": {
        ("sluttdato", "2027"): ["Tittel"],
        ("startdato", "2023"): ["Tittel"],
        ("gjelder for", "Innherred"): ["Tittel"],
        ("eies av", "Innherred regionråd"): ["Bakgrunn, setning 16"],
        ("bygger på", "FNs bærekraftsmål"): ["Visjoner, setning 1"],
        ("viser til planen", "Innherredsstrategien 2021–2023"): [
            "Forankring og gjennomføring av strategien, setning 3"
        ],
        ("viser til planen", "Næringsstrategi for Innherred 2022–2025"): [
            "Næringsstrategi for Innherred, overskrift 1"
        ],
        ("viser til planen", "Internasjonalt handlingsprogram 2020–2023"): [
            "Bakgrunn, setning 15",
            "Medspillere, arenaer og ressurser, punkt 2",
        ],
    },
    # L245-247 is the list; L344-347 names KUN and no group.
    "organisation/kun": {
        ("er ført opp som", "Kunnskapsmiljøer"): [
            "Medspillere, arenaer og ressurser, punkt 5, andre setning"
        ]
    },
    # L223-229 and L245-247, each for its own group.
    "organisation/ntnu": {
        ("er ført opp som", "Kunnskapsmiljøer"): [
            "Medspillere, arenaer og ressurser, punkt 5, andre setning"
        ],
        ("er ført opp som", "Europakontor og medlemmer"): [
            "Medspillere, arenaer og ressurser, punkt 1"
        ],
    },
    # L239-241; the table says no more than the name.
    "organisation/naboer-ab": {
        ("har motpart i", "Jämtland"): ["Medspillere, arenaer og ressurser, punkt 4"]
    },
    # L257-259.
    "programme/eos": {
        (
            "er ført opp som",
            "Internasjonale organer og deres rådgivningsapparat",
        ): ["Medspillere, arenaer og ressurser, punkt 8"]
    },
}
ROWS = [
    # An entry in the row's subject area, not the one in another (L282-285, L310-313).
    (
        [
            "id/municipality/snasa",
            "id/activity/inclusivate",
            "code/subject-area/health",
        ],
        ["Vedlegg, rad Snåsa, kolonne Helse og velferd, punkt 1"],
    ),
    # L229-231 only: sentence 8 speaks of the membership and not of the board.
    (
        [
            "id/organisation/innherred-regionrad",
            "id/organisation/trondelags-europakontor",
            "code/role/board-member",
        ],
        ["Medspillere, arenaer og ressurser, punkt 1, andre setning"],
    ),
    # The membership that the text affirms (L239-241), not the list that leaves it out.
    (
        ["id/authority/inderoy", "id/organisation/naboer-ab"],
        ["Medspillere, arenaer og ressurser, punkt 4"],
    ),
    # L142-146 says "kommunene", which L103-105 names.
    (
        ["id/authority/levanger", "id/organisation/kompetanseforum-innherred"],
        [
            "Forankring og gjennomføring av strategien, setning 1",
            "Kompetanseforum Innherred, setning 1",
        ],
    ),
    # Nothing connects them: the source lists no activity of Snåsa under Erasmus+.
    (["id/municipality/snasa", "id/programme/erasmus-plus"], []),
]


@pytest.fixture(scope="module")
def view(strategy: Workspace) -> GraphView:
    return GraphView(strategy)


@pytest.fixture(scope="module")
def sections(view: GraphView, strategy: Workspace) -> Sections:
    return Sections(view, strategy)


@pytest.mark.parametrize("thing", FACTS)
def test_beside_a_fact_stand_its_own_passages(
    view: GraphView, sections: Sections, thing: str
) -> None:
    made = describe_thing(view, sections, ID + thing, "nb", load_words()["nb"])
    shown = {
        (fact.label, v.value.text): [s.citation for s in v.sources]
        for fact in made.facts
        for v in fact.values
    }
    for said, wanted in FACTS[thing].items():
        assert shown[said] == wanted
    assert all(shown.values())


def test_every_fact_of_every_thing_has_its_node(
    view: GraphView, sections: Sections, strategy: Workspace
) -> None:
    words = load_words()["en"]
    subjects = {t.subject.value for t in strategy.provenance.nodes}
    for thing in sorted(subjects):
        made = describe_thing(view, sections, thing, "en", words)
        for fact in made.facts:
            for value in fact.values:
                assert value.sources, (thing, fact.label, value.value.text)


@pytest.mark.parametrize(("row", "wanted"), ROWS)
def test_a_row_has_the_passages_of_what_it_connects(
    sections: Sections, row: list[str], wanted: list[str]
) -> None:
    cited = sections.cited
    terms = [ox.NamedNode(f"https://w3id.org/glokal/{name}") for name in row]
    found = cited.sources(cited.connecting(terms), "nb", load_words()["nb"])
    assert [source.citation for source in found] == wanted


def test_a_number_in_a_row_is_no_statement_by_chance(
    sections: Sections, strategy: Workspace
) -> None:
    """Goal 1 is said to be the first; that a plan has one of something is not."""
    goal = ox.NamedNode(ID + "goal/verdiskaping-og-bosetting")
    (number,) = [
        t.object
        for t in strategy.provenance.nodes
        if t.subject == goal and t.predicate.value == GLO + "elementNumber"
    ]
    assert sections.cited.connecting([goal, number])
    # A column of words for the same number takes nothing away.
    assert sections.cited.connecting([goal, number, ox.Literal("1")])
    assert not sections.cited.connecting([goal, ox.Literal("1")])


def test_what_the_editor_judges_stands_apart(
    view: GraphView, sections: Sections
) -> None:
    words = load_words()["en"]
    activity = ID + "activity/nordisk-vennskapsbysamarbeid"
    made = describe_thing(view, sections, activity, "en", words)
    assert [f.label for f in made.judged] == ["editor's note"]
    assert made.judged[0].values[0].sources == ()
    entry = describe_thing(view, sections, ID + "entry/snasa-culture-1", "en", words)
    assert "How surely it is placed" in {f.label for f in entry.judged}
    labels = {f.label for f in entry.facts}
    assert not labels & {f.label for f in entry.judged}


def test_what_others_say_is_not_said_by_the_strategy(
    view: GraphView, sections: Sections
) -> None:
    records = sorted(s for s in view.supplement if view.path(s))
    assert records
    for record in records:
        made = describe_thing(view, sections, record, "en", load_words()["en"])
        assert not made.facts
        assert made.added


def test_a_reading_is_shown_with_its_statement(
    view: GraphView, sections: Sections
) -> None:
    made = describe_thing(
        view, sections, ID + "plan/internasjonal-strategi", "en", load_words()["en"]
    )
    read = [v for f in made.facts for v in f.values if v.reading]
    assert len(read) == 1
    assert "our reading" in read[0].reading


def test_the_data_of_a_thing_have_its_nodes(
    view: GraphView, sections: Sections, strategy: Workspace
) -> None:
    kun = ID + "organisation/kun"
    triples = sections.cited.triples(kun)
    about = {t.object for t in triples if t.predicate.value == RDF + "subject"}
    assert about == {ox.NamedNode(kun)}
    assert set(triples) <= set(strategy.provenance_triples)
    assert isinstance(sections.cited, Cited)


@pytest.mark.parametrize("question", ["twin-towns-elsewhere", "words-of-organisation"])
def test_a_question_to_a_named_graph_cites_no_passage_by_itself(
    view: GraphView, sections: Sections, strategy: Workspace, question: str
) -> None:
    words = load_words()["nb"]
    query = find_query(strategy.queries, question)
    choice = {p.name: p.default for p in query.parameters}
    table = run_canned_query(query, strategy, "nb", choice)
    assert table.rows
    sources = RowSources(view, sections.cited, strategy)
    found = sources.of(query, choice, table, "nb", words)
    assert found == []


@pytest.mark.parametrize("name", ["elsewhere", "reports", "joined", "since", "resting"])
def test_what_others_say_has_no_passage_of_the_strategy(
    view: GraphView, sections: Sections, name: str
) -> None:
    words = load_words()["nb"]
    for thing in view.things():
        for part in sections.of(thing, "nb", words):
            if part.name == name:
                assert not any(row.sources for row in part.rows)


@pytest.mark.parametrize(
    ("question", "choice", "row", "word", "items"),
    [
        # L280 to L395: items of the appendix with the programme's name in them.
        ("programmes-spanning-municipalities", {}, "Erasmus+", "rasmus", 8),
        ("municipalities-in-programme", {"programme": "eos"}, "Verdal", "EØS", 2),
        ("municipalities-in-programme", {"programme": "interreg"}, "Levanger", "", 1),
        ("joint-activities", {}, "Attractive Nordic Towns", "ordic", 3),
        ("activity-counts-in-programme", {"programme": "eos"}, "Verdal", "EØS", 2),
    ],
)
def test_what_ties_a_programme_to_a_municipality_is_said_of_what_it_does(
    view: GraphView,
    sections: Sections,
    strategy: Workspace,
    question: str,
    choice: dict[str, str],
    row: str,
    word: str,
    items: int,
) -> None:
    query = find_query(strategy.queries, question)
    values = {name: f"{ID}programme/{slug}" for name, slug in choice.items()}
    table = run_canned_query(query, strategy, "nb", values)
    sources = RowSources(view, sections.cited, strategy)
    found = sources.of(query, values, table, "nb", load_words()["nb"])
    (mine,) = [
        near
        for cells, near in zip(table.rows, found, strict=True)
        if row in map(text_of, cells)
    ]
    assert len(mine) == items
    assert all(source.citation.startswith("Vedlegg, rad ") for source in mine)
    assert all(word in source.text for source in mine)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("municipalities-without-programme", {"programme": "programme/erasmus-plus"}),
        (
            "membership-of-municipality",
            {
                "municipality": "municipality/snasa",
                "organisation": "organisation/naboer-ab",
            },
        ),
    ],
)
def test_what_is_silent_rests_on_nothing(
    view: GraphView,
    sections: Sections,
    strategy: Workspace,
    question: str,
    values: dict[str, str],
) -> None:
    query = find_query(strategy.queries, question)
    asked = {name: f"{ID}{value}" for name, value in values.items()}
    table = run_canned_query(query, strategy, "nb", asked)
    assert table.rows
    sources = RowSources(view, sections.cited, strategy)
    assert sources.of(query, asked, table, "nb", load_words()["nb"]) == []

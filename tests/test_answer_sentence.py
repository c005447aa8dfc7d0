"""Answers in a sentence: by the number of rows, by what is silent, by what is disputed.

The sentences that are expected were written from the rows of the strategy's appendix
and lists, as an editor would say them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import SourceError
from glokal.dataset.answer_sentence import answer_sentence
from glokal.dataset.answer_template import AnswerTemplate, read_template
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.query_files import load_query
from glokal.dataset.workspace import Workspace
from glokal.site.page_words import load_words
from glokal.site.pages.home import first_questions
from glokal.sparql.store_interface import Table

PROGRAMMES = {
    "of": "programme",
    "item": "{programmeLabel} ({count_})",
    "nb": {
        "none": "Ingen under {kind}.",
        "one": "Ett: {items}.",
        "many": "{Count} ({count}), i alt {count_+}: {items}.",
    },
    "en": {"none": "None.", "one": "One: {items}.", "many": "{Count}: {items}."},
}


def template(**more: object) -> AnswerTemplate:
    return read_template({**PROGRAMMES, **more}, ("nb", "en"), "queries/x.rq")


def table(*rows: tuple[str | None, str, int]) -> Table:
    return Table(
        ("programme", "programmeLabel", "count_"),
        tuple(
            (
                None if name is None else ox.NamedNode(f"https://e.example/{name}"),
                ox.Literal(label),
                ox.Literal(number),
            )
            for name, label, number in rows
        ),
    )


@pytest.mark.parametrize(
    ("rows", "nb", "en"),
    [
        ((), "Ingen under Nordplus.", "None."),
        ((("a", "A", 1),), "Ett: A (1).", "One: A (1)."),
        (
            (("a", "A", 1), ("b", "B", 2)),
            "To (to), i alt 3: A (1) og B (2).",
            "Two: A (1) and B (2).",
        ),
        # A thing in two rows is one.
        ((("a", "A", 1), ("a", "A", 1)), "Ett: A (1).", "One: A (1)."),
        # What a name says in brackets isn't said again.
        ((("a", "A (1)", 1),), "Ett: A (1).", "One: A (1)."),
        # A name with a comma, or with an "og", isn't run into the next.
        (
            (("a", "A, B", 1), ("c", "C og D", 1), ("e", "E", 1)),
            "Tre (tre), i alt 3: A, B (1); C og D (1); og E (1).",
            "Three: A, B (1); C og D (1); and E (1).",
        ),
    ],
)
def test_by_the_number_of_rows(
    rows: tuple[tuple[str, str, int], ...], nb: str, en: str
) -> None:
    chosen = {"kind": "Nordplus"}
    assert answer_sentence(template(), table(*rows), chosen, "nb") == nb
    assert answer_sentence(template(), table(*rows), chosen, "en") == en
    # A language that the header doesn't have gets the first.
    assert answer_sentence(template(), table(*rows), chosen, "nn") == nb


def test_of_many_the_first_are_named() -> None:
    rows = [(f"p{i}", f"P{i}", 1) for i in range(20)]
    text = answer_sentence(template(item="{programmeLabel}"), table(*rows), {}, "en")
    assert text == "20: P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10 and nine more."


def test_what_is_silent_is_said() -> None:
    silent = template(
        unknown="{programmeLabel}",
        nb={
            **PROGRAMMES["nb"],  # type: ignore[dict-item]
            "silent": "Ikke oppgitt for {unknown}.",
            "rest": "Ikke oppgitt for {unknown}.",
        },
    )
    rows = [(None, "Snåsa", 1), (None, "Verdal", 1)]
    only = answer_sentence(silent, table(*rows), {}, "nb")
    assert only == "Ikke oppgitt for Snåsa og Verdal."
    both = answer_sentence(silent, table(("a", "A", 1), *rows), {}, "nb")
    assert both == "Ett: A (1). Ikke oppgitt for Snåsa og Verdal."


def test_what_is_disputed_is_marked_or_stands_apart() -> None:
    columns = ("m", "mLabel", "relation", "relationLabel")
    rows = tuple(
        (
            ox.NamedNode(f"https://e.example/{name}"),
            *map(ox.Literal, (name, relation, label)),
        )
        for name, relation, label in (
            ("Verdal", "member", "medlem"),
            ("Inderøy", "disputed", "uklart"),
        )
    )
    header = {
        "of": "m",
        "item": "{mLabel}",
        **{
            lang: dict.fromkeys(("none", "one", "many"), "{items}.") for lang in ("nb",)
        },
    }
    marked = read_template(header, ("nb",), "queries/x.rq")
    said = answer_sentence(marked, Table(columns, rows), {}, "nb")
    assert said == "Verdal og Inderøy (uklart)."
    apart = read_template({**header, "by": "relationLabel"}, ("nb",), "queries/x.rq")
    said = answer_sentence(apart, Table(columns, rows), {}, "nb")
    assert said == "medlem (1): Verdal; uklart (1): Inderøy."
    # Who is member of one thing, and disputed of another, is member together with us.
    both = (*rows, (rows[0][0], rows[0][1], rows[1][2], rows[1][3]))
    said = answer_sentence(marked, Table(columns, both), {}, "nb")
    assert said == "Verdal og Inderøy (uklart)."
    # Counted with the others it would be said to be one of them.
    forms = {"none": "Ingen.", "one": "Én: {items}.", "many": "{Count}: {items}."}
    header["nb"] = {**forms, "disputed": "Uklart er det for {disputed}."}
    counted = read_template(header, ("nb",), "queries/x.rq")
    said = answer_sentence(counted, Table(columns, rows), {}, "nb")
    assert said == "Én: Verdal. Uklart er det for Inderøy."
    said = answer_sentence(counted, Table(columns, rows[1:]), {}, "nb")
    assert said == "Ingen. Uklart er det for Inderøy."
    said = answer_sentence(counted, Table(columns, both[:1]), {}, "nb")
    assert said == "Én: Verdal."
    # What holds by another row is counted, and what is disputed of it is told.
    header["nb"] = {**forms, "partly": "Uklart gjennom {relation*} ({mLabel*})."}
    partly = read_template(header, ("nb",), "queries/x.rq")
    said = answer_sentence(partly, Table(columns, both), {}, "nb")
    assert said == "To: Verdal og Inderøy (uklart). Uklart gjennom disputed (Verdal)."
    said = answer_sentence(partly, Table(columns, both[:1]), {}, "nb")
    assert said == "Én: Verdal."
    # An item is of one kind, that of its first row; numbers add up.
    said = answer_sentence(apart, Table(columns, both), {}, "nb")
    assert said == "medlem (1): Verdal; uklart (1): Inderøy."


def test_values_with_commas_are_told_apart() -> None:
    columns = ("m", "sum")
    thing = ox.NamedNode("https://e.example/sea-eu")
    rows = ((thing, ox.Literal("14 millioner, i alt")), (thing, ox.Literal("to")))
    header = {
        "of": "m",
        "item": "{sum*}",
        "nb": dict.fromkeys(("none", "one", "many"), "{items}."),
    }
    asked = read_template(header, ("nb",), "queries/x.rq")
    said = answer_sentence(asked, Table(columns, rows), {}, "nb")
    assert said == "14 millioner, i alt; to."


@pytest.mark.parametrize(
    "wrong",
    [
        {"of": None},
        {"of": [1]},
        {"item": 5},
        {"item": {"nb": "x"}},
        {"item": "{a.b}"},
        {"item": "{a[0]}"},
        {"item": "{a!r}"},
        {"item": "{a:>9999999999}"},
        {"item": "{0}"},
        {"item": "{"},
        {"nb": "x"},
        {"nb": {"none": "x"}},
        {"en": {**PROGRAMMES["en"], "some": "x"}},  # type: ignore[dict-item]
        {"by": 3},
    ],
)
def test_a_template_of_another_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SourceError) as error:
        template(**wrong)
    assert error.value.place is not None
    assert error.value.place.file == "queries/x.rq"


@pytest.mark.parametrize("field", ["of: other", 'item: "{other}"'])
def test_a_column_that_the_query_has_not_is_refused(tmp_path: Path, field: str) -> None:
    header = {"of": "of: x", "item": 'item: "{x}"'} | {field.split(":")[0]: field}
    forms = "{none: a, one: b, many: c}"
    lines = [
        "summary: {nb: Hva, en: What}",
        "answer:",
        *(f"  {line}" for line in header.values()),
        f"  nb: {forms}",
        f"  en: {forms}",
    ]
    path = tmp_path / "x.rq"
    text = "".join(f"#+ {line}\n" for line in lines) + "SELECT ?x WHERE { ?x a ?y }\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="other"):
        load_query(path, "x")


def named(workspace: Workspace, slug: str) -> CannedQuery:
    return next(q for q in workspace.queries if q.slug == slug)


@pytest.mark.parametrize(
    ("slug", "values", "lang", "expected"),
    [
        (
            "programmes-spanning-municipalities",
            {},
            "nb",
            "Tre programmer og delprogrammer har tiltak i to eller flere kommuner: "
            "Erasmus+ (4), "
            "Nordplus (5) og Nordplus Adult (5).",
        ),
        (
            "municipalities-without-programme",
            {"programme": "Nordplus"},
            "nb",
            "Ingen: alle kommunene i regionen er nevnt under Nordplus.",
        ),
        (
            "municipalities-without-programme",
            {"programme": "Erasmus+"},
            "en",
            "For one municipality nothing is stated under Erasmus+: Snåsa.",
        ),
        (
            "international-contacts",
            {},
            "nb",
            "Strategien oppgir ikke hvem som er internasjonal kontakt i Inderøy, "
            "Levanger, Snåsa, Steinkjer og Verdal.",
        ),
        (
            "empty-cells",
            {},
            "en",
            "One cell of the appendix has no items: Steinkjer – Childhood and "
            "education.",
        ),
        (
            "plans-ending-before-the-strategy",
            {},
            "nb",
            "Tre av planene som strategien viser til, løper ut før den: "
            "Innherredsstrategien 2021–2023 (2023), Internasjonalt handlingsprogram "
            "2020–2023 (2023) og Næringsstrategi for Innherred 2022–2025 (2025). Når "
            "disse løper ut, er ikke oppgitt: Kommuneplanens samfunnsdel, Inderøy; "
            "Kommuneplanens samfunnsdel, Levanger; Kommuneplanens samfunnsdel, Snåsa; "
            "Kommuneplanens samfunnsdel, Steinkjer; og Kommuneplanens samfunnsdel, "
            "Verdal.",
        ),
        (
            "organisations-in-both",
            {"organisation": "Sunne kommuner"},
            "nb",
            "Strategien oppgir ingen som er med både i Sunne kommuner og i et annet "
            "nettverk.",
        ),
        (
            "shared-memberships",
            {"organisation": "Nord universitet"},
            "nb",
            "Nord universitet er medlem sammen med 20 andre: Inderøy kommune, "
            "Innherred regionråd, Levanger kommune, NAV, Næringsforeningene på "
            "Innherred, Snåsa kommune, Steinkjer kommune, Trøndelag fylkeskommune, "
            "Verdal kommune, Falstadsenteret, NIBIO og ni til.",
        ),
        # L240: “Inderøy, Verdal og Levanger er medlemmer”.
        (
            "membership-of-municipality",
            {"municipality": "Verdal", "organisation": "Naboer AB"},
            "nb",
            "Ja. Ifølge strategien er Verdal medlem av Naboer AB.",
        ),
        # The same words, and nothing in the row of Inderøy (L374 to L400).
        (
            "membership-of-municipality",
            {"municipality": "Inderøy", "organisation": "Naboer AB"},
            "en",
            "The strategy is unclear: one place ties Inderøy to Naboer AB, another "
            "does not name the municipality.",
        ),
        # Named nowhere with it.
        (
            "membership-of-municipality",
            {"municipality": "Snåsa", "organisation": "Naboer AB"},
            "nb",
            "Strategien sier ikke at Snåsa er medlem av Naboer AB.",
        ),
        # The row of Steinkjer: “Internasjonalt helseprosjekt i samarbeid med KUN”.
        (
            "membership-of-municipality",
            {"municipality": "Steinkjer", "organisation": "KUN"},
            "nb",
            "Strategien sier ikke at Steinkjer er medlem av KUN, men KUN er med i "
            "Internasjonalt helseprosjekt med KUN om velferdsteknologi (Tsjekkia), "
            "som er ført opp for kommunen.",
        ),
        # L143-144: “næringsforeningene på Innherred, NAV, Nord universitet, kommunene”.
        (
            "membership-of-municipality",
            {"municipality": "Snåsa", "organisation": "NAV"},
            "en",
            "The strategy doesn't say that Snåsa is a member of NAV, but both are "
            "members of Innherred Competence Forum.",
        ),
        # The row of Verdal has it, and no word of a member.
        (
            "membership-of-municipality",
            {"municipality": "Verdal", "organisation": "PRIMORE-nettverket"},
            "nb",
            "Vedlegget fører opp PRIMORE-nettverket for Verdal, men sier ikke at "
            "kommunen er medlem.",
        ),
    ],
)
def test_the_strategy_answers_in_a_sentence(
    strategy: Workspace, slug: str, values: dict[str, str], lang: str, expected: str
) -> None:
    query = named(strategy, slug)
    slugs = {
        "Nordplus": "nordplus",
        "Erasmus+": "erasmus-plus",
        "Sunne kommuner": "sunne-kommuner",
        "Nord universitet": "nord-universitet",
        "Verdal": "verdal",
        "Inderøy": "inderoy",
        "Snåsa": "snasa",
        "Naboer AB": "naboer-ab",
        "Steinkjer": "steinkjer",
        "KUN": "kun",
        "NAV": "nav",
        "PRIMORE-nettverket": "primore",
    }
    bound = {name: slugs[value] for name, value in values.items()}
    text = query.bind(bound, project=strategy.project, lang=lang)
    assert query.answer is not None
    rows = strategy.store.select(text)
    assert answer_sentence(query.answer, rows, values, lang) == expected


def test_every_question_has_an_answer_in_words(strategy: Workspace) -> None:
    # A question that another endpoint answers has no rows here.
    assert [q.slug for q in strategy.queries if not (q.answer or q.service)] == []


def test_a_question_about_a_choice_is_a_sentence(strategy: Workspace) -> None:
    by_slug = {query.slug: query for query in strategy.queries}
    query = by_slug["things-of-two-municipalities"]
    names = {"municipality": "Verdal", "other": "Steinkjer"}
    assert query.question(names, "nb") == "Hva har Verdal og Steinkjer felles?"
    assert query.question(names, "en") == "What do Verdal and Steinkjer have in common?"
    # A name is no template, and nothing was chosen where there is nothing to choose.
    assert query.question({**names, "other": "{municipality}"}, "nb") == (
        "Hva har Verdal og {municipality} felles?"
    )
    assert query.question({**names, "other": ""}, "nb") == ""
    assert by_slug["goals"].question({}, "nb") == ""
    for query in strategy.queries:
        for lang in ("nb", "en"):
            assert (lang in query.asked) == bool(query.parameters), query.slug
            text = query.question({p.name: "Vik" for p in query.parameters}, lang)
            assert text.endswith("?") or not query.parameters, query.slug


def test_each_theme_has_one_question_that_stands_first(strategy: Workspace) -> None:
    for lang in ("nb", "en", "sv"):
        themes = load_words()[lang]["themes"]
        assert {query.theme for query in strategy.queries} == set(themes) - {"more"}
    first = Counter(query.theme for query in strategy.queries if query.first)
    assert set(first.values()) == {1} and set(first) == set(themes) - {"more"}
    start = first_questions(strategy.queries, themes)
    assert [query.theme for query in start] == [t for t in themes if t != "more"]
    # A project whose questions don't say which stands first has the first of all.
    others = [replace(query, first=False) for query in strategy.queries]
    assert first_questions(others, themes) == others[:8]

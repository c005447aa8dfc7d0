"""Municipalities side by side, by the appendix of the strategy."""

from __future__ import annotations

import pytest

from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import compared_municipalities, mapped
from glokal.site.page_words import load_words
from glokal.site.pages.comparison import ComparedEntries, ComparedPart, compare
from glokal.site.relations import RelationIndex

ID = "https://w3id.org/glokal/id/municipality/"


@pytest.fixture(scope="module")
def view(strategy: Workspace) -> GraphView:
    return GraphView(strategy)


def parts(view: GraphView, strategy: Workspace, *slugs: str) -> dict[str, ComparedPart]:
    cited = Cited(view, strategy.provenance)
    chosen = [ID + slug for slug in slugs]
    words = load_words()["nb"]
    doubted = RelationIndex(strategy).disputed
    found = compare(
        view, cited, ComparedEntries(mapped(strategy), chosen, doubted), "nb", words
    )
    return {part.name: part for part in found}


def counts(part: ComparedPart) -> dict[str, tuple[int, ...]]:
    return {row.what.text: row.counts for row in part.rows}


def test_a_pair_has_what_the_appendix_has(view: GraphView, strategy: Workspace) -> None:
    """Read in the rows of Inderøy and Verdal, L374-400 and L401-439."""
    found = parts(view, strategy, "inderoy", "verdal")
    assert counts(found["programmes"]) == {
        "Erasmus+": (2, 3),
        "EØS": (0, 2),
        "Nordplus": (1, 1),
    }
    shared = found["shared"].rows
    assert [row.what.text for row in shared] == [
        "Inclusivate",
        "Trøndelags Europakontor",
        # L240: “Inderøy, Verdal og Levanger er medlemmer”; the row of Inderøy lacks it.
        "Naboer AB",
    ]
    # The text leaves out what the appendix has under each of them.
    assert [row.disputed for row in shared] == [(0, 0), (1, 1), (1, 0)]
    assert all(row.sources for row in (*shared, *found["alone"].rows))
    areas = counts(found["areas"])
    assert areas["Andre fagområder"][1] == 5
    assert {n for row in found["alone"].rows for n in row.counts} == {0, 1}
    # Each of these stands under the one that has it.
    by_one = [found["alone"].held_by(n) for n in (0, 1)]
    assert sum(map(len, by_one)) == len(found["alone"].rows)
    assert "PRIMORE-nettverket" in [row.what.text for row in by_one[1]]


def test_all_five_stand_in_the_order_of_their_names(
    view: GraphView, strategy: Workspace
) -> None:
    every = compared_municipalities(view, strategy)
    assert len(every) == 5
    slugs = [iri.removeprefix(ID) for iri in every]
    found = parts(view, strategy, *reversed(slugs))
    # Inderøy, Levanger, Snåsa, Steinkjer, Verdal.
    assert counts(found["shared"])["Inclusivate"] == (1, 1, 1, 1, 1)
    assert counts(found["shared"])["Naboer AB"] == (0, 1, 0, 1, 1)
    assert counts(found["programmes"])["eTwinning"] == (0, 1, 0, 0, 0)
    (naboer,) = [r for r in found["shared"].rows if r.what.text == "Naboer AB"]
    # L239-241: the text has Inderøy in it, the appendix (L374-400) hasn't.
    assert naboer.disputed == (1, 0, 0, 1, 0)
    # L332-335 and L372: of Steinkjer's two ties to Sweden the text denies one.
    (sweden,) = [r for r in found["countries"].rows if r.what.text == "Sverige"]
    assert (sweden.counts[3], sweden.disputed[3]) == (2, 1)
    assert (sweden.counts[0], sweden.disputed[0]) == (0, 1)

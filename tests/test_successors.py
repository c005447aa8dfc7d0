"""Change lists tell what was moved, replaced or renamed as what it is.

A thing that is gone and one that is new are two changes, unless it is clear that they
are one; what is not clear stays two.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.dataset.releases.graph_diff import compare_snapshots
from glokal.dataset.releases.graph_snapshot import snapshot
from glokal.site.diff.description import DiffReport, describe_diff

PREFIXES = """@prefix glo: <https://w3id.org/glokal/def#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://e.example/id/> .
"""
NES = ':nes a glo:MunicipalAuthority ; rdfs:label "Nes"@nb .'
VIK = ':vik a glo:MunicipalAuthority ; rdfs:label "Vik"@nb .'
CAMP = ':camp a glo:InternationalActivity ; rdfs:label "Leir"@nb .'
TRIP = ':trip a glo:InternationalActivity ; rdfs:label "Tur"@nb .'
SAME = f"{NES}\n{VIK}\n{CAMP}\n{TRIP}"


def part(name: str, who: str, what: str) -> str:
    return (
        f":{name} a glo:Participation ; glo:participant :{who} ; "
        f"glo:participationIn :{what} ."
    )


def story(
    old: str, new: str, lang: str = "nb", replaced: dict[str, str] | None = None
) -> DiffReport:
    one, other = (
        snapshot(
            name,
            list(ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TRIG)),
        )
        for name, text in (("1", old), ("2", new))
    )
    changes = compare_snapshots(one, other)
    return describe_diff(changes, one, other, lang, replaced=replaced or {})


MOVES = {
    "another node": (part("a", "nes", "camp"), part("b", "nes", "trip")),
    "the same node": (part("a", "nes", "camp"), part("a", "nes", "trip")),
}


@pytest.mark.parametrize("how", MOVES)
def test_a_participation_that_moved_is_told_so(how: str) -> None:
    old, new = MOVES[how]
    told = story(f"{SAME}\n{old}", f"{SAME}\n{new}")
    assert told.summary == ("1 flyttet." if how == "another node" else "1 endret.")
    assert told.sentences == ("Nes: er nå i «Tur», ikke lenger i «Leir»",)
    told = story(f"{SAME}\n{old}", f"{SAME}\n{new}", "en")
    assert told.sentences == ("Nes: is now in “Tur”, and no longer in “Leir”",)


def test_who_came_instead_is_told_so() -> None:
    old, new = part("a", "nes", "camp"), part("a", "vik", "camp")
    told = story(f"{SAME}\n{old}", f"{SAME}\n{new}")
    assert told.sentences == ("«Leir»: Vik har kommet i stedet for Nes",)


def test_a_thing_with_another_address_is_replaced_with_all_that_is_tied_to_it() -> None:
    others = f"{NES}\n{VIK}\n{TRIP}"
    tied = f"{part('a', 'nes', 'camp')}\n{part('b', 'vik', 'camp')}"
    again = CAMP.replace(":camp", ":winter")
    new = f"{part('c', 'nes', 'winter')}\n{part('d', 'vik', 'winter')}"
    told = story(f"{others}\n{CAMP}\n{tied}", f"{others}\n{again}\n{new}")
    assert told.summary == "2 flyttet, 1 erstattet."
    assert told.sentences == ("«Leir»: har fått en ny adresse",)
    (activity,) = dict(told.parts)["Erstattet av en annen"]
    (line,) = activity.lines
    assert (line.removed, line.added) == (
        ("https://e.example/id/camp",),
        ("https://e.example/id/winter",),
    )


def test_a_replacement_that_is_recorded_is_told_with_both_names() -> None:
    new = ':winter a glo:InternationalActivity ; rdfs:label "Vinterleir"@nb .'
    space = "https://e.example/id/"
    told = story(CAMP, new, replaced={f"{space}camp": f"{space}winter"})
    assert told.summary == "1 erstattet."
    assert told.sentences == ("«Leir» er erstattet av «Vinterleir»",)
    # Without the record nobody knows.
    assert story(CAMP, new).summary == "1 ny, 1 borte."


def test_what_is_renamed_is_changed() -> None:
    told = story(CAMP, CAMP.replace("Leir", "Vinterleir"))
    assert told.summary == "1 endret."
    (sentence,) = told.sentences
    assert "er endret fra «Leir» til «Vinterleir»" in sentence


UNCLEAR = {
    "two came and one went": (
        part("a", "nes", "camp"),
        f"{part('b', 'nes', 'trip')}\n{part('c', 'nes', 'fair')}",
        ':fair a glo:InternationalActivity ; rdfs:label "Messe"@nb .',
    ),
    "who went is another": (
        part("a", "nes", "camp"), part("b", "vik", "trip"), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", UNCLEAR)
def test_what_is_not_clear_stays_new_and_gone(why: str) -> None:
    old, new, more = UNCLEAR[why]
    told = story(f"{SAME}\n{more}\n{old}", f"{SAME}\n{more}\n{new}")
    assert "flyttet" not in told.summary
    assert "1 borte" in told.summary


def test_who_left_one_thing_and_began_a_new_one_has_not_moved() -> None:
    new = ':fair a glo:InternationalActivity ; rdfs:label "Messe"@nb .'
    told = story(
        f"{SAME}\n{part('a', 'nes', 'camp')}",
        f"{SAME}\n{new}\n{part('b', 'nes', 'fair')}",
    )
    assert told.summary == "2 nye, 1 borte."
    assert told.sentences == (
        "Nes: deltar ikke lenger i «Leir»",
        "Nes: nytt tiltak «Messe»",
    )

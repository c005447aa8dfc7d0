"""The reported view from a few lines: what stays, what goes, and what is corrected.

What is expected follows from decisions 42, 60 and 62, by hand.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import pytest

from glokal.core.errors import UsageError
from glokal.core.namespaces import ACTIVITY_STATUS
from glokal.dataset.corrections import corrected
from glokal.dataset.views import (
    as_of,
    in_strategy,
    is_reported,
    reported_later,
    until,
    view_iri,
    view_names,
)
from glokal.rdf.project_files import REFERENCE, REGISTER, STRATEGY, SUPPLEMENT
from glokal.rdf.source_files import SourceFile
from tests.hand_made import PREFIXES, iri, source_file, triples

STATED = """
id:plan a glo:InternationalStrategy ; glo:startDate "2023"^^xsd:gYear .
id:other a glo:Plan ; glo:startDate "2019"^^xsd:gYear .
id:old a glo:Project ; rdfs:label "Old"@nb ; skos:altLabel "O"@nb ;
  skos:prefLabel "Old"@en ; skos:scopeNote "Note."@nb ; glo:statedIn id:passage ;
  glo:supportedUnder id:eea ; glo:hasCounterpartIn id:se .
id:lasting a glo:Project ; rdfs:label "Lasting"@nb ; glo:supportedUnder id:eea ;
  glo:follows id:old .
id:part a glo:Participation ; glo:participationIn id:old ; glo:participant id:town .
id:stays a glo:Participation ; glo:participationIn id:lasting ;
  glo:participant id:town .
id:also a glo:Participation ; glo:participationIn id:lasting ; glo:participant id:club .
id:item a glo:MappingEntry ; glo:entryOf id:town ; glo:refersTo id:old .
id:kept a glo:MappingEntry ; glo:entryOf id:town ; glo:refersTo id:lasting .
id:village a glo:MappingEntry ; glo:entryOf id:village-1 ; glo:refersTo id:lasting .
id:membership a glo:Membership ; glo:membershipIn id:club ; glo:member id:town .
"""
STRATEGY_FILE = source_file(STATED)
PLACES = source_file(
    'id:town a glo:Municipality ; rdfs:label "Town"@nb .', REFERENCE, "reference.ttl"
)
BESIDE = source_file("id:old glo:website <https://example.org/> .", SUPPLEMENT, "s.ttl")


def report(name: str, about: str, day: str, more: str = "") -> str:
    return (
        f"id:{name} a glo:Report ; glo:reportsOn id:{about} ; "
        f'glo:checkedOn "{day}"^^xsd:date . {f"id:{name} {more} ." if more else ""}\n'
    )


def ended(name: str, about: str, day: str) -> str:
    return report(name, about, day, f"glo:activityStatus <{ACTIVITY_STATUS}ended>")


def files(register: str) -> tuple[SourceFile, ...]:
    return (
        STRATEGY_FILE,
        PLACES,
        BESIDE,
        source_file(register, REGISTER, "register.ttl"),
    )


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def short(term: object) -> str:
    value = str(getattr(term, "value", ""))
    return value.removeprefix(PREFIXES["id"]).removeprefix(PREFIXES["glo"])


def told_of(seen: Iterable[SourceFile], name: str) -> set[str]:
    """The predicates by which something is told of, with values where they are ours."""
    return {
        f"{short(t.predicate).rpartition('#')[2]} {short(t.object)}"
        for file in seen
        for t in file.triples
        if t.subject == iri(f"id:{name}")
    }


def names(seen: Iterable[SourceFile]) -> set[str]:
    return {short(t.subject) for file in seen for t in file.triples}


def graph(seen: Iterable[SourceFile]) -> set[str]:
    return {str(t) for file in seen for t in file.triples}


ALL = names([STRATEGY_FILE, PLACES])


def test_views_have_names_in_the_space_of_the_graphs() -> None:
    space = "https://example.org/graph/"
    assert view_iri(space, "reported") == f"{space}view/reported"
    strategy, told = f"{space}view/strategy", f"{space}view/reported"
    assert view_names(space, apart=True) == {strategy: "", told: told}
    # Where nothing was reported both are the default graph.
    assert view_names(space, apart=False) == {strategy: "", told: ""}


def test_the_strategy_is_all_but_what_stands_apart() -> None:
    assert in_strategy(files("")) == (STRATEGY_FILE, PLACES)


def test_without_a_report_the_view_is_the_strategy() -> None:
    seen = until(files(""), day("2026-01-01"))
    assert graph(seen) == graph([STRATEGY_FILE, PLACES])
    assert not is_reported(files(""), day("2026-01-01"))


def test_of_what_has_ended_its_names_stay_and_the_report() -> None:
    seen = until(files(ended("r", "old", "2025-05-01")), day("2025-05-01"))
    assert told_of(seen, "old") == {
        "label Old", "altLabel O", "prefLabel Old", "scopeNote Note.",
        "statedIn passage",
    }  # fmt: skip
    assert "reportsOn old" in told_of(seen, "r")
    # With it go who takes part, and the item that lists it; nothing else does.
    assert names(seen) == (ALL | {"r"}) - {"part", "item"}
    assert told_of(seen, "lasting") == {
        "type Project", "label Lasting", "supportedUnder eea",
    }  # fmt: skip
    # What is shown is one default graph; what stands beside it is not in it.
    assert {file.kind for file in seen} == {STRATEGY, REFERENCE}
    assert [file.name for file in seen] == [
        STRATEGY_FILE.name, "reference.ttl", "register.ttl",
    ]  # fmt: skip


def test_who_has_left_takes_the_item_of_the_mapping_along() -> None:
    seen = until(files(ended("r", "stays", "2025-05-01")), day("2025-05-01"))
    assert names(seen) == (ALL | {"r"}) - {"stays", "kept"}
    assert told_of(seen, "r") >= {"reportsOn stays"}


def test_a_partner_that_has_ended_has_no_memberships() -> None:
    seen = until(files(ended("r", "club", "2025-05-01")), day("2025-05-01"))
    assert names(seen) == (ALL | {"r"}) - {"membership", "also"}


@pytest.mark.parametrize(
    ("on", "there"),
    [("2025-04-30", False), ("2025-05-01", True), ("2025-05-02", True)],
)
def test_what_is_new_is_there_from_the_day_it_was_reported(
    on: str, there: bool
) -> None:
    """Also when it is planned: it has been reported."""
    new = (
        "id:new a glo:Project ; rdfs:label 'New'@nb . id:in a glo:Participation ; "
        "glo:participationIn id:new ; glo:participant id:town .\n"
    )
    planned = f"glo:activityStatus <{ACTIVITY_STATUS}planned>"
    register = new + report("r", "new", "2025-05-01", planned)
    seen = until(files(register), day(on))
    assert names(seen) == ALL | ({"new", "in", "r"} if there else set())
    assert is_reported(files(register), day(on)) is there


def test_an_end_counts_from_the_day_it_was_reported() -> None:
    register = files(ended("r", "old", "2025-05-01"))
    assert names(until(register, day("2025-04-30"))) == ALL
    assert "part" not in names(until(register, day("2025-05-01")))


def test_later_reports_are_counted_by_their_days() -> None:
    register = "".join(
        [
            report("a", "old", "2025-07-01"),
            report("b", "lasting", "2025-05-02"),
            report("c", "old", "2025-05-01"),
            report("d", "old", "2025-04-01"),
            "id:e a glo:Report ; glo:reportsOn id:old .",
        ]
    )
    later = reported_later(files(register), day("2025-05-01"))
    assert later == [day("2025-05-02"), day("2025-07-01")]
    # A report that stands elsewhere is none of the register's.
    elsewhere = [source_file(register, STRATEGY)]
    assert reported_later(elsewhere, day("2025-05-01")) == []
    assert not is_reported(elsewhere, day("2026-01-01"))


def test_nothing_tells_what_was_true_before_the_strategy() -> None:
    with pytest.raises(UsageError, match="begins on 2023-01-01") as caught:
        as_of(files(""), day("2022-12-31"))
    assert caught.value.remedy == "give a later day."
    assert graph(as_of(files(""), day("2023-01-01"))) == graph([STRATEGY_FILE, PLACES])
    # Where no strategy has a beginning every day is as good; of several the first is.
    undated = source_file("id:plan a glo:InternationalStrategy .")
    assert as_of([undated], day("1999-01-01"))
    several = source_file(
        'id:a a glo:InternationalStrategy ; glo:startDate "2024"^^xsd:gYear .'
        'id:b a glo:InternationalStrategy ; glo:startDate "2020-06"^^xsd:gYearMonth .'
    )
    assert as_of([several], day("2020-06-01"))
    with pytest.raises(UsageError, match="2020-06-01"):
        as_of([several], day("2020-05-31"))
    # A plan that the register or a reference knows of is not the strategy.
    apart = source_file(
        'id:c a glo:InternationalStrategy ; glo:startDate "2024"^^xsd:gYear .',
        REFERENCE,
    )
    assert as_of([apart], day("1999-01-01"))


LIFE = (
    "id:new a glo:Project ; rdfs:label 'New'@nb . id:in a glo:Participation ; "
    "glo:participationIn id:new ; glo:participant id:town .\n"
    + report("r", "new", "2025-05-01", 'glo:startDate "2024-01-10"^^xsd:date')
    + report("s", "new", "2025-08-01", 'glo:endDate "2025-07-01"^^xsd:date')
)


@pytest.mark.parametrize(
    ("on", "seen"),
    [
        ("2024-01-09", set()),
        # It rests on a report from its first day, though that was checked later.
        ("2024-01-10", {"new", "in", "r"}),
        ("2025-06-30", {"new", "in", "r"}),
        ("2025-07-01", {"new", "in", "r"}),
        ("2025-07-02", set()),
    ],
)
def test_what_is_new_is_true_from_its_first_day_to_its_last(
    on: str, seen: set[str]
) -> None:
    # The reports that were there by that day are told, whatever is true of it.
    heard = {r for r, d in (("r", "2025-05-01"), ("s", "2025-08-01")) if d <= on}
    assert names(as_of(files(LIFE), day(on))) == ALL | seen | heard


def test_what_has_ended_was_there_on_its_last_day() -> None:
    register = files(ended("r", "old", "2025-05-01"))
    last = as_of(register, day("2025-05-01"))
    assert names(last) == ALL | {"r"}
    over = as_of(register, day("2025-05-02"))
    assert names(over) == (ALL | {"r"}) - {"part", "item"}
    assert "supportedUnder eea" not in told_of(over, "old")


def test_what_is_planned_is_not_true_yet() -> None:
    planned = f"glo:activityStatus <{ACTIVITY_STATUS}planned>"
    register = files(
        "id:new a glo:Project .\n" + report("r", "new", "2025-05-01", planned)
    )
    assert "new" not in names(as_of(register, day("2025-06-01")))
    assert "new" in names(until(register, day("2025-06-01")))


# What reports correct.
CORRECTIONS = (
    report("r1", "old", "2025-01-01", "glo:reportedProgramme id:interreg, id:eea")
    + report("r2", "old", "2025-02-01", "glo:reportedProgramme id:nordic")
    + report("r3", "old", "2025-02-02", "glo:reportedSubjectArea id:culture")
    + report("r4", "old", "2025-02-03", "glo:reportedSubjectArea id:sport")
    + report("r5", "old", "2025-02-04", "glo:reportedType glo:Network")
    + report("r6", "old", "2025-02-05", "glo:reportedCounterpart id:fi, id:dk")
)


def seen_on(register: str, on: str) -> Sequence[SourceFile]:
    given = files(register)
    return corrected(until(given, day(on)), given, day(on))


def programmes(seen: Iterable[SourceFile], name: str = "old") -> set[str]:
    return {x for x in told_of(seen, name) if x.startswith("supportedUnder")}


def test_the_newest_report_is_right_about_each_thing_whole() -> None:
    seen = seen_on(CORRECTIONS, "2025-03-01")
    about = told_of(seen, "old")
    assert about == {
        "type Network", "label Old", "altLabel O", "prefLabel Old", "scopeNote Note.",
        "statedIn passage", "supportedUnder nordic", "hasCounterpartIn fi",
        "hasCounterpartIn dk",
    }  # fmt: skip
    # What an older report says of the same is not so; all else that it says stays.
    assert told_of(seen, "r1") == {"type Report", "reportsOn old",
                                   "checkedOn 2025-01-01"}  # fmt: skip
    assert "reportedProgramme nordic" in told_of(seen, "r2")
    # A subject area is told by the report: the activity has none of its own.
    assert "reportedSubjectArea culture" not in told_of(seen, "r3")
    assert "reportedSubjectArea sport" in told_of(seen, "r4")
    # Others are what they were.
    assert programmes(seen, "lasting") == {"supportedUnder eea"}


@pytest.mark.parametrize(
    ("on", "under"),
    [
        ("2024-12-31", {"supportedUnder eea"}),
        ("2025-01-01", {"supportedUnder interreg", "supportedUnder eea"}),
        ("2025-01-31", {"supportedUnder interreg", "supportedUnder eea"}),
        ("2025-02-01", {"supportedUnder nordic"}),
    ],
)
def test_a_report_corrects_from_its_day(on: str, under: set[str]) -> None:
    assert programmes(seen_on(CORRECTIONS, on)) == under


def test_what_nobody_corrects_is_handed_back_as_it_was() -> None:
    given = files(report("r", "old", "2025-01-01"))
    seen = until(given, day("2025-02-01"))
    assert corrected(seen, given, day("2025-02-01")) == seen
    # And so is a file that a correction doesn't touch.
    given = files(CORRECTIONS)
    seen = until(given, day("2025-03-01"))
    after = corrected(seen, given, day("2025-03-01"))
    assert after[1] is seen[1]
    assert after[0] is not seen[0]


def test_a_correction_is_added_once_where_its_report_stands() -> None:
    more = source_file("id:r2 glo:comment 'More.' .", REGISTER, "more.ttl")
    given = (*files(CORRECTIONS), more)
    on = day("2025-03-01")
    after = corrected(until(given, on), given, on)
    (added,) = triples("id:old glo:supportedUnder id:nordic .")
    assert [(f.name, list(f.triples).count(added)) for f in after] == [
        (STRATEGY_FILE.name, 0), ("reference.ttl", 0), ("register.ttl", 1),
        ("more.ttl", 0),
    ]  # fmt: skip


def test_what_has_ended_is_under_no_programme() -> None:
    seen = seen_on(CORRECTIONS + ended("z", "old", "2025-02-06"), "2025-03-01")
    assert programmes(seen) == set()
    assert told_of(seen, "old") == {
        "label Old", "altLabel O", "prefLabel Old", "scopeNote Note.",
        "statedIn passage",
    }  # fmt: skip


def test_only_the_default_graph_is_corrected() -> None:
    given = files(CORRECTIONS)
    # The supplement, too, is shown here; it says what it says.
    beside = source_file("id:old glo:supportedUnder id:eea .", SUPPLEMENT, "s.ttl")
    after = corrected((STRATEGY_FILE, beside), given, day("2025-03-01"))
    assert after[1] is beside
    assert after[0].triples != STRATEGY_FILE.triples
    assert triples("id:old glo:supportedUnder id:eea .")[0] not in after[0].triples

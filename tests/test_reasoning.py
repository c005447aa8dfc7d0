"""Reasoning: what follows, what clashes, what is kept, and that nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import ToolError
from glokal.core.settings import shared_folder
from glokal.core.signed_cache import SignedCache
from glokal.reasoning import hermit as owl
from glokal.reasoning.hermit import (
    InconsistentError,
    UnsatisfiableError,
    reason_with_hermit,
)
from glokal.reasoning.rules import reason_by_rules

GLO = "https://w3id.org/glokal/def#"
ID = "https://example.org/id/"
PREFIXES = f"""
@prefix glo: <{GLO}> .
@prefix id: <{ID}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix status: <https://w3id.org/glokal/code/verification-status/> .
@prefix sphere: <https://w3id.org/glokal/code/cooperation-sphere/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def parse(text: str) -> list[ox.Triple]:
    parsed = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in parsed]


def ontology() -> list[ox.Triple]:
    folder = shared_folder("ontology")
    return [
        quad.triple
        for name in ("core", "axioms", "codes")
        for quad in ox.parse(path=folder / f"{name}.ttl")
    ]


SMALL = """
id:a a glo:MunicipalAuthority . id:b a glo:MunicipalAuthority .
id:region a glo:CooperationNetwork . id:office a glo:RepresentationOffice .
id:m1 a glo:Membership ; glo:member id:a ; glo:membershipIn id:region ;
  glo:verificationStatus status:accepted .
id:m2 a glo:Membership ; glo:member id:region ; glo:membershipIn id:office ;
  glo:verificationStatus status:accepted .
id:m3 a glo:Membership ; glo:member id:b ; glo:membershipIn id:region ;
  glo:verificationStatus status:disputed .
id:act a glo:Project ; glo:supportedUnder id:junior .
id:alone a glo:Project .
id:junior a glo:Programme ; glo:subProgrammeOf id:nordplus .
id:nordplus a glo:Programme ; glo:inSphere sphere:nordic .
id:p1 a glo:Participation ; glo:participant id:a ; glo:participationIn id:act ;
  glo:verificationStatus status:accepted .
id:p2 a glo:Participation ; glo:participant id:b ; glo:participationIn id:act ;
  glo:verificationStatus status:accepted .
id:p3 a glo:Participation ; glo:participant id:b ; glo:participationIn id:alone ;
  glo:verificationStatus status:accepted .
id:p4 a glo:Participation ; glo:participant id:a ; glo:participationIn id:alone ;
  glo:verificationStatus status:disputed .
id:plan a glo:StrategicPlan ; glo:startDate "2023-01-01"^^xsd:date .
"""
FOLLOWS = """
id:a glo:memberOf id:region ; glo:claimedMemberOf id:region ;
  glo:affiliatedWith id:region , id:office ; glo:participatesIn id:act ;
  glo:participatesInProgramme id:junior , id:nordplus ; glo:involvedIn id:act ;
  glo:holdsMembership id:m1 .
id:b glo:claimedMemberOf id:region ; glo:participatesIn id:act , id:alone .
id:act glo:supportedUnder id:nordplus ; a glo:JointActivity , glo:NordicActivity ,
  glo:InternationalActivity ; glo:hasParticipant id:a , id:b .
id:junior glo:inSphere sphere:nordic .
id:a a glo:Organisation , glo:PublicOrganisation .
"""
DOES_NOT_FOLLOW = """
id:b glo:memberOf id:region ; glo:affiliatedWith id:office .
id:a glo:participatesIn id:alone ; glo:memberOf id:office .
id:alone a glo:JointActivity , glo:NordicActivity .
id:act a glo:RegionWideActivity .
"""
COUNTED = (GLO + "MunicipalAuthority",)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> SignedCache:
    folder = tmp_path_factory.mktemp("cache")
    return SignedCache(folder / "reason", folder)


@pytest.fixture(scope="module")
def small(cache: SignedCache) -> owl.Entailments:
    return reason_with_hermit(
        [*ontology(), *parse(SMALL)], namespaces=(GLO,), different=COUNTED, cache=cache
    )


def test_what_must_follow_follows_and_nothing_else(small: owl.Entailments) -> None:
    assert set(parse(FOLLOWS)) - small.inferred == set()
    assert set(parse(DOES_NOT_FOLLOW)) & small.inferred == set()
    assert not set(parse(SMALL)) & small.inferred


THREE = """
id:x a glo:Municipality ; glo:withinRegion id:fjordland .
id:y a glo:Municipality ; glo:withinRegion id:fjordland .
id:z a glo:Municipality ; glo:withinRegion id:fjordland .
id:far a glo:Municipality .
id:ax a glo:MunicipalAuthority ; glo:governs id:x .
id:ay a glo:MunicipalAuthority ; glo:governs id:y .
id:az a glo:MunicipalAuthority ; glo:governs id:z .
id:afar a glo:MunicipalAuthority ; glo:governs id:far .
id:all a glo:Project . id:most a glo:Project .
id:p1 a glo:Participation ; glo:participant id:ax ; glo:participationIn id:all ;
  glo:verificationStatus status:accepted .
id:p2 a glo:Participation ; glo:participant id:ay ; glo:participationIn id:all ;
  glo:verificationStatus status:accepted .
id:p3 a glo:Participation ; glo:participant id:az ; glo:participationIn id:all ;
  glo:verificationStatus status:accepted .
id:p4 a glo:Participation ; glo:participant id:ax ; glo:participationIn id:most ;
  glo:verificationStatus status:accepted .
id:p5 a glo:Participation ; glo:participant id:ay ; glo:participationIn id:most ;
  glo:verificationStatus status:accepted .
id:p6 a glo:Participation ; glo:participant id:afar ; glo:participationIn id:most ;
  glo:verificationStatus status:accepted .
id:p7 a glo:Participation ; glo:participant id:az ; glo:participationIn id:most ;
  glo:verificationStatus status:disputed .
"""


@pytest.mark.parametrize("engine", [reason_with_hermit, reason_by_rules])
def test_region_wide_is_what_all_municipalities_of_the_region_take_part_in(
    engine: Callable[..., owl.Entailments],
) -> None:
    """Three of three are all; three of which one is of another region are not."""
    found = engine(
        [*ontology(), *parse(THREE)], namespaces=(GLO,), different=COUNTED
    ).inferred
    (wide,) = parse("id:all a glo:RegionWideActivity .")
    (short,) = parse("id:most a glo:RegionWideActivity .")
    assert wide in found
    assert short not in found


@pytest.mark.parametrize("engine", [reason_with_hermit, reason_by_rules])
def test_what_the_reasoner_is_not_given_has_its_wider_words_too(
    engine: Callable[..., owl.Entailments],
) -> None:
    given = """
id:m a glo:Membership ; glo:affirmedIn id:passage .
<https://w3id.org/glokal/code/confidence/high> a glo:Confidence .
"""
    found = engine([*ontology(), *parse(given)], namespaces=(GLO,)).inferred
    follows = """
id:m glo:statedIn id:passage .
<https://w3id.org/glokal/code/confidence/high> a glo:Code .
"""
    assert set(parse(follows)) <= found


def test_unchanged_input_is_not_reasoned_over_twice(
    small: owl.Entailments, cache: SignedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> str:
        raise AssertionError("the reasoner was started")

    monkeypatch.setattr(owl, "_ask", refuse)
    again = reason_with_hermit(
        [*reversed(ontology()), *parse(SMALL)],
        namespaces=(GLO,),
        different=COUNTED,
        cache=cache,
    )
    assert again.cached
    assert again.inferred == small.inferred


def test_a_contradiction_names_the_axioms_and_the_individuals() -> None:
    wrong = parse(
        "id:x a glo:MunicipalAuthority , glo:Municipality ; glo:governs id:y ."
    )
    with pytest.raises(InconsistentError) as caught:
        reason_with_hermit([*ontology(), *wrong], namespaces=(GLO,))
    told = str(caught.value)
    assert "Municipality" in told
    assert "x" in caught.value.explanation[0] or any(
        line.startswith("x ") or ":x" in line for line in caught.value.explanation
    )
    assert "DisjointClasses" in told


def test_a_class_that_can_have_no_member_is_named() -> None:
    axioms = parse(
        "glo:Impossible a owl:Class ; rdfs:subClassOf glo:Place , glo:Programme ."
    )
    with pytest.raises(UnsatisfiableError, match="Impossible"):
        reason_with_hermit([*ontology(), *axioms], namespaces=(GLO,))


def test_what_the_reasoner_cannot_take_is_named() -> None:
    axiom = (
        "id:p a owl:DatatypeProperty ; rdfs:range xsd:date . id:p rdfs:domain id:C ."
    )
    with pytest.raises(ToolError, match="XMLSchema#date' is not part of") as caught:
        owl.reason_with_hermit(parse(f"{axiom} id:C a owl:Class ."), namespaces=(ID,))
    assert "at org." not in str(caught.value)
    assert "correct the axiom or the datatype" in caught.value.remedy


def test_the_time_limit_stops_the_reasoner() -> None:
    with pytest.raises(ToolError, match=r"did not finish in 0\.3 seconds"):
        reason_with_hermit(
            [*ontology(), *parse(SMALL)], namespaces=(GLO,), time_limit=0.3
        )


def java_processes(group: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True
    )
    rows = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [args for pgid, args in rows if int(pgid) == group]


def test_a_killed_parent_leaves_no_child(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    # A large graph, so that Java is still at work when the parent is killed.
    script.write_text(
        "import sys, subprocess\n"
        "child = subprocess.Popen([sys.executable, '-m',"
        " 'glokal.reasoning.hermit_worker', '0', 'classify'],"
        " stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n",
        encoding="utf-8",
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    group = int(parent.stdout.readline())
    assert java_processes(group)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while java_processes(group) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert java_processes(group) == []

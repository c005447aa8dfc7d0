"""Faults planted in copies of the real data: found at their line, and told plainly.

The place is where the text `at` stands in the changed file, looked up here and not by
the code under test. `said` are words that the message must have in bokmål.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import glokal_here


class Fault(NamedTuple):
    step: str
    rule: str
    file: str
    old: str
    new: str
    at: str
    said: str
    value: str | None = None


MEMBERS = "data/strategy/memberships.ttl"
PLACES = "data/strategy/places.ttl"
PLANS = "data/strategy/plans.ttl"
MUNICIPALITIES = "data/reference/municipalities.ttl"
INDEROY = "membership:innherred-regionrad-inderoy a glo:Membership"
MEMBER = "glo:member authority:inderoy ;"
F = Fault
FAULTS = {
    # What can't be read. A missing mark stands behind what comes before it.
    "a semicolon too few": F("syntax", "syntax", MEMBERS, MEMBER, "glo:member authority:inderoy", "⟨\n  glo:membershipIn", "skilletegn"),
    "an unknown prefix": F("syntax", "syntax", MEMBERS, MEMBER, "glo:member kommune:inderoy ;", "kommune:inderoy", "Forkortelsen kommune: er ikke forklart"),
    "a text that never ends": F("syntax", "syntax", PLACES, '"Sweden"@en', '"Sweden@en', '"Sweden@en', "anførselstegnet som mangler"),
    "a curly quotation mark": F("syntax", "syntax", PLACES, '"Sweden"@en', "”Sweden”@en", "”Sweden", "krøllete"),
    "a space in an address": F("syntax", "syntax", MUNICIPALITIES, "<https://www.inderoy.kommune.no/>", "<https://www.inderoy kommune.no/>", "<https://www.inderoy k", "mellomrom"),
    # What the shapes ask for.
    "a member too few": F("shacl", "Membership-member", MEMBERS, f"  {MEMBER}\n", "", INDEROY, "nøyaktig ett medlem"),
    "a member too many": F("shacl", "Membership-member", MEMBERS, MEMBER, "glo:member authority:inderoy , authority:verdal ;", "authority:verdal ;", "nøyaktig ett medlem"),
    "a member of another kind": F("shacl", "Membership-member-class", MEMBERS, MEMBER, "glo:member role:member ;", "role:member ;\n  glo:membershipIn", "må være en organisasjon", "member"),
    "a member of itself": F("shacl", "Membership-member-disjoint", MEMBERS, "glo:membershipIn organisation:innherred-regionrad ;", "glo:membershipIn authority:inderoy ;", "authority:inderoy ;\n  glo:membershipIn authority:inderoy", "medlem av seg selv", "inderoy"),
    "a date as text": F("shacl", "StrategicPlan-endDate-datatype", PLANS, '"2027"^^xsd:gYear', '"2027"', '"2027" ;', "må være et år", "2027"),
    "two end dates": F("shacl", "StrategicPlan-endDate", PLANS, '"2027"^^xsd:gYear', '"2027"^^xsd:gYear , "2028"^^xsd:gYear', '"2028"^^', "høyst én sluttdato", "2028"),
    "a number too short": F("shacl", "Municipality-municipalityNumber-pattern", MUNICIPALITIES, 'glo:municipalityNumber "5053"', 'glo:municipalityNumber "505"', '"505"', "fire sifre", "505"),
    "a slip in a number": F("shacl", "Organisation-organisationNumber-modulus11", MUNICIPALITIES, '"997391853"', '"997391835"', '"997391835"', "siste sifferet", "997391835"),
    "one language twice": F("shacl", "Thing-label", PLACES, '"Sweden"@en', '"Sverige, vel"@nb', '"Sverige, vel"', "språk", "Sverige, vel"),
    "a language too few": F("shacl", "Thing-label-en", PLACES, '"Sverige"@nb ,\n    "Sweden"@en ;', '"Sverige"@nb ;', "country:sverige a", "engelsk"),
    "a number as text": F("shacl", "SourcePassage-startOffset-datatype", "data/source.ttl", "glo:startOffset 1 .", 'glo:startOffset "1" .', '"1" .', "tall", "1"),
    # What holds for all data.
    "a name of nothing": F("hygiene", "reference-is-known", MEMBERS, MEMBER, "glo:member authority:inderoi ;", "authority:inderoi", "noe som ikke finnes", "inderoi"),
    "a misspelt property": F("hygiene", "term-is-declared", MEMBERS, MEMBER, "glo:memmber authority:inderoy ;", "authority:inderoy ;\n  glo:membershipIn", "Egenskapen finnes ikke"),
    "a space at the end": F("hygiene", "text-is-trimmed", PLACES, '"Sverige"@nb', '"Sverige "@nb', '"Sverige "@nb', "mellomrom", "Sverige "),
    "a thing without a name": F("hygiene", "data-has-no-blank-node", MEMBERS, MEMBER, "glo:member [ a glo:Organisation ] ;", "[ a glo:Organisation ]", "uten IRI"),
    "a date among the names": F("hygiene", "reference-keeps-to-names", MUNICIPALITIES, 'glo:organisationNumber "997391853"', 'glo:startDate "2021" ;\n  glo:organisationNumber "997391853"', '"2021" ;', "bare ha navn, koder og geometri", "2021"),
    "a fact in the supplement": F("hygiene", "supplement-stands-apart", "data/supplement/plans.ttl", "record:innherredsbyen-partner-atb a", "plan:innherredsbyen glo:about plan:innherredsbyen .\n\nrecord:innherredsbyen-partner-atb a", "plan:innherredsbyen glo:about", "bare ha eksterne opplysninger"),
    # What the strategy says.
    "a quotation that is none": F("quotes", "quotation", "data/strategy/entries.ttl", '"Erasmus+ stipender"', '"Erasmus+-stipend"', '"Erasmus+-stipend"', "ordrett", "Erasmus+-stipend"),
    "a statement without a source": F("quotes", "anchor", PLACES, "  glo:statedIn passage:08809-08979 .\n\ncountry:tsjekkia", '  glo:note "x" .\n\ncountry:tsjekkia', "country:sverige a", "fører ikke tilbake til kilden"),
    "a passage cut short": F("quotes", "length", "data/source.ttl", 'glo:exactText "Bakgrunn" ;', 'glo:exactText "Bakgrun" ;', '"Bakgrun" ;', "7 tegn", "Bakgrun"),
    # What the questions are answered with.
    "an answer that changed": F("competency", "rows", PLANS, '"Regionalt tyngdepunkt"@nb', '"Regionalt midtpunkt"@nb', "expected/goals.csv:3", "der 3 er ventet"),
}  # fmt: skip
JARGON = re.compile(r"(?i)\bfocus|\bliteral|constraint|\bnode\b|datatype|\bpredicate")


def expected_place(fault: Fault, text: str) -> str:
    if fault.at.startswith("expected/"):
        return fault.at
    behind = fault.at.startswith("⟨")
    assert text.count(fault.at.lstrip("⟨")) >= 1
    start = text.index(fault.new.strip() or fault.at) if behind else 0
    found = text.index(fault.at.lstrip("⟨"), start)
    lines = text[:found].split("\n")
    return f"{fault.file}:{len(lines)}:{len(lines[-1]) + 1}"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_real_data_is_found_at_its_line(
    name: str, real_copy: Path
) -> None:
    fault = FAULTS[name]
    path = real_copy / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.old in text
    text = text.replace(fault.old, fault.new, 1)
    path.write_text(text, encoding="utf-8")
    step = ("--only", fault.step) if fault.step != "syntax" else ("--only", "hygiene")
    shown = glokal_here("check", *step, "--format", "json", cwd=real_copy)
    assert shown.returncode == 1, shown.stderr
    told = json.loads(shown.stdout)["findings"]
    mine = [f for f in told if f["rule"].rpartition("#")[2] == fault.rule]
    places = [
        f"{f['file']}:{f['line']}" + (f":{f['column']}" if f["column"] else "")
        for f in mine
    ]
    assert expected_place(fault, text) in places, told
    (found, *_) = (
        f for f, p in zip(mine, places, strict=True) if p == expected_place(fault, text)
    )
    assert fault.said in found["message"]
    assert not JARGON.search(found["message"])
    if fault.value is not None:
        assert (found["value"] or found["seen"] or "").endswith(fault.value)
    # Nothing else in the data is blamed; what asks for no change is no blame.
    told = [f for f in told if f["severity"] != "info"]
    assert {f["file"] for f in told} <= {
        fault.file,
        *(["expected/goals.csv"] if fault.step == "competency" else []),
    }


def test_there_are_twenty_and_more() -> None:
    assert len(FAULTS) >= 20
    assert len({(f.step, f.rule) for f in FAULTS.values()}) >= 18

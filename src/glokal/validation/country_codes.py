"""Numbers of municipalities and counties that their country's list does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.country_codes import code_of_three
from glokal.core.country_lists import COUNTY, MUNICIPALITY, country_list
from glokal.core.namespaces import GLO
from glokal.core.project_countries import project_countries
from glokal.core.settings import Project
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding, Severity, make_finding

STEP = "hygiene"
_NUMBERS = {
    GLO + "municipalityNumber": MUNICIPALITY,
    GLO + "countyNumber": COUNTY,
}
_ABOVE = (GLO + "inCountry", GLO + "inCounty", GLO + "countryCode")


def check_country_codes(
    files: Iterable[SourceFile], project: Project
) -> Iterator[Finding]:
    """Yield a finding for each number that the list of its country does not have.

    A thing is in the country that it, or its county, is said to be in; else in that
    of `catalog.spatial`, where it names one. For a country without a list there is a
    note, once. Raises SourceError for a list that can't be read.
    """
    data = [f for f in files if f.kind != ONTOLOGY]
    said = {
        (text_of(t.subject), t.predicate.value): text_of(t.object)
        for f in data
        for t in f.triples
        if t.predicate.value in _ABOVE
    }
    usual = _usual(project)
    told: set[str] = set()
    for file in data:
        for t in sorted(file.triples, key=str):
            kind = _NUMBERS.get(t.predicate.value)
            if kind is None or not isinstance(t.object, ox.Literal):
                continue
            country = _country(text_of(t.subject), said) or usual
            listed = country_list(project.root, country) if country else None
            if listed is None:
                if country and country not in told:
                    told.add(country)
                    yield make_finding(
                        STEP, "country-without-list", severity=Severity.INFO,
                        advice=True, country=country,
                    )  # fmt: skip
            elif not listed.has(kind, t.object.value):
                yield make_finding(
                    STEP, f"no-such-{kind}", focus=text_of(t.subject),
                    path=t.predicate.value,
                    value=t.object, graph=file.graph, country=country,
                )  # fmt: skip


def _usual(project: Project) -> str:
    named = project_countries(project)
    return named[0] if len(named) == 1 else ""


def _country(iri: str, said: Mapping[tuple[str, str], str]) -> str:
    in_country, in_county, country_code = _ABOVE
    for part in (iri, said.get((iri, in_county), "")):
        if country := said.get((part, in_country)):
            return code_of_three(said.get((country, country_code), ""))
    return ""

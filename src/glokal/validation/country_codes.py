"""Numbers of municipalities, counties and organisations that their country has not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from glokal.core.country_codes import code_of_three
from glokal.core.country_lists import COUNTY, MUNICIPALITY, country_list
from glokal.core.namespaces import CODE, GLO
from glokal.core.organisation_numbers import fits_country
from glokal.core.settings import Project
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding, FocusNode, Severity, make_finding

STEP = "hygiene"
_NUMBERS = {
    GLO + "municipalityNumber": MUNICIPALITY,
    GLO + "countyNumber": COUNTY,
}
_ABOVE = (GLO + "inCountry", GLO + "inCounty", GLO + "countryCode")
# What a record of an identifier says: its scheme, of what, and the identifier.
_RECORD = (GLO + "recordScheme", GLO + "about", GLO + "recordValue")
_NUTS = CODE + "record-scheme/nuts"
_ORGANISATION = GLO + "organisationNumber"
# Where an organisation is.
_WHERE = (GLO + "locatedIn", GLO + "governs")
_READ = frozenset((*_NUMBERS, *_ABOVE, *_RECORD, _ORGANISATION, *_WHERE))
# The shapes hold the numbers of this country, where it is the publication's.
_OF_SHAPES = ("", "NOR")


def said_of_codes(files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the data with what these checks read of them, and nothing else.

    Each check goes through it several times; a large file is gone through once.
    """
    return tuple(
        replace(file, triples=tuple(_having(file, _READ)))
        for file in files
        if file.kind != ONTOLOGY
    )


def check_country_codes(
    files: Iterable[SourceFile], project: Project
) -> Iterator[Finding]:
    """Yield a finding for each number that the list of its country does not have.

    A thing is in the country that it, or its county, is said to be in; else in that
    of `catalog.spatial`, where it names one. For a country without a list there is a
    note, once. Raises SourceError for a list that can't be read.
    """
    data = [f for f in files if f.kind != ONTOLOGY]
    said = _said(data, _ABOVE)
    usual = project.country
    told: set[str] = set()
    for file in data:
        for t in sorted(_having(file, _NUMBERS), key=str):
            kind = _NUMBERS[t.predicate.value]
            if not isinstance(t.object, ox.Literal):
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
                    STEP,
                    f"no-such-{kind}",
                    focus=FocusNode(text_of(t.subject), t.predicate.value, t.object),
                    graph=file.graph,
                    country=country,
                )


def check_nuts_codes(
    files: Iterable[SourceFile], project: Project
) -> Iterator[Finding]:
    """Yield a finding for each NUTS code of a county that its list has another for.

    The code of the level above, with which the county's begins, is right as well.
    """
    data = [f for f in files if f.kind != ONTOLOGY]
    said = _said(data, (*_ABOVE, *_NUMBERS, *_RECORD))
    scheme, about, value = _RECORD
    for (record, path), kind in sorted(said.items()):
        if path != scheme or kind != _NUTS:
            continue
        county = said.get((record, about), "")
        country = _country(county, said) or project.country
        listed = country_list(project.root, country) if country else None
        number = said.get((county, GLO + "countyNumber"), "")
        known = listed.nuts_of(COUNTY, number) if listed else ""
        if known and not known.startswith(said.get((record, value), "")):
            yield make_finding(
                STEP,
                "other-nuts",
                focus=FocusNode(record, value),
                country=country,
                known=known,
            )


def check_organisation_numbers(
    files: Iterable[SourceFile], project: Project
) -> Iterator[Finding]:
    """Yield a finding for each number that the rule of its country doesn't allow.

    An organisation is of the country of its place, or of the area that it governs;
    else of that of `catalog.spatial`. Norwegian numbers in a Norwegian publication, or
    in one of no country, are left to the shapes.
    """
    data = [f for f in files if f.kind != ONTOLOGY]
    said = _said(data, (*_ABOVE, *_WHERE))
    for file in data:
        for t in sorted(_having(file, (_ORGANISATION,)), key=str):
            if not isinstance(t.object, ox.Literal):
                continue
            places = (said.get((text_of(t.subject), where), "") for where in _WHERE)
            named = (_country(place, said) for place in places if place)
            country = next(filter(None, named), project.country)
            if country in _OF_SHAPES and project.country in _OF_SHAPES:
                continue
            if not fits_country(t.object.value, country):
                yield make_finding(
                    STEP,
                    "no-organisation-number",
                    focus=FocusNode(text_of(t.subject), _ORGANISATION, t.object),
                    graph=file.graph,
                    country=country,
                )


def _having(file: SourceFile, properties: Collection[str]) -> Iterator[ox.Triple]:
    """Yield the triples with one of these properties."""
    return (t for t in file.triples if t.predicate.value in properties)


def _said(
    files: Iterable[SourceFile], properties: Collection[str]
) -> dict[tuple[str, str], str]:
    return {
        (text_of(t.subject), t.predicate.value): text_of(t.object)
        for f in files
        for t in _having(f, properties)
    }


def _country(iri: str, said: Mapping[tuple[str, str], str]) -> str:
    in_country, in_county, country_code = _ABOVE
    for part in (iri, said.get((iri, in_county), "")):
        # A country itself is in none.
        country = said.get((part, in_country), part)
        if code := said.get((country, country_code)):
            return code_of_three(code)
    return ""

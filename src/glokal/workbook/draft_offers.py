"""Names that the workbook of a draft proposes, so that nothing is typed twice."""

from __future__ import annotations

from collections.abc import Sequence

from glokal.dataset.labels import Labels
from glokal.source.draft_known import KnownThings, kinds
from glokal.source.draft_row import (
    COLUMNS,
    ELEMENTS,
    ENTRIES,
    MEMBERSHIPS,
    PARTNERS,
    THINGS,
    DraftRow,
    parts_of,
)
from glokal.workbook.countries import country_names

_COUNTY_AUTHORITY = kinds()["CountyAuthority"].iri
_PLACES = ("municipality", "county", "region", "place", "country")


def offered_names(
    rows: Sequence[DraftRow],
    known: KnownThings,
    labels: Labels,
    lang: str,
) -> dict[str, list[str]]:
    """Return the names that columns propose, by sheet and column.

    They are those that the project has, those that the draft asks of, and the countries
    of the world; each list has what is nearest first.
    """

    def of(*paths: str) -> list[str]:
        iris = [iri for path in paths for iri in known.of_path(path)]
        return sorted({labels.of(iri, lang) for iri in iris}, key=str.casefold)

    def drafted(sheet: str, *columns: str) -> list[str]:
        cells = (r.values.get(c, "") for r in rows if r.sheet == sheet for c in columns)
        return [part for cell in cells if "://" not in cell for part in parts_of(cell)]

    listed = [
        (r, next((v for k, v in r.values.items() if k[:5] == "name_"), ""))
        for r in rows
        if r.sheet == THINGS and not r.key.startswith("plan/")
    ]
    things = [
        (kinds()[r.values["kind"]].path, name)
        for r, name in listed
        if r.values.get("kind")
    ]
    # A publisher whose kind a person chooses is no municipality.
    unclear = [
        name
        for r, name in listed
        if not r.values.get("kind") and not r.key.startswith("publisher/")
    ]
    publisher = [name for r, name in listed if r.key.startswith("publisher/")]
    columns = [
        (
            r.values.get("read_as") == "CollaboratorGroup",
            next((v for k, v in r.values.items() if k.startswith("name_")), ""),
        )
        for r in rows
        if r.sheet == COLUMNS
    ]
    areas = [name for group, name in columns if not group]
    groups = [name for group, name in columns if group]
    # What a thing belongs to must be there, or be confirmed in the same sheet.
    counties = [name for path, name in things if path == "county"]
    who = [name for path, name in things if path in ("municipality", "authority")]
    who += unclear
    municipalities = [name for path, name in things if path == "municipality"]
    organisations = of("organisation", "authority")
    countries = country_names(lang)
    councils = [
        i for i in known.of_path("authority") if known.is_a(i, _COUNTY_AUTHORITY)
    ]
    county_councils = [labels.of(iri, lang) for iri in councils]
    lists = {
        f"{THINGS}-belongs": [*of(*_PLACES), *counties, *organisations, *publisher],
        f"{THINGS}-owner": [*organisations, *publisher, *who],
        f"{THINGS}-municipalities": [*municipalities, *of("municipality")],
        f"{ELEMENTS}-vision_of": [*organisations, *publisher, *who],
        f"{PARTNERS}-group": groups,
        f"{ENTRIES}-municipality": [*who, *of("municipality"), *county_councils],
        f"{ENTRIES}-area": areas,
        f"{ENTRIES}-programme": [*of("programme"), *drafted(ENTRIES, "programme")],
        f"{PARTNERS}-belongs": [*of(*_PLACES), *counties],
        f"{ENTRIES}-partner": [*organisations, *drafted(ENTRIES, "partner")],
        f"{ENTRIES}-country": [*of("country", "place"), *countries],
        f"{MEMBERSHIPS}-member": [
            *who,
            *publisher,
            *of("municipality"),
            *organisations,
        ],
        f"{MEMBERSHIPS}-network": [*organisations, *drafted(MEMBERSHIPS, "network")],
    }
    return {name: list(dict.fromkeys(filter(None, of))) for name, of in lists.items()}

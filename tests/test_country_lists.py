"""Lists of municipalities and counties: those that come along, and a project's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from glokal.core.country_lists import COUNTY, MUNICIPALITY, country_list
from glokal.core.errors import ConfigError, SourceError
from glokal.core.organisation_numbers import fits_country
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.validation.country_codes import check_country_codes, check_nuts_codes
from glokal.validation.finding import Finding
from glokal.validation.pipeline import run_checks
from tests.conftest import REGION

HEAD = "kind,code,part_of,name,language\n"
EU = "http://publications.europa.eu/resource/authority/country/"
ONE = """@prefix glo: <https://w3id.org/glokal/def#> .
<https://fjordland.example/id/place/x> glo:municipalityNumber "%s" .
"""


# Statistics Norway: 357 and 15 from 1 January 2024; Statistics Sweden: 290 and 21.
@pytest.mark.parametrize(
    ("country", "municipalities", "counties"), [("NOR", 357, 15), ("SWE", 290, 21)]
)
def test_the_lists_are_whole(
    country: str, municipalities: int, counties: int, tmp_path: Path
) -> None:
    listed = country_list(tmp_path, country)
    assert listed
    kinds = [kind for kind, _ in listed.units]
    assert kinds.count(MUNICIPALITY) == municipalities
    assert kinds.count(COUNTY) == counties
    for units in listed.units.values():
        assert units[0].kind == COUNTY or units[0].code.startswith(units[0].part_of)


def test_names_stand_in_their_languages(tmp_path: Path) -> None:
    listed = country_list(tmp_path, "NOR")
    assert listed
    names = {u.language: u.name for u in listed.units[MUNICIPALITY, "5540"]}
    assert names == {"se": "Gáivuotna", "no": "Kåfjord", "fkv": "Kaivuono"}


# By hand from Eurostat's workbook, sheets NUTS2024 and Statistical Regions.
@pytest.mark.parametrize(
    ("country", "code", "nuts"),
    [
        ("NOR", "50", "NO060"),
        ("NOR", "46", "NO0A2"),
        ("NOR", "55", "NO072"),
        ("NOR", "03", "NO081"),
        ("SWE", "20", "SE312"),
        ("SWE", "23", "SE322"),
        ("SWE", "01", "SE110"),
    ],
)
def test_counties_have_their_nuts_codes(
    country: str, code: str, nuts: str, tmp_path: Path
) -> None:
    listed = country_list(tmp_path, country)
    assert listed and listed.nuts_of(COUNTY, code) == nuts
    every = [listed.nuts_of(*key) for key in listed.units if key[0] == COUNTY]
    assert all(every) and len(set(every)) == len(every)
    assert "Eurostat" in listed.nuts_source
    # A municipality has none of its own.
    assert not any(listed.nuts_of(*k) for k in listed.units if k[0] == MUNICIPALITY)


@pytest.mark.parametrize(
    ("value", "wrong"), [("NO060", 0), ("NO06", 0), ("NO071", 1), ("SE322", 1)]
)
def test_a_nuts_code_of_a_county_is_held_to_the_list(
    value: str, wrong: int, tmp_path: Path
) -> None:
    folder = tmp_path / "fjordland"
    shutil.copytree(REGION, folder)
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8")
    if "spatial" not in text:
        text = text.replace("[catalog]\n", f'[catalog]\nspatial = ["{EU}NOR"]\n')
    settings.write_text(text, "utf-8")
    (folder / "data/reference").mkdir(exist_ok=True)
    (folder / "data/reference/county.ttl").write_text(
        f"""@prefix glo: <https://w3id.org/glokal/def#> .
@prefix code: <https://w3id.org/glokal/code/> .
<https://fjordland.example/id/county/x> glo:countyNumber "50" .
<https://fjordland.example/id/record/x-nuts>
  glo:about <https://fjordland.example/id/county/x> ;
  glo:recordScheme <https://w3id.org/glokal/code/record-scheme/nuts> ;
  glo:recordValue "{value}" .
""",
        "utf-8",
    )
    workspace = Workspace(load_project(folder))
    found = list(check_nuts_codes(workspace.files, workspace.project))
    assert [f.rule for f in found] == ["other-nuts"] * wrong
    assert all("NO060" in f.text("nb") for f in found)


def test_a_list_may_have_nuts_codes_or_not(tmp_path: Path) -> None:
    (tmp_path / "countries").mkdir()
    file = tmp_path / "countries/DNK.csv"
    file.write_text(f"{HEAD[:-1]},nuts\ncounty,1082,,Midtjylland,da,DK041\n", "utf-8")
    listed = country_list(tmp_path, "DNK")
    assert listed and listed.nuts_of(COUNTY, "1082") == "DK041"
    file.write_text(f"{HEAD[:-1]},nuts\ncounty,1082,,Midtjylland,da,dk4\n", "utf-8")
    with pytest.raises(SourceError, match="no NUTS code"):
        country_list(tmp_path, "DNK")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("kode,navn\n", 1, "columns"),
        (HEAD + "county,1,,Nord,da\nvillage,2,1,By,da\n", 3, "Column kind"),
        (HEAD + "municipality,2,9,By,da\n", 2, "no county has the code 9"),
        (HEAD + "county,1,,,da\n", 2, "Column name"),
        (HEAD + "county,1,,Nord,d a\n", 2, "Column language"),
        (HEAD + "county,1\n", 2, "2 cells"),
        (HEAD + 'county,1,,"Nord,da\n', 2, "no CSV"),
    ],
)
def test_what_is_not_in_the_form_is_told_by_line(
    text: str, line: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "countries").mkdir()
    (tmp_path / "countries/DNK.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=told) as caught:
        country_list(tmp_path, "DNK")
    assert caught.value.place and caught.value.place.line == line


def found(folder: Path, country: str, number: str) -> list[str]:
    shutil.copytree(REGION, folder)
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8")
    line = f'[catalog]\nspatial = ["{EU}{country}"]\n'
    settings.write_text(text.replace("[catalog]\n", line), "utf-8")
    (folder / "data/reference").mkdir(exist_ok=True)
    (folder / "data/reference/numbers.ttl").write_text(ONE % number, "utf-8")
    workspace = Workspace(load_project(folder))
    return [f.rule for f in check_country_codes(workspace.files, workspace.project)]


@pytest.mark.parametrize(
    ("country", "number", "rules"),
    [
        ("NOR", "5038", []),
        ("NOR", "0180", ["no-such-municipality"]),
        ("SWE", "0180", []),
        ("SWE", "5038", ["no-such-municipality"]),
        ("DNK", "0101", ["country-without-list"]),
    ],
)
def test_a_number_is_held_to_the_list_of_its_country(
    country: str, number: str, rules: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path / "land", country, number) == rules


SOMEBODY = """@prefix glo: <https://w3id.org/glokal/def#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://fjordland.example/id/organisation/x> a glo:Organisation ;
  rdfs:label "X"@nb , "X"@en ;
  glo:organisationNumber "%s" ;
  glo:locatedIn <https://fjordland.example/id/country/x> .
<https://fjordland.example/id/country/x> a glo:Country ;
  rdfs:label "X-land"@nb , "X-land"@en ;
  glo:countryCode "%s" .
"""


# Sveriges Kommuner och Regioner, Bolagsverket, Stockholms stad; Digitaliserings-
# direktoratet. A Dane's number is known to nobody here.
@pytest.mark.parametrize(
    ("country", "number", "fits"),
    [
        ("SWE", "2220000315", True),
        ("SWE", "2021005489", True),
        ("SWE", "2120000142", True),
        ("SWE", "2220000316", False),
        ("SWE", "222000-0315", False),
        ("SWE", "991825827", False),
        # A person's number has a month where an organisation's has 20 or more.
        ("SWE", "8112189876", False),
        ("SWE", "\uff12\uff12\uff12\uff10\uff10\uff10\uff10\uff13\uff11\uff15", False),
        ("NOR", "991825827", True),
        ("NOR", "2220000315", False),
        ("DNK", "12345678", True),
        ("", "991825827", True),
        ("", "2220000315", True),
        ("", "12345678", False),
    ],
)
def test_a_number_of_an_organisation_is_held_to_the_rule_of_its_country(
    country: str, number: str, fits: bool, tmp_path: Path
) -> None:
    assert fits_country(number, country) is fits
    settings = (REGION / "publication.toml").read_text("utf-8")
    line = f'[publisher]\norganisation_number = "{number}"'
    settings = settings.replace("[publisher]", line)
    if country:
        line = f'[catalog]\nspatial = ["{EU}{country}"]\n'
        settings = settings.replace("[catalog]\n", line)
    (tmp_path / "publication.toml").write_text(settings, "utf-8")
    if fits:
        assert load_project(tmp_path).publisher.number == number
    else:
        with pytest.raises(ConfigError, match="organisation_number"):
            load_project(tmp_path)


@pytest.mark.parametrize(
    ("publication", "place", "number", "rules"),
    [
        ("", "NO", "991825827", set()),
        ("NOR", "NO", "991825826", {"Organisation-organisationNumber-modulus11"}),
        ("NOR", "NO", "2220000315", {"Organisation-organisationNumber-pattern"}),
        ("NOR", "SE", "2220000315", set()),
        ("NOR", "SE", "991825827", {"no-organisation-number"}),
        ("SWE", "SE", "2220000316", {"no-organisation-number"}),
        ("SWE", "NO", "991825826", {"no-organisation-number"}),
        ("SWE", "NO", "991825827", set()),
        ("SWE", "DK", "12345678", set()),
        ("FIN", "FI", "0201256-6", set()),
    ],
)
def test_an_organisation_abroad_has_a_number_of_that_country(
    publication: str, place: str, number: str, rules: set[str], tmp_path: Path
) -> None:
    folder = tmp_path / "land"
    shutil.copytree(REGION, folder)
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8")
    line = f'[catalog]\nspatial = ["{EU}{publication}"]\n' if publication else ""
    settings.write_text(text.replace("[catalog]\n", line or "[catalog]\n"), "utf-8")
    (folder / "data/reference").mkdir(exist_ok=True)
    (folder / "data/reference/x.ttl").write_text(SOMEBODY % (number, place), "utf-8")
    report = run_checks(Workspace(load_project(folder)), only=("shacl", "hygiene"))
    found = {f.rule.rpartition("#")[2] for f in report.findings if _of_number(f)}
    assert found == rules


def _of_number(finding: Finding) -> bool:
    # That a code needs a record is another matter.
    told = finding.path.endswith("organisationNumber")
    return told and not finding.rule.endswith("code-record")

"""Lists of municipalities and counties: those that come along, and a project's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from glokal.core.country_lists import COUNTY, MUNICIPALITY, country_list
from glokal.core.errors import SourceError
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.validation.country_codes import check_country_codes
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

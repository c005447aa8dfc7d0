"""What CKAN, the program of many portals, reads in our catalogue, by its own code.

What each field must be was read in the settings and in the strategy (its period and
places), and which fields there are in ckanext-dcat's table of DCAT-AP.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glokal.core.files.data_files import TURTLE
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import serialise
from tests.test_catalogue import whole_catalogue

CKAN = Path(sys.prefix) / "ckan" / "bin" / "python"
READER = Path(__file__).parent / "ckan_reader.py"
AUTHORITY = "http://publications.europa.eu/resource/authority"
NATIVE = {"nb": "Innherred regionråd", "en": "Innherred Regional Council"}
Dataset = dict[str, Any]


@pytest.fixture(scope="module")
def read(strategy: Workspace) -> dict[str, list[Dataset]]:
    """The datasets as CKAN keeps them, on a portal in bokmål and on one in English."""
    assert CKAN.exists(), "CKAN is missing: type make ckan"
    turtle = serialise(whole_catalogue(strategy), TURTLE, STANDARD_PREFIXES)
    ran = subprocess.run(
        [str(CKAN), str(READER), "nb", "en"],
        input=turtle, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    found: dict[str, list[Dataset]] = json.loads(ran.stdout)
    return found


def graph(datasets: list[Dataset]) -> tuple[Dataset, dict[str, Any]]:
    """The dataset that has files, and its fields beside those of CKAN itself."""
    (one,) = (d for d in datasets if d.get("resources"))
    return one, {extra["key"]: extra["value"] for extra in one["extras"]}


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_titles_and_names_are_those_of_the_language(
    lang: str, read: dict[str, list[Dataset]], strategy: Workspace
) -> None:
    project = strategy.project
    dataset, extras = graph(read[lang])
    assert dataset["title"] == project.title[lang]
    assert dataset["notes"]
    assert extras["contact_name"] == NATIVE[lang]
    files = {file["name"] for file in dataset["resources"]}
    assert {"Turtle", "JSON-LD", "N-Triples", "RDF/XML"} <= files


def test_each_field_is_read_as_what_it_is(
    read: dict[str, list[Dataset]], strategy: Workspace
) -> None:
    project = strategy.project
    dataset, extras = graph(read["nb"])
    assert extras["uri"] == f"{project.things}dataset/{project.slug}"
    assert dataset["version"] == project.version
    assert dataset["url"].startswith(project.address)
    assert {t["name"] for t in dataset["tags"]} >= set(project.catalogue.keywords["nb"])
    assert extras["publisher_name"] in NATIVE.values()
    assert extras["publisher_url"] == project.publisher.url
    assert extras["contact_email"] == "post@example.org"
    assert extras["issued"] == str(project.issued)
    assert extras["modified"] == str(project.modified)
    assert extras["access_rights"] == f"{AUTHORITY}/access-right/PUBLIC"
    # The strategy is for 2023 to 2027, in Trøndelag among other places.
    assert (extras["temporal_start"], extras["temporal_end"]) == (
        "2023-01-01",
        "2027-12-31",
    )
    assert extras["spatial_text"] and extras["spatial_uri"].startswith("http")
    themes = json.loads(extras["theme"])
    assert set(project.catalogue.themes) <= {*themes}
    assert set(json.loads(extras["language"])) == {
        f"{AUTHORITY}/language/{code}" for code in ("NOB", "ENG")
    }
    # What is a term of others is told by its name.
    assert "/" not in extras["frequency"] and "/" not in extras["publisher_type"]


def test_each_file_has_its_address_licence_and_rights(
    read: dict[str, list[Dataset]], strategy: Workspace
) -> None:
    project = strategy.project
    dataset, _ = graph(read["nb"])
    for file in dataset["resources"]:
        assert file["url"] == file["download_url"]
        assert file["url"].startswith(f"{project.address}dump/glokal.")
        assert "4.0" in file["license"] and "/" not in file["license"]
        assert file["rights"] in project.rights.values()
        assert file["status"] in ("Ferdigstilt", "Completed")
        assert file["availability"] == "stable"
        assert file["mimetype"].count("/") == 1

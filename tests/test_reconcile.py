"""The Reconciliation Service API 0.2, as OpenRefine asks it.

Its own schemas (https://github.com/reconciliation-api/specs, folder 0.2/schemas) are
held against the answers where GLOKAL_RECONCILIATION_SPECS names a copy; they have no
licence, so the project has none. What is checked here is written from the text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import jsonschema
import pytest
from referencing import Registry, Resource

from glokal.dataset.workspace import Workspace
from tests import servers
from tests.published import publish_data

THINGS = "https://w3id.org/glokal/id/"
SPECS = os.environ.get("GLOKAL_RECONCILIATION_SPECS", "")


@pytest.fixture(scope="module")
def address(
    strategy: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = publish_data(strategy, tmp_path_factory.mktemp("reconcile"))
    with servers.serving(folder) as started:
        yield f"{started.address}/reconcile"


def _fits(answer: Any, schema: str) -> None:
    """Hold an answer against the specification's own schema, where there is a copy."""
    if not SPECS:
        return
    folder = Path(SPECS) / "0.2" / "schemas"
    loaded = {p.name: json.loads(p.read_text("utf-8")) for p in folder.glob("*.json")}
    for value in loaded.values():
        value.pop("$id", None)
        value.pop("$schema", None)
    # What it says of logins is of a schema elsewhere.
    loaded["manifest.json"]["properties"].pop("authentication", None)
    known = [
        (
            name,
            Resource.from_contents(
                v, jsonschema.validators.referencing.jsonschema.DRAFT7
            ),
        )
        for name, v in loaded.items()
    ]
    validator = jsonschema.Draft7Validator(
        loaded[schema], registry=Registry().with_resources(known)
    )
    validator.validate(answer)


def _ask(address: str, **fields: Any) -> httpx.Response:
    data = {name: json.dumps(value) for name, value in fields.items()}
    return httpx.post(address, data=data, timeout=60)


def test_the_manifest_says_what_there_is(address: str) -> None:
    answer = httpx.get(address)
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    _fits(manifest, "manifest.json")
    assert "0.2" in manifest["versions"]
    assert manifest["identifierSpace"] == THINGS
    assert [t["id"] for t in manifest["defaultTypes"]] == [
        "Municipality", "Organisation", "Programme", "InternationalActivity", "Place",
    ]  # fmt: skip
    assert manifest["suggest"]["entity"]["service_url"] == address
    assert manifest["preview"]["url"].startswith(f"{address}/preview?id={{{{id}}}}")


def test_a_batch_has_types_properties_and_limits(address: str) -> None:
    batch = {
        "q0": {"query": "Snåase"},
        "q1": {"query": "Verdal kommune", "type": "Municipality", "limit": 1},
        "q2": {"query": "Sunne kommune"},
        "q3": {"query": "Levanger", "type": ["Programme"]},
        "q4": {
            "query": "Verdal",
            "properties": [{"pid": "municipalityNumber", "v": "5038"}],
        },
        "q5": {
            "query": "Verdal",
            "properties": [{"pid": "municipalityNumber", "v": ["5037"]}],
        },
        "q6": {"properties": [{"pid": "municipalityNumber", "v": "5053"}]},
    }
    answer = _ask(address, queries=batch).json()
    _fits(answer, "reconciliation-result-batch.json")
    assert set(answer) == set(batch)
    found = {
        key: [(c["id"].removeprefix(THINGS), c["match"]) for c in value["result"]]
        for key, value in answer.items()
    }
    assert found["q0"][0] == ("municipality/snasa", True)
    assert found["q1"] == [("municipality/verdal", True)]
    assert not any(match for _, match in found["q2"])
    assert found["q3"] == []
    assert found["q4"][0] == ("municipality/verdal", True)
    assert not any(match for _, match in found["q5"])
    assert found["q6"] == [("municipality/inderoy", False)]
    by_get = httpx.get(address, params={"queries": json.dumps(batch)}).json()
    assert by_get == answer


def test_suggestions_come_while_one_writes(address: str) -> None:
    entities = httpx.get(f"{address}/suggest/entity", params={"prefix": "Ste"}).json()
    _fits(entities, "suggest-entities-response.json")
    assert entities["result"][0]["id"] == f"{THINGS}municipality/steinkjer"
    types = httpx.get(f"{address}/suggest/type", params={"prefix": "munic"}).json()
    _fits(types, "suggest-types-response.json")
    assert "Municipality" in [t["id"] for t in types["result"]]
    properties = httpx.get(
        f"{address}/suggest/property", params={"prefix": "number"}
    ).json()
    _fits(properties, "suggest-properties-response.json")
    assert "municipalityNumber" in [p["id"] for p in properties["result"]]
    assert httpx.get(f"{address}/suggest/nothing").status_code == 404


def test_columns_are_extended(address: str) -> None:
    proposed = httpx.get(
        f"{address}/properties", params={"type": "Municipality"}
    ).json()
    _fits(proposed, "data-extension-property-proposal.json")
    assert "municipalityNumber" in [p["id"] for p in proposed["properties"]]
    asked = {
        "ids": [f"{THINGS}municipality/verdal", f"{THINGS}municipality/nowhere"],
        "properties": [{"id": "municipalityNumber"}, {"id": "inCounty"}],
    }
    answer = _ask(address, extend=asked).json()
    _fits(answer, "data-extension-response.json")
    verdal, nowhere = (answer["rows"][iri] for iri in asked["ids"])
    assert verdal["municipalityNumber"] == [{"str": "5038"}]
    assert verdal["inCounty"] == [
        {"id": f"{THINGS}county/trondelag", "name": "Trøndelag"}
    ]
    assert nowhere == {"municipalityNumber": [], "inCounty": []}


def test_a_thing_has_a_preview(address: str) -> None:
    iri = f"{THINGS}municipality/snasa"
    answer = httpx.get(f"{address}/preview", params={"id": iri})
    assert answer.headers["content-type"].startswith("text/html")
    assert ">Snåsa</a>" in answer.text and "/doc/municipality/snasa/" in answer.text
    wrong = httpx.get(f"{address}/preview", params={"id": "<script>"})
    assert wrong.status_code == 400 and "json" in wrong.headers["content-type"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"queries": {str(n): {"query": "a"} for n in range(10_000)}}, "at most 200"),
        ({"queries": []}, "no JSON object"),
        ({"queries": {"q": "Verdal"}}, "no JSON object"),
        ({"queries": {"q": {}}}, "no query"),
        ({"queries": {"q": {"query": 7}}}, "no text"),
        ({"queries": {"q": {"query": "a", "typ": "x"}}}, "typ"),
        ({"queries": {"q": {"query": "a", "type": "Nothing"}}}, "no type"),
        ({"queries": {"q": {"query": "a", "limit": 0}}}, "limit"),
        ({"queries": {"q": {"query": "a", "limit": "many"}}}, "limit"),
        ({"extend": {"ids": []}}, "properties"),
        ({"extend": {"ids": [], "properties": [{"id": "nope"}]}}, "no property"),
        ({"extend": {"ids": ["x"] * 2000, "properties": []}}, "at most 1000"),
    ],
)
def test_what_is_wrong_is_told(address: str, fields: dict[str, Any], told: str) -> None:
    answer = _ask(address, **fields)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        "[" * 100_000,
        "NaN",
        "\0",
        # These can be read, and never be written again.
        '{"q": {"query": "a", "limit": NaN}}',
        '{"q": {"query": "a", "limit": 1e400}}',
        r'{"q": {"query": "\ud83d"}}',
        r'{"\ud83d": {"query": "a"}}',
    ],
)
def test_what_is_no_json_is_told(address: str, raw: str) -> None:
    for field in ("queries", "extend"):
        assert httpx.post(address, data={field: raw}).status_code == 400


@pytest.mark.parametrize(
    "name", ["x" * 100_000, "\u202e\u200b", "%00", "</script>", "'; DROP", "\ud83d" * 0]
)
def test_hostile_names_mean_nothing(address: str, name: str) -> None:
    answer = _ask(address, queries={"q": {"query": name}})
    assert answer.status_code == 200
    assert not any(c["match"] for c in answer.json()["q"]["result"])


def test_too_large_a_batch_is_refused(address: str) -> None:
    assert _ask(address, queries={"q": {"query": "x" * (2 << 20)}}).status_code == 413
    answer = httpx.post(address, content=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415

"""Names to identifiers: the index of names, and a column of a CSV file.

What is right in `reconcile_names.csv` was fixed by hand, from the strategy and the
registers; where the answer is empty, the graph hasn't the thing, or a person has to
choose.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from glokal.assistants.reconcile_csv import MOST_ROWS, read_names_table
from glokal.cli.main import cli
from glokal.core.errors import GlokalError, UsageError
from glokal.core.namespaces import GLO
from glokal.dataset.name_likeness import fold_name
from glokal.dataset.names import AHEAD, SURE, NameIndex
from glokal.dataset.workspace import Workspace
from tests.conftest import ROOT, glokal

LIST = (ROOT / "tests" / "reconcile_names.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(LIST.splitlines()))
THINGS = "https://w3id.org/glokal/id/"


@pytest.fixture(scope="module")
def names(strategy: Workspace) -> NameIndex:
    seen = (f for f in strategy.files if f.in_default_graph)
    return NameIndex((t for f in seen for t in f.triples), THINGS)


@pytest.mark.parametrize("row", ROWS, ids=[r["name"] for r in ROWS])
def test_a_name_means_what_it_means_or_nothing_is_sure(
    names: NameIndex, row: dict[str, str]
) -> None:
    kinds = [GLO + row["type"]] if row["type"] else []
    found = names.find(row["name"], kinds)
    sure = [m.iri.removeprefix(THINGS) for m in found if m.sure]
    assert sure == ([row["right"]] if row["right"] else [])
    if sure:
        behind = found[1].score if len(found) > 1 else 0
        assert found[0].score >= SURE and found[0].score - behind >= AHEAD


def test_there_are_fifty_names_and_ten_of_nothing() -> None:
    assert sum(bool(r["right"]) for r in ROWS) >= 50
    assert sum(not r["right"] for r in ROWS) >= 10


def test_every_name_that_the_data_has_finds_its_thing(
    names: NameIndex, strategy: Workspace
) -> None:
    missed, things = [], set(names.things())
    for file in strategy.files:
        for t in file.triples:
            iri, name = str(t.subject)[1:-1], t.predicate.value.rpartition("#")[2]
            if name in ("label", "altLabel", "hiddenLabel") and iri in things:
                text = t.object.value  # type: ignore[union-attr]
                if iri not in [m.iri for m in names.find(text, limit=50)]:
                    missed.append((iri, text))
    assert missed == []


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Trøndelag", "trondelag"),
        ("Snåase", "snaase"),
        ("SÆRSAMISK Đ", "saersamisk d"),
        ("Erasmus+ & co.", "erasmus plus co"),
        ("  –  ", ""),
        ("\u202eVerdal\u200b", "verdal"),
    ],
)
def test_letters_are_folded(written: str, folded: str) -> None:
    assert fold_name(written) == folded


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "\0",
        "a" * 201,
        "((((",
        "'; DROP TABLE",
        "<script>",
        "%s%s%n",
        "\ud800",
        "=1+1",
    ],
)
def test_hostile_names_mean_nothing(names: NameIndex, hostile: str) -> None:
    assert not [m for m in names.find(hostile) if m.sure]


def test_two_things_of_one_name_are_not_sure() -> None:
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    triples = []
    for slug in ("a", "b"):
        thing = ox.NamedNode(f"{THINGS}x/{slug}")
        triples.append(ox.Triple(thing, kind, ox.NamedNode(GLO + "Place")))
        triples.append(ox.Triple(thing, label, ox.Literal("Vik", language="nb")))
    found = NameIndex(triples, THINGS).find("Vik")
    assert [m.score for m in found] == [100, 100]
    assert not any(m.sure for m in found)


def test_a_column_gets_its_identifiers_without_a_server(
    warm_region: Path, tmp_path: Path
) -> None:
    file = tmp_path / "names.csv"
    file.write_bytes("\ufeffnr;Kommune\n1;Vik kommune\n2;Ukjent\n\n3;\n".encode())
    done = glokal(
        "--project", warm_region, "reconcile", file, "--column", "Kommune", cwd=tmp_path
    )
    assert done.returncode == 1, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout), delimiter=";"))
    assert [r["nr"] for r in rows] == ["1", "2", "3"]
    assert rows[0]["identifier"].endswith("/authority/vik")
    assert (rows[0]["type"], rows[0]["sure"]) == ("MunicipalAuthority", "yes")
    assert [r["identifier"] for r in rows[1:]] == ["", ""]
    assert "1 sikkert" in done.stderr


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"", (), "is empty"),
        (b"navn\n\xff\n", (), "UTF-8"),
        (b"navn\nVik\n", ("--column", "nvan"), "choose one of navn"),
        (b"navn\nVik\n", ("--type", "Municpality"), "Municipality"),
        (b'navn\n"' + b"x" * 200_000 + b'"\n', (), "no CSV"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    warm_region: Path,
    tmp_path: Path,
    content: bytes,
    options: tuple[str, ...],
    told: str,
) -> None:
    file = tmp_path / "names.csv"
    file.write_bytes(content)
    wrong = CliRunner().invoke(
        cli, ["--project", str(warm_region), "reconcile", str(file), *options]
    )
    assert isinstance(wrong.exception, GlokalError)
    assert wrong.exception.exit_code == 2
    assert told in str(wrong.exception)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(UsageError, match="divide it"):
        read_names_table("n\n" + "x\n" * (MOST_ROWS + 1), "f")

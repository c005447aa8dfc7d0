"""SECURITY.md: each line of the threat model has tests, and they exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
WHO = (
    "data folder, pull request", "symbolic links", "prepared `.cache`", "shapes file",
    "`serve.toml`", "workbook, CSV", "endpoint, proxy", "reader of the server",
)  # fmt: skip


def rows() -> list[list[str]]:
    table = TEXT.partition("| who | may try |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [n.name for n in tree.body if isinstance(n, functions)]
    assert name in found and name.startswith("test_")


def test_every_attempt_has_what_stops_it_and_a_test() -> None:
    assert len(rows()) > 30
    for row in rows():
        assert len(row) == 4, row
        assert row[1] and row[2] and "::test_" in row[3], row
    assert [row[0] for row in rows() if row[0]] == list(WHO)


def test_whatever_looks_like_a_test_is_read_as_one() -> None:
    assert TEXT.count("::test_") == len(re.findall(r"`tests/[\w/]+\.py::\w+`", TEXT))


def test_the_page_is_linked_from_where_people_look() -> None:
    for page in ("README.md", "docs/ci.md", "docs/server.md"):
        assert "SECURITY.md)" in (ROOT / page).read_text(encoding="utf-8"), page

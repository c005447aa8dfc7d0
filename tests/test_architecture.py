"""docs/architecture.md says what the code is, and the decisions are in one form."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests import package_map

ROOT = Path(__file__).parents[1]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
HEADINGS = ["Status", "Date", "Context", "Decision", "Alternatives", "Consequences"]


def test_the_drawing_is_that_of_the_imports() -> None:
    text = package_map.DOCUMENT.read_text(encoding="utf-8")
    assert text == package_map.document(), "run: python -m tests.package_map"
    assert "site --> catalogue" in package_map.drawing()


def test_each_package_says_what_it_holds_comes_in_and_goes_out() -> None:
    for line in package_map.layers():
        for name in line:
            (row,) = (r for r in package_map.table().splitlines() if f"`{name}`" in r)
            assert len(re.findall(r"[.?!](?= |$)", row)) >= 2, row


def test_every_module_that_is_named_exists() -> None:
    text = package_map.DOCUMENT.read_text(encoding="utf-8")
    packages = "|".join(name for line in package_map.layers() for name in line)
    named = re.findall(rf"`((?:{packages})(?:\.\w+)+)`", text)
    assert len(set(named)) > 40
    for name in named:
        path = package_map.SOURCE.joinpath(*name.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), name


def test_records_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in RECORDS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name[:4])
def test_a_record_has_the_headings_of_all(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == HEADINGS
    assert re.search(r"^\*\*Date\.\*\* \d{4}-\d\d-\d\d\.$", text, re.MULTILINE)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (path.parent / target).exists(), target


# What takes more than six parameters, and why: what a table of a sheet or of a page is
# made of has no name of its own. A command has a parameter for each of its options.
WIDE = {"municipality_sheet", "entry_rows", "outside_table"}
PARAMETERS = 6


def wide_functions(text: str) -> list[str]:
    """Return the functions with more parameters than that, commands left out."""
    functions = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("command(" in ast.unparse(d) for d in node.decorator_list)
    )
    return [
        function.name
        for function in functions
        for of in [function.args]
        if len([a for a in _named(of) if a not in ("self", "cls")]) > PARAMETERS
    ]


def _named(of: ast.arguments) -> list[str]:
    return [a.arg for a in (*of.posonlyargs, *of.args, *of.kwonlyargs)]


def test_no_function_has_more_than_six_parameters() -> None:
    files = sorted((ROOT / "src" / "glokal").rglob("*.py"))
    assert len(files) > 250
    found = {name for f in files for name in wide_functions(f.read_text("utf-8"))}
    assert found == WIDE


def test_keywords_count_and_commands_do_not() -> None:
    many = "a, b, c, *, d, e, f, g"
    assert wide_functions(f"class C:\n  def x(self, {many}): ...") == ["x"]
    assert wide_functions(f"async def x({many}): ...") == ["x"]
    assert wide_functions("def x(a, b, c, d, e, f, *g, **h): ...") == []
    assert wide_functions(f"@click.command()\ndef x({many}): ...") == []
    assert wide_functions(f"@cache\ndef x({many}): ...") == ["x"]


# A module of more lines holds two things, and the smaller one deserves a name of its
# own (docs/style.md).
LINES = 300


def test_no_module_has_more_than_three_hundred_lines() -> None:
    source = ROOT / "src" / "glokal"
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > LINES
    }
    assert found == set()

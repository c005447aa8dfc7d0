"""What `make mutants` counts as seen: nothing that was not run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.mutants.faults import HERE, Fault, faults_by_hand
from tests.mutants.table import row_of, table, whole_report
from tests.mutants.workshop import ROOT, NotTestedError, Workshop


def fault(line: int) -> Fault:
    return Fault("x.py", line, "f", f"line {line}", f"broken {line}", f"text {line}")


FAULTS = [fault(line) for line in range(1, 11)]
JUDGED = [{"within": "f", "before": "line 1", "after": "broken 1", "why": "Alike."}]


def known(killed: int, *more: str) -> dict[str, str]:
    """Verdicts: the last ones killed, then as they are given, from the first fault."""
    verdicts = [*more, *["killed"] * killed]
    return {f.key: v for f, v in zip(FAULTS, verdicts, strict=False)}


def test_what_survives_counts_unless_it_changes_nothing() -> None:
    row = row_of("x", FAULTS, known(8, "survived", "survived"), JUDGED, "")
    assert (row.killed, row.alive, row.same) == (
        8,
        [FAULTS[1]],
        [(FAULTS[0], "Alike.")],
    )
    assert row.share == pytest.approx(8 / 9)
    assert row.is_enough
    assert "| x | 10 | 1 | 8 | 0 | 1 | 88.9% |" in table([row])
    assert "x.py:2: line 2  ->  broken 2" in table([row])
    assert "Alike." in whole_report([row])
    less = row_of("x", FAULTS, known(7, *["survived"] * 3), JUDGED, "")
    assert not less.is_enough


def test_a_fault_killed_by_the_time_is_killed_and_told() -> None:
    row = row_of("x", FAULTS, known(9, "time"), [], "")
    assert (row.killed, row.slow, row.share) == (10, 1, 1.0)


@pytest.mark.parametrize("tried", [0, 9])
def test_what_was_not_all_tried_is_not_measured(tried: int) -> None:
    row = row_of("x", FAULTS, known(tried), [], "")
    assert row.share is None and not row.is_enough
    assert f"not measured ({tried} tried)" in table([row])


def test_what_was_not_run_is_no_success() -> None:
    row = row_of("x", FAULTS, known(10), [], "there is no tests/test_x.py")
    assert row.share is None and not row.is_enough
    assert "not run: there is no tests/test_x.py" in table([row])
    assert not row_of("x", [], {}, [], "").is_enough


def test_a_judgement_of_what_is_killed_is_told() -> None:
    row = row_of("x", FAULTS, known(10), JUDGED, "")
    assert row.stale == ["f | line 1 | broken 1"] and not row.is_enough
    assert "names what doesn't survive" in table([row])


def test_the_modules_their_tests_and_the_faults_by_hand_are_there() -> None:
    modules = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))
    assert len([name for name in modules if name != "by-hand"]) == 10
    for name, module in modules.items():
        for test in module["tests"]:
            assert (ROOT / test).is_file(), (name, test)
        for file in module["files"]:
            text = (ROOT / "src" / file).read_text(encoding="utf-8")
            if module.get("by_hand"):
                assert faults_by_hand(file, text)
    listed = tomllib.loads((HERE / "by_hand.toml").read_text(encoding="utf-8"))
    assert {f["file"] for f in listed["fault"]} == set(modules["by-hand"]["files"])
    judged = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    assert set(judged) <= set(modules)
    assert all(entry["why"] for entries in judged.values() for entry in entries)


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A copy of a project with one module, which has one test."""
    copy = tmp_path / "glokal"
    (copy / "src" / "glokal").mkdir(parents=True)
    (copy / "tests").mkdir()
    (copy / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", "utf-8")
    (copy / "src/glokal/__init__.py").write_text('"""None."""\n', "utf-8")
    (copy / "src/glokal/one.py").write_text("ONE = 1\n", "utf-8")
    (copy / "tests/test_one.py").write_text(
        "from glokal.one import ONE\n\ndef test_one() -> None:\n    assert ONE == 1\n",
        "utf-8",
    )
    return tmp_path


def test_a_fault_is_tried_in_a_copy_and_taken_back(bench: Path) -> None:
    with Workshop(bench, ["glokal/one.py"], ["tests/test_one.py"]) as shop:
        assert shop.verdict("glokal/one.py", "ONE = 2\n") == "killed"
        assert shop.verdict("glokal/one.py", "ONE = 1.0\n") == "survived"
        assert shop.verdict("glokal/one.py", "ONE = (\n") == "killed"
        assert (bench / "glokal/src/glokal/one.py").read_text("utf-8") == "ONE = 1\n"


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("def test_one() -> None:\n    assert False\n", "fail without a fault"),
        ("def test_one() -> None:\n    pass\n", "don't read glokal/one.py"),
        ("", "fail without a fault"),
    ],
)
def test_tests_that_can_tell_nothing_are_no_measure(
    test: str, said: str, bench: Path
) -> None:
    (bench / "glokal/tests/test_one.py").write_text(test, "utf-8")
    with pytest.raises(NotTestedError, match=said):
        Workshop(bench, ["glokal/one.py"], ["tests/test_one.py"])

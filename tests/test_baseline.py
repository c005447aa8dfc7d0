"""Old findings, changed blocks, and what fails a run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import glokal, glokal_here
from tests.test_constraint_messages import FAULTS, plant

FILES = ("validate", "--shapes", "shapes.ttl", "--data", "data.ttl", "--lang", "en")
OLD = ("--baseline", "old.txt")
FORM, KIND, LIST = FAULTS["wrong-form"], FAULTS["wrong-kind"], FAULTS["not-in-the-list"]


def told(folder: Path, *more: str) -> tuple[int, dict]:
    shown = glokal_here(*FILES, *more, "--format", "json", cwd=folder)
    assert shown.returncode in (0, 1), shown.stderr
    return shown.returncode, json.loads(shown.stdout)


def write(folder: Path, *changes: tuple[str, str]) -> None:
    plant(folder, *changes)
    shown = glokal_here(*FILES, *OLD, "--write-baseline", cwd=folder)
    assert (shown.returncode, shown.stdout) == (0, "")
    assert f"Wrote {len(changes)} findings to old.txt." in shown.stderr


def test_old_findings_do_not_fail_and_new_ones_do(tmp_path: Path) -> None:
    write(tmp_path, FORM, KIND)
    code, report = told(tmp_path, *OLD)
    assert (code, report["findings"], report["known"]) == (0, [], 2)
    # Lines move, and one more fault comes.
    plant(tmp_path, ("ex:vik a", "# One\n# two.\nex:vik a"), FORM, KIND, LIST)
    code, report = told(tmp_path, *OLD)
    assert (code, report["known"]) == (1, 2)
    assert [f["path"] for f in report["findings"]] == ["http://example.org/status"]
    shown = glokal(*FILES, *OLD, cwd=tmp_path).stdout
    assert "2 old findings stand in old.txt and are not counted." in shown


def test_a_mended_finding_is_asked_to_be_struck_out(tmp_path: Path) -> None:
    write(tmp_path, FORM, KIND)
    plant(tmp_path, KIND)
    code, report = told(tmp_path, *OLD)
    (found,) = report["findings"]
    assert (code, report["known"]) == (1, 1)
    assert (found["rule"], found["severity"]) == ("fixed", "warning")
    lines = (tmp_path / "old.txt").read_text(encoding="utf-8").splitlines()
    assert found["file"] == "old.txt"
    assert "ex:number" in lines[found["line"] - 1]
    # It is a warning, and doing what it says ends it.
    assert told(tmp_path, *OLD, "--fail-on", "violation")[0] == 0
    del lines[found["line"] - 1]
    (tmp_path / "old.txt").write_text("\n".join(lines), encoding="utf-8")
    assert told(tmp_path, *OLD)[0] == 0


def test_the_baseline_reads_like_words_and_is_written_whole(tmp_path: Path) -> None:
    write(tmp_path, FORM, KIND)
    first = (tmp_path / "old.txt").read_text(encoding="utf-8")
    assert " shacl ex:Office ex:brussels ex:owner\n" in first
    assert first.startswith("# glokal baseline 1")
    write(tmp_path, FORM, KIND)
    assert (tmp_path / "old.txt").read_text(encoding="utf-8") == first
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "data.ttl", "old.txt", "shapes.ttl",
    ]  # fmt: skip


def test_steps_that_were_not_run_leave_their_lines_alone(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    assert '"Vik"@nb' in text
    path.write_text(text.replace('"Vik"@nb', '"Vik "@nb', 1), encoding="utf-8")
    steps = ("--only", "hygiene", "--only", "shacl")
    shown = glokal("check", *steps, *OLD, "--write-baseline", cwd=region)
    assert shown.returncode == 0
    assert "text-is-trimmed" in (region / "old.txt").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    assert glokal("check", "--only", "shacl", *OLD, cwd=region).returncode == 0
    shown = glokal("check", "--only", "hygiene", *OLD, cwd=region)
    assert shown.returncode == 1
    assert "Fjern linjen" in shown.stdout


def test_what_cannot_be_read_gets_no_baseline_and_hides_behind_none(
    region: Path,
) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    good = path.read_text(encoding="utf-8")
    assert (
        glokal(
            "check", "--only", "hygiene", *OLD, "--write-baseline", cwd=region
        ).returncode
        == 0
    )
    path.write_text(good + "x:y a", encoding="utf-8")
    before = (region / "old.txt").read_bytes()
    shown = glokal("check", "--only", "hygiene", *OLD, "--write-baseline", cwd=region)
    assert (shown.returncode, "Not everything could be checked" in shown.stderr) == (
        1,
        True,
    )
    assert (region / "old.txt").read_bytes() == before
    assert glokal("check", "--only", "hygiene", *OLD, cwd=region).returncode == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "make it with --write-baseline"),
        ("", "old.txt:1: The baseline does not begin"),
        ("# glokal baseline 9\n", "old.txt:1: The baseline does not begin"),
        ("# glokal baseline 1: old findings, which do not fail a check\nabc shacl\n",
         "old.txt:2: The line has no identity"),
    ],
)  # fmt: skip
def test_a_baseline_that_is_none_is_refused(
    content: str | None, said: str, tmp_path: Path
) -> None:
    plant(tmp_path)
    if content is not None:
        (tmp_path / "old.txt").write_text(content, encoding="utf-8")
    shown = glokal(*FILES, *OLD, cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert said in shown.stderr


def test_write_baseline_must_know_where(tmp_path: Path) -> None:
    plant(tmp_path)
    shown = glokal(*FILES, "--write-baseline", cwd=tmp_path)
    assert (shown.returncode, "name it with --baseline" in shown.stderr) == (2, True)
    lost = ("--baseline", "nowhere/old.txt", "--write-baseline")
    shown = glokal(*FILES, *lost, cwd=tmp_path)
    assert (shown.returncode, "can't be written" in shown.stderr) == (2, True)


def test_new_findings_are_marked_as_new_in_sarif(tmp_path: Path) -> None:
    write(tmp_path, FORM)
    plant(tmp_path, FORM, KIND)
    shown = glokal(*FILES, *OLD, "--format", "sarif", cwd=tmp_path)
    (result,) = json.loads(shown.stdout)["runs"][0]["results"]
    assert result["baselineState"] == "new"


def test_warnings_fail_unless_only_violations_do(tmp_path: Path) -> None:
    plant(tmp_path, FORM)
    path = tmp_path / "shapes.ttl"
    text = path.read_text(encoding="utf-8")
    warned = text.replace("sh:pattern", "sh:severity sh:Warning ; sh:pattern")
    path.write_text(warned, encoding="utf-8")
    assert told(tmp_path)[0] == 1
    assert told(tmp_path, "--fail-on", "warning")[0] == 1
    code, report = told(tmp_path, "--fail-on", "violation")
    assert (code, report["conforms"], len(report["findings"])) == (0, True, 1)
    path.write_text(warned.replace("sh:Warning", "sh:Info"), encoding="utf-8")
    assert told(tmp_path)[0] == 0
    path.write_text(text, encoding="utf-8")
    assert told(tmp_path, "--fail-on", "violation")[0] == 1


# Git


def git(folder: Path, *args: str) -> None:
    env = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, env=env)


THREE = """@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

ex:one a ex:Office ;
  ex:name "One" ;
  ex:number "1" .

ex:two a ex:Office ;
  ex:name "Two" ;
  ex:number "2" .

ex:three a ex:Office ;
  ex:name "Three" ;
  ex:number "3" .
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three offices, each with a fault, committed; a space and an æ in the path."""
    folder = tmp_path / "et område"
    folder.mkdir()
    plant(folder)
    (folder / "data.ttl").write_text(THREE, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def changed(folder: Path, *more: str) -> list[str]:
    """The offices that are told of."""
    _, report = told(folder, "--changed-since", "HEAD", *more)
    assert report["changedSince"] == "HEAD"
    return [f["focus"].rpartition("/")[2] for f in report["findings"]]


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "data.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_only_findings_on_changed_blocks_are_told(repository: Path) -> None:
    assert changed(repository) == []
    # Another line of the same block.
    edit(repository, '"Two"', '"Two!"')
    assert changed(repository) == ["two"]
    _, report = told(repository, "--changed-since", "main")
    assert report["hidden"] == 2
    shown = glokal(*FILES, "--changed-since", "main", cwd=repository).stdout
    assert "only what changed since main; 2 other findings" in shown
    # Lines above move a block without changing it.
    edit(repository, "ex:one a", "# A comment.\n\nex:one a")
    assert changed(repository) == ["two"]


def test_a_line_taken_out_changes_its_block(repository: Path) -> None:
    edit(repository, '  ex:name "Three" ;\n', "")
    assert sorted(changed(repository)) == ["three", "three"]


def test_a_block_in_another_file_counts(repository: Path) -> None:
    (repository / "more.ttl").write_text(
        '@prefix ex: <http://example.org/> .\nex:one ex:motto "x" .\n', encoding="utf-8"
    )
    # A file that Git doesn't know yet has changed as a whole.
    assert changed(repository, "--data", "more.ttl") == ["one"]
    git(repository, "add", "more.ttl")
    assert changed(repository, "--data", "more.ttl") == ["one"]


def test_a_changed_json_file_counts_as_a_whole(repository: Path) -> None:
    path = repository / "more.jsonld"
    ex = "http://example.org/"
    body = f'{{"@context": {{"@vocab": "{ex}"}}, "@id": "{ex}four", "@type": "Office"}}'
    path.write_text(body, encoding="utf-8")
    git(repository, "add", "more.jsonld")
    git(repository, "commit", "-q", "-m", "second")
    assert changed(repository, "--data", "more.jsonld") == []
    path.write_text(body + "\n", encoding="utf-8")
    assert changed(repository, "--data", "more.jsonld") == ["four"]


def test_old_findings_stay_old_among_the_changed(repository: Path) -> None:
    assert glokal(*FILES, *OLD, "--write-baseline", cwd=repository).returncode == 0
    edit(repository, '"2"', '"22"')
    code, report = told(repository, *OLD, "--changed-since", "HEAD")
    rules = sorted(f["rule"].rpartition("/")[2] for f in report["findings"])
    # The old one is gone, and its line stands in a file that Git doesn't know.
    assert (code, rules, report["known"]) == (1, ["Office", "fixed"], 2)


def test_what_is_about_everything_always_stays(region: Path) -> None:
    git(region, "init", "-q")
    git(region, "add", ".")
    git(region, "commit", "-q", "-m", "first")
    rows = region / "expected" / "municipalities-in-programme.csv"
    text = rows.read_text(encoding="utf-8")
    rows.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    git(region, "commit", "-q", "-a", "-m", "second")
    shown = glokal(
        "check", "--only", "competency", "--changed-since", "HEAD", cwd=region
    )
    assert shown.returncode == 1
    assert "municipalities-in-programme.csv" in shown.stdout


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD~9", "a b", ""])
def test_an_unknown_revision_is_told_in_a_line(revision: str, repository: Path) -> None:
    shown = glokal(*FILES, f"--changed-since={revision}", cwd=repository)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert f"Git knows no revision {revision!r}" in shown.stderr


def test_outside_git_is_told_in_a_line(tmp_path: Path) -> None:
    plant(tmp_path)
    shown = glokal(*FILES, "--changed-since", "HEAD", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "is not under Git" in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize("whole", [False, True])
def test_a_deletion_tells_of_what_it_breaks(tmp_path: Path, whole: bool) -> None:
    head = "@prefix e: <http://e/> .\n"
    files = {
        "data.ttl": "e:a a e:T ; e:p 1 .\ne:b a e:T ; e:ref e:c .\n",
        "more.ttl": "e:c a e:T .\ne:d a e:T .\n",
    }
    (tmp_path / "data").mkdir()
    for name, text in files.items():
        (tmp_path / "data" / name).write_text(head + text, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(
        head + "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "e:S a sh:NodeShape ; sh:targetClass e:T ; sh:property [ sh:path e:ref ; "
        "sh:class e:T ] , [ sh:path e:p ; sh:maxCount 0 ] .\n",
        encoding="utf-8",
    )
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    more = tmp_path / "data" / "more.ttl"
    if whole:
        more.unlink()
    else:
        more.write_text(head + "e:d a e:T .\n", encoding="utf-8")
    given = ("--shapes", "shapes.ttl", "--data", "data", "--format", "json")
    run = glokal("validate", *given, "--changed-since", "HEAD", cwd=tmp_path)
    report = json.loads(run.stdout)
    assert [f["focus"] for f in report["findings"]] == ["http://e/b"]
    assert report["hidden"] == 1


FAR = """@prefix e: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
e:S a sh:NodeShape ; sh:targetClass e:T ; sh:property
  [ sh:path ( e:ref e:inner e:q ) ; sh:minCount 1 ] ,
  [ sh:path [ sh:inversePath e:owns ] ; sh:maxCount 1 ] ,
  [ sh:path e:ref ; sh:node [ sh:property [ sh:path e:inner ; sh:node [
    sh:property [ sh:path e:r ; sh:minCount 1 ] ] ] ] ] .
"""
FAR_DATA = """@prefix e: <http://e/> .
e:a a e:T ; e:ref e:mid .
e:b a e:T ; e:ref e:other .

e:mid e:inner [ e:q 1 ; e:r 2 ] .
e:other e:inner [ e:q 1 ] .
e:one e:owns e:a , e:b .
e:two e:owns e:z .
"""


@pytest.mark.parametrize(
    ("old", "new", "components"),
    [
        ("e:q 1 ; e:r 2", "e:r 2", ["MinCount"]),
        ("e:q 1 ; e:r 2", "e:q 1", ["Node"]),
        ("e:two e:owns e:z", "e:two e:owns e:z , e:a", ["MaxCount"]),
        ("e:two e:owns e:z", "e:two e:owns e:y", []),
    ],
)
def test_what_a_change_breaks_far_away_is_told(
    tmp_path: Path, old: str, new: str, components: list[str]
) -> None:
    """The thing whose finding it is stands in a block that has not changed."""
    (tmp_path / "shapes.ttl").write_text(FAR, encoding="utf-8")
    data = tmp_path / "data.ttl"
    data.write_text(FAR_DATA, encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    assert old in FAR_DATA
    data.write_text(FAR_DATA.replace(old, new), encoding="utf-8")
    run = glokal(
        "validate", "--shapes", "shapes.ttl", "--data", "data.ttl", "--format", "json",
        "--changed-since", "HEAD", cwd=tmp_path,
    )  # fmt: skip
    report = json.loads(run.stdout)
    found = [(f["focus"], f["component"]) for f in report["findings"]]
    assert found == [
        ("http://e/a", f"http://www.w3.org/ns/shacl#{c}ConstraintComponent")
        for c in components
    ]
    # What was wrong with the other one before is not the change's.
    assert report["hidden"] >= 1


def test_without_git_it_is_told_in_a_line(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    shown = glokal(*FILES, "--changed-since", "HEAD", cwd=repository)
    assert (shown.returncode, "Git is not installed" in shown.stderr) == (2, True)


def test_a_service_is_not_under_git(repository: Path) -> None:
    shown = glokal(
        "validate", "--shapes", "shapes.ttl", "--endpoint", "http://127.0.0.1:9/",
        "--changed-since", "HEAD", cwd=repository,
    )  # fmt: skip
    assert (shown.returncode, "not under Git" in shown.stderr) == (2, True)

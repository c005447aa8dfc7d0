"""`glokal diff` as an editor uses it: revisions, effects, a text for a pull request."""

from __future__ import annotations

import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import copy_project, glokal

ADDED = """
activity:vinterleir a glo:Project ;
  rdfs:label
    "Vinterleir <b>*i*</b> nord"@nb ,
    "Winter camp"@en ;
  glo:statedIn passage:00170-00198 ;
  glo:supportedUnder programme:nordplus-junior .

participation:vinterleir-nes a glo:Participation ;
  glo:affirmedIn passage:00204-00232 ;
  glo:participant authority:nes ;
  glo:participationIn activity:vinterleir ;
  glo:verificationStatus verification-status:accepted .
"""


def git(folder: Path, *args: str) -> None:
    env = {
        **os.environ,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, env=env)


@pytest.fixture(scope="module")
def changed(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region below the root of a repository, changed since a commit."""
    root = tmp_path_factory.mktemp("repository")
    folder = copy_project(warm_region, root / "fjordland")
    git(root, "init", "-q")
    git(root, "add", "fjordland/data", "fjordland/queries")
    git(root, "add", "fjordland/publication.toml")
    git(root, "commit", "-qm", "first")
    path = folder / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"Brevvenner"@nb', '"Pennevenner"@nb')
    # The participation of one, and the English name of a municipality.
    text = re.sub(r"participation:brevvenner-nes (?s:.)*?\n\n", "", text)
    text = text.replace('    "Vik"@nb ,\n    "Vik"@en', '    "Vik"@nb')
    path.write_text(text + ADDED, encoding="utf-8")
    return folder


def test_a_revision_is_told_in_sentences(changed: Path) -> None:
    told = glokal("diff", "HEAD", cwd=changed)
    assert told.returncode == 1, told.stderr
    for said in (
        "Endringer fra HEAD til 1.0.0",
        "Nes kommune: nytt tiltak «Vinterleir <b>*i*</b> nord» under Nordplus Junior.",
        "Nes kommune: deltar ikke lenger i «Pennevenner».",
        "«Pennevenner»: navnet (nb) er endret fra «Brevvenner» til «Pennevenner».",
    ):
        assert f"  {said}\n" in told.stdout or f"{said}\n" in told.stdout
    english = glokal("diff", "HEAD", "--lang", "en", cwd=changed).stdout
    assert "Nes Municipality: new activity “Winter camp” under Nordplus Jun" in english
    assert glokal("diff", "HEAD", "HEAD", cwd=changed).returncode == 0


def test_effects_tell_new_findings_and_changed_answers(changed: Path) -> None:
    told = glokal("diff", "HEAD", "--effects", "--format", "json", cwd=changed)
    assert told.returncode == 1, told.stderr
    made = json.loads(told.stdout)
    findings, summary, *answers = made["effects"]
    assert findings["removed"] == []
    assert any("navn på engelsk" in found for found in findings["added"])
    # A new name is not that of the words which the choices cite.
    places = ("data/strategy/fjordland.ttl:", "data/provenance/fjordland.ttl:")
    assert all(f.startswith(places) for f in findings["added"])
    # Nes has lost one way to Nordplus and got another: the answer is the same.
    assert summary["what"] == "Ingen av 1 svar endres."
    assert answers == []
    assert {"state", "iri", "kind", "name", "changed"} == set(made["things"][0])


def test_an_answer_that_changes_is_told_row_by_row(changed: Path) -> None:
    path = changed / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(ADDED, ""), encoding="utf-8")
    try:
        told = glokal("diff", "HEAD", "--effects", cwd=changed).stdout
    finally:
        path.write_text(text, encoding="utf-8")
    assert "1 av 1 svar endres." in told
    assert "(municipalities-in-programme)\n  − Nes | Nes\n" in told


class Reading(HTMLParser):
    """The texts and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_and_markdown_escape_what_data_says(changed: Path) -> None:
    page = Reading()
    page.feed(glokal("diff", "HEAD", "--format", "html", cwd=changed).stdout)
    assert "Vinterleir <b>*i*</b> nord" in page.text
    assert "b" not in page.tags
    text = glokal("diff", "HEAD", "--format", "markdown", cwd=changed).stdout
    assert r"nytt tiltak «Vinterleir \<b\>\*i\*\</b\> nord» under" in text
    assert text.startswith("## Endringer fra HEAD til 1.0.0\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nothing-like-it",), "no edition, folder, file or Git revision"),
        (("--", "-x"), "no edition, folder, file or Git revision"),
        (("data/source.ttl", "--effects"), "is no project"),
        (("HEAD", "--effects", "--format", "turtle"), "no place for effects"),
    ],
)
def test_wrong_use_is_told(args: tuple[str, ...], said: str, changed: Path) -> None:
    told = glokal("diff", *args, cwd=changed)
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_a_folder_of_files_can_be_compared(changed: Path, tmp_path: Path) -> None:
    for name, value in (("old", "1"), ("new", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ttl").write_text(f"<x:a> <x:p> [ <x:q> {value} ] .")
        (tmp_path / name / "b.nt").write_text('<x:b> <x:p> "1" .\n')
    told = glokal("diff", tmp_path / "old", tmp_path / "new", cwd=changed).stdout
    assert "1 endret." in told


@pytest.mark.parametrize("target", ["../../../outside.ttl", "/etc/hostname"])
def test_a_revision_with_a_link_out_of_the_project_is_refused(
    warm_region: Path, tmp_path: Path, target: str
) -> None:
    folder = copy_project(warm_region, tmp_path / "fjordland")
    git(folder, "init", "-q")
    (folder / "data" / "strategy" / "more.ttl").symlink_to(target)
    git(folder, "add", "data", "publication.toml")
    git(folder, "commit", "-qm", "first")
    (folder / "data" / "strategy" / "more.ttl").unlink()
    run = glokal("diff", "HEAD", cwd=folder)
    assert run.returncode == 2
    assert "data/strategy/more.ttl in HEAD is a link out of the project" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_revision_with_a_link_within_the_project_is_read(
    warm_region: Path, tmp_path: Path
) -> None:
    folder = copy_project(warm_region, tmp_path / "fjordland")
    path = folder / "data" / "strategy" / "fjordland.ttl"
    path.rename(folder / "data" / "all.txt")
    path.symlink_to("../all.txt")
    git(folder, "init", "-q")
    git(folder, "add", "data", "publication.toml")
    git(folder, "commit", "-qm", "first")
    path.unlink()
    (folder / "data" / "all.txt").rename(path)
    run = glokal("diff", "HEAD", cwd=folder)
    assert run.returncode == 0, run.stderr

"""`glokal init`: a new region's folder, as its first commands find it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.conftest import glokal

GIVEN = ("--name", "Fjordland", "--publisher", "Fjordlandsrådet", "--country", "nor")
NB_EN = ("--language", "nb", "--language", "en")


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_document_can_be_read_in_at_once(tmp_path: Path) -> None:
    made = glokal("init", "land", *GIVEN, *NB_EN, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert files(tmp_path / "land") == {
        "publication.toml",
        "README.md",
        ".gitignore",
        ".github/workflows/data.yml",
        ".gitlab-ci.yml",
    }
    settings = tomllib.loads((tmp_path / "land/publication.toml").read_text("utf-8"))
    assert settings["publication"]["title"]["nb"] == "Internasjonalt arbeid i Fjordland"
    assert settings["publisher"]["name"]["en"] == "Fjordlandsrådet"
    assert settings["catalog"]["spatial"][0].endswith("/country/NOR")
    (tmp_path / "plan.txt").write_text("Plan\n\nVik skal delta i Nordplus.\n", "utf-8")
    read = glokal("source", "import", "../plan.txt", cwd=tmp_path / "land")
    assert read.returncode == 0, read.stderr
    checked = glokal("check", "--only", "syntax", cwd=tmp_path / "land")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_readme_is_in_the_first_language(tmp_path: Path, language: str) -> None:
    done = glokal("init", "land", *GIVEN, "--language", language, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = {"nb": "Slik går du fram", "nn": "Sjå over", "en": "How to go on"}
    assert words[language] in (tmp_path / "land/README.md").read_text("utf-8")


def test_names_are_written_as_toml_has_them(tmp_path: Path) -> None:
    name = 'Øst "og" \\ Vest'
    done = glokal(*("init", "land", *GIVEN[2:], *NB_EN, "--name", name), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    settings = tomllib.loads((tmp_path / "land/publication.toml").read_text("utf-8"))
    assert settings["publication"]["title"]["nb"] == f"Internasjonalt arbeid i {name}"
    assert settings["publication"]["slug"] == "ost-og-vest"


def test_a_small_region_comes_whole(tmp_path: Path) -> None:
    assert glokal("init", "eks", "--example", cwd=tmp_path).returncode == 0
    checked = glokal("check", cwd=tmp_path / "eks")
    assert checked.returncode == 0, checked.stdout
    assert "Ingen feil." in checked.stdout
    asked = glokal("query", "municipalities-in-programme", cwd=tmp_path / "eks")
    assert "Vik" in asked.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--name", "Fjordland"), "--publisher is missing"),
        ((*GIVEN[:4], "--country", "Norge"), "'Norge' is no code of three letters"),
        ((*GIVEN[:4], "--country", "ZZZ"), "no country ZZZ in ISO 3166-1"),
        ((*GIVEN[:4], "--country", "Norway"), "give NOR."),
        ((*GIVEN[:4], "--country", "se"), "give SWE."),
        ((*GIVEN, "--address", "fjordland.no"), "publication.address"),
        ((*GIVEN, "--name", "???"), "give --name in Latin letters"),
        ((*GIVEN, "--name", "Южный край"), "give --name in Latin letters"),
        ((*GIVEN, "--language", "se"), "--language is 'se', and must be one of"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    tmp_path: Path, args: tuple[str, ...], told: str
) -> None:
    done = glokal("init", "land", *args, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "land").exists()


def test_each_file_is_told_on_a_line_of_its_own(tmp_path: Path) -> None:
    done = glokal("init", "la\nnd", *GIVEN, cwd=tmp_path)
    assert done.returncode == 0
    files = [p for p in (tmp_path / "la\nnd").rglob("*") if p.is_file()]
    assert len(done.stdout.splitlines()) == len(files)


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "land").mkdir()
    (tmp_path / "land/notat.txt").write_text("mitt", "utf-8")
    (tmp_path / "fil").write_text("min", "utf-8")
    for name, told in (("land", "it has notat.txt"), ("fil", "is no folder")):
        done = glokal("init", name, *GIVEN, cwd=tmp_path)
        assert done.returncode == 2
        assert told in done.stderr
    assert files(tmp_path) == {"land/notat.txt", "fil"}


def test_a_folder_that_is_new_to_git_is_taken(tmp_path: Path) -> None:
    (tmp_path / "land/.git").mkdir(parents=True)
    assert glokal("init", "land", *GIVEN, cwd=tmp_path).returncode == 0
    assert (tmp_path / "land/publication.toml").is_file()


def test_one_that_was_stopped_half_way_is_gone_on_with(tmp_path: Path) -> None:
    assert glokal("init", "land", *GIVEN, cwd=tmp_path).returncode == 0
    made = files(tmp_path / "land")
    (tmp_path / "land/publication.toml").unlink()
    (tmp_path / "land/README.md").unlink()
    assert glokal("init", "land", *GIVEN, cwd=tmp_path).returncode == 0
    assert files(tmp_path / "land") == made
    done = glokal("init", "land", *GIVEN, cwd=tmp_path)
    assert done.returncode == 2
    assert "is a project already" in done.stderr

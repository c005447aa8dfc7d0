"""Settings: each wrong one is named, with its place and an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from glokal.config import SETTINGS, load_project
from glokal.errors import ConfigError, UsageError
from tests.conftest import REGION


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('version = "1.0.0"', 'version = "one"', "publication.version is 'one'", 5),
        ("issued = 2026-01-15", 'issued = "soon"', "publication.issued", 6),
        ('"https://fjordland.example/data/"', '"fjordland.example/"', "web address", 8),
        ('"https://fjordland.example/data/"', '"https://f.example"', "slash", 8),
        ('languages = ["nb", "en"]', 'languages = ["nb", "fr"]', "'fr'", 9),
        ('licence = "https', 'lisens = "https', "licence is missing", None),
        ('en = "An invented strategy', 'de = "An invented', "description.en", None),
        ("[contact]", "[contacts]", "contact.url is missing", None),
        ('slug = "fjordland"', 'slug = "Fjord land"', "publication.slug", 4),
        ("[publication.title]", "[publication.title", "not TOML", 14),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, said: str, line: int | None
) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / SETTINGS).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(tmp_path)
    assert said in caught.value.what
    assert caught.value.remedy
    assert caught.value.place is not None
    assert caught.value.place.file == SETTINGS
    if line is not None:
        assert caught.value.place.line == line


def test_a_folder_without_settings_is_not_a_project(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a project"):
        load_project(tmp_path)
    with pytest.raises(UsageError, match="There is no folder"):
        load_project(tmp_path / "nowhere")


def test_what_a_region_lacks_comes_with_glokal(region: Path) -> None:
    project = load_project(region)
    assert (project.folder("ontology") / "core.ttl").is_file()
    assert project.folder("queries") == region / "queries"

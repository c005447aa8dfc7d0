"""Settings: each wrong one is named, with its place and an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from glokal.core.errors import ConfigError, UsageError
from glokal.core.settings import SETTINGS, load_project
from tests.conftest import REGION, glokal

ADDRESS = '"https://fjordland.example/data/"'


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('version = "1.0.0"', 'version = "one"', "publication.version is 'one'", 5),
        ("issued = 2026-01-15", 'issued = "soon"', "publication.issued", 6),
        ('"https://fjordland.example/data/"', '"fjordland.example/"', "web address", 8),
        ('"https://fjordland.example/data/"', '"https://f.example"', "slash", 8),
        ('languages = ["nb", "en"]', 'languages = ["nb", "norsk"]', "'norsk'", 9),
        ('licence = "https', 'lisens = "https', "licence is missing", None),
        ('en = "An invented strategy', 'de = "An invented', "description.en", None),
        ("[contact]", "[contacts]", "contact.url is missing", None),
        ('slug = "fjordland"', 'slug = "Fjord land"', "publication.slug", 4),
        ("[publication.title]", "[publication.title", "not TOML", 14),
        ("[contact]", '[reason]\nengine = "pellet"\n[contact]', "is 'pellet'", 32),
        (
            'licence = "https://creativecommons.org/licenses/by/4.0/"',
            'licence = "https://example.org/mine"',
            "which is none of",
            10,
        ),
        (
            "[contact]",
            "[register]\nstale_after_days = 0\n[contact]",
            "stale_after_days is 0",
            32,
        ),
        ("modified = 2026-01-15", "modified = 2026-01-14", "before issued", 7),
        ("issued = 2026-01-15", "issued = 2026-01-15T10:00:00", "time of day", 6),
        ("issued = 2026-01-15", "issued = 0226-01-15", "before there was a web", 6),
        ("/fjordland.example/data/", "/f.example/%2E./", "programs compare", 8),
        ("An invented strategy", "An invented strate\u0301gy", "letters in parts", 20),
        ('en = ["fjords"]', 'en = ["fjords  and more"]', "not one keyword", 44),
        ('languages = ["nb", "en"]', "languages = []", "is empty", 9),
        ('"https://fjordland.example/data/"', '"ftp://f.example/"', "web address", 8),
        ('"https://fjordland.example/data/"', '"https://[f/"', "web address", 8),
        ('type = "RegionalAuthority"', 'type = "King"', "publisher.type", 25),
        (
            'type = "RegionalAuthority"',
            'type = "RegionalAuthority"\norganisation_number = "974760674"',
            "no organisation number",
            26,
        ),
        (
            'type = "RegionalAuthority"',
            'type = "RegionalAuthority"\norganisation_number = 974760673',
            "organisation_number is 974760673",
            26,
        ),
        ('themes = ["REGI"]', 'themes = ["FJORD"]', "has 'FJORD'", 39),
        ('themes = ["REGI"]', "themes = []", "catalog.themes is empty", 39),
        ('themes = ["REGI"]', 'themes = ["REGI"]\nlos = ["fjord"]', "catalog.los", 40),
        ('frequency = "ANNUAL"', 'frequency = "SOON"', "catalog.frequency", 40),
        ('nb = ["fjorder"]', 'nb = ["fjorder", ""]', "keywords.nb has ''", 43),
        (
            'themes = ["REGI"]',
            'themes = ["REGI"]\nspatial = ["https://example.org/norway"]',
            "begins with none of",
            40,
        ),
        ('nb = ["fjorder"]', "", "catalog.keywords.nb is missing", 42),
        ('en = "Invented data."', 'en = " "', "rights.en is empty", 11),
        (
            '[contact]\nurl = "https://fjordland.example/"',
            '[contact]\nurl = "https://fjordland.example/"\nemail = "a person"',
            "contact.email",
            33,
        ),
        (
            "[identifiers]",
            '[service]\nendpoint = "sparql"\n\n[identifiers]',
            "service.endpoint",
            47,
        ),
        ('themes = ["REGI"]', 'themes = "REGI"', "catalog.themes is 'REGI'", 39),
        ("unofficial = true", 'unofficial = "yes"', "unofficial is 'yes'", 12),
        # What would do nothing is not passed over.
        ("[contact]", '[contact]\nemial = "post@example.org"', "contact.emial", 32),
        ("[contact]", '[contact]\nphone = "74 00 00 00"', "contact.phone", 32),
        ("[contact]", '[portal]\nsource = "x"\n[contact]', "portal.source", 32),
        ("[contact.name]", '[contact.name]\nno = "Råd"', "contact.name.no", 35),
        # What one could read in two ways, or what all would see.
        (ADDRESS, '"https://ola:secret@f.example/"', "a user or a password", 8),
        (ADDRESS, '"https://ola@f.example/"', "a user or a password", 8),
        (ADDRESS, '"https://fjørd.example/"', "not ASCII", 8),
        (ADDRESS, '"https://f.example/blåbær/"', "not ASCII", 8),
        (ADDRESS, '"https://f.example//"', "an empty part", 8),
        (ADDRESS, '"https://f.example/a//b/"', "an empty part", 8),
        (ADDRESS, '"https://f.example/a/../"', "the spelling", 8),
        (ADDRESS, '"https://F.example/"', "the spelling", 8),
        (ADDRESS, '"https://f.example:443/"', "the spelling", 8),
        (ADDRESS, '"https://f.example:99999/"', "web address", 8),
        (ADDRESS, '"https://f..example/"', "web address", 8),
        (ADDRESS, '"https://-f.example/"', "web address", 8),
        (ADDRESS, f'"https://{"f" * 64}.example/"', "web address", 8),
        (ADDRESS, '"https://f.example/%zz/"', "begins no escape", 8),
        (ADDRESS, '"https://f.example/%c3%a5/"', "the spelling", 8),
        ('slug = "fjordland"', f'slug = "{"f" * 61}"', "61 characters", 4),
        ('languages = ["nb", "en"]', 'languages = ["nb", "nb"]', "'nb' twice", 9),
        ('version = "1.0.0"', 'version = "01.0.0"', "is '01.0.0'", 5),
        ('version = "1.0.0"', 'version = "1.٣.0"', "publication.version", 5),
        ('slug = "fjordland"', 'slug = "-"', "publication.slug", 4),
        ('nb = ["fjorder"]', 'nb = ["fjorder, fisk"]', "not one keyword", 43),
        ('nb = ["fjorder"]', 'nb = ["fisk", "Fisk"]', "'Fisk' twice", 43),
        ("modified = 2026-01-15", "modified = 9031-01-01", "has not come yet", 7),
        ('"Fjordlands strategi"', '"Fjordlands\\nstrategi"', "line breaks", 15),
        ('"Fjordlands strategi"', '"Fjordlands \\u202egetarts"', "U+202E", 15),
        ("[catalog]", '[sources]\na = { name = "Avisa" }\n[catalog]', "sources.a", 39),
        (
            "[catalog]",
            '[sources]\na = { host = "a.b", name = "A", kind = "x" }\n[catalog]',
            "sources.a",
            39,
        ),
        ("[catalog]", '[catalog]\nfrequenzy = "IRREG"', "catalog.frequenzy", 39),
    ],
)
def test_a_wrong_setting_is_named_with_its_place_and_an_example(
    tmp_path: Path, old: str, new: str, said: str, line: int | None
) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / SETTINGS).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(tmp_path)
    assert said in caught.value.what
    unknown = "is not one that Glokal knows" in caught.value.what
    plain = "not TOML" in said or "U+" in said or unknown
    assert plain or " = " in caught.value.remedy
    assert caught.value.place is not None
    assert caught.value.place.file == SETTINGS
    if line is not None:
        assert caught.value.place.line == line


def test_a_setting_that_is_unknown_is_told_what_was_perhaps_meant(
    tmp_path: Path,
) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    for wrong, remedy in (
        ('emial = "a@b.no"', 'write email = "post@example.org" under [contact]'),
        ('phone = "74 00"', "docs/configuration.md has every setting"),
    ):
        changed = text.replace("[contact]", f"[contact]\n{wrong}", 1)
        (tmp_path / SETTINGS).write_text(changed, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_project(tmp_path)
        assert remedy in caught.value.remedy


def test_an_address_is_told_as_it_should_be_written(tmp_path: Path) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    for wrong, right in (
        # The first by https://www.rfc-editor.org/rfc/rfc3492, the others by RFC 3986.
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("HTTPS://F.Example:443/a/./b", "https://f.example/a/b/"),
        ("https://f.example/å/", "https://f.example/%C3%A5/"),
        ("https://f.example/%c3%a5/%41/%7e/", "https://f.example/%C3%A5/A/~/"),
    ):
        changed = text.replace(ADDRESS, f'"{wrong}"', 1)
        (tmp_path / SETTINGS).write_text(changed, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_project(tmp_path)
        assert f'address = "{right}"' in caught.value.remedy


def test_a_password_in_an_address_is_not_said_again(tmp_path: Path) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    changed = text.replace(ADDRESS, '"https://ola:secret@f.example/"', 1)
    (tmp_path / SETTINGS).write_text(changed, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(tmp_path)
    assert "secret" not in str(caught.value)


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    gone = [
        'version = "1.0.0"\n', "issued = 2026-01-15\n", 'type = "RegionalAuthority"\n'
    ]  # fmt: skip
    for line in gone:
        assert line in text
        text = text.replace(line, "")
    (tmp_path / SETTINGS).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(tmp_path)
    assert caught.value.what == (
        "The settings publication.issued, publication.version, publisher.type are "
        "missing."
    )
    assert 'version = "1.0.0" under [publication]' in caught.value.remedy


def test_a_text_may_be_given_in_a_language_without_pages(tmp_path: Path) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    changed = text.replace("[contact.name]", '[contact.name]\nnn = "Rådet"', 1)
    changed = changed.replace("[catalog.keywords]", '[catalog.keywords]\nnn = ["a"]')
    (tmp_path / SETTINGS).write_text(changed, encoding="utf-8")
    assert load_project(tmp_path).contact.name["nn"] == "Rådet"


def test_a_folder_without_settings_is_not_a_project(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a project"):
        load_project(tmp_path)
    with pytest.raises(UsageError, match="There is no folder"):
        load_project(tmp_path / "nowhere")


def test_what_a_region_lacks_comes_with_glokal(region: Path) -> None:
    project = load_project(region)
    assert (project.folder("ontology") / "core.ttl").is_file()
    assert project.folder("queries") == region / "queries"


def test_nothing_is_written_when_a_setting_is_wrong(region: Path) -> None:
    path = region / SETTINGS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[contact]", "[contacts]"), encoding="utf-8")
    told = glokal("build", cwd=region)
    assert told.returncode == 2
    assert "contact.url mangler" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (region / "public").exists()


@pytest.mark.parametrize(
    ("number", "right"),
    [
        # Digitaliseringsdirektoratet; a control digit of 0; one digit wrong; ten.
        ("991825827", True), ("974760673", True), ("991825826", False),
        ("9918258270", False), ("99182582A", False), ("000000010", False),
        # No number of the register begins with another digit than 8 or 9.
        ("000000000", False),
    ],
)  # fmt: skip
def test_organisation_numbers_are_checked_by_their_last_digit(
    tmp_path: Path, number: str, right: bool
) -> None:
    text = (REGION / SETTINGS).read_text(encoding="utf-8")
    line = f'[publisher]\norganisation_number = "{number}"'
    (tmp_path / SETTINGS).write_text(text.replace("[publisher]", line), "utf-8")
    if right:
        assert load_project(tmp_path).publisher.number == number
    else:
        with pytest.raises(ConfigError, match="organisation_number"):
            load_project(tmp_path)

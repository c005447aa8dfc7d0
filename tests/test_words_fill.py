"""`glokal words fill`: what a third language lacks, known or listed for a person.

Citations in Swedish are those that an import into Swedish writes; names of countries
are ISO 3166-1's own, as the Debian package iso-codes has them in Swedish and Finnish.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from babel.messages.pofile import read_po, write_po

from glokal.core.namespaces import GLO, RDFS
from glokal.core.settings.lacking import texts_lacking
from glokal.rdf.source_files import parse_turtle
from glokal.source.extraction.documents import read_document
from glokal.source.extraction.passages import cut_passages
from glokal.source.known_texts import known_citation, known_reason
from tests.conftest import ROOT, glokal

REGION = ROOT / "tests" / "region"
PLAN = """Plan for Nordvik

Nordvik består av to kommuner. De samarbeider om skole.

Mål for perioden

1. Flere unge reiser ut. De kommer hjem igjen.
2. Flere bedrifter selger til utlandet

Om samarbeidet

Rådet følger opp planen.
"""
COUNTRIES = """
<https://fjordland.example/id/country/germany>
  a glo:Country ;
  rdfs:label
    "Tyskland"@nb ,
    "Germany"@en ;
  glo:countryCode "DE" .
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGION, tmp_path / "fjordland"))


def test_citations_are_those_that_an_import_writes() -> None:
    read = read_document(PLAN.encode(), "plan.txt")
    passages = cut_passages(read.extraction, "nb", ("nb", "en", "sv", "nn")).passages
    assert len(passages) > 7
    for passage in passages:
        own = dict(passage.citation)
        for lang in ("sv", "nn", "en"):
            others = {x: own[x] for x in ("nb", "en") if x != lang}
            assert known_citation(others, lang) == own[lang]
        if passage.reason:
            told = {x: passage.reason[x] for x in ("nb", "en")}
            assert known_reason(told, "sv") == passage.reason["sv"]


def test_the_title_before_and_the_number_behind_are_known() -> None:
    place = {
        "nb": "Tiltak: 2027: Rad Nes, kolonne Skole, punkt 1 (nummer 2 med samme navn)",
        "en": "Tiltak: 2027: Row Nes, column Skole, item 1 (number 2 of the same name)",
    }
    told = "Tiltak: 2027: Rad Nes, kolumn Skole, punkt 1 (nummer 2 med samma namn)"
    assert known_citation(place, "sv") == told
    one = {"nb": "Tiltak: Rad Nes, kolonne Skole, punkt 1"}
    assert known_citation(one, "sv") == "Tiltak: Rad Nes, kolumn Skole, punkt 1"
    assert known_citation({}, "sv") == ""


@pytest.mark.parametrize(
    "texts",
    [
        # Worded by a person; two texts that are of different places; no number.
        {"nb": "Rad Vik, punkt 1", "en": "Row Vik, item 1"},
        {"nb": "Setning 1", "en": "Sentence 2"},
        {"nb": "Setning to", "en": "Sentence two"},
        {"fi": "Lause 1"},
        {},
    ],
)
def test_what_fits_no_pattern_is_left_to_a_person(texts: dict[str, str]) -> None:
    assert not known_citation(texts, "sv")


def test_a_language_without_patterns_has_no_citation() -> None:
    assert not known_citation({"nb": "Setning 1", "en": "Sentence 1"}, "fi")


def also_in(region: Path, lang: str) -> None:
    """Let the settings have a language with the texts of the English."""
    settings = region / "publication.toml"
    own = 'en = "Invented data."'
    text = settings.read_text("utf-8").replace(own, f'{own}, {lang} = "Invented."')
    lines = []
    for line in text.splitlines():
        lines.append(line)
        if line.startswith("en = "):
            lines.append(line.replace("en = ", f"{lang} = ", 1))
    text = "\n".join(lines).replace('["nb", "en"]', f'["nb", "en", "{lang}"]')
    settings.write_text(text, "utf-8")


def labels(file: Path) -> set[tuple[str, str, str]]:
    triples, _ = parse_turtle(file.read_text("utf-8"), file.name)
    return {
        (t.subject.value, t.object.language or "", t.object.value)
        for t in triples
        if t.predicate.value in (RDFS + "label", GLO + "citation")
        and isinstance(t.object, ox.Literal)
        and isinstance(t.subject, ox.NamedNode)
    }


@pytest.mark.parametrize(("lang", "name"), [("sv", "Tyskland"), ("fi", "Saksa")])
def test_what_is_known_is_written_and_the_rest_listed_by_line(
    region: Path, lang: str, name: str
) -> None:
    data = region / "data/strategy/fjordland.ttl"
    data.write_text(data.read_text("utf-8") + COUNTRIES, "utf-8")
    assert glokal("fmt", cwd=region).returncode == 0
    looked = glokal("words", "fill", lang, "--dry-run", cwd=region)
    assert looked.returncode == 1 and not (region / "drafts").exists()
    done = glokal("words", "fill", lang, cwd=region)
    assert done.returncode == 1, done.stderr
    assert "publication.title" in done.stdout
    country = "https://fjordland.example/id/country/germany"
    assert (country, lang, name) in labels(data)
    with (region / f"drafts/texts-{lang}.po").open("rb") as file:
        left = [m for m in read_po(file) if m.id]
    assert str(len(left)) in done.stdout
    for message in left:
        ((path, line),) = message.locations
        subject = str(message.context).split()[0].rpartition("/")[2]
        # The line is that of the thing, or of the text itself, in its block.
        above = (region / path).read_text("utf-8").splitlines()[:line]
        assert any(subject in text for text in above), message.context
    # What is the same in every language is proposed, and counts when it is confirmed.
    fuzzy = {m.id for m in left if m.fuzzy}
    assert fuzzy == {"Nes", "Vik", "Nordplus", "Nordplus Junior", "Fjordland"}
    # What a person has begun and isn't sure of stands as it was.
    file = region / f"drafts/texts-{lang}.po"
    text = file.read_text("utf-8").replace('msgstr "Nordplus"', 'msgstr "Nordpluss"')
    file.write_text(text, "utf-8")
    again = glokal("words", "fill", lang, cwd=region)
    assert "skrev" not in again.stdout
    assert file.read_text("utf-8") == text


def test_what_a_person_has_filled_in_is_written_until_nothing_is_left(
    region: Path,
) -> None:
    assert glokal("words", "fill", "sv", cwd=region).returncode == 1
    file = region / "drafts/texts-sv.po"
    with file.open("rb") as source:
        read = read_po(source)
    for message in read:
        if message.id:
            message.string = f"{message.id} (sv)"
            message.flags.discard("fuzzy")
    with file.open("wb") as target:
        write_po(target, read)
    also_in(region, "sv")
    done = glokal("words", "fill", "sv", cwd=region)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not file.exists()
    checked = glokal("check", cwd=region)
    assert checked.returncode == 0, checked.stdout
    assert "Brevvenner" in (region / "data/strategy/fjordland.ttl").read_text("utf-8")


def test_a_finding_says_that_the_command_is_there(region: Path) -> None:
    also_in(region, "fi")
    checked = glokal("check", "--only", "shacl", "--lang", "en", cwd=region)
    assert "glokal words fill fi" in " ".join(checked.stdout.split())


def test_settings_that_are_no_texts_are_not_asked_for() -> None:
    settings = {
        "publication": {"title": {"nb": "x"}, "languages": ["nb"], "slug": "nb"},
        "catalog": {"keywords": {"nb": ["x"], "sv": ["y"]}},
        "questions": {"goals": {"plan": "nb"}},
    }
    assert list(texts_lacking(settings, "nb", "sv")) == ["publication.title"]


@pytest.mark.parametrize("listed_first", [True, False])
def test_the_language_may_be_listed_before_its_texts_or_after(
    region: Path, listed_first: bool
) -> None:
    settings = region / "publication.toml"
    text = settings.read_text("utf-8")
    if listed_first:
        listed = 'languages = ["nb", "en"]'
        assert listed in text
        settings.write_text(text.replace(listed, 'languages = ["nb", "en", "fi"]'))
    refused = glokal("check", cwd=region)
    assert (refused.returncode == 2) == listed_first, refused.stderr
    if listed_first:
        # In the language of the project.
        assert "mangler" in refused.stderr and "missing" not in refused.stderr
    done = glokal("words", "fill", "fi", cwd=region)
    assert done.returncode == 1 and "publication.title" in done.stdout, done.stderr
    assert ("languages = [" in done.stderr) != listed_first
    made = glokal("words", "export", "fi", cwd=region)
    assert made.returncode == 0 and (region / "words/fi.po").is_file(), made.stderr
    # A setting that has its text already is no fault either.
    settings.write_text(
        settings.read_text("utf-8").replace(
            "[publication.title]\n", '[publication.title]\nfi = "Vuonomaa"\n'
        ),
        "utf-8",
    )
    again = glokal("words", "fill", "fi", cwd=region)
    assert again.returncode == 1, again.stderr
    assert ("publication.title" in again.stdout) == ("[publication.title]" not in text)


def test_a_reading_is_shown_by_its_text(region: Path) -> None:
    file = region / "data/provenance/fjordland.ttl"
    node = "  rdf:subject activity:brevvenner ;\n"
    read = 'glo:reading "Leses slik."@nb , "It is read so."@en'
    text = file.read_text("utf-8").replace(node, f"{node}  {read} ;\n", 1)
    file.write_text(text, "utf-8")
    assert glokal("words", "fill", "sv", cwd=region).returncode == 1
    with (region / "drafts/texts-sv.po").open("rb") as draft:
        messages = [m for m in read_po(draft) if m.id]
    (reading,) = [
        m for m in messages if m.locations[0][0] == file.relative_to(region).as_posix()
    ]
    assert reading.id == "It is read so." and "Leses slik." in reading.auto_comments[0]
    assert not [m.id for m in messages if str(m.id).startswith("http")]

"""What reports say: golden texts of the commonest faults, in three languages.

The golden files were read aloud, word by word. `GLOKAL_GOLDEN=write` writes them again,
to be read again.
"""

from __future__ import annotations

import os
import re
import string
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import InputError, SourceError
from glokal.core.namespaces import SH
from glokal.dataset.labels import Labels
from glokal.rdf.source_files import parse_turtle
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Name, Severity
from glokal.validation.localize import explain, in_language
from glokal.validation.property_path import read_about
from glokal.validation.shacl.constraint_messages import ConstraintMessages
from glokal.validation.shacl.engine_process import ENGINES
from tests.component_cases import CASES, COMPONENTS, PREFIXES, ComponentCase
from tests.conftest import glokal

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("nb", "nn", "en", "sv")
# What is planted: the text of the good data, and what stands there instead.
FAULTS = {
    "missing": ('  ex:name "Europakontoret" ;\n', ""),
    "too-many": ("xsd:date ;", 'xsd:date , "2013-03-01"^^xsd:date ;'),
    "not-a-date": ('"2012-03-01"^^xsd:date', '"mars 2012"'),
    "no-such-date": ("2012-03-01", "2012-02-30"),
    "wrong-kind": ("ex:owner ex:vik", "ex:owner ex:vikk"),
    "text-for-a-thing": ("ex:partOf ex:network", 'ex:partOf "Nettverket"'),
    "not-in-the-list": ("ex:status ex:active", "ex:status ex:aktive"),
    "wrong-form": ("987654321", "987 654 321"),
    "a-language-twice": ('"We look out"@en', '"Vi ser inn"@nb'),
    "misspelt-property": ("ex:status ", "ex:statsu "),
    "missing-mark": ("ex:owner ex:vik ;", "ex:owner ex:vik"),
    "unknown-prefix": ("ex:owner ex:vik", "ex:owner kommune:vik"),
}


def golden(name: str, shown: str) -> None:
    path = GOLDEN / name
    if os.environ.get("GLOKAL_GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def plant(folder: Path, *changes: tuple[str, str]) -> None:
    """Put the good data with faults, and the shapes, in a folder."""
    text = (GOLDEN / "data.ttl").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    (folder / "data.ttl").write_text(text, encoding="utf-8")
    shapes = (GOLDEN / "shapes.ttl").read_text(encoding="utf-8")
    (folder / "shapes.ttl").write_text(shapes, encoding="utf-8")


def report(folder: Path, lang: str, *more: str) -> tuple[int, str]:
    files = ("--shapes", "shapes.ttl", "--data", "data.ttl")
    shown = glokal("validate", *files, "--lang", lang, *more, cwd=folder)
    return shown.returncode, shown.stdout + shown.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_commonest_faults_read_well(fault: str, lang: str, tmp_path: Path) -> None:
    plant(tmp_path, FAULTS[fault])
    code, shown = report(tmp_path, lang)
    assert code == 1
    golden(f"{fault}.{lang}.txt", shown)


def test_the_data_without_a_fault_are_clean(tmp_path: Path) -> None:
    plant(tmp_path)
    assert report(tmp_path, "nb")[0] == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_fault_in_a_hundred_places_is_told_once(
    lang: str, tmp_path: Path
) -> None:
    plant(tmp_path, FAULTS["wrong-form"])
    with (tmp_path / "data.ttl").open("a", encoding="utf-8") as file:
        for n in range(99):
            file.write(f'\nex:o{n} a ex:Office ; ex:name "{n}" ; ex:number "{n}" .')
    code, shown = report(tmp_path, lang)
    assert code == 1
    golden(f"a-hundred-places.{lang}.txt", shown)


def test_both_engines_say_the_same(tmp_path: Path) -> None:
    changes = [
        v for k, v in FAULTS.items() if k not in ("missing-mark", "unknown-prefix")
    ]
    changes.remove(FAULTS["no-such-date"])
    plant(tmp_path, *changes)
    first, second = (report(tmp_path, "nb", "--engine", engine) for engine in ENGINES)
    assert first == second
    assert first[0] == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.component} {c.name}".strip())
def test_each_component_has_words_in_each_language(
    case: ComponentCase, lang: str
) -> None:
    """Each word for a limit, a datatype, a list is filled in from the shape."""
    triples = [
        quad.triple
        for quad in ox.parse(
            input=f"{PREFIXES} :S {case.shape} .", format=ox.RdfFormat.TURTLE
        )
    ]
    about = read_about(triples)
    names = DisplayNames(Labels([]), {"": "http://e/"}, about, lang)
    words = ConstraintMessages(names, about)
    shape, component = ox.NamedNode("http://e/S"), SH + case.component
    component += "ConstraintComponent"
    kind = words.kind_of(shape, component, ox.Literal("x"))
    told = words.message(shape, component, Name("navn", "ex:navn"), kind)
    assert re.search(r"[.:] \S", told), told
    assert not re.search(
        r"[{}]|\(\)|  |«»|: *$", told.replace(words.allowed(shape, component), "…")
    ), told
    own = tomllib.loads(
        resources.files("glokal.validation.shacl")
        .joinpath("constraint_messages.toml")
        .read_text("utf-8")
    )
    assert case.component in own


def test_words_use_the_same_fields_in_all_languages() -> None:
    for package, name in (
        ("glokal.validation.shacl", "constraint_messages.toml"),
        ("glokal.validation", "errors.toml"),
    ):
        text = resources.files(package).joinpath(name).read_text("utf-8")
        body = tomllib.loads(text)
        entries = [e for e in body.values() if isinstance(e, dict)] + body.get(
            "error", []
        )
        assert len(entries) + len(body.get("error", [])) >= 30
        for entry in entries:
            fields = [_fields(entry[lang]) for lang in LANGUAGES]
            assert fields[0] == fields[1] == fields[2], entry
    assert COMPONENTS


def _fields(form: object) -> object:
    if isinstance(form, dict):
        return {key: _fields(value) for key, value in form.items()}
    return {field for _, field, _, _ in string.Formatter().parse(str(form)) if field}


BROKEN = {
    ":a :p :b\n\n# note: a <comment> \"here\n:c :p :d .": ("2:9", "skilletegn"),
    ":a :p :b ;\n  :q :c\n  :r :d .": ("3:8", "semikolon"),
    ":a :p \"#\" # note\n :q :b .": ("2:10", "semikolon"),
    ':a :p "x ;\n :q :b .': ("2:7", "aldri avsluttet"),
    ":a :p <http://x y> .": ("2:7", "mellomrom"),
    ":a :p “x” .": ("2:7", "krøllete"),
    ":a :p 2024-01-31 .": ("2:11", "dato"),
    ":a :p True .": ("2:7", "små bokstaver"),
    ":a :p http://x/ .": ("2:7", "vinkelparenteser"),
    ":a :p [ :q :b .": ("2:15", "hakeparentes"),
    ":a :p :b ] .": ("2:10", "ikke er åpnet"),
    ":a :p \"x\"^xsd:date .": ("2:10", "to hatter"),
    ":a :p \"C:\\data\" .": ("2:10", "skråstrek"),
    ":a :p \"x\"@ .": ("2:11", "språkkode"),
    ":a :p :b": ("2:9", "slutter midt"),
    ":a :p \"b\", \"c ;\n :q \"d\" .": ("2:12", "anførselstegnet som mangler"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_file_that_cannot_be_read_is_explained(
    text: str, expected: tuple[str, str]
) -> None:
    with pytest.raises(SourceError) as caught:
        parse_turtle(f"@prefix : <http://e/> .\n{text}", "x.ttl")
    place, said = expected
    assert str(caught.value.place) == f"x.ttl:{place}"
    words = explain(caught.value)
    assert said in words["nb"]
    assert len({*words.values()}) == len(LANGUAGES)
    assert "Filen kan ikke leses herfra" not in words["nb"]


def test_an_unknown_message_of_a_parser_is_shown_as_it_is() -> None:
    words = explain(SourceError("Turtle syntax error: quite new."))
    assert all("quite new" in text for text in words.values())
    error = InputError("Something of its own.", remedy="fix it.")
    assert in_language(error, "nb") is error


class Counted(set[str]):
    """A set that counts how often it is walked through."""

    walked = 0

    def __iter__(self) -> Iterator[str]:
        self.walked += 1
        return super().__iter__()


def test_what_was_meant_is_looked_for_beside_and_the_data_walked_through_once() -> None:
    space, other = "https://a.example/id/activity/", "https://a.example/id/place/"
    known = Counted(f"{space}exchange-{n}-of-pupils" for n in range(300))
    known |= {f"{other}kulturskole"}
    words = ConstraintMessages(DisplayNames(Labels([]), {}, {}, "en"), {}, known)
    found = [
        words.near(_unknown(f"{space}exchange-{n}-of-pupil")) for n in range(0, 300, 3)
    ]
    assert found == [f"<{space}exchange-{n}-of-pupils>" for n in range(0, 300, 3)]
    assert words.near(_unknown(f"{space}kulturskolen")) == ""
    assert words.near(_unknown(f"{other}kulturskolen")) == f"<{other}kulturskole>"
    assert words.near(_unknown(f"{other}kulturskole")) == ""
    assert known.walked == 1


def _unknown(iri: str) -> Finding:
    value = ox.NamedNode(iri)
    component = SH + "ClassConstraintComponent"
    return Finding(
        "shacl", "", Severity.VIOLATION, {}, value=value, component=component
    )


def test_a_message_in_another_language_stands_behind_ours(tmp_path: Path) -> None:
    plant(tmp_path, FAULTS["wrong-form"])
    path = tmp_path / "shapes.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("sh:pattern", 'sh:message "Neun Ziffern!"@de ; sh:pattern')
    )
    shown = " ".join(report(tmp_path, "nb")[1].split())
    assert "etter dette mønsteret: ^[0-9]{9}$ «Neun Ziffern!»" in shown
    path.write_text(
        text.replace("sh:pattern", 'sh:message "Ni siffer!"@nn ; sh:pattern')
    )
    shown = report(tmp_path, "nb")[1]
    assert "  Ni siffer!\n" in shown
    assert "mønsteret" not in shown


def test_every_unreadable_file_is_told_of_at_once(region: Path) -> None:
    folder = region / "data" / "strategy"
    for name in ("one", "two"):
        (folder / f"{name}.ttl").write_text("<urn:a> <urn:p> x:b .", encoding="utf-8")
    shown = glokal("check", "--lang", "nn", cwd=region)
    assert shown.returncode == 1
    assert "data/strategy/one.ttl:1:17: feil" in shown.stdout
    assert "data/strategy/two.ttl:1:17: feil" in shown.stdout
    assert "I alt 2 feil." in shown.stdout
    assert "Forkortinga x: er ikkje forklart" in shown.stdout

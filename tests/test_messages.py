"""What the commands say: in the language of the project, whole in each, with plurals.

The English of every message is looked for in what each command of the guide says in a
project in another language; the plural forms are CLDR's, by Babel.
"""

from __future__ import annotations

import ast
import errno
import re
import socket
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.cli.messages import project_language, said, speak, spoken, translated
from glokal.core.errors import InputError, ToolError
from glokal.core.http_errors import kind_of_no_answer
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import DCTERMS, SH
from glokal.core.os_errors import machine_error
from glokal.core.plurals import filled
from tests.conftest import ROOT

CLI = ROOT / "src/glokal/cli"
OTHERS = ("nb", "nn", "sv")
PLAN = """Plan for Fjordland

Fjordland består av kommunene Vik og Nes.

Mål

1. Flere unge reiser ut
"""
GUIDE = (
    ("source", "import", "../plan.txt", "--dry-run"),
    ("source", "import", "../plan.txt"),
    ("source", "import", "../plan.txt"),
    ("source", "import", "../other.txt", "--document", "Plan 2"),
    ("source", "find", "ingen har sagt dette"),
    ("source", "reanchor", "../new.txt"),
    ("draft",),
    ("draft", "apply", "../none.xlsx"),
    ("anchor", "--dry-run"),
    ("anchor",),
    ("fmt", "--check"),
    ("fmt",),
    ("check",),
    ("words", "export", "fi"),
    ("words", "export", "xx"),
    ("query", "--param", "a=b"),
    ("query", "goals", "--as-of", "i går"),
    ("edition", "verify"),
    ("sheet", "export", "register.xlsx"),
    ("sheet", "export", "register.txt"),
)


def tables() -> dict[str, dict[str, dict[str, str]]]:
    result: dict[str, dict[str, dict[str, str]]] = {}
    for name in ("messages", "build", "source", "system"):
        read = tomllib.loads((CLI / f"{name}.toml").read_text(encoding="utf-8"))
        assert not result.keys() & read.keys()
        result |= read
    return result


def every() -> Iterator[tuple[str, dict[str, str]]]:
    for section, messages in tables().items():
        for key, words in messages.items():
            yield f"{section}.{key}", words


def fields(text: str) -> dict[str, bool]:
    parsed = string.Formatter().parse(text)
    return {name: "#" in (spec or "") for _, name, spec, _ in parsed if name}


@pytest.fixture
def mute() -> Iterator[None]:
    yield
    speak("en")


def project(folder: Path, lang: str) -> Path:
    given = ("--name", "Fjordland", "--publisher", "Rådet", "--country", "NOR")
    languages = ("--language", lang, "--language", "en")
    region = folder / "region"
    done = CliRunner().invoke(cli, ["init", str(region), *given, *languages])
    assert done.exit_code == 0, done.output
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    (folder / "other.txt").write_text(PLAN, encoding="utf-8")
    (folder / "new.txt").write_text(PLAN.replace("Mål\n", "Våre mål\n"), "utf-8")
    return region


def test_each_message_is_in_each_language_with_the_same_fields() -> None:
    for name, words in every():
        assert set(words) == set(PAGE_LANGUAGES), name
        assert len({tuple(sorted(fields(t).items())) for t in words.values()}) == 1, (
            name
        )
        assert words["nb"] != words["en"] or name in SAME, name


def test_reports_of_checks_are_in_each_language_with_the_same_fields() -> None:
    checks = ROOT / "src/glokal/validation"
    for name in (
        *("messages", "errors", "datatypes", "terms"),
        *("shacl/constraint_messages", "shacl/shape_faults"),
        *("../source/unsourced_properties", "../harvest/portal_page"),
        *("../harvest/indicators", "../harvest/waivers"),
    ):
        forms = tomllib.loads((checks / f"{name}.toml").read_text(encoding="utf-8"))
        found = list(forms_of(forms))
        assert found, name
        for words in found:
            assert set(PAGE_LANGUAGES) <= set(words), (name, words)
            told = {tuple(sorted(fields_in(words[x]))) for x in PAGE_LANGUAGES}
            assert len(told) == 1, (name, words)
    for name in ("reports", "../workbook", "../harvest", "../lsp"):
        said = tomllib.loads((checks / name / "words.toml").read_text("utf-8"))
        assert set(said) == set(PAGE_LANGUAGES), name
        for key in said["en"]:
            told = {tuple(sorted(fields_in(said[x][key]))) for x in PAGE_LANGUAGES}
            assert len(told) == 1, (name, key)
        assert len({tuple(sorted(words)) for words in said.values()}) == 1, name


@pytest.mark.parametrize("file", sorted((ROOT / "shapes").glob("*.ttl")), ids=str)
def test_each_shape_speaks_the_languages_of_the_pages(file: Path) -> None:
    """Each message, and each title, once in each, filled in by the same values."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    for triple in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE):
        text, name = triple.object, triple.predicate.value
        if name in (SH + "message", DCTERMS + "title"):
            assert isinstance(text, ox.Literal)
            words = told.setdefault((str(triple.subject), name), {})
            assert text.language and text.language not in words, text.value
            words[text.language] = text.value
    assert len(told) > 4
    for (shape, _), words in told.items():
        assert set(words) == set(PAGE_LANGUAGES), shape
        # Names of terms and of settings are in no language.
        terms = {tuple(sorted(set(TERM.findall(text)))) for text in words.values()}
        assert len(terms) == 1, (shape, terms)


def forms_of(table: Any) -> Iterator[dict[str, Any]]:
    """Each table that has a text in bokmål."""
    if isinstance(table, dict) and "nb" in table:
        yield table
    else:
        inside = table.values() if isinstance(table, dict) else table
        for each in inside if isinstance(table, dict | list) else ():
            yield from forms_of(each)


def fields_in(text: Any) -> set[str]:
    """The fields of a text or of its forms; {name_sv} is a name in the own language."""
    if isinstance(text, str):
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        return {re.sub("^name_..$", "name", name) for name in names}
    return {f"{key}.{f}" for key, each in text.items() for f in fields_in(each)}


# A term of a vocabulary, and a setting.
TERM = re.compile(r"\b[a-z]+(?::[A-Za-z]+|\.[a-z_]+)\b|[{][?$][^}]+[}]")
# Where bokmål and English are the same.
SAME = ("progress.dump",)


def test_each_message_is_said_and_each_that_is_said_is_there() -> None:
    """By the literals of the code; a remedy (`_do`) goes with its message."""
    known = {name for name, _ in every()}
    literals = {
        node.value
        for path in (ROOT / "src/glokal").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    sections = ("progress", "kinds", "reanchor", "system", "service")
    made = {f"{s}.{k}" for s in sections for k in tables()[s]}
    unsaid = {n for n in known if n.removesuffix("_do") not in literals} - made
    assert not unsaid


def pieces(text: str) -> list[str]:
    """What stands between the fields of a message, and the forms for numbers."""
    result = []
    for between, _, spec, _ in string.Formatter().parse(text):
        result += [between, *(spec or "").split("|")]
    return [piece.strip(" #.,:;()") for piece in result]


def english() -> set[str]:
    """What is said in English alone, in one piece."""
    own, others = set(), set()
    for _, words in every():
        own |= {p for p in pieces(words["en"]) if sum(map(str.isalpha, p)) > 3}
        others |= {p for lang in OTHERS for p in pieces(words[lang])}
    return own - others


@pytest.mark.parametrize("lang", OTHERS)
def test_no_command_of_the_guide_speaks_english_elsewhere(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch, mute: None
) -> None:
    region = project(tmp_path, lang)
    monkeypatch.chdir(region)
    own = english()
    assert len(own) > 100
    for command in GUIDE:
        done = CliRunner().invoke(cli, ["--project", ".", *command])
        assert done.exception is None or not isinstance(
            done.exception, (KeyError, AttributeError, TypeError)
        )
        shown = done.output
        if done.exception and hasattr(done.exception, "what"):
            shown += str(translated(done.exception))
        assert shown.strip(), command
        assert spoken() == lang
        # The names of things are in no language: passage:00000-00048.
        shown = re.sub(r"\S+:\S+", "", shown)
        found = [p for p in own if re.search(rf"\b{re.escape(p)}\b", shown)]
        assert not found, (command, shown, found)
        assert not re.search(r"\b(the|is|are|written|would|Do this)\b", shown), shown


def test_an_error_says_what_to_do_in_the_same_language(mute: None) -> None:
    error = InputError("The PDF is locked.", remedy="x", name="document.locked_pdf")
    for lang, words in (("nb", "Gjør dette"), ("sv", "Gör så här"), ("en", "Do this")):
        speak(lang)
        shown = str(translated(error))
        assert f" {words}: " in shown
        assert said("document.locked_pdf") in shown
    assert translated(InputError("Other.", name="no.such")).what == "Other."


@pytest.mark.parametrize(
    ("lang", "one", "many"),
    [
        ("nb", "1 fil, 0 endret.", "1\xa0200 filer, 3 endret."),
        ("nn", "1 fil, 0 endra.", "1\xa0200 filer, 3 endra."),
        ("sv", "1 fil, 0 ändrade.", "1\xa0200 filer, 3 ändrade."),
        ("en", "1 file, 0 changed.", "1,200 files, 3 changed."),
    ],
)
def test_a_number_has_its_word(lang: str, one: str, many: str, mute: None) -> None:
    speak(lang)
    assert said("fmt.changed", files=1, changed=0) == one
    assert said("fmt.changed", files=1200, changed=3) == many


def test_forms_follow_the_language() -> None:
    """In French CLDR has 0 under "one", in English under "other"."""
    assert filled("{n:# page|# pages}", "fr", n=0) == "0 page"
    assert filled("{n:# page|# pages}", "en", n=0) == "0 pages"
    assert filled("{n} {day:>4}", "en", n=1, day="x") == "1    x"


@pytest.mark.parametrize(
    ("settings", "lang"),
    [
        ('[publication]\nlanguages = ["fi", "sv"]', "sv"),
        ('[publication]\nlanguages = ["fi"]', "en"),
        ("[publication]\nlanguages = 3", "en"),
        ("[publication", "en"),
        (None, "en"),
    ],
)
def test_a_command_speaks_the_first_language_it_knows(
    tmp_path: Path, settings: Any, lang: str
) -> None:
    if settings is not None:
        (tmp_path / "publication.toml").write_text(settings, encoding="utf-8")
    assert project_language(tmp_path) == lang


def test_several_regions_are_spoken_to_in_their_own_language(tmp_path: Path) -> None:
    (tmp_path / "regions.toml").write_text('[[member]]\nfolder = "a"\n', "utf-8")
    (tmp_path / "a").mkdir()
    own = '[publication]\nlanguages = ["nn"]\n'
    (tmp_path / "a/publication.toml").write_text(own, encoding="utf-8")
    assert project_language(tmp_path) == "nn"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sv", "x: åtkomst nekas. Gör så här: ge den som kör Glokal rätt att skriva"),
        ("nn", "x: ingen tilgang. Gjer dette: gi den som køyrer Glokal, rett til"),
        ("en", "x can't be written: permission is denied. Do this: give the one who"),
    ],
)
def test_what_the_system_refuses_is_told_in_the_language(
    lang: str, text: str, mute: None
) -> None:
    speak(lang)
    refused = OSError(errno.EACCES, "Permission denied")
    error = translated(machine_error(refused, "x can't be written", file="x"))
    assert str(error).startswith(text)
    known = {name.lower() for name in errno.errorcode.values()}
    assert {key.removesuffix("_do") for key in tables()["system"]} <= known


def test_a_project_is_asked_for_in_its_first_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mute: None
) -> None:
    asked = []
    answers = iter(["sv en", "Mittbygden", "Rådet"])

    def prompt(question: str, default: str | None = None, **_options: object) -> str:
        asked.append(question)
        return next(answers, default or "")

    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(click, "prompt", prompt)
    cli.main(["init", str(tmp_path / "land")], standalone_mode=False)
    assert "svenska" in asked[0]
    assert asked[1:] == [
        "Vad heter regionen?",
        "Vem publicerar?",
        "Landet (tre bokstäver enligt ISO 3166-1)",
    ]
    settings = (tmp_path / "land/publication.toml").read_text("utf-8")
    assert 'languages = ["sv", "en"]' in settings
    assert "/country/SWE" in settings


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (ConnectionRefusedError(), "inte nås: ingenting lyssnar där"),
        (socket.gaierror(), "inte nås: det finns ingen sådan server"),
        (TimeoutError(), "svarade inte i tid"),
    ],
)
def test_why_a_service_does_not_answer_is_told_in_the_language(
    kind: OSError, told: str, mute: None
) -> None:
    speak("sv")
    name = f"service.{kind_of_no_answer(kind)}"
    values = {"service": "http://a.example/"}
    assert told in str(translated(ToolError("no", name=name, values=values)))

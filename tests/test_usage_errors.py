"""Wrong use is told in the reader's language, with what may have been meant."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import pytest

from glokal.cli import usage_errors
from glokal.cli.main import cli, main
from glokal.core.settings import SETTINGS

# What a person writes, and what of it every language must name.
WRONG = (
    ("chekc", ("chekc", "check", "glokal --help")),
    ("check --nope", ("--nope", "glokal check --help")),
    ("check --ony syntax", ("--ony", "--only", "glokal check --help")),
    ("check --format sarff", ("--format", "sarff", "sarif", "junit")),
    ("check --watch=3", ("--watch", "glokal check --help")),
    ("serve --port 99999999", ("--port", "99999999", "65535", "glokal serve --help")),
    ("serve --port x", ("--port", "65535")),
    ("push --endpoint", ("--endpoint", "glokal push --help")),
    ("fmt nowhere.ttl", ("FILES", "nowhere.ttl", "glokal fmt --help")),
    ("reconcile", ("FILE", "glokal reconcile --help")),
    ("source fnd", ("fnd", "find", "glokal source --help")),
    ("source find", ("WORDS", "glokal source find --help")),
    ("--nope", ("--nope", "glokal --help")),
)
LANGUAGES = {
    "nb": ("Gjør dette", "finnes ikke"),
    "nn": ("Gjer dette", "finst ikkje"),
    "sv": ("Gör så här", "finns inte"),
    "en": ("Do this", "There is no"),
}


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["glokal", *command.split()])
    # What a process does to its own streams and signals.
    for name in ("guard_streams", "end_by_exception"):
        monkeypatch.setattr(f"glokal.cli.main.{name}", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_wrong_use_is_told_in_the_language_of_the_project(
    lang: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = f'[publication]\nlanguages = ["{lang}"]\n'
    (tmp_path / SETTINGS).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    remedy, unknown = LANGUAGES[lang]
    for command, named in WRONG:
        assert run(command, monkeypatch) == 2
        out, said = capsys.readouterr()
        assert (out, said.count("\n")) == ("", 1), command
        assert said.startswith("glokal: "), command
        assert remedy in said, said
        assert [word for word in named if word not in said] == [], said
        assert ("nope" in command or "ony" in command) <= (unknown in said), said


def test_a_command_without_its_part_shows_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("source", monkeypatch) == 2
    assert "reanchor" in capsys.readouterr().err


def commands(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            yield from commands(command, click.Context(command, context, name))


def test_each_kind_of_value_has_words_for_what_it_must_be() -> None:
    """What click checks by a type that is new here would be told in English."""
    words = resources.files("glokal.cli").joinpath("usage.toml")
    known = tomllib.loads(words.read_text(encoding="utf-8"))["usage"]
    kinds = set()
    for command in commands(cli, click.Context(cli)):
        for parameter in command.params:
            # Any text is one; a flag takes none.
            plain = (click.STRING, click.UNPROCESSED, click.BOOL)
            if not isinstance(parameter.type, tuple(map(type, plain))):
                name, _ = usage_errors._must_be(parameter.type)
                assert name in known, (command.name, parameter.name, parameter.type)
                kinds.add(name)
    assert len(kinds) > 5

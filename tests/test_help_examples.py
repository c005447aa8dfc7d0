"""Each example that a command's help gives is run, in a copy of this project."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import docx
import pytest

from glokal.cli.main import cli
from tests import servers
from tests.conftest import ROOT, copy_project
from tests.set_strategy import print_pdf

# Where the examples have a service.
PLACES = ("http://127.0.0.1:7878", "https://data.example.org")
# What finds something says so with 1.
CHANGES = "glokal source import"
FINDS = ("glokal stale", "glokal reconcile", "glokal words fill")


def _commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from _commands(found)


def _examples() -> list[str]:
    """The lines behind "Examples:", those that go on joined."""
    found = []
    for command in _commands(cli):
        _, there, block = (command.help or "").partition("Examples:\n")
        if not there:
            continue
        lines = block.split("\n\n")[0].replace("\\\n", " ").splitlines()
        found += [line.strip() for line in lines if line.strip()]
    return found


EXAMPLES = _examples()


def test_the_examples_are_found() -> None:
    assert len(EXAMPLES) >= 15
    assert all("glokal " in example for example in EXAMPLES)


@pytest.fixture(scope="module")
def project(publication: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, built, with two commits."""
    folder = copy_project(ROOT, tmp_path_factory.mktemp("help") / "project")
    shutil.copytree(publication / "public", folder / "public")
    file = folder / "login.toml"
    file.write_text('token = "0123"\n', encoding="utf-8")
    file.chmod(0o600)
    (folder / "names.csv").write_text("Kommune\nVerdal\n", encoding="utf-8")
    print_pdf("<p>Planen gjelder fra 2026.</p>", folder / "plan.pdf")
    made = docx.Document()
    made.add_paragraph("Tiltakene gjelder fra 2027.")
    made.save(str(folder / "tiltak.docx"))
    _run("glokal draft", folder, 0)
    (book,) = (folder / "drafts").glob("*.xlsx")
    shutil.copy(book, folder / "plan.xlsx")
    shutil.rmtree(folder / "drafts")
    (folder / ".gitignore").write_text(".cache\npublic\nlogin.toml\n", encoding="utf-8")
    git = shutil.which("git")
    assert git
    user = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for args in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        [*user, "commit", "-qm", "1"],
        [*user, "commit", "-qm", "2", "--allow-empty"],
    ):
        subprocess.run([git, *args], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def service(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """A service that has been pushed to, for reading, and an empty one."""
    with (
        servers.oxigraph(tmp_path_factory.mktemp("filled")) as filled,
        servers.oxigraph(tmp_path_factory.mktemp("empty")) as empty,
    ):
        _run(f"glokal push --endpoint {filled}/query", project, 0)
        yield filled, empty


def _run(example: str, cwd: Path, *codes: int) -> None:
    env = dict(os.environ)
    words = shlex.split(example)
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    assert words[0] == "glokal"
    # As a shell does; what a test writes stays in its folder.
    words = [str(cwd / word[2:]) if word.startswith("~/") else word for word in words]
    run = subprocess.run(
        [sys.executable, "-m", "glokal", *words[1:]],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=200,
        env=env,
    )
    assert run.returncode in codes, run.stdout + run.stderr
    # What serves an editor or an assistant ends with its input, and has nothing to say.
    assert run.stdout or run.stderr or words[1] in ("lsp", "mcp")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_runs(
    example: str, project: Path, service: tuple[str, str], tmp_path: Path
) -> None:
    filled, empty = service
    for place in PLACES:
        example = example.replace(f"{place}/sparql", f"{place}/query")
        example = example.replace(place, empty if " push " in example else filled)
    codes = (0, 1) if any(start in example for start in FINDS) else (0,)
    if example.startswith(CHANGES):
        # The other examples are of a project with one document.
        alone = copy_project(project, tmp_path / "project")
        for name in ("plan.pdf", "tiltak.docx"):
            shutil.copy(project / name, alone)
        project = alone
    _run(example, project, *codes)

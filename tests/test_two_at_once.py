"""Two who write at once, or a person who edits meanwhile: nothing of either is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from glokal.core.files.lock import project_lock
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.source import anchor
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.conftest import glokal
from tests.contact import PEN, Book, files, run

FILE = "data/strategy/fjordland.ttl"


@pytest.fixture(scope="module")
def exported(warm_region: Path) -> bytes:
    workspace = Workspace(load_project(warm_region))
    return write_workbook(read_rows(workspace), workspace.project)


def asking(region: Path, exported: bytes, name: str, **cells: str) -> Path:
    """Make a workbook that asks for these cells of an activity."""
    path = region / name
    path.write_bytes(exported)
    book = Book(path)
    book.put("Aktiviteter", PEN, **cells)
    book.save()
    return path


def begun(region: Path, *args: str | Path) -> subprocess.Popen[str]:
    """Begin a command, and return when it waits for the lock."""
    process = subprocess.Popen(
        [sys.executable, "-m", "glokal", *map(str, args)],
        cwd=region,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "waiting for a test" in process.stderr.readline()
    return process


def both_at_once(region: Path, *commands: tuple[str | Path, ...]) -> None:
    """Let commands wait for the lock together, and go on together."""
    with project_lock(region, "a test"):
        processes = [begun(region, *args) for args in commands]
    for process in processes:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told


def test_of_two_imports_at_once_neither_is_lost(region: Path, exported: bytes) -> None:
    one = asking(region, exported, "a.xlsx", **{"Navn (bokmål)": "Pennevenner"})
    two = asking(region, exported, "b.xlsx", **{"Navn (engelsk)": "Penfriends"})
    both_at_once(
        region,
        ("sheet", "import", one, "--yes"),
        ("sheet", "import", two, "--yes"),
    )
    text = (region / FILE).read_text(encoding="utf-8")
    assert '"Pennevenner"@nb' in text
    assert '"Penfriends"@en' in text


def test_of_two_rounds_of_letters_at_once_neither_is_forgotten(region: Path) -> None:
    letters = region / "letters"
    assert glokal("remind", letters, "--on", "2026-01-31", cwd=region).returncode == 0
    days = ("2026-06-30", "2026-12-31")
    both_at_once(region, *(("remind", letters, "--on", day) for day in days))
    table = (letters / "spurt.csv").read_text("utf-8-sig").splitlines()
    told = sorted(line.split(";")[0] for line in table[1:])
    assert told == [day for day in ("2026-01-31", *days) for _ in range(2)]


def test_who_will_not_wait_is_told_who_writes(region: Path) -> None:
    with project_lock(region, "a test"):
        told = glokal("fmt", "--no-wait", cwd=region)
    assert told.returncode == 2
    assert f"skriver i prosjektet: a test (prosess {os.getpid()} på " in told.stderr
    assert "--wait SEKUNDER" in told.stderr


def answered(region: Path, book: Path, meanwhile: Callable[[], None]) -> str:
    """Answer an import's question with yes after something else has happened."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "glokal", "sheet", "import", book, "--lang", "en"],
        cwd=region,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        asked = b""
        while b"(y" not in asked:
            part = os.read(process.stderr.fileno(), 4096)
            assert part, asked
            asked += part
        meanwhile()
        os.write(ours, b"yes\n")
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
        os.close(ours)
        os.close(theirs)
    return f"{process.returncode} {told.decode()}"


def test_what_is_edited_by_hand_while_the_question_stands_is_kept(
    region: Path, exported: bytes
) -> None:
    book = asking(region, exported, "a.xlsx", **{"Navn (engelsk)": "Penfriends"})
    file = region / FILE

    def edit() -> None:
        text = file.read_text(encoding="utf-8")
        assert '"Nes kommune"@nb' in text
        file.write_text(text.replace('"Nes kommune"@nb', '"Nes"@nb'), encoding="utf-8")

    told = answered(region, book, edit)
    assert told.startswith("0 "), told
    assert "det du sa ja til, er det samme" in told
    text = file.read_text(encoding="utf-8")
    assert '"Nes"@nb' in text
    assert '"Penfriends"@en' in text


def test_what_would_be_something_else_by_the_answer_is_not_written(
    region: Path, exported: bytes
) -> None:
    book = asking(region, exported, "a.xlsx", **{"Navn (engelsk)": "Penfriends"})
    file = region / FILE

    def edit() -> None:
        text = file.read_text(encoding="utf-8")
        other = text.replace('"Pen friends"@en', '"Friends by letter"@en')
        file.write_text(other, encoding="utf-8")

    told = answered(region, book, edit)
    assert told.startswith("2 "), told
    assert f"Changed by somebody else in the meantime: {FILE}" in told
    assert "Penfriends" not in file.read_text(encoding="utf-8")


def test_passages_are_not_proposed_over_what_an_editor_changes(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = region / "data/provenance/fjordland.ttl"
    propose = anchor.propose

    def meanwhile(*args: object, **named: object) -> object:
        result = propose(*args, **named)  # type: ignore[arg-type]
        file.parent.mkdir(exist_ok=True)
        file.write_text("# mine\n", encoding="utf-8")
        return result

    monkeypatch.setattr(anchor, "propose", meanwhile)
    told = run("anchor", cwd=region)
    assert told.returncode == 2
    assert f"in the meantime: {file.relative_to(region)}" in told.stderr
    assert file.read_text(encoding="utf-8") == "# mine\n"


WRITES = (("sheet", "export"), ("remind",))


@pytest.mark.parametrize("command", WRITES)
def test_a_fifo_where_a_file_is_to_be_written_is_named(
    region: Path, command: tuple[str, ...]
) -> None:
    (region / "out").mkdir()
    name = "spurt.csv" if command == ("remind",) else "aktiviteter.csv"
    os.mkfifo(region / "out" / name)
    before = files(region)
    told = glokal(*command, "out", cwd=region)
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert f"out/{name} is a FIFO, a socket or a device" in told.stderr
    assert files(region) == before


@pytest.mark.parametrize("command", WRITES)
def test_a_link_of_a_stranger_leads_no_writer_out(
    region: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (region / "out").symlink_to(tmp_path / "elsewhere")
    told = glokal(*command, "out", cwd=region)
    assert told.returncode == 2
    assert "out is a link that leads to" in told.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []

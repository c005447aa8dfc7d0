"""Fixtures that every test may use."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import settings

from glokal.cli.main import cli
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.build import build_site
from tests.hermit_process import Hermit

ROOT = Path(__file__).parents[1]
REGION = Path(__file__).parent / "region"

# What is made by chance is the same at each run, so that a failure comes again. Other
# examples are tried with `make fuzz`.
settings.register_profile("suite", derandomize=True, database=None, deadline=None)
settings.load_profile("suite")


def copy_project(source: Path, target: Path) -> Path:
    """Copy a project with what has been reasoned already, so that tests are quick."""
    names = ["data", "editions", "expected", "queries", "publication.toml", ".cache"]
    if source == ROOT:
        names += ["ontology", "shapes"]
    for name in names:
        path = source / name
        if path.is_dir():
            # What another test writes into the cache at this moment is left out, the
            # servers' own folders, which come and go, and what was built in the
            # folders of before, which no other folder can take over.
            left = shutil.ignore_patterns(".new-*", "serve", "made")
            shutil.copytree(path, target / name, ignore=left)
        elif path.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / name)
    return target


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that a wheel was installed in, with all extras."""
    # It reads the ROOT of this module.
    from tests.core_install import build_wheel, install

    folder = tmp_path_factory.mktemp("installed")
    return install(build_wheel(folder / "wheels"), folder / "home", ("all",))


@pytest.fixture(scope="session")
def strategy() -> Workspace:
    """The real strategy."""
    return Workspace(load_project(ROOT))


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """Return a folder that one of the processes of this run has made for all of them.

    They only read it: who writes makes a copy.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            # What a process left that was stopped in the midst of it.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def publication(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real strategy as it is published, in the folder `public`; to be read only."""

    def make(folder: Path) -> None:
        shutil.copy(ROOT / "publication.toml", folder)
        assert build_site(strategy, folder / "public") is not None

    return made_once(tmp_path_factory, "publication", make)


@pytest.fixture(scope="session")
def region_publication(
    warm_region: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The invented region as it is published, in `public`; to be read only."""

    def make(folder: Path) -> None:
        copy_project(warm_region, folder)
        assert build_site(Workspace(load_project(folder)), folder / "public")

    return made_once(tmp_path_factory, "region-publication", make)


@pytest.fixture(scope="session")
def hermit() -> Iterator[Hermit]:
    """HermiT, to be asked directly."""
    started = Hermit()
    yield started
    started.close()


@pytest.fixture
def real_copy(tmp_path: Path) -> Path:
    """A copy of the real project, to break."""
    return copy_project(ROOT, tmp_path / "copy")


@pytest.fixture(scope="session")
def warm_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region, reasoned over once, with nothing that others kept of it."""
    folder = copy_project(REGION, tmp_path_factory.mktemp("region") / "fjordland")
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    _ = Workspace(load_project(folder)).entailments
    return folder


@pytest.fixture
def region(warm_region: Path, tmp_path: Path) -> Path:
    """A copy of the invented region, to break.

    Nobody has chosen its passages: what a test renames would ask for another choice.
    """
    folder = copy_project(warm_region, tmp_path / "fjordland")
    shutil.rmtree(folder / "data" / "provenance")
    # What a test before has kept of the one that is copied.
    shutil.rmtree(folder / ".cache" / "glokal" / "derived", ignore_errors=True)
    return folder


def glokal_here(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where what it says is tried and not its start.

    An error that the command tells in one line is raised.
    """
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


def glokal(
    *args: str | Path, cwd: Path, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "glokal", *map(str, args)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )

"""An empty environment with the wheel and what its core asks for, and nothing else.

The libraries are those that the tests run with, linked one by one as the metadata of
the wheel and of each of them ask for; so nothing is fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

from tests.conftest import ROOT


def build_wheel(folder: Path) -> Path:
    """Build the wheel from the sources into a folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, home: Path, extras: tuple[str, ...] = ()) -> Path:
    """Make an environment with a wheel and its needs; return its command."""
    venv.create(home, with_pip=False)
    (packages,) = home.glob("lib/python*/site-packages")
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    (info,) = packages.glob("glokal-*.dist-info")
    for each in needed(PathDistribution(info), extras):
        for file in each.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__"):
                target = packages / top
                if not target.exists():
                    target.symlink_to(Path(str(each.locate_file(top))).resolve())
    command = home / "bin" / "glokal"
    command.write_text(
        f"#!{home / 'bin' / 'python'}\nfrom glokal.__main__ import main\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    return command


def needed(root: Distribution, extras: tuple[str, ...] = ()) -> list[Distribution]:
    """Return what a distribution asks for, and what that asks for in turn."""
    found: dict[str, Distribution] = {}
    waiting = [(root, {"", *extras})]
    while waiting:
        each, wanted = waiting.pop()
        for text in each.requires or ():
            asked = Requirement(text)
            marker = asked.marker
            if marker and not any(marker.evaluate({"extra": e}) for e in wanted):
                continue
            name = normal(asked.name)
            if name == "glokal":
                waiting.append((root, set(asked.extras)))
            elif name not in found:
                found[name] = distribution(name)
                waiting.append((found[name], {"", *asked.extras}))
    return list(found.values())


def normal(name: str) -> str:
    """Return a name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def run(
    command: Path, *args: str, cwd: Path, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run the installed command, with nothing of this environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [command, *args],
        cwd=cwd,
        env={**kept, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=seconds,
    )

"""What a build is made with is part of it: an upgrade makes every file anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from glokal.site.build_environment import BY_VERSION, WRITERS
from tests.conftest import ROOT

# Dependencies whose upgrade changes no byte of a publication, and why.
OTHERS = {
    "babel": "knows the countries for the workbook",
    "click": "reads the command line",
    "filelock": "holds the lock",
    "httptools": "reads requests",
    "mcp": "speaks with assistants",
    "pdfplumber": "reads documents that are imported",
    "phonenumbers": "finds telephone numbers in a workbook",
    "platformdirs": "finds the folder of the key",
    "pygls": "speaks with editors",
    "pypdfium2": "reads documents that are imported",
    "python-docx": "reads documents that are imported",
    "pyyaml": "is imported as yaml",
    "rapidfuzz": "compares names that somebody asks for",
    "sparqlwrapper": "asks other services",
    "starlette": "answers requests",
    "uvicorn": "answers requests",
    "uvloop": "answers requests",
}
ASK = "from glokal.site.build_environment import environment_digest as d; print(d())"


def digest(*before: Path) -> str:
    path = ":".join(map(str, before))
    code = f"import sys; sys.path[:0] = {path.split(':') if path else []!r}; {ASK}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_dependency_is_judged() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"]]
    needed += [n for extra, ns in extras.items() if extra != "dev" for n in ns]
    names = {need.split(";")[0] for need in needed}
    bare = {
        name.lower().translate({ord(c): "|" for c in "<>=!~"}).split("|")[0].strip()
        for name in names
    }
    bare = {name for name in bare if not name.startswith("glokal[")}
    judged = {*WRITERS, *BY_VERSION, *OTHERS}
    assert bare - judged == set()


@pytest.mark.parametrize("module", ["markupsafe", "snowballstemmer"])
def test_a_patched_library_is_another(module: str, tmp_path: Path) -> None:
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    copy = tmp_path / module
    shutil.copytree(
        Path(spec.origin).parent, copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    before = digest()
    assert digest(tmp_path) == before
    init = copy / "__init__.py"
    init.write_bytes(init.read_bytes() + b"\n# patched\n")
    assert digest(tmp_path) != before

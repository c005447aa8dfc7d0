"""What must be so before a version is tagged: the checklist, as a program.

`make release-check` runs it. Each point is told as it is found; the exit code is 1 when
one is not met. What only a person can do is listed at the end.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import PathDistribution
from pathlib import Path
from zipfile import ZipFile

from hatch_build import PARTS
from packaging.requirements import Requirement

from glokal import __version__
from tests.core_install import install, normal, run

ROOT = Path(__file__).parents[1]
# In the sdist these tests show that it is whole; all of them would take as long again.
QUICK = ("tests/test_turtle.py", "tests/test_docs.py", "tests/test_store.py")
BY_HAND = (
    "run .ci/run to its end on the commit that is tagged",
    "see that the workflow has run the tests on each version of Python",
    "take the pictures of the documents anew with make pictures, and look at them",
    "read the changelog as one who uses Glokal",
    "put the repository's address for ADDRESS in docs/installation.md and docs/ci.md",
    "run glokal edition, if the data are published with this version",
    "tag the commit v{version}, and move the docs from v0.1.0 to it",
)


class NotMetError(Exception):
    """A point isn't met; the text says what is wrong and what to do."""


def changelog() -> None:
    """The changelog has a heading for the version, with a date."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    if any(head.startswith(f"{__version__} ") for head in heads[1:]):
        raise NotMetError(
            f"the changelog has {heads[0]} above {__version__}; raise the version in "
            "src/glokal/__init__.py, and give what is new its number and date."
        )
    if not heads or not re.fullmatch(
        rf"{re.escape(__version__)} – \d{{4}}-\d\d-\d\d", heads[0]
    ):
        raise NotMetError(
            f"the changelog begins with “{heads[0] if heads else ''}”, and the version "
            f"is {__version__}; write the heading “{__version__} – DATE” on top."
        )


def working_tree() -> None:
    """Nothing is changed that isn't committed."""
    left = _git("status", "--porcelain")
    if left:
        raise NotMetError(f"not committed: {left.splitlines()[0].strip()}; commit it.")


def tag() -> None:
    """The version has not been tagged before."""
    if _git("tag", "--list", f"v{__version__}"):
        raise NotMetError(
            f"v{__version__} is there already; raise it in src/glokal/__init__.py."
        )


def lock() -> None:
    """What pyproject.toml asks for is in the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(map(normal, re.findall(r"^([\w.-]+)==", text, re.MULTILINE)))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra
    needed = {normal(Requirement(each).name) for each in asked} - {"glokal"}
    if missing := needed - pinned:
        names = ", ".join(sorted(missing))
        raise NotMetError(f"not in the lock: {names}; run make lock.")


def packages(folder: Path) -> None:
    """The wheel and the sdist can be made, and have all parts and licences."""
    env = {**os.environ, "GLOKAL_RELEASE": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel",
         "-d", folder],
        cwd=ROOT, env=env, capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode:
        raise NotMetError(made.stderr.strip().splitlines()[-1])
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    wanted = [f"glokal/site/web/{part}" for part in PARTS]
    wanted += ["glokal/py.typed", "glokal/shared/ontology/core.ttl"]
    licences = [name for name in names if ".dist-info/licenses/" in name]
    if missing := [name for name in wanted if name not in names]:
        raise NotMetError(f"the wheel lacks {', '.join(missing)}; run make setup.")
    if len(licences) != 2:
        raise NotMetError(f"the wheel has the licences {licences}; see pyproject.toml.")


def core(folder: Path) -> None:
    """The core answers from the wheel, in an environment that has nothing else."""
    wheel = _made(folder, "*.whl")
    command = install(wheel, folder / "core")
    told = run(command, "--version", cwd=folder)
    if f"glokal {__version__}" not in told.stdout:
        raise NotMetError(f"glokal --version said {told.stdout or told.stderr}")
    (info,) = (folder / "core").glob("lib/python*/site-packages/glokal-*.dist-info")
    metadata = PathDistribution(info).metadata
    for field in ("License-Expression", "Requires-Python", "Classifier", "Summary"):
        if not metadata[field]:
            raise NotMetError(f"the wheel has no {field}; see pyproject.toml.")


def addresses(folder: Path) -> None:
    """The package says where it comes from."""
    (info,) = (folder / "core").glob("lib/python*/site-packages/glokal-*.dist-info")
    if not PathDistribution(info).metadata.get_all("Project-URL"):
        raise NotMetError(
            "the wheel names no address; set GLOKAL_REPOSITORY to the repository's."
        )


def sdist(folder: Path) -> None:
    """Tests run from the sdist alone."""
    packed = _made(folder, "*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder / "sdist", filter="data")
    (tree,) = (folder / "sdist").iterdir()
    env = {**os.environ, "PYTHONPATH": str(tree / "src")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *QUICK],
        cwd=tree, env=env, capture_output=True, text=True,
    )  # fmt: skip
    if ran.returncode:
        raise NotMetError(f"the tests fail in the sdist: {ran.stdout[-300:]}")


def _made(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if not found:
        raise NotMetError("there is none: the point above comes first.")
    return found[0]


def _git(*args: str) -> str:
    run = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True)
    return run.stdout.strip()


def points(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield each point: what it asks for, and what finds out."""
    for plain in (changelog, working_tree, tag, lock):
        yield plain.__doc__ or "", plain
    for made in (packages, core, addresses, sdist):
        yield made.__doc__ or "", lambda made=made: made(folder)  # type: ignore[misc]


def main() -> int:
    """Try each point; 0 when all are met."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="glokal-release-") as folder:
        for what, find_out in points(Path(folder)):
            try:
                find_out()
            except NotMetError as error:
                missed += 1
                print(f"no   {what}\n     {error}", flush=True)
            else:
                print(f"yes  {what}", flush=True)
    print("\nBy a person:")
    for each in BY_HAND:
        print(f"  [ ] {each.format(version=__version__)}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())

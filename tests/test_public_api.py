"""The public API: its examples, its document, its types, and the plugins."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glokal import api
from glokal.core.errors import UsageError
from glokal.core.namespaces import EU_COUNTRIES
from glokal.core.settings import SETTINGS
from tests import api_document
from tests.conftest import ROOT, copy_project, glokal

GUIDE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/Letter> a sh:NodeShape ; sh:targetClass <http://e/Letter> ;
  sh:property <http://e/Letter-reader> .
<http://e/Letter-reader> sh:path <http://e/reader> ; sh:minCount 1 ;
  sh:message "A letter needs a reader. Name one."@en .
"""


@pytest.fixture(scope="module")
def place(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the region and the files that the examples name."""
    folder = tmp_path_factory.mktemp("api")
    copy_project(warm_region, folder / "fjordland")
    (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    letter = "# A letter without a reader.\n<http://e/one> a <http://e/Letter> .\n"
    (folder / "data.ttl").write_text(letter, encoding="utf-8")
    return folder


def _examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    listed = (
        (name, getattr(api, name)) for name in ("validate", "open_project", "Project")
    )
    found = (
        finder.find(each, f"api.{name}", module=False, globs=vars(api))
        for name, each in listed
    )
    return [test for tests in found for test in tests if test.examples]


def _build_is(example: doctest.DocTest) -> bool:
    """Whether an example builds: that is done once, and rehearsed below."""
    return example.name == "api.Project.build"


@pytest.mark.parametrize(
    "example",
    [example for example in _examples() if not _build_is(example)],
    ids=lambda test: test.name,
)
def test_the_example_gives_what_it_says(
    example: doctest.DocTest, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    _run(example)


def _run(example: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner()
    said: list[str] = []
    runner.run(example, out=said.append, clear_globs=False)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_each_public_function_has_an_example_and_is_in_the_document() -> None:
    named = {test.name.removeprefix("api.") for test in _examples()}
    wanted = {"open_project", "validate"}
    wanted |= {
        f"Project.{name}"
        for name, member in vars(api.Project).items()
        if not name.startswith("_") and inspect.isfunction(member)
    }
    assert wanted <= named
    assert len(wanted) >= 8
    assert api_document.document() == GUIDE, "run: python -m tests.api_document"


def _error_is(kind: object) -> bool:
    return inspect.isclass(kind) and issubclass(kind, api.GlokalError)


def test_what_is_listed_is_what_there_is() -> None:
    own = {
        name
        for name, member in vars(api).items()
        if getattr(member, "__module__", "").startswith("glokal.api") and name[0] != "_"
    }
    errors = {name for name, kind in vars(api).items() if _error_is(kind)}
    assert own | errors | {"Place", "PlainValue", "PortalRules"} == set(api.__all__)
    # Whoever catches what a docstring names needs no private module for it.
    named = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)*Error\b", GUIDE))
    assert named == errors
    for name in api.__all__:
        kind = getattr(api, name)
        if dataclasses.is_dataclass(kind):
            assert kind.__dataclass_params__.frozen, name  # type: ignore[union-attr]


def test_a_caller_is_checked_against_the_types(tmp_path: Path) -> None:
    assert (ROOT / "src/glokal/py.typed").is_file()
    file = tmp_path / "caller.py"
    file.write_text(
        "from glokal.api import open_project\n"
        "answer = open_project('.').ask('goals')\n"
        "rows: int = answer.rows\n",
        encoding="utf-8",
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", file],
        cwd=ROOT, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert "caller.py:3: error: Incompatible types" in checked.stdout
    assert checked.stdout.count("error:") == 1, checked.stdout


def test_what_is_wrong_is_told_with_a_remedy(place: Path) -> None:
    region = api.open_project(place / "fjordland")
    for ask in (
        lambda: region.ask("no-such-question"),
        lambda: region.ask("municipalities-in-programme", programme="no-such"),
        lambda: region.sources_of("http://e/none"),
        lambda: region.diff("no-such-revision"),
        lambda: region.check("no-such-step"),
    ):
        with pytest.raises(UsageError) as error:
            ask()
        assert error.value.remedy


def test_a_change_is_told(place: Path, tmp_path: Path) -> None:
    other = copy_project(place / "fjordland", tmp_path / "other")
    file = other / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Pen friends"@en', '"Letters"@en'), encoding="utf-8")
    changes = api.open_project(other).diff(place / "fjordland")
    thing = "https://fjordland.example/id/activity/brevvenner"
    assert (changes.added, changes.removed, changes.changed) == ((), (), (thing,))
    assert "Letters" in changes.text


def test_what_the_editions_record_as_replaced_is_told_as_that(
    place: Path, tmp_path: Path
) -> None:
    other = copy_project(place / "fjordland", tmp_path / "other")
    file = other / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8").replace(
        "activity:brevvenner", "activity:skrivevenner"
    )
    # Without the record it would be one thing gone and another new.
    file.write_text(text.replace('"Pen friends"@en', '"Letters"@en'), encoding="utf-8")
    old, new = (
        f"https://fjordland.example/id/activity/{slug}"
        for slug in ("brevvenner", "skrivevenner")
    )
    (other / "editions").mkdir(exist_ok=True)
    replaced = f"<{old}> <http://purl.org/dc/terms/isReplacedBy> <{new}> .\n"
    (other / "editions/replaced.ttl").write_text(replaced, encoding="utf-8")
    changes = api.open_project(other).diff(place / "fjordland")
    assert changes.removed[:1] == (old,)
    assert changes.added[:1] == (new,)
    assert "1 replaced" in changes.text


# --- plugins: the examples of the guide, installed as a package would be -------------


def _code(start: str) -> str:
    """The block of Python in the guide whose function this is."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    (found,) = (block for block in blocks if f"def {start}" in block)
    assert len(found.splitlines()) <= 10
    return str(found)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, with one that has all plugins."""
    home = tmp_path / "packages"
    info = home / "my_package-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\n")
    entries = re.findall(
        r'\[project\.entry-points\."(.+?)"\]\n(\S+) = "(.+?)"\n', GUIDE
    )
    assert len(entries) == 3
    (info / "entry_points.txt").write_text(
        "".join(f"[{group}]\n{name} = {value}\n" for group, name, value in entries)
    )
    (home / "my_package.py").write_text(
        "\n".join(map(_code, ("rules", "as_lines", "finland")))
    )
    (home / "FIN.csv").write_text(
        "kind,code,part_of,name,language\nmunicipality,091,,Helsinki,fi\n"
    )
    shutil.copy(ROOT / "shapes/catalog.ttl", home / "our_portal.ttl")
    monkeypatch.setenv("PYTHONPATH", str(home))
    yield home


def test_a_plugin_adds_a_format(package: Path, region: Path) -> None:
    asked = ("query", "municipalities-in-programme", "--format", "lines")
    run = glokal(*asked, cwd=region)
    assert run.returncode == 0, run.stderr
    nes = "municipality=https://fjordland.example/id/municipality/nes"
    assert run.stdout.splitlines()[0] == f"{nes} municipalityLabel=Nes"
    assert "lines" in glokal("sparql", "--help", cwd=region).stdout


@pytest.mark.parametrize("fault", ["1 / 0", "return 7"])
def test_a_plugin_that_fails_is_named(fault: str, package: Path, region: Path) -> None:
    code = f"def as_lines(columns, rows):\n    {fault}\n"
    (package / "my_package.py").write_text(code)
    asked = ("query", "municipalities-in-programme", "--format", "lines")
    run = glokal(*asked, cwd=region)
    assert run.returncode == 2
    assert "lines" in run.stderr and "Traceback" not in run.stderr


def test_a_plugin_adds_the_list_of_a_country(package: Path, region: Path) -> None:
    name = region / SETTINGS
    name.write_text(
        name.read_text().replace(
            "[catalog]\n", f'[catalog]\nspatial = ["{EU_COUNTRIES}FIN"]\n'
        )
    )
    said = "glo:municipalityNumber"
    data = region / "data/strategy/fjordland.ttl"
    written = data.read_text()
    assert "municipality:vik a glo:Municipality ;" in written
    for number, code in (("091", 0), ("092", 1)):
        data.write_text(
            written.replace(
                "municipality:vik a glo:Municipality ;",
                f'municipality:vik a glo:Municipality ;\n  {said} "{number}" ;',
            )
        )
        run = glokal("check", "--only", "hygiene", "--lang", "en", cwd=region)
        assert run.returncode == code, run.stdout
        assert ("no-such-municipality" in run.stdout) is bool(code)
    (package / "FIN.csv").write_text("no list")
    run = glokal("check", "--only", "hygiene", "--lang", "en", cwd=region)
    assert run.returncode == 2
    assert "The plugin FIN gave no list of that country" in run.stderr


def test_a_folder_brings_no_plugin(region: Path) -> None:
    info = region / "evil-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\n")
    (info / "entry_points.txt").write_text("[glokal.answer_formats]\nevil = evil:run\n")
    (region / "evil.py").write_text("raise SystemExit('ran')\n")
    run = glokal("query", "municipalities-in-programme", "--format", "evil", cwd=region)
    assert run.returncode == 2
    assert (
        "ran" not in run.stderr.split()
        and "--format er «evil», men må være ett av" in run.stderr
    )


def test_the_example_builds_and_a_plugin_adds_the_rules_of_a_portal(
    package: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    (example,) = filter(_build_is, _examples())
    _run(example)
    # A rule that every dataset breaks.
    (package / "our_portal.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> a sh:NodeShape ;"
        " sh:targetClass <http://www.w3.org/ns/dcat#Dataset> ;"
        " sh:property <http://e/S-seal> . <http://e/S-seal> sh:minCount 1 ;"
        ' sh:path <http://e/seal> ; sh:message "A dataset needs our seal."@en .',
        encoding="utf-8",
    )
    run = glokal("rehearse", "--lang", "en", cwd=place / "fjordland")
    assert run.returncode == 1, run.stderr
    assert "our portal" in run.stdout
    assert "A dataset needs our seal." in run.stdout

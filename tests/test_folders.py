"""What stands in a project's folders: read, left out with a word, or refused."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import errno
import gzip
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from glokal.core.errors import ConfigError, InputError, SourceError
from glokal.core.files import folder_walk as walking
from glokal.core.files.bounded_read import read_bytes
from glokal.core.files.folder_walk import is_folder, walk_folder
from glokal.core.settings import SETTINGS, load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import folder_of
from glokal.rdf.rdf_folder import rdf_files
from glokal.rdf.source_files import read_sources
from glokal.validation.pipeline import run_checks
from tests.conftest import glokal

EMPTY = "# nothing yet\n"


def put(path: Path, text: str | bytes = EMPTY) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def said(region: Path, only: Iterable[str] = ("syntax",)) -> dict[str, str]:
    """Return the severity of what is said of each file, with three languages of it."""
    found = run_checks(Workspace(load_project(region)), only=only).findings
    for finding in found:
        assert len({finding.text(lang) for lang in ("nb", "nn", "en")}) == 3
        assert "herfra" not in finding.text("nb"), "the message has no words of its own"
        assert finding.place is not None
    return {f.place.file: f.severity.label for f in found if f.place}


def fifo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


# What is made in a region's folder, and the file that must be told of as an error.
Make = Callable[[Path], object]
REFUSED: dict[str, tuple[Make, str]] = {
    "a link to a folder outside": (
        lambda r: (put(r.parent / "other/x.ttl"), link(r / "data/register", "../../other")),
        "data/register",
    ),
    "a link to a file outside": (
        lambda r: link(r / "data/strategy/x.ttl", "/etc/hosts"), "data/strategy/x.ttl",
    ),
    "a device behind a link": (
        lambda r: link(r / "data/strategy/x.ttl", "/dev/zero"), "data/strategy/x.ttl",
    ),
    "a link to nothing": (
        lambda r: link(r / "data/register", "nowhere"), "data/register",
    ),
    "a link through a file": (
        lambda r: link(r / "data/register", "../publication.toml/x"), "data/register",
    ),
    "a link to itself": (lambda r: link(r / "data/loop", "loop"), "data/loop"),
    "a link to a folder that holds it": (
        lambda r: link(r / "data/register", ".."), "data/register",
    ),
    "folders that hold each other": (
        lambda r: (put(r / "data/register/a/x.ttl"), link(r / "data/register/a/b", "..")),
        "data/register/a/b",
    ),
    "a shapes folder outside": (
        lambda r: (put(r.parent / "s/x.ttl"), link(r / "shapes", "../s")), "shapes",
    ),
    "a FIFO": (lambda r: fifo(r / "data/strategy/x.ttl"), "data/strategy/x.ttl"),
    "a FIFO of another name": (lambda r: fifo(r / "data/strategy/x"), "data/strategy/x"),
    "a FIFO among the shapes": (
        lambda r: (put(r / "shapes/y.ttl"), fifo(r / "shapes/x.ttl")), "shapes/x.ttl",
    ),
    "a FIFO among the queries": (lambda r: fifo(r / "queries/x.rq"), "queries/x.rq"),
    "a FIFO for expected rows": (
        lambda r: fifo(r / "expected/municipalities-in-programme.a=b.csv"),
        "expected/municipalities-in-programme.a=b.csv",
    ),
    "a FIFO for an edition": (
        lambda r: fifo(r / "editions/1.0.0.toml"), "editions/1.0.0.toml",
    ),
    "a FIFO among the drafts": (lambda r: fifo(r / "drafts/x.ttl"), "drafts/x.ttl"),
    "a FIFO for the drafts": (lambda r: fifo(r / "drafts"), "drafts"),
    "a draft of another format": (lambda r: put(r / "drafts/x.rdf"), "drafts/x.rdf"),
    "almost the folder drafts": (
        lambda r: put(r / "draft/x.ttl", "<urn:a> a <urn:b> .\n"), "draft",
    ),
    "a name in Latin-1": (
        lambda r: put(Path(os.fsdecode(os.fsencode(r) + b"/data/strategy/bl\xe5.ttl"))),
        r"data/strategy/bl\xe5.ttl",
    ),
    "a name with a line feed": (
        lambda r: put(r / "data/strategy/a\x1b\nb.ttl"),
        r"data/strategy/a\u001B\nb.ttl",
    ),
    "names alike but for case": (
        lambda r: put(r / "data/strategy/Fjordland.ttl"), "data/strategy/fjordland.ttl",
    ),
    "names alike but for composition": (
        lambda r: (put(r / "data/notes/\u00e5.txt"), put(r / "data/notes/a\u030a.txt")),
        "data/notes/\u00e5.txt",
    ),
    "a folder nobody knows": (lambda r: put(r / "data/registry/x.ttl"), "data/registry/x.ttl"),
    "an empty folder nobody knows": (
        lambda r: (r / "data/registry").mkdir(), "data/registry",
    ),
    "another case": (lambda r: put(r / "data/strategy/x.TTL"), "data/strategy/x.TTL"),
    "an ending behind the ending": (
        lambda r: put(r / "data/strategy/x.ttl.txt"), "data/strategy/x.ttl.txt",
    ),
    "a packed file": (lambda r: put(r / "data/strategy/x.ttl.gz"), "data/strategy/x.ttl.gz"),
    "a slip of the ending": (lambda r: put(r / "data/strategy/x.tll"), "data/strategy/x.tll"),
    "another format": (lambda r: put(r / "data/x.rdf"), "data/x.rdf"),
    "a query of another ending": (lambda r: put(r / "queries/x.sparql"), "queries/x.sparql"),
    "a file for a folder": (lambda r: put(r / "data/register"), "data/register"),
    "a file for the shapes": (lambda r: put(r / "shapes"), "shapes"),
    "shapes that are none": ((lambda r: (r / "shapes").mkdir()), "shapes"),
    "an ontology that is none": (lambda r: put(r / "ontology/README.md"), "ontology"),
    "a folder among the shapes": (
        lambda r: (put(r / "shapes/x.ttl"), put(r / "shapes/more/y.ttl")), "shapes/more",
    ),
    "almost the folder shapes": (lambda r: put(r / "shape/x.ttl"), "shape"),
    "almost the folder queries": (
        lambda r: shutil.move(r / "queries", r / "Queries"), "Queries",
    ),
    "a graph that Glokal makes": (lambda r: put(r / "data/inferred.ttl"), "data/inferred.ttl"),
    "a name too long": (
        lambda r: put(r / f"data/strategy/{'x' * 230}.ttl"),
        f"data/strategy/{'x' * 230}.ttl",
    ),
    "rows that are no CSV": (
        lambda r: put(r / "expected/municipalities-in-programme.csv", "a\n" + "x" * 200_000),
        "expected/municipalities-in-programme.csv",
    ),
    "a header nested without end": (
        lambda r: put(r / "queries/x.rq", "#+ " + "[" * 100_000 + "\nSELECT * {?s ?p ?o}"),
        "queries/x.rq",
    ),
    "a header of lists in lists by dashes": (
        lambda r: put(r / "queries/x.rq", "#+ " + "- " * 100_000 + "\nSELECT * {?s ?p ?o}"),
        "queries/x.rq",
    ),
    "UTF-16 without a mark": (
        lambda r: put(r / "data/x.ttl", "<a:a> <a:a> <a:a> .".encode("utf-16-le")),
        "data/x.ttl",
    ),
    "a NUL": (lambda r: put(r / "data/x.ttl", b"<a:a> <a:a>\n 'x\0' ."), "data/x.ttl"),
    "lists nested without end": (
        lambda r: put(r / "data/x.ttl", f"<a:a> <a:a> {'(' * 100_000}{')' * 100_000} ."),
        "data/x.ttl",
    ),
    "blank nodes that hang on each other": (
        lambda r: put(
            r / "data/x.ttl", "".join(f"_:n{n} <a:a> _:n{n + 1} .\n" for n in range(999))
        ),
        "data/x.ttl",
    ),
    "a list of one value": (
        lambda r: put(r / "data/x.ttl", f"<a:a> <a:a> ({'1 ' * 500}) ."), "data/x.ttl",
    ),
}  # fmt: skip


# What stands where the text of the document should.
TEXTS: dict[str, tuple[Make, str]] = {
    "a FIFO": (lambda r: fifo(r / "source/strategy.txt"), "source/strategy.txt"),
    "a folder": (
        lambda r: (r / "source/strategy.txt").mkdir(parents=True),
        "source/strategy.txt",
    ),
    "a link to nothing": (
        lambda r: link(r / "source/strategy.txt", "gone"), "source/strategy.txt",
    ),
    "a link outside": (
        lambda r: link(r / "source/strategy.txt", "/etc/hosts"), "source/strategy.txt",
    ),
    "a link to itself": (
        lambda r: link(r / "source/strategy.txt", "strategy.txt"),
        "source/strategy.txt",
    ),
    "a FIFO for the folder": (lambda r: fifo(r / "source"), "source"),
    "a folder outside": (
        lambda r: (
            put(r.parent / "texts/strategy.txt"), link(r / "source", "../texts"),
        ),
        "source",
    ),
    "bytes that are not UTF-8": (
        lambda r: put(r / "source/strategy.txt", b"bl\xe5\n"), "source/strategy.txt",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_what_is_no_text_of_a_document_is_refused_by_name(
    region: Path, case: str
) -> None:
    make, name = TEXTS[case]
    make(region)
    report = run_checks(Workspace(load_project(region)), only=("quotes",))
    (told,) = [f for f in report.findings if f.rule == "syntax"]
    assert told.place is not None and told.place.file.endswith(name)
    assert len({told.text(lang) for lang in ("nb", "nn", "en")}) == 3


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_taken_is_refused_by_name(region: Path, case: str) -> None:
    make, file = REFUSED[case]
    make(region)
    assert said(region).get(file) == "violation"


# What is left out, and how it is said; "" where no word is needed.
LEFT_OUT: dict[str, tuple[Make, str, str]] = {
    "a half of a Mac": (lambda r: put(r / "data/._x.ttl"), "data/._x.ttl", "info"),
    "a lock of Emacs": (
        lambda r: link(r / "data/strategy/.#x.ttl", "somebody@host.1:2"),
        "data/strategy/.#x.ttl", "info",
    ),
    "a swap file of Vim": (lambda r: put(r / "data/.x.ttl.swp"), "data/.x.ttl.swp", "info"),
    "a copy of an editor": (lambda r: put(r / "shapes/x.ttl~"), "shapes/x.ttl~", "info"),
    "an older copy": (lambda r: put(r / "data/x.ttl.bak"), "data/x.ttl.bak", "info"),
    "a hidden folder": (lambda r: put(r / "data/.old/x.ttl"), "data/.old", "info"),
    "a document": (lambda r: put(r / "data/notes.docx"), "data/notes.docx", "info"),
    "a text without an ending": (lambda r: put(r / "data/x"), "data/x", "info"),
    "an empty folder": (lambda r: (r / "data/register").mkdir(), "data/register", "info"),
    "rows without their query": (
        lambda r: put(r / "expected/none.csv", "a\n"), "expected/none.csv", "warning",
    ),
    "a folder kept for later": (lambda r: put(r / "data/register/.gitkeep"), "data", ""),
    "words for people": (lambda r: put(r / "data/README.md"), "data/README.md", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_left_out_is_told(region: Path, case: str) -> None:
    make, file, severity = LEFT_OUT[case]
    if file.startswith("shapes"):
        put(region / "shapes/other.ttl")
    make(region)
    assert said(region).get(file, "") == severity


def test_a_link_within_the_project_is_read_under_its_own_name(region: Path) -> None:
    put(region / "elsewhere/x.ttl", "<a:a> <a:b> <a:c> .")
    link(region / "data/register", "../elsewhere")
    link(region / "data/strategy/y.ttl", "../../elsewhere/x.ttl")
    assert said(region) == {}
    files = {f.name: f for f in read_sources(load_project(region))}
    assert [len(files[n].triples) for n in files if n[-5:] in ("x.ttl", "y.ttl")] == [
        1,
        1,
    ]
    assert files["data/register/x.ttl"].kind == "register"


def test_what_glokal_brings_may_be_links(tmp_path: Path) -> None:
    # Some installers link each file of a package to a store of theirs.
    put(tmp_path / "store/x.ttl")
    link(tmp_path / "brought/x.ttl", "../store/x.ttl")
    found = walk_folder(tmp_path / "brought", "ontology", None)
    assert [file.name for file in found.files] == ["ontology/x.ttl"]


def test_a_guess_is_given(region: Path) -> None:
    put(region / "data/registry/x.ttl")
    with pytest.raises(SourceError, match="perhaps data/register is meant"):
        read_sources(load_project(region))


def test_settings_that_are_a_fifo_or_lead_away_are_named(region: Path) -> None:
    path = region / SETTINGS
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ConfigError, match="FIFO"):
        load_project(region)
    path.unlink()
    path.symlink_to("/etc/hosts")
    with pytest.raises(ConfigError, match="leads out"):
        load_project(region)


def test_a_socket_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)
        server.bind("x.ttl")
        with pytest.raises(SourceError, match="a socket"):
            read_bytes(tmp_path / "x.ttl", "x.ttl")


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG])
@pytest.mark.parametrize("call", ["open", "scandir"])
def test_what_the_machine_does_not_let_be_read_is_a_failure(
    region: Path, call: str, reason: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root reads everything, so the refusal is made here.
    real = getattr(os, call)

    def refuse(path: object, *args: object) -> object:
        if "strategy" in os.fsdecode(path):  # type: ignore[arg-type]
            raise OSError(reason, os.strerror(reason), path)
        return real(path, *args)

    project = load_project(region)
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(InputError, match="can't be read") as caught:
        run_checks(Workspace(project), only=["syntax"])
    assert caught.value.exit_code == 2
    assert caught.value.place is not None
    assert caught.value.place.file.startswith("data/strategy")
    assert caught.value.remedy


# Root reads everything, so that the reader becomes somebody else, who stands in the
# folder already: those above it may be closed to others.
READER = """
import os, sys
import glokal.rdf.source_files
from glokal.core.settings import load_project
from glokal.core.errors import InputError
from pathlib import Path
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    glokal.rdf.source_files.read_sources(load_project(Path()))
except InputError as error:
    print(error.place, error.what)
"""


@pytest.mark.parametrize(
    "name", ["data/strategy", "data/strategy/fjordland.ttl", "data"]
)
def test_somebody_without_the_right_to_read_is_told_so(region: Path, name: str) -> None:
    region.chmod(0o755)
    (region / name).chmod(0)
    shown = subprocess.run(
        [sys.executable, "-c", READER],
        cwd=region, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    (region / name).chmod(0o755)
    assert "Permission denied" in shown.stdout, shown.stderr
    assert shown.stdout.startswith(name)


def test_folders_that_link_crosswise_end_at_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MOST_FILES", 1_000)
    for name in "abcdefghijkl":
        (tmp_path / "data" / name).mkdir(parents=True)
        for other in "abcdefghijkl":
            if other > name:
                (tmp_path / "data" / name / other).symlink_to(f"../{other}")
    with pytest.raises(SourceError, match="over 1000 files"):
        walk_folder(tmp_path / "data", "data", tmp_path)


def test_a_file_over_the_limit_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.ttl"
    with path.open("wb") as file:
        # 300 MB that take no room on the disk.
        file.truncate(300 << 20)
    with pytest.raises(SourceError, match="300 MB; 64 MB are allowed"):
        read_bytes(path, "x.ttl")
    monkeypatch.setenv("GLOKAL_FILE_MEGABYTES", "0.001")
    put(path, "x" * 1_049)
    with pytest.raises(SourceError, match="GLOKAL_FILE_MEGABYTES"):
        read_bytes(path, "x.ttl")
    put(path, "x" * 1_048)
    assert len(read_bytes(path, "x.ttl")) == 1_048


def test_files_are_refused_by_their_sum(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(region / "data/x.ttl", "#" * (2 << 20))
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "1")
    with pytest.raises(SourceError, match="1 are allowed"):
        read_sources(load_project(region))


def test_long_lists_of_different_values_are_read(region: Path) -> None:
    put(region / "data/x.ttl", f"<a:a> <a:a> ({' '.join(map(str, range(3_000)))}) .")
    assert said(region) == {}


GIVEN: dict[str, tuple[Make, str]] = {
    "a link out of it": (lambda f: link(f / "x.ttl", "/etc/hosts"), "leads out"),
    "a link to nothing": (lambda f: link(f / "x.ttl", "nowhere"), "leads to nothing"),
    "a ring": (lambda f: link(f / "x", "."), "leads back"),
    "a FIFO": (lambda f: fifo(f / "x.ttl"), "FIFO"),
    "an ending behind the ending": (lambda f: put(f / "x.ttl.txt"), "end in .ttl"),
}


@pytest.mark.parametrize("case", GIVEN)
def test_a_folder_given_by_name_follows_the_same_rule(
    tmp_path: Path, case: str
) -> None:
    folder = tmp_path / "given"
    put(folder / "a.ttl")
    make, words = GIVEN[case]
    make(folder)
    with pytest.raises(InputError, match=words):
        rdf_files(folder)


def test_what_stands_beside_a_file_is_no_other_file(tmp_path: Path) -> None:
    for name in ("a.ttl", "a.ttl.gz", "a.ttl.sha256", "A.ttl", "b.NT", "notes.txt"):
        put(tmp_path / "given" / name)
    found = rdf_files(tmp_path / "given")
    assert [f.path.name for f in found.files] == ["A.ttl", "a.ttl", "b.NT"]


def test_commands_that_are_given_a_fifo_do_not_hang(region: Path) -> None:
    os.mkfifo(region / "pipe.ttl")
    put(region / "shape.ttl", "@prefix sh: <http://www.w3.org/ns/shacl#> .")
    for args in (
        ("validate", "--shapes", "shape.ttl", "--data", "pipe.ttl"),
        ("fmt", "pipe.ttl"),
        ("diff", "pipe.ttl", "shape.ttl"),
        ("sparql", "-f", "pipe.ttl"),
    ):
        shown = glokal(*args, cwd=region, timeout=60)
        # What can't be read is a finding of a validation, with its file.
        code, told = (1, shown.stdout) if args[0] == "validate" else (2, shown.stderr)
        assert shown.returncode == code, args
        assert "FIFO" in told, args


def test_what_unpacks_without_end_is_refused(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "1")
    put(region / "x.nq.gz", gzip.compress(b"#" * (2 << 20)))
    put(region / "y.nq", b"<a:a> <a:b> <a:c> .\n")
    shown = glokal("diff", "x.nq.gz", "y.nq", cwd=region)
    assert shown.returncode == 2
    assert "over 1 MB, unpacked" in shown.stderr


def test_fmt_writes_to_the_file_behind_a_link(region: Path) -> None:
    put(region / "elsewhere/x.ttl", "<a:a>   <a:b>   <a:c> .")
    link(region / "data/register/x.ttl", "../../elsewhere/x.ttl")
    assert glokal("fmt", cwd=region).returncode == 0
    assert (region / "data/register/x.ttl").is_symlink()
    assert (region / "elsewhere/x.ttl").read_text() == "<a:a> <a:b> <a:c> .\n"


def test_a_build_sees_that_a_linked_file_has_changed(region: Path) -> None:
    from glokal.site.build_stamp import input_digest

    put(region / "elsewhere/x.ttl")
    link(region / "data/register", "../elsewhere")
    project = load_project(region)
    before = input_digest(project)
    put(region / "elsewhere/x.ttl", "# another\n")
    assert input_digest(project) != before


def test_the_folders_of_the_real_project_hold_nothing_else(strategy: Workspace) -> None:
    for name in ("data", "ontology", "shapes", "queries", "expected", "editions"):
        found = folder_of(strategy.project, name)
        assert (found.wrong, found.left_out) == ([], [])


def test_nothing_takes_the_place_of_what_is_no_folder(region: Path) -> None:
    put(region / "queries.txt")
    shutil.rmtree(region / "queries")
    assert load_project(region).folder("queries").is_dir()
    link(region / "queries", "nowhere")
    with pytest.raises(SourceError, match="leads to nothing"):
        load_project(region).folder("queries")


def test_a_folder_is_told_from_nothing(tmp_path: Path) -> None:
    assert is_folder(tmp_path, "x")
    assert not is_folder(tmp_path / "none", "x")

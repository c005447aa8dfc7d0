"""Each command that the documents show is run, here or in the test that is named.

The lines of a document are run in their order, as they stand, in a copy of the project
where what they speak of (names.csv, a PDF, a service) lies ready. Addresses are those
of servers that are started here.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from markdown_it import MarkdownIt

from tests import docs_site, servers
from tests.conftest import REGION, ROOT, copy_project, glokal
from tests.set_strategy import page, print_pdf

# Of these documents and commands another test runs each line, or does what it does.
ELSEWHERE = {
    "docs/guide-editor.md": "tests/test_guides.py",
    "docs/guide-new-region.md": "tests/test_new_region_guide.py",
    "docs/guide-ny-region.md": "tests/test_new_region_guide.py",
    "CONTRIBUTING.md .venv/bin/glokal": "tests/test_contributing.py",
    "docs/installation.md pip install": "tests/test_extras.py",
    # They try what these tests try, at any address; all of it takes minutes.
    "docs/server.md .venv/bin/python -m tests.protocol_report":
        "tests/test_endpoint.py",
    # Lighthouse is fetched by npm only when it is asked for.
    "docs/pages.md .venv/bin/python -m tests.browser.lighthouse":
        "tests/browser/lighthouse.py",
}  # fmt: skip
# What finds something says so with 1.
FINDS = (
    "glokal validate --shapes shapes/ --data .",
    ".venv/bin/glokal reconcile",
    "glokal source reanchor",
)
SERVES = re.compile(r"\bglokal\b.* serve\b")


def lines() -> list[tuple[str, str]]:
    """Each line of shell in the documents, with its document."""
    found = []
    for source in docs_site.sources():
        text = (ROOT / source).read_text(encoding="utf-8")
        for token in MarkdownIt("commonmark").parse(text):
            if token.type != "fence" or token.info not in ("sh", "console", "bash"):
                continue
            for line in token.content.replace("\\\n", " ").splitlines():
                shown = re.sub(r"\s+# .*", "", line.removeprefix("$ ")).strip()
                found.append((source.as_posix(), shown))
    return found


def elsewhere(source: str, line: str) -> str:
    """The file that runs a line, "" when this one does."""
    return next(
        (v for k, v in ELSEWHERE.items() if f"{source} {line}".startswith(k)), ""
    )


def here(document: str) -> list[str]:
    """The lines of a document that are run here."""
    return [
        line for source, line in lines()
        if source == document and not elsewhere(source, line)
        and not line.startswith(("make ", ".venv/bin/pytest "))
    ]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with its tools where a clone has them."""
    folder = copy_project(ROOT, tmp_path / "project")
    (folder / ".venv").mkdir()
    (folder / ".venv/bin").symlink_to(Path(sys.executable).parent)
    return folder


def run(line: str, folder: Path, **replaced: str) -> str:
    """Run a line as a person would; it must end well."""
    codes = (0, 1) if line.startswith(FINDS) else (0,)
    for said, meant in replaced.items():
        line = line.replace(PLACES[said], meant)
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=folder, env=environment(),
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode in codes, (
        f"{line}\n{ran.stdout[-1500:]}\n{ran.stderr[-1500:]}"
    )
    assert "Traceback" not in ran.stderr
    return ran.stdout


PLACES = {
    "dump": "https://data.example.org/all.nt.gz",
    "service": "https://data.example.org/sparql",
    "server": "http://127.0.0.1:8000",
    "state": "/var/lib/glokal",
}


def environment() -> dict[str, str]:
    tools = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def serve(line: str, folder: Path) -> None:
    """Run a line that serves until it says so, then stop it as Ctrl-C does."""
    log = folder / "serve.log"
    with (
        log.open("w") as told,
        subprocess.Popen(
            ["bash", "-c", f"exec {line} --port {servers.free_port()}"],
            cwd=folder, env=environment(), stdout=told, stderr=told,
        ) as server,
    ):  # fmt: skip
        try:
            for _ in range(600):
                if '"ready"' in log.read_text() or server.poll() is not None:
                    break
                time.sleep(0.1)
            assert server.poll() is None, log.read_text()
            server.send_signal(signal.SIGINT)
            assert server.wait(60) in (0, 130)
        finally:
            server.kill()
    assert "Traceback" not in log.read_text()


def test_no_line_is_forgotten() -> None:
    """Who adds a line of shell to a document adds what runs it."""
    ours = {document for document, _ in lines() if here(document)}
    assert ours == {
        "README.md", "docs/assistants.md", "docs/checking.md", "docs/documents.md",
        "docs/pages.md", "docs/scale.md", "docs/server.md", "docs/statements-read.md",
    }  # fmt: skip
    assert {
        k for k in ELSEWHERE if any(f"{d} {x}".startswith(k) for d, x in lines())
    } == {*ELSEWHERE}
    assert all((ROOT / file).is_file() for file in ELSEWHERE.values())


def test_the_targets_of_make_and_the_files_of_tests_are_there() -> None:
    targets = set(
        re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    )
    for _, line in lines():
        words = line.split()
        if words[:1] == ["make"]:
            assert words[1] in targets, line
        elif words[:1] == [".venv/bin/pytest"]:
            assert (ROOT / words[2]).is_file(), line


@pytest.mark.parametrize("line", here("README.md"))
def test_readme(line: str, project: Path) -> None:
    assert run(line, project)


def test_assistants(project: Path) -> None:
    (project / "names.csv").write_text("Kommune\nVerdal\n", encoding="utf-8")
    for line in here("docs/assistants.md"):
        run(line, project)
    assert "verdal" in (project / "identified.csv").read_text(encoding="utf-8")


def test_checking(project: Path) -> None:
    store = ox.Store()
    for file in (project / "data").rglob("*.ttl"):
        store.bulk_load(path=file)
    triples = (quad.triple for quad in store)
    dump = gzip.compress(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    (project / "all.nt.gz").write_bytes(dump)
    for line in here("docs/checking.md"):
        if "curl" in line:
            # The data alone lack the words of the ontology, which the shapes ask for.
            line = f"{line} || test $? = 1"
        run(line, project, dump=(project / "all.nt.gz").as_uri())


def test_documents(project: Path, tmp_path: Path) -> None:
    """The strategy as a PDF, read into a project that has nothing yet."""
    folder = tmp_path / "new"
    asked = "init new --name Innherred --publisher Regionrådet --country NOR"
    begun = glokal(*asked.split(), "--language", "nb", "--language", "en", cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    print_pdf(page(), folder / "strategi.pdf")
    shutil.copy(folder / "strategi.pdf", folder / "ny.pdf")
    for line in here("docs/documents.md"):
        run(line, folder)
    assert (folder / "source/strategi.txt").is_file()
    assert "Inderøy" in (folder / "data/source.ttl").read_text(encoding="utf-8")


# It builds the invented region.
@pytest.mark.timeout(900)
def test_pages(project: Path) -> None:
    copy_project(REGION, project.parent / "copy")
    for line in here("docs/pages.md"):
        (serve if SERVES.search(line) else run)(line, project)


def test_server(publication: Path, tmp_path: Path, project: Path) -> None:
    shutil.copytree(publication / "public", project / "public", copy_function=os.link)
    with servers.serving(project) as server:
        for line in here("docs/server.md"):
            if not SERVES.search(line):
                told = run(line, tmp_path, server=server.address)
                assert told or "-o " in line
    (served,) = filter(SERVES.search, here("docs/server.md"))
    serve(served.replace(PLACES["state"], str(tmp_path / "state")), project)


def test_scale(project: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with servers.oxigraph(tmp_path / "store") as service:
        told = [
            run(line, project, service=f"{service}/query")
            for line in here("docs/scale.md")
        ]
    assert "Verdiskaping og bosetting" in told[-1]


def test_statements_read() -> None:
    (line,) = here("docs/statements-read.md")
    assert run(line, ROOT).count("\n") == 100


@pytest.fixture(autouse=True)
def _no_login(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A login of the environment is for another service."""
    for name in ("GLOKAL_ENDPOINT_USER", "GLOKAL_ENDPOINT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    yield

"""The publication: whole, the same twice, read alike by two libraries, no dead link."""

from __future__ import annotations

import hashlib
import html.parser
import os
import posixpath
import re
import shutil
import subprocess
import sys
import venv
import warnings
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from starlette.testclient import TestClient

from glokal.config import load_project
from glokal.errors import UsageError
from glokal.publish.beside import mend
from glokal.publish.site import build_site
from glokal.serve.app import make_app
from glokal.serve.negotiate import choose
from glokal.vocabulary import DCAT, GLO
from glokal.workspace import Workspace
from tests.conftest import ROOT, glokal

MADE = (
    "index.html", "en/index.html", "def/index.html", "def/glokal.ttl", "catalog.ttl",
    ".well-known/void", "sitemap.xml", "robots.txt", "dump/SHA256SUMS",
    "query/goals/index.html", "query/goals/query.rq", "query/goals/rows.csv",
    "doc/municipality/verdal/index.html", "en/doc/municipality/verdal/index.html",
    "doc/municipality/verdal.ttl",
)  # fmt: skip


@pytest.fixture(scope="module")
def public(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "public"
    assert build_site(strategy, target) is not None
    return target


def contents(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_everything_that_is_promised_is_there(public: Path) -> None:
    assert [name for name in MADE if not (public / name).is_file()] == []


def test_building_again_elsewhere_gives_the_same_bytes(
    public: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    build_site(Workspace(load_project(ROOT)), again)
    assert contents(again) == contents(public)


def test_a_fresh_publication_is_left_as_it_is_and_a_damaged_one_is_mended(
    region: Path,
) -> None:
    target = region / "public"
    assert "Built" in glokal("build", cwd=region).stdout
    before = contents(target)
    stamp = (target / "index.html").stat().st_mtime_ns
    assert "up to date" in glokal("build", cwd=region).stdout
    assert (target / "index.html").stat().st_mtime_ns == stamp
    (target / "index.html").write_text("damaged", encoding="utf-8")
    assert "Built" in glokal("build", cwd=region).stdout
    assert contents(target) == before


def test_a_build_that_fails_leaves_the_old_publication(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(load_project(region))
    build_site(workspace, region / "public")
    before = contents(region / "public")
    (region / "publication.toml").write_text(
        (region / "publication.toml").read_text("utf-8").replace("Oppdiktede", "Nye"),
        encoding="utf-8",
    )

    def fail(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glokal.publish.site._machine_files", fail)
    with pytest.raises(KeyboardInterrupt):
        build_site(Workspace(load_project(region)), region / "public")
    assert contents(region / "public") == before
    assert not list(region.glob(".public-*"))


def test_a_killed_build_is_cleared_away_and_nothing_is_lost(region: Path) -> None:
    """The worst moment: the old folder is put aside, the new one not yet in place."""
    target = region / "public"
    build_site(Workspace(load_project(region)), target)
    before = contents(target)
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    (region / f".public-{gone.pid}-x").mkdir()
    target.rename(region / f".public-{gone.pid}-x-old")
    running = region / f".public-{os.getpid()}-y"
    running.mkdir()
    mend(target)
    assert contents(target) == before
    assert list(region.glob(".public-*")) == [running]


def test_a_folder_that_glokal_did_not_build_is_not_touched(region: Path) -> None:
    target = region / "public"
    target.mkdir()
    (target / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="did not build"):
        build_site(Workspace(load_project(region)), target)
    assert (target / "letter.txt").read_text(encoding="utf-8") == "dear"


FORMATS = {
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdf": (ox.RdfFormat.RDF_XML, "xml"),
}


def canonical(quads: list[ox.Quad]) -> list[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_dump_holds_the_asserted_default_graph_in_two_libraries(
    suffix: str, public: Path, strategy: Workspace
) -> None:
    ours, theirs = FORMATS[suffix]
    path = public / "dump" / f"glokal.{suffix}"
    wanted = canonical(
        [
            ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph())
            for t in strategy.asserted()
        ]
    )
    assert canonical(list(ox.parse(path=path, format=ours))) == wanted
    with warnings.catch_warnings():
        # RDFLib's own JSON-LD reader uses a class that RDFLib calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        read = rdflib.Graph().parse(path, format=theirs)
    plain = read.serialize(format="nt")
    assert (
        canonical(list(ox.parse(input=plain, format=ox.RdfFormat.N_TRIPLES))) == wanted
    )


def test_quads_hold_every_named_graph(public: Path, strategy: Workspace) -> None:
    for name, fmt in (("trig", ox.RdfFormat.TRIG), ("nq", ox.RdfFormat.N_QUADS)):
        quads = list(ox.parse(path=public / "dump" / f"glokal.{name}", format=fmt))
        graphs = {str(q.graph_name) for q in quads}
        assert graphs == {f"<{f.graph}>" for f in strategy.files if f.triples} | {
            f"<{strategy.inferred_graph}>"
        }
        assert len(quads) == sum(len(set(f.triples)) for f in strategy.files) + len(
            strategy.inferred
        )


def test_the_dump_leaves_the_supplement_out(public: Path) -> None:
    text = (public / "dump" / "glokal.nt").read_text(encoding="utf-8")
    supplement = (ROOT / "data/supplement/activities.ttl").read_text(encoding="utf-8")
    slug = re.findall(r"^record:(\S+)", supplement, re.MULTILINE)[0]
    assert f"/record/{slug}>" not in text
    assert f"/record/{slug}>" in (public / "dump" / "glokal.nq").read_text("utf-8")


def test_checksums_and_sizes_are_right(public: Path) -> None:
    sums = (public / "dump" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(sums) == 7
    catalogue = (public / "catalog.ttl").read_text(encoding="utf-8")
    for line in sums:
        digest, name = line.split("  ")
        raw = (public / "dump" / name).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == digest
        assert digest in catalogue
        assert f"dcat:byteSize {len(raw)}" in catalogue or f'"{len(raw)}"' in catalogue


def test_the_catalogue_has_no_blank_node_and_no_clock(public: Path) -> None:
    parsed = [q.triple for q in ox.parse(path=public / "catalog.ttl")]
    assert not any(isinstance(t.object, ox.BlankNode) for t in parsed)
    kinds = {str(t.object) for t in parsed if t.predicate.value.endswith("#type")}
    assert {f"<{DCAT}{k}>" for k in ("Catalog", "Dataset", "Distribution")} <= kinds


class Page(html.parser.HTMLParser):
    """Collects the links, the ids, the language and the open tags of a page."""

    VOID = frozenset(("meta", "link", "br", "hr", "img", "input"))

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.lang = ""
        self.open: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang") or ""
        elsewhere = found.get("rel") in ("canonical", "alternate", "license")
        if tag in ("a", "link") and found.get("href") and not elsewhere:
            self.links.append(str(found["href"]))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages(public: Path) -> dict[str, Page]:
    found = {}
    for path in public.rglob("*.html"):
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(public).as_posix()] = page
    return found


def test_no_link_is_dead_and_every_page_is_well_made(public: Path) -> None:
    made = pages(public)
    assert len(made) > 1000
    for name, page in made.items():
        assert page.open == [], name
        assert page.lang == ("en" if name.startswith("en/") else "nb")
        assert len(page.ids) == len(set(page.ids)), name
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(page.headings))
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                assert parts.scheme or parts.fragment in page.ids, (name, link)
                continue
            folder = posixpath.dirname(name)
            target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            if link.split("#")[0].endswith("/"):
                target = posixpath.normpath(posixpath.join(target, "index.html"))
            assert (public / target).is_file(), (name, link)
            if parts.fragment and target in made:
                assert parts.fragment in made[target].ids, (name, link)


def test_pages_escape_what_the_data_says(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    evil = '<script>alert(1)</script>\\" onload=\\"x'
    path.write_text(text.replace('"Brevvenner"@nb', f'"{evil}"@nb'), encoding="utf-8")
    build_site(Workspace(load_project(region)), region / "public")
    for page in (region / "public").rglob("*.html"):
        shown = page.read_text(encoding="utf-8")
        assert "<script" not in shown
        assert 'onload="x' not in shown


def test_no_page_names_a_folder_of_this_machine(public: Path) -> None:
    home = str(ROOT)
    for path in public.rglob("*"):
        if path.is_file():
            assert home not in path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client(public: Path) -> TestClient:
    app = make_app(load_project(ROOT), public)
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    ("headers", "code", "location"),
    [
        ({}, 303, "/doc/municipality/verdal/"),
        ({"accept": "text/turtle"}, 303, "/doc/municipality/verdal.ttl"),
        (
            {"accept": "text/html;q=0.2,text/turtle"},
            303,
            "/doc/municipality/verdal.ttl",
        ),
        ({"accept-language": "en-GB,en;q=0.9"}, 303, "/en/doc/municipality/verdal/"),
        ({"accept-language": "no"}, 303, "/doc/municipality/verdal/"),
        ({"accept-language": "de"}, 303, "/doc/municipality/verdal/"),
        ({"accept": "image/png"}, 406, None),
    ],
)
def test_a_thing_leads_to_its_page_or_its_data(
    client: TestClient, headers: dict[str, str], code: int, location: str | None
) -> None:
    answer = client.get("/id/municipality/verdal", headers={"accept": "*/*", **headers})
    assert answer.status_code == code
    assert answer.headers.get("location") == location
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("path", "code", "media"),
    [
        ("/", 200, "text/html"),
        ("/doc/municipality/verdal/", 200, "text/html"),
        ("/doc/municipality/verdal.ttl", 200, "text/turtle"),
        ("/.well-known/void", 200, "text/turtle"),
        ("/dump/glokal.nt", 200, "application/n-triples"),
        ("/id/municipality/nowhere", 404, "text/plain"),
        ("/id/municipality/..%2f..%2f..%2fREADME.md", 404, "text/plain"),
        ("/../README.md", 404, "text/plain"),
    ],
)
def test_files_are_served_with_their_types(
    client: TestClient, path: str, code: int, media: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    assert answer.headers["content-type"].startswith(media)


@pytest.mark.parametrize(
    ("header", "offered", "chosen"),
    [
        ("", ("a/b", "c/d"), "a/b"),
        ("c/d, a/b;q=0.9", ("a/b", "c/d"), "c/d"),
        ("a/*;q=0.1, c/d;q=0.2", ("a/b", "c/d"), "c/d"),
        ("*/*;q=0.5, a/b;q=0", ("a/b", "c/d"), "c/d"),
        ("a/b;q=0", ("a/b",), None),
        ("a/b;q=nonsense", ("a/b",), None),
        ("nn, nb;q=0.5", ("nb", "en"), "nb"),
    ],
)
def test_negotiation(header: str, offered: tuple[str, ...], chosen: str | None) -> None:
    assert choose(header, offered) == chosen


def test_an_unwritable_target_is_said(region: Path) -> None:
    blocked = region / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="can't be written"):
        build_site(Workspace(load_project(region)), blocked / "public")


def test_entries_link_to_their_passages(public: Path) -> None:
    shown = (public / "doc/entry/verdal-health-1/index.html").read_text("utf-8")
    assert "EØS-prosjekt i utviklingshemming og seksualitet" in shown
    assert "Vedlegg, rad Verdal, kolonne Helse og velferd, punkt 1" in shown
    assert GLO not in shown.split("<main")[1].split("<code>")[0]


def test_the_source_has_no_word_of_the_first_region() -> None:
    for path in (ROOT / "src").rglob("*"):
        if path.is_file() and path.suffix in (".py", ".toml", ".html", ".rq", ".css"):
            words = path.read_text(encoding="utf-8").lower()
            for name in (
                "innherred",
                "snåsa",
                "steinkjer",
                "inderøy",
                "verdal",
                "levanger",
            ):
                assert name not in words, path.name


def test_a_wheel_works_in_a_clean_environment(region: Path, tmp_path: Path) -> None:
    """Installs what the lock says, as a user would, and publishes another region."""
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+==\S+)", lock, re.MULTILINE)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(pins), encoding="utf-8")
    home = tmp_path / "clean"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
         "-c", constraints, next(wheels.glob("*.whl"))],
        check=True, capture_output=True,
    )  # fmt: skip
    shutil.rmtree(region / ".cache")
    built = subprocess.run(
        [home / "bin" / "glokal", "build"],
        cwd=region, capture_output=True, text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert (region / "public" / "doc" / "authority" / "vik" / "index.html").is_file()


def test_a_page_keeps_the_strategy_and_the_registers_apart(public: Path) -> None:
    shown = (public / "doc/municipality/verdal/index.html").read_text("utf-8")
    says = shown.index("Det strategien sier")
    registers = shown.index("Navn, koder og kart")
    assert says < shown.index("ligger i regionen") < registers
    assert registers < shown.index("kommunenummer") < shown.index("Kilde")

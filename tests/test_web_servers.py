"""The publication on Apache, nginx and Caddy, as docs/hosting.md says."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.core.files.data_files import MEDIA_TYPES
from glokal.core.namespaces import DCTERMS
from glokal.core.settings import Project, load_project
from glokal.dataset.releases.record import record_edition
from glokal.dataset.workspace import Workspace
from glokal.site.build import build_site
from glokal.site.graph_view import GraphView
from glokal.site.host_rules import host_files
from glokal.site.pages.releases import latest_edition
from tests.conftest import copy_project
from tests.servers import web_server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
THINGS = "https://fjordland.example/id/"
OLD, NEW = "activity/brevvenner", "activity/venner"
GONE = "programme/nordplus-junior"
FORMS = {
    "ttl": ("text/turtle", "text/n3"),
    "nt": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdf": ("application/rdf+xml", "application/xml"),
}
PARSED = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


@dataclass(frozen=True)
class Host:
    """A web server with a publication: where it lies, on the host and on the disk."""

    name: str
    prefix: str
    public: Path
    client: httpx.Client

    def get(self, path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.get(self.prefix + path, headers={"Accept": accept, **given})

    def lead(self, path: str, accept: str = "*/*", language: str = "") -> str:
        answer = self.get(path, accept, Accept_Language=language)
        assert answer.status_code in (301, 303), (path, accept, answer.status_code)
        there = httpx.URL(answer.request.url).join(answer.headers["location"])
        assert there.path.startswith(self.prefix)
        return f"{answer.status_code} {there.path.removeprefix(self.prefix)}"


@pytest.fixture(scope="module")
def sites(
    warm_region: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Path]]:
    """The folders of a host, by the path of the publication in it.

    Built with a creation mask that shuts others out; a thing is gone, one replaced.
    """
    project = copy_project(warm_region, tmp_path_factory.mktemp("web") / "fjordland")
    record_edition(Workspace(load_project(project)))
    for file, pairs in {
        "data/strategy/fjordland.ttl": (
            ("activity:brevvenner", "activity:venner"),
            ("programme:nordplus-junior", "programme:junior"),
        ),
        "publication.toml": (('version = "1.0.0"', 'version = "1.1.0"'),),
    }.items():
        text = (project / file).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (project / file).write_text(text, encoding="utf-8")
    said = f"<{THINGS}{OLD}> <{DCTERMS}isReplacedBy> <{THINGS}{NEW}> .\n"
    (project / "editions/replaced.ttl").write_text(said, encoding="utf-8")
    settings = (project / "publication.toml").read_text(encoding="utf-8")
    address = "https://host.example/open/data/"
    text = settings.replace('"https://fjordland.example/data/"', f'"{address}"')
    assert text != settings
    (project / "publication.toml").write_text(text, encoding="utf-8")
    # Servers run as users of their own, who may not look into the folders of pytest.
    root = Path(tempfile.mkdtemp(prefix="glokal-web-"))
    mask = os.umask(0o022)
    try:
        root.chmod(0o755)
        public = root / "below/open/data"
        public.parent.mkdir(parents=True)
        workspace = Workspace(load_project(project))
        os.umask(0o077)
        assert build_site(workspace, public) is not None
        os.umask(0o022)
        # Links are relative, so that only the rules are others at the root.
        site = root / "root"
        shutil.copytree(public, site, copy_function=os.link)
        at_root = dataclasses.replace(
            workspace.project, address="https://host.example/"
        )
        for name, rules in _rules(workspace, public, at_root).items():
            (site / name).unlink()
            (site / name).write_text(rules, encoding="utf-8")
        yield {"/": site, "/open/data/": root / "below"}
    finally:
        os.umask(mask)
        shutil.rmtree(root)


def _rules(workspace: Workspace, public: Path, project: Project) -> dict[str, str]:
    leads, gone = (
        json.loads((public / name).read_bytes())
        for name in ("leads.json", "retired.json")
    )
    whole = {THINGS + name: page for name, page in leads.items()}
    things = GraphView(workspace).things()
    return host_files(project, things, whole, gone, latest_edition(project))


@pytest.fixture(scope="module", params=["apache", "nginx", "caddy"])
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["/", "/open/data/"])
def host(
    request: pytest.FixtureRequest, server: str, sites: dict[str, Path]
) -> Iterator[Host]:
    prefix, site = request.param, sites[request.param]
    folder = Path(tempfile.mkdtemp(prefix="glokal-web-"))
    folder.chmod(0o777)
    try:
        with (
            web_server(server, site, folder) as address,
            httpx.Client(base_url=address, timeout=30) as client,
        ):
            yield Host(server, prefix, site / prefix.strip("/"), client)
    finally:
        shutil.rmtree(folder)


def test_a_thing_leads_to_its_page_or_its_data(host: Host) -> None:
    for end in ("", "/"):
        thing = f"id/municipality/vik{end}"
        page = "303 doc/municipality/vik/"
        assert host.lead(thing) == page
        assert host.lead(thing, BROWSER) == page
        assert host.lead(thing, "text/turtle;q=0.5,text/html") == page
        assert host.lead(thing, BROWSER, "nb,en;q=0.5") == page
        english = "303 en/doc/municipality/vik/"
        assert host.lead(thing, BROWSER, "en-GB,en;q=0.9") == english
        # A library of JavaScript, which takes what it gets.
        assert host.lead(thing, "application/json, text/plain, */*") == page
        for suffix, types in FORMS.items():
            for media in types:
                assert host.lead(thing, media) == f"303 doc/municipality/vik.{suffix}"
    vary = host.get("id/municipality/vik").headers["vary"]
    named = {name.strip() for name in vary.lower().split(",")}
    assert {"accept", "accept-language"} <= named


def test_what_a_catalogue_describes_has_data_of_its_own(host: Host) -> None:
    nodes = {
        q.subject.value.removeprefix(THINGS).partition("#")[0]
        for name in ("catalog.ttl", "concepts.ttl", "models.ttl", "void.ttl")
        for q in ox.parse(path=host.public / name, format=ox.RdfFormat.TURTLE)
        if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(THINGS)
    }
    kinds = {node.partition("/")[0]: node for node in sorted(nodes)}
    assert {"catalog", "dataset", "distribution", "concept", "contact"} <= set(kinds)
    for node in kinds.values():
        assert host.lead(f"id/{node}", BROWSER) in ("303 dump/", "303 def/")
        for suffix, types in FORMS.items():
            there = host.lead(f"id/{node}", types[0])
            assert there == f"303 doc/{node}.{suffix}"
            answer = host.get(there.partition(" ")[2])
            said = ox.parse(answer.content, PARSED[suffix])
            assert f"{THINGS}{node}" in {getattr(q.subject, "value", "") for q in said}


def test_words_codes_and_shapes_lead_to_a_file_or_a_page(host: Host) -> None:
    for path, file in (
        ("def", "def/glokal"),
        ("code/role/member", "def/codes"),
        ("code/role", "def/codes"),
        ("shape", "def/shapes"),
    ):
        for suffix, (media, _) in FORMS.items():
            assert host.lead(path, media) == f"303 {file}.{suffix}"
    assert host.lead("shape", BROWSER) == "303 def/shapes.ttl"
    assert host.get("code/role/member/", BROWSER).status_code == 200
    # A folder without its slash is led to the one with it.
    answer = host.get("doc/municipality/vik", BROWSER)
    assert answer.status_code in (301, 308)
    assert answer.headers["location"].endswith("doc/municipality/vik/")


def test_a_statement_leads_on(host: Host) -> None:
    name = sorted(p.name for p in (host.public / "id/statement").iterdir())[0]
    answer = host.get(f"id/statement/{name}/", BROWSER)
    assert answer.status_code == 200
    assert "refresh" in answer.text


def test_what_is_gone_is_410_and_what_is_replaced_301(host: Host) -> None:
    for path in (f"id/{GONE}", f"id/{GONE}/", f"doc/{GONE}/", f"en/doc/{GONE}/"):
        answer = host.get(path, BROWSER)
        assert answer.status_code == 410, path
        # Its own page, which says in which edition it last was.
        assert "1.0.0" in answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="en"' in host.get(f"en/doc/{GONE}/", BROWSER).text
    for end in ("", "/"):
        assert host.lead(f"id/{OLD}{end}") == f"301 id/{NEW}"
    assert host.get("id/activity/never-was/").history == []
    there = host.lead("id/activity/never-was")
    assert host.get(there.partition(" ")[2]).status_code == 404


def test_what_is_missing_is_404_with_a_page(host: Host) -> None:
    for path in ("no/such/page/", "no-such.ttl", "_nginx.conf", ".htaccess"):
        answer = host.get(path, BROWSER)
        assert answer.status_code == 404, path
        assert answer.text == (host.public / "404.html").read_text("utf-8")


def test_every_ending_has_its_type(host: Host) -> None:
    endings = {
        p.suffix: p.relative_to(host.public).as_posix()
        for p in sorted(host.public.rglob("*"))
        if p.is_file() and not p.name.startswith(("_", "."))
        if p.suffix in MEDIA_TYPES
    }
    assert len(endings) > 15
    types = {**{e: MEDIA_TYPES[e] for e in endings}, ".well-known/void": "text/turtle"}
    for ending, media in types.items():
        answer = host.get(endings.get(ending, ending), Accept_Encoding="identity")
        assert answer.status_code == 200, ending
        told = answer.headers["content-type"]
        text = media.startswith("text/")
        assert told == (f"{media}; charset=utf-8" if text else media), ending
        assert "content-encoding" not in answer.headers, ending


def test_every_answer_may_be_read_by_any_page_and_run_by_none(host: Host) -> None:
    for path in ("", "catalog.ttl", "id/municipality/vik", "no/such/", f"id/{GONE}/"):
        headers = host.get(path).headers
        assert headers["access-control-allow-origin"] == "*", path
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_plain_pages_may_be_framed_by_anyone(host: Host) -> None:
    for path in ("embed/", "embed/en/doc/municipality/vik/"):
        answer = host.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1
        assert "frame-ancestors *" in policy[0]
        assert "x-frame-options" not in answer.headers
    for path in ("", "doc/municipality/vik/", "embed/no/such/"):
        answer = host.get(path)
        assert answer.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_gzip_for_who_takes_it(host: Host) -> None:
    for path in ("", "catalog.ttl", "catalog.jsonld", "catalog.nt", "catalog.rdf"):
        plain = host.get(path, Accept_Encoding="identity")
        packed = host.get(path, Accept_Encoding="gzip")
        assert packed.headers["content-encoding"] == "gzip", path
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert packed.content == plain.content
        assert "content-encoding" not in plain.headers
    # What is packed already stays what it is.
    dump = host.get("dump/glokal.nq.gz", Accept_Encoding="gzip")
    assert dump.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in dump.headers
    assert gzip.decompress(dump.content)


def test_answers_may_be_kept_and_editions_for_ever(host: Host) -> None:
    for path, kept in (
        ("", "public, max-age=300"),
        ("catalog.ttl", "public, max-age=300"),
        ("edition/1.0.0/glokal.nq.gz", "public, max-age=31536000, immutable"),
    ):
        answer = host.get(path, Accept_Encoding="identity")
        assert answer.headers["cache-control"] == kept, path
        assert answer.headers["last-modified"]
    for coding in ("identity", "gzip"):
        tag = host.get("catalog.ttl", Accept_Encoding=coding).headers["etag"]
        again = host.get("catalog.ttl", Accept_Encoding=coding, If_None_Match=tag)
        assert again.status_code == 304, coding
    assert "cache-control" not in host.get("no/such/").headers


def test_the_last_edition_has_an_address_that_leads_to_its_own(host: Host) -> None:
    """Version 1.1.0 is not recorded yet, so that it may still change."""
    for file in ("", "glokal.nq.gz"):
        answer = host.get(f"edition/latest/{file}")
        assert answer.status_code == 302
        there = httpx.URL(answer.request.url).join(answer.headers["location"])
        assert there.path == f"{host.prefix}edition/1.0.0/{file}"
        assert host.client.get(there.path).status_code == 200


def test_all_that_is_published_can_be_read(sites: dict[str, Path]) -> None:
    """Whatever the creation mask of who builds: a server is another user."""
    for prefix, site in sites.items():
        public = site / prefix.strip("/")
        made = [public, *public.rglob("*")]
        assert len(made) > 500
        assert [p for p in made if p.stat().st_mode & 0o444 != 0o444] == []

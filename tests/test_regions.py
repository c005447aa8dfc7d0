"""Several regions together: what is read, what is one, what is built, what is refused.

Fjordland is the invented region of `tests/region/`, Bygdeland the same strategy under
another base, and Dalen a third, of which there is a dump only. What answers must be is
read from the seven passages of that strategy: each of the three takes part in Nordplus
Junior, and so in Nordplus, and has a council that its municipalities are members of.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest

from glokal.cli.messages import speak, translated
from glokal.core.errors import ConfigError, GlokalError, InputError, UsageError
from glokal.core.namespaces import DCAT, DCTERMS, RDF
from glokal.core.settings import load_project, load_regions
from glokal.dataset.dumps import named_quads
from glokal.dataset.regions.members import read_members, with_dumps_read
from glokal.dataset.regions.proposals import BY_IDENTIFIER, BY_NAME, proposals
from glokal.dataset.regions.same_things import SameThings, tell_things
from glokal.dataset.regions.together import Together, open_regions, questions_across
from glokal.dataset.workspace import Workspace
from glokal.rdf.canonical import canonical_quads, canonical_text
from glokal.rdf.terms import text_of
from glokal.site.name_search import find_names, index_file, read_names
from glokal.store.embedded import EmbeddedStore
from tests import servers
from tests.conftest import glokal
from tests.test_another_region import copied, replace

BASES = {
    name: f"https://{name}.example/" for name in ("fjordland", "bygdeland", "dalen")
}
TWO = '[[member]]\nfolder = "fjordland"\n\n[[member]]\nfolder = "bygdeland"\n'
NAMED = TWO + 'name = { nb = "Bygdeland", en = "Bygdeland" }\n'
SPANNING, PARTNERS = "programmes-spanning-regions", "partners-of-several-regions"


def same(*tails: str, regions: tuple[str, ...] = ("fjordland", "bygdeland")) -> str:
    """Return a shared list in which each of these is one thing in the regions."""
    entries = []
    for tail in tails:
        things = [f'"{BASES[region]}id/{tail}"' for region in regions]
        entries.append(
            f"[[same]]\nthings = [{', '.join(things)}]\n"
            'source = "https://www.nordplusonline.org/"\nconfirmed = 2026-11-27\n'
        )
    return "\n".join(entries)


def moved(folder: Path, name: str) -> Path:
    """Return Fjordland under another base, as a folder of that name."""
    place = copied(folder / "copy")
    # Those are named by the digests of statements.
    shutil.rmtree(place / "data" / "provenance")
    for file in place.rglob("*"):
        if file.suffix in (".ttl", ".toml"):
            text = file.read_text(encoding="utf-8")
            text = text.replace(BASES["fjordland"], BASES[name])
            file.write_text(text, encoding="utf-8")
    place.rename(folder / name)
    return folder / name


def write(root: Path, regions: str = NAMED, listed: str = "") -> None:
    (root / "regions.toml").write_text(regions, encoding="utf-8")
    (root / "same.toml").unlink(missing_ok=True)
    if listed:
        (root / "same.toml").write_text(listed, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_regions(tmp_path_factory)


def make_regions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two regions and the dump of a third; reasoned over once."""
    root = tmp_path_factory.mktemp("regions")
    copied(root)
    moved(root, "bygdeland")
    dalen = moved(root, "dalen")
    quads = canonical_text(canonical_quads(named_quads(Workspace(load_project(dalen)))))
    shutil.rmtree(dalen)
    (root / "dalen.nq").write_bytes(quads)
    write(root)
    open_regions(load_regions(root))
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "all", ignore=shutil.ignore_patterns("public"))
    return tmp_path / "all"


def dump_member(root: Path, file: str = "dalen.nq", **more: str) -> str:
    digest = hashlib.sha256((root / file).read_bytes()).hexdigest()
    lines = {"dump": file, "sha256": digest, **more}
    said = "".join(f'{key} = "{value}"\n' for key, value in lines.items())
    return f'{NAMED}\n[[member]]\n{said}name = {{ nb = "Dalen", en = "Dalen" }}\n'


def rows(together: Together, query: str, lang: str = "en") -> list[list[str]]:
    (found,) = (q for q in questions_across(together.project) if q.slug == query)
    text = found.bind({}, project=together.project, lang=lang)
    table = EmbeddedStore(together.graphs()).select(text)
    return [[text_of(cell) for cell in row] for row in table.rows]


def test_equal_names_are_not_one_thing(root: Path) -> None:
    write(root)
    together = open_regions(load_regions(root))
    assert rows(together, SPANNING) == []
    assert rows(together, PARTNERS) == []
    proposed = proposals(together.members, together.same)
    names = {(p.by, p.evidence) for p in proposed}
    assert names == {
        (BY_NAME, "Fjordlandsrådet"),
        (BY_NAME, "Nordplus"),
        (BY_NAME, "Nordplus Junior"),
    }


def test_what_is_confirmed_is_one_thing_in_the_answers(root: Path) -> None:
    tails = ("programme/nordplus", "organisation/fjordlandsradet")
    write(root, NAMED, same(*tails))
    together = open_regions(load_regions(root))
    first = BASES["fjordland"] + "id/"
    both = "Bygdeland; Fjordland"
    assert rows(together, SPANNING) == [[first + tails[0], "Nordplus", "2", both]]
    council = [first + tails[1], "The Fjordland Council", "2", both]
    assert rows(together, PARTNERS) == [council]
    (left,) = proposals(together.members, together.same)
    assert left.evidence == "Nordplus Junior"


def test_what_is_confirmed_to_be_two_is_proposed_no_more(root: Path) -> None:
    write(root, NAMED, same("programme/nordplus").replace("[[same]]", "[[different]]"))
    together = open_regions(load_regions(root))
    assert rows(together, SPANNING) == []
    proposed = {p.evidence for p in proposals(together.members, together.same)}
    assert proposed == {"Fjordlandsrådet", "Nordplus Junior"}


def test_the_same_thing_elsewhere_makes_two_one_when_both_say_so(root: Path) -> None:
    def said(region: str, thing: str) -> None:
        file = root / region / "data" / "reference" / "matches.ttl"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"<{BASES[region]}id/programme/nordplus> "
            f"<http://www.w3.org/2004/02/skos/core#exactMatch> <{thing}> .\n",
            encoding="utf-8",
        )

    write(root)
    said("fjordland", "https://www.nordplusonline.org/")
    said("bygdeland", BASES["fjordland"] + "id/programme/nordplus")
    together = open_regions(load_regions(root))
    # One region alone has said so, and of what another has named.
    assert rows(together, SPANNING) == []
    found = proposals(together.members, together.same)
    assert BY_IDENTIFIER in {p.by for p in found}
    said("bygdeland", "https://www.nordplusonline.org/")
    together = open_regions(load_regions(root))
    assert [row[1:3] for row in rows(together, SPANNING)] == [["Nordplus", "2"]]


def test_a_dump_is_a_member_with_its_base_and_graphs(root: Path) -> None:
    write(
        root,
        dump_member(root),
        same("programme/nordplus", regions=("dalen", "bygdeland")),
    )
    together = open_regions(load_regions(root))
    assert together.project.member_bases == tuple(BASES.values())
    graphs = {name for name, _, _ in together.graphs()}
    for base in BASES.values():
        assert f"{base}graph/strategy/fjordland" in graphs
    assert together.outdated == ()
    assert [row[1:] for row in rows(together, SPANNING)] == [
        ["Nordplus", "2", "Bygdeland; Dalen"]
    ]


def test_a_packed_dump_says_the_same(root: Path) -> None:
    (root / "d.nq.gz").write_bytes(gzip.compress((root / "dalen.nq").read_bytes()))
    write(root, dump_member(root, "d.nq.gz"))
    packed = read_members(load_regions(root))[-1]
    write(root, dump_member(root))
    plain = read_members(load_regions(root))[-1]
    sizes = [{g: len(t) for g, t in m.graphs.items()} for m in (packed, plain)]
    assert sizes[0] == sizes[1]
    assert packed.base == BASES["dalen"]


def test_an_ontology_of_another_version_is_left_out_and_told(root: Path) -> None:
    dump = root / "dalen.nq"
    graph = "https://w3id.org/glokal/graph/ontology/core"
    more = f"<https://w3id.org/glokal/def#Goal> <{RDF}type> <{RDF}List> <{graph}> .\n"
    dump.write_text(dump.read_text(encoding="utf-8") + more, encoding="utf-8")
    write(root, dump_member(root))
    together = open_regions(load_regions(root))
    assert together.outdated == ("dalen.nq",)
    assert not any(str(q) + " .\n" == more for q in together.quads())


def dumped(root: Path, line: str) -> str:
    """Return settings with Dalen's dump and one line more in it."""
    dump = root / "dalen.nq"
    dump.write_text(dump.read_text(encoding="utf-8") + line, encoding="utf-8")
    return dump_member(root)


def fifo(root: Path) -> str:
    text = dump_member(root)
    (root / "dalen.nq").unlink()
    os.mkfifo(root / "dalen.nq")
    return text


def link(root: Path) -> str:
    (root / "there").symlink_to(root / "fjordland")
    return '[[member]]\nfolder = "there"\n'


X = "<https://x.example/a>"
GRAPH = f"<{BASES['dalen']}graph/strategy/fjordland>"
FJORDLAND = f"<{BASES['fjordland']}id/programme/nordplus>"

BAD: dict[str, tuple[Callable[[Path], str], str, str]] = {
    "no-member": (lambda _: "", "", "nevner ingen medlemmer"),
    "no-list": (lambda _: "member = 3\n", "", "nevner ingen medlemmer"),
    "missing": (lambda _: '[[member]]\nfolder = "no"\n', ":2", "no finnes ikke"),
    "outside": (
        lambda _: '[[member]]\nfolder = "../x"\n',
        ":2",
        "ligger ikke under mappen",
    ),
    "absolute": (
        lambda _: '[[member]]\nfolder = "/x"\n',
        ":2",
        "ligger ikke under mappen",
    ),
    "itself": (
        lambda _: '[[member]]\nfolder = "."\n',
        ":2",
        "ligger ikke under mappen",
    ),
    "link": (link, ":2", "by a link, there"),
    "no-region": (
        lambda r: f'{TWO}[[member]]\nfolder = "{_empty(r)}"\n',
        ":7",
        "empty",
    ),
    "neither": (lambda _: TWO + '[[member]]\nslug = "x"\n', ":6", "has no folder"),
    "both": (
        lambda _: '[[member]]\nfolder = "fjordland"\ndump = "dalen.nq"\n',
        ":1",
        "both a folder and a dump",
    ),
    "unknown": (
        lambda _: TWO + 'folde = "x"\n',
        ":6",
        "member.folde er ikke en som Glokal kjenner",
    ),
    "one-base": (
        lambda r: TWO.replace("bygdeland", _twin(r)),
        ":5",
        "fjordland og twin navngir begge tingene sine under https://fjordland.example/",
    ),
    "one-slug": (
        lambda _: TWO + 'slug = "fjordland"\n',
        ":5",
        "fjordland og bygdeland heter begge fjordland",
    ),
    "wrong-base": (
        lambda _: TWO + f'base = "{BASES["dalen"]}"\n',
        ":6",
        "Basen til bygdeland er https://bygdeland.example/",
    ),
    "member-settings": (
        lambda r: _broken(r) or TWO,
        "bygdeland/publication.toml:4",
        "publication.slug er 'A B'",
    ),
    "of-one-region": (lambda _: f'{TWO}[reason]\nengine = "rules"\n', "", "[reason]"),
    "both-files": (lambda r: _both(r) or TWO, "", "har både regions.toml og"),
    "network": (
        lambda r: dump_member(r).replace('"dalen.nq"', '"https://x.example/d.nq"'),
        ":9",
        "nothing is fetched",
    ),
    "no-digest": (
        lambda _: TWO + '[[member]]\ndump = "dalen.nq"\n',
        ":7",
        "dalen.nq har ingen sha256",
    ),
    "no-hexadecimal": (
        lambda _: TWO + '[[member]]\ndump = "dalen.nq"\nsha256 = "abc"\n',
        ":8",
        "'abc', og ikke 64 heksadesimale sifre",
    ),
    "other-digest": (
        lambda _: f'{TWO}[[member]]\ndump = "dalen.nq"\nsha256 = "{"0" * 64}"\n',
        ":7",
        "dalen.nq is not the one that was meant",
    ),
    "dump-base": (
        lambda r: dump_member(r, base="https://x.example/"),
        ":9",
        "which is not under the base https://x.example/",
    ),
    "dump-one-base": (
        lambda r: _of_base(r, "fjordland"),
        ":9",
        "fjordland og dalen.nq navngir begge tingene sine under https://fjordland.example/",
    ),
    "dump-of-two": (
        lambda r: dumped(r, f"{X} {X} {X} <{BASES['bygdeland']}graph/inferred> .\n"),
        ":9",
        "has graphs of 2 regions",
    ),
    "foreign-graph": (
        lambda r: dumped(r, f"{X} {X} {X} <https://x.example/g> .\n"),
        ":9",
        "has the graph https://x.example/g",
    ),
    "default-graph": (
        lambda r: dumped(r, f"{X} {X} {X} .\n"),
        ":9",
        "statements in no named graph",
    ),
    "foreign-thing": (
        lambda r: dumped(r, f"{FJORDLAND} {X} {X} {GRAPH} .\n"),
        ":9",
        "which fjordland has named",
    ),
    "triple-term": (
        lambda r: dumped(r, f"{X} {X} <<( {X} {X} {X} )>> {GRAPH} .\n"),
        ":9",
        "statements about statements",
    ),
    "no-quads": (lambda r: dumped(r, "<a\n"), "dalen.nq:", "is not N-Quads"),
    "fifo": (fifo, "dalen.nq", "This is a FIFO"),
}


def _empty(root: Path) -> str:
    (root / "empty").mkdir()
    return "empty"


def _twin(root: Path) -> str:
    shutil.copytree(root / "fjordland", root / "twin")
    return "twin"


def _broken(root: Path) -> None:
    replace(root / "bygdeland" / "publication.toml", ('"fjordland"', '"A B"'))


def _both(root: Path) -> None:
    shutil.copy(root / "fjordland" / "publication.toml", root)


def _of_base(root: Path, name: str) -> str:
    dump = root / "dalen.nq"
    text = dump.read_text(encoding="utf-8").replace(BASES["dalen"], BASES[name])
    dump.write_text(text, encoding="utf-8")
    return dump_member(root)


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_member_is_told_by_name_and_nothing_is_written(
    root: Path, name: str
) -> None:
    make, place, words = BAD[name]
    write(root, make(root))
    with pytest.raises(GlokalError) as caught:
        with_dumps_read(load_regions(root))
    speak("nb")
    assert words in str(translated(caught.value))
    speak("en")
    assert place in str(caught.value.place or "")
    assert caught.value.remedy
    assert isinstance(caught.value, ConfigError | InputError | UsageError)
    before = sorted(root.rglob("*"))
    done = glokal("build", cwd=root)
    assert done.returncode == 2
    assert done.stderr.startswith("glokal: ") and words in done.stderr
    assert "Traceback" not in done.stderr
    kept = [p for p in sorted(root.rglob("*")) if ".cache" not in p.parts]
    assert kept == [p for p in before if ".cache" not in p.parts]


def test_a_dump_that_is_too_large_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = (root / "dalen.nq").read_bytes()
    (root / "d.nq.gz").write_bytes(gzip.compress(raw))
    monkeypatch.setenv("GLOKAL_FILE_MEGABYTES", "0.2")
    for file, words in (("dalen.nq", "are allowed"), ("d.nq.gz", "unpacked")):
        write(root, dump_member(root, file))
        with pytest.raises(GlokalError, match=words):
            with_dumps_read(load_regions(root))


LISTED = same("programme/nordplus")
BAD_LISTS = {
    "unknown": (LISTED.replace('nordplus"', 'nordpluss"', 1), "No member has a thing"),
    "one": (
        LISTED.replace(f', "{BASES["bygdeland"]}id/programme/nordplus"', ""),
        "bare én ting",
    ),
    "no-source": (LISTED.replace("source", "# source"), "same.source mangler"),
    "no-day": (LISTED.replace("confirmed", "# confirmed"), "same.confirmed mangler"),
    "not-come": (LISTED.replace("2026-11-27", "2999-01-01"), "ikke har kommet ennå"),
    "no-iri": (LISTED.replace(BASES["bygdeland"], "bygdeland:"), "ikke er noen IRI"),
    "one-region": (
        LISTED.replace("bygdeland", "fjordland").replace(
            'nordplus"]', 'nordplus-junior"]'
        ),
        "Two of these things are of one region",
    ),
    "no-class": (
        LISTED.replace('programme/nordplus"]', 'organisation/fjordlandsradet"]'),
        "have no class in common",
    ),
    "both": (LISTED + LISTED.replace("[[same]]", "[[different]]"), "to be different"),
    "unknown-setting": (LISTED + 'by = "x"\n', "same.by er ikke en"),
    "no-list": ("same = 3\n", "is no list of entries"),
}


@pytest.mark.parametrize("name", BAD_LISTS)
def test_a_wrong_entry_of_the_shared_list_is_told_with_its_line(
    made: Path, root: Path, name: str
) -> None:
    listed, words = BAD_LISTS[name]
    write(root, NAMED, listed)
    done = glokal("query", SPANNING, cwd=root)
    assert done.returncode == 2
    assert done.stderr.startswith("glokal: same.toml") and words in done.stderr


def test_groups_are_joined_whatever_the_order(made: Path) -> None:
    members = read_members(load_regions(made))
    told = tell_things(members)
    found = SameThings(told, ())
    assert list(found.links()) == []
    assert found.name(BASES["bygdeland"] + "id/programme/nordplus").startswith(
        BASES["bygdeland"]
    )


@pytest.fixture(scope="module")
def built(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_regions(made, tmp_path_factory)


def built_regions(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the publication of the three."""
    root = tmp_path_factory.mktemp("built") / "all"
    shutil.copytree(made, root)
    regions = ("fjordland", "bygdeland", "dalen")
    listed = same("programme/nordplus", "organisation/fjordlandsradet", regions=regions)
    write(root, dump_member(root, address="https://dalen.example/data/"), listed)
    done = glokal("build", cwd=root, timeout=600)
    assert done.returncode == 0, done.stderr
    return root


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_each_member_keeps_its_pages(built: Path) -> None:
    for name in ("fjordland", "bygdeland"):
        own = files_of(built / name / "public")
        there = files_of(built / "public" / "region" / name)
        assert set(own) - set(there) == {
            *(".glokal", ".nojekyll", "robots.txt", ".htaccess", "_Caddyfile"),
            *("_headers", "_nginx.conf", "_redirects"),
        }
        assert all(own[path] == data for path, data in there.items())
        assert BASES[name] in there["index.html"].decode()


def test_the_start_page_leads_to_members_and_answers(built: Path) -> None:
    for home, named in (("", "Nordplus (3)"), ("en/", "Nordplus (3)")):
        page = (built / "public" / home / "index.html").read_text(encoding="utf-8")
        up = "../" * home.count("/")
        lang = "en/" if home else ""
        for name in ("fjordland", "bygdeland"):
            assert f'href="{up or "./"}{home}{up}region/{name}/{lang}"' in page
        assert f'href="{up or "./"}{home}region/dalen/"' in page
        assert named in page
    assert (built / "public/region/dalen/index.html").is_file()
    assert (built / "public/en/region/dalen/index.html").is_file()


def test_every_link_of_the_whole_leads_to_a_file(built: Path) -> None:
    from html.parser import HTMLParser

    public = built / "public"
    seen = []

    class Links(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            name = "src" if tag == "script" else "href"
            value = dict(attrs).get(name)
            if value and "://" not in value:
                seen.append((self.page, value))

        page = Path()

    pages = [p for p in public.rglob("index.html") if "region" not in p.parts]
    pages += [public / "region/dalen/index.html", public / "en/region/dalen/index.html"]
    for page in pages:
        reader = Links()
        reader.page = page
        reader.feed(page.read_text(encoding="utf-8"))
    assert len(seen) > 100
    for page, value in seen:
        path, _, mark = value.partition("#")
        there = (page.parent / path).resolve() if path else page
        there = there / "index.html" if there.is_dir() else there
        assert there.is_file(), (page, value)
        if mark:
            assert f'id="{mark}"' in there.read_text(encoding="utf-8"), (page, value)


def test_answers_are_files_that_say_the_same(built: Path) -> None:
    folder = built / "public" / "en" / "query" / SPANNING
    told = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    regions = "Bygdeland; Dalen; Fjordland"
    assert row["regions"] == regions and row["regionCount"] == "3"
    assert told["rows"][0]["regions"] == regions
    sentence = "One programme is found in two or more regions: Nordplus (3)."
    assert told["answer"] == sentence
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert sentence in page
    assert "region/fjordland/en/doc/programme/nordplus/" in page
    assert "region/dalen/#programme-nordplus" in page
    # The query runs as it stands in another reader of SPARQL.
    text = (built / "public" / "query" / SPANNING / "query.rq").read_text("utf-8")
    store = ox.Store()
    store.bulk_load(
        path=str(built / "public/dump/glokal.nq"), format=ox.RdfFormat.N_QUADS
    )
    found = list(store.query(text, use_default_graph_as_union=True))
    assert [str(s["regionCount"].value) for s in found] == ["3"]


def test_the_dump_has_a_named_graph_for_each_member_and_file(built: Path) -> None:
    dump = built / "public" / "dump"
    quads = list(ox.parse(path=str(dump / "glokal.nq"), format=ox.RdfFormat.N_QUADS))
    graphs = {
        q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)
    }
    for name in ("fjordland", "bygdeland"):
        own = Workspace(load_project(built / name))
        theirs = {f.graph for f in own.files if f.kind != "ontology"}
        assert theirs and theirs <= graphs
    assert f"{BASES['dalen']}graph/source" in graphs
    sums = dict(
        reversed(line.split("  "))
        for line in (dump / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    assert set(sums) == {"glokal.nq", "glokal.nq.gz"}
    for name, digest in sums.items():
        assert hashlib.sha256((dump / name).read_bytes()).hexdigest() == digest


def catalogue_of(built: Path) -> list[ox.Triple]:
    path = str(built / "public" / "catalog.ttl")
    return [q.triple for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def test_one_catalogue_has_those_of_the_members(built: Path) -> None:
    triples = catalogue_of(built)
    whole = ox.NamedNode("https://regions.example/id/catalog/regions")
    members = {
        ox.NamedNode(f"{BASES[name]}id/catalog/fjordland")
        for name in ("fjordland", "bygdeland")
    }
    for term in (DCAT + "catalog", DCTERMS + "hasPart"):
        found = {
            t.object for t in triples if (t.subject, t.predicate.value) == (whole, term)
        }
        assert found == members
    for name in ("fjordland", "bygdeland"):
        path = str(built / name / "public" / "catalog.ttl")
        own = {q.triple for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE)}
        assert own <= set(triples)


def test_search_finds_a_name_in_each_region(built: Path) -> None:
    for lang, home in (("nb", ""), ("en", "en/")):
        hits = find_names(
            read_names((built / "public" / index_file(lang)).read_bytes()),
            "nordplus junior",
        )
        kinds = {hit.page.kind.rpartition(", ")[2] for hit in hits[:3]}
        assert kinds == {"Fjordland", "Bygdeland", "Dalen"}
        for hit in hits[:3]:
            path = built / "public" / home / hit.page.href.partition("#")[0]
            assert (path.resolve() / "index.html").is_file()


def test_what_has_not_changed_is_not_built_again(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "all"
    shutil.copytree(built, root)
    # Another place is another cache: nothing there is believed.
    assert glokal("build", cwd=root, timeout=600).returncode == 0
    before = {p: p.stat().st_mtime_ns for p in root.rglob("public/.glokal")}
    assert len(before) == 3
    again = glokal("build", cwd=root, timeout=600)
    assert "fjordland er oppdatert." in again.stdout
    assert "ingenting er endret" in again.stdout
    assert {p: p.stat().st_mtime_ns for p in before} == before
    file = root / "bygdeland" / "data" / "strategy" / "fjordland.ttl"
    replace(file, ('"Brevvenner"@nb', '"Brevvenner i nord"@nb'))
    third = glokal("build", cwd=root, timeout=600)
    assert third.returncode == 0, third.stderr
    assert "fjordland er oppdatert." in third.stdout
    assert "Bygde bygdeland/public" in third.stdout
    changed = {p.parent for p, at in before.items() if p.stat().st_mtime_ns != at}
    assert changed == {root / "public", root / "bygdeland" / "public"}
    names = (root / "public" / "names.nb.json").read_text(encoding="utf-8")
    assert "Brevvenner i nord" in names
    # A member with a fault stops the whole, and the old one stands.
    replace(file, ("glo:supportedUnder programme", "glo:supportedUnder glo:programme"))
    kept = files_of(root / "public")
    fourth = glokal("build", "--lang", "en", cwd=root, timeout=600)
    assert fourth.returncode == 1
    assert "bygdeland" in fourth.stderr
    assert files_of(root / "public") == kept


def test_a_check_of_all_names_the_member_and_proposes(root: Path) -> None:
    write(root)
    clean = glokal("check", "--lang", "en", cwd=root, timeout=300)
    assert clean.returncode == 0, clean.stdout
    assert "are both called “Nordplus”" in clean.stdout
    assert "same.toml: note" in clean.stdout
    file = root / "bygdeland" / "data" / "strategy" / "fjordland.ttl"
    replace(file, ('"Brevvenner"@nb ,', ""))
    done = glokal("check", "--lang", "en", "--format", "json", cwd=root, timeout=300)
    assert done.returncode == 1
    assert "bygdeland/data/strategy/fjordland.ttl" in done.stdout


def test_commands_answer_for_all(root: Path) -> None:
    write(root, NAMED, same("programme/nordplus"))
    listed = glokal("query", cwd=root)
    assert SPANNING in listed.stdout and PARTNERS in listed.stdout
    answer = glokal("query", SPANNING, "--format", "csv", "--lang", "en", cwd=root)
    assert "Nordplus,2,Bygdeland; Fjordland" in answer.stdout
    count = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s a glo:Goal } }"
    wrong = glokal("sparql", count, cwd=root)
    assert wrong.returncode == 1
    text = (
        "PREFIX glo: <https://w3id.org/glokal/def#> "
        "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s a glo:Programme } }"
    )
    assert glokal("sparql", text, "--format", "csv", cwd=root).stdout.split() == [
        "n",
        "2",
    ]
    for args in (
        ("query", SPANNING, "--as-of", "2026-01-31"),
        ("query", SPANNING, "--param", "a=b"),
        ("query", "goals"),
        ("build", "--endpoint", "http://127.0.0.1:1/"),
        ("check", "--watch"),
    ):
        done = glokal(*args, cwd=root)
        assert done.returncode == 2, args
        assert "Gjør dette:" in done.stderr or "Do this:" in done.stderr, args
    stale = glokal("stale", cwd=root)
    assert stale.returncode == 2
    assert "flere regioner (regions.toml)" in stale.stderr


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[servers.Server]:
    with servers.serving(built) as server:
        yield server


def fetched(address: str, accept: str = "*/*") -> bytes:
    request = Request(address, headers={"Accept": accept})
    with urlopen(request, timeout=60) as answer:
        data: bytes = answer.read()
        return data


def test_the_server_answers_for_all(served: servers.Server) -> None:
    text = (
        "PREFIX glo: <https://w3id.org/glokal/def#> SELECT ?p { ?p a glo:Programme } "
    )
    found = fetched(f"{served.address}/sparql?{urlencode({'query': text})}", "text/csv")
    assert len(found.split()) == 1 + 2 * 3
    graphs = "SELECT (COUNT(*) AS ?n) { GRAPH <%sgraph/source> { ?s ?p ?o } }"
    for base in BASES.values():
        query = urlencode({"query": graphs % base})
        assert (
            int(fetched(f"{served.address}/sparql?{query}", "text/csv").split()[1]) > 0
        )
    told = json.loads(fetched(f"{served.address}/api/queries/{SPANNING}?format=json"))
    assert told["rows"][0]["regionCount"] == 3
    for path in ("", "en/", "query/", "api/", "region/fjordland/", "region/dalen/"):
        assert b"<html" in fetched(f"{served.address}/{path}")
    page = fetched(f"{served.address}/en/search/?q=nordplus+junior").decode()
    assert page.count(">Nordplus Junior</a>") == 3


def test_each_member_is_pushed_and_what_others_use_is_kept(
    root: Path, tmp_path: Path
) -> None:
    write(root)
    core = "https://w3id.org/glokal/graph/ontology/core"
    asked = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{core}> {{ ?s ?p ?o }} }}"
    with servers.oxigraph(tmp_path) as address:
        service = f"{address}/query"
        assert glokal("push", "--endpoint", service, cwd=root).returncode == 0

        def number() -> int:
            found = fetched(f"{service}?{urlencode({'query': asked})}", "text/csv")
            return int(found.split()[1])

        before = number()
        assert before > 0
        one = glokal("push", "--remove", "--endpoint", service, cwd=root / "bygdeland")
        assert one.returncode == 0 and core in one.stdout
        assert number() == before
        check = glokal(
            "check", "--endpoint", service, cwd=root / "fjordland", timeout=300
        )
        assert check.returncode == 0, check.stdout
        assert (
            glokal(
                "push", "--remove", "--endpoint", service, cwd=root / "fjordland"
            ).returncode
            == 0
        )
        assert number() == 0

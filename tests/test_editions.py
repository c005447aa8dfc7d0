"""Editions: provably the same, never changed in silence, compared in words and RDF."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from glokal.core.errors import FindingsError, SourceError
from glokal.core.languages import ByLanguage
from glokal.core.namespaces import CHANGESET, DCAT, DCTERMS, GLO, OWL, RDF
from glokal.core.settings import load_project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.releases.edition_records import order
from glokal.dataset.releases.graph_diff import changes_as_rdf, compare_snapshots
from glokal.dataset.releases.graph_snapshot import Snapshot, snapshot, snapshot_of
from glokal.dataset.releases.record import read_editions, record_edition
from glokal.dataset.workspace import Workspace
from glokal.harvest.simulation import simulate_harvest
from glokal.rdf.canonical import canonical_triples
from glokal.rdf.terms import text_of
from glokal.server.app import make_app
from glokal.site.build import build_site
from glokal.site.build_cache import BuildCache
from glokal.site.diff.description import describe_diff
from glokal.site.diff.impact import AnswerChange, Effects
from glokal.site.diff.renderers import as_text
from glokal.site.graph_view import GraphView
from glokal.site.pages.ontology.page import write_terms
from glokal.site.pages.releases import Step
from glokal.site.renderer import PageRenderer
from tests.conftest import ROOT, copy_project, glokal

ATOM = "{http://www.w3.org/2005/Atom}"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def rename(folder: Path) -> None:
    """A change of the data: an activity gets another name.

    Its passage doesn't have that name, which is a fault where passages are chosen.
    """
    shutil.rmtree(folder / "data" / "provenance", ignore_errors=True)
    change(folder, "data/strategy/fjordland.ttl", '"Brevvenner"@nb', '"Pennevenner"@nb')


def raise_version(folder: Path, version: str = "1.1.0") -> None:
    change(folder, "publication.toml", 'version = "1.0.0"', f'version = "{version}"')


def work(folder: Path) -> Workspace:
    return Workspace(load_project(folder))


def two_editions(source: Path, folder: Path) -> Path:
    """A copy with one edition, changed, given a new version, and published."""
    folder = copy_project(source, folder)
    norway = "http://publications.europa.eu/resource/authority/country/NOR"
    change(
        folder, "publication.toml", "[catalog]", f'[catalog]\nspatial = ["{norway}"]'
    )
    record_edition(work(folder))
    rename(folder)
    raise_version(folder)
    change(folder, "publication.toml", "modified = 2026-01-15", "modified = 2026-02-01")
    build_site(work(folder), folder / "public")
    return folder


@pytest.fixture(scope="module")
def two(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_editions(warm_region, tmp_path_factory.mktemp("two") / "fjordland")


@pytest.fixture
def folder(two: Path, tmp_path: Path) -> Path:
    copy = copy_project(two, tmp_path / "fjordland")
    shutil.copytree(two / "public", copy / "public")
    return copy


# What is kept, and what it keeps from happening.


def test_an_edition_built_again_is_the_same(region: Path, tmp_path: Path) -> None:
    edition, new = record_edition(work(region))
    assert new
    text = gzip.decompress((region / "editions" / "1.0.0.nq.gz").read_bytes())
    assert hashlib.sha256(text).hexdigest() == edition.quads
    assert text == b"".join(sorted(text.splitlines(keepends=True)))
    built = build_site(work(region), tmp_path / "public")
    assert built is not None
    assert built.dumps.quads == edition.quads
    files = {p: p.read_bytes() for p in (region / "editions").iterdir()}
    again, new = record_edition(work(region))
    assert again == edition
    assert not new
    assert {p: p.read_bytes() for p in (region / "editions").iterdir()} == files


def test_a_changed_edition_without_a_new_version_is_refused(region: Path) -> None:
    build_site(work(region), region / "public")
    before = (region / "public" / "index.html").stat().st_mtime_ns
    assert glokal("edition", cwd=region).returncode == 0
    rename(region)
    for command in ("build", "edition"):
        told = glokal(command, cwd=region)
        assert told.returncode == 1
        assert "publication.toml:5: The edition 1.0.0 was published" in told.stderr
        assert "new number" in told.stderr
        assert "Traceback" not in told.stderr
    assert (region / "public" / "index.html").stat().st_mtime_ns == before
    assert not list(region.glob(".public-*"))
    raise_version(region)
    assert glokal("build", cwd=region).returncode == 0
    assert glokal("edition", cwd=region).returncode == 0
    assert [e.version for e in read_editions(load_project(region))] == [
        "1.0.0",
        "1.1.0",
    ]


def test_a_version_below_the_last_edition_is_refused(region: Path) -> None:
    record_edition(work(region))
    raise_version(region, "0.9.0")
    with pytest.raises(FindingsError, match="older than the edition"):
        build_site(work(region), region / "public")


def test_versions_are_sorted_by_their_numbers() -> None:
    assert order("1.10.0") > order("1.9.9") > order("1.9.0")


@pytest.mark.parametrize(
    ("file", "spoil", "said"),
    [
        ("1.0.0.nq.gz", lambda raw: gzip.compress(b""), "have been changed"),
        ("1.0.0.nq.gz", lambda raw: raw[:100], "can't be read"),
        ("1.0.0.toml", lambda raw: raw[:20], "not the record"),
        ("1.0.0.toml", lambda raw: raw.replace(b"1.0.0", b"1.0.5"), "not the record"),
        ("1.0.0.toml", lambda raw: raw.replace(b'= "', b'= "x'), "not the record"),
    ],
)  # fmt: skip
def test_an_edition_that_was_tampered_with_is_named(
    file: str, spoil: Callable[[bytes], bytes], said: str, folder: Path
) -> None:
    path = folder / "editions" / file
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SourceError, match=said) as caught:
        build_site(work(folder), folder / "other")
    assert caught.value.place is not None
    assert caught.value.place.file == f"editions/{file}"
    assert not (folder / "other").exists()


@pytest.fixture(scope="module")
def three(two: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with three recorded editions, and the settings of the third."""
    copy = copy_project(two, tmp_path_factory.mktemp("three") / "fjordland")
    record_edition(work(copy))
    change(copy, "data/strategy/fjordland.ttl", '"Pennevenner"@nb', '"Venner"@nb')
    change(copy, "publication.toml", 'version = "1.1.0"', 'version = "1.2.0"')
    record_edition(work(copy))
    return copy


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _changed(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: change(folder, name, old, new)


def _swapped(folder: Path) -> None:
    one, other = folder / "editions/1.0.0.toml", folder / "editions/1.1.0.toml"
    texts = one.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
    one.write_text(texts[1].replace('version = "1.1.0"', 'version = "1.0.0"'))
    other.write_text(texts[0].replace('version = "1.0.0"', 'version = "1.1.0"'))


@pytest.mark.parametrize(
    ("spoil", "said", "file"),
    [
        (_without("editions/1.0.0.toml"), "is gone", "editions/1.0.0.toml"),
        (_without("editions/1.1.0.toml"), "is gone", "editions/1.1.0.toml"),
        # No other record names the last one.
        (_without("editions/1.2.0.toml"), "is gone", "editions/1.2.0.toml"),
        (_without("editions/last.toml"), "is gone", "editions/last.toml"),
        (
            _changed("editions/last.toml", "version", "versjon"),
            "doesn't name",
            "editions/last.toml",
        ),
        (
            _changed("editions/1.2.0.toml", "2026-02-01", "2026-02-02"),
            "has been changed",
            "editions/1.2.0.toml",
        ),
        (
            _changed("editions/last.toml", "1.2.0", "1.1.0"),
            "after the last one",
            "editions/1.2.0.toml",
        ),
        (
            _changed("editions/1.0.0.toml", "2026-01-15", "2026-01-14"),
            "has been changed",
            "editions/1.0.0.toml",
        ),
        (
            _changed("editions/1.1.0.toml", 'slug = "fjordland"', 'slug = "other"'),
            "has been changed|another base or slug",
            "editions/1.1.0.toml",
        ),
        (
            _changed("editions/1.2.0.toml", "2026-02-01", "2026-01-01"),
            "before the edition",
            "editions/1.2.0.toml",
        ),
        (_swapped, "stands before it|before the edition", "editions/1.0.0.toml"),
        (
            _changed(
                "publication.toml", "modified = 2026-02-01", "modified = 2026-01-31"
            ),
            "is before that of the edition",
            "publication.toml",
        ),
        (
            _changed("publication.toml", 'slug = "fjordland"', 'slug = "fjordheim"'),
            "was 'fjordland'",
            "publication.toml",
        ),
    ],
)
def test_a_history_is_not_lost_and_doesn_t_go_backwards(
    spoil: Callable[[Path], None], said: str, file: str, three: Path, tmp_path: Path
) -> None:
    folder = copy_project(three, tmp_path / "fjordland")
    change(folder, "publication.toml", 'version = "1.2.0"', 'version = "1.3.0"')
    spoil(folder)
    with pytest.raises((SourceError, FindingsError), match=said) as caught:
        record_edition(work(folder))
    assert caught.value.place is not None
    assert caught.value.place.file == file
    with pytest.raises((SourceError, FindingsError), match=said):
        build_site(work(folder), folder / "public")
    assert not (folder / "public").exists()
    assert not (folder / "editions" / "1.3.0.toml").exists()


def test_each_record_has_the_digest_of_the_one_before(three: Path) -> None:
    first, second, third = (
        tomllib.loads((three / "editions" / f"{v}.toml").read_text(encoding="utf-8"))
        for v in ("1.0.0", "1.1.0", "1.2.0")
    )
    assert (first["previous"], second["previous"], third["previous"]) == (
        "",
        "1.0.0",
        "1.1.0",
    )
    raw = (three / "editions" / "1.1.0.toml").read_bytes()
    assert third["previous_digest"] == hashlib.sha256(raw).hexdigest()
    assert third["base"] == "https://fjordland.example/"
    last = (three / "editions" / "last.toml").read_text(encoding="utf-8")
    raw = (three / "editions" / "1.2.0.toml").read_bytes()
    assert tomllib.loads(last) == {
        "version": "1.2.0",
        "digest": hashlib.sha256(raw).hexdigest(),
    }


def test_the_remedy_for_records_that_never_had_a_last_one_works(
    three: Path, tmp_path: Path
) -> None:
    folder = copy_project(three, tmp_path / "fjordland")
    path = folder / "editions" / "last.toml"
    before = path.read_bytes()
    path.unlink()
    with pytest.raises(SourceError) as caught:
        read_editions(load_project(folder))
    _, _, lines = caught.value.remedy.rpartition("in it: ")
    path.write_text(
        "".join(f"{x}\n" for x in lines.removesuffix(".").split(" and ")), "utf-8"
    )
    assert path.read_bytes() == before
    assert len(read_editions(load_project(folder))) == 3


def test_all_records_may_not_be_gone(three: Path, tmp_path: Path) -> None:
    folder = copy_project(three, tmp_path / "fjordland")
    for path in (folder / "editions").glob("1.*"):
        path.unlink()
    with pytest.raises(SourceError, match=r"edition 1\.2\.0, the last, is gone"):
        read_editions(load_project(folder))


def test_verify_reads_each_edition_again(three: Path, tmp_path: Path) -> None:
    folder = copy_project(three, tmp_path / "fjordland")
    told = glokal("edition", "verify", cwd=folder)
    assert told.returncode == 0, told.stderr
    assert [line.split()[0] for line in told.stdout.splitlines()] == [
        "1.0.0",
        "1.1.0",
        "1.2.0",
    ]
    (folder / "editions" / "1.1.0.nq.gz").write_bytes(gzip.compress(b""))
    told = glokal("edition", "verify", cwd=folder)
    assert told.returncode == 1
    assert "editions/1.1.0.nq.gz: The statements" in told.stderr


def test_a_check_tells_of_a_lost_record(three: Path, tmp_path: Path) -> None:
    folder = copy_project(three, tmp_path / "fjordland")
    (folder / "editions" / "1.0.0.toml").unlink()
    told = glokal("check", "--only", "syntax", "--lang", "en", cwd=folder)
    assert told.returncode == 1
    assert "editions/1.0.0.toml" in told.stdout


def test_records_from_before_there_was_a_chain_are_carried_on(
    two: Path, tmp_path: Path
) -> None:
    folder = copy_project(two, tmp_path / "fjordland")
    path = folder / "editions" / "1.0.0.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:3]), encoding="utf-8")
    (folder / "editions" / "last.toml").unlink()
    made, new = record_edition(work(folder))
    assert new
    assert [e.version for e in read_editions(load_project(folder))] == [
        "1.0.0",
        made.version,
    ]


def test_no_edition_is_recorded_of_a_graph_with_faults(region: Path) -> None:
    change(region, "data/strategy/fjordland.ttl", "glo:statedIn", "glo:statedInn")
    told = glokal("edition", cwd=region)
    assert told.returncode == 1
    assert not (region / "editions").exists()


def test_a_recorded_edition_makes_the_publication_stale(region: Path) -> None:
    assert "Bygde" in glokal("build", cwd=region).stdout
    assert "oppdatert" in glokal("build", cwd=region).stdout
    glokal("edition", cwd=region)
    assert "Bygde" in glokal("build", cwd=region).stdout


# What changed.


def test_diff_says_it_in_three_languages(folder: Path) -> None:
    for lang, words in (
        ("nb", ("Endringer fra 1.0.0 til 1.1.0", "1 endret", "utveksling", "navn")),
        ("nn", ("Endringar frå 1.0.0 til 1.1.0", "1 endra", "utveksling", "namn")),
        ("en", ("Changes from 1.0.0 to 1.1.0", "1 changed", "exchange", "name")),
    ):
        told = glokal("diff", "1.0.0", "--lang", lang, cwd=folder)
        assert told.returncode == 1, told.stderr
        old, new = ("“{}”" if lang == "en" else "«{}»").format("Brevvenner"), "venner"
        for word in (*words, f"− {old} (nb)", new):
            assert word in told.stdout


def test_diff_takes_editions_folders_publications_and_files(folder: Path) -> None:
    dump = folder / "public" / "dump"
    for same in (".", "public", dump / "glokal.nq", dump / "glokal.nq.gz"):
        told = glokal("diff", same, cwd=folder)
        assert told.returncode == 0, told.stdout + told.stderr
        assert "Ingenting er endret." in told.stdout
    assert glokal("diff", "1.0.0", dump / "glokal.nq", cwd=folder).returncode == 1
    (folder / "a.ttl").write_text("<x:a> <x:p> 1 , 2 .", encoding="utf-8")
    (folder / "b.ttl").write_text("<x:a> <x:p> 2 , 3 .", encoding="utf-8")
    told = glokal("diff", "a.ttl", "b.ttl", cwd=folder)
    assert told.returncode == 1
    assert re.search(r"− «1»\n\s+\+ «3»", told.stdout)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("1.0.1", 2, "choose one of 1.0.0"),
        ("nowhere.nq", 2, "no edition, folder, file or Git revision"),
        ("publication.toml", 2, "unknown ending"),
        ("broken.ttl", 2, "broken.ttl:1"),
        ("broken.nq.gz", 2, "can't be read"),
    ],
)
def test_diff_names_what_it_can_t_read(
    name: str, code: int, said: str, folder: Path
) -> None:
    (folder / "broken.ttl").write_text("<x:a> <x:p", encoding="utf-8")
    (folder / "broken.nq.gz").write_text("no gzip", encoding="utf-8")
    told = glokal("diff", name, cwd=folder)
    assert told.returncode == code
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def quads(*lines: str) -> list[ox.Quad]:
    text = "@prefix : <https://e.example/> .\n" + "\n".join(lines)
    return list(ox.parse(input=text, format=ox.RdfFormat.TRIG))


def told(old: list[ox.Quad], new: list[ox.Quad]) -> str:
    one, other = snapshot("1", old), snapshot("2", new)
    return as_text(describe_diff(compare_snapshots(one, other), one, other, "en"))


def test_new_gone_and_changed_are_told_apart_and_what_follows_is_not_told() -> None:
    old = quads(":a :p 1 .", ":b :p 2 .", "<x:/graph/inferred> { :a :q 1 }")
    new = quads(":a :p 9 .", ":c :p 3 .", "<x:/graph/inferred> { :a :q 2 }")
    found = compare_snapshots(snapshot("1", old), snapshot("2", new))
    states = {text_of(ox.NamedNode(t.iri))[-1]: t.state for t in found.things}
    assert states == {"a": "changed", "b": "removed", "c": "added"}
    assert [p.iri for p in found.things[0].properties] == ["https://e.example/p"]
    assert "1 new, 1 gone, 1 changed." in told(old, new)


def test_counts_are_inflected_and_texts_quoted_as_the_language_does() -> None:
    old, new = quads(":a :p 1 .", ":b :p 2 ."), quads(":c :p 3 .", ":d :p 4 .")
    one, other = snapshot("1", old), snapshot("2", new)
    for lang, summary, quoted in (
        ("nb", "2 nye, 2 borte.", "«3»"),
        ("nn", "2 nye, 2 borte.", "«3»"),
        ("en", "2 new, 2 gone.", "“3”"),
    ):
        told_ = as_text(describe_diff(compare_snapshots(one, other), one, other, lang))
        assert summary in told_
        assert quoted in told_
    single = snapshot("2", quads(":a :p 1 .", ":b :p 2 .", ":c :p 3 ."))
    story = describe_diff(compare_snapshots(one, single), one, single, "nb")
    assert story.summary == "1 ny."


@pytest.mark.parametrize(
    ("lang", "summaries", "answers"),
    [
        (
            "nb",
            ("Ingenting er endret.", "1 ny.", "2 nye."),
            ("Ingen av 66 svar endres.", "1 av 66 svar endres."),
        ),
        (
            "nn",
            ("Ingenting er endra.", "1 ny.", "2 nye."),
            ("Ingen av 66 svar blir endra.", "1 av 66 svar blir endra."),
        ),
        (
            "en",
            ("Nothing has changed.", "1 new.", "2 new."),
            ("No answer of 66 changes.", "1 answer of 66 changes."),
        ),
    ],
)
def test_none_one_and_two_are_told_as_the_language_does(
    lang: str, summaries: tuple[str, ...], answers: tuple[str, str]
) -> None:
    old = snapshot("1", quads(":a :p 1 ."))
    for number, summary in enumerate(summaries):
        more = [f":n{n} :p {n} ." for n in range(number)]
        new = snapshot("2", quads(":a :p 1 .", *more))
        assert (
            describe_diff(compare_snapshots(old, new), old, new, lang).summary
            == summary
        )
    summaries_of = ByLanguage({"nb": "Mål", "en": "Goals"})
    query = CannedQuery(
        *("goals", Path("goals.rq"), summaries_of, {}, "", False, (), (), "", "", ""),
        *(None, "", ()),
    )
    changed = AnswerChange(query, (), ())
    for number, heading in enumerate(answers):
        done = Effects((), (), (changed,) * number, 66)
        story = describe_diff(compare_snapshots(old, old), old, old, lang, done)
        assert heading in {effect.heading for effect in story.effects}


def test_what_other_sources_say_is_marked() -> None:
    old = quads("<x:/graph/strategy/a> { :a :p 1 }")
    new = quads(
        "<x:/graph/strategy/a> { :a :p 1 }", "<x:/graph/supplement/a> { :a :p 2 }"
    )
    assert "p (from other sources)" in told(old, new)
    moved = quads("<x:/graph/supplement/a> { :a :p 1 }")
    assert "1 changed" in told(old, moved)


def test_blank_nodes_are_known_by_what_is_said_of_them() -> None:
    old = quads(":a :p [ :q 1 ; :r [ :s 2 ] ] .")
    same = quads(":a :p _:x . _:y :s 2 . _:x :r _:y ; :q 1 .")
    assert "Nothing has changed." in told(old, same)
    other = quads(":a :p [ :q 1 ; :r [ :s 3 ] ] .")
    assert "1 changed" in told(old, other)
    ring = quads(":a :p _:x . _:x :q _:x .")
    assert "Nothing has changed." in told(ring, ring)


iris = st.sampled_from("abc").map(lambda n: ox.NamedNode(f"https://e.example/{n}"))
values = iris | st.integers(0, 3).map(lambda n: ox.Literal(str(n)))
statements = st.builds(ox.Triple, iris, iris, values)
graphs = st.lists(statements, max_size=8).map(
    lambda ts: Snapshot("x", frozenset(("strategy", t) for t in ts))
)


@settings(max_examples=200)
@given(graphs, graphs)
def test_change_sets_turn_the_old_graph_into_the_new(
    old: Snapshot, new: Snapshot
) -> None:
    """The RDF alone is enough: take the removals away and put the additions in."""
    made = changes_as_rdf(
        compare_snapshots(old, new), "https://e.example/id/", "2026-01-01"
    )
    parts: dict[str, dict[str, object]] = {}
    for t in made:
        if t.predicate.value.startswith(RDF):
            name = t.predicate.value.removeprefix(RDF)
            parts.setdefault(text_of(t.subject), {})[name] = t.object

    def of(word: str) -> set[ox.Triple]:
        return {
            ox.Triple(p["subject"], p["predicate"], p["object"])  # type: ignore[arg-type]
            for t in made
            if t.predicate.value == CHANGESET + word
            for p in [parts[text_of(t.object)]]
        }

    before = {t for _, t in old.statements}
    assert (before - of("removal")) | of("addition") == {t for _, t in new.statements}
    assert not any(isinstance(t.object, ox.BlankNode) for t in made)
    assert canonical_triples(made) == canonical_triples(list(reversed(made)))


# What the publication shows of it.


def test_the_publication_has_pages_of_changes_a_feed_and_the_old_statements(
    two: Path,
) -> None:
    public = two / "public"
    assert (public / "edition/1.0.0/glokal.nq.gz").read_bytes() == (
        two / "editions/1.0.0.nq.gz"
    ).read_bytes()
    for page, words in (
        ("changes/index.html", ("Utgave 1.1.0", "Den første utgaven.")),
        ("en/changes/index.html", ("Edition 1.1.0", "The first edition.")),
        ("changes/1.1.0/index.html", ("Brevvenner", "Pennevenner")),
    ):
        shown = (public / page).read_text(encoding="utf-8")
        assert all(word in shown for word in words)
    sets = (public / "changes/1.1.0.ttl").read_text(encoding="utf-8")
    assert '"Pennevenner"@nb' in sets
    assert '"2026-02-01"^^xsd:date' in sets


@pytest.mark.parametrize(
    ("name", "lang"), [("feed.atom", "nb"), ("en/feed.atom", "en")]
)
def test_the_feed_is_atom_with_an_entry_an_edition(
    name: str, lang: str, two: Path
) -> None:
    feed = ET.fromstring((two / "public" / name).read_bytes())
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    # RFC 4287, section 4.1.1: what a feed and an entry must have.
    for part in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{part}")) == 1
    entries = feed.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}updated") for e in entries] == [
        "2026-02-01T00:00:00Z", "2026-01-15T00:00:00Z",
    ]  # fmt: skip
    ids = [e.findtext(f"{ATOM}id") for e in entries]
    assert len(set(ids)) == 2
    assert all(e.findtext(f"{ATOM}title") for e in entries)


def test_the_portal_finds_every_edition_by_walking_back(two: Path) -> None:
    """As its parser does: from dcat:last by dcat:prev, and all in the series met."""
    parsed = [q.triple for q in ox.parse(path=two / "public" / "catalog.ttl")]

    def one(subject: str, name: str) -> str:
        found = [
            text_of(t.object)
            for t in parsed
            if text_of(t.subject) == subject and t.predicate.value == DCAT + name
        ]
        return found[0] if found else ""

    series = "https://fjordland.example/id/dataset/fjordland-editions"
    walked = [one(series, "last")]
    while one(walked[-1], "prev"):
        walked.append(one(walked[-1], "prev"))
    members = {
        text_of(t.subject) for t in parsed if t.predicate.value == DCAT + "inSeries"
    }
    assert [w.rpartition("/")[2] for w in walked] == [
        "fjordland",
        "fjordland-edition-1",
    ]
    assert set(walked) == members
    assert one(series, "first") == walked[-1]
    versions = [one(w, "version") for w in walked]
    assert versions == ["1.1.0", "1.0.0"]
    assert not any("1.0.0" in text_of(t.subject) for t in parsed)


def test_the_ontology_has_the_version_and_dates_of_its_own_header(two: Path) -> None:
    parsed = [q.triple for q in ox.parse(path=two / "public" / "catalog.ttl")]

    def said(slug: str) -> dict[str, str]:
        return {
            re.split("[#/]", t.predicate.value)[-1]: text_of(t.object)
            for t in parsed
            if text_of(t.subject) == f"https://fjordland.example/id/dataset/{slug}"
        }

    # ontology/core.ttl and codes.ttl; the region is at 1.1.0 of 2026-02-01.
    for slug, version, modified in (
        ("fjordland-ontology", "0.1.0", "2026-11-23"),
        ("fjordland-codes", "0.1.0", "2026-11-23"),
        ("fjordland-shapes", "1.1.0", "2026-02-01"),
        ("fjordland", "1.1.0", "2026-02-01"),
        ("fjordland-edition-1", "1.0.0", "2026-01-15"),
    ):
        found = said(slug)
        assert (found["version"], found["modified"]) == (version, modified), slug


def test_the_portals_take_a_publication_with_editions(two: Path) -> None:
    found = simulate_harvest(work(two), two / "public")
    assert found.clean
    edition = next(d for d in found.datasets if d.iri.endswith("-edition-1"))
    assert [s.points for s in edition.scores] == [360, 400]


def test_the_project_s_own_editions_are_sound() -> None:
    """Every edition in the repository can be read and is what its record says."""
    for edition in read_editions(load_project(ROOT)):
        assert edition.read()


# What is no more keeps its address.


def test_a_thing_that_is_gone_answers_410_or_leads_to_what_came_instead(
    region: Path,
) -> None:
    things = "https://fjordland.example/id/"
    old, new, gone = (
        "activity/brevvenner",
        "activity/venner",
        "programme/nordplus-junior",
    )
    record_edition(work(region))
    path = region / "data/strategy/fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    text = text.replace("activity:brevvenner", "activity:venner")
    text = text.replace("programme:nordplus-junior", "programme:junior")
    path.write_text(text, encoding="utf-8")
    raise_version(region)
    replaced = f"<{things}{old}> <{DCTERMS}isReplacedBy> <{things}{new}> .\n"
    (region / "editions/replaced.ttl").write_text(replaced)
    assert build_site(work(region), region / "public") is not None
    app = make_app(load_project(region), region / "public")
    client = TestClient(app, follow_redirects=False)
    for path in (f"/id/{gone}", f"/doc/{gone}/", f"/en/doc/{gone}/"):
        answer = client.get(path, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["cache-control"]) == (
            410,
            "no-store",
        )
        assert "1.0.0" in answer.text
    formats = {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
    }
    for media, fmt in formats.items():
        answer = client.get(f"/id/{gone}", headers={"accept": media})
        assert answer.status_code == 410
        assert answer.headers["content-type"].partition(";")[0] == media
        said = {
            (text_of(q.subject), q.predicate.value, text_of(q.object))
            for q in ox.parse(answer.content, fmt)
        }
        assert (f"{things}{gone}", f"{OWL}deprecated", "true") in said
        assert any(p.endswith("#label") for _, p, _ in said)
    answer = client.get(f"/id/{gone}")
    assert answer.json()["status"] == 410
    # The last edition that is recorded, and how long each may be kept.
    for file in ("", "glokal.nq.gz"):
        answer = client.get(f"/edition/latest/{file}")
        there = f"/edition/1.0.0/{file}"
        assert (answer.status_code, answer.headers["location"]) == (302, there)
        assert client.get(there).status_code == 200
    kept = client.get("/edition/1.0.0/glokal.nq.gz").headers
    assert "immutable" in kept["cache-control"]
    assert "last-modified" not in kept
    kept = client.get("/catalog.ttl").headers
    assert kept["last-modified"] == "Thu, 15 Jan 2026 00:00:00 GMT"
    assert kept["cache-control"] == "public, max-age=300"
    for path in (f"/id/{old}", f"/doc/{old}/", f"/doc/{old}.ttl"):
        answer = client.get(path)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/id/{new}"
    assert client.get("/id/activity/never-was").status_code == 404
    page = (region / "public" / "doc" / old / "index.html").read_text(encoding="utf-8")
    assert f"../../../doc/{new}/" in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("activity/never-was", "municipality/vik", "is not retired"),
        ("municipality/nes", "municipality/vik", "is not retired"),
    ],
)
def test_a_wrong_replacement_is_refused(
    region: Path, old: str, new: str, said: str
) -> None:
    base = "https://fjordland.example/id/"
    record_edition(work(region))
    line = f"<{base}{old}> <{DCTERMS}isReplacedBy> <{base}{new}> .\n"
    (region / "editions/replaced.ttl").write_text(line)
    with pytest.raises(SourceError, match=said) as caught:
        build_site(work(region), region / "public")
    assert str(caught.value).startswith("editions/replaced.ttl")


def test_the_page_of_terms_tells_which_have_changed(
    strategy: Workspace, tmp_path: Path
) -> None:
    now = snapshot_of(strategy)
    programme, place = (
        ox.NamedNode(GLO + "Programme"),
        ox.NamedNode(GLO + "Municipality"),
    )
    before = [(kind, t) for kind, t in now.statements if t.subject != programme]
    before = [
        (kind, t)
        for kind, t in before
        if t.subject != place or not t.predicate.value.endswith("definition")
    ]
    gone = ox.Triple(ox.NamedNode(GLO + "Gone"), ox.NamedNode(RDF + "type"), place)
    renamed = Snapshot("0.9.1", frozenset([*before, ("ontology", gone)]))
    steps = [
        Step("0.9.0", date(2026, 1, 1), None, {}),
        Step("0.9.1", date(2026, 2, 1), compare_snapshots(renamed, renamed), {}),
        Step("1.0.0", date(2026, 3, 1), compare_snapshots(renamed, now), {}),
    ]
    pages = PageRenderer(
        strategy.project,
        tmp_path / "new",
        BuildCache(tmp_path, tmp_path / "new", strategy.project.cache("test")),
    )
    write_terms(GraphView(strategy), pages, strategy, steps)
    for lang, path, said in (
        ("nb", "def", ("Nye", "Endret", "Tatt ut")),
        ("en", "en/def", ("New", "Changed", "Retired")),
    ):
        page = (tmp_path / "new" / path / "index.html").read_text(encoding="utf-8")
        section = page.partition('<section aria-labelledby="changed">')[2]
        told = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section))
        assert tuple(told) == said, lang
        assert "#Programme" in told[said[0]]
        assert re.findall(r"#(\w+)", told[said[1]]) == ["Municipality"]
        assert told[said[2]] == "Gone"
        assert "changes/1.0.0/" in section
        assert "0.9.1" not in section
    write_terms(GraphView(strategy), pages, strategy, steps[:2])
    page = (tmp_path / "new/def/index.html").read_text(encoding="utf-8")
    assert "Ingen begreper er endret" in page

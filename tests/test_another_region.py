"""A region that is settings and data: what is shared works for it, and names no other.

The invented region of `tests/region/` is taken without its own questions, so that those
that come with Glokal are asked. What answers must be is read from its seven passages.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glokal.core.errors import ConfigError, SourceError
from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.core.settings import load_project
from glokal.dataset.push import PushResult, push_graphs, remove
from glokal.dataset.push_record import open_pushed
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import folder_of
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words
from glokal.site.pages.gaps import mapping
from glokal.site.pages.home import figures
from glokal.site.pages.ontology.code_lists import code_lists
from glokal.site.programme_matrix import matrix
from glokal.sparql.store_interface import Table
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, graph_store_of
from glokal.validation.finding import Severity
from glokal.validation.pipeline import run_checks
from glokal.validation.report import Report
from tests import servers
from tests.conftest import ROOT, glokal

REGION = ROOT / "tests" / "region"
SHARED = ("src/glokal", "queries", "ontology", "shapes")
TEXTS = {".py", ".rq", ".toml", ".ttl", ".html", ".css", ".js", ".txt", ".md"}
# Whose names no other region has. What several have, such as the names of ministries,
# may stand in an example.
OWN = ("activity", "authority", "municipality", "plan", "region", "vision", "county")


def copied(folder: Path) -> Path:
    """Return a copy of the invented region without its own questions."""
    place = folder / "fjordland"
    shutil.copytree(REGION, place)
    shutil.rmtree(place / "queries")
    shutil.rmtree(place / "expected")
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return copied(tmp_path)


def replace(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def errors(workspace: Workspace) -> list[str]:
    """Return the faults but for quotations: the text stays as it is in these tests."""
    found = run_checks(workspace).findings
    grave = (f for f in found if f.severity == Severity.VIOLATION)
    return [f.text("en") for f in grave if f.step != "quotes"]


def answer(place: Path, query: str, **values: str) -> list[list[str]]:
    workspace = Workspace(load_project(place))
    found = next(q for q in workspace.queries if q.slug == query)
    text = found.bind(values, project=workspace.project, lang="en")
    result = workspace.store.query(text)
    assert isinstance(result, Table)
    return [[text_of(cell) for cell in row] for row in result.rows]


def test_no_word_of_the_first_region_is_shared() -> None:
    workspace = Workspace(load_project(ROOT))
    project = workspace.project
    codes = {
        text_of(t.object)
        for f in workspace.files
        if f.name == "ontology/codes.ttl"
        for t in f.triples
        if t.predicate.value == SKOS + "prefLabel"
    }
    names, parts = set(), set()
    for t in (t for f in workspace.files if f.kind != "ontology" for t in f.triples):
        kind, _, slug = text_of(t.subject).removeprefix(project.things).partition("/")
        if kind in OWN and t.predicate.value in (RDFS + "label", SKOS + "altLabel"):
            names.add(text_of(t.object))
        if kind in ("municipality", "region") and "withinRegion" in t.predicate.value:
            parts.add(slug)
    assert len(names) > 100 and len(parts) == 5
    names = {n for n in names - codes if " " in n or n in ("Innherred", "Trøndelag")}
    parts |= {"innherred", "trondelag", "trøndelag", "snåsa", "inderøy"}
    words = re.compile(
        r"\b(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b"
    )
    slugs = re.compile(r"(?<![a-z])(" + "|".join(sorted(parts)) + ")", re.IGNORECASE)
    searched, found = 0, []
    for root in SHARED:
        for file in sorted((ROOT / root).rglob("*")):
            if file.suffix not in TEXTS or {"web", "__pycache__"} & set(file.parts):
                continue
            searched += 1
            text = file.read_text(encoding="utf-8")
            for match in (*words.finditer(text), *slugs.finditer(text)):
                found.append(f"{file.relative_to(ROOT)}: {match[0]}")
    assert searched > 600
    assert found == []


def test_a_region_needs_no_more_than_settings_and_data(place: Path) -> None:
    report = run_checks(Workspace(load_project(place)))
    assert [f.text("en") for f in report.findings] == []
    assert "competency" in report.steps
    assert report.counts["derived_rows"] == report.counts["snapshots"] == 0
    shared = len(folder_of(load_project(ROOT), "queries").of(".rq"))
    assert report.counts["queries"] == shared > 60


def test_it_builds_with_every_shared_question(place: Path) -> None:
    shown = glokal("build", cwd=place, timeout=900)
    assert shown.returncode == 0, shown.stderr
    slugs = [f.path.stem for f in folder_of(load_project(ROOT), "queries").of(".rq")]
    for slug in slugs:
        assert (place / "public" / "query" / slug / "index.html").is_file(), slug
    areas = (place / "public/code/subject-area").iterdir()
    assert [p.name for p in areas if p.is_dir()] == ["education"]
    # The list itself leads to the ontology; none of its codes is there.
    groups = (place / "public/code/collaborator-group").iterdir()
    assert [p.name for p in groups] == ["index.html"]
    # Nothing there has a country: the page says so, and lists nothing.
    page = (place / "public/en/query/activities-with-country/index.html").read_text()
    assert "So far nothing of the kind has been entered" in page


def test_a_slug_is_of_its_kind_and_of_the_project(place: Path) -> None:
    assert [
        r[3] for r in answer(place, "entries-of-municipality", municipality="vik")
    ] == ["Pen friends"]
    asked = ("query", "entries-of-municipality", "--param")
    shown = glokal(*asked, "municipality=vikk", cwd=place)
    assert shown.returncode == 2
    assert "velg blant vik." in shown.stderr
    shown = glokal(*asked, "municipality=nordplus", cwd=place)
    assert shown.returncode == 2 and "«nordplus» finnes ikke" in shown.stderr


def test_defaults_are_of_the_data_or_of_the_settings(place: Path) -> None:
    def defaults(slug: str) -> dict[str, str]:
        queries = Workspace(load_project(place)).queries
        query = next(q for q in queries if q.slug == slug)
        return {p.name: p.default.rpartition("/id/")[2] for p in query.parameters}

    # Two parameters of one kind are asked about two things.
    both = defaults("things-of-two-municipalities")
    assert sorted(both.values()) == ["municipality/nes", "municipality/vik"]
    assert defaults("activities-with-country") == {"country": ""}
    settings = place / "publication.toml"
    text = settings.read_text(encoding="utf-8")
    told = '\n[questions]\nentries-of-municipality = { municipality = "vik" }\n'
    settings.write_text(text + told, encoding="utf-8")
    assert defaults("entries-of-municipality") == {"municipality": "municipality/vik"}


def test_a_default_is_a_municipality_that_has_something(place: Path) -> None:
    """What a municipality takes part in is said of its authority, not of the area."""
    file = place / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    empty = "".join(
        f'\nmunicipality:aa rdfs:label "Aa {n}"@{lang} .'
        for n, lang in enumerate(("nb", "nn", "en", "sv", "da", "fi", "is", "se"))
    )
    empty += "\nmunicipality:aa a glo:Municipality ."
    empty += "\nauthority:aa glo:governs municipality:aa ."
    file.write_text(text + empty, encoding="utf-8")
    queries = Workspace(load_project(place)).queries
    asked = next(q for q in queries if q.slug == "entries-of-municipality")
    assert asked.parameters[0].default.rpartition("/")[2] in {"nes", "vik"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('entries-of-town = { municipality = "vik" }', "questions.entries-of-town"),
        ('entries-of-municipality = { town = "vik" }', "municipality.town"),
        ('entries-of-municipality = { municipality = "os" }', "'os'"),
        ("entries-of-municipality = 3", "is 3"),
    ],
)
def test_a_wrong_default_is_told_by_name(place: Path, written: str, said: str) -> None:
    settings = place / "publication.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\n[questions]\n{written}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        _ = Workspace(load_project(place)).queries
    assert said in caught.value.what
    assert caught.value.remedy


def test_codes_of_the_region_may_have_any_namespace(place: Path) -> None:
    (place / "data/codes.ttl").write_text(
        """@prefix area: <https://fjordland.example/lists#> .
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix scheme: <https://w3id.org/glokal/code/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

area:sea a glo:SubjectArea , skos:Concept ;
  skos:prefLabel
    "Hav"@nb ,
    "Hav"@nn ,
    "Sea"@en ;
  skos:inScheme scheme:subject-area .

area:unused a glo:SubjectArea , skos:Concept ;
  skos:prefLabel
    "Ubrukt"@nb ,
    "Ubrukt"@nn ,
    "Unused"@en ;
  skos:inScheme scheme:subject-area .
""",
        encoding="utf-8",
    )
    replace(
        place / "data/strategy/fjordland.ttl",
        (
            "https://w3id.org/glokal/code/subject-area/",
            "https://fjordland.example/lists#",
        ),
        ("subject-area:education", "subject-area:sea"),
    )
    workspace = Workspace(load_project(place))
    assert errors(workspace) == []
    view = GraphView(workspace)
    cells = mapping(view, workspace, "en")
    assert [(c.text, c.href) for c in cells.columns] == [
        ("Sea", "code/subject-area/sea/")
    ]
    listed = {c.label: [x.label.text for x in c.codes] for c in code_lists(view, "en")}
    assert listed["Subject areas"] == ["Sea"]
    assert "Topics" not in listed and "Roles" in listed
    rows = answer(place, "entries-in-subject-area", subjectArea="sea")
    assert [row[1] for row in rows] == ["Nes", "Vik"]


def test_common_codes_are_taken_up_by_those_who_name_them(place: Path) -> None:
    workspace = Workspace(load_project(place))
    common = [f for f in workspace.files if f.name == "ontology/common-codes.ttl"]
    assert [f.graph for f in common] == ["https://fjordland.example/graph/common-codes"]
    named = {text_of(t.subject).rpartition("/")[2] for f in common for t in f.triples}
    assert named == {"education"}
    # Innherred describes its own.
    files = Workspace(load_project(ROOT)).files
    assert not [f for f in files if f.name == "ontology/common-codes.ttl"]


def no_region(place: Path, applies_to: str) -> None:
    """Take the cooperation region away; the plan applies to something else."""
    file = place / "data/strategy/fjordland.ttl"
    replace(
        file,
        (" ;\n  glo:withinRegion region:fjordland .", " ."),
        ("  glo:cooperatesIn region:fjordland ;\n", ""),
        ("glo:IntermunicipalPoliticalCouncil", "glo:CooperationNetwork"),
        ("glo:appliesTo region:fjordland", f"glo:appliesTo {applies_to}"),
    )
    text = file.read_text(encoding="utf-8")
    start = text.index("region:fjordland a ")
    text = text[:start].rstrip() + "\n"
    text = text.replace(
        "@prefix region: <https://fjordland.example/id/region/> .\n", ""
    )
    file.write_text(text, encoding="utf-8")


def test_a_plan_of_one_municipality_has_pages_with_something_in_them(
    place: Path,
) -> None:
    no_region(place, "municipality:vik")
    workspace = Workspace(load_project(place))
    assert errors(workspace) == []
    view = GraphView(workspace)
    # The one that it applies to, and the one that its mapping has besides.
    there = [m.rpartition("/")[2] for m in view.region_municipalities()]
    assert there == ["nes", "vik"]
    assert [row[1] for row in answer(place, "cell-counts")] == ["Nes", "Vik"]
    shown = matrix(view, workspace, "en")
    assert [place.text for place, _ in shown.rows] == ["Nes", "Vik"]
    assert [square.count for _, squares in shown.rows for square in squares] == [1, 1]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_one_is_counted_in_the_singular(region: Path, lang: str) -> None:
    words = load_words()[lang]
    workspace = Workspace(load_project(region))
    told = dict(figures(GraphView(workspace), workspace, lang, words)[:2])
    programme = {"nb": ("program", "programmer"), "en": ("programme", "programmes")}
    assert told == {
        2: {"nb": "kommuner", "en": "municipalities"}[lang],
        1: programme[lang][0],
    }


def test_documents_have_offsets_of_their_own(place: Path) -> None:
    (place / "data/strategy/plan.ttl").write_text(
        """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix document: <https://fjordland.example/id/document/> .
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix passage: <https://fjordland.example/id/passage/> .
@prefix passage-kind: <https://w3id.org/glokal/code/passage-kind/> .
@prefix plan: <https://fjordland.example/id/plan/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

document:action-plan a glo:SourceDocument ;
  rdfs:label
    "Handlingsplanen"@nb ,
    "The action plan"@en ;
  dcterms:language "nb" ;
  glo:documents plan:action-plan ;
  glo:textDigest "sha256:0000" .

passage:action-plan-00000-00024 a glo:SourcePassage ;
  glo:citation
    "Handlingsplanen, tittel"@nb ,
    "The action plan, title"@en ;
  glo:endOffset 24 ;
  glo:exactText "Handlingsplan, Fjordland" ;
  glo:passageKind passage-kind:title ;
  glo:passageOf document:action-plan ;
  glo:readingText "Handlingsplan, Fjordland"@nb ;
  glo:startOffset 0 .

plan:action-plan a glo:StrategicPlan ;
  rdfs:label
    "Handlingsplan, Fjordland"@nb ,
    "Action plan, Fjordland"@en ;
  glo:statedIn passage:action-plan-00000-00024 .
""",
        encoding="utf-8",
    )
    text = place / "plan.txt"
    text.write_text("Handlingsplan, Fjordland\n", encoding="utf-8")

    def found(file: Path | None) -> set[str]:
        workspace = Workspace(load_project(place))
        report = run_checks(workspace, text=file, only=["quotes"])
        return {
            f.rule for f in report.findings if f.severity > 0 and f.rule != "uncovered"
        }

    assert "overlap" not in found(None)
    # Each text is compared with the passages of its own document.
    assert found(place / "strategy.txt") == found(None)
    assert "digest" in found(text)
    right = "sha256:" + hashlib.sha256(text.read_bytes()).hexdigest()
    file = place / "data/strategy/plan.ttl"
    written = re.search(r"sha256:\w+", file.read_text(encoding="utf-8"))
    assert written is not None
    replace(file, (written[0], right))
    assert found(text) == found(None)
    replace(file, ('"Handlingsplan, Fjordland" ;', '"Handlingsplan: Fjordland" ;'))
    assert "text" in found(text) and "text" not in found(place / "strategy.txt")
    # In one document passages still may not overlap.
    replace(place / "data/source.ttl", ("glo:startOffset 33 ", "glo:startOffset 30 "))
    assert "overlap" in found(None)


def test_rows_beside_a_query_are_refused(place: Path) -> None:
    (place / "queries").mkdir()
    shutil.copy(ROOT / "queries/goals.rq", place / "queries/goals.rq")
    (place / "queries/goals.csv").write_text("goal\n", encoding="utf-8")
    with pytest.raises(SourceError, match="folder expected"):
        _ = Workspace(load_project(place)).queries


def competency(place: Path) -> Report:
    return run_checks(Workspace(load_project(place)), only=["competency"])


def test_an_answer_is_kept_as_a_snapshot_and_proves_nothing(place: Path) -> None:
    asked = ("query", "entries-of-municipality", "--param", "municipality=vik")
    shown = glokal(*asked, "--accept", cwd=place)
    assert shown.returncode == 0, shown.stderr
    assert "+ vik-education-1" in shown.stderr
    file = place / "expected/entries-of-municipality.municipality=vik.csv"
    header, row = file.read_text(encoding="utf-8").splitlines()
    assert header.endswith(",snapshot") and "Brevvenner" in row
    report = competency(place)
    assert report.findings == ()
    assert (report.counts["derived_rows"], report.counts["snapshots"]) == (0, 1)
    # It isn't among what was checked.
    assert not [r for r in report.rules() if r.step == "competency"]
    assert (
        "snapshots"
        in glokal("check", "--only", "competency", "--lang", "en", cwd=place).stdout
    )
    # What changes is told, and not kept before it is accepted.
    replace(place / "data/strategy/fjordland.ttl", ('"Brevvenner"@nb', '"Brev"@nb'))
    (finding,) = run_checks(
        Workspace(load_project(place)), only=["competency"]
    ).findings
    assert finding.rule == "snapshot"
    assert "--accept" in finding.text("en")
    assert "Brevvenner" in file.read_text(encoding="utf-8")
    shown = glokal(*asked, "--accept", cwd=place)
    assert "- vik-education-1" in shown.stderr and "+ vik-education-1" in shown.stderr
    assert (
        run_checks(Workspace(load_project(place)), only=["competency"]).findings == ()
    )


def test_rows_from_the_source_are_never_replaced_by_a_snapshot(region: Path) -> None:
    file = region / "expected/municipalities-in-programme.csv"
    before = file.read_bytes()
    shown = glokal("query", "municipalities-in-programme", "--accept", cwd=region)
    assert shown.returncode == 2 and "lest fra kilden" in shown.stderr
    assert glokal("query", "--accept", cwd=region).returncode == 0
    assert file.read_bytes() == before


def test_all_rows_of_the_first_region_are_read_from_the_source() -> None:
    queries = Workspace(load_project(ROOT)).queries
    files = [e for q in queries for e in q.expected]
    assert len(files) > 100
    assert [e.name for e in files if e.snapshot] == []


@pytest.fixture
def two(tmp_path: Path) -> Callable[[], tuple[Workspace, Workspace]]:
    first = copied(tmp_path / "a")
    second = copied(tmp_path / "b")
    for file in (f for f in second.rglob("*") if f.suffix in (".ttl", ".toml")):
        text = file.read_text(encoding="utf-8")
        text = text.replace("https://fjordland.example/", "https://havland.example/")
        file.write_text(text, encoding="utf-8")
    shutil.rmtree(second / "data/provenance")
    return lambda: (Workspace(load_project(first)), Workspace(load_project(second)))


def test_what_another_project_in_the_store_needs_is_kept(
    two: Callable[[], tuple[Workspace, Workspace]], tmp_path: Path
) -> None:
    first, second = two()
    with servers.oxigraph(tmp_path) as address:
        endpoint = f"{address}/query"
        store = open_endpoint(endpoint)
        target = GraphStore(graph_store_of(endpoint), write_client())

        def size(graph: str) -> int:
            text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
            return int(text_of(store.seeing((), ()).select(text).rows[0][0]))

        core = GLO.removesuffix("def#") + "graph/ontology/core"
        push_graphs(first, store, target)
        there = size(core)
        assert there > 1000
        assert push_graphs(second, store, target).outdated == ()
        taken = remove(second, store, target)
        assert core in taken.kept and core not in taken.removed
        assert size(core) == there
        assert size("https://havland.example/graph/strategy/fjordland") == 0
        assert size("https://havland.example/graph/pushed") == 0
        # The last one to use them takes them away.
        assert remove(first, store, target).kept == ()
        assert size(core) == 0


def test_two_pushes_at_once_take_nothing_from_each_other(
    two: Callable[[], tuple[Workspace, Workspace]], tmp_path: Path
) -> None:
    """The second runs whole while the first has claimed the default graph only."""
    first, second = two()
    with servers.oxigraph(tmp_path) as address:
        endpoint = f"{address}/query"
        store = open_endpoint(endpoint)
        target = GraphStore(graph_store_of(endpoint), write_client())
        beside: list[PushResult] = []

        def progress(_step: str) -> None:
            if not beside:
                beside.append(push_graphs(second, store, target))

        done = push_graphs(first, store, target, progress=progress)
        assert (done.removed, beside[0].removed) == ((), ())
        everything = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) }"
        for work in (first, second):
            there, pushed = open_pushed(store, work.project.graphs)
            assert pushed.whole
            found, home = there.select(everything), work.store.select(everything)
            assert set(map(str, found.rows)) == set(map(str, home.rows))

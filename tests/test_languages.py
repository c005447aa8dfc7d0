"""A region in Swedish and English: settings, checks, pages and catalogue.

The region is the invented one, with its texts in Swedish for those in bokmål; its pages
are read with lxml's parser and the catalogue with rdflib.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
import rdflib
from lxml import html
from rdflib.namespace import DCAT, DCTERMS

from glokal.core.languages import PAGE_LANGUAGES, ByLanguage, completed
from glokal.core.settings import load_project
from glokal.dataset.values_line import with_name_languages, with_rows_in
from glokal.dataset.workspace import Workspace
from glokal.rdf.language_shapes import in_languages
from glokal.rdf.source_files import read_shapes
from glokal.source.name_mentions import NameWords
from tests.conftest import ROOT, glokal

GIVEN = ("--name", "Fjordland", "--publisher", "Fjordlandsrådet", "--country", "SWE")
# Of one length each, so that the offsets stay.
SWEDISH = {
    "Fjordland ut i verden 2025-2028": "Fjordland och världen 2025-2028",
    "kommunene Vik og Nes, som samarbeider gjennom": (
        "kommunerna Vik samt Nes, som samarbetar genom"
    ),
    "INTERNASJONAL AKTIVITET I OPPVEKST OG UTDANNING": (
        "INTERNATIONELLA INSATSER I SKOLA OCH UTBILDNING"
    ),
    "Nordplus Junior – brevvenner": "Nordplus Junior – brevvänner",
    '"Brevvenner"': '"Brevvänner"',
    ' kommune"': ' kommun"',
    "Fjordland ut i verden 2025–2028": "Fjordland och världen 2025–2028",
}
SV_EN = ("--language", "sv", "--language", "en")


def swedish_region(folder: Path) -> None:
    """Write the invented region with Swedish for bokmål: its settings are `init`'s."""
    made = glokal("init", folder.name, *GIVEN, *SV_EN, cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        re.sub("(?m)^base = .*$", 'base = "https://fjordland.example/"', text), "utf-8"
    )
    shutil.copytree(ROOT / "tests/region/data", folder / "data")
    for file in (folder / "data").rglob("*.ttl"):
        text = file.read_text("utf-8").replace('"@nb', '"@sv')
        text = text.replace('dcterms:language "nb"', 'dcterms:language "sv"')
        for norwegian, swedish in SWEDISH.items():
            text = text.replace(norwegian, swedish)
        file.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sv") / "fjordland"
    swedish_region(folder)
    done = glokal("build", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def languages(tree: html.HtmlElement, path: str) -> set[str]:
    return {str(x) for x in tree.xpath(path)}


def page(folder: Path, path: str) -> html.HtmlElement:
    return html.fromstring((folder / "public" / path / "index.html").read_bytes())


def test_each_page_says_its_language_and_those_of_the_others(built: Path) -> None:
    public = built / "public"
    for file in public.rglob("*.html"):
        tree = html.fromstring(file.read_bytes())
        english = file.relative_to(public).parts[0] == "en"
        frame = file.relative_to(public).parts[0] == "embed"
        if not frame:
            assert tree.xpath("/html/@lang") == ["en" if english else "sv"], file
        shown = languages(tree, "//@hreflang")
        assert shown <= {"sv", "en", "x-default"}, file
    both = page(built, "doc/municipality/vik")
    assert languages(both, "//link[@rel='alternate']/@hreflang") >= {"sv", "en"}


@pytest.mark.parametrize("home", ["", "en/"])
def test_quotations_are_in_the_language_of_the_source(built: Path, home: str) -> None:
    tree = page(built, f"{home}doc/activity/brevvenner")
    assert languages(tree, "//blockquote/@lang") == {"sv"}
    path = "strategi" if not home else "en/strategy"
    told = page(built, path).xpath("//div[@class='said']/p")
    assert told
    assert {p.get("lang") for p in told} == {"sv"}


def test_what_has_no_swedish_is_marked_with_its_own_language(built: Path) -> None:
    tree = page(built, "code/subject-area/education")
    assert tree.xpath("string(//h1)").strip() == "Barn, unga och utbildning"
    assert not tree.xpath("//h1/@lang")
    # What it means is told in three languages only.
    assert tree.xpath("//main//*[@lang='nb']")


def test_a_question_is_asked_and_answered_in_swedish(
    built: Path,
) -> None:
    tree = page(built, "query/visions")
    assert tree.xpath("string(//h1)").strip() == "Vilka visioner har strategin?"
    assert not tree.xpath("//h1/@lang")
    answer = tree.xpath("//p[contains(@class, 'answer')]")
    # A new project isn't said to be complete: nothing is denied.
    assert [p.text_content().strip() for p in answer] == [
        "Här har inget om detta förts in."
    ]
    assert not answer[0].get("lang")
    english = page(built, "en/query/visions")
    assert not english.xpath("//p[contains(@class, 'answer')]/@lang")


def test_the_words_around_a_page_are_swedish(built: Path) -> None:
    menu = page(built, "doc/municipality/vik").xpath("//nav//a")
    assert {"Strategin", "Frågor"} <= {a.text_content().strip() for a in menu}
    english = page(built, "en/strategy").text_content()
    assert "The strategy is written in Swedish." in english


def test_the_catalogue_says_swedish(built: Path) -> None:
    graph = rdflib.Graph().parse(built / "public/catalog.ttl")
    language = "http://publications.europa.eu/resource/authority/language/SWE"
    catalogue = next(graph.subjects(rdflib.RDF.type, DCAT.Catalog))
    assert rdflib.URIRef(language) in set(graph.objects(catalogue, DCTERMS.language))
    titles = {x.language for x in graph.objects(catalogue, DCTERMS.title)}
    assert titles == {"sv", "en"}


def test_required_languages_are_those_of_the_publication(tmp_path: Path) -> None:
    folder = tmp_path / "fjordland"
    swedish_region(folder)
    good = glokal("check", cwd=folder)
    assert good.returncode == 0, good.stdout
    file = folder / "data/strategy/fjordland.ttl"
    text = file.read_text("utf-8")
    assert '"Brevvänner"@sv' in text
    file.write_text(text.replace('"Brevvänner"@sv', '"Brevvenner"@nb'), "utf-8")
    bad = glokal("check", "--only", "shacl", "--lang", "nb", cwd=folder)
    assert bad.returncode == 1, bad.stdout
    assert "En ting må ha navn på svensk." in bad.stdout
    assert "bokmål" not in bad.stdout


def test_the_shapes_of_bokmal_and_english_stay_as_they_are_written() -> None:
    project = load_project(ROOT / "tests/region")
    shapes = read_shapes(project)
    assert in_languages(shapes, ("en", "nb")) == shapes
    assert in_languages(shapes, ("sv",)) != shapes


def test_a_text_that_is_missing_stands_in_the_nearest_language() -> None:
    texts = ByLanguage({"nb": "ja", "en": "yes"})
    assert texts["sv"] == texts["nn"] == "ja"
    assert texts.language("sv") == "nb"
    assert "sv" not in texts
    assert texts.among(("sv", "en")) == {"nb": "ja", "en": "yes"}
    words = completed({"nb": {"a": 1, "t": {"x": 1, "y": 2}}, "sv": {"t": {"x": 3}}})
    assert words["sv"] == {"a": 1, "t": {"x": 3, "y": 2}}
    assert words["nn"] == words["nb"]


def test_a_document_is_read_in_with_citations_in_both(tmp_path: Path) -> None:
    made = glokal("init", "land", *GIVEN, *SV_EN, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "Gör så här" in (tmp_path / "land/README.md").read_text("utf-8")
    (tmp_path / "plan.txt").write_text("Plan\n\nVik deltar i Nordplus.\n", "utf-8")
    read = glokal("source", "import", "../plan.txt", cwd=tmp_path / "land")
    assert read.returncode == 0, read.stderr
    graph = rdflib.Graph().parse(tmp_path / "land/data/source.ttl")
    cited = rdflib.URIRef("https://w3id.org/glokal/def#citation")
    assert {x.language for x in graph.objects(None, cited)} == {"sv", "en"}
    assert {str(x) for x in graph.objects(None, DCTERMS.language)} == {"sv"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Den 3. mars 2026 møttes to kommuner i Verdal kommune."),
        ("nn", "Den 3. mars 2026 møttest to kommunar i Verdal kommune."),
        ("sv", "Den 3 mars 2026 möttes två kommuner i Verdal kommun."),
        ("en", "On 3 March 2026 two municipalities met in Verdal Municipality."),
    ],
)
def test_numbers_dates_and_names_are_known_in_each_language(
    language: str, text: str
) -> None:
    words = NameWords([text], language)
    assert words.has_date("2026-03-03") and not words.has_date("2026-05-03")
    assert words.has_number("2") and not words.has_number("4")
    assert words.has_name("Verdal kommune" if language != "en" else "Verdal")
    assert not words.has_name("Levanger")


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        ('["nb", "en"]', "Ingen feil."),
        ('["en", "nb"]', "No errors."),
        ('["sv", "en"]', "Inga fel."),
        ("7", "publication.languages"),
    ],
)
def test_a_command_speaks_the_first_language_of_the_project(
    languages: str, said: str, region: Path
) -> None:
    settings = region / "publication.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'languages = ["nb", "en"]' in text
    text = text.replace('languages = ["nb", "en"]', f"languages = {languages}")
    if "sv" in languages:
        text = re.sub("^nb =", "sv =", text, flags=re.MULTILINE)
        text = text.replace("{ nb =", "{ sv =")
    settings.write_text(text, encoding="utf-8")
    run = glokal("check", "--only", "ontology", cwd=region)
    assert said in run.stdout + run.stderr, run.stdout + run.stderr
    run = glokal("check", "--only", "ontology", "--lang", "nn", cwd=region)
    assert run.returncode == 2 or "Ingen feil." in run.stdout


def test_an_answer_has_the_same_rows_in_every_language(strategy: Workspace) -> None:
    """What has no word in a language is there all the same, in the nearest one."""
    for query in strategy.queries:
        if query.service:
            continue
        rows = {}
        for lang in ("nb", "nn", "en", "fi"):
            text = query.bind({}, project=strategy.project, lang=lang)
            rows[lang] = len(strategy.store.select(text).rows)
        assert len(set(rows.values())) == 1, (query.slug, rows)


def test_a_swedish_region_is_answered_in_swedish_as_in_english(built: Path) -> None:
    work = Workspace(load_project(built))
    answered = 0
    for query in work.queries:
        if query.service:
            continue
        rows = {}
        for lang in ("sv", "en"):
            text = query.bind({}, project=work.project, lang=lang)
            rows[lang] = len(work.store.select(text).rows)
        assert rows["sv"] == rows["en"], (query.slug, rows)
        answered += rows["sv"] > 0
    assert answered > 20


def test_a_table_of_words_has_every_language_of_the_pages(strategy: Workspace) -> None:
    for query in strategy.queries:
        for lang in PAGE_LANGUAGES:
            assert with_rows_in(query.text, lang) == query.text, (query.slug, lang)


@pytest.mark.parametrize(
    ("languages", "names"),
    [
        (("nb", "en"), {"en": "en", "nb": "nb", "nn": "nb", "sv": "nb"}),
        (("nn", "en"), {"en": "en", "nb": "nn", "nn": "nn", "sv": "nn"}),
        (("sv", "en"), {"en": "en", "nb": "en", "nn": "en", "sv": "sv"}),
        (("fi", "en"), {"en": "en", "nb": "en", "nn": "en", "sv": "en", "fi": "fi"}),
    ],
)
def test_names_are_looked_for_in_languages_that_a_project_has(
    languages: tuple[str, ...], names: dict[str, str]
) -> None:
    rows = " ".join(f'("{lang}" "nb")' for lang in ("en", "nb", "nn", "sv"))
    table = f"VALUES (?lang ?near) {{ {rows} }}"
    made = with_name_languages(f"SELECT ?a {{ ?a ?b ?near {table} }}", languages)
    for lang, near in names.items():
        assert f'("{lang}" "{near}")' in made
    assert made.count("(") == len(names) + 1


def test_a_swede_reads_names_and_no_denial() -> None:
    """The data have them in bokmål; before, each country was “anges inte”."""
    told = glokal("query", "counterparts", "--lang", "sv", "--format", "csv", cwd=ROOT)
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert {"Belgia", "Danmark"} <= {row["countryLabel"] for row in rows}


def test_rows_of_the_nearest_language_are_taken() -> None:
    table = 'VALUES (?a ?lang ?b) { ("x" "nb" "en") ("y" "nb" "to") ("x" "en" "one") }'
    text = f"SELECT ?b {{ {table} }}"
    made = with_rows_in(text, "da")
    assert '("x" "da" "en") ("y" "da" "to") }' in made
    assert with_rows_in(made, "da") == made
    alone = 'SELECT ?a { VALUES ?lang { "nb" } VALUES (?a ?b) { ("1" "nb") } }'
    assert with_rows_in(alone, "da") == alone

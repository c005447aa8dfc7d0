"""Texts of the site in further languages: the file, its faults, and pages from it.

The file is read by Babel's reader, as translators' tools do; pages by lxml.
"""

from __future__ import annotations

import random
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from lxml import html

from glokal.core.errors import SourceError
from glokal.core.languages import PAGE_LANGUAGES, Said, completed, nearest
from glokal.core.locales import is_known, plural_categories
from glokal.core.namespaces import RDFS, SKOS
from glokal.core.po_files import NONE, fields_of, leaves, read_entries
from glokal.core.settings import load_project
from glokal.core.text_tables import TABLES, table
from glokal.dataset.table_words import has_appendix
from glokal.dataset.translation_files import source_texts
from glokal.dataset.workspace import Workspace
from glokal.site.language_marks import with_languages, without_language_marks
from glokal.site.page_words import counted, load_words
from tests.conftest import REGION, ROOT, glokal

FINNISH = {
    "words.home": "Etusivu",
    "words.questions": "Kysymykset",
    "kinds.sentence": "{name} on {kind}{where}.",
    "kinds.kinds.Municipality": "kunta",
    "sections.entries": "Toimet ja verkostot liitteessä",
    "questions.visions.summary": "Mitkä ovat strategian visiot?",
    "questions.visions.answer.none": "Strategiassa ei ole visioita.",
    "questions.visions.answer.one": "Strategiassa on yksi visio: {items}.",
    "questions.visions.answer.many": "Strategiassa on {count} visiota: {items}.",
    "catalogue.catalog.title": "Avoin data: {title}",
    "catalogue.catalog.description": "Luettelo: ”{title}”.",
}


def finnish_region(folder: Path) -> None:
    """Write the invented region in Finnish and English, with the shared questions."""
    shutil.copytree(REGION, folder)
    shutil.rmtree(folder / "queries")
    shutil.rmtree(folder / "expected")
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8").replace('["nb", "en"]', '["fi", "en"]')
    settings.write_text(text.replace("nb = ", "fi = "), "utf-8")
    for file in (folder / "data").rglob("*.ttl"):
        lines = file.read_text("utf-8").split("\n")
        both = (
            line if "exactText" in line or "readingText" in line else _doubled(line)
            for line in lines
        )
        file.write_text("\n".join(both), "utf-8")


def _doubled(line: str) -> str:
    before, found, after = line.partition("@nb")
    if not found:
        return line
    start = before.index('"')
    return f"{before}@nb , {before[start:]}@fi{after}"


def catalogue(folder: Path, lang: str = "fi") -> Catalog:
    with (folder / f"words/{lang}.po").open("rb") as file:
        return read_po(file)


def fill(folder: Path, texts: dict[str, str], lang: str = "fi") -> None:
    """Fill entries as a translator's tool does, and write the file as it does."""
    read = catalogue(folder, lang)
    for message in read:
        if message.context in texts:
            message.string = texts[message.context]
            message.flags.discard("fuzzy")
    with (folder / f"words/{lang}.po").open("wb") as file:
        write_po(file, read, width=76)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fi") / "fjordland"
    finnish_region(folder)
    made = glokal("words", "export", "fi", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def built(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "fjordland"
    shutil.copytree(exported, folder)
    fill(folder, FINNISH)
    done = glokal("build", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "public"


@pytest.fixture()
def region_fi(exported: Path, tmp_path: Path) -> Path:
    shutil.copytree(exported, tmp_path / "land")
    return tmp_path / "land"


def page(public: Path, path: str) -> html.HtmlElement:
    return html.fromstring((public / path / "index.html").read_bytes())


def test_the_file_has_every_text_with_its_english_and_bokmal(exported: Path) -> None:
    read = {m.context: m for m in catalogue(exported) if m.id}
    words = {key for key, _ in leaves(table("words")["en"], "words")}
    kept = {k for k in words if k.startswith(("words.paths", "words.language_names"))}
    assert words - kept <= read.keys()
    home = read["words.home"]
    assert home.id == table("words")["en"]["home"]
    assert f"bokmål: {table('words')['nb']['home']}" in home.auto_comments
    assert read["questions.visions.summary"].id == "What are the strategy's visions?"
    assert read["questions.twin-towns.asked"].id == (
        "Which twin towns are named for {municipality}?"
    )
    told = read["questions.visions.answer.many"]
    assert "python-brace-format" in told.flags
    assert "keep: {count} {items}" in told.auto_comments
    assert not any(m.string for m in read.values())


def test_pages_are_in_the_language_and_mark_what_is_not(built: Path) -> None:
    vik = page(built, "doc/municipality/vik")
    assert vik.xpath("/html/@lang") == ["fi"]
    assert "Vik on kunta" in vik.text_content()
    assert "Toimet ja verkostot liitteessä" in [
        h.text_content() for h in vik.xpath("//h2[not(.//span[@lang])]")
    ]
    english = {s.text_content().strip() for s in vik.xpath("//span[@lang='en']")}
    assert {"Source", "Member or partner of"} <= english
    asked = page(built, "query/visions")
    assert asked.xpath("string(//h1)").strip() == "Mitkä ovat strategian visiot?"
    assert "Strategiassa ei ole visioita." in asked.text_content()
    assert "15. tammikuuta 2026" in asked.text_content()
    assert page(built, "en/query/visions").xpath("//span[@lang]") == []
    languages = {a.text for a in page(built, "en").xpath("//a[@hreflang='fi']")}
    assert languages == {"Suomi"}


def test_no_mark_is_left_in_any_file(built: Path) -> None:
    marks = [chr(code).encode() for code in (0xFDD0, 0xFDD1, 0xFDD2)]
    for file in built.rglob("*.*"):
        if file.is_file():
            data = file.read_bytes()
            assert not any(mark in data for mark in marks), file


def test_the_catalogue_says_the_language(built: Path) -> None:
    text = (built / "catalog.ttl").read_text("utf-8")
    assert "Avoin data: " in text
    assert "language:FIN" in text


def test_what_is_translated_stays_and_what_has_changed_is_fuzzy(
    region_fi: Path,
) -> None:
    fill(region_fi, FINNISH)
    file = region_fi / "words/fi.po"
    text = file.read_text("utf-8")
    english = table("words")["en"]["home"]
    assert f'msgid "{english}"' in text
    text = text.replace(f'msgid "{english}"', 'msgid "Start"', 1)
    text += '\nmsgctxt "words.gone"\nmsgid "Gone"\nmsgstr "Poissa"\n'
    file.write_text(text, "utf-8")
    again = glokal("words", "export", "fi", cwd=region_fi)
    assert again.returncode == 0, again.stderr
    read = {m.context: m for m in catalogue(region_fi) if m.id}
    assert read["words.questions"].string == "Kysymykset"
    home = read["words.home"]
    assert home.id == english
    assert home.string == "Etusivu"
    assert home.fuzzy
    assert "words.gone" not in read
    assert '#~ msgstr "Poissa"' in file.read_text("utf-8")
    same = file.read_bytes()
    glokal("words", "export", "fi", cwd=region_fi)
    assert file.read_bytes() == same
    assert load_words(load_project(region_fi).translations)["fi"]["home"] == english


@pytest.mark.parametrize(
    ("key", "text", "rule", "told"),
    [
        ("words.home", "Etu {sivu}", "translation-fields", "{sivu}"),
        ("kinds.sentence", "{name} on {kind}.", "translation-fields", "{where}"),
        ("kinds.sentence", "{name} on {kind}{where.", "translation-broken", "kinds."),
        ("kinds.sentence", "{name} on {kind}{where}}.", "translation-broken", "kinds."),
    ],
)
def test_a_broken_placeholder_is_told_by_line_and_stops_nothing_else(
    key: str, text: str, rule: str, told: str, region_fi: Path
) -> None:
    fill(region_fi, {key: text})
    checked = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert checked.returncode == 1
    assert rule in checked.stdout
    assert told in checked.stdout
    lines = (region_fi / "words/fi.po").read_text("utf-8").split("\n")
    line = next(n for n, x in enumerate(lines, 1) if x == f'msgctxt "{key}"')
    found = re.search(r"words/fi.po:(\d+):", checked.stdout)
    assert found and line <= int(found[1]) <= line + 2
    # The text stands as if it weren't there.
    assert not load_project(region_fi).translations.of(key)


def test_unknown_and_double_keys_are_told(region_fi: Path) -> None:
    file = region_fi / "words/fi.po"
    more = '\nmsgctxt "words.nothing"\nmsgid "x"\nmsgstr "y"\n'
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    checked = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert checked.returncode == 1
    assert "There is no text words.nothing." in checked.stdout
    assert "texts are not translated into Finnish" in " ".join(checked.stdout.split())


def test_a_file_in_another_encoding_is_told(region_fi: Path) -> None:
    file = region_fi / "words/fi.po"
    text = file.read_text("utf-8").replace('msgstr ""', 'msgstr "ä"', 2)
    file.write_bytes(text.encode("latin-1", "replace"))
    checked = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert checked.returncode == 1
    assert "words/fi.po:" in checked.stderr
    assert "UTF-8" in checked.stderr
    assert "Traceback" not in checked.stderr


def test_what_is_no_po_is_told(region_fi: Path) -> None:
    (region_fi / "words/fi.po").write_text("Hei!\n", "utf-8")
    checked = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert checked.returncode == 1
    assert "words/fi.po:1: The line is none of a PO file." in checked.stderr


def test_a_language_that_cldr_does_not_know_is_refused(region_fi: Path) -> None:
    told = glokal("words", "export", "xx", cwd=region_fi)
    assert told.returncode == 2
    assert "no language that CLDR knows" in told.stderr
    settings = region_fi / "publication.toml"
    text = settings.read_text("utf-8").replace('["fi", "en"]', '["xx", "en"]')
    settings.write_text(text, "utf-8")
    told = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert told.returncode == 2
    assert "publication.languages has 'xx'" in told.stderr


def test_without_a_file_pages_are_made_and_a_note_says_what_is_missing(
    region_fi: Path,
) -> None:
    shutil.rmtree(region_fi / "words")
    checked = glokal("check", "--only", "hygiene", cwd=region_fi)
    assert checked.returncode == 0, checked.stdout
    assert "texts are not translated into Finnish" in " ".join(checked.stdout.split())


def test_each_plural_of_a_language_has_an_entry(tmp_path: Path) -> None:
    folder = tmp_path / "land"
    shutil.copytree(REGION, folder)
    made = glokal("words", "export", "pl", cwd=folder)
    assert made.returncode == 0, made.stderr
    keys = {m.context for m in catalogue(folder, "pl")}
    assert {"words.entries", "words.entries_one", "words.entries_few"} <= keys
    forms = {"entries": "pozycji", "entries_one": "pozycja", "entries_few": "pozycje"}
    said = [counted(forms, "entries", n, "pl") for n in (1, 2, 5, 22)]
    assert said == ["pozycja", "pozycje", "pozycji", "pozycje"]


def test_plural_categories_are_those_of_cldr() -> None:
    assert plural_categories("nb") == ("one", "other")
    assert plural_categories("fi") == ("one", "other")
    assert plural_categories("pl") == ("one", "few", "many", "other")
    assert plural_categories("se") == ("one", "two", "other")
    assert plural_categories("ja") == ("other",)


def test_languages_are_known_by_their_usual_tags() -> None:
    known = ["fi", "se", "da", "de-CH", "zh-Hant", "pt-BR"]
    assert [lang for lang in known if not is_known(lang)] == []
    wrong = ["xx", "", "FI", "en_GB", "../fi", "f", "fi-", "x" * 400]
    assert [lang for lang in wrong if is_known(lang)] == []


def test_the_nearest_of_a_language_ends_in_what_is_there() -> None:
    assert nearest("fi") == ("fi", "", "en", "nb")
    assert nearest("sv-FI")[:3] == ("sv-FI", "sv", "nb")
    words = completed({"nb": {"a": "ja"}, "en": {"a": "yes", "b": {"c": "no"}}}, ["fi"])
    assert words["fi"] == {"a": "yes", "b": {"c": "no"}}
    assert isinstance(words["fi"]["a"], Said)
    assert words["fi"]["b"]["c"].lang == "en"
    assert not isinstance(words["nb"]["a"], Said)


def test_a_mark_becomes_an_element_only_where_one_can_stand() -> None:
    text = Said('A & "b"', "en").__html__()
    page = (
        f'<!DOCTYPE html><html><head><title>{text}</title></head><body title="{text}">'
        f"<p>å {text} – <b>{text}</b></p><option>{text}</option><svg><text>{text}"
        f"</text></svg><script>{text}</script></body></html>"
    )
    plain = "A &amp; &#34;b&#34;"
    inside = f'<span lang="en">{plain}</span>'
    assert with_languages(page) == (
        f"<!DOCTYPE html><html><head><title>{plain}</title></head>"
        f'<body title="{plain}"><p>å'
        f" {inside} – <b>{inside}</b></p><option>{plain}</option><svg><text>"
        f'<tspan lang="en">{plain}</tspan></text></svg><script>{plain}</script></body>'
        "</html>"
    )
    assert without_language_marks(text) == plain
    assert Said("{n} rows", "en").format(n=2).lang == "en"


def sources() -> Iterator[tuple[str, dict[str, str]]]:
    texts = source_texts(Workspace(load_project(REGION.parents[1])).queries)
    for key, said in texts.items():
        yield key, dict(said)


def test_texts_have_the_languages_that_the_package_says_it_has() -> None:
    # A list may be longer in one of them.
    there: dict[str, set[str]] = {}
    for key, said in sources():
        whole = re.sub(r"\.\d+$", "", key)
        there[whole] = there.get(whole, set()) | said.keys()
    lacking = {key: {"nb", "nn", "en", "sv"} - langs for key, langs in there.items()}
    assert {key: langs for key, langs in lacking.items() if langs} == {}


def test_all_languages_of_a_text_have_its_fields() -> None:
    wrong = []
    for key, said in sources():
        fields = {lang: fields_of(text) for lang, text in said.items()}
        wrong += [f"{key}: {x}" for x in fields if fields[x] != fields["en"]]
    assert wrong == []


def test_every_table_is_read() -> None:
    for name in TABLES:
        assert table(name)["en"], name
    assert load_words(NONE)["nb"]["home"]


def test_terms_and_codes_are_named_in_the_languages_of_the_pages() -> None:
    named: dict[str, set[str]] = {}
    for file in sorted((REGION.parents[1] / "ontology").glob("*.ttl")):
        for triple in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE):
            named.setdefault(str(triple.subject), set())
            if triple.predicate.value in (RDFS + "label", SKOS + "prefLabel"):
                assert isinstance(triple.object, ox.Literal)
                named[str(triple.subject)].add(str(triple.object.language))
    lacking = {
        name: sorted(set(PAGE_LANGUAGES) - languages)
        for name, languages in named.items()
        if languages
    }
    assert len(lacking) > 200
    assert {name: langs for name, langs in lacking.items() if langs} == {}


def test_a_file_that_is_cut_or_mixed_up_is_read_or_told(
    exported: Path, tmp_path: Path
) -> None:
    whole = (exported / "words/fi.po").read_text("utf-8")[:6000]
    chance = random.Random(20)
    pieces = ('"', "\\", "\n", "{", "msgid", 'msgstr[0] "a"\n', "#~ ", "\x85", "[")
    file = tmp_path / "words/fi.po"
    file.parent.mkdir()
    for _ in range(400):
        text = list(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(text))
            if chance.random() < 0.5:
                del text[at : at + chance.randint(1, 30)]
            else:
                text.insert(at, chance.choice(pieces))
        file.write_text("".join(text), "utf-8")
        with suppress(SourceError):
            read_entries(tmp_path, file, gone=True)


NO_APPENDIX = {"nb": "vedlegg", "nn": "vedlegg", "en": "appendi", "sv": "bilag"}


def test_each_text_on_the_appendix_has_one_on_the_table() -> None:
    """No page speaks of an appendix where there is none; no text is forgotten."""
    file = ROOT / "src/glokal/dataset/table_words.toml"
    told = tomllib.loads(file.read_text("utf-8"))
    texts = source_texts(Workspace(load_project(ROOT)).queries)
    wanted = {
        (lang, key)
        for key, said in texts.items()
        for lang, text in said.items()
        if NO_APPENDIX[lang] in text.lower()
    }
    assert wanted == {(lang, key) for lang in told for key in told[lang]}
    for lang, key in wanted:
        assert NO_APPENDIX[lang] not in told[lang][key].lower()
        assert fields_of(told[lang][key]) == fields_of(texts[key][lang]), key


def test_the_table_is_called_what_the_documents_call_it() -> None:
    own, other = Workspace(load_project(ROOT)), Workspace(load_project(REGION))
    assert has_appendix(own.files) and own.worded() is own
    assert not has_appendix(other.files)
    words = load_words(other.worded().project.translations)
    assert words["nb"]["compare_none"] == "ikke nevnt i tabellen"
    assert words["en"]["compare_none"] == "not named in the table"
    assert load_words(own.project.translations)["nb"]["compare_none"] == (
        "ikke nevnt i vedlegget"
    )


def test_one_form_of_an_answer_may_be_worded_by_a_project(region_fi: Path) -> None:
    """A language that has the forms already keeps those that a file doesn't word."""
    shutil.rmtree(region_fi / "words")
    (query,) = (
        q
        for q in Workspace(load_project(region_fi)).queries
        if q.slug == "entries-of-municipality"
    )
    assert query.answer
    assert (
        query.answer.forms["en"]["none"] == "The table has nothing for {municipality}."
    )
    assert "many" in query.answer.forms["en"]

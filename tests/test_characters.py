"""Characters and texts that a format can't hold: found, refused, never changed."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as XML
from xml.parsers import expat

import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from glokal.core.characters import (
    _NOT_ON_A_LINE,
    CELL_UNITS,
    NOT_XML,
    UNSEEN,
    has_local_name,
    utf16_units,
    visible,
)
from glokal.core.errors import ConfigError, InputError, SourceError, UsageError
from glokal.core.files.data_files import JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.core.settings import SETTINGS, load_project
from glokal.core.xlsx import (
    Cell,
    Sheet,
    escape_text,
    unescape_text,
    write_plain,
    write_styled,
)
from glokal.dataset.query_files import load_queries
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import serialise
from glokal.sparql.result_formats import csv_text, write_result
from glokal.sparql.store_interface import Table
from glokal.validation.finding import Finding, known_messages
from glokal.validation.pipeline import run_checks
from glokal.validation.reports import render as render_report
from tests.conftest import glokal

THING = "https://fjordland.example/id/organisation/brevvenner"
SUBJECT, LABEL = ox.NamedNode(THING), ox.NamedNode(RDFS + "label")
# Every character of XML 1.0 that a literal of RDF can hold.
CARRIED = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: not NOT_XML.search(text)
)

# What stands in a file, at which line and column, and the rule that tells of it.
FOUND = {
    "a control character, escaped": (r'"Pen\u0001 friends"@en', "xml-character"),
    "a control character as it is": ('"Pen\x1b friends"@en', "xml-character"),
    "no character": (r'"Pen\uFFFE friends"@en', "xml-character"),
    "a carriage return": (r'"Pen\rfriends"@en', "unseen-character"),
    "a letter of Windows": (r'"Pen\u0092s"@en', "unseen-character"),
    "a turn of direction": (r'"Pen\u202E friends"@en', "unseen-character"),
    "a byte-order mark within": (r'"Pen\uFEFF friends"@en', "unseen-character"),
    "a code of ISO 639-2 where there is a shorter": (
        '"Brevvenner"@nob',
        "language-tag",
    ),
    "a language that nobody registered": ('"Brevvenner"@zz', "language-tag"),
    "letters in parts": ('"Inderøy og Ska\u030anes"@nb', "composed-text"),
    "too long for a cell": (f'"{"æ" * 32_768}"@nb', "text-fits-cell"),
    "too long by surrogates": (f'"{"😀" * 16_384}"@nb', "text-fits-cell"),
}


def found_in(region: Path, text: str) -> list[Finding]:
    path = region / "data" / "strategy" / "x.ttl"
    path.write_bytes(text.encode())
    report = run_checks(Workspace(load_project(region)), only=["hygiene"])
    return [f for f in report.findings if f.rule in known_messages("hygiene")]


@pytest.mark.parametrize("case", FOUND)
def test_a_text_that_can_not_be_carried_is_found_at_its_place(
    region: Path, case: str
) -> None:
    written, rule = FOUND[case]
    text = f'<{THING}>\n  <{LABEL.value}> "Brevvenner"@sma ,\n    {written} .\n'
    (found,) = found_in(region, text)
    assert found.rule == rule
    assert str(found.place) == "data/strategy/x.ttl:3:5"
    assert len({found.text(lang) for lang in ("nb", "nn", "en")}) == 3


@pytest.mark.parametrize(
    "text",
    [
        f'"{"æ" * 32_767}"@nb',
        f'"{"😀" * 16_383}"@nb',
        r'"Linje\nog\ttabulator"@nb',
        '"Ærlig tale på Skånes \u200esammen\u200f"@nb',
        f'"POINT(1 2){" " * 40_000}"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
    ],
)  # fmt: skip
def test_what_can_be_carried_is_no_finding(region: Path, text: str) -> None:
    assert found_in(region, f"<{THING}> <{LABEL.value}> {text} .") == []


def test_the_source_keeps_its_own_letters(region: Path) -> None:
    text = f'<{THING}> <{GLO}exactText> "Ska\u030anes"@nb .'
    assert found_in(region, text) == []


NAMES = {
    "a property of digits": (f'<{THING}> <http://e/123> "x" .', "property-has-local-name"),
    "a property of nothing": (f'<{THING}> <http://e/p/> "x" .', "property-has-local-name"),
    "a class of digits": (
        f"<http://e/7> a <{RDFS}Class> .\n<{THING}> a <http://e/7> .", "class-has-local-name",
    ),
    "a turn of direction in an address": (
        f"<{THING}> <http://e/p> <http://e/a\\u202Eb> .", "unseen-in-iri",
    ),
    "a long slug": (
        f'<https://fjordland.example/id/activity/{"x" * 201}> <http://e/p> "x" .',
        "name-fits-file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_can_not_be_carried_is_found(region: Path, case: str) -> None:
    written, rule = NAMES[case]
    (found,) = found_in(region, written)
    assert (found.rule, found.place and found.place.file) == (
        rule,
        "data/strategy/x.ttl",
    )
    assert found.place is not None and found.place.line == written.count("\n") + 1


def test_a_slug_of_two_hundred_letters_is_built(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    slug = "b" * 200
    text = path.read_text(encoding="utf-8")
    assert "activity:brevvenner" in text
    path.write_text(
        text.replace("activity:brevvenner", f"activity:{slug}"), encoding="utf-8"
    )
    shown = glokal("build", cwd=region, timeout=200)
    assert shown.returncode == 0, shown.stderr
    assert list(region.glob(f"public/doc/*/{slug}.jsonld"))


def test_shapes_are_looked_at_too(region: Path) -> None:
    (region / "shapes").mkdir()
    shape = (
        '@prefix sh: <http://www.w3.org/ns/shacl#> . <a:s> sh:message "a\\u0002"@nb .'
    )
    (region / "shapes" / "x.ttl").write_text(shape, encoding="utf-8")
    (found,) = found_in(region, "")
    column = shape.index("a\\u")
    assert str(found.place) == f"shapes/x.ttl:1:{column}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
def test_what_xml_holds_is_what_a_parser_reads(text: str) -> None:
    parser = expat.ParserCreate()
    written = text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    try:
        parser.Parse(f"<a>{written}</a>".encode(), True)
        reads = True
    except expat.ExpatError:
        reads = False
    assert reads == (NOT_XML.search(text) is None)


@given(st.text(max_size=40))
def test_text_that_is_made_visible_can_be_shown_anywhere(text: str) -> None:
    shown = visible(text)
    assert not NOT_XML.search(shown) and not UNSEEN.search(shown)
    assert shown.count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_lengths_are_those_of_utf_16(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("iri", "has"),
    [
        ("http://e/p", True), ("http://e/123p", True), ("http://e/p-1.2", True),
        ("http://e/é", True), ("http://e/a:b", True), ("http://e/_", True),
        (RDF + "_1", True), ("http://e/1", False), ("http://e/", False),
        ("http://e/p%20", False), ("http://e/p?q=1", False), ("http://e/-1", False),
    ],
)  # fmt: skip
def test_local_names_are_those_that_rdf_xml_can_write(iri: str, has: bool) -> None:
    assert has_local_name(iri) is has
    # rdflib's parser is the judge of what pyoxigraph writes.
    triple = ox.Triple(SUBJECT, ox.NamedNode(iri), ox.Literal("x"))
    written = ox.serialize([triple], format=ox.RdfFormat.RDF_XML)
    assert written is not None
    try:
        graph = rdflib.Graph().parse(data=written, format="xml")
        reads = [str(p) for _, p, _ in graph] == [iri]
    except Exception:
        reads = False
    assert reads is has


@given(CARRIED)
@example("a\rb\r\nc\td\n")
def test_every_triple_format_brings_a_text_back(text: str) -> None:
    triple = ox.Triple(SUBJECT, LABEL, ox.Literal(text))
    for media, fmt in _READERS.items():
        data = serialise([triple], media, {})
        found = list(ox.parse(input=data, format=fmt))
        assert [quad.object for quad in found] == [triple.object], media
    # Of what pyoxigraph writes itself, rdflib is the judge.
    graph = rdflib.Graph().parse(data=serialise([triple], RDFXML, {}), format="xml")
    assert [str(value) for value in graph.objects()] == [text]


_READERS = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    JSONLD: ox.RdfFormat.JSON_LD,
}


@pytest.mark.parametrize(
    "triple",
    [
        ox.Triple(SUBJECT, LABEL, ox.Literal("a\x01")),
        ox.Triple(SUBJECT, LABEL, ox.Literal("a\uffff", language="nb")),
        ox.Triple(SUBJECT, ox.NamedNode("http://e/1"), ox.Literal("a")),
        ox.Triple(SUBJECT, ox.NamedNode(RDF + "type"), ox.NamedNode("http://e/1")),
    ],
)
def test_rdf_xml_is_refused_for_what_it_can_not_hold(triple: ox.Triple) -> None:
    with pytest.raises(InputError, match=f"what is said of <{THING}>"):
        serialise([triple], RDFXML, {})
    assert serialise([triple], NTRIPLES, {})
    assert json.loads(serialise([triple], JSONLD, {}))


@given(CARRIED.filter(lambda text: utf16_units(text) <= CELL_UNITS))
@example("a\rb\r\n_x000D_ =")
def test_a_workbook_brings_a_text_back_in_two_readers(text: str) -> None:
    data = write_plain(["=text"], [[Cell(text)], [Cell("last")]])
    (head,), *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()  # fmt: skip
    assert (head, rows[0][0], rows[1][0]) == ("=text", text, "last")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet["A2"].data_type in ("s", "inlineStr", "n" if not text else "s")
    assert unescape_text(str(sheet["A2"].value or "")) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "_x0041_", "a\rb", "a\r\nb", "_x005F_", " x ", "+1", "\tx", "@x"]
)
def test_texts_that_a_workbook_would_take_for_something_else_stay(text: str) -> None:
    data = write_plain(["a"], [[Cell(text)]])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert rows.to_python()[1] == [text]
    assert unescape_text(escape_text(text, "A1")) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [("a\x00", "U+0000"), ("\ufffe", "U\\+FFFE"), ("æ" * 32_768, "32768"), ("😀" * 16_384, "32768")],
)  # fmt: skip
def test_a_workbook_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(UsageError, match="A2 of the sheet") as caught:
        write_plain(["a"], [[Cell(text)]])
    assert why.replace("\\", "") in caught.value.what
    assert "CSV" in caught.value.remedy


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "[x]"])
def test_a_sheet_gets_no_other_name_than_it_was_given(name: str) -> None:
    with pytest.raises(UsageError, match="name that none may have"):
        write_styled([Sheet(name, ["a"], [])])


def test_an_answer_longer_than_a_sheet_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("glokal.core.xlsx.MOST_ROWS", 3)
    assert write_plain(["a"], [[Cell("x")]] * 2)
    with pytest.raises(UsageError, match="over 2 rows"):
        write_plain(["a"], [[Cell("x")]] * 3)
    with pytest.raises(UsageError, match="columns"):
        write_plain(["a"] * 16_385, [])


ANSWER = Table(["t"], [(ox.Literal("a\x01\rb\u202e=\"'"),)])  # type: ignore[arg-type,list-item]


@pytest.mark.parametrize("fmt", ["xml", "xlsx"])
def test_an_answer_is_refused_where_it_would_break_the_format(fmt: str) -> None:
    with pytest.raises(UsageError, match=r"U\+0001") as caught:
        write_result(ANSWER, fmt, {})
    assert "json" in caught.value.remedy.lower()


def test_an_answer_is_whole_in_the_formats_that_hold_it() -> None:
    value = ANSWER.rows[0][0]
    assert isinstance(value, ox.Literal)
    told = json.loads(write_result(ANSWER, "json", {}))
    assert told["results"]["bindings"][0]["t"]["value"] == value.value
    rows = list(csv.reader(io.StringIO(csv_text(ANSWER), newline="")))
    assert rows == [["t"], [value.value]]
    for fmt in ("csv", "tsv", "json"):
        read = _READ.get(fmt)
        if read:
            found = ox.parse_query_results(write_result(ANSWER, fmt, {}), format=read)
            assert isinstance(found, ox.QuerySolutions)
            assert [row["t"] for row in found] == [value]
    assert r"a\u0001\u000Db\u202E" in str(write_result(ANSWER, "table", {}))


_READ = {"tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON}


@given(CARRIED)
@example("a\rb\r\nc\td\n")
def test_xml_results_bring_a_text_back(text: str) -> None:
    table = Table(["t"], [(ox.Literal(text),)])  # type: ignore[arg-type,list-item]
    root = XML.fromstring(str(write_result(table, "xml", {})))
    (found,) = root.iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert (found.text or "") == text


@pytest.mark.parametrize("fmt", ["text", "html", "junit", "json", "sarif", "github"])
def test_a_report_on_a_character_can_be_read_itself(region: Path, fmt: str) -> None:
    label = '"\\u0000\\u001B[31m\\uFFFE"@nb'
    (region / "data/strategy/x.ttl").write_text(f"<{THING}> <{LABEL.value}> {label} .")
    told = render_report(run_checks(Workspace(load_project(region))), fmt, "nb")
    if fmt == "github":
        # Its reader is a program, and one line is one command.
        assert all(line.startswith("::") for line in told.splitlines()[:-1] if line)
        return
    if fmt in ("json", "sarif"):
        json.loads(told)
        return
    assert not NOT_XML.search(told)
    if fmt == "junit":
        XML.fromstring(told.encode())


@pytest.mark.parametrize("sign", [r"\u0001", r"\r", r"\u202E", r"\uFEFF", r"\u0085"])
def test_settings_hold_nothing_that_nobody_sees(region: Path, sign: str) -> None:
    path = region / SETTINGS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('nb = "', f'nb = "{sign}', 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="which nobody can see") as caught:
        load_project(region)
    assert caught.value.place is not None and caught.value.place.line


@pytest.mark.parametrize(
    "text",
    [
        '#+ summary: {nb: "a\\x01", en: b}\nSELECT * { ?s ?p ?o }',
        "#+ summary: {nb: a, en: b}\n# \x07\nSELECT * { ?s ?p ?o }",
        '#+ summary: {nb: a, en: b}\nSELECT * { ?s ?p "\\u0001" }',
        "#+ summary: {nb: a, en: b}\n#+ params: {x: {nb: \"\\uFFFE\"}}\nSELECT * { ?s ?p ?o }",
    ],
)  # fmt: skip
def test_a_query_holds_nothing_that_no_page_can_show(region: Path, text: str) -> None:
    (region / "queries" / "x.rq").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="no page or answer can show"):
        load_queries(load_project(region), ())


def test_a_long_label_comes_to_no_harm_by_way_of_a_workbook(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8").replace(
        '"Brevvenner"@nb', f'"{"æ" * 40_000}"@nb'
    )
    path.write_text(text, encoding="utf-8")
    shown = glokal("sheet", "export", "o.xlsx", cwd=region)
    assert shown.returncode == 2
    assert "40000 characters; 32767" in shown.stderr
    assert not (region / "o.xlsx").exists()
    assert path.read_text(encoding="utf-8") == text


def test_what_looks_escaped_comes_back_from_a_workbook(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8").replace(
        '"Brevvenner"@nb', '"=Brev_x0041_venner"@nb'
    )
    path.write_text(text, encoding="utf-8")
    assert glokal("sheet", "export", "o.xlsx", cwd=region).returncode == 0
    shown = glokal("sheet", "import", "o.xlsx", "--yes", cwd=region)
    assert shown.returncode == 0, shown.stderr
    assert path.read_text(encoding="utf-8") == text
    assert not list(region.glob("data/register/*"))


def test_the_real_data_are_composed_and_seen(strategy: Workspace) -> None:
    for file in (*strategy.files, *strategy.shapes):
        text = file.path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), file.name
        assert not UNSEEN.search(text), file.name


def test_what_python_calls_printable_needs_no_escape() -> None:
    """`visible` and the cells of a workbook pass such texts on without a look."""
    printable = "".join(c for c in map(chr, range(0x110000)) if c.isprintable())
    assert _NOT_ON_A_LINE.search(printable) is None
    assert {unicodedata.category(c) for c in printable}.isdisjoint({"Cc", "Cf", "Co"})
    assert visible(f"{printable}\u200b") == f"{printable}\\u200B"

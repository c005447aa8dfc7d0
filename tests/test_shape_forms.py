"""What engines are known to do wrong: each row of the table has a case that shows it.

Expected numbers are by the text of SHACL; the section stands in the row.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox
import pytest

from glokal.core.errors import UsageError
from glokal.core.namespaces import XSD
from glokal.validation.property_path import read_about
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.ill_typed import is_ill_typed
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.shape_forms import engine_for, met, shape_form_rows
from glokal.validation.shacl.shape_patterns import pattern_fault
from glokal.validation.shacl.validate import prepare_shapes, validate_graph
from tests.component_cases import PREFIXES
from tests.conftest import glokal

COMPONENT = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :before ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:message "late {?value}, {$before}"@en ;
    sh:ask "ASK { FILTER ($value < $before) }" ] ."""
LATER = "sh:sparql [ sh:message 'later'@en ; sh:select 'SELECT $this { $this <http://e/f> ?f ; <http://e/t> ?t FILTER(?t < ?f) }' ]"
DATES = ':a a :K ; :c :b ; :f "2027-01-01"^^xsd:date ; :t "2023-01-01"^^xsd:date . :b :f "2027-01-01"^^xsd:date ; :t "2023-01-01"^^xsd:date .'


FIRST, REST = (
    f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{end}>" for end in ("first", "rest")
)
ANY = "sh:select 'SELECT $this { $this ?p ?o }'"


class Form(NamedTuple):
    """A case of a row: shapes, data, and how many violations there are; None refused."""

    row: str
    shapes: str
    data: str
    violations: int | None
    engine: str = ""


CASES = (
    Form("closed-property-shape", ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:closed true ; sh:ignoredProperties ( :q ) ] .", ":a :p [ :q 1 ; :z 2 , 3 ] .", 2, "pyshacl"),
    Form("nested-sparql", f":S sh:targetNode :a ; sh:property [ sh:path :c ; sh:node [ {LATER} ] ] .", DATES, 1, "pyshacl"),
    Form("nested-sparql", f":S sh:targetNode :a ; sh:not [ sh:property [ sh:path :c ; {LATER} ] ] .", DATES, 0, "pyshacl"),
    Form("own-component", COMPONENT + ":S sh:targetNode :a ; sh:property [ sh:path :f ; :before '2028-01-01'^^xsd:date ] .", DATES, 0),
    Form("own-component", COMPONENT + ":S sh:targetNode :a ; sh:property [ sh:path :f ; :before '2020-01-01'^^xsd:date ] .", DATES, 1),
    Form("recursive", ":S sh:targetClass :K ; sh:property [ sh:path :part ; sh:node :S ] , [ sh:path :n ; sh:minCount 1 ] .", ":a a :K ; :n 1 ; :part :b . :b :n 2 .", 0, "pyshacl"),
    Form("long-number", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:minInclusive 0 ; sh:maxInclusive 10 ] .", ":a :n 3.14159265358979323846264338327950288 , 1.00000000000000000001 .", 0, "pyshacl"),
    Form("long-number", ":S sh:targetNode :a ; sh:not [ sh:property [ sh:path :n ; sh:maxInclusive 10 ] ] .", ":a :n 3.14159265358979323846264338327950288 .", 1, "pyshacl"),
    Form("long-number", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:minInclusive 3.14159265358979323846264338327950288 ] .", ":a :n 3 .", 1, "pyshacl"),
    Form("pattern-looks-around", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "^(?!x)" ] .', ':a :n "x" , "y" .', 1, "pyshacl"),
    Form("pattern-class", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "^\\\\p{L}" ] .', ':a :n "1" , "å" .', 1, "shacl"),
    Form("pattern-flags", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "a.b" ; sh:flags "s" ] .', ':a :n "a\\nb" .', 0, "shacl"),
    Form("unique-lang-one", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:uniqueLang '1'^^xsd:boolean ] .", ":a :n 'x'@nb , 'y'@nb .", 0, "shacl"),
    Form("asks-shapes-graph", ":S sh:targetNode :a ; sh:sparql [ sh:select 'SELECT $this { FILTER EXISTS { GRAPH $shapesGraph { $currentShape ?p ?o } } }' ] .", ":a :n 1 .", 1, "shacl"),
    Form("sparql-constraint", f":S sh:targetClass :K ; {LATER} .", DATES, 1),
    Form("sparql-constraint", ":S sh:targetClass :K ; sh:sparql [ sh:select 'SELECT $this { FILTER(BOUND($this)) }' ] .", DATES, 1),
    Form("sparql-constraint", ":S sh:targetNode :a ; sh:sparql [ sh:select 'SELECT $this { { SELECT $this (COUNT(?v) AS ?n) { $this <http://e/n> ?v } GROUP BY $this } FILTER(?n > 1) }' ] .", ":a :n 1 , 2 .", 1),
    Form("deactivated-sparql", ":S sh:targetClass :K ; sh:sparql [ sh:deactivated true ; sh:select 'SELECT $this { $this a ?t }' ] .", DATES, 0),
    Form("class-is-shape", ":K a owl:Class , sh:NodeShape ; sh:property [ sh:path :n ; sh:minCount 1 ] .", ":a a :K . :b a :L . :L rdfs:subClassOf :K .", 2),
    Form("class-is-shape", ":M rdfs:subClassOf rdfs:Class . :K a :M , sh:NodeShape ; sh:property [ sh:path :n ; sh:minCount 1 ] .", ":a a :K .", 1),
    Form("sparql-target", ":S sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this <http://e/n> 1 }' ] ; sh:property [ sh:path :q ; sh:minCount 1 ] .", ":a :n 1 . [] :n 1 .", 2),
    Form("sparql-target", ":S sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this {' ] ; sh:property [ sh:path :q ; sh:minCount 1 ] .", ":a :n 1 .", None),
    Form("entailment", "<http://e/> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . :S sh:targetNode :a ; sh:nodeKind sh:IRI .", ":a :n 1 .", None),
    Form("undescribed-shape", ":S sh:targetNode :a ; sh:not :T .", ":a :n 1 .", None),
    Form("language-order", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:minInclusive 'b' ] .", ":a :n 'z'@nb .", None),
    Form("language-order", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:minInclusive 'b' ] .", ":a :n 'z' , 'a' ; :q 'z'@nb .", 1),
    Form("language-order", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:lessThan :q ] .", ":a :n 'a' ; :q 'z'@nb .", None),
    Form("language-order", ":S sh:targetNode :a ; sh:property [ sh:path ( :p :n ) ; sh:node [ sh:maxExclusive 'b' ] ] .", ":a :p [ :n 'a'@nb ] .", None),
    Form("ill-typed", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:datatype xsd:gYearMonth ] .", ':a :n "2020-13"^^xsd:gYearMonth , "2020-12"^^xsd:gYearMonth .', 1),
    Form("ill-typed", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:not [ sh:datatype xsd:long ] ] .", ':a :n "9223372036854775808"^^xsd:long , "9223372036854775807"^^xsd:long .', 1),
    Form("ill-typed", ":S sh:targetNode :a ; sh:property [ sh:path :n ; sh:datatype xsd:decimal ] .", ':a :n "INF"^^xsd:decimal , "1e0"^^xsd:decimal , 1.5 .', 2),
    Form("respelled", ":S sh:targetNode :a ; sh:sparql [ sh:select 'SELECT $this ?value { $this <http://e/n> ?value }' ] .", ':a :n 2.50 , "1"^^xsd:int .', 2),
    Form("pattern-set-operation", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "^[a&&b]$" ] .', ':a :n "a" , "&" , "c" .', 1, "pyshacl"),
    Form("pattern-class-inside", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "^[a-z-[aeiou]]$" ] .', ':a :n "e" .', None),
    Form("pattern-class-inside", ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:pattern "a++a" ] .', ':a :n "aaa" .', None),
    Form("no-meaning-in-shape", ":S sh:targetNode :a ; sh:property [ sh:path ( ) ; sh:maxCount 0 ] .", ":a :n 1 .", None),
    Form("no-meaning-in-shape", ":S sh:targetNode :a ; sh:node ( [ sh:class :C ] ) .", ":a :n 1 .", None),
    Form("deactivated-by-one", ":S sh:targetNode :a ; sh:closed '1'^^xsd:boolean .", ":a :n 1 .", None),
)  # fmt: skip


def turtle(text: str) -> list[ox.Triple]:
    read = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [q.triple for q in read]


def results(case: Form, engine: str) -> list[Result]:
    return validate_graph(turtle(case.data), turtle(case.shapes), engine=engine)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (
            "<https://www.w3.org/ns/shacl#property> [ sh:path :z ; sh:minCount 1 ]",
            "namespace",
        ),
        ("a <http://www.w3.org/ns/shacl/NodeShape>", "namespace"),
        ("sh:property [ sh:path :p ; sh:flags 'i' ]", "sh:pattern"),
        (
            "sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ]",
            "qualifiedMinCount",
        ),
        ("sh:ignoredProperties ( :p )", "sh:closed"),
        ("sh:target [ a :OwnTarget ; :of :C ]", "sh:select"),
        ("sh:uniqueLang true", "uniqueLang .* sh:path"),
        ("sh:or ( [ sh:minCount 1 ] [ sh:class :C ] )", "minCount .* sh:path"),
        ("sh:lessThan :q", "lessThan .* sh:path"),
        ("sh:property [ sh:path ( :p ) ; sh:maxCount 0 ]", "no path"),
        (
            f"sh:property [ sh:path [ {FIRST} :p ; {REST} ( :q ) , ( :r ) ] ; sh:maxCount 0 ]",
            "no path",
        ),
        (
            "sh:property [ sh:path [ sh:alternativePath ( :p ) ] ; sh:maxCount 0 ]",
            "no path",
        ),
        ("sh:property [ sh:path [ sh:inversePath ( ) ] ; sh:maxCount 0 ]", "no path"),
        ("sh:or ( ( [ sh:class :C ] ) [ sh:class :D ] )", "a list or a text"),
        ("sh:not 'x'", "a list or a text"),
        (
            f"sh:sparql [ {ANY} , 'SELECT $this {{ $this <http://e/q> 1 }}' ]",
            "2 sh:select",
        ),
        ("sh:sparql [ sh:message 'no query' ]", "no query"),
        ("sh:sparql [ sh:ask 'ASK { $this ?p ?o }' ]", "no query"),
        ("sh:sparql [ sh:select 'SELECT $this { $this a }' ]", "can't be read"),
        ("sh:sparql [ sh:select 'SELECT $this { $this rdfs:label 1 }' ]", "rdfs:"),
        (
            "sh:sparql [ sh:select 'SELECT $this { GRAPH ?g { $this ?p ?o } }' ]",
            "GRAPH",
        ),
        ("sh:sparql [ sh:select 'SELECT $this { $this $PATH ?o }' ]", r"\$PATH"),
        (
            f"sh:property [ sh:path :p ; sh:sparql [ {ANY.replace('?p', '?PATH')} ] ]",
            r"\$PATH",
        ),
        (
            ":before 1 . :C a sh:ConstraintComponent ; sh:parameter [ sh:path :before ]",
            "no sh:validator",
        ),
        (
            f":before 1 . :C sh:parameter [ sh:path :before ] ; sh:propertyValidator [ {ANY} ]",
            "no sh:validator",
        ),
        (
            f":before 1 . :C sh:parameter [ sh:path :before ; sh:optional true ] ; sh:validator [ {ANY} ]",
            "no component",
        ),
        (
            f":before 1 . [] sh:parameter [ sh:path :before ] ; sh:validator [ {ANY} ]",
            "no component",
        ),
        (
            f":from 1 , 2 ; :to 3 . :C sh:parameter [ sh:path :from ] , [ sh:path :to ] ; sh:validator [ {ANY} ]",
            "2 <http://e/from>",
        ),
    ],
)
def test_what_asks_for_nothing_is_refused_by_name(shape: str, told: str) -> None:
    shapes = turtle(
        f":OK sh:targetNode :a ; sh:nodeKind sh:IRI . :S sh:targetNode :a ; sh:nodeKind sh:IRI ; {shape} ."
    )
    with pytest.raises(UsageError, match=told):
        validate_graph(turtle(":a :p 1 ."), shapes)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("[a[b]", "pattern-class"),
        ("[^[:alpha:]]", "pattern-class"),
        (r"[a\[b]\[", ""),
        ("[]a[]", "pattern-class"),
        ("[]a]", ""),
        ("a{2}+", "pattern-possessive"),
        ("a*+", "pattern-possessive"),
        (r"a\++", ""),
        ("[*+]+", ""),
        ("(a+)+", ""),
        ("a+?b", ""),
    ],
)
def test_a_pattern_is_read_by_its_marks(pattern: str, fault: str) -> None:
    assert pattern_fault(pattern) == fault


WELL_FORMED = {
    "gYear": "2020 0000 -2020Z 12020 | 20 02020 2020-01",
    "gYearMonth": "2020-01 | 2020-13 2020-00",
    "gMonthDay": "--02-29 --12-31Z | --02-30 --13-01",
    "gDay": "---31 | ---32 --31",
    "gMonth": "--12 | --13 12",
    "date": "0000-01-01 12020-01-01 -0001-01-01 2020-02-29+14:00 | 2020-02-30 2021-02-29 2020-01-01+14:01",
    "dateTime": "2020-01-01T24:00:00 2020-01-01T00:00:00.5Z | 2020-01-01T24:00:01 2020-01-01 2020-01-01T00:00:60",
    "dateTimeStamp": "2020-01-01T00:00:00Z | 2020-01-01T00:00:00",
    "time": "24:00:00 12:00:00Z | 12:00 25:00:00 24:00:01",
    "duration": "P1Y PT1S P1YT1H | P PT P1S P1YT",
    "dayTimeDuration": "P1D -P1DT0.5S | P1Y PT P1DT",
    "yearMonthDuration": "P1Y P2M | P1D P",
    "integer": "+1 -0 007 99999999999999999999 | 1.0 ١ 1e0",
    "decimal": ".5 1. 3.14159265358979323846264338327950288 | 1e0 INF .",
    "double": "INF +INF NaN 1e400 .5E-3 | inf nan 1E",
    "boolean": "1 true | TRUE yes",
    "byte": "-128 127 | 128 -129",
    "long": "9223372036854775807 | 9223372036854775808",
    "unsignedLong": "18446744073709551615 0000000000000000000000000000000000000000000000001 | -1 18446744073709551616",
    "positiveInteger": "1 | 0 -1",
    "negativeInteger": "-1 | 0 1",
    "hexBinary": "0a FF | 0 0g",
    "base64Binary": "YQ== YWI= YWJj | a YQ= Y===",
    "language": "nb nn-NO | nb_NO 123456789",
    "NCName": "a æ-1 | a:b 1a",
    "Name": "a:b | 1a",
    "NMTOKEN": "1a | a/b",
}


@pytest.mark.parametrize("kind", WELL_FORMED)
def test_a_text_is_one_of_its_datatype_or_not(kind: str) -> None:
    """By the lexical spaces of XML Schema 1.1, part 2."""
    right, wrong = (part.split() for part in WELL_FORMED[kind].split("|"))
    datatype = ox.NamedNode(XSD + kind)
    judged = {t: is_ill_typed(ox.Literal(t, datatype=datatype)) for t in right + wrong}
    assert judged == {**dict.fromkeys(right, False), **dict.fromkeys(wrong, True)}


def test_each_row_has_a_case() -> None:
    assert {case.row for case in CASES} == {row.form for row in shape_form_rows()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.row} {c.violations}")
def test_a_row(case: Form, engine: str) -> None:
    if case.violations is None:
        with pytest.raises(Exception, match=r"\w"):
            results(case, engine)
        return
    assert len(results(case, engine)) == case.violations


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.row} {c.violations}")
def test_the_engine_of_a_row_judges(
    case: Form, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not case.engine:
        return
    data = tmp_path_factory.mktemp("data") / "data.nt"
    ox.serialize(turtle(case.data), str(data), format=ox.RdfFormat.N_TRIPLES)
    for asked in ENGINES:
        assert (
            prepare_shapes(data, turtle(case.shapes), engine=asked).engine
            == case.engine
        )


def test_rows_that_leave_no_engine_are_refused_by_name() -> None:
    shapes = turtle(
        ':S sh:targetNode :a ; sh:property [ sh:path :n ; sh:closed true ; sh:pattern "a" ; sh:flags "s" ] .'
    )
    with pytest.raises(UsageError, match=r"sh:closed in a property shape.*sh:flags"):
        engine_for("shacl", met(read_about(shapes)))


def test_messages_belong_to_their_own_constraint_and_are_filled_in() -> None:
    shapes = turtle(
        COMPONENT
        + """:S sh:targetNode :a ; sh:message "of the shape"@en ;
          sh:sparql [ sh:message "one {?v}"@en ; sh:select "SELECT $this ?v { $this <http://e/n> ?v }" ] ,
            [ sh:message "two"@en ; sh:select "SELECT $this { $this <http://e/none> ?v }" ] ;
          sh:property [ sh:path :n ; sh:maxInclusive 0 ; sh:message "{?value} over {$maxInclusive}"@en ] ,
            [ sh:path :d ; :before "2020-01-01"^^xsd:date ] ."""
    )
    data = turtle(':a :n 7 ; :d "2021-01-01"^^xsd:date .')
    told = {text for r in validate_graph(data, shapes) for _, text in r.messages}
    assert told == {"one 7", "7 over 0", "late 2021-01-01, 2020-01-01"}


BAD = """@prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ;
    sh:MinCount 1 ] , e:P ;
  sh:js [ sh:jsFunctionName "f" ] .
"""


def run(tmp_path: object, *args: str, shapes: str = BAD) -> tuple[int, str, str]:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "s.ttl").write_text(shapes, encoding="utf-8")
    (folder / "d.ttl").write_text("<http://e/a> a <http://e/C> .\n", encoding="utf-8")
    done = glokal("validate", "--shapes", "s.ttl", "--data", "d.ttl", *args, cwd=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("lang", "said"),
    [("nb", "Mente du sh:minCount?"), ("nn", "Meinte du sh:minCount?"), ("en", "Write sh:minCount.")],
)  # fmt: skip
def test_every_fault_of_the_shapes_is_told_with_its_place(
    tmp_path: object, lang: str, said: str
) -> None:
    code, out, err = run(tmp_path, "--lang", lang)
    lines = err.splitlines()
    assert (code, out, len(lines)) == (2, "", 3)
    assert (
        lines[0].startswith("glokal: s.ttl:3:5: ")
        and said in lines[0]
        and "e:S" in lines[0]
    )
    assert lines[1].startswith("glokal: s.ttl:3:23: ") and "e:P" in lines[1]
    assert lines[2].startswith("glokal: s.ttl:4:3: ") and "sh:js" in lines[2]


@pytest.mark.parametrize(
    "fmt", ["text", "github", "sarif", "junit", "json", "html", "turtle"]
)
def test_what_is_left_out_is_named_in_every_format(tmp_path: object, fmt: str) -> None:
    shapes = (
        BAD.replace(", e:P", "")
        .replace("sh:js [", "sh:minCount 0 ; sh:js [")
        .replace("sh:minCount 0 ;", "")
    )
    allow = ("--allow-unsupported", "sh:js", "--allow-unsupported", "sh:MinCount")
    code, out, err = run(
        tmp_path,
        *allow,
        "--format",
        fmt,
        "--lang",
        "en",
        shapes=shapes + "e:S sh:nodeKind sh:IRI .\n",
    )
    assert (code, err) == (0, "")
    assert "sh:js" in out and "sh:MinCount" in out
    if fmt == "text":
        assert out.startswith("Left out of the shapes: ")


def test_one_that_is_not_allowed_is_still_refused(tmp_path: object) -> None:
    code, _, err = run(tmp_path, "--allow-unsupported", "sh:js", "--lang", "en")
    assert code == 2 and "sh:MinCount" in err and "sh:js" not in err
    code, _, err = run(tmp_path, "--allow-unsupported", "nothing")
    assert code == 2 and "names no term" in err


IMPORTS = """@prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
e: a owl:Ontology ; owl:imports e:more .
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:IRI .
"""


def test_imports_are_followed_or_told(tmp_path: object) -> None:
    from pathlib import Path

    code, out, _ = run(tmp_path, "--lang", "en", shapes=IMPORTS)
    assert code == 0 and "s.ttl:3:33: note" in out and "http://e/more" in out
    more = Path(str(tmp_path)) / "more.ttl"
    more.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> sh:nodeKind2 1 ; sh:nodeKind sh:IRI .",
        encoding="utf-8",
    )
    code, out, err = run(
        tmp_path, "--import", "http://e/more=more.ttl", "--lang", "en", shapes=IMPORTS
    )
    assert code == 2 and "more.ttl:1:58: " in err
    more.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> sh:class <http://e/D> .",
        encoding="utf-8",
    )
    code, out, err = run(
        tmp_path, "--import", "http://e/more=more.ttl", "--lang", "en", shapes=IMPORTS
    )
    assert code == 1 and "note" not in out

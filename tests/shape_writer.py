"""Shapes graphs and data graphs by chance: every constraint of SHACL Core, any path.

Each is written as Turtle. What SHACL leaves open is kept out, so that engines have to
agree: shapes that refer to themselves, and what only one engine refuses.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from glokal.core.namespaces import RDF

HEAD = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
PROPERTIES = (":p", ":q", ":r")
# What is compared has values that can be: pySHACL gives an order to IRIs, and fails on
# blank nodes. It also takes a blank node to have a length of zero.
IN_ORDER = (":s", ":t")
CLASSES = (":C", ":D")
THINGS = (":a", ":b", ":c", "_:n", "_:m")
PATTERNS = ('"^x"', '"[0-9]+"', '"X" ; sh:flags "i"')
LANGUAGES = ('( "nb" )', '( "nn" "en" )')
TEXTS = ('"x"', '"xyz"', '"æ😀"', '"x"@nb', '"y"@nb', '"x"@en', '""')
# Numbers and dates are not mixed: pySHACL takes a date to be within a limit that is a
# number, where the specification has no order and so a violation (SHACL, 4.3).
# Nor numbers and truths: Python, and so pySHACL, takes true to be 1.
ORDERED = (
    ("1", "2", "10", "1.5", "2e0"),
    ('"2020-01-01"^^xsd:date', '"2021-06-30"^^xsd:date', '"1999-12-31"^^xsd:date'),
)


@dataclass(frozen=True)
class Row:
    """A triple as it is written, and where its object stands."""

    subject: str
    predicate: str
    value: str
    line: int
    column: int


@dataclass(frozen=True)
class Graphs:
    """A data graph with its rows, and a shapes graph."""

    data: str
    rows: tuple[Row, ...]
    shapes: str


@st.composite
def graphs(draw: st.DrawFn) -> Graphs:
    """Return a data graph and a shapes graph about the same properties."""
    writer = Writer(draw, draw(st.sampled_from(ORDERED)))
    data, rows = writer.data()
    return Graphs(data, tuple(rows), writer.shapes_graph())


class Writer:
    """Writes both graphs; `ordered` are the values that limits may be set on."""

    def __init__(self, draw: st.DrawFn, ordered: tuple[str, ...]) -> None:
        self.draw = draw
        self.ordered = ordered
        self.texts = TEXTS if ordered == ORDERED[0] else (*TEXTS, "true")

    def one(self, *words: str) -> str:
        return self.draw(st.sampled_from(words))

    def some(self, *words: str) -> str:
        chosen = st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True)
        return f"( {' '.join(self.draw(chosen))} )"

    def data(self) -> tuple[str, list[Row]]:
        text, rows = HEAD + ":D rdfs:subClassOf :C .\n", []
        values = st.sampled_from((*THINGS[:4], *self.texts, *self.ordered))
        pairs = st.tuples(st.sampled_from(PROPERTIES), values) | st.tuples(
            st.sampled_from(IN_ORDER), st.sampled_from(self.ordered)
        )
        things = st.lists(st.sampled_from(THINGS), min_size=1, unique=True)
        for subject in self.draw(things):
            said = [("a", self.one(*CLASSES))]
            said += sorted(self.draw(st.lists(pairs, max_size=6, unique=True)))
            for number, (predicate, value) in enumerate(said):
                same = number > 0 and predicate == said[number - 1][0]
                text += subject if number == 0 else " ," if same else " ;"
                text += self.one(" ", "\n  ", "\t", " # ; .\n")
                text += "" if same else predicate + self.one(" ", "\r\n ")
                lines = text.replace("\r\n", "\n").split("\n")
                at = len(lines), len(lines[-1]) + 1
                rows.append(Row(subject, predicate, value, *at))
                text += value
            text += " .\n"
        return text, rows

    def shapes_graph(self) -> str:
        text = HEAD
        for number in range(self.draw(st.integers(1, 3))):
            parts = [self.target(), self.constraint(2, path=False)]
            for _ in range(self.draw(st.integers(1, 3))):
                parts.append(f"sh:property {self.property_shape(2)}")
            text += f":S{number} a sh:NodeShape ; {' ; '.join(parts)} .\n"
        return text

    def target(self) -> str:
        return self.one(
            "sh:targetClass :C", "sh:targetNode :a", "sh:targetSubjectsOf :p",
            "sh:targetObjectsOf :q", "sh:targetNode :ghost",
        )  # fmt: skip

    def shape(self, depth: int) -> str:
        return f"[ a sh:NodeShape ; {self.constraint(depth, path=False)} ]"

    def property_shape(self, depth: int) -> str:
        if self.draw(st.integers(0, 9)) == 0:
            word = self.one("lessThan", "lessThanOrEquals")
            return f"[ sh:path {IN_ORDER[0]} ; sh:{word} {IN_ORDER[1]} ]"
        held = self.constraint(depth, path=True)
        return f"[ a sh:PropertyShape ; sh:path {self.path()} ; {held} ]"

    def path(self) -> str:
        p, q = self.one(*PROPERTIES), self.one(*PROPERTIES)
        repeated = self.one("zeroOrMore", "oneOrMore", "zeroOrOne")
        return self.one(
            p, p, f"[ sh:inversePath {p} ]", f"( {p} {q} )",
            f"[ sh:alternativePath ( {p} {q} ) ]", f"[ sh:{repeated}Path {p} ]",
            f"( [ sh:inversePath {p} ] [ sh:{repeated}Path {q} ] )",
        )  # fmt: skip

    def constraint(self, depth: int, *, path: bool) -> str:
        kinds = ["value", "value"] + ["values"] * 2 * path
        if depth:
            kinds += ["not", "node", "and", "or", "xone", "property"]
            kinds += ["qualified"] if path else ["closed"]
        match kind := self.one(*kinds):
            case "value":
                return self.on_value()
            case "values":
                return self.on_values()
            case "not" | "node":
                return f"sh:{kind} {self.shape(depth - 1)}"
            case "and" | "or" | "xone":
                return f"sh:{kind} ( {self.shape(depth - 1)} {self.shape(depth - 1)} )"
            case "property":
                return f"sh:property {self.property_shape(depth - 1)}"
            case "closed":
                ignored = f"sh:ignoredProperties ( <{RDF}type> )"
                known = f"sh:property [ sh:path {self.one(*PROPERTIES)} ]"
                return f"sh:closed true ; {ignored} ; {known}"
            case _:
                word = self.one("qualifiedMinCount", "qualifiedMaxCount")
                inner = self.shape(depth - 1)
                return f"sh:qualifiedValueShape {inner} ; sh:{word} {self.count()}"

    def count(self) -> str:
        return self.one("0", "1", "2", "3")

    def on_value(self) -> str:
        """Return what one value is held against."""
        limit = f"{self.one('min', 'max')}{self.one('In', 'Ex')}clusive"
        return self.one(
            f"sh:class {self.one(*CLASSES)}",
            f"sh:datatype xsd:{self.one('string', 'integer', 'date')}",
            f"sh:nodeKind sh:{self.one('IRI', 'Literal', 'BlankNode')}",
            f"sh:nodeKind sh:{self.one('BlankNodeOrIRI', 'IRIOrLiteral')}",
            f"sh:{limit} {self.one(*self.ordered)}",
            f"sh:{self.one('min', 'max')}Length {self.one('1', '2', '3')}",
            f"sh:pattern {self.one(*PATTERNS)}",
            f"sh:languageIn {self.one(*LANGUAGES)}",
            f"sh:in {self.some(*THINGS[:3], *self.texts, *self.ordered)}",
        )

    def on_values(self) -> str:
        """Return what the values of a path are held against together."""
        other = self.one(*PROPERTIES)
        value = self.one(*THINGS[:3], *self.texts, *self.ordered)
        return self.one(
            f"sh:minCount {self.count()}",
            f"sh:maxCount {self.count()}",
            "sh:uniqueLang true",
            f"sh:equals {other}",
            f"sh:disjoint {other}",
            f"sh:hasValue {value}",
        )

"""A case for each constraint component of SHACL, worked out by hand.

Each holds the constraints of the shape `:S` and the data; the nodes and values that
violate stand in `bad`, written as `focus value` (or `focus` for none).
Sections: https://www.w3.org/TR/shacl/#core-components and #sparql-constraints.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from typing import NamedTuple


class ComponentCase(NamedTuple):
    component: str
    shape: str
    data: str
    bad: str
    name: str = ""


PREFIXES = """
@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
C = ComponentCase
CASES = (
    # 4.1 value types
    C("Class", "sh:path :p ; sh:class :K", ":a :p :x, :y . :x a :L . :L rdfs:subClassOf :K .", "a y"),
    C("Datatype", "sh:path :p ; sh:datatype xsd:integer", ':a :p 1, "x", "y"^^xsd:integer .', "a x|a y"),
    C("NodeKind", "sh:path :p ; sh:nodeKind sh:IRI", ':a :p :x, "t", [] .', "a t|a _:"),
    # 4.2 cardinality
    C("MinCount", "sh:path :p ; sh:minCount 2", ":a :p 1, 2 . :b :p 1 .", "b"),
    C("MaxCount", "sh:path :p ; sh:maxCount 1", ":a :p 1, 2 . :b :p 1 .", "a"),
    # 4.3 value ranges; what can't be compared violates
    C("MinExclusive", "sh:path :p ; sh:minExclusive 2", ':a :p 1, 2, 3, "x" .', "a 1|a 2|a x"),
    C("MinInclusive", "sh:path :p ; sh:minInclusive 2", ":a :p 1, 2.0, 3 .", "a 1"),
    C("MaxExclusive", "sh:path :p ; sh:maxExclusive 2", ":a :p 1, 2, 3 .", "a 2|a 3"),
    C("MaxInclusive", 'sh:path :p ; sh:maxInclusive "2023-01-01"^^xsd:date',
      ':a :p "2023-01-01"^^xsd:date, "2023-01-02"^^xsd:date .', "a 2023-01-02"),
    # 4.4 strings: characters, not bytes; a blank node always violates
    C("MinLength", "sh:path :p ; sh:minLength 3", ':a :p "æøå", "æø", [] .', "a æø|a _:"),
    C("MaxLength", "sh:path :p ; sh:maxLength 3", ':a :p "æøå", "æøåx" .', "a æøåx"),
    C("Pattern", 'sh:path :p ; sh:pattern "^B"', ':a :p "Bodø", "bodø", [] .', "a bodø|a _:"),
    C("Pattern", 'sh:path :p ; sh:pattern "^b" ; sh:flags "i"', ':a :p "Bodø", "Oslo" .', "a Oslo", "flags"),
    C("LanguageIn", 'sh:path :p ; sh:languageIn ( "nb" "en" )',
      ':a :p "x"@nb, "y"@en-GB, "z"@sv, "w" .', "a z|a w"),
    C("UniqueLang", "sh:path :p ; sh:uniqueLang true", ':a :p "x"@nb, "y"@nb, "z"@en . :b :p "x"@nb, "y" .', "a"),
    # 4.5 property pairs
    C("Equals", "sh:path :p ; sh:equals :q", ":a :p 1, 2 ; :q 2, 3 .", "a 1|a 3"),
    C("Disjoint", "sh:path :p ; sh:disjoint :q", ":a :p 1, 2 ; :q 2, 3 .", "a 2"),
    C("LessThan", "sh:path :p ; sh:lessThan :q", ":a :p 1, 2 ; :q 2 .", "a 2"),
    C("LessThanOrEquals", "sh:path :p ; sh:lessThanOrEquals :q", ":a :p 1, 3 ; :q 2 .", "a 3"),
    # 4.6 logic
    C("Not", "sh:path :p ; sh:not [ sh:datatype xsd:integer ]", ':a :p 1, "x" .', "a 1"),
    C("And", "sh:path :p ; sh:and ( [ sh:minInclusive 2 ] [ sh:maxInclusive 4 ] )", ":a :p 1, 3, 5 .", "a 1|a 5"),
    C("Or", "sh:path :p ; sh:or ( [ sh:datatype xsd:string ] [ sh:datatype xsd:integer ] )",
      ':a :p 1, "x", 1.5 .', "a 1.5"),
    C("Xone", "sh:path :p ; sh:xone ( [ sh:minInclusive 2 ] [ sh:maxInclusive 4 ] )", ":a :p 1, 3, 5 .", "a 3"),
    # 4.7 shapes
    C("Node", "sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]",
      ":a :p :x, :y . :x :q 1 .", "a y"),
    C("MinCount", "sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ]", ":a :p :x, :y . :x :q 1 .", "y", "property"),
    C("QualifiedMinCount", "sh:path :p ; sh:qualifiedValueShape [ sh:class :K ] ; sh:qualifiedMinCount 1",
      ":a :p :x . :b :p :y . :x a :K .", "b"),
    C("QualifiedMaxCount", "sh:path :p ; sh:qualifiedValueShape [ sh:class :K ] ; sh:qualifiedMaxCount 1",
      ":a :p :x, :y, :z . :b :p :x, :z . :x a :K . :y a :K .", "a"),
    # 4.8 others
    C("Closed", "sh:closed true ; sh:ignoredProperties ( :q ) ; sh:property [ sh:path :p ]",
      ":a :p 1 ; :q 2 ; :r 3 .", "a 3"),
    C("HasValue", "sh:path :p ; sh:hasValue :x", ":a :p :x, :y . :b :p :y .", "b"),
    C("In", 'sh:path :p ; sh:in ( :x "1" )', ':a :p :x, "1", 1, :y .', "a 1|a y"),
    # 5 SPARQL
    C("SPARQL", 'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://e/p> ?value FILTER (?value > 2) }" ]',
      ":a :p 1, 3 .", "a 3"),
    C("SPARQL", """sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://e/p> ?value FILTER sameTerm(?value, 'x') }" ]""",
      ':a :p "x", "y", "x"@nb .', "a x", "plain text"),
    # 2.3.1 paths
    C("MaxCount", "sh:path ( :p :q ) ; sh:maxCount 0", ":a :p :b . :b :q 1 ; :p 2 .", "a", "sequence"),
    C("MaxCount", "sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1", ":a :p 1 ; :q 2 . :b :p 1 .", "a", "alternative"),
    C("MaxCount", "sh:path [ sh:inversePath :q ] ; sh:maxCount 0", ":a :p 1 . :b :q :a ; :p 1 .", "a", "inverse"),
    C("Class", "sh:path [ sh:zeroOrMorePath :q ] ; sh:class :K", ":a :p 1 ; :q :b ; a :K . :b :q :c ; a :K .", "a c", "zero or more"),
    C("Class", "sh:path [ sh:oneOrMorePath :q ] ; sh:class :K", ":a :p 1 ; :q :a, :b . :b a :K .", "a a", "one or more"),
    C("MaxCount", "sh:path [ sh:zeroOrOnePath :q ] ; sh:maxCount 1", ":a :p 1 ; :q :b . :b :p 1 .", "a", "zero or one"),
    # 2.1.4 and 2.1.5
    C("MinCount", "sh:path :q ; sh:minCount 1 ; sh:severity sh:Info", ":a :p 1 .", "a", "severity"),
)  # fmt: skip
# What SHACL's appendix of core constraint components lists, and SPARQL's.
COMPONENTS = frozenset(
    """
    Class Datatype NodeKind MinCount MaxCount MinExclusive MinInclusive MaxExclusive
    MaxInclusive MinLength MaxLength Pattern LanguageIn UniqueLang Equals Disjoint
    LessThan LessThanOrEquals Not And Or Xone Node QualifiedMinCount
    QualifiedMaxCount Closed HasValue In SPARQL
    """.split()
)

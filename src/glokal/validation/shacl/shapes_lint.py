"""What is wrong with a shapes graph: what an engine would pass over in silence.

A misspelt `sh:mincount` constrains nothing, and what belongs to SHACL's advanced
features or to its JavaScript extension is passed over by an engine that lacks it. All
faults are found, not the first one only. Appendix C of SHACL has the syntax rules.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH, XSD
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import (
    ValuesBySubject,
    list_members,
    read_about,
)
from glokal.validation.shacl.component_faults import component_faults
from glokal.validation.shacl.shape_faults import ShapeFault, ShapesError
from glokal.validation.shacl.shape_gaps import find_gaps, is_path, is_whole_list
from glokal.validation.shacl.shape_patterns import pattern_fault
from glokal.validation.shacl.shape_queries import find_query_faults

# The terms of SHACL Core and SHACL-SPARQL that stand in shapes (appendices A and B).
_WORDS = frozenset(
    """
    NodeShape PropertyShape Shape Parameterizable Parameter ConstraintComponent
    SPARQLConstraint SPARQLAskValidator SPARQLSelectValidator SPARQLExecutable
    PrefixDeclaration Validator NodeKind BlankNode IRI Literal BlankNodeOrIRI
    BlankNodeOrLiteral IRIOrLiteral Severity Info Warning Violation
    PropertyGroup targetClass targetNode targetObjectsOf targetSubjectsOf
    property path inversePath alternativePath zeroOrMorePath oneOrMorePath
    zeroOrOnePath class datatype nodeKind minCount maxCount minExclusive
    minInclusive maxExclusive maxInclusive minLength maxLength pattern flags
    languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or
    xone node qualifiedValueShape qualifiedMinCount qualifiedMaxCount
    qualifiedValueShapesDisjoint closed ignoredProperties hasValue in sparql
    select ask construct prefixes declare prefix namespace severity message
    deactivated name description order group defaultValue parameter optional
    validator nodeValidator propertyValidator labelTemplate shapesGraph
    suggestedShapesGraph target SPARQLTarget
    """.split()
)
# What stands in a shapes graph that holds a report or its own tests.
_REPORT = frozenset(
    """
    ValidationReport ValidationResult AbstractResult result resultPath
    resultSeverity resultMessage focusNode value sourceShape sourceConstraint
    sourceConstraintComponent detail conforms shapesGraphWellFormed entailment
    """.split()
)
# What SHACL-AF, SHACL-JS and SHACL 1.2 add, by how its names begin.
_BEYOND = re.compile(
    "js|JS|rule|Rule|Function|function|expression|Expression|values|condition|Triple|"
    "SPARQLRule|SPARQLFunction|SPARQLTargetType|Target|returnType|subject|predicate|"
    "object|entail|filterShape|nodes|intersection|union|reif|member|unique|root|shape|"
    "singleLine|someValue|subsetOf|memberShape|uniqueMembers|minListLength|maxListLength"
)
# What at most one value of is allowed (SHACL, appendix C).
_ONCE = (
    "datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive "
    "maxInclusive minLength maxLength languageIn uniqueLang in pattern flags "
    "qualifiedValueShape qualifiedMinCount qualifiedMaxCount closed ignoredProperties "
    "qualifiedValueShapesDisjoint deactivated severity select ask"
).split()
# What asks for something by itself; sh:property does so by the shapes that it names.
_ASKS = frozenset(
    """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive
    maxInclusive minLength maxLength pattern languageIn uniqueLang equals disjoint
    lessThan lessThanOrEquals not and or xone node qualifiedValueShape closed hasValue
    in sparql parameter
    """.split()
)
_TO_SHAPES = ("property", "node", "not", "qualifiedValueShape")
_TO_LISTS = ("and", "or", "xone")
_LISTS = (*_TO_LISTS, "in", "languageIn", "ignoredProperties")
_BOOLEANS = ("deactivated", "closed", "uniqueLang", "qualifiedValueShapesDisjoint")
_COUNTS = (
    "minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount"
).split()
_LIMITS = "minExclusive minInclusive maxExclusive maxInclusive pattern flags".split()
_IRIS = (
    "class datatype equals disjoint lessThan lessThanOrEquals severity "
    "targetSubjectsOf targetObjectsOf targetClass"
).split()
_KINDS = frozenset(
    "BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral".split()
)
_ENTAILMENT = SH + "entailment"
_Said = Mapping[str, Sequence[Term]]


def is_known_term(iri: str) -> bool:
    """Whether SHACL has a term."""
    return iri.removeprefix(SH) in _WORDS | _REPORT


def has_constraint(shapes: Iterable[ox.Triple]) -> bool:
    """Whether a shape asks for anything, or declares a constraint of its own."""
    return any(t.predicate.value.removeprefix(SH) in _ASKS for t in shapes)


def refuse_unsupported(shapes: Iterable[ox.Triple]) -> None:
    """Raise ShapesError with all that is wrong with a shapes graph."""
    about = read_about(shapes)
    results = list(find_faults(about))
    if results:
        raise ShapesError.of(results, about)


def find_faults(about: ValuesBySubject) -> Iterator[ShapeFault]:
    """Yield all that is wrong with a shapes graph, in its order."""
    named: dict[tuple[Term, Term, str], ShapeFault] = {}
    for shape, details in about.items():
        for word in (*_TO_SHAPES, *_TO_LISTS):
            for value in details.get(SH + word, ()):
                parts = list_members(about, value) if word in _TO_LISTS else [value]
                for part in parts:
                    fields = {"word": f"sh:{word}"}
                    iri = text_of(part)
                    fault = ShapeFault(
                        "undescribed", shape, SH + word, part, fields, iri
                    )
                    named[part, shape, word] = fault
    properties = {
        part for details in about.values() for part in details.get(SH + "property", ())
    }
    referred = {part for part, _, _ in named}
    for (part, _, _), fault in named.items():
        # A literal is told of as no shape at all.
        if part not in about and isinstance(part, ox.NamedNode):
            yield fault
    yield from find_gaps(about)
    for shape, details in about.items():
        yield from _words(shape, details, referred=shape in referred)
        yield from _form(about, shape, details, is_property=shape in properties)
    yield from find_query_faults(about)
    yield from component_faults(about)


def _words(shape: Term, said: _Said, *, referred: bool) -> Iterator[ShapeFault]:
    used: list[tuple[str, Term]] = [
        (p, values[0]) for p, values in said.items() if p.startswith(SH)
    ]
    kinds = [v for v in said.get(RDF + "type", ()) if text_of(v).startswith(SH)]
    for value in said.get(SH + "entailment", ()):
        fields = {"term": text_of(value)}
        yield ShapeFault(
            "entailment", shape, SH + "entailment", value, fields, _ENTAILMENT
        )
    known = any(iri.removeprefix(SH) in _WORDS for iri, _ in used)
    known |= any(text_of(kind).removeprefix(SH) in _WORDS for kind in kinds)
    if not known and not referred:
        # A node of the data may use the namespace as it likes.
        return
    for iri, value in used:
        yield from _word(shape, iri, iri, value)
    for kind in kinds:
        yield from _word(shape, text_of(kind), RDF + "type", kind)


def _word(shape: Term, iri: str, predicate: str, value: Term) -> Iterator[ShapeFault]:
    word = iri.removeprefix(SH)
    if word in _WORDS | _REPORT or "Component" in word:
        return
    folded = [known for known in _WORDS if known.casefold() == word.casefold()]
    close = folded or difflib.get_close_matches(word, _WORDS, n=2, cutoff=0.7)
    beyond = _BEYOND.match(word) and not folded
    fields = {"term": f"sh:{word}", "close": " / ".join(f"sh:{c}" for c in close)}
    if beyond:
        fields["close"] = ""
    form = "beyond" if beyond else "no-such-term"
    yield ShapeFault(form, shape, predicate, value, fields, iri)


def _form(
    about: ValuesBySubject, shape: Term, said: _Said, *, is_property: bool
) -> Iterator[ShapeFault]:
    kinds = map(text_of, said.get(RDF + "type", ()))
    is_property = is_property or SH + "PropertyShape" in kinds
    paths = said.get(SH + "path", ())
    if len(paths) > 1 or (is_property and not paths):
        fields = {"n": str(len(paths)), "term": "sh:path"}
        value = paths[-1] if paths else None
        yield ShapeFault(
            "path-count", shape, SH + "path" if paths else "", value, fields
        )
    elif paths and is_shape(said) and not is_path(about, paths[0]):
        yield ShapeFault("path-form", shape, SH + "path", paths[0], {})
    for word in _ONCE:
        values = said.get(SH + word, ())
        if len(values) > 1:
            fields = {"n": str(len(values)), "term": f"sh:{word}"}
            yield ShapeFault("too-many", shape, SH + word, values[-1], fields)
    if not is_shape(said):
        return
    for word, value in (
        (p.removeprefix(SH), v) for p, values in said.items() for v in values
    ):
        if word == "qualifiedValueShapesDisjoint" and not paths:
            # In a node shape it asks for nothing (4.7.3), whatever it says.
            continue
        form = _wrong_form(about, word, value)
        if form:
            yield ShapeFault(form, shape, SH + word, value, {"term": f"sh:{word}"})


def is_shape(said: _Said) -> bool:
    """Whether what is said of a node makes it a shape, and no node of the data."""
    return any(p.removeprefix(SH) in _WORDS for p in said if p.startswith(SH))


def _wrong_form(about: ValuesBySubject, word: str, value: Term) -> str:
    """Return the name of what a parameter's value should be, "" when it is that."""
    literal = isinstance(value, ox.Literal)
    kind = value.datatype.value if isinstance(value, ox.Literal) else ""
    text = text_of(value)
    if word in _BOOLEANS:
        # The W3C suite has uniqueLang "1", which is not true and yet allowed.
        allowed = ("true", "false", *("1" for _ in "x" if word == "uniqueLang"))
        return "" if kind == XSD + "boolean" and text in allowed else "boolean"
    if word in _COUNTS:
        # "1"^^xsd:int and its like are integers too.
        whole = literal and text.isascii() and text.removeprefix("+").isdigit()
        textual = kind in (XSD + "string", RDF + "langString")
        return "" if whole and not textual else "number"
    if word == "pattern" and literal:
        return pattern_fault(text)
    if word in _LIMITS:
        return "" if literal else "literal"
    if word in _IRIS:
        return "" if isinstance(value, ox.NamedNode) else "iri"
    if word == "nodeKind":
        known = isinstance(value, ox.NamedNode) and text.removeprefix(SH) in _KINDS
        return "" if known else "node-kind"
    if word in _LISTS:
        return "" if is_whole_list(about, value) else "list"
    return ""

"""Shapes that an engine would misread in silence are refused by name.

A misspelt `sh:mincount` constrains nothing, a recursive shape has no defined meaning
(SHACL, section 3.4.3), and what belongs to SHACL's advanced features or to its
JavaScript extension is passed over by an engine that lacks it.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.errors import UsageError
from glokal.rdf.terms import Term, text_of
from glokal.sparql.escapes import resolve_codepoints
from glokal.sparql.lexer import tokenize
from glokal.vocabulary import RDF, SH, XSD

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
    suggestedShapesGraph
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
_BEYOND = {"shacl": frozenset(("target", "SPARQLTarget")), "pyshacl": frozenset[str]()}
# What at most one value of is allowed (SHACL, appendix C).
_ONCE = (
    "datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive "
    "maxInclusive minLength maxLength languageIn uniqueLang in pattern flags "
    "qualifiedValueShape qualifiedMinCount qualifiedMaxCount closed ignoredProperties "
    "qualifiedValueShapesDisjoint deactivated severity"
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
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|<[^<>\s]*>|#[^\n]*')


def is_known(iri: str) -> bool:
    """Whether SHACL has a term."""
    return iri.removeprefix(SH) in _WORDS | _REPORT


def has_constraint(shapes: Iterable[ox.Triple]) -> bool:
    """Whether a shape asks for anything, or declares a constraint of its own."""
    return any(t.predicate.value.removeprefix(SH) in _ASKS for t in shapes)


def refuse_unsupported(shapes: Iterable[ox.Triple], engine: str) -> None:
    """Raise UsageError for the first thing in a shapes graph that can't be honoured."""
    about: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for t in shapes:
        if isinstance(t.subject, ox.NamedNode | ox.BlankNode) and not isinstance(
            t.object, ox.Triple
        ):
            about[t.subject][t.predicate.value].append(t.object)
    properties = {
        v for values in about.values() for v in values.get(SH + "property", [])
    }
    for shape in properties - set(about):
        _refuse(shape, "is named by sh:property and not described", "describe it.")
    for shape, values in list(about.items()):
        _words(shape, values, engine)
        _form(shape, values, is_property=shape in properties)
        for text in values[SH + "select"] + values[SH + "ask"]:
            _query(shape, text_of(text), engine)
    _recursion(about)


def _refuse(shape: Term, what: str, remedy: str) -> None:
    name = f"<{shape.value}>" if isinstance(shape, ox.NamedNode) else "A blank node"
    raise UsageError(f"{name} in the shapes graph {what}.", remedy=remedy)


def _words(shape: Term, values: dict[str, list[Term]], engine: str) -> None:
    used = [p for p in values if p.startswith(SH)]
    used += [text_of(v) for v in values[RDF + "type"] if text_of(v).startswith(SH)]
    if not any(iri.removeprefix(SH) in _WORDS for iri in used):
        # A node of the data may use the namespace as it likes.
        return
    for iri in used:
        word = iri.removeprefix(SH)
        if word in _WORDS | _REPORT | _BEYOND[engine] or "Component" in word:
            continue
        close = difflib.get_close_matches(word, _WORDS, n=2, cutoff=0.7)
        _refuse(
            shape,
            f"uses sh:{word}, which the engine {engine} does not know",
            f"write sh:{' or sh:'.join(close)}."
            if close
            else "say it in SHACL Core or by sh:sparql.",
        )


def _form(shape: Term, values: dict[str, list[Term]], *, is_property: bool) -> None:
    kinds = map(text_of, values[RDF + "type"])
    is_property = is_property or SH + "PropertyShape" in kinds
    paths = len(values[SH + "path"])
    if paths > 1 or (is_property and paths == 0):
        _refuse(shape, f"has {paths or 'no'} sh:path", "give it exactly one.")
    for word in _ONCE:
        if len(values[SH + word]) > 1:
            _refuse(
                shape,
                f"has {len(values[SH + word])} sh:{word}",
                "give it one, and other shapes the others.",
            )
    for word in ("deactivated", "closed", "uniqueLang", "qualifiedValueShapesDisjoint"):
        for value in values[SH + word]:
            if not isinstance(value, ox.Literal) or (
                value.datatype.value != XSD + "boolean"
                or value.value not in ("true", "false", "1", "0")
            ):
                _refuse(
                    shape,
                    f"has an sh:{word} that is no boolean",
                    "write true or false.",
                )


def _query(shape: Term, text: str, engine: str) -> None:
    # SHACL-SPARQL asks the data graph (section 5.3.1); nothing else is fetched for it.
    for word in sorted({"FROM", "SERVICE"} & _keywords(text)):
        _refuse(
            shape, f"has a query with {word}, which would leave the data graph",
            f"ask the data alone, without {word}.",
        )  # fmt: skip
    bare = _ASIDE.sub(" ", text)
    if engine == "pyshacl" and re.search(r"[$?](shapesGraph|currentShape)\b", bare):
        _refuse(
            shape, "uses $shapesGraph or $currentShape, which pyshacl can't give",
            "use the engine shacl.",
        )  # fmt: skip
    # Pre-binding (SHACL, section 5.2.1): a subquery must return what is bound.
    for inner in re.findall(r"\{\s*SELECT\b(.*?)(?:\bWHERE\b|\{)", bare, re.I | re.S):
        if "*" not in inner and not re.search(r"[$?]this\b", inner):
            _refuse(
                shape, "has a subquery that does not return $this",
                "name $this among what the subquery selects.",
            )  # fmt: skip


def _keywords(text: str) -> set[str]:
    try:
        return set(tokenize(resolve_codepoints(text)[0]).types)
    except ValueError:
        # No SPARQL: each engine says so.
        return set()


def _recursion(about: dict[Term, dict[str, list[Term]]]) -> None:
    done: set[Term] = set()
    for start in list(about):
        stack: list[tuple[Term, list[Term]]] = [(start, _next(about, start))]
        trail = {start}
        while stack:
            shape, following = stack[-1]
            if not following:
                done.add(shape)
                trail.discard(shape)
                stack.pop()
                continue
            found = following.pop()
            if found in trail:
                _refuse(
                    found, "refers to itself through others, which SHACL leaves open",
                    "say it without recursion, for instance by a path with *.",
                )  # fmt: skip
            if found not in done and found in about:
                trail.add(found)
                stack.append((found, _next(about, found)))


def _next(about: dict[Term, dict[str, list[Term]]], shape: Term) -> list[Term]:
    values = about.get(shape, {})
    found = [v for word in _TO_SHAPES for v in values.get(SH + word, [])]
    for word in _TO_LISTS:
        for head in values.get(SH + word, []):
            found += _members(about, head)
    return found


def _members(about: dict[Term, dict[str, list[Term]]], head: Term) -> list[Term]:
    found: list[Term] = []
    seen: set[Term] = set()
    while head in about and head not in seen:
        seen.add(head)
        found += about[head].get(RDF + "first", [])
        head = next(iter(about[head].get(RDF + "rest", [])), head)
    return found

"""The report as a validation report of SHACL (section 3.6), in Turtle."""

from __future__ import annotations

import pyoxigraph as ox

from glokal.core.characters import one_line
from glokal.core.errors import FindingsError, UsageError
from glokal.core.namespaces import RDF, SH, STANDARD_PREFIXES, XSD
from glokal.rdf.terms import Term
from glokal.rdf.turtle.formatter import write_turtle
from glokal.validation.finding import Finding
from glokal.validation.property_path import ShaclPath
from glokal.validation.report import Report
from glokal.validation.reports.grouped import say_left_out

_BOOLEAN = ox.NamedNode(XSD + "boolean")


def render(report: Report, lang: str) -> str:
    """Return a sh:ValidationReport of the results of SHACL.

    Raises UsageError when other steps were run too, FindingsError when the data can't
    be read, since SHACL has no words for what they found.
    """
    for f in report.findings:
        if f.step == "syntax":
            raise FindingsError(f.text(lang), place=f.place)
    if set(report.steps) - {"syntax", "shacl"}:
        raise UsageError(
            "Turtle is a report of SHACL; what other steps find has no place in it.",
            remedy="add --only shacl, or choose another format.",
        )
    payload = _Writer()
    node = ox.BlankNode()
    payload.say(node, RDF + "type", ox.NamedNode(SH + "ValidationReport"))
    conforms = "false" if report.findings else "true"
    payload.say(node, SH + "conforms", ox.Literal(conforms, datatype=_BOOLEAN))
    for f in report.findings:
        payload.say(node, SH + "result", payload.result(f))
    left = [f"# {one_line(text)}\n" for text in say_left_out(report, lang)]
    return "".join(left) + write_turtle(payload.triples, STANDARD_PREFIXES)


class _Writer:
    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def say(self, subject: ox.BlankNode, predicate: str, value: Term) -> None:
        self.triples.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    def result(self, f: Finding) -> ox.BlankNode:
        node = ox.BlankNode()
        self.say(node, RDF + "type", ox.NamedNode(SH + "ValidationResult"))
        severity = ox.NamedNode(f.own_severity or SH + f.severity.label.capitalize())
        self.say(node, SH + "resultSeverity", severity)
        self.say(node, SH + "sourceConstraintComponent", ox.NamedNode(f.component))
        for word, term in (
            ("focusNode", f.focus),
            ("value", f.value),
            ("sourceShape", f.shape),
            ("sourceConstraint", f.source),
        ):
            if term is not None:
                self.say(node, SH + word, term)
        if f.path:
            self.say(node, SH + "resultPath", ox.NamedNode(f.path))
        elif f.route is not None:
            self.say(node, SH + "resultPath", self.path(f.route))
        for detail in f.details:
            self.say(node, SH + "detail", self.result(detail))
        for language, text in f.message.items():
            message = ox.Literal(text, language=language) if language else None
            self.say(node, SH + "resultMessage", message or ox.Literal(text))
        return node

    def path(self, path: ShaclPath) -> Term:
        """Return the node of a path (section 2.3.1)."""
        if path.kind == "property":
            return ox.NamedNode(path.iri)
        parts = [self.path(part) for part in path.parts]
        if path.kind == "sequence":
            return self.list(parts)
        node = ox.BlankNode()
        several = path.kind == "alternativePath"
        self.say(node, SH + path.kind, self.list(parts) if several else parts[0])
        return node

    def list(self, members: list[Term]) -> Term:
        rest: Term = ox.NamedNode(RDF + "nil")
        for member in reversed(members):
            cell = ox.BlankNode()
            self.say(cell, RDF + "first", member)
            self.say(cell, RDF + "rest", rest)
            rest = cell
        return rest

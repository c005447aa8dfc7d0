"""A note for each shape that checks nothing: its target class has no instance in the
data, or it has no target and no other shape refers to it.

SHACL lets such data conform (2.1.3), so it is no error; but a misspelt class, or the
wrong file, looks just the same.
"""

from __future__ import annotations

import mmap
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.core.namespaces import RDF, RDFS, SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, shorten
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.finding import Finding, Severity, make_finding
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.data_queries import is_deactivated
from glokal.validation.shacl.shape_forms import implicit_classes


def unmet_targets(
    about: ValuesBySubject, data: Path, files: Iterable[SourceFile]
) -> Iterator[Finding]:
    """Yield a note for each target class without instances in a file of N-Triples."""
    classes: dict[ox.NamedNode, Term] = {}
    for shape, details in about.items():
        for kind in details.get(SH + "targetClass", ()):
            if isinstance(kind, ox.NamedNode) and not is_deactivated(about, shape):
                classes.setdefault(kind, shape)
    for shape in implicit_classes(about):
        if isinstance(shape, ox.NamedNode) and not is_deactivated(about, shape):
            classes.setdefault(shape, shape)
    if not classes:
        return
    with data.open("rb") as file:
        text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        missing = [kind for kind in classes if not _has_instance(text, kind)]
        text.close()
    given = list(files)
    prefixes = {p: ns for file in given for p, ns in file.prefixes.items()}
    places = _places(given, {(classes[kind], kind) for kind in missing})
    for kind in missing:
        yield make_finding(
            "shacl",
            "target-without-nodes",
            severity=Severity.INFO,
            place=places.get((classes[kind], kind)),
            kind=shorten(kind.value, prefixes),
        )


def unused_shapes(
    about: ValuesBySubject, files: Iterable[SourceFile]
) -> Iterator[Finding]:
    """Yield a note for each named shape without a target that no other one names."""
    given = list(files)
    prefixes = {p: ns for file in given for p, ns in file.prefixes.items()}
    classes = set(implicit_classes(about))
    named = {
        value
        for details in about.values()
        for word, values in details.items()
        if word != RDF + "type"
        for value in values
    }
    unused: list[ox.NamedNode] = []
    for shape, details in about.items():
        kinds = {v.value for v in details.get(RDF + "type", ())}
        is_shape = bool(kinds & {SH + "NodeShape", SH + "PropertyShape"})
        has_target = any(word.startswith(SH + "target") for word in details)
        if not is_shape or has_target or shape in classes or shape in named:
            continue
        if isinstance(shape, ox.NamedNode) and not is_deactivated(about, shape):
            unused.append(shape)
    places = _places(given, {(shape, shape) for shape in unused})
    for shape in unused:
        yield make_finding(
            "shacl",
            "shape-unused",
            severity=Severity.INFO,
            place=places.get((shape, shape)),
            shape=shorten(shape.value, prefixes),
        )


def _has_instance(text: mmap.mmap, kind: ox.NamedNode) -> bool:
    seen, waiting = {kind.value}, [kind.value]
    while waiting:
        name = waiting.pop()
        if text.find(f" <{RDF}type> <{name}> .\n".encode()) >= 0:
            return True
        below = set(_subjects(text, f" <{RDFS}subClassOf> <{name}> .\n".encode()))
        waiting += below - seen
        seen |= below
    return False


def _subjects(text: mmap.mmap, sign: bytes) -> Iterator[str]:
    at = text.find(sign)
    while at >= 0:
        start = text.rfind(b"\n", 0, at) + 1
        subject = text[start:at].decode()
        if subject.startswith("<"):
            yield subject[1:-1]
        at = text.find(sign, at + 1)


def _places(
    files: Iterable[SourceFile], wanted: Collection[tuple[Term, Term]]
) -> dict[tuple[Term, Term], Place]:
    """Return where each shape names its class, or begins when it is the class itself.

    All are looked for at once: an ontology with shapes has hundreds.
    """
    shapes = {shape for shape, _ in wanted}
    exact: dict[tuple[Term, Term], Place] = {}
    begins: dict[Term, Place] = {}
    for file in files:
        for p in Locator(file).mentioning(shapes):
            subject, value = p.triple.subject, p.triple.object
            assert not isinstance(subject, ox.Triple)
            begins.setdefault(subject, p.subject)
            if not isinstance(value, ox.Triple) and (subject, value) in wanted:
                exact.setdefault((subject, value), p.value)
    known = {key: begins[key[0]] for key in wanted if key[0] in begins}
    return known | exact

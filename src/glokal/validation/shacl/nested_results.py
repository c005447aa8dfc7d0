"""Why a nested shape is not met: the results inside, as sh:detail (SHACL, 3.6.2.4).

For sh:node, sh:and, sh:or, sh:xone and the qualified constraints the inner shapes are
validated on the values at fault alone: a triple of its own points at each value, and is
the target of the inner shape. What an engine says then is sorted to the results that it
explains. sh:not has nothing inside, for there the inner shape is met.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path as FilePath

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.terms import Term
from glokal.validation.property_path import ValuesBySubject, list_members
from glokal.validation.shacl.data_queries import QueriedGraph, path_term

# The components with shapes inside, and the parameter that names these.
_NESTED = {
    f"{SH}{name}ConstraintComponent": SH + parameter
    for name, parameter in (
        ("Node", "node"),
        ("And", "and"),
        ("Or", "or"),
        ("Xone", "xone"),
        ("QualifiedMinCount", "qualifiedValueShape"),
    )
}
_QUALIFIED = SH + "qualifiedValueShape"
_LISTS = {SH + "and", SH + "or", SH + "xone"}
_MARK = "urn:x-glokal:inner-"
# Results that are explained, and how far down: more helps nobody, and takes long.
_MOST, _DEEPEST = 200, 4
Ask = Callable[[FilePath, FilePath], str]
Reported = dict[Term, dict[str, Term]]


def add_details(
    report: Iterable[ox.Triple],
    shapes: Iterable[ox.Triple],
    data: FilePath,
    folder: FilePath,
    ask: Ask,
    about: ValuesBySubject,
) -> list[ox.Triple]:
    """Return the triples that give the results of a report their details.

    `ask` validates a file of data by a file of shapes, both N-Triples, and returns the
    report; `folder` is for such files.
    """
    match = read_nested_results(report)
    if not any(_is_nested(result) for result in match.values()):
        return []
    graph = QueriedGraph(data, about)
    inner = [t for t in shapes if not t.predicate.value.startswith(SH + "target")]
    triples: list[ox.Triple] = []
    for level in range(_DEEPEST):
        parents = [(n, r) for n, r in match.items() if _is_nested(r)][:_MOST]
        if not parents:
            break
        requests = [(n, s, v) for n, r in parents for s, v in _inside(graph, r)]
        if not requests:
            break
        _mark(requests, inner, data, folder / f"inner{level}")
        files = folder / f"inner{level}.data.nt", folder / f"inner{level}.shapes.nt"
        answer = ask(*files)
        below = _renamed(read_nested_results(_parse(answer)), level)
        match = dict(_sort(graph, requests, below, triples))
    return triples


def read_nested_results(report: Iterable[ox.Triple]) -> Reported:
    """Return the results of a report by their nodes, one value of each property."""
    reported: Reported = {}
    for t in report:
        if t.predicate.value.startswith(SH) and not isinstance(t.object, ox.Triple):
            assert not isinstance(t.subject, ox.Triple)
            reported.setdefault(t.subject, {})[t.predicate.value] = t.object
    return {n: r for n, r in reported.items() if SH + "sourceShape" in r}


def _is_nested(result: dict[str, Term]) -> bool:
    component = result.get(SH + "sourceConstraintComponent")
    return isinstance(component, ox.NamedNode) and component.value in _NESTED


def _inside(
    graph: QueriedGraph, result: dict[str, Term]
) -> Iterator[tuple[Term, Term]]:
    """Yield the inner shapes of a result, each with a value that it is held against."""
    component = result[SH + "sourceConstraintComponent"]
    assert isinstance(component, ox.NamedNode)
    parameter = _NESTED[component.value]
    shape, focus = result[SH + "sourceShape"], result[SH + "focusNode"]
    values = [result.get(SH + "value", focus)]
    if parameter == _QUALIFIED:
        path = path_term(graph.about, shape)
        values = graph.values(path, focus) if path is not None else []
    for named in graph.about.get(shape, {}).get(parameter, ()):
        parts = list_members(graph.about, named) if parameter in _LISTS else [named]
        for part in parts:
            for value in values:
                yield part, value


def _mark(
    asked: Iterable[tuple[Term, Term, Term]],
    shapes: list[ox.Triple],
    data: FilePath,
    name: FilePath,
) -> None:
    """Write data that points at each value, and shapes that look where it points."""
    marks: dict[Term, ox.NamedNode] = {}
    pointing: dict[ox.Triple, None] = {}
    target = ox.NamedNode(SH + "targetObjectsOf")
    targets: dict[ox.Triple, None] = {}
    for _, shape, value in asked:
        mark = marks.setdefault(shape, ox.NamedNode(f"{_MARK}{len(marks)}"))
        pointing[ox.Triple(mark, mark, value)] = None
        if not isinstance(shape, ox.Literal):
            targets[ox.Triple(shape, target, mark)] = None
    shutil.copyfile(data, f"{name}.data.nt")
    nt = ox.RdfFormat.N_TRIPLES
    with FilePath(f"{name}.data.nt").open("ab") as file:
        ox.serialize(pointing, file, format=nt)
    ox.serialize([*shapes, *targets], f"{name}.shapes.nt", format=nt)


def _sort(
    graph: QueriedGraph,
    asked: Iterable[tuple[Term, Term, Term]],
    below: Reported,
    told: list[ox.Triple],
) -> Iterator[tuple[Term, dict[str, Term]]]:
    """Say of each result inside whose detail it is, and yield those that are one."""
    by_place: dict[tuple[Term, Term], list[Term]] = defaultdict(list)
    for node, result in below.items():
        by_place[result[SH + "sourceShape"], result[SH + "focusNode"]].append(node)
    detail = ox.NamedNode(SH + "detail")
    triples: set[ox.Triple] = set()
    written: set[Term] = set()
    for parent, shape, value in asked:
        for inner, nodes in _focus_inside(graph, shape, value).items():
            for focus in nodes:
                for node in by_place.get((inner, focus), ()):
                    assert not isinstance(parent, ox.Literal)
                    link = ox.Triple(parent, detail, node)
                    if link in triples:
                        continue
                    triples.add(link)
                    told.append(link)
                    if node not in written:
                        written.add(node)
                        told.extend(_triples(node, below[node]))
                        yield node, below[node]


def _focus_inside(
    graph: QueriedGraph, shape: Term, value: Term
) -> dict[Term, dict[Term, None]]:
    """Return the nodes that a shape and its property shapes look at, from a value."""
    results: dict[Term, dict[Term, None]] = {}
    waiting: list[tuple[Term, list[Term]]] = [(shape, [value])]
    while waiting:
        here, nodes = waiting.pop()
        new = [n for n in nodes if n not in results.setdefault(here, {})]
        results[here] |= dict.fromkeys(new)
        path = path_term(graph.about, here)
        if path is not None:
            new = list(dict.fromkeys(v for n in new for v in graph.values(path, n)))
        if new:
            parts = graph.about.get(here, {}).get(SH + "property", ())
            waiting += [(part, new) for part in parts]
    return results


def _triples(node: Term, result: dict[str, Term]) -> Iterator[ox.Triple]:
    assert not isinstance(node, ox.Literal)
    for predicate, value in result.items():
        yield ox.Triple(node, ox.NamedNode(predicate), value)


def _renamed(reported: Reported, level: int) -> Reported:
    """Return results under names that those of other levels don't have."""
    return {
        ox.BlankNode(f"inner{level}x{number}"): result
        for number, result in enumerate(reported.values())
    }


def _parse(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES)]

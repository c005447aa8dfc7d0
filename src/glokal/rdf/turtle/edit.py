"""The smallest change to a Turtle text: triples out, triples in, all else as it was.

A value that is replaced keeps its comments, and what the editor doesn't know of stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError, ToolError
from glokal.rdf.source_files import parse_turtle
from glokal.rdf.turtle.formatter import format_turtle, same_graph
from glokal.rdf.turtle.parser import parse_tree
from glokal.rdf.turtle.printer import print_document
from glokal.rdf.turtle.tree import Comments, Document, Node, Property, Statement


def edit_turtle(
    text: str,
    file: str,
    removed: Collection[ox.Triple],
    added: Collection[ox.Triple],
    prefixes: Mapping[str, str],
) -> str:
    """Return a Turtle text without some triples and with others.

    The triples have no blank nodes. `prefixes` are taken for what the text has no
    prefix for. Raises SourceError when the text isn't in the one form that is written,
    since the change would then be larger than what was asked for; ToolError when the
    outcome isn't what was asked for.
    """
    if format_turtle(text, file) != text:
        raise SourceError(
            "The file is not formatted, so the change would be larger than asked.",
            remedy=f"run glokal fmt {file} first, and look at what it does.",
            place=Place(file),
        )
    document = parse_tree(text, file)
    taken = set(document.prefixes.values())
    for name, space in prefixes.items():
        if space not in taken and name not in document.prefixes:
            document.prefixes[name] = space
    replaced = _replace(document, removed, added)
    news = {new for _, new in replaced}
    subjects: dict[object, Statement] = {
        s.subject.term: s for s in reversed(document.statements)
    }
    for triple in added:
        if triple not in news:
            _add(document, triple, subjects)
    # Last, so that a thing that is still spoken of keeps its comments.
    for triple in set(removed) - {old for old, _ in replaced} - set(added):
        _remove(document, triple)
    written = print_document(document)
    _confirm(text, written, file, removed, added)
    return written


def _replace(
    document: Document, removed: Collection[ox.Triple], added: Collection[ox.Triple]
) -> list[tuple[ox.Triple, ox.Triple]]:
    """Put new values where old ones of the same language stood; return the pairs."""
    if not removed:
        return []
    pairs = []
    left: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in added:
        left[_key(triple)].append(triple)
    nodes = _nodes(document, removed)
    for old in removed:
        there, node = left[_key(old)], nodes.get(old)
        if there and node is not None:
            new = there.pop(0)
            assert not isinstance(new.object, ox.Triple)
            node.term = new.object
            pairs.append((old, new))
    return pairs


def _key(triple: ox.Triple) -> tuple[object, ox.NamedNode, str]:
    value = triple.object
    language = value.language if isinstance(value, ox.Literal) else None
    return triple.subject, triple.predicate, language or ""


def _nodes(document: Document, triples: Collection[ox.Triple]) -> dict[ox.Triple, Node]:
    """Return where the value of each of some triples stands; the first of each."""
    wanted: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        wanted[triple.subject].append(triple)
    found: dict[ox.Triple, Node] = {}
    for statement in document.statements:
        for triple in wanted.get(statement.subject.term, ()):
            for prop in statement.properties:
                for node in prop.objects:
                    if (prop.predicate, node.term) == (triple.predicate, triple.object):
                        found.setdefault(triple, node)
    return found


def _remove(document: Document, triple: ox.Triple) -> None:
    for statement in document.statements:
        if statement.subject.term != triple.subject:
            continue
        for prop in statement.properties:
            if prop.predicate != triple.predicate:
                continue
            removed = [node for node in prop.objects if node.term == triple.object]
            prop.objects = [node for node in prop.objects if node not in removed]
            for node in removed:
                # A comment outlives what it stood by.
                prop.comments.above += [*node.comments.above, *node.comments.behind]
            if not prop.objects:
                statement.comments.above += prop.comments.above + prop.comments.behind
        statement.properties = [prop for prop in statement.properties if prop.objects]
    document.statements = [s for s in document.statements if s.properties]


def _add(
    document: Document, triple: ox.Triple, subjects: dict[object, Statement]
) -> None:
    """Add a triple to the block of its subject; `subjects` has the first of each."""
    # Each access makes a new object.
    subject, value = triple.subject, triple.object
    assert not isinstance(subject, ox.Triple)
    assert not isinstance(value, ox.Triple)
    prop = Property(triple.predicate, [Node(value, 0, 0)])
    known = subjects.get(subject)
    if known is not None:
        known.properties.append(prop)
        return
    statement = Statement(Node(subject, 0, 0), [prop], Comments())
    document.statements.append(statement)
    subjects[subject] = statement


def _confirm(
    text: str,
    written: str,
    file: str,
    removed: Collection[ox.Triple],
    added: Collection[ox.Triple],
) -> None:
    triples, _ = parse_turtle(text, file)
    gone, kept = set(removed), set(triples) - set(removed)
    wanted = [t for t in triples if t not in gone]
    wanted += [t for t in added if t not in kept]
    if not same_graph(wanted, parse_turtle(written, file)[0], file):
        raise ToolError(
            f"The change to {file} did not come out as asked; nothing was written.",
            remedy="report this as a fault in Glokal.",
        )

"""Writing a tree as Turtle in the one way of docs/style.md, with its comments.

A comment above a node stays above it, a comment behind it stays behind it. Where a
line can bear only one comment behind it, the others go above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF
from glokal.rdf.terms import Term
from glokal.rdf.turtle.blank_node_labels import label_blank_nodes
from glokal.rdf.turtle.term_syntax import Spelling, object_rank, predicate_rank
from glokal.rdf.turtle.tree import Comments, Document, Node, Property, Statement

WIDTH = 88
# What is nested stands on one line only when that line is this short.
_SHORT = 60


def print_document(document: Document, numbers: Iterator[int] | None = None) -> str:
    """Return a document as text: subjects merged, everything in order.

    `numbers` are those that are free for labels of blank nodes, from 1 unless given.
    """
    merged = _merge(document.statements)
    labels = label_blank_nodes(merged, numbers)
    spelling = Spelling(document.prefixes, labels, document.relative)
    return _Printer(spelling, labels).document(document, merged)


@dataclass
class _Line:
    """A line (a text in it may hold line breaks) and the comment behind it."""

    text: str
    behind: str = ""

    def __str__(self) -> str:
        return f"{self.text}  {self.behind}" if self.behind else self.text


@dataclass
class _Block:
    """Lines with the comments that stand above them."""

    above: list[str]
    lines: list[_Line] = field(default_factory=list)

    def close(self, mark: str) -> None:
        """Put a mark at the end, before the comment behind it."""
        self.lines[-1].text += mark

    def flat(self, pad: str = "") -> list[_Line]:
        """Return all lines, with the comments above indented."""
        return [*(_Line(pad + comment) for comment in self.above), *self.lines]


class _Printer:
    def __init__(self, spelling: Spelling, labels: dict[Term, str]) -> None:
        self.spelling = spelling
        self.labels = labels

    def document(self, document: Document, merged: list[Statement]) -> str:
        blocks = sorted(
            ((self._order(s), self._statement(s)) for s in merged),
            key=lambda block: (*block[0], block[1]),
        )
        parts = [text for _, text in blocks]
        prefixes = sorted(self.spelling.used.items())
        known = document.relative
        messages = [f"@prefix {p}: {known.get(ns, f'<{ns}>')} ." for p, ns in prefixes]
        if document.base and known:
            messages.insert(0, f"@base {document.base} .")
        head = [*document.head, *messages]
        if messages:
            parts.insert(0, "\n".join(head))
        elif head and parts:
            # Nothing would part it from the first block when it is read again.
            parts[0] = "\n".join([*head, parts[0]])
        tail = [*document.tail] if parts else [*head, *document.tail]
        if tail:
            parts.append("\n".join(tail))
        return "\n\n".join(parts) + "\n" if parts else ""

    def _order(self, statement: Statement) -> tuple[int, int, str]:
        types = {
            value.term.value
            for prop in statement.properties
            if prop.predicate.value == RDF + "type"
            for value in prop.objects
            if isinstance(value.term, ox.NamedNode)
        }
        term = statement.subject.term
        if OWL + "Ontology" in types:
            return 0, 0, str(term)
        if isinstance(term, ox.BlankNode):
            return 2, int(self.labels.get(term, "b0")[1:]), ""
        return 1, 0, self.spelling.term(term)

    def _statement(self, statement: Statement) -> str:
        subject = statement.subject
        comments = [*statement.comments.above, *statement.comments.behind]
        written = self._lines(subject, 0)
        blocks = self._properties(statement.properties, 2)
        for block in blocks[:-1]:
            block.close(" ;")
        blocks[-1].close(" .")
        lines = [line for block in blocks for line in block.flat("  ")]
        if len(written) == 1 and not blocks[0].above and not subject.members:
            (line,), (first, *lines) = written, lines
            line.text += f" {first.text.lstrip()}"
            line.behind = first.behind
        return _joined([*_Block(comments, written).flat(), *lines])

    def _properties(self, properties: list[Property], indent: int) -> list[_Block]:
        grouped: dict[str, Property] = {}
        for prop in properties:
            known = grouped.get(prop.predicate.value)
            if known is None:
                comments = Comments([*prop.comments.above], [*prop.comments.behind])
                grouped[prop.predicate.value] = Property(
                    prop.predicate, list(prop.objects), comments
                )
            else:
                known.objects += prop.objects
                _join(known.comments, prop.comments)
        ordered = sorted(
            grouped.values(), key=lambda p: predicate_rank(p.predicate.value)
        )
        return [self._property(prop, indent) for prop in ordered]

    def _property(self, prop: Property, indent: int) -> _Block:
        pad = " " * indent
        name = pad + self.spelling.predicate(prop.predicate)
        block = _Block([*prop.comments.above, *prop.comments.behind])
        nodes = prop.objects
        if len(nodes) > 1:
            values = self._values(nodes, indent + 2)
            nodes = [node for node, _ in values]
        if len(nodes) == 1:
            (node,) = nodes
            above, behind = _placed(node.comments)
            first, *rest = self._lines(node, indent)
            block.above += above
            block.lines = [_Line(f"{name} {first.text}", first.behind), *rest]
            block.lines[-1].behind = behind
            return block
        one_line = f"{name} " + " , ".join(_joined(lines) for _, lines in values)
        if self._fits(nodes, one_line):
            block.lines = [_Line(one_line)]
            return block
        block.lines = [_Line(name)]
        deeper = pad + "  "
        for node, lines in values:
            above, behind = _placed(node.comments)
            lines[0].text = deeper + lines[0].text
            lines[-1].behind = behind
            if node is not nodes[-1]:
                lines[-1].text += " ,"
            block.lines += _Block(above, lines).flat(deeper)
        return block

    def _fits(self, nodes: list[Node], one_line: str) -> bool:
        tagged = [
            n for n in nodes if isinstance(n.term, ox.Literal) and n.term.language
        ]
        commented = any(n.comments.above or n.comments.behind for n in nodes)
        short = "\n" not in one_line and len(one_line) <= WIDTH - 2
        return len(tagged) < 2 and not commented and short

    def _values(self, nodes: list[Node], indent: int) -> list[tuple[Node, list[_Line]]]:
        """Return objects with their lines, sorted, the same term once."""
        written = [(node, self._lines(node, indent)) for node in nodes]
        written.sort(key=lambda v: (object_rank(v[0].term), _joined(v[1])))
        remaining: dict[Term, tuple[Node, list[_Line]]] = {}
        for node, lines in written:
            known = remaining.get(node.term)
            if known is None:
                remaining[node.term] = node, lines
            else:
                _join(known[0].comments, node.comments)
        return list(remaining.values())

    def _lines(self, node: Node, indent: int) -> list[_Line]:
        if node.inside is not None and node.term not in self.labels:
            return self._nested(node, node.inside, indent)
        if node.members is not None:
            return self._collection(node, node.members, indent)
        return [_Line(self.spelling.term(node.term))]

    def _nested(self, node: Node, inside: list[Property], indent: int) -> list[_Line]:
        blocks = self._properties(inside, indent + 2)
        lines = [line for block in blocks for line in block.flat(" " * (indent + 2))]
        if not lines and not node.tail:
            return [_Line("[]")]
        if len(lines) == 1 and not node.tail:
            (line,) = lines
            short = f"[ {line.text.strip()} ]"
            plain = "\n" not in short and not line.behind
            if plain and len(short) + indent <= _SHORT:
                return [_Line(short)]
        for block in blocks[:-1]:
            block.close(" ;")
        return _bracketed("[", lines, node.tail, "]", indent)

    def _collection(self, node: Node, members: list[Node], indent: int) -> list[_Line]:
        written = [self._lines(m, indent + 2) for m in members]
        short = f"( {' '.join(_joined(lines) for lines in written)} )"
        commented = any(m.comments.above or m.comments.behind for m in members)
        plain = "\n" not in short and not commented and not node.tail
        if plain and len(short) + indent <= _SHORT:
            return [_Line(short)]
        inner = []
        for member, lines in zip(members, written, strict=True):
            above, behind = _placed(member.comments)
            lines[0].text = " " * (indent + 2) + lines[0].text
            lines[-1].behind = behind
            inner += _Block(above, lines).flat(" " * (indent + 2))
        return _bracketed("(", inner, node.tail, ")", indent)


def _bracketed(
    opening: str, lines: list[_Line], tail: list[str], closing: str, indent: int
) -> list[_Line]:
    pad = " " * indent
    last = [_Line(f"{pad}  {comment}") for comment in tail]
    return [_Line(opening), *lines, *last, _Line(pad + closing)]


def _merge(statements: list[Statement]) -> list[Statement]:
    """Return one statement a subject, what is nested in the subject said of it."""
    merged: dict[Term, Statement] = {}
    for statement in statements:
        subject = statement.subject
        properties = [*(subject.inside or []), *statement.properties]
        if subject.term in merged:
            known = merged[subject.term]
            known.properties += properties
            # What stands above a second block is about what that block says.
            properties[0].comments.above[:0] = [
                *statement.comments.above,
                *subject.tail,
            ]
            known.comments.behind += statement.comments.behind
        else:
            above = [*statement.comments.above, *subject.tail]
            bare = Node(subject.term, 0, 0)
            if subject.members is not None:
                bare.members, bare.tail = subject.members, subject.tail
                above = [*statement.comments.above]
            comments = Comments(above, [*statement.comments.behind])
            merged[subject.term] = Statement(bare, properties, comments)
    return list(merged.values())


def _join(one: Comments, other: Comments) -> None:
    one.above += other.above
    one.behind += other.behind


def _placed(comments: Comments) -> tuple[list[str], str]:
    """Return the comments that go above a node, and the one that stays behind it."""
    return [*comments.above, *comments.behind[:-1]], "".join(comments.behind[-1:])


def _joined(lines: list[_Line]) -> str:
    return "\n".join(map(str, lines))

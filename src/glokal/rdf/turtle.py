"""The one way to write Turtle, by docs/style.md.

`format_turtle` writes a text again with its comments; `write_turtle` writes a graph.
Both sort, so that the order of the input, the names of blank nodes and the platform
make no difference.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.errors import Place, SourceError
from glokal.rdf.grammar import parse_tree
from glokal.rdf.terms import Term
from glokal.rdf.tree import Comments, Document, Node, Property, Statement
from glokal.vocabulary import OWL, RDF, RDFS, SKOS, XSD

WIDTH = 88
_FIRST = [
    RDF + "type",
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "definition",
    SKOS + "example",
    SKOS + "scopeNote",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
]
_LAST = RDFS + "isDefinedBy"
_LANGUAGES = ["nb", "nn", "en", "sma"]
_NATIVE = {
    XSD + "integer": r"[+-]?[0-9]+",
    XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    XSD + "double": r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+",
    XSD + "boolean": r"true|false",
}
_LOCAL = re.compile(r"(?:\w|[\w][\w.-]*[\w-])", re.ASCII)


def format_turtle(text: str, file: str) -> str:
    """Return a Turtle text in the one way of writing it.

    Raises SourceError for a syntax error, or when the result would mean another graph.
    """
    document = parse_tree(text, file)
    written = _Printer(document.prefixes).document(document)
    if _canonical(text, file) != _canonical(written, file):
        raise SourceError(
            "Formatting would change the meaning, so nothing was written.",
            remedy="report this file as a fault in Glokal.",
            place=Place(file),
        )
    return written


def write_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Return a graph as Turtle with those of the prefixes that it uses."""
    return _Printer(dict(prefixes)).document(_Tree(triples).document())


def _canonical(text: str, file: str) -> list[str]:
    try:
        dataset = ox.Dataset(ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise SourceError(
            f"Turtle syntax error: {error.msg}.",
            remedy="mend the text there.",
            place=Place(file, error.lineno, error.offset),
        ) from error
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


class _Tree:
    """Builds the tree of a graph: nests blank nodes that are used once, and lists."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        dataset = ox.Dataset(
            ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph())
            for t in triples
        )
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        self.by_subject: dict[Term, list[ox.Triple]] = defaultdict(list)
        self.uses: Counter[Term] = Counter()
        for t in sorted((quad.triple for quad in dataset), key=str):
            assert isinstance(t.subject, ox.NamedNode | ox.BlankNode)
            assert not isinstance(t.object, ox.Triple)
            self.by_subject[t.subject].append(t)
            if isinstance(t.object, ox.BlankNode):
                self.uses[t.object] += 1
        self.nested: set[Term] = set()

    def document(self) -> Document:
        roots = [s for s in self.by_subject if not self._nests(s)]
        statements = [self._statement(s) for s in roots]
        # A ring of blank nodes has no root; what is left gets labels.
        for left in self.by_subject:
            if left not in self.nested and left not in roots:
                self.uses[left] += 1
                statements.append(self._statement(left))
        return Document({}, statements, [], [])

    def _nests(self, term: Term) -> bool:
        return isinstance(term, ox.BlankNode) and self.uses[term] == 1

    def _statement(self, subject: Term) -> Statement:
        self.nested.add(subject)
        return Statement(Node(subject, 0, 0), self._properties(subject))

    def _properties(self, subject: Term) -> list[Property]:
        grouped: dict[ox.NamedNode, list[Node]] = defaultdict(list)
        for t in self.by_subject.get(subject, ()):
            assert not isinstance(t.object, ox.Triple)
            grouped[t.predicate].append(self._node(t.object))
        return [Property(p, objects) for p, objects in grouped.items()]

    def _node(self, term: Term) -> Node:
        if not self._nests(term) or term in self.nested:
            return Node(term, 0, 0)
        members = self._members(term)
        if members is not None:
            return Node(term, 0, 0, members=[self._node(m) for m in members])
        self.nested.add(term)
        return Node(term, 0, 0, inside=self._properties(term))

    def _members(self, cell: Term) -> list[Term] | None:
        members, cells = [], []
        nil = ox.NamedNode(RDF + "nil")
        while cell != nil:
            said = self.by_subject.get(cell, [])
            found = {t.predicate.value: t.object for t in said}
            first, rest = found.get(RDF + "first"), found.get(RDF + "rest")
            whole = len(said) == 2 and self._nests(cell)
            if not whole or first is None or rest is None or cell in cells:
                return None
            assert not isinstance(first, ox.Triple)
            assert not isinstance(rest, ox.Triple)
            members.append(first)
            cells.append(cell)
            cell = rest
        self.nested.update(cells)
        return members


class _Printer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest namespace first, so that the closest prefix is taken.
        self.prefixes = sorted(prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        self.used: dict[str, str] = {}
        self.labels: dict[Term, str] = {}
        self.written: dict[str, str] = {}

    def document(self, document: Document) -> str:
        merged = self._merge(document.statements)
        blocks = sorted(
            ((self._order(s), self._statement(s)) for s in merged),
            key=lambda block: (*block[0], block[1]),
        )
        lines = list(document.head)
        lines += [f"@prefix {p}: <{ns}> ." for p, ns in sorted(self.used.items())]
        parts = ["\n".join(lines)] if lines else []
        parts += [text for _, text in blocks]
        if document.tail:
            parts.append("\n".join(document.tail))
        return "\n\n".join(parts) + "\n" if parts else ""

    def _merge(self, statements: list[Statement]) -> list[Statement]:
        merged: dict[Term, Statement] = {}
        for statement in statements:
            term = statement.subject.term
            properties = [*(statement.subject.inside or []), *statement.properties]
            statement = Statement(
                Node(term, 0, 0, members=statement.subject.members),
                properties,
                statement.comments,
            )
            if term in merged:
                merged[term].properties += properties
                _join(merged[term].comments, statement.comments)
            else:
                merged[term] = statement
        found = list(merged.values())
        self._name_blank_nodes(found)
        return found

    def _name_blank_nodes(self, statements: list[Statement]) -> None:
        """Name the blank nodes that need a label by what is said of them."""
        uses: Counter[Term] = Counter()

        def count(node: Node) -> None:
            if isinstance(node.term, ox.BlankNode):
                uses[node.term] += 1
            for prop in node.inside or ():
                for value in prop.objects:
                    count(value)
            for member in node.members or ():
                count(member)

        for statement in statements:
            for prop in statement.properties:
                for value in prop.objects:
                    count(value)
        subjects = {s.subject.term: s for s in statements}
        named = [t for t in uses if uses[t] > 1 or (t in subjects and uses[t])]
        ordered = sorted(
            named, key=lambda t: (self._signature(subjects.get(t)), str(t))
        )
        self.labels = {term: f"b{n}" for n, term in enumerate(ordered, 1)}

    def _signature(self, statement: Statement | None) -> str:
        """What is said of a blank node, with other blank nodes unnamed."""
        return self._statement(statement) if statement else ""

    def _order(self, statement: Statement) -> tuple[int, str]:
        types = {
            value.term.value
            for prop in statement.properties
            if prop.predicate.value == RDF + "type"
            for value in prop.objects
            if isinstance(value.term, ox.NamedNode)
        }
        term = statement.subject.term
        if OWL + "Ontology" in types:
            return 0, str(term)
        if isinstance(term, ox.BlankNode):
            return 2, self.labels.get(term, "")
        return 1, self._term(term)

    def _statement(self, statement: Statement) -> str:
        subject = statement.subject
        lines = list(statement.comments.above)
        written = "[]" if subject.term not in self.labels else self._node(subject, 0)
        if isinstance(subject.term, ox.NamedNode) or subject.members:
            written = self._node(subject, 0)
        properties = self._properties(statement.properties, 2)
        if not properties:
            return "\n".join([*lines, f"{written} ."])
        first = properties[0]
        if first[0].lstrip().startswith("#") or subject.members:
            lines.append(written)
            lines += first
        else:
            lines.append(f"{written} {first[0].lstrip()}")
            lines += first[1:]
        for other in properties[1:]:
            _close(lines, " ;")
            lines += other
        _close(lines, " .")
        if statement.comments.behind:
            lines.append(
                "# " + " ".join(c.lstrip("# ") for c in statement.comments.behind)
            )
            lines.insert(0, lines.pop())
        return "\n".join(lines)

    def _properties(self, properties: list[Property], indent: int) -> list[list[str]]:
        grouped: dict[str, Property] = {}
        for prop in properties:
            known = grouped.get(prop.predicate.value)
            if known is None:
                grouped[prop.predicate.value] = Property(
                    prop.predicate, list(prop.objects), prop.comments
                )
            else:
                known.objects += prop.objects
                _join(known.comments, prop.comments)
        ordered = sorted(grouped.values(), key=lambda p: _rank(p.predicate.value))
        return [self._property(prop, indent) for prop in ordered]

    def _property(self, prop: Property, indent: int) -> list[str]:
        pad = " " * indent
        name = (
            "a" if prop.predicate.value == RDF + "type" else self._term(prop.predicate)
        )
        lines = [pad + comment for comment in prop.comments.above]
        nodes = self._objects(prop.objects, indent + 2)
        behind = [*prop.comments.behind]
        single = [text for text, _ in nodes]
        tagged = sum(
            isinstance(n.term, ox.Literal) and bool(n.term.language) for _, n in nodes
        )
        one_line = f"{pad}{name} " + " , ".join(single)
        commented = any(n.comments.above or n.comments.behind for _, n in nodes)
        if len(nodes) == 1 and not nodes[0][1].comments.above:
            text, node = nodes[0]
            behind += node.comments.behind
            first, *rest = self._object(node, indent).split("\n")
            lines.append(f"{pad}{name} {first}")
            lines += rest
        elif (
            tagged < 2
            and not commented
            and "\n" not in one_line
            and len(one_line) <= WIDTH - 2
        ):
            lines.append(one_line)
        else:
            lines.append(f"{pad}{name}")
            for number, (text, node) in enumerate(nodes):
                lines += [" " * (indent + 2) + c for c in node.comments.above]
                lines += (" " * (indent + 2) + text).split("\n")
                if number < len(nodes) - 1:
                    lines[-1] += " ,"
                if node.comments.behind:
                    lines[-1] = _Line(lines[-1], node.comments.behind)
        if behind:
            lines[-1] = _Line(lines[-1], behind)
        return lines

    def _objects(self, nodes: list[Node], indent: int) -> list[tuple[str, Node]]:
        kept: dict[str, Node] = {}
        written = sorted(
            ((self._object(n, indent), n) for n in nodes),
            key=lambda pair: (_object_rank(pair[1].term), pair[0]),
        )
        for text, node in written:
            if text in kept and node.inside is None and node.members is None:
                _join(kept[text].comments, node.comments)
            else:
                kept[text if text not in kept else f"{text}\0{len(kept)}"] = node
        return [(text.partition("\0")[0], node) for text, node in kept.items()]

    def _object(self, node: Node, indent: int) -> str:
        return self._node(node, indent)

    def _node(self, node: Node, indent: int) -> str:
        if node.inside is not None and node.term not in self.labels:
            return self._nested(node.inside, indent)
        if node.members is not None:
            return self._collection(node.members, indent)
        return self._term(node.term)

    def _nested(self, inside: list[Property], indent: int) -> str:
        if not inside:
            return "[]"
        properties = self._properties(inside, indent + 2)
        flat = [line for lines in properties for line in lines]
        short = "[ " + " ; ".join(line.strip() for line in flat) + " ]"
        plain = all(len(p) == 1 and not isinstance(p[0], _Line) for p in properties)
        if plain and len(properties) <= 1 and len(short) + indent <= 60:
            return short
        lines = ["["]
        for number, written in enumerate(properties):
            lines += written
            if number < len(properties) - 1:
                _close(lines, " ;")
        return "\n".join([*map(str, lines), " " * indent + "]"])

    def _collection(self, members: list[Node], indent: int) -> str:
        written = [self._object(m, indent + 2) for m in members]
        short = f"( {' '.join(written)} )"
        commented = any(m.comments.above or m.comments.behind for m in members)
        if "\n" not in short and not commented and len(short) + indent <= 60:
            return short
        lines = ["("]
        pad = " " * (indent + 2)
        for text, member in zip(written, members, strict=True):
            lines += [pad + c for c in member.comments.above]
            lines += (pad + text).split("\n")
            if member.comments.behind:
                lines[-1] += "  " + " ".join(member.comments.behind)
        return "\n".join([*lines, " " * indent + ")"])

    def _term(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if isinstance(term, ox.BlankNode):
            return f"_:{self.labels[term]}" if term in self.labels else "[]"
        datatype = term.datatype.value
        native = _NATIVE.get(datatype)
        if native and re.fullmatch(native, term.value):
            return term.value
        text = _quoted(term.value)
        if term.language:
            return f"{text}@{term.language}"
        if datatype == XSD + "string":
            return text
        return f"{text}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        if iri not in self.written:
            self.written[iri] = self._shortened(iri)
        return self.written[iri]

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self.prefixes:
            if namespace and iri.startswith(namespace):
                local = iri[len(namespace) :]
                if not local or _LOCAL.fullmatch(local):
                    self.used[prefix] = namespace
                    return f"{prefix}:{local}"
        return f"<{iri}>"


class _Line(str):
    """A line whose end is followed by comments; marks go before them."""

    comments: list[str]

    def __new__(cls, text: str, comments: list[str]) -> _Line:
        line = super().__new__(cls, f"{text}  {' '.join(comments)}")
        line.comments = comments
        return line


def _close(lines: list[str], mark: str) -> None:
    last = lines[-1]
    if isinstance(last, _Line):
        tail = f"  {' '.join(last.comments)}"
        lines[-1] = f"{last[: -len(tail)]}{mark}{tail}"
    else:
        lines[-1] = last + mark


def _join(one: Comments, other: Comments) -> None:
    one.above += other.above
    one.behind += other.behind


def _rank(predicate: str) -> tuple[int, str]:
    if predicate in _FIRST:
        return _FIRST.index(predicate), ""
    return (len(_FIRST) + 1 if predicate == _LAST else len(_FIRST)), predicate


def _object_rank(term: Term) -> tuple[int, int]:
    if not isinstance(term, ox.Literal):
        return 0 if isinstance(term, ox.NamedNode) else 1, 0
    if term.language in _LANGUAGES:
        return 2, _LANGUAGES.index(term.language or "")
    return (3 if term.language else 4), 0


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    escaped = re.sub(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04X}", escaped
    )
    if "\n" not in text:
        escaped = escaped.replace('"', '\\"').replace("\t", "\\t")
        return f'"{escaped}"'
    escaped = re.sub(r'"(?="")|"$', '\\"', escaped.replace('"""', '\\"\\"\\"'))
    return f'"""{escaped}"""'

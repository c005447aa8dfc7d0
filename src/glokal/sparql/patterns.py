"""Triple patterns and paths, rules [52] and [75] to [109], without their short forms.

`[ ]` and `( )` become blank nodes with triples of their own, in the same basic graph
pattern, as section 4.1.4 and 4.2.3 say.
"""

from __future__ import annotations

from glokal.core.namespaces import RDF
from glokal.sparql.expressions import ExpressionReader
from glokal.sparql.lexer import BLANK_NODE, VAR
from glokal.sparql.token_reader import IRI_STARTS, LITERAL_STARTS, NIL
from glokal.sparql.tree import Iri, PropertyPath, QueryTerm, TriplePattern, Verb

TRIPLE_STARTS = IRI_STARTS | LITERAL_STARTS | {VAR, BLANK_NODE, "(", "["}
_PATH_STARTS = IRI_STARTS | {"a", "^", "!", "("}
_TYPE = RDF + "type"
_FIRST, _REST = Iri(RDF + "first"), Iri(RDF + "rest")


class PatternReader(ExpressionReader):
    """Reads triples; with `paths` those of a pattern, else those of a template."""

    # Whether a path may have no length.
    nullable_paths = False

    def same_subject(self, out: list[TriplePattern], *, paths: bool) -> None:
        """Take the triples of one subject, rules [75] and [81]."""
        start = self.start
        node = self._is_node()
        subject = self._node(out, paths=paths) if node else self.term()
        if not node or self._is_verb(paths=paths):
            self._properties(subject, out, start, paths=paths)

    def _is_node(self) -> bool:
        """Whether brackets with something in them begin here."""
        kind, after = self.types[self.at], self.types[self.at + 1 : self.at + 2]
        return (kind == "(" and after != [")"]) or (kind == "[" and after != ["]"])

    def _is_verb(self, *, paths: bool) -> bool:
        kind = self.types[self.at]
        return kind == VAR or (
            kind in _PATH_STARTS if paths else kind in IRI_STARTS or kind == "a"
        )

    def _properties(
        self, subject: QueryTerm, out: list[TriplePattern], start: int, *, paths: bool
    ) -> None:
        while True:
            verb = self._verb(paths=paths)
            while True:
                # What the object's own brackets hold stands behind its triple.
                more: list[TriplePattern] = []
                result = (
                    self._node(more, paths=paths) if self._is_node() else self.term()
                )
                end = self.end_of_last
                out.append(TriplePattern(subject, verb, result, start, end))
                out += more
                if not self.take(","):
                    break
                start = self.start
            if self.types[self.at] != ";":
                return
            while self.take(";"):
                pass
            if not self._is_verb(paths=paths):
                return
            start = self.start

    def _verb(self, *, paths: bool) -> Verb:
        if self.types[self.at] == VAR:
            return self.variable()
        if paths:
            return self._path()
        return self._property()

    def _property(self) -> Iri:
        if self.types[self.at] == "a":
            start = self.start
            self.at += 1
            return Iri(_TYPE, start)
        return self.iri()

    def _node(self, out: list[TriplePattern], *, paths: bool) -> QueryTerm:
        self.enter()
        if self.take("["):
            subject: QueryTerm = self.fresh_node()
            self._properties(subject, out, self.start, paths=paths)
            self.expect("]")
        else:
            subject = self._collection(out, paths=paths)
        self.leave()
        return subject

    def _collection(self, out: list[TriplePattern], *, paths: bool) -> QueryTerm:
        self.expect("(")
        first: QueryTerm | None = None
        node: QueryTerm = Iri(NIL)
        while self.types[self.at] != ")":
            start = self.start
            more: list[TriplePattern] = []
            item = self._node(more, paths=paths) if self._is_node() else self.term()
            after = self.fresh_node()
            end = self.end_of_last
            if first is not None:
                out.append(TriplePattern(node, _REST, after, start, end))
            first, node = first or after, after
            out.append(TriplePattern(node, _FIRST, item, start, end))
            out += more
        end = self.start + 1
        out.append(TriplePattern(node, _REST, Iri(NIL), self.start, end))
        self.expect(")")
        assert first is not None
        return first

    def _path(self) -> Iri | PropertyPath:
        first = self._sequence()
        if self.types[self.at] != "|":
            return first
        parts = [first]
        while self.take("|"):
            self.link()
            parts.append(self._sequence())
        return PropertyPath("|", parts)

    def _sequence(self) -> Iri | PropertyPath:
        first = self._step()
        if self.types[self.at] != "/":
            return first
        parts = [first]
        while self.take("/"):
            self.link()
            parts.append(self._step())
        return PropertyPath("/", parts)

    def _step(self) -> Iri | PropertyPath:
        inverse = self.take("^")
        kind = self.types[self.at]
        if kind == "!":
            self.at += 1
            result: Iri | PropertyPath = PropertyPath("!", self._negated())
        elif kind == "(":
            self.at += 1
            self.enter()
            result = self._path()
            self.leave()
            self.expect(")")
        else:
            result = self._property()
        if (times := self.types[self.at]) in ("?", "*", "+"):
            self.at += 1
            self.nullable_paths = self.nullable_paths or times != "+"
            result = PropertyPath(times, [result])
        return PropertyPath("^", [result]) if inverse else result

    def _negated(self) -> list[Iri | PropertyPath]:
        if not self.take("("):
            return [self._one_negated()]
        if self.take(")"):
            return []
        parts = [self._one_negated()]
        while self.take("|"):
            parts.append(self._one_negated())
        self.expect(")")
        return parts

    def _one_negated(self) -> Iri | PropertyPath:
        if self.take("^"):
            return PropertyPath("^", [self._property()])
        return self._property()

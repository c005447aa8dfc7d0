"""A Turtle text as it is being written: what stands at a place, even a broken one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from glokal.core.errors import Place, SourceError
from glokal.core.namespaces import RDF, STANDARD_PREFIXES
from glokal.rdf.turtle.lexer import Token, tokenize

_LINE_END = re.compile(r"\r\n|\n|\r")
# What a name may be made of, as far as it is written at the cursor.
_PARTIAL = re.compile(r"[^\s;,\[\]()<>\"'#]*$")


@dataclass(frozen=True)
class LineSpan:
    """A part of a line: the line and two columns from 1, the last one behind it."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class NamedSpan:
    """An IRI where it is written, as it is written."""

    span: LineSpan
    iri: str
    written: str


class TurtleText:
    """The tokens of a text; of a broken one, those of the lines that have any."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = _LINE_END.split(text)
        self.tokens = _tokens(text, self.lines)
        self.prefixes = dict(_prefixes(self.tokens))

    def token_at(self, line: int, column: int) -> Token | None:
        """Return the token that holds a place or ends there."""
        for token in self.tokens:
            if token.line == line and (
                token.column <= column <= token.column + len(token.text)
            ):
                return token
        return None

    def iri_at(self, line: int, column: int) -> NamedSpan | None:
        """Return the IRI that is written at a place."""
        token = self.token_at(line, column)
        return None if token is None else self._named(token)

    def names(self) -> list[NamedSpan]:
        """Return the IRIs that statements hold, in their order."""
        results, skip = [], False
        for token in self.tokens:
            if token.kind == "directive":
                skip = True
            elif skip and token.kind == "iri":
                skip = False
            elif not skip and (named := self._named(token)) is not None:
                results.append(named)
        return results

    def span_at(self, line: int, column: int) -> LineSpan:
        """Return the token that begins at a place, with the datatype of a text."""
        for number, token in enumerate(self.tokens):
            if (token.line, token.column) != (line, column):
                continue
            last = token
            following = self.tokens[number + 1 : number + 3]
            kinds = [t.kind for t in following]
            if token.kind == "string" and kinds[:1] == ["lang"]:
                last = following[0]
            if token.kind == "string" and following[:1] and following[0].text == "^^":
                last = following[-1]
            if last.line == line and "\n" not in last.text:
                return LineSpan(line, column, last.column + len(last.text))
            break
        whole = len(self.lines[line - 1]) if line <= len(self.lines) else column
        return LineSpan(line, column, max(whole + 1, column + 1))

    def partial_at(self, line: int, column: int) -> str:
        """Return what is written of a name before a place."""
        before = self.lines[line - 1][: column - 1] if line <= len(self.lines) else ""
        found = _PARTIAL.search(before)
        return found[0] if found else ""

    def written(self, iri: str, prefixes: Mapping[str, str]) -> str:
        """Return an IRI by the longest prefix that fits, in brackets without one."""
        known = {**prefixes, **self.prefixes}
        fits = [(ns, p) for p, ns in known.items() if iri.startswith(ns)]
        for namespace, prefix in sorted(fits, key=lambda f: -len(f[0])):
            local = iri[len(namespace) :]
            if re.fullmatch(r"[\w-]*", local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def _named(self, token: Token) -> NamedSpan | None:
        iri = ""
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.text == "a":
            iri = RDF + "type"
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            namespace = self.prefixes.get(prefix) or STANDARD_PREFIXES.get(prefix, "")
            iri = namespace + local.replace("\\", "") if namespace else ""
        if not iri:
            return None
        span = LineSpan(token.line, token.column, token.column + len(token.text))
        return NamedSpan(span, iri, token.text)


def _tokens(text: str, lines: list[str]) -> list[Token]:
    try:
        found = tokenize(text, Place("", 1, 1))
    except SourceError:
        found = []
        for number, line in enumerate(lines, 1):
            try:
                found += tokenize(line, Place("", number, 1))
            except SourceError:
                continue
    for token in found:
        token.text = token.text.rstrip()
    return [token for token in found if token.kind != "comment"]


def _prefixes(tokens: list[Token]) -> list[tuple[str, str]]:
    return [
        (name.text.rstrip(":"), iri.text[1:-1])
        for directive, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if directive.kind == "directive"
        and directive.text.lower().endswith("prefix")
        and name.kind == "name"
        and iri.kind == "iri"
    ]

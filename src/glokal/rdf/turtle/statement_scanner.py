"""Where each statement of a text stands, found without reading what it says.

One pass over the bytes of Turtle, TriG, N-Triples or N-Quads
(https://www.w3.org/TR/turtle/#sec-grammar, https://www.w3.org/TR/trig/#sec-grammar)
tells statements apart by the dots that end them. The text is taken to be valid: what
is not is passed over, line by line.
"""

from __future__ import annotations

import bisect
import re
from array import array
from dataclasses import dataclass, field

from glokal.core.namespaces import RDF
from glokal.rdf.turtle.iris import Scope, unescape

_WS = rb"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_IRI = rb"<[^<>\"{}|^`\x00-\x20]*+>"
_STRING = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]++|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\r\n]++|\\.)*+"|' + rb"'(?:[^'\\\r\n]++|\\.)*+'"
)
_NUMBER = rb"[+-]?(?:[0-9]*\.[0-9]++|[0-9]++(?:\.(?=[eE]))?)(?:[eE][+-]?[0-9]++)?+"
# A dot belongs to a name when the name goes on behind it.
_CHARS = rb"(?:[\w:%\-\x80-\xff]++|\\.)++"
_NAME = rb"%s(?:\.++%s)*+" % (_CHARS, _CHARS)
_BODY = rb"(?:%s)*+" % b"|".join(
    (
        rb"[ \t\r\n;,\[\]()^]++",
        # The usual forms come first, each told by its first character.
        rb'"(?!"")[^"\\\r\n]*+"',
        _IRI,
        rb"(?![0-9.+\-])" + _NAME,
        # What begins like a number may go on as a name.
        _NUMBER,
        _NAME,
        _STRING,
        rb"@[A-Za-z0-9-]++",
        rb"#[^\r\n]*+",
        rb"<<|>>|\{\||\|\}|~",
    )
)
_TOP = re.compile(
    rb"%s(?:" % _WS
    + b"|".join(
        (
            rb"(?:@prefix|(?i:prefix)(?=[ \t\r\n#]))%s(?P<prefix>[^\s:#<]*+):" % _WS
            + rb"%s(?P<space>%s)%s\.?" % (_WS, _IRI, _WS),
            rb"@?(?i:base)(?=[ \t\r\n<#])%s(?P<base>%s)%s\.?" % (_WS, _IRI, _WS),
            rb"@?(?i:version)(?=[ \t\r\n\"'#])%s(?P<version>%s)%s\.?"
            % (_WS, _STRING, _WS),
            rb"(?:(?i:graph)\b)?+%s(?:(?:%s|%s|\[%s\])%s)?+(?P<open>\{)(?!\|)"
            % (_WS, _IRI, _NAME, _WS, _WS),
            rb"(?P<close>\})",
            rb"(?P<body>(?P<subject>%s|%s|\(%s\)|[\[(]|<<)%s)(?:\.|(?=\}))"
            % (_IRI, _NAME, _WS, _BODY),
        )
    )
    + rb")",
    re.DOTALL,
)
_NIL = (RDF + "nil").encode()
_REST = re.compile(rb"[^\r\n]*+[\r\n]*+")
_LINE = re.compile(
    rb"(?:^|(?<=\r))[ \t]*+([<_])(?:(?<=<)([^>\r\n]*+)>|:)[^\r\n]*+", re.MULTILINE
)
_ABSOLUTE = re.compile(rb"<([A-Za-z][A-Za-z0-9+.-]*+:(?:[^\\>/]++|/(?!\.))*+)>")


@dataclass
class ScannedStatements:
    """The statements of a text in their order: where each begins and ends, in bytes.

    A statement ends where its closing dot stands, or would stand. `by_subject` has
    the numbers of the statements of each subject that is an IRI.
    """

    scope_from: list[tuple[int, Scope]]
    starts: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    by_subject: dict[bytes, list[int]] = field(default_factory=dict)

    def scope(self, number: int) -> Scope:
        """Return the prefixes and the base that hold for a statement."""
        at = bisect.bisect_right(self.scope_from, number, key=lambda pair: pair[0])
        return self.scope_from[at - 1][1]


def scan(data: bytes, base: str = "") -> ScannedStatements:
    """Return the statements of Turtle or TriG; `base` is the text's own IRI."""
    scope = Scope(base=base)
    statements = ScannedStatements([(0, scope)])
    spaces: dict[bytes, bytes] = {}
    at, size = 0, len(data)
    while at < size:
        match = _TOP.match(data, at)
        if match is None:
            rest = _REST.match(data, at)
            at = max(rest.end() if rest else 0, at + 1)
            continue
        at = match.end()
        kind = match.lastgroup
        if kind == "body":
            subject = _subject(match["subject"], scope, spaces)
            if subject is not None:
                statements.by_subject.setdefault(subject, []).append(
                    len(statements.starts)
                )
            statements.starts.append(match.start(kind))
            statements.ends.append(match.end(kind))
        elif kind in ("space", "base"):
            scope = _declare(match, scope)
            spaces = {p.encode(): s.encode() for p, s in scope.prefixes.items()}
            statements.scope_from.append((len(statements.starts), scope))
    return statements


def scan_lines(data: bytes) -> ScannedStatements:
    """Return the statements of N-Triples or N-Quads, which stand one a line."""
    statements = ScannedStatements([(0, Scope())])
    # What follows runs for each triple, so it is kept short.
    starts, ends, by_subject = statements.starts, statements.ends, statements.by_subject
    for number, match in enumerate(_LINE.finditer(data)):
        starts.append(match.start(1))
        ends.append(match.end())
        subject = match[2]
        if subject is not None:
            if b"\\" in subject:
                subject = unescape(subject.decode()).encode()
            numbers = by_subject.get(subject)
            if numbers is None:
                by_subject[subject] = [number]
            else:
                numbers.append(number)
    return statements


def _declare(match: re.Match[bytes], scope: Scope) -> Scope:
    try:
        iri = scope.iri((match["space"] or match["base"]).decode())
    except (SyntaxError, UnicodeDecodeError):
        return scope
    if match["base"]:
        return Scope(scope.prefixes, iri)
    return Scope({**scope.prefixes, match["prefix"].decode(): iri}, scope.base)


def _subject(written: bytes, scope: Scope, spaces: dict[bytes, bytes]) -> bytes | None:
    """Return the IRI of a subject, None for a blank node."""
    whole = _ABSOLUTE.fullmatch(written)
    if whole is not None:
        return whole[1]
    if written[:1] == b"(" and written[-1:] == b")":
        return _NIL
    if b"\\" not in written and written[:1] != b"<":
        prefix, colon, local = written.partition(b":")
        if prefix in spaces and colon:
            return spaces[prefix] + local
        return None
    try:
        return scope.iri(written.decode()).encode()
    except (KeyError, SyntaxError, UnicodeDecodeError):
        return None

"""The cursor over the tokens of a Turtle text, and the comments that it passes."""

from __future__ import annotations

from glokal.core.errors import Place, SourceError
from glokal.rdf.turtle.lexer import Token
from glokal.rdf.turtle.tree import Comments


class TokenCursor:
    """Takes tokens one by one, and keeps each comment for the node that it is about.

    A comment on the line of a node's last token is about that node (`last`); others
    wait for the node that follows.
    """

    def __init__(self, tokens: list[Token], place: Place) -> None:
        """`place` is where the text begins."""
        self.tokens = tokens
        self.size = len(tokens)
        self.place = place
        self.at = 0
        self.waiting: list[str] = []
        self.last: Comments | None = None
        self.last_line = 0

    def peek(self) -> Token | None:
        """Return the next token that is no comment; comments wait for their node."""
        if self.at < self.size and self.tokens[self.at].kind != "comment":
            return self.tokens[self.at]
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "comment":
            token = self.tokens[self.at]
            if self.last is not None and token.line == self.last_line:
                self.last.behind.append(token.text)
            else:
                self.waiting.append(token.text)
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self, expected: str) -> Token:
        """Take the next token; SourceError where the file ends and one is expected."""
        token = self.peek()
        if token is None:
            start = Token("", "", self.place.line or 1, self.place.column or 1)
            last = self.tokens[-1] if self.tokens else start
            raise self.error(f"the file ends where {expected} is expected", last)
        self.at += 1
        self.last_line = token.line
        if token.kind == "string":
            self.last_line += token.text.count("\n")
        return token

    def mark(self, text: str) -> None:
        """Take a mark of that text; SourceError for another token."""
        token = self.next(f"'{text}'")
        if token.text != text:
            raise self.error(f"expected '{text}', found {token.text[:30]!r}", token)

    def error(self, what: str, token: Token) -> SourceError:
        """Return what is wrong at a token, with its place."""
        return SourceError(
            f"Turtle syntax error: {what}.",
            remedy="fix the text there, or just before.",
            place=Place(self.place.file, token.line, token.column),
        )

    def take_waiting(self) -> list[str]:
        """Take the comments that wait for their node."""
        waiting, self.waiting = self.waiting, []
        return waiting

    def tagged(self) -> bool:
        """Whether the next token that is no comment says what a string is."""
        at = self.at
        while at < len(self.tokens) and self.tokens[at].kind == "comment":
            at += 1
        ahead = self.tokens[at] if at < len(self.tokens) else None
        return ahead is not None and (ahead.kind == "lang" or ahead.text == "^^")

"""Small files of the publication as they were sent before, ready for the next reader.

The same request gets the same answer as long as the same build is served: what was
sent once is kept as the bytes that it was, and sent again before anything else is asked
(RFC 9111, section 4.1, with all headers that any answer depends on). A request that
has a header which isn't known here goes the usual way.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from glokal.server.request_keys import Key
from glokal.server.spool import SMALL

_MOST_BYTES = 32 << 20
# What an entry takes besides its bytes, about.
_BESIDE = 1000


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """A whole answer: its header lines but for the date, its body, its route's path."""

    lines: bytes
    body: bytes
    route: str


class ReadyAnswers:
    """What was sent of the build that is served, by request."""

    def __init__(
        self,
        edition: Callable[[], object],
        kept: Callable[[Key, ReadyAnswer], None] = lambda _key, _answer: None,
    ) -> None:
        """`edition` gives what is served now, another object when that is another.

        `kept` is told of each answer when it is kept.
        """
        self._edition = edition
        self._kept = kept
        self._of: object = None
        self._answers: OrderedDict[Key, ReadyAnswer] = OrderedDict()
        self._size = 0

    def get(self, key: Key) -> ReadyAnswer | None:
        """Return the answer to a request, None when it has to go the usual way."""
        if self._edition() is not self._of:
            return None
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def __iter__(self) -> Iterator[tuple[Key, ReadyAnswer]]:
        """Go through what is ready of the build that is served."""
        if self._edition() is self._of:
            yield from self._answers.items()

    def recording(self, key: Key, app: ASGIApp) -> ASGIApp:
        """Return the application, whose answer to this request is kept if it may be.

        That is one that says in the state of the request that all readers share it.
        """

        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            edition = self._edition()
            messages: list[Message] = []

            async def seen(message: Message) -> None:
                if len(messages) < 3:
                    messages.append(message)
                await send(message)

            await app(scope, receive, seen)
            if scope["state"].get("shared") and self._edition() is edition:
                self._keep(edition, key, scope, messages)

        return recorded

    def _keep(
        self, edition: object, key: Key, scope: Scope, messages: list[Message]
    ) -> None:
        if len(messages) != 2 or messages[1].get("more_body"):
            return
        start, body = messages[0], messages[1].get("body", b"")
        headers = [(name.lower(), value) for name, value in start["headers"]]
        whole = (b"content-length", b"%d" % len(body)) in headers
        if start["status"] != 200 or not whole or len(body) > SMALL:
            return
        if edition is not self._of:
            self._of, self._size = edition, 0
            self._answers.clear()
        lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
        route = getattr(scope.get("route"), "path", "")
        answer = ReadyAnswer(lines + b"\r\n", body, route)
        before = self._answers.pop(key, None)
        self._size += _size(key, answer)
        self._size -= _size(key, before) if before else 0
        self._answers[key] = answer
        while self._size > _MOST_BYTES:
            self._size -= _size(*self._answers.popitem(last=False))
        self._kept(key, answer)


def answer_bytes(
    answer: ReadyAnswer, default_headers: list[tuple[bytes, bytes]]
) -> bytes:
    """Return an answer as it is sent now, with the headers that every answer has."""
    first = b"".join(b"%s: %s\r\n" % pair for pair in default_headers)
    return b"".join((STATUS_LINE[200], first, answer.lines, answer.body))


def _size(key: Key, answer: ReadyAnswer) -> int:
    named = sum(len(name) + len(value) for name, value in key[1])
    return len(key[0]) + named + len(answer.lines) + len(answer.body) + _BESIDE

"""The answers that a file process was told of, by the bytes that ask for them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate

from glokal.server.file_processes.messages import ToldAnswer
from glokal.server.file_processes.shared_counts import SharedCounts
from glokal.server.middleware.access_log import request_line_parts
from glokal.server.request_keys import Key, read_plain_get

_MOST_BYTES = 32 << 20
# What an answer takes besides its bytes, about.
_BESIDE = 1000
# The same reader asks in the same bytes but for the address: what was read once needn't
# be read again. Bytes of requests that are kept for that, of each and of all.
_SHORT = 2 << 10
_MOST_REQUEST_BYTES = 4 << 20
_STATUS = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An answer: its bytes behind the date, and its line in the log around the time."""

    rest: bytes
    before: str
    after: str


class KnownAnswers:
    """What may be sent of the build that is served now."""

    def __init__(self, counts: SharedCounts) -> None:
        self._counts = counts
        self._build = counts.build
        self._answers: OrderedDict[Key, FileAnswer] = OrderedDict()
        self._size = 0
        self._keys: dict[bytes, Key] = {}
        self._keys_size = 0
        self._second, self._head = 0, b""

    def learn(self, told: ToldAnswer) -> None:
        """Keep an answer, unless it is of a build that is served no more."""
        self._look()
        if told.build != self._build:
            return
        before, after = request_line_parts("GET", told.route, 200, told.size)
        answer = FileAnswer(told.rest, before, after)
        former = self._answers.pop(told.key, None)
        self._size += _size(told.key, answer)
        self._size -= _size(told.key, former) if former else 0
        self._answers[told.key] = answer
        while self._size > _MOST_BYTES:
            self._size -= _size(*self._answers.popitem(last=False))

    def answer(self, data: bytes) -> FileAnswer | None:
        """Return the answer to what came, None when the server has to see to it."""
        self._look()
        key = self._keys.get(data)
        if key is None:
            key = read_plain_get(data)
            if key is None or key not in self._answers:
                return None
            self._note(data, key)
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def head(self, now: float) -> bytes:
        """Return the first line and the date, to be sent before the rest.

        `now` is the time of the day, in seconds since 1970.
        """
        second = int(now)
        if second != self._second:
            date = formatdate(second, usegmt=True).encode()
            self._second, self._head = second, b"%sdate: %s\r\n" % (_STATUS, date)
        return self._head

    def _note(self, data: bytes, key: Key) -> None:
        if len(data) > _SHORT:
            return
        self._keys_size += len(data) + _BESIDE
        if self._keys_size > _MOST_REQUEST_BYTES:
            self._keys.clear()
            self._keys_size = len(data) + _BESIDE
        self._keys[data] = key

    def _look(self) -> None:
        build = self._counts.build
        if build != self._build:
            self._build = build
            self._answers.clear()
            self._keys.clear()
            self._size = self._keys_size = 0


def _size(key: Key, answer: FileAnswer) -> int:
    named = sum(len(name) + len(value) for name, value in key[1])
    return len(key[0]) + named + len(answer.rest) + _BESIDE

"""Signals: ended rightly when told to, and never in the middle of what is short.

SIGTERM and SIGHUP end the command as Ctrl-C does, by an exception, so that what it has
begun is tidied up. Within `uninterrupted` all three wait: a change that is being put in
place is put in place first.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SignalledError(KeyboardInterrupt):
    """The command was told to end by a signal; `number` is which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(error: BaseException) -> int:
    """Return how a command leaves that was told to end: 128 and the signal's number.

    `error` is a KeyboardInterrupt, or what was raised because of one.
    """
    cause = error if isinstance(error, SignalledError) else error.__cause__
    return 128 + (cause.number if isinstance(cause, SignalledError) else signal.SIGINT)


def end_by_exception() -> None:
    """Let SIGTERM and SIGHUP raise Ended in the main thread.

    One that is ignored (as nohup does it) stays so.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _raise)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise SignalledError(number)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a signal that would end the command wait until the block is over.

    Only the main thread can do that; in another the block just runs, and in a block
    within such a block nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.getsignal(number) for number in ENDING}
    taken = [
        number
        for number, handler in before.items()
        if callable(handler) or (number == signal.SIGTERM and handler == signal.SIG_DFL)
    ]
    for number in taken:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])
        if came:
            signal.raise_signal(came[0])

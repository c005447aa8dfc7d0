"""Standard output and standard error, whatever they lead to.

What can't be written to standard output is an error that is told; what can't be
written to standard error is told to nobody, and changes nothing. What is written as
text is for people: control characters, and what would be a command to a CI service, are
escaped. Bytes go to `sys.stdout.buffer` as they are.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TextIO

from glokal.core.characters import log_text
from glokal.core.os_errors import machine_error


class _Output(io.FileIO):
    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            # No OSError: who catches those would take it for one of a file.
            raise machine_error(
                error, "Standard output can't be written to the end"
            ) from error


class _Errors(io.FileIO):
    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError:
            return memoryview(data).nbytes  # type: ignore[arg-type]


class _Text(io.TextIOWrapper):
    """Text for a person at a terminal, or for a log."""

    _line_begins = True

    def write(self, text: str, /) -> int:
        """Write a text as `log_text` shows it; return the length it was given with."""
        super().write(log_text(text, line_begins=self._line_begins))
        if text:
            self._line_begins = text.endswith("\n")
        return len(text)


def guard_streams() -> None:
    """Let writing to standard output raise MachineError, and that to errors nothing.

    A stream that is closed is opened to nothing, so that no file that a command opens
    gets its number: what is meant for the stream would stand in the file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # For reading only, so that writing fails as it would.
            mode = os.O_WRONLY if number == 0 else os.O_RDONLY
            os.open(os.devnull, mode)
    sys.stdout = _stream(_Output(1, "w", closefd=False), sys.stdout)
    sys.stderr = _stream(_Errors(2, "w", closefd=False), sys.stderr)


def _stream(raw: io.FileIO, old: TextIO | None) -> TextIO:
    encoding = old.encoding if old else "utf-8"
    if codecs.lookup(encoding).name == "ascii":
        # Else click, which knows that terminals read UTF-8, would go past this stream.
        encoding = "utf-8"
    result = _Text(
        io.BufferedWriter(raw),
        encoding=encoding,
        errors=old.errors if old else "backslashreplace",
        line_buffering=getattr(old, "line_buffering", True),
        write_through=getattr(old, "write_through", False),
    )
    result.mode = "w"  # type: ignore[misc]
    return result


def drop_output() -> None:
    """Forget what is still to be written to standard output, since it can't be."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)

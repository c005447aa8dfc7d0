"""Errors that a person can act on: where it is, what is wrong, what to do.

::

    GlokalError
    ├── UsageError       wrong use: unknown query, parameter, value, folder (exit 2)
    ├── ConfigError      publication.toml is missing or wrong (exit 2)
    ├── SourceError      a source file can't be read: syntax, encoding (exit 1)
    │   └── ForbiddenQueryError   a query that would leave the store (exit 1)
    ├── FindingsError    the sources were read, and checks found faults (exit 1)
    ├── InputError       what a command was given can't be read whole (exit 2)
    ├── MissingExtraError   an extra that this needs isn't installed (exit 2)
    ├── ToolError        a part that Glokal stands on failed: reasoner, engine (exit 2)
    └── MachineError     the system refused: no room, no rights, a limit (exit 2)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: line and column start at 1 and count characters."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class GlokalError(Exception):
    """The root of every error that the command shows without a traceback.

    With a `name`, and `values` for the fields, the command says it in the language of
    its reader, if it has a message of that name (`glokal.cli.messages`).
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        remedy: str = "",
        place: Place | None = None,
        name: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place
        self.name = name
        self.values = values or {}
        # What stands before the remedy, in the language of the message.
        self.do = "Do this"
        # What else is wrong of the same kind; shown behind it, a line each.
        self.others: tuple[GlokalError, ...] = ()

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" {self.do}: {self.remedy}" if self.remedy else ""
        return f"{where}{self.what}{remedy}"


class UsageError(GlokalError):
    """The command was asked for something that it doesn't have."""


class ConfigError(GlokalError):
    """The configuration of the publication is missing or wrong."""


class SourceError(GlokalError):
    """A source file can't be read."""

    exit_code = 1


class ForbiddenQueryError(SourceError):
    """A query would leave the store, by SERVICE."""


class FindingsError(GlokalError):
    """The checks found faults that stop what was asked for."""

    exit_code = 1


class InputError(GlokalError):
    """A file or an answer that a command was given can't be read whole."""


class MissingExtraError(GlokalError):
    """What was asked for needs an extra that isn't installed."""


class ToolError(GlokalError):
    """A part that Glokal stands on (reasoner, engine, service) failed."""


class MachineError(GlokalError):
    """The operating system refused: no room, no rights, a limit, a failing disk."""

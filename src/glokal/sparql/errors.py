"""What is wrong with a query, and where."""

from __future__ import annotations

from bisect import bisect_right


class QueryError(Exception):
    """A query that is not taken, with the place in its text (an offset from 0).

    `what` says what is wrong, `remedy` what to do. A subclass says of what kind it is.
    """

    def __init__(self, what: str, start: int, *, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.start = start
        self.remedy = remedy


class UnexpectedTokenError(QueryError):
    """A token that no rule of the grammar takes where it stands; `what` is the token.

    `wanted` is what could stand there, empty where that isn't known.
    """

    wanted: tuple[str, ...] = ()


class NotTakenError(QueryError):
    """What is SPARQL, and is refused here: too deep, unknown names, wrong answers."""


class ForbiddenError(QueryError):
    """What would leave the store: SERVICE."""


class PlacesInText:
    """Lines and columns of offsets, in a text whose codepoint escapes are resolved.

    `shifts` are the places behind each escape and by how much the text as it was
    written is longer up to there.
    """

    def __init__(self, written: str, shifts: list[tuple[int, int]]) -> None:
        self._written = written
        self._starts = [start for start, _ in shifts]
        self._shifts = [shift for _, shift in shifts]

    def offset(self, start: int) -> int:
        """Return the offset in the text as it was written."""
        at = bisect_right(self._starts, start)
        return start + (self._shifts[at - 1] if at else 0)

    def line_and_column(self, start: int) -> tuple[int, int]:
        """Return line and column, both from 1; CR LF, CR and LF end a line."""
        before = self._written[: self.offset(start)]
        ends = before.count("\n") + before.count("\r") - before.count("\r\n")
        last = max(before.rfind("\n"), before.rfind("\r"))
        return ends + 1, len(before) - last

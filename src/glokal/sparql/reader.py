"""From the text of a query to its tree."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from glokal.sparql.errors import (
    NotTakenError,
    PlacesInText,
    QueryError,
    UnexpectedTokenError,
)
from glokal.sparql.grammar import expected_at
from glokal.sparql.lexer import UNSURE, Tokens, resolve_codepoints, tokenize
from glokal.sparql.parser import QueryReader
from glokal.sparql.scope import check_scope
from glokal.sparql.tree import Query, Update
from glokal.sparql.update import UPDATE_STARTS, UpdateReader

# Characters. What is longer takes a worker more than some seconds to read.
MAX_LENGTH = 1 << 20
# Trees of texts that are asked again and again; longer texts are read each time.
_KNOWN = 256
_LONGEST_KNOWN = 8192
# Tokens of a long text that are read first, and alone when something is wrong there.
_BEGINNING = 4096
# Behind so many tokens nothing is said of what could stand in the place of a wrong one:
# for that the whole is read once more.
_EXPLAINED = 20_000


@dataclass(slots=True)
class ReadQuery:
    """A query that was read: its tree, its text without escapes, its places."""

    query: Query
    text: str
    places: PlacesInText


def read_query(written: str) -> ReadQuery:
    """Return a query, read by the grammar of SPARQL 1.1.

    Raises QueryError for what isn't one; its place is an offset in `written`.
    """
    if len(written) > MAX_LENGTH:
        raise NotTakenError(
            f"The query has over {MAX_LENGTH} characters", 0, remedy="ask in parts."
        )
    try:
        text, shifts = resolve_codepoints(written)
    except ValueError as error:
        what = "The escape stands for no character"
        raise QueryError(what, error.args[0]) from error
    places = PlacesInText(written, shifts)
    try:
        return ReadQuery(_read(text), text, places)
    except QueryError as error:
        error.start = places.offset(error.start)
        raise


def read_known_query(written: str) -> ReadQuery:
    """Return what `read_query` does, for a text that may have been read before.

    Who asks gets the same object again, and changes nothing in it.
    """
    return _known(written) if len(written) <= _LONGEST_KNOWN else read_query(written)


@lru_cache(_KNOWN)
def _known(written: str) -> ReadQuery:
    return read_query(written)


def read_update(text: str) -> Update:
    """Return an update; QueryError for what isn't one."""
    return UpdateReader(tokenize(resolve_codepoints(text)[0])).update()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: a tree has none, and each look takes it all in."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(text: str) -> Query:
    with _uncollected():
        return _read_whole(text)


def _read_whole(text: str) -> Query:
    if len(text) > _BEGINNING:
        # Most long texts that are wrong are wrong from the beginning.
        tokens = tokenize(text, _BEGINNING)
        reader = QueryReader(tokens)
        try:
            reader.query()
        except QueryError as error:
            if reader.at < len(tokens.starts) - UNSURE:
                raise _explained(error, text, tokens, reader) from None
    tokens = tokenize(text)
    reader = QueryReader(tokens)
    try:
        result = reader.query()
    except QueryError as error:
        raise _explained(error, text, tokens, reader) from None
    check_scope(result)
    return result


def _explained(
    error: QueryError, text: str, tokens: Tokens, reader: QueryReader
) -> QueryError:
    """Return an error with what could stand in its place, or one of an update."""
    if not isinstance(error, UnexpectedTokenError):
        return error
    if reader.types[reader.at] in UPDATE_STARTS and _is_update(text):
        return QueryError(
            "An update is refused: the store takes queries only",
            reader.start,
            remedy="change the sources, and build anew.",
        )
    if reader.at < _EXPLAINED:
        error.wanted = expected_at(tokens, reader.at)
    return error


def _is_update(text: str) -> bool:
    try:
        UpdateReader(tokenize(text)).update()
    except QueryError:
        return False
    return True

"""Unpacking gzip (RFC 1952), up to a limit: a few bytes may stand for any number."""

from __future__ import annotations

import gzip
import io

from glokal.core.errors import Place, SourceError


def unpack(raw: bytes, name: str, megabytes: float, variable: str) -> bytes:
    """Return what a gzip file holds, at most so many megabytes.

    `variable` is the one that raises the limit. Raises SourceError when it holds more,
    OSError, EOFError and zlib.error when it is damaged.
    """
    limit = int(megabytes * (1 << 20))
    with gzip.open(io.BytesIO(raw)) as packed:
        text = packed.read(limit + 1)
    if len(text) > limit:
        raise SourceError(
            f"The file holds over {megabytes:g} MB, unpacked.",
            remedy=f"divide it, or raise the limit with {variable}.",
            place=Place(name),
        )
    return text

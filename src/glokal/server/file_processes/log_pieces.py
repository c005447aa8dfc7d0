"""Lines of the access log, written so that other processes' lines stay apart."""

from __future__ import annotations

import os
from collections.abc import Iterable

# Bytes that are written to a pipe as one (pipe(7)).
_WHOLE = 4096


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to the error stream, in pieces of whole ones."""
    piece = b""
    for line in lines:
        encoded = line.encode()
        if piece and len(piece) + len(encoded) > _WHOLE:
            _write(piece)
            piece = b""
        piece += encoded
    _write(piece)


def _write(piece: bytes) -> None:
    try:
        while piece:
            piece = piece[os.write(2, piece) :]
    except OSError:
        # Nobody reads it any more.
        return

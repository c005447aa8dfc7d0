"""What RDF is read from: a file of any format, packed with gzip or not, or a stream.

What isn't a plain file of the format is unpacked, or copied from standard input, into a
folder of ours, up to a limit; its name, and the base of its IRIs, stay those of the
source.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, Place, UsageError
from glokal.core.files.bounded_read import as_input, is_own_stream, size_of
from glokal.rdf.source_files import TOTAL_MEGABYTES, TOTAL_VARIABLE, SourceFile

FORMATS_BY_ENDING = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".n3": ox.RdfFormat.N3,
    ".json": ox.RdfFormat.JSON_LD,
    # Or Turtle: ontologies are saved in either under this ending.
    ".owl": ox.RdfFormat.RDF_XML,
}
PACKED = ".gz"
ENDINGS = f"{', '.join(FORMATS_BY_ENDING)}, or one of them and {PACKED}"
# How formats are named on the command line.
FORMATS_BY_NAME = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "n3": ox.RdfFormat.N3,
}
STANDARD_INPUT = Path("-")
STREAM_NAME = "stdin"
HEAD = 512
_PART = 1 << 20
_XML_BEGINS = (b"<?xml", b"<!", b"<rdf:rdf")
_DAMAGED = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class RdfInput:
    """Something to read: its name, the file that holds its bytes, format and base.

    `origin` is the file that was named, None for a stream.
    """

    name: str
    path: Path
    format: ox.RdfFormat
    base: str
    origin: Path | None

    @property
    def ending(self) -> str:
        """The ending that files of the format have."""
        return next(e for e, fmt in FORMATS_BY_ENDING.items() if fmt == self.format)

    def source_file(
        self, kind: str, triples: Collection[ox.Triple], prefixes: Mapping[str, str]
    ) -> SourceFile:
        """Return what was read of it, as a file in which places can be found."""
        return SourceFile(
            self.name, self.path, "", kind, triples, prefixes, self.ending, self.base
        )


class Allowance:
    """How many bytes may be unpacked or taken from streams, by the environment."""

    def __init__(self) -> None:
        self.megabytes = int(number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES))
        self.left = self.megabytes << 20

    def copy(self, source: IO[bytes], target: Path, name: str) -> None:
        """Copy a stream to a file; InputError when it holds more than is left."""
        with target.open("wb") as file:
            while part := source.read(_PART):
                self.left -= len(part)
                if self.left < 0:
                    raise InputError(
                        f"There are over {self.megabytes} MB, unpacked.",
                        remedy="validate them in parts, or raise the limit with "
                        f"{TOTAL_VARIABLE}.",
                        place=Place(name),
                    )
                file.write(part)


def ending_of(name: str) -> tuple[str, bool]:
    """Return the ending that tells a file's format, and whether it is packed."""
    path = Path(name.lower())
    packed = path.suffix == PACKED
    return (path.with_suffix("") if packed else path).suffix, packed


def has_known_ending(name: str) -> bool:
    """Whether the name of a file tells a format that can be read."""
    return ending_of(name)[0] in FORMATS_BY_ENDING


def format_of(path: Path) -> ox.RdfFormat:
    """Return the format that a file's ending tells; UsageError for another ending."""
    result = FORMATS_BY_ENDING.get(ending_of(path.name)[0])
    if result is None:
        raise UsageError(
            f"{path} has an unknown ending.",
            remedy=f"name a file that ends in {ENDINGS}.",
        )
    return result


def plain_input(path: Path) -> RdfInput:
    """Return a file that stands as it is; raises as `open_input`."""
    with as_input():
        size_of(path, str(path))
    fmt = format_of(path)
    if ending_of(path.name)[0] == ".owl" and not looks_like_xml(head_of(path)):
        fmt = ox.RdfFormat.TURTLE
    return RdfInput(str(path), path, fmt, path.resolve().as_uri(), path)


def open_input(
    path: Path, folder: Path, allowance: Allowance, named: ox.RdfFormat | None = None
) -> RdfInput:
    """Return what a path stands for; copies go into `folder`, which must outlive it.

    `named` is the format whatever the ending; a stream is Turtle without it. Raises
    UsageError for an unknown ending, InputError with the place for what can't be read.
    """
    number = sum(1 for _ in folder.iterdir())
    copy = folder / f"input-{number}"
    if path == STANDARD_INPUT or is_own_stream(path):
        fmt = named or ox.RdfFormat.TURTLE
        name = STREAM_NAME if path == STANDARD_INPUT else str(path)
        if path == STANDARD_INPUT:
            allowance.copy(sys.stdin.buffer, copy, name)
        else:
            with path.open("rb") as file:
                allowance.copy(file, copy, name)
        base = f"{Path.cwd().as_uri()}/{STREAM_NAME}"
        return RdfInput(name, copy, fmt, base, None)
    if not ending_of(path.name)[1]:
        if named is None:
            return plain_input(path)
        with as_input():
            size_of(path, str(path))
        return RdfInput(str(path), path, named, path.resolve().as_uri(), path)
    with as_input():
        size_of(path, str(path))
    fmt = named or format_of(path)
    try:
        with gzip.open(path) as packed:
            allowance.copy(packed, copy, str(path))  # type: ignore[arg-type]
    except _DAMAGED as error:
        raise InputError(
            f"The file can't be unpacked: {error}.",
            remedy="pack it anew with gzip, or take it from its source again.",
            place=Place(str(path)),
        ) from error
    if ending_of(path.name)[0] == ".owl" and not looks_like_xml(head_of(copy)):
        fmt = named or ox.RdfFormat.TURTLE
    return RdfInput(str(path), copy, fmt, path.resolve().as_uri(), path)


def looks_like_xml(head: bytes) -> bool:
    """Whether a file that begins so is XML, and no Turtle."""
    start = head.lstrip().lower()
    return start.startswith(_XML_BEGINS) or (
        start.startswith(b"<") and b"xmlns" in start.partition(b">")[0]
    )


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file; InputError when it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise InputError(
            f"The file can't be read: {os.strerror(error.errno or 0)}.",
            remedy="see that it is there and that you may read it.",
            place=Place(str(path)),
        ) from error

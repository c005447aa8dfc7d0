"""Data files and what describes them: path, media type, size, checksum."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from glokal.core.files.symlinks import path_below

# What a file holds: all of it, or its parts in their order.
Data = bytes | Iterable[bytes]
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
JSONLD = "application/ld+json"
RDFXML = "application/rdf+xml"
TRIG = "application/trig"
NQUADS = "application/n-quads"
CSV = "text/csv"
PDF = "application/pdf"
GZIP = "application/gzip"
JSON = "application/json"
# RFC 7763.
MARKDOWN = "text/markdown"
# RFC 9264, section 4.2.
LINKSET = "application/linkset+json"
SPARQL = "application/sparql-query"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How each ending of a file in the publication is served.
MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    # A file of YAML (RFC 9512).
    ".cff": "application/yaml",
    ".css": "text/css",
    ".csv": CSV,
    ".geojson": "application/geo+json",
    ".gz": GZIP,
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": JSON,
    ".jsonld": JSONLD,
    ".md": MARKDOWN,
    ".nq": NQUADS,
    ".nt": NTRIPLES,
    # The parts of the search index.
    ".pagefind": "application/octet-stream",
    ".pf_fragment": "application/octet-stream",
    ".pf_index": "application/octet-stream",
    ".pf_meta": "application/octet-stream",
    ".pdf": PDF,
    ".png": "image/png",
    ".rdf": RDFXML,
    ".rq": SPARQL,
    ".svg": "image/svg+xml",
    ".trig": TRIG,
    ".tsv": "text/tab-separated-values",
    ".ttl": TURTLE,
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".xlsx": XLSX,
    ".xml": "application/xml",
}
# A window of 32 kB, and the head of gzip (RFC 1952), with neither clock nor name.
_GZIP_BITS = 31
_BLOCK = 1 << 20
# Files whose names the standards give without an ending.
NAMED_TYPES = {"api-catalog": LINKSET, "sparql-examples": TURTLE, "void": TURTLE}


def media_type(name: str) -> str:
    """Return the media type of a file in the publication by its name."""
    ending = "." + name.rpartition(".")[2] if "." in name else ""
    return NAMED_TYPES.get(name) or MEDIA_TYPES.get(ending, "text/plain")


@dataclass(frozen=True)
class DataFile:
    """A file of data: its path below the publication, media type, bytes, SHA-256."""

    path: str
    media: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class DataFiles(Protocol):
    """Writes data files, unless they are there as they were made from the same."""

    def data_file(
        self, path: str, media: str, made_from: object, make: Callable[[], Data]
    ) -> DataFile:
        """Return a file that `make` gives; its bytes follow from what it's made from.

        That says by its `repr` all that it holds.
        """


def write_data_file(root: Path, path: str, data: Data, media: str) -> DataFile:
    """Write a data file below the root and return what describes it.

    What is given in parts is written as they come, and is never held whole.
    """
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for part in (data,) if isinstance(data, bytes) else data:
            size += len(part)
            digest.update(part)
            yield part

    write_new(path_below(root, path), counted())
    return DataFile(path, media, size, digest.hexdigest())


def write_new(target: Path, data: Data) -> None:
    """Write a new file, in the place of one that is there, and the folders above it.

    What is there may be one with a file of an earlier publication, and is never written
    to.
    """
    try:
        file = target.open("xb")
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = target.open("xb")
    except FileExistsError:
        target.unlink()
        file = target.open("xb")
    with file:
        file.writelines((data,) if isinstance(data, bytes) else data)


def pack(root: Path, file: DataFile) -> DataFile:
    """Write a data file once more with gzip; neither clock nor name goes into it."""
    return write_data_file(root, f"{file.path}.gz", packed_bytes(root, file), GZIP)


def packed_bytes(root: Path, file: DataFile) -> Iterator[bytes]:
    """Yield what `pack` writes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP_BITS)
    with (root / file.path).open("rb") as plain:
        while block := plain.read(_BLOCK):
            yield packer.compress(block)
    yield packer.flush()

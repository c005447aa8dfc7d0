"""Every file of a publication, opened by another program than the one that wrote it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as XML

import openpyxl
import pyoxigraph as ox
import rdflib
from python_calamine import CalamineWorkbook

from glokal.core.characters import NOT_XML
from glokal.core.xlsx import unescape_text


def open_all(root: Path) -> Counter[str]:
    """Open each file below a folder; return how many of each ending were opened.

    Raises AssertionError, or what the parser raises, with the name of the file.
    """
    opened: Counter[str] = Counter()
    for path in sorted(root.rglob("*")):
        check = _PARSERS.get(path.suffix)
        if not path.is_file() or check is None:
            continue
        try:
            check(path)
        except Exception as error:
            error.add_note(path.relative_to(root).as_posix())
            raise
        opened[path.suffix] += 1
    return opened


def _xml(path: Path) -> None:
    # expat: what it takes is well-formed XML 1.0.
    XML.fromstring(path.read_bytes())


def _rdf_xml(path: Path) -> None:
    _xml(path)
    graph = rdflib.Graph().parse(path, format="xml")
    twin = path.with_suffix(".nt")
    assert len(graph) == len(twin.read_bytes().splitlines())


def _json(path: Path) -> None:
    json.loads(path.read_bytes(), object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = Counter(name for name, _ in pairs)
    assert max(names.values(), default=1) == 1, names.most_common(1)
    return dict(pairs)


def _no_constant(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def _json_ld(path: Path) -> None:
    _json(path)
    triples = set(ox.parse(path=str(path), format=ox.RdfFormat.JSON_LD))
    twin = path.with_suffix(".nt")
    assert len(triples) == len(twin.read_bytes().splitlines())


def _csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows and {len(row) for row in rows} == {len(rows[0])}


def _tsv(path: Path) -> None:
    found = ox.parse_query_results(path.read_bytes(), format=ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    list(found)


def _xlsx(path: Path) -> None:
    data = path.read_bytes()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    other = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheet_names == other.sheetnames
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = list(other[name].iter_rows())
        assert len(rows) == len(cells)
        for row, found in zip(rows, cells, strict=True):
            for value, cell in zip(row, found, strict=True):
                assert cell.data_type != "f"
                wanted = "" if cell.value is None else cell.value
                if isinstance(wanted, str):
                    wanted = unescape_text(wanted)
                assert value == wanted


def _gzip(path: Path) -> None:
    data = gzip.decompress(path.read_bytes())
    assert data
    plain = path.with_suffix("")
    if plain.is_file():
        assert data == plain.read_bytes()


def _text(path: Path) -> None:
    # HTML forbids control characters too (section 13.2.3.5).
    text = path.read_bytes().decode("utf-8")
    assert not NOT_XML.search(text)


_PARSERS: dict[str, Callable[[Path], None]] = {
    ".xml": _xml,
    ".atom": _xml,
    ".svg": _xml,
    ".rdf": _rdf_xml,
    ".json": _json,
    ".geojson": _json,
    ".jsonld": _json_ld,
    ".csv": _csv,
    ".tsv": _tsv,
    ".xlsx": _xlsx,
    ".gz": _gzip,
    ".html": _text,
    ".css": _text,
    ".js": _text,
    ".txt": _text,
    ".rq": _text,
}

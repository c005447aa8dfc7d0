"""Every file of a build opens in a second parser; and the parsers can say no."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from glokal.core.xlsx import Cell, write_plain
from tests.second_parsers import open_all

# The endings of data that a build makes, in whatever folder.
ENDINGS = {
    ".atom", ".csv", ".geojson", ".gz", ".html", ".json", ".jsonld", ".rdf", ".svg",
    ".tsv", ".xlsx", ".xml",
}  # fmt: skip


def test_every_file_of_a_region_opens(region_publication: Path) -> None:
    opened = open_all(region_publication / "public")
    assert set(opened) >= ENDINGS - {".geojson"}
    assert opened[".rdf"] >= 40 and opened[".xlsx"] >= 2


def test_every_file_of_the_real_project_opens(publication: Path) -> None:
    opened = open_all(publication / "public")
    assert set(opened) >= ENDINGS
    assert opened[".rdf"] >= 800 and opened[".xlsx"] >= 200
    assert opened[".html"] >= 4_000 and opened[".csv"] >= 1_000


def broken_book(text: bytes) -> bytes:
    """Return a workbook whose text x is something else."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_plain(["a"], [[Cell("x")]]))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<t>x</t>", text))
    return out.getvalue()


RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="a:a"><p xmlns="a:">%s</p></rdf:Description></rdf:RDF>'
BROKEN = {
    "a control character in XML": {"x.xml": b"<a>\x01</a>"},
    "no end": {"x.svg": b"<svg>"},
    "a control character in RDF/XML": {"x.rdf": RDF % b"\x01", "x.nt": b"<a:a> <a:p> \"\" .\n"},
    "a triple that is lost": {"x.rdf": RDF % b"x", "x.nt": b'<a:a> <a:p> "x" .\n<a:a> <a:p> "y" .\n'},
    "a name twice": {"x.json": b'{"a": 1, "a": 2}'},
    "no number": {"x.json": b'{"a": NaN}'},
    "JSON-LD that loses a triple": {"x.jsonld": b'{"@id": "a:a", "a:p": "x"}', "x.nt": b""},
    "a row too short": {"x.csv": b"a,b\r\n1\r\n"},
    "a row of two kinds of quotes": {"x.csv": b'a\r\n"x"y\r\n'},
    "TSV without its head": {"x.tsv": b"a\tb\n"},
    "a workbook with a control character": {"x.xlsx": broken_book(b"<t>\x01</t>")},
    "a packed file that is another": {"x.ttl.gz": gzip.compress(b"a"), "x.ttl": b"b"},
    "half a packed file": {"x.ttl.gz": gzip.compress(b"a" * 99)[:-9]},
    "a page with a control character": {"x.html": b"<p>\x07"},
    "a page in Latin-1": {"x.html": "å".encode("latin-1")},
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told(case: str, tmp_path: Path) -> None:
    for name, data in BROKEN[case].items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(Exception) as caught:
        open_all(tmp_path)
    assert caught.value.__notes__

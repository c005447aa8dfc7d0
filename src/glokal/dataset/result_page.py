"""A page of a canned query's rows, in the formats that programs and offices take.

JSON is plain: an object a row, numbers as numbers, null where the answer is silent.
CSV and TSV are SPARQL 1.1's; GeoJSON is RFC 7946.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geomet.wkt
import pyoxigraph as ox

from glokal.core.namespaces import CRS84
from glokal.sparql.plain_values import plain_value
from glokal.sparql.result_formats import write_result
from glokal.sparql.store_interface import Row, Table

# How each format is named in an address, and its media type.
PAGE_FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
# How many rows a page has when nobody says how many.
PAGE = 1000


class NoPlaceError(Exception):
    """No row names a thing with a geometry, so that there is nothing for a map."""


@dataclass(frozen=True)
class Page:
    """Rows of an answer, and where they stand in the whole of it.

    `parameters` are the IRIs that the query was asked with, by name. `why` tells in
    words why there is no row at all. `has_places` is whether the query is one whose
    rows name things with a geometry, if perhaps none of these does. `view` is the view
    that was asked, "" for the strategy's.
    """

    query: str
    lang: str
    parameters: Mapping[str, str]
    table: Table
    total: int
    offset: int = 0
    limit: int = PAGE
    why: Mapping[str, object] = field(default_factory=dict)
    has_places: bool = False
    view: str = ""
    answer: str = ""


def cut_rows(table: Table, *, offset: int = 0, limit: int = PAGE) -> Table:
    """Return the rows of a page."""
    return Table(table.columns, table.rows[offset : offset + limit])


def render_page(page: Page, fmt: str, geometry_of: Callable[[str], str]) -> bytes:
    """Return a page in one of the formats.

    `geometry_of` gives the WKT of a thing, "" without one. Raises NoPlaceError for
    GeoJSON when there are rows and none has a geometry.
    """
    if fmt == "json":
        return _text({**_about(page), "rows": [*map(_object, *_lined(page))]})
    if fmt == "geojson":
        return _geojson(page, geometry_of)
    result = write_result(page.table, fmt, {})
    return result.encode() if isinstance(result, str) else result


def _lined(page: Page) -> tuple[list[tuple[str, ...]], tuple[Row, ...]]:
    rows = page.table.rows
    return [page.table.columns] * len(rows), rows


def _about(page: Page) -> dict[str, object]:
    about: dict[str, object] = {
        "query": page.query,
        "lang": page.lang,
        "parameters": dict(page.parameters),
        "total": page.total,
        "offset": page.offset,
        "limit": page.limit,
        "columns": list(page.table.columns),
    }
    if page.view:
        about["view"] = page.view
    if page.answer:
        about["answer"] = page.answer
    return {**about, "why": dict(page.why)} if page.why else about


def _object(columns: tuple[str, ...], row: Row) -> dict[str, object]:
    return {c: plain_value(cell) for c, cell in zip(columns, row, strict=True)}


def _geojson(page: Page, geometry_of: Callable[[str], str]) -> bytes:
    features = []
    for columns, row in zip(*_lined(page), strict=True):
        iris = [c.value for c in row if isinstance(c, ox.NamedNode)]
        places = ((iri, wkt) for iri in iris if (wkt := geometry_of(iri)))
        iri, wkt = next(places, ("", ""))
        feature = {
            "type": "Feature",
            "geometry": _geometry(wkt) if wkt else None,
            "properties": _object(columns, row),
        }
        features.append({**feature, "id": iri} if iri else feature)
    placed = page.has_places or any(f["geometry"] for f in features)
    if features and not placed:
        raise NoPlaceError
    results = {"type": "FeatureCollection", **_about(page), "features": features}
    return (json.dumps(results, ensure_ascii=False) + "\n").encode()


def _geometry(wkt: str) -> object:
    # A WKT literal of GeoSPARQL may begin with its reference system, and is in CRS 84
    # without one (OGC 11-052r4, section 8.5.1). GeoJSON knows no other.
    system, _, rest = wkt.rpartition("> ")
    if system and system != f"<{CRS84}":
        return None
    return geomet.wkt.loads(rest)


def _text(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()

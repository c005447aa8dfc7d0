"""A map of the municipalities as SVG, drawn from the geometry in the graph.

Positions are rounded to one grid for all, so that neighbours keep one border. WKT is
OGC 06-103r4, in longitude and latitude; the projection is equirectangular.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.core.namespaces import DCTERMS, GEO
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

WIDTH = 600
_MARGIN = 6
_RING = re.compile(r"\(([^()]+)\)")

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A place on the map: its outline as an SVG path and where its name stands."""

    link: Value
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """Places in one picture: its size, its shapes, whom to credit."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    credit: str


def draw_map(view: GraphView, places: Sequence[str], lang: str) -> Map | None:
    """Return the map of places, None when a place has no geometry."""
    rings = {place: _rings(view, place) for place in places}
    if not rings or not all(rings.values()):
        return None
    points = [p for of_place in rings.values() for ring in of_place for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * narrow)

    def grid(point: Point) -> tuple[int, int]:
        x = _MARGIN + (point[0] - west) * narrow * scale
        return round(x), round(_MARGIN + (north - point[1]) * scale)

    shapes = []
    for place, of_place in rings.items():
        drawn = [[grid(p) for p in ring] for ring in of_place]
        x, y = _middle(max(drawn, key=lambda r: abs(_area(r))))
        path = "".join(_as_path(ring) for ring in drawn)
        shapes.append(Shape(view.link(place, lang), path, x, y))
    height = round((north - south) * scale) + 2 * _MARGIN
    return Map(WIDTH, height, tuple(shapes), _credit(view, places))


def geometry_of(view: GraphView, place: str) -> str:
    """Return the geometry of a place as WKT, "" without one."""
    for geometry in _geometries(view, place):
        for wkt in view.objects(geometry, GEO + "asWKT"):
            return wkt
    return ""


def _geometries(view: GraphView, place: str) -> list[str]:
    return view.objects(place, GEO + "hasDefaultGeometry")


def _rings(view: GraphView, place: str) -> list[list[Point]]:
    return [
        [(float(p.split()[0]), float(p.split()[1])) for p in ring.split(",")]
        for geometry in _geometries(view, place)
        for text in view.objects(geometry, GEO + "asWKT")
        for ring in _RING.findall(text)
    ]


def _credit(view: GraphView, places: Sequence[str]) -> str:
    return ", ".join(
        sorted(
            {
                text
                for place in places
                for geometry in _geometries(view, place)
                for text in view.objects(geometry, DCTERMS + "rights")
            }
        )
    )


def _as_path(ring: list[tuple[int, int]]) -> str:
    remaining = [ring[0]]
    for point in ring[1:]:
        if point != remaining[-1]:
            remaining.append(point)
    # A skerry smaller than the grid leaves no outline.
    if len(set(remaining)) < 3:
        return ""
    first, *rest = remaining
    steps = []
    x, y = first
    for px, py in rest[:-1] if rest[-1] == first else rest:
        steps.append(f"{px - x} {py - y}")
        x, y = px, py
    return f"M{first[0]} {first[1]}l{' '.join(steps)}z"


def _area(ring: list[tuple[int, int]]) -> float:
    closed = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in closed) / 2


def _middle(ring: list[tuple[int, int]]) -> tuple[int, int]:
    area = _area(ring)
    closed = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((ax + bx) * (ax * by - bx * ay) for (ax, ay), (bx, by) in closed)
    y = sum((ay + by) * (ax * by - bx * ay) for (ax, ay), (bx, by) in closed)
    return round(x / (6 * area)), round(y / (6 * area))

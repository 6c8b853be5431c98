"""Outlines while the gazetteer is compiled: joined, simplified, measured. Needs shapely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.places.tables import Outline

EARTH_KM = 6371.0088


def to_shape(outline: Outline) -> Any:
    """Give a valid shapely geometry; outer rings that overlap are joined."""
    polygons = [shapely.Polygon(ring) for ring in outline if len(ring) >= 4]
    return shapely.union_all(shapely.make_valid(np.array(polygons, dtype=object)))


def to_outline(geometry: Any, islet: float = 0.0) -> Outline:
    """Give outer rings, the largest first; those under `islet` square degrees go, but not all."""
    parts = [p for p in shapely.get_parts(shapely.make_valid(geometry)) if p.geom_type == "Polygon"]
    parts += [
        part
        for whole in shapely.get_parts(geometry)
        if whole.geom_type in ("MultiPolygon", "GeometryCollection")
        for part in shapely.get_parts(whole)
        if part.geom_type == "Polygon"
    ]
    parts.sort(key=lambda p: (-p.area, p.bounds))
    kept = [p for i, p in enumerate(parts) if i == 0 or p.area >= islet]
    return [shapely.get_coordinates(p.exterior) for p in kept]


def area_of(outline: Outline) -> float:
    """Give the area in square degrees."""
    return float(sum(shapely.Polygon(ring).area for ring in outline))


def simplified(outline: Outline, tolerance: float, islet: float) -> Outline:
    """Give the outline with corners within `tolerance` degrees of a line left out."""
    return to_outline(shapely.simplify(to_shape(outline), tolerance), islet)


def joined(outlines: Iterable[Outline]) -> Outline:
    """Give the outline of several outlines together."""
    shapes = [to_shape(outline) for outline in outlines]
    return to_outline(shapely.union_all(np.array(shapes, dtype=object)))


def without(outline: Outline, taken: Outline, margin: float) -> Outline:
    """Give what of an outline lies more than `margin` degrees outside another."""
    return to_outline(shapely.difference(to_shape(outline), to_shape(taken).buffer(margin)), 1e-4)


def cut(outline: Outline, lat: float, north: bool) -> Outline:
    """Give what of an outline lies north or south of a parallel."""
    south_edge, north_edge = (lat, 90.0) if north else (-90.0, lat)
    return to_outline(shapely.clip_by_rect(to_shape(outline), -180, south_edge, 180, north_edge))


def inner_point(outline: Outline) -> tuple[float, float]:
    """Give the point of the largest ring that is farthest from its shore."""
    largest = shapely.make_valid(shapely.Polygon(outline[0]))
    centre = shapely.maximum_inscribed_circle(largest).coords[0]
    return round(centre[0], 4), round(centre[1], 4)


def reach_km(lon: float, lat: float, outline: Outline) -> float:
    """Give how far the corners of the ring with the point, or of the largest, lie from it."""
    point = shapely.Point(lon, lat)
    around = [ring for ring in outline if shapely.Polygon(ring).contains(point)]
    ring = around[0] if around else outline[0]
    return round(float(distance_km(lon, lat, ring[:, 0], ring[:, 1]).max()), 1)


def distance_km(
    lon: float, lat: float, lons: NDArray[Any] | float, lats: NDArray[Any] | float
) -> NDArray[np.float64]:
    """Give great-circle distances from one point to many."""
    p, q = np.radians(lat), np.radians(lats)
    h = (
        np.sin((q - p) / 2) ** 2
        + np.cos(p) * np.cos(q) * np.sin(np.radians(np.subtract(lons, lon)) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1, h))))


class Map:
    """Which of many outlines a point lies in."""

    def __init__(self, outlines: Sequence[tuple[str, Outline]]) -> None:
        self._labels = [label for label, _ in outlines]
        self._shapes = np.array([to_shape(outline) for _, outline in outlines], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def at(self, lons: Sequence[float], lats: Sequence[float]) -> list[list[str]]:
        """Give for each point the labels of the outlines that hold it, the smallest first."""
        found: list[list[str]] = [[] for _ in lons]
        areas = shapely.area(self._shapes)
        hits = self._tree.query(shapely.points(lons, lats), predicate="intersects")
        order = np.lexsort((areas[hits[1]], hits[0]))
        for point, shape in hits[:, order].T:
            found[point].append(self._labels[shape])
        return found

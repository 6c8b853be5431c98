"""Places at sea and at borders, computed from the outlines of countries."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.model import Place
from geomap.places.area import BEARINGS, adjective, clipped, outlined, polygons, shape_of
from geomap.places.gazetteer import Gazetteer
from geomap.places.surroundings import computed

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OFF_KM = 40.0
"""How far from land "off the coast" reaches when no distance is told."""
INLAND_KM = 60.0
"""A town that lies farther from the sea has no coast; one nearer may stand for it."""
BORDER_KM = 8.0
"""Half the width of a border."""
CORNER = 0.05
"""Degrees by which outlines are smoothed first: a coast has too many corners to measure from."""
_DEGREE_KM = 111.2


def off_coast(
    place: Place, gazetteer: Gazetteer, direction: str = "", km: float = 0.0
) -> Place | None:
    """Give the sea off a place, or off one side of it; None if it has no coast.

    Parameters
    ----------
    km
        Distance from land, if it is told.
    """
    reach = km + max(5.0, 0.2 * km) if km else OFF_KM
    home = _home(place)
    sea = _sea_round(home, reach, gazetteer)
    if sea.is_empty and not place.area:
        reach = INLAND_KM
        sea = _sea_round(home, reach, gazetteer)
    if km:
        sea = sea.difference(home.buffer((km - max(5.0, 0.2 * km)) / _DEGREE_KM))
    if direction in BEARINGS and not sea.is_empty:
        sea = clipped(sea, direction)
    if sea.is_empty:
        return None
    away = f"{km:g} km " if km else ""
    side = f"{adjective(direction)} " if direction else ""
    water = outlined(place, _without_holes(sea, place))
    rule = "-".join(filter(None, ["off", direction, f"{km:g}km" if km else ""]))
    there = computed(
        place,
        f"{away}off {side}{place.name}",
        rule,
        (water.lon, water.lat),
        water.extent_km,
    )
    return replace(there, kind="sea", area=water.area)


def _home(place: Place) -> BaseGeometry:
    """Give the land whose coast is meant, its corners smoothed."""
    import shapely

    if place.area:
        return shapely.simplify(shape_of(place.area), CORNER)
    return shapely.Point(place.lon, place.lat).buffer(place.extent_km / _DEGREE_KM)


def _sea_round(home: BaseGeometry, reach: float, gazetteer: Gazetteer) -> BaseGeometry:
    round_it = home.buffer(reach / _DEGREE_KM, quad_segs=3)
    sea = round_it.difference(home).difference(_land(round_it.bounds, gazetteer))
    # Slivers between two outlines of one shore are no sea.
    return sea.buffer(-CORNER / 2).buffer(CORNER / 2, quad_segs=2).simplify(CORNER / 2)


def _land(bounds: tuple[float, float, float, float], gazetteer: Gazetteer) -> BaseGeometry:
    """Give the land within a box: what any country's outline holds."""
    import numpy as np
    import shapely

    west, south, east, north = bounds
    detail = (east - west) / 2000
    outlines = gazetteer.outlines
    boxes = outlines.boxes
    country = gazetteer.kind[outlines.places] == gazetteer.kinds.index("country")
    meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    meets &= (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    parts: list[Any] = []
    for index in outlines.places[np.flatnonzero(country & meets)].tolist():
        for ring in outlines.arrays(index):
            low, high = ring.min(axis=0), ring.max(axis=0)
            if low[0] <= east and high[0] >= west and low[1] <= north and high[1] >= south:
                polygon = shapely.simplify(shapely.Polygon(ring.astype(float)), detail)
                polygon = shapely.make_valid(polygon)
                parts.append(shapely.clip_by_rect(polygon, west, south, east, north))
    return shapely.union_all(parts)


def _without_holes(shape: BaseGeometry, place: Place) -> BaseGeometry:
    """Cut what goes round an island in two: outlines are kept without holes.

    Small holes are filled, but for that of the place itself.
    """
    import shapely

    here = shapely.Point(place.lon, place.lat)
    pieces: list[Any] = []
    waiting = polygons(shape)
    while waiting:
        polygon = waiting.pop()
        holes = [shapely.Polygon(ring) for ring in polygon.interiors]
        hole = max(holes, key=lambda hole: float(hole.area), default=None)
        own = next((hole for hole in holes if hole.contains(here)), None)
        hole = own or hole
        if hole is None or (own is None and hole.area < 0.02 * polygon.area):
            pieces.append(shapely.Polygon(polygon.exterior))
            continue
        west, south, east, north = polygon.bounds
        cut = hole.centroid.x
        waiting += polygons(shapely.clip_by_rect(polygon, west, south, cut, north))
        waiting += polygons(shapely.clip_by_rect(polygon, cut, south, east, north))
    return shapely.MultiPolygon(pieces)


def shared_border(place: Place, other: Place, gazetteer: Gazetteer) -> Place | None:
    """Give the border between two places as a strip; None if they do not touch."""
    if not (place.area and other.area) or place.place_id == other.place_id:
        return None
    return _shared_border(place.place_id, other.place_id, gazetteer)


@lru_cache(maxsize=256)
def _shared_border(place_id: str, other_id: str, gazetteer: Gazetteer) -> Place | None:
    import shapely

    place, other = gazetteer.place_by_id(place_id), gazetteer.place_by_id(other_id)
    if place is None or other is None:
        return None
    wide = BORDER_KM / _DEGREE_KM
    one, two = (
        shapely.simplify(shape_of(p.area), CORNER / 2).buffer(wide, quad_segs=2)
        for p in (place, other)
    )
    strip = one.intersection(two)
    if strip.is_empty or not polygons(strip):
        return None
    land = outlined(place, _without_holes(strip, place))
    there = computed(
        place,
        f"border of {place.name} and {other.name}",
        f"border:{other.place_id}",
        (land.lon, land.lat),
        land.extent_km,
    )
    return replace(there, kind="border", country="", admin1="", area=land.area)

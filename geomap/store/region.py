"""Regions that are no boxes: polygons, and all that lies within so many kilometres of a point.

They are planes of longitude and latitude, as GeoJSON has them, and are asked
through shapely, which is loaded only here. Polygons are cut at the antimeridian
(RFC 7946, section 3.1.9).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.errors import InputError
from geomap.model import Ring
from geomap.store.bbox import Bbox
from geomap.store.extent import EARTH_KM, Certainty, Extent, extent_of

if TYPE_CHECKING:
    from shapely import Geometry

Polygons = tuple[tuple[Ring, ...], ...]
"""Polygons, each an outer ring and its holes, of (lon, lat)."""

_CORNERS = 64
_GRID = 1e-9  # degrees: a tenth of a millimetre
_BEARINGS = 360
_TODO = "Give a GeoJSON Polygon or MultiPolygon, or a feature with one."


class Near(NamedTuple):
    """All that lies within ``km`` of a point, along the ellipsoid."""

    lon: float
    lat: float
    km: float


class Shape(NamedTuple):
    """Where an incident may be: its point, circle or area, and whether that is all."""

    lon: float
    lat: float
    radius_km: float | None
    area: tuple[Ring, ...]
    known: bool


def polygons_of(value: Any) -> Polygons:
    """Read polygons from GeoJSON (text or parsed), a geometry of shapely, or rings.

    Raises
    ------
    InputError
        If there is no polygon in it, or a corner is not on the globe.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise InputError(f"is not JSON: {error}", where="region", todo=_TODO) from error
    value = getattr(value, "__geo_interface__", value)
    try:
        nested = list(_nested(value)) if isinstance(value, Mapping) else value
        polygons = tuple(tuple(_ring(ring) for ring in polygon) for polygon in nested)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise InputError(f"cannot be read: {error}", where="region", todo=_TODO) from error
    if not all(polygons):
        raise InputError("has no rings", where="region", todo=_TODO)
    return polygons


def bounds(region: Polygons | Near) -> Bbox:
    """Give a box that holds the region."""
    if isinstance(region, Near):
        return _box(extent_of(region.lon, region.lat, region.km * 1.01))  # sphere and ellipsoid
    rings = tuple(polygon[0] for polygon in region)
    return _box(extent_of(*rings[0][0], area=rings))


def relations(region: Polygons | Near, shapes: Sequence[Shape]) -> list[Certainty | None]:
    """Say of each shape whether it lies in the region with all of it, in part, or not at all."""
    import shapely

    wanted = _geometry(region)
    shapely.prepare(wanted)
    geometries = _geometries(shapes)
    inside = shapely.covers(wanted, geometries)
    touching = shapely.intersects(wanted, geometries)
    return [
        "certain" if whole and shape.known else "possible" if part else None
        for shape, whole, part in zip(shapes, inside, touching, strict=True)
    ]


def _nested(value: Mapping[str, Any]) -> Any:
    kind = value["type"]
    if kind == "FeatureCollection":
        for feature in value["features"]:
            yield from _nested(feature)
    elif kind == "Feature":
        yield from _nested(value["geometry"])
    elif kind == "GeometryCollection":
        for geometry in value["geometries"]:
            yield from _nested(geometry)
    elif kind in ("Polygon", "MultiPolygon"):
        yield from value["coordinates"] if kind == "MultiPolygon" else [value["coordinates"]]
    else:
        raise ValueError(f"{kind} is not a polygon")


def _ring(corners: Any) -> Ring:
    ring = tuple((round(float(lon), 9), round(float(lat), 9)) for lon, lat, *_ in corners)
    if len(ring) < 3:
        raise ValueError(f"a ring of {len(ring)} corners")
    for lon, lat in ring:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"corner {lon:g},{lat:g} is not on the globe")
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def near_of(value: Any) -> Near:
    """Read a point and kilometres.

    Raises
    ------
    InputError
        If the point is not on the globe, or the distance not above 0.
    """
    try:
        lon, lat, km = (float(part) for part in value)
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is not lon, lat and km", where="near") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"lon {lon:g}, lat {lat:g} is not on the globe", where="near")
    if not (isfinite(km) and 0 < km <= 5000):
        raise InputError(f"{km:g} km is not a distance from 0 to 5000 km", where="near")
    return Near(lon, lat, km)


def _box(extent: Extent) -> Bbox:
    east = extent.east if extent.east <= 180 else extent.east - 360
    return Bbox(extent.west, extent.south, east, extent.north)


def _geometry(region: Polygons | Near) -> Geometry:
    """Lay the region out three times over, so that nothing ends at the antimeridian."""
    import shapely
    from shapely.affinity import translate

    if isinstance(region, Near):
        found = shapely.Polygon(_geodesic_circle(region))
    else:
        found = _joined(shapely.Polygon(outer, holes) for outer, *holes in region)
    return _joined(translate(found, turn) for turn in (-360, 0, 360))


def _joined(geometries: Iterable[Geometry]) -> Geometry:
    """Join shapes that may be drawn badly, laid on a grid on which GEOS is sure of itself."""
    import shapely

    tidy = [shapely.set_precision(shapely.make_valid(one), _GRID) for one in geometries]
    return shapely.union_all(tidy, grid_size=_GRID)


def _geodesic_circle(near: Near) -> list[tuple[float, float]]:
    from geopy.distance import geodesic

    step = geodesic(kilometers=near.km)
    ring: list[tuple[float, float]] = []
    for bearing in range(_BEARINGS + 1):
        there = step.destination((near.lat, near.lon), bearing)
        before = ring[-1][0] if ring else near.lon
        turns = round((before - there.longitude) / 360)  # go on across the antimeridian
        ring.append((there.longitude + 360 * turns, there.latitude))
    (first, _), (last, _) = ring[0], ring[-1]
    if abs(last - first) > 180:  # a pole lies within
        pole = 90.0 if near.lat > 0 else -90.0
        ring += [(last, pole), (first, pole)]
    return ring


def _geometries(shapes: Sequence[Shape]) -> list[Geometry]:
    import shapely

    found = []
    for lon, lat, radius_km, area, _ in shapes:
        if area:
            outlines = (shapely.Polygon(_ring(ring)) for ring in area)
            found.append(_joined([shapely.Point(lon, lat), *outlines]))
        elif radius_km:
            found.append(_circle(lon, lat, radius_km))
        else:
            found.append(shapely.Point(lon, lat))
    return found


def _circle(lon: float, lat: float, radius_km: float) -> Geometry:
    """Draw a polygon round a circle on the sphere, so that no part of it is left out."""
    import numpy
    import shapely

    extent = extent_of(lon, lat, radius_km)
    if abs(extent.south) == 90 or abs(extent.north) == 90:
        return shapely.box(*extent)
    bearing = numpy.linspace(0, 2 * numpy.pi, _CORNERS, endpoint=False)
    reach = radius_km / EARTH_KM / numpy.cos(numpy.pi / _CORNERS)
    y = numpy.radians(lat)
    sine = numpy.sin(y) * numpy.cos(reach) + numpy.cos(y) * numpy.sin(reach) * numpy.cos(bearing)
    across = numpy.arctan2(
        numpy.sin(bearing) * numpy.sin(reach) * numpy.cos(y),
        numpy.cos(reach) - numpy.sin(y) * sine,
    )
    lons = lon + numpy.degrees(across)
    return shapely.Polygon(numpy.column_stack([lons, numpy.degrees(numpy.arcsin(sine))]))

"""Places that are computed from one of the gazetteer: its parts, its surroundings, offsets.

"northern X" is a third of the outline of X, by area, on that side; a corner such as
"north-eastern X" is a quarter. "15 km south of X" is a point on the globe. Each answer
says what it was computed from: its id is the parent's, ``#``, and the rule.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geomap.model import Place, Ring

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BEARINGS = {
    **{"north": 0.0, "north-east": 45.0, "east": 90.0, "south-east": 135.0},
    **{"south": 180.0, "south-west": 225.0, "west": 270.0, "north-west": 315.0},
}
CENTRE = "central"
_SIDE = re.compile(
    r"(?P<first>north|south|east|west)(?:ern)?(?:[\s-]?(?P<second>east|west)(?:ern)?)?(?:most)?|"
    r"(?P<centre>central|centre|center|middle|mid|inner)",
    re.IGNORECASE,
)
SHARE, CORNER_SHARE, CENTRE_SHARE = 1 / 3, 1 / 4, 1 / 2
"""Share of the area that a side takes, a corner, and the middle along each of two axes."""
_STEPS = 14
_SMALL_KM = 1.0


def direction_of(words: str) -> str | None:
    """Give the direction that compass words name, as `BEARINGS` does, or ``central``.

    Examples
    --------
    >>> direction_of("north eastern"), direction_of("Southernmost"), direction_of("central")
    ('north-east', 'south', 'central')
    >>> direction_of("lower") is None
    True
    """
    found = _SIDE.fullmatch(words.strip())
    if found is None:
        return None
    if found["centre"]:
        return CENTRE
    named = "-".join(side.lower() for side in (found["first"], found["second"]) if side)
    return named if named in BEARINGS else None


def part_of(place: Place, direction: str) -> Place:
    """Give the part of a place on one side, or its middle: "northern Gaza Strip".

    Parameters
    ----------
    place
        With its outline, as `Gazetteer.place` gives it. Without one it counts
        as a circle of its extent, and so does the answer.
    direction
        A key of `BEARINGS`, or ``central``.
    """
    name = f"{_adjective(direction)} {place.name}"
    if not place.area:
        part = _part_of_circle(place, direction)
    else:
        outline = _widest(_clipped(_shape(place.area), direction))
        lon, lat = _inner_point(outline)
        reach = max(_km(lon, lat, x, y) for x, y in outline.exterior.coords)
        ring = tuple((round(x, 4), round(y, 4)) for x, y in outline.exterior.coords)
        part = replace(place, lon=lon, lat=lat, extent_km=round(reach, 1), area=(ring,))
    kind = {"country": "region", "continent": "region", "settlement": "neighbourhood"}
    return replace(
        part,
        name=name,
        place_id=f"{place.place_id}#{direction}",
        kind=kind.get(place.kind, place.kind),
        population=0,
        parent=place.place_id,
        match="computed",
        candidates=(),
    )


def _adjective(direction: str) -> str:
    return re.sub("(north|south|east|west)$", r"\1ern", direction)


def _part_of_circle(place: Place, direction: str) -> Place:
    if direction == CENTRE:
        return replace(place, extent_km=max(_SMALL_KM, round(0.4 * place.extent_km, 2)))
    lon, lat = destination(place.lon, place.lat, 0.55 * place.extent_km, BEARINGS[direction])
    return replace(
        place, lon=lon, lat=lat, extent_km=max(_SMALL_KM, round(0.6 * place.extent_km, 2))
    )


def _shape(area: tuple[Ring, ...]) -> BaseGeometry:
    import shapely

    return shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in area])


def _clipped(shape: BaseGeometry, direction: str) -> BaseGeometry:
    """Cut a shape so that the share of its area that lies in a direction is left."""
    from shapely import affinity

    west, south, east, north = shape.bounds
    if direction == CENTRE:
        across = _band(shape, CENTRE_SHARE)
        turned = affinity.rotate(across, 90, origin=(0, 0))
        return affinity.rotate(_band(turned, CENTRE_SHARE), -90, origin=(0, 0))
    if "-" in direction:
        # A corner of a wide country is where its two sides meet, not one end of it.
        square = affinity.scale(shape, 1 / (east - west), 1 / (north - south), origin=(west, south))
        turned = affinity.rotate(square, BEARINGS[direction], origin=(0, 0))
        part = affinity.rotate(_top(turned, CORNER_SHARE), -BEARINGS[direction], origin=(0, 0))
        return affinity.scale(part, east - west, north - south, origin=(west, south))
    turned = affinity.rotate(shape, BEARINGS[direction], origin=(0, 0))
    return affinity.rotate(_top(turned, SHARE), -BEARINGS[direction], origin=(0, 0))


def _top(shape: BaseGeometry, share: float) -> BaseGeometry:
    """Give the uppermost part that has a share of the area."""
    import shapely

    west, south, east, north = shape.bounds
    low, high = south, north
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if shapely.clip_by_rect(shape, west, middle, east, north).area > share * shape.area:
            low = middle
        else:
            high = middle
    return shapely.clip_by_rect(shape, west, (low + high) / 2, east, north)


def _band(shape: BaseGeometry, share: float) -> BaseGeometry:
    """Give the middle of a shape between two parallels, with a share of the area."""
    from shapely import affinity

    rest = (1 - share) / 2
    lower = _top(shape, 1 - rest)
    upside_down = affinity.rotate(lower, 180, origin=(0, 0))
    return affinity.rotate(_top(upside_down, share / (1 - rest)), 180, origin=(0, 0))


def _widest(shape: BaseGeometry) -> Any:
    """Give the largest polygon of a shape."""
    import shapely

    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return max(parts, key=lambda part: float(part.area))


def _inner_point(polygon: Any) -> tuple[float, float]:
    """Give the centroid, or if that lies outside, the point farthest from the edge."""
    import shapely

    centre = polygon.centroid
    if not polygon.contains(centre):
        centre = shapely.Point(shapely.maximum_inscribed_circle(polygon).coords[0])
    return round(centre.x, 4), round(centre.y, 4)


def _km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    from geomap.places.measure import distance_km

    return distance_km(lon, lat, other_lon, other_lat)


def destination(lon: float, lat: float, km: float, bearing: float) -> tuple[float, float]:
    """Give the point at a distance and bearing (degrees from north) on the ellipsoid."""
    from geopy.distance import geodesic

    point = geodesic(kilometers=km).destination((lat, lon), bearing)
    return round(point.longitude, 4), round(point.latitude, 4)


def offset_from(place: Place, km: float, bearing: float) -> Place:
    """Give the point so far from a place in a direction: "15 km south of X".

    The radius is a fifth of the distance, and no less than a third of the place
    measured from: people count from its middle or from its edge.
    """
    lon, lat = destination(place.lon, place.lat, km, bearing)
    side = _side(bearing)
    return _computed(
        place,
        f"{km:g} km {side} of {place.name}" if side else f"{km:g} km from {place.name}",
        f"{km:g}km@{bearing:g}",
        (lon, lat),
        max(_SMALL_KM, 0.2 * km, place.extent_km / 3),
    )


def _side(bearing: float) -> str:
    return next((name for name, degrees in BEARINGS.items() if degrees == bearing % 360), "")


def beyond(place: Place, direction: str) -> Place:
    """Give what lies outside a place on one side, at no stated distance: "north of X"."""
    reach = max(5.0, 0.5 * place.extent_km)
    lon, lat = destination(place.lon, place.lat, place.extent_km + reach, BEARINGS[direction])
    return _computed(
        place, f"{direction} of {place.name}", f"beyond-{direction}", (lon, lat), reach
    )


def outskirts(place: Place, direction: str = "") -> Place:
    """Give the edge of a place: all round it, or on one side."""
    name = f"outskirts of {place.name}"
    if direction not in BEARINGS:
        reach = max(_SMALL_KM, 1.5 * place.extent_km)
        return _computed(place, name, "outskirts", (place.lon, place.lat), reach)
    point = destination(place.lon, place.lat, place.extent_km, BEARINGS[direction])
    reach = max(_SMALL_KM, 0.7 * place.extent_km)
    return _computed(
        place, f"{_adjective(direction)} {name}", f"outskirts-{direction}", point, reach
    )


def between(place: Place, other: Place) -> Place:
    """Give the middle of the way from one place to another, with half the way as radius."""
    from geopy.distance import geodesic

    way = geodesic((place.lat, place.lon), (other.lat, other.lon)).km
    shares = place.country if place.country == other.country else ""
    if way == 0:
        point = (place.lon, place.lat)
    else:
        point = destination(
            place.lon, place.lat, way / 2, _bearing(place.lon, place.lat, other.lon, other.lat)
        )
    middle = _computed(
        place,
        f"between {place.name} and {other.name}",
        f"between:{other.place_id}",
        point,
        max(_SMALL_KM, way / 2),
    )
    return replace(middle, country=shares)


def _bearing(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

    return float(Geodesic.WGS84.Inverse(lat, lon, other_lat, other_lon)["azi1"])


def _computed(
    place: Place, name: str, rule: str, point: tuple[float, float], extent_km: float
) -> Place:
    return Place(
        f"{place.place_id}#{rule}",
        name,
        *point,
        "region",
        place.country,
        place.admin1,
        0,
        round(extent_km, 2),
        place.source,
        place.place_id,
        (),
        "computed",
        place.score,
    )

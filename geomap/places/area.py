"""Parts of a place, computed from its outline: "northern X", "central X".

"northern X" is a third of the outline of X, by area, on that side. A corner such as
"north-eastern X" is a quarter: the eastern half of the northern half, since a country
that leans has its north-west in the west of its north and not along one side. Each
answer says what it was computed from: its id is the parent's, ``#``, and the rule.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geomap.model import Place, Ring
from geomap.places.measure import destination, distance_km

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
SHARE, HALF = 1 / 3, 1 / 2
"""Share of the area that a side takes; a corner and the middle are halves of halves."""
ISLE = 0.05
"""Islands of a part that are kept, by the share of the largest."""
_STEPS = 14
SMALL_KM = 1.0


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
    name = f"{adjective(direction)} {place.name}"
    if not place.area:
        part = _part_of_circle(place, direction)
    else:
        part = outlined(place, clipped(shape_of(place.area), direction))
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


def adjective(direction: str) -> str:
    """Give the adjective of a direction: "north-eastern"."""
    return re.sub("(north|south|east|west)$", r"\1ern", direction)


def outlined(place: Place, shape: BaseGeometry) -> Place:
    """Give a place another outline, with a point inside and the reach of its corners."""
    largest, *isles = polygons(shape)
    lon, lat = _inner_point(largest)
    kept = [largest, *(isle for isle in isles if isle.area >= ISLE * largest.area)]
    rings = tuple(
        tuple((round(x, 4), round(y, 4)) for x, y in polygon.exterior.coords) for polygon in kept
    )
    reach = max(distance_km(lon, lat, x, y) for ring in rings for x, y in ring)
    return replace(place, lon=lon, lat=lat, extent_km=round(reach, 1), area=rings)


def _part_of_circle(place: Place, direction: str) -> Place:
    if direction == CENTRE:
        return replace(place, extent_km=max(SMALL_KM, round(0.4 * place.extent_km, 2)))
    lon, lat = destination(place.lon, place.lat, 0.55 * place.extent_km, BEARINGS[direction])
    return replace(
        place, lon=lon, lat=lat, extent_km=max(SMALL_KM, round(0.6 * place.extent_km, 2))
    )


def shape_of(area: tuple[Ring, ...]) -> BaseGeometry:
    """Give the outline of a place as a valid shape."""
    import shapely

    return shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in area])


def clipped(shape: BaseGeometry, direction: str) -> BaseGeometry:
    """Cut a shape so that the share of its area that lies in a direction is left."""
    if direction == CENTRE:
        return _turned(_band(_turned(_band(shape), 90)), -90)
    first, _, second = direction.partition("-")
    if second:
        return _facing(_facing(shape, first, HALF), second, HALF)
    return _facing(shape, direction, SHARE)


def _facing(shape: BaseGeometry, direction: str, share: float) -> BaseGeometry:
    bearing = BEARINGS[direction]
    return _turned(_top(_turned(shape, bearing), share), -bearing)


def _turned(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    from shapely import affinity

    return affinity.rotate(shape, degrees, origin=(0, 0))


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


def _band(shape: BaseGeometry) -> BaseGeometry:
    """Give the middle half of a shape, between two parallels."""
    rest = (1 - HALF) / 2
    upside_down = _turned(_top(shape, 1 - rest), 180)
    return _turned(_top(upside_down, HALF / (1 - rest)), 180)


def polygons(shape: BaseGeometry) -> list[Any]:
    """Give the polygons of a shape, the largest first."""
    import shapely

    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return sorted(parts, key=lambda part: (-float(part.area), part.bounds))


def _inner_point(polygon: Any) -> tuple[float, float]:
    """Give the centroid, or if that lies outside, the point farthest from the edge."""
    import shapely

    centre = polygon.centroid
    if not polygon.contains(centre):
        centre = shapely.Point(shapely.maximum_inscribed_circle(polygon).coords[0])
    return round(centre.x, 4), round(centre.y, 4)

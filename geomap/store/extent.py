"""How far an incident reaches on the ground, and how that lies to a box.

An incident is somewhere in its extent: the outline of its area, or the circle
of ``uncertainty_km`` round its point. All distances here are on the sphere, half
a per cent off the ellipsoid at most, which is finer than any uncertainty.
"""

from __future__ import annotations

from itertools import pairwise
from math import asin, atan2, cos, degrees, hypot, radians, sin
from typing import Literal, NamedTuple

from geomap.model import Incident, Ring
from geomap.store.bbox import Bbox, Span

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


Certainty = Literal["certain", "possible"]
"""How an incident lies to a box: with its whole extent inside, or with part of it."""


class Extent(NamedTuple):
    """Bounds of what an incident may cover; ``east > 180`` runs on across the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @property
    def spans(self) -> tuple[Span, ...]:
        """Longitudes within -180..180; one that touches the antimeridian is on both sides."""
        if self.east - self.west >= 360:
            return ((-180.0, 180.0),)
        if self.east >= 180:
            return (self.west, 180.0), (-180.0, self.east - 360)
        if self.west == -180:
            return (-180.0, self.east), (180.0, 180.0)
        return ((self.west, self.east),)

    def meets(self, box: Bbox) -> bool:
        """Say whether the bounds have a point in the box."""
        if self.south > box.north or self.north < box.south:
            return False
        return any(w <= e2 and e >= w2 for w, e in self.spans for w2, e2 in box.spans)

    def lies_in(self, box: Bbox) -> bool:
        """Say whether nothing of the extent is outside the box."""
        if self.south < box.south or self.north > box.north:
            return False
        west, east = box.west, box.east + 360 if box.crosses else box.east
        turns = ((west, east), (west - 360, box.east if box.crosses else east - 360))
        again = (west + 360, east + 360)
        return east - west >= 360 or any(
            w <= self.west and self.east <= e for w, e in (*turns, again)
        )


def extent_of(
    lon: float, lat: float, radius_km: float | None = None, area: tuple[Ring, ...] = ()
) -> Extent:
    """Bound the area and the point if an outline is known, else the circle round the point."""
    return _of_area(lon, lat, area) if area else _of_circle(lon, lat, radius_km or 0.0)


def is_known(incident: Incident) -> bool:
    """Say whether the extent is known, so that an incident can lie surely inside a box.

    A region without outline and without ``uncertainty_km`` may reach anywhere.
    """
    if incident.area or incident.uncertainty_km is not None:
        return True
    return incident.geo_precision in (None, 1)


def touches(
    box: Bbox,
    lon: float,
    lat: float,
    radius_km: float | None = None,
    area: tuple[Ring, ...] = (),
) -> bool:
    """Say whether the point, the area or the circle has anything in the box."""
    if box.covers(lon, lat):
        return True
    if area:
        corners = ((w, box.south, e, box.north) for w, e in box.spans)
        return any(_ring_touches(ring, *c) for c in corners for ring in area)
    return bool(radius_km) and distance_to_box_km(box, lon, lat) <= (radius_km or 0.0)


def certainty(box: Bbox, incident: Incident) -> Certainty | None:
    """Say how an incident lies to a box: "certain", "possible", or None for outside.

    An incident that is not mapped lies in no box.
    """
    lon, lat = incident.lon, incident.lat
    if lon is None or lat is None:
        return None
    return lies(box, lon, lat, incident.uncertainty_km, incident.area, is_known(incident))


def lies(
    box: Bbox,
    lon: float,
    lat: float,
    radius_km: float | None,
    area: tuple[Ring, ...],
    known: bool,
) -> Certainty | None:
    """Say the same of a point with its circle or area."""
    extent = extent_of(lon, lat, radius_km, area)
    if known and extent.lies_in(box):
        return "certain"
    # The bounds first: they are exact where the shape is a rounding error away.
    touched = extent.meets(box) and touches(box, lon, lat, radius_km, area)
    return "possible" if touched else None


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Measure along the great circle (haversine)."""
    up, across = radians(other_lat - lat), radians(other_lon - lon)
    chord = hypot(
        sin(up / 2), sin(across / 2) * (cos(radians(lat)) * cos(radians(other_lat))) ** 0.5
    )
    return 2 * EARTH_KM * asin(min(chord, 1.0))


def distance_to_box_km(box: Bbox, lon: float, lat: float) -> float:
    """Measure from a point to the nearest point of a box; 0 inside."""
    if box.covers(lon, lat):
        return 0.0
    if any(west <= lon <= east for west, east in box.spans):
        return min(distance_km(lon, lat, lon, edge) for edge in (box.south, box.north))
    # Beside the box the nearest point is on its west or east edge: at an end, or
    # at the foot of the perpendicular from the point to that meridian.
    nearest = []
    for edge in (box.west, box.east):
        foot = degrees(atan2(sin(radians(lat)), cos(radians(lat)) * cos(radians(edge - lon))))
        between = min(max(foot, box.south), box.north)
        nearest += [distance_km(lon, lat, edge, at) for at in (box.south, between, box.north)]
    return min(nearest)


def _of_circle(lon: float, lat: float, radius_km: float) -> Extent:
    reach = degrees(radius_km / EARTH_KM)
    south, north = lat - reach, lat + reach
    if reach and (south <= -90 or north >= 90):  # a pole lies within
        return Extent(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    half = degrees(asin(sin(radians(reach)) / cos(radians(lat)))) if reach else 0.0
    west, east = lon - half, lon + half
    return (
        Extent(west + 360, south, east + 360, north)
        if west < -180
        else Extent(west, south, east, north)
    )


def _of_area(lon: float, lat: float, area: tuple[Ring, ...]) -> Extent:
    """Bound the rings by the shortest stretch of longitudes that holds them all.

    Rings are cut at the antimeridian (RFC 7946), so a country on both sides of it
    would otherwise reach round the whole globe.
    """
    lats = [lat, *(y for ring in area for _, y in ring)]
    rings = ((min(x for x, _ in ring), max(x for x, _ in ring)) for ring in area if ring)
    spans = sorted(((lon, lon), *rings))
    west, east = _shortest(spans)
    return Extent(west, min(lats), east, max(lats))


def _shortest(spans: list[Span]) -> Span:
    first, reached = spans[0]
    widest, west, east = 0.0, first, max(e for _, e in spans)
    gap_over_antimeridian = first + 360 - east
    for start, end in spans[1:]:
        if start - reached > max(widest, gap_over_antimeridian):
            widest, west, east = start - reached, start, reached + 360
        reached = max(reached, end)
    return west, east


def _ring_touches(ring: Ring, west: float, south: float, east: float, north: float) -> bool:
    edges = list(pairwise(ring))
    if any(_edge_enters(*a, *b, west, south, east, north) for a, b in edges):
        return True
    return _ring_holds(ring, west, south)


def _edge_enters(
    x: float,
    y: float,
    x2: float,
    y2: float,
    west: float,
    south: float,
    east: float,
    north: float,
) -> bool:
    """Clip an edge to a box (Liang and Barsky) and see whether anything is left."""
    enter, leave = 0.0, 1.0
    across, up = x2 - x, y2 - y
    for step, room in ((-across, x - west), (across, east - x), (-up, y - south), (up, north - y)):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            enter = max(enter, room / step)
        else:
            leave = min(leave, room / step)
    return enter <= leave


def _ring_holds(ring: Ring, lon: float, lat: float) -> bool:
    """Count the edges to the east of a point: odd is inside."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside

"""Whether one place lies in another, by what the two places themselves say."""

from __future__ import annotations

from itertools import pairwise

from geomap.model import Place, Ring
from geomap.places.measure import distance_km


def encloses(outer: Place, inner: Place) -> bool:
    """Tell whether `outer` is a larger place that holds `inner`.

    A country holds what bears its code, a province what names it, an area with
    an outline the points inside, any other what lies within its extent.
    """
    if outer.place_id == inner.place_id or inner.place_id.startswith(f"{outer.place_id}#"):
        return outer.place_id != inner.place_id
    if outer.kind == "country":
        return inner.kind != "country" and inner.country == outer.country != ""
    if outer.extent_km <= inner.extent_km:
        return False
    if inner.parent == outer.place_id:
        return True
    if outer.kind == "province" and inner.admin1 == outer.name and inner.country == outer.country:
        return True
    if outer.area:
        return any(_inside(ring, inner.lon, inner.lat) for ring in outer.area)
    return distance_km(outer.lon, outer.lat, inner.lon, inner.lat) <= outer.extent_km


def _inside(ring: Ring, lon: float, lat: float) -> bool:
    """Count the crossings of a ray to the east: odd inside."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside

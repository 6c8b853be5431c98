"""Distances and bearings on the globe, without loading anything."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Give the great-circle distance between two points.

    Examples
    --------
    >>> round(distance_km(34.47, 31.5, 35.2, 31.77))
    75
    """
    p, q = radians(lat), radians(other_lat)
    h = sin((q - p) / 2) ** 2 + cos(p) * cos(q) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))

"""Distances and bearings on the globe, without loading anything."""

from __future__ import annotations

from math import asin, atan2, cos, degrees, radians, sin, sqrt

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


def bearing_to(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Give the bearing, in degrees from north, in which one sets out for another point.

    Examples
    --------
    >>> bearing_to(34, 31, 34, 30), round(bearing_to(34, 31, 35, 31))
    (180.0, 90)
    """
    p, q, east = radians(lat), radians(other_lat), radians(other_lon - lon)
    return degrees(atan2(sin(east) * cos(q), cos(p) * sin(q) - sin(p) * cos(q) * cos(east))) % 360


def destination(lon: float, lat: float, km: float, bearing: float) -> tuple[float, float]:
    """Give the point at a distance and bearing (degrees from north) on the ellipsoid."""
    from geopy.distance import geodesic

    point = geodesic(kilometers=km).destination((lat, lon), bearing)
    return round(point.longitude, 4), round(point.latitude, 4)

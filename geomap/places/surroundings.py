"""Places that are computed from what lies round others: offsets, outskirts, roads, fronts.

Each answer says what it was computed from: its id is the id of the place it is named
after, ``#``, and the rule.
"""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians

from geomap.model import Place, Ring
from geomap.places.area import BEARINGS, SMALL_KM, adjective, outlined, part_of, shape_of
from geomap.places.measure import bearing_to, destination

NEAREST_KM, STRIP_KM = 5.0, 40.0
"""How far "north of X" reaches from the edge of X, at least and at most beside an outline."""
LINES = ("river", "wadi", "border", "canal", "corridor", "coast", "strait")
"""Kinds that are long and narrow."""
COUNTRYSIDE_KM = 10.0
LONGEST_KM = 1500.0
"""A way that is longer has no outline: it would follow the earth's curve."""
WIDE = 1 / 8
"""Half the width of what lies between two places, by the length of the way."""
FRONT_KM = 25.0
"""How far round a town a staff's bulletin counts fighting to the direction named after it."""


def offset_from(place: Place, km: float, bearing: float) -> Place:
    """Give the point so far from a place in a direction: "15 km south of X".

    The radius is a fifth of the distance, and no less than a third of the place
    measured from: people count from its middle or from its edge.
    """
    lon, lat = destination(place.lon, place.lat, km, bearing)
    return computed(
        place,
        f"{km:g} km {_side(bearing)} of {place.name}",
        f"{km:g}km@{bearing:g}",
        (lon, lat),
        max(SMALL_KM, 0.2 * km, place.extent_km / 3),
    )


def _side(bearing: float) -> str:
    return next((name for name, degrees in BEARINGS.items() if degrees == bearing % 360), "")


def beyond(place: Place, direction: str) -> Place:
    """Give what lies outside a place on one side, at no stated distance: "north of X".

    Beside an outline, a river's too, that is a strip; otherwise a circle that
    touches the place.
    """
    from shapely import affinity

    name, rule = f"{direction} of {place.name}", f"beyond-{direction}"
    reach = max(NEAREST_KM, 0.5 * place.extent_km)
    if place.kind in LINES and not place.area:
        point = destination(place.lon, place.lat, STRIP_KM / 2, BEARINGS[direction])
        return computed(place, name, rule, point, place.extent_km)
    if not place.area:
        lon, lat = destination(place.lon, place.lat, place.extent_km + reach, BEARINGS[direction])
        return computed(place, name, rule, (lon, lat), reach)
    reach = min(reach, STRIP_KM)
    lon, lat = destination(place.lon, place.lat, reach, BEARINGS[direction])
    whole = shape_of(place.area)
    moved = affinity.translate(whole, lon - place.lon, lat - place.lat)
    strip = outlined(place, moved.difference(whole))
    there = computed(place, name, rule, (strip.lon, strip.lat), strip.extent_km)
    return replace(there, area=strip.area)


def outskirts(place: Place, direction: str = "") -> Place:
    """Give the edge of a place: all round it, or on one side."""
    name = f"outskirts of {place.name}"
    if direction not in BEARINGS:
        reach = max(SMALL_KM, 1.5 * place.extent_km)
        return computed(place, name, "outskirts", (place.lon, place.lat), reach)
    point = destination(place.lon, place.lat, place.extent_km, BEARINGS[direction])
    reach = max(SMALL_KM, 0.7 * place.extent_km)
    return computed(place, f"{adjective(direction)} {name}", f"outskirts-{direction}", point, reach)


def vicinity(place: Place, km: float = 0.0) -> Place:
    """Give a place with what lies round it: "the vicinity of X", "20 km from X"."""
    if km:
        name, rule = f"{km:g} km from {place.name}", f"{km:g}km"
        return computed(place, name, rule, (place.lon, place.lat), place.extent_km + km)
    reach = max(NEAREST_KM, 2 * place.extent_km)
    name = f"vicinity of {place.name}"
    return computed(place, name, "vicinity", (place.lon, place.lat), reach)


def axis(place: Place, word: str) -> Place:
    """Give the stretch of a front that is named after a place: "the X direction"."""
    reach = max(FRONT_KM, place.extent_km)
    there = computed(place, f"{place.name} {word}", "axis", (place.lon, place.lat), reach)
    return replace(there, area=place.area)


def countryside(place: Place, direction: str, unit: Place | None) -> Place:
    """Give the land round a town that is called after it: "western X countryside".

    Parameters
    ----------
    unit
        The province or district named after the town, whose part on that side is
        meant; without one, what lies round the town.
    """
    name = f"{adjective(direction)} {place.name} countryside".strip()
    whole = unit or place
    if whole.area:
        land = part_of(whole, direction) if direction else whole
        rule = f"countryside{direction and '-' + direction}"
        there = computed(whole, name, rule, (land.lon, land.lat), land.extent_km)
        return replace(there, area=land.area, parent=place.place_id)
    round_it = beyond(place, direction) if direction in BEARINGS else vicinity(place)
    return replace(round_it, name=name, extent_km=max(COUNTRYSIDE_KM, round_it.extent_km))


def between(place: Place, other: Place, name: str = "") -> Place:
    """Give what lies between two places, or the road from one to the other.

    It lies half way and reaches to both. Its outline is a strip of a quarter of the
    way's length across: roads wind.
    """
    from geopy.distance import geodesic

    way = geodesic((place.lat, place.lon), (other.lat, other.lon)).km
    bearing = bearing_to(place.lon, place.lat, other.lon, other.lat) if way else 0.0
    point = destination(place.lon, place.lat, way / 2, bearing)
    there = computed(
        place,
        name or f"between {place.name} and {other.name}",
        f"between:{other.place_id}",
        point,
        max(SMALL_KM, way / 2),
    )
    country = place.country if place.country == other.country else ""
    ring = _strip(place, other, way) if SMALL_KM < way < LONGEST_KM else ()
    return replace(there, country=country, area=(ring,) if ring else ())


def _strip(place: Place, other: Place, way: float) -> Ring:
    """Give a ring of six corners: an end, both sides of the way, the other end and back.

    Degrees count as a plane's: a way is short, and the strip only says how roads wind.
    """
    east, north = other.lon - place.lon, other.lat - place.lat
    squeeze = cos(radians((place.lat + other.lat) / 2))
    share = max(SMALL_KM / way, WIDE)
    across, along = -share * north / squeeze, share * east * squeeze
    sides = [
        (
            round(place.lon + far * east + turn * across, 4),
            round(place.lat + far * north + turn * along, 4),
        )
        for turn, far in ((1, 0.15), (1, 0.85), (-1, 0.85), (-1, 0.15))
    ]
    here, there = (place.lon, place.lat), (other.lon, other.lat)
    return (here, *sides[:2], there, *sides[2:], here) if abs(east) < 180 else ()


def computed(
    place: Place, name: str, rule: str, point: tuple[float, float], extent_km: float
) -> Place:
    """Give a region that is named after a place and lies elsewhere."""
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

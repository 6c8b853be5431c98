"""From a name to a place, as one would ask it: "Jabalia", "Tubas, West Bank", "northern Gaza"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from geomap.errors import InputError
from geomap.model import Place
from geomap.places import area
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.measure import distance_km

RIVALS = 10
"""Candidates kept with an answer."""
_SIDE = r"(?:north|south|east|west)(?:[\s-]?(?:east|west))?"
_SIDES = (
    r"(?:(?:north|south|east|west)(?:ern)?(?:[\s-]?(?:east|west)(?:ern)?)?(?:most)?"
    r"|central|inner|mid)"
)
_KM = {"km": 1.0, "kilomet": 1.0, "mile": 1.609344, "mi": 1.609344}
_OFFSET = re.compile(
    r"(?:about |around |some |~)?(?P<far>\d+(?:[.,]\d+)?)\s*-?"
    r"(?P<unit>km|kilomet(?:er|re)s?|miles?|mi)\b(?: to the| due)? "
    rf"(?P<side>{_SIDE}) of (?P<name>.+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"between (?P<name>.+?) and (?P<other>.+)", re.IGNORECASE)
_OUTSKIRTS = re.compile(
    rf"(?:the )?(?:(?P<side>{_SIDES}) )?(?:outskirts|edges?|approaches) (?:of|to) (?P<name>.+)",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"(?:(?:the )?(?P<a>{_SIDES}) (?:parts?|areas?|regions?|sector) of"
    rf"|the (?P<b>{_SIDE}|cent(?:re|er)) of|(?:the )?(?P<c>{_SIDES})) (?P<name>.+)",
    re.IGNORECASE,
)
_BEYOND = re.compile(rf"(?:just |due )?(?P<side>{_SIDE}) of (?P<name>.+)", re.IGNORECASE)

Find = Callable[[str], list[Place]]


def geocode(
    name: str,
    country: str | None = None,
    near: tuple[float, float] | None = None,
    *,
    gazetteer: Gazetteer | None = None,
) -> Place | None:
    """Give the place that a name means, or None.

    Besides names it reads containers ("Tubas, West Bank"), parts ("southern
    Lebanon"), offsets ("15 km south of Kherson"), "between A and B" and "the
    outskirts of X".

    Parameters
    ----------
    name
        In any spelling and script.
    country
        ISO 3166-1 alpha-2 code or a country's name: only places there count,
        and names that merely sound alike count too.
    near
        lon, lat: farther places weigh less.

    Returns
    -------
    Place or None
        With its outline, if one is known, and in ``candidates`` the other
        places that the name may mean. None if nobody knows such a name.

    Raises
    ------
    InputError
        If `country` is no country, or `near` is not on the globe.
    """
    known = gazetteer or default_gazetteer()
    codes = (_country_code(country, known),) if country else ()
    if near is not None and not (-180 <= near[0] <= 180 and -90 <= near[1] <= 90):
        raise InputError(f"near={near} is not on the globe", todo="Give lon, lat in degrees.")

    def find(wanted: str) -> list[Place]:
        places = known.lookup(wanted, countries=codes, near=near)
        return [p for p in places if not codes or codes[0] in _codes(p, known)]

    return _answer(" ".join(name.split()).strip(" ,."), find, known)


def _codes(place: Place, known: Gazetteer) -> list[str]:
    index = known.index_of(place.place_id)
    return [] if index is None else known.countries_of(index)


def _country_code(country: str, known: Gazetteer) -> str:
    code = country.strip().upper()
    if code in known.country_numbers:
        return code
    for place in known.lookup(country):
        if place.kind == "country":
            return place.country
    raise InputError(f"no country {country!r}", todo="Give an ISO 3166-1 code such as PS.")


def _answer(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Try a name as it stands, then what it may be made of, then the weaker matches."""
    if not name:
        return None
    places = find(name)
    if places and places[0].match in ("exact", "folded"):
        return _with_rivals(places, known)
    made = _contained(name, find, known) or _computed(name, find, known)
    return made or (_with_rivals(places, known) if places else None)


def _with_rivals(places: list[Place], known: Gazetteer) -> Place:
    best = places[0]
    index = known.index_of(best.place_id)
    outline = known.area(index) if index is not None else ()
    return replace(best, area=outline, candidates=tuple(places[1 : RIVALS + 1]))


def _contained(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read "X, Y": the X that lies in a Y."""
    inner, comma, outer = name.partition(",")
    containers = find(outer.strip()) if comma else []
    if comma and not containers and "," in outer:
        container = _answer(outer.strip(), find, known)
        containers = [container] if container else []
    for container in containers:
        codes = _codes(container, known)
        places = known.lookup(inner.strip(), countries=codes)
        held = [place for place in places if holds(container, place, known)]
        if held:
            return _with_rivals([*held, *(p for p in places if p not in held)], known)
    return None


def holds(container: Place, place: Place, known: Gazetteer) -> bool:
    """Tell whether one place lies in another: by country, province, outline or extent."""
    if container.place_id == place.place_id:
        return False
    outer, inner = known.index_of(container.place_id), known.index_of(place.place_id)
    if outer is None or inner is None:
        return False
    if container.kind == "country":
        return container.country in known.countries_of(inner)
    if known.admin1[inner] == outer or known.parent[inner] == outer:
        return True
    if known.outlines.arrays(outer):
        return known.contains(outer, place.lon, place.lat)
    return distance_km(container.lon, container.lat, place.lon, place.lat) <= container.extent_km


def _computed(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read offsets, outskirts, parts, surroundings and stretches between two places."""

    def place(wanted: str) -> Place | None:
        return _answer(wanted, find, known)

    if m := _OFFSET.fullmatch(name):
        base, side = place(m["name"]), area.direction_of(m["side"])
        unit = next(k for stem, k in _KM.items() if m["unit"].lower().startswith(stem))
        km = float(m["far"].replace(",", ".")) * unit
        return area.offset_from(base, round(km, 1), area.BEARINGS[side]) if base and side else None
    if m := _BETWEEN.fullmatch(name):
        base, other = place(m["name"]), place(m["other"])
        return area.between(base, other) if base and other else None
    if m := _OUTSKIRTS.fullmatch(name):
        base = place(m["name"])
        return area.outskirts(base, area.direction_of(m["side"] or "") or "") if base else None
    if m := _BEYOND.fullmatch(name):
        base, side = place(m["name"]), area.direction_of(m["side"])
        return area.beyond(base, side) if base and side else None
    if m := _PART.fullmatch(name):
        base, side = place(m["name"]), area.direction_of(m["a"] or m["b"] or m["c"])
        return area.part_of(base, side) if base and side else None
    return None

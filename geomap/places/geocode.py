"""From a name to a place, as one would ask it: "Jabalia", "Tubas, West Bank", "northern Gaza"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from geomap.errors import InputError
from geomap.model import Place
from geomap.places import area
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.measure import distance_km
from geomap.places.modifier import find_modifier

RIVALS = 10
"""Candidates kept with an answer."""
LONGEST_SHORT = 6
"""Letters of an abbreviation of a state or country."""
_BETWEEN = re.compile(r"between (?P<name>.+?) and (?P<other>.+)", re.IGNORECASE)
_WORD = re.compile(r"(?<=[\s-])(?=\S)")
_ADJECTIVE = re.compile(r"(?:the )?(?:north|south|east|west)\w*ern ", re.IGNORECASE)
_NAMED_AFTER_A_TOWN = ("province", "region", "district")

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
        ISO 3166-1 alpha-2 code or a country's name: only places there count, and
        seas, shoals and regions of no one country; names that merely sound alike
        count too.
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

    Examples
    --------
    >>> place = geocode("Tubas, West Bank")
    >>> place.name, place.country, place.kind
    ('Tubas', 'PS', 'settlement')
    >>> geocode("Xyzzyville") is None
    True
    """
    known = gazetteer or default_gazetteer()
    codes = (_country_code(country, known),) if country else ()
    if near is not None and not (-180 <= near[0] <= 180 and -90 <= near[1] <= 90):
        raise InputError(f"near={near} is not on the globe", todo="Give lon, lat in degrees.")

    def find(wanted: str) -> list[Place]:
        places = known.lookup(wanted, countries=codes, near=near)
        meant = {p.place_id: p for p in (*_short_for(wanted, known), *places)}
        return [p for p in meant.values() if not codes or _may_be_in(codes[0], p, known)]

    return _answer(" ".join(name.split()).strip(" ,"), find, known)


def _may_be_in(code: str, place: Place, known: Gazetteer) -> bool:
    """Tell whether a place is in a country, or is a sea or shoal that is in none."""
    codes = _codes(place, known)
    return not codes or code in codes


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
    """Try a name as it stands, then what it may be made of, then the weaker matches.

    "southern Red Sea" with a small letter is the south of the Red Sea, although
    a province is called Southern Red Sea.
    """
    places = find(name) if name else []
    if places and places[0].match in ("exact", "folded"):
        moved = _moved(name, find, known) if _is_description(name, places[0], known) else None
        return moved or _with_rivals(places, known)
    made = _contained(name, find, known) or _moved(name, find, known) or _between(name, find, known)
    if made is None and not places and name.endswith("."):
        return _answer(name[:-1], find, known)
    return made or (_with_rivals(places, known) if places else None)


def _is_description(name: str, place: Place, known: Gazetteer) -> bool:
    index = known.index_of(place.place_id)
    listed = index is not None and (known.curated[index] or place.kind == "country")
    first = name.removeprefix("the ").split(" ")[0]
    return first.islower() and area.direction_of(first) is not None and not listed


def _with_rivals(places: list[Place], known: Gazetteer) -> Place:
    best = places[0]
    index = known.index_of(best.place_id)
    outline = known.area(index) if index is not None else ()
    return replace(best, area=outline, candidates=tuple(places[1 : RIVALS + 1]))


def _contained(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read "X, Y": the X that lies in a Y."""
    inner, comma, outer = (part.strip() for part in name.partition(","))
    if not (inner and comma and outer):
        return None
    containers = [*_short_for(outer, known, after_comma=True), *find(outer)]
    containers = containers or [c for c in [_answer(outer, find, known)] if c]
    for container in containers:
        places = known.lookup(inner, countries=_codes(container, known))
        held = [p for p in places if p.place_id == container.place_id or holds(container, p, known)]
        if held:
            return _with_rivals([*held, *(p for p in places if p not in held)], known)
    return None


def _short_for(name: str, known: Gazetteer, after_comma: bool = False) -> list[Place]:
    """Give the state or country that a short form stands for, as in "Paris, TX" or "Va."."""
    if len(name) > LONGEST_SHORT or not (name.isupper() or name.endswith(".")):
        return []
    short = default_lexicon().abbreviations.get(name)
    if short is None or (short.after_comma and not after_comma and not name.endswith(".")):
        return []
    places = known.lookup(short.name, countries=[short.country])
    return [p for p in places if p.kind == short.kind and p.country == short.country][:1]


def holds(container: Place, place: Place, known: Gazetteer) -> bool:
    """Tell whether one place lies in another: by country, province, outline or extent."""
    outer, inner = known.index_of(container.place_id), known.index_of(place.place_id)
    if outer is None or inner is None or outer == inner:
        return False
    if container.kind == "country":
        return container.country in known.countries_of(inner)
    if outer in (known.admin1[inner], known.parent[inner]):
        return True
    if known.outlines.arrays(outer):
        return known.contains(outer, place.lon, place.lat)
    return distance_km(container.lon, container.lat, place.lon, place.lat) <= container.extent_km


def _moved(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read "northern X", "the outskirts of X", "15 km south of X"."""
    for word in reversed(list(_WORD.finditer(name))):
        modifier = find_modifier(name, word.start())
        if modifier is not None and modifier.length == word.start():
            base = _answer(name[word.start() :], find, known)
            if base is not None:
                if modifier.rule == "part" and _ADJECTIVE.match(name):
                    base = _unit_named_after(base, known)
                return modifier.apply(base)
    return None


def _unit_named_after(town: Place, known: Gazetteer) -> Place:
    """Give the province that bears a town's name: "northern Kharkiv" is a part of the oblast."""
    if town.kind != "settlement":
        return town
    for other in town.candidates:
        if other.kind in _NAMED_AFTER_A_TOWN and other.country == town.country:
            index = known.index_of(other.place_id)
            if index is not None and known.outlines.arrays(index):
                return replace(known.place(index), score=town.score)
    return town


def _between(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read "between A and B"."""
    match = _BETWEEN.fullmatch(name)
    if match is None:
        return None
    base, other = _answer(match["name"], find, known), _answer(match["other"], find, known)
    return area.between(base, other) if base and other else None

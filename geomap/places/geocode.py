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
from geomap.places.modifier import Modifier, find_modifier, unit_named_after
from geomap.places.pair import border, way
from geomap.places.surroundings import between

RIVALS = 10
"""Candidates kept with an answer."""
LONGEST_SHORT = 6
"""Letters of an abbreviation of a state or country."""
_JOINT = re.compile(r" and (?:the )?|[-–—]| to |(?P<border>['’]?s? border with (?:the )?)")
_ROAD = r"(?P<way>road|highway|motorway|railway|route|corridor|axis)"
_PAIRS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:the )?(?P<way>border) (?:between|of) (?:the )?(?P<name>.+)\0(?P<other>.+)",
        r"(?:the )?(?P<name>.+)\0(?P<other>.+) (?P<way>border)",
        rf"(?:the )?{_ROAD} (?:from|between) (?P<name>.+)\0(?P<other>.+)",
        rf"(?:the )?(?P<name>.+)\0(?P<other>.+) {_ROAD}",
        r"between (?:the )?(?P<name>.+)\0(?P<other>.+)",
    )
]
"""Two names in one phrase; the null character stands for what joins them."""
_ALONG = re.compile(r"along (?:the )?", re.IGNORECASE)
_SETTING = "at sea, on "
"""What a phrase that stands alone is read after: it is meant as a place."""
_END = re.compile(r"(?=['’]s? |['’]? )")
_WORD = re.compile(r"(?<=[\s-])(?=\S)")
_ADJECTIVE = re.compile(r"(?:the )?(?:north|south|east|west)\w*ern ", re.IGNORECASE)

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
    Lebanon"), surroundings ("15 km south of Kherson"), "between A and B" and "the
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
    """Read "northern X", "15 km south of X", "the X axis", "off the coast of X"."""
    if line := _ALONG.match(name):
        base = _answer(name[line.end() :], find, known)
        return base and (Modifier(0, "line").apply(base, known) or base)
    text, lead = _SETTING + name, len(_SETTING)
    starts = [0, *(word.start() for word in _WORD.finditer(name))]
    ends = [len(name), *(word.start() for word in _END.finditer(name))]
    for end in ends:
        for start in reversed(starts):
            modifier = find_modifier(text, lead + start, lead + end) if start < end else None
            if modifier is None or modifier.length < start or end + modifier.after != len(name):
                continue
            base = _answer(name[start:end], find, known)
            if base is not None:
                if modifier.rule == "part" and _ADJECTIVE.match(name):
                    base = _unit_named_after(base, known)
                moved = modifier.apply(base, known)
                return replace(moved, score=base.score) if moved else None
    return None


def _unit_named_after(town: Place, known: Gazetteer) -> Place:
    """Give the province that bears a town's name: "northern Kharkiv" is a part of the oblast."""
    unit = unit_named_after(town, known) if town.kind == "settlement" else None
    return replace(unit, score=town.score) if unit else town


def _between(name: str, find: Find, known: Gazetteer) -> Place | None:
    """Read "between A and B", "the A-B road", "the border between A and B"."""
    for pattern in _PAIRS:
        for cut in _JOINT.finditer(name):
            said = " border" if cut["border"] else ""
            halves = f"{name[: cut.start()]}\0{name[cut.end() :]}{said}"
            match = pattern.fullmatch(halves)
            if match is None:
                continue
            base = _answer(match["name"], find, known)
            other = _answer(match["other"], find, known)
            if base and other:
                said = match.groupdict().get("way", "").lower()
                if said == "border":
                    return border(base, other, known)
                return way(base, other, said) if said else between(base, other)
    return None

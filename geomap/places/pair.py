"""Two names that are one place: "between A and B", "the A-B road", "the A-B border".

"talks between A and B" and "flights between A and B" are none: what stands before must
be a stretch of ground, or say that something lies or happened there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from geomap.model import Place, Toponym
from geomap.places import shore, surroundings
from geomap.places.area import direction_of
from geomap.places.gazetteer import Gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.measure import distance_km
from geomap.places.modifier import Modifier
from geomap.places.spelling import fold

_GROUND = (
    r"roads?|highways?|motorways?|routes?|track|railways?|rail(?:way)? line|line|stretch|section"
    r"|corridor|area|axis|front(?:line)?|bridge|checkpoints?|villages?|towns?|hamlets?|settlements?"
    r"|hills?|mountains?|valley|plain|desert|forest|half-?way|midway|somewhere|sea|waters|channel"
    r"|positions|fields|point|way|territory|crossing"
)
_HAPPENED = (
    r"ambush(?:ed)?|attacked|struck|hit|shelled|bombed|crashed|derailed|intercepted|abducted"
    r"|kidnapped|collided|stranded|stuck|located|lies|lying|situated|deployed|advanc(?:ed|ing)"
    r"|blocked|closed|cut|looted|seized|shot|killed|exploded|mined"
)
_BETWEEN = re.compile(
    rf"\b(?:(?P<thing>{_GROUND})|{_HAPPENED}) (?P<words>between (?:the )?)$", re.IGNORECASE
)
_BORDER_OF = re.compile(
    r"(?P<words>(?:the )?(?:border|frontier|boundary) (?:between|of) (?:the )?)$", re.IGNORECASE
)
_FROM = re.compile(
    r"(?P<words>\b(?:the )?(?P<way>road|highway|motorway|railway|route) from (?:the )?)$",
    re.IGNORECASE,
)
_ROAD = re.compile(
    r" (?:(?:main|supply|international|desert|coastal|ring|old|new|toll|rail|strategic) )?"
    r"(?P<way>road|highway|motorway|expressway|railway|rail line|route|axis|corridor|line|pipeline"
    r"|stretch)\b",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r" (?P<way>border|frontier|boundary)\b(?! (?:police|guard|force))", re.IGNORECASE
)
_BORDER_WITH = re.compile(
    r"(?:['’]s?)? (?:(?:north|south|east|west)\w* )?(?:land )?(?:border|frontier) with (?:the )?",
    re.IGNORECASE,
)
_DASH = re.compile(r"[-–—]| ?[–—] ?|-to-")
_PEOPLE = r"[A-Z][a-z]+(?: [A-Z][a-z]+)?"
_PEOPLES_BORDER = re.compile(
    rf"\b(?:the )?(?P<span>(?P<one>{_PEOPLE})[-–](?P<other>{_PEOPLE}) (?:border|frontier))\b"
    r"(?! (?:police|guard|force))"
)
_PEOPLES_COAST = re.compile(
    r"\b(?P<span>[Oo]ff (?:the )?(?P<one>[A-Z][a-z]+)(?:['’]s)?"
    r" (?:(?P<side>(?:north|south|east|west)\w*ern) )?coast)\b"
)
_LOOK_BACK, _LOOK_AHEAD = 60, 60
SURE = 0.9
"""Score of a border or coast that is named after peoples."""
FARTHEST_KM = 800.0
"""Two towns so far apart are not said to have something between them."""
_POINTS = (
    *("settlement", "neighbourhood", "camp", "facility", "base", "island", "crossing", "port"),
    *("district", "airport", "bridge", "dam", "mountain"),
)
_LANDS = ("country", "province", "district", "region")


def join_pairs(text: str, toponyms: list[Toponym], gazetteer: Gazetteer) -> list[Toponym]:
    """Let two names of a text that are one place be one toponym.

    Names whose places are not known, or that cannot have anything between them,
    stay two.
    """
    joined: list[Toponym] = []
    skip = False
    for one, other in pairwise([*toponyms, None]):
        if skip or one is None:
            skip = False
            continue
        pair = _pair(text, one, other, gazetteer) if other is not None else None
        skip = pair is not None
        joined.append(pair or one)
    return joined


def _pair(text: str, one: Toponym, other: Toponym, gazetteer: Gazetteer) -> Toponym | None:
    if one.place is None or other.place is None:
        return None
    gap = text[one.end : other.start]
    before = text[max(0, one.start - _LOOK_BACK) : one.start]
    after = text[other.end : other.end + _LOOK_AHEAD]
    start, end = one.start, other.end
    place = None
    if _BORDER_WITH.fullmatch(gap):
        place = border(one.place, other.place, gazetteer)
    elif gap in (" and ", " and the "):
        if m := _BORDER_OF.search(before):
            place, start = border(one.place, other.place, gazetteer), one.start - len(m["words"])
        elif m := _BETWEEN.search(before):
            place, start = way(one.place, other.place), one.start - len(m["words"])
    elif gap == " to " and (m := _FROM.search(before)):
        place = way(one.place, other.place, m["way"].lower())
        start = one.start - len(m["words"])
    elif _DASH.fullmatch(gap) or gap == " to ":
        if m := _BORDER.match(after):
            place, end = border(one.place, other.place, gazetteer), other.end + m.end()
        elif m := _ROAD.match(after):
            place, end = way(one.place, other.place, m["way"].lower()), other.end + m.end()
    return _toponym(text, start, end, (one, other), place) if place is not None else None


def find_lands_of_peoples(text: str, gazetteer: Gazetteer) -> list[Toponym]:
    """Find "the Thai-Cambodian border" and "off the Libyan coast": peoples, not names.

    Peoples of several countries ("Korean", "Congolese") say nothing.
    """
    found = []
    for m in _PEOPLES_BORDER.finditer(text) if "order" in text or "frontier" in text else ():
        one, other = (_land_of(m[word], gazetteer) for word in ("one", "other"))
        place = border(one, other, gazetteer) if one and other else None
        if place is not None:
            found.append(_toponym(text, *m.span("span"), (), place))
    for m in _PEOPLES_COAST.finditer(text) if " coast" in text else ():
        land = _land_of(m["one"], gazetteer)
        side = direction_of(m["side"] or "") or ""
        place = Modifier(0, "off", side).apply(land, gazetteer) if land else None
        if place is not None:
            found.append(_toponym(text, *m.span("span"), (), place))
    return found


def _land_of(word: str, gazetteer: Gazetteer) -> Place | None:
    """Give the country of a people, or that bears a name."""
    codes = default_lexicon().demonyms.get(fold(word), ())
    if not codes:
        named = gazetteer.named(fold(word))
        top = int(named.places[0]) if named is not None else -1
        codes = (str(gazetteer.country[top]),) if top in gazetteer.country_numbers.values() else ()
    return gazetteer.place(gazetteer.country_numbers[codes[0]]) if len(codes) == 1 else None


def way(one: Place, other: Place, word: str = "") -> Place | None:
    """Give what lies between two places, or the road from one to the other.

    None if they are no points on the ground, or too far apart for that.
    """
    if one.kind not in _POINTS or other.kind not in _POINTS or one.place_id == other.place_id:
        return None
    if distance_km(one.lon, one.lat, other.lon, other.lat) > FARTHEST_KM:
        return None
    name = f"{one.name}-{other.name} {word}" if word else ""
    return surroundings.between(one, other, name)


def border(one: Place, other: Place, gazetteer: Gazetteer) -> Place | None:
    """Give the border of two lands; None if they have none with each other."""
    if one.kind not in _LANDS or other.kind not in _LANDS:
        return None
    return shore.shared_border(one, other, gazetteer)


def _toponym(text: str, start: int, end: int, ends: tuple[Toponym, ...], place: Place) -> Toponym:
    score = round(min((t.score for t in ends), default=SURE), 4)
    place = replace(place, score=score)
    return Toponym(
        start,
        end,
        text[start:end],
        place,
        place.lon,
        place.lat,
        place.country,
        place.kind,
        3 if place.extent_km > 25 else 2,
        place.extent_km,
        score,
    )

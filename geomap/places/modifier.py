"""Words round a name that move it: "northern X", "15 km south of X", "the X axis", "off X"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from geomap.model import Place
from geomap.places import area, shore, surroundings
from geomap.places.gazetteer import Gazetteer
from geomap.places.spelling import fold

_SIDE = r"(?:north|south|east|west)(?:[\s-]?(?:east|west))?"
_SIDES = rf"(?:{_SIDE}ern(?:most)?|(?:north|south|east|west)(?:ern)?[\s-]?(?:east|west)ern)"
_UNITS = {"km": 1.0, "kilomet": 1.0, "nautical": 1.852, "nm": 1.852, "mi": 1.609344, "met": 0.001}
_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_UNIT = r"km|kms|kilomet(?:er|re)s?|nautical[\s-]miles?|nm|miles?|mi|met(?:er|re)s?"
_FAR = rf"(?P<far>{_NUMBER})[\s-]?(?P<unit>{_UNIT})(?: \([^()]{{1,20}}\))?"
_THE = r"(?:the )?"
_EDGE = r"(?:outskirts|edges?|suburbs|approaches)"
_ROUND = r"(?:vicinity|surroundings|environs|surrounding (?:area|areas|villages))"
_LAND = r"(?:countryside|hinterland|rural areas|rural parts)"

_PART = re.compile(
    rf"\b(?:{_THE}(?P<a>{_SIDES}|central|{_SIDE})"
    rf"|{_THE}(?P<b>{_SIDES}|central) (?:parts?|areas?|regions?|sectors?) of {_THE}"
    rf"|(?P<in>in )?{_THE}(?P<c>{_SIDE}|cent(?:er|re)) of {_THE})[\s-]?$",
    re.IGNORECASE,
)
_SURROUNDS = re.compile(
    rf"{_THE}(?:immediate )?(?:(?P<side>{_SIDES}) )?"
    rf"(?:(?P<outskirts>{_EDGE})|(?P<vicinity>{_ROUND})|(?P<countryside>{_LAND}))"
    rf" (?:of|to) {_THE}$",
    re.IGNORECASE,
)
_OFFSET = re.compile(rf"{_FAR}(?: to the| due)? (?P<side>{_SIDE}) of {_THE}$", re.IGNORECASE)
_AWAY = re.compile(rf"{_FAR} (?:outside|away from) {_THE}$", re.IGNORECASE)
_BEYOND = re.compile(rf"(?:just |due )?(?P<side>{_SIDE}) of {_THE}$", re.IGNORECASE)
_ALONG = re.compile(r"\b(?:along|across) the (?:(?:banks?|course|length|shores?) of the )?$", re.I)
_COAST = re.compile(
    rf"(?:{_FAR} )?\boff {_THE}(?:(?P<side>{_SIDES}) )?"
    rf"(?P<coast>(?:coasts?|shores?) of {_THE})?$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(
    r"\b(?:cut\w*|sets?|setting|s[oe]ll\w*|sold|laid|lay\w*|h[oe]ld\w*|call\w*|pa(?:y|id)\w*|shut\w*"
    r"|t[ao]k\w+|took|went|goes|going|kick\w*|seal\w*|b[lr]o\w+|fought|fight\w*|show\w*|drop\w*"
    r"|fend\w*|stav\w+|wall\w*|fenc\w+|clos\w+|rip\w*|well|better|worse|liv\w+|mak\w+|mad\w+|com\w+"
    r"|came|ward\w*|part\w*|divid\w+|tee\w*|round\w*|pull\w*|put\w*|siphon\w*|le[dt]\w*) $",
    re.IGNORECASE,
)
"""Verbs that "off" belongs to: "they cut off X"."""
_STOPS = (". ", "\n", "; ")
_AT_SEA = re.compile(
    r"\b(?:waters|seas?|ships?|vessels?|boats?|ferry|ferries|tankers?|trawlers?|freighters?|carriers?"
    r"|frigates?|warships?|destroyers?|submarines?|dingh(?:y|ies)|rafts?|yachts?|flotillas?|migrants"
    r"|sank|sunk|sinking|capsiz\w+|shipwrecks?|drown\w*|anchor\w*|moored|adrift|aground|hijack\w*"
    r"|pira\w+|fishermen|rigs?|islands?|islets|reefs?|earthquakes?|quakes?|tremors?|epicent\w+"
    r"|magnitude|tsunami|cyclone|typhoon|hurricane|naval|navy|maritime|coast ?guards?)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:['’]s)? (?:(?P<side>{_SIDES}) )?"
    rf"(?:(?P<outskirts>outskirts|suburbs)|(?P<vicinity>{_ROUND})|(?P<countryside>{_LAND})"
    rf"|(?P<axis>ax[ei]s|directions?|front(?:line|s)?|sectors?)"
    rf"|(?P<coast>coast(?:line)?|shore))\b(?! of\b)",
    re.IGNORECASE,
)
_LIST_OF_AXES = re.compile(
    r"(?:, [A-Z][\w'’-]+){0,5},? and [A-Z][\w'’-]+ (?P<axis>axes|directions|fronts|sectors)\b"
)
_ON_THE = re.compile(
    r"\b(?:[Ii]n|[Oo]n|[Aa]long|[Aa]cross|[Ff]rom|for|[Tt]owards?)(?: the)?"
    r"(?: [A-Z][\w'’-]+,?(?: and)?){0,5} $"
)
_HINT = re.compile(
    r"(?:\b(?:of|to|off|from|outside|along|across)(?: the)?|central|(?:north|south|east|west)"
    r"(?:ern(?:most)?)?)[ -]$",
    re.IGNORECASE,
)
"""What every phrase before a name ends with: looked for first, since most names have none."""
_LOOK_BACK, _LOOK_AHEAD = 70, 120
_AXES = {"axes": "axis", "directions": "direction", "fronts": "front", "sectors": "sector"}
_NO_FRONT = ("country", "continent", "sea")
_UNITS_OF_LAND = ("province", "district", "region")


@dataclass(frozen=True, slots=True)
class Modifier:
    """How many characters before and after a name belong to it, and how they move it."""

    length: int
    rule: str
    side: str = ""
    km: float = 0.0
    after: int = 0
    word: str = ""

    def apply(self, place: Place, gazetteer: Gazetteer) -> Place | None:
        """Compute the place that is meant; None if the words cannot be said of this one."""
        if place.match == "computed":
            return _computed(self, place, gazetteer)
        return _computed_once(self, place.place_id, gazetteer)


@lru_cache(maxsize=512)
def _computed_once(modifier: Modifier, place_id: str, gazetteer: Gazetteer) -> Place | None:
    # An id is a far smaller key than an outline.
    place = gazetteer.place_by_id(place_id)
    return _computed(modifier, place, gazetteer) if place is not None else None


def _computed(modifier: Modifier, place: Place, gazetteer: Gazetteer) -> Place | None:
    side = modifier.side
    if modifier.rule == "axis":
        return None if place.kind in _NO_FRONT else surroundings.axis(place, modifier.word)
    if modifier.rule == "off":
        return shore.off_coast(place, gazetteer, side, modifier.km)
    if modifier.rule == "line":
        return _line(place, gazetteer)
    if modifier.rule == "countryside":
        return surroundings.countryside(place, side, unit_named_after(place, gazetteer))
    by_rule: dict[str, Callable[[], Place]] = {
        "part": lambda: area.part_of(place, side),
        "outskirts": lambda: surroundings.outskirts(place, side),
        "vicinity": lambda: surroundings.vicinity(place, modifier.km),
        "beyond": lambda: surroundings.beyond(place, side),
        "offset": lambda: surroundings.offset_from(place, modifier.km, area.BEARINGS[side]),
    }
    return by_rule[modifier.rule]()


def unit_named_after(place: Place, gazetteer: Gazetteer) -> Place | None:
    """Give the province or district with an outline that bears a town's name and holds it."""
    if place.kind in _UNITS_OF_LAND:
        return place
    rivals = (gazetteer.index_of(rival.place_id) for rival in place.candidates)
    for index in (*(i for i, _ in gazetteer.entries(fold(place.name))), *rivals):
        if index is None or gazetteer.kind_of(index) not in _UNITS_OF_LAND:
            continue
        if gazetteer.contains(index, place.lon, place.lat):
            unit = gazetteer.place(index)
            if unit.country == place.country:
                return unit
    return None


def _line(place: Place, gazetteer: Gazetteer) -> Place | None:
    """Give the river or border of a name that a town bears too: "along the Dnipro"."""
    if place.kind in surroundings.LINES:
        return place
    name = fold(place.name)
    for index, _ in (*gazetteer.entries(name), *gazetteer.entries(f"{name} river")):
        if gazetteer.kind_of(index) in surroundings.LINES and gazetteer.curated[index]:
            line = gazetteer.place(index)
            codes = gazetteer.countries_of(index)
            if not codes or place.country in codes:
                return line
    return None


def find_modifier(text: str, start: int, end: int | None = None) -> Modifier | None:
    """Find the words round the name between two offsets that belong to it.

    "in the north of X" is a part of X; "north of X" alone lies outside it. Without
    an `end` only the words before the name are looked at.

    Examples
    --------
    >>> text = "shelling 15 km south-east of Kherson"
    >>> found = find_modifier(text, text.index("Kherson"))
    >>> found.rule, found.side, found.km
    ('offset', 'south-east', 15.0)
    >>> find_modifier("fire in Kherson", 8, 15) is None
    True
    >>> find_modifier("on the Pokrovsk axis", 7, 15).rule
    'axis'
    """
    before = _before(text, start)
    after = _after(text, start, end, before) if end is not None else None
    return after or before


def _before(text: str, start: int) -> Modifier | None:
    if _HINT.search(text, max(0, start - 12), start) is None:
        return None
    before = text[max(0, start - _LOOK_BACK) : start]
    if m := _OFFSET.search(before):
        return Modifier(len(m[0]), "offset", _side(m["side"]), _km(m["far"], m["unit"]))
    if m := _AWAY.search(before):
        return Modifier(len(m[0]), "vicinity", "", _km(m["far"], m["unit"]))
    if m := _SURROUNDS.search(before):
        rule = next(r for r in ("outskirts", "vicinity", "countryside") if m[r])
        return Modifier(len(m[0]), rule, _side(m["side"] or ""))
    if m := _COAST.search(before):
        return _at_sea(text, start, m)
    if _ALONG.search(before):
        return Modifier(0, "line")
    if m := _PART.search(before):
        said = m["a"] or m["b"] or m["c"]
        lead = len(m["in"] or "")
        # "north of X" lies outside X; "fled north by road" names no part of By.
        the = m[0][lead:].lower().startswith("the ")
        outside = m["c"] and not (lead or the or said.startswith("cent"))
        astray = m["a"] and not text[start : start + 1].isupper()
        if not (outside or astray):
            return Modifier(len(m[0]) - lead, "part", _side(said))
    if m := _BEYOND.search(before):
        return Modifier(len(m[0]), "beyond", _side(m["side"]))
    return None


def _at_sea(text: str, start: int, found: re.Match[str]) -> Modifier | None:
    """Tell "a ferry sank off X" from "they cut off X": the sentence speaks of the sea."""
    told = found["far"] is not None
    if not (told or found["coast"] or _AT_SEA.search(_sentence(text, start))):
        return None
    if _PARTICLE.search(text, max(0, start - _LOOK_BACK), start - len(found[0])):
        return None
    km = _km(found["far"], found["unit"]) if told else 0.0
    return Modifier(len(found[0]), "off", _side(found["side"] or ""), km)


def _sentence(text: str, start: int) -> str:
    """Give what stands round a position, up to full stops and line ends."""
    first = max(text.rfind(stop, max(0, start - 3 * _LOOK_BACK), start) for stop in _STOPS)
    lasts = [text.find(stop, start, start + 3 * _LOOK_BACK) for stop in _STOPS]
    last = min((at for at in lasts if at >= 0), default=start + 3 * _LOOK_BACK)
    return text[max(first + 1, start - 3 * _LOOK_BACK) : last]


def _after(text: str, start: int, end: int, before: Modifier | None) -> Modifier | None:
    """Find the words that follow: "X axis", "X's outskirts", "northern X countryside"."""
    lead = text[max(0, start - _LOOK_BACK) : start]
    m = _AFTER.match(text, end, end + _LOOK_AHEAD)
    if m is None:
        listed = _LIST_OF_AXES.match(text, end, end + _LOOK_AHEAD)
        if listed is None or not _ON_THE.search(lead):
            return None
        return Modifier(0, "axis", word=_AXES[listed["axis"]])
    length, side = len(m[0]), _side(m["side"] or "")
    if before is not None and before.rule == "part" and not side and not m["axis"]:
        side, lead_length = before.side, before.length
    else:
        lead_length = 0
    if m["coast"]:
        off = re.search(r"\boff (?:the )?$", lead[: len(lead) - lead_length])
        return Modifier(len(off[0]) + lead_length, "off", side, after=length) if off else None
    if m["axis"]:
        direct = m["side"] is None and not m[0].startswith(("'", "’"))
        if not direct or not _ON_THE.search(lead) or text[start - 1 : start] in "-–":
            return None
        return Modifier(
            0, "axis", after=length, word=_AXES.get(m["axis"].lower(), m["axis"].lower())
        )
    rule = next(r for r in ("outskirts", "vicinity", "countryside") if m[r])
    return Modifier(lead_length, rule, side, after=length)


def _side(words: str) -> str:
    return area.direction_of(words) or ""


def _km(number: str, unit: str) -> float:
    factor = next(k for stem, k in _UNITS.items() if unit.lower().startswith(stem))
    return round(float(number.replace(",", "")) * factor, 1)

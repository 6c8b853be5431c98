"""Words round a name that move it: "northern X", "the outskirts of X", "15 km south of X"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geomap.model import Place
from geomap.places import area

_SIDE = r"(?:north|south|east|west)(?:[\s-]?(?:east|west))?"
_SIDES = rf"(?:{_SIDE}ern(?:most)?|(?:north|south|east|west)(?:ern)?[\s-]?(?:east|west)ern)"
_UNITS = {"km": 1.0, "kilomet": 1.0, "nautical": 1.852, "nm": 1.852, "mi": 1.609344, "met": 0.001}
_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_UNIT = r"km|kms|kilomet(?:er|re)s?|nautical[\s-]miles?|nm|miles?|mi|met(?:er|re)s?"
_THE = r"(?:the )?"

_PART = re.compile(
    rf"\b(?:{_THE}(?P<a>{_SIDES}|central|{_SIDE})"
    rf"|{_THE}(?P<b>{_SIDES}|central) (?:parts?|areas?|regions?|sectors?) of {_THE}"
    rf"|{_THE}(?P<c>{_SIDE}|cent(?:er|re)) of {_THE})[\s-]?$",
    re.IGNORECASE,
)
_OUTSKIRTS = re.compile(
    rf"{_THE}(?:(?P<side>{_SIDES}) )?(?:outskirts|edges?|suburbs|approaches) (?:of|to) {_THE}$",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    rf"(?P<far>{_NUMBER})[\s-]?(?P<unit>{_UNIT})(?: \([^()]{{1,20}}\))?"
    rf"(?: to the| due)? (?P<side>{_SIDE}) of {_THE}$",
    re.IGNORECASE,
)
_BEYOND = re.compile(rf"(?:just |due )?(?P<side>{_SIDE}) of {_THE}$", re.IGNORECASE)
_HINT = re.compile(
    r"(?:\b(?:of|to)(?: the)?|central|(?:north|south|east|west)(?:ern(?:most)?)?)[ -]$",
    re.IGNORECASE,
)
"""What every such phrase ends with: looked for first, since most names have none."""
_LOOK_BACK = 60


@dataclass(frozen=True, slots=True)
class Modifier:
    """How many characters before a name belong to it, and how they move it."""

    length: int
    rule: str
    side: str = ""
    km: float = 0.0

    def apply(self, place: Place) -> Place:
        """Compute the place that is meant."""
        return _computed(self, place)


@lru_cache(maxsize=512)
def _computed(modifier: Modifier, place: Place) -> Place:
    if modifier.rule == "part":
        return area.part_of(place, modifier.side)
    if modifier.rule == "outskirts":
        return area.outskirts(place, modifier.side)
    if modifier.rule == "beyond":
        return area.beyond(place, modifier.side)
    return area.offset_from(place, modifier.km, area.BEARINGS[modifier.side])


def find_modifier(text: str, start: int) -> Modifier | None:
    """Find the words before the name at an offset that belong to it.

    "in the north of X" is a part of X; "north of X" alone lies outside it.

    Examples
    --------
    >>> text = "shelling 15 km south-east of Kherson"
    >>> found = find_modifier(text, text.index("Kherson"))
    >>> found.rule, found.side, found.km
    ('offset', 'south-east', 15.0)
    >>> find_modifier("fire in Kherson", 8) is None
    True
    """
    if _HINT.search(text, max(0, start - 12), start) is None:
        return None
    before = text[max(0, start - _LOOK_BACK) : start]
    if m := _OFFSET.search(before):
        return Modifier(len(m[0]), "offset", _side(m["side"]), _km(m["far"], m["unit"]))
    if m := _OUTSKIRTS.search(before):
        return Modifier(len(m[0]), "outskirts", _side(m["side"] or ""))
    if m := _PART.search(before):
        said = m["a"] or m["b"] or m["c"]
        # "north of X" lies outside X; "fled north by road" names no part of By.
        outside = m["c"] and not (m[0].lower().startswith("the ") or said.startswith("cent"))
        astray = m["a"] and not text[start : start + 1].isupper()
        if not (outside or astray):
            return Modifier(len(m[0]), "part", _side(said))
    if m := _BEYOND.search(before):
        return Modifier(len(m[0]), "beyond", _side(m["side"]))
    return None


def _side(words: str) -> str:
    return area.direction_of(words) or ""


def _km(number: str, unit: str) -> float:
    factor = next(k for stem, k in _UNITS.items() if unit.lower().startswith(stem))
    return round(float(number.replace(",", "")) * factor, 1)

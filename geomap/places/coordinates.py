"""Coordinates written in a text: degrees, MGRS and plus codes, read as places of their own.

A number is taken for a coordinate only when the text leaves no doubt: hemisphere
letters on both numbers, a word such as "coordinates" or "lat" before them, or so
many decimals within brackets that it can be nothing else. What looks like a pair
of percentages, prices, scores or page numbers is left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from geomap.model import Place, Toponym
from geomap.places.measure import distance_km

if TYPE_CHECKING:
    from geomap.places.gazetteer import Gazetteer

KM_PER_DEGREE = 111.2
LEAST_KM = 0.01
"""No bulletin knows better than ten metres, however many digits it gives."""
SCORE = 0.99
ASIDE = 2.0
"""A point may lie so many times a place's extent from it and still be called after it."""
SHORE = 0.03
"""Degrees by which outlines of countries at 1:10 million may miss the shore."""

_DEGREE = r"(?:\ ?[°º˚]|\ ?deg(?:rees|\.)?(?![a-z]))"
_MINUTE, _SECOND = r"\ ?['′’‘´]", r"\ ?(?:[\"″”“]|''|′′|’’)"
_NORTH, _EAST = "N(?:orth)?|S(?:outh)?", "E(?:ast)?|W(?:est)?"


def _angle(axis: str, letters: str) -> str:
    """Give the pattern of degrees, minutes and seconds with a letter before or after."""
    return rf"""
        (?:(?P<{axis}_before>{letters})[\ .:]{{0,2}})?
        (?P<{axis}_deg>\d{{1,3}}(?:\.\d+)?)(?P<{axis}_sign>{_DEGREE})?
        (?:(?({axis}_sign)[\ -]?|[\ -])
            (?P<{axis}_min>\d{{1,2}}(?:\.\d+)?)(?P<{axis}_mark>{_MINUTE})?
            (?:(?({axis}_mark)\ ?|[\ -])
                (?P<{axis}_sec>\d{{1,2}}(?:\.\d+)?)(?:{_SECOND})?)?
        )?
        (?:\ ?(?P<{axis}_after>{letters})(?![A-Za-z]))?"""


_HINT = re.compile(
    r"[0-9](?:[°º˚'′’‘´]|\ ?(?:[NS]\b|deg|[Nn]orth|[Ss]outh|°)"
    r"|(?<=[A-Z]{2}[0-9])|(?<=[A-Z]{2}\ [0-9])|(?<=\b[NS][0-9])|(?<=\b[NS]\ [0-9])"
    r"|\.[0-9]+°?[,;/\ ]{1,2}(?:[+−-]?[0-9]|l[ao]|L[ao]|and\ l))",
    re.VERBOSE,
)
"""What every form but plus codes has somewhere: most texts need no closer look."""
_LETTERED = re.compile(
    rf"(?<![\w.,+-])(?:lat(?:itude)?[.:]?\ )?{_angle('lat', _NORTH)}"
    rf"(?:\ ?[,;/]\ ?|\ and\ |\ -\ |\ |)(?:long?(?:itude)?[.:]?\ )?"
    rf"{_angle('lon', _EAST)}(?![\w°%])",
    re.VERBOSE | re.IGNORECASE,
)
_SIGNED = r"[+−-]?\d{1,3}\.\d+"
_BARE = re.compile(
    rf"(?<![\w.,/@=$€£+−-])(?<!\d[,;\ ])(?<!\d[,;]\ )(?P<lat>{_SIGNED})°?"
    rf"(?:\ ?[,;/]\ ?|\ )(?P<lon>{_SIGNED})°?(?![\w°%+]|[.,:/-]\d|,?\ (?:and\ )?[\d$€£+-]"
    r"|\ ?(?:%|per(?:cent)?|pp|points?|kms?|m|miles?|met(?:re|er)s?|[mb]illion|tons?|tonnes?)\b)",
    re.VERBOSE,
)
_LABELLED = re.compile(
    rf"\b(?:(?P<first>lat)(?:itude)?|long?(?:itude)?)\b[.:=]{{0,2}}\ ?(?P<one>{_SIGNED})°?"
    rf"(?:\ ?[,;/]\ ?|\ and\ |\ )(?:lat(?:itude)?|(?P<last>long?)(?:itude)?)\b[.:=]{{0,2}}\ ?"
    rf"(?P<two>{_SIGNED})°?(?![\w%])",
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<![\w.])(\d{2})(\d{2})(\d{2})?([NS])[ /,-]{0,2}(\d{3})(\d{2})(\d{2})?([EW])(?!\w)"
)
_MGRS = re.compile(
    r"(?<![\w.])(?P<zone>[0-6]?\d) ?(?P<band>[C-HJ-NP-X]) ?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])"
    r" ?(?P<east>\d{2,5}) ?(?P<north>\d{2,5})(?![\w.,]\d|\w)"
)
_OLC = "23456789CFGHJMPQRVWX"
_PLUS = re.compile(
    rf"(?<![\w+])(?=[\d+]*[A-Z])[2-9CFGHJMPQRV][{_OLC}]{{7}}\+[{_OLC}]{{2,7}}(?![\w+])"
)
_CUE = re.compile(
    r"\b(?:coord(?:inate)?s?|lat(?:itude)?[ /,-]{1,3}(?:and )?long?(?:itude)?|GPS|MGRS|"
    r"grid(?: (?:reference|ref|square))?|position|geolocat(?:ion|ed)|located|location)\b"
    r"[^.\n\d]{0,25}$",
    re.IGNORECASE,
)
_LOOK_BACK = 50
_PLAIN_DECIMALS, _BRACKETED_DECIMALS, _CUED_DECIMALS = 5, 4, 2
_PLAIN_DIGITS, _CUED_DIGITS = 8, 4


class Fix(NamedTuple):
    """A coordinate as it was read: where it stands, and half the step of each axis in degrees."""

    start: int
    end: int
    lat: float
    lon: float
    lat_half: float
    lon_half: float

    def radius_km(self) -> float:
        """Give how far the true point may lie: half the diagonal of the last digit's cell."""
        across = self.lon_half * math.cos(math.radians(self.lat))
        return max(LEAST_KM, round(KM_PER_DEGREE * math.hypot(self.lat_half, across), 3))


def find_coordinates(text: str, gazetteer: Gazetteer | None = None) -> list[Toponym]:
    """Find the coordinates that a text gives.

    Decimal degrees with hemisphere letters, labels or signs; degrees, minutes and
    seconds; degrees and decimal minutes; the compact form of warnings at sea
    ("1252N 04327E"); MGRS; full plus codes. A bare pair is read as latitude,
    longitude.

    Parameters
    ----------
    text
        One document, without markup.
    gazetteer
        Tells the country at each point; without it ``country`` stays empty.

    Returns
    -------
    list of Toponym
        In the order of the text, without overlaps: kind ``coordinates``,
        geo_precision 1, ``uncertainty_km`` from the number of digits. Numbers
        that lie off the globe are none.

    Examples
    --------
    >>> [found] = find_coordinates("A drone fell at 31°31'N 34°27'E on Monday.")
    >>> found.toponym, round(found.lat, 3), round(found.lon, 3), found.uncertainty_km
    ("31°31'N 34°27'E", 31.517, 34.45, 1.218)
    """
    if "+" not in text and not _HINT.search(text):
        return []
    readers = (_lettered, _compact, _labelled, _bare, _mgrs, _plus_codes)
    fixes = chain.from_iterable(reader(text) for reader in readers)
    found: list[Toponym] = []
    for fix in sorted(fixes, key=lambda fix: fix.start):
        apart = not found or fix.start >= found[-1].end
        if apart and abs(fix.lat) <= 90 and abs(fix.lon) <= 180:
            found.append(_toponym(text, fix, gazetteer))
    return found


def called_after(name: Toponym, written: Toponym) -> Toponym:
    """Give coordinates the name before them: "Kherson (46.63, 32.61)", if they lie there."""
    place, point = name.place, written.place
    if place is None or point is None or place.kind == "coordinates":
        return written
    away = distance_km(place.lon, place.lat, point.lon, point.lat)
    if away > ASIDE * place.extent_km + point.extent_km:
        return written
    country = point.country or place.country
    point = replace(
        point, name=place.name, country=country, admin1=place.admin1, parent=place.place_id
    )
    return replace(written, place=point, country=country)


def _toponym(text: str, fix: Fix, gazetteer: Gazetteer | None) -> Toponym:
    lat, lon, written = round(fix.lat, 7), round(fix.lon, 7), text[fix.start : fix.end]
    country = _country(lon, lat, gazetteer) if gazetteer is not None else ""
    place = Place(
        f"geo:{lat},{lon}",
        " ".join(written.split()),
        lon,
        lat,
        "coordinates",
        country,
        extent_km=fix.radius_km(),
        source="coordinates in the text",
        parent=country,
        match="exact",
        score=SCORE,
    )
    start, end = fix.start, fix.end
    return Toponym(
        start, end, written, place, lon, lat, country, place.kind, 1, place.extent_km, SCORE
    )


def _country(lon: float, lat: float, known: Gazetteer) -> str:
    """Give the country at a point; a shore's, if only one is so near that outlines may err."""
    here = known.country_at(lon, lat)
    if here:
        return here
    steps = (-SHORE, 0.0, SHORE)
    around = {known.country_at(lon + x, lat + y) for x in steps for y in steps} - {""}
    return around.pop() if len(around) == 1 else ""


def _cued(text: str, start: int) -> bool:
    return _CUE.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def _lettered(text: str) -> Iterator[Fix]:
    for m in _LETTERED.finditer(text):
        lat, lon = _read(m, "lat"), _read(m, "lon")
        exact = any(m[f"{axis}_{part}"] for axis in ("lat", "lon") for part in ("sign", "min"))
        spaced = m["lat_min"] and not (m["lat_sign"] or "-" in m[0] or len(m["lon_deg"]) == 3)
        if lat is None or lon is None or (spaced and not _cued(text, m.start())):
            continue
        if exact or ("." in m["lat_deg"] and "." in m["lon_deg"]):
            yield Fix(*m.span(), lat[0], lon[0], lat[1], lon[1])


def _read(m: re.Match[str], axis: str) -> tuple[float, float] | None:
    """Give an angle and half its last digit; None without one letter or with 60 minutes."""
    before, after = m[f"{axis}_before"], m[f"{axis}_after"]
    degrees, minutes, seconds = (m[f"{axis}_{part}"] for part in ("deg", "min", "sec"))
    if bool(before) == bool(after):
        return None
    if (minutes and "." in degrees) or (seconds and "." in minutes):
        return None
    return _degrees(degrees, minutes or "", seconds or "", (before or after)[0].upper())


def _degrees(degrees: str, minutes: str, seconds: str, letter: str) -> tuple[float, float] | None:
    from geopy.point import Point

    if float(minutes or 0) >= 60 or float(seconds or 0) >= 60:
        return None
    last, unit = (seconds, 3600) if seconds else (minutes, 60) if minutes else (degrees, 1)
    half = 0.5 * 10.0 ** -_decimals(last) / unit
    return Point.parse_degrees(degrees, minutes or 0, seconds or 0, letter), half


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _compact(text: str) -> Iterator[Fix]:
    """Find "1252N 04327E", as pilots and masters of ships write."""
    for m in _COMPACT.finditer(text):
        lat = _degrees(m[1], m[2], m[3] or "", m[4])
        lon = _degrees(m[5], m[6], m[7] or "", m[8])
        if lat and lon and bool(m[3]) == bool(m[7]):
            yield Fix(*m.span(), lat[0], lon[0], lat[1], lon[1])


def _labelled(text: str) -> Iterator[Fix]:
    """Find "lat 31.52, lon 34.45", in either order."""
    for m in _LABELLED.finditer(text):
        if bool(m["first"]) == bool(m["last"]):
            lat, lon = (m["one"], m["two"]) if m["first"] else (m["two"], m["one"])
            yield _decimal_fix(m.span(), lat, lon)


def _bare(text: str) -> Iterator[Fix]:
    """Find pairs of decimal numbers that are said to be coordinates or can be nothing else."""
    for m in _BARE.finditer(text):
        start, end = m.span()
        decimals = min(_decimals(m["lat"]), _decimals(m["lon"]))
        comma = "," in m[0] or ";" in m[0]
        bracketed = text[start - 1 : start] in ("(", "[") and text[end : end + 1] in (")", "]")
        if (
            (comma and decimals >= _PLAIN_DECIMALS)
            or (comma and decimals >= _BRACKETED_DECIMALS and bracketed)
            or (decimals >= _CUED_DECIMALS and _cued(text, start))
        ):
            yield _decimal_fix(m.span(), m["lat"], m["lon"])


def _decimal_fix(span: tuple[int, int], lat: str, lon: str) -> Fix:
    lat, lon = lat.replace("−", "-"), lon.replace("−", "-")
    halves = (0.5 * 10.0 ** -_decimals(number) for number in (lat, lon))
    return Fix(*span, float(lat), float(lon), *halves)


def _mgrs(text: str) -> Iterator[Fix]:
    for m in _MGRS.finditer(text):
        digits = m["east"] + m["north"]
        needed = _CUED_DIGITS if _cued(text, m.start()) else _PLAIN_DIGITS
        if len(digits) < needed or len(digits) % 2:
            continue
        from mgrs import MGRS
        from mgrs.core import MGRSError

        half = len(digits) // 2
        middle = "5" if half < 5 else ""
        code = m["zone"] + m["band"] + m["square"]
        try:
            lat, lon = MGRS().toLatLon(f"{code}{digits[:half]}{middle}{digits[half:]}{middle}")
        except MGRSError:  # no such square in that zone
            continue
        step = 0.5 * 10.0 ** (2 - half) / KM_PER_DEGREE
        yield Fix(*m.span(), lat, lon, step, step / max(0.01, math.cos(math.radians(lat))))


def _plus_codes(text: str) -> Iterator[Fix]:
    for m in _PLUS.finditer(text):
        from openlocationcode import openlocationcode

        if openlocationcode.isFull(m[0]):
            cell = openlocationcode.decode(m[0])
            lat_half = (cell.latitudeHi - cell.latitudeLo) / 2
            lon_half = (cell.longitudeHi - cell.longitudeLo) / 2
            yield Fix(*m.span(), cell.latitudeCenter, cell.longitudeCenter, lat_half, lon_half)

"""The table of the Global Terrorism Database: one row an attack, CSV or workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from geomap.model import GeoPrecision, Incident
from geomap.store.coding import country_code, point, whole

COLUMNS = {"eventid", "iyear", "imonth", "iday", "attacktype1_txt", "specificity"}
"""By these a table is known to be GTD's."""

_TYPES = {
    "assassination": ("civilians", "attack"),
    "armed assault": ("civilians", "attack"),
    "bombing/explosion": ("explosion", ""),
    "hijacking": ("civilians", "abduction"),
    "hostage taking (barricade incident)": ("civilians", "abduction"),
    "hostage taking (kidnapping)": ("civilians", "abduction"),
    "facility/infrastructure attack": ("civilians", "property"),
    "unarmed assault": ("civilians", "attack"),
    "unknown": ("civilians", "attack"),
}
_FIGHTERS = {"military", "terrorists/non-state militia"}
# 1 the town itself, 2 and 3 the centre of a small area, 4 of a province, 5 unknown.
_GEO_PRECISION: dict[int, GeoPrecision] = {1: 1, 2: 3, 3: 3, 4: 3, 5: 4}
_UNKNOWN = (-9, -99)
_TAGGED = (
    *("attacktype1_txt", "targtype1_txt", "weaptype1_txt", "success", "suicide", "doubtterr"),
    *("approxdate", "resolution", "nkillter", "region_txt"),
)


def incident_of(row: Mapping[str, str]) -> Incident:
    """Read a row of GTD. An unknown day or month is written as 0, an unknown number as -99.

    An armed assault on soldiers or fighters is a battle; others are attacks on
    civilians, as GTD counts the police among its targets.

    Raises
    ------
    ValueError
        If a value is not of its column's kind.
    """
    number = row["eventid"].removesuffix(".0")
    if not number.isdigit():
        raise ValueError(f"eventid {row['eventid']!r} is not a number")
    incident_type, subtype = _type_of(row)
    date, end, precision = _day(row)
    lon, lat = point(row.get("longitude", ""), row.get("latitude", ""))
    specific = whole(row["specificity"]) or 5
    if specific not in _GEO_PRECISION:
        raise ValueError(f"specificity {specific} is not 1 to 5")
    near = whole(row.get("vicinity", "")) == 1
    return Incident(
        id=f"gtd:{number}",
        event_id=number,
        date=date,
        date_end=end,
        date_precision=precision,
        date_basis="imported",
        incident_type=incident_type,
        subtype=subtype,
        place=row.get("city") or row.get("provstate") or "",
        country=country_code(row.get("country_txt", "")),
        admin1=row.get("provstate") or None,
        geo_precision=max(_GEO_PRECISION[specific], 2 if near else 1),
        actors=tuple(_actors(row)),
        fatalities=_count(row, "nkill"),
        injured=_count(row, "nwound"),
        sentence=row.get("summary", ""),
        confidence=0.8 if whole(row.get("doubtterr", "")) == 1 else 1.0,
        extractor="gtd",
        source=row.get("scite1", ""),
        tags=tuple(f"gtd.{name}={row[name]}" for name in _TAGGED if row.get(name)),
        lon=lon,
        lat=lat,
    )


def _type_of(row: Mapping[str, str]) -> tuple[str, str]:
    attack = row["attacktype1_txt"].strip().casefold()
    if attack not in _TYPES:
        raise ValueError(f"attacktype1_txt {row['attacktype1_txt']!r} is not known")
    if attack == "bombing/explosion" and row.get("suicide", "").removesuffix(".0") == "1":
        return "explosion", "suicide_bomb"
    if attack == "armed assault" and row.get("targtype1_txt", "").casefold() in _FIGHTERS:
        return "battle", "armed_clash"
    return _TYPES[attack]


def _day(row: Mapping[str, str]) -> tuple[dt.date, dt.date | None, str]:
    year, month, day = (whole(row[name]) or 0 for name in ("iyear", "imonth", "iday"))
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    if not day:
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return dt.date(year, month, 1), after - dt.timedelta(days=1), "month"
    date = dt.date(year, month, day)
    end = date  # an attack that lasted has the day of its resolution
    if row.get("resolution"):
        try:
            end = dt.date.fromisoformat(row["resolution"][:10])
        except ValueError:
            end = date
    return date, end if end > date else None, "day"


def _count(row: Mapping[str, str], name: str) -> int | None:
    number = row.get(name, "").strip()
    try:
        found = whole(number)
    except ValueError:
        return round(float(number))  # GTD splits a toll among the attacks of one day
    return None if found in _UNKNOWN else found


def _actors(row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for column, role in (("gname", "actor1"), ("target1", "actor2")):
        name = row.get(column) or ""
        if name and name != "Unknown":
            yield {"text": name, "name": name, "role": role}

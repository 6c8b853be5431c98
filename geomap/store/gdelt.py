"""GDELT's event files: tab-separated, without a header, 57 to 61 columns."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, cast

from geomap.content import content
from geomap.model import GeoPrecision, Incident
from geomap.store.coding import country_code, point

TABS = (56, 57, 60)
"""Tabs in a line: version 1 without and with the source's address, version 2."""

_ID, _DATE, _ACTOR1, _ACTOR2, _CODE, _MENTIONS = 0, 1, 6, 16, 26, 31
# Where the place of the action begins: version 2 has a second area code for each place.
_PLACE_1, _PLACE_2 = 49, 51
# 1 a country, 2 a state of the USA, 3 and 4 a town or landmark, 5 a province elsewhere.
_GEO_PRECISION = {"1": 4, "2": 3, "3": 2, "4": 2, "5": 3}


def incident_of(line: str) -> Incident | None:
    """Read a line of an event file; None for an empty one.

    The type is that of the longest beginning of the CAMEO code in
    ``maps/cameo.csv``. An unknown day or month is written as 00.

    Raises
    ------
    ValueError
        If it has other columns, or a value is not of its column's kind.
    """
    if not line.strip():
        return None
    cells = line.rstrip("\r").split("\t")
    if len(cells) - 1 not in TABS:
        raise ValueError(f"{len(cells)} columns, not 57, 58 or 61")
    if not cells[_ID].isdigit():
        raise ValueError(f"GLOBALEVENTID {cells[_ID]!r} is not a number")
    incident_type, subtype, label = _type_of(cells[_CODE])
    date, date_end, precision = _day(cells[_DATE])
    new = len(cells) == 61
    kind, name, _, *rest = cells[_PLACE_2:] if new else cells[_PLACE_1:]
    lat, lon = rest[2:4] if new else rest[1:3]
    x, y = point(lon, lat)
    return Incident(
        id=f"gdelt:{cells[_ID]}",
        event_id=cells[_ID],
        date=date,
        date_end=date_end,
        date_precision=precision,
        date_basis="imported",
        incident_type=incident_type,
        subtype=subtype,
        place=name,
        country=country_code(name.rpartition(",")[2].strip()),
        geo_precision=cast(GeoPrecision | None, _GEO_PRECISION.get(kind)),
        actors=tuple(_actors(cells)),
        confidence=0.5,
        reasons=(f"coded by machine from {cells[_MENTIONS] or 'some'} mentions",),
        extractor="gdelt",
        source=cells[-1] if len(cells) > 57 else "",
        notes=label,
        tags=(f"gdelt.cameo={cells[_CODE]}",),
        lon=x,
        lat=y,
    )


def _day(text: str) -> tuple[dt.date, dt.date | None, str]:
    if len(text) != 8 or not text.isdigit():
        raise ValueError(f"SQLDATE {text!r} is not a day as 20240412")
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    if not day:
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return dt.date(year, month, 1), after - dt.timedelta(days=1), "month"
    return dt.date(year, month, day), None, "day"


def _actors(cells: Sequence[str]) -> Iterator[dict[str, Any]]:
    for column, role in ((_ACTOR1, "actor1"), (_ACTOR2, "actor2")):
        if cells[column]:
            yield {"text": cells[column], "name": cells[column], "role": role}


def _type_of(code: str) -> tuple[str, str, str]:
    for length in range(len(code), 1, -1):
        if code[:length] in _codes():
            return _codes()[code[:length]]
    raise ValueError(f"EventCode {code!r} is not known")


@cache
def _codes() -> dict[str, tuple[str, str, str]]:
    with content("maps/cameo.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (row["incident_type"], row["subtype"], row["label"])
            for row in csv.DictReader(file)
        }

"""ACLED's table: one row an event, 31 columns, in and out without loss."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TextIO, cast

from geomap.content import content
from geomap.model import GeoPrecision, Incident
from geomap.store.coding import country_code, country_name, day, point, whole
from geomap.store.exchange import write_row
from geomap.store.query import Match

ALL_COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"),
    *("interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2"),
    *("admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale"),
    *("notes", "fatalities", "tags", "timestamp"),
)
COLUMNS = {"event_id_cnty", "event_date", "event_type", "sub_event_type", "latitude", "longitude"}
"""By these a table is known to be ACLED's."""

_HXL = {
    **{"event_id_cnty": "#event+id", "event_date": "#date+occurred", "event_type": "#event+type"},
    **{"sub_event_type": "#event+type+sub", "country": "#country+name", "admin1": "#adm1+name"},
    **{"admin2": "#adm2+name", "admin3": "#adm3+name", "location": "#loc+name"},
    **{"latitude": "#geo+lat", "longitude": "#geo+lon", "fatalities": "#affected+killed"},
    **{"source": "#meta+source", "notes": "#description"},
}
_DATE_PRECISION = {"1": "day", "2": "week", "3": "month"}
_ACTORS = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")
# What the record has no field for is kept as a tag, so that it comes out again.
_TAGGED = (
    *("disorder_type", "event_type", "sub_event_type", "inter1", "inter2", "interaction"),
    *("civilian_targeting", "iso", "region", "country", "admin2", "admin3", "geo_precision"),
    *("source_scale", "tags", "timestamp"),
)
# ACLED writes 10 for "many" and 3 for "several" dead, unless a number was reported.
_IMPUTED = {3: r"\b(3|three)\b", 10: r"\b(10|ten)\b"}


def incident_of(row: Mapping[str, str]) -> Incident | None:
    """Read a row of ACLED's table; None for the row of HXL tags under its header.

    Raises
    ------
    ValueError
        If a value is not of its column's kind.
    """
    if row["event_id_cnty"].startswith("#"):
        return None
    if not row["event_id_cnty"]:
        raise ValueError("event_id_cnty is empty")
    incident_type, subtype = _types().get((row["event_type"], row["sub_event_type"]), ("", ""))
    if not incident_type:
        raise ValueError(f"event {row['event_type']!r} / {row['sub_event_type']!r} is not known")
    lon, lat = point(row["longitude"], row["latitude"])
    precision = whole(row.get("geo_precision", ""))
    if precision not in (None, 1, 2, 3):
        raise ValueError(f"geo_precision {precision} is not 1, 2 or 3")
    deaths, notes = whole(row.get("fatalities", "")), row.get("notes", "")
    imputed = deaths in _IMPUTED and not re.search(_IMPUTED[deaths], notes, re.IGNORECASE)
    return Incident(
        id=f"acled:{row['event_id_cnty']}",
        event_id=row["event_id_cnty"],
        date=day(row["event_date"]),
        date_precision=_DATE_PRECISION.get(row.get("time_precision", ""), "day"),
        date_basis="imported",
        incident_type=incident_type,
        subtype=subtype,
        place=row.get("location", ""),
        country=country_code(row.get("country", "")),
        admin1=row.get("admin1") or None,
        geo_precision=cast(GeoPrecision | None, precision),
        actors=tuple(_actors(row)),
        fatalities=deaths,
        sentence=notes,
        confidence=1.0,
        reasons=("the number of deaths may stand for an unknown one",) if imputed else (),
        extractor="acled",
        source=row.get("source", ""),
        tags=tuple(f"acled.{name}={row[name]}" for name in _TAGGED if row.get(name)),
        lon=lon,
        lat=lat,
    )


def write_acled(incidents: Iterable[Incident | Match], file: TextIO, *, hxl: bool = False) -> None:
    """Write incidents as ACLED's table, with the row of HXL tags if wanted.

    What came from such a table comes out as it was. Of other incidents, those
    whose type ACLED does not know (hazards, displacement, most statements) have
    no event type; geo_precision 4 becomes 3, and a year's precision a month's.
    """
    write_row(file, ALL_COLUMNS)
    if hxl:
        write_row(file, (_HXL.get(name, "") for name in ALL_COLUMNS))
    for row in incidents:
        cells = _cells(row.incident if isinstance(row, Match) else row)
        write_row(file, (cells.get(name) for name in ALL_COLUMNS))


def _cells(incident: Incident) -> dict[str, Any]:
    kind = (incident.incident_type, incident.subtype)
    event_type, sub_event_type = _acled_types().get(kind, ("", ""))
    precise = {"day": 1, "week": 2, "month": 3, "year": 3}
    cells: dict[str, Any] = {
        "event_id_cnty": incident.id.removeprefix("acled:"),
        "event_date": incident.date.isoformat() if incident.date else "",
        "year": incident.date.year if incident.date else "",
        "time_precision": precise.get(incident.date_precision, ""),
        "event_type": event_type,
        "sub_event_type": sub_event_type,
        "country": country_name(incident.country) if incident.country else "",
        "admin1": incident.admin1,
        "location": incident.place,
        "latitude": incident.lat,
        "longitude": incident.lon,
        "geo_precision": incident.geo_precision and min(incident.geo_precision, 3),
        "source": incident.source,
        "notes": incident.sentence,
        "fatalities": incident.fatalities,
    }
    for role in _ACTORS:
        names = [a.get("name") or a.get("text", "") for a in incident.actors if a["role"] == role]
        cells[role] = "; ".join(names)
    for tag in incident.tags:
        name, _, value = tag.removeprefix("acled.").partition("=")
        if tag.startswith("acled.") and name in _TAGGED:
            cells[name] = value
    return cells


def _actors(row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for role in _ACTORS:
        for name in (row.get(role) or "").split(";"):
            if name.strip():
                yield {"text": name.strip(), "name": name.strip(), "role": role}


@cache
def _types() -> dict[tuple[str, str], tuple[str, str]]:
    """Map ACLED's pairs to our types, where several of ours answer to one without a subtype."""
    claims: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in _subtypes():
        for sub_event_type in row["acled_sub_event_type"].split("; "):
            claims.setdefault((row["acled_event_type"], sub_event_type), []).append(row)
    return {pair: _claimed(pair[1], rows) for pair, rows in claims.items() if pair[1]}


def _claimed(sub_event_type: str, rows: list[dict[str, str]]) -> tuple[str, str]:
    of_type = [r for r in rows if r["incident_type"] == rows[0]["incident_type"]]
    same_name = [r for r in of_type if r["label"].casefold() == sub_event_type.casefold()]
    (chosen, *others) = same_name or of_type
    catch_all = sub_event_type == "Other" or bool(others)
    return chosen["incident_type"], "" if catch_all else chosen["subtype"]


@cache
def _acled_types() -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (row["incident_type"], row["subtype"]): (
            row["acled_event_type"],
            row["acled_sub_event_type"].split("; ")[0],
        )
        for row in _subtypes()
    }


@cache
def _subtypes() -> list[dict[str, str]]:
    with content("maps/subtypes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

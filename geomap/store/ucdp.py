"""The table of UCDP's Georeferenced Event Dataset: one row an event with at least one death."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from geomap.model import GeoPrecision, Incident
from geomap.store.coding import country_code, day, point, whole

COLUMNS = {"type_of_violence", "where_prec", "date_start", "date_end", "best", "low", "high"}
"""By these a table is known to be UCDP's."""

_TYPES = {1: ("battle", "armed_clash"), 2: ("battle", "armed_clash"), 3: ("civilians", "attack")}
_VIOLENCE = {1: "state-based", 2: "non-state", 3: "one-sided"}
# UCDP's codebook: 1 exact, 2 within about 25 km, 3 district, 4 province, 5 along a
# line or a stretch, 6 country, 7 international waters or air.
_GEO_PRECISION = {1: 1, 2: 2, 3: 3, 4: 3, 5: 3, 6: 4, 7: 4}
# 1 the day, 2 two to six days, 3 a week or more, 4 a month, 5 more than a month.
_DATE_PRECISION = {1: "day", 2: "week", 3: "week", 4: "month", 5: "year"}
_TAGGED = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "event_clarity", "adm_2")


def incident_of(row: Mapping[str, str]) -> Incident:
    """Read a row of UCDP GED.

    Raises
    ------
    ValueError
        If a value is not of its column's kind.
    """
    number = whole(row["id"])
    if number is None:
        raise ValueError("id is empty")
    violence = _coded(row, "type_of_violence", _TYPES)
    start, end = day(row["date_start"]), day(row["date_end"])
    if end < start:
        raise ValueError(f"date_end {end} is before date_start {start}")
    lon, lat = point(row["longitude"], row["latitude"])
    where = _coded(row, "where_prec", _GEO_PRECISION)
    return Incident(
        id=f"ucdp:{number}",
        event_id=str(number),
        date=start,
        date_end=end if end > start else None,
        date_precision=_DATE_PRECISION[_coded(row, "date_prec", _DATE_PRECISION)],
        date_basis="imported",
        incident_type=_TYPES[violence][0],
        subtype=_TYPES[violence][1],
        place=row.get("where_coordinates", ""),
        country=country_code(row.get("country", "")),
        admin1=row.get("adm_1") or None,
        geo_precision=cast(GeoPrecision, _GEO_PRECISION[where]),
        uncertainty_km=25.0 if where == 2 else None,
        actors=tuple(_actors(row)),
        fatalities=whole(row["best"]),
        fatalities_low=whole(row["low"]),
        fatalities_high=whole(row["high"]),
        sentence=row.get("source_headline") or row.get("source_article", ""),
        confidence=1.0,
        extractor="ucdp",
        source=row.get("source_office") or row.get("source_original", ""),
        tags=(
            f"ucdp.violence={_VIOLENCE[violence]}",
            *(f"ucdp.{name}={row[name]}" for name in _TAGGED if row.get(name)),
        ),
        lon=lon,
        lat=lat,
    )


def _actors(row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for column, role in (("side_a", "actor1"), ("side_b", "actor2")):
        if row.get(column):
            yield {"text": row[column], "name": row[column], "role": role}


def _coded(row: Mapping[str, str], name: str, known: Mapping[int, Any]) -> int:
    code = whole(row[name])
    if code is None or code not in known:
        raise ValueError(f"{name} {row[name]!r} is not one of {', '.join(map(str, known))}")
    return code

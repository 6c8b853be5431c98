"""The record as the outside sees it: properties, GeoJSON features, a GeoDataFrame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.model import Incident, Ring

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FIELDS = tuple(f.name for f in fields(Incident) if f.name not in ("lon", "lat", "area"))
"""Names of the record's properties, in the order of every table and feature."""

DATES = ("doc_date", "date", "date_end")
LISTS = ("actors", "quantities", "reasons", "tags")
INTEGERS = (
    *("geo_precision", "fatalities", "fatalities_low", "fatalities_high"),
    *("injured", "missing", "displaced", "sentence_start", "sentence_end"),
    *("place_start", "place_end", "trigger_start", "trigger_end"),
)
FLOATS = ("uncertainty_km", "origin_lon", "origin_lat", "confidence")
_TEXTS = frozenset(FIELDS) - {*DATES, *LISTS, *INTEGERS, *FLOATS}
_DEFAULTS = {f.name: "" if f.name == "id" else f.default for f in fields(Incident)}
_ORDINARY = {f.name for f in fields(Incident) if f.default == ""} | {"id"}


def to_properties(incident: Incident) -> dict[str, Any]:
    """Give an incident as JSON-ready properties: ISO dates, lists, None for unknown."""
    row: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(incident, name)
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        row[name] = value
    return row


def to_feature(incident: Incident) -> dict[str, Any]:
    """Give an incident as a GeoJSON Feature (RFC 7946); unmapped ones have no geometry.

    An area of several rings travels in the foreign member ``area``, a
    MultiPolygon, so that ``geometry`` is a Point for every reader.
    """
    geometry = None
    if incident.lon is not None and incident.lat is not None:
        geometry = {"type": "Point", "coordinates": [incident.lon, incident.lat]}
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": incident.id,
        "geometry": geometry,
        "properties": to_properties(incident),
    }
    if incident.area:
        feature["area"] = area_geometry(incident.area)
    return feature


def from_feature(feature: Mapping[str, Any]) -> Incident:
    """Read an incident back from a feature as `to_feature` makes it."""
    lon, lat = feature["geometry"]["coordinates"] if feature["geometry"] else (None, None)
    polygons = feature["area"]["coordinates"] if "area" in feature else ()
    area = tuple(tuple((x, y) for x, y in polygon[0]) for polygon in polygons)
    return from_properties(feature["properties"], lon, lat, area)


def area_geometry(area: Iterable[Ring]) -> dict[str, Any]:
    """Give outer rings as a GeoJSON MultiPolygon."""
    return {"type": "MultiPolygon", "coordinates": [[[list(xy) for xy in ring]] for ring in area]}


def told_once(incidents: Iterable[Incident]) -> list[Incident]:
    """Keep one mention of each event at each place: the surest one, in the first one's stead.

    A bulletin tells an event in its headline and again in its body; it is one
    event on a map and in a count. Numbers of people that the surest mention does
    not give come from the last that does.
    """
    events: dict[tuple[str, ...], list[Incident]] = {}
    for row in incidents:
        told = (row.event_id, row.place_id or row.place) if row.event_id else (row.id,)
        events.setdefault(told, []).append(row)
    return [_with_numbers(max(told, key=lambda r: r.confidence), told) for told in events.values()]


def _with_numbers(mention: Incident, told: Sequence[Incident]) -> Incident:
    found: dict[str, Any] = {}
    for names in _NUMBERS:
        giving = [row for row in told if any(getattr(row, name) is not None for name in names)]
        if giving and mention not in giving:
            found |= {name: getattr(giving[-1], name) for name in names}
    return replace(mention, **found) if found else mention


_NUMBERS = (
    ("fatalities", "fatalities_low", "fatalities_high"),
    *(("injured",), ("missing",), ("displaced",)),
)


def from_properties(
    row: Mapping[str, Any],
    lon: float | None = None,
    lat: float | None = None,
    area: tuple[Ring, ...] = (),
    where: str = "",
) -> Incident:
    """Make an incident of properties as `to_properties` gives them or as CSV holds them.

    Unknown names are passed over. Lists may be lists or JSON text; "" is None
    where the record allows None.

    Raises
    ------
    InputError
        If a value is not of its field's type; ``where`` is named.
    """
    values: dict[str, Any] = {"lon": lon, "lat": lat, "area": area}
    for name in FIELDS:
        value = row.get(name)
        if value is None or value == "" or value != value:
            if name in LISTS:
                values[name] = ()
            elif name in _ORDINARY:
                values[name] = ""
            continue
        try:
            values[name] = _read(name, value)
        except (ValueError, TypeError) as error:
            raise InputError(f"{name} {value!r} cannot be read: {error}", where=where) from error
    values.setdefault("confidence", 0.0)
    return Incident(**{k: v for k, v in values.items() if v is not None})


def _read(name: str, value: Any) -> Any:
    if name in LISTS:
        return tuple(json.loads(value) if isinstance(value, str) else value)
    if name in DATES:
        return value if type(value) is date else date.fromisoformat(str(value)[:10])
    if name in INTEGERS:
        return int(value)
    if name in FLOATS:
        return float(value)
    return str(value)


def to_frame(incidents: Iterable[Incident]) -> GeoDataFrame:
    """Give incidents as a GeoDataFrame in EPSG:4326, one row each, in the given order.

    Columns are `FIELDS`, ``area`` (Polygon outline or None) and ``geometry``
    (Point, or None when not mapped). Dates are `datetime.date`, counts are
    nullable ``Int64``, lists are lists.
    """
    import geopandas
    import pandas
    from shapely.geometry import MultiPolygon, Point, Polygon

    rows = list(incidents)
    data: dict[str, Any] = {}
    for name in FIELDS:
        column = [getattr(row, name) for row in rows]
        if name in INTEGERS:
            data[name] = pandas.array(column, dtype="Int64")
        elif name in FLOATS:
            data[name] = pandas.array(column, dtype="Float64")
        elif name in LISTS:
            data[name] = pandas.Series([list(v) for v in column], dtype=object)
        else:
            data[name] = pandas.Series(column, dtype=object)
    data["area"] = pandas.Series(
        [MultiPolygon([Polygon(ring) for ring in r.area]) if r.area else None for r in rows],
        dtype=object,
    )
    points = [None if r.lon is None or r.lat is None else Point(r.lon, r.lat) for r in rows]
    return geopandas.GeoDataFrame(data, geometry=points, crs="EPSG:4326")


def from_frame(frame: GeoDataFrame) -> list[Incident]:
    """Read incidents back from a GeoDataFrame with the record's columns.

    Raises
    ------
    InputError
        If the frame has no ``id`` column, or a value is not of its field's type.
    """
    if "id" not in frame.columns:
        raise InputError("the GeoDataFrame has no column 'id'", todo="Start from geomap.extract().")
    if frame.crs is not None and frame.crs.to_epsg() != 4326:
        frame = frame.to_crs("EPSG:4326")
    # Column by column: asking each cell by itself takes ten times as long.
    cells = {name: _cells(name, frame[name]) for name in FIELDS if name in frame.columns}
    outlines = frame["area"] if "area" in frame.columns else [None] * len(frame)
    cells["area"] = [_rings(outline) for outline in outlines]
    for axis, numbers in (("lon", frame.geometry.x), ("lat", frame.geometry.y)):
        cells[axis] = [None if value != value else value for value in numbers.tolist()]
    rows = zip(*cells.values(), strict=True)
    return [Incident(**dict(zip(cells, row, strict=True))) for row in rows]


def _cells(name: str, column: Any) -> list[Any]:
    usual = _DEFAULTS[name]
    cells = []
    for place, (value, unknown) in enumerate(zip(column, column.isna(), strict=True)):
        if unknown or value is None or (isinstance(value, str) and value == ""):
            cells.append(usual)
            continue
        try:
            cells.append(value if type(value) is str and name in _TEXTS else _read(name, value))
        except (ValueError, TypeError) as error:
            where = f"row {place + 1}"
            raise InputError(f"{name} {value!r} cannot be read: {error}", where=where) from error
    return cells


def _rings(outline: Any) -> tuple[Ring, ...]:
    if outline is None or outline != outline:
        return ()
    polygons = getattr(outline, "geoms", [outline])
    return tuple(tuple((x, y) for x, y in p.exterior.coords) for p in polygons)

"""Incidents as files: a table to read, GeoJSON and CSV to pass on and read back."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from geomap.errors import InputError
from geomap.model import Incident, Ring
from geomap.record import (
    FIELDS,
    FLOATS,
    INTEGERS,
    LISTS,
    from_properties,
    to_feature,
    to_properties,
)
from geomap.store.query import Match
from geomap.store.table import Rows, peek, write_table

_BETWEEN = " \t\r\n\x1e"  # GeoJSON text sequences (RFC 8142) begin each with a separator
_BINARY = (".gpkg", ".fgb", ".kml", ".shp", ".xlsx", ".parquet")
_TODO = "geomap reads back the GeoJSON, GeoJSON lines and CSV that it writes."


def write_incidents(
    incidents: Iterable[Incident | Match],
    file: TextIO,
    format: str = "table",
    *,
    hxl: bool = False,
) -> None:
    """Write incidents to an open file.

    The same incidents give the same bytes. `Match` values, as `Store.matches`
    gives them, carry a property or column ``certainty`` more.

    Parameters
    ----------
    format
        ``table``: aligned columns to read on a terminal. ``geojson``: one
        FeatureCollection (RFC 7946), a feature a line. ``geojsonl``: a feature a
        line and nothing else. ``csv``: the record's columns, lon, lat and area;
        lists are JSON text. A text that a spreadsheet would take for a formula
        (it begins with ``= + - @``, a tab or a line break) is preceded by an
        apostrophe, and so is one that begins with an apostrophe;
        `read_incidents` takes it off again.
    hxl
        With a row of HXL tags under the header of a CSV; it is passed over when read.

    Raises
    ------
    InputError
        If the format is not known.
    """
    if format not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise InputError(f"format {format!r} is not known", todo=f"Known formats: {known}.")
    rows = (row if isinstance(row, Match) else Match(row, None) for row in incidents)
    if format == "csv":
        _write_csv(rows, file, hxl=hxl)
    else:
        _WRITERS[format](rows, file)


def read_incidents(source: str | Path | TextIO) -> list[Incident]:
    """Read incidents that `write_incidents` wrote as GeoJSON, GeoJSON lines or CSV.

    Which of them it is, the content says. A point's third coordinate and holes
    in an area are passed over. Files that are no text (workbooks, GeoPackages,
    GeoParquet, ...) are read by their suffix, as `geomap.store.tables.read_table` does.

    Raises
    ------
    InputError
        If the file cannot be read, or an incident in it is not whole; the line
        is named.
    """
    if isinstance(source, (str, Path)) and Path(source).suffix.lower() in _BINARY:
        from geomap.store.tables import read_table

        read = read_table(source)
        if read.rejected:
            raise InputError(read.rejected[0])
        return read.incidents
    return incidents_of(*read_text(source))


def incidents_of(name: str, text: str) -> list[Incident]:
    """Read incidents from a text as `read_incidents` does; the name is for messages."""
    text = text.removeprefix("\ufeff")
    start = text.lstrip(_BETWEEN)[:1]
    if not start:
        raise InputError("is empty", where=name, todo=_TODO)
    return list(_from_json(text, name) if start in "{[" else _from_csv(text, name))


def _write_geojson(rows: Rows, file: TextIO) -> None:
    file.write('{"type":"FeatureCollection","features":[')
    between = "\n"
    for row in rows:
        file.write(between + _feature(row))
        between = ",\n"
    file.write("\n]}\n")


def _write_geojsonl(rows: Rows, file: TextIO) -> None:
    for row in rows:
        file.write(_feature(row) + "\n")


def _feature(row: Match) -> str:
    feature = to_feature(row.incident)
    if row.certainty:
        feature["properties"]["certainty"] = row.certainty
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_HXL = {
    **{"id": "#event+id", "event_id": "#event+id+group", "date": "#date+occurred+start"},
    **{"date_end": "#date+occurred+end", "incident_type": "#event+type"},
    **{"subtype": "#event+type+sub", "place": "#loc+name", "place_id": "#loc+code"},
    **{"country": "#country+code+v_iso2", "admin1": "#adm1+name", "lon": "#geo+lon"},
    **{"lat": "#geo+lat", "fatalities": "#affected+killed", "injured": "#affected+injured"},
    **{"missing": "#affected+missing", "displaced": "#affected+displaced"},
    **{"sentence": "#description", "source": "#meta+source", "doc_date": "#date+reported"},
}


def _write_csv(rows: Rows, file: TextIO, *, hxl: bool = False) -> None:
    rows, with_certainty = peek(rows)
    names = [*FIELDS, "lon", "lat", "area", *(["certainty"] if with_certainty else [])]
    write_row(file, names)
    if hxl:
        write_row(file, (_HXL.get(name, "") for name in names))
    for row in rows:
        cells = _cells(row)
        write_row(file, (cells[name] for name in names))


def write_row(file: TextIO, cells: Iterable[Any]) -> None:
    """Write a line of CSV; a text that begins like a formula gets an apostrophe in front."""
    row = ["'" + c if isinstance(c, str) and c[:1] in _FORMULA and c else c for c in cells]
    # Left to itself csv would write a lone carriage return without quotes.
    returns = any("\r" in cell for cell in row if isinstance(cell, str))
    dialect = "unix" if returns else "excel"  # the one quotes every cell
    csv.writer(file, dialect, lineterminator="\n").writerow(row)


_FORMULA = "=+-@\t\r\n'"


def _cells(row: Match) -> dict[str, Any]:
    incident = row.incident
    cells = to_properties(incident)
    cells |= {name: _json(cells[name]) if cells[name] else "" for name in LISTS}
    cells |= {"lon": incident.lon, "lat": incident.lat, "certainty": row.certainty}
    cells["area"] = _json(incident.area) if incident.area else ""
    return cells


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITERS: dict[str, Callable[[Rows, TextIO], None]] = {
    "table": write_table,
    "geojson": _write_geojson,
    "geojsonl": _write_geojsonl,
    "csv": _write_csv,
}


def read_text(source: str | Path | TextIO) -> tuple[str, str]:
    """Read a file, or what is left of an open one, and say its name for messages.

    Raises
    ------
    InputError
        If it cannot be read, or is not UTF-8.
    """
    if not isinstance(source, (str, Path)):
        name = str(getattr(source, "name", "input"))
        try:
            return name, source.read()
        except UnicodeDecodeError as error:
            raise InputError(f"is not UTF-8 text: {error.reason}", where=name) from error
    try:
        with Path(source).open(encoding="utf-8", newline="") as file:
            return str(source), file.read()
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 text: byte {error.start} {error.reason}"
        raise InputError(what, where=str(source), todo=_TODO) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(source)) from error


def _from_csv(text: str, name: str) -> Iterator[Incident]:
    csv.field_size_limit(sys.maxsize)  # a sentence may be as long as it likes
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if "id" not in (reader.fieldnames or ()):
            raise InputError("there is no column 'id'", where=f"{name}:1", todo=_TODO)
        for row in reader:
            where = f"{name}:{reader.line_num}"
            if None in row or None in row.values():
                raise InputError("does not have as many cells as the header", where=where)
            if row["id"] == _HXL["id"]:
                continue
            plain = {key: unguarded(key, value) for key, value in row.items()}
            lon, lat = (_number(key, plain.pop(key, ""), where) for key in ("lon", "lat"))
            area = _rings(plain.pop("area", ""), where)
            yield _incident(plain, lon, lat, area, where)
    except csv.Error as error:
        raise InputError(
            f"is not CSV: {error}", where=f"{name}:{reader.reader.line_num}"
        ) from error


def unguarded(name: str, value: str) -> str:
    """Take the apostrophe off a text that `write_row` has guarded."""
    is_text = name not in INTEGERS and name not in FLOATS
    guarded = is_text and value[:1] == "'" and value[1:2] in _FORMULA and len(value) > 1
    return value[1:] if guarded else value


def _from_json(text: str, name: str) -> Iterator[Incident]:
    try:
        whole = json.loads(text.strip(_BETWEEN))
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            what = f"is not JSON: {error.msg}, column {error.colno}"
            raise InputError(what, where=f"{name}:{error.lineno}") from error
        yield from _from_lines(text, name)
        return
    if not isinstance(whole, dict) or whole.get("type") not in ("Feature", "FeatureCollection"):
        raise InputError("is JSON, but no GeoJSON features", where=name, todo=_TODO)
    if whole["type"] == "Feature":
        yield _from_feature(whole, f"{name}:1")
        return
    features = whole.get("features")
    if not isinstance(features, list):
        raise InputError("is a FeatureCollection without features", where=name)
    for number, feature in enumerate(features, 1):
        yield _from_feature(feature, f"{name}: feature {number}")


def _from_lines(text: str, name: str) -> Iterator[Incident]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(_BETWEEN):
            where = f"{name}:{number}"
            try:
                feature = json.loads(line.strip(_BETWEEN))
            except json.JSONDecodeError as error:
                raise InputError(f"is not JSON: {error.msg}", where=where) from error
            yield _from_feature(feature, where)


def _from_feature(feature: Any, where: str) -> Incident:
    try:
        properties = feature["properties"] or {}
        geometry = feature.get("geometry")
        rings = tuple(
            tuple((x, y) for x, y, *_ in polygon[0])
            for polygon in (feature.get("area") or {"coordinates": ()})["coordinates"]
        )
    except (TypeError, KeyError, ValueError, IndexError, AttributeError) as error:
        raise InputError("is not a GeoJSON feature of ours", where=where, todo=_TODO) from error
    lon = lat = None
    if geometry:
        if geometry.get("type") != "Point" or len(geometry.get("coordinates", ())) < 2:
            raise InputError(f"{geometry.get('type')} is not a point", where=where, todo=_TODO)
        lon, lat, *_ = geometry["coordinates"]
    return _incident({"id": feature.get("id"), **properties}, lon, lat, rings, where)


def _incident(
    row: dict[str, Any], lon: Any, lat: Any, area: tuple[Ring, ...], where: str
) -> Incident:
    lon, lat = _number("lon", lon, where), _number("lat", lat, where)
    if (lon is None) != (lat is None):
        raise InputError("only one of lon and lat is given", where=where)
    if not (-180 <= (lon or 0) <= 180 and -90 <= (lat or 0) <= 90):
        raise InputError(
            f"lon {lon}, lat {lat} is not on the globe", where=where, todo="Are they swapped?"
        )
    incident = from_properties(row, lon, lat, area, where)
    if not incident.id:
        raise InputError("an incident has no id", where=where, todo=_TODO)
    return incident


def _number(name: str, value: Any, where: str) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} {value!r} is not a number", where=where) from None
    if number != number:
        raise InputError(f"{name} {value!r} is not a number", where=where)
    return number


def _rings(text: str, where: str) -> tuple[Ring, ...]:
    try:
        return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(text or "[]"))
    except (ValueError, TypeError) as error:
        raise InputError(f"area {text[:40]!r} cannot be read", where=where) from error

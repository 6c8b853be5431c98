"""Any table, by a file that says which of its columns is what."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import DATES, FIELDS, FLOATS, INTEGERS, from_properties
from geomap.store.coding import country_code, day, point, whole
from geomap.store.query import known_types

_POINT = ("lon", "lat")
_COUNTED = ("actors", "quantities", "reasons")
_SECTIONS = ("columns", "types", "fixed")


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Which column of a table is what.

    Attributes
    ----------
    columns
        Field of the record (also ``lon``, ``lat``, ``actor1``, ``actor2``) to column.
    types
        Value of the type's column to ``type`` or ``type/subtype``; ``*`` for all others.
    fixed
        Fields with one value in all rows.
    date_format
        As `datetime.strptime` has it; without, ISO 8601 and "2 May 2026".
    """

    columns: Mapping[str, str]
    types: Mapping[str, str]
    fixed: Mapping[str, Any]
    date_format: str = ""
    name: str = "table"


def read_mapping(path: str | Path) -> TableMapping:
    """Read a mapping file (TOML): ``[columns]``, ``[types]``, ``[fixed]``, ``date_format``.

    Raises
    ------
    InputError
        If it cannot be read, or maps what the record does not know.
    """
    where = str(path)
    try:
        said = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not TOML: {error}", where=where) from error
    strange = sorted(set(said) - {*_SECTIONS, "date_format", "name"})
    if strange:
        raise InputError(f"{strange[0]!r} is no part of a mapping", where=where, todo=_TODO)
    parts = {part: said.get(part, {}) for part in _SECTIONS}
    known = {*FIELDS, *_POINT, "actor1", "actor2"} - {*_COUNTED, "tags"}
    for field in (*parts["columns"], *parts["fixed"]):
        if field not in known:
            raise InputError(f"{field!r} is no field of the record", where=where, todo=_TODO)
    for kind in parts["types"].values():
        if kind.partition("/")[0] not in known_types():
            raise InputError(f"incident type {kind!r} is not known", where=where)
    name = said.get("name") or Path(path).stem
    if "id" not in parts["columns"]:
        raise InputError("no column gives the id", where=where, todo=_TODO)
    return TableMapping(**parts, date_format=said.get("date_format", ""), name=name)


_TODO = 'Under [columns] stands what is where: id = "Event No", date = "Day", lon = "X".'


def incident_of(row: Mapping[str, Any], mapping: TableMapping) -> Incident:
    """Read a row by its mapping; lon and lat are the geometry's where there is one.

    Raises
    ------
    ValueError, KeyError
        If a column is missing, or a value is not of its field's kind.
    """
    cells = {field: _cell(row[column]) for field, column in mapping.columns.items()}
    if not cells["id"]:
        raise ValueError(f"{mapping.columns['id']} is empty")
    values: dict[str, Any] = {"date_basis": "imported", "extractor": mapping.name}
    values |= dict(mapping.fixed)
    for field, text in cells.items():
        if field in FIELDS and text:
            values[field] = _value(field, text, mapping)
    values["id"] = f"{mapping.name}:{cells['id']}"
    values.setdefault("event_id", cells["id"])
    values |= _type(values.get("incident_type", ""), mapping)
    if values.get("date"):
        values.setdefault("date_precision", "day")
    values["actors"] = [
        {"text": cells[role], "name": cells[role], "role": role}
        for role in ("actor1", "actor2")
        if cells.get(role)
    ]
    said = (cells.get(axis) or _cell(row.get(axis, "")) for axis in _POINT)
    lon, lat = point(*said)
    area = row["area"] if isinstance(row.get("area"), tuple) else ()
    return from_properties(values, lon, lat, area)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _value(field: str, text: str, mapping: TableMapping) -> Any:
    if field in DATES:
        if mapping.date_format:
            return dt.datetime.strptime(text, mapping.date_format).date()
        return day(text)
    if field in INTEGERS:
        return whole(text)
    if field in FLOATS:
        return float(text)
    return (country_code(text) or text) if field == "country" and len(text) != 2 else text


def _type(said: str, mapping: TableMapping) -> dict[str, str]:
    kind = mapping.types.get(said, mapping.types.get("*", said))
    incident_type, _, subtype = kind.partition("/")
    if incident_type not in known_types():
        raise ValueError(f"type {said!r} is not under [types], nor one of geomap's")
    return {"incident_type": incident_type, **({"subtype": subtype} if subtype else {})}

"""Files that GDAL knows: FlatGeobuf, KML and Shapefile out and in, foreign GeoPackages in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import FIELDS, FLOATS, INTEGERS, LISTS, to_properties

DRIVERS = {".fgb": "FlatGeobuf", ".kml": "LIBKML", ".shp": "ESRI Shapefile"}
"""Suffix of what is written, and the driver that writes it."""

_MOST_BYTES = 254  # of a text in a Shapefile


def write_layer(incidents: Sequence[Incident], path: Path) -> list[str]:
    """Write incidents as the suffix says; say what was lost, a line each."""
    import numpy
    from pyogrio.raw import write

    rows = [_plain(incident, path.suffix) for incident in incidents]
    names = {name: name for name in rows[0]} if rows else {name: name for name in _columns()}
    lost = []
    if path.suffix == ".shp":
        names = short_names(tuple(names))
        lost = _cut(rows, incidents)
    columns = {names[name]: _array(name, [row[name] for row in rows]) for name in names}
    fields = [values for values, _ in columns.values()]
    masks = [mask if mask.any() else None for _, mask in columns.values()]
    options = {}
    if path.suffix == ".fgb" and any(one.lon is None for one in incidents):
        options["SPATIAL_INDEX"] = "NO"  # it would refuse a feature without a point
    geometry = numpy.array([_wkb(one) for one in incidents], dtype=object)
    write(
        *(str(path), geometry, fields, list(columns), masks),
        driver=DRIVERS[path.suffix],
        layer="incidents",
        geometry_type="Point",
        crs="EPSG:4326",
        encoding="UTF-8",
        **options,
    )
    return lost


def read_layer(path: Path) -> list[dict[str, Any]]:
    """Read the features of a file's first layer with points, as rows with lon, lat and area.

    An outline gives ``area`` and a point in it; other systems of coordinates are
    turned into EPSG:4326.

    Raises
    ------
    InputError
        If GDAL cannot read it.
    """
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyogrio.raw import read

    try:
        about, _, geometry, fields = read(str(path), layer=_layer(path))
    except (DataSourceError, DataLayerError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path)) from error
    names = [_long_name(name) for name in about["fields"]]
    columns = [_values(column) for column in fields]
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    if geometry is not None:
        rows = rows or [{} for _ in geometry]
        for row, place in zip(rows, _places(geometry, about["crs"]), strict=True):
            row |= place if place["area"] or "area" not in row else {**place, "area": row["area"]}
    return rows


def place_of(shape: Any) -> dict[str, Any]:
    """Give a geometry of shapely as lon, lat and area: a point in it, and its outlines."""
    if shape is None or shape.is_empty:
        return {"lon": None, "lat": None, "area": ()}
    spot = shape if shape.geom_type == "Point" else shape.representative_point()
    parts = getattr(shape, "geoms", [shape])
    rings = (part.exterior.coords for part in parts if part.geom_type == "Polygon")
    area = tuple(tuple((x, y) for x, y, *_ in ring) for ring in rings)
    return {"lon": spot.x, "lat": spot.y, "area": area}


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Give each name one of at most ten characters, as a Shapefile wants it."""
    short: dict[str, str] = {}
    for name in names:
        cut, number = name[:10], 1
        while cut in short.values():
            cut, number = f"{name[:8]}_{number}", number + 1
        short[name] = cut
    return short


def _columns() -> tuple[str, ...]:
    return (*FIELDS, "area")


def _long_name(name: str) -> str:
    long = {short: full for full, short in short_names(_columns()).items()}
    return long.get(name, name)


def _plain(incident: Incident, suffix: str) -> dict[str, Any]:
    row = to_properties(incident)
    row |= {name: _json(row[name]) if row[name] else None for name in LISTS}
    row["area"] = _json(incident.area) if incident.area else None
    if suffix == ".kml":
        row |= {"Name": incident.place, "description": incident.sentence}
    return row


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _array(name: str, cells: list[Any]) -> tuple[Any, Any]:
    """Give a column as GDAL takes it, and which of its cells are unknown."""
    import numpy

    unknown = numpy.array([cell is None for cell in cells], dtype=bool)
    if name in (*INTEGERS, *FLOATS):
        kind = "int64" if name in INTEGERS else "float64"
        return numpy.array([0 if cell is None else cell for cell in cells], dtype=kind), unknown
    return numpy.array(cells, dtype=object), unknown


def _cut(rows: list[dict[str, Any]], incidents: Sequence[Incident]) -> list[str]:
    """Cut texts to what a Shapefile holds, and say what that costs."""
    cut: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and len(value.encode()) > _MOST_BYTES:
                keeps = (
                    ""
                    if name in (*LISTS, "area")
                    else value.encode()[:_MOST_BYTES].decode(errors="ignore")
                )
                row[name] = keeps or None
                cut[name] = cut.get(name, 0) + 1
    lost = ["names of columns are cut to ten characters"]
    for name, number in cut.items():
        how = "left out" if name in (*LISTS, "area") else f"cut to {_MOST_BYTES} bytes"
        lost.append(f"{name} {how} in {number:,} of {len(incidents):,} rows")
    return lost


def _wkb(incident: Incident) -> bytes | None:
    import struct

    if incident.lon is None or incident.lat is None:
        return None
    return struct.pack("<BIdd", 1, 1, incident.lon, incident.lat)


def _layer(path: Path) -> str | int:
    """Choose the first layer that has points or outlines, else the first."""
    from pyogrio import list_layers

    layers = list_layers(str(path)).tolist()
    return next((name for name, kind in layers if kind), layers[0][0] if layers else 0)


def _values(column: Any) -> list[Any]:
    kind = column.dtype.kind
    if kind == "M":
        return [None if text == "NaT" else text for text in column.astype(str).tolist()]
    return [None if cell != cell else cell for cell in column.tolist()]


def _places(geometry: Any, crs: str | None) -> Iterator[dict[str, Any]]:
    import shapely

    shapes = shapely.force_2d(shapely.from_wkb(geometry))
    if crs and crs != "EPSG:4326":
        shapes = _turned(shapes, crs)
    yield from map(place_of, shapes)


def _turned(shapes: Any, crs: str) -> Any:
    import shapely
    from pyproj import Transformer

    turn = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, lambda x, y: turn.transform(x, y), interleaved=False)

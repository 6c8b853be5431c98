"""The rows of the store as a GeoDataFrame, column by column, without an object for each row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geomap.record import DATES, FIELDS, FLOATS, INTEGERS, LISTS, to_frame
from geomap.store.row import DEFAULTS, read_area
from geomap.store.schema import POINT_SIZE, read_point

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_PLAIN = b"GP\0\1"
_LON_AT = 13  # bytes of a GeoPackage point before its two numbers


def frame_of(rows: Sequence[Sequence[Any]], certainty: Sequence[str | None]) -> GeoDataFrame:
    """Make what `Store.select` gives of rows of ``geom`` and `geomap.store.schema.COLUMNS`.

    Raises
    ------
    ValueError, TypeError
        If another program has written what is not of the column's kind.
    """
    import geopandas
    import pandas
    import shapely

    if not rows:
        frame = to_frame([])
        frame.insert(len(frame.columns) - 1, "certainty", [])
        return frame
    blobs, *columns, areas = zip(*rows, strict=True)
    data: dict[str, Any] = {
        name: _column(name, column, default)
        for name, column, default in zip(FIELDS, columns, DEFAULTS, strict=True)
    }
    data["area"] = pandas.Series([_outline(text) for text in areas], dtype=object)
    data["certainty"] = pandas.Series(certainty, dtype=object)
    lons, lats = _coordinates(blobs)
    points = shapely.points(lons, lats)
    points[lons != lons] = None
    return geopandas.GeoDataFrame(data, geometry=points, crs="EPSG:4326")


def _column(name: str, values: Sequence[Any], default: Any) -> Any:
    import pandas

    if name in (*INTEGERS, *FLOATS):
        numbers = pandas.array(values, dtype="Int64" if name in INTEGERS else "Float64")
        return numbers.fillna(default) if default is not None else numbers
    if name in LISTS:
        lists = json.loads("[" + ",".join(text or "[]" for text in values) + "]")
        return pandas.Series(lists, dtype=object)
    if name in DATES:
        return _dates(values)
    if default is not None and None in values:
        values = [default if value is None else value for value in values]
    return pandas.Series(values, dtype=object)


def _dates(values: Sequence[str | None]) -> Any:
    """Read each day once, however many rows have it."""
    import numpy
    import pandas

    codes, days = pandas.factorize(numpy.array(values, dtype=object))
    read = numpy.array([*(dt.date.fromisoformat(day[:10]) for day in days), None], dtype=object)
    return pandas.Series(read[codes], dtype=object)  # unknown has the code -1: the last


def _outline(text: str | None) -> Any:
    from shapely import MultiPolygon, Polygon

    return MultiPolygon([Polygon(ring) for ring in read_area(text)]) if text else None


def _coordinates(blobs: Sequence[bytes | None]) -> tuple[Any, Any]:
    """Read points as geomap writes them at one stroke, others one by one."""
    import numpy

    blank = bytes(POINT_SIZE)
    same = [blob if blob and len(blob) == POINT_SIZE else blank for blob in blobs]
    raw = numpy.frombuffer(b"".join(same), dtype=numpy.uint8).reshape(-1, POINT_SIZE)
    numbers = numpy.ascontiguousarray(raw[:, _LON_AT : _LON_AT + 16]).view("<f8").copy()
    ours = numpy.frombuffer(_PLAIN, dtype=numpy.uint8)
    foreign = (raw[:, :4] != ours).any(axis=1) | (raw[:, 8] != 1)
    for row in numpy.flatnonzero(foreign).tolist():
        numbers[row] = read_point(blobs[row]) or (numpy.nan, numpy.nan)
    return numbers[:, 0], numbers[:, 1]

"""Incidents as GeoParquet 1.1, out and in; needs ``geomap[parquet]``.

A file holds points as WKB with a covering column of their bounds, in Hilbert order,
so that a reader skips what lies elsewhere; pages carry checksums. A folder holds one
such part a month. A part is written under a name that begins with a dot, which
readers of folders pass over, and takes its own name once it is on the disk.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import GeomapError, InputError
from geomap.files import make_folder, replacing
from geomap.model import Incident
from geomap.record import DATES, FIELDS, FLOATS, INTEGERS, LISTS, from_properties

if TYPE_CHECKING:
    import pyarrow

ROWS_OF_A_GROUP = 50_000
UNDATED = "undated"
_AT_ONCE = 20_000
_LEVEL = 16  # a Hilbert curve of 65,536 cells a side: 600 m
_CORNERS = ("xmin", "ymin", "xmax", "ymax")


def write_parquet(incidents: Iterable[Incident], path: Path) -> None:
    """Write incidents to one file, whole or not at all.

    The same incidents give the same bytes.
    """
    _write(_table(incidents), path)


def write_months(incidents: Iterable[Incident], folder: Path) -> list[Path]:
    """Write one file a month into a folder (``2026-03.parquet``), each whole or not at all.

    A month that is there already is replaced; the others stay.

    Returns
    -------
    list of Path
        The files, by month; what has no date is in ``undated.parquet``.
    """
    months: dict[str, list[Incident]] = {}
    for incident in incidents:
        month = f"{incident.date:%Y-%m}" if incident.date else UNDATED
        months.setdefault(month, []).append(incident)
    make_folder(folder)
    paths = [folder / f"{month}.parquet" for month in sorted(months)]
    for path in paths:
        _write(_table(months[path.stem]), path)
    return paths


def read_parquet(path: Path) -> list[Incident]:
    """Read incidents from a file, or from all parts of a folder, as `write_parquet` wrote them.

    Raises
    ------
    InputError
        If it is no GeoParquet of ours, or a page's checksum does not agree.
    """
    rows = read_rows(path)
    return [_incident(row, str(path)) for row in rows]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read the rows of a GeoParquet file or folder, each with lon and lat."""
    _need_pyarrow()
    import pyarrow
    from pyarrow import parquet

    parts = sorted(path.glob("[!._]*.parquet")) if path.is_dir() else [path]
    for part in parts:
        try:
            with parquet.ParquetFile(part, page_checksum_verification=True) as file:
                column = _point_column(file, part)
                for batch in file.iter_batches(_AT_ONCE):
                    yield from _plain(batch, column, part)
        except (pyarrow.ArrowInvalid, OSError) as error:
            raise InputError(f"cannot be read: {error}", where=str(part)) from error


def _table(incidents: Iterable[Incident]) -> pyarrow.Table:
    _need_pyarrow()
    import pyarrow

    rows = list(incidents)
    columns: dict[str, Any] = {}
    for name in FIELDS:
        values = [getattr(row, name) for row in rows]
        if name in LISTS:
            values = [_json(list(value)) for value in values]
        columns[name] = pyarrow.array(values, _type(name))
    points = [None if r.lon is None or r.lat is None else (r.lon, r.lat) for r in rows]
    outlines = [_json(row.area) if row.area else None for row in rows]
    columns["area"] = pyarrow.array(outlines, pyarrow.string())
    columns["geometry"] = pyarrow.array([p and _point(*p) for p in points], pyarrow.binary())
    bounds = [p and dict(zip(_CORNERS, (*p, *p), strict=True)) for p in points]
    corners = pyarrow.struct([(corner, pyarrow.float64()) for corner in _CORNERS])
    columns["bbox"] = pyarrow.array(bounds, corners)
    order = pyarrow.array(_hilbert_order(rows), pyarrow.int64())
    table = pyarrow.table(columns).take(order)
    about = _metadata(points)
    return table.replace_schema_metadata({"geo": json.dumps(about, sort_keys=True)})


def _type(name: str) -> pyarrow.DataType:
    import pyarrow

    if name in DATES:
        return pyarrow.date32()
    if name in INTEGERS:
        return pyarrow.int64()
    return pyarrow.float64() if name in FLOATS else pyarrow.string()


def _metadata(points: Sequence[Any]) -> dict[str, Any]:
    import pyproj

    crs = pyproj.CRS("OGC:CRS84").to_json_dict()
    lons, lats = zip(*(p for p in points if p), strict=True) if any(points) else ((), ())
    bounds = [min(lons), min(lats), max(lons), max(lats)] if lons else None
    covering = {"bbox": {corner: ["bbox", corner] for corner in _CORNERS}}
    geometry: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"], "crs": crs}
    geometry |= {"covering": covering} | ({"bbox": bounds} if bounds else {})
    columns = {"geometry": geometry}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": columns}


def _hilbert_order(rows: Sequence[Incident]) -> list[int]:
    """Order rows along a Hilbert curve over the globe, then by id; unmapped ones last."""
    import geopandas

    mapped = [n for n, row in enumerate(rows) if row.lon is not None]
    series = geopandas.GeoSeries.from_xy(
        [rows[n].lon for n in mapped], [rows[n].lat for n in mapped]
    )
    globe = (-180, -90, 180, 90)
    along = series.hilbert_distance(total_bounds=globe, level=_LEVEL) if mapped else ()
    at = dict(zip(mapped, map(int, along), strict=True))
    last = 4**_LEVEL
    return sorted(range(len(rows)), key=lambda n: (at.get(n, last), rows[n].id))


def _write(table: pyarrow.Table, path: Path) -> None:
    from pyarrow import parquet

    with replacing(path) as draft:
        parquet.write_table(
            table,
            draft,
            compression="zstd",
            row_group_size=ROWS_OF_A_GROUP,
            write_page_checksum=True,
        )
        with draft.open("rb") as file:
            os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name too
    finally:
        os.close(folder)


def _point(lon: float, lat: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, lon, lat)


def _point_column(file: Any, part: Path) -> str:
    said = (file.schema_arrow.metadata or {}).get(b"geo")
    if said is None:
        raise InputError("is Parquet, but no GeoParquet", where=str(part))
    return str(json.loads(said)["primary_column"])


def _plain(batch: Any, column: str, part: Path) -> Iterator[dict[str, Any]]:
    import shapely

    points = shapely.from_wkb(batch.column(column).to_numpy(zero_copy_only=False))
    drop = [name for name in (column, "bbox") if name in batch.schema.names]
    for row, point in zip(batch.drop_columns(drop).to_pylist(), points, strict=True):
        if point is not None and point.geom_type != "Point":
            raise InputError(f"{point.geom_type} is not a point", where=str(part))
        row["lon"], row["lat"] = (point.x, point.y) if point is not None else (None, None)
        yield row


def _incident(row: dict[str, Any], where: str) -> Incident:
    lon, lat = row.pop("lon"), row.pop("lat")
    rings = json.loads(row.pop("area", None) or "[]")
    area = tuple(tuple((x, y) for x, y in ring) for ring in rings)
    if not row.get("id"):
        raise InputError("an incident has no id", where=where)
    return from_properties(row, lon, lat, area, where)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _need_pyarrow() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        todo = "pip install 'geomap[parquet]'"
        raise GeomapError("GeoParquet needs pyarrow", todo=todo) from None

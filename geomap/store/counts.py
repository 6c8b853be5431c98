"""How many incidents there are by day, type, actor, area or cell of a grid."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from sqlite3 import Connection
from typing import Any, NamedTuple, TextIO

from geomap.errors import InputError
from geomap.record import area_geometry
from geomap.store.cell import CELLS, cell_of, cell_rings
from geomap.store.connection import in_batches
from geomap.store.exchange import write_row
from geomap.store.extent import Certainty
from geomap.store.query import Query
from geomap.store.search import find, has_rejected
from geomap.store.table import plain

Counts = list[tuple[Any, ...]]
"""What is counted by, then the number; in the order of what is counted by, unknown last."""

NARROW = {
    "day": "r.date",
    "month": "substr(r.date, 1, 7)",
    "year": "substr(r.date, 1, 4)",
    "type": "r.incident_type",
}
WIDE = {
    **{"subtype": "i.subtype", "modality": "i.modality", "place": "i.place"},
    **{"admin1": "i.admin1", "country": "i.country", "actor": "i.actors"},
}
_KNOWN = (*NARROW, *WIDE, "certainty", *(f"{kind}:SIZE" for kind in CELLS))


class Counted(NamedTuple):
    """A row to count: where it is, how it lies to the box, and its plain values by name."""

    lon: float | None
    lat: float | None
    certainty: Certainty | None
    values: Mapping[str, str | None]


def count_by(db: Connection, query: Query, by: Sequence[str], *, by_index: bool) -> Counts:
    """Count the incidents that answer a query by some of their properties.

    Raises
    ------
    InputError
        If one of ``by`` is not known.
    """
    plain_keys = keys_of(by)
    if query == Query() and set(by) <= set(NARROW):
        keys = ", ".join(NARROW[name] for name in by)
        only = " WHERE NOT r.rejected" if has_rejected(db) else ""
        rows = db.execute(f"SELECT {keys}, count(*) FROM geomap_rows AS r{only} GROUP BY {keys}")
        return sorted((tuple(v or None for v in row) for row in rows), key=_unknown_last)
    hits = {hit.fid: hit.certainty for hit in find(db, query, by_index=by_index)}
    columns = ", ".join(["r.fid", "r.lon", "r.lat", *plain_keys.values()])
    wide = "" if set(plain_keys) <= set(NARROW) else " JOIN incidents AS i USING (fid)"
    sql = f"SELECT {columns} FROM geomap_rows AS r{wide} WHERE r.fid IN"
    found = in_batches(db, sql, list(hits))
    return tally(
        (
            Counted(lon, lat, hits[fid], dict(zip(plain_keys, values, strict=True)))
            for fid, lon, lat, *values in found
        ),
        by,
    )


def keys_of(by: Sequence[str]) -> dict[str, str]:
    """Give the columns that are counted by, by name; cells and certainty have none.

    Raises
    ------
    InputError
        If one of ``by`` is not known.
    """
    columns = NARROW | WIDE
    for name in by or ("",):
        if name not in columns and name != "certainty" and name.partition(":")[0] not in CELLS:
            raise InputError(f"count by {name!r} is not known", todo=f"Known: {', '.join(_KNOWN)}.")
    return {name: columns[name] for name in by if name in columns}


def tally(rows: Iterable[Counted], by: Sequence[str]) -> Counts:
    """Count rows by some of their properties; once for each of several actors."""
    ways = [_way(name) for name in by]
    counter: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        counter.update(product(*(way(row) for way in ways)))
    return sorted(((*key, number) for key, number in counter.items()), key=_unknown_last)


def _way(name: str) -> Callable[[Counted], Sequence[str | None]]:
    """Give what says which values of a property a row has; an empty text is unknown."""
    if name == "actor":
        return lambda row: _actors(row.values["actor"])
    if name == "certainty":
        return lambda row: [row.certainty]
    if name.partition(":")[0] not in CELLS:
        return lambda row: [row.values[name] or None]
    cell = cell_of(name)

    def cells(row: Counted) -> Sequence[str | None]:
        return [None if row.lon is None or row.lat is None else cell(row.lon, row.lat)]

    return cells


def write_counts(
    by: Sequence[str],
    counts: Counts,
    file: TextIO,
    format: str = "table",
    outlines: Mapping[tuple[Any, ...], Any] = {},
) -> None:
    """Write counts as a ``table``, as ``csv`` or as ``geojson``.

    In GeoJSON a feature has the outline of its cell, or the one that `outlines`
    gives for what it is counted by; else no geometry.

    Raises
    ------
    InputError
        If the format is not known.
    """
    rows = [(*by, "incidents"), *counts]
    if format == "csv":
        for row in rows:
            write_row(file, row)
    elif format == "geojson":
        features = (_feature(by, row, outlines.get(row[:-1])) for row in counts)
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
        file.write('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n")
    elif format == "table":
        texts = [["-" if cell is None else plain(str(cell)) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        for line in texts:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            file.write("  ".join(cells).rstrip() + "\n")
    else:
        todo = "Known formats: table, csv, geojson."
        raise InputError(f"format {format!r} is not known", todo=todo)


def _feature(by: Sequence[str], row: tuple[Any, ...], outline: Any) -> dict[str, Any]:
    for grid, cell in zip(by, row, strict=False):
        if grid.partition(":")[0] in CELLS and cell is not None:
            outline = area_geometry(cell_rings(grid, cell))
    properties = dict(zip((*by, "incidents"), row, strict=True))
    return {"type": "Feature", "geometry": outline, "properties": properties}


def _actors(text: str | None) -> list[str | None]:
    names = {actor.get("name") or actor.get("text") for actor in json.loads(text or "[]")}
    return list(names) or [None]


def _unknown_last(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is None, value) for value in row]

"""Tables of other makers: ACLED, UCDP GED, GTD, GDELT, USGS, feeds, and any by a mapping."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import from_properties
from geomap.store import acled, feed, gdelt, gtd, mapping, ucdp, usgs
from geomap.store.exchange import incidents_of, read_text, write_row
from geomap.store.mapping import TableMapping

Raw = TypeVar("Raw")
Row = Mapping[str, Any]
Placed = Iterable[tuple[str, Row]]
"""Rows, each with its place in the file before it: ``:7`` is line 7."""

_KNOWN = (
    "geomap reads ACLED, UCDP GED, GTD, GDELT 1 and 2, USGS feeds, GeoRSS, and what it writes "
    "itself; any other table by a mapping file: geomap import --mapping columns.toml TABLE"
)
_OURS = {"id", "incident_type", "confidence"}


class Imported(NamedTuple):
    """What a table holds.

    Attributes
    ----------
    incidents
        In the order of the table.
    rejected
        The rows that could not be read: file, line and why, one text each.
    """

    incidents: list[Incident]
    rejected: list[str]


def read_table(
    source: str | Path | TextIO, by: TableMapping | None = None, *, kind: str = ""
) -> Imported:
    """Read incidents from a table, whose maker its columns tell.

    Text (CSV, GeoJSON, feeds), workbooks (XLSX), GeoParquet and what GDAL reads
    (GeoPackage, FlatGeobuf, KML, Shapefile). Ids are the maker's own, so that a
    newer edition of the table updates the rows of an older one. ``date_basis`` is
    "imported". What geomap wrote itself comes back as it was.

    Parameters
    ----------
    by
        Which column is what, for tables of makers that are not known.
    kind
        Type of the incidents of a feed, which does not say it: ``hazard/flood``.

    Raises
    ------
    InputError
        If the file cannot be read, or is no table that geomap knows.
    """
    if isinstance(source, (str, Path)) and Path(source).suffix.lower() in _READERS:
        path = Path(source)
        if not path.exists():
            raise InputError("cannot be read: No such file or directory", where=str(path))
        return _READERS[path.suffix.lower()](path, by)
    name, text = read_text(source)
    text = text.removeprefix("\ufeff")
    if feed.is_feed(text):
        return _read_feed(text, name, kind)
    first = text.lstrip().partition("\n")[0]
    if first.startswith("{") and re.search(r'"mag"\s*:', text[:100_000]) and not by:
        return _collect(_features(text, name), usgs.incident_of, name)
    if first.count("\t") in gdelt.TABS and first.partition("\t")[0].isdigit():
        return _collect(_lines(text), gdelt.incident_of, name)
    if first.startswith(("{", "[", "\x1e")):
        return _read_json(text, name, by)
    header = set(re.split(r'[,;\t"\r]+', first))
    if not by and ("sentence_start" in header or not first):
        return Imported(incidents_of(name, text), [])
    known = (acled.COLUMNS, ucdp.COLUMNS, gtd.COLUMNS)
    if not by and not any(header >= columns for columns in known):
        raise InputError("is no table that geomap knows", where=name, todo=_KNOWN)
    return _read_rows(_rows(text, name), name, by)


def write_rejected(rejected: Iterable[str], file: TextIO) -> None:
    """Write the rows that could not be read as CSV: file, place in it, why."""
    write_row(file, ("file", "row", "problem"))
    for problem in rejected:
        where, _, why = problem.partition(": ")
        if why.startswith("feature "):
            number, _, why = why.partition(": ")
            write_row(file, (where, number, why))
        else:
            write_row(file, (*where.rpartition(":")[::2], why))


def _read_rows(rows: Placed, name: str, by: TableMapping | None) -> Imported:
    """Read rows as their columns tell, or as the mapping does."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return Imported([], [])
    header, rows = set(first[1]), chain([first], rows)
    if by:
        return _collect(rows, partial(mapping.incident_of, mapping=by), name)
    for maker in (acled, ucdp, gtd):
        if header >= maker.COLUMNS:
            return _collect(((at, _texts(row)) for at, row in rows), maker.incident_of, name)
    if header >= _OURS:
        return _collect(rows, _our_own, name)
    raise InputError("is no table that geomap knows", where=name, todo=_KNOWN)


def _texts(row: Row) -> dict[str, str]:
    """Give cells of any kind as a CSV has them."""
    return {key: "" if v is None or v != v else str(v) for key, v in row.items()}


def _our_own(row: Row) -> Incident:
    cells = dict(row)
    numbers = [cells.pop(axis, None) for axis in ("lon", "lat")]
    lon, lat = (None if number in (None, "") else float(number) for number in numbers)
    area = cells.pop("area", None) or ()
    if isinstance(area, str):
        area = tuple(tuple((x, y) for x, y in ring) for ring in json.loads(area))
    if not cells.get("id"):
        raise ValueError("id is empty")
    return from_properties(cells, lon, lat, area)


def _read_feed(text: str, name: str, kind: str) -> Imported:
    if not kind:
        todo = "Say it: --type hazard, or --type hazard/flood."
        raise InputError("is a feed, which does not say of what type it is", where=name, todo=todo)
    return _collect(feed.read_feed(text, name), partial(feed.incident_of, kind=kind), name)


def _read_json(text: str, name: str, by: TableMapping | None) -> Imported:
    if not by:
        return Imported(incidents_of(name, text), [])
    return _read_rows(_properties(text, name), name, by)


def _properties(text: str, name: str) -> Iterator[tuple[str, Row]]:
    """Give the features of any GeoJSON as rows with lon, lat and area."""
    import shapely

    from geomap.store.gdal import place_of

    for at, feature in _features(text, name):
        geometry = feature.get("geometry")
        shape = shapely.from_geojson(json.dumps(geometry)) if geometry else None
        properties = feature.get("properties") or {}
        yield at, {"id": feature.get("id"), **properties, **place_of(shape)}


def _read_workbook(path: Path, by: TableMapping | None) -> Imported:
    from geomap.store.workbook import read_sheet

    return _read_rows(read_sheet(path), str(path), by)


def _read_parquet(path: Path, by: TableMapping | None) -> Imported:
    from geomap.store.parquet import read_rows

    return _read_rows(_numbered(read_rows(path)), str(path), by)


def _read_layer(path: Path, by: TableMapping | None) -> Imported:
    from geomap.store.gdal import read_layer

    return _read_rows(_numbered(read_layer(path)), str(path), by)


def _read_geopackage(path: Path, by: TableMapping | None) -> Imported:
    """Read a store of ours with all that it holds, else the first layer."""
    from geomap.errors import StoreError
    from geomap.store import Query, Store

    try:
        with Store(path) as store:
            return Imported(list(store.incidents(Query(include_rejected=True))), [])
    except StoreError:
        return _read_layer(path, by)


_READERS: dict[str, Callable[[Path, TableMapping | None], Imported]] = {
    ".xlsx": _read_workbook,
    ".parquet": _read_parquet,
    ".gpkg": _read_geopackage,
    **dict.fromkeys((".fgb", ".kml", ".shp"), _read_layer),
}


def _numbered(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    return ((f": feature {number}", row) for number, row in enumerate(rows, 1))


def _collect(
    rows: Iterable[tuple[str, Raw]], read: Callable[[Raw], Incident | None], name: str
) -> Imported:
    found = Imported([], [])
    for at, row in rows:
        try:
            incident = read(row)
        except KeyError as error:
            found.rejected.append(f"{name}{at}: {error} is missing")
        except (ValueError, TypeError, OverflowError, InputError) as error:
            found.rejected.append(f"{name}{at}: {error}")
        else:
            if incident:
                found.incidents.append(incident)
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    return ((f":{number}", line) for number, line in enumerate(text.split("\n"), 1))


def _rows(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    csv.field_size_limit(sys.maxsize)
    header = text.partition("\n")[0]
    between = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=between, restval="")
    try:
        for row in reader:
            yield f":{reader.line_num}", row
    except csv.Error as error:
        where = f"{name}:{reader.reader.line_num}"
        raise InputError(f"is not CSV: {error}", where=where) from error


def _features(text: str, name: str) -> Iterator[tuple[str, Any]]:
    try:
        whole = json.loads(text)
        features = [whole] if whole.get("type") == "Feature" else whole["features"]
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}"
        raise InputError(f"is not JSON: {error.msg}", where=where) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError("is no FeatureCollection", where=name, todo=_KNOWN) from error
    yield from ((f": feature {number}", feature) for number, feature in enumerate(features, 1))

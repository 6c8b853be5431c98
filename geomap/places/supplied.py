"""Places that users supply: CSV with our columns, and GeoJSON with points or outlines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.places.lines import DAMAGED, Report, Tick, opened, read_lines
from geomap.places.outline import inner_point
from geomap.places.spelling import fold
from geomap.places.tables import Kind, Outline, Row, split_names

TYPICAL = {
    **{"airport": "AIRP", "base": "MILB", "corridor": "COR", "country": "PCLI", "coast": "CST"},
    **{"district": "ADM2", "facility": "FCLT", "island": "ISL", "lake": "LK", "mountain": "MT"},
    **{"region": "RGN", "sea": "SEA", "settlement": "PPL", "strait": "STRT"},
}
"""The feature code of a kind that has several."""
MANY_CORNERS = 100
UNSEEN = 0.001
"""Part of the size of a ring by which its line may be moved."""
_NEEDED = ("name", "lon", "lat")
_ID = re.compile(r"\S{1,200}")


class _Reader:
    """Makes rows of what a table or a GeoJSON file says of a place.

    A row that names no kind has no feature code.
    """

    def __init__(self, kinds: Mapping[str, Kind], source: str) -> None:
        self._codes = kinds.keys()
        self._typical = {kind.kind: code for code, kind in reversed(list(kinds.items()))} | TYPICAL
        self._source = source

    def row(self, where: str, said: Mapping[str, Any], outline: Outline | None = None) -> Row:
        """Give a row; ValueError says what is wrong with it."""
        name = _text(said.get("name"))
        if not fold(name):
            raise ValueError("the name is empty")
        lon, lat = _number(said, "lon"), _number(said, "lat")
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"lon {lon:g}, lat {lat:g} is not on the globe; are they swapped?")
        place_id = _text(said.get("place_id")) or _made_id(name, lon, lat)
        if not _ID.fullmatch(place_id):
            raise ValueError(f"place_id {place_id[:50]!r} holds a blank or is too long")
        extent, population = _number(said, "extent_km", 0), _number(said, "population", 0)
        if not (0 <= extent <= 20_000 and 0 <= population <= 1e11):
            raise ValueError(f"extent_km {extent:g} or population {population:g} is out of range")
        return Row(
            place_id,
            name,
            self._feature_code(said),
            lon,
            lat,
            countries=tuple(_text(said.get("country")).upper().replace(";", " ").split()),
            names=tuple(_names(said)),
            admin1=_text(said.get("admin1")),
            parent=_text(said.get("parent")),
            population=int(population),
            extent_km=extent,
            source=_text(said.get("source")) or self._source,
            where=where,
            outline=outline or [],
        )

    def _feature_code(self, said: Mapping[str, Any]) -> str:
        code, kind = _text(said.get("feature_code")).upper(), _text(said.get("kind")).lower()
        if not code and kind:
            code = self._typical.get(kind, "")
            if not code:
                raise ValueError(f"kind {kind!r} is unknown; see gazetteer/kinds.csv")
        if code and code not in self._codes:
            raise ValueError(f"feature code {code!r} is unknown; see gazetteer/kinds.csv")
        return code


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _number(said: Mapping[str, Any], column: str, default: float | None = None) -> float:
    value = said.get(column)
    if default is not None and value in (None, ""):
        return default
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{column} {value!r} is no number") from None


def _names(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield other spellings: a list, or one text parted by semicolons."""
    for column in ("names", "aliases"):
        value = said.get(column)
        if isinstance(value, list):
            yield from (_text(name) for name in value if _text(name))
        elif isinstance(value, str):
            yield from split_names(value)


def _made_id(name: str, lon: float, lat: float) -> str:
    slug = re.sub(r"\W+", "-", fold(name)).strip("-")
    return f"user:{slug}@{lon:.4f},{lat:.4f}"


def read_csv(path: Path, kinds: Mapping[str, Kind], report: Report, tick: Tick) -> Iterator[Row]:
    """Yield the places of a table; rows that cannot be read are reported and left out.

    The first line names the columns: ``name``, ``lon`` and ``lat``, and any other
    of ``place_id, names, feature_code or kind, country, admin1, parent, extent_km,
    population, source``. A place is one line.
    """
    reader = _Reader(kinds, path.name)
    header: list[str] = []
    for where, line in read_lines(path, report, tick):
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
            if not header:
                header = cells
                missing = [column for column in _NEEDED if column not in header]
                if missing:
                    report(f"{where}: the header lacks {', '.join(missing)}; no line can be read")
                    return
            elif cells:
                if len(cells) != len(header):
                    raise ValueError(
                        f"{len(cells)} cells, not {len(header)}; quote one that has a comma"
                    )
                yield reader.row(where, dict(zip(header, cells, strict=True)))
        except (ValueError, csv.Error) as error:
            report(f"{where}: {error}")


def read_geojson(
    path: Path, kinds: Mapping[str, Kind], report: Report, tick: Tick
) -> Iterator[Row]:
    """Yield the places of a FeatureCollection, read piece by piece.

    Properties are named like the columns of a table; ``aliases`` and lists of names
    will do. A point is a place, a polygon its outline. Holes are not kept, nor are
    corners finer than a thousandth of a ring's size.
    """
    import ijson

    reader = _Reader(kinds, path.name)
    number = 0
    try:
        with opened(path, tick) as file:
            for number, feature in enumerate(ijson.items(file, "features.item", use_float=True), 1):
                where = f"{path}, feature {number}"
                try:
                    yield _feature_row(where, feature, reader)
                except ValueError as error:
                    report(f"{where}: {error}")
    except (ijson.JSONError, *DAMAGED) as error:
        text = " ".join(str(error).split())
        report(f"{path}, after feature {number}: the file is cut off or damaged: {text[:100]}")
        return
    if not number:
        report(f"{path}: no features; it should be a GeoJSON FeatureCollection")


def _feature_row(where: str, feature: Any, reader: _Reader) -> Row:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise ValueError("is no GeoJSON Feature with properties")
    said, geometry = dict(feature["properties"]), feature.get("geometry") or {}
    said.setdefault("place_id", said.get("id") or feature.get("id"))
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        said["lon"], said["lat"] = (*coordinates, None, None)[:2] if coordinates else (None, None)
        return reader.row(where, said)
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a {kind} is neither a point nor an outline")
    outline = _outline(coordinates if kind == "MultiPolygon" else [coordinates])
    if "lon" not in said or "lat" not in said:
        said["lon"], said["lat"] = inner_point(outline)
    return reader.row(where, said, outline)


def _outline(polygons: Any) -> Outline:
    """Give the outer rings, the largest first; ValueError names what is wrong with one."""
    try:
        rings = [np.array([corner[:2] for corner in polygon[0]], float) for polygon in polygons]
    except (TypeError, ValueError, IndexError, KeyError):
        raise ValueError("the outline is no list of rings of lon, lat") from None
    if not rings or any(ring.ndim != 2 or len(ring) < 4 for ring in rings):
        raise ValueError("a ring needs four corners or more, each lon and lat")
    for ring in rings:
        lon, lat = np.abs(ring).max(axis=0)
        if not (lon <= 180 and lat <= 90):
            raise ValueError(
                f"the outline leaves the globe (lon {lon:g}, lat {lat:g}); "
                "one that crosses 180 degrees is two polygons"
            )
        if tuple(ring[0]) != tuple(ring[-1]):
            raise ValueError("the outline is not closed")
        if not shapely.LinearRing(ring).is_simple:
            raise ValueError("the outline crosses itself")
    rings = [_simplified(ring) if len(ring) > MANY_CORNERS else ring for ring in rings]
    return sorted(rings, key=lambda ring: -shapely.Polygon(ring).area)


def _simplified(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out corners that nobody sees on a map that shows the whole ring."""
    size = float(np.hypot(*(ring.max(axis=0) - ring.min(axis=0))))
    simple = shapely.simplify(shapely.Polygon(ring), UNSEEN * size)
    return np.asarray(shapely.get_coordinates(simple))

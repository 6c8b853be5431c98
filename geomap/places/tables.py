"""Our own tables under `gazetteer/`, read strictly: every problem is named by file and line."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.places.spelling import fold

Outline = list[NDArray[np.float64]]
"""Closed outer rings, each an array of (lon, lat) rows."""

PLACES = (
    *("place_id", "name", "names", "feature_code", "country", "admin1", "parent"),
    *("lon", "lat", "extent_km", "population", "source", "note"),
)
COUNTRIES = ("place_id", "name", "names", "country", "lon", "lat", "population", "source", "note")
REGIONS = ("place_id", "name", "names", "feature_code", "members", "lon", "lat", "source", "note")
SEAS = ("natural_earth", "name", "names", "note")
KINDS = (
    *("feature_code", "kind", "extent_km", "prominence", "geo_precision", "label"),
    *("before", "after"),
)
_TAGGED = re.compile(r"([a-z]{2,3}(?:-[A-Za-z]{2,4})?)=(.+)", re.DOTALL)
ADMIN1_STEP = 0.002
"""Degrees; the unit of the outlines in `admin1.jsonl.gz`, set by `derive_admin1.py`."""


@dataclass(slots=True)
class Row:
    """A place on its way into the compiled gazetteer.

    ``names`` are the other spellings, ``more_names`` those that another source has
    for one of our rows, ``english`` those that `names.csv` adds; ``countries``
    ISO 3166-1 codes; ``admin1`` GeoNames' code with its country ("UA.05");
    ``province`` says that the place is the one with that code; ``where`` is file and
    line. No extent is 0, no point
    is NaN.
    """

    place_id: str
    name: str
    feature_code: str
    lon: float
    lat: float
    countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    more_names: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    admin1: str = ""
    parent: str = ""
    population: int = 0
    extent_km: float = 0.0
    source: str = ""
    note: str = ""
    where: str = ""
    curated: bool = False
    province: bool = False
    outline: Outline = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """What `kinds.csv` says of a feature code.

    ``before`` and ``after`` are type words as they stand round a name ("port of",
    "refugee camp"). ``prominence`` is the number of inhabitants of a town that
    the news would speak of as often.
    """

    feature_code: str
    kind: str
    extent_km: float
    prominence: float
    geo_precision: int
    label: str
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


def read_table(
    path: Path, header: tuple[str, ...], problems: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ``file:line`` and the cells of each row that has as many as the header."""
    shown = f"gazetteer/{path.relative_to(path.parents[1]) if _nested(path) else path.name}"
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            first = next(lines, [])
            if tuple(first) != header:
                problems.append(
                    f"{shown}:1: the header is {','.join(first)!r}, not {','.join(header)!r}"
                )
                return
            for cells in lines:
                where = f"{shown}:{lines.line_num}"
                if len(cells) != len(header):
                    problems.append(
                        f"{where}: {len(cells)} cells, not {len(header)}; "
                        "quote a cell that holds a comma"
                    )
                    continue
                yield where, {k: v.strip() for k, v in zip(header, cells, strict=True)}
        except (csv.Error, UnicodeDecodeError) as error:
            problems.append(f"{shown}:{lines.line_num}: {error}")


def _nested(path: Path) -> bool:
    return path.parent.name in ("places", "areas")


def read_kinds(folder: Path, problems: list[str]) -> dict[str, Kind]:
    """Read `kinds.csv` by feature code; codes of one kind share its type words."""
    kinds: dict[str, Kind] = {}
    words: dict[tuple[str, str], set[str]] = defaultdict(set)
    for where, row in read_table(folder / "kinds.csv", KINDS, problems):
        for side in ("before", "after"):
            words[row["kind"], side] |= {fold(w) for w in row[side].split(";") if w.strip()}
        try:
            kinds[row["feature_code"]] = Kind(
                row["feature_code"],
                row["kind"],
                float(row["extent_km"]),
                float(row["prominence"]),
                int(row["geo_precision"]),
                row["label"],
            )
        except ValueError as error:
            problems.append(f"{where}: {error}")
    return {
        code: replace(
            kind,
            before=frozenset(words[kind.kind, "before"]),
            after=frozenset(words[kind.kind, "after"]),
        )
        for code, kind in kinds.items()
    }


def read_places(folder: Path, problems: list[str]) -> list[Row]:
    """Read every table in `places/` and the outlines in `areas/`, in the order of place_id."""
    outlines = read_areas(folder, problems)
    rows: list[Row] = []
    for path in sorted((folder / "places").glob("*.csv")):
        for where, cells in read_table(path, PLACES, problems):
            row = _row(where, cells, problems)
            if row is not None:
                row.feature_code, row.admin1 = cells["feature_code"], cells["admin1"]
                row.countries = tuple(cells["country"].split())
                row.parent, row.curated = cells["parent"], True
                row.outline = outlines.pop(row.place_id, [])
                rows.append(row)
    problems += [f"gazetteer/areas: outline of {i!r}, which no table names" for i in outlines]
    return sorted(rows, key=lambda r: r.place_id)


def read_countries(folder: Path, problems: list[str]) -> list[Row]:
    """Read `countries.csv`."""
    rows = []
    for where, cells in read_table(folder / "countries.csv", COUNTRIES, problems):
        row = _row(where, cells, problems)
        if row is not None:
            row.feature_code, row.countries, row.curated = "PCLI", (cells["country"],), True
            rows.append(row)
    return rows


def read_regions(folder: Path, problems: list[str]) -> list[Row]:
    """Read `regions.csv`, regions that are made of countries: those are their ``countries``."""
    rows = []
    for where, cells in read_table(folder / "regions.csv", REGIONS, problems):
        row = _row(where, cells, problems, point=bool(cells["lon"]))
        if row is not None:
            row.feature_code, row.curated = cells["feature_code"], True
            row.countries = tuple(cells["members"].split())
            rows.append(row)
    return rows


def read_seas(folder: Path, problems: list[str]) -> list[tuple[str, list[str], str, list[str]]]:
    """Read `seas.csv`: file and line, Natural Earth's names of the parts, our name, others."""
    return [
        (where, cells["natural_earth"].split("; "), cells["name"], split_names(cells["names"]))
        for where, cells in read_table(folder / "seas.csv", SEAS, problems)
    ]


def _row(where: str, cells: dict[str, str], problems: list[str], point: bool = True) -> Row | None:
    """Read what all our tables share; None, and a problem, if it cannot be read."""
    try:
        lon, lat = (float(cells["lon"]), float(cells["lat"])) if point else (np.nan, np.nan)
        extent, population = cells.get("extent_km") or "0", cells.get("population") or "0"
        row = Row(
            cells["place_id"],
            cells["name"],
            "",
            lon,
            lat,
            population=int(population),
            extent_km=float(extent),
            source=cells["source"],
            note=cells["note"],
            where=where,
        )
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return None
    if point and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        problems.append(f"{where}: lon {lon}, lat {lat} is not on the globe; are they swapped?")
        return None
    if not row.place_id or not row.name:
        problems.append(f"{where}: a row needs a place_id and a name")
        return None
    row.names = tuple(split_names(cells["names"]))
    return row


def split_names(cell: str) -> list[str]:
    """Give the spellings in a cell of names, without their language tags.

    Examples
    --------
    >>> split_names("ar=جباليا; Jabaliya")
    ['جباليا', 'Jabaliya']
    """
    spellings = [spelling.strip() for spelling in cell.split(";")]
    tagged = [(_TAGGED.fullmatch(spelling), spelling) for spelling in spellings if spelling]
    return [match[2].strip() if match else spelling for match, spelling in tagged]


def read_areas(folder: Path, problems: list[str]) -> dict[str, Outline]:
    """Read the outlines in `areas/*.geojson` by place_id."""
    outlines: dict[str, Outline] = {}
    for path in sorted((folder / "areas").glob("*.geojson")):
        shown = f"gazetteer/areas/{path.name}"
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"{shown}: not a FeatureCollection: {error}")
            continue
        for number, feature in enumerate(features):
            where = f"{shown}, feature {number}"
            try:
                place_id = feature["properties"]["place_id"]
                outline = _rings_of(feature["geometry"])
            except (KeyError, TypeError, ValueError) as error:
                problems.append(f"{where}: cannot be read: {error!r}")
                continue
            if place_id in outlines:
                problems.append(f"{where}: a second outline of {place_id!r}")
            outlines[place_id] = outline
    return outlines


def _rings_of(geometry: dict[str, Any]) -> Outline:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    elif geometry["type"] != "MultiPolygon":
        raise ValueError(f"a {geometry['type']} is no area")
    rings = [np.array(polygon[0], float) for polygon in polygons]
    if any(ring.ndim != 2 or ring.shape[1] != 2 or len(ring) < 4 for ring in rings):
        raise ValueError("a ring needs four corners or more, each lon and lat")
    return rings


class Unit(NamedTuple):
    """A province of `admin1.jsonl.gz`, as Natural Earth has it."""

    ne: int
    geonames: int | None
    iso: str
    country: str
    name: str
    name_en: str
    type: str
    others: list[str]
    names: dict[str, str]
    lon: float
    lat: float
    rings: Outline


def read_admin1(folder: Path) -> Iterator[Unit]:
    """Yield the units of `admin1.jsonl.gz`, with their rings in degrees."""
    with gzip.open(folder / "admin1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            unit = json.loads(line)
            unit["rings"] = [
                np.cumsum(np.array(ring, float).reshape(-1, 2), axis=0) * ADMIN1_STEP
                for ring in unit["rings"]
            ]
            yield Unit(**unit)

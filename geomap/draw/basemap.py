"""The land under the incidents: from files that ship with geomap, never from the network."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Any

from geomap.content import content

Point = tuple[float, float]

ATTRIBUTION = "© OpenStreetMap contributors · GeoNames · Natural Earth"
DISCLAIMER = "Boundaries and names shown do not imply endorsement or acceptance."

TOWNS = 500
"""Towns named round the incidents, the largest first."""
TOWNS_A_CELL = 25
"""Towns named besides in each square degree that holds an incident."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name to write on the map.

    Attributes
    ----------
    kind
        country, sea or town.
    native
        The name in the country's own script, or "".
    size
        People for a town; for the rest a number that grows with the area.
        Larger labels go first and are never hidden by smaller ones.
    """

    kind: str
    name: str
    native: str
    lon: float
    lat: float
    size: int


@dataclass(frozen=True, slots=True)
class Basemap:
    """What to paint below the incidents, in this order.

    Attributes
    ----------
    sheets
        As in the files of ``maps/basemap``: ``box`` (west, south, east, north, or
        None for the whole world), ``scale`` (units a degree) and ``land``, a list
        of ``iso``, ``name`` and ``rings``. A ring is a flat list of delta-coded
        lon, lat in EPSG:4326; holes are rings too, filled by the even-odd rule.
        ``lines``, where a sheet has any, are parts of those rings that are no agreed
        border but a line of ceasefire or control: dash them.
        The world comes first; a sheet with a box is painted over it: fill the box
        with the sea, then the land. Edges along the box are no borders: give them
        no stroke.
    labels
        Countries, then seas, then towns, the largest first in each.
    """

    sheets: tuple[dict[str, Any], ...]
    labels: tuple[Label, ...]


def basemap(points: Iterable[Point]) -> Basemap:
    """Choose the sheets and the labels for a map of these points.

    Each point takes the smallest theatre of ``maps/basemap/theatres.csv`` that
    holds it; where none does, the world's sheet (Natural Earth 1:50m, right to
    about 2 km) must do.

    Parameters
    ----------
    points
        Positions of the incidents, (lon, lat) in EPSG:4326.
    """
    points = sorted(set(points))
    chosen = {name: box for p in points for name, box in _theatres_of(p)[:1]}
    names = sorted(chosen, key=lambda name: (-_size(chosen[name]), name))
    sheets = (_sheet("world"), *map(_with_lines, names))
    areas = [label for label in _labels() if label.kind != "town"]
    return Basemap(sheets, (*areas, *_towns_near(points)))


def decode(ring: Sequence[int], scale: int) -> list[Point]:
    """Give a sheet's ring as (lon, lat) in degrees."""
    points, x, y = [], 0, 0
    for dx, dy in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / scale, y / scale))
    return points


def _towns_near(points: Sequence[Point]) -> list[Label]:
    if not points:
        return []
    cells = {(int(lon // 1), int(lat // 1)) for lon, lat in points}
    lons, lats = zip(*points, strict=True)
    pad = max(1.0, (max(lons) - min(lons)) / 2, (max(lats) - min(lats)) / 2)
    west, east = min(lons) - pad, max(lons) + pad
    south, north = min(lats) - pad, max(lats) + pad
    counts = dict.fromkeys(cells, 0)
    near: list[Label] = []
    for label in _labels():
        if label.kind != "town" or not (west <= label.lon <= east and south <= label.lat <= north):
            continue
        cell = (int(label.lon // 1), int(label.lat // 1))
        if len(near) < TOWNS or counts.get(cell, TOWNS_A_CELL) < TOWNS_A_CELL:
            near.append(label)
            counts[cell] = counts.get(cell, 0) + 1
    return near


def _theatres_of(point: Point) -> list[tuple[str, tuple[float, ...]]]:
    lon, lat = point
    holding = [
        (name, box) for name, box in _theatres() if box[0] < lon < box[2] and box[1] < lat < box[3]
    ]
    return sorted(holding, key=lambda theatre: _size(theatre[1]))


def _size(box: tuple[float, ...]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@cache
def _theatres() -> tuple[tuple[str, tuple[float, ...]], ...]:
    with content("maps/basemap/theatres.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["theatre"], tuple(float(row[s]) for s in ("west", "south", "east", "north")))
            for row in csv.DictReader(file)
        )


@cache
def _sheet(name: str) -> dict[str, Any]:
    packed = content(f"maps/basemap/{name}.json.gz").read_bytes()
    sheet: dict[str, Any] = json.loads(gzip.decompress(packed))
    return sheet


@cache
def _with_lines(name: str) -> dict[str, Any]:
    """Give a sheet with those of its borders that ``maps/basemap/lines.csv`` names."""
    sheet = _sheet(name)
    steps = {land["iso"]: _segments(land["rings"]) for land in sheet["land"]}
    with content("maps/basemap/lines.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if {row["iso_a"], row["iso_b"]} <= steps.keys()]
    lines: list[list[int]] = []
    for row in rows:
        west, south, east, north = (
            float(row[side]) * sheet["scale"] for side in ("west", "south", "east", "north")
        )
        # Neighbours share their border point for point.
        shared = [
            (a, b)
            for a, b in steps[row["iso_a"]]
            if (b, a) in steps[row["iso_b"]] or (a, b) in steps[row["iso_b"]]
            if west < a[0] < east and south < a[1] < north
        ]
        lines += _chained(shared)
    return {**sheet, "lines": lines}


_Step = tuple[tuple[int, int], tuple[int, int]]


def _segments(rings: Iterable[Sequence[int]]) -> dict[_Step, None]:
    """List the steps of rings from point to point, in their order."""
    steps: dict[_Step, None] = {}
    for ring in rings:
        points = [(round(x), round(y)) for x, y in decode(ring, 1)]
        steps |= dict.fromkeys(pairwise(points))
    return steps


def _chained(steps: Iterable[_Step]) -> list[list[int]]:
    """Join steps that follow each other into delta-coded lines."""
    lines: list[list[int]] = []
    end = None
    for (ax, ay), (bx, by) in steps:
        if end != (ax, ay):
            lines.append([ax, ay])
        lines[-1] += [bx - ax, by - ay]
        end = bx, by
    return lines


@cache
def _labels() -> tuple[Label, ...]:
    path = content("maps/basemap/labels.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return tuple(
            Label(kind, name, native, float(lon), float(lat), int(size))
            for kind, name, native, lon, lat, size in islice(csv.reader(file), 1, None)
        )

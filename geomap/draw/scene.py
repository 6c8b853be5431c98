"""What a still picture shows: its extent, its symbols, its areas. Knows no drawing library."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from geomap.content import content
from geomap.model import Incident, Ring

EARTH_KM = 40_075.017
"""Length of the equator, WGS 84."""

SMALLEST_KM = 30.0
"""A picture shows at least this much from west to east, so that one pin has a setting."""


@dataclass(frozen=True, slots=True)
class IncidentType:
    """A row of ``maps/types.csv``."""

    incident_type: str
    label: str
    shape: str
    light: str
    dark: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """A window on web Mercator, where the world is 1 wide and y grows to the north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """From west to east, as a part of the world."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """From south to north, in the same unit."""
        return self.north - self.south

    def covers(self, x: float, y: float) -> bool:
        """Say whether a point of the projection lies in the window."""
        return self.west <= x <= self.east and self.south <= y <= self.north

    def km(self, width: float) -> float:
        """Give a length of the projection in km, at the middle of the window."""
        middle = (self.south + self.north) / 2
        return width * EARTH_KM / math.cosh(2 * math.pi * middle)


@dataclass(frozen=True, slots=True)
class Symbol:
    """Incidents drawn as one: a single one, or those whose symbols would touch."""

    x: float
    y: float
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many incidents it stands for."""
        return sum(n for _, n in self.counts)


@dataclass(frozen=True, slots=True)
class Region:
    """Incidents known only to lie somewhere in an area."""

    place: str
    incident_type: str
    total: int
    lon: float
    lat: float
    rings: tuple[Ring, ...]


@cache
def incident_types() -> tuple[IncidentType, ...]:
    """Read ``maps/types.csv``, in its order."""
    with content("maps/types.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            IncidentType(**{**row, "shown": row["shown"] == "1"})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        )


def shown_types() -> frozenset[str]:
    """Name the types that a map shows at first: what happened, not what was said."""
    return frozenset(t.incident_type for t in incident_types() if t.shown)


def project(lon: float, lat: float) -> tuple[float, float]:
    """Project to web Mercator with the world 1 wide; latitudes end at 85 degrees."""
    lat = max(-85.0, min(85.0, lat))
    return lon / 360, math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def fit(incidents: Sequence[Incident], aspect: float) -> Extent:
    """Choose the window that shows the incidents, with room round them.

    Seas and whole countries (``geo_precision`` 4) count only when nothing finer is
    known, and a few far-off incidents give way when they would shrink the rest to a
    dot: a fifth at most, and only if the window is three times narrower without them.

    Parameters
    ----------
    aspect
        Width of the window by its height.
    """
    placed = [i for i in incidents if i.lon is not None and i.lat is not None]
    fine = [i for i in placed if i.geo_precision != 4] or placed
    if not fine:
        return Extent(-0.5, -0.5 / aspect, 0.5, 0.5 / aspect)
    whole = _window(fine, aspect)
    close = _window(_closest(fine), aspect)
    return close if close.width < whole.width / 3 else whole


def _closest(incidents: Sequence[Incident], part: float = 0.8) -> list[Incident]:
    """Leave out those farthest from the middle incident."""
    xs, ys = zip(*(project(i.lon or 0, i.lat or 0) for i in incidents), strict=True)
    x, y = median(xs), median(ys)

    def distance(incident: Incident) -> float:
        own_x, own_y = project(incident.lon or 0, incident.lat or 0)
        return math.hypot(own_x - x, own_y - y)

    ordered = sorted(incidents, key=lambda i: (distance(i), i.id))
    return ordered[: math.ceil(part * len(ordered))]


def _window(incidents: Iterable[Incident], aspect: float) -> Extent:
    """Give the window that holds points, outlines and origins, with a margin."""
    points = []
    for i in incidents:
        points += [project(i.lon or 0, i.lat or 0)]
        points += [project(*xy) for ring in i.area for xy in ring]
        if i.origin_lon is not None and i.origin_lat is not None:
            points.append(project(i.origin_lon, i.origin_lat))
    xs, ys = zip(*points, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    smallest = SMALLEST_KM / EARTH_KM * math.cosh(2 * math.pi * y)
    width = max((max(xs) - min(xs)) * 1.24, (max(ys) - min(ys)) * 1.24 * aspect, smallest)
    width = min(width, 1.0)
    height = width / aspect
    return Extent(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def gather(incidents: Iterable[Incident], extent: Extent, touch: float) -> list[Symbol]:
    """Gather point incidents into symbols, merging those nearer than `touch`.

    The order of types in a symbol is that of ``maps/types.csv``.
    """
    order = {t.incident_type: n for n, t in enumerate(incident_types())}
    clusters: list[tuple[float, float, Counter[str]]] = []
    for incident in sorted(incidents, key=lambda i: i.id):
        if incident.lon is None or incident.lat is None:
            continue
        x, y = project(incident.lon, incident.lat)
        if extent.covers(x, y):
            clusters.append((x, y, Counter({incident.incident_type: 1})))
    merged = True
    while merged:
        clusters, merged = _merge(clusters, touch)
    return [
        Symbol(x, y, tuple(sorted(c.items(), key=lambda item: order.get(item[0], 99))))
        for x, y, c in clusters
    ]


def _merge(
    clusters: list[tuple[float, float, Counter[str]]], touch: float
) -> tuple[list[tuple[float, float, Counter[str]]], bool]:
    """Merge each cluster into the first one it touches."""
    kept: list[tuple[float, float, Counter[str]]] = []
    for x, y, counts in sorted(clusters, key=lambda c: (-c[2].total(), c[0], c[1])):
        for n, (other_x, other_y, other) in enumerate(kept):
            if math.hypot(x - other_x, y - other_y) < touch:
                a, b = counts.total(), other.total()
                middle = (x * a + other_x * b) / (a + b), (y * a + other_y * b) / (a + b)
                kept[n] = (*middle, counts + other)
                break
        else:
            kept.append((x, y, counts))
    return kept, len(kept) < len(clusters)


def regions(incidents: Iterable[Incident]) -> list[Region]:
    """Gather incidents that are known to a region only, one for each place and type."""
    groups: dict[tuple[str, str], list[Incident]] = {}
    for incident in incidents:
        if is_region(incident):
            key = (incident.place_id or incident.place, incident.incident_type)
            groups.setdefault(key, []).append(incident)
    return [
        Region(
            first.place,
            first.incident_type,
            len(group),
            first.lon,
            first.lat,
            first.area or (circle(first.lon, first.lat, first.uncertainty_km or 25.0),),
        )
        for _, group in sorted(groups.items())
        if (first := group[0]).lon is not None and first.lat is not None
    ]


def is_region(incident: Incident) -> bool:
    """Say whether an incident is drawn as an area, never as a bare pin."""
    return incident.lon is not None and (incident.geo_precision or 1) >= 3


def circle(lon: float, lat: float, radius_km: float) -> Ring:
    """Give a ring round a point, by the local scale of a degree."""
    dy = radius_km * 360 / EARTH_KM
    dx = dy / max(0.05, math.cos(math.radians(lat)))
    turns = [2 * math.pi * n / 48 for n in range(49)]
    return tuple((lon + dx * math.cos(t), lat + dy * math.sin(t)) for t in turns)

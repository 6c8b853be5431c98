"""What a still picture shows: its extent, its symbols, its areas. Knows no drawing library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from geomap.draw.definition import incident_types
from geomap.model import Incident, Ring

EARTH_KM = 40_075.017
"""Length of the equator, WGS 84."""

SMALLEST_KM = 30.0
"""A picture shows at least this much from west to east, so that one pin has a setting."""


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
    """Incidents drawn as one: a single one, or those whose symbols would touch.

    Attributes
    ----------
    counts
        Types with their number of incidents.
    places
        Names with their number of incidents, the most first.
    denied
        Whether all of it is denied.
    """

    x: float
    y: float
    counts: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...] = ()
    denied: bool = False

    @property
    def total(self) -> int:
        """How many incidents it stands for."""
        return sum(n for _, n in self.counts)


@dataclass(frozen=True, slots=True)
class Region:
    """Incidents known only to lie somewhere in an area; types with the most first."""

    place: str
    counts: tuple[tuple[str, int], ...]
    lon: float
    lat: float
    rings: tuple[Ring, ...]

    @property
    def total(self) -> int:
        """How many incidents lie somewhere in it."""
        return sum(n for _, n in self.counts)


def shown_types() -> frozenset[str]:
    """Name the types that a map shows at first: what happened, not what was said."""
    return frozenset(name for name, kind in incident_types().items() if kind.shown)


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


@dataclass(slots=True)
class _Heap:
    """Incidents gathered so far, and the middle of them."""

    x: float
    y: float
    total: int
    types: Counter[str]
    places: Counter[str]
    denied: int

    def take(self, other: _Heap) -> None:
        whole = self.total + other.total
        self.x = (self.x * self.total + other.x * other.total) / whole
        self.y = (self.y * self.total + other.y * other.total) / whole
        self.total = whole
        self.types += other.types
        self.places += other.places
        self.denied += other.denied


def gather(
    incidents: Iterable[Incident], extent: Extent, radius: Callable[[int], float]
) -> list[Symbol]:
    """Gather point incidents into symbols, merging those that would touch.

    Parameters
    ----------
    radius
        Gives the radius of a symbol for so many incidents, in the unit of `extent`.

    Returns
    -------
    list of Symbol
        The largest first; types in the order of ``maps/types.csv``.
    """
    order = {name: n for n, name in enumerate(incident_types())}
    cells: dict[tuple[int, int], _Heap] = {}
    side = radius(1) * 1.4  # two symbols in a cell always touch
    for i in sorted(incidents, key=lambda i: i.id):
        if i.lon is None or i.lat is None:
            continue
        x, y = project(i.lon, i.lat)
        if extent.covers(x, y):
            denied = int(i.modality == "denied")
            one = _Heap(x, y, 1, Counter([i.incident_type]), Counter([i.place]), denied)
            heap = cells.setdefault((int(x // side), int(y // side)), one)
            if heap is not one:
                heap.take(one)
    heaps, size = list(cells.values()), -1
    while len(heaps) != size:
        size, heaps = len(heaps), _merged(heaps, radius)
    return [
        Symbol(
            *(heap.x, heap.y),
            tuple(sorted(heap.types.items(), key=lambda item: order.get(item[0], 99))),
            tuple(sorted(heap.places.items(), key=lambda item: (-item[1], item[0]))),
            heap.denied == heap.total,
        )
        for heap in heaps
    ]


def _merged(heaps: Iterable[_Heap], radius: Callable[[int], float]) -> list[_Heap]:
    """Merge each heap into the first one it touches, the largest first."""
    kept: list[_Heap] = []
    for heap in sorted(heaps, key=lambda h: (-h.total, h.x, h.y)):
        own = radius(heap.total)
        for other in kept:
            if math.hypot(heap.x - other.x, heap.y - other.y) < own + radius(other.total):
                other.take(heap)
                break
        else:
            kept.append(heap)
    return sorted(kept, key=lambda h: (-h.total, h.x, h.y))


def regions(incidents: Iterable[Incident]) -> list[Region]:
    """Gather incidents that are known to a region only, one area for each place."""
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        if is_region(incident):
            groups.setdefault(incident.place_id or incident.place, []).append(incident)
    return [
        Region(
            first.place,
            tuple(Counter(i.incident_type for i in group).most_common()),
            first.lon,
            first.lat,
            first.area or (circle(first.lon, first.lat, first.uncertainty_km or 25.0),),
        )
        for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        if (first := group[0]).lon is not None and first.lat is not None
    ]


OUTLINED_KM, WIDE_KM = 5.0, 60.0
"""From these radii on, with an outline and without, a place is a region, as on the page."""


def is_region(incident: Incident) -> bool:
    """Say whether an incident is drawn as an area, never as a bare pin."""
    if incident.lon is None:
        return False
    wide = OUTLINED_KM if incident.area else WIDE_KM
    return (incident.geo_precision or 1) >= 3 or (incident.uncertainty_km or 0) > wide


def circle(lon: float, lat: float, radius_km: float) -> Ring:
    """Give a ring round a point, by the local scale of a degree."""
    dy = radius_km * 360 / EARTH_KM
    dx = dy / max(0.05, math.cos(math.radians(lat)))
    turns = [2 * math.pi * n / 48 for n in range(49)]
    return tuple((lon + dx * math.cos(t), lat + dy * math.sin(t)) for t in turns)

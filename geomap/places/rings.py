"""Outlines of places in the compiled gazetteer, and whether they hold a point."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geomap.model import Ring
from geomap.places.packed import Packed


class Rings:
    """The outer rings of the places that have an outline, by the number of the place."""

    def __init__(self, packed: Packed) -> None:
        self.places: NDArray[np.int32] = packed["area_place"]
        """The places that have one, ascending."""
        self.boxes: NDArray[np.float32] = packed["area_box"]
        """West, south, east, north of each."""
        self._ring = packed["area_ring"]
        self._corner = packed["ring_corner"]
        self._corners = packed["corner"]

    @cached_property
    def _at(self) -> dict[int, int]:
        return {place: at for at, place in enumerate(self.places.tolist())}

    def arrays(self, place: int) -> list[NDArray[np.float32]]:
        """Give the rings as arrays of lon, lat, the largest first; none if not known."""
        at = self._at.get(place)
        if at is None:
            return []
        first, last = self._ring[at : at + 2]
        corners = self._corner[first : last + 1].tolist()
        return [self._corners[a:b] for a, b in pairwise(corners)]

    def area(self, place: int) -> tuple[Ring, ...]:
        """Give the rings as tuples of (lon, lat)."""
        rings = (np.round(ring.astype(np.float64), 4).tolist() for ring in self.arrays(place))
        return tuple(tuple((lon, lat) for lon, lat in ring) for ring in rings)

    def contain(self, place: int, lon: float, lat: float) -> bool:
        """Tell whether the outline of a place holds a point; False if none is known."""
        at = self._at.get(place)
        if at is None:
            return False
        west, south, east, north = self.boxes[at].tolist()
        if not (west <= lon <= east and south <= lat <= north):
            return False
        return any(_holds(ring, lon, lat) for ring in self.arrays(place))


def _holds(ring: NDArray[np.float32], lon: float, lat: float) -> bool:
    """Tell by the even-odd rule whether a closed ring holds a point."""
    x, y = ring[:, 0], ring[:, 1]
    above = y > lat
    crossed = np.flatnonzero(above[1:] != above[:-1])
    x1, y1, x2, y2 = x[crossed], y[crossed], x[crossed + 1], y[crossed + 1]
    at = x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
    return bool(np.count_nonzero(at > lon) % 2)

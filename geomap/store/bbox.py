"""The box of a question: west, south, east, north."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from geomap.errors import InputError

Span = tuple[float, float]
"""West and east of a stretch that does not cross the antimeridian."""

_HINT = "A box is west,south,east,north in degrees, as in --bbox 33,29,36,34."


@dataclass(frozen=True, slots=True)
class Bbox:
    """A box of degrees in EPSG:4326, edges included, as OGC API Features has it.

    ``west > east`` crosses the antimeridian. A box the wrong way up is refused.

    Raises
    ------
    InputError
        If a number is out of range or not a number, or south lies above north.

    Examples
    --------
    >>> Bbox(177, -20, -178, -12).covers(179.5, -17)
    True
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name, limit in (("west", 180), ("south", 90), ("east", 180), ("north", 90)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InputError(f"{name} {value!r} is not a number", where="bbox", todo=_HINT)
            if not -limit <= value <= limit:  # also turns away nan
                what = f"{name} {value:g} is not within -{limit}..{limit}"
                raise InputError(what, where="bbox", todo=_HINT)
        if self.south > self.north:
            what = f"south {self.south:g} lies above north {self.north:g}"
            raise InputError(what, where="bbox", todo=_HINT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "west,south,east,north".

        Examples
        --------
        >>> Bbox.parse("33, 29, 36, 34")
        Bbox(west=33.0, south=29.0, east=36.0, north=34.0)
        """
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise InputError(f"{text!r} is not four numbers", where="bbox", todo=_HINT) from None
        return cls(west, south, east, north)

    @property
    def crosses(self) -> bool:
        """Whether the box lies across the antimeridian."""
        return self.west > self.east

    @property
    def spans(self) -> tuple[Span, ...]:
        """The box's longitudes as one stretch, or two when it crosses the antimeridian."""
        if self.crosses:
            return (self.west, 180.0), (-180.0, self.east)
        return ((self.west, self.east),)

    def covers(self, lon: float, lat: float) -> bool:
        """Say whether a point lies in the box or on its edge; 180 and -180 are one meridian."""
        if not self.south <= lat <= self.north:
            return False
        same = (lon, -lon) if math.fabs(lon) == 180 else (lon,)
        return any(west <= x <= east for west, east in self.spans for x in same)

    def __str__(self) -> str:
        parts = (self.west, self.south, self.east, self.north)
        return ",".join(repr(float(part)).removesuffix(".0") for part in parts)

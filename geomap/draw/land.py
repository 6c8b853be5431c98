"""The land under the incidents of a picture, painted by matplotlib.

Shapes are added as plain artists: the window is known, and asking matplotlib to fit it to
each coastline would take most of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from geomap.draw.basemap import Basemap
from geomap.draw.scene import Extent, project

LAND, SEA, BORDER = "#f6f4ef", "#dbe6ec", "#9aa3aa"


def paint_land(axes: Any, ground: Basemap, extent: Extent, width: float) -> None:
    """Paint land and borders, sheet over sheet, as far as the window shows them."""
    for n, sheet in enumerate(ground.sheets):
        if sheet["box"]:
            west, south = project(sheet["box"][0], sheet["box"][1])
            east, north = project(sheet["box"][2], sheet["box"][3])
            corner = (west, south)
            sea = Rectangle(corner, east - west, north - south, fc=SEA, lw=0, zorder=n)
            axes.add_artist(sea).set_antialiased(False)  # else its edges show
        rings = [
            (ring, line)
            for country in sheet["land"]
            for ring, line in rings_of(country["rings"], sheet["scale"])
            if shows(line, extent)
        ]
        if rings:
            shape = outline([line for _, line in rings])
            land = PathPatch(shape, fc=LAND, lw=0, zorder=n + 0.1)
            axes.add_artist(land).set_antialiased(not sheet["box"])
            borders = [_without_edges(ring, line, sheet["box"]) for ring, line in rings]
            axes.add_artist(LineCollection(borders, colors=BORDER, lw=width, zorder=n + 0.2))
        lines = [line for _, line in rings_of(sheet.get("lines", ()), sheet["scale"])]
        for colour, wide, dash in ((LAND, width * 1.6, "-"), (BORDER, width * 1.2, (0, (4, 3)))):
            style: dict[str, Any] = {
                "colors": colour,
                "lw": wide,
                "linestyles": [dash],
                "zorder": n + 0.3,
            }
            axes.add_artist(LineCollection(lines, **style))


def rings_of(coded: Iterable[Sequence[int]], scale: int) -> Iterator[tuple[Any, Any]]:
    """Give each ring of a sheet in degrees and projected."""
    for ring in coded:
        degrees = np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / scale
        yield degrees, projected(degrees)


def shows(line: Any, extent: Extent) -> bool:
    """Say whether a ring lies in the window and is more than a speck in it."""
    (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
    if max(east - west, north - south) < extent.width / 150:
        return False
    return bool(
        west < extent.east and extent.west < east and south < extent.north and extent.south < north
    )


def projected(ring: Any) -> Any:
    """Project a ring of lon, lat in degrees, as `geomap.draw.scene.project` does a point."""
    lat = np.radians(np.clip(ring[:, 1], -85, 85))
    return np.column_stack([ring[:, 0] / 360, np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _without_edges(ring: Any, line: Any, box: Sequence[float] | None) -> Any:
    """Break a ring where it runs along the edge of its sheet: that is no border."""
    box = box or (-180, -90, 180, 90)
    sides = np.array([box[0], box[2], box[1], box[3]])
    on = np.abs(ring[:, [0, 0, 1, 1]] - sides) < 2e-4
    along = (on[:-1] & on[1:]).any(axis=1)
    return np.insert(line, np.flatnonzero(along) + 1, np.nan, axis=0)


def outline(rings: Iterable[Any]) -> Outline:
    """Give projected rings as one shape; holes are rings too."""
    parts = [Outline(np.vstack([r, r[:1]]), closed=True) for r in rings]
    return Outline.make_compound_path(*parts)

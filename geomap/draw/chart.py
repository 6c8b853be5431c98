"""The signs on the map of a picture: areas, arcs, symbols, scale and locator, by matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch, Rectangle, Wedge
from matplotlib.transforms import Bbox

from geomap.draw.basemap import Basemap
from geomap.draw.definition import IncidentType
from geomap.draw.land import LAND, SEA, outline, paint_land, projected
from geomap.draw.lettering import plain
from geomap.draw.scene import Extent, Region, Symbol, gather, is_region, project, regions
from geomap.draw.sheet import INK, PAPER, SOFT, Box, Sheet
from geomap.model import Incident

MARKERS = {
    "circle": ("o", 1.0),
    "square": ("s", 0.92),
    "triangle-up": ("^", 1.12),
    "triangle-down": ("v", 1.12),
    "diamond": ("D", 0.86),
    "plus": ("P", 1.08),
    "pentagon": ("p", 1.1),
    "hexagon": ("h", 1.1),
    "cross": ("X", 1.08),
    "hollow-circle": ("o", 0.85),
    "hollow-diamond": ("D", 0.75),
}
"""matplotlib's marker for each shape of ``maps/types.csv``, and its size for equal weight."""
SYMBOL_PT = 7.6
SPECK_PT = 16.0
"""A region drawn smaller than this gets a ring of this size, else nobody would see it."""


@dataclass(frozen=True)
class Chart:
    """A map on a sheet: its axes, its window, how types look, what is taken, and the signs."""

    sheet: Sheet
    axes: Any
    extent: Extent
    types: Mapping[str, IncidentType]
    taken: list[Bbox] = field(default_factory=list)
    signs: list[Bbox] = field(default_factory=list)

    @property
    def unit(self) -> float:
        """A typographic point in the unit of the map."""
        pixels = self.axes.get_window_extent().width
        return self.extent.width / float(pixels) * self.sheet.size.dpi / 72

    def radius(self, total: int) -> float:
        """Give the radius in points of a symbol for so many incidents."""
        whole = SYMBOL_PT / 2 if total == 1 else 7.4 + 2.9 * float(np.log10(total))
        return self.sheet.pt(whole)

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Give where a point of the map lies on the sheet."""
        at = self.axes.transData.transform((x, y))
        return float(at[0]), float(at[1])

    def take(self, x: float, y: float, points: float) -> None:
        """Keep names off a square round a point."""
        (at_x, at_y), r = self.pixels(x, y), points * self.sheet.size.dpi / 72
        self.taken.append(Bbox.from_extents(at_x - r, at_y - r, at_x + r, at_y + r))


def map_axes(sheet: Sheet, box: Box, extent: Extent) -> Any:
    """Make the axes of a map with the sea in them."""
    axes = sheet.figure.add_axes(sheet.place(box), facecolor=SEA)
    axes.set_xlim(extent.west, extent.east)
    axes.set_ylim(extent.south, extent.north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#c9cfd3")
        spine.set_linewidth(0.6)
    return axes


def draw_regions(chart: Chart, incidents: Sequence[Incident]) -> list[Region]:
    """Draw areas that hold incidents somewhere, in the colour of their most frequent type.

    Returns
    -------
    list of Region
        Those whose middle lies in the window; they want a name and a count.
    """
    named = []
    for region in regions(incidents):
        colour = chart.types[region.counts[0][0]].light
        rings = [projected(np.array(ring)) for ring in region.rings]
        whole = np.vstack(rings)
        x, y = project(region.lon, region.lat)
        if np.ptp(whole, axis=0).max() < chart.sheet.pt(SPECK_PT) * chart.unit:
            radius = chart.sheet.pt(SPECK_PT / 2) * chart.unit
            shape = (
                Circle((x, y), radius)
                .get_path()
                .transformed(Circle((x, y), radius).get_patch_transform())
            )
            chart.take(x, y, chart.sheet.pt(SPECK_PT / 2))
        else:
            shape = outline(rings)
        chart.axes.add_artist(PathPatch(shape, fc=colour, alpha=0.11, lw=0, zorder=30))
        edge = PathPatch(shape, fc="none", ec=colour, lw=0.9, ls=(0, (3, 2.5)), zorder=31)
        chart.axes.add_artist(edge)
        if chart.extent.covers(x, y):
            named.append(region)
    return named


def draw_arcs(chart: Chart, incidents: Iterable[Incident]) -> bool:
    """Draw an arrow from where each attack was launched to where it struck, if any was."""
    arcs = sorted(
        {
            (project(i.origin_lon, i.origin_lat), project(i.lon, i.lat), i.incident_type)
            for i in incidents
            if i.origin_lon is not None and i.origin_lat is not None
            if i.lon is not None and i.lat is not None
        }
    )
    arcs = [arc for arc in arcs if np.hypot(*np.subtract(arc[0], arc[1])) > 1e-6]
    for start, end, kind in arcs:
        arc = FancyArrowPatch(
            *(start, end),
            connectionstyle="arc3,rad=0.28",
            arrowstyle="-|>,head_length=3.2,head_width=1.8",
            linestyle=(0, (3, 2)),
            color=chart.types[kind].light,
            linewidth=1.0,
            zorder=40,
        )
        chart.axes.add_artist(arc)
    return bool(arcs)


def draw_symbols(chart: Chart, incidents: Iterable[Incident]) -> list[Symbol]:
    """Draw symbols, and donuts where symbols would touch; they want names."""
    points = [i for i in incidents if not is_region(i)]
    unit = chart.unit
    drawn = gather(points, chart.extent, lambda total: chart.radius(total) * unit * 1.04)
    for symbol in drawn:
        radius = chart.radius(symbol.total)
        if symbol.total == 1:
            kind = chart.types[symbol.counts[0][0]]
            draw_marker(chart.axes, symbol.x, symbol.y, kind, 2 * radius, symbol.denied)
        else:
            draw_donut(chart.axes, symbol, radius * unit, chart.types, chart.sheet)
        chart.take(symbol.x, symbol.y, radius)
        chart.signs.append(chart.taken[-1])
    return drawn


def draw_marker(
    axes: Any, x: float, y: float, kind: IncidentType, size: float, hollow: bool = False
) -> None:
    """Draw the symbol of a type; hollow for what is denied."""
    marker, weight = MARKERS[kind.shape]
    hollow = hollow or kind.shape.startswith("hollow")
    line = Line2D([x], [y], marker=marker, ms=size * weight, mew=1.1, zorder=50)
    line.set_markerfacecolor(PAPER if hollow else kind.light)
    line.set_markeredgecolor(kind.light if hollow else PAPER)
    axes.add_artist(line)


def draw_donut(
    axes: Any, symbol: Symbol, radius: float, types: Mapping[str, IncidentType], sheet: Sheet
) -> None:
    """Draw a ring with a part for each type and the number in the middle."""
    x, y = symbol.x, symbol.y
    axes.add_artist(Wedge((x, y), radius * 1.08, 0, 360, fc=PAPER, lw=0, zorder=50))
    angle = 90.0
    for name, n in symbol.counts:
        turn = 360 * n / symbol.total
        wedge = Wedge((x, y), radius, angle - turn, angle, width=radius * 0.36)
        wedge.set(facecolor=types[name].light, edgecolor=PAPER, linewidth=0.4, zorder=51)
        axes.add_artist(wedge)
        angle -= turn
    size = sheet.letters(6.9 if symbol.total < 1000 else 5.8)
    style = {"weight": "bold", "ha": "center", "va": "center_baseline", "color": INK}
    axes.text(x, y, f"{symbol.total}", size=size, zorder=52, parse_math=False, **style)


def draw_scale(chart: Chart) -> None:
    """Draw a scale bar of a round length in the first corner that has room."""
    extent, unit = chart.extent, chart.unit
    whole = extent.km(extent.width)
    steps = [n * 10**e for e in range(-1, 5) for n in (1, 2, 5)]
    length = max((s for s in steps if s < whole / 4.5), default=steps[0])
    wide, high = extent.width * length / whole, chart.sheet.pt(17) * unit
    gap = chart.sheet.pt(8) * unit
    corners = [
        (x, y)
        for y in (extent.south + gap, extent.north - gap - high)
        for x in (extent.west + gap, extent.east - gap - wide)
    ]
    boxes = [
        Bbox([chart.pixels(x, y), chart.pixels(x + wide, y + high)]).padded(3) for x, y in corners
    ]
    free = [n for n, box in enumerate(boxes) if not any(box.overlaps(t) for t in chart.taken)]
    (x, y), box = corners[(free or [0])[0]], boxes[(free or [0])[0]]
    tick = chart.sheet.pt(4) * unit
    bar = [[x, x, x + wide, x + wide], [y + tick, y, y, y + tick]]
    chart.axes.plot(*bar, color=PAPER, lw=2.6, alpha=0.8, zorder=70)
    chart.axes.plot(*bar, color=SOFT, lw=0.9, zorder=71)
    size = chart.sheet.letters(6.8)
    words = plain(f"{length:g} km")
    style: dict[str, Any] = {"ha": "center", "va": "bottom", "color": SOFT}
    style["bbox"] = {"fc": LAND, "alpha": 0.7, "lw": 0, "pad": 0.6}
    chart.axes.text(x + wide / 2, y + tick * 1.1, words, size=size, zorder=71, **style)
    chart.taken.append(box)


def draw_locator(sheet: Sheet, box: Box, ground: Basemap, extent: Extent) -> None:
    """Draw where in the world the map is."""
    x, y = (extent.west + extent.east) / 2, (extent.south + extent.north) / 2
    half = min(0.5, max(0.06, extent.width * 2))
    high = half * box.height / box.width
    wide = Extent(x - half, y - high, x + half, y + high)
    axes = map_axes(sheet, box, wide)
    paint_land(axes, Basemap(ground.sheets[:1], ()), wide, 0.35)
    corner = (extent.west, extent.south)
    axes.add_artist(
        Rectangle(corner, extent.width, extent.height, fc="none", ec=INK, lw=1, zorder=9)
    )

"""The map inside a picture: land, areas, arcs, symbols, names, drawn by matplotlib."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, PathPatch, Rectangle, Wedge
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox

from geomap.draw.basemap import Basemap, Label
from geomap.draw.scene import (
    Extent,
    IncidentType,
    Symbol,
    gather,
    incident_types,
    is_region,
    project,
    regions,
)
from geomap.model import Incident

INK, SOFT, PAPER = "#1c2126", "#667078", "#ffffff"
LAND, SEA, BORDER, SEA_INK, COUNTRY_INK = "#f6f4ef", "#dbe6ec", "#9aa3aa", "#6f8d9d", "#8a939a"
MARKERS = {
    "circle": ("o", 1.0),
    "square": ("s", 0.92),
    "triangle-up": ("^", 1.12),
    "triangle-down": ("v", 1.12),
    "diamond": ("D", 0.86),
    "plus": ("P", 1.08),
    "pentagon": ("p", 1.1),
    "hexagon": ("h", 1.1),
    "hollow-circle": ("o", 0.85),
    "hollow-diamond": ("D", 0.75),
}
"""matplotlib's marker for each shape of ``maps/types.csv``, and its size for equal weight."""
SYMBOL_PT = 8.5


def map_axes(figure: Figure, box: Sequence[float], extent: Extent) -> Any:
    """Make the axes of a map with the sea in them."""
    left, bottom, width, height = box
    axes = figure.add_axes((left, bottom, width, height), facecolor=SEA)
    axes.set_xlim(extent.west, extent.east)
    axes.set_ylim(extent.south, extent.north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#c9cfd3")
        spine.set_linewidth(0.6)
    return axes


def paint_land(axes: Any, ground: Basemap, extent: Extent, width: float) -> None:
    """Paint land and borders, sheet over sheet, as far as the window shows them."""
    for n, sheet in enumerate(ground.sheets):
        if sheet["box"]:
            west, south = project(sheet["box"][0], sheet["box"][1])
            east, north = project(sheet["box"][2], sheet["box"][3])
            corner = (west, south)
            sea = Rectangle(corner, east - west, north - south, fc=SEA, lw=0, zorder=n)
            axes.add_patch(sea).set_antialiased(False)  # else its edges show
        rings = [
            (ring, line)
            for country in sheet["land"]
            for ring, line in _rings(country["rings"], sheet["scale"])
            if _shows(line, extent)
        ]
        if rings:
            shape = _outline([line for _, line in rings])
            land = PathPatch(shape, fc=LAND, lw=0, zorder=n + 0.1)
            axes.add_patch(land).set_antialiased(not sheet["box"])
            borders = [_without_edges(ring, line, sheet["box"]) for ring, line in rings]
            axes.add_collection(LineCollection(borders, colors=BORDER, lw=width, zorder=n + 0.2))


def _rings(coded: Iterable[Sequence[int]], scale: int) -> Iterator[tuple[Any, Any]]:
    """Give each ring in degrees and projected."""
    for ring in coded:
        degrees = np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / scale
        yield degrees, _projected(degrees)


def _shows(line: Any, extent: Extent) -> bool:
    """Say whether a ring lies in the window and is more than a speck in it."""
    (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
    if max(east - west, north - south) < extent.width / 150:
        return False
    return bool(
        west < extent.east and extent.west < east and south < extent.north and extent.south < north
    )


def _projected(ring: Any) -> Any:
    lat = np.radians(np.clip(ring[:, 1], -85, 85))
    return np.column_stack([ring[:, 0] / 360, np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _without_edges(ring: Any, line: Any, box: Sequence[float] | None) -> Any:
    """Break a ring where it runs along the edge of its sheet: that is no border."""
    box = box or (-180, -90, 180, 90)
    sides = np.array([box[0], box[2], box[1], box[3]])
    on = np.abs(ring[:, [0, 0, 1, 1]] - sides) < 2e-4
    along = (on[:-1] & on[1:]).any(axis=1)
    return np.insert(line, np.flatnonzero(along) + 1, np.nan, axis=0)


def _outline(rings: Iterable[Any]) -> Outline:
    parts = [Outline(np.vstack([r, r[:1]]), closed=True) for r in rings]
    return Outline.make_compound_path(*parts)


def draw_regions(
    axes: Any, incidents: Sequence[Incident], extent: Extent, taken: list[Any]
) -> None:
    """Draw areas that hold incidents somewhere, with their count and name."""
    colours = {t.incident_type: t.light for t in incident_types()}
    for region in regions(incidents):
        colour = colours[region.incident_type]
        rings = [_projected(np.array(ring)) for ring in region.rings]
        shape = _outline(rings)
        axes.add_patch(PathPatch(shape, fc=colour, alpha=0.1, lw=0, zorder=30))
        axes.add_patch(PathPatch(shape, fc="none", ec=colour, lw=0.9, ls=(0, (3, 2.5)), zorder=31))
        x, y = project(region.lon, region.lat)
        if extent.covers(x, y):
            place = textwrap.shorten(region.place, 40, placeholder="…")
            at_a_distance = place[:1].isdigit()  # "70 km south of Aden"
            words = f"{place}: {region.total}" if at_a_distance else f"{region.total} in {place}"
            text = _text(axes, x, y, words, 7.6, weight="bold", ha="center", zorder=60)
            _halo(text, 2.4, PAPER)
            taken.append(text.get_window_extent())


def draw_arcs(axes: Any, incidents: Sequence[Incident]) -> None:
    """Draw an arrow from where each attack was launched to where it struck."""
    colours = {t.incident_type: t.light for t in incident_types()}
    for i in incidents:
        if None in (i.origin_lon, i.origin_lat, i.lon, i.lat):
            continue
        start, end = project(i.origin_lon or 0, i.origin_lat or 0), project(i.lon or 0, i.lat or 0)
        if np.hypot(start[0] - end[0], start[1] - end[1]) < 1e-6:
            continue
        arc = FancyArrowPatch(
            start,
            end,
            connectionstyle="arc3,rad=0.28",
            arrowstyle="-|>,head_length=3.2,head_width=1.8",
            linestyle=(0, (3, 2)),
            color=colours[i.incident_type],
            linewidth=1.1,
            zorder=40,
        )
        axes.add_patch(arc)


def draw_symbols(
    axes: Any, incidents: Sequence[Incident], extent: Extent, taken: list[Any]
) -> None:
    """Draw symbols, and donuts where symbols would touch."""
    pixels = axes.get_window_extent().width
    unit = extent.width / pixels
    dpi = axes.figure.dpi
    types = {t.incident_type: t for t in incident_types()}
    points = [i for i in incidents if not is_region(i)]
    for symbol in gather(points, extent, touch=SYMBOL_PT * 1.25 * dpi / 72 * unit):
        if symbol.total == 1:
            radius = SYMBOL_PT / 2 * dpi / 72
            draw_marker(axes, symbol.x, symbol.y, types[symbol.counts[0][0]])
        else:
            radius = (8.5 + 3.2 * np.log10(symbol.total)) * dpi / 72
            _draw_donut(axes, symbol, radius * unit, types)
        x, y = axes.transData.transform((symbol.x, symbol.y))
        taken.append(Bbox.from_extents(x - radius, y - radius, x + radius, y + radius))


def draw_marker(axes: Any, x: float, y: float, kind: IncidentType) -> None:
    """Draw the symbol of a type."""
    marker, weight = MARKERS[kind.shape]
    hollow = kind.shape.startswith("hollow")
    line = Line2D([x], [y], marker=marker, ms=SYMBOL_PT * weight, mew=1.1, zorder=50)
    line.set_markerfacecolor(PAPER if hollow else kind.light)
    line.set_markeredgecolor(kind.light if hollow else PAPER)
    axes.add_line(line)


def _draw_donut(axes: Any, symbol: Symbol, radius: float, types: dict[str, IncidentType]) -> None:
    x, y = symbol.x, symbol.y
    axes.add_patch(Wedge((x, y), radius * 1.1, 0, 360, fc=PAPER, lw=0, zorder=50))
    angle = 90.0
    for name, n in symbol.counts:
        turn = 360 * n / symbol.total
        wedge = Wedge((x, y), radius, angle - turn, angle, width=radius * 0.38)
        wedge.set(facecolor=types[name].light, edgecolor=PAPER, linewidth=0.4, zorder=51)
        axes.add_patch(wedge)
        angle -= turn
    _text(axes, x, y, f"{symbol.total}", 7.4, weight="bold", ha="center", zorder=52)


def draw_labels(
    axes: Any, labels: Iterable[Label], extent: Extent, taken: list[Any], most: int = 40
) -> None:
    """Write names where they touch no symbol and no other name, the first ones first."""
    window = axes.get_window_extent()
    for label in labels:
        x, y = project(label.lon, label.lat)
        if most and extent.covers(x, y) and _draw_label(axes, label, x, y, taken, window):
            most -= 1


def _draw_label(axes: Any, label: Label, x: float, y: float, taken: list[Any], window: Any) -> bool:
    text = _text(axes, x, y, label.name, 7.4, zorder=45)
    if label.kind == "country":
        text.set(text=label.name.upper(), ha="center", color=COUNTRY_INK)
    elif label.kind == "sea":
        text.set(style="italic", ha="center", color=SEA_INK)
    gaps = {"place": (8, 11, 14), "town": (4,)}.get(label.kind, (0,))
    for gap in gaps:
        for side in (1, -1) if gap else (0,):
            text.set_position(_beside(axes, x, y, side * gap))
            if gap:
                text.set_horizontalalignment("left" if side > 0 else "right")
            box = text.get_window_extent().padded(1.5)
            if _within(box, window) and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                if gap:
                    _halo(text, 2.2, LAND)
                if label.kind == "town":
                    axes.plot([x], [y], "o", ms=2.2, color=SOFT, zorder=44)
                return True
    text.remove()
    return False


def _text(axes: Any, x: float, y: float, words: str, size: float, **style: Any) -> Any:
    """Write words as they are: a dollar sign is no formula, a control character is nothing."""
    plain = "".join(c for c in words if c.isprintable())
    style = {"color": INK, "va": "center", "clip_on": True, **style}
    return axes.text(x, y, plain, size=size, parse_math=False, **style)


def _halo(text: Any, width: float, colour: str) -> None:
    """Lay a light edge below a text; on the text itself it would turn letters into shapes."""
    below = text.axes.text(*text.get_position(), text.get_text(), parse_math=False, clip_on=True)
    below.update_from(text)
    below.set(path_effects=[patheffects.Stroke(linewidth=width, foreground=colour)])
    below.set(alpha=0.85, zorder=text.get_zorder() - 0.5)


def _beside(axes: Any, x: float, y: float, points: float) -> tuple[float, float]:
    """Give the position so many typographic points to the right."""
    at_x, at_y = axes.transData.transform((x, y))
    moved = axes.transData.inverted().transform((at_x + points * axes.figure.dpi / 72, at_y))
    return float(moved[0]), y


def names(incidents: Sequence[Incident], ground: Basemap, extent: Extent) -> list[Label]:
    """List what to name: where something happened, then countries, seas and towns."""
    placed = Counter(
        (i.place, i.lon, i.lat)
        for i in incidents
        if i.lon is not None and i.lat is not None and not is_region(i)
    )
    places = [
        Label("place", textwrap.shorten(name, 40, placeholder="…"), "", lon, lat, n)
        for (name, lon, lat), n in sorted(placed.items(), key=lambda item: (-item[1], item[0]))
        if lon is not None and lat is not None
    ]
    seas = [label for label in ground.labels if label.kind == "sea"]
    towns = [label for label in ground.labels if label.kind == "town"]
    return [*places, *_countries(ground, extent), *seas, *towns]


def _countries(ground: Basemap, extent: Extent) -> list[Label]:
    """Name each country in the widest part of it that the map shows."""
    import shapely

    window = shapely.box(extent.west, extent.south, extent.east, extent.north)
    labels = []
    for land in ground.sheets[0]["land"]:
        lines = [
            line
            for _, line in _rings(land["rings"], ground.sheets[0]["scale"])
            if _shows(line, extent)
        ]
        if not land["iso"] or not lines:
            continue
        shape = shapely.union_all([shapely.make_valid(shapely.Polygon(line)) for line in lines])
        seen = shapely.make_valid(shape).intersection(window)
        if seen.area < extent.width * extent.height / 60:
            continue
        x, y = shapely.maximum_inscribed_circle(seen, extent.width / 100).coords[0]
        lat = np.degrees(np.arctan(np.sinh(y * 2 * np.pi)))
        labels.append(Label("country", land["name"], "", x * 360, float(lat), 0))
    return labels


def _within(box: Any, window: Any) -> bool:
    return bool(
        window.x0 < box.x0 and box.x1 < window.x1 and window.y0 < box.y0 and box.y1 < window.y1
    )


def draw_scale(axes: Any, extent: Extent) -> None:
    """Draw a scale bar of a round length."""
    whole = extent.km(extent.width)
    steps = [n * 10**e for e in range(-1, 5) for n in (1, 2, 5)]
    length = max((s for s in steps if s < whole / 4), default=steps[0])
    x0 = extent.west + extent.width * 0.025
    x1 = x0 + extent.width * length / whole
    y, tick = extent.south + extent.height * 0.035, extent.height * 0.012
    axes.plot([x0, x0, x1, x1], [y + tick, y, y, y + tick], color=SOFT, lw=0.9, zorder=70)
    _text(axes, x0, y + tick * 1.6, f"{length:g} km", 7, color=SOFT, va="bottom", zorder=70)


def draw_locator(figure: Figure, box: Sequence[float], ground: Basemap, extent: Extent) -> None:
    """Draw where in the world the map is."""
    x, y = (extent.west + extent.east) / 2, (extent.south + extent.north) / 2
    half = min(0.5, max(0.06, extent.width * 2))
    wide = Extent(x - half, y - half * 0.62, x + half, y + half * 0.62)
    axes = map_axes(figure, box, wide)
    paint_land(axes, Basemap(ground.sheets[:1], ()), wide, 0.35)
    corner = (extent.west, extent.south)
    axes.add_patch(
        Rectangle(corner, extent.width, extent.height, fc="none", ec=INK, lw=1, zorder=9)
    )

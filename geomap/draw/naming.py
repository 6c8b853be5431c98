"""Names on the map of a picture: written where they touch no sign and no other name."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.transforms import Bbox

from geomap.draw.basemap import Basemap, Label
from geomap.draw.chart import SPECK_PT, Chart
from geomap.draw.land import LAND, rings_of, shows
from geomap.draw.lettering import can_write, plain
from geomap.draw.scene import Extent, Region, Symbol, project
from geomap.draw.sheet import INK, PAPER, SOFT
from geomap.draw.wording import Wording

SEA_INK, COUNTRY_INK = "#5f7d8d", "#7d868d"
MOST, MOST_TOWNS = 46, 14
"""Names on one map, and of towns where nothing happened; more would hide it."""
LONGEST = 34
"""Letters of a name."""
NARROW_PT = 30.0
"""Areas of less than this half width and height are named beside them, not in them."""
SCRIPTS = {"ar": "ARABIC", "he": "HEBREW", "uk": "CYRILLIC"}


@dataclass(frozen=True, slots=True)
class Name:
    """Words that want room at a point of the map.

    Attributes
    ----------
    gap
        Points that a sign keeps free round the point; 0 if the words may lie on it.
    half
        Half the width and height in points of the area that is named.
    """

    words: str
    kind: str
    x: float
    y: float
    gap: float = 0.0
    half: tuple[float, float] = (0.0, 0.0)


STYLES: dict[str, dict[str, Any]] = {
    "symbol": {"color": INK},
    "region": {"color": INK, "weight": "bold"},
    "country": {"color": COUNTRY_INK},
    "sea": {"color": SEA_INK, "style": "italic"},
    "town": {"color": SOFT},
}


def symbol_names(chart: Chart, symbols: Iterable[Symbol]) -> list[Name]:
    """Name the place of each symbol, or the most frequent one and how many others."""
    names = []
    for symbol in symbols:
        known = [name for name, _ in symbol.places if name]
        if known:
            others = f" +{len(known) - 1}" if len(known) > 1 else ""
            words = _short(known[0]) + others
            gap = chart.radius(symbol.total) + 2.5
            names.append(Name(words, "symbol", symbol.x, symbol.y, gap))
    return names


def region_names(chart: Chart, areas: Iterable[Region], words: Wording) -> list[Name]:
    """Name areas with their number of incidents."""
    names = []
    for area in areas:
        said = words.say("region", n=area.total, place=words.quote(_short(area.place)))
        xs, ys = zip(*(project(*xy) for ring in area.rings for xy in ring), strict=True)
        x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        half = (max(xs) - x) / chart.unit, (max(ys) - y) / chart.unit
        point = (x, y) if max(half) < NARROW_PT else project(area.lon, area.lat)
        names.append(Name(said, "region", point[0], point[1], half=half))
    return names


def ground_names(ground: Basemap, extent: Extent, language: str) -> list[Name]:
    """Name countries, seas and towns, the important ones first."""
    seas = [label for label in ground.labels if label.kind == "sea"]
    towns = [label for label in ground.labels if label.kind == "town"]
    return [
        Name(
            label.name.upper() if label.kind == "country" else _said(label, language),
            label.kind,
            *project(label.lon, label.lat),
            gap=4.0 if label.kind == "town" else 0.0,
        )
        for label in (*_countries(ground, extent), *seas, *towns)
    ]


def draw_names(chart: Chart, names: Iterable[Name], most: int = MOST) -> list[Name]:
    """Write names, the first ones first; give back those that found no room."""
    window = chart.axes.get_window_extent()
    left = []
    towns = MOST_TOWNS
    for name in names:
        if not chart.extent.covers(name.x, name.y):
            continue
        if name.kind == "town" and (not towns or _is_covered(chart, name)):
            continue
        if most and _draw_name(chart, name, window):
            most -= 1
            towns -= name.kind == "town"
        else:
            left.append(name)
    return left


def _is_covered(chart: Chart, name: Name) -> bool:
    """Say whether a sign or a name lies where a town's dot would be."""
    x, y = chart.pixels(name.x, name.y)
    return any(box.contains(x, y) for box in chart.taken)


def _draw_name(chart: Chart, name: Name, window: Bbox) -> bool:
    sheet = chart.sheet
    size = sheet.letters(7.2 if name.kind in ("symbol", "region") else 6.6)
    style = {"va": "center", "clip_on": True, "size": size, **STYLES[name.kind]}
    text = chart.axes.text(name.x, name.y, plain(name.words), parse_math=False, zorder=60, **style)
    scale = sheet.size.dpi / 72
    box = text.get_window_extent()
    at_x, at_y = chart.pixels(name.x, name.y)
    for dx, dy, side in _positions(name, box.width / scale, size):
        x, y = at_x + dx * scale, at_y + dy * scale
        left = x - box.width * {"left": 0, "center": 0.5, "right": 1}[side]
        own = Bbox.from_bounds(left, y - box.height / 2, box.width, box.height).padded(1.2)
        if name.kind == "symbol" and _nearer_to_another(chart, own, at_x, at_y):
            continue
        if _within(own, window) and not any(own.overlaps(other) for other in chart.taken):
            chart.taken.append(own)
            text.set_position(chart.axes.transData.inverted().transform((x, y)))
            text.set_horizontalalignment(side)
            if name.kind != "sea":
                _halo(text, 2.2, PAPER if name.kind == "region" else LAND)
            if name.kind == "town":
                chart.take(name.x, name.y, 2.0)
                chart.axes.plot([name.x], [name.y], "o", ms=2.0, color=SOFT, zorder=44)
            return True
    text.remove()
    return False


def _nearer_to_another(chart: Chart, box: Bbox, x: float, y: float) -> bool:
    """Say whether a name would stand as near to another sign as to the one at a point."""
    near = box.padded(3.5 * chart.sheet.size.dpi / 72)
    return any(near.overlaps(sign) and not sign.contains(x, y) for sign in chart.signs)


def _positions(name: Name, width: float, size: float) -> Sequence[tuple[float, float, str]]:
    """Give where words may stand round their point: offsets in points, and the side."""
    gap, line = name.gap, size * 1.25
    if name.kind == "town":
        return [(gap, 0, "left"), (-gap, 0, "right")]
    if gap:
        far = gap * 0.8
        sides = [(gap, 0, "left"), (-gap, 0, "right")]
        slant = [
            (dx, dy, side)
            for dy in (far, -far)
            for dx, side in ((far, "left"), (-far, "right"), (0.0, "center"))
        ]
        return [
            *sides,
            *[(dx, dy + np.sign(dy) * size * (0.3 if dx else 0.6), s) for dx, dy, s in slant],
            *[(dx * 1.5, dy, side) for dx, _, side in sides for dy in (line, -line)],
            *[(0.0, sign * (gap + 1.5 * line), "center") for sign in (1, -1)],
        ]
    if name.kind == "region":
        wide, high = (max(SPECK_PT / 2, side) for side in name.half)
        if max(wide, high) < NARROW_PT:
            beside = [(wide + 3, 0.0, "left"), (-wide - 3, 0.0, "right")]
            above = [(0.0, sign * (high + 0.7 * line), "center") for sign in (1, -1)]
            steps = (0.7, -0.7, 1.4, -1.4)
            return [*beside, *above, *[(dx, n * line, s) for dx, _, s in beside for n in steps]]
        rows = [dy for dy in (0, 1, -1, 2, -2, 3, -3, 5, -5, 7, -7) if abs(dy) * line < high]
        inside = [(dx * width, dy * line, "center") for dy in rows for dx in (0.0, 0.5, -0.5)]
        return [*inside, *[(0.0, sign * (high + 0.7 * line), "center") for sign in (1, -1)]]
    lines = (0.0, 1.2, -1.2, 2.4, -2.4) if name.kind == "country" else (0.0,)
    return [(0.0, dy * line, "center") for dy in lines]


def _within(box: Bbox, window: Bbox) -> bool:
    return bool(
        window.x0 < box.x0 and box.x1 < window.x1 and window.y0 < box.y0 and box.y1 < window.y1
    )


def _halo(text: Any, width: float, colour: str) -> None:
    """Lay a light edge below a text; on the text itself it would turn letters into shapes."""
    below = text.axes.text(*text.get_position(), text.get_text(), parse_math=False, clip_on=True)
    below.update_from(text)
    below.set(path_effects=[patheffects.Stroke(linewidth=width, foreground=colour)])
    below.set(alpha=0.85, zorder=text.get_zorder() - 0.5)


def _short(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    short = textwrap.shorten(name, LONGEST, placeholder="…")
    return short if len(short) > 9 else name[:LONGEST] + "…"


def _said(label: Label, language: str) -> str:
    """Give a label's name in the script of a language when it is known."""
    script = SCRIPTS.get(language)
    if not script or not label.native or not can_write(label.native):
        return label.name
    fits = unicodedata.name(label.native[0], "").startswith(script)
    return label.native if fits else label.name


def _countries(ground: Basemap, extent: Extent) -> list[Label]:
    """Name each country in the widest part of it that the map shows."""
    import shapely

    window = shapely.box(extent.west, extent.south, extent.east, extent.north)
    labels = []
    for land in ground.sheets[0]["land"]:
        coded = rings_of(land["rings"], ground.sheets[0]["scale"])
        lines = [line for _, line in coded if shows(line, extent)]
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

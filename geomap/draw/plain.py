"""The page for those who run no script, as in a mail's preview: a still map and a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from heapq import nlargest
from html import escape
from typing import Any

from geomap.draw.basemap import ATTRIBUTION, DISCLAIMER, basemap, decode
from geomap.draw.definition import Definition
from geomap.draw.scene import Extent, Symbol, fit, gather, is_region, project, regions
from geomap.model import Incident

ROWS = 200
"""Incidents in the table and on the map, the latest."""

WIDTH, HEIGHT = 800, 460
_LETTER = 6.2
"""About how wide a letter of a label is."""
_BESIDE = ((1, 4, "start"), (-1, 4, "end"))
"""Where a label may stand: side, line under the middle, anchor."""


def plain_page(incidents: Sequence[Incident], definition: Definition) -> str:
    """Give the latest incidents as a map in SVG and a table in HTML."""
    rows = nlargest(ROWS, incidents, key=lambda r: (r.date or date.min, r.place, r.id))
    note = definition.words["plain"]
    for key, count in (("{n}", len(rows)), ("{total}", len(incidents))):
        note = note.replace(key, str(count))
    still = _map(rows, definition)
    return f'<div class="gm-plain"><p>{note}</p>{still}{_table(rows, definition)}</div>'


def _table(rows: Iterable[Incident], definition: Definition) -> str:
    labels = {kind.id: kind.label for kind in definition.types}
    lines = [
        (r.date, labels.get(r.incident_type, r.incident_type), r.place, r.sentence, r.doc_title)
        for r in rows
    ]
    body = "".join(
        "<tr>" + "".join(f"<td dir=auto>{_text(cell)}</td>" for cell in line) for line in lines
    )
    words = definition.words
    heads = "".join(f"<th>{words[key]}" for key in ("date", "type", "place", "text", "source"))
    return f"<table><thead><tr>{heads}</thead><tbody>{body}</tbody></table>"


def _text(value: Any, longest: int = 2000) -> str:
    text = "" if value is None else str(value)
    return escape("".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text[:longest]))


def _map(rows: Sequence[Incident], definition: Definition) -> str:
    colours = {kind.id: kind.light for kind in definition.types if kind.shown}
    drawn = [r for r in rows if r.incident_type in colours and r.temporal != "background"]
    placed = [r for r in drawn if r.lon is not None and r.lat is not None]
    if not placed:
        return ""
    extent = fit(placed, WIDTH / HEIGHT)
    unit = extent.width / WIDTH
    points = [r for r in placed if not is_region(r)]
    symbols = gather(points, extent, lambda n: (6 if n == 1 else 10) * unit)
    parts = [*_land(placed, extent), *_areas(placed, extent, colours)]
    parts += [_symbol(symbol, extent, colours) for symbol in symbols]
    parts += _names(symbols, extent)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="11">'
        f"{''.join(parts)}</svg><p>{_legend(placed, definition)}</p>"
        f"<p dir=ltr><small>{escape(ATTRIBUTION)}. {escape(DISCLAIMER)}</small></p>"
    )


def _legend(placed: Sequence[Incident], definition: Definition) -> str:
    counts = Counter(r.incident_type for r in placed)
    return " &ensp; ".join(
        f'<svg width="10" height="10"><circle cx="5" cy="5" r="5" fill="{kind.light}"/></svg> '
        f"{_text(kind.label)} {counts[kind.id]}"
        for kind in definition.types
        if counts[kind.id]
    )


def _at(extent: Extent, lon: float, lat: float) -> tuple[int, int]:
    """Give a place in pixels of the map; what lies far outside comes to its rim."""
    return _pixel(extent, *project(lon, lat))


def _pixel(extent: Extent, x: float, y: float) -> tuple[int, int]:
    unit = extent.width / WIDTH
    px, py = round((x - extent.west) / unit), round((extent.north - y) / unit)
    return max(-20, min(WIDTH + 20, px)), max(-20, min(HEIGHT + 20, py))


def _path(extent: Extent, ring: Iterable[Sequence[float]]) -> str:
    points = list(dict.fromkeys(_at(extent, lon, lat) for lon, lat in ring))
    if len(points) < 3:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _land(placed: Sequence[Incident], extent: Extent) -> Iterable[str]:
    """Draw the sharpest sheet that holds the whole window."""
    sheets = basemap((r.lon or 0, r.lat or 0) for r in placed).sheets
    sheet = next(s for s in reversed(sheets) if not s["box"] or _covers(s["box"], extent))
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#dbe6ec"/>'
    for land in sheet["land"]:
        rings = "".join(_path(extent, decode(ring, sheet["scale"])) for ring in land["rings"])
        if rings:
            yield f'<path d="{rings}" fill="#f6f4ef" fill-rule="evenodd" stroke="#9aa3aa"/>'


def _covers(box: Sequence[float], extent: Extent) -> bool:
    west, south = project(box[0], box[1])
    east, north = project(box[2], box[3])
    return (
        west <= extent.west
        and extent.east <= east
        and south <= extent.south
        and extent.north <= north
    )


def _areas(placed: Sequence[Incident], extent: Extent, colours: dict[str, str]) -> Iterable[str]:
    for region in regions(placed):
        colour = colours[region.counts[0][0]]
        rings = "".join(_path(extent, ring) for ring in region.rings)
        title = f"<title>{_text(region.place, 200)}: {region.total}</title>"
        yield (
            f'<path d="{rings}" fill="{colour}" fill-opacity="0.1" stroke="{colour}" '
            f'stroke-dasharray="3 3">{title}</path>'
        )


def _symbol(symbol: Symbol, extent: Extent, colours: dict[str, str]) -> str:
    """Draw a dot, or a ring with a number, in the colour of the most frequent type."""
    x, y = _pixel(extent, symbol.x, symbol.y)
    colour = colours[max(symbol.counts, key=lambda item: item[1])[0]]
    places = ", ".join(place for place, _ in symbol.places)
    title = f"<title>{_text(places, 200)}: {symbol.total}</title>"
    if symbol.total == 1:
        return f'<circle cx="{x}" cy="{y}" r="5.5" fill="{colour}" stroke="#fff">{title}</circle>'
    return (
        f'<g>{title}<circle cx="{x}" cy="{y}" r="9" fill="#fff" stroke="{colour}" '
        f'stroke-width="4"/><text x="{x}" y="{y + 4}" text-anchor="middle">{symbol.total}</text>'
        "</g>"
    )


def _names(symbols: Sequence[Symbol], extent: Extent) -> Iterable[str]:
    """Name the places of symbols, where a name is in nobody's way."""
    taken: list[tuple[float, float, float, float]] = []
    for s in symbols:
        x, y = _pixel(extent, s.x, s.y)
        taken.append((x - 12, y - 9, x + 12, y + 9))
    for symbol in symbols:
        name = re.sub(r"\s+", " ", symbol.places[0][0])[:40]
        x, y = _pixel(extent, symbol.x, symbol.y)
        width = _LETTER * len(name)
        for side, down, anchor in _BESIDE:
            left = x + 14 if side > 0 else x - 14 - width
            box = (left, y - 7, left + width, y + 7)
            free = all(box[2] < a or c < box[0] or box[3] < b or d < box[1] for a, b, c, d in taken)
            if free and left > 0 and box[2] < WIDTH:
                taken.append(box)
                yield (
                    f'<text x="{x + 14 * side}" y="{y + down}" text-anchor="{anchor}" '
                    f'stroke="#f6f4ef" stroke-width="3" paint-order="stroke">{_text(name)}</text>'
                )
                break

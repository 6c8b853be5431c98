"""The map as a picture for a report: PNG, SVG or PDF by matplotlib, no browser."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geomap.draw.basemap import ATTRIBUTION, DISCLAIMER, basemap
from geomap.draw.chart import (
    INK,
    PAPER,
    SOFT,
    draw_arcs,
    draw_labels,
    draw_locator,
    draw_marker,
    draw_regions,
    draw_scale,
    draw_symbols,
    map_axes,
    names,
    paint_land,
)
from geomap.draw.scene import Extent, fit, incident_types, is_region, project, shown_types
from geomap.errors import InputError
from geomap.files import replacing
from geomap.model import Incident
from geomap.record import from_frame, told_once

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SUFFIXES = (".png", ".svg", ".pdf")
WIDTH_IN, HEIGHT_IN, DPI = 10.0, 6.6, 160
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "geomap",
    "pdf.fonttype": 42,
    "text.hinting": "none",
}
"""Text stays text, and a letter's halo lies exactly below it."""
MAP = (0.024, 0.098, 0.7, 0.768)
LOCATOR = (0.745, 0.098, 0.231, 0.217)
"""Left, bottom, width and height of the map and of its inset, as parts of the picture."""


def write_picture(
    incidents: GeoDataFrame | Iterable[Incident],
    path: str | Path,
    title: str | None = None,
    day: dt.date | None = None,
) -> None:
    """Write a picture of what happened: statements and talks are left to the page.

    Incidents that are known to a region are drawn as areas, never as pins; an event
    told twice is drawn once. The same incidents give the same bytes.

    Parameters
    ----------
    incidents
        Incidents, or a GeoDataFrame with the record's columns.
    path
        Ends in .png (1600 x 1056 pixels), .svg or .pdf.
    title
        A sentence; without it the period.
    day
        Date of issue, for the line below the title.

    Raises
    ------
    InputError
        If the suffix is another one.
    GeomapError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path.suffix or 'no suffix'} is not a kind of picture",
            where=str(path),
            todo="Name it .png, .svg or .pdf.",
        )
    rows = from_frame(incidents) if hasattr(incidents, "geometry") else list(incidents)
    happened = [
        row
        for row in told_once(sorted(rows, key=lambda row: row.id))
        if row.incident_type in shown_types() and row.temporal != "background"
    ]
    with rc_context(SETTINGS), replacing(path) as draft:
        figure = _draw(happened, title, day)
        _save(figure, draft, path.suffix.lower(), _alt_text(happened, title))


def _draw(incidents: Sequence[Incident], title: str | None, day: dt.date | None) -> Figure:
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    extent = fit(incidents, MAP[2] * WIDTH_IN / (MAP[3] * HEIGHT_IN))
    ground = basemap([(i.lon, i.lat) for i in incidents if i.lon is not None and i.lat is not None])
    axes = map_axes(figure, MAP, extent)
    paint_land(axes, ground, extent, 0.7)
    taken: list[Any] = []
    draw_regions(axes, incidents, extent, taken)
    draw_arcs(axes, incidents)
    draw_symbols(axes, incidents, extent, taken)
    draw_labels(axes, names(incidents, ground, extent), extent, taken)
    draw_scale(axes, extent)
    draw_locator(figure, LOCATOR, ground, extent)
    _draw_head(figure, incidents, title, day)
    _draw_legend(figure, incidents, extent)
    _write(figure, MAP[0], 0.058, _sources(incidents), size=7.2)
    _write(figure, MAP[0], 0.03, f"{ATTRIBUTION}. {DISCLAIMER}", size=7.2)
    return figure


def _draw_head(
    figure: Figure, incidents: Sequence[Incident], title: str | None, day: dt.date | None
) -> None:
    head = textwrap.shorten(title or "Incidents", 90, placeholder="…")
    _write(figure, MAP[0], 0.952, head, size=16, weight="bold", color=INK)
    _write(figure, MAP[0], 0.902, _subtitle(incidents, day), size=9.4)


def _write(figure: Figure, x: float, y: float, words: str, **style: Any) -> None:
    plain = "".join(c for c in words if c.isprintable())
    figure.text(x, y, plain, parse_math=False, **{"va": "center", "color": SOFT, **style})


def _subtitle(incidents: Sequence[Incident], day: dt.date | None) -> str:
    days = sorted(i.date for i in incidents if i.date)
    parts = []
    if day:
        parts.append(f"Bulletins of {_day(day)}")
    if days:
        span = _day(days[0]) if days[0] == days[-1] else f"{_day(days[0])} to {_day(days[-1])}"
        parts.append(f"events of {span}" if day else span)
    n = len(incidents)
    documents = len({i.doc_id for i in incidents})
    noun = "incident" if n == 1 else "incidents"
    parts.append(f"{n:,} {noun} from {documents} bulletin{'' if documents == 1 else 's'}")
    return " · ".join(parts)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _draw_legend(figure: Figure, incidents: Sequence[Incident], extent: Extent) -> None:
    left, y = 0.752, 0.84
    counts = Counter(i.incident_type for i in incidents)
    _write(figure, left - 0.007, y, "Type", size=9, weight="bold")
    canvas = figure.add_axes((0, 0, 1, 1), facecolor="none", zorder=5)
    canvas.set_axis_off()
    canvas.set_xlim(0, 1)
    canvas.set_ylim(0, 1)
    for kind in incident_types():
        if counts[kind.incident_type]:
            y -= 0.043
            draw_marker(canvas, left + 0.002, y, kind)
            _write(figure, left + 0.018, y, kind.label, size=9, color=INK)
            n = f"{counts[kind.incident_type]:,}"
            _write(figure, 0.976, y, n, size=9, weight="bold", color=INK, va="center", ha="right")
    for line in _notes(incidents, extent):
        for part in textwrap.wrap(line, 46):
            y -= 0.026
            _write(figure, left - 0.007, y - 0.014, part, size=7.6)
        y -= 0.008


def _notes(incidents: Sequence[Incident], extent: Extent) -> list[str]:
    """Say what the eye cannot see on the map."""
    notes = []
    if any(is_region(i) for i in incidents):
        notes.append("Dashed area: the incident lies somewhere in it.")
    if any(i.origin_lon is not None for i in incidents):
        notes.append("Dashed arrow: from where the bulletin says it came.")
    outside = Counter(
        i.place
        for i in incidents
        if i.lon is not None and i.lat is not None and not extent.covers(*project(i.lon, i.lat))
    )
    if outside:
        places = ", ".join(f"{place} ({n})" for place, n in sorted(outside.items())[:4])
        notes.append(f"Outside the picture: {places}.")
    blank = sum(i.lon is None for i in incidents)
    if blank:
        notes.append(f"{blank} {'has' if blank == 1 else 'have'} no place on the map.")
    if not incidents:
        notes.append("No incident was reported.")
    return notes


def _sources(incidents: Sequence[Incident]) -> str:
    titles = sorted({i.doc_title or Path(i.source).name for i in incidents} - {""})
    words = "; ".join(titles) or "none"
    return textwrap.shorten(
        f"Extracted automatically from bulletins, as reported, not verified. Sources: {words}",
        170,
        placeholder=" …",
    )


def _alt_text(incidents: Sequence[Incident], title: str | None) -> str:
    counts = Counter(i.incident_type for i in incidents)
    said = [
        f"{t.label} {counts[t.incident_type]}" for t in incident_types() if counts[t.incident_type]
    ]
    return f"Map. {title or 'Incidents'}. " + "; ".join(said or ["no incident"]) + "."


def _save(figure: Figure, path: Path, suffix: str, alt: str) -> None:
    metadata = {
        ".png": {"Software": None, "Description": alt},
        ".svg": {"Date": None, "Creator": "geomap", "Description": alt},
        ".pdf": {"CreationDate": None, "Creator": "geomap", "Producer": "geomap", "Subject": alt},
    }[suffix]
    figure.savefig(path, dpi=DPI, metadata=metadata)

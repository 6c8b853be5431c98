"""The map as a picture for a report: PNG, SVG or PDF by matplotlib, no browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from matplotlib import rc_context

from geomap.draw.basemap import ATTRIBUTION, Basemap, basemap
from geomap.draw.captions import credit, map_notes, subtitle
from geomap.draw.chart import (
    Chart,
    draw_arcs,
    draw_locator,
    draw_regions,
    draw_scale,
    draw_symbols,
    map_axes,
)
from geomap.draw.definition import Definition, IncidentType, read_definition
from geomap.draw.land import paint_land
from geomap.draw.layout import FOOT, lay_out
from geomap.draw.legend import Legend, draw_legend
from geomap.draw.lettering import fonts_for, plain
from geomap.draw.naming import draw_names, ground_names, region_names, symbol_names
from geomap.draw.scene import Extent, fit, project
from geomap.draw.sheet import Sheet, read_size
from geomap.draw.strip import count_days, draw_strip
from geomap.draw.summary import alt_text, by_type, happened, sources_of
from geomap.draw.wording import Wording, read_wording
from geomap.errors import InputError
from geomap.files import replacing
from geomap.model import Incident
from geomap.record import from_frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SUFFIXES = (".png", ".svg", ".pdf")
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "geomap",
    "pdf.fonttype": 42,
    "text.hinting": "none",
    "path.simplify": True,
}
"""Text stays text, and a letter's halo lies exactly below it."""
WIDEST_WITH_SCALE = 0.3
"""Part of the world beyond which a kilometre has no one length on the map."""
OTHER = IncidentType("other", "Other", "cross", "#464949", "#98a3ab", True)


@dataclass(frozen=True)
class _Picture:
    """What goes on the paper."""

    incidents: Sequence[Incident]
    context: Sequence[Incident]
    title: str
    day: dt.date | None
    as_of: dt.datetime | dt.date | None
    definition: Definition
    words: Wording

    @property
    def types(self) -> dict[str, IncidentType]:
        """How each type looks, in legend order."""
        other = replace(OTHER, label=self.words.say("other"))
        return {kind.id: kind for kind in (*self.definition.types, other)}

    @property
    def sources(self) -> list[str]:
        """The documents."""
        return [self.words.quote(title) for title in sources_of(self.incidents)]


def write_picture(
    incidents: GeoDataFrame | Iterable[Incident],
    path: str | Path,
    title: str | None = None,
    day: dt.date | None = None,
    *,
    definition: str = "incidents",
    size: str = "screen",
    dpi: int | None = None,
    as_of: dt.datetime | dt.date | None = None,
    context: Iterable[Incident] = (),
) -> str:
    """Write a picture of what happened: statements and talks are left to the page.

    Incidents that are known to a region are drawn as areas, never as pins; an event
    told twice is drawn once. The same incidents give the same bytes.

    Parameters
    ----------
    incidents
        Incidents, or a GeoDataFrame with the record's columns.
    path
        Ends in .png, .svg or .pdf.
    title
        A sentence; without it the definition's title; "" for none.
    day
        Date of issue, for the line below the title; it is marked in the histogram.
    definition
        As for `build_map`: types, labels, colours, language and extent.
    size
        ``screen``, ``a4``, ``a4-portrait``, ``letter``, ``slide``, ``column`` (16 cm),
        ``social`` (1200 x 675 pixels), or millimetres like ``180x120``.
    dpi
        Dots per inch of a PNG, if not the usual ones of the size.
    as_of
        The cut-off: nothing later is in the picture.
    context
        Incidents of the days before, for the histogram alone.

    Returns
    -------
    str
        What the picture shows, in words; it is in the file's metadata too.

    Raises
    ------
    InputError
        If the suffix or the size is another one, or it is over 100 megapixels.
    GeomapError
        If the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{path.suffix or 'no suffix'} is not a kind of picture",
            where=str(path),
            todo="Name it .png, .svg or .pdf.",
        )
    defined = read_definition(definition)
    paper = read_size(size, dpi)
    picture = _Picture(
        happened(_listed(incidents), defined),
        happened(context, defined),
        " ".join((defined.title if title is None else title).split()),
        *(day, as_of, defined, read_wording(defined.language)),
    )
    alt = alt_text(picture.incidents, defined, picture.words, picture.title or defined.title)
    wanted = [alt, picture.title, *(i.place for i in picture.incidents), *picture.sources]
    with rc_context(SETTINGS), fonts_for(wanted), replacing(path) as draft:
        sheet = Sheet(paper, picture.words.rtl)
        _draw(sheet, picture)
        _save(sheet, draft, suffix, picture.title, alt)
    return alt


def _listed(incidents: GeoDataFrame | Iterable[Incident]) -> list[Incident]:
    return from_frame(incidents) if hasattr(incidents, "geometry") else list(incidents)


def _draw(sheet: Sheet, picture: _Picture) -> None:
    own = {i.id for i in picture.incidents}
    others = [i for i in picture.context if i.id not in own]
    bars = count_days((*others, *picture.incidents))
    foot = (_credit(sheet, picture), f"{ATTRIBUTION}. {picture.words.say('disclaimer')}")
    layout = lay_out(sheet, picture.title, _heading(picture), foot, strip=bars is not None)
    if bars and layout.strip:
        own_days = [i.date for i in picture.incidents if i.date]
        focus = own_days or [day for day in (picture.day,) if day] if picture.context else []
        draw_strip(sheet, layout.strip, bars, picture.types, picture.words, focus)
    shown = picture.incidents or picture.context
    points = [(i.lon, i.lat) for i in shown if i.lon is not None and i.lat is not None]
    ground = basemap(points)
    extent = _extent(picture, layout.map.width / layout.map.height)
    axes = map_axes(sheet, layout.map, extent)
    paint_land(axes, ground, extent, 0.6 * sheet.size.letters)
    chart = Chart(sheet, axes, extent, picture.types)
    legend = _draw_incidents(chart, picture, ground)
    room = draw_legend(sheet, layout.panel, legend, upright=layout.upright)
    if room:
        draw_locator(sheet, room, ground, extent)


def _draw_incidents(chart: Chart, picture: _Picture, ground: Basemap) -> Legend:
    """Draw the incidents and the names, and say what the legend has to explain."""
    incidents, words = picture.incidents, picture.words
    areas = draw_regions(chart, incidents)
    arcs = draw_arcs(chart, incidents)
    symbols = draw_symbols(chart, incidents)
    if chart.extent.width < WIDEST_WITH_SCALE:
        draw_scale(chart)
    unnamed = draw_names(chart, [*symbol_names(chart, symbols), *region_names(chart, areas, words)])
    draw_names(chart, ground_names(ground, chart.extent, words.language))
    signs = [
        ("donut", "several", any(symbol.total > 1 for symbol in symbols)),
        ("area", "somewhere", bool(areas)),
        ("arrow", "origin_sign", arcs),
        ("hollow", "denied_sign", any(symbol.denied for symbol in symbols)),
    ]
    counts = by_type(incidents)
    notes = list(
        map_notes(incidents, words, chart.extent, [n.words for n in unnamed if n.kind == "region"])
    )
    if any(len(symbol.places) > 1 for symbol in symbols):
        notes.insert(0, words.say("more_places"))
    return Legend(
        words.say("type"),
        [(kind, counts[name]) for name, kind in picture.types.items() if counts[name]],
        [(sign, words.say(key)) for sign, key, drawn in signs if drawn],
        notes,
    )


def _extent(picture: _Picture, aspect: float) -> Extent:
    """Take the definition's window, widened to the paper, or fit the incidents."""
    if not picture.definition.extent:
        return fit(picture.incidents or picture.context, aspect)
    west, south, east, north = picture.definition.extent
    (x0, y0), (x1, y1) = project(west, south), project(east, north)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    width = max(x1 - x0, (y1 - y0) * aspect)
    return Extent(x - width / 2, y - width / aspect / 2, x + width / 2, y + width / aspect / 2)


def _heading(picture: _Picture) -> str:
    """Say period, day of the bulletins, numbers and cut-off below the title."""
    words, documents = picture.words, len({i.doc_id for i in picture.incidents})
    numbers = words.say("incidents", n=len(picture.incidents))
    if documents:
        numbers += " " + words.say("from_bulletins", n=documents)
    return subtitle(picture.incidents, picture.day, picture.as_of, words, numbers)


def _credit(sheet: Sheet, picture: _Picture) -> str:
    """Say how it was made and from what, as far as two lines hold it."""
    letters = int(3 * sheet.width / sheet.letters(FOOT))
    return credit(picture.sources, picture.words, letters)


def _save(sheet: Sheet, path: Path, suffix: str, title: str, alt: str) -> None:
    alt, title = plain(alt, rtl=False), plain(title, rtl=False)
    metadata = {
        ".png": {"Software": None, "Title": title, "Description": alt},
        ".svg": {"Date": None, "Creator": "geomap", "Title": title, "Description": alt},
        ".pdf": {
            "CreationDate": None,
            "Creator": "geomap",
            "Producer": "geomap",
            "Title": title,
            "Subject": alt,
        },
    }[suffix]
    sheet.figure.savefig(path, dpi=sheet.size.dpi, metadata=metadata)
    if suffix == ".svg":
        _describe(path, alt)


def _describe(path: Path, alt: str) -> None:
    """Let screen readers read the title and the alt text of an SVG."""
    svg = path.read_text(encoding="utf-8")
    svg = svg.replace("<svg ", '<svg role="img" ', 1)
    desc = f"</title>\n <desc>{escape(alt)}</desc>"
    path.write_text(svg.replace("</title>", desc, 1), encoding="utf-8")

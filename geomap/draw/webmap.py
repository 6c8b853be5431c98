"""Incidents as a folium map: one offline page with filters, a timeline, a list and cards."""

from __future__ import annotations

import base64
import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import MISSING, asdict, fields
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from geomap.draw.basemap import ATTRIBUTION, DISCLAIMER, basemap
from geomap.draw.bundle import bundle, stylesheet
from geomap.draw.columns import UNREAL, Columns, to_columns
from geomap.draw.definition import Definition, IncidentType, read_definition
from geomap.draw.page import Page, Raw
from geomap.draw.plain import plain_page
from geomap.draw.tiles import tile_layer
from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import FIELDS, from_frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OTHER = IncidentType("other", "Other", "cross", "#464949", "#98a3ab", True)
"""Takes incidents of a type that the definition does not name."""

_DEFAULTS = {f.name: None if f.default is MISSING else f.default for f in fields(Incident)}


class IncidentLayer(Layer):
    """Incidents as a folium layer: one canvas with symbols, donuts, areas and arcs.

    In a map of `build_map` it fills the page's list, timeline and cards. In any
    other folium map it stands beside the other layers and in the layer control; a
    click shows the card.

    Parameters
    ----------
    incidents
        A GeoDataFrame of the record, or incidents.
    name
        As the layer control shows it.
    definition
        See `read_definition`.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = geomap.incidents("{{ this.get_name() }}_data");'
        "{% endmacro %}"
    )

    def __init__(
        self,
        incidents: GeoDataFrame | Iterable[Incident],
        name: str = "Incidents",
        definition: str = "incidents",
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ):
        # folium's layer control writes names as HTML.
        super().__init__(name=escape(name), overlay=overlay, control=control, show=show)
        self._name = "IncidentLayer"
        self.definition_name = definition
        self.definition = read_definition(definition)
        self.incidents = _as_list(incidents)
        self.lines = _columns(self.incidents, self.definition).lines()

    def render(self, **kwargs: Any) -> Any:
        """Put the data, and once the script and the style, into the figure."""
        figure: Any = self.get_root()
        if not isinstance(figure, Page):
            style = f"<style>{stylesheet()}</style>"
            figure.header.add_child(Raw(f"{style}<script>{bundle()}</script>"), name="geomap")
        figure.html.add_child(Raw(_data_block(f"{self.get_name()}_data", self.lines)))
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _get_self_bounds(self) -> list[list[float | None]]:
        points = _points(self.incidents)
        if not points:
            return [[None, None], [None, None]]
        lons, lats = zip(*points, strict=True)
        return [[min(lats), min(lons)], [max(lats), max(lons)]]


class BaseLayer(Layer):
    """The offline basemap of ``maps/basemap`` for the places of some incidents."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geomap.basemap({{ this._parent.get_name() }}, "
        '"{{ this.get_name() }}_data", [{{ this.above.get_name() }}]);'
        "{% endmacro %}"
    )

    def __init__(self, above: IncidentLayer):
        super().__init__(name="Basemap", overlay=True, control=False, show=False)
        self._name = "BaseLayer"
        self.above = above

    def render(self, **kwargs: Any) -> Any:
        """Put the basemap's data and the attribution into the figure."""
        figure: Any = self.get_root()
        html = figure.html
        html.add_child(Raw(_data_block(f"{self.get_name()}_data", _base_line(self.above))))
        notice = (
            f'<p class="gm-attribution" dir="ltr">{escape(ATTRIBUTION)}. {escape(DISCLAIMER)}</p>'
        )
        html.add_child(Raw(notice))
        super().render(**kwargs)  # type: ignore[no-untyped-call]


class _Panels(MacroElement):
    """The page's panels round the map: filters, list, card, timeline."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geomap.page({{ this._parent.get_name() }}, {{ this.layer.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, layer: IncidentLayer):
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Panels"
        self.layer = layer


class IncidentMap(folium.Map):
    """A folium map whose figure is a `Page`: `save` writes one offline file."""

    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id={{ this.get_name()|tojson }}></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {"
        "center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, "
        "...{{ this.options|tojavascript }}});"
        "{% endmacro %}"
    )

    def __init__(self, layer: IncidentLayer, title: str):
        (south, west), (north, east) = layer.get_bounds()
        centre = (0.0, 0.0)
        if south is not None and west is not None and north is not None and east is not None:
            centre = ((south + north) / 2, (west + east) / 2)
        super().__init__(
            location=centre,
            zoom_start=3,
            tiles=None,
            zoom_control=False,
            min_zoom=2,
            max_zoom=16,
            zoom_snap=0.5,
        )
        self.title, self.layer = title, layer
        defined = layer.definition
        plain = plain_page(layer.incidents, defined)
        Page(title, defined.language, defined.words, plain).add_child(self)
        layer.add_to(self)
        BaseLayer(layer).add_to(self)
        if defined.tiles:
            tile_layer(defined.tiles).add_to(self)
        _Panels(layer).add_to(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """Show the page in a notebook, and the picture where no script runs, as in a PDF."""
        from geomap.draw.embed import notebook_bundle

        page: Any = self.get_root()
        layer, html = self.layer, page._repr_html_()
        return notebook_bundle(html, layer.incidents, self.title, layer.definition_name)


def build_map(
    incidents: GeoDataFrame | Iterable[Incident],
    title: str | None = None,
    definition: str = "incidents",
) -> folium.Map:
    """Make a map of incidents.

    Parameters
    ----------
    incidents
        A GeoDataFrame of the record, as `geomap.extract` and `Store.select` give
        it, or incidents.
    title
        Of the page; else the definition's.
    definition
        Name of a file in ``maps/`` without ``.toml``, or the path of one.

    Returns
    -------
    folium.Map
        Holds an `IncidentLayer` and the offline basemap. ``save`` writes one file
        that makes no request; a notebook shows it; any folium layer can be added.
    """
    layer = IncidentLayer(incidents, definition=definition)
    return IncidentMap(layer, title or layer.definition.title)


def write_map(folium_map: folium.Map, path: str | os.PathLike[str]) -> None:
    """Write a map as one HTML file; an older file stays whole until the new one is.

    Raises
    ------
    InputError
        If the file cannot be written, or the map is not one of `build_map`.
    """
    figure = folium_map.get_root()
    if not isinstance(figure, Page):
        raise InputError("this map is not geomap's", todo="Make it with geomap.build_map().")
    target = Path(path)
    html = figure.render().encode("utf-8")
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
            part.write(html)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(target)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(target)) from error


def _as_list(incidents: GeoDataFrame | Iterable[Incident]) -> list[Incident]:
    if hasattr(incidents, "to_crs"):
        return from_frame(incidents)
    return list(incidents)


def _points(incidents: Iterable[Incident]) -> list[tuple[float, float]]:
    return [(r.lon, r.lat) for r in incidents if r.lon is not None and r.lat is not None]


def _columns(incidents: Sequence[Incident], definition: Definition) -> Columns:
    types = list(definition.types)
    known = {kind.id for kind in types}
    if any(row.incident_type not in known for row in incidents):
        types.append(OTHER)
    dated = any(row.date for row in incidents)
    first, last = _news_period(incidents, {kind.id for kind in types if kind.shown})
    day0 = min((row.date for row in incidents if row.date), default=first)
    head = {
        "types": [asdict(kind) for kind in types],
        "period": [(first - day0).days, (last - day0).days],
        "start": definition.period,
        "dated": dated,
        "panels": [p for p in definition.panels if dated or not incidents or p != "timeline"],
        "extent": definition.extent,
        "language": definition.language,
        "words": definition.words,
        "fields": {name: _DEFAULTS[name] for name in FIELDS},
    }
    return to_columns(incidents, [kind.id for kind in types], head)


def _news_period(incidents: Iterable[Incident], types: Collection[str]) -> tuple[date, date]:
    """Give the first and last day of the timeline.

    They are those of what shows at first and is known to the week: what is told as
    context is older, and what is announced for later has not happened.
    """
    dated = [row for row in incidents if row.date]
    issued = max((row.doc_date for row in dated if row.doc_date), default=date.max)
    days = [
        row.date
        for row in dated
        if row.date
        and row.date <= issued
        and row.incident_type in types
        and row.temporal != "background"
        and row.modality not in UNREAL
        and ((row.date_end or row.date) - row.date).days < 7
    ] or [row.date for row in dated if row.date]
    return min(days, default=date(1970, 1, 1)), max(days, default=date(1970, 1, 1))


def _base_line(layer: IncidentLayer) -> str:
    """Give the basemap's sheets and labels as a line of base64."""
    off = {kind.id for kind in layer.definition.types if not kind.shown}
    near = [r for r in layer.incidents if r.incident_type not in off and r.geo_precision != 4]
    points = {(round(lon, 1), round(lat, 1)) for lon, lat in _points(near or layer.incidents)}
    base = basemap(points)
    written = {
        "sheets": base.sheets,
        "labels": [
            [label.kind, label.name, label.native, label.lon, label.lat, label.size]
            for label in base.labels
            if label.name and not layer.definition.tiles
        ],
        "focus": _focus(near),
    }
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def _focus(incidents: Sequence[Incident]) -> list[str]:
    """Name the countries that hold a sixth of the incidents or more: they are drawn lighter."""
    counts = Counter(code for row in incidents for code in (row.country or "").split())
    return sorted(code for code, count in counts.items() if 6 * count >= len(incidents))


def _data_block(name: str, lines: str) -> str:
    return f'<script type="application/octet-stream" id="{name}">{lines}</script>\n'

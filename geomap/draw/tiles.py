"""Basemaps of the user's choice: online tiles by name, or a PMTiles file inside the page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import folium
import xyzservices
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from geomap.draw.page import Raw

LARGEST_FILE = 30_000_000
"""Bytes of a PMTiles file; the page grows by a third more, and it has to be mailed."""

_VECTOR = 1
_TILE_TYPE = 99
"""Where in a PMTiles header its type of tile stands."""
_HEADER_BYTES = 127

_SCRIPTS = {
    "pmtiles": "https://unpkg.com/pmtiles@4.5.0/dist/pmtiles.js",
    "protomaps": "https://unpkg.com/protomaps-leaflet@5.1.0/dist/protomaps-leaflet.js",
}


class TileFile(JSCSSMixin, Layer):
    """A PMTiles file as a layer: pictures, or vector tiles of the Protomaps basemap.

    The file travels in the page, since a page that is opened from a folder may not
    read what lies beside it.

    Parameters
    ----------
    path
        Of a file that `wrong_with` finds nothing wrong with.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'geomap.tiles({{ this._parent.get_name() }}, "{{ this.get_name() }}_data");'
        "{% endmacro %}"
    )

    def __init__(self, path: Path):
        super().__init__(name=path.stem, overlay=True, control=False, show=False)
        self._name = "TileFile"
        self.data = path.read_bytes()
        needed = list(_SCRIPTS) if self.data[_TILE_TYPE] == _VECTOR else ["pmtiles"]
        self.default_js = [(name, _SCRIPTS[name]) for name in needed]

    def render(self, **kwargs: Any) -> Any:
        """Put the file into the figure."""
        figure: Any = self.get_root()
        text = base64.b64encode(self.data).decode()
        name = f"{self.get_name()}_data"
        block = f'<script type="application/octet-stream" id="{name}">{text}</script>\n'
        figure.html.add_child(Raw(block))
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def tile_layer(tiles: str) -> Layer:
    """Make the layer that a definition's ``tiles`` names."""
    if tiles.endswith(".pmtiles"):
        return TileFile(Path(tiles))
    return folium.TileLayer(xyzservices.providers.query_name(tiles))


def wrong_with(tiles: str) -> str | None:
    """Say what is wrong with a definition's ``tiles``, or None."""
    if tiles.endswith(".pmtiles"):
        return _wrong_with_file(Path(tiles))
    try:
        provider = xyzservices.providers.query_name(tiles)
    except ValueError:
        return f"{tiles!r} is no provider that xyzservices knows, and no .pmtiles file"
    return f"{tiles} needs a key of yours" if provider.requires_token() else None


def _wrong_with_file(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if header[:8] != b"PMTiles\x03" or len(header) < _HEADER_BYTES:
        return f"{path} is no PMTiles file of version 3"
    size = path.stat().st_size
    if size > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        return f"{path} has {size // 1_000_000} MB, more than {limit}; `pmtiles extract` cuts it"
    return None

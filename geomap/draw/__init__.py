"""Incidents seen: as a page, as a picture."""

from importlib import import_module
from typing import Any

_HOMES = {
    "IncidentLayer": "geomap.draw.webmap",
    "build_map": "geomap.draw.webmap",
    "write_map": "geomap.draw.webmap",
    "write_picture": "geomap.draw.picture",
    "Topic": "geomap.draw.digest",
    "write_report": "geomap.draw.report",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Look a name up on first use: a picture needs no folium, a page no matplotlib."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geomap.draw' has no attribute {name!r}")

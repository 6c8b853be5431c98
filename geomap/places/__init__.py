"""Names to places."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Gazetteer": "geomap.places.gazetteer",
    "default_gazetteer": "geomap.places.gazetteer",
    "geocode": "geomap.places.geocode",
    "geoparse": "geomap.places.geoparse",
}

__all__ = ["Gazetteer", "default_gazetteer", "geocode", "geoparse"]


def __getattr__(name: str) -> Any:
    """Look the wing's names up on first use: compiling needs none of them."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geomap.places' has no attribute {name!r}")

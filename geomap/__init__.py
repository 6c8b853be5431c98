"""From the text of a bulletin to a map that an analyst can defend."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Bulletin": "geomap.model",
    "Query": "geomap.store.query",
    "Store": "geomap.store",
    "build_map": "geomap.draw",
    "extract": "geomap.incidents.extract",
    "geocode": "geomap.places.geocode",
    "geoparse": "geomap.places.geoparse",
    "write_picture": "geomap.draw",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Look the quickstart's names up on first use, so that `import geomap` costs nothing."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geomap' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__

"""Text to incidents."""

from importlib import import_module
from typing import Any

_HOMES = {
    "examine": "geomap.incidents.extract",
    "extract_bulletin": "geomap.incidents.extract",
    "read_bulletin": "geomap.incidents.bulletin",
    "read_bulletins": "geomap.incidents.bulletin",
}

__all__ = ["examine", "extract_bulletin", "read_bulletin", "read_bulletins"]


def __getattr__(name: str) -> Any:
    """Look the wing's names up on first use: reading needs none of the tables."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geomap.incidents' has no attribute {name!r}")

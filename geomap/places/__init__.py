"""Names to places."""

# Bound here and not looked up on first use: `geocode` and `geoparse` are modules too, and
# whichever was imported first would decide what the name means.
from geomap.places.explanation import explain
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.geocode import geocode
from geomap.places.geoparse import geoparse

__all__ = ["Gazetteer", "default_gazetteer", "explain", "geocode", "geoparse"]

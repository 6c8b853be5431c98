"""Incidents kept and asked."""

from geomap.store.batch import Changes
from geomap.store.bbox import Bbox
from geomap.store.geopackage import Store
from geomap.store.query import Match, Query, cursor

__all__ = ["Bbox", "Changes", "Match", "Query", "Store", "cursor"]

"""For folium maps of your own: geomap's layer, pages that load nothing, popups that are safe."""

from geomap.draw.offline import offline, safe_popup
from geomap.draw.webmap import IncidentLayer

__all__ = ["IncidentLayer", "offline", "safe_popup"]

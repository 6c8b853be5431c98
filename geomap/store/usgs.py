"""The earthquake feeds of the United States Geological Survey: GeoJSON with 3-D points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from geomap.model import Incident

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def incident_of(feature: Mapping[str, Any]) -> Incident | None:
    """Read a feature of the feed; None for one that was taken back ("deleted").

    The day is in Universal Time. Blasts in quarries and explosions, which shake
    the ground too, are hazards without a subtype.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it is not such a feature.
    """
    properties = feature["properties"]
    if properties.get("status") == "deleted":
        return None
    lon, lat, *rest = feature["geometry"]["coordinates"]
    if not (-360 <= lon <= 360 and -90 <= lat <= 90):
        raise ValueError(f"lon {lon}, lat {lat} is not on the globe")
    if not -180 <= lon <= 180:  # some networks count on across the antimeridian
        lon = (lon + 180) % 360 - 180
    when = _EPOCH + dt.timedelta(milliseconds=properties["time"])
    kind = properties.get("type") or ""
    return Incident(
        id=f"usgs:{feature['id']}",
        event_id=str(feature["id"]),
        date=when.date(),
        date_precision="day",
        date_basis="imported",
        incident_type="hazard",
        subtype="earthquake" if kind == "earthquake" else "",
        place=properties.get("place") or "",
        geo_precision=1,
        quantities=tuple(_quantities(properties, rest)),
        sentence=properties.get("title") or "",
        confidence=1.0 if properties.get("status") == "reviewed" else 0.8,
        extractor="usgs",
        source=properties.get("url") or "",
        tags=(f"usgs.type={kind}", f"usgs.time={when:%Y-%m-%dT%H:%M:%SZ}"),
        lon=float(lon),
        lat=float(lat),
    )


def _quantities(properties: Mapping[str, Any], rest: list[Any]) -> list[dict[str, Any]]:
    found = []
    if properties.get("mag") is not None:
        unit = properties.get("magType") or ""
        found.append({"what": "magnitude", "value": float(properties["mag"]), "unit": unit})
    if rest and rest[0] is not None:
        found.append({"what": "depth", "value": float(rest[0]), "unit": "km"})
    return found

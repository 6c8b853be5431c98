"""GeoRSS feeds, RSS and Atom: what happened, as alert services tell it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from geomap.errors import InputError
from geomap.model import Incident


def is_feed(text: str) -> bool:
    """Say whether a text is a feed."""
    start = text.lstrip()[:2000]
    return start.startswith("<") and any(f"<{tag}" in start for tag in ("rss", "feed", "rdf:RDF"))


def read_feed(text: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Take a feed's entries apart, each with its place in the file before it.

    Raises
    ------
    InputError
        If it is not XML.
    """
    from lxml import etree

    # Nothing is fetched and no entity is opened: a feed is a stranger's text.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"is not XML: {error.msg}", where=f"{name}:{error.lineno}") from error
    for entry in root.iter("{*}item", "{*}entry"):
        yield f":{entry.sourceline}", _fields(entry)


def incident_of(row: Mapping[str, Any], kind: str) -> Incident:
    """Read an entry; a box, line or outline becomes the point in its middle.

    Raises
    ------
    ValueError
        If it has no id, no day, or a point that is none.
    """
    id_ = row.get("guid") or row.get("id") or row.get("link")
    if not id_:
        raise ValueError("has neither guid, id nor link")
    incident_type, _, subtype = kind.partition("/")
    lat, lon = _numbers(row) or (None, None)
    if lon is not None and lat is not None and not (abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(f"lon {lon}, lat {lat} is not on the globe")
    said = row.get("pubDate") or row.get("published") or row.get("updated") or row.get("date")
    return Incident(
        id=f"feed:{id_}",
        event_id=str(id_),
        date=_day(said or ""),
        date_precision="day",
        date_basis="imported",
        incident_type=incident_type,
        subtype=subtype,
        place=row.get("featurename", ""),
        geo_precision=1 if lon is not None else None,
        sentence=row.get("title", ""),
        notes=row.get("description") or row.get("summary") or None,
        confidence=0.5,
        extractor="georss",
        source=row.get("link", ""),
        lon=lon,
        lat=lat,
    )


def _fields(entry: Any) -> dict[str, Any]:
    from lxml.etree import QName

    row: dict[str, Any] = {}
    for child in entry.iter():
        if not isinstance(child.tag, str) or child is entry:
            continue
        tag, text = QName(child).localname, (child.text or "").strip()
        if tag == "link" and not text:
            text = child.get("href", "")
        row.setdefault(tag, text)
    return row


def _numbers(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Find the point: GeoRSS writes lat before lon."""
    for name in ("point", "pos"):
        if row.get(name):
            lat, lon = (float(part) for part in row[name].replace(",", " ").split()[:2])
            return lat, lon
    if row.get("lat") and (row.get("long") or row.get("lon")):
        return float(row["lat"]), float(row.get("long") or row["lon"])
    for name in ("box", "polygon", "line", "lowerCorner"):
        if row.get(name):
            values = [float(part) for part in row[name].replace(",", " ").split()]
            lats, lons = values[::2], values[1::2]
            return sum(lats) / len(lats), sum(lons) / len(lons)
    return None


def _day(text: str) -> dt.date:
    """Read a day as RSS (RFC 822) or Atom (RFC 3339) has it, in Universal Time."""
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        try:
            when = dt.datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a day") from None
    return (when.astimezone(dt.UTC) if when.tzinfo else when).date()

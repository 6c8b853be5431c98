"""An incident as rows of the store's tables, and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, NamedTuple

from geomap.errors import InputError
from geomap.model import Incident, Ring
from geomap.record import DATES, FIELDS, FLOATS, INTEGERS, LISTS
from geomap.store.correction import is_rejected
from geomap.store.extent import Extent, extent_of, is_known
from geomap.store.schema import point_blob, read_point

Values = tuple[Any, ...]

_DATES = tuple(FIELDS.index(name) for name in DATES)
_LISTS = tuple(FIELDS.index(name) for name in LISTS)
_INTEGERS = tuple(FIELDS.index(name) for name in INTEGERS)
_FLOATS = tuple(FIELDS.index(name) for name in FLOATS)
DEFAULTS: Values = tuple(f.default for f in fields(Incident) if f.name in FIELDS)
"""What the record has in each of `FIELDS` where nothing is stored."""
_get = attrgetter(*FIELDS)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_to_hash = json.JSONEncoder(separators=(",", ":")).encode


class Row(NamedTuple):
    """One incident, ready to be written.

    Attributes
    ----------
    values
        ``geom`` and `geomap.store.schema.COLUMNS`.
    narrow
        ``geomap_rows`` from ``date`` to ``known``.
    point, extent
        None when it is not mapped.
    words
        Sentence, place and names of the actors, for the text index.
    hash
        Of everything that is stored.
    rejected
        Whether a person has said that it is no incident.
    """

    id: str
    doc_id: str
    values: Values
    narrow: Values
    point: tuple[float, float] | None
    extent: Extent | None
    words: tuple[str, str, str]
    hash: str
    rejected: bool

    @property
    def known(self) -> bool:
        """Whether the extent is known to be whole."""
        return bool(self.narrow[-1])


def row_of(incident: Incident) -> Row:
    """Make an incident ready to be written.

    Raises
    ------
    InputError
        If it has no id, or its point or area is not on the globe.
    """
    where = f"incident {incident.id!r}"
    if not incident.id:
        raise InputError("an incident has no id", where=incident.sentence[:60])
    point = _point(incident, where)
    for ring in incident.area:
        if len(ring) < 3 or not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring):
            raise InputError("its area is no ring of points on the globe", where=where)
    try:
        values = _values(incident)
    except (TypeError, ValueError) as error:
        raise InputError(f"cannot be stored: {error}", where=where) from error
    extent = None
    if point:
        extent = extent_of(*point, incident.uncertainty_km, incident.area)
    date, end = incident.date, incident.date_end
    narrow = (
        date and date.isoformat(),
        end.isoformat() if date and end and end > date else None,
        incident.incident_type,
        incident.temporal == "background",
        *(point or (None, None)),
        *(extent or (None,) * 4),
        is_known(incident),
    )
    words = (incident.sentence, incident.place, actor_names(incident.actors))
    blob = point_blob(*point) if point else None
    return Row(
        incident.id,
        incident.doc_id,
        (blob, *values),
        narrow,
        point,
        extent,
        words,
        content_hash((*(point or (None, None)), *values)),
        is_rejected(incident),
    )


def incident_of(values: Sequence[Any]) -> Incident:
    """Read an incident back from ``geom`` and `geomap.store.schema.COLUMNS`.

    Raises
    ------
    ValueError, TypeError, AttributeError
        If another program has written what is not of the column's kind.
    """
    blob, *columns, area = values
    found: list[Any] = [d if v is None else v for v, d in zip(columns, DEFAULTS, strict=True)]
    for i in _DATES:
        if found[i] is not None:
            found[i] = dt.date.fromisoformat(found[i][:10])
    for i in _LISTS:
        if found[i]:
            found[i] = () if found[i] == "[]" else tuple(json.loads(found[i]))
    lon, lat = read_point(blob) or (None, None)
    found += (lon, lat, read_area(area))
    return Incident(*found)


def read_area(text: str | None) -> tuple[Ring, ...]:
    """Read the outer rings that the column ``area`` holds as JSON."""
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(text)) if text else ()


def content_hash(values: Values) -> str:
    """Hash what is stored of an incident: lon, lat and the columns, as they are read back."""
    return hashlib.sha256(_encode_to_hash(values).encode()).hexdigest()[:16]


def actor_names(actors: str | Sequence[dict[str, Any]] | None) -> str:
    """Give the names of actors as one text; from the column's JSON text too."""
    try:
        found = json.loads(actors) if isinstance(actors, str) else actors or ()
        names = (str(actor[key]) for actor in found for key in ("text", "name") if actor.get(key))
        return " | ".join(dict.fromkeys(names))
    except (ValueError, TypeError, AttributeError):
        return str(actors)  # written by another program: its words count all the same


def _point(incident: Incident, where: str) -> tuple[float, float] | None:
    lon, lat = incident.lon, incident.lat
    if lon is None or lat is None:
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        todo = "Are lon and lat swapped?" if -180 <= lat <= 180 and -90 <= lon <= 90 else ""
        raise InputError(f"lon {lon}, lat {lat} is not on the globe", where=where, todo=todo)
    return float(lon) + 0.0, float(lat) + 0.0  # -0.0 comes back as 0.0


def _values(incident: Incident) -> Values:
    """Columns as SQLite gives them back, so that the hash can be checked later."""
    values = list(_get(incident))
    for i in _DATES:
        if values[i] is not None:
            values[i] = values[i].isoformat()
    for i in _LISTS:
        values[i] = _json(values[i])
    for i in _INTEGERS:
        if values[i] is not None:
            values[i] = _integer(FIELDS[i], values[i])
    for i in _FLOATS:
        if values[i] is not None:
            values[i] = _number(FIELDS[i], values[i])
    for value in values:
        if type(value) is str and not value.isascii():
            value.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    return *values, _json(incident.area) if incident.area else None


def _json(value: Any) -> str:
    if not value:
        return "[]"
    return _words_json(value) if all(type(part) is str for part in value) else _encode(value)


@lru_cache(4096)
def _words_json(words: tuple[str, ...]) -> str:
    """Put reasons or tags as JSON, which many rows have in common."""
    return _encode(words)


def _integer(name: str, value: Any) -> int:
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{name} {value} is too large")
    return int(value)


def _number(name: str, value: Any) -> float:
    if not isfinite(value):
        raise ValueError(f"{name} {value} is not a number")
    return float(value) + 0.0

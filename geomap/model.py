"""The nouns on the road from a bulletin to a map: plain values, no behaviour to speak of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

GeoPrecision = Literal[1, 2, 3, 4]
Ring = tuple[tuple[float, float], ...]
"""Closed ring of (lon, lat) in EPSG:4326."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One document as it was stored, and the day it came out.

    Attributes
    ----------
    text
        The text as stored. Offsets of toponyms and incidents count its
        characters, half open.
    issued
        Date of issue in the bulletin's own time zone, or None if not known.
    title, source
        As found; ``source`` is a path or URL.
    """

    text: str
    issued: dt.date | None = None
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that may name a place, before anyone has said which."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer, or one computed from it ("northern Gaza Strip").

    Attributes
    ----------
    place_id
        ``geonames:281133``, ``naturalearth:...``, ``geomap:...``; computed places
        carry their parent's id and the rule: ``geomap:gaza-strip#north``.
    lon, lat
        Representative point in EPSG:4326; inside the water for a sea.
    kind
        An id from ``gazetteer/kinds.csv``: country, province, settlement,
        neighbourhood, camp, sea, river, region, facility, ...
    country
        ISO 3166-1 alpha-2, or "" where none or several apply (seas, regions).
    extent_km
        Radius in km within which the place lies round its point.
    area
        Outer rings in EPSG:4326 if the place is an area with a known outline.
    match, score
        When the place is an answer to a name: the level of match (``exact``,
        ``folded``, ``typed``, ``key``, ``computed``) and a score in 0..1.
    candidates
        The other places that the name may mean, best first.
    """

    place_id: str
    name: str
    lon: float
    lat: float
    kind: str
    country: str = ""
    admin1: str = ""
    population: int = 0
    extent_km: float = 0.0
    source: str = ""
    parent: str = ""
    area: tuple[Ring, ...] = ()
    match: str = ""
    score: float = 0.0
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in a text, with the place it was resolved to, or None.

    ``text[start:end] == toponym``. ``place.candidates`` are the rivals that lost;
    when nothing was chosen, ``candidates`` still holds what was considered.
    """

    start: int
    end: int
    toponym: str
    place: Place | None = None
    lon: float | None = None
    lat: float | None = None
    country: str = ""
    kind: str = ""
    geo_precision: GeoPrecision | None = None
    uncertainty_km: float | None = None
    score: float = 0.0
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident at one place: a row of the record. Unknown is None.

    Attributes
    ----------
    lon, lat
        Point in EPSG:4326; None when the place was not resolved ("not mapped").
    area
        Outer rings when the place is an area with a known outline; drawn
        instead of a circle of ``uncertainty_km``.
    geo_precision
        1 exact place, 2 near or small area, 3 region, 4 country or sea.
    date, date_end
        First and last day, both included.
    date_precision, date_basis
        day, week, month, year, unknown; explicit, relative, heading, document,
        imported.
    temporal
        current, or background: a past event told as context.
    modality
        asserted, claimed, denied, threatened, planned, hypothetical.
    actors
        Dicts with text, name, role (actor1, actor2, claimant), start, end.
    quantities
        Dicts with what, value, unit, text, start, end.
    reasons
        Short phrases that say why this place, type and confidence; the first
        rivals of the place are in ``rivals: A (cc), B (cc)``.
    """

    id: str
    event_id: str = ""
    doc_id: str = ""
    doc_title: str = ""
    doc_date: dt.date | None = None
    section: str = ""
    date: dt.date | None = None
    date_end: dt.date | None = None
    date_precision: str = "unknown"
    date_basis: str = "document"
    temporal: str = "current"
    incident_type: str = ""
    subtype: str = ""
    modality: str = "asserted"
    attribution: str | None = None
    place: str = ""
    place_id: str | None = None
    country: str | None = None
    admin1: str | None = None
    geo_precision: GeoPrecision | None = None
    uncertainty_km: float | None = None
    origin_place: str | None = None
    origin_lon: float | None = None
    origin_lat: float | None = None
    actors: tuple[dict[str, Any], ...] = ()
    fatalities: int | None = None
    fatalities_low: int | None = None
    fatalities_high: int | None = None
    injured: int | None = None
    missing: int | None = None
    displaced: int | None = None
    quantities: tuple[dict[str, Any], ...] = ()
    sentence: str = ""
    sentence_start: int | None = None
    sentence_end: int | None = None
    place_start: int | None = None
    place_end: int | None = None
    trigger: str | None = None
    trigger_start: int | None = None
    trigger_end: int | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    extractor: str = ""
    source: str = ""
    notes: str | None = None
    tags: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    area: tuple[Ring, ...] = field(default=())

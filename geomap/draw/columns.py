"""Incidents as typed columns and blocks of text, so that a page reads only what it shows.

A page holds three kinds of gzip streams, each in base64 on a line of its own:

1. the *head*, JSON: how many incidents, which columns of which type, and the
   dictionaries that the columns point into (places, documents, areas, origins,
   types);
2. the *columns*, one after the other: what a filter or a symbol needs. Of each,
   the lowest bytes of all values come first, then the next: they pack better so;
3. the *text*, JSON, in blocks of `BLOCK` incidents: what the card, the list, the
   search and a download need. A field is a list, or ``{"every": value}`` where all
   of the block have the same.

``maps/page/data.js`` is the reader. The same incidents give the same bytes in
whatever order they come.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import isfinite
from operator import attrgetter
from typing import Any

import numpy as np

from geomap.draw.told import NORMAL, corrections
from geomap.model import Incident
from geomap.record import FIELDS

FORMAT = 1
BLOCK = 512
NOWHERE = -(2**31)
"""What the columns hold for a coordinate that is not known."""
NEVER = 0xFFFF
"""What the columns hold for a day that is not known."""

MODALITIES = ("asserted", "claimed", "denied", "threatened", "planned", "hypothetical")
UNREAL = frozenset({"threatened", "planned", "hypothetical"})
"""Modalities of what has not happened: drawn with the statements, never as what they speak of."""

_IN_DICTIONARIES = frozenset(
    {"doc_id", "doc_title", "doc_date", "source", "extractor"}
    | {"place", "place_id", "country", "admin1"}
    | {"origin_place", "origin_lon", "origin_lat"}
    | {"date", "date_end", "date_precision", "temporal", "modality", "geo_precision"}
)
TEXT_FIELDS = tuple(name for name in FIELDS if name not in _IN_DICTIONARIES)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a page needs of incidents: its head, typed columns and blocks of text.

    Attributes
    ----------
    head
        JSON-ready; see the module's own text.
    columns
        Name to array, all as long as there are incidents.
    text
        JSON-ready blocks: field to list of values, or to the one that all have; a
        field that is empty in the whole block is left out.
    """

    head: dict[str, Any]
    columns: dict[str, np.ndarray[Any, Any]]
    text: tuple[dict[str, Any], ...]

    def lines(self) -> str:
        """Give head, columns and text blocks as lines of base64."""
        streams = [_json(self.head), b"".join(map(_planes, self.columns.values()))]
        streams += [_json(block) for block in self.text]
        with ThreadPoolExecutor() as pool:  # zlib lets go of the interpreter
            return "\n".join(pool.map(_packed, streams))


def to_columns(
    incidents: Iterable[Incident], types: Sequence[str], head: Mapping[str, Any] | None = None
) -> Columns:
    """Lay incidents out as columns.

    Parameters
    ----------
    incidents
        In any order. They come out by day, place and id, and among mentions of
        one event the surest first.
    types
        Ids of the incident types, in legend order. One that is not there is
        counted as the last.
    head
        Further entries for the head, as JSON-ready values.
    """
    rows = sorted(incidents, key=_order)
    places, documents, areas = _Dictionary(), _Dictionary(), _Dictionary()
    origins, events, actors = _Dictionary(), _Dictionary(), _Dictionary()
    day0 = min((row.date for row in rows if row.date), default=date(1970, 1, 1)).toordinal()
    type_of = {name: i for i, name in enumerate(types)}

    def column(values: Iterable[int], dtype: str) -> np.ndarray[Any, Any]:
        return np.fromiter(values, dtype=dtype, count=len(rows))

    columns = {
        "lon": column((_micro(r.lon, r.lat) for r in rows), "<i4"),
        "lat": column((_micro(r.lat, r.lon) for r in rows), "<i4"),
        "place": column((places[r.place, r.place_id, r.country, r.admin1] for r in rows), "<u4"),
        "document": column((documents[_document(r)] for r in rows), "<u4"),
        "area": column((1 + areas[r.area] if r.area else 0 for r in rows), "<u4"),
        "origin": column((1 + origins[_origin(r)] if r.origin_place else 0 for r in rows), "<u4"),
        "actors": column((actors[_actors(r)] for r in rows), "<u4"),
        "radius": column((_radius(r.uncertainty_km) for r in rows), "<f4"),
        "day": column((r.date.toordinal() - day0 if r.date else NEVER for r in rows), "<u2"),
        "days": column((_days(r) for r in rows), "<u2"),
        "type": column((_type(r, type_of) for r in rows), "u1"),
        "flags": column((_flags(r) for r in rows), "u1"),
        "precision": column((_DATE_PRECISIONS.index(_date_precision(r)) for r in rows), "u1"),
    }
    told_twice = corrections(rows)
    columns["told"] = column((told_twice.get(r.id, NORMAL) for r in rows), "u1")
    numbers = [events[_event(r, told_twice)] for r in rows]
    told_again = len(events.entries()) < len(rows)
    if told_again:
        columns = {"event": column(numbers, "<u4")} | columns
    full = {
        "format": FORMAT,
        "n": len(rows),
        "block": BLOCK,
        "day0": date.fromordinal(day0).isoformat(),
        "columns": [[name, array.dtype.str.lstrip("<|")] for name, array in columns.items()],
        "modalities": MODALITIES,
        "date_precisions": _DATE_PRECISIONS,
        "places": places.entries(),
        "documents": documents.entries(),
        "areas": [[_steps(ring) for ring in area] for area in areas.entries()],
        "origins": origins.entries(),
        "actors": actors.entries(),
        "events": len(events.entries()),
        **(head or {}),
    }
    usual = [types[k] for k in columns["type"]] if types else ["" for _ in rows]
    return Columns(full, columns, tuple(_blocks(rows, usual)))


class _Dictionary:
    """Numbers things in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def __getitem__(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def entries(self) -> list[Any]:
        return list(self._numbers)


def _order(row: Incident) -> tuple[Any, ...]:
    return (row.date or date.max, row.place, row.event_id, -row.confidence, row.id)


def _event(row: Incident, corrections: Mapping[str, int]) -> tuple[str, ...]:
    """One event at one place is drawn once, however often it is told.

    Where a later bulletin tells it otherwise, it is one event at any place.
    """
    if row.id in corrections:
        return (row.event_id,)
    return (row.event_id, row.place_id or row.place) if row.event_id else (row.id,)


def _document(row: Incident) -> tuple[Any, ...]:
    issued = row.doc_date.isoformat() if row.doc_date else None
    return (row.doc_id, row.doc_title, issued, _public(row.source), row.extractor)


def _public(source: str) -> str:
    """Keep a web address; of a path only the file's name, since a page travels."""
    return source if "://" in source else re.split(r"[\\/]", source)[-1]


def _origin(row: Incident) -> tuple[Any, ...]:
    return (row.origin_place, row.origin_lon, row.origin_lat)


def _actors(row: Incident) -> tuple[str, ...]:
    """Name who takes part, each once."""
    names = (actor.get("name") or actor.get("text") for actor in row.actors)
    return tuple(sorted({str(name) for name in names if name}))


def _micro(value: float | None, other: float | None) -> int:
    if value is None or other is None or not (isfinite(value) and isfinite(other)):
        return NOWHERE
    return round(value * 1e6)


def _radius(km: float | None) -> Any:
    return 0.0 if km is None or not isfinite(km) else km


def _days(row: Incident) -> int:
    """Days after the first one on which the incident may have happened."""
    if row.date is None or row.date_end is None:
        return 0
    return min(max((row.date_end - row.date).days, 0), NEVER)


def _type(row: Incident, types: Mapping[str, int]) -> int:
    name = row.incident_type
    if row.modality in UNREAL and name != "diplomacy" and "statement" in types:
        name = "statement"
    return types.get(name, len(types) - 1)


def _flags(row: Incident) -> int:
    """Precision of the place in bits 0 to 2, background in bit 3, modality in bits 4 to 6."""
    modality = MODALITIES.index(row.modality) if row.modality in MODALITIES else 0
    return (row.geo_precision or 0) | (row.temporal == "background") << 3 | modality << 4


_DATE_PRECISIONS = ("day", "week", "month", "year", "unknown")


def _date_precision(row: Incident) -> str:
    return row.date_precision if row.date_precision in _DATE_PRECISIONS else "unknown"


def _steps(ring: Sequence[Sequence[float]]) -> list[int]:
    """Give a ring as lon, lat, lon, lat, ... in 1e-4 degrees, each but the first as a step."""
    grid = np.rint(np.asarray(ring, dtype=float) * 1e4).astype(int)
    flat: list[int] = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=int)).ravel().tolist()
    return flat


_FLOATS = frozenset({"uncertainty_km", "confidence"})
_OFFSETS = tuple(name for name in TEXT_FIELDS if name.endswith(("_start", "_end")))


def _blocks(rows: Sequence[Incident], usual: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Give the text of incidents; `usual` are the types that the columns hold."""
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        block = {name: list(map(attrgetter(name), part)) for name in TEXT_FIELDS}
        for name in _FLOATS:  # there is no NaN in JSON
            block[name] = [v if v is not None and isfinite(v) else None for v in block[name]]
        block |= _relative(block)
        block["incident_type"] = _unless(block["incident_type"], usual[start : start + BLOCK])
        block["event_id"] = _unless(block["event_id"], block["id"])
        yield {name: _shared(v) for name, v in block.items() if not _left_out(name, v)}


def _unless(values: Sequence[Any], usual: Sequence[Any]) -> list[Any]:
    """Say nothing where a value is what the reader takes it for anyway."""
    return [None if v == u else v for v, u in zip(values, usual, strict=True)]


def _left_out(name: str, values: Sequence[Any]) -> bool:
    nothing = (None,) if name in ("incident_type", "event_id") else (None, "", ())
    return all(value in nothing for value in values)


def _shared(values: list[Any]) -> Any:
    return {"every": values[0]} if all(value == values[0] for value in values) else values


def _relative(block: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Count offsets from the sentence, and its end from its length: small numbers pack well."""
    starts = [start or 0 for start in block["sentence_start"]]
    ends = [start + len(text) for start, text in zip(starts, block["sentence"], strict=True)]
    bases = dict.fromkeys(_OFFSETS, starts) | {"sentence_end": ends, "sentence_start": None}
    return {
        name: [v if v is None else v - at for v, at in zip(block[name], base, strict=True)]
        for name, base in bases.items()
        if base is not None
    }


_encode: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def _planes(column: np.ndarray[Any, Any]) -> bytes:
    """Give a column's bytes by their weight: nearly all of the upper ones are the same."""
    return column.view("u1").reshape(len(column), column.itemsize).T.tobytes()


def _json(value: Any) -> bytes:
    # A lone surrogate cannot be UTF-8; the page shows a replacement mark in its place.
    return _encode(value).encode("utf-8", "replace")


def _packed(stream: bytes) -> str:
    return base64.b64encode(gzip.compress(stream, 6, mtime=0)).decode("ascii")

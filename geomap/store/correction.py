"""What a person has put right in an incident, and to which incident of a new run it belongs.

An extraction that has changed gives an incident another id, since the id is made of
document, sentence, place and type. A correction therefore remembers where in the
document the incident stood, and the row keeps the id under which it was corrected.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import DATES, FLOATS, INTEGERS
from geomap.store.query import known_types

CORRECTED, REJECTED = "corrected", "rejected"
"""Tags of incidents that a person has put right, or said to be none."""

PLACING = (
    *("place", "place_id", "country", "admin1", "geo_precision", "uncertainty_km"),
    *("lon", "lat", "area"),
)
DATING = ("date", "date_end", "date_precision", "date_basis")
CORRECTABLE = (*PLACING, "incident_type", "subtype", *DATING)
"""What of an incident may be corrected."""

_TOLD = ("place", "incident_type", "date")


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that a person has put right, once.

    Attributes
    ----------
    incident_id
        Id of the incident when it was corrected; its row keeps it.
    changes
        The new value of each of `CORRECTABLE` that changes, JSON-ready.
    reject
        Whether it is no incident at all.
    doc_id, sentence_start, trigger_start, place_start, said_place
        Where it stood in its document, and the place as the document named it.
    made
        Day and time in ISO 8601, UTC.
    undone
        When it was taken back, in the same form; empty while it holds.
    """

    incident_id: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    reject: bool = False
    reason: str = ""
    who: str = ""
    made: str = ""
    doc_id: str = ""
    sentence_start: int | None = None
    trigger_start: int | None = None
    place_start: int | None = None
    said_place: str = ""
    undone: str = ""

    @property
    def key(self) -> str:
        """What tells two corrections apart, wherever they are kept."""
        told = (self.incident_id, self.made, self.who, dict(self.changes), self.reject)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def correction_of(
    incident: Incident, changes: Mapping[str, Any], *, reject: bool, reason: str, who: str
) -> Correction:
    """Make a correction of an incident as it stands.

    Raises
    ------
    InputError
        If it changes nothing, what may not be corrected, or to what cannot be.
    """
    if not changes and not reject:
        todo = "Name a place, a point, a type or a date, or reject it."
        raise InputError("a correction that changes nothing", where=incident.id, todo=todo)
    return Correction(
        incident.id,
        checked(changes, incident.id),
        reject,
        reason,
        who,
        now(),
        incident.doc_id,
        incident.sentence_start,
        incident.trigger_start,
        incident.place_start,
        incident.place,
    )


def now() -> str:
    """Give the moment as corrections write it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def apply(corrections: Sequence[Correction], incident: Incident) -> Incident:
    """Put an incident right: the later corrections over the earlier ones.

    Its tags say ``corrected`` or ``rejected``, its reasons who said so and why.
    """
    if not corrections:
        return incident
    values: dict[str, Any] = {}
    reasons = []
    for one in corrections:
        values |= {k: _read(k, v, one.incident_id) for k, v in one.changes.items()}
        reasons.append(_why(one, incident))
    tags = [tag for tag in incident.tags if tag not in (CORRECTED, REJECTED)]
    tags.append(REJECTED if any(one.reject for one in corrections) else CORRECTED)
    values["id"] = corrections[0].incident_id
    values["reasons"] = (*reversed(reasons), *incident.reasons)
    return replace(incident, tags=tuple(tags), **values)


def is_rejected(incident: Incident) -> bool:
    """Say whether a person has said that this is no incident."""
    return REJECTED in incident.tags


Put = Callable[[Incident, Sequence[Correction]], None]
"""Is told of each incident that is put right, as it was before."""


def put_right(
    incidents: Iterable[Incident],
    corrections: Sequence[Correction],
    put: Put,
    known: Collection[str] = (),
) -> Iterator[Incident]:
    """Put the incidents of a new run right, as far as there are corrections for them.

    Incidents of a document with corrections are held back until all are there, so
    that each correction finds the one it belongs to; all others pass through.

    Parameters
    ----------
    known
        Ids that are stored already: such an incident is itself, and no new shape of
        another that was corrected.
    """
    by_id: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        by_id[one.incident_id].append(one)
    documents = {one.doc_id for one in corrections if one.doc_id}
    held: dict[str, list[Incident]] = defaultdict(list)
    for incident in incidents:
        if incident.id in by_id and {CORRECTED, REJECTED} & set(incident.tags):
            yield incident  # comes from an answer of a store: it was put right there
        elif incident.doc_id in documents:
            held[incident.doc_id].append(incident)
        elif incident.id in by_id:
            put(incident, by_id[incident.id])
            yield apply(by_id[incident.id], incident)
        else:
            yield incident
    for doc_id, rows in held.items():
        of_document = [group for group in by_id.values() if group[0].doc_id == doc_id]
        yield from _put_document_right(rows, of_document, put, known)


def _put_document_right(
    rows: Sequence[Incident],
    groups: Sequence[Sequence[Correction]],
    put: Put,
    known: Collection[str],
) -> Iterator[Incident]:
    meant = _partners(rows, groups, known)
    renamed = {id_: group[0].incident_id for id_, group in meant.items()}
    for row in rows:
        if row.event_id in renamed:
            row = replace(row, event_id=renamed[row.event_id])
        if row.id in meant:
            put(row, meant[row.id])
            row = apply(meant[row.id], row)
        yield row


def _partners(
    rows: Sequence[Incident], groups: Sequence[Sequence[Correction]], known: Collection[str]
) -> dict[str, Sequence[Correction]]:
    """Say which corrections belong to which incident of a document, by its id.

    The same id is surest, then the same words for act and place, then the same
    place named in the sentence, then the only incident of the act; what might be
    meant for two is meant for none.
    """
    by_id = {group[0].incident_id: group for group in groups}
    meant = {row.id: by_id[row.id] for row in rows if row.id in by_id}
    left = [group[0] for id_, group in by_id.items() if id_ not in meant]
    free = [row for row in rows if row.id not in meant and row.id not in known]
    for mark_row, mark_correction in _MARKS:
        of_rows, of_corrections = _by(free, mark_row), _by(left, mark_correction)
        for mark, candidates in of_corrections.items():
            if mark is not None and len(candidates) == 1 == len(of_rows.get(mark, ())):
                meant[of_rows[mark][0].id] = by_id[candidates[0].incident_id]
                left.remove(candidates[0])
        free = [row for row in free if row.id not in meant]
    return meant


def _by(things: Iterable[Any], mark: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for thing in things:
        found[mark(thing)].append(thing)
    return found


def _words(one: Any) -> Any:
    spots = (one.trigger_start, one.place_start)
    return None if None in spots else spots


def _sentence(one: Any, place: str) -> Any:
    return None if one.sentence_start is None else (one.sentence_start, place.casefold())


_MARKS: tuple[tuple[Callable[[Incident], Any], Callable[[Correction], Any]], ...] = (
    (_words, _words),
    (lambda row: _sentence(row, row.place), lambda one: _sentence(one, one.said_place)),
    (lambda row: row.trigger_start, lambda one: one.trigger_start),
)


def checked(changes: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Give changes JSON-ready.

    Raises
    ------
    InputError
        If one of them may not be corrected, or not to such a value.
    """
    found = {}
    for name, value in changes.items():
        if name not in CORRECTABLE:
            raise InputError(f"{name} cannot be corrected", where=where)
        if name == "incident_type" and value not in known_types():
            known = ", ".join(known_types())
            raise InputError(f"incident type {value!r} is not known", todo=f"Known types: {known}.")
        found[name] = value.isoformat() if isinstance(value, dt.date) else value
    ready: dict[str, Any] = json.loads(json.dumps(found))
    for name, value in ready.items():
        _read(name, value, where)
    lon, lat = ready.get("lon"), ready.get("lat")
    if (lon is None) != (lat is None) or not (abs(lon or 0) <= 180 and abs(lat or 0) <= 90):
        raise InputError(f"lon {lon}, lat {lat} is not on the globe", where=where)
    return ready


def _read(name: str, value: Any, where: str) -> Any:
    try:
        if name == "area":
            return tuple(tuple((float(x), float(y)) for x, y in ring) for ring in value or ())
        if value is None:
            return "" if name in ("place", "incident_type", "subtype") else None
        if name in DATES:
            return dt.date.fromisoformat(value)
        if name in INTEGERS:
            return int(value)
        return float(value) if name in (*FLOATS, "lon", "lat") else str(value)
    except (TypeError, ValueError) as error:
        what = f"{name} {value!r} cannot be read: {error}"
        raise InputError(what, where=f"correction of {where}") from error


def _why(one: Correction, before: Incident) -> str:
    """Say in a line who has put what right, and why."""
    parts = []
    for name in _TOLD:
        if name in one.changes:
            label = name.removeprefix("incident_")
            was = getattr(before, name) or "unknown"
            parts.append(f"{label} {one.changes[name] or 'unknown'}, not {was}")
    if not parts and "lon" in one.changes:
        parts.append("point moved")
    verb = "rejected" if one.reject else "corrected"
    by = f" by {one.who}" if one.who else ""
    what = f": {'; '.join(parts)}" if parts else ""
    return f"{verb}{by} on {one.made[:10]}{what}" + (f" ({one.reason})" if one.reason else "")

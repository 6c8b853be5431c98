"""Mentions of the same event within a document: the bullet and the body, the title and the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geomap.incidents.containment import encloses
from geomap.incidents.timing import Timing
from geomap.model import Incident, Place
from geomap.places.measure import distance_km

_GROUPS = {
    "explosion": "violence",
    "battle": "violence",
    "civilians": "violence",
    "interception": "interception",
}
_SAME_KM = 3.0
_SECONDARY = frozenset({"casualty_report", "displacement", "infrastructure"})


@dataclass(frozen=True, slots=True)
class Mention:
    """An incident before it is final, and how the text refers to it.

    Attributes
    ----------
    definite
        Whether it is spoken of as known: "the attack on Druzhkivka".
    title
        Whether it stands in the title.
    generic
        Whether its signal word leaves open what it was: "attack", "strike".
    follows
        Whether its sentence goes on with the one before: "also", "the same day".
    listed
        Whether it stands in a bullet or under a label, as in a digest.
    """

    incident: Incident
    place: Place | None
    timing: Timing
    definite: bool = False
    title: bool = False
    generic: bool = False
    follows: bool = False
    listed: bool = False


def join_events(mentions: Sequence[Mention]) -> list[Incident]:
    """Give mentions of the same event the same ``event_id``, and the date or type one lacks.

    Two mentions are of the same event if type, place and day agree and their
    numbers do not clash. A title, or a mention with "the" ("the attack on
    Druzhkivka"), takes the day of the mention that gives one.
    """
    mentions = _follow(mentions)
    events: list[list[Mention]] = []
    for mention in mentions:
        event = next((e for e in events if any(_same(mention, m) for m in e)), None)
        if event is None:
            events.append([mention])
        else:
            event.append(mention)
    joined: dict[str, Incident] = {}
    for event in events:
        for mention in event:
            incident = replace(mention.incident, event_id=event[0].incident.id)
            joined[mention.incident.id] = _complete(mention, incident, event)
    return [joined[m.incident.id] for m in mentions]


def _complete(mention: Mention, incident: Incident, event: Sequence[Mention]) -> Incident:
    dated = next((m for m in event if _is_dated(m)), None)
    if dated is not None and mention.timing.basis == "document":
        incident = _take_date(incident, dated.incident, "another mention of the same event")
    typed = next((m for m in event if not m.generic and m.incident.subtype not in _SECONDARY), None)
    if typed is not None and mention.generic:
        incident = replace(
            incident,
            incident_type=typed.incident.incident_type,
            subtype=typed.incident.subtype,
            reasons=(*incident.reasons, "type taken from another mention of the same event"),
        )
    return incident


def _follow(mentions: Sequence[Mention]) -> list[Mention]:
    """Date what the document leaves undated by the story it stands in.

    A running report tells of one thing: where all its dated incidents of a kind
    share one day, undated ones of that kind share it too. In a digest of
    bullets each stands for itself. "Also" goes on with the incident before.
    """
    days: dict[str, set[dt.date | None]] = {}
    for mention in mentions:
        if _is_dated(mention):
            days.setdefault(_group(mention.incident), set()).add(mention.timing.date)
    digest = any(m.listed for m in mentions)
    followed: list[Mention] = []
    before: Mention | None = None
    for mention in mentions:
        shared = days.get(_group(mention.incident), set())
        source = None
        if mention.timing.basis == "document" and mention.timing.temporal == "current":
            if mention.follows and before is not None and _is_dated(before):
                source = before
            elif not digest and len(shared) == 1:
                source = next(m for m in mentions if _is_dated(m) and m.timing.date in shared)
        if source is not None:
            incident = _take_date(mention.incident, source.incident, "the incident before it")
            mention = replace(mention, incident=incident, timing=source.timing)
        followed.append(mention)
        if mention.incident.incident_type not in ("statement", "diplomacy"):
            before = mention
    return followed


def _is_dated(mention: Mention) -> bool:
    timing = mention.timing
    return (
        timing.basis != "document"
        and timing.temporal == "current"
        and timing.precision == "day"
        and mention.incident.incident_type not in ("statement", "diplomacy")
    )


def _group(incident: Incident) -> str:
    return _GROUPS.get(incident.incident_type, incident.incident_type)


def _take_date(incident: Incident, other: Incident, source: str) -> Incident:
    return replace(
        incident,
        date=other.date,
        date_end=other.date_end,
        date_precision=other.date_precision,
        date_basis=other.date_basis,
        temporal=other.temporal,
        reasons=(*incident.reasons, f"date taken from {source}"),
    )


def _same(one: Mention, other: Mention) -> bool:
    a, b = one.incident, other.incident
    if a.sentence_start == b.sentence_start:
        return False
    return (
        _same_type(a, b) and _same_place(one, other) and _same_day(one, other) and not _clash(a, b)
    )


def _same_type(a: Incident, b: Incident) -> bool:
    if a.subtype in _SECONDARY or b.subtype in _SECONDARY:
        return not {a.incident_type, b.incident_type} & {"statement", "diplomacy"}
    if a.incident_type == b.incident_type == "hazard":
        return a.subtype == b.subtype or "earthquake" in (a.subtype, b.subtype)
    return _group(a) == _group(b)


def _same_place(one: Mention, other: Mention) -> bool:
    if one.place is None or other.place is None:
        return one.incident.place.casefold() == other.incident.place.casefold()
    if one.place.place_id == other.place.place_id:
        return True
    if encloses(one.place, other.place) or encloses(other.place, one.place):
        return one.title or other.title or one.definite or other.definite
    km = distance_km(one.place.lon, one.place.lat, other.place.lon, other.place.lat)
    return km <= _SAME_KM


def _same_day(one: Mention, other: Mention) -> bool:
    a, b = one.timing, other.timing
    if "document" in (a.basis, b.basis) and a.basis != b.basis:
        undated = one if a.basis == "document" else other
        return undated.title or undated.definite
    if a.date is None or b.date is None:
        return a.date is b.date
    end_a, end_b = a.date_end or a.date, b.date_end or b.date
    gap = max((b.date - end_a).days, (a.date - end_b).days)
    return gap <= (1 if a.basis == b.basis == "document" else 0)


def _clash(a: Incident, b: Incident) -> bool:
    """Tell whether both state their dead and the numbers cannot be the same."""
    if a.fatalities is None or b.fatalities is None or a.fatalities == b.fatalities:
        return False
    open_ended = a.fatalities_high is None or b.fatalities_high is None
    return not open_ended and "casualty_report" not in (a.subtype, b.subtype)

"""Mentions of the same event within a document: the bullet and the body, the title and the text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from geomap.incidents.containment import encloses
from geomap.incidents.story import Mention, date_by_story, group_of, is_dated, one_hazard, take_date
from geomap.model import Incident
from geomap.places.measure import distance_km

_SAME_KM = 3.0
_CELL = 0.5
"""Side in degrees of the cells that mentions are compared within; no smaller than `_SAME_KM`."""
_FEW = 8
_SUMMARY = re.compile(
    r"(?:key|main|top) (?:takeaways|points|developments|findings|messages|events)|"
    r"(?:executive )?summary|highlights|headlines|overview|at a glance|in brief",
    re.IGNORECASE,
)
_LATE = dt.timedelta(days=2)
"""How much older than the issue an event may be that its summary leaves undated."""
_SECONDARY = frozenset({"casualty_report", "displacement", "infrastructure"})


def join_events(mentions: Sequence[Mention], is_story: bool = False) -> list[Incident]:
    """Give mentions of the same event the same ``event_id``, and the date or type one lacks.

    Two mentions are of the same event if type, place and day agree and their
    numbers do not clash. A title, or a mention with "the" ("the attack on
    Druzhkivka"), takes the day of the mention that gives one. Mentions that are
    left out only help to date the others.
    """
    kept = [mention for mention in date_by_story(mentions, is_story) if not mention.left_out]
    events = _group(kept)
    joined: dict[str, Incident] = {}
    for event in events:
        for mention in event:
            incident = replace(mention.incident, event_id=event[0].incident.id)
            joined[mention.incident.id] = _complete(mention, incident, event)
    return [joined[mention.incident.id] for mention in kept]


def _group(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Group mentions into events, comparing only what lies near on the map.

    A mention spoken of as known may name its event by a larger place, so it is
    compared with all. An event answers by its first few mentions.
    """
    events: list[list[Mention]] = []
    by_cell: dict[object, set[int]] = {}
    known: set[int] = set()
    for mention in mentions:
        is_known = mention.title or mention.definite
        near = known.union(*(by_cell.get(cell, ()) for cell in _cells(mention, 1)))
        numbers = range(len(events)) if is_known else sorted(near)
        number = next((n for n in numbers if _belongs(mention, events[n])), len(events))
        if number == len(events):
            events.append([])
        events[number].append(mention)
        if is_known:
            known.add(number)
        for cell in _cells(mention, 0):
            by_cell.setdefault(cell, set()).add(number)
    return events


def _cells(mention: Mention, reach: int) -> list[object]:
    """Give the cell of the map that a mention lies in, and those within reach."""
    if mention.place is None:
        return [mention.incident.place.casefold()]
    x, y = int(mention.place.lon // _CELL), int(mention.place.lat // _CELL)
    steps = range(-reach, reach + 1)
    return [(x + i, y + j) for i in steps for j in steps]


def _complete(mention: Mention, incident: Incident, event: Sequence[Mention]) -> Incident:
    dated = next((m for m in event if is_dated(m)), None)
    if dated is not None and mention.timing.basis == "document":
        incident = take_date(incident, dated.incident, "another mention of the same event")
    typed = next((m for m in event if not m.generic and m.incident.subtype not in _SECONDARY), None)
    if typed is not None and mention.generic:
        incident = replace(
            incident,
            incident_type=typed.incident.incident_type,
            subtype=typed.incident.subtype,
            reasons=(*incident.reasons, "type taken from another mention of the same event"),
        )
    return incident


def _belongs(mention: Mention, event: Sequence[Mention]) -> bool:
    """Tell whether a mention is of an event.

    A headline may give another toll than the body, which was written later; two
    sentences of the body may not. What the text counts apart ("a second blast")
    is an event of its own.
    """
    if mention.apart:
        return False
    clashing = (
        m
        for m in event
        if not mention.title and not m.title and _clash(mention.incident, m.incident)
    )
    return any(_same(mention, m) for m in event[:_FEW]) and next(clashing, None) is None


def _same(one: Mention, other: Mention) -> bool:
    a, b = one.incident, other.incident
    if a.sentence_start == b.sentence_start:
        return False
    return _same_type(one, other) and _same_day(one, other) and _same_place(one, other)


def _same_type(one: Mention, other: Mention) -> bool:
    a, b = one.incident, other.incident
    if a.subtype in _SECONDARY or b.subtype in _SECONDARY:
        return not {a.incident_type, b.incident_type} & {"statement", "diplomacy"}
    if a.incident_type == b.incident_type == "hazard":
        return one_hazard(a, b)
    if a.incident_type == b.incident_type == "explosion" and a.subtype != b.subtype:
        return one.generic or other.generic  # an air strike is no rocket attack
    return group_of(a) == group_of(b)


def _same_place(one: Mention, other: Mention) -> bool:
    if one.place is None or other.place is None:
        return one.incident.place.casefold() == other.incident.place.casefold()
    if one.place.place_id == other.place.place_id:
        return True
    if encloses(one.place, other.place) or encloses(other.place, one.place):
        return one.title or other.title or one.definite or other.definite
    if one.incident.place.casefold() != other.incident.place.casefold():
        return False  # villages on both sides of a border may lie within sight
    km = distance_km(one.place.lon, one.place.lat, other.place.lon, other.place.lat)
    return km <= _SAME_KM


def _same_day(one: Mention, other: Mention) -> bool:
    a, b = one.timing, other.timing
    if "document" in (a.basis, b.basis) and a.basis != b.basis:
        undated = one if a.basis == "document" else other
        return undated.title or undated.definite or _sums_up(one, other)
    if a.date is None or b.date is None:
        return a.date is b.date
    end_a, end_b = a.date_end or a.date, b.date_end or b.date
    gap = max((b.date - end_a).days, (a.date - end_b).days)
    return gap <= (1 if a.basis == b.basis == "document" else 0)


def _sums_up(one: Mention, other: Mention) -> bool:
    """Tell whether one mention stands under a summary's heading and the other in the body.

    A summary tells the body's events again, most often without their day.
    """
    a, b = one.timing.date, other.timing.date
    summaries = [bool(_SUMMARY.match(m.incident.section)) for m in (one, other)]
    return summaries[0] != summaries[1] and a is not None and b is not None and abs(a - b) <= _LATE


def _clash(a: Incident, b: Incident) -> bool:
    """Tell whether both state their dead and the numbers cannot be the same."""
    if a.fatalities is None or b.fatalities is None or a.fatalities == b.fatalities:
        return False
    open_ended = a.fatalities_high is None or b.fatalities_high is None
    return not open_ended and "casualty_report" not in (a.subtype, b.subtype)

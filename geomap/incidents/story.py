"""The day of what a document leaves undated: the day of the story it is part of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geomap.incidents.timing import Timing
from geomap.model import Incident, Place

GROUPS = {"explosion": "violence", "battle": "violence", "civilians": "violence"}
_RAIN = frozenset({"flood", "landslide", "storm"})
_QUAKE = frozenset({"earthquake", "tsunami", "landslide", "collapse"})
"""Hazards that bring each other about; one report tells them as one."""
_WORDS = frozenset({"statement", "diplomacy"})


@dataclass(frozen=True, slots=True)
class Mention:
    """An incident before it is final, and how the text refers to it.

    Attributes
    ----------
    left_out
        Why it will not be an incident of its own ("" if it will): it may still
        tell the day of the others.
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
    apart
        Whether the text counts it apart from what it told before: "a second blast".
    """

    incident: Incident
    place: Place | None
    timing: Timing
    left_out: str = ""
    definite: bool = False
    title: bool = False
    generic: bool = False
    follows: bool = False
    listed: bool = False
    apart: bool = False


def group_of(incident: Incident) -> str:
    """Give the kinds of incident that one story may tell as one: explosion, battle, civilians."""
    return GROUPS.get(incident.incident_type, incident.incident_type)


def one_hazard(a: Incident, b: Incident) -> bool:
    """Tell whether two hazards may be one: floods and the landslides of the same rain."""
    both = {a.subtype, b.subtype}
    return len(both) == 1 or both <= _RAIN or both <= _QUAKE


def is_dated(mention: Mention) -> bool:
    """Tell whether the text itself gives a mention its day."""
    timing = mention.timing
    return (
        timing.basis != "document"
        and timing.temporal == "current"
        and timing.precision == "day"
        and mention.incident.incident_type not in _WORDS
    )


def date_by_story(mentions: Sequence[Mention], is_story: bool) -> list[Mention]:
    """Date the undated mentions of a running report by its dated ones.

    "Also" goes on with the incident before. In a story, where all dated
    incidents of a kind share one day, undated ones share it too; and "the
    attack" or a title means the first that was dated. In a digest each incident
    stands for itself, and what is undated is of the day of issue. In a chronicle
    of past events what is undated goes on with the day before it.

    Parameters
    ----------
    is_story
        Whether the text tells of one thing: its title names an incident.
    """
    digest = not is_story or any(mention.listed for mention in mentions)
    first: dict[str, Mention] = {}
    days: dict[str, set[dt.date | None]] = {}
    for mention in mentions:
        if is_dated(mention):
            group = group_of(mention.incident)
            first.setdefault(group, mention)
            days.setdefault(group, set()).add(mention.timing.date)
    dated: list[Mention] = []
    before: Mention | None = None
    chronicle = _is_chronicle(mentions)
    for mention in mentions:
        lead = _lead(group_of(mention.incident), first, days)
        source = None
        if mention.timing.basis == "document" and mention.timing.temporal == "current":
            if before is not None and (chronicle or (mention.follows and is_dated(before))):
                source = before
            elif lead is not None and not digest:
                alone = len(days[group_of(lead.incident)]) == 1
                source = lead if alone or mention.definite or mention.title else None
        toll = mention.incident.subtype == "casualty_report"
        if (mention.generic or toll) and not digest and "hazard" in first:
            mention = _take_hazard(mention, first["hazard"])
        if source is not None:
            incident = take_date(mention.incident, source.incident, "the story it is part of")
            mention = replace(mention, incident=incident, timing=source.timing)
        dated.append(mention)
        if mention.incident.incident_type not in _WORDS:
            before = mention
    return dated


def _is_chronicle(mentions: Sequence[Mention]) -> bool:
    """Tell a text on past events, where no day is of today, from news: its days run on."""
    told = [m.timing for m in mentions if m.timing.basis != "document"]
    days = [timing for timing in told if timing.precision == "day"]
    return len(days) > 1 and all(timing.temporal == "background" for timing in told)


def _lead(
    group: str, first: dict[str, Mention], days: dict[str, set[dt.date | None]]
) -> Mention | None:
    """Find the dated mention that stands for a kind of incident in a story.

    A toll belongs to the hazard told of; a kind that is nowhere dated shares
    the day of the others where these agree.
    """
    if group == "humanitarian" and "hazard" in first:
        return first["hazard"]
    if group not in first and first and len(set().union(*days.values())) == 1:
        return next(iter(first.values()))
    return first.get(group)


def _take_hazard(mention: Mention, hazard: Mention) -> Mention:
    """Type damage and deaths in a report on a hurricane as the hurricane's."""
    incident = mention.incident
    if incident.subtype not in ("infrastructure", "casualty_report"):
        return mention
    subtype = hazard.incident.subtype
    reasons = (*incident.reasons, f"told in a report on a {subtype}")
    incident = replace(incident, incident_type="hazard", subtype=subtype, reasons=reasons)
    return replace(mention, incident=incident, generic=False)


def take_date(incident: Incident, other: Incident, source: str) -> Incident:
    """Give an incident the days of another, and say where they are from."""
    return replace(
        incident,
        date=other.date,
        date_end=other.date_end,
        date_precision=other.date_precision,
        date_basis=other.date_basis,
        temporal=other.temporal,
        reasons=(*incident.reasons, f"date taken from {source}"),
    )

"""Incidents in numbers and in a sentence: for the caption, the alt text and the report."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from geomap.content import content
from geomap.draw.definition import Definition
from geomap.draw.wording import Wording
from geomap.model import Incident
from geomap.record import told_once

UNREAL = ("threatened", "planned", "hypothetical")
MOST_AREAS = 3


def happened(incidents: Iterable[Incident], definition: Definition) -> list[Incident]:
    """Keep what happened, each event once: no context from earlier, no threats, no talks.

    A type that the definition does not name becomes "other".
    The order is that of the ids, so that the same incidents give the same bytes.
    """
    off = {kind.id for kind in definition.types if not kind.shown}
    known = {kind.id for kind in definition.types}
    return [
        row if row.incident_type in known else replace(row, incident_type="other")
        for row in told_once(sorted(incidents, key=lambda row: row.id))
        if row.incident_type not in off
        and row.temporal != "background"
        and row.modality not in UNREAL
    ]


def by_type(incidents: Iterable[Incident]) -> Counter[str]:
    """Count by type."""
    return Counter(i.incident_type for i in incidents)


def area_of(incident: Incident) -> str:
    """Name the first-order admin area of an incident and its country, "" if not known."""
    country = _countries().get(incident.country or "", incident.country)
    return ", ".join(part for part in (incident.admin1, country) if part)


@cache
def _countries() -> dict[str, str]:
    with content("maps/basemap/countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso"]: row["name"] for row in csv.DictReader(file)}


def by_area(incidents: Iterable[Incident]) -> Counter[str]:
    """Count by admin area."""
    return Counter(area_of(i) for i in incidents)


def sources_of(incidents: Iterable[Incident]) -> list[str]:
    """Name the documents, the latest first."""
    titles = {(i.doc_date or dt.date.min, i.doc_title or Path(i.source).name) for i in incidents}
    ordered = sorted(titles - {(dt.date.min, "")}, key=lambda t: (-t[0].toordinal(), t[1]))
    return list(dict.fromkeys(title for _, title in ordered if title))


def alt_text(
    incidents: Sequence[Incident], definition: Definition, words: Wording, title: str
) -> str:
    """Say in words what the map shows, for those who do not see it."""
    title = title.rstrip(".")
    if not incidents:
        return words.say("alt_nothing", title=title)
    labels = {kind.id: kind.label for kind in definition.types}
    counts = by_type(incidents)
    types = ", ".join(
        f"{labels.get(name, words.say('other'))} {n}" for name, n in counts.most_common()
    )
    areas = by_area(incidents)
    del areas[""]
    said = words.say(
        "alt", title=title, incidents=words.say("incidents", n=len(incidents)), types=types
    )
    if not areas:
        return said
    most = ", ".join(f"{name} ({n})" for name, n in areas.most_common(MOST_AREAS))
    return f"{said} {words.say('alt_areas', areas=most)}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a day brought against the day before.

    Attributes
    ----------
    before
        The day before of which bulletins are known, or None.
    new, gone
        Events that only this day, or only the day before, tells.
    corrected
        Events of both, as told now, with another place, type, date or numbers.
    """

    before: dt.date | None
    new: tuple[Incident, ...] = ()
    gone: tuple[Incident, ...] = ()
    corrected: tuple[Incident, ...] = ()

    def sentence(self, words: Wording) -> str:
        """Say it in a line."""
        if self.before is None:
            return words.say("no_before")
        counts = [("new", self.new), ("gone", self.gone), ("corrected", self.corrected)]
        changes = ", ".join(words.say(key, n=len(rows)) for key, rows in counts)
        return words.say("since_before", day=words.day(self.before), changes=changes)


def day_before(incidents: Iterable[Incident], day: dt.date) -> list[Incident]:
    """Give what the last bulletins issued before a day report."""
    older = [i for i in incidents if i.doc_date and i.doc_date < day]
    last = max((i.doc_date for i in older if i.doc_date), default=None)
    return [i for i in older if i.doc_date == last]


def compare(
    today: Iterable[Incident], earlier: Iterable[Incident], before: dt.date | None
) -> Change:
    """Compare the incidents of a day with those of the day before.

    The same event has the same ``event_id``; where a bulletin gave it another, the
    same type, place and date.
    """
    if before is None:
        return Change(None)
    today, earlier = list(today), list(earlier)
    known = {key: row for row in earlier for key in _events(row)}
    now = {key for row in today for key in _events(row)}
    pairs = [(row, next((known[k] for k in _events(row) if k in known), None)) for row in today]
    return Change(
        before,
        tuple(row for row, old in pairs if old is None),
        tuple(row for row in earlier if not now & set(_events(row))),
        tuple(row for row, old in pairs if old and _told(row) != _told(old)),
    )


def _events(row: Incident) -> list[tuple[str, ...]]:
    same = (row.incident_type, row.place_id or row.place, str(row.date))
    return [(row.event_id, row.place_id or row.place), same] if row.event_id else [same]


def _told(row: Incident) -> tuple[object, ...]:
    numbers = (row.fatalities, row.injured, row.missing, row.displaced)
    return (row.incident_type, row.modality, row.date, *numbers)

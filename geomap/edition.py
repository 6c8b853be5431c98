"""What is published: a day, or the days of a period, as the store holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geomap.model import Incident
from geomap.store import Query, Store

DAYS_SHOWN = 14
"""Days on the page's timeline, the day itself the last of them."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A day, or the days of a period, as they are published.

    Attributes
    ----------
    since, until
        First and last day of issue; the same for a day.
    incidents
        What the bulletins issued then report, past events told as context left out.
    recent
        The same and what the days before reported: for timeline and histogram.
    before, earlier
        The day before of which bulletins are known, and what they reported.
    """

    since: dt.date
    until: dt.date
    incidents: tuple[Incident, ...]
    recent: tuple[Incident, ...]
    before: dt.date | None = None
    earlier: tuple[Incident, ...] = ()

    @property
    def name(self) -> str:
        """``2026-03-05``, or ``2026-03-02_2026-03-08``."""
        one = self.since == self.until
        return f"{self.until}" if one else f"{self.since}_{self.until}"


def take_editions(
    store: Store, days: Iterable[dt.date], since: dt.date | None, until: dt.date | None
) -> list[Edition]:
    """Take each day, and the period if one was asked for, out of the store.

    Parameters
    ----------
    days
        Days of issue; with a period, those of the store in it count too, and those
        outside of it do not.
    since, until
        The period, both days included; open where one is None, no period if both are.
    """
    days = set(days)
    last = until or (None if since else max(days, default=None))
    first = since or (None if until else min(days, default=None))
    back = first - dt.timedelta(days=DAYS_SHOWN) if first else None
    whole = list(store.incidents(Query(issued_since=back, issued_until=last)))
    if since or until:
        days |= {row.doc_date for row in whole if row.doc_date}
        days = {day for day in days if (since or day) <= day <= (until or day)}
    editions = [_of_day(day, whole) for day in sorted(days)]
    if (since or until) and len(days) > 1:
        editions.append(_of_period(since or min(days), until or max(days), whole))
    return editions


def _of_day(day: dt.date, whole: Sequence[Incident]) -> Edition:
    from geomap.draw.summary import day_before

    start = day - dt.timedelta(days=DAYS_SHOWN - 1)
    recent = [row for row in whole if row.doc_date and start <= row.doc_date <= day]
    todays = current(row for row in recent if row.doc_date == day)
    earlier = day_before(recent, day)
    before = next((row.doc_date for row in earlier), None)
    return Edition(day, day, tuple(todays), tuple(recent), before, tuple(current(earlier)))


def _of_period(since: dt.date, until: dt.date, whole: Iterable[Incident]) -> Edition:
    rows = [row for row in whole if row.doc_date and since <= row.doc_date <= until]
    return Edition(since, until, tuple(current(rows)), tuple(rows))


def current(incidents: Iterable[Incident]) -> list[Incident]:
    """Leave out past events that a bulletin tells as context."""
    return [i for i in incidents if i.temporal != "background"]

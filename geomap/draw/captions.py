"""What stands round a map in words: the line below the title, the notes, the credit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from geomap.draw.scene import Extent, project
from geomap.draw.wording import Wording
from geomap.model import Incident

MOST_PLACES = 4
"""Places that a note lists; the others are counted."""


def subtitle(
    incidents: Sequence[Incident],
    day: dt.date | None,
    as_of: dt.datetime | dt.date | None,
    words: Wording,
    numbers: str = "",
) -> str:
    """Say the day of the bulletins, the period of the events, the numbers, the cut-off."""
    period = words.period(i.date for i in incidents if i.date)
    parts = [words.say("bulletins_of", period=words.day(day))] if day else []
    if period:
        parts.append(words.say("events_of", period=period) if day else period)
    if numbers:
        parts.append(numbers)
    if as_of:
        parts.append(words.say("as_of", time=words.time(as_of)))
    return " · ".join(parts)


def map_notes(
    incidents: Sequence[Incident], words: Wording, extent: Extent, unnamed: Sequence[str]
) -> Iterator[str]:
    """Say what the eye cannot see on the map; `unnamed` are areas whose name found no room."""
    if unnamed:
        yield words.say("area_names", places="; ".join(unnamed[:MOST_PLACES]))
    outside = Counter(
        words.quote(i.place)
        for i in incidents
        if i.lon is not None and i.lat is not None and not extent.covers(*project(i.lon, i.lat))
    )
    if outside:
        listed = [f"{place} ({n})" for place, n in sorted(outside.items())]
        places = ", ".join(listed[:MOST_PLACES])
        rest = len(listed) - MOST_PLACES
        if rest > 0:
            places += " " + words.say("and_more", n=rest)
        yield words.say("outside", places=places)
    blank = sum(i.lon is None for i in incidents)
    if blank:
        yield words.say("blank", n=blank)
    if not incidents:
        yield words.say("nothing")


def credit(titles: Sequence[str], words: Wording, letters: int) -> str:
    """Say how it was made and from which documents, in about so many letters."""
    shown = list(titles)
    while True:
        listed = "; ".join(shown) or words.say("no_source")
        if len(shown) < len(titles):
            listed += " " + words.say("and_more", n=len(titles) - len(shown))
        said = f"{words.say('method')} {words.say('sources', sources=listed)}"
        if len(shown) < 2 or len(said) < letters:
            return said
        shown.pop()

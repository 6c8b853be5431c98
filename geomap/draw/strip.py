"""The histogram below the map of a picture: incidents by day, stacked by type."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geomap.draw.definition import IncidentType
from geomap.draw.sheet import INK, Box, Sheet
from geomap.draw.wording import Wording
from geomap.model import Incident

MOST_BARS = 62
FAINT = "#c3cace"


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts by type for each stretch of `step` days from `first`; `last` is included."""

    first: dt.date
    last: dt.date
    step: int
    counts: tuple[Counter[str], ...]

    @property
    def most(self) -> int:
        """The height of the highest bar."""
        return max(count.total() for count in self.counts)


def count_days(incidents: Iterable[Incident]) -> Bars | None:
    """Count incidents known to the day or week; None if they are all of one day."""
    dated = [(i.date, i.incident_type) for i in incidents if i.date and i.date_precision != "year"]
    days = sorted({day for day, _ in dated})
    if len(days) < 2:
        return None
    step = -(-((days[-1] - days[0]).days + 1) // MOST_BARS)
    counts = [Counter[str]() for _ in range((days[-1] - days[0]).days // step + 1)]
    for day, kind in dated:
        counts[(day - days[0]).days // step][kind] += 1
    return Bars(days[0], days[-1], step, tuple(counts))


def draw_strip(
    sheet: Sheet,
    box: Box,
    bars: Bars,
    types: Mapping[str, IncidentType],
    words: Wording,
    focus: Sequence[dt.date],
) -> None:
    """Draw the histogram; bars outside of the first and last day of `focus` are faint."""
    size = 6.6
    label = words.say("a_day") if bars.step == 1 else words.say("per_days", n=bars.step)
    top, base = box.top - sheet.letters(size) * 2.0, box.y + sheet.letters(size) * 1.5
    sheet.write(box.x, box.top - sheet.letters(size) * 0.5, label, size)
    most_width = sheet.measure(f"{bars.most:,}", size) + sheet.pt(4)
    left, wide = box.x + most_width, box.width - most_width
    sheet.write(left - sheet.pt(3), top, f"{bars.most:,}", size, ha="right")
    slot = wide / len(bars.counts)
    for n, counts in enumerate(bars.counts):
        since = bars.first + dt.timedelta(days=n * bars.step)
        until = since + dt.timedelta(days=bars.step - 1)
        lit = not focus or (since <= max(focus) and until >= min(focus))
        y = base
        for name, kind in types.items():
            height = (top - base) * counts[name] / bars.most
            part = Box(left + n * slot + slot * 0.1, y, slot * 0.8, height)
            if height:
                sheet.fill(part, kind.light if lit else FAINT)
            y += height
    sheet.fill(Box(left, base - 0.5, wide, 0.5), FAINT)
    _write_days(sheet, bars, words, left, slot, box.y + sheet.letters(size) * 0.6)


def _write_days(
    sheet: Sheet, bars: Bars, words: Wording, left: float, slot: float, y: float
) -> None:
    """Write as many days below the bars as have room, the first and the last among them."""
    size = 6.6
    needed = sheet.measure(words.short_day(dt.date(2026, 9, 30)), size) + sheet.pt(9)
    every = max(1, int(-(-needed // slot)))
    for n in range(0, len(bars.counts), every):
        day = bars.first + dt.timedelta(days=n * bars.step)
        sheet.write(left + (n + 0.5) * slot, y, words.short_day(day), size, "center", color=INK)

"""What a rule for dates is: a pattern, how its match is read, and what it may know."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Literal, NamedTuple

Precision = Literal["day", "week", "month", "year"]

# White space inside a date may hold one line break, but no blank line.
SPACE = r"(?:[^\S\n]{1,8}|[^\S\n]{0,8}\n[^\S\n]{0,8})"
TO = rf"(?:{SPACE}?[-–—/]{SPACE}?|{SPACE}(?:to|until|till|through|into){SPACE})"
MONTH_HINT = re.compile(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
YEAR_HINT = re.compile(r"(?:19|20)\d\d")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = "(?i:" + "|".join(WEEKDAYS) + ")"
NO_NAME = (
    rf"(?!(?:{SPACE}\d{{1,2}})?{SPACE}(?:Alliance|Movement|Coalition|Brigades?|Forces|Bridge|Street|Square|University"
    r"|City|Hospital|Stadium|Airport|Revolution|Agreement|Times|Mail|Telegraph)\b)"
)
"""What makes a day the name of something else: 14 March Alliance, 6 October Bridge."""


class Period(NamedTuple):
    """Days, both included. ``told_as_past`` if the words themselves look back ("last month")."""

    since: dt.date
    until: dt.date
    precision: Precision
    told_as_past: bool = False


class Context(NamedTuple):
    """What a rule may know beside its words.

    ``anchor`` is the last day named before. ``ahead``: the clause speaks of the
    future; ``behind``: it cannot ("since", "the 7 October attack"). ``year`` is
    the one that days without a year lie in: of the heading "2013", or of the
    dates before in a text whose issue is not known. ``week`` is the period that
    the text is about, by its heading: "2-8 March".
    """

    issued: dt.date | None
    anchor: dt.date | None = None
    ahead: bool = False
    behind: bool = False
    year: int | None = None
    week: tuple[dt.date, dt.date] | None = None


class Rule(NamedTuple):
    """How one kind of date is written and read.

    A group ``lead`` is looked at but is no part of the date ("in" of "in
    May"). Two dates of one ``family`` may be the ends of a range. Only round a
    ``hint``, which is cheap to look for, can the pattern match.
    """

    family: Literal["day", "month", "year", "weekday", "word"]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Context], list[Period]]
    hint: re.Pattern[str]

    @property
    def basis(self) -> Literal["explicit", "relative"]:
        """Whether the words give a date or count from the issue."""
        return "relative" if self.family in ("weekday", "word") else "explicit"


def group(match: re.Match[str], name: str) -> str:
    """Give a group of a match in lower case, "" if it is not there."""
    return (match.groupdict().get(name) or "").lower()


def month_of(year: int, month: int) -> tuple[dt.date, dt.date]:
    """Give the first and the last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, 1), following - dt.timedelta(days=1)

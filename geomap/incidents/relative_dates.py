"""Dates that count from the issue of the bulletin: on Monday, overnight, two days ago."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from geomap.incidents.date_rules import (
    NO_NAME,
    SPACE,
    WEEKDAY,
    WEEKDAYS,
    Context,
    Period,
    Precision,
    Rule,
    group,
    month_of,
)

_S = SPACE
_COUNT = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: number for number, word in enumerate(_COUNT, start=1)} | {
    **{"an": 1, "one": 1, "a couple of": 2, "eleven": 11, "twelve": 12},
}
_DAYS_IN = {"day": 1, "week": 7, "month": 30, "year": 365}
_NUMBER = r"(?P<number>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_TIME_OF_DAY = rf"(?:{_S}(?:morning|afternoon|evening|night))?"


_COUNTED = (
    "anniversary|army|arrondissement|attempt|birthday|brigade|century|day|edition|floor|hole|hour"
    "|item|lap|minute|month|of|parallel|place|round|session|storey|street|time|week|year"
)
"""What is counted by ordinals and is no day of a month: the 18th floor."""
_MONTH_DAYS = 31


def nearest_weekday(name: str, reference: dt.date, ahead: bool = False) -> dt.date:
    """Give the last such weekday up to `reference`, or the first from it on.

    Examples
    --------
    >>> nearest_weekday("Monday", dt.date(2024, 4, 12)).isoformat()
    '2024-04-08'
    """
    number = WEEKDAYS.index(name.lower())
    back = (reference.weekday() - number) % 7
    return reference + dt.timedelta(days=(-back) % 7 if ahead else -back)


def _from_issue(
    read: Callable[[re.Match[str], Context, dt.date], Period],
) -> Callable[..., list[Period]]:
    """Make a reader that finds nothing when the date of issue is not known."""

    def read_match(match: re.Match[str], context: Context) -> list[Period]:
        return [read(match, context, context.issued)] if context.issued else []

    return read_match


def _days_off(first: int, last: int) -> Callable[..., list[Period]]:
    """Make a reader of words that stand a fixed number of days from the issue."""

    @_from_issue
    def read(match: re.Match[str], context: Context, issued: dt.date) -> Period:
        return Period(issued + dt.timedelta(days=first), issued + dt.timedelta(days=last), "day")

    return read


@_from_issue
def _read_weekday(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "on Monday": the last one up to the issue; the next one if the clause looks ahead.

    In a text about a week, it is that week's.
    """
    which = group(match, "which")
    if context.week is not None and not which and not context.ahead:
        day = nearest_weekday(match["weekday"], context.week[1])
        if day >= context.week[0]:
            return Period(day, day, "day")
    before, coming = which in ("last", "previous"), which in ("next", "coming")
    reference = issued + dt.timedelta(days=coming - before)
    ahead = coming or (context.ahead and not before)
    day = nearest_weekday(match["weekday"], reference, ahead)
    return Period(day, day, "day")


@_from_issue
def _read_weekend(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    ahead = group(match, "which") in ("next", "coming") or context.ahead
    saturday = nearest_weekday("saturday", issued, ahead)
    return Period(saturday, saturday + dt.timedelta(days=1), "week")


@_from_issue
def _read_ago(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "two days ago"; from a week on, the words look back."""
    number, unit = _number(match), group(match, "unit")
    if unit in ("month", "year"):
        return _calendar(unit, -number, issued)
    day = issued - dt.timedelta(days=number * _DAYS_IN[unit])
    return Period(day, day, "week" if unit == "week" else "day", told_as_past=unit == "week")


@_from_issue
def _read_calendar(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "last week", "this month", "earlier this year", "next week"."""
    number = {"last": -1, "previous": -1, "next": 1, "coming": 1}.get(group(match, "which"), 0)
    period = _calendar(group(match, "unit"), number, issued)
    if number or context.ahead:
        return period
    looks_back = bool(group(match, "earlier")) and period.precision == "year"
    return period._replace(until=issued, told_as_past=looks_back)


@_from_issue
def _read_recent(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "in the past 24 hours", "over the last two weeks", "in recent days" (three)."""
    unit = group(match, "unit")
    number = _number(match) if group(match, "number") else 3 if group(match, "some") else 1
    days = -(-number // 24) if unit == "hour" else number * _DAYS_IN[unit]
    precision: Precision = "day" if days <= 2 else "week" if days <= 14 else "month"
    if days >= 365:
        precision = "year"
    return Period(issued - dt.timedelta(days=days), issued, precision)


def _read_from_anchor(match: re.Match[str], context: Context) -> list[Period]:
    """Read "the same day", "two days later", "a month later" from the day named before."""
    if context.anchor is None:
        return []
    if group(match, "unit") in ("month", "year"):
        sign = -1 if group(match, "way") == "earlier" else 1
        period = _calendar(group(match, "unit"), sign * _number(match), context.anchor)
        return [period._replace(told_as_past=sign < 0)]
    days = _number(match) if group(match, "number") else 1
    days *= _DAYS_IN.get(group(match, "unit"), 1)
    way = group(match, "way")
    sign = -1 if way in ("previous", "before", "earlier") else 0 if way in ("same", "that") else 1
    day = context.anchor + dt.timedelta(days=sign * days)
    return [Period(day, day, "day")]


def _number(match: re.Match[str]) -> int:
    word = re.sub(r"\s+", " ", group(match, "number"))
    return int(word) if word.isdigit() else _NUMBERS[word]


def _calendar(unit: str, number: int, issued: dt.date) -> Period:
    """Give the week (Monday to Sunday), month or year `number` units from that of the issue."""
    looks_back = number < 0
    if unit == "week":
        monday = issued + dt.timedelta(days=7 * number - issued.weekday())
        return Period(monday, monday + dt.timedelta(days=6), "week", looks_back)
    if unit == "month":
        months = issued.year * 12 + issued.month - 1 + number
        return Period(*month_of(months // 12, months % 12 + 1), "month", looks_back)
    year = issued.year + number
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", looks_back)


def _word(pattern: str, read: Callable[..., list[Period]], hint: str) -> Rule:
    return Rule("word", re.compile(rf"(?i)\b(?:{pattern})\b"), read, re.compile(rf"(?i){hint}"))


@_from_issue
def _read_ordinal(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "on the 26th": of the month told of last, else the latest one up to the issue."""
    number, anchor = int(match["day"]), context.anchor
    if anchor is not None and issued - anchor > dt.timedelta(days=_MONTH_DAYS):
        day = anchor.replace(day=number)
    else:
        last = issued.replace(day=1) - dt.timedelta(days=1)
        day = (issued if number <= issued.day else last).replace(day=number)
    return Period(day, day, "day")


@_from_issue
def _read_anniversary(match: re.Match[str], context: Context, issued: dt.date) -> Period:
    """Read "two years ago to the day"."""
    day = issued.replace(year=issued.year - _number(match))
    return Period(day, day, "day", told_as_past=True)


RULES = (
    Rule(
        "word",
        re.compile(
            rf"(?P<lead>\b(?:[Oo]n|[Ff]rom|[Ss]ince|[Uu]ntil|[Bb]y|[Bb]efore|[Aa]fter){_S}the{_S})"
            rf"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b(?!{_S}(?:[A-Z]|(?:{_COUNTED})\b))"
        ),
        _read_ordinal,
        re.compile(r"\dst\b|\dnd\b|\drd\b|\dth\b"),
    ),
    _word(rf"{_NUMBER}{_S}years?{_S}ago{_S}to{_S}the{_S}day", _read_anniversary, "ago"),
    Rule(
        "weekday",
        re.compile(
            r"(?<!every\s)(?<!each\s)(?<!Good\s)(?<!Black\s)(?<!Bloody\s)(?<!Easter\s)(?<!Palm\s)"
            rf"\b(?:(?P<which>(?i:last|previous|this|next|coming)){_S})?(?P<weekday>{WEEKDAY})\b"
            rf"{_TIME_OF_DAY}{NO_NAME}"
        ),
        _read_weekday,
        re.compile("(?i)" + "|".join(WEEKDAYS)),
    ),
    _word(rf"the{_S}day{_S}before{_S}yesterday", _days_off(-2, -2), "yesterday"),
    _word(rf"yesterday{_TIME_OF_DAY}", _days_off(-1, -1), "yesterday"),
    _word(rf"last{_S}night|overnight(?!{_S}curfew)", _days_off(-1, 0), "night"),
    _word(
        rf"(?<!USA\s)(?<!Russia\s)today|tonight|this{_S}(?:morning|afternoon|evening)",
        _days_off(0, 0),
        "today|tonight|this",
    ),
    _word(rf"tomorrow{_TIME_OF_DAY}", _days_off(1, 1), "tomorrow"),
    _word(rf"{_NUMBER}{_S}(?P<unit>day|week|month|year)s?{_S}ago", _read_ago, "ago"),
    _word(
        rf"(?:(?P<which>last|previous|this|next|coming){_S})weekend|the{_S}weekend",
        _read_weekend,
        "weekend",
    ),
    _word(
        rf"(?:(?P<earlier>earlier){_S}(?:in{_S}the|this)|(?P<which>last|previous|this|next|coming))"
        rf"{_S}(?P<unit>week|month|year)",
        _read_calendar,
        "week|month|year",
    ),
    _word(
        rf"(?:past|last|previous){_S}(?:{_NUMBER}|(?P<some>few|several)){_S}"
        r"(?P<unit>hour|day|week|month|year)s?",
        _read_recent,
        "past|last|previous",
    ),
    _word(rf"the{_S}past{_S}(?P<unit>day|week|month|year)", _read_recent, "past"),
    _word(rf"(?P<some>recent){_S}(?P<unit>day|week|month|year)s", _read_recent, "recent"),
    _word(
        rf"(?:the{_S}|that{_S})(?P<way>same|previous|next|following)"
        rf"{_S}(?:day|morning|afternoon|evening|night)",
        _read_from_anchor,
        "same|previous|next|following",
    ),
    _word(
        rf"(?:on{_S})?(?P<way>that){_S}(?:day|morning|afternoon|evening|night)",
        _read_from_anchor,
        "that",
    ),
    _word(
        rf"{_NUMBER}{_S}(?P<unit>day|week|month|year)s?{_S}(?P<way>earlier|later)",
        _read_from_anchor,
        "earlier|later",
    ),
    _word(
        rf"the{_S}day{_S}(?P<way>before)(?=[.,;:)]|{_S}(?:at|in|near|on)\b)",
        _read_from_anchor,
        "before",
    ),
)

"""Dates that the text spells out: 12 April 2024, April 12, 2024-04-12, May, in 2013."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from geomap.incidents.date_rules import (
    MONTH_HINT,
    NO_NAME,
    SPACE,
    TO,
    WEEKDAY,
    YEAR_HINT,
    Context,
    Period,
    Rule,
    group,
    month_of,
)

NEAR_DAYS = 7
"""A yearless day up to this far ahead is that day: who means last year's says so."""
_TURN_DAYS = 240
"""A day so long before the one told of last lies in the year after."""
RECENT_DAYS = 30
"""Where the clause speaks of the future, a day this recent is still the past one."""

_MONTH_NAMES = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
    *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
)
MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
Span = tuple[dt.date, dt.date]

_S = SPACE
_YEAR = r"(?:19|20)\d\d(?!\d)"
_FRONT = r"(?<![\w$€£])(?<!\d[.,:])(?<!\b\d[/–-])(?<!\b\d\d[/–-])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th)?"
_AND_DAY = rf"(?:,{_S}{_DAY}){{0,6}},?{_S}(?:and|&){_S}{_DAY}"
_TO_DAY = rf"{TO}{_DAY}"
_ON_WEEKDAY = rf"(?:\b(?:{WEEKDAY}|(?:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\b\.?),?{_S})?"
_BETWEEN = rf"(?P<lead>\b[Bb]etween{_S})?"
# march and may are words, Mar and August names, unless they are written as months.
_MONTH = (
    r"(?P<month>(?i:january|february|april|june|july|september|october|november|december"
    r"|jan|feb|apr|jun|jul|sept?|oct|nov|dec)|March|MARCH|Mar|MAR|May|August|AUGUST|Aug|AUG"
    r"|MAY(?!\s(?:HAVE|BE|NOT|ALSO|STILL)\b))(?![A-Za-z])"
)
_DOT = r"(?:\.(?=,?\s?\d))?"
# April, May, June and August are people too: alone they need a preposition.
_SURE_MONTH = r"(?P<month>January|February|July|September|October|November|December)(?![A-Za-z])"
_WORD_MONTH = rf"(?:{_SURE_MONTH}|(?P<other>March|April|May|June|August)(?![A-Za-z]))"
_ANY_MONTH = "(?:" + "|".join(name.title() for name in MONTHS) + r")\b"
_PART = rf"(?P<part>(?i:early|mid|late|(?:beginning|start|end){_S}of))(?:{_S}|-)"
_WHICH = rf"(?P<which>(?i:last|previous|this|next|coming)){_S}"
_IN = (
    rf"(?P<lead>\b(?i:in|since|during|by|until|from|of|between|before|after|throughout|to){_S}"
    rf"(?:the{_S})?)"
)
_NO_COUNT = (
    rf"(?!{_S}(?:people|persons|civilians|residents|families|households|homes|houses|tents|troops"
    r"|soldiers|fighters|refugees|victims|tonnes|tons|km|times|hours|hrs|local|GMT|UTC)\b)"
)
_OWN_YEAR = (
    rf"(?:,?{_S}(?P<year>{_YEAR}){_NO_COUNT}"
    rf"|,?{_S}(?:of{_S})?(?P<which_year>this|last|next){_S}year\b)"
)
# "April 12 and 13 people were killed": a number counts what follows, but for these words.
_NO_NOUN = (
    rf"(?!{_S}(?!(?:a|after|against|amid|an|and|as|at|before|but|by|during|following|for|from|in"
    r"|inside|into|just|killed|killing|near|on|of|over|that|the|their|to|under|when|where|which"
    r"|while|with)\b)[a-z])"
)
NUMERIC = re.compile(
    r"(?<![\w./-])(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})(?P=mark)"
    rf"(?P<year>{_YEAR})(?![\w/-]|\.\d)"
)


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """Give a date, or None if the calendar has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def numeric_days(match: re.Match[str]) -> list[dt.date]:
    """Give every day that a match of `NUMERIC` may mean; with dots the day comes first."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    day_first = day_of(year, two, one)
    month_first = None if match["mark"] == "." else day_of(year, one, two)
    return list(dict.fromkeys(day for day in (day_first, month_first) if day))


def _dated(
    match: re.Match[str],
    context: Context,
    make: Callable[[int], Span | None],
    near_days: int = 0,
) -> Span | None:
    """Give the period that `make` makes of the year named, or of the likeliest one.

    Without a year it is the latest that began `near_days` after the issue at
    most; where the clause speaks of the future, the coming one.
    """
    issued = context.issued
    if year := group(match, "year"):
        return make(int(year))
    if context.year is not None and not context.ahead:
        return _in_year(make, context.year, context.anchor)
    if issued is None:
        return None
    if which := group(match, "which_year"):
        return make(issued.year + {"last": -1, "this": 0, "next": 1}[which])
    # 29 February may lie eight years off
    years = range(max(1, issued.year - 8), min(issued.year + 9, dt.MAXYEAR))
    spans = [span for year in years if (span := make(year))]
    away = {span: (span[0] - issued).days for span in spans}
    grace = 0 if context.behind else near_days
    past = max((span for span in spans if away[span] <= grace), default=None)
    if context.ahead and (past is None or away[past] < -RECENT_DAYS):
        return min((span for span in spans if away[span] > 0), default=past)
    return past


def _in_year(make: Callable[[int], Span | None], year: int, anchor: dt.date | None) -> Span | None:
    """Give the period in the year in force; after a December, a January is the next one's."""
    span = make(year)
    turned = span and anchor and anchor.year == year and (anchor - span[0]).days > _TURN_DAYS
    return make(year + 1) if turned else span


def _read_days(match: re.Match[str], context: Context) -> list[Period]:
    """Read "12 April", "2-4 May", "between 2 and 4 May" and "3 and 9 June" (two days)."""
    month = MONTHS[group(match, "month")]
    numbers = [int(number) for number in re.findall(r"\d+", match["days"])]
    runs_on = numbers == list(range(numbers[0], numbers[-1] + 1))
    listed = re.search(r",|and|&", match["days"]) and not match["lead"]
    is_range = len(numbers) == 2 and not listed and numbers[0] < numbers[1]
    if len(numbers) > 1 and not (runs_on or is_range or listed):
        return []

    def make(year: int) -> Span | None:
        days = [day for number in numbers if (day := day_of(year, month, number))]
        return (min(days), max(days)) if len(days) == len(numbers) else None

    span = _dated(match, context, make, NEAR_DAYS)
    if span is None:
        return []
    if runs_on or is_range:
        return [Period(*span, "day")]
    return [Period(day, day, "day") for n in numbers for day in [span[0].replace(day=n)]]


def _read_iso(match: re.Match[str], context: Context) -> list[Period]:
    day = day_of(int(match["year"]), int(match["month"]), int(match["day"]))
    return [Period(day, day, "day")] if day else []


def _read_numeric(match: re.Match[str], context: Context) -> list[Period]:
    """Read 12.04.2024 and 13/04/2024, but not 04/05/2024, which may be either of two days."""
    days = numeric_days(match)
    return [Period(days[0], days[0], "day")] if len(days) == 1 else []


def _read_month(match: re.Match[str], context: Context) -> list[Period]:
    """Read a month, or the early, middle or late third of one."""
    month = MONTHS[group(match, "month") or group(match, "other")]
    part, which = group(match, "part")[:3], group(match, "which")
    thirds = {"": (1, 31), "mid": (11, 20), "lat": (21, 31), "end": (21, 31)}
    first, last = thirds.get(part, (1, 10))
    if which:
        ahead, behind = which in ("next", "coming"), which in ("last", "previous")
        context = context._replace(ahead=ahead, behind=behind)

    def make(year: int) -> Span:
        since, until = month_of(year, month)
        return since.replace(day=first), until.replace(day=min(last, until.day))

    span = _dated(match, context, make)
    return [Period(*span, "month")] if span else []


def _read_year(match: re.Match[str], context: Context) -> list[Period]:
    """Read "in 2013", "late 2023", "2011-2014" and "2023/24"."""
    first, second = match["year"], group(match, "year_to")
    last = first[: 4 - len(second)] + second
    part = group(match, "part")[:3]
    begin = {"mid": 5, "lat": 9, "end": 9}.get(part, 1)
    end = {"ear": 4, "beg": 4, "sta": 4, "mid": 8}.get(part, 12)
    if last < first:
        return []
    return [Period(dt.date(int(first), begin, 1), month_of(int(last), end)[1], "year")]


_YEARS = rf"(?P<year>{_YEAR})(?:{TO}(?P<year_to>{_YEAR}|\d\d(?!\d)))?(?![-/.,:]?\d){_NO_COUNT}"

YEAR_LINE = Rule(
    "year",
    re.compile(
        rf"(?m)^(?P<lead>[ \t#=*]*(?:(?i:chronology|events|incidents|timeline|year)\b[ \t:,]*"
        rf"(?:(?:for|in|of)[ \t])?(?:the[ \t])?(?:year[ \t])?)?)(?P<year>{_YEAR})(?=[ \t=:#*]*$)"
    ),
    _read_year,
    YEAR_HINT,
)
"""A year that is a heading of its own, as in a chronology, or that ends one: "Timeline of 2013"."""

RULES = (
    Rule(
        "day",
        re.compile(
            rf"{_FRONT}(?P<year>{_YEAR})(?P<mark>[-/.])(?P<month>0[1-9]|1[0-2])(?P=mark)"
            r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d|[-/.]\d)"
        ),
        _read_iso,
        YEAR_HINT,
    ),
    Rule("day", NUMERIC, _read_numeric, YEAR_HINT),
    Rule(
        "day",
        re.compile(
            rf"{_BETWEEN}{_ON_WEEKDAY}{_FRONT}(?P<days>{_DAY}(?:{_AND_DAY}|{_TO_DAY})?)(?:{_S}of)?{_S}{_MONTH}{_DOT}{_OWN_YEAR}?"
            rf"{NO_NAME}"
        ),
        _read_days,
        MONTH_HINT,
    ),
    Rule(
        "day",
        # "in April 12 people were killed": the number counts
        re.compile(
            rf"{_BETWEEN}{_ON_WEEKDAY}(?<!\b[Ii]n\s)\b{_MONTH}{_DOT}{_S}"
            rf"(?P<days>{_DAY}{_AND_DAY}{_NO_NOUN}|{_DAY}(?:{_TO_DAY})?)"
            rf"(?![.:,]\d|%|\w){_OWN_YEAR}?{NO_NAME}"
        ),
        _read_days,
        MONTH_HINT,
    ),
    Rule(
        "month",
        re.compile(rf"\b(?:{_PART})?{_MONTH}{_DOT}(?:{_S}of)?{_OWN_YEAR}"),
        _read_month,
        MONTH_HINT,
    ),
    Rule(
        "month",
        re.compile(rf"\b(?:{_PART}|{_WHICH}){_WORD_MONTH}{NO_NAME}"),
        _read_month,
        MONTH_HINT,
    ),
    Rule("month", re.compile(rf"{_IN}{_WORD_MONTH}{NO_NAME}"), _read_month, MONTH_HINT),
    Rule(
        "month",
        re.compile(rf"(?P<lead>\b[Bb]etween{_S}[A-Z][a-z]+{_S}and{_S}){_WORD_MONTH}"),
        _read_month,
        MONTH_HINT,
    ),
    # "March-May 2024": the dash says that the word is a month
    Rule(
        "month",
        re.compile(rf"\b{_WORD_MONTH}(?={_S}?[-–—]{_S}?(?!\d){_ANY_MONTH})"),
        _read_month,
        MONTH_HINT,
    ),
    Rule("month", re.compile(rf"\b{_SURE_MONTH}{NO_NAME}"), _read_month, MONTH_HINT),
    YEAR_LINE,
    Rule("year", re.compile(rf"\b{_PART}{_YEARS}"), _read_year, YEAR_HINT),
    Rule("year", re.compile(rf"{_IN}{_YEARS}"), _read_year, YEAR_HINT),
    Rule(
        "year", re.compile(rf"\b(?P<lead>[Tt]he{_S}){_YEARS}(?={_S}[a-z])"), _read_year, YEAR_HINT
    ),
    Rule("year", re.compile(rf"(?P<lead>\(){_YEARS}(?=\))"), _read_year, YEAR_HINT),
)

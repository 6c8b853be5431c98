"""The days that a bulletin speaks of.

The rules are our own. dateparser and dateutil were measured first: dateparser
puts "will meet on April 15" a year back, halves "28 June - 5 July" and "12/13
April", and takes "may attack", "Resolution 1701" and "04/05/2024" for dates;
dateutil reads one date a string and knows no "on Monday". Neither says how
exactly a day is known, and what a map shows as a day must be one.

How a date without a year, or a weekday, finds its day:

- it is the latest one not after the issue; a day and month up to a week ahead
  is that day, since a writer who means almost a year ago says so;
- where the clause speaks of the future ("will", "is scheduled for", "ahead
  of"), it is the coming one, unless the past one is less than a month ago; a
  weekday is the next one;
- under a heading that is a year it lies in that year; in a text whose issue is
  not known, in the year of the date before it;
- after "since" and in "the 7 October attack" it never lies ahead.

"The same day", "two days later" count from the day named before in the text.
04/05/2024 may be either of two days and is left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from geomap.incidents import explicit_dates, relative_dates
from geomap.incidents.date_rules import SPACE, TO, Context, Period, Precision, Rule, group

OLD_DAYS = 30
"""What ended longer ago is context: no bulletin of news covers more than a month."""

_REACH = 100
"""A date is no longer than this on either side of its month, year, weekday or other hint."""
_HEADING = 90
"""A line up to this long that no full stop ends is a heading."""
_TITLE_YEAR = re.compile(
    r"(?:(?P<begins>(?:19|20)\d\d)\s[A-Za-z]|[^\d]*[ ,(](?P<ends>(?:19|20)\d\d)\)?$)"
)
_ORDER: tuple[Precision, ...] = ("day", "week", "month", "year")
_AHEAD = re.compile(
    r"\b(?:(?:will|would|shall|must|should|may|might|could)(?! have\b)|going to|plans?"
    r"|(?:intend|threaten|vow|pledge|promise|plan)(?:s|d|ed|ned)? to"
    r"|planned for"
    r"|(?:is|are) (?:to|set|due)|expected|scheduled|slated|due (?:on|in|for)|set (?:for|to)"
    r"|upcoming|forthcoming|forecast|postponed|deadline|ahead of|no later than|coming)\b|[’']ll\b"
)
_CLAUSE_END = (
    r"[.;:!?](?=\s|$)|\n\s*\n|\b(?:after|following|since|when|where|who|which|because|while|that"
    r"|said|says|told|announced|reported|added|stated|claimed|warned)\b"
)
_LEFT_END = re.compile(_CLAUSE_END)
_RIGHT_END = re.compile(_CLAUSE_END + r"|\b(?:and|but|as)\b")
_S = SPACE
_SINCE = re.compile(
    rf"\b[Ss]ince{_S}(?:(?:at least|about|around|the|early|late|mid|before|last){_S}){{0,2}}$"
)
_THE = re.compile(rf"\b[Tt]he{_S}(?:(?:deadly|first|major){_S})?$")
_DEED = re.compile(
    rf"(?P<s>[’']s?)?{_S}(?:[a-z-]+{_S})?(?:attacks?|massacres?|wars?|(?:earth)?quakes?|bombings?"
    r"|raids?|floods?|coup|assaults?|strikes?|shelling|incidents?|killings?"
    r"|invasion|uprising|revolution|clashes|blasts?|explosions?|ambush|incursion"
    r"|offensive)\b"
)
_BETWEEN = re.compile(rf"\b[Bb]etween{_S}$")
_JOINED = re.compile(TO)
_RANGES = ("day", "month", "weekday")
_AND = re.compile(rf"{_S}and{_S}")
_LOOSE = re.compile(r"overnight|last\snight", re.IGNORECASE)
_RULES = explicit_dates.RULES + relative_dates.RULES


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A day or period that a text names, at ``text[start:end]``.

    Attributes
    ----------
    since, until
        First and last day, both included. "Since 7 October" names 7 October.
    precision
        How exactly the words say it: day, week, month or year. A range of days
        is of precision day.
    basis
        explicit (a date) or relative ("on Monday").
    background
        The words say that it is past context: "last month", "the 7 October
        attack" said in April, a period that ended over `OLD_DAYS` before the issue.
    ongoing
        What is told goes on from ``since`` to the issue: "since 10 April".
    """

    start: int
    end: int
    since: dt.date
    until: dt.date
    precision: Precision
    basis: Literal["explicit", "relative"]
    background: bool = False
    ongoing: bool = False


class _Found(NamedTuple):
    start: int
    end: int
    rule: Rule
    match: re.Match[str]

    def read(self, context: Context) -> list[Period]:
        """Read the words; days that no calendar holds are none."""
        try:
            return self.rule.read(self.match, context)
        except (ValueError, OverflowError):
            return []


def find_dates(text: str, issued: dt.date | None) -> list[DateSpan]:
    """Find the days that a bulletin speaks of.

    Relative words ("yesterday", "on Monday") count back from `issued`. A bare
    month covers the whole month, as in STAC's datetime filter. Give the whole
    text at once, since "the same day" refers to the sentence before.

    Parameters
    ----------
    text
        One bulletin, without markup.
    issued
        The day the bulletin came out, in its own time zone. If None, only
        dates that name their year are found, and those after them.

    Returns
    -------
    list of DateSpan
        In the order of the text. ``since`` and ``until`` are both included.
        Empty if the text names no day.

    Examples
    --------
    >>> [span.since.isoformat() for span in find_dates("Flooding on 3 May.", dt.date(2026, 5, 4))]
    ['2026-05-03']
    """
    found = _find_words(text)
    spans: list[DateSpan] = []
    anchor: dt.date | None = None
    years = _Years(text, issued)
    week: tuple[dt.date, dt.date] | None = None
    skip = False
    for first, second in zip(found, [*found[1:], None], strict=False):
        if skip:
            skip = False
            continue
        since_word, context = _read_context(text, first, issued, anchor)
        context = context._replace(year=years.in_force(first), week=week)
        end, periods = first.end, first.read(context)
        if second and _is_range(text, first, second):
            whole = _read_range(first, second, context)
            if whole:
                end, periods, skip = second.end, [whole], True
        for period in periods:
            spans.append(
                DateSpan(
                    first.start,
                    end,
                    period.since,
                    period.until,
                    period.precision,
                    first.rule.basis,
                    background=_is_background(period, context, issued, since_word),
                    ongoing=since_word and issued is not None and period.since <= issued,
                )
            )
            anchor = period.until if period.precision == "day" else anchor
            week = _week_of(text, first.start, end, period, issued) or week
    return _without_loose(text, spans)


def _year_of_title(text: str, issued: dt.date | None) -> int | None:
    """Give the past year that a title begins or ends with: "2020 Tana floods", "(autumn 2019)"."""
    title = text.lstrip().partition("\n")[0].strip()
    if issued is None or len(title) > _HEADING or re.search(r"[.!?]$", title):
        return None
    found = _TITLE_YEAR.match(title)
    year = int(found["begins"] or found["ends"]) if found else issued.year
    return year if year < issued.year else None


def _week_of(
    text: str, start: int, end: int, period: Period, issued: dt.date | None
) -> tuple[dt.date, dt.date] | None:
    """Give the week that a heading puts a text under: "Weekly note, 2-8 March"."""
    days = (period.until - period.since).days
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    is_heading = len(line) <= _HEADING and not re.search(r"[.!?]\s*$", line)
    if 4 <= days <= 9 and is_heading and issued is not None and period.until <= issued:
        return period.since, period.until
    return None


class _Years:
    """The year that days without one lie in, where it is not the one of the issue.

    That is the year of the heading they stand under ("2013" in a chronology),
    or, in a text whose issue is not known, of the dates before them.
    """

    def __init__(self, text: str, issued: dt.date | None) -> None:
        self._issued = issued
        self._heading: int | None = _year_of_title(text, issued)
        self._told: int | None = None

    def in_force(self, words: _Found) -> int | None:
        """Give the year for some words, and heed the one that they name."""
        if year := group(words.match, "year"):
            if words.rule is explicit_dates.YEAR_LINE:
                own = self._issued is not None and self._issued.year == int(year)
                self._heading = None if own else int(year)
            elif self._issued is None and words.rule.family != "year":
                self._told = int(year)
        return self._heading or self._told


def _find_words(text: str) -> list[_Found]:
    """Match every rule; what an earlier rule took, a later one does not touch."""
    found: list[_Found] = []
    taken = bytearray(len(text))
    hinted: dict[re.Pattern[str], list[tuple[int, int]]] = {}
    for rule in _RULES:
        if rule.hint not in hinted:
            hinted[rule.hint] = _windows(text, rule.hint)
        for first, last in hinted[rule.hint]:
            for match in rule.pattern.finditer(text, first, last):
                start, end = match.start(), match.end()
                if group(match, "lead"):
                    start = match.end("lead")
                if not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    found.append(_Found(start, end, rule, match))
    return sorted(found, key=lambda words: words.start)


def _windows(text: str, hint: re.Pattern[str]) -> list[tuple[int, int]]:
    """Give the stretches of a text that stand near a hint; where none is, no rule need look."""
    windows: list[tuple[int, int]] = []
    for match in hint.finditer(text):
        first, last = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
        # no window may begin or end inside a word or a figure
        first = text.rfind(" ", 0, first) + 1
        last = text.find(" ", last) if text.find(" ", last) >= 0 else len(text)
        if windows and first <= windows[-1][1]:
            windows[-1] = windows[-1][0], last
        else:
            windows.append((first, last))
    return windows


def _read_context(
    text: str, words: _Found, issued: dt.date | None, anchor: dt.date | None
) -> tuple[bool, Context]:
    """Say whether "since" stands before the words, and which way their clause looks."""
    left = text[max(0, words.start - 150) : words.start]
    right = text[words.end : words.end + 60]
    since_word = bool(_SINCE.search(left))
    deed = _DEED.match(right)
    behind = since_word or bool(deed and (deed["s"] or _THE.search(left)))
    clause = _LEFT_END.split(left)[-1] + "\0" + _RIGHT_END.split(right, maxsplit=1)[0]
    ahead = not behind and bool(_AHEAD.search(clause))
    return since_word, Context(issued, anchor, ahead, behind)


def _is_range(text: str, first: _Found, second: _Found) -> bool:
    if first.rule.family != second.rule.family or first.rule.family not in _RANGES:
        return False
    gap = text[first.end : second.start]
    if _AND.fullmatch(gap):
        return bool(_BETWEEN.search(text[max(0, first.start - 20) : first.start]))
    return bool(_JOINED.fullmatch(gap))


def _read_range(first: _Found, second: _Found, context: Context) -> Period | None:
    """Read the ends of a range, the one without a year counting from the other."""
    if group(first.match, "year") and not group(second.match, "year"):
        begins = first.read(context)
        after = context._replace(issued=begins[0].since, ahead=True) if begins else context
        ends = second.read(after)
    else:
        ends = second.read(context)
        before = Context(ends[0].since, behind=True) if ends else context
        begins = first.read(before)
    if not begins or not ends or begins[0].since > ends[-1].until:
        return None
    precision = max(begins[0].precision, ends[-1].precision, key=_ORDER.index)
    return Period(begins[0].since, ends[-1].until, precision)


def _is_background(
    period: Period, context: Context, issued: dt.date | None, since_word: bool
) -> bool:
    if period.told_as_past:
        return True
    if issued is None:
        return False
    age = (issued - period.until).days
    return age > OLD_DAYS or (context.behind and not since_word and age > explicit_dates.NEAR_DAYS)


def _without_loose(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """Drop "overnight" where its sentence names the day itself: "on 12 April, overnight"."""

    def is_loose(span: DateSpan) -> bool:
        return bool(_LOOSE.fullmatch(text, span.start, span.end))

    def same_sentence(one: DateSpan, other: DateSpan) -> bool:
        between = text[min(one.end, other.end) : max(one.start, other.start)]
        return not re.search(r"[.!?;]\s|\n", between)

    firm = [span for span in spans if span.precision == "day" and not is_loose(span)]
    return [
        span
        for span in spans
        if not is_loose(span) or not any(same_sentence(span, other) for other in firm)
    ]

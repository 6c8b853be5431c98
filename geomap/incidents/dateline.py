"""The day a bulletin came out, as it says so itself; never a guess.

Asked in this order: a dateline near the top ("GAZA CITY, 12 April 2024 -",
"Date: 2024-04-12", a line that is only a date, "as of 3:00 pm ET April 12"),
the date of publication in a page's metadata, the title, the file's name. A
date in running text is no dateline; 04/05/2024 may be two days and is not taken.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from geomap.errors import InputError
from geomap.incidents.clean import clean
from geomap.incidents.dates import find_dates
from geomap.incidents.explicit_dates import MONTHS, NUMERIC, day_of, numeric_days
from geomap.model import Bulletin

_HEAD_CHARS = 4000
_HEAD_LINES = 12
_TITLE_LINES = 3
_TIME = (
    r"(?:\d{1,2}(?:[:.h]\d\d)(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|\d{4}\s?(?:h(?:rs|ours)?\b))"
    r"(?:\s(?:local(?:\stime)?|[A-Z]{2,4}(?:[+-]\d{1,2})?)\b)?"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LABEL = (
    r"(?:date(?:d|\sof\s(?:issue|publication))?|issued|published|posted|(?:last\s)?updated"
    r"|released?(?:\sdate)?|(?:situation\s)?as\s(?:of|at)|(?:data|information)?\s?cut-?off(?:\sdate)?"
    r"|reporting\speriod|period(?:\scovered)?|week(?:\sof|\sending)?|covering|for(?:\sthe\s(?:day|week))?)"
)
_REPORT = r"\b(?:report|update|brief(?:ing)?|bulletin|digest|summary|note|issue|edition|no|day)\b"
_LABELS = re.compile(rf"[\s*_(]*(?:(?:{_LABEL}|{_TIME}|{_WEEKDAY}|on|at|from)[\s:,–-]*)+", re.I)
_NOTHING = re.compile(rf"[\s*_(]*(?:{_WEEKDAY},?\s*)?", re.I)
_REST = re.compile(
    rf"[\s,.;|·)*_]*(?:(?:at\s)?{_TIME}[\s,.;|·)]*)?(?:[-–—|·].{{0,40}}{_REPORT}.{{0,30}}|\|.{{0,60}}|by\s.{{0,60}})?",
    re.I,
)
_CITY = re.compile(rf"(?:[^\W\d_][\w'’.-]*[\s,/&]*){{1,7}}[,(]\s*(?i:{_WEEKDAY},?\s*)?")
_DASH = re.compile(r"[\s)]*(?:\([^)]{1,40}\)\s*)?(?:[-–—].*)?", re.S)
_AS_OF = re.compile(
    rf"\b(?:as (?:of|at)|cut-?off[^.]{{0,20}}?)[\s:,]*(?:{_TIME},?\s*)?(?:on )?$", re.I
)
_TITLE_BEFORE = re.compile(
    rf"(?:^|[,:;|(–—-]|\b(?:for|dated|ending|to|of|update|report|bulletin|digest|brief|briefing"
    rf"|summary|note|#?\d{{1,4}}))\s*(?:{_WEEKDAY},?\s*)?$",
    re.I,
)
_TITLE_AFTER = re.compile(r"\s*(?:$|[,:;|)–—-])")
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_IN_NAMES = (
    re.compile(
        r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_./]?(?P<m>0[1-9]|1[0-2])[-_./]?(?P<d>[0-3]\d)(?!\d)"
    ),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})[-_. ]?(?P<m>{_MONTH_NAMES})[-_. ]?(?P<y>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(
        rf"(?<![a-z])(?P<m>{_MONTH_NAMES})[-_. ]?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-_., ]{{1,2}}"
        r"(?P<y>(?:19|20)\d\d)(?!\d)"
    ),
)
_NUMERIC_IN_NAMES = re.compile(
    r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[-._])(?P<two>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
)


def find_issue_date(
    text: str, *, title: str = "", published: str = "", source: str = ""
) -> dt.date | None:
    """Find the day a bulletin came out, or None if it does not say.

    Parameters
    ----------
    text
        The bulletin as stored.
    title
        Its title, if it is known from elsewhere than the text.
    published
        ISO date from a page's metadata.
    source
        Path or address; only the name of a file is read, all of an address's path.

    Examples
    --------
    >>> find_issue_date("ADEN, 3 May 2026 - Shells hit a market.").isoformat()
    '2026-05-03'
    >>> find_issue_date("On 3 May 2026 shells hit a market in Aden.") is None
    True
    """
    head = _head(text)
    titles = [title, *(line for line in head[:_TITLE_LINES] if _is_heading(line))]
    others = [_iso(published), *map(_date_in_title, titles), _date_in_name(source)]
    other = next((day for day in others if day), None)
    return _dateline(head, None) or (other and _dateline(head, other)) or other


def require_issue_date(bulletin: Bulletin) -> dt.date:
    """Give a bulletin's date of issue, or ask for it.

    Raises
    ------
    InputError
        If it is not known; the message says how to give it.
    """
    if bulletin.issued:
        return bulletin.issued
    todo = "Say --date YYYY-MM-DD."
    matches = [
        *(match for line in _head(bulletin.text) for match in NUMERIC.finditer(line)),
        *NUMERIC.finditer(bulletin.title),
        *_NUMERIC_IN_NAMES.finditer(_name(bulletin.source)),
    ]
    for match in matches:
        days = numeric_days(match)
        if len(days) == 2:
            todo = f"{match[0]} may be {' or '.join(f'{d.day} {d:%B %Y}' for d in days)}. {todo}"
            break
    raise InputError("no date of issue found", where=bulletin.source or "bulletin", todo=todo)


def _head(text: str) -> list[str]:
    lines = (line.strip() for line in clean(text[:_HEAD_CHARS]).text.splitlines())
    return [line for line in lines if line][:_HEAD_LINES]


def _is_heading(line: str) -> bool:
    return len(line) <= 150 and not line.endswith((".", "!", "?"))


def _dateline(head: list[str], reference: dt.date | None) -> dt.date | None:
    """Give the date of the first labelled line; of several lone dates, the latest.

    `reference` lends its year to a date without one ("KYIV, April 12 -").
    """
    lone: list[dt.date] = []
    for line in head:
        for span in find_dates(line, reference):
            if span.precision != "day" or span.basis != "explicit":
                continue
            before, after = line[: span.start], line[span.end :]
            labelled = _LABELS.fullmatch(before) and _REST.fullmatch(after)
            stands_apart = len(before) <= 80 and len(after) <= 40
            if labelled or (stands_apart and _AS_OF.search(before)):
                return span.until
            if _is_lone(before, after) or _is_city_line(before, after):
                lone.append(span.until)
    return max(lone, default=None)


def _is_lone(before: str, after: str) -> bool:
    return bool(_NOTHING.fullmatch(before) and _REST.fullmatch(after))


def _is_city_line(before: str, after: str) -> bool:
    """Tell "GAZA CITY, 12 April -" and "Port Sudan (12 April 2024)" from running text."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", before)
    named = bool(words) and all(word[0].isupper() for word in words)
    return named and bool(_CITY.fullmatch(before) and _DASH.fullmatch(after))


def _date_in_title(title: str) -> dt.date | None:
    """Give a date that stands apart in a title, not one that its words are about."""
    for span in find_dates(title, None):
        apart = _TITLE_BEFORE.search(title[: span.start]) and _TITLE_AFTER.match(title, span.end)
        if span.precision == "day" and apart:
            return span.until
    return None


def _name(source: str) -> str:
    if "://" in source:
        return urlsplit(source).path.lower()
    return PurePosixPath(source.replace("\\", "/")).name.lower()


def _date_in_name(source: str) -> dt.date | None:
    name = _name(source)
    for pattern in _IN_NAMES:
        for match in pattern.finditer(name):
            month = MONTHS.get(match["m"]) or int(match["m"])
            if day := day_of(int(match["y"]), month, int(match["d"])):
                return day
    for match in _NUMERIC_IN_NAMES.finditer(name):
        days = numeric_days(match)
        if len(days) == 1:
            return days[0]
    return None


def _iso(published: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(published[:10])
    except ValueError:
        return None

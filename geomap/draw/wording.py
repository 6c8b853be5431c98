"""The words of pictures and reports in a language: ``maps/report/lang``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from geomap.content import content

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class Wording:
    """A catalogue of phrases.

    Examples
    --------
    >>> words = read_wording("en")
    >>> words.say("incidents", n=1200)
    '1,200 incidents'
    >>> words.period([dt.date(2026, 3, 5), dt.date(2026, 3, 1)])
    '1 to 5 March 2026'
    """

    language: str
    phrases: dict[str, Any]

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        """Give a phrase with its values; ``n`` chooses the form and is written as a number."""
        phrase = self.phrases[key]
        if isinstance(phrase, dict):
            phrase = phrase.get(plural(self.language, n or 0), phrase["other"])
        if n is not None:
            values["n"] = f"{n:,}"
        for name, value in values.items():
            phrase = phrase.replace("{" + name + "}", str(value))
        return str(phrase)

    def quote(self, words: str) -> str:
        """Give other people's words so that they keep their order in a line of this language."""
        return f"\u2068{words}\u2069" if self.rtl else words

    def day(self, day: dt.date) -> str:
        """Give a day in full, like "5 March 2026"."""
        month = self.phrases["months"][day.month - 1]
        return self.say("day", day=day.day, month=month, year=day.year)

    def short_day(self, day: dt.date) -> str:
        """Give a day without its year, like "5 Mar"."""
        return self.say("day_short", day=day.day, month=self.phrases["months_short"][day.month - 1])

    def time(self, moment: dt.datetime | dt.date) -> str:
        """Give a moment to the minute with its zone, or a day."""
        if not isinstance(moment, dt.datetime):
            return self.day(moment)
        return f"{self.day(moment)}, {moment:%H:%M} {moment.tzname() or ''}".rstrip()

    def period(self, days: Iterable[dt.date]) -> str:
        """Give the first and last of some days, or "" if there are none."""
        days = sorted(days)
        if not days:
            return ""
        first, last = days[0], days[-1]
        if first == last:
            return self.day(last)
        same = (first.year, first.month) == (last.year, last.month)
        since = str(first.day) if same and self.language == "en" else self.day(first)
        return self.say("period", since=since, until=self.day(last))


@cache
def read_wording(language: str) -> Wording:
    """Read a catalogue; a language without one speaks English."""
    folder = content("maps/report/lang")
    path = folder / f"{language}.json"
    if not path.exists():
        return read_wording("en")
    return Wording(language, json.loads(path.read_text(encoding="utf-8")))


def plural(language: str, n: int) -> str:
    """Name the plural form that a number takes (Unicode CLDR, whole numbers)."""
    if language == "ar":
        rest = n % 100
        small = {0: "zero", 1: "one", 2: "two"}
        return small.get(n) or (
            "few" if 3 <= rest <= 10 else "many" if 11 <= rest <= 99 else "other"
        )
    if language == "he":
        return {1: "one", 2: "two"}.get(n, "other")
    if language == "uk":
        if n % 10 == 1 and n % 100 != 11:
            return "one"
        return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"
    return "one" if n == 1 or (language == "fr" and n == 0) else "other"

"""Counts in a sentence, in figures and in words, with what bounds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBERS = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
VAGUE = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "several": 3}
_LOW = (
    "at least",
    "more than",
    "over",
    "no fewer than",
    "not less than",
    "upwards of",
    "a minimum of",
)
_HIGH = ("up to", "as many as", "at most", "fewer than", "less than")
_NEARLY = ("nearly", "almost", "close to")
_ABOUT = ("about", "around", "some", "roughly", "approximately", "an estimated", "estimated")


class Number(NamedTuple):
    """A count in words or figures; ``low`` and ``high`` bound it, None where open."""

    first: int
    last: int
    value: int | None
    low: int | None
    high: int | None
    imputed: bool = False


def find_numbers(words: Sequence[Word], text: str) -> list[Number]:
    """Find counts: "at least 21", "between 400 and 500", "two dozen", "hundreds".

    Numbers inside a compound ("ten-storey", "one-way") count nothing.
    """
    numbers = []
    index = 0
    while index < len(words):
        number = _read(words, index)
        if number is None or text[words[number.last - 1].end :][:1] == "-":
            index += 1
            continue
        numbers.append(_bounded(words, number))
        index = number.last
    return _ranges(words, numbers)


def _read(words: Sequence[Word], index: int) -> Number | None:
    word = words[index].lower
    if word in VAGUE:
        return Number(index, index + 1, None, VAGUE[word], None, True)
    if word[0].isdigit():
        figure = word.replace(",", "")
        if not figure.replace(".", "", 1).isdigit():
            return None
        value, last = float(figure), index + 1
    elif word in NUMBERS:
        value, last = float(NUMBERS[word]), index + 1
        if word in _TENS and last < len(words) and words[last].lower in _UNITS[1:10]:
            value, last = value + NUMBERS[words[last].lower], last + 1
    elif word == "half" and _lowers(words, index + 1, 2)[:1] == ["a"]:
        value, last = 0.5, index + 2
    elif word in ("a", "an") and index + 1 < len(words) and words[index + 1].lower in _SCALES:
        value, last = 1.0, index + 1
    else:
        return None
    if value == 0.5 and not set(_lowers(words, last, 1)) & set(_SCALES):
        return None
    while last < len(words) and words[last].lower in _SCALES:
        value, last = value * _SCALES[words[last].lower], last + 1
    if value != int(value):
        return None
    return Number(index, last, int(value), int(value), int(value))


def _lowers(words: Sequence[Word], index: int, count: int) -> list[str]:
    return [word.lower for word in words[index : index + count]]


def _bounded(words: Sequence[Word], number: Number) -> Number:
    before = " ".join(word.lower for word in words[max(0, number.first - 3) : number.first])
    if number.imputed:
        return number
    for phrase in _LOW:
        if before.endswith(phrase):
            return number._replace(first=number.first - len(phrase.split()), high=None)
    for phrase in _HIGH:
        if before.endswith(phrase):
            first = number.first - len(phrase.split())
            return number._replace(first=first, value=None, low=None)
    for phrase in _NEARLY:
        if before.endswith(phrase):
            return number._replace(first=number.first - len(phrase.split()), low=None)
    for phrase in _ABOUT:
        if before.endswith(phrase):
            return number._replace(first=number.first - len(phrase.split()), low=None, high=None)
    return number


def _ranges(words: Sequence[Word], numbers: list[Number]) -> list[Number]:
    """Join "between 400 and 500", "20 to 30" into one number with bounds."""
    joined: list[Number] = []
    for number in numbers:
        if joined and number.value is not None and joined[-1].value is not None:
            last = joined[-1]
            between = [word.lower for word in words[last.last : number.first]]
            opening = words[last.first - 1].lower if last.first else ""
            opened = opening == "between"
            if opening == "from" and between == ["to"]:  # "rose from 14 to 21"
                joined[-1] = number
                continue
            if between in (["to"], ["–"]) or (between == ["and"] and opened):
                joined[-1] = Number(last.first, number.last, None, last.value, number.value)
                continue
        joined.append(number)
    return joined


def is_measure(words: Sequence[Word], number: Number) -> bool:
    """Tell dates, times, shares and distances from counts."""
    after = words[number.last].lower if number.last < len(words) else ""
    before = words[number.first - 1].lower if number.first else ""
    if {before, after} & vocabulary("measures") or after == "%" or before == "$":
        return True
    if _is_clock(words, number):
        return True
    value = number.value or 0
    is_year = (
        1900 <= value <= 2100
        and after not in vocabulary("people")
        and "," not in words[number.first].lower
    )
    return is_year or before in ("no", "age", "aged", "since", "resolution", "article")


def _is_clock(words: Sequence[Word], number: Number) -> bool:
    """Tell "10:30" from "Killed: 4"."""
    for mark in (number.first - 1, number.last):
        if 0 < mark < len(words) - 1 and words[mark].lower == ":":
            tight = words[mark - 1].end == words[mark].start and (
                words[mark].end == words[mark + 1].start
            )
            if tight:
                return True
    return False

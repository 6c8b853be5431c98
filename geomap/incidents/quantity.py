"""How many: people killed, injured, missing, displaced, arrested; attacks and weapons apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from geomap.incidents.inflection import verb_forms
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word

What = Literal["killed", "injured", "missing", "displaced", "arrested", "abducted"]

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_VAGUE = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "several": 3}
_LOW = (
    "at least",
    "more than",
    "over",
    "no fewer than",
    "not less than",
    "upwards of",
    "a minimum of",
)
_HIGH = ("up to", "as many as", "at most", "fewer than", "less than", "nearly", "almost")
_ABOUT = ("about", "around", "some", "roughly", "approximately", "an estimated", "estimated")


class Number(NamedTuple):
    """A count in words or figures; ``low`` and ``high`` bound it, None where open."""

    first: int
    last: int
    value: int | None
    low: int | None
    high: int | None
    imputed: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, at word indices ``first`` to ``last``."""

    what: str
    number: Number
    unit: str
    first: int
    last: int

    def record(self, words: Sequence[Word], text: str) -> dict[str, Any]:
        """Give the quantity as the record keeps it."""
        start, end = words[self.first].start, words[self.last - 1].end
        entry: dict[str, Any] = {
            "what": self.what,
            "value": self.number.value if self.number.value is not None else self.number.low,
            "unit": self.unit,
            "text": text[start:end],
            "start": start,
            "end": end,
        }
        if self.number.imputed:
            entry["imputed"] = True
        return entry


class Toll(NamedTuple):
    """A count of people with its bounds; all None when the text gives none."""

    value: int | None = None
    low: int | None = None
    high: int | None = None


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


def find_quantities(
    words: Sequence[Word],
    text: str,
    acts: Iterable[tuple[int, int]] = (),
    weapons: Iterable[tuple[int, int]] = (),
) -> list[Quantity]:
    """Find what the numbers of a sentence count.

    Parameters
    ----------
    acts, weapons
        Word spans of the nouns for attacks and for weapons in the sentence, so
        that "four attacks" and "120 rockets" are not counts of people.
    """
    verbs = [(first, last, values[0]) for first, last, values in _verbs().find(words)]
    found = []
    for number in find_numbers(words, text):
        if _is_measure(words, number):
            continue
        unit, end = _unit(words, number)
        for name, spans in (("attacks", acts), ("weapons", weapons)):
            span = next((s for s in spans if 0 <= s[0] - number.last <= 3), None)
            if span is not None and unit == "":
                what = " ".join(word.lower for word in words[span[0] : span[1]])
                found.append(Quantity(name, number, what, number.first, span[1]))
                break
        else:
            what = _fate(words, number, end, verbs)
            if what:
                found.append(Quantity(what, number, unit or "people", number.first, end))
    return found + _single(words, verbs)


def toll(quantities: Iterable[Quantity], what: What) -> Toll:
    """Add up what one sentence says about one fate.

    Groups of one list ("three soldiers and a driver") add up; two figures that
    the text does not join are rival figures and become the bounds.
    """
    parts = [quantity for quantity in quantities if quantity.what == what]
    if not parts:
        return Toll()
    groups: list[list[Quantity]] = [[parts[0]]]
    for part in parts[1:]:
        if part.first - groups[-1][-1].last <= 3:
            groups[-1].append(part)
        else:
            groups.append([part])
    tolls = [_sum(group) for group in groups]
    if len(tolls) == 1:
        return tolls[0]
    figures = [f for t in tolls for f in (t.value, t.low, t.high) if f is not None]
    return Toll(None, min(figures), max(figures)) if figures else Toll()


def no_casualties(words: Sequence[Word]) -> bool:
    """Tell whether a sentence says that nobody was hurt."""
    lowers = [word.lower for word in words]
    for index, word in enumerate(lowers):
        if word in ("no", "without") and any(
            w in ("casualties", "injuries", "deaths", "fatalities")
            for w in lowers[index : index + 5]
        ):
            return True
    return False


def _sum(group: Sequence[Quantity]) -> Toll:
    values = [q.number.value for q in group]
    lows = [q.number.low for q in group]
    highs = [q.number.high for q in group]
    return Toll(
        None if None in values else sum(v for v in values if v is not None),
        None if None in lows else sum(v for v in lows if v is not None),
        None if None in highs else sum(v for v in highs if v is not None),
    )


def _read(words: Sequence[Word], index: int) -> Number | None:
    word = words[index].lower
    if word in _VAGUE:
        return Number(index, index + 1, None, _VAGUE[word], None, True)
    if word[0].isdigit():
        figure = word.replace(",", "")
        if not figure.replace(".", "", 1).isdigit():
            return None
        value, last = float(figure), index + 1
    elif word in _NUMBERS:
        value, last = float(_NUMBERS[word]), index + 1
        if word in _TENS and last < len(words) and words[last].lower in _UNITS[1:10]:
            value, last = value + _NUMBERS[words[last].lower], last + 1
    elif word in ("a", "an") and index + 1 < len(words) and words[index + 1].lower in _SCALES:
        value, last = 1.0, index + 1
    else:
        return None
    while last < len(words) and words[last].lower in _SCALES:
        value, last = value * _SCALES[words[last].lower], last + 1
    if value != int(value):
        return None
    return Number(index, last, int(value), int(value), int(value))


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
            opened = last.first > 0 and words[last.first - 1].lower == "between"
            if between in (["to"], ["–"]) or (between == ["and"] and opened):
                joined[-1] = Number(last.first, number.last, None, last.value, number.value)
                continue
        joined.append(number)
    return joined


def _is_measure(words: Sequence[Word], number: Number) -> bool:
    """Tell dates, times, shares and distances from counts."""
    after = words[number.last].lower if number.last < len(words) else ""
    before = words[number.first - 1].lower if number.first else ""
    if {before, after} & vocabulary("measures") or after in (":", "%") or before in (":", "$"):
        return True
    value = number.value or 0
    is_year = (
        1900 <= value <= 2100
        and after not in vocabulary("people")
        and "," not in words[number.first].lower
    )
    return is_year or before in ("no", "age", "aged", "since", "resolution", "article")


def _unit(words: Sequence[Word], number: Number) -> tuple[str, int]:
    """Find the people that a number counts within the next words."""
    for index in range(number.last, min(number.last + 6, len(words))):
        word = words[index].lower
        if word in vocabulary("people") or word in vocabulary("one person"):
            return word, index + 1
        if not word.isalpha() or word in ("and", "in", "at", "on", "by", "with", "from", "to"):
            break
    return "", number.last


def _fate(
    words: Sequence[Word], number: Number, end: int, verbs: Sequence[tuple[int, int, _Fate]]
) -> str:
    """Find what happened to the counted people: the verb just before, or just after."""
    best: tuple[int, str] | None = None
    for first, last, fate in verbs:
        if last <= number.first:
            if fate.kind == "noun" or _is_passive(words, first):
                continue
            between = [word.lower for word in words[last : number.first]]
            if not all(
                w in _FILLERS or w in vocabulary("people") or w in _NUMBERS for w in between
            ):
                continue
            distance = len(between) + 1
        elif first >= end:
            between = [word.lower for word in words[end:first]]
            if len(between) > 8 or any(w in _STOPS for w in between):
                continue
            distance = len(between) + (0 if fate.kind == "noun" else 2)
        else:
            distance = 0
        if best is None or distance < best[0]:
            best = (distance, fate.what)
    return best[1] if best else ""


def _is_passive(words: Sequence[Word], index: int) -> bool:
    return any(
        word.lower in ("was", "were", "been", "be", "are", "is")
        for word in words[max(0, index - 2) : index]
    )


_FILLERS = frozenset(
    {"at", "least", "more", "than", "up", "to", "about", "around", "some", "over", "nearly"}
    | {"almost", "and", "a", "an", "the", "as", "many", "of", "by", "rose", "rises", "risen"}
    | {"reached", "stands", "stood", "climbed"}
)
_STOPS = frozenset(
    {";", ":", ".", "killed", "killing", "injured", "injuring", "wounded", "wounding", "while"}
    | {"but", "who", "which", "said", "when", "arrested", "detained"}
)


def _single(words: Sequence[Word], verbs: Sequence[tuple[int, int, _Fate]]) -> list[Quantity]:
    """Read "killed a senior commander" as one: a singular object without a number."""
    found = []
    for first, last, (what, kind) in verbs:
        if what not in ("killed", "abducted", "arrested") or kind == "noun" or last >= len(words):
            continue
        if _is_passive(words, first):
            continue
        window = [word.lower for word in words[last : last + 6]]
        for offset, word in enumerate(window):
            if (
                word in vocabulary("people")
                or word[0].isdigit()
                or word in _NUMBERS
                or word in _VAGUE
            ):
                break
            if word in vocabulary("one person"):
                if window[0] in ("in", "by", "during", "when", "on", "at", "after"):
                    break
                number = Number(last, last + offset + 1, 1, 1, 1)
                found.append(Quantity(what, number, word, last, last + offset + 1))
                break
            if not word.isalpha() or word in ("and", "in", "at", "on", "by", "when"):
                break
    return found


class _Fate(NamedTuple):
    what: What
    kind: Literal["verb", "noun"]


@cache
def _verbs() -> Phrases[_Fate]:
    entries: list[tuple[str, _Fate]] = []
    for what, (verbs, nouns) in _FATES.items():
        for verb in verbs.split("; "):
            entries += [(form, _Fate(what, "verb")) for form, _ in verb_forms(verb)]
        entries += [(noun, _Fate(what, "noun")) for noun in nouns.split("; ")]
    return Phrases(entries)


_FATES: dict[What, tuple[str, str]] = {
    "killed": (
        "kill; die; perish; martyr; behead; murder; massacre; execute; slaughter; drown"
        "; assassinate; shot dead; death toll",
        "dead; death; deaths; fatality; fatalities; lives; lost their lives",
    ),
    "injured": ("injure; wound; hurt", "injury; injuries; wounded; injured; casualties"),
    "missing": ("lose", "missing; unaccounted for"),
    "displaced": ("displace; flee; evacuate; uproot", "homeless; left their homes"),
    "arrested": ("arrest; detain; apprehend; round up", "arrests"),
    "abducted": ("abduct; kidnap", "abductions; taken hostage"),
}

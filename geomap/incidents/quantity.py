"""How many: people killed, injured, missing, displaced, arrested; attacks and weapons apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from geomap.incidents.inflection import verb_forms
from geomap.incidents.number import NUMBERS, VAGUE, Number, find_numbers, is_measure
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Phrases, Word

What = Literal["killed", "injured", "missing", "displaced", "arrested", "abducted"]


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
        if is_measure(words, number) or _is_part(words, number):
            continue
        unit, end = _unit(words, number)
        for name, spans in (("attacks", acts), ("weapons", weapons)):
            span = next((s for s in spans if 0 <= s[0] - number.last <= 3), None)
            if span is not None and unit == "":
                what = " ".join(word.lower for word in words[span[0] : span[1]])
                found.append(Quantity(name, number, what, number.first, span[1]))
                break
        else:
            what = _fate(words, number, end, verbs) or _elliptic(words, number, unit, found)
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
        nobody = word == "nobody" or lowers[index : index + 2] == ["no", "one"]
        if nobody and {"killed", "hurt", "injured"} & set(lowers[index : index + 6]):
            return True
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
            if not all(w in _FILLERS or w in vocabulary("people") or w in NUMBERS for w in between):
                continue
            distance = len(between) + 1
        elif first >= end:
            between = [word.lower for word in words[end:first]]
            if len(between) > 8 or any(w in _STOPS for w in between):
                continue
            if end == number.last and not all(w in _AUXILIARY for w in between):
                continue
            distance = len(between) + (0 if fate.kind == "noun" else 2)
        elif fate.kind == "noun":
            distance = 0
        else:
            continue
        if best is None or distance < best[0]:
            best = (distance, fate.what)
    return best[1] if best else ""


def _is_part(words: Sequence[Word], number: Number) -> bool:
    """Tell "including three children", "19 of them civilians": counted before."""
    before = [word.lower for word in words[max(0, number.first - 3) : number.first]]
    after = [word.lower for word in words[number.last : number.last + 2]]
    if after in (["of", "them"], ["of", "whom"]):
        return number.first > 0 and words[number.first - 1].lower in (",", "(", "—", "–", "and")
    return bool({"including", "included", "among", "whom"} & set(before))


def _elliptic(words: Sequence[Word], number: Number, unit: str, found: Sequence[Quantity]) -> str:
    """Read "four died in General Santos and two in Glan": the second number shares the fate."""
    after = words[number.last].lower if number.last < len(words) else ""
    people = [q for q in found if q.what not in ("attacks", "weapons")]
    return people[-1].what if people and not unit and after in ("in", "at", "near") else ""


def _is_passive(words: Sequence[Word], index: int) -> bool:
    return any(
        word.lower in ("was", "were", "been", "be", "are", "is")
        for word in words[max(0, index - 2) : index]
    )


_FILLERS = frozenset(
    {"at", "least", "more", "than", "up", "to", "about", "around", "some", "over", "nearly"}
    | {"almost", "and", "a", "an", "the", "as", "many", "of", "by", "rose", "rises", "risen"}
    | {"reached", "stands", "stood", "climbed", "is", "has", "was", "now", "total", "between"}
    | {"estimated", "least", "its", "their", "his", "roughly", "approximately", "stood"}
)
_AUXILIARY = frozenset(
    {"were", "was", "have", "has", "had", "been", "are", "is", "confirmed", "reported", "more"}
    | {"others", "of", "them", "also", "later", "now", "known", "to", "be", "civilian", "total"}
    | {"soldiers", "initially", "still", "feared", "presumed", "found", "left", "being", "as"}
)
_STOPS = frozenset(
    {";", ":", ".", "killed", "killing", "injured", "injuring", "wounded", "wounding", "while"}
    | {"but", "who", "which", "said", "when", "arrested", "detained"}
)


def _single(words: Sequence[Word], verbs: Sequence[tuple[int, int, _Fate]]) -> list[Quantity]:
    """Read "killed a senior commander" and "the driver died" as one."""
    found = []
    for first, last, (what, kind) in verbs:
        if what not in ("killed", "abducted", "arrested"):
            continue
        if kind == "noun" or _is_passive(words, first) or words[first].lower in _INTRANSITIVE:
            span = _one_before(words, first)
        else:
            span = _one_after(words, last)
        if span is not None:
            number = Number(*span, 1, 1, 1)
            found.append(Quantity(what, number, words[span[1] - 1].lower, *span))
    return found


def _one_after(words: Sequence[Word], last: int) -> tuple[int, int] | None:
    """Find a single person within the object of a verb."""
    for index in range(last, min(last + 6, len(words))):
        word = words[index].lower
        if word in vocabulary("one person"):
            return last, index + 1
        if not word.isalpha() or word in vocabulary("people") or word in NUMBERS or word in VAGUE:
            return None
        if word in ("and", "in", "at", "on", "by", "when", "during", "after"):
            return None
    return None


def _one_before(words: Sequence[Word], first: int) -> tuple[int, int] | None:
    """Find a single person right before a verb: "a man was killed", "shot a man dead"."""
    index = first - 1
    while index >= 0 and words[index].lower in ("was", "been", "be", "has", "had", "is", "later"):
        index -= 1
    if index < 1 or words[index].lower not in vocabulary("one person"):
        return None
    for start in range(index - 1, max(-1, index - 4), -1):
        if words[start].lower in ("a", "an", "the", "another"):
            return start, index + 1
        if not words[start].lower.isalpha():
            return None
    return None


_INTRANSITIVE = frozenset({"die", "dies", "died", "drowned", "perished"})


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
        "; assassinate; eliminate; shot dead; death toll; toll; deaths of; death of; lives of"
        "; bodies of; body of",
        "dead; death; deaths; fatality; fatalities; lives; lost their lives",
    ),
    "injured": ("injure; wound; hurt", "injury; injuries; wounded; injured; casualties"),
    "missing": ("lose", "missing; unaccounted for"),
    "displaced": ("displace; flee; evacuate; uproot", "homeless; left their homes"),
    "arrested": ("arrest; detain; apprehend; round up", "arrests"),
    "abducted": ("abduct; kidnap", "abductions; taken hostage"),
}

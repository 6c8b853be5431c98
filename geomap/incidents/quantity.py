"""How many: people killed, injured, missing, displaced, arrested; attacks and weapons apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from geomap.incidents.fate import Fate, What, find_fates, is_passive
from geomap.incidents.headcount import Headcount, find_headcounts, joined
from geomap.incidents.number import Number
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word


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

    Each word of fate takes the people on its side: a verb with an object those
    after it, a passive or intransitive one those before. A cumulative toll beside
    a verb that counts deaths ("killed three, taking the toll to 46") is kept apart.

    Parameters
    ----------
    acts, weapons
        Word spans of the nouns for attacks and for weapons in the sentence, so
        that "four attacks" and "120 rockets" are not counts of people.
    """
    groups = find_headcounts(words, text)
    found = _things(words, groups, acts, weapons)
    taken = {quantity.first for quantity in found}
    groups = [g for g in groups if not (g.first in taken or g.is_part or g.is_thing)]
    fates = find_fates(words)
    for fate in sorted(fates, key=lambda f: (_ORDER[f.kind], f.first)):
        left = [group for group in groups if group.first not in taken]
        people = _patients(_Sentence(words, text, left, {f.first for f in fates}), fate)
        taken |= {group.first for group in people}
        is_sum = fate.kind == "toll" and any(q.what == "killed" for q in found)
        what = "toll" if is_sum else fate.what
        found += [Quantity(what, g.number, g.unit or "people", g.first, g.last) for g in people]
    left = [group for group in groups if group.first not in taken]
    found += _elliptic(words, left, fates, found)
    return sorted(found, key=lambda quantity: quantity.first)


class _Sentence(NamedTuple):
    """A sentence with the groups that are left to take, and where words of fate begin."""

    words: Sequence[Word]
    text: str
    groups: Sequence[Headcount]
    fates: Collection[int]

    def at(self, index: int) -> str:
        return self.words[index].lower if 0 <= index < len(self.words) else ""


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


def _patients(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Give the people that a word of fate is said of."""
    if fate.kind == "toll":
        return _after_toll(sentence, fate)
    if sentence.at(fate.last) == ":":
        labelled = _list_from(sentence, fate.last + 1)
        if labelled and labelled[0].last not in sentence.fates:
            return labelled
    if fate.kind == "of":
        return _list_after(sentence, fate)
    if fate.kind == "counted":
        return _counted_by(sentence, fate)
    if fate.is_done and not is_passive(sentence.words, fate.first):
        people = _list_after(sentence, fate)
        if people and (fate.kind == "done" or people[0].unit):
            return people
        if fate.form not in ("past", "participle"):
            return []
    return _list_before(sentence, fate)


def _list_after(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Give the object of a verb: the groups after it, up to the end of their list."""
    index = fate.last
    starts = {group.first for group in sentence.groups}
    while index not in starts and sentence.at(index) in vocabulary("before an object"):
        index += 1
    return _list_from(sentence, index) or _one_after(sentence, index)


def _list_from(sentence: _Sentence, index: int) -> list[Headcount]:
    people: list[Headcount] = []
    for group in sentence.groups:
        begins = group.first == index and group.last not in sentence.fates
        follows = bool(people) and joined(sentence.words, people[-1], group)
        if (begins and not people) or (follows and not _is_subject(sentence, group)):
            people.append(group)
        elif people:
            break
    return people


def _one_after(sentence: _Sentence, index: int) -> list[Headcount]:
    """Read "killed senior commander X" and "killed X, a field commander" as one person."""
    words = sentence.words
    last = index
    while last < min(index + 6, len(words)) and _is_inside(words[last]):
        word = words[last].lower
        if word in vocabulary("one person") and not words[last].possessive:
            return [_one(index, last + 1, word)]
        if word in vocabulary("people"):
            return []
        last += 1
    is_named = last > index and all(sentence.text[w.start].isupper() for w in words[index:last])
    if is_named and sentence.at(last) == "," and sentence.at(last + 1) in ("a", "an", "the"):
        for end in range(last + 2, min(last + 8, len(words))):
            if sentence.at(end) in vocabulary("one person"):
                return [_one(index, last, sentence.at(end))]
            if not _is_inside(words[end]):
                break
    return []


def _is_inside(word: Word) -> bool:
    """Tell a word that may stand inside a noun phrase."""
    return word.lower.isalpha() and word.lower not in vocabulary("ends a noun phrase")


def _one(first: int, last: int, unit: str) -> Headcount:
    return Headcount(first, last, Number(first, last, 1, 1, 1), unit)


def _is_subject(sentence: _Sentence, group: Headcount) -> bool:
    """Tell "killed five and 20 were hurt": a new clause begins with the group."""
    return (
        sentence.at(group.last) in vocabulary("begins a predicate") or group.last in sentence.fates
    )


def _list_before(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Give the subject of a verb: the nearest groups before it, back to the start of their list."""
    before = [group for group in sentence.groups if group.last <= fate.first]
    if not before or not _reaches(sentence, before[-1], fate):
        return _named_before(sentence, fate)
    people = [before[-1]]
    for group in reversed(before[:-1]):
        if not joined(sentence.words, group, people[0]):
            break
        people.insert(0, group)
    return people


def _named_before(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Read "Maryam Sabri was killed" and "Maryam Sabri shot dead" as one person."""
    alone = fate.kind in ("suffered", "state") or len(sentence.words[fate.first : fate.last]) > 1
    last = fate.first
    while last and sentence.at(last - 1) in vocabulary("befalls one"):
        last -= 1
        alone = True
    first = last
    while first and _is_name_part(sentence, first - 1):
        first -= 1
    while first < last and not sentence.text[sentence.words[first].start].isupper():
        first += 1
    return [_one(first, last, "person")] if alone and last - first in (2, 3, 4) else []


def _is_name_part(sentence: _Sentence, index: int) -> bool:
    word = sentence.words[index]
    is_particle = word.lower in vocabulary("within a name")
    return word.lower.isalpha() and (is_particle or sentence.text[word.start].isupper())


def _reaches(sentence: _Sentence, group: Headcount, fate: Fate) -> bool:
    """Tell whether a group is the subject of a verb some words on."""
    between = [word.lower for word in sentence.words[group.last : fate.first]]
    if between.count(",") > 1:  # an insertion: "six people, including two children, died"
        del between[between.index(",") : len(between) - between[::-1].index(",")]
    if between and between[-1] in ("who", "whom"):
        del between[-1]
    if between and between[0] in vocabulary("begins a predicate"):
        between = [word for word in between if word != "and"]  # "are trapped and feared dead"
    if len(between) > 8 or any(
        word in vocabulary("parts a subject from its verb") for word in between
    ):
        return False
    if fate.is_done and not between and group.number.value == 1:
        return sentence.at(group.first) in ("one", "1")  # not "a soldier killed in 2019"
    return bool(group.unit) or all(
        w in vocabulary("between a number and its verb") or w.endswith("ly") for w in between
    )


def _counted_by(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Give the number before a noun that is counted itself: "12 new deaths"."""
    for group in sentence.groups:
        last = group.number.last
        between = [word.lower for word in sentence.words[last : fate.first]]
        near = last <= fate.first <= last + 3
        if near and all(
            word.isalpha() and word not in vocabulary("parts a subject from its verb")
            for word in between
        ):
            return [group._replace(last=max(group.last, fate.last))]
    return []


def _after_toll(sentence: _Sentence, fate: Fate) -> list[Headcount]:
    """Give the figure of a toll: "the toll from the quake climbed to 212"."""
    for group in sentence.groups:
        if not fate.last <= group.first <= fate.last + 12:
            continue
        between = {word.lower for word in sentence.words[fate.last : group.first]}
        if between & {";", ".", "while", "but", "with"}:
            return []
        after = [g for g in sentence.groups if g.first > group.last]
        grows = sentence.at(group.first - 1) == "from" and any(
            sentence.at(g.first - 1) == "to" for g in after[:1]
        )
        if not grows and (between & vocabulary("before a figure") or group.first == fate.last):
            return [group]
    return []


def _things(
    words: Sequence[Word],
    groups: Sequence[Headcount],
    acts: Iterable[tuple[int, int]],
    weapons: Iterable[tuple[int, int]],
) -> list[Quantity]:
    """Count attacks and weapons."""
    found = []
    named = [("attacks", span) for span in acts] + [("weapons", span) for span in weapons]
    for group in groups:
        last = group.number.last
        near = [(what, s) for what, s in named if 0 <= s[0] - last <= 3 and not group.unit]
        if near:
            what, (first, end) = near[0]
            unit = " ".join(word.lower for word in words[first:end])
            found.append(Quantity(what, group.number, unit, group.first, end))
    return found


def _elliptic(
    words: Sequence[Word],
    left: Sequence[Headcount],
    fates: Sequence[Fate],
    found: Sequence[Quantity],
) -> list[Quantity]:
    """Read "four died in Glan and two in Sake", "30 killed and as many injured"."""
    people = [q for q in found if q.what not in ("attacks", "weapons", "toll")]
    more = []
    for group in left:
        before = [q for q in people if q.first < group.first]
        after = words[group.last].lower if group.last < len(words) else ""
        if before and not group.unit and after in ("in", "at", "near"):
            last = before[-1]
            more.append(Quantity(last.what, group.number, last.unit, group.first, group.last))
    for fate in fates:
        before = [q for q in people if q.last <= fate.first]
        ahead = [word.lower for word in words[max(0, fate.first - 3) : fate.first]]
        behind = [word.lower for word in words[fate.last : fate.last + 2]]
        if before and (ahead[-2:] == _AS_MANY or ahead[:2] == _AS_MANY or behind == _AS_MANY):
            last = before[-1]
            more.append(Quantity(fate.what, last.number, last.unit, fate.first, fate.last))
    return more


_AS_MANY = ["as", "many"]
_ORDER = {
    "counted": 0,
    "of": 1,
    "done": 2,
    "done to people": 3,
    "state": 4,
    "suffered": 5,
    "toll": 6,
}
"""Words that stand closest to their numbers choose first."""

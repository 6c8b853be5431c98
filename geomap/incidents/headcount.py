"""Counted people in a sentence: "14 people", "a mother and her two sons", "both pilots"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from geomap.incidents.number import Number, find_numbers, is_measure
from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word


class Headcount(NamedTuple):
    """A number of people with the word for them, at word indices ``first`` to ``last``.

    ``unit`` is empty where the number stands alone ("killed 14"). A part was
    counted before: "including three children", "19 of them civilians".
    """

    first: int
    last: int
    number: Number
    unit: str
    is_part: bool = False
    is_thing: bool = False


def find_headcounts(words: Sequence[Word], text: str) -> list[Headcount]:
    """Find what may be a number of people, in the order of the sentence.

    A number alone is among them, since only its verb tells what it counts; one
    with a word for animals or things says so.
    """
    numbers = {n.first: n for n in find_numbers(words, text) if not is_measure(words, n)}
    found: list[Headcount] = []
    index = 0
    while index < len(words):
        counted = _counted(words, numbers[index]) if index in numbers else _uncounted(words, index)
        if counted is None or counted.last <= index:
            index += 1
            continue
        index = counted.last
        if found and [w.lower for w in words[found[-1].last : counted.first]] == ["of"]:
            continue  # "four members of one family": the first number counts
        found.append(counted._replace(is_part=_is_part(words, counted, found)))
    return found


def joined(words: Sequence[Word], before: Headcount, after: Headcount) -> bool:
    """Tell the groups of one list: "two officers, a driver and a child"."""
    between = [word.lower for word in words[before.last : after.first]]
    if between and between[-1] in vocabulary("possessives"):
        del between[-1]
    if between == [","] and before.number.value == after.number.value == 1:
        following = [_at(words, after.last), _at(words, after.last + 1)]
        if following[0] == "," and following[1] not in ("and", "a", "an"):
            return False  # "the driver, a man of 54, died"
    return between in ([","], ["and"], [",", "and"], ["as", "well", "as"], ["plus"], ["&"])


def _counted(words: Sequence[Word], number: Number) -> Headcount:
    """Read a number with the people it counts, if a word says who they are."""
    limit = min(number.last + 7, len(words))
    for index in range(number.last, limit):
        word = words[index].lower
        is_victims = (
            word in vocabulary("victims") and index == number.last + 2
        )  # "two of the wounded"
        if (is_victims or _is_people(word)) and not words[index].possessive:
            return Headcount(number.first, _with_others(words, index + 1), number, word)
        if word in vocabulary("not people"):
            return Headcount(number.first, number.last, number, "", is_thing=True)
        if index <= number.last + 1 and _at(words, number.last) == "of":
            continue  # "two of its soldiers"
        if not word.isalpha() or word in vocabulary("ends a noun phrase"):
            break
    return Headcount(number.first, number.last, number, "")


def _with_others(words: Sequence[Word], last: int) -> int:
    """Take in "and crew" of "181 passengers and crew": one number counts both."""
    more = _at(words, last) == "and" and _at(words, last + 1) in vocabulary("people")
    return last + 2 if more else last


def _uncounted(words: Sequence[Word], index: int) -> Headcount | None:
    """Read people that no numeral counts: "a nurse", "both pilots", "a family of five"."""
    word = words[index].lower
    if word == "both":
        end = _head(words, index + 1, vocabulary("people"))
        return _exactly(2, index, end, words) if end else None
    if word in ("himself", "herself"):
        return _exactly(1, index, index + 1, words)
    if (
        word == "another"
        and index + 1 < len(words)
        and words[index + 1].lower in vocabulary("after another")
    ):
        return _exactly(1, index, index + 1, words)
    if word not in vocabulary("determiners") and not (index and words[index - 1].possessive):
        return None
    start = index + (word in vocabulary("determiners"))
    if start < len(words) and words[start].lower == "couple" and _at(words, start + 1) != "of":
        return _exactly(2, index, start + 1, words)
    if _at(words, start) == "family" and _at(words, start + 1) == "of":
        size = find_numbers(words[start + 2 : start + 4], "")
        if size and size[0].first == 0 and size[0].value:
            return _exactly(size[0].value, index, start + 2 + size[0].last, words)
    end = _head(words, start, vocabulary("one person"))
    return _exactly(1, index, end, words) if end else None


def _head(words: Sequence[Word], start: int, nouns: Collection[str]) -> int:
    """Give the index after the head noun of a noun phrase, 0 if it is none of these."""
    for index in range(start, min(start + 6, len(words))):
        word = words[index].lower
        after = _at(words, index + 1)
        if word in nouns and not words[index].possessive and not _goes_on(after, nouns):
            return index + 1
        if not word.isalnum() or word in vocabulary("ends a noun phrase"):
            return 0
    return 0


def _goes_on(word: str, nouns: Collection[str]) -> bool:
    """Tell "police officer" and "student protest" from "a student": the noun phrase goes on."""
    return (
        word in nouns or word in vocabulary("kind of place") or word in vocabulary("kind of body")
    )


def _exactly(value: int, first: int, last: int, words: Sequence[Word]) -> Headcount:
    return Headcount(first, last, Number(first, last, value, value, value), words[last - 1].lower)


def _is_people(word: str) -> bool:
    return word in vocabulary("people") or word in vocabulary("one person")


def _is_part(words: Sequence[Word], group: Headcount, found: Sequence[Headcount]) -> bool:
    """Tell "including three children", "19 of them civilians", "most of them women"."""
    before = [word.lower for word in words[max(0, group.first - 2) : group.first]]
    after = [_at(words, group.number.last), _at(words, group.number.last + 1)]
    if after[0] == "of" and after[1] in ("them", "whom", "these", "those"):
        return bool(before) and before[-1] in (",", "(", "—", "–", "and")
    if {"including", "included", "includes", "among"} & set(before) or before == [",", "mostly"]:
        return True
    return bool(found) and found[-1].is_part and joined(words, found[-1], group)


def _at(words: Sequence[Word], index: int) -> str:
    return words[index].lower if index < len(words) else ""

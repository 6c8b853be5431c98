"""The words of a text, and phrases found among them: what every table of signal words needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\W_]+|[—–]|(?<=\s)-(?=\s)|[^\w\s-]"
)

T = TypeVar("T")


class Word(NamedTuple):
    """A word, number or punctuation mark: its offsets, and how tables spell it."""

    start: int
    end: int
    lower: str
    possessive: bool


def find_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Split a stretch of text into words, numbers and marks, in order.

    Hyphens part words and are not words themselves, so that "car-bomb" and
    "car bomb" read alike. A possessive "'s" is taken off and remembered.

    Examples
    --------
    >>> [word.lower for word in find_words("Iran's car-bomb, 1,200 dead")]
    ['iran', 'car', 'bomb', ',', '1,200', 'dead']
    """
    words = []
    for found in _WORD.finditer(text, start, len(text) if end is None else end):
        lower = found.group().lower().replace("’", "'")
        possessive = lower.endswith("'s")
        words.append(
            Word(found.start(), found.end(), lower[:-2] if possessive else lower, possessive)
        )
    return words


class Phrases(Generic[T]):
    """A table of phrases, looked up word by word; the longest phrase at a word wins.

    Parameters
    ----------
    entries
        Phrase and its value. A phrase given twice keeps both values.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], list[T]]] = {}
        for phrase, value in entries:
            key = tuple(word.lower for word in find_words(phrase))
            if key:
                self._by_first.setdefault(key[0], {}).setdefault(key, []).append(value)
        self._lengths = {
            first: sorted({len(key) for key in keys}, reverse=True)
            for first, keys in self._by_first.items()
        }

    def at(self, words: Sequence[Word], index: int) -> tuple[int, list[T]]:
        """Give the index after the longest phrase that starts at a word, and its values.

        The index is ``index`` itself, and the list empty, when none starts there.
        """
        keys = self._by_first.get(words[index].lower)
        if keys is not None:
            for length in self._lengths[words[index].lower]:
                values = keys.get(tuple(word.lower for word in words[index : index + length]))
                if values is not None and index + length <= len(words):
                    return index + length, values
        return index, []

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, list[T]]]:
        """Walk the words once; phrases do not overlap, and the leftmost goes first."""
        lowers = tuple(word.lower for word in words)
        after = 0
        for index, word in enumerate(lowers):
            keys = self._by_first.get(word)
            if keys is None or index < after:
                continue
            for length in self._lengths[word]:
                phrase = lowers[index : index + length]
                values = keys.get(phrase)
                if values is not None:
                    after = index + len(phrase)
                    yield index, after, values
                    break

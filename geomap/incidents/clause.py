"""Clauses of a sentence, so that "threatened" in one does not colour "killed" in the next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from geomap.incidents.vocabulary import vocabulary
from geomap.incidents.words import Word

_MARKS = frozenset(";:—–()[]-")
_PARENTHESES = frozenset("(—–[-")
_CLOSES = frozenset(")—–]-")
_QUOTES = frozenset('"“”«»„')
_COORDINATORS = frozenset({"and", "but", "yet", "or"})
_AFTER_THAT = frozenset(
    {"day", "week", "month", "year", "night", "evening", "morning", "afternoon", "time", "same"}
)
_BEFORE_SINCE = frozenset({",", "ever"})
_COMMA_OPENERS = frozenset({"as", "since", "despite", "following", "with"})


class Clause(NamedTuple):
    """A stretch of words, half open, and the word or mark that opened it ("" for the first).

    ``head`` is ``first``, unless the clause goes on after a bracket or a pair of
    dashes, or shares its subject ("stormed the town and burned it"): then it is
    the first word of what stood before them.
    """

    first: int
    last: int
    opener: str
    head: int


def find_clauses(words: Sequence[Word], verbs: Collection[int] = ()) -> list[Clause]:
    """Part a sentence's words into clauses.

    Parameters
    ----------
    words
        The words of one sentence.
    verbs
        Indices of words known to be verbs in a finite form: "and" before one
        of them opens a clause.

    Examples
    --------
    >>> from geomap.incidents.words import find_words
    >>> words = find_words("Israel warned of strikes after a rocket killed two in Sderot.")
    >>> [" ".join(w.lower for w in words[c.first:c.last]) for c in find_clauses(words)]
    ['israel warned of strikes', 'after a rocket killed two in sderot .']
    """
    clauses: list[Clause] = []
    first, opener, head = 0, "", 0
    outer: int | None = None
    for index in range(1, len(words)):
        opened = _opens(words, index, verbs)
        if opened and index > first:
            clauses.append(Clause(first, index, opener, head))
            if outer is not None and opened in _CLOSES:
                head, outer = outer, None
            else:
                if opened in _PARENTHESES:
                    outer = head
                head = head if _shares_subject(opened, index, verbs) else index
            first, opener = index, opened
    clauses.append(Clause(first, len(words), opener, head))
    return clauses


def _shares_subject(opener: str, index: int, verbs: Collection[int]) -> bool:
    """Tell "and burned it" and ", killing two", whose subject stands before."""
    return opener == "ing" or (opener in ("and", "but") and index + 1 in verbs)


def _opens(words: Sequence[Word], index: int, verbs: Collection[int]) -> str:
    """Give the word or mark that opens a clause here, or ""."""
    word = words[index].lower
    before = words[index - 1].lower
    after = words[index + 1].lower if index + 1 < len(words) else ""
    if word == ":" and before.isdigit() and after.isdigit():
        return ""
    if word in _MARKS or word in vocabulary("opens a clause"):
        return word
    if word == "that" and after not in _AFTER_THAT and before not in ("on", "in", "of"):
        return word
    if word in _COORDINATORS:
        if before == "," and (word == "but" or _verb_follows(words, index, verbs)):
            return word
        if after in vocabulary("begins a new clause after and") or index + 1 in verbs:
            return word
        return ""
    if before == ",":
        if word in _COMMA_OPENERS:
            return word
        if word.endswith("ing") and len(word) > 5 and index in verbs:
            return "ing"
        if word in ("and", "but"):
            return word
    return ""


def _verb_follows(words: Sequence[Word], index: int, verbs: Collection[int]) -> bool:
    """Tell ", and rebels shelled it" from the last item of a list."""
    for ahead in range(index + 1, min(index + 6, len(words))):
        if words[ahead].lower == ",":
            return False
        if ahead in verbs:
            return True
    return False


def quoted(words: Sequence[Word], minimum: int = 6) -> set[int]:
    """Give the indices of words inside quotation marks, for quotations of some length.

    A few quoted words ("mini tsunami") are a manner of speaking; a long
    quotation is somebody else's speech. A mark without its partner reaches to
    the end of the sentence, since quotations run over several sentences.
    """
    marks = [i for i, word in enumerate(words) if word.lower in _QUOTES]
    inside: set[int] = set()
    for opened, closed in zip(marks[::2], [*marks[1::2], len(words)], strict=False):
        if closed - opened > minimum:
            inside.update(range(opened, closed))
    return inside

"""Sentences of a paragraph, by rules made for bulletins: ranks, initials, "U.S.", "a.m."."""

from __future__ import annotations

import re

from geomap.incidents.vocabulary import vocabulary

_END = re.compile(r"[.!?…][\"”’')\]»]*(?:\[[\w\s,]{1,12}\])*(?=\s+\S)|[.!?][”\"](?=[A-Z])")
_LAST_WORD = re.compile(r"([\w.’'-]+)$")
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_CLOCK = frozenset({"a.m", "p.m"})
_AFTER_CLOCK = re.compile(
    r"\s+\(?(?:\w+(?:['’]\w+)?\s+)?(?:time|local|utc|gmt|est|edt|cet|on|and|to)\b", re.I
)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a paragraph into sentences.

    Returns
    -------
    list of (start, end)
        Offsets in ``text``, without the space between sentences.

    Examples
    --------
    >>> text = "Gen. Amir spoke at 3 p.m. Sanaa time. The U.S. Navy left."
    >>> [text[a:b] for a, b in split_sentences(text, 0, len(text))]
    ['Gen. Amir spoke at 3 p.m. Sanaa time.', 'The U.S. Navy left.']
    """
    sentences = []
    opened = start
    for mark in _END.finditer(text, start, end):
        if mark.end() < end and _ends_here(text, opened, mark):
            sentences.append((opened, mark.end()))
            opened = mark.end()
    sentences.append((opened, end))
    return [trimmed for a, b in sentences if (trimmed := _trim(text, a, b))]


def _ends_here(text: str, opened: int, mark: re.Match[str]) -> bool:
    following = text[mark.end() : mark.end() + 60].lstrip()
    first = following.lstrip("“\"‘'([")[:1]
    if not (first.isupper() or first.isdigit() or first in "•*—–"):
        return False
    if text[mark.start()] != ".":
        return True
    found = _LAST_WORD.search(text, max(opened, mark.start() - 30), mark.start())
    if found is None:
        return True
    word = found.group(1).lower()
    opener = re.split(r"\W", following.lstrip("“\"‘'(["), maxsplit=1)[0].lower()
    if word in _CLOCK:
        return _AFTER_CLOCK.match(text, mark.end()) is None
    if _DOTTED.match(word):
        return opener in vocabulary("opens a sentence")
    if word in ("no", "nos", "op", "fig"):
        return not first.isdigit()
    if len(word) == 1 and word.isalpha():
        return opener in vocabulary("opens a sentence") and word != "j"
    return word not in vocabulary("abbreviation") or text[mark.start() - 1].isdigit()


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None

"""A text as words with what stands between them: the ground that recognition walks on."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from geomap.places.lexicon import BIT, Lexicon
from geomap.places.spelling import fold, fold_with_offsets

_WORD = re.compile(
    r"(?:[A-Z]\.){2,}|(?:[A-Z][a-z]{0,4}\.){2,}(?=\W)|[^\W_]+(?:['’ʻʿʾʼ‘`][^\W_]{2,})*"
)
_ENDS = re.compile(r"[.!?:;\n\r|•·*\u2022\"“”]")


@dataclass(slots=True)
class Tokens:
    """The words of a text, in columns.

    Attributes
    ----------
    start, end
        Offsets in the text.
    word
        As written.
    low
        Folded.
    cue
        Bits of `lexicon.BIT`.
    gap
        What stands between the word before and this one.
    capital
        Whether it begins with a capital, or is in a script without capitals.
    opens
        Whether a sentence, line or quotation begins here.
    folded, at
        The folded text, and the offset in it at which each word begins.
    """

    text: str
    start: list[int]
    end: list[int]
    word: list[str]
    low: list[str]
    cue: list[int]
    gap: list[str]
    capital: list[bool]
    opens: list[bool]
    folded: str
    at: list[int]

    def __len__(self) -> int:
        return len(self.word)


def tokenize(text: str, lexicon: Lexicon) -> Tokens:
    """Split a text into words; "U.S." is one word, "Gaza's" is two, "Tel-Aviv" is two."""
    spans = [match.span() for match in _WORD.finditer(text)]
    start = [s for s, _ in spans]
    end = [e for _, e in spans]
    words = [text[s:e] for s, e in spans]
    low = [w.lower() if w.isascii() else fold(w) for w in words]
    cues = lexicon.cues
    gap = [text[a:b] for a, b in zip([0, *end], start, strict=False)]
    folded, offsets = fold_with_offsets(text)
    tokens = Tokens(
        text,
        start,
        end,
        words,
        low,
        [cues.get(w, 0) for w in low],
        gap,
        [_capital(w) for w in words],
        [],
        folded,
        [bisect_left(offsets, s) for s in start],
    )
    tokens.opens = _openings(tokens)
    return tokens


def _capital(word: str) -> bool:
    first = word[0]
    return first.isupper() or (first.isalpha() and not first.islower())


def _openings(tokens: Tokens) -> list[bool]:
    opens = [bool(_ENDS.search(gap)) for gap in tokens.gap]
    if opens:
        opens[0] = True
    for i in range(1, len(opens)):
        if opens[i] and tokens.gap[i].startswith("."):
            before = tokens.word[i - 1]
            short = len(before) == 1 or tokens.cue[i - 1] & BIT["abbreviated"] > 0
            if short and tokens.capital[i - 1] and "\n" not in tokens.gap[i]:
                opens[i] = False
    return opens

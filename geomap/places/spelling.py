"""How names are compared: a folded spelling, and a looser key for romanised names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
"""Combining marks of the Latin, Greek, Cyrillic, Hebrew and Arabic scripts.

Vowel signs of Indic scripts are marks too, but they spell the name and stay.
"""

_APOSTROPHES = "'`´’‘‛′ʹʺʻʼʽʾʿˀˁˈ＇׳״ꞌ"
_HYPHENS = "-‐‑‒–—―−־﹣－"
_DROPPED = (
    _APOSTROPHES
    + "ـء\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    + ("\u2060\u2066\u2067\u2068\u2069\ufeff")
)
_LETTERS = {
    **dict.fromkeys(_DROPPED, ""),
    **dict.fromkeys(_HYPHENS, " "),
    # Latin letters that Unicode does not take apart
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"},
    **{"ħ": "h", "ŋ": "n", "ə": "a", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ŧ": "t", "ɨ": "i"},
    # One letter for the forms that Arabic, Persian, Urdu and Kurdish keyboards give
    **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ک": "ك", "ګ": "گ"},
    **{"ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ۀ": "ه"},
}
_POSSESSIVE = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[A-Z.]))['’](?=s\b)")
_UNEVEN = re.compile(r"[^!-&(-,.-_a-~ ]| {2,}")
_GAP = re.compile(r"\s+")
_folded: dict[str, str] = {}


def fold(text: str) -> str:
    """Give a spelling that ignores case, diacritics, apostrophes and hyphens.

    Letters are casefolded and lose their diacritics; apostrophes and the marks
    of ayn and hamza vanish; hyphens, dashes and runs of white space become one
    space. Arabic loses tatweel and harakat and has one form of alef, ya, kaf
    and ha (ta marbuta counts as ha); Hebrew loses its niqqud. An English
    possessive is cut off: "Gaza's" gives "gaza s".

    Examples
    --------
    >>> fold("Şanʻā’"), fold("Deir ez-Zor"), fold("جبالـيا"), fold("Gaza's")
    ('sana', 'deir ez zor', 'جباليا', 'gaza s')
    """
    if text.isascii() and _UNEVEN.search(text) is None:
        return text.lower().strip(" ")
    return fold_with_offsets(text)[0]


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Fold a text and keep where each folded character came from.

    Returns
    -------
    folded : str
        As `fold` gives it, without white space at either end.
    offsets : sequence of int
        One longer than ``folded``: the offset in ``text`` of the character that
        each folded one came from, then ``len(text)``. Never decreasing.

    Examples
    --------
    >>> fold_with_offsets("L'viv - Kyiv")
    ('lviv kyiv', [0, 2, 3, 4, 5, 8, 9, 10, 11, 12])
    """
    pieces: list[str] = []
    offsets: list[int] = []
    plain = _POSSESSIVE.sub(" ", text)
    done = 0
    for odd in _UNEVEN.finditer(plain):
        start, end = odd.span()
        if done < start:
            pieces.append(plain[done:start].lower())
            offsets.extend(range(done, start))
        if end - start == 1:
            folded = _fold_letter(odd.group())
            pieces.append(folded)
            offsets.extend([start] * len(folded))
        else:
            pieces.append(" ")
            offsets.append(start)
        done = end
    pieces.append(plain[done:].lower())
    offsets.extend(range(done, len(plain)))
    return _close_gaps("".join(pieces), offsets, len(text))


def _fold_letter(letter: str) -> str:
    folded = _folded.get(letter)
    if folded is None:
        if letter.isspace():
            folded = " "
        else:
            plain_letter = unicodedata.normalize("NFKD", letter).casefold()
            bare = _MARKS.sub("", unicodedata.normalize("NFKD", plain_letter))
            spelled = "".join(_LETTERS.get(c, c) for c in bare)
            folded = unicodedata.normalize("NFC", _GAP.sub(" ", spelled))
        _folded[letter] = folded
    return folded


def _close_gaps(folded: str, offsets: list[int], length: int) -> tuple[str, list[int]]:
    """Leave one space of each run of spaces, and none at the ends."""
    tight = folded.strip(" ")
    lead = len(folded) - len(folded.lstrip(" "))
    offsets = offsets[lead : lead + len(tight)]
    if "  " in tight:
        pieces: list[str] = []
        kept: list[int] = []
        done = 0
        for gap in re.finditer(" {2,}", tight):
            pieces.append(tight[done : gap.start() + 1])
            kept.extend(offsets[done : gap.start() + 1])
            done = gap.end()
        pieces.append(tight[done:])
        kept.extend(offsets[done:])
        tight, offsets = "".join(pieces), kept
    offsets.append(length)
    return tight, offsets


_SCHOLARLY = re.compile("[\u0304\u0306\u0323\u0327\u0331‘ʻʼʿʾ]|’(?!s\\b)")


def plain(name: str) -> str:
    """Give a scholarly romanisation as the news prints it: no macrons, dots, ayn or hamza.

    Examples
    --------
    >>> plain("Ţarābulus"), plain("Cox’s Bāzār")
    ('Tarabulus', "Cox's Bazar")
    """
    bare = _SCHOLARLY.sub("", unicodedata.normalize("NFD", name)).replace("’", "'")
    return unicodedata.normalize("NFC", bare)


_ARABIC_ARTICLE = re.compile(r"(?:a[lnrstzd]|a[dst]h|e[lnrstzd]) (?=.{4})")
_FEMININE = re.compile(r"(?<=[^aeiou])(?:iy{0,2}ah?|ah?|eh)$")


def arabic_spellings(folded: str) -> list[str]:
    """Give other common ways to write an Arabic name: without its article, -a for -ah.

    Unlike a shared key these are one name beyond doubt.

    Examples
    --------
    >>> arabic_spellings("al hudaydah")
    ['hudaydah', 'al hudayda', 'hudayda']
    >>> arabic_spellings("jabaliya")
    ['jabalia', 'jabaliyah', 'jabaliyya']
    """
    stems = [folded]
    if _ARABIC_ARTICLE.match(folded):
        stems.append(_ARABIC_ARTICLE.sub("", folded))
    spelled = stems[1:]
    for stem in stems:
        ending = _FEMININE.search(stem)
        if ending is not None:
            endings = ("ia", "iya", "iyah", "iyya") if "i" in ending[0] else ("a", "ah")
            spelled += [stem[: ending.start()] + end for end in endings if end != ending[0]]
    return spelled


_ARTICLE = re.compile("a[lnrstzd]|a[dst]h|ech|e[lnrstzd]|ul|ha")
_EZAFE = re.compile("e|i|ye|yi")


def _rules(*pairs: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(sound), letter) for sound, letter in pairs]


_CONSONANTS = _rules(
    (r"shch|schtsch|szcz", "s"),  # Slavic
    (r"dzh|dsch|dj|zh|j", "j"),  # French dj
    (r"tsch|tch|sch|ch|sh|sz|cz", "s"),  # French ch is sh
    (r"ts|tz|z", "z"),  # Hebrew tsadi
    (r"kh", "h"),
    (r"gh|q|g|ck|c|k", "k"),  # qaf, in Persian gh, in Libya and Sudan g
    (r"th", "t"),
    (r"dh", "d"),
    (r"ph", "f"),
    (r"ou(?=[aeiou])|w|v", "w"),  # French ou
    (r"x", "ks"),
    (r"([^aeiouy ])\1+", r"\1"),
    (r"(?<=[aeiouy])h(?![aeiouy])", ""),  # ta marbuta
)
_VOWEL_CLASSES = str.maketrans("eyo", "aiu")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = _rules(
    (r"iyy?a|iy?e|ia", "ya"),
    (r"[aeiouyw]+$", ""),
    (r"(?<=.)(?:[aeiouy]+|(?<=[aeiou])w(?![aeiou]))", ""),
    (r"^[aeiou]+", "a"),
)


def key(name: str) -> str:
    """Give what romanisations of one name have in common: mostly its consonants.

    For Arabic, Persian, Hebrew, Ukrainian, Russian and French ways to write a
    name in Latin letters. Names that share a key need not be the same place:
    look a key up within a country only. A name that is not in Latin letters has
    the key "".

    Examples
    --------
    >>> key("Dayr al-Balaḩ") == key("Deir el Balah"), key("Ash-Shujāʿiyya") == key("Shejaiya")
    (True, True)
    """
    sounds = _consonants(name)
    if not sounds.isascii():
        return ""
    sounds = re.sub("[^a-z0-9]", "", sounds)
    for sound, letter in _VOWELS:
        sounds = sound.sub(letter, sounds)
    return sounds


def likeness(name: str, other: str) -> float:
    """Tell how much two romanisations sound alike, vowels too: 1 the same, 0 nothing in common.

    Two names that share a key are one name as a rule from 0.75 on.

    Examples
    --------
    >>> likeness("Shujaiya", "Ash-Shujā‘īyah"), likeness("Busayra", "Bachoura") < 0.75
    (1.0, True)
    """
    one, two = (
        re.sub("[^a-z]", "", _consonants(n)).translate(_VOWEL_CLASSES) for n in (name, other)
    )
    return SequenceMatcher(None, _DOUBLED.sub(r"\1", one), _DOUBLED.sub(r"\1", two)).ratio()


def _consonants(name: str) -> str:
    """Fold a name, leave out its particles and give one letter to each class of consonants."""
    words = fold(name).split()
    kept = [w for i, w in enumerate(words) if not _is_particle(w, i, words)]
    sounds = " ".join(kept or words)
    for sound, letter in _CONSONANTS:
        sounds = sound.sub(letter, sounds)
    return sounds


def _is_particle(word: str, at: int, words: Sequence[str]) -> bool:
    if at == len(words) - 1:
        return False
    return bool(_ARTICLE.fullmatch(word) or (at and _EZAFE.fullmatch(word)))

"""How names are filed: which spellings a place is known by, in one trie with places under each."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.places.area import direction_of
from geomap.places.index import (
    BARE,
    FLAG_BITS,
    FLAGS,
    KEY,
    KIN,
    LONGEST_NAME,
    LONGEST_TYPE,
    MAIN,
    PLAIN,
    SHORTEST_KEY,
    WORD,
)
from geomap.places.spelling import arabic_spellings, fold, key
from geomap.places.tables import Kind, Row

WORDS = "context/words.csv"
SHORT_FORMS = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
"""First words of names that are also written short, with and without a full stop."""
_ROMANISED = """
AE AF AM AZ BD BG BH BY CN CY DJ DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KM KP KR KW KZ LA
LB LK LY MA MK ML MM MN MR NE NP OM PK PS QA RS RU SA SD SN SO SS SY TD TH TJ TM TN TR TW UA UZ
XK YE
"""
_ARABIC = "AE BH DJ DZ EG EH ER IL IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE"
ARABIC = frozenset(_ARABIC.split())
"""Countries where Arabic names are written in Latin letters."""
ROMANISED = frozenset(_ROMANISED.split())
"""Countries whose names reach English from another script or through French: these have keys."""


def ordinary_words(folder: Path) -> frozenset[str]:
    """Give the ordinary English words, lower case, of the list of words."""
    with (folder / WORDS).open(encoding="utf-8") as lines:
        words = (line.split(",")[0] for line in lines)
        return frozenset(w for w in words if w.islower() and w.isalpha())


Posting = tuple[str, int, int]
"""A folded name, the place that bears it, and flags."""


def to_postings(
    rows: Iterable[tuple[int, Row]], kinds: Mapping[str, Kind], words: frozenset[str]
) -> Iterator[Posting]:
    """Yield all that places are filed under: names, names without their type word, keys.

    Parameters
    ----------
    rows
        Each with the number of the place.
    words
        Ordinary words, which are no names unless we say so ourselves.
    """
    for index, row in rows:
        kind = kinds[row.feature_code]
        romanised = row.curated or any(c in ROMANISED for c in row.countries)
        spelled: dict[str, int] = {}
        for name, flags in _spellings(row, words):
            for variant in _variants(name, kind):
                spelled[variant] = spelled.get(variant, 0) | flags
        bare = {_without_type_word(folded, kind): flags for folded, flags in spelled.items()}
        bare.pop("", None)
        for folded, flags in spelled.items():
            yield folded, index, flags | (WORD if folded in words else 0)
        for folded, flags in bare.items():
            yield BARE + folded, index, flags & MAIN
        if romanised:
            for sound in {key(folded) for folded in (*spelled, *bare)}:
                if len(sound) >= SHORTEST_KEY:
                    yield KEY + sound, index, 0


def _spellings(row: Row, words: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the names worth knowing, folded, with flags; codes and common words are not.

    Nor is a bare compass word, which is how GeoNames calls some provinces.
    """
    arabic = not ARABIC.isdisjoint(row.countries)
    first = fold(row.name)
    ours = {row.name, *row.english, *(row.names if row.curated else ())}
    for name in (row.name, *row.names, *row.more_names):
        folded = fold(name)
        main = name == row.name
        if not folded or len(folded) > LONGEST_NAME or direction_of(folded):
            continue
        if name not in ours and (_is_code(name) or folded in words or len(folded) < 2):
            continue
        kin = name in ours or _akin(folded, first)
        flags = (MAIN if main else 0) | (KIN if kin else 0)
        yield folded, flags | (PLAIN if name.casefold() == folded else 0)
        if arabic and folded.isascii():
            for spelled in arabic_spellings(folded):
                if spelled not in words:
                    yield spelled, flags & KIN


def _akin(name: str, main: str) -> bool:
    """Tell a spelling of the main name ("Odessa" of Odesa) from another name of the place.

    By how it and its last word begin, by having all words of the shorter, by its
    sound ("Derna" of Darnah), or by its script.
    """
    words, others = name.split(), main.split()
    if not name.isascii() or set(words) <= set(others) or set(others) <= set(words):
        return True
    if name[:3] == main[:3] and words[-1][0] == others[-1][0]:
        return True
    sound = key(name)
    return len(sound) >= SHORTEST_KEY and sound == key(main)


def _is_code(name: str) -> bool:
    """Tell codes, and GeoNames' machine transliterations: Latin letters, none a capital."""
    return bool(
        re.fullmatch("[A-Z]{1,4}|[0-9 -]+", name) or (name.isascii() and name == name.lower())
    )


def _variants(folded: str, kind: Kind) -> set[str]:
    """Give a name and the other ways to write it that folding leaves apart."""
    variants = {folded}
    if "." in folded:
        variants.add(fold(folded.replace(".", "")))
    if " s" in folded:
        variants.add(re.sub(r"(?<=\w{3}) s\b", "s", folded))
    first, _, rest = folded.partition(" ")
    if rest and first in SHORT_FORMS:
        variants |= {f"{SHORT_FORMS[first]} {rest}", f"{SHORT_FORMS[first]}. {rest}"}
    if folded.startswith("st. "):
        variants.add("saint" + folded[3:])
    if folded.startswith("the ") and len(folded) > 6:
        variants.add(folded[4:])
    if " & " in folded:
        variants.add(folded.replace(" & ", " and "))
    if kind.kind == "base" and "air base" in folded:
        variants.add(folded.replace("air base", "airbase"))
    return {v for v in variants if v}


def _without_type_word(folded: str, kind: Kind) -> str:
    """Give "nuseirat" for the camp "nuseirat refugee camp"; "" if no type word is in it."""
    words = folded.split(" ")
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        if " ".join(words[-count:]) in kind.after:
            return " ".join(words[:-count])
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        if " ".join(words[:count]) in kind.before:
            return " ".join(words[count:])
    return ""


def to_index(
    names: Iterable[Posting], weight: NDArray[np.float32]
) -> tuple[marisa_trie.Trie, dict[str, NDArray[Any]]]:
    """Give the trie of names, and for each the places that bear it, the weightiest first."""
    texts: list[str] = []
    entries = array("I")
    for text, place, flags in names:
        texts.append(text)
        entries.append(place << FLAG_BITS | flags)
    trie = marisa_trie.Trie(sorted(set(texts)))
    numbers = np.fromiter((trie[text] for text in texts), np.uint32, len(texts))
    return trie, sort_entries(numbers, np.frombuffer(entries, np.uint32), len(trie), weight)


def sort_entries(
    texts: NDArray[np.uint32],
    entries: NDArray[np.uint32],
    count: int,
    weight: NDArray[np.float32],
) -> dict[str, NDArray[Any]]:
    """Sort entries by the number of their text, the weightiest place first.

    Entries of one place under one text become one, with the flags of all.

    Parameters
    ----------
    count
        How many texts there are.
    """
    places, flags = entries >> FLAG_BITS, entries & FLAGS
    order = np.lexsort((places, -weight[places], texts))
    texts, places, flags = texts[order], places[order], flags[order]
    another = np.ones(len(texts), np.bool_)
    another[1:] = (texts[1:] != texts[:-1]) | (places[1:] != places[:-1])
    firsts = np.flatnonzero(another)
    joined = np.bitwise_or.reduceat(flags, firsts) if len(firsts) else flags
    starts = np.searchsorted(texts[firsts], np.arange(count + 1)).astype(np.uint32)
    return {"name_entry": starts, "entry": places[firsts] << FLAG_BITS | joined}

"""Letters in a picture: what may be written, and the fonts of this machine that have it."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from matplotlib import rc_context
from matplotlib.font_manager import fontManager, get_font

FONT = "DejaVu Sans"
"""Comes with matplotlib; has Latin, Greek, Cyrillic, Arabic, Hebrew and Armenian letters."""

WIDE_FONTS = {
    "CJK": ("Noto Sans CJK", "Noto Sans SC", "Source Han Sans", "WenQuanYi", "PingFang", "YaHei"),
    "HIRAGANA": ("Noto Sans CJK", "Noto Sans JP", "Hiragino", "Yu Gothic", "IPAGothic"),
    "KATAKANA": ("Noto Sans CJK", "Noto Sans JP", "Hiragino", "Yu Gothic", "IPAGothic"),
    "HANGUL": ("Noto Sans CJK", "Noto Sans KR", "Malgun Gothic", "NanumGothic"),
    "DEVANAGARI": ("Noto Sans Devanagari", "Nirmala UI", "Lohit", "Mangal"),
    "BENGALI": ("Noto Sans Bengali", "Nirmala UI", "Lohit", "Vrinda"),
    "MYANMAR": ("Noto Sans Myanmar", "Myanmar Text", "Padauk"),
    "ETHIOPIC": ("Noto Sans Ethiopic", "Ebrima", "Abyssinica"),
    "THAANA": ("Noto Sans Thaana", "MV Boli"),
}
"""Families that have a script, best first; for others it is "Noto Sans" and the script's name."""

ISOLATES = "\u2066\u2067\u2068\u2069"
JOINERS = "\u200c\u200d"


def plain(words: str, rtl: bool | None = None) -> str:
    """Give text as it may be written: no controls but joiners and isolates, direction settled.

    What runs from right to left is put between isolates, so that every program that
    shows an SVG or a PDF sets it as matplotlib does. Without `rtl`, the first strong
    letter decides.
    """
    kept = "".join(c for c in words if c.isprintable() or c in JOINERS or c in ISOLATES)
    if rtl is None:
        strong = (unicodedata.bidirectional(c) for c in kept)
        rtl = next((d for d in strong if d in ("L", "R", "AL")), "L") != "L"
    return f"\u2067{kept}\u2069" if rtl else kept


def can_write(text: str) -> bool:
    """Say whether the font that is always there has every letter of a text."""
    return not any(_foreign(text))


@contextmanager
def fonts_for(words: Iterable[str]) -> Iterator[None]:
    """Let matplotlib write these words; warn of scripts that no font here has.

    Such letters are drawn as boxes that show their script.
    """
    wanted = {script: letter for text in words for script, letter in _foreign(text)}
    families, missing = [FONT], []
    for script, letter in sorted(wanted.items()):
        family = _family(script, letter)
        if family is None:
            missing.append(script)
        elif family not in families:
            families.append(family)
    if missing:
        names = " and ".join(s if s == "CJK" else s.title() for s in missing)
        hint = _families_of(missing[0])[0]
        message = f"no font here has {names} letters; boxes are drawn. Install {hint}"
        warnings.warn(message, UserWarning, stacklevel=3)
    with rc_context({"font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _foreign(text: str) -> Iterator[tuple[str, str]]:
    """Give the scripts of letters that the usual font does not have, with such a letter."""
    known = _letters(fontManager.findfont(FONT))
    for letter in set(text):
        if ord(letter) not in known and unicodedata.category(letter)[0] == "L":
            yield re.split(r"[ -]", unicodedata.name(letter, "unknown"))[0], letter


def _families_of(script: str) -> tuple[str, ...]:
    return WIDE_FONTS.get(script, (f"Noto Sans {script.title()}",))


@cache
def _family(script: str, letter: str) -> str | None:
    """Find an installed family that has a letter of a script."""
    wanted = _families_of(script)
    fonts = [
        (rank, font.name, font.fname)
        for font in fontManager.ttflist
        for rank, family in enumerate(wanted)
        if font.name.startswith(family) and font.style == "normal" and font.weight == 400
    ]
    for _, name, path in sorted(fonts):
        if ord(letter) in _letters(path):
            return name
    return None


@cache
def _letters(path: str) -> frozenset[int]:
    return frozenset(get_font(path).get_charmap())

"""How makers of tables write countries, days, numbers and types."""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from functools import cache

from geomap.content import content

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)


def day(text: str) -> dt.date:
    """Read a day as 2024-04-12, 2024-04-12 00:00:00, 20240412 or 12 April 2024.

    Raises
    ------
    ValueError
        If it is none of these; 12/04/2024 is refused, since it may be in April or
        December.
    """
    text = text.strip()
    words = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,})[ -](\d{4})", text)
    if words:
        month = words[2].casefold()
        for number, name in enumerate(_MONTHS, 1):
            if name.startswith(month):
                return dt.date(int(words[3]), number, int(words[1]))
    try:
        return dt.date.fromisoformat(re.split(r"[ T]", text)[0])
    except ValueError:
        raise ValueError(f"{text!r} is not a day") from None


def whole(text: str) -> int | None:
    """Read a whole number; statisticians' programs write 3 as 3.0.

    Raises
    ------
    ValueError
        If it is no whole number.
    """
    if not text.strip():
        return None
    number = float(text)
    if number != int(number):
        raise ValueError(f"{text!r} is not a whole number")
    return int(number)


def point(lon: str, lat: str) -> tuple[float, float] | tuple[None, None]:
    """Read a point; one without coordinates is not mapped.

    Raises
    ------
    ValueError
        If one of them is missing, is not a number, or is not on the globe.
    """
    if not lon.strip() and not lat.strip():
        return None, None
    x, y = float(lon), float(lat)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise ValueError(f"lon {lon}, lat {lat} is not on the globe")
    return x, y


@cache
def country_code(name: str) -> str | None:
    """Find the ISO 3166-1 code of a country's English name, or None.

    Makers add former names in brackets: "Yemen (North Yemen)".

    Examples
    --------
    >>> country_code("Myanmar (Burma)")
    'MM'
    """
    codes = _countries()
    for part in (name, *re.split(r"[()]", name)):
        if _plain(part) in codes:
            return codes[_plain(part)]
    return None


@cache
def country_name(code: str) -> str:
    """Give a country's English name, or the code itself if it is not known."""
    with content("gazetteer/countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["country"]: row["name"] for row in csv.DictReader(file)}.get(code, code)


@cache
def _countries() -> dict[str, str]:
    codes: dict[str, str] = {}
    with content("gazetteer/countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["name"], *row["names"].split(";")):
                if "=" not in name:
                    codes.setdefault(_plain(name), row["country"])
    return codes


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold().replace("&", "and"))
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(word for word in letters.split() if word != "the")

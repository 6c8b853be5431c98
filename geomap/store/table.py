"""Incidents as aligned columns, to be read on a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from geomap.model import Incident
from geomap.store.query import Match

Rows = Iterator[Match]

_PRECISION = {1: "exact", 2: "near", 3: "region", 4: "wide"}
_WIDTHS = {
    **{"date": 10, "type": 12, "place": 24, "precision": 10},
    **{"deaths": 6, "in box": 8, "sentence": 60},
}


def write_table(rows: Rows, file: TextIO) -> None:
    """Write one line an incident; what is too wide is cut.

    ``deaths`` is a number, a range, ``4+`` for at least four, or - for unknown.
    ``in box`` is there if the query had a box.
    """
    rows, with_certainty = peek(rows)
    file.write(_line({name: name for name in _WIDTHS}, with_certainty))
    for incident, certainty in rows:
        mapped = incident.lon is not None and incident.lat is not None
        precision = _PRECISION.get(incident.geo_precision or 0, "-")
        cells = {
            "date": incident.date.isoformat() if incident.date else "-",
            "type": incident.incident_type or "-",
            "place": incident.place or "-",
            "precision": precision if mapped else "not mapped",
            "deaths": _deaths(incident),
            "in box": certainty or "",
            "sentence": incident.sentence,
        }
        file.write(_line(cells, with_certainty))


def peek(rows: Rows) -> tuple[Rows, bool]:
    """Say whether the rows tell how they lie to a box, and give all of them back."""
    first = next(rows, None)
    if first is None:
        return rows, False
    return chain([first], rows), first.certainty is not None


def _line(cells: dict[str, str], with_certainty: bool) -> str:
    names = [name for name in _WIDTHS if with_certainty or name != "in box"]
    return "  ".join(_fitted(cells[name], _WIDTHS[name]) for name in names).rstrip() + "\n"


def _deaths(incident: Incident) -> str:
    low, high = incident.fatalities_low, incident.fatalities_high
    if incident.fatalities is not None:
        return str(incident.fatalities)
    if low is None and high is None:
        return "-"
    if low is None:
        return f"<={high}"
    return f"{low}+" if high is None else f"{low}-{high}"


# Control characters could move the cursor, bidi overrides turn the line round.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\s]+")


def plain(text: str) -> str:
    """Take out of a text what would move a terminal's cursor or turn its line round."""
    return _UNSAFE.sub(" ", text).strip()


def _fitted(text: str, width: int) -> str:
    """Cut or fill a text to so many columns of a terminal."""
    text = plain(text[: width * 4])
    columns, kept = 0, ""
    for char in text:
        columns += _columns(char)
        if columns > width:
            while sum(map(_columns, kept)) > width - 1:
                kept = kept[:-1]
            kept += "…"
            break
        kept += char
    return kept + " " * (width - sum(map(_columns, kept)))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

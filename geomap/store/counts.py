"""How many incidents there are by day, type, actor or area."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from sqlite3 import Connection
from typing import Any, TextIO

from geomap.errors import InputError
from geomap.store.connection import in_batches
from geomap.store.exchange import write_row
from geomap.store.query import Query
from geomap.store.search import find, has_rejected
from geomap.store.table import plain

Counts = list[tuple[Any, ...]]
"""What is counted by, then the number; in the order of what is counted by, unknown last."""

_NARROW = {
    "day": "date",
    "month": "substr(date, 1, 7)",
    "year": "substr(date, 1, 4)",
    "type": "incident_type",
}
_KEYS = {
    **_NARROW,
    **{"subtype": "subtype", "modality": "modality", "place": "place"},
    **{"admin1": "admin1", "country": "country", "actor": "actors"},
}


def count_by(db: Connection, query: Query, by: Sequence[str], *, by_index: bool) -> Counts:
    """Count the incidents that answer a query by some of their properties.

    Raises
    ------
    InputError
        If one of ``by`` is not known.
    """
    for name in by or ("",):
        if name not in _KEYS:
            raise InputError(f"count by {name!r} is not known", todo=f"Known: {', '.join(_KEYS)}.")
    keys = [_KEYS[name] for name in by]
    if query == Query() and set(by) <= set(_NARROW):
        only = " WHERE NOT rejected" if has_rejected(db) else ""
        sql = f"SELECT {', '.join(keys)}, count(*) FROM geomap_rows{only}"
        rows = db.execute(f"{sql} GROUP BY {', '.join(keys)}")
        return sorted((tuple(v or None for v in row) for row in rows), key=_unknown_last)
    fids = [hit.fid for hit in find(db, query, by_index=by_index)]
    sql = f"SELECT {', '.join(keys)} FROM incidents WHERE fid IN"
    counter: Counter[tuple[Any, ...]] = Counter()
    for row in in_batches(db, sql, fids):
        counter.update(_named(row, by))
    return sorted(((*key, number) for key, number in counter.items()), key=_unknown_last)


def write_counts(by: Sequence[str], counts: Counts, file: TextIO, format: str = "table") -> None:
    """Write counts as a ``table`` or as ``csv``.

    Raises
    ------
    InputError
        If the format is not known.
    """
    rows = [(*by, "incidents"), *counts]
    if format == "csv":
        for row in rows:
            write_row(file, row)
    elif format == "table":
        texts = [["-" if cell is None else plain(str(cell)) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        for line in texts:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            file.write("  ".join(cells).rstrip() + "\n")
    else:
        raise InputError(f"format {format!r} is not known", todo="Known formats: table, csv.")


def _named(row: tuple[Any, ...], by: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Count an incident once for each of its actors, and an empty text as unknown."""
    values = [_actors(v) if n == "actor" else [v or None] for n, v in zip(by, row, strict=True)]
    return product(*values)


def _actors(text: str | None) -> list[str | None]:
    names = {actor.get("name") or actor.get("text") for actor in json.loads(text or "[]")}
    return list(names) or [None]


def _unknown_last(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is None, value) for value in row]

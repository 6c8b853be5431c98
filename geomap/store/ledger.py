"""Corrections as a CSV table, to hand from one store to another."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from geomap.errors import InputError
from geomap.store.correction import Correction, checked
from geomap.store.exchange import read_text, unguarded, write_row

_WHOLE = ("sentence_start", "trigger_start", "place_start")
COLUMNS = (
    *("incident_id", "made", "who", "reason", "reject", "changes", "undone", "doc_id"),
    *(*_WHOLE, "said_place"),
)


def write_corrections(corrections: Iterable[Correction], file: TextIO) -> None:
    """Write corrections as CSV: a row each, what changes as JSON."""
    write_row(file, COLUMNS)
    for one in corrections:
        cells = {name: getattr(one, name) for name in COLUMNS}
        cells["reject"] = "yes" if one.reject else ""
        cells["changes"] = json.dumps(dict(one.changes), ensure_ascii=False)
        write_row(file, cells.values())


def read_corrections(source: str | Path | TextIO) -> list[Correction]:
    """Read corrections that `write_corrections` wrote.

    Raises
    ------
    InputError
        If the file cannot be read, or a row is no correction; the line is named.
    """
    name, text = read_text(source)
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    if not {"incident_id", "made", "changes"} <= set(reader.fieldnames or ()):
        todo = "`geomap correct --list --format csv` writes such a table."
        raise InputError("is no table of corrections", where=f"{name}:1", todo=todo)
    return [_correction(row, f"{name}:{reader.line_num}") for row in reader]


def _correction(row: Mapping[str, str], where: str) -> Correction:
    cells = {key: unguarded(key, value) for key, value in row.items() if key in COLUMNS}
    if not (cells["incident_id"] and cells["made"]):
        raise InputError("incident_id or made is empty", where=where)
    try:
        changes = checked(json.loads(cells.pop("changes") or "{}"), where)
        spots = {name: int(cells.pop(name)) for name in _WHOLE if cells.get(name)}
    except (ValueError, AttributeError) as error:
        raise InputError(f"cannot be read: {error}", where=where) from error
    reject = bool(cells.pop("reject", ""))
    texts = {key: value for key, value in cells.items() if key not in _WHOLE}
    return Correction(**texts, **spots, changes=changes, reject=reject)  # type: ignore[arg-type]

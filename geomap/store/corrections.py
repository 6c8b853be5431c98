"""The store's tables of corrections, and of what the corrected incidents were before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from geomap.model import Incident
from geomap.record import from_feature, to_feature
from geomap.store.connection import in_batches
from geomap.store.correction import Correction, apply, put_right

_COLUMNS = (
    *("incident_id", "changes", "reject", "reason", "who", "made", "doc_id"),
    *("sentence_start", "trigger_start", "place_start", "said_place", "undone"),
)
_NAMES = ", ".join(_COLUMNS)
_SELECT = f"SELECT {_NAMES} FROM corrections"
_INSERT = (
    f"INSERT INTO corrections (key, {_NAMES}) VALUES (?{', ?' * len(_COLUMNS)})"
    " ON CONFLICT (key) DO UPDATE SET undone = excluded.undone WHERE excluded.undone != ''"
)


def read_all(db: sqlite3.Connection) -> list[Correction]:
    """Give all corrections, those taken back too, in the order in which they were made."""
    return [_correction(row) for row in db.execute(f"{_SELECT} ORDER BY made, fid")]


def holding(db: sqlite3.Connection, incident_id: str | None = None) -> list[Correction]:
    """Give the corrections that hold, of one incident or of all."""
    sql, of = f"{_SELECT} WHERE undone = ''", () if incident_id is None else (incident_id,)
    if of:
        sql += " AND incident_id = ?"
    return [_correction(row) for row in db.execute(f"{sql} ORDER BY made, fid", of)]


def keep(db: sqlite3.Connection, corrections: Iterable[Correction]) -> None:
    """Write corrections down; of one that is known, only that it was taken back."""
    db.executemany(_INSERT, ((one.key, *_values(one)) for one in corrections))


def undo(db: sqlite3.Connection, correction: Correction, when: str) -> None:
    """Take a correction back; it stays in the table."""
    db.execute("UPDATE corrections SET undone = ? WHERE key = ?", (when, correction.key))


def keep_original(db: sqlite3.Connection, id_: str, incident: Incident) -> None:
    """Remember an incident as it was before it was corrected under that id."""
    feature = json.dumps(to_feature(incident), ensure_ascii=False)
    db.execute(
        "INSERT INTO geomap_originals (id, feature) VALUES (?, ?) ON CONFLICT (id) DO UPDATE"
        " SET feature = excluded.feature WHERE geomap_originals.feature != excluded.feature",
        (id_, feature),
    )


def original(db: sqlite3.Connection, id_: str) -> Incident | None:
    """Give an incident as it was before its corrections; None if it was not corrected."""
    row = db.execute("SELECT feature FROM geomap_originals WHERE id = ?", (id_,)).fetchone()
    return from_feature(json.loads(row[0])) if row else None


def as_it_stands(db: sqlite3.Connection, id_: str) -> Incident | None:
    """Give an incident with the corrections that hold; None if it was not corrected."""
    before = original(db, id_)
    if before is None:
        return None
    return replace(apply(holding(db, id_), before), id=id_)


def put_all_right(db: sqlite3.Connection, incidents: Iterable[Incident]) -> Iterator[Incident]:
    """Put what is to be stored right, and remember what it was before."""
    corrections = holding(db)
    if not corrections:
        yield from incidents
        return
    documents = sorted({one.doc_id for one in corrections if one.doc_id})
    known = {id_ for (id_,) in in_batches(db, _IDS_OF_DOCUMENTS, documents)}

    def put(incident: Incident, group: Sequence[Correction]) -> None:
        keep_original(db, group[0].incident_id, incident)

    yield from put_right(incidents, corrections, put, known)


_IDS_OF_DOCUMENTS = "SELECT id FROM incidents WHERE doc_id IN"


def _values(one: Correction) -> tuple[object, ...]:
    changes = json.dumps(dict(one.changes), ensure_ascii=False)
    values = {name: getattr(one, name) for name in _COLUMNS}
    values |= {"changes": changes, "reject": int(one.reject)}
    return tuple(values.values())


def _correction(row: Sequence[object]) -> Correction:
    values = dict(zip(_COLUMNS, row, strict=True))
    values |= {"changes": json.loads(str(values["changes"])), "reject": bool(values["reject"])}
    return Correction(**values)  # type: ignore[arg-type]

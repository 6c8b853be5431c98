"""Incidents and bulletins on their way into the tables of a database, inside a transaction."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from geomap.store.batch import Changes, Document
from geomap.store.postgres import EXTENT, NAMES, NARROW, Session
from geomap.store.row import Row, incident_of, row_of
from geomap.store.schema import COLUMNS
from geomap.store.words import tsvector

_BATCH = 2000
_AT_ONCE = 5000
_LIST = ("geom", *COLUMNS, *NARROW)
_COLUMNS = ", ".join(f'"{name}"' for name in _LIST)
_NEW = ", ".join(f'"{name}" = excluded."{name}"' for name in (*_LIST, "extent"))
_STAGE = f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {_COLUMNS}, fid FROM incidents LIMIT 0"
_COPY = f"COPY staged ({_COLUMNS}, fid) FROM STDIN"
# Of rows with one id the last counts; what is there already is passed over first.
_PUT = f"""WITH put AS (
    INSERT INTO incidents ({_COLUMNS}, extent)
    SELECT {_COLUMNS}, {EXTENT} FROM (
        SELECT DISTINCT ON (id) * FROM staged AS s WHERE NOT EXISTS (
            SELECT 1 FROM incidents AS i WHERE i.id = s.id AND i.hash = s.hash)
        ORDER BY id, fid DESC) AS last
    ORDER BY fid
    ON CONFLICT (id) DO UPDATE SET {_NEW}
    WHERE incidents.hash <> excluded.hash AND NOT incidents.edited
    RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM put"""
_PUT_DOCUMENTS = """INSERT INTO bulletins
    (doc_id, title, issued, source, sha256, characters, text_zlib) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (doc_id) DO UPDATE SET
    title = excluded.title, issued = excluded.issued, source = excluded.source
    WHERE (bulletins.title, bulletins.issued, bulletins.source)
    IS DISTINCT FROM (excluded.title, excluded.issued, excluded.source)"""
_TAKE_OUT = """DELETE FROM incidents AS i WHERE NOT i.edited AND i.doc_id = ANY(?)
    AND NOT EXISTS (SELECT 1 FROM staged AS s WHERE s.id = i.id)
    AND NOT EXISTS (SELECT 1 FROM corrections AS c WHERE c.incident_id = i.id AND c.undone = '')"""
_SET = ", ".join(f'"{name}" = ?' for name in _LIST)
_ALL = f"SELECT fid, hash, {NAMES} FROM incidents WHERE fid > ? ORDER BY fid LIMIT {_BATCH}"


def add_batch(db: Session, rows: Iterable[Row], documents: Sequence[Document]) -> Changes:
    """Insert what is new, replace what has changed, take out what documents no longer yield."""
    db.execute(_STAGE)
    numbered = enumerate(rows)
    # Making the rows may ask the database for corrections, which it cannot answer while it copies.
    while some := list(islice(numbered, _AT_ONCE)):
        with db.connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for number, row in some:
                copy.write_row((*_values(row, edited=False), number))
    new, changed = db.execute(_PUT).fetchone()  # type: ignore[misc]
    gone = 0
    if documents:
        put_documents(db, documents)
        gone = db.execute(_TAKE_OUT, ([document[0] for document in documents],)).rowcount
    db.execute("DROP TABLE staged")
    return Changes(new, changed, gone)


def put_documents(db: Session, documents: Sequence[Document]) -> None:
    """Write bulletins down; of one that is known, what is said about it."""
    db.executemany(_PUT_DOCUMENTS, documents)


def replace_row(db: Session, row: Row) -> None:
    """Write a row anew that is stored under its id."""
    found = db.execute("SELECT fid, edited FROM incidents WHERE id = ?", (row.id,)).fetchone()
    if found:
        _rewrite(db, [(found[0], row)], edited=found[1])


def has_edits(db: Session) -> bool:
    """Say whether another program has written incidents since geomap looked."""
    row = db.execute("SELECT EXISTS (SELECT 1 FROM incidents WHERE hash = '')").fetchone()
    return bool(row and row[0])


def take_in_edits(db: Session) -> int:
    """Make anew what the rows are found by that other programs have written; say how many."""
    read = db.execute(f"SELECT fid, edited, {NAMES} FROM incidents WHERE hash = ''").fetchall()
    rows = [(fid, edited, row_of(incident_of(values))) for fid, edited, *values in read]
    for is_edited in (False, True):
        _rewrite(db, [(f, row) for f, edited, row in rows if edited is is_edited], edited=is_edited)
    return len(rows)


def problems(db: Session) -> Iterator[str]:
    """Name the rows that are not what was written."""
    last = 0
    while batch := db.execute(_ALL, (last,)).fetchall():
        for fid, kept, *values in batch:
            try:
                row = row_of(incident_of(values))
            except Exception as error:  # whatever another program has written
                yield f"row {fid}: cannot be read: {error}"
                continue
            if row.hash != kept:
                yield f"row {fid} ({row.id}): is not what was written"
        last = batch[-1][0]


def _rewrite(db: Session, rows: Sequence[tuple[int, Row]], *, edited: bool) -> None:
    sql = f"UPDATE incidents SET {_SET} WHERE fid = ?"
    db.executemany(sql, [(*_values(row, edited=edited), fid) for fid, row in rows])
    fids = [fid for fid, _ in rows]
    db.execute(f"UPDATE incidents SET extent = {EXTENT} WHERE fid = ANY(?)", (fids,))


def _values(row: Row, *, edited: bool) -> tuple[Any, ...]:
    """Give a row's values in the order of the columns."""
    _, *columns = row.values
    _, _, _, background, lon, lat, west, south, east, north, known = row.narrow
    return (
        _ewkb(row.point),
        *columns,
        *(bool(background), lon, lat, west, south, east, north, bool(known)),
        *(edited, row.rejected, row.hash, tsvector(row.words)),
    )


def _ewkb(point: tuple[float, float] | None) -> str | None:
    return struct.pack("<BIIdd", 1, 0x20000001, 4326, *point).hex() if point else None

"""Whether a store holds what was written to it, and finds it."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from geomap.errors import GeomapError
from geomap.store import index
from geomap.store.row import Row, incident_of, row_of
from geomap.store.schema import NAMES, TEXT_INDEX, has_fts5

_BATCH = 1000
_ROWS = f"SELECT fid, {NAMES} FROM incidents WHERE fid > ? ORDER BY fid LIMIT {_BATCH}"
_COARSE = 1e-4  # degrees by which 32-bit numbers may be rounded outwards


def problems(db: sqlite3.Connection) -> Iterator[str]:
    """Name what is damaged or out of step, one line each; nothing if all is well.

    SQLite has no checksums of its own, so each row is held against the hash that
    was written with it, and each index against the row.
    """
    parts = (_pages, _incidents, _leftovers, _words, _bulletins)
    for part in parts:
        try:
            yield from part(db)
        except sqlite3.DatabaseError as error:
            yield f"{part.__name__.strip('_')}: {error}"


def _pages(db: sqlite3.Connection) -> Iterator[str]:
    for (said,) in db.execute("PRAGMA integrity_check(50)"):
        if said != "ok":
            yield f"file: {said}"


def _incidents(db: sqlite3.Connection) -> Iterator[str]:
    last = 0
    while batch := db.execute(_ROWS, (last,)).fetchall():
        for fid, *values in batch:
            try:
                row = row_of(incident_of(values))
            except (ValueError, TypeError, AttributeError, KeyError, GeomapError) as error:
                yield f"row {fid}: cannot be read: {error}"
            else:
                yield from (f"row {fid} ({row.id}): {what}" for what in _row(db, fid, row))
        last = batch[-1][0]


def _row(db: sqlite3.Connection, fid: int, row: Row) -> Iterator[str]:
    kept = db.execute("SELECT * FROM geomap_rows WHERE fid = ?", (fid,)).fetchone()
    if kept is None:
        yield "is not in the index of rows"
        return
    _, id_, *narrow, _, hash_, rejected = kept
    if hash_ != row.hash:
        yield "is not what was written"
    elif (id_, *narrow, rejected) != (row.id, *row.narrow, row.rejected):
        yield "is out of step with the index of rows"
    for fids, table, entries in (
        (range(fid << 2, (fid << 2) + 4), "geomap_extents", index.extent_entries(fid, row)),
        (range(fid, fid + 1), "rtree_incidents_geom", _point_entries(fid, row)),
    ):
        found = db.execute(
            f"SELECT * FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id", (fids[0], fids[-1])
        )
        if not _agree(found, entries):
            yield f"is out of step with the R-tree {table}"


def _point_entries(fid: int, row: Row) -> Iterator[tuple[float, ...]]:
    if row.point:
        lon, lat = row.point
        yield fid, lon, lon, lat, lat


def _agree(found: Iterable[tuple[float, ...]], meant: Iterable[tuple[float, ...]]) -> bool:
    ours, theirs = list(chain.from_iterable(found)), list(chain.from_iterable(meant))
    return len(ours) == len(theirs) and all(
        abs(a - b) < _COARSE for a, b in zip(ours, theirs, strict=True)
    )


def _leftovers(db: sqlite3.Connection) -> Iterator[str]:
    """Find entries of rows that are no more."""
    for table, fid in (
        ("geomap_rows", "fid"),
        ("geomap_extents", "id >> 2"),
        ("rtree_incidents_geom", "id"),
    ):
        (number,) = db.execute(
            f"SELECT count(*) FROM {table} WHERE {fid} NOT IN (SELECT fid FROM incidents)"
        ).fetchone()
        if number:
            yield f"{table}: {number} entries of rows that are not there"


def _words(db: sqlite3.Connection) -> Iterator[str]:
    """Index all words once more, beside, and compare how often each stands in how many rows."""
    if not has_fts5(db) or not index.finds_words(db):
        return
    db.execute("DROP TABLE IF EXISTS temp.geomap_text")
    db.execute(TEXT_INDEX.replace("IF NOT EXISTS geomap_text", "temp.geomap_text"))
    for where in ("main", "temp"):
        db.execute(
            f"CREATE VIRTUAL TABLE temp.words_{where} USING fts5vocab({where}, geomap_text, col)"
        )
    try:
        index.put_words(db, "temp.geomap_text")
        for one, other in (("main", "temp"), ("temp", "main")):
            apart = f"SELECT * FROM words_{one} EXCEPT SELECT * FROM words_{other} LIMIT 1"
            for word, column, *_ in db.execute(apart):
                yield f"words: the index is out of step, such as at {word!r} in {column}"
    finally:
        for table in ("words_main", "words_temp", "geomap_text"):
            db.execute(f"DROP TABLE temp.{table}")


def _bulletins(db: sqlite3.Connection) -> Iterator[str]:
    for doc_id, sha256, packed in db.execute("SELECT doc_id, sha256, text_zlib FROM bulletins"):
        try:
            text = zlib.decompress(packed)
        except (zlib.error, TypeError) as error:
            yield f"bulletin {doc_id}: cannot be unpacked: {error}"
        else:
            if hashlib.sha256(text).hexdigest() != sha256 or not sha256.startswith(doc_id):
                yield f"bulletin {doc_id}: is not what was written"

"""What geomap keeps beside the incidents to find them: narrow rows, extents, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any

from geomap.store.connection import in_batches
from geomap.store.row import Row, actor_names
from geomap.store.schema import TEXT_INDEX, has_fts5

_PUT = f"INSERT INTO geomap_rows VALUES ({', '.join('?' * 16)})"
_PUT_EXTENT = "INSERT INTO geomap_extents VALUES (?, ?, ?, ?, ?)"
_PUT_WORDS = "INSERT INTO geomap_text (rowid, sentence, place, actors) VALUES (?, ?, ?, ?)"
_FORGET_WORDS = (
    "INSERT INTO geomap_text (geomap_text, rowid, sentence, place, actors)"
    " VALUES ('delete', ?, ?, ?, ?)"
)
_CLEAR_WORDS = "INSERT INTO geomap_text (geomap_text) VALUES ('delete-all')"
_WORDS = "SELECT fid, sentence, place, actors FROM incidents"


@contextmanager
def own_writing(db: Connection) -> Iterator[None]:
    """Keep the triggers from noting what geomap itself writes in this transaction."""
    db.execute("INSERT INTO geomap_meta VALUES ('writing', '')")
    if not has_fts5(db):
        _set_words(db, "missing")
    elif not _has_words(db):
        _index_words(db)
    yield
    db.execute("DELETE FROM geomap_meta WHERE key = 'writing'")


def put(db: Connection, rows: Iterable[tuple[int, Row]], *, edited: bool = False) -> None:
    """Index rows that stand in ``incidents``, by their ``fid``."""
    rows = list(rows)
    db.executemany(
        _PUT, ((fid, row.id, *row.narrow, edited, row.hash, row.rejected) for fid, row in rows)
    )
    db.executemany(_PUT_EXTENT, (entry for fid, row in rows for entry in extent_entries(fid, row)))
    if _has_words(db):
        db.executemany(_PUT_WORDS, ((fid, *row.words) for fid, row in rows))
    _widen_layer(db, [row for _, row in rows])


def extent_entries(fid: int, row: Row) -> Iterator[tuple[int, float, float, float, float]]:
    """Give a row's entries in the R-tree: one, or one on each side of the antimeridian.

    The last two bits of an entry's id say which: 0 for a whole extent, 1 for one
    that has to be looked at (not known to be whole, or rejected), 2 and 3 for the sides.
    """
    if row.extent:
        spans = row.extent.spans
        first = 2 if len(spans) == 2 else int(row.rejected or not row.known)
        for kind, (west, east) in enumerate(spans, first):
            yield fid << 2 | kind, west, east, row.extent.south, row.extent.north


def forget(db: Connection, fids: Sequence[int]) -> None:
    """Take rows out of the index, while ``incidents`` still holds what was indexed."""
    if _has_words(db):
        _forget_words(db, in_batches(db, f"{_WORDS} WHERE fid IN", fids))
    _forget_rows(db, fids)


def has_edits(db: Connection) -> bool:
    """Say whether another program has written to ``incidents`` since geomap looked."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM geomap_edits)").fetchone()[0])


def forget_edited(db: Connection) -> list[int]:
    """Take what other programs have written out of the index; give the rows to index anew."""
    edits = db.execute("SELECT * FROM geomap_edits").fetchall()
    fids = [fid for fid, *_ in edits]
    known = {fid for (fid,) in in_batches(db, "SELECT fid FROM geomap_rows WHERE fid IN", fids)}
    if any(fid in known and not was_there for fid, was_there, *_ in edits):
        _set_words(db, "missing")  # replaced in one stroke (INSERT OR REPLACE): old words are lost
    if _has_words(db):
        _forget_words(db, ((fid, *texts) for fid, _, *texts in edits if fid in known))
    _forget_rows(db, fids)
    db.execute("DELETE FROM geomap_edits")
    return [fid for (fid,) in in_batches(db, "SELECT fid FROM incidents WHERE fid IN", fids)]


def clear(db: Connection) -> set[int]:
    """Empty all indexes but the points', which is made anew; say which rows were edited by hand."""
    edited = {fid for (fid,) in db.execute("SELECT fid FROM geomap_rows WHERE edited")}
    for table in ("geomap_rows", "geomap_extents", "rtree_incidents_geom"):
        db.execute(f"DELETE FROM {table}")
    db.execute(
        "INSERT INTO rtree_incidents_geom"
        " SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)"
        " FROM incidents WHERE NOT ST_IsEmpty(geom)"
    )
    if _has_words(db):
        db.execute(_CLEAR_WORDS)
    return edited


def finds_words(db: Connection) -> bool:
    """Say whether words can be looked up with FTS5, in step with the incidents."""
    return _has_words(db) and has_fts5(db)


def _index_words(db: Connection) -> None:
    """Make the index of words anew, where it was left behind by a SQLite without FTS5."""
    db.execute(TEXT_INDEX)
    db.execute(_CLEAR_WORDS)
    put_words(db)
    _set_words(db, "in step")


def put_words(db: Connection, table: str = "geomap_text") -> None:
    """Index the words of all incidents, in a table that is empty."""
    rows = db.execute(f"{_WORDS} WHERE fid IN (SELECT fid FROM geomap_rows)")
    db.executemany(_PUT_WORDS.replace("geomap_text", table), map(_words, rows))


def _forget_words(db: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    db.executemany(_FORGET_WORDS, map(_words, rows))


def _words(row: tuple[Any, ...]) -> tuple[int, str, str, str]:
    fid, sentence, place, actors = row
    return fid, sentence or "", place or "", actor_names(actors)


def _forget_rows(db: Connection, fids: Sequence[int]) -> None:
    db.executemany("DELETE FROM geomap_rows WHERE fid = ?", ((fid,) for fid in fids))
    entries = ((fid << 2 | kind,) for fid in fids for kind in range(4))
    db.executemany("DELETE FROM geomap_extents WHERE id = ?", entries)


def _has_words(db: Connection) -> bool:
    (state,) = db.execute("SELECT value FROM geomap_meta WHERE key = 'words'").fetchone()
    return bool(state == "in step")


def _set_words(db: Connection, state: str) -> None:
    db.execute("UPDATE geomap_meta SET value = ? WHERE key = 'words'", (state,))


def _widen_layer(db: Connection, rows: Sequence[Row]) -> None:
    """Keep the layer's bounds, from which QGIS sets its first view."""
    points = [row.point for row in rows if row.point]
    if points:
        lons, lats = zip(*points, strict=True)
        db.execute(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),"
            " min_x = min(coalesce(min_x, 180), ?), max_x = max(coalesce(max_x, -180), ?),"
            " min_y = min(coalesce(min_y, 90), ?), max_y = max(coalesce(max_y, -90), ?)"
            " WHERE table_name = 'incidents'",
            (min(lons), max(lons), min(lats), max(lats)),
        )

"""What geomap keeps beside the incidents to find them: narrow rows, extents, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any

from geomap.store.connection import in_batches
from geomap.store.row import Row, actor_names
from geomap.store.schema import TEXT_INDEX, has_fts5

_PUT = f"INSERT INTO geomap_rows VALUES ({', '.join('?' * 15)})"
_PUT_EXTENT = "INSERT INTO geomap_extents VALUES (?, ?, ?, ?, ?)"
_PUT_WORDS = "INSERT INTO geomap_text (rowid, sentence, place, actors) VALUES (?, ?, ?, ?)"
_FORGET_WORDS = (
    "INSERT INTO geomap_text (geomap_text, rowid, sentence, place, actors)"
    " VALUES ('delete', ?, ?, ?, ?)"
)
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
    db.executemany(_PUT, ((fid, row.id, *row.narrow, edited, row.hash) for fid, row in rows))
    # A row lies in the R-tree once, or on each side of the antimeridian.
    db.executemany(
        _PUT_EXTENT,
        (
            (fid << 1 | side, west, east, row.extent.south, row.extent.north)
            for fid, row in rows
            if row.extent
            for side, (west, east) in enumerate(row.extent.spans)
        ),
    )
    if _has_words(db):
        db.executemany(_PUT_WORDS, ((fid, *row.words) for fid, row in rows))
    _widen_layer(db, [row for _, row in rows])


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


def finds_words(db: Connection) -> bool:
    """Say whether words can be looked up with FTS5, in step with the incidents."""
    return _has_words(db) and has_fts5(db)


def _index_words(db: Connection) -> None:
    """Make the index of words anew, where it was left behind by a SQLite without FTS5."""
    db.execute(TEXT_INDEX)
    db.execute("INSERT INTO geomap_text (geomap_text) VALUES ('delete-all')")
    rows = db.execute(f"{_WORDS} WHERE fid IN (SELECT fid FROM geomap_rows)")
    db.executemany(_PUT_WORDS, map(_words, rows))
    _set_words(db, "in step")


def _forget_words(db: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    db.executemany(_FORGET_WORDS, map(_words, rows))


def _words(row: tuple[Any, ...]) -> tuple[int, str, str, str]:
    fid, sentence, place, actors = row
    return fid, sentence or "", place or "", actor_names(actors)


def _forget_rows(db: Connection, fids: Sequence[int]) -> None:
    db.executemany("DELETE FROM geomap_rows WHERE fid = ?", ((fid,) for fid in fids))
    both = ((fid << 1 | side,) for fid in fids for side in (0, 1))
    db.executemany("DELETE FROM geomap_extents WHERE id = ?", both)


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

"""A batch of incidents and bulletins on its way into the tables, inside one transaction."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Self

from geomap.errors import InputError
from geomap.model import Bulletin
from geomap.store import index, schema
from geomap.store.connection import in_batches
from geomap.store.row import Row
from geomap.store.schema import COLUMNS, NAMES

Document = tuple[Any, ...]
"""``doc_id``, title, issued, source, sha256, characters, text compressed."""

_AT_ONCE = 10_000
_MANY = 100
_INSERT = f"INSERT INTO incidents (fid, {NAMES}) VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"
_UPDATE = f"UPDATE incidents SET ({NAMES}) = ({', '.join('?' * (len(COLUMNS) + 1))}) WHERE fid = ?"


class Changes(int):
    """How many rows `Store.add` has written, and how that came about.

    The number itself is ``new + changed``.

    Attributes
    ----------
    new, changed
        Rows that were not there, or were there with other content.
    gone
        Rows taken out, because their bulletin no longer yields them.
    """

    new: int
    changed: int
    gone: int

    def __new__(cls, new: int = 0, changed: int = 0, gone: int = 0) -> Self:
        """Count from the parts."""
        self = super().__new__(cls, new + changed)
        self.new, self.changed, self.gone = new, changed, gone
        return self

    def __repr__(self) -> str:
        return f"Changes(new={self.new}, changed={self.changed}, gone={self.gone})"


def document_of(bulletin: Bulletin) -> Document:
    """Make a bulletin ready to be written.

    Raises
    ------
    InputError
        If its text is not Unicode.
    """
    try:
        text = bulletin.text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"is not Unicode text: {error}", where=bulletin.source) from error
    sha = hashlib.sha256(text).hexdigest()
    issued = bulletin.issued.isoformat() if bulletin.issued else None
    about = (bulletin.title, issued, bulletin.source)
    return sha[:12], *about, sha, len(bulletin.text), zlib.compress(text)


def add_batch(
    db: sqlite3.Connection, rows: Iterable[Row], documents: Sequence[Document]
) -> Changes:
    """Insert what is new, replace what has changed, take out what the documents no longer yield."""
    rows = iter(rows)
    new = changed = 0
    kept: set[str] = set()
    while some := list(islice(rows, _AT_ONCE)):
        more = _put(db, some)
        new, changed = new + more[0], changed + more[1]
        if documents:
            kept.update(row.id for row in some)
    put_documents(db, documents)
    return Changes(new, changed, _take_out(db, documents, kept))


def replace_row(db: sqlite3.Connection, row: Row) -> None:
    """Write a row anew that is stored under its id."""
    fid, edited = db.execute(
        "SELECT fid, edited FROM incidents AS i JOIN geomap_rows AS r USING (fid) WHERE i.id = ?",
        (row.id,),
    ).fetchone()
    with index.own_writing(db):
        index.forget(db, [fid])
        db.execute(_UPDATE, (*row.values, fid))
        index.put(db, [(fid, row)], edited=edited)


def _put(db: sqlite3.Connection, rows: Iterable[Row]) -> tuple[int, int]:
    """Insert what is new, replace what has changed; say how many of each."""
    by_id = {row.id: row for row in rows}
    known = {
        id_: (fid, hash_, edited)
        for id_, fid, hash_, edited in in_batches(
            db,
            "SELECT i.id, r.fid, r.hash, r.edited FROM incidents AS i"
            " JOIN geomap_rows AS r USING (fid) WHERE i.id IN",
            list(by_id),
        )
    }
    new = [row for row in by_id.values() if row.id not in known]
    (last,) = db.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'incidents'"
    ).fetchone()
    inserted = list(enumerate(new, last + 1))
    changed = [
        (fid, by_id[id_])
        for id_, (fid, hash_, edited) in known.items()
        if hash_ != by_id[id_].hash and not edited
    ]
    if inserted or changed:
        with index.own_writing(db):
            index.forget(db, [fid for fid, _ in changed])
            _insert(db, inserted)
            db.executemany(_UPDATE, ((*row.values, fid) for fid, row in changed))
            index.put(db, inserted + changed)
    return len(inserted), len(changed)


def _insert(db: sqlite3.Connection, rows: Sequence[tuple[int, Row]]) -> None:
    if len(rows) < _MANY:
        db.executemany(_INSERT, ((fid, *row.values) for fid, row in rows))
        return
    with schema.point_index_by_hand(db):
        db.executemany(_INSERT, ((fid, *row.values) for fid, row in rows))
        points = ((fid, *row.point) for fid, row in rows if row.point)
        db.executemany("INSERT INTO rtree_incidents_geom VALUES (?1, ?2, ?2, ?3, ?3)", points)


def put_documents(db: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Write bulletins down; of one that is known, what is said about it."""
    known = set(
        in_batches(
            db,
            "SELECT doc_id, title, issued, source FROM bulletins WHERE doc_id IN",
            [document[0] for document in documents],
        )
    )
    db.executemany(
        "INSERT INTO bulletins (doc_id, title, issued, source, sha256, characters, text_zlib)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (doc_id) DO UPDATE SET"
        " title = excluded.title, issued = excluded.issued, source = excluded.source",
        [document for document in documents if document[:4] not in known],
    )


def _take_out(db: sqlite3.Connection, documents: Sequence[Document], kept: set[str]) -> int:
    """Take out the rows that the documents no longer yield, but for what people have put right."""
    rows = in_batches(
        db,
        "SELECT i.fid, i.id FROM incidents AS i JOIN geomap_rows AS r USING (fid)"
        " WHERE NOT r.edited AND NOT EXISTS (SELECT 1 FROM corrections AS c"
        " WHERE c.incident_id = i.id AND c.undone = '') AND i.doc_id IN",
        [document[0] for document in documents],
    )
    gone = [fid for fid, id_ in rows if id_ not in kept]
    if gone:
        with index.own_writing(db):
            index.forget(db, gone)
            db.executemany("DELETE FROM incidents WHERE fid = ?", ((fid,) for fid in gone))
    return len(gone)

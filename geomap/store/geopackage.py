"""The store: one GeoPackage file, written and read with the standard library's sqlite3."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from geomap.errors import InputError, StoreError
from geomap.model import Bulletin, Incident
from geomap.record import from_frame, to_frame
from geomap.store import connection, index, schema
from geomap.store.check import problems
from geomap.store.connection import in_batches, in_plain_words
from geomap.store.query import Match, Query
from geomap.store.row import Row, incident_of, row_of
from geomap.store.schema import COLUMNS
from geomap.store.search import Hit, count, find

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Answer = TypeVar("Answer")

_EVERYTHING = Query()
_BATCH = 2000
_MANY = 100
_NAMES = ", ".join(f'"{name}"' for name in ("geom", *COLUMNS))
_SELECT = f"SELECT fid, {_NAMES} FROM incidents WHERE fid IN"
_NEXT = f"SELECT fid, {_NAMES} FROM incidents WHERE fid > ? ORDER BY fid LIMIT {_BATCH}"
_INSERT = f"INSERT INTO incidents (fid, {_NAMES}) VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"
_UPDATE = f"UPDATE incidents SET ({_NAMES}) = ({', '.join('?' * (len(COLUMNS) + 1))}) WHERE fid = ?"


# A feature that somebody drew in another program gets an id of its own.
_NAME_DRAWN = (
    "UPDATE incidents SET id = lower(hex(randomblob(8)))"
    " WHERE fid IN (SELECT fid FROM geomap_edits) AND coalesce(id, '') = ''"
)


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


class Store:
    """Incidents and bulletins kept in one GeoPackage file.

    QGIS, GDAL and GeoPandas open the file as it is: incidents are a layer of
    points, those without a point are rows without geometry. What other programs
    edit is taken in at the next look.

    Parameters
    ----------
    path
        The file. It is made by the first `add`; looking into a store that is not
        there is an error.
    wait_s
        How long to wait for another program that is writing.

    Raises
    ------
    StoreError
        If the file is there but is no store, is damaged, or was made by a newer
        geomap.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Store(f"{folder}/incidents.gpkg") as store:
    ...     store.add([Incident("a1", place="Tubas", lon=35.37, lat=32.32)])
    ...     store.count(Query(bbox="35,32,36,33"))
    Changes(new=1, changed=0, gone=0)
    1
    """

    def __init__(self, path: str | Path, *, wait_s: float = 10.0) -> None:
        self.path = Path(path)
        self._wait_s = wait_s
        self._db = connection.open_store(self.path, wait_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, so that it holds everything by itself and may be copied."""
        if self._db:
            self._db.close()
            self._db = None

    def add(
        self, incidents: Iterable[Incident] | GeoDataFrame, bulletins: Iterable[Bulletin] = ()
    ) -> Changes:
        """Keep incidents, and the bulletins they come from, all or none of them.

        Adding the same again changes nothing. An incident with a known id and
        other content replaces the old row. For each of ``bulletins``, rows of that
        document (``doc_id``) that are not among ``incidents`` are taken out: its
        extraction has changed. A row that was edited by another program stays as it
        was edited.

        Returns
        -------
        Changes
            The number of rows new or changed, with its parts.

        Raises
        ------
        InputError
            If an incident has no id, a point off the globe, or a value that is not
            of its field's type.
        StoreError
            If the store cannot be written; nothing of this batch is kept then.
        """
        if not isinstance(incidents, Iterable) or hasattr(incidents, "geometry"):
            incidents = from_frame(incidents)
        documents = [_document(bulletin) for bulletin in bulletins]
        rows = map(row_of, incidents)
        new = changed = 0
        kept: set[str] = set()
        with self._writing() as db:
            while batch := list(islice(rows, _BATCH)):
                more = _put(db, batch)
                new, changed = new + more[0], changed + more[1]
                if documents:
                    kept.update(row.id for row in batch)
            gone = _keep_documents(db, documents, kept)
        return Changes(new, changed, gone)

    def select(self, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Give the incidents that answer a query as a GeoDataFrame in EPSG:4326.

        Columns are those of `geomap.record.to_frame` and ``certainty``: "certain"
        if the whole extent lies in the query's box, "possible" if part of it does,
        None if the query has no box. Rows are ordered by date and id.
        """
        matches = list(self.matches(query))
        frame = to_frame(match.incident for match in matches)
        certainty = [match.certainty for match in matches]
        frame.insert(len(frame.columns) - 1, "certainty", certainty)
        return frame

    def incidents(self, query: Query = _EVERYTHING) -> Iterator[Incident]:
        """Give the incidents that answer a query, ordered by date and id."""
        return (match.incident for match in self.matches(query))

    def matches(self, query: Query = _EVERYTHING) -> Iterator[Match]:
        """Give the incidents that answer a query, each with how it lies to the box.

        What answers is decided at once; the incidents are read while you iterate.
        """
        return self._read(self._ask(find, query))

    def count(self, query: Query = _EVERYTHING) -> int:
        """Count the incidents that answer a query."""
        return self._ask(count, query)

    def bulletin(self, doc_id: str) -> Bulletin | None:
        """Give a bulletin as it was stored, or None if there is none of that id."""
        with in_plain_words(self.path):
            found = self._open().execute(
                "SELECT text_zlib, issued, title, source FROM bulletins WHERE doc_id = ?", (doc_id,)
            )
            row = found.fetchone()
        if row is None:
            return None
        packed, issued, title, source = row
        try:
            text = zlib.decompress(packed).decode()
        except (zlib.error, UnicodeDecodeError) as error:
            raise StoreError(f"bulletin {doc_id} is damaged", where=str(self.path)) from error
        return Bulletin(text, issued and dt.date.fromisoformat(issued), title, source)

    def check(self) -> list[str]:
        """Name what is damaged or out of step, a line each; nothing if all is well.

        Every page, row, text and index is read: some seconds for 100,000 incidents.
        """
        db = self._open()
        with in_plain_words(self.path):
            self._take_in_edits(db)
            return list(problems(db))

    def reindex(self) -> int:
        """Make all indexes anew from the incidents, and say how many there are.

        For a store whose `check` finds an index out of step. What the rows hold is
        taken as it is.
        """
        with self._writing() as db, index.own_writing(db):
            edited = index.clear(db)
            last = count = 0
            while batch := db.execute(_NEXT, (last,)).fetchall():
                rows = [(fid, self._row(fid, values)) for fid, *values in batch]
                index.put(db, [row for row in rows if row[0] not in edited])
                index.put(db, [row for row in rows if row[0] in edited], edited=True)
                last, count = batch[-1][0], count + len(batch)
        return count

    def _open(self) -> sqlite3.Connection:
        self._db = self._db or connection.open_store(self.path, self._wait_s)
        if not self._db:
            todo = "`geomap add` or `geomap daily` makes one; --store names another."
            raise StoreError("there is no store here", where=str(self.path), todo=todo)
        return self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._db or connection.open_store(self.path, self._wait_s)
        db = self._db = db or connection.make_store(self.path, self._wait_s)
        with in_plain_words(self.path), connection.transaction(db):
            self._take_in_edits(db)
            yield db

    def _take_in_edits(self, db: sqlite3.Connection) -> None:
        """Index again what other programs have edited."""
        if not index.has_edits(db):
            return
        if not db.in_transaction:
            with connection.transaction(db):
                return self._take_in_edits(db)
        with index.own_writing(db):
            db.execute(_NAME_DRAWN)
            read = in_batches(db, _SELECT, index.forget_edited(db))
            index.put(db, ((fid, self._row(fid, values)) for fid, *values in read), edited=True)

    def _ask(self, question: Callable[..., Answer], query: Query) -> Answer:
        db = self._open()
        with in_plain_words(self.path):
            self._take_in_edits(db)
            by_index = bool(query.text or query.actor) and index.finds_words(db)
            return question(db, query, by_index=by_index)

    def _read(self, hits: Sequence[Hit]) -> Iterator[Match]:
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            with in_plain_words(self.path):
                rows = in_batches(self._open(), _SELECT, [hit.fid for hit in batch])
                found = {fid: values for fid, *values in rows}
            for hit in batch:
                if hit.fid in found:  # else taken out in the meantime
                    yield Match(self._incident(hit.fid, found[hit.fid]), hit.certainty)

    def _incident(self, fid: int, values: Sequence[Any]) -> Incident:
        try:
            return incident_of(values)
        except (ValueError, TypeError, AttributeError) as error:
            todo = "Mend the row in the program that wrote it."
            raise StoreError(
                f"row {fid} cannot be read: {error}", where=str(self.path), todo=todo
            ) from error

    def _row(self, fid: int, values: Sequence[Any]) -> Row:
        try:
            return row_of(self._incident(fid, values))
        except InputError as error:
            raise StoreError(f"row {fid}: {error}", where=str(self.path)) from error


def _document(bulletin: Bulletin) -> tuple[Any, ...]:
    try:
        text = bulletin.text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"is not Unicode text: {error}", where=bulletin.source) from error
    sha = hashlib.sha256(text).hexdigest()
    issued = bulletin.issued.isoformat() if bulletin.issued else None
    about = (bulletin.title, issued, bulletin.source)
    return sha[:12], *about, sha, len(bulletin.text), zlib.compress(text)


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


def _keep_documents(
    db: sqlite3.Connection, documents: Sequence[tuple[Any, ...]], kept: set[str]
) -> int:
    """Keep the texts, take out the rows they no longer yield; say how many."""
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
    rows = in_batches(
        db,
        "SELECT i.fid, i.id FROM incidents AS i JOIN geomap_rows AS r USING (fid)"
        " WHERE NOT r.edited AND i.doc_id IN",
        [document[0] for document in documents],
    )
    gone = [fid for fid, id_ in rows if id_ not in kept]
    if gone:
        with index.own_writing(db):
            index.forget(db, gone)
            db.executemany("DELETE FROM incidents WHERE fid = ?", ((fid,) for fid in gone))
    return len(gone)

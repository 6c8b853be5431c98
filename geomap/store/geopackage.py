"""The store: one GeoPackage file, written and read with the standard library's sqlite3."""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from geomap.errors import InputError, StoreError
from geomap.model import Bulletin, Incident
from geomap.record import from_frame
from geomap.store import connection, corrections, index
from geomap.store.batch import (
    Changes,
    Document,
    add_batch,
    document_of,
    put_documents,
    replace_row,
)
from geomap.store.connection import in_batches, in_plain_words
from geomap.store.correction import Correction, correction_of, now
from geomap.store.query import Match, Query, cursor
from geomap.store.row import Row, incident_of, row_of
from geomap.store.schema import NAMES
from geomap.store.search import Hit, count, find, select

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geomap.store.counts import Counts

Answer = TypeVar("Answer")

_EVERYTHING = Query()
_BATCH = 2000
_NEXT = f"SELECT fid, {NAMES} FROM incidents WHERE fid > ? ORDER BY fid LIMIT {_BATCH}"
_SELECT = f"SELECT fid, {NAMES} FROM incidents WHERE fid IN"
# A feature that somebody drew in another program gets an id of its own.
_NAME_DRAWN = (
    "UPDATE incidents SET id = lower(hex(randomblob(8)))"
    " WHERE fid IN (SELECT fid FROM geomap_edits) AND coalesce(id, '') = ''"
)


class Store:
    """Incidents and bulletins kept in one GeoPackage file, or in PostGIS.

    QGIS, GDAL and GeoPandas open the file as it is: incidents are a layer of
    points, those without a point are rows without geometry. What other programs
    edit is taken in at the next look.

    Parameters
    ----------
    path
        The file. It is made by the first `add`; looking into a store that is not
        there is an error. A URL, ``postgresql://user@host/database``, names a
        database that a team shares; it is asked and answers in the same way.
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

    def __new__(cls, path: str | Path, *, wait_s: float = 10.0) -> Self:
        """Choose PostGIS for a URL."""
        if cls is Store and str(path).startswith(("postgresql://", "postgres://")):
            from geomap.store.postgis import PostgisStore

            return object.__new__(PostgisStore)  # type: ignore[return-value]
        return object.__new__(cls)

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
        documents = [document_of(bulletin) for bulletin in bulletins]
        with self._writing() as db:
            rows = map(row_of, corrections.put_all_right(db, incidents))
            return add_batch(db, rows, documents)

    def incident(self, id: str) -> Incident | None:
        """Give the incident of that id, rejected or not; None if there is none."""
        with self._in_words():
            db = self._open()
            self._take_in_edits(db)
            row = db.execute(f"SELECT fid, {NAMES} FROM incidents WHERE id = ?", (id,)).fetchone()
        return self._incident(row[0], row[1:]) if row else None

    def correct(
        self,
        id: str,
        changes: Mapping[str, Any],
        *,
        reject: bool = False,
        reason: str = "",
        who: str = "",
    ) -> Incident:
        """Put an incident right for good, and give it as it now stands.

        When its bulletin is read again, the correction is applied again, and the
        row keeps its id. Its tags say ``corrected`` or ``rejected``, its reasons
        by whom and why. A rejected one stays in the store and is found only with
        ``Query(include_rejected=True)``.

        Parameters
        ----------
        changes
            New values of some of `geomap.store.correction.CORRECTABLE`.

        Raises
        ------
        InputError
            If there is no such incident, or a value is not one of its field.
        """
        with self._writing() as db:
            incident = self._known(id)
            one = correction_of(incident, changes, reject=reject, reason=reason, who=who)
            if corrections.original(db, id) is None:
                corrections.keep_original(db, id, incident)
            corrections.keep(db, [one])
            return self._put_right_again(db, id)

    def undo(self, id: str) -> Incident:
        """Take the last correction of an incident back, and give it as it now stands.

        Raises
        ------
        InputError
            If there is no such incident, or no correction of it holds.
        """
        with self._writing() as db:
            self._known(id)
            made = corrections.holding(db, id)
            if not made:
                raise InputError("has no correction to take back", where=f"incident {id!r}")
            corrections.undo(db, made[-1], now())
            return self._put_right_again(db, id)

    def corrections(self) -> list[Correction]:
        """Give all corrections in the order they were made, those taken back too."""
        with self._in_words():
            return corrections.read_all(self._open())

    def add_corrections(self, made: Iterable[Correction]) -> int:
        """Take in corrections from another store; say how many incidents here they touch.

        Those of incidents that are not here wait for their bulletin.
        """
        with self._writing() as db:
            made = list(made)
            corrections.keep(db, made)
            touched = [id_ for id_ in dict.fromkeys(o.incident_id for o in made) if self._has(id_)]
            for id_ in touched:
                if corrections.original(db, id_) is None:
                    corrections.keep_original(db, id_, self._known(id_))
                self._put_right_again(db, id_)
        return len(touched)

    def _has(self, id: str) -> bool:
        found = self._open().execute("SELECT 1 FROM incidents WHERE id = ?", (id,))
        return found.fetchone() is not None

    def _known(self, id: str) -> Incident:
        incident = self.incident(id)
        if incident is None:
            todo = "`geomap query --format geojsonl` shows the ids."
            raise InputError("is not in the store", where=f"incident {id!r}", todo=todo)
        return incident

    def _put_right_again(self, db: sqlite3.Connection, id: str) -> Incident:
        """Write the incident as the corrections that hold make it from what it was before."""
        incident = corrections.as_it_stands(db, id) or self._known(id)
        self._replace(db, row_of(incident))
        return incident

    def _replace(self, db: sqlite3.Connection, row: Row) -> None:
        replace_row(db, row)

    def _put_documents(self, db: sqlite3.Connection, documents: Sequence[Document]) -> None:
        put_documents(db, documents)

    def select(self, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Give the incidents that answer a query as a GeoDataFrame in EPSG:4326.

        Columns are those of `geomap.record.to_frame` and ``certainty``: "certain"
        if the whole extent lies in the query's box or region, "possible" if part of
        it does, None if the query has neither. Rows are ordered by date and id.
        """
        from geomap.store.frame import frame_of

        try:
            return self._ask(partial(select, make=frame_of), query)
        except (ValueError, TypeError):
            list(self.matches(query))  # names the row that cannot be read
            raise

    def incidents(self, query: Query = _EVERYTHING) -> Iterator[Incident]:
        """Give the incidents that answer a query, ordered by date and id."""
        return (match.incident for match in self.matches(query))

    def matches(self, query: Query = _EVERYTHING) -> Iterator[Match]:
        """Give the incidents that answer a query, each with how it lies to the box.

        What answers is decided at once; the incidents are read while you iterate.
        """
        return self._read(self._ask(find, query))

    def pages(self, query: Query = _EVERYTHING, size: int = 1000) -> Iterator[list[Match]]:
        """Give the answer page by page, each asked anew from where the last one ended.

        What is added meanwhile, further on in the order, is found too.
        """
        query = replace(query, limit=size)
        while page := list(self.matches(query)):
            yield page
            query = replace(query, after=cursor(page[-1].incident))

    def count(self, query: Query = _EVERYTHING) -> int:
        """Count the incidents that answer a query."""
        return self._ask(count, query)

    def count_by(self, *by: str, query: Query = _EVERYTHING) -> Counts:
        """Count the incidents that answer a query by some of their properties.

        Parameters
        ----------
        by
            Of day, month, year, type, subtype, modality, place, admin1, country,
            actor, certainty (to the query's box), ``cell:0.5`` (squares of so many
            degrees) and ``h3:5`` (cells of that resolution, with ``geomap[h3]``).
            An incident with several actors counts once for each of them.

        Returns
        -------
        list of tuple
            What is counted by, then the number; in the order of what is counted
            by, unknown (None) last. `geomap.store.counts.write_counts` writes it.
        """
        from geomap.store.counts import count_by

        return self._ask(partial(count_by, by=by), query)

    def bulletin(self, doc_id: str) -> Bulletin | None:
        """Give a bulletin as it was stored, or None if there is none of that id."""
        with self._in_words():
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

    def add_bulletin(self, bulletin: Bulletin) -> None:
        """Keep a bulletin without touching any incident."""
        with self._writing() as db:
            self._put_documents(db, [document_of(bulletin)])

    def bulletin_ids(self) -> set[str]:
        """Give the ids of all bulletins."""
        with self._in_words():
            return {id_ for (id_,) in self._open().execute("SELECT doc_id FROM bulletins")}

    def original(self, id: str) -> Incident | None:
        """Give an incident as it was before its corrections; None if it has none.

        It carries the id that the row has kept.
        """
        with self._in_words():
            before = corrections.original(self._open(), id)
        return replace(before, id=id) if before else None

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give id and content hash of all incidents, by id."""
        with self._in_words():
            db = self._open()
            self._take_in_edits(db)
            yield from db.execute(
                "SELECT i.id, r.hash FROM incidents AS i JOIN geomap_rows AS r USING (fid)"
                " ORDER BY i.id"
            )

    def check(self) -> list[str]:
        """Name what is damaged or out of step, a line each; nothing if all is well.

        Every page, row, text and index is read: some seconds for 100,000 incidents.
        """
        from geomap.store.check import problems

        db = self._open()
        with self._in_words():
            self._take_in_edits(db)
            return list(problems(db))

    def reindex(self) -> int:
        """Make all indexes anew from the incidents, and say how many there are.

        For a store whose `check` finds an index out of step. What the rows hold is
        taken as it is.
        """
        with self._writing() as db, index.own_writing(db):
            edited = index.clear(db)
            last = done = 0
            while batch := db.execute(_NEXT, (last,)).fetchall():
                rows = [(fid, self._row(fid, values)) for fid, *values in batch]
                index.put(db, [row for row in rows if row[0] not in edited])
                index.put(db, [row for row in rows if row[0] in edited], edited=True)
                last, done = batch[-1][0], done + len(batch)
        return done

    def _in_words(self) -> AbstractContextManager[None]:
        return in_plain_words(self.path)

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
        with self._in_words(), connection.transaction(db):
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
        with self._in_words():
            self._take_in_edits(db)
            by_index = bool(query.text or query.actor) and index.finds_words(db)
            with connection.snapshot(db):
                return question(db, query, by_index=by_index)

    def _read(self, hits: Sequence[Hit]) -> Iterator[Match]:
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            with self._in_words():
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

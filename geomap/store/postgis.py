"""The store of a team: the same incidents, queries and corrections in PostGIS."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import StoreError
from geomap.model import Bulletin, Incident
from geomap.record import from_frame
from geomap.store import corrections, postgis_batch, postgis_search, postgres
from geomap.store.batch import Changes, Document, document_of
from geomap.store.geopackage import Store
from geomap.store.postgres import NAMES, Session
from geomap.store.query import Match, Query
from geomap.store.row import Row, incident_of, row_of
from geomap.store.search import Hit

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geomap.store.counts import Counts

_EVERYTHING = Query()
_BATCH = 2000


class PostgisStore(Store):
    """Incidents and bulletins kept in a database; `Store` opens it for a URL.

    It answers every query as the embedded store does. Rows that another program
    writes are taken in at the next look. One geomap writes at a time; readers see
    whole batches.
    """

    def __init__(self, path: str | Path, *, wait_s: float = 10.0) -> None:
        self.url = str(path)
        self._wait_s = wait_s
        self._session: Session | None = None
        self._is_made = False

    def close(self) -> None:
        """Close the connection."""
        if self._session:
            self._session.connection.close()
            self._session = None

    def add(
        self, incidents: Iterable[Incident] | GeoDataFrame, bulletins: Iterable[Bulletin] = ()
    ) -> Changes:
        """Keep incidents, and the bulletins they come from, all or none of them."""
        if not isinstance(incidents, Iterable) or hasattr(incidents, "geometry"):
            incidents = from_frame(incidents)
        documents = [document_of(bulletin) for bulletin in bulletins]
        with self._writing() as db:
            rows = map(row_of, corrections.put_all_right(db, incidents))
            return postgis_batch.add_batch(db, rows, documents)

    def select(self, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Give the incidents that answer a query as a GeoDataFrame in EPSG:4326."""
        from geomap.store.frame import frame_of

        with self._reading() as db:
            hits = postgis_search.find(db, query)
            rows = db.execute(
                f"SELECT {NAMES} FROM unnest(CAST(:fids AS bigint[]))"
                " WITH ORDINALITY AS h (fid, nth) JOIN incidents USING (fid) ORDER BY h.nth",
                {"fids": [hit.fid for hit in hits]},
            ).fetchall()
            return frame_of(rows, [hit.certainty for hit in hits])

    def matches(self, query: Query = _EVERYTHING) -> Iterator[Match]:
        """Give the incidents that answer a query, each with how it lies to the box."""
        with self._reading() as db:
            hits = postgis_search.find(db, query)
        return self._read_hits(hits)

    def count(self, query: Query = _EVERYTHING) -> int:
        """Count the incidents that answer a query."""
        with self._reading() as db:
            return postgis_search.count(db, query)

    def count_by(self, *by: str, query: Query = _EVERYTHING) -> Counts:
        """Count the incidents that answer a query by some of their properties."""
        with self._reading() as db:
            return postgis_search.count_by(db, query, by)

    def incident(self, id: str) -> Incident | None:
        """Give the incident of that id, rejected or not; None if there is none."""
        with self._in_words():
            db = self._opened()
            self._take_in(db)
            row = db.execute(f"SELECT {NAMES} FROM incidents WHERE id = ?", (id,)).fetchone()
        return incident_of(row) if row else None

    def bulletin(self, doc_id: str) -> Bulletin | None:
        """Give a bulletin as it was stored, or None if there is none of that id."""
        with self._in_words():
            found = self._opened().execute(
                "SELECT text_zlib, issued, title, source FROM bulletins WHERE doc_id = ?", (doc_id,)
            )
            row = found.fetchone()
        if row is None:
            return None
        packed, issued, title, source = row
        day: dt.date | None = issued
        return Bulletin(zlib.decompress(packed).decode(), day, title, source)

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give id and content hash of all incidents, by id."""
        with self._reading() as db, db.connection.cursor("geomap_hashes") as cursor:
            cursor.itersize = 10_000
            yield from cursor.execute("SELECT id, hash FROM incidents ORDER BY id")

    def check(self) -> list[str]:
        """Name the rows that are not what was written, a line each; nothing if all is well."""
        with self._reading() as db:
            return list(postgis_batch.problems(db))

    def reindex(self) -> int:
        """Make what rows are found by anew from the incidents, and say how many there are."""
        with self._writing() as db:
            session: Session = db
            session.execute("UPDATE incidents SET hash = ''")
            return postgis_batch.take_in_edits(session)

    def _opened(self) -> Session:
        """Connect to the store, which must be there."""
        session = self._connected()
        if not self._is_made:
            found = postgres.version(session)
            if found is None:
                where = postgres.without_password(self.url)
                raise StoreError(
                    "there is no store here", where=where, todo="`geomap add` makes one."
                )
            self._refuse_newer(found)
        return session

    def _open(self) -> Any:
        return self._opened()

    def _connected(self) -> Session:
        self._session = self._session or postgres.connect(self.url, self._wait_s)
        return self._session

    def _refuse_newer(self, found: int) -> None:
        if found > postgres.VERSION:
            what = f"was made by a newer geomap: version {found}, this one knows {postgres.VERSION}"
            where, todo = postgres.without_password(self.url), "pip install --upgrade geomap"
            raise StoreError(what, where=where, todo=todo)
        self._is_made = True

    def _in_words(self) -> AbstractContextManager[None]:
        return postgres.in_plain_words(self.url)

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        session = self._connected()
        with self._in_words(), postgres.transaction(session):
            if not self._is_made:
                found = postgres.version(session)
                if found is None:
                    postgres.make(session)
                self._refuse_newer(found or postgres.VERSION)
            postgis_batch.take_in_edits(session)
            yield session

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Read everything in the block as it stood at one moment."""
        with self._in_words():
            session = self._opened()
            self._take_in(session)
            with session.connection.transaction():
                session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield session

    def _take_in(self, session: Session) -> None:
        if postgis_batch.has_edits(session) and not session.connection.info.transaction_status:
            with postgres.transaction(session):
                postgis_batch.take_in_edits(session)

    def _read_hits(self, hits: list[Hit]) -> Iterator[Match]:
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            with self._in_words():
                rows = self._opened().execute(
                    f"SELECT fid, {NAMES} FROM incidents WHERE fid = ANY(?)",
                    ([hit.fid for hit in batch],),
                )
                found = {fid: values for fid, *values in rows}
            for hit in batch:
                if hit.fid in found:  # else taken out in the meantime
                    yield Match(incident_of(found[hit.fid]), hit.certainty)

    def _replace(self, db: Any, row: Row) -> None:
        postgis_batch.replace_row(db, row)

    def _put_documents(self, db: Any, documents: Sequence[Document]) -> None:
        postgis_batch.put_documents(db, documents)

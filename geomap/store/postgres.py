"""A database of PostgreSQL with PostGIS: its tables, sessions, and what it says in plain words.

One table holds what the GeoPackage has in ``incidents`` and ``geomap_rows``, since
PostgreSQL jumps to a wide row as fast as to a narrow one. ``extent`` is the box that
an incident may cover, and carries the GiST index; ``words`` is a tsvector made by
geomap itself, so that a word is the same word in both kinds of store. An edit by
another program empties ``hash``, and geomap takes it in at the next look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geomap.errors import GeomapError, StoreError
from geomap.record import DATES, FLOATS, INTEGERS
from geomap.store.schema import COLUMNS

if TYPE_CHECKING:
    import psycopg

VERSION = 1
"""Version of these tables. A geomap that finds a higher one refuses."""

LOCK = 0x67656F6D  # "geom": held by whoever writes
POINT = "'\\x47500001e6100000'::bytea || ST_AsBinary(geom, 'NDR')"
"""A point as a GeoPackage holds it."""


class Session:
    """A connection that takes the SQL of the embedded store: ``?`` and ``:name`` for values."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> psycopg.Cursor[Any]:
        """Run a statement."""
        return self.connection.execute(_translated(sql), values or None)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for many rows."""
        with self.connection.cursor() as cursor:
            cursor.executemany(_translated(sql), list(rows))


_NAMED = re.compile(r"(?<![:\w]):([a-z_]\w*)")


def _translated(sql: str) -> str:
    return _NAMED.sub(r"%(\1)s", sql).replace("?", "%s")


def without_password(url: str) -> str:
    """Give a URL as it may be shown."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return url.replace(f":{parts.password}@", "@", 1)


def connect(url: str, wait_s: float) -> Session:
    """Open a database and see that its tables are there, or not yet.

    Raises
    ------
    GeomapError
        If psycopg is not installed.
    StoreError
        If the database cannot be reached, or was made by a newer geomap.
    """
    try:
        import psycopg
    except ImportError:
        todo = "pip install 'geomap[postgis]'"
        raise GeomapError("PostGIS needs psycopg", todo=todo) from None
    with in_plain_words(url):
        # A plan made once for all boxes would be made for none: nothing is prepared.
        session = Session(
            psycopg.connect(url, autocommit=True, connect_timeout=10, prepare_threshold=None)
        )
        session.execute(f"SET lock_timeout = {int(wait_s * 1000)}")
        session.execute("SET client_min_messages = warning")
        session.execute("SET jit = off")  # it costs more than any of our queries
    return session


def version(session: Session) -> int | None:
    """Say which version of the tables there is; None if there are none."""
    row = session.execute("SELECT to_regclass('geomap_meta')").fetchone()
    if not row or row[0] is None:
        return None
    row = session.execute("SELECT value FROM geomap_meta WHERE key = 'version'").fetchone()
    return int(row[0]) if row else None


def make(session: Session) -> None:
    """Make the tables, inside the caller's transaction."""
    for statement in _DDL:
        session.connection.execute(statement)


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """Keep all that is written in the block, or nothing; one writer at a time."""
    with session.connection.transaction():
        session.connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        session.connection.execute("SET LOCAL geomap.writing = 'yes'")
        yield


@contextmanager
def in_plain_words(url: str) -> Iterator[None]:
    """Turn what PostgreSQL says into a `StoreError` that names the store and what to do."""
    import psycopg
    from psycopg import errors

    where = without_password(url)
    try:
        yield
    except errors.LockNotAvailable as error:
        what = "another program is writing to the store"
        raise StoreError(what, where=where, todo="Wait, and run it again.") from error
    except errors.InsufficientPrivilege as error:
        todo = "Ask for the right to write, or for the extension postgis in this database."
        raise StoreError(f"{error}".strip(), where=where, todo=todo) from error
    except (errors.DiskFull, errors.OutOfMemory) as error:
        todo = "Nothing of this batch was kept. Free some space and run it again."
        raise StoreError("the server has no room left", where=where, todo=todo) from error
    except psycopg.OperationalError as error:
        what = f"cannot be reached: {str(error).strip().splitlines()[0]}"
        raise StoreError(what, where=where, todo="Check the URL, and that it runs.") from error
    except psycopg.Error as error:
        raise StoreError(str(error).strip(), where=where) from error


def _type(name: str) -> str:
    if name in DATES:
        return "date"
    if name in INTEGERS:
        return "bigint"
    return "double precision" if name in FLOATS else 'text COLLATE "C"'


NARROW = (
    *("background", "lon", "lat", "west", "south", "east", "north", "known"),
    *("edited", "rejected", "hash", "words"),
)
"""Columns beside the record's, by which rows are found."""

_COLUMNS = ", ".join(f'"{name}" {_type(name)}' for name in COLUMNS if name != "id")
EXTENT = (
    "CASE WHEN west IS NULL THEN NULL WHEN east >= 180 OR west <= -180"
    " THEN ST_MakeEnvelope(-180, south, 180, north, 4326)"
    " ELSE ST_MakeEnvelope(west, south, east, north, 4326) END"
)
_FOREIGN = """CREATE FUNCTION geomap_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('geomap.writing', true) IS DISTINCT FROM 'yes' THEN
        NEW.hash := '';
        NEW.edited := true;
        NEW.id := coalesce(nullif(NEW.id, ''), md5(random()::text || clock_timestamp()::text));
    END IF;
    RETURN NEW;
END $$"""

_DDL = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    "CREATE TABLE geomap_meta (key text PRIMARY KEY, value text)",
    f"INSERT INTO geomap_meta VALUES ('version', '{VERSION}')",
    f"""CREATE TABLE incidents (
        fid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, geom geometry(Point, 4326),
        id text COLLATE "C" NOT NULL UNIQUE, {_COLUMNS},
        background boolean NOT NULL DEFAULT false, lon double precision, lat double precision,
        west double precision, south double precision, east double precision,
        north double precision, known boolean NOT NULL DEFAULT false,
        edited boolean NOT NULL DEFAULT false, rejected boolean NOT NULL DEFAULT false,
        hash text NOT NULL DEFAULT '', words tsvector, extent geometry(Polygon, 4326))""",
    "CREATE INDEX incidents_geom ON incidents USING gist (geom)",
    "CREATE INDEX incidents_extent ON incidents USING gist (extent)",
    "CREATE INDEX incidents_date ON incidents (date, id, incident_type)",
    "CREATE INDEX incidents_newest ON incidents (date DESC NULLS LAST, id)",
    "CREATE INDEX incidents_type ON incidents (incident_type, date)",
    "CREATE INDEX incidents_date_end ON incidents (date_end) WHERE date_end IS NOT NULL",
    "CREATE INDEX incidents_doc_id ON incidents (doc_id)",
    "CREATE INDEX incidents_doc_date ON incidents (doc_date)",
    "CREATE INDEX incidents_words ON incidents USING gin (words)",
    "CREATE INDEX incidents_edits ON incidents (fid) WHERE hash = ''",
    "CREATE VIEW geomap_rows AS SELECT fid, lon, lat, known FROM incidents",
    _FOREIGN,
    """CREATE TRIGGER geomap_note BEFORE INSERT OR UPDATE ON incidents
        FOR EACH ROW EXECUTE FUNCTION geomap_note()""",
    """CREATE TABLE bulletins (
        doc_id text PRIMARY KEY, title text, issued date, source text, sha256 text NOT NULL,
        characters bigint NOT NULL, text_zlib bytea NOT NULL)""",
    """CREATE TABLE corrections (
        fid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE,
        incident_id text NOT NULL, changes text NOT NULL, reject integer NOT NULL, reason text,
        who text, made text NOT NULL, doc_id text, sentence_start integer, trigger_start integer,
        place_start integer, said_place text, undone text NOT NULL)""",
    "CREATE INDEX corrections_incident_id ON corrections (incident_id)",
    "CREATE TABLE geomap_originals (id text PRIMARY KEY, feature text NOT NULL)",
)

NAMES = ", ".join(
    [POINT, *(f'"{name}"::text' if name in DATES else f'"{name}"' for name in COLUMNS)]
)
"""What `geomap.store.row.incident_of` reads, for a statement."""

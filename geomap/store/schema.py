"""The tables of a store: a GeoPackage that QGIS and GDAL open as it is.

``incidents`` is a feature table with the record's columns, ``bulletins`` and
``corrections`` are attributes tables. What begins with ``geomap_`` is ours and says
what geomap needs to answer fast; other programs need not know it. ``geomap_rows`` holds one narrow
row an incident (date, type, extent, hash), ``geomap_extents`` an R-tree of the
extents, ``geomap_text`` the words. No trigger touches FTS5: SQLite builds without
it, such as the one inside GDAL's wheels, could then not write the table at all.
Edits by other programs are noted by plain SQL triggers in ``geomap_edits`` and
taken in by geomap the next time it looks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection, OperationalError

from geomap.record import DATES, FIELDS, FLOATS, INTEGERS

VERSION = 2
"""Version of these tables. A geomap that finds a higher one refuses."""

APPLICATION_ID = 0x47504B47  # "GPKG"
GEOPACKAGE_VERSION = 10400

COLUMNS = (*FIELDS, "area")
"""Columns of ``incidents`` after ``fid`` and ``geom``."""

NAMES = ", ".join(f'"{name}"' for name in ("geom", *COLUMNS))
"""``geom`` and `COLUMNS` for a statement."""

_POINT = struct.Struct("<4sibIdd")
_HEADER = (b"GP\0\1", 4326, 1, 1)  # little endian, no envelope; WKB point


POINT_SIZE = _POINT.size
"""Bytes of a point as `point_blob` gives it."""


def point_blob(lon: float, lat: float) -> bytes:
    """Give a point as GeoPackage holds it."""
    return _POINT.pack(*_HEADER, lon, lat)


def read_point(blob: bytes | None) -> tuple[float, float] | None:
    """Read a point as any program may have written it; None if empty or absent.

    Raises
    ------
    ValueError
        If the bytes are no GeoPackage point.
    """
    if blob is None:
        return None
    if len(blob) == _POINT.size and blob[:4] == b"GP\0\1" and blob[8] == 1:
        lon, lat = struct.unpack_from("<dd", blob, 13)
    else:
        lon, lat = _read_foreign(blob)
    return None if lon != lon or lat != lat else (lon, lat)


def _read_foreign(blob: bytes) -> tuple[float, float]:
    """Step over an envelope of any size and mind the byte order."""
    if blob[:2] != b"GP" or len(blob) < 8:
        raise ValueError("not a GeoPackage geometry")
    start = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7, 0)
    try:
        order = "<" if blob[start] else ">"
        (kind,) = struct.unpack_from(order + "I", blob, start + 1)
        lon, lat = struct.unpack_from(order + "dd", blob, start + 5)
    except (IndexError, struct.error):
        raise ValueError("a GeoPackage geometry cut short") from None
    if kind % 1000 != 1:
        raise ValueError(f"WKB type {kind}, not a point")
    return lon, lat


def create(db: Connection) -> None:
    """Make the tables, inside the caller's transaction."""
    for statement in _DDL:
        db.execute(statement)
    db.executemany(
        "INSERT INTO geomap_meta VALUES (?, ?)", [("version", str(VERSION)), ("words", "missing")]
    )
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")


def migrate(db: Connection, found: int) -> None:
    """Bring the tables of an older version up to this one, inside the caller's transaction."""
    if found < 2:
        db.execute("ALTER TABLE geomap_rows ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0")
        for statement in _CORRECTIONS:
            db.execute(statement)
    db.execute("UPDATE geomap_meta SET value = ? WHERE key = 'version'", (str(VERSION),))


@contextmanager
def point_index_by_hand(db: Connection) -> Iterator[None]:
    """Set the triggers aside that answer to new rows, inside a transaction.

    With its five calls a row from SQLite to Python the one for the R-tree of points
    takes as long as all the rest.
    """
    db.execute("DROP TRIGGER rtree_incidents_geom_insert")
    db.execute("DROP TRIGGER geomap_insert")
    yield
    db.execute(_RTREE_INSERT)
    db.execute(_NOTE_INSERT)


def add_functions(db: Connection) -> None:
    """Register what GeoPackage's R-tree triggers call on a write."""
    for name, axis in (("MinX", 0), ("MaxX", 0), ("MinY", 1), ("MaxY", 1)):
        db.create_function(f"ST_{name}", 1, _coordinate(axis), deterministic=True)
    db.create_function("ST_IsEmpty", 1, lambda blob: read_point(blob) is None, deterministic=True)


def _coordinate(axis: int):  # type: ignore[no-untyped-def]
    def read(blob: bytes | None) -> float | None:
        point = read_point(blob)
        return point[axis] if point else None

    return read


def has_fts5(db: Connection) -> bool:
    """Say whether this SQLite was built with FTS5."""
    if db.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]:
        return True
    try:
        db.execute("CREATE VIRTUAL TABLE temp.geomap_probe USING fts5(x)")
    except OperationalError:
        return False
    db.execute("DROP TABLE temp.geomap_probe")
    return True


def _type(name: str) -> str:
    if name in DATES:
        return "DATE"
    if name in INTEGERS:
        return "INTEGER"
    return "REAL" if name in FLOATS else "TEXT"


# No DEFAULT for the id of a feature drawn elsewhere: GDAL writes the expression as a text.
_COLUMNS = ", ".join(
    f'"{name}" {_type(name)}{" UNIQUE" if name == "id" else ""}' for name in COLUMNS
)

TEXT_INDEX = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS geomap_text USING fts5(sentence, place, actors,"
    " content='', tokenize='unicode61 remove_diacritics 2')"
)

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_GEOPACKAGE = (
    """CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    f"""INSERT INTO gpkg_spatial_ref_sys VALUES
        ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
        ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
        ('WGS 84 geodetic', 4326, 'EPSG', 4326, '{_WGS84}', 'longitude/latitude in degrees')""",
    """CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE gpkg_extensions (
        table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
        scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)

# The triggers are the ones of the GeoPackage standard, in the names that GDAL gives them.
_PLACED = "(NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))"
_WAS_PLACED = "(OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))"
_BOUNDS = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
_PUT = f"INSERT OR REPLACE INTO rtree_incidents_geom VALUES (NEW.fid, {_BOUNDS});"
_DROP = "DELETE FROM rtree_incidents_geom WHERE id = OLD.fid;"


def _rtree_trigger(name: str, event: str, when: str, what: str) -> str:
    return (
        f"CREATE TRIGGER rtree_incidents_geom_{name} AFTER {event} ON incidents"
        f" WHEN {when} BEGIN {what} END"
    )


_RTREE_INSERT = _rtree_trigger("insert", "INSERT", _PLACED, _PUT)
_RTREE = (
    "CREATE VIRTUAL TABLE rtree_incidents_geom USING rtree(id, minx, maxx, miny, maxy)",
    _RTREE_INSERT,
    _rtree_trigger(
        *("update6", "UPDATE OF geom", f"OLD.fid = NEW.fid AND {_PLACED} AND {_WAS_PLACED}"),
        "UPDATE rtree_incidents_geom SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom),"
        " miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid;",
    ),
    _rtree_trigger(
        "update7", "UPDATE OF geom", f"OLD.fid = NEW.fid AND {_PLACED} AND NOT {_WAS_PLACED}", _PUT
    ),
    _rtree_trigger("update2", "UPDATE OF geom", f"OLD.fid = NEW.fid AND NOT {_PLACED}", _DROP),
    _rtree_trigger("update5", "UPDATE", f"OLD.fid != NEW.fid AND {_PLACED}", _DROP + _PUT),
    _rtree_trigger(
        *("update4", "UPDATE", f"OLD.fid != NEW.fid AND NOT {_PLACED}"),
        "DELETE FROM rtree_incidents_geom WHERE id IN (OLD.fid, NEW.fid);",
    ),
    _rtree_trigger("delete", "DELETE", "OLD.geom NOT NULL", _DROP),
)

# The words of the version that geomap knew, since FTS5 wants them back to forget them.
_NOTE = (
    "INSERT INTO geomap_edits SELECT OLD.fid, 1, OLD.sentence, OLD.place, OLD.actors"
    " WHERE NOT EXISTS (SELECT 1 FROM geomap_edits WHERE fid = OLD.fid);"
)
_NOTE_NEW = (
    "INSERT INTO geomap_edits SELECT NEW.fid, 0, NULL, NULL, NULL"
    " WHERE NOT EXISTS (SELECT 1 FROM geomap_edits WHERE fid = NEW.fid);"
)
_FOREIGN = "NOT EXISTS (SELECT 1 FROM geomap_meta WHERE key = 'writing')"


def _edit_trigger(event: str, what: str) -> str:
    return (
        f"CREATE TRIGGER geomap_{event.lower()} AFTER {event} ON incidents"
        f" WHEN {_FOREIGN} BEGIN {what} END"
    )


_CORRECTIONS = (
    """CREATE TABLE corrections (
        fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, key TEXT NOT NULL UNIQUE,
        incident_id TEXT NOT NULL, changes TEXT NOT NULL, reject INTEGER NOT NULL, reason TEXT,
        who TEXT, made TEXT NOT NULL, doc_id TEXT, sentence_start INTEGER, trigger_start INTEGER,
        place_start INTEGER, said_place TEXT, undone TEXT NOT NULL)""",
    "CREATE INDEX corrections_incident_id ON corrections (incident_id)",
    """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
        ('corrections', 'attributes', 'corrections', 'What people have put right, and why', NULL)
    """,
    "CREATE TABLE geomap_originals (id TEXT NOT NULL PRIMARY KEY, feature TEXT NOT NULL)",
    "CREATE INDEX geomap_rows_rejected ON geomap_rows (fid) WHERE rejected",
)

_NOTE_INSERT = _edit_trigger("INSERT", _NOTE_NEW)

_DDL = (
    *_GEOPACKAGE,
    f"CREATE TABLE incidents (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
    f" geom POINT, {_COLUMNS})",
    "CREATE INDEX incidents_doc_id ON incidents (doc_id)",
    "CREATE INDEX incidents_doc_date ON incidents (doc_date)",
    """CREATE TABLE bulletins (
        fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, doc_id TEXT NOT NULL UNIQUE, title TEXT,
        issued DATE, source TEXT, sha256 TEXT NOT NULL, characters INTEGER NOT NULL,
        text_zlib BLOB NOT NULL)""",
    """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
        ('incidents', 'features', 'incidents', 'What happened, where and when', 4326),
        ('bulletins', 'attributes', 'bulletins', 'The documents, text compressed (zlib)', NULL)""",
    "INSERT INTO gpkg_geometry_columns VALUES ('incidents', 'geom', 'POINT', 4326, 0, 0)",
    """INSERT INTO gpkg_extensions VALUES ('incidents', 'geom', 'gpkg_rtree_index',
        'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')""",
    *_RTREE,
    "CREATE TABLE geomap_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT)",
    """CREATE TABLE geomap_rows (
        fid INTEGER PRIMARY KEY, id TEXT NOT NULL, date TEXT, date_end TEXT, incident_type TEXT,
        background INTEGER NOT NULL, lon REAL, lat REAL, west REAL, south REAL, east REAL,
        north REAL, known INTEGER NOT NULL, edited INTEGER NOT NULL, hash TEXT NOT NULL,
        rejected INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX geomap_rows_date ON geomap_rows (date, incident_type)",
    """CREATE INDEX geomap_rows_date_end ON geomap_rows (date_end) WHERE date_end IS NOT NULL""",
    "CREATE VIRTUAL TABLE geomap_extents USING rtree(id, west, east, south, north)",
    """CREATE TABLE geomap_edits (
        fid INTEGER PRIMARY KEY, was_there INTEGER, sentence TEXT, place TEXT, actors TEXT)""",
    _NOTE_INSERT,
    _edit_trigger("UPDATE", _NOTE + _NOTE_NEW),
    _edit_trigger("DELETE", _NOTE),
    *_CORRECTIONS,
)

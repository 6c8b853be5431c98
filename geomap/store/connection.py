"""Opening a store's file, and saying in plain words why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from geomap.errors import StoreError
from geomap.store import schema

_KEPT = "Nothing of this batch was kept; what was stored before is untouched."

_WORDS = {
    sqlite3.SQLITE_FULL: ("the disk is full", f"{_KEPT} Free some space and run it again."),
    sqlite3.SQLITE_BUSY: (
        "another program is writing to the store",
        "Close it (QGIS?) or wait, and run it again.",
    ),
    sqlite3.SQLITE_LOCKED: ("the store is in use", "Run it again."),
    sqlite3.SQLITE_READONLY: (
        "the store, or the folder it is in, is read-only",
        "Choose another with --store, or change the permissions.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the store is damaged",
        "Take it from a backup, or add the bulletins to a new store.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not a GeoPackage",
        "Choose a store of geomap with --store; `geomap add` makes one.",
    ),
    sqlite3.SQLITE_CANTOPEN: ("the store cannot be opened", "Check the folder and permissions."),
    sqlite3.SQLITE_IOERR: ("the disk fails to read or write", f"{_KEPT} Check disk and space."),
    sqlite3.SQLITE_TOOBIG: ("a text is too long for the store", _KEPT),
}


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a `StoreError` that names the store and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        what, todo = _WORDS.get(code, (str(error), "Run `geomap store check` on it."))
        raise StoreError(what, where=str(path), todo=todo) from error


def is_there(path: Path) -> bool:
    """Say whether there is a file with something in it.

    Raises
    ------
    StoreError
        If it is a folder, or cannot be looked at.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(str(error.strerror), where=str(path)) from error
    if path.is_dir():
        raise StoreError("is a folder", where=str(path), todo="Name a file, as incidents.gpkg.")
    return size > 0


def is_writable(path: Path) -> bool:
    """Say whether the file may be written, and its folder, where SQLite keeps its journal."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def open_store(path: Path, wait_s: float) -> sqlite3.Connection | None:
    """Open a store for writing where that is allowed; None if there is no store yet.

    An empty file, or one whose making was cut off, is no store yet.

    Raises
    ------
    StoreError
        If what is there is not a store, is damaged, or was made by a newer geomap.
    """
    if not is_there(path):
        return None
    with in_plain_words(path):
        db = _connect(path, "mode=rw" if is_writable(path) else "mode=ro", wait_s)
        try:
            tables = _tables(db)
        except sqlite3.OperationalError:
            # A store in WAL mode on a read-only medium: there is no place for the
            # shared memory, and no writer either, so the file may be taken as fixed.
            db.close()
            wal = path.with_name(path.name + "-wal")
            if is_writable(path) or (wal.exists() and wal.stat().st_size):
                raise
            db = _connect(path, "mode=ro&immutable=1", wait_s)
            tables = _tables(db)
        if tables:
            return _ready(db, path)
        db.close()
    return None


def make_store(path: Path, wait_s: float) -> sqlite3.Connection:
    """Make a store where there is none, whole or not at all.

    Raises
    ------
    StoreError
        If the folder is missing or read-only, or the disk is full.
    """
    if not path.parent.is_dir():
        todo = "Make it first, or choose another with --store."
        raise StoreError("there is no such folder", where=str(path.parent), todo=todo)
    if not os.access(path.parent, os.W_OK):
        what, todo = _WORDS[sqlite3.SQLITE_READONLY]
        raise StoreError(what, where=str(path), todo=todo)
    was_there = path.exists()
    with in_plain_words(path):
        db = _connect(path, "mode=rwc", wait_s)
        try:
            with transaction(db):
                if not _tables(db):  # else another geomap was faster
                    schema.create(db)
        except BaseException:
            db.close()
            if not was_there and not path.stat().st_size:
                path.unlink()
            raise
        return _ready(db, path)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Keep all that is written in the block, or nothing."""
    db.execute("PRAGMA synchronous = FULL")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # on a full disk SQLite has rolled back by itself
            db.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Read everything in the block as it stood at one moment, whoever writes meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")


def in_batches(
    db: Any, sql: str, keys: Sequence[int | str], size: int = 500
) -> Iterator[tuple[Any, ...]]:
    """Run a SELECT that ends in ``IN`` for many rows; their order is SQLite's."""
    for start in range(0, len(keys), size):
        batch = keys[start : start + size]
        yield from db.execute(f"{sql} ({','.join('?' * len(batch))})", batch).fetchall()


def _connect(path: Path, options: str, wait_s: float) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{options}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=wait_s)
    schema.add_functions(db)
    return db


def _tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _ready(db: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Turn away what is not ours, and set up what is."""
    try:
        found = _version(db, path)
        if found < schema.VERSION:
            _bring_up_to_date(db, path)
    except BaseException:
        db.close()
        raise
    with suppress(sqlite3.OperationalError):  # read-only or in use elsewhere: it stays as it is
        db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA cache_size = -131072")
    db.execute("PRAGMA wal_autocheckpoint = 16384")  # 64 MB: a batch is copied once, at the end
    return db


def _bring_up_to_date(db: sqlite3.Connection, path: Path) -> None:
    if not is_writable(path):
        what = "was made by an older geomap, and cannot be brought up to date: it is read-only"
        raise StoreError(what, where=str(path), todo="Copy it to a folder that can be written.")
    with in_plain_words(path), transaction(db):
        found = _version(db, path)  # another geomap may have been faster
        if found < schema.VERSION:
            schema.migrate(db, found)


def _version(db: sqlite3.Connection, path: Path) -> int:
    """Give the version of a store's tables, and turn away what is not ours."""
    if db.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        what, todo = _WORDS[sqlite3.SQLITE_NOTADB]
        raise StoreError(what, where=str(path), todo=todo)
    if "geomap_meta" not in _tables(db):
        todo = "Choose a store of geomap with --store; `geomap add` makes one."
        raise StoreError("is a GeoPackage, but no store of geomap", where=str(path), todo=todo)
    (found,) = db.execute("SELECT value FROM geomap_meta WHERE key = 'version'").fetchone() or "0"
    if int(found) > schema.VERSION:
        what = f"was made by a newer geomap: version {found}, this one knows {schema.VERSION}"
        raise StoreError(what, where=str(path), todo="Upgrade: pip install --upgrade geomap.")
    return int(found)

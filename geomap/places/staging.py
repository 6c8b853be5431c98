"""A gazetteer on its way to its file, kept on disk: larger than what fits in memory."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from geomap.places.shelves import SHELVES, shelf_of

_FLUSH = 200_000
_OFFSETS = frozenset(("id_at", "name_at", "source_at", "area_ring", "ring_corner"))
"""Columns that say where each entry of another column begins, and where the last one ends."""


class Columns(Mapping[str, NDArray[Any]]):
    """Columns of places that are appended to, and read back by mapping their files.

    A column takes memory from when it is asked for until nobody holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._like: dict[str, NDArray[Any]] = {}
        self._last: dict[str, int] = {}

    def append(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add more places below those that are there."""
        for name, column in columns.items():
            if name not in self._files:
                self._files[name] = (self._folder / f"{name}.column").open("w+b")
                self._like[name] = column[:0]
            if name in _OFFSETS:
                before = self._last.get(name)
                self._last[name] = (before or 0) + int(column[-1])
                if before is not None:
                    column = column[1:] + column.dtype.type(before)
            self._files[name].write(np.ascontiguousarray(column).data)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give a column as it is now; what is written into it is kept."""
        file, like = self._files[name], self._like[name]
        file.flush()
        if not file.tell():
            return like
        mapped = mmap.mmap(file.fileno(), 0)
        if hasattr(mmap, "MADV_RANDOM"):  # where places lie is random: take no pages round them
            mapped.madvise(mmap.MADV_RANDOM)
        return np.frombuffer(mapped, like.dtype).reshape(-1, *like.shape[1:])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files.values():
            file.close()


class Names:
    """Texts of the index with their entries, parted by shelf."""

    def __init__(self, folder: Path) -> None:
        self._files = [(folder / f"{n:03d}.names").open("w+b") for n in range(SHELVES)]
        self._lines: list[list[str]] = [[] for _ in range(SHELVES)]
        self._waiting = 0
        self._counts = [0] * SHELVES
        self.count = 0

    def put(self, text: str, entry: int) -> None:
        """File an entry (a place and flags) under a text."""
        number = shelf_of(text)
        self._lines[number].append(f"{text}\t{entry}\n")
        self._counts[number] += 1
        self.count += 1
        self._waiting += 1
        if self._waiting >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        for file, lines in zip(self._files, self._lines, strict=True):
            file.write("".join(lines).encode())
            lines.clear()
        self._waiting = 0

    def on_shelf(self, number: int) -> int:
        """Give how many entries stand on a shelf."""
        return self._counts[number]

    def shelf(self, number: int) -> Iterator[tuple[str, int]]:
        """Yield what stands on a shelf."""
        self._flush()
        file = self._files[number]
        file.seek(0)
        for line in file:
            text, _, entry = line.decode().rpartition("\t")
            yield text, int(entry)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()


class Ids:
    """Which place bears an id."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "ids.sqlite", isolation_level=None)
        self._file.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
            "CREATE TABLE ids (id TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID; BEGIN"
        )

    def get(self, place_id: str) -> int | None:
        """Give the number of a place, or None."""
        found = self._file.execute("SELECT place FROM ids WHERE id = ?", (place_id,)).fetchone()
        return found[0] if found else None

    def set(self, place_id: str, place: int) -> None:
        """Remember, or change, the place with an id."""
        self._file.execute("INSERT OR REPLACE INTO ids VALUES (?, ?)", (place_id, place))

    def drop(self, place_id: str) -> None:
        """Forget an id."""
        self._file.execute("DELETE FROM ids WHERE id = ?", (place_id,))

    def __len__(self) -> int:
        (count,) = self._file.execute("SELECT count(*) FROM ids").fetchone()
        return int(count)

    def ordered(self) -> NDArray[np.int32]:
        """Give the places in the order of their ids."""
        places = (place for (place,) in self._file.execute("SELECT place FROM ids ORDER BY id"))
        return np.fromiter(places, np.int32, len(self))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

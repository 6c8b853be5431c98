"""The index of names: one trie, or many small ones where a single one would not fit in memory.

Which of them holds a text is told by its first word, so that a look-up and a scan
ask one trie either way.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geomap.places.index import BARE, KEY
from geomap.places.packed import Packed

SHELVES = 128
_FIRST_WORD = re.compile(f"[{BARE}{KEY}]?[^\\W_]*")


def shelf_of(text: str) -> int:
    """Give the shelf on which a text of the index stands: told by its first word.

    So all names that a text begins with, up to a word's end, stand on one shelf.

    Examples
    --------
    >>> shelf_of("deir") == shelf_of("deir ez-zor") == shelf_of("deir, in the east")
    True
    """
    word = _FIRST_WORD.match(text)
    return zlib.crc32(word[0].encode() if word else b"") % SHELVES


def shelf_file(folder: Path, number: int) -> Path:
    """Give the file of a shelf."""
    return folder / f"{number:03d}.db"


class Shelf:
    """Texts of the index in a trie, and what is filed under the number of each."""

    __slots__ = ("entry", "start", "trie")

    def __init__(self, packed: Packed) -> None:
        self.trie = packed.trie
        self.start: NDArray[np.uint32] = packed["name_entry"]
        self.entry: NDArray[np.uint32] = packed["entry"]

    def entries(self, number: int) -> NDArray[np.uint32]:
        """Give what is filed under the number of a text: places with flags."""
        return self.entry[self.start[number] : self.start[number + 1]]

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield each text with each of its entries."""
        for text, number in self.trie.iteritems():
            for entry in self.entries(number).tolist():
                yield text, entry


class Shelves:
    """All shelves of a compiled gazetteer, each opened when it is asked for."""

    def __init__(self, packed: Packed) -> None:
        folder = packed.meta.get("shelves")
        self._folder = packed.path.with_name(folder) if folder else None
        self._one = None if folder else Shelf(packed)
        self._open = lru_cache(maxsize=None)(self._read)

    def _read(self, number: int) -> Shelf:
        assert self._folder is not None
        return Shelf(Packed(shelf_file(self._folder, number)))

    def of(self, text: str) -> Shelf:
        """Give the shelf on which a text stands, if it is known at all."""
        return self._one or self._open(shelf_of(text))

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield each text with each of its entries."""
        for shelf in [self._one] if self._one else map(self._open, range(SHELVES)):
            yield from shelf.items()

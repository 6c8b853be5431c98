"""The compiled gazetteer's file: a trie, columns and a directory, opened by mapping it.

The trie comes first, because marisa-trie maps a file from its first byte and
passes over what follows. Then the columns, each on an eight-byte border so that
numpy reads them in place; then the directory as JSON; then where it begins.
Nothing is read at opening but the directory.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.errors import ContentError

MAGIC = b"GEOMAP04"
"""Counts up when the layout changes: an older file is refused, never misread."""
_TAIL = struct.Struct("<QQ8s")
REBUILD = "Run `geomap gazetteer build`."


def write_packed(
    path: Path, trie: marisa_trie.Trie, columns: Mapping[str, NDArray[Any]], meta: dict[str, Any]
) -> int:
    """Write the file whole or not at all, and give its size in bytes.

    Columns may be mapped from disk and larger than memory.
    """
    directory: dict[str, Any] = {"meta": meta, "columns": {}}
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(path.name + ".part")
    with written.open("wb") as file:
        _write_padded(file, trie.tobytes())
        for name, column in columns.items():
            directory["columns"][name] = [file.tell(), column.dtype.str, list(column.shape)]
            _write_padded(file, np.ascontiguousarray(column).data)
        at = file.tell()
        tail = json.dumps(directory, ensure_ascii=False, separators=(",", ":")).encode()
        file.write(tail + _TAIL.pack(at, len(tail), MAGIC))
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    return path.stat().st_size


def _write_padded(file: BinaryIO, chunk: bytes | memoryview) -> None:
    file.write(chunk)
    file.write(bytes(-file.tell() % 8))


class Packed:
    """An opened file: ``trie``, ``meta``, and columns by name, which ``columns`` lists.

    Raises
    ------
    ContentError
        If there is no such file, or it was not written by this version.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ContentError("no compiled gazetteer", where=str(path), todo=REBUILD)
        with path.open("rb") as file:
            size = path.stat().st_size
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        start, length, magic = (
            _TAIL.unpack_from(self._bytes, size - _TAIL.size) if size > _TAIL.size else (0, 0, b"")
        )
        if magic != MAGIC or start + length + _TAIL.size != size:
            raise ContentError(
                "not a gazetteer of this version of geomap", where=str(path), todo=REBUILD
            )
        self.path = path
        directory = json.loads(self._bytes[start : start + length])
        self.meta: dict[str, Any] = directory["meta"]
        self.columns: dict[str, list[Any]] = directory["columns"]
        self.trie = marisa_trie.Trie().mmap(str(path))

    def __getitem__(self, name: str) -> NDArray[Any]:
        at, kind, shape = self.columns[name]
        count = int(np.prod(shape))
        return np.frombuffer(self._bytes, np.dtype(kind), count, at).reshape(shape)

    def strings(self, name: str) -> Strings:
        """Give a column of texts, written as `packed_strings` gives them."""
        return Strings(self[f"{name}_at"], self[f"{name}_text"])


class Strings:
    """Texts in one run of UTF-8, each decoded when it is asked for."""

    def __init__(self, at: NDArray[np.uint32], text: NDArray[np.uint8]) -> None:
        self._at = at.data
        self._text = text.data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, index: int) -> str:
        start, end = self._at[index], self._at[index + 1]
        return str(self._text[start:end], "utf-8")


def packed_strings(name: str, texts: list[str]) -> dict[str, NDArray[Any]]:
    """Give the two columns that hold a column of texts."""
    encoded = [text.encode() for text in texts]
    at = np.zeros(len(encoded) + 1, np.uint32)
    np.cumsum([len(e) for e in encoded], out=at[1:])
    return {f"{name}_at": at, f"{name}_text": np.frombuffer(b"".join(encoded), np.uint8)}

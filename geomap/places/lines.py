"""Lines of a file that may be huge, packed, cut off or damaged: read one by one."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from geomap.errors import InputError

Report = Callable[[str], None]
"""Takes a problem: ``file:line: what is wrong``."""
Tick = Callable[[int], None]
"""Takes the number of bytes that were read since the last call."""

LONGEST_LINE = 1 << 20
"""Bytes; GeoNames' longest line is about a hundredth of that."""
BUFFER = 1 << 18
DAMAGED = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile)


def read_lines(path: Path, report: Report, tick: Tick) -> Generator[tuple[str, str], None, None]:
    """Yield ``file:line`` and the text of each line, without its end.

    Lines that are no UTF-8 or have no end within a megabyte are reported and left
    out, and so is what follows where a packed file is damaged.
    """
    number = 0
    try:
        with opened(path, tick) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                where = f"{path}:{number}"
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    report(f"{where}: the line is longer than a megabyte")
                    while line and not line.endswith(b"\n"):
                        line = file.readline(LONGEST_LINE)
                    continue
                try:
                    yield where, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    report(f"{where}: not UTF-8: {error.reason} at byte {error.start}")
    except DAMAGED as error:
        report(f"{path}:{number + 1}: the file is cut off or damaged: {error}")


@contextmanager
def opened(path: Path, tick: Tick) -> Iterator[IO[bytes] | io.BufferedIOBase]:
    """Open a file for reading, unpacked if it is a zip or gzip file.

    Of a zip file the largest member is read: GeoNames packs a readme or a list of
    languages beside it. `tick` hears of the bytes read from the disk.

    Raises
    ------
    InputError
        If there is no such file, or it may not be read.
    """
    try:
        raw = io.BufferedReader(_Ticking(path, tick), BUFFER)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    with raw:
        start = raw.peek(4)
        if start.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(raw) as packed, _largest(packed) as member:
                yield member
        elif start.startswith(b"\x1f\x8b"):
            with gzip.open(raw) as unpacked:
                yield unpacked
        else:
            yield raw


def _largest(packed: zipfile.ZipFile) -> IO[bytes]:
    members = sorted(packed.infolist(), key=lambda member: member.file_size)
    if not members:
        raise zipfile.BadZipFile("it holds no file")
    try:
        return packed.open(members[-1])
    except (RuntimeError, NotImplementedError) as error:  # a password, a method of packing
        raise zipfile.BadZipFile(str(error)) from None


class _Ticking(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, tick: Tick) -> None:
        super().__init__(path)
        self._tick = tick

    def readinto(self, buffer: Any) -> int:
        """Read what the buffer holds, and tell."""
        count = super().readinto(buffer) or 0
        self._tick(count)
        return count

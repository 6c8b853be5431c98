"""Where on this machine the places lie that its user has added."""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

from geomap.content import content
from geomap.errors import ContentError
from geomap.places.packed import REBUILD

VARIABLE = "GEOMAP_GAZETTEER"
"""Environment variable that names the compiled file, in place of the one at home."""


def data_folder() -> Path:
    """Give the folder for a user's data of this program, as the XDG base directories say."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "geomap")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share", "geomap")


def shipped_gazetteer() -> Path:
    """Give the compiled file that came with geomap."""
    return content("gazetteer") / "gazetteer.db"


def user_gazetteer() -> Path:
    """Give the compiled file with what the user has added; it need not be there."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else data_folder() / "gazetteer.db"


def stamp(path: Path) -> str:
    """Give a few letters that change when a compiled file is another one.

    Raises
    ------
    ContentError
        If there is no such file.
    """
    if not path.is_file():
        raise ContentError("no compiled gazetteer", where=str(path), todo=REBUILD)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 65536))
        return f"{size}-{zlib.crc32(file.read()):08x}"

"""Bulletins from files, folders, standard input or the web, as `Bulletin` values."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from geomap.errors import InputError
from geomap.incidents.clean import CleanText, clean
from geomap.incidents.dateline import find_issue_date, require_issue_date
from geomap.incidents.document import LIMITS_MB, MEGABYTE, Kind, kind_of, read_document
from geomap.model import Bulletin

SUFFIXES: dict[str, Kind] = {
    **{".txt": "text", ".text": "text", ".md": "text", ".markdown": "text"},
    **{".html": "html", ".htm": "html", ".xhtml": "html"},
    **{".pdf": "pdf", ".docx": "word"},
}
_MEDIA_TYPES: dict[str, Kind] = {
    **{"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"},
    **{"text/markdown": "text", "application/pdf": "pdf"},
}
_LARGEST_MB = max(LIMITS_MB.values())
_TITLE_LENGTH = 200


def read_bulletins(
    paths: str | Path | Iterable[str | Path], *, issued: dt.date | None = None
) -> list[Bulletin]:
    """Read bulletins from files, folders, ``-`` (standard input) and http(s) addresses.

    A folder stands for all files under it with a suffix of `SUFFIXES`, except
    hidden ones and READMEs. Nothing but an address asks the network.

    Parameters
    ----------
    paths
        One or several; each is read once, in the given order.
    issued
        Date of issue of all of them; if None, each is asked for its own.

    Returns
    -------
    list of Bulletin
        In the given order, those of a folder by path. ``issued`` is None where
        a bulletin does not say when it came out.

    Raises
    ------
    InputError
        At the first that cannot be read: file, reason and remedy are named.
    """
    if isinstance(paths, (str, Path)):
        paths = [paths]
    sources = dict.fromkeys(source for path in paths for source in expand(path))
    return [read_bulletin(source, issued=issued) for source in sources]


def read_bulletin(path: str | Path, *, issued: dt.date | None = None) -> Bulletin:
    """Read one bulletin from a file, ``-`` or an http(s) address.

    Raises
    ------
    InputError
        If it cannot be read: file, reason and remedy are named.
    """
    where = "standard input" if str(path) == "-" else str(path)
    charset = ""
    named = SUFFIXES.get(Path(where).suffix.lower())
    if is_url(path):
        from geomap.incidents.web import fetch

        page = fetch(where, _LARGEST_MB * MEGABYTE)
        data, charset, named = page.data, page.charset, _MEDIA_TYPES.get(page.media_type, named)
    elif str(path) == "-":
        data = sys.stdin.buffer.read(_LARGEST_MB * MEGABYTE + 1)
    else:
        data = _read_file(Path(path))
    if not data.strip():
        raise InputError("the file is empty", where=where, todo="Was it saved?")
    kind = kind_of(data, where, named)
    _check_size(len(data), kind, where)
    document = read_document(data, kind, where, charset)
    return Bulletin(
        document.text,
        issued
        or find_issue_date(
            document.text, title=document.title, published=document.published, source=where
        ),
        document.title or _first_heading(document.text),
        where,
    )


def is_url(path: str | Path) -> bool:
    """Tell an http(s) address from a path."""
    return isinstance(path, str) and re.match(r"https?://", path, re.IGNORECASE) is not None


def expand(path: str | Path) -> Iterator[str]:
    """Give the files of a folder, as `read_bulletins` takes them, or the path itself."""
    if str(path) == "-" or is_url(path) or not Path(path).is_dir():
        yield str(path)
        return
    files = sorted(_files_under(Path(path)))
    if not files:
        raise InputError(
            "no bulletins in this folder",
            where=str(path),
            todo=f"geomap reads {' '.join(sorted(SUFFIXES))}.",
        )
    yield from map(str, files)


def _files_under(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise InputError(f"the folder cannot be read: {error.strerror}", where=str(error.filename))

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            known = Path(name).suffix.lower() in SUFFIXES
            if known and not name.lower().startswith((".", "~$", "readme.")):
                yield Path(parent, name)


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError("this is a folder", where=str(path), todo="Give its files.")
        with path.open("rb") as file:
            return file.read(_LARGEST_MB * MEGABYTE + 1)
    except FileNotFoundError as error:
        raise InputError("no such file", where=str(path), todo="Check the path.") from error
    except PermissionError as error:
        raise InputError(
            "no permission to read this file", where=str(path), todo="Change its permissions."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot be read: {reason}", where=str(path)) from error


def _check_size(size: int, kind: Kind, where: str) -> None:
    limit = LIMITS_MB[kind]
    if size > limit * MEGABYTE:
        raise InputError(
            f"the file is larger than {limit} MB, the limit for a bulletin",
            where=where,
            todo="Split it into single bulletins.",
        )


def _first_heading(text: str) -> str:
    """Give the first line, if it is short and no sentence."""
    for line in clean(text[:4000]).text.splitlines():
        line = line.strip().lstrip("#").strip()
        if line:
            return line if len(line) <= _TITLE_LENGTH and line[-1] not in ".!?" else ""
    return ""


__all__ = [
    "SUFFIXES",
    "CleanText",
    "clean",
    "read_bulletin",
    "read_bulletins",
    "require_issue_date",
]

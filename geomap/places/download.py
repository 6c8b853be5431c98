"""GeoNames' dumps from its server: only when asked for, resumed, checked and kept."""

from __future__ import annotations

import os
import zipfile
from email.utils import formatdate, parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO, cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from geomap import __version__
from geomap.errors import GeomapError, InputError
from geomap.files import cannot_write, make_folder
from geomap.places.lines import Tick

SERVER = "https://download.geonames.org/export/dump"
VARIABLE = "GEOMAP_GEONAMES"
"""Environment variable that names a mirror."""
TIMEOUT_S = 60
TRIES = 3
_CHUNK = 1 << 16
_AGAIN = "Run the same command again: it goes on where it stopped."


def download_country(code: str, folder: Path, tick: Tick) -> tuple[Path, Path]:
    """Fetch the dump of a country and its alternate names.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-2.
    folder
        Where both are kept; files that are there are fetched again only if the
        server has newer ones.

    Returns
    -------
    tuple of Path
        The dump and the table of alternate names, as zip files.

    Raises
    ------
    InputError
        If the server has no such country.
    GeomapError
        If the server cannot be reached, or sends what is damaged.
    """
    server = os.environ.get(VARIABLE, SERVER).rstrip("/")
    dump = download(f"{server}/{code}.zip", folder / "places" / f"{code}.zip", tick)
    names = download(f"{server}/alternatenames/{code}.zip", folder / "names" / f"{code}.zip", tick)
    return dump, names


def download(url: str, path: Path, tick: Tick) -> Path:
    """Fetch a zip file, going on where an earlier try has stopped, and check it."""
    if not url.startswith(("http://", "https://")):
        raise InputError(f"{url!r} is no http address", where=VARIABLE)
    make_folder(path.parent)
    part = path.with_name(path.name + ".part")
    for attempt in range(1, TRIES + 1):
        try:
            if not _fetch(url, path, part, tick):
                return path
            _check(part, url)
            part.replace(path)
            return path
        except HTTPError as error:
            if error.code == 404:
                raise InputError(f"the server has no {url}", todo="Is the code right?") from None
            if error.code == 416:  # what we have is longer than the file is now
                part.unlink(missing_ok=True)
            why: Exception = error
        except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
            why = error
        except OSError as error:
            raise cannot_write(part, error) from error
        if attempt == TRIES:
            reason = getattr(why, "reason", None) or str(why) or type(why).__name__
            raise GeomapError(f"cannot be fetched: {reason}", where=url, todo=_AGAIN) from None
    raise AssertionError


def _fetch(url: str, path: Path, part: Path, tick: Tick) -> bool:
    """Fetch what is missing of a file; False if the one that is there is the newest."""
    headers = {"User-Agent": f"geomap/{__version__}"}
    have = part.stat().st_size if part.exists() else 0
    if have:
        headers["Range"] = f"bytes={have}-"
        headers["If-Range"] = _http_date(part)
    elif path.exists():
        headers["If-Modified-Since"] = _http_date(path)
    try:
        answer = cast(HTTPResponse, urlopen(Request(url, headers=headers), timeout=TIMEOUT_S))
    except HTTPError as error:
        error.close()
        if error.code == 304:
            return False
        raise
    try:
        with answer, part.open("ab" if answer.status == 206 else "wb") as file:
            tick(file.tell())
            _copy(answer, file, tick)
    finally:
        _set_date(part, answer.headers.get("Last-Modified"))
    return True


def _copy(answer: HTTPResponse, file: BinaryIO, tick: Tick) -> None:
    length = answer.headers.get("Content-Length")
    got = 0
    while chunk := answer.read(_CHUNK):
        file.write(chunk)
        tick(len(chunk))
        got += len(chunk)
    if length and got < int(length):
        raise ConnectionError(f"the connection broke after {got:,} of {int(length):,} bytes")


def _set_date(part: Path, changed: str | None) -> None:
    """Date what we have as the server dates it, so that it is only added to if it is the same."""
    if changed and part.exists():
        seconds = parsedate_to_datetime(changed).timestamp()
        os.utime(part, (seconds, seconds))


def _http_date(path: Path) -> str:
    return formatdate(path.stat().st_mtime, usegmt=True)


def _check(part: Path, url: str) -> None:
    try:
        with zipfile.ZipFile(part) as packed:
            damaged = packed.testzip()
    except zipfile.BadZipFile as error:
        damaged = str(error)
    if damaged is not None:
        part.unlink()
        raise GeomapError(
            f"what the server sent is damaged: {damaged}", where=url, todo="Try again later."
        )

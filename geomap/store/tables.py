"""Tables of other makers: ACLED, UCDP GED, GDELT and the earthquake feeds of USGS."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from geomap.errors import InputError
from geomap.model import Incident
from geomap.store import acled, gdelt, ucdp, usgs
from geomap.store.exchange import incidents_of, read_text

Raw = TypeVar("Raw")
_KNOWN = "geomap reads ACLED, UCDP GED, GDELT 1 and 2, USGS feeds, and what it writes itself."


class Imported(NamedTuple):
    """What a table holds.

    Attributes
    ----------
    incidents
        In the order of the table.
    rejected
        The rows that could not be read: file, line and why, one text each.
    """

    incidents: list[Incident]
    rejected: list[str]


def read_table(source: str | Path | TextIO) -> Imported:
    """Read incidents from a table, whose maker its columns tell.

    Ids are the maker's own, so that a newer edition of the table updates the rows
    of an older one. ``date_basis`` is "imported". What geomap wrote itself is
    read as `read_incidents` does, which stops at the first bad row.

    Raises
    ------
    InputError
        If the file cannot be read, or is no table that geomap knows.
    """
    name, text = read_text(source)
    text = text.removeprefix("\ufeff")
    first = text.lstrip().partition("\n")[0]
    header = set(re.split(r'[,;"\r]+', first))
    if first.startswith("{") and re.search(r'"mag"\s*:', text[:100_000]):
        return _collect(_features(text, name), usgs.incident_of, name)
    if first.count("\t") in gdelt.TABS and first.partition("\t")[0].isdigit():
        return _collect(_lines(text), gdelt.incident_of, name)
    if header >= acled.COLUMNS:
        return _collect(_rows(text, name), acled.incident_of, name)
    if header >= ucdp.COLUMNS:
        return _collect(_rows(text, name), ucdp.incident_of, name)
    if first.startswith(("{", "[", "\x1e")) or "sentence_start" in header or not first:
        return Imported(incidents_of(name, text), [])
    raise InputError("is no table that geomap knows", where=name, todo=_KNOWN)


def _collect(
    rows: Iterable[tuple[str, Raw]], read: Callable[[Raw], Incident | None], name: str
) -> Imported:
    found = Imported([], [])
    for at, row in rows:
        try:
            incident = read(row)
        except KeyError as error:
            found.rejected.append(f"{name}{at}: {error} is missing")
        except (ValueError, TypeError, OverflowError) as error:
            found.rejected.append(f"{name}{at}: {error}")
        else:
            if incident:
                found.incidents.append(incident)
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    return ((f":{number}", line) for number, line in enumerate(text.split("\n"), 1))


def _rows(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    csv.field_size_limit(sys.maxsize)
    header = text.partition("\n")[0]
    between = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=between, restval="")
    try:
        for row in reader:
            yield f":{reader.line_num}", row
    except csv.Error as error:
        where = f"{name}:{reader.reader.line_num}"
        raise InputError(f"is not CSV: {error}", where=where) from error


def _features(text: str, name: str) -> Iterator[tuple[str, Any]]:
    try:
        features = json.loads(text)["features"]
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}"
        raise InputError(f"is not JSON: {error.msg}", where=where) from error
    except (KeyError, TypeError) as error:
        raise InputError("is no FeatureCollection", where=name, todo=_KNOWN) from error
    yield from ((f": feature {number}", feature) for number, feature in enumerate(features, 1))

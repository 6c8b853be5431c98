"""GeoNames' dumps and tables of alternate names, read as they are downloaded.

The layout is that of https://download.geonames.org/export/dump/readme.txt.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from geomap.content import content
from geomap.places.lines import Report, Tick, read_lines
from geomap.places.tables import Row

COLUMNS = 19
"""Of a dump; a table of alternate names has eight, or ten with the years of use."""
NAME_COLUMNS = (8, 10)
NO_NAMES = frozenset(
    (
        *("link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "uicn"),
        *("abbr", "phon", "piny", "fr_1793"),
    )
)
"""What the column of languages says of entries that no text calls a place by."""
LARGEST_ID = 2**31 - 1


class AlternateName(NamedTuple):
    """A name of a GeoNames place, in some language."""

    geonameid: int
    name: str


def read_dump(path: Path, report: Report, tick: Tick) -> Iterator[Row]:
    """Yield the places of a dump; lines that cannot be read are reported and left out.

    Parameters
    ----------
    path
        ``XX.txt`` or ``allCountries.txt``, also as zip or gzip.
    """
    codes = FeatureCodes()
    for where, line in read_lines(path, report, tick):
        cells = line.split("\t")
        try:
            yield _row(where, cells, codes)
        except ValueError as error:
            report(f"{where}: {error}")


def _row(where: str, cells: list[str], codes: FeatureCodes) -> Row:
    if len(cells) != COLUMNS:
        raise ValueError(f"{len(cells)} columns, not {COLUMNS}")
    number, name, _, others, lat, lon, feature_class, code, country = cells[:9]
    place = Row(
        f"geonames:{_number(number)}",
        name.strip(),
        codes.ours(feature_class, code),
        float(lon),
        float(lat),
        countries=(country,) if country else (),
        names=tuple(others.split(",")) if others else (),
        admin1=f"{country}.{cells[10]}",
        population=max(0, int(cells[14] or 0)),
        where=where,
    )
    if not place.name:
        raise ValueError("the name is empty")
    if not (-180 <= place.lon <= 180 and -90 <= place.lat <= 90):
        raise ValueError(f"lon {lon}, lat {lat} is not on the globe")
    return place


def _number(text: str) -> int:
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"geonameid {text} is out of range")
    return number


def read_alternate_names(path: Path, report: Report, tick: Tick) -> Iterator[AlternateName]:
    """Yield the names of ``alternateNamesV2.txt`` or of one country; codes and links are none."""
    for where, line in read_lines(path, report, tick):
        cells = line.split("\t")
        if len(cells) not in NAME_COLUMNS:
            report(f"{where}: {len(cells)} columns, not {NAME_COLUMNS[0]} or {NAME_COLUMNS[1]}")
            continue
        try:
            number, name = _number(cells[1]), cells[3].strip()
        except ValueError as error:
            report(f"{where}: {error}")
            continue
        if not name:
            report(f"{where}: the name is empty")
        elif cells[2] not in NO_NAMES:
            yield AlternateName(number, name)


class FeatureCodes:
    """Which feature code of ours stands for each of GeoNames': `gazetteer/features.csv`."""

    def __init__(self) -> None:
        with content("gazetteer/features.csv").open(encoding="utf-8", newline="") as file:
            self._ours = {row["geonames"]: row["feature_code"] for row in csv.DictReader(file)}
        self._known: dict[tuple[str, str], str] = {}

    def ours(self, feature_class: str, code: str) -> str:
        """Give our code: the row of the longest beginning of GeoNames', or of its class.

        Examples
        --------
        >>> codes = FeatureCodes()
        >>> codes.ours("P", "PPLA3"), codes.ours("H", "STMI"), codes.ours("S", "XYZ")
        ('PPL', 'STM', 'FCLT')
        """
        asked = feature_class, code
        if asked not in self._known:
            self._known[asked] = self._find(feature_class, code)
        return self._known[asked]

    def _find(self, feature_class: str, code: str) -> str:
        for length in range(len(code), 0, -1):
            found = self._ours.get(f"{feature_class}.{code[:length]}")
            if found:
                return found
        found = self._ours.get(feature_class or "L")
        if found is None:
            raise ValueError(f"feature class {feature_class!r} is unknown")
        return found

"""A gazetteer with more places: one that is compiled, and what a user adds, in one new file.

One merged file, and not a second one beside the first that each look-up would
ask too: places keep one numbering, the columns stay single arrays, and nothing
that reads the gazetteer knows of it. A merge of the shipped file alone takes
seconds (benchmarks/gazetteer.py), so that layers would buy nothing.

What is added ranks below our own tables. A place that is known already, by its
GeoNames id or as a namesake of the same kind close by, stays as it is and gains
names. Corrections are the exception: they stand in for what they correct, and
their names mean them first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geomap.content import content
from geomap.errors import ContentError
from geomap.places import tables
from geomap.places.assemble import INHABITED, SAME_KM, UNITS
from geomap.places.draft import OUTRANKING, Draft
from geomap.places.gazetteer import Gazetteer
from geomap.places.geonames import AlternateName
from geomap.places.lines import Report, Tick
from geomap.places.measure import distance_km
from geomap.places.packed import REBUILD, Packed
from geomap.places.spelling import fold
from geomap.places.tables import Kind, Row

UNSAID = "PPL"
"""What a place is if nothing says so."""
_CITED = re.compile(r"(?:GeoNames |geonames:)(\d{1,10})")


@dataclass(slots=True)
class Tally:
    """What came of the places and names that were added.

    ``names`` went to places that are known, ``names_of_new`` of them to new ones,
    and ``strange_names`` belong to no place that is known.
    """

    new: int = 0
    known: int = 0
    corrected: int = 0
    names: int = 0
    names_of_new: int = 0
    strange_names: int = 0


class Supplement:
    """Takes places and names, and writes them with those of a compiled gazetteer.

    Parameters
    ----------
    base
        The compiled file that is added to. It is not changed.
    folder
        An empty folder for what does not fit in memory.
    report
        Hears of rows that are left out.

    Raises
    ------
    ContentError
        If the compiled file is of other tables than those that came with geomap.
    """

    def __init__(self, base: Path, folder: Path, report: Report) -> None:
        self.tally = Tally()
        self._report = report
        packed = Packed(base)
        self._base = Gazetteer(packed)
        self.kinds: dict[str, Kind] = tables.read_kinds(content("gazetteer"), [])
        if sorted(self.kinds) != list(self._base.features):
            raise ContentError("compiled from another kinds.csv", where=str(base), todo=REBUILD)
        self._draft = Draft(packed, folder, self.kinds)
        self._province_codes = {at: code for code, at in self._base.meta["provinces"].items()}
        self._cited: defaultdict[str, list[int]] = defaultdict(list)
        places = packed["by_id"]
        for index in places[self._base.curated[places]].tolist():
            for number in _CITED.findall(self._draft.now.sources[index]):
                citing = self._cited[f"geonames:{number}"]
                outranks = self._base.weight[index] == OUTRANKING
                citing.insert(0 if outranks else len(citing), index)
        self.begin()

    def begin(self) -> None:
        """Begin with another file: an id may stand once in each."""
        self._draft.flush()
        self._first, self._met = self._draft.count, set[int]()

    # Places

    def add(self, row: Row) -> None:
        """Add a place, or the names of one that is known."""
        index = self._draft.ids.get(row.place_id)
        if index is None:
            index = self._same(row)
        elif index >= self._first or index in self._met:
            self._report(f"{row.where}: a second place with id {row.place_id!r}")
            return
        else:
            self._met.add(index)
        if index is None:
            self._draft.append(self._completed(row))
            self.tally.new += 1
        else:
            self._draft.attach(index, (row.name, *row.names))
            self.tally.known += 1

    def correct(self, row: Row) -> None:
        """Add a place that outranks all others, and stands in for one that is known."""
        index = self._draft.ids.get(row.place_id)
        if index is not None and index >= self._first:
            self._report(f"{row.where}: a second place with id {row.place_id!r}")
            return
        if index is None:
            index = self._same(row)
        row.curated = True
        if index is None:
            self._draft.append(self._completed(row))
        else:
            self._take_over(row, index)
            for number in _CITED.findall(row.source):
                self._cited[f"geonames:{number}"].insert(0, self._draft.count)
            self._draft.replace(index, row)
        self.tally.corrected += 1

    def _take_over(self, row: Row, index: int) -> None:
        """Let what a correction does not say stay as it is."""
        now = self._draft.now
        parent = int(now.parent[index])
        row.feature_code = row.feature_code or self._base.features[now.feature[index]]
        row.population = row.population or int(now.population[index])
        row.extent_km = row.extent_km or float(now.extent_km[index])
        row.countries = row.countries or self._draft.countries(index)
        row.admin1 = row.admin1 or self._province_codes.get(int(now.admin1[index]), "")
        row.parent = row.parent or (now.ids[parent] if parent >= 0 else "")
        rings = self._base.outlines.arrays(index)
        row.outline = row.outline or [ring.astype(np.float64) for ring in rings]
        former = f"{now.ids[index]} {now.sources[index]}".strip()
        row.source = f"{row.source}; instead of {former}"

    def _known(self, place_id: str) -> int | None:
        index = self._draft.ids.get(place_id)
        if index is None and place_id in self._cited:
            return self._cited[place_id][0]
        return index

    def _same(self, row: Row) -> int | None:
        """Find the place that a row with an id of its own speaks of."""
        index = self._cited_by(row)
        return self._namesake(row) if index is None else index

    def _cited_by(self, row: Row) -> int | None:
        """Find the place of ours that cites the id of a row and is it, not something in it."""
        for index in self._cited.get(row.place_id, ()):
            if index < self._first:
                kinds = {self._base.kinds[self._draft.now.kind[index]], self._kind(row)}
                if len(kinds) == 1 or kinds <= INHABITED or kinds <= UNITS:
                    return index
        return None

    def _kind(self, row: Row) -> str:
        return self.kinds[row.feature_code or UNSAID].kind

    def _namesake(self, row: Row) -> int | None:
        """Find the same place under another id: of one name, kind and country, and close by."""
        kind, now = self._kind(row), self._draft.now
        for index, _ in self._base.entries(fold(row.name)):
            if self._base.kind_of(index) != kind or index in self._draft.replaced:
                continue
            if row.place_id.startswith("geonames:") and now.ids[index].startswith("geonames:"):
                continue
            countries = self._draft.countries(index)
            if row.countries and countries and set(row.countries).isdisjoint(countries):
                continue
            away = distance_km(row.lon, row.lat, float(now.lon[index]), float(now.lat[index]))
            if away <= max(SAME_KM.get(kind, 0.0), float(now.extent_km[index])):
                return index
        return None

    def _completed(self, row: Row) -> Row:
        row.feature_code = row.feature_code or UNSAID
        if not row.countries:
            code = self._base.country_at(row.lon, row.lat)
            row.countries = (code,) if code else ()
        return row

    # Names

    def name(self, alternate: AlternateName) -> None:
        """Add a name to a place of GeoNames, if it is known."""
        index = self._known(f"geonames:{alternate.geonameid}")
        if index is None:
            self.tally.strange_names += 1
        else:
            self._draft.attach(index, (alternate.name,))
            self.tally.names += 1
            self.tally.names_of_new += index >= len(self._base)

    # To the disk

    @property
    def entries(self) -> int:
        """How many names are filed, of the base and of what was added."""
        return self._draft.entries

    def __len__(self) -> int:
        return len(self._draft)

    def write(self, out: Path, about: dict[str, Any], tick: Tick) -> None:
        """Write the new gazetteer whole, with `about` among what it says of itself.

        `tick` hears of the entries that are filed.
        """
        self._draft.write(out, about, tick)

    def close(self) -> None:
        """Let go of the files on disk."""
        self._draft.close()

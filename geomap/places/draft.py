"""A compiled gazetteer that grows: rows and names are added to it, then it is written anew.

What is added lies on disk until then, so that memory does not grow with it.
"""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.places.assemble import World, print_plainly, set_extents
from geomap.places.columns import Numbering, to_columns
from geomap.places.filing import ordinary_words, sort_entries, to_postings
from geomap.places.index import FLAG_BITS
from geomap.places.lines import Tick
from geomap.places.packed import Packed, Strings, packed_strings, write_packed
from geomap.places.shelves import SHELVES, Shelves, shelf_file
from geomap.places.staging import Columns, Ids, Names
from geomap.places.tables import Kind, Row

SETTLEMENT_SHARE, OTHER_SHARE = 0.1, 0.01
"""What the news speaks of an added place whose inhabitants nobody counted, of one of its kind
in our tables: those were entered because the news names them, these because they are there."""
OUTRANKING = 1e10
"""Weight of a corrected place: over the largest country's."""
TOGETHER = 20_000
CORNERS_TOGETHER = 500_000
"""Rows, and corners of their outlines, that are worked on at once."""
BEARERS_TOGETHER = 5_000
"""Places that were read again for their names, before memory is freed of them."""
ONE_TRIE = 3_000_000
"""Entries that are sorted in memory at once; more are parted into shelves."""
_OF_NAMES = frozenset(("name_entry", "entry", "by_id"))
Filed = tuple[marisa_trie.Trie, dict[str, NDArray[Any]]]


class Draft:
    """All places of a compiled gazetteer, in its numbering, and those that were added.

    ``count`` is the number that the next place gets, ``ids`` the places by id, and
    ``now`` the columns of the places, but for rows not yet flushed.
    """

    def __init__(self, packed: Packed, folder: Path, kinds: Mapping[str, Kind]) -> None:
        self._meta, self._kinds = packed.meta, kinds
        self._words = ordinary_words(content("gazetteer"))
        self._columns, self._names, self.ids = Columns(folder), Names(folder), Ids(folder)
        self._rows: list[Row] = []
        self._corners = 0
        self._bearers: list[tuple[int, Row]] = []
        self._several: dict[str, list[str]] = dict(packed.meta["several"])
        self.replaced: dict[int, int] = {}
        country_ids = {code: number for number, code in enumerate(packed.meta["countries"])}
        provinces = packed.meta["provinces"]
        self._numbering = Numbering(kinds, country_ids, provinces, self.ids.get)
        self._take(packed)
        self.flush()

    def _take(self, packed: Packed) -> None:
        self._columns.append({n: packed[n] for n in packed.columns if n not in _OF_NAMES})
        ids = packed.strings("id")
        for index in packed["by_id"].tolist():
            self.ids.set(ids[index], index)
        for text, entry in Shelves(packed).items():
            self._names.put(text, entry)
        self.count = len(ids)

    def append(self, row: Row) -> int:
        """Add a place, and give its number."""
        index = self.count
        self.ids.set(row.place_id, index)
        if len(row.countries) > 1:
            self._several[str(index)] = list(row.countries)
        self._rows.append(row)
        self._corners += sum(len(ring) for ring in row.outline)
        self.count += 1
        if len(self._rows) >= TOGETHER or self._corners >= CORNERS_TOGETHER:
            self.flush()
        return index

    def attach(self, index: int, names: Sequence[str]) -> None:
        """Add names to a place that was there at the last flush."""
        now = self.now
        bearer = Row(
            "",
            now.names[index],
            self._meta["features"][now.feature[index]],
            0.0,
            0.0,
            countries=self.countries(index),
            more_names=tuple(names),
            curated=bool(now.curated[index]),
        )
        self._bearers.append((index, bearer))
        if len(self._bearers) >= BEARERS_TOGETHER:
            self.flush()

    def replace(self, old: int, row: Row) -> int:
        """Add a place that stands in for another, whose names it takes over."""
        self.ids.drop(self.now.ids[old])
        self.replaced[old] = self.count
        return self.append(row)

    def countries(self, index: int) -> tuple[str, ...]:
        """Give the ISO codes of all countries that a place belongs to."""
        code: str = self._meta["countries"][self.now.country_id[index]]
        return (code,) if code else tuple(self._several.get(str(index), ()))

    def flush(self) -> None:
        """Put rows and names that wait on the disk."""
        rows, first = self._rows, self.count - len(self._rows)
        if rows:
            print_plainly(rows)
            set_extents(World(dict(self._kinds), rows))
            columns = to_columns(rows, self._numbering, first)
            columns["weight"] = self._weights(rows, columns["weight"])
            columns |= packed_strings("source", [row.source for row in rows])
            self._columns.append(columns)
        named = [*zip(range(first, self.count), rows, strict=True), *self._bearers]
        for text, index, flags in to_postings(named, self._kinds, self._words):
            self._names.put(text, index << FLAG_BITS | flags)
        self._rows, self._bearers, self._corners = [], [], 0
        self.now = Now(self._columns)

    def _weights(self, rows: list[Row], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        for number, row in enumerate(rows):
            if row.curated:
                weights[number] = OUTRANKING
            elif not row.population:
                town = self._kinds[row.feature_code].kind == "settlement"
                weights[number] *= SETTLEMENT_SHARE if town else OTHER_SHARE
        return weights

    @property
    def entries(self) -> int:
        """How many names are filed."""
        return self._names.count

    def __len__(self) -> int:
        return len(self.ids)

    def write(self, out: Path, about: dict[str, Any], tick: Tick) -> None:
        """Write the gazetteer whole, with `about` among what it says of itself.

        `tick` hears of the entries that are filed.
        """
        self.flush()
        shelves, filed = self._file(out, tick)
        self._redirect()
        self._columns.append({"by_id": self.ids.ordered(), **filed[1]})
        provinces = {c: self.replaced.get(i, i) for c, i in self._meta["provinces"].items()}
        meta = {**self._meta, **about, "provinces": provinces, "several": self._several}
        meta["shelves"] = shelves
        write_packed(out, filed[0], self._columns, meta)
        for folder in _shelf_folders(out):
            if folder.name != shelves:
                shutil.rmtree(folder, ignore_errors=True)

    def _redirect(self) -> None:
        """Let what lies in a corrected place lie in what stands in for it."""
        for name in ("admin1", "parent"):
            column = self._columns[name]
            for old, new in self.replaced.items():
                column[column == old] = new

    def _file(self, out: Path, tick: Tick) -> tuple[str, Filed]:
        """File the names: in one trie, or in shelves in a folder, whose name is given too."""
        weight = self._columns["weight"]
        if self._names.count <= ONE_TRIE:
            return "", self._filed(range(SHELVES), weight, tick)
        taken = Packed(out).meta.get("shelves") if out.exists() else ""
        folder = next(folder for folder in _shelf_folders(out) if folder.name != taken)
        for number in range(SHELVES):
            trie, columns = self._filed([number], weight, tick)
            write_packed(shelf_file(folder, number), trie, columns, {})
        return folder.name, (marisa_trie.Trie(), {})

    def _filed(self, shelves: Sequence[int], weight: NDArray[np.float32], tick: Tick) -> Filed:
        """Give the trie of what stands on some shelves, and under each text its places."""
        texts = ({text for text, _ in self._names.shelf(number)} for number in shelves)
        trie = marisa_trie.Trie(text for shelf in texts for text in sorted(shelf))
        ids, entries = array("I"), array("I")
        for number in shelves:
            for text, entry in self._names.shelf(number):
                ids.append(trie[text])
                entries.append(entry)
            tick(self._names.on_shelf(number))
        filed = np.array(entries)
        places = filed >> FLAG_BITS
        for old, new in self.replaced.items():
            filed[places == old] += np.uint32((new - old) << FLAG_BITS)
        return trie, sort_entries(np.array(ids), filed, len(trie), weight)

    def close(self) -> None:
        """Let go of the files on disk."""
        self._columns.close()
        self._names.close()
        self.ids.close()


class Now:
    """The columns as they are now.

    Made anew at each flush, so that what was looked at does not stay in memory.
    """

    def __init__(self, columns: Columns) -> None:
        self.ids = Strings(columns["id_at"], columns["id_text"])
        self.names = Strings(columns["name_at"], columns["name_text"])
        self.sources = Strings(columns["source_at"], columns["source_text"])
        self.kind, self.feature = columns["kind"], columns["feature"]
        self.country_id, self.curated = columns["country_id"], columns["curated"]
        self.lon, self.lat, self.extent_km = columns["lon"], columns["lat"], columns["extent_km"]
        self.population, self.admin1 = columns["population"], columns["admin1"]
        self.parent = columns["parent"]


def _shelf_folders(out: Path) -> list[Path]:
    """Give the two folders that shelves lie in by turns: one is read while one is written."""
    return [out.with_name(f"{out.stem}-names-{letter}") for letter in "ab"]

"""A gazetteer with more places: one that is compiled, and what a user adds, in one new file.

One merged file, and not a second one beside the first that each look-up would
ask too: places keep one numbering, the columns stay single arrays, and nothing
that reads the gazetteer knows of it. A merge of the shipped file alone takes
seconds (benchmarks/gazetteer.py), so that layers would buy nothing.

What is added ranks below our own tables. A place that is known already, by its
GeoNames id or as a namesake of the same kind close by, stays as it is and gains
names. Corrections are the exception: they stand in for what they correct, and
their names mean them first. Memory does not grow with what is added, but for
four bytes a place and the index of ids.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.errors import ContentError
from geomap.places import tables
from geomap.places.assemble import INHABITED, SAME_KM, UNITS, World, print_plainly, set_extents
from geomap.places.columns import Numbering, to_columns
from geomap.places.filing import ordinary_words, sort_entries, to_postings
from geomap.places.gazetteer import Gazetteer
from geomap.places.geonames import AlternateName
from geomap.places.index import FLAG_BITS
from geomap.places.lines import Report, Tick
from geomap.places.measure import distance_km
from geomap.places.packed import REBUILD, Packed, Strings, packed_strings, write_packed
from geomap.places.shelves import SHELVES, Shelves, shelf_file
from geomap.places.spelling import fold
from geomap.places.staging import Columns, Ids, Names
from geomap.places.tables import Kind, Row

SETTLEMENT_SHARE, OTHER_SHARE = 0.1, 0.01
"""What the news speaks of an added place whose inhabitants nobody counted, of one of its kind
in our tables: those were entered because the news names them, these because they are there."""
OUTRANKING = 1e10
"""Weight of a corrected place: over the largest country's."""
UNSAID = "PPL"
"""What a place is if nothing says so."""
TOGETHER = 20_000
"""Rows that are worked on at once."""
ONE_TRIE = 3_000_000
"""Entries that are sorted in memory at once; more are parted into shelves."""
_OF_NAMES = frozenset(("name_entry", "entry", "by_id"))
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
        self._packed = Packed(base)
        self._base = Gazetteer(self._packed)
        self.kinds: dict[str, Kind] = tables.read_kinds(content("gazetteer"), [])
        if sorted(self.kinds) != list(self._base.features):
            raise ContentError("compiled from another kinds.csv", where=str(base), todo=REBUILD)
        self._words = ordinary_words(content("gazetteer"))
        self._columns, self._names, self._ids = Columns(folder), Names(folder), Ids(folder)
        self._cited: defaultdict[str, list[int]] = defaultdict(list)
        self._province_codes = {at: code for code, at in self._base.meta["provinces"].items()}
        self._replaced: dict[int, int] = {}
        self._rows: list[Row] = []
        self._named: list[tuple[int, Row]] = []
        self._numbering = Numbering(
            self.kinds,
            {code: number for number, code in enumerate(self._base.countries)},
            self._base.meta["provinces"],
            self._known,
        )
        self._take_base()
        self.begin()

    def _take_base(self) -> None:
        base, packed = self._base, self._packed
        self._columns.append({n: packed[n] for n in packed.columns if n not in _OF_NAMES})
        ids, sources = packed.strings("id"), packed.strings("source")
        for index in packed["by_id"].tolist():
            self._ids.set(ids[index], index)
        for index in packed["by_id"][base.curated[packed["by_id"]]].tolist():
            for number in _CITED.findall(sources[index]):
                citing = self._cited[f"geonames:{number}"]
                citing.insert(0 if base.weight[index] == OUTRANKING else len(citing), index)
        for text, entry in Shelves(packed).items():
            self._names.put(text, entry)
        self.count = len(base)

    def begin(self) -> None:
        """Begin with another file: an id may stand once in each."""
        self._flush()
        self._first, self._met = self.count, set[int]()

    # Places

    def add(self, row: Row) -> None:
        """Add a place, or the names of one that is known."""
        index = self._ids.get(row.place_id)
        if index is None:
            index = self._same(row)
        elif index >= self._first or index in self._met:
            self._report(f"{row.where}: a second place with id {row.place_id!r}")
            return
        else:
            self._met.add(index)
        if index is None:
            self._append(row)
            self.tally.new += 1
        else:
            self._name(index, (row.name, *row.names))
            self.tally.known += 1

    def correct(self, row: Row) -> None:
        """Add a place that outranks all others, and stands in for one that is known."""
        index = self._ids.get(row.place_id)
        if index is not None and index >= self._first:
            self._report(f"{row.where}: a second place with id {row.place_id!r}")
            return
        if index is None:
            index = self._same(row)
        row.curated = True
        if index is not None:
            self._take_over(row, index)
            self._ids.drop(self._here.ids[index])
            self._replaced[index] = self.count
            for number in _CITED.findall(row.source):
                self._cited[f"geonames:{number}"].insert(0, self.count)
        self._append(row)
        self.tally.corrected += 1

    def _take_over(self, row: Row, index: int) -> None:
        """Let what a correction does not say stay as it is."""
        here, parent = self._here, int(self._here.parent[index])
        row.feature_code = row.feature_code or self._base.features[here.feature[index]]
        row.population = row.population or int(here.population[index])
        row.extent_km = row.extent_km or float(here.extent_km[index])
        row.countries = row.countries or self._countries(index)
        row.admin1 = row.admin1 or self._province_codes.get(int(here.admin1[index]), "")
        row.parent = row.parent or (here.ids[parent] if parent >= 0 else "")
        rings = self._base.outlines.arrays(index)
        row.outline = row.outline or [ring.astype(np.float64) for ring in rings]
        former = f"{here.ids[index]} {here.sources[index]}".strip()
        row.source = f"{row.source}; instead of {former}"

    def _known(self, place_id: str) -> int | None:
        index = self._ids.get(place_id)
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
                kinds = {self._base.kinds[self._here.kind[index]], self._kind(row)}
                if len(kinds) == 1 or kinds <= INHABITED or kinds <= UNITS:
                    return index
        return None

    def _kind(self, row: Row) -> str:
        return self.kinds[row.feature_code or UNSAID].kind

    def _namesake(self, row: Row) -> int | None:
        """Find the same place under another id: of one name, kind and country, and close by."""
        kind, here = self._kind(row), self._here
        for index, _ in self._base.entries(fold(row.name)):
            if self._base.kind_of(index) != kind or index in self._replaced:
                continue
            if row.place_id.startswith("geonames:") and here.ids[index].startswith("geonames:"):
                continue
            countries = self._countries(index)
            if row.countries and countries and set(row.countries).isdisjoint(countries):
                continue
            away = distance_km(row.lon, row.lat, float(here.lon[index]), float(here.lat[index]))
            if away <= max(SAME_KM.get(kind, 0.0), float(here.extent_km[index])):
                return index
        return None

    def _countries(self, index: int) -> tuple[str, ...]:
        code = self._base.countries[self._here.country_id[index]]
        several = self._base.meta["several"].get(str(index), ())
        return (code,) if code else tuple(several)

    def _append(self, row: Row) -> None:
        row.feature_code = row.feature_code or UNSAID
        if not row.countries:
            code = self._base.country_at(row.lon, row.lat)
            row.countries = (code,) if code else ()
        self._ids.set(row.place_id, self.count)
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= TOGETHER:
            self._flush()

    # Names

    def name(self, alternate: AlternateName) -> None:
        """Add a name to a place of GeoNames, if it is known."""
        index = self._known(f"geonames:{alternate.geonameid}")
        if index is None:
            self.tally.strange_names += 1
        else:
            self._name(index, (alternate.name,))
            self.tally.names += 1
            self.tally.names_of_new += index >= len(self._base)

    def _name(self, index: int, names: Sequence[str]) -> None:
        here = self._here
        bearer = Row(
            "",
            here.names[index],
            self._base.features[here.feature[index]],
            0.0,
            0.0,
            countries=self._countries(index),
            more_names=tuple(names),
            curated=bool(here.curated[index]),
        )
        self._named.append((index, bearer))
        if len(self._named) >= TOGETHER:
            self._flush()

    # To the disk

    def _flush(self) -> None:
        rows, first = self._rows, self.count - len(self._rows)
        if rows:
            print_plainly(rows)
            set_extents(World(self.kinds, rows))
            columns = to_columns(rows, self._numbering, first)
            columns["weight"] = self._weights(rows, columns["weight"])
            columns |= packed_strings("source", [row.source for row in rows])
            self._columns.append(columns)
        named = [*zip(range(first, self.count), rows, strict=True), *self._named]
        for text, index, flags in to_postings(named, self.kinds, self._words):
            self._names.put(text, index << FLAG_BITS | flags)
        self._rows, self._named = [], []
        self._here = _Here(self._columns)

    def _weights(self, rows: list[Row], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        for number, row in enumerate(rows):
            if row.curated:
                weights[number] = OUTRANKING
            elif not row.population:
                town = self.kinds[row.feature_code].kind == "settlement"
                weights[number] *= SETTLEMENT_SHARE if town else OTHER_SHARE
        return weights

    @property
    def entries(self) -> int:
        """How many names are filed, of the base and of what was added."""
        return self._names.count

    def __len__(self) -> int:
        return len(self._ids)

    def write(self, out: Path, added: dict[str, Any], tick: Tick) -> None:
        """Write the new gazetteer whole, with `added` among what it says of itself.

        `tick` hears of the entries that are filed.
        """
        self._flush()
        meta = {**self._base.meta, **added}
        meta.pop("shelves", None)
        if self._replaced:
            self._redirect()
        weight, filed = self._columns["weight"], (marisa_trie.Trie(), dict[str, NDArray[Any]]())
        if self._names.count <= ONE_TRIE:
            filed = self._filed(range(SHELVES), weight, tick)
        else:
            meta["shelves"] = self._write_shelves(out, weight, tick)
        self._columns.append({"by_id": self._ids.ordered(), **filed[1]})
        write_packed(out, filed[0], self._columns, meta)

    def _redirect(self) -> None:
        """Let what lies in a corrected place lie in what stands in for it."""
        for name in ("admin1", "parent"):
            column = self._columns[name]
            for old, new in self._replaced.items():
                column[column == old] = new

    def _write_shelves(self, out: Path, weight: NDArray[np.float32], tick: Tick) -> str:
        """Write the index of names beside the file, and give the name of its folder."""
        taken = Packed(out).meta.get("shelves", "") if out.exists() else ""
        folder = out.with_name(f"{out.stem}-names-{'b' if taken.endswith('a') else 'a'}")
        for number in range(SHELVES):
            trie, columns = self._filed([number], weight, tick)
            write_packed(shelf_file(folder, number), trie, columns, {})
        return folder.name

    def _filed(
        self, shelves: Sequence[int], weight: NDArray[np.float32], tick: Tick
    ) -> tuple[marisa_trie.Trie, dict[str, NDArray[Any]]]:
        """Give the trie of what stands on some shelves, and under each text its places."""
        texts = ({text for text, _ in self._names.shelf(number)} for number in shelves)
        trie = marisa_trie.Trie(text for shelf in texts for text in sorted(shelf))
        ids, entries = array("I"), array("I")
        for number in shelves:
            for text, entry in self._names.shelf(number):
                ids.append(trie[text])
                entries.append(entry)
            tick(self._names.on_shelf(number))
        filed = self._redirected(np.array(entries))
        return trie, sort_entries(np.array(ids), filed, len(trie), weight)

    def _redirected(self, entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Let the names of what was corrected mean what stands in for it."""
        places = entries >> FLAG_BITS
        for old, new in self._replaced.items():
            entries[places == old] += np.uint32((new - old) << FLAG_BITS)
        return entries

    def close(self) -> None:
        """Let go of the files on disk."""
        self._columns.close()
        self._names.close()
        self._ids.close()


class _Here:
    """The columns as they are now, of the base and of what was added.

    Made anew now and then, so that what was looked at does not stay in memory.
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

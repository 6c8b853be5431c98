"""The gazetteer: what places bear a name, and what is known of each."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.errors import ContentError
from geomap.model import Place, Ring
from geomap.places.home import VARIABLE, stamp, user_gazetteer
from geomap.places.index import FLAG_BITS, FLAGS, LONGEST_NAME, MAIN, WORD
from geomap.places.lookup import candidates
from geomap.places.packed import REBUILD, Packed
from geomap.places.rings import Rings
from geomap.places.shelves import Shelves

FILE = "gazetteer.db"
"""Name of the compiled file in `gazetteer/`."""
ADD_AGAIN = "Run `geomap gazetteer add` to compile again what you have added."


_SOURCES = {"geonames": "GeoNames", "icao": "airportsdata"}


class Named(NamedTuple):
    """A name that stands at some position of a text, and the places that bear it."""

    name: str
    places: NDArray[np.int32]
    """Indices, the place that the news speaks of most first."""
    main: NDArray[np.bool_]
    """Whether it is the main name of each place."""
    word: bool
    """Whether it is an ordinary English word as well."""


class Codes:
    """A column of texts, indexed like an array, that takes no memory of its own."""

    def __init__(self, texts: NDArray[np.str_], numbers: NDArray[np.uint16]) -> None:
        self._texts = texts
        self._numbers = numbers

    def __getitem__(self, index: Any) -> Any:
        return self._texts[self._numbers[index]]


class Gazetteer:
    """Places by name and by number, from one compiled file that is mapped, not read.

    Places are numbered; the columns are numpy arrays in that order, for ranking
    many at once: ``lon``, ``lat`` (EPSG:4326), ``population``, ``extent_km``,
    ``country`` (ISO 3166-1 alpha-2, "" where none or several apply; also as
    ``country_id``, index into ``countries``), ``admin1`` and ``parent`` (number of
    the province and of the curated parent, or -1), ``kind`` (index into ``kinds``),
    ``precision`` (geo_precision of the kind),
    ``curated`` (a row of our own tables), ``weight`` (how much the news speaks
    of it, counted in inhabitants of a town).
    """

    def __init__(self, packed: Packed) -> None:
        self.meta: dict[str, Any] = packed.meta
        self.kinds: tuple[str, ...] = tuple(packed.meta["kinds"])
        self.features: tuple[str, ...] = tuple(packed.meta["features"])
        self.lon: NDArray[np.float64] = packed["lon"]
        self.lat: NDArray[np.float64] = packed["lat"]
        self.population: NDArray[np.int64] = packed["population"]
        self.extent_km: NDArray[np.float32] = packed["extent_km"]
        self.countries: tuple[str, ...] = tuple(packed.meta["countries"])
        self.country_id: NDArray[np.uint16] = packed["country_id"]
        self.kind: NDArray[np.uint8] = packed["kind"]
        self.feature: NDArray[np.uint8] = packed["feature"]
        self.precision: NDArray[np.uint8] = packed["precision"]
        self.curated: NDArray[np.bool_] = packed["curated"]
        self.admin1: NDArray[np.int32] = packed["admin1"]
        self.parent: NDArray[np.int32] = packed["parent"]
        self.weight: NDArray[np.float32] = packed["weight"]
        self.outlines = Rings(packed)
        self._ids = packed.strings("id")
        self._names = packed.strings("name")
        self._sources = packed.strings("source")
        self._by_id: NDArray[np.int32] = packed["by_id"]
        self._shelves = Shelves(packed)
        # Single values are read several times faster through a memoryview than from an array.
        self._lon, self._lat = self.lon.data, self.lat.data
        self._kind, self._country = self.kind.data, self.country_id.data
        self._people, self._extent = self.population.data, self.extent_km.data
        self._province, self._parent = self.admin1.data, self.parent.data

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """Open a compiled gazetteer, by default the one that came with geomap.

        Raises
        ------
        ContentError
            If it has not been compiled yet, or by another version.
        """
        return cls(Packed(path or content("gazetteer") / FILE))

    def __len__(self) -> int:
        return len(self.lon)

    # Names

    def lookup(
        self,
        name: str,
        *,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
    ) -> list[Place]:
        """Give all places that a name may mean, best first.

        A name as a place bears it (``exact``; ``folded`` but for diacritics or
        its type word) comes before a town that stands in for something named
        after it (``typed``: "Rafah airport" when only the town is known) and
        before a place that merely sounds alike (``key``; only within
        `countries`). Within a level countries come first, then what the news
        speaks of most; a town goes before the province named after it.

        Parameters
        ----------
        name
            In any spelling, script and case.
        countries
            ISO codes. Places elsewhere stay in the list, far behind.
        near
            lon, lat; farther places weigh less.

        Returns
        -------
        list of Place
            With ``match`` and ``score``, without outlines. Empty if nobody knows
            the name.
        """
        return candidates(self, name, countries, near)

    def entries(self, text: str) -> list[tuple[int, int]]:
        """Give the places filed under a text of the index, each with its flags."""
        shelf = self._shelves.of(text)
        number = shelf.trie.get(text)
        if number is None:
            return []
        return [(entry >> FLAG_BITS, entry & FLAGS) for entry in shelf.entries(number).tolist()]

    def named(self, folded: str) -> Named | None:
        """Give the places that bear a folded name, or None."""
        shelf = self._shelves.of(folded)
        number = shelf.trie.get(folded)
        return None if number is None else self._named(folded, shelf.entries(number))

    def _named(self, name: str, entries: NDArray[np.uint32]) -> Named:
        places = (entries >> FLAG_BITS).astype(np.int32)
        return Named(name, places, entries & MAIN > 0, bool(entries[0] & WORD))

    def prefixes(self, folded: str, start: int = 0) -> list[Named]:
        """Give the names that a folded text holds from a position on to a word's end.

        The shortest first. It is for the caller to begin at a word's start.
        """
        ahead = folded[start : start + LONGEST_NAME + 1]
        shelf = self._shelves.of(ahead)
        return [
            self._named(name, shelf.entries(number))
            for name, number in shelf.trie.iter_prefixes_with_ids(ahead)
            if len(name) == len(ahead) or not ahead[len(name)].isalnum()
        ]

    @cached_property
    def cues_before(self) -> dict[str, frozenset[str]]:
        """Type words that stand before a name ("port of"), and the kinds they speak of."""
        return {word: frozenset(kinds) for word, *kinds in self.meta["cues"]["before"]}

    @cached_property
    def cues_after(self) -> dict[str, frozenset[str]]:
        """Type words that stand after a name ("refugee camp"), and the kinds they speak of."""
        return {word: frozenset(kinds) for word, *kinds in self.meta["cues"]["after"]}

    # Places

    def place(self, index: int) -> Place:
        """Give a place by its number, with its outline if it has one."""
        return self.answer(index, area=self.area(index))

    def answer(
        self, index: int, match: str = "", score: float = 0.0, area: tuple[Ring, ...] = ()
    ) -> Place:
        """Give a place by its number as the answer to a name."""
        country, province = self.countries[self._country[index]], self._province[index]
        parent, place_id = self._parent[index], self._ids[index]
        return Place(
            place_id,
            self._names[index],
            self._lon[index],
            self._lat[index],
            self.kinds[self._kind[index]],
            country,
            self._names[province] if province >= 0 else "",
            self._people[index],
            round(self._extent[index], 2),
            self._sources[index] or _source_of(place_id),
            self._ids[parent] if parent >= 0 else country,
            area,
            match,
            score,
        )

    def index_of(self, place_id: str) -> int | None:
        """Give the number of a place by its id, or None."""
        low, high = 0, len(self._by_id)
        while low < high:
            middle = (low + high) // 2
            if self._ids[self._by_id[middle]] < place_id:
                low = middle + 1
            else:
                high = middle
        found = low < len(self._by_id) and self._ids[self._by_id[low]] == place_id
        return int(self._by_id[low]) if found else None

    def place_by_id(self, place_id: str) -> Place | None:
        """Give a place by its id, or None."""
        index = self.index_of(place_id)
        return None if index is None else self.place(index)

    def name_of(self, index: int) -> str:
        """Give the main name of a place."""
        return self._names[index]

    def kind_of(self, index: int) -> str:
        """Give the kind of a place."""
        return self.kinds[self._kind[index]]

    def countries_of(self, index: int) -> list[str]:
        """Give the ISO codes of all countries that a place belongs to."""
        code = self.countries[self._country[index]]
        several: list[str] = self.meta["several"].get(str(index), []) if not code else [code]
        return several

    def province(self, code: str) -> int | None:
        """Give the number of a province by GeoNames' code ("US.TX", "UA.05"), or None."""
        found: int | None = self.meta["provinces"].get(code)
        return found

    @cached_property
    def country(self) -> Codes:
        """The column of countries as texts."""
        return Codes(np.array(self.countries), self.country_id)

    @cached_property
    def country_numbers(self) -> dict[str, int]:
        """The number of each country, by its ISO 3166-1 alpha-2 code."""
        rows = np.flatnonzero(self.kind == self.kinds.index("country")).tolist()
        return {self.countries[self._country[i]]: i for i in rows}

    # Areas

    def area(self, index: int) -> tuple[Ring, ...]:
        """Give the outer rings of a place, the largest first; none if its outline is not known."""
        return self.outlines.area(index)

    def contains(self, area_index: int, lon: float, lat: float) -> bool:
        """Tell whether a place's outline holds a point; False if it has none."""
        return self.outlines.contain(area_index, lon, lat)

    def country_at(self, lon: float, lat: float) -> str:
        """Give the ISO code of the country at a point, "" at sea.

        Outlines are Natural Earth's at 1:10 million: a kilometre from a border
        or a shore the answer may be the neighbour's.
        """
        places, boxes = self._country_areas
        west, south, east, north = boxes
        near = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
        for index in places[near].tolist():
            if self.contains(index, lon, lat):
                code: str = self.countries[self._country[index]]
                return code
        return ""

    @cached_property
    def _country_areas(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Countries with an outline, the smallest box first: enclaves before what is round them."""
        places, boxes = self.outlines.places, self.outlines.boxes
        is_country = self.kind[places] == self.kinds.index("country")
        west, south, east, north = boxes[is_country].T
        order = np.argsort((east - west) * (north - south), kind="stable")
        return places[is_country][order], boxes[is_country].T[:, order]


def _source_of(place_id: str) -> str:
    kind, _, number = place_id.partition(":")
    source = _SOURCES.get(kind)
    return f"{source} {number}" if source else "Natural Earth"


@lru_cache(maxsize=1)
def default_gazetteer() -> Gazetteer:
    """Give the gazetteer that came with geomap, with what the user has added, opened once.

    Raises
    ------
    ContentError
        If it has not been compiled yet, or what was added was compiled with another one.
    """
    shipped, added = content("gazetteer") / FILE, user_gazetteer()
    if added.exists() or VARIABLE in os.environ:
        try:
            known = Gazetteer.open(added)
        except ContentError as error:
            raise ContentError(error.what, where=error.where, todo=ADD_AGAIN) from None
        if known.meta.get("base", stamp(shipped)) != stamp(shipped):
            raise ContentError("compiled for another geomap", where=str(added), todo=ADD_AGAIN)
        return known
    try:
        return Gazetteer.open(shipped)
    except ContentError as error:
        raise ContentError(error.what, where=f"gazetteer/{FILE}", todo=REBUILD) from None

"""The gazetteer: what places bear a name, and what is known of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.errors import ContentError
from geomap.model import Place, Ring
from geomap.places.packed import REBUILD, Packed
from geomap.places.spelling import fold, key

MAIN, PLAIN, WORD = 1, 2, 4
"""Flags of a name: the place's main name; written without diacritics; an English word too."""
FLAG_BITS = 3
BARE, KEY = "\x1e", "\x1f"
"""First letters of what is no name: names without their type word, and keys."""
SHORTEST_KEY = 3
LONGEST_NAME = 60
"""Letters; longer names are left out, so that a scan never looks farther ahead."""

SURE = {"exact": 0.95, "folded": 0.9, "typed": 0.55, "key": 0.4}
"""Score of the only candidate at each level of match; several share it by weight."""
AT_A_TOWN = frozenset(
    ["airport", "base", "bridge", "camp", "corridor", "crossing", "dam", "district", "facility"]
    + ["hospital", "mine", "neighbourhood", "port", "province", "settlement"]
)
"""Kinds that are called after the town where they are. A lake or a river is elsewhere."""
_OTHER_NAME = 0.3
"""What a place's weight counts for when the name is not its main one."""
_ELSEWHERE = 0.02
"""The same for a place outside the countries that were asked for."""


class Named(NamedTuple):
    """A name that stands at some position of a text, and the places that bear it."""

    name: str
    places: NDArray[np.int32]
    """Indices, the place that the news speaks of most first."""
    main: NDArray[np.bool_]
    """Whether it is the main name of each place."""
    word: bool
    """Whether it is an ordinary English word as well."""


class Gazetteer:
    """Places by name and by index, from one compiled file that is mapped, not read.

    Places are numbered; the columns are numpy arrays in that order, for ranking
    many at once: ``lon``, ``lat`` (EPSG:4326), ``population``, ``extent_km``,
    ``country`` (ISO 3166-1 alpha-2, "" where none or several apply), ``admin1``
    and ``parent`` (index of the province and of the curated parent, or -1),
    ``kind`` (index into ``kinds``), ``precision`` (geo_precision of the kind),
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
        self.country: NDArray[np.str_] = packed["country"]
        self.kind: NDArray[np.uint8] = packed["kind"]
        self.feature: NDArray[np.uint8] = packed["feature"]
        self.precision: NDArray[np.uint8] = packed["precision"]
        self.curated: NDArray[np.bool_] = packed["curated"]
        self.admin1: NDArray[np.int32] = packed["admin1"]
        self.parent: NDArray[np.int32] = packed["parent"]
        self.weight: NDArray[np.float32] = packed["weight"]
        self._ids = packed.strings("id")
        self._names = packed.strings("name")
        self._sources = packed.strings("source")
        self._by_id = packed["by_id"]
        self._trie = packed.trie
        self._entry: NDArray[np.uint32] = packed["entry"]
        self._start: NDArray[np.uint32] = packed["name_entry"]
        self._area_place = packed["area_place"]
        self._area_box = packed["area_box"]
        self._area_ring = packed["area_ring"]
        self._ring_corner = packed["ring_corner"]
        self._corner = packed["corner"]
        self._several: dict[str, list[str]] = packed.meta["several"]

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """Open a compiled gazetteer, by default the one that came with geomap.

        Raises
        ------
        ContentError
            If it has not been compiled yet, or by another version.
        """
        return cls(Packed(path or content("gazetteer") / "gazetteer.db"))

    def __len__(self) -> int:
        return len(self.lon)

    # Names

    def named(self, folded: str) -> Named | None:
        """Give the places that bear a folded name, or None."""
        number = self._trie.get(folded)
        return None if number is None else self._named(folded, number)

    def _named(self, name: str, number: int) -> Named:
        entries = self._entry[self._start[number] : self._start[number + 1]]
        places = (entries >> FLAG_BITS).astype(np.int32)
        return Named(name, places, entries & MAIN > 0, bool(entries[0] & WORD))

    def prefixes(self, folded: str, start: int = 0) -> list[Named]:
        """Give the names that a folded text holds from a position on to a word's end.

        The shortest first. It is for the caller to begin at a word's start.
        """
        ahead = folded[start : start + LONGEST_NAME + 1]
        return [
            self._named(name, number)
            for name, number in self._trie.iter_prefixes_with_ids(ahead)
            if len(name) == len(ahead) or not ahead[len(name)].isalnum()
        ]

    def lookup(
        self,
        name: str,
        *,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
    ) -> list[Place]:
        """Give all places that a name may mean, best first.

        A name as a place bears it comes before one whose type word had to be
        dropped (``typed``: "Rafah airport" when only the town is known) or that
        merely sounds alike (``key``; only within `countries`). Within a level
        countries come first, then by weight, where a settlement goes before the
        province that is named after it.

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
        folded = fold(name)
        levels = [self._exact(name, folded), *self._typed(folded)]
        hits: dict[int, str] = {}
        for level in levels:
            for index, match in level:
                hits.setdefault(index, match)
        if countries and not any(self._within(i, countries) for i in hits):
            for index, match in self._alike(folded, countries):
                hits.setdefault(index, match)
        return self._ranked(folded, hits, countries, near)

    def _entries(self, text: str) -> Iterator[tuple[int, int]]:
        number = self._trie.get(text)
        if number is not None:
            first, last = self._start[number : number + 2].tolist()
            for entry in self._entry[first:last].tolist():
                yield entry >> FLAG_BITS, entry & (1 << FLAG_BITS) - 1

    def _exact(self, name: str, folded: str) -> Iterator[tuple[int, str]]:
        bare = folded[4:] if folded.startswith("the ") else ""
        plain = " ".join(name.split()).casefold() == folded
        for spelled in (folded, bare):
            for index, flags in self._entries(spelled) if spelled else ():
                same = (plain and flags & PLAIN) or (flags & MAIN and self._names[index] == name)
                yield index, "exact" if same else "folded"

    def _typed(self, folded: str) -> Iterator[Iterator[tuple[int, str]]]:
        """Yield places of the type that the name says, or else the town of that name."""
        for base, kinds in self._bases(folded):
            spelled = [i for text in (base, BARE + base) for i, _ in self._entries(text)]
            of_type = [i for i in spelled if self.kinds[self.kind[i]] in kinds]
            yield ((i, "folded") for i in of_type)
            if not of_type and AT_A_TOWN.intersection(kinds):
                towns = (i for i, _ in self._entries(base) if self.kinds[self.kind[i]] in AT_A_TOWN)
                yield ((i, "typed") for i in towns)

    def _bases(self, folded: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the name without a type word, and the kinds that the word speaks of."""
        for word, *kinds in self.meta["cues"]["after"]:
            if folded.endswith(" " + word):
                yield folded[: -len(word) - 1], kinds
                break
        for word, *kinds in self.meta["cues"]["before"]:
            if folded.startswith(word + " "):
                yield folded[len(word) + 1 :].removeprefix("the "), kinds
                break

    def _alike(self, folded: str, countries: Collection[str]) -> Iterator[tuple[int, str]]:
        sound = key(folded)
        if len(sound) >= SHORTEST_KEY:
            for index, _ in self._entries(KEY + sound):
                if self._within(index, countries):
                    yield index, "key"

    def _ranked(
        self,
        folded: str,
        hits: dict[int, str],
        countries: Collection[str],
        near: tuple[float, float] | None,
    ) -> list[Place]:
        if not hits:
            return []
        order = list(SURE)
        main = {i for i, flags in self._entries(folded) if flags & MAIN}
        weights = {}
        for index, match in hits.items():
            weight = float(self.weight[index])
            if match in ("exact", "folded") and index not in main and not self.curated[index]:
                weight *= _OTHER_NAME
            if countries and not self._within(index, countries):
                weight *= _ELSEWHERE
            if near is not None:
                weight /= 1 + (self._distance_km(index, near) / 100) ** 2
            weights[index] = weight
        self._towns_first(hits, weights)
        ranks = {i: (order.index(m) // 2, -weights[i], i) for i, m in hits.items()}
        total = sum(weights.values()) or 1.0
        return [
            self._place(i, hits[i], round(SURE[hits[i]] * weights[i] / total, 4))
            for i in sorted(hits, key=lambda i: ranks[i])
        ]

    def _towns_first(self, hits: dict[int, str], weights: dict[int, float]) -> None:
        """Put a province or district behind the settlement in it that bears its name."""
        units = [i for i in hits if self.kinds[self.kind[i]] in ("province", "district")]
        for unit in units:
            for town in hits:
                inside = self.admin1[town] in (unit, self.admin1[unit])
                if self.kinds[self.kind[town]] == "settlement" and inside:
                    weights[unit] = min(weights[unit], 0.9 * weights[town])

    def _within(self, index: int, countries: Collection[str]) -> bool:
        return any(code in countries for code in self.countries_of(index))

    def _distance_km(self, index: int, point: tuple[float, float]) -> float:
        from geomap.places.measure import distance_km

        return distance_km(point[0], point[1], float(self.lon[index]), float(self.lat[index]))

    # Places

    def place(self, index: int) -> Place:
        """Give a place by its number, with its outline if it has one."""
        return self._place(index, area=self.area(index))

    def _place(
        self, index: int, match: str = "", score: float = 0.0, area: tuple[Ring, ...] = ()
    ) -> Place:
        province, parent = int(self.admin1[index]), int(self.parent[index])
        place_id = self._ids[index]
        return Place(
            place_id,
            self._names[index],
            float(self.lon[index]),
            float(self.lat[index]),
            self.kinds[self.kind[index]],
            str(self.country[index]),
            self._names[province] if province >= 0 else "",
            int(self.population[index]),
            round(float(self.extent_km[index]), 2),
            self._sources[index] or _source_of(place_id),
            self._ids[parent] if parent >= 0 else str(self.country[index]),
            area,
            match,
            score,
        )

    def index_of(self, place_id: str) -> int | None:
        """Give the number of a place by its id, or None."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._ids[self._by_id[middle]] < place_id:
                low = middle + 1
            else:
                high = middle
        found = low < len(self) and self._ids[self._by_id[low]] == place_id
        return int(self._by_id[low]) if found else None

    def place_by_id(self, place_id: str) -> Place | None:
        """Give a place by its id, or None."""
        index = self.index_of(place_id)
        return None if index is None else self.place(index)

    def name_of(self, index: int) -> str:
        """Give the main name of a place."""
        return self._names[index]

    def countries_of(self, index: int) -> list[str]:
        """Give the ISO codes of all countries that a place belongs to."""
        code = str(self.country[index])
        return [code] if code else self._several.get(str(index), [])

    def province(self, code: str) -> int | None:
        """Give the number of a province by GeoNames' code ("US.TX", "UA.05"), or None."""
        found: int | None = self.meta["provinces"].get(code)
        return found

    @cached_property
    def country_codes(self) -> frozenset[str]:
        """ISO 3166-1 alpha-2 codes of all countries."""
        rows = np.flatnonzero(self.kind == self.kinds.index("country"))
        return frozenset(self.country[rows].tolist()) - {""}

    # Areas

    def _area(self, index: int) -> int | None:
        at = int(np.searchsorted(self._area_place, index))
        found = at < len(self._area_place) and self._area_place[at] == index
        return at if found else None

    def rings(self, index: int) -> list[NDArray[np.float32]]:
        """Give the outer rings of a place as arrays of lon, lat, the largest first."""
        at = self._area(index)
        if at is None:
            return []
        first, last = self._area_ring[at : at + 2]
        corners = self._ring_corner[first : last + 1]
        return [self._corner[a:b] for a, b in pairwise(corners.tolist())]

    def area(self, index: int) -> tuple[Ring, ...]:
        """Give the outer rings of a place, the largest first; none if its outline is not known."""
        rings = (np.round(ring.astype(np.float64), 4).tolist() for ring in self.rings(index))
        return tuple(tuple((lon, lat) for lon, lat in ring) for ring in rings)

    def contains(self, area_index: int, lon: float, lat: float) -> bool:
        """Tell whether a place's outline holds a point."""
        at = self._area(area_index)
        if at is None:
            return False
        west, south, east, north = self._area_box[at]
        if not (west <= lon <= east and south <= lat <= north):
            return False
        return any(_holds(ring, lon, lat) for ring in self.rings(area_index))

    def country_at(self, lon: float, lat: float) -> str:
        """Give the ISO code of the country at a point, "" at sea.

        Outlines are Natural Earth's at 1:10 million: a kilometre from a border
        or a shore the answer may be the neighbour's.
        """
        for index in self._country_areas:
            if self.contains(index, lon, lat):
                return str(self.country[index])
        return ""

    @cached_property
    def _country_areas(self) -> list[int]:
        """Countries with an outline, the smallest box first: enclaves before what is round them."""
        is_country = self.kind[self._area_place] == self.kinds.index("country")
        boxes = self._area_box[is_country]
        size = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        found: list[int] = self._area_place[is_country][np.argsort(size, kind="stable")].tolist()
        return found


def _source_of(place_id: str) -> str:
    kind, _, number = place_id.partition(":")
    known = {"geonames": f"GeoNames {number}", "icao": f"airportsdata {number}"}
    return known.get(kind, "Natural Earth")


def _holds(ring: NDArray[np.float32], lon: float, lat: float) -> bool:
    """Tell by the even-odd rule whether a closed ring holds a point."""
    x, y = ring[:, 0], ring[:, 1]
    above = y > lat
    crossing = np.flatnonzero(above[1:] != above[:-1])
    x1, y1, x2, y2 = x[crossing], y[crossing], x[crossing + 1], y[crossing + 1]
    at = x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
    return bool(np.count_nonzero(at > lon) % 2)


@lru_cache(maxsize=1)
def default_gazetteer() -> Gazetteer:
    """Give the gazetteer that came with geomap, opened once.

    Raises
    ------
    ContentError
        If it has not been compiled yet.
    """
    try:
        return Gazetteer.open()
    except ContentError as error:
        raise ContentError(error.what, where="gazetteer/gazetteer.db", todo=REBUILD) from None

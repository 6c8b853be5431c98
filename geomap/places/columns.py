"""Rows as columns: what the compiled gazetteer knows of each place, one array a property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.places.packed import packed_strings
from geomap.places.tables import Kind, Row

CAPITAL, CURATED = 4.0, 10.0
PROVINCE, DISTRICT = 0.2, 0.02
"""What the inhabitants of a place count for: readers of news expect a capital, our own rows
were entered because the news names them, and a town is meant more often than its province."""

PEOPLED = ("country", "settlement", "neighbourhood", "camp", "island")
"""Kinds that the news speaks of the more, the more people live there."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the numbers in the columns stand for.

    ``country_ids`` holds "" for places of several countries or none; ``provinces``
    gives the place of GeoNames' code of a province, ``places`` that of an id, or None.
    """

    kinds: Mapping[str, Kind]
    country_ids: Mapping[str, int]
    provinces: Mapping[str, int]
    places: Callable[[str], int | None]

    @property
    def kind_ids(self) -> dict[str, int]:
        """The number of each kind."""
        return {k: i for i, k in enumerate(sorted({k.kind for k in self.kinds.values()}))}


def number(rows: list[Row], kinds: Mapping[str, Kind]) -> Numbering:
    """Give the numbering of a gazetteer with no places but these."""
    countries = sorted({_country(row) for row in rows} | {""})
    places = {row.place_id: i for i, row in enumerate(rows)}
    return Numbering(
        kinds,
        {code: i for i, code in enumerate(countries)},
        {r.admin1: i for i, r in enumerate(rows) if r.province},
        places.get,
    )


def to_columns(rows: list[Row], numbering: Numbering, first: int = 0) -> dict[str, NDArray[Any]]:
    """Give the columns of some rows, of which the first bears a number."""
    kinds, kind_ids, countries = numbering.kinds, numbering.kind_ids, numbering.country_ids
    feature_ids = {code: i for i, code in enumerate(sorted(kinds))}
    provinces, parents = numbering.provinces, [numbering.places(r.parent) for r in rows]
    return {
        "lon": np.array([r.lon for r in rows], np.float64),
        "lat": np.array([r.lat for r in rows], np.float64),
        "population": np.array([r.population for r in rows], np.int64),
        "extent_km": np.array([r.extent_km for r in rows], np.float32),
        "country_id": np.array(
            [countries.get(_country(r), countries[""]) for r in rows], np.uint16
        ),
        "kind": np.array([kind_ids[kinds[r.feature_code].kind] for r in rows], np.uint8),
        "feature": np.array([feature_ids[r.feature_code] for r in rows], np.uint8),
        "precision": np.array([kinds[r.feature_code].geo_precision for r in rows], np.uint8),
        "curated": np.array([r.curated for r in rows], np.bool_),
        "admin1": np.array([provinces.get(r.admin1, -1) for r in rows], np.int32),
        "parent": np.array([-1 if p is None else p for p in parents], np.int32),
        "weight": np.array([_weight(r, kinds[r.feature_code]) for r in rows], np.float32),
        **packed_strings("id", [r.place_id for r in rows]),
        **packed_strings("name", [r.name for r in rows]),
        **packed_strings("source", [r.source if r.curated else "" for r in rows]),
        **_areas(rows, first),
    }


def _country(row: Row) -> str:
    return row.countries[0] if len(row.countries) == 1 else ""


def _weight(row: Row, kind: Kind) -> float:
    """Give how much the news speaks of a place, counted in inhabitants of a town."""
    if kind.kind == "province":
        weight = max(PROVINCE * row.population, 50_000)
    elif kind.kind == "district":
        weight = max(DISTRICT * row.population, 300)
    elif kind.kind == "settlement" and row.population:
        weight = row.population * (CAPITAL if row.feature_code == "PPLC" else 1)
    elif kind.kind == "airport" and row.population:
        weight = 300
    else:
        weight = kind.prominence + (row.population if kind.kind in PEOPLED else 0)
    return weight * (CURATED if row.curated and kind.kind not in ("country", "continent") else 1)


def _areas(rows: list[Row], first: int) -> dict[str, NDArray[Any]]:
    """Lay the outlines end to end: place -> its rings -> their corners."""
    places = [i for i, row in enumerate(rows) if row.outline]
    rings = [ring for i in places for ring in rows[i].outline]
    boxes = [
        [*np.vstack(rows[i].outline).min(axis=0), *np.vstack(rows[i].outline).max(axis=0)]
        for i in places
    ]
    return {
        "area_place": np.array(places, np.int32) + np.int32(first),
        "area_box": np.array(boxes, np.float32).reshape(-1, 4),
        "area_ring": np.cumsum([0, *(len(rows[i].outline) for i in places)]).astype(np.int32),
        "ring_corner": np.cumsum([0, *(len(ring) for ring in rings)]).astype(np.int32),
        "corner": np.vstack([*rings, np.empty((0, 2))]).astype(np.float32),
    }

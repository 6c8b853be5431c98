"""Which place a name means: each candidate is weighed against the whole document.

Two rounds. The first knows how much the news speaks of a place, type words,
containers ("X, Y") and the countries that the text names; the second adds where
the first has put the other names. What a candidate is worth is a sum of features
times weights; the softmax of that is its share of belief. The weights, and those
of the chance that the best candidate is right, are trained (see `training/`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.places.candidate import Floats, Ints, Name
from geomap.places.gazetteer import Gazetteer

FEATURES = (
    *("weight", "main", "country", "unit", "settlement", "other", "curated"),
    *("country_share", "country_named", "province_share", "inside", "hosted", "holds"),
    *("kind_said", "kind_differs", "near", "around", "far", "neighbour", "joined"),
)
"""What speaks for or against a candidate. docs/geoparsing.md says what each means."""

EVIDENCE = (
    *("margin", "share", "weight", "main", "typed", "key", "alone", "curated"),
    *("country_share", "country_named", "province_share", "inside", "hosted", "near", "kind_said"),
    *("contradicted", "foreign", "foreign_small", "foreign_alone"),
)
"""What the chance that the best candidate is right is made of, besides a constant."""

AREAS = ("country", "province", "district", "region", "island")
"""Kinds of place that others lie in."""

_NEAR_KM, _AROUND_KM, _FAR_KM = 30.0, 120.0, 500.0
_EARTH_KM = 6371.0
_LEAST = 1e-3
_PAIR = 12.0
"""What it speaks for a pair "X, Y" that X lies in Y, in log odds."""
_SAME_KM = 20.0
_REACH_KM = 30.0
"""How far from the point of a town or district a place may be and still be in it."""
_ROUND = 1.5
"""Radii from the middle of an area, within which something may be said to lie in it."""
_BESIDE_KM, _WIDE_KM = 40.0, 250.0
"""How near a place of another country is beside one, or beside a country or province so wide."""
_SMALL = 4.7
"""Feature `weight` below which readers do not know a place by its name alone."""
_DOUBT = 0.3
_SPOKEN_OF = 0.05
"""Part of a text's names beyond which it speaks of their country."""
_FAMOUS = 2e7
"""Weight beyond which a place is not meant any more often."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Trained numbers: of the two rounds, in the order of `FEATURES`, and of the chance.

    ``threshold`` and ``abroad`` are the chances below which a name gets no point, in
    countries that the text speaks of and in others.
    """

    first: Floats
    second: Floats
    chance: Floats
    threshold: float
    abroad: float

    def needed(self, name: Name) -> float:
        """Give the chance that a name needs for a point: a pin in a wrong country is worst."""
        seen = dict(zip(EVIDENCE, name.evidence.tolist(), strict=True))
        spoken = seen["country_named"] > 0 or seen["country_share"] > _SPOKEN_OF
        return self.threshold if spoken or seen["foreign"] == 0 else self.abroad

    def enough(self, name: Name) -> bool:
        """Tell whether the best candidate of a name gets its point."""
        return name.chosen >= 0 and name.score >= self.needed(name)


@cache
def default_weights() -> Weights:
    """Read the shipped weights, once."""
    path = content("gazetteer/model/resolution.json")
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    first, second = (
        np.array([stored[name].get(f, 0.0) for f in FEATURES]) for name in ("first", "second")
    )
    chance = np.array([stored["chance"].get(e, 0.0) for e in ("constant", *EVIDENCE)])
    return Weights(first, second, chance, stored["threshold"], stored["abroad"])


def resolve(
    names: list[Name],
    gazetteer: Gazetteer,
    spoken: Mapping[str, float],
    weights: Weights | None = None,
) -> None:
    """Fill in share, choice and score of every name that has candidates.

    Parameters
    ----------
    names
        As `candidate.find_names` gives them.
    spoken
        Countries that the text speaks of, with how often.
    """
    known = [name for name in names if len(name.places)]
    if not known:
        return
    weights = weights or default_weights()
    table = Table(known, gazetteer, spoken)
    table.judge(table.first_round(), weights.first)
    table.judge(table.second_round(), weights.second)
    for name, evidence in zip(known, table.evidence(), strict=True):
        name.evidence = evidence
        chance = weights.chance[0] + weights.chance[1:] @ evidence
        name.score = float(1 / (1 + np.exp(-chance)))


class Table:
    """All candidates of all names, one below the other."""

    def __init__(
        self, names: list[Name], gazetteer: Gazetteer, spoken: Mapping[str, float]
    ) -> None:
        self.names, self.gazetteer = names, gazetteer
        sizes = [len(n.places) for n in names]
        self.place: Ints = np.concatenate([n.places for n in names])
        self.owner = np.repeat(np.arange(len(names)), sizes)
        self.starts = np.cumsum([0, *sizes[:-1]])
        self.ends = np.cumsum(sizes)
        self.start_of = {id(name): int(s) for name, s in zip(names, self.starts, strict=True)}
        keys = list(dict.fromkeys(n.key for n in names))
        self.family = np.array([keys.index(n.key) for n in names])
        """Names that are spelled alike do not speak for one another."""
        self.count = np.array([min(len(n.mentions), 3) for n in names], float)
        self.kind = gazetteer.kind[self.place]
        self.country = gazetteer.country[self.place]
        self.province = gazetteer.admin1[self.place]
        lon, lat = np.radians(gazetteer.lon[self.place]), np.radians(gazetteer.lat[self.place])
        self.point = np.stack(
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1
        )
        self.is_country = self.kind == gazetteer.kinds.index("country")
        self.area_kinds = {gazetteer.kinds.index(k) for k in AREAS}
        self.is_province = self.kind == gazetteer.kinds.index("province")
        self.named = dict(spoken)
        self.spoken = self._spoken(spoken)
        weight = gazetteer.weight[self.place].astype(float)
        self.share = weight / np.add.reduceat(weight, self.starts)[self.owner]
        self.features = np.zeros((len(self.place), len(FEATURES)))

    def _spoken(self, spoken: Mapping[str, float]) -> Floats:
        """Give how often each candidate's country is named."""
        codes = np.array(list(spoken) or [""])
        times = np.array(list(spoken.values()) or [0.0])
        order = np.argsort(codes)
        codes, times = codes[order], times[order]
        at = np.minimum(np.searchsorted(codes, self.country), len(codes) - 1)
        return np.where((codes[at] == self.country) & (self.country != ""), times[at], 0.0)

    def judge(self, features: Floats, weights: Floats) -> None:
        """Share belief among the candidates of each name."""
        worth = features @ weights
        best = np.maximum.reduceat(worth, self.starts)[self.owner]
        power = np.exp(worth - best)
        self.share = power / np.add.reduceat(power, self.starts)[self.owner]
        self.features = features
        for name, start, end in zip(self.names, self.starts, self.ends, strict=True):
            name.share = self.share[start:end]
            name.features = features[start:end]
            name.chosen = int(np.argmax(name.share))

    def first_round(self) -> Floats:
        """Give what can be said of each candidate by itself and of its country."""
        gazetteer, kinds = self.gazetteer, self.gazetteer.kinds
        unit = np.isin(self.kind, [kinds.index("province"), kinds.index("district")])
        settlement = self.kind == kinds.index("settlement")
        features = np.zeros((len(self.place), len(FEATURES)))
        columns = {
            "weight": np.log10(np.minimum(gazetteer.weight[self.place], _FAMOUS) + 1.0),
            "main": np.concatenate([n.main for n in self.names]),
            "country": self.is_country,
            "unit": unit,
            "settlement": settlement,
            "other": ~(self.is_country | unit | settlement),
            "curated": gazetteer.curated[self.place],
            "country_share": self._shared(self.country, self.spoken),
            "country_named": np.log1p(self.spoken),
            "province_share": self._shared(self.province, 0.0) * (self.province >= 0),
            **self._said(),
        }
        for name, column in columns.items():
            features[:, FEATURES.index(name)] = column
        return features

    def _shared(self, group: NDArray[Any], spoken: Floats | float) -> Floats:
        """Give the part of the document's other names that lies in a candidate's group."""
        _, codes = np.unique(group, return_inverse=True)
        belief = self.share * self.count[self.owner]
        total = np.bincount(codes, belief)
        size = int(codes.max()) + 1
        family = self.family[self.owner]
        own = np.bincount(family * size + codes, belief, minlength=len(self.names) * size)
        others = self.count.sum() - np.bincount(self.family, self.count)[family]
        mass = total[codes] - own[family * size + codes] + spoken
        return np.asarray(np.where(group == group.dtype.type(), 0.0, mass / (others + 1.0)))

    def _said(self) -> dict[str, Floats]:
        """Give what type words and containers say."""
        said = {
            name: np.zeros(len(self.place))
            for name in ("inside", "hosted", "holds", "kind_said", "kind_differs")
        }
        number = {id(name): n for n, name in enumerate(self.names)}
        for name, start, end in zip(self.names, self.starts, self.ends, strict=True):
            here = slice(start, end)
            if name.kinds:
                fits = np.isin(self.kind[here], list(name.kinds))
                said["kind_said"][here], said["kind_differs"][here] = fits, ~fits
            for outer, column in [
                *((c, "inside") for c in name.containers),
                *((h, "hosted") for h in name.hosts),
            ]:
                if id(outer) in number:
                    there = number[id(outer)]
                    holds = slice(self.starts[there], self.ends[there])
                    within = self._within(here, holds)
                    said[column][here] = np.maximum(
                        said[column][here], np.minimum(within @ self.share[holds], 1.0)
                    )
                    said["holds"][holds] = np.maximum(said["holds"][holds], within.max(axis=0))
        return said

    def _within(self, inner: slice, outer: slice) -> Floats:
        """Tell which candidates of one name (rows) lie in which of another (columns)."""
        country = self.country[inner][:, None] == self.country[outer]
        province = self.province[inner][:, None] == self.place[outer]
        reach = np.maximum(self.gazetteer.extent_km[self.place[outer]], _REACH_KM)
        near = self.point[inner] @ self.point[outer].T >= np.cos(reach / _EARTH_KM)
        within = np.where(
            self.is_country[outer], country, np.where(self.is_province[outer], province, near)
        )
        return np.asarray(within & ~self.is_country[inner][:, None], float)

    def second_round(self) -> Floats:
        """Add where the first round has put the other names."""
        features = self.features.copy()
        features[:, FEATURES.index("country_share")] = self._shared(self.country, self.spoken)
        features[:, FEATURES.index("province_share")] = self._shared(self.province, 0.0) * (
            self.province >= 0
        )
        for name, column in self._said().items():
            features[:, FEATURES.index(name)] = column
        for name, column in self._closeness().items():
            features[:, FEATURES.index(name)] = column
        features[:, FEATURES.index("joined")] = self._joined()
        return features

    def _joined(self) -> Floats:
        """Give what each candidate of "X" and "Y" gains if "X, Y" are judged as a pair.

        "Athens, Georgia" is neither the best known Athens nor the best known
        Georgia, but the only pair of which one lies in the other.
        """
        total, pairs = np.zeros(len(self.place)), np.zeros(len(self.names))
        number = {id(name): n for n, name in enumerate(self.names)}
        for n, name in enumerate(self.names):
            for m in {number[id(c)] for c in name.containers if id(c) in number}:
                inner = slice(self.starts[n], self.ends[n])
                outer = slice(self.starts[m], self.ends[m])
                odds = np.log(self.share[inner, None] + 1e-9) + np.log(self.share[outer] + 1e-9)
                odds += _PAIR * self._within(inner, outer)
                belief = np.exp(odds - odds.max())
                belief /= belief.sum()
                total[inner] += belief.sum(axis=1)
                total[outer] += belief.sum(axis=0)
                pairs[n] += 1
                pairs[m] += 1
        of = pairs[self.owner]
        gain = (total / np.maximum(of, 1.0) + _LEAST) / (self.share + _LEAST)
        return np.where(of > 0, np.log(gain), 0.0)

    def _closeness(self) -> dict[str, Floats]:
        """Give how near a candidate lies to the places believed in for the other names."""
        best = self.starts + np.array([n.chosen for n in self.names])
        wide = self.gazetteer.extent_km[self.place[best]] > 2 * _AROUND_KM
        belief = np.where(wide, 0.0, self.share[best])
        cosine = np.clip(self.point @ self.point[best].T, -1.0, 1.0)
        km = _EARTH_KM * np.arccos(cosine)
        alike = self.family[self.owner][:, None] == self.family
        trust = np.where(alike, 0.0, belief)
        beside = self._beside()[self.owner]
        total = np.maximum(trust.sum(axis=1), 1e-9)
        return {
            "near": (trust * np.exp(-km / _NEAR_KM)).max(axis=1),
            "around": (trust * np.exp(-km / _AROUND_KM)).max(axis=1),
            "far": (trust * np.exp(-km / _FAR_KM)).sum(axis=1) / total,
            "neighbour": (trust * beside * np.exp(-km / _AROUND_KM)).max(axis=1),
        }

    def _beside(self) -> Floats:
        """Tell which names are mentioned next to each other."""
        owner = {k: n for n, name in enumerate(self.names) for k in name.mentions}
        beside = np.zeros((len(self.names), len(self.names)))
        for k, n in owner.items():
            for step in (1, 2):
                other = owner.get(k + step)
                if other is not None and other != n:
                    beside[n, other] = beside[other, n] = 1.0
        return beside

    def evidence(self) -> Floats:
        """Give a row of `EVIDENCE` for each name, of its best candidate."""
        rows = np.zeros((len(self.names), len(EVIDENCE)))
        elsewhere, beside = self._elsewhere(), self._across_borders()
        for n, name in enumerate(self.names):
            share, rival = self._same_spot(n)
            best = dict(zip(FEATURES, name.features[name.chosen].tolist(), strict=True))
            foreign = max(elsewhere[n] - best["country_share"], 0.0) * (not best["country"])
            foreign *= not beside[n]
            alone = len(name.share) == 1
            seen = {
                **best,
                "margin": np.log((share + 1e-3) / (rival + 1e-3)),
                "share": share,
                "typed": name.level == "typed",
                "key": name.level == "key",
                "near": best["around"],
                "alone": alone,
                "contradicted": self._is_contradicted(name),
                "foreign": foreign,
                "foreign_small": foreign * (best["weight"] < _SMALL),
                "foreign_alone": foreign * alone,
            }
            rows[n] = [seen[e] for e in EVIDENCE]
        return rows

    def _same_spot(self, n: int) -> tuple[float, float]:
        """Give the belief in the best candidate and what lies at its spot, and in the best other.

        Gazetteers hold some places twice, and a town lies in the district named after it.
        """
        here, name = slice(self.starts[n], self.ends[n]), self.names[n]
        points = self.point[here]
        same = points @ points[name.chosen] >= np.cos(_SAME_KM / _EARTH_KM)
        same &= self.country[here] == self.country[here][name.chosen]
        rival = name.share[~same].max() if not same.all() else 0.0
        return float(name.share[same].sum()), float(rival)

    def _is_contradicted(self, name: Name) -> bool:
        """Tell whether the text says what a name lies in, and its best candidate does not."""
        holders = [h for h in (*name.containers, *name.hosts) if h.chosen >= 0]
        areas = [h for h in holders if self.gazetteer.kind[h.places[h.chosen]] in self.area_kinds]
        best = name.features[name.chosen]
        said = max(best[FEATURES.index("inside")], best[FEATURES.index("hosted")])
        return bool(areas) and said < _DOUBT and not any(self._is_by(name, area) for area in areas)

    def _is_by(self, name: Name, area: Name) -> bool:
        """Tell whether a name may lie in a wide area: its radius is one round the middle."""
        km = self._km(name, area)
        return bool(km <= _ROUND * self.gazetteer.extent_km[area.places[area.chosen]])

    def _across_borders(self) -> NDArray[np.bool_]:
        """Tell which places lie beside another of the text, though it may be in another country."""
        best = self.starts + np.array([n.chosen for n in self.names])
        km = _EARTH_KM * np.arccos(np.clip(self.point[best] @ self.point[best].T, -1.0, 1.0))
        reach = _BESIDE_KM + np.minimum(self.gazetteer.extent_km[self.place[best]], _WIDE_KM)
        others = self.family[:, None] != self.family
        return np.asarray((others & (km <= reach)).any(axis=1))

    def _km(self, name: Name, other: Name) -> float:
        """Give how far apart the best candidates of two names are."""
        points = [self.point[self.start_of[id(n)] + n.chosen] for n in (name, other)]
        return float(_EARTH_KM * np.arccos(np.clip(points[0] @ points[1], -1.0, 1.0)))

    def _elsewhere(self) -> Floats:
        """Give for each name the part of the text's other names that one other country holds."""
        codes, number = np.unique(self.country, return_inverse=True)
        at = {str(code): i for i, code in enumerate(codes)}
        chosen = self.starts + np.array([n.chosen for n in self.names])
        own = number[chosen]
        belief = np.zeros((len(self.names), len(codes) + 1))
        np.add.at(belief, (self.owner, number), self.share * self.count[self.owner])
        spoken = np.zeros(len(codes) + 1)
        for code, times in self.named.items():
            spoken[at.get(code, len(codes))] += times
        alike = (self.family[:, None] == self.family).astype(float)
        mass = belief.sum(axis=0) - alike @ belief + spoken
        others = self.count.sum() - alike @ self.count
        mass[:, number[self.country == ""]] = 0.0
        mass[np.arange(len(mass)), own] = 0.0
        return np.asarray(mass.max(axis=1) / (others + 1.0))

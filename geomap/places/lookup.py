"""Which places a name may mean, best first: by how it matches, then by what the news means."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from geomap.model import Place
from geomap.places.index import BARE, KEY, KIN, LONGEST_TYPE, MAIN, PLAIN, SHORTEST_KEY
from geomap.places.measure import distance_km
from geomap.places.spelling import fold, key, likeness

if TYPE_CHECKING:
    from geomap.places.gazetteer import Gazetteer

SURE = {"exact": 0.95, "folded": 0.9, "typed": 0.55, "key": 0.4}
"""Score of the only candidate at each level of match; several share it by their odds."""
_RANK = {"exact": 0, "folded": 0, "typed": 1, "key": 2}
"""An accent more or less does not outweigh what the news means; a type word or a sound does."""

AT_A_TOWN = frozenset(
    (
        *("airport", "base", "bridge", "camp", "crossing", "dam", "district"),
        *("facility", "hospital", "mine", "neighbourhood", "port", "province", "settlement"),
    )
)
"""Kinds that are called after the town where they are. A lake or a river is elsewhere."""

CURATED, SPELLING, OTHER_NAME = 0.7, 0.5, 0.005
"""What a place's weight counts for when the name is not its main one but an other name in our
own tables; a spelling of the main name; or a name of its own: "Victoria" was Hong Kong's."""
UNTYPED = 0.1
"""The same for what news calls by its type word, when that is missing: the Dnipro River
where "Dnipro" is written, which is the city."""
UNITS = frozenset(("province", "district"))
TYPED_KINDS = frozenset(
    (
        *("airport", "base", "bridge", "canal", "corridor", "crossing", "dam", "facility"),
        *("hospital", "lake", "mine", "mountain", "park", "port", "river", "wadi"),
    )
)
"""Kinds whose name holds a type word as a rule."""
ELSEWHERE = 0.02
"""The same for a place outside the countries that were asked for."""
NAMESAKE, SEAT = 0.4, 0.3
"""The same for a province at most, of the weight of the town in it that bears its name, if
that town weighs this share of the province: a hamlet called after it does not count."""
ALIKE = 0.75
"""Likeness to the main name that a place needs to be found by its key. Without it 16 in 100
names that a country does not have find a wrong place there, with it 8; 2 in 100 right ones
are lost."""
NEAR_KM = 100.0
"""Distance at which a place counts half."""
ODDS = 0.6
"""Power of the weight that a score is shared by: one town of ten times the size is not
ten times as likely to be meant."""


def candidates(
    known: Gazetteer,
    name: str,
    countries: Collection[str] = (),
    near: tuple[float, float] | None = None,
) -> list[Place]:
    """Give the places that a name may mean; `Gazetteer.lookup` says how."""
    folded = fold(name)
    hits = _exact(known, name, folded) or _typed(known, folded)
    if countries and not any(_within(known, i, countries) for i in hits):
        hits = {**_alike(known, folded, countries), **hits}
    if not hits:
        return []
    weights = {i: _weight(known, i, flags) for i, (_, flags) in hits.items()}
    for index in weights:
        if countries and not _within(known, index, countries):
            weights[index] *= ELSEWHERE
        if near is not None:
            km = distance_km(*near, float(known.lon[index]), float(known.lat[index]))
            weights[index] /= 1 + (km / NEAR_KM) ** 2
    if len(hits) > 1 and not _units_first(known, folded, weights):
        _towns_first(known, weights)
    odds = {i: weight**ODDS for i, weight in weights.items()}
    total = sum(odds.values()) or 1.0
    order = sorted(hits, key=lambda i: (_RANK[hits[i][0]], -weights[i], i))
    return [
        known.answer(i, hits[i][0], round(SURE[hits[i][0]] * odds[i] / total, 4)) for i in order
    ]


Hits = dict[int, tuple[str, int]]
"""Place: level of match, and flags of the name that matched."""


def _exact(known: Gazetteer, name: str, folded: str) -> Hits:
    plain = " ".join(name.split()).casefold() == folded
    entries = known.entries(folded)
    if not entries and folded.startswith("the "):
        entries = known.entries(folded[4:])
    hits = {}
    for index, flags in entries:
        main = bool(flags & MAIN)
        as_written = (plain and flags & PLAIN) or (main and known.name_of(index) == name)
        hits[index] = ("exact" if as_written else "folded", flags)
    return hits


def _typed(known: Gazetteer, folded: str) -> Hits:
    """Give places of the type that the name says, or else the town of that name."""
    hits: Hits = {}
    for base, kinds in _bases(known, folded):
        spelled = [*known.entries(base), *known.entries(BARE + base)]
        of_type = {i: f for i, f in spelled if known.kind_of(i) in kinds}
        if of_type:
            hits |= {i: ("folded", f | MAIN) for i, f in of_type.items()}
        elif AT_A_TOWN.intersection(kinds):
            towns = {i: f for i, f in known.entries(base) if known.kind_of(i) in AT_A_TOWN}
            hits |= {i: ("typed", f) for i, f in towns.items() if i not in hits}
    return hits


def _bases(known: Gazetteer, folded: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the name without a type word, and the kinds that the word speaks of."""
    words = folded.removeprefix("the ").split(" ")
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        kinds = known.cues_after.get(" ".join(words[-count:]))
        if kinds:
            yield " ".join(words[:-count]), kinds
            break
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        kinds = known.cues_before.get(" ".join(words[:count]))
        if kinds:
            yield " ".join(words[count:]).removeprefix("the "), kinds
            break


def _alike(known: Gazetteer, folded: str, countries: Collection[str]) -> Hits:
    """Give the places in some countries whose name may be another romanisation of this one."""
    sound = key(folded)
    if len(sound) < SHORTEST_KEY:
        return {}
    alike = (i for i, _ in known.entries(KEY + sound) if _within(known, i, countries))
    return {i: ("key", MAIN) for i in alike if likeness(folded, known.name_of(i)) >= ALIKE}


def _weight(known: Gazetteer, index: int, flags: int) -> float:
    weight = float(known.weight[index])
    if flags & MAIN:
        return weight
    if known.kind_of(index) in TYPED_KINDS:
        weight *= UNTYPED
    if not flags & KIN:
        return weight * OTHER_NAME
    return weight * (CURATED if known.curated[index] else SPELLING)


def _within(known: Gazetteer, index: int, countries: Collection[str]) -> bool:
    """Tell whether a place lies in one of some countries; open seas and shoals may for any."""
    own = known.countries_of(index)
    return not own or any(code in countries for code in own)


def _units_first(known: Gazetteer, folded: str, weights: dict[int, float]) -> bool:
    """Put what a name says it is before the town that GeoNames files under it too."""
    said = next((kinds for _, kinds in _bases(known, folded)), frozenset())
    units = [i for i in weights if known.kind_of(i) in UNITS & said]
    for index in weights if units else ():
        if known.kind_of(index) not in UNITS:
            weights[index] = min(weights[index], NAMESAKE * max(weights[u] for u in units))
    return bool(units)


def _towns_first(known: Gazetteer, weights: dict[int, float]) -> None:
    """Put a province or district behind the settlement in it that bears its name."""
    kinds = {index: known.kind_of(index) for index in weights}
    towns = [index for index, kind in kinds.items() if kind == "settlement"]
    units = [index for index, kind in kinds.items() if kind in ("province", "district")]
    for unit in units:
        homes = {unit, int(known.admin1[unit])} - {-1}
        for town in towns:
            if int(known.admin1[town]) in homes and weights[town] >= SEAT * weights[unit]:
                weights[unit] = min(weights[unit], NAMESAKE * weights[town])

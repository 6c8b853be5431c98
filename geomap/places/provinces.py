"""Provinces and districts: GeoNames' names and codes joined with Natural Earth's outlines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from geomap.places import packages, tables
from geomap.places.area import direction_of
from geomap.places.english import UNIT_WORDS, stem
from geomap.places.outline import Map, distance_km, inner_point, joined
from geomap.places.spelling import fold
from geomap.places.tables import Outline, Row

SEAT_KM = 30.0
"""Radius of a district of which only the seat is known, or so few towns that they span nothing."""
FEW = 3


Seats = Mapping[tuple[str, str], tuple[float, float]]
"""Points of towns by the code of their province, or of their country, and their folded name."""


def provinces(
    units: list[tables.Unit],
    subdivisions: list[packages.Subdivision],
    seats: Seats,
) -> list[Row]:
    """Join GeoNames' subdivisions with Natural Earth's outlines; towns place the rest.

    Parameters
    ----------
    seats
        Where the towns lie that a unit of their name is placed by, if nothing else is known.
    """
    units = _with_own_names([unit for unit in units if unit.name])
    subdivisions = [s for s in subdivisions if s.code.count(".") in (1, 2)]
    matcher = _Matcher(units, subdivisions)
    drawn: dict[str, tuple[packages.Subdivision, list[tables.Unit]]] = {}
    below: dict[str, list[Outline]] = defaultdict(list)
    rows: list[Row] = []
    for number, unit in enumerate(units):
        found = matcher.find(number)
        if found is not None:
            drawn.setdefault(found.code, (found, []))[1].append(unit)
            below[found.code.rpartition(".")[0]].append(unit.rings)
        else:
            home = matcher.home(number)
            rows.append(_unmatched(unit, home))
            below[home].append(unit.rings)
    rows += [_province(found, parts) for found, parts in drawn.values()]
    rows += [unit for found, parts in drawn.values() for unit in _merged(found, parts)]
    for subdivision in subdivisions:
        if subdivision.code not in drawn:
            row = _placed_by_parts(subdivision, below.get(subdivision.code, []))
            row = row or _placed_by_seat(subdivision, seats)
            if row is not None:
                rows.append(row)
    return rows


class _Matcher:
    """Finds GeoNames' unit for one of Natural Earth's.

    Natural Earth's GeoNames numbers and ISO codes are often its neighbour's, so
    that several things speak for a match: the towns that two units share, a
    name, the ISO code, the number.
    """

    SHARED_NAME, SAME_ISO, SAME_NUMBER = 0.3, 0.2, 0.1
    """What each is worth, where sharing all towns is worth 1."""
    ENOUGH = 0.45

    def __init__(self, units: list[tables.Unit], subdivisions: list[packages.Subdivision]) -> None:
        self._units = units
        self._codes = {s.code: s for s in subdivisions}
        self._numbers = {s.number: s.code for s in subdivisions if s.number}
        self._isos = {s.iso: s.code for s in reversed(subdivisions) if s.iso}
        self._names: dict[tuple[str, str], list[str]] = defaultdict(list)
        for unit in subdivisions:
            for name in _unit_names(unit.name, *unit.others):
                self._names[unit.code[:2], name].append(unit.code)
        self._towns = self._count_towns(subdivisions)

    def _count_towns(self, subdivisions: list[packages.Subdivision]) -> list[Counter[str]]:
        """Give for each outline how many towns of each subdivision lie in it."""
        towns = [(lon, lat, s.code) for s in subdivisions for lon, lat, *_ in s.towns]
        votes: list[Counter[str]] = [Counter() for _ in self._units]
        outlines = Map([(str(i), unit.rings) for i, unit in enumerate(self._units)])
        found = outlines.at([t[0] for t in towns], [t[1] for t in towns])
        for (_, _, code), inside in zip(towns, found, strict=True):
            for number in inside:
                votes[int(number)][code] += 1
        return votes

    def find(self, number: int) -> packages.Subdivision | None:
        """Give the subdivision that most speaks for, if enough does."""
        unit, votes = self._units[number], self._towns[number]
        named = self._names.get((unit.country, fold(unit.name_en or unit.name)), [])
        possible = {self._isos.get(unit.iso, ""), self._numbers.get(unit.geonames or 0, ""), *named}
        possible |= {code for code, _ in votes.most_common(4)}
        scores = [(self._score(number, code), code) for code in sorted(possible - {""})]
        best, code = max(scores, default=(0.0, ""))
        return self._codes[code] if best >= self.ENOUGH else None

    def _score(self, number: int, code: str) -> float:
        unit, found = self._units[number], self._codes[code]
        shared = self._towns[number][code]
        level = found.code.count(".")
        within = sum(n for c, n in self._towns[number].items() if c.count(".") == level)
        names = _unit_names(unit.name, unit.name_en, *unit.others, *unit.names.values())
        return (
            shared / max(1, within + len(found.towns) - shared)
            + self.SHARED_NAME * bool(names & _unit_names(found.name, *found.others))
            + self.SAME_ISO * (found.iso == unit.iso)
            + self.SAME_NUMBER * (found.number == unit.geonames)
        )

    def home(self, number: int) -> str:
        """Give the code of the province that most towns in an outline belong to, or ""."""
        votes = {c: n for c, n in self._towns[number].items() if c.count(".") == 1}
        return max(votes, key=lambda c: (votes[c], c), default="")


def _unit_names(*names: str) -> set[str]:
    """Fold names, with and without their type word."""
    return {fold(form) for name in names for form in (name, stem(name))} - {""}


def _with_own_names(units: list[tables.Unit]) -> list[tables.Unit]:
    """Leave out other names that several units of a country share: those are their region's."""
    shared = Counter((u.country, fold(name)) for u in units for name in set(u.others))
    return [
        u._replace(others=[name for name in u.others if shared[u.country, fold(name)] == 1])
        for u in units
    ]


def _level(code: str) -> str:
    return "ADM1" if code.count(".") == 1 else "ADM2"


def _province(found: packages.Subdivision, units: list[tables.Unit]) -> Row:
    """Give a unit of GeoNames the outline and the names that Natural Earth has."""
    first = units[0] if len(units) == 1 else None
    name = _english_name(found, first)
    names = [found.name, *found.others]
    if first:
        names += [first.name, *first.names.values(), *first.others]
        if first.type and name.isascii():
            names.append(f"{name} {first.type}")
    outline = first.rings if first else joined(unit.rings for unit in units)
    lon, lat = _label(first) if first else inner_point(outline)
    return Row(
        f"geonames:{found.number}",
        name,
        _level(found.code),
        lon,
        lat,
        countries=(found.code[:2],),
        names=tuple(dict.fromkeys(names)),
        admin1=".".join(found.code.split(".")[:2]),
        population=sum(t[2] for t in found.towns),
        source=f"GeoNames {found.number}; Natural Earth",
        province=_level(found.code) == "ADM1",
        outline=outline,
    )


def _english_name(found: packages.Subdivision, unit: tables.Unit | None) -> str:
    """Choose the name that English news uses: Natural Earth's if GeoNames knows it as well.

    Else the one that stands before an English type word ("Odesa" of "Odesa
    Oblast"). A bare "North" names nothing, so that one keeps its type word.
    """
    known = {fold(name) for name in (found.name, *found.others)}
    known |= {name.rpartition(" ")[0] for name in known if name.endswith(UNIT_WORDS)}
    for name in (unit.name_en, unit.name) if unit else ():
        stem = fold(name)
        declined = len(stem) >= 5 and any(re.match(f"{re.escape(stem)}[a-z]", k) for k in known)
        if (stem in known or declined) and direction_of(name) is None:
            return name
    if unit and " " in unit.name and direction_of(unit.name.split()[0]):
        return unit.name
    for name in found.others:
        base, _, word = name.rpartition(" ")
        if name.isascii() and word.lower() in UNIT_WORDS:
            return name if direction_of(base.removeprefix("The ")) else base
    if direction_of(found.name) and (found.type or unit):
        return f"{found.name} {found.type or (unit and unit.type) or 'Region'}"
    return found.name


def _merged(found: packages.Subdivision, parts: list[tables.Unit]) -> list[Row]:
    """Give the units that were merged into one: news goes on to speak of them."""
    known = _unit_names(found.name, *found.others)
    return [
        _unmatched(unit, found.code)
        for unit in parts
        if len(parts) > 1 and not known & {fold(unit.name), fold(unit.name_en)}
    ]


def _unmatched(unit: tables.Unit, home: str) -> Row:
    """Give a unit that GeoNames does not list: a part of a province, if towns say of which."""
    lon, lat = _label(unit)
    code = unit.iso[:2] if unit.iso[:2].isalpha() else unit.country
    return Row(
        f"naturalearth:{unit.ne}",
        unit.name_en or unit.name,
        "ADM2" if home else "ADM1",
        lon,
        lat,
        countries=(code,) if len(code) == 2 else (),
        names=(unit.name, *unit.names.values(), *unit.others, *_former_names(unit)),
        admin1=home or unit.iso,
        source="Natural Earth",
        province=not home,
        outline=unit.rings,
    )


def _former_names(unit: tables.Unit) -> list[str]:
    """Give a unit's names with its type: news goes on to speak of provinces that were merged."""
    names = (unit.name_en, unit.name) if unit.type else ()
    return [f"{name} {unit.type}" for name in dict.fromkeys(names) if name]


def _label(unit: tables.Unit) -> tuple[float, float]:
    """Give Natural Earth's label point if it lies in the box of the largest ring."""
    west, south = unit.rings[0].min(axis=0)
    east, north = unit.rings[0].max(axis=0)
    inside = west <= unit.lon <= east and south <= unit.lat <= north
    return (unit.lon, unit.lat) if inside else inner_point(unit.rings)


def _placed_by_parts(unit: packages.Subdivision, parts: list[Outline]) -> Row | None:
    """Place a unit without an outline of its own by its districts, its seat or its towns."""
    outline = joined(parts) if parts else []
    if outline:
        lon, lat = inner_point(outline)
        extent = 0.0
    elif unit.towns:
        lons, lats, _, names = (np.array(column) for column in zip(*unit.towns, strict=True))
        seat = [i for i, name in enumerate(names) if fold(name) == fold(unit.name)]
        lon, lat = (lons[seat[0]], lats[seat[0]]) if seat else (lons.mean(), lats.mean())
        spread = float(np.sort(distance_km(lon, lat, lons, lats))[int(0.9 * (len(lons) - 1))])
        few = SEAT_KM if len(names) < FEW else 10.0
        least, most = (40.0, 300.0) if _level(unit.code) == "ADM1" else (few, 80.0)
        extent = round(min(max(spread * 1.2, least), most), 1)
    else:
        return None
    row = _listed(unit, float(lon), float(lat))
    row.extent_km, row.outline = extent, outline
    row.source += "; Natural Earth" if outline else ""
    return row


def _placed_by_seat(unit: packages.Subdivision, seats: Seats) -> Row | None:
    """Place a unit that no town is said to lie in by the town that bears its name."""
    codes = (".".join(unit.code.split(".")[:2]), unit.code[:2])
    names = sorted(_unit_names(unit.name, *unit.others))
    found = [seats[code, name] for code in codes for name in names if (code, name) in seats]
    if not found or not unit.number:
        return None
    row = _listed(unit, *found[0])
    row.extent_km = SEAT_KM
    return row


def _listed(unit: packages.Subdivision, lon: float, lat: float) -> Row:
    """Give a unit as GeoNames lists it, at a point."""
    return Row(
        f"geonames:{unit.number}",
        _english_name(unit, None),
        _level(unit.code),
        round(lon, 4),
        round(lat, 4),
        countries=(unit.code[:2],),
        names=(unit.name, *unit.others),
        admin1=".".join(unit.code.split(".")[:2]),
        population=sum(t[2] for t in unit.towns),
        province=_level(unit.code) == "ADM1",
        source=f"GeoNames {unit.number}",
    )

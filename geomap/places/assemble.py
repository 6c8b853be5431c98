"""One list of places from all sources: joined where they speak of the same place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from geomap.places import english, packages, tables
from geomap.places.outline import (
    Map,
    area_of,
    cut,
    distance_km,
    inner_point,
    joined,
    reach_km,
    simplified,
    without,
)
from geomap.places.provinces import provinces
from geomap.places.spelling import fold, plain
from geomap.places.tables import Kind, Outline, Row
from geomap.places.waters import named_seas

COUNTRY_TOLERANCE, COUNTRY_ISLET = 0.008, 0.0004
REGION_TOLERANCE, REGION_ISLET = 0.1, 0.05
"""Degrees and square degrees."""

Point = tuple[float, float]
TOWN_KM = 0.01
"""Radius of a town of one inhabitant; a hundred times as many have ten times the radius."""
WIDE_KM = 50.0
"""Regions, rivers and ranges that reach so far are not said to be in one province."""
SAME_KM = {"settlement": 3.0, "airport": 8.0, "base": 8.0, "province": 300.0, "district": 25.0}
"""A curated place and another of the same name, kind and country are one if so near."""
INHABITED = frozenset({"settlement", "neighbourhood", "camp"})
UNITS = frozenset({"province", "district", "region", "country"})
_GEONAMES = re.compile(r"GeoNames (\d+)")
_SCHOLARLY = """
AE AF BD BH BT DJ DZ EG EH ER ET IL IN IQ IR JO KH KM KW LA LB LK LY MA MM MR NP OM PK PS QA SA SD
SO SS SY TD TH TJ TN YE
"""
SCHOLARLY = frozenset(_SCHOLARLY.split())
"""Countries whose own script is not Latin and that GeoNames romanises with diacritics."""
CRIMEA = ("UA-43", "UA-40")
"""Units that ISO 3166-2 counts to Ukraine, GeoNames too, and Natural Earth's countries do not."""
NOT_A_PROVINCE = "-99-X06~"
"""The Siachen Glacier, which Natural Earth's provinces call Kashmir."""
SAHARA_LAT = 27 + 40 / 60
"""The northern boundary of Western Sahara; Natural Earth draws the line of control instead."""
PART_OF = {"Somaliland": "SO", "Northern Cyprus": "CY", "Cyprus No Mans Area": "CY"}
"""Natural Earth's countries without an ISO code, and whose code their territory has there."""


@dataclass
class World:
    """All places, and what was found wrong with our tables on the way."""

    kinds: dict[str, Kind]
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def kind(self, row: Row) -> str:
        """Give the kind of a row's feature code."""
        return self.kinds[row.feature_code].kind


def assemble(folder: Path, progress: Callable[[str], None]) -> World:
    """Read every source under `folder` and in the source packages.

    Rows of our own tables come first and take over what GeoNames and Natural
    Earth know of the same place: names, population, outline. A row that cannot
    be used is named in ``problems`` and left out.
    """
    problems: list[str] = []
    world = World(tables.read_kinds(folder, problems), problems=problems)
    progress("outlines")
    units = [u for u in tables.read_admin1(folder) if u.iso != NOT_A_PROVINCE]
    countries, seas = packages.read_natural_earth()
    own_countries = _countries(tables.read_countries(folder, problems), countries, units)
    own = _known(tables.read_places(folder, problems), world)
    own += _regions(tables.read_regions(folder, problems), own_countries)
    progress("towns")
    towns = list(packages.read_towns())
    progress("provinces and districts")
    names = english.read_names(folder, problems)
    subdivisions = [english.named(s, names) for s in packages.read_subdivisions()]
    units_of_countries = provinces(units, subdivisions, _seats(towns, own, world))
    english.name_places([*units_of_countries, *towns], names, problems)
    english.add_typed_names(units_of_countries, english.read_units(folder, problems))
    progress("one place from several sources")
    others = [
        *units_of_countries,
        *towns,
        *named_seas(folder, seas, problems),
        *packages.read_airports(),
    ]
    world.rows = [*own_countries, *own, *_not_taken(own_countries + own, others, world)]
    print_plainly(world.rows)
    set_extents(world)
    _set_admin1(world)
    return world


def _seats(towns: list[Row], own: list[Row], world: World) -> dict[tuple[str, str], Point]:
    """Give where towns lie, by their province and name, and our own by their country and name.

    A name that two of our rows bear in one country places nothing.
    """
    found: dict[tuple[str, str], Point] = {}
    for row in sorted(towns, key=lambda row: row.population):
        found[row.admin1, fold(row.name)] = row.lon, row.lat
    inhabited = [row for row in own if world.kind(row) == "settlement" and len(row.countries) == 1]
    named = [(row.countries[0], fold(n)) for row in inhabited for n in {row.name, *row.names}]
    times = Counter(named)
    for row in inhabited:
        for name in (row.name, *row.names):
            if times[row.countries[0], fold(name)] == 1:
                found[row.countries[0], fold(name)] = row.lon, row.lat
    return found


def print_plainly(rows: list[Row]) -> None:
    """Let scholarly romanisations be other names, and the plain ones the main names."""
    for row in rows:
        if not row.curated and not SCHOLARLY.isdisjoint(row.countries):
            name = plain(row.name)
            if name != row.name:
                row.name, row.names = name, (row.name, *row.names)


def _known(rows: Iterable[Row], world: World) -> list[Row]:
    """Leave out rows whose feature code or id cannot be used, and say so."""
    kept, seen = [], set()
    for row in rows:
        if row.feature_code not in world.kinds:
            world.problems.append(f"{row.where}: feature code {row.feature_code!r} is unknown")
        elif row.place_id in seen:
            world.problems.append(f"{row.where}: a second row with id {row.place_id!r}")
        else:
            kept.append(row)
            seen.add(row.place_id)
    return kept


def _countries(
    rows: list[Row], countries: list[tuple[str, str, Outline]], units: list[tables.Unit]
) -> list[Row]:
    """Give countries their outlines and their names in the languages of the news."""
    parts: dict[str, list[Outline]] = defaultdict(list)
    for name, code, outline in countries:
        parts[code or PART_OF.get(name, "")].append(outline)
    departments: dict[str, list[Outline]] = defaultdict(list)
    crimea: Outline = []
    for unit in units:
        departments[unit.country].append(unit.rings)
        departments[unit.iso[-2:]].append(unit.rings)
        if unit.iso in CRIMEA:
            crimea = joined([crimea, unit.rings]) if crimea else unit.rings
    names = packages.read_country_names()
    for row in rows:
        code = row.countries[0]
        outlines = parts[code] or departments[code]
        if code == "UA":
            outlines = [*outlines, crimea]
        elif code == "EH":
            outlines = [*outlines, *parts["MA"]]
        if outlines:
            whole = joined(outlines) if len(outlines) > 1 else outlines[0]
            if code == "RU":
                whole = without(whole, crimea, 0.05)
            elif code in ("EH", "MA"):
                whole = cut(whole, SAHARA_LAT, north=code == "MA")
            row.outline = simplified(whole, COUNTRY_TOLERANCE, COUNTRY_ISLET)
        row.more_names = tuple(sorted(names.get(code, ())))
    return rows


def _regions(rows: list[Row], countries: list[Row]) -> list[Row]:
    """Give regions that are made of countries the outline of these."""
    outlines = {row.countries[0]: row.outline for row in countries if row.outline}
    for row in rows:
        members = [outlines[code] for code in row.countries if code in outlines]
        row.outline = simplified(joined(members), REGION_TOLERANCE, REGION_ISLET)
        if row.lon != row.lon:
            row.lon, row.lat = inner_point(row.outline)
    return rows


def _not_taken(own: list[Row], others: list[Row], world: World) -> list[Row]:
    """Give our rows what others know of the same place, and return the other places."""
    ours: dict[str, list[Row]] = defaultdict(list)
    named: dict[str, list[Row]] = defaultdict(list)
    for row in own:
        for place_id in {row.place_id, *(f"geonames:{n}" for n in _GEONAMES.findall(row.source))}:
            ours[place_id].append(row)
        for name in {fold(n) for n in (row.name, *row.names)}:
            named[name].append(row)
    rest = []
    for row in others:
        same = _citing(row, ours.get(row.place_id, ()), world)
        same = same or _namesake(row, named.get(fold(row.name), ()), world)
        if same is None:
            rest.append(row)
            continue
        same.more_names = (*same.more_names, row.name, *row.names)
        same.population = same.population or row.population
        same.outline = same.outline or row.outline
        if {world.kind(row), world.kind(same)} <= UNITS or world.kind(row) == world.kind(same):
            same.admin1, same.province = row.admin1, same.province or row.province
    return rest


def _citing(row: Row, rows: Iterable[Row], world: World) -> Row | None:
    """Give the row that names another as its source because it is that place.

    Of several the one that shares a name with it: the others lie nearby.
    """
    alike = [r for r in rows if _alike(r, row, world)]
    names = {fold(name) for name in (row.name, *row.names)}
    named = [r for r in alike if names & {fold(n) for n in (r.name, *r.names)}]
    return next(iter(named or alike), None)


def _alike(row: Row, other: Row, world: World) -> bool:
    """Tell whether a row that cites another is that place, and not something in it."""
    kinds = {world.kind(row), world.kind(other)}
    return len(kinds) == 1 or kinds <= INHABITED or kinds <= UNITS


def _namesake(row: Row, candidates: Iterable[Row], world: World) -> Row | None:
    kind = world.kind(row)
    for same in candidates:
        pair = {kind, world.kind(same)}
        one_unit = pair <= UNITS and fold(row.name) == fold(same.name)
        if (len(pair) > 1 and not one_unit) or (same.province and row.province):
            continue
        if world.kind(same) == "country" and _is_part(row, same):
            continue
        if kind in ("sea", "strait"):
            return same
        away = float(distance_km(row.lon, row.lat, same.lon, same.lat))
        if away <= SAME_KM.get(kind, 0) and set(row.countries) <= set(same.countries):
            return same
    return None


def _is_part(row: Row, country: Row) -> bool:
    """Tell a province that bears its country's name (Guatemala) from one that fills it."""
    outlines = row.outline and country.outline
    return bool(outlines) and area_of(row.outline) < area_of(country.outline) / 2


def set_extents(world: World) -> None:
    """Set the extent of every row: from its outline, its size or its kind."""
    for row in world.rows:
        if row.outline and not (row.curated and row.extent_km):
            row.extent_km = reach_km(row.lon, row.lat, row.outline)
        elif not row.extent_km:
            known = world.kinds[row.feature_code].extent_km
            if world.kind(row) == "settlement":
                known = max(1.0, round(TOWN_KM * row.population**0.5, 1))
            row.extent_km = known


def _set_admin1(world: World) -> None:
    """Find the province of each place that does not name it."""
    provinces = {r.admin1: r for r in world.rows if r.province}
    drawn = Map([(code, row.outline) for code, row in provinces.items() if row.outline])
    missing = [
        row
        for row in world.rows
        if row.admin1 not in provinces
        and len(row.countries) == 1
        and world.kind(row) not in ("country", "sea", "continent")
        and (row.extent_km < WIDE_KM or world.kind(row) == "settlement")
    ]
    for row, codes in zip(
        missing, drawn.at([r.lon for r in missing], [r.lat for r in missing]), strict=True
    ):
        fits = [code for code in codes if provinces[code].countries == row.countries]
        row.admin1 = fits[0] if fits else ""

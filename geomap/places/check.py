"""Check our own tables of places: every problem of every file, named in one run."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import shapely

from geomap.content import content
from geomap.places import tables
from geomap.places.gazetteer import FILE, Gazetteer
from geomap.places.measure import distance_km
from geomap.places.outline import to_shape
from geomap.places.spelling import fold
from geomap.places.tables import Kind, Outline, Row

BORDER_KM = 5.0
"""How far outside its country's outline a place may lie: outlines are coarse at 1:10 million."""
COAST_KM = 15.0
"""The same at sea, where the outlines leave out islets."""
OFFSHORE = ("island", "sea", "strait", "facility", "cape", "park", "canal", "border")
ZONE_KM = 370.0
"""Islets, gas fields and the like belong to a country within 200 nautical miles of it."""
PARENT_SLACK = 1.3
"""A child may lie so many times the parent's extent from the parent's point."""
LARGEST_KM = 6000.0
SAME_SPOT_KM, SAME_PLACE_KM = 0.05, 1.0
_PLACE_ID = re.compile(r"geomap:[a-z0-9]+(?:-[a-z0-9]+)*")


def check_tables(folder: Path | None = None) -> list[str]:
    """Verify every row of our tables and every outline.

    Shapes of files, ranges, unknown codes and parents, duplicates, missing
    sources, order; that a country's outline and the parent hold the place; that
    no two places of one country and kind share a spelling at one spot; that
    rings are closed and do not cross themselves.

    Returns
    -------
    list of str
        ``file:line: what is wrong``, in the order of files and lines; empty if
        all is well.

    Raises
    ------
    ContentError
        If the gazetteer, whose outlines of countries are needed, is not compiled.
    """
    folder = folder or content("gazetteer")
    known = Gazetteer.open(content("gazetteer") / FILE)
    problems: list[str] = []
    kinds = tables.read_kinds(folder, problems)
    rows = tables.read_places(folder, problems)
    countries = tables.read_countries(folder, problems)
    regions = tables.read_regions(folder, problems)
    for row in rows:
        problems += _check_row(row, kinds)
        kind = kinds[row.feature_code].kind if row.feature_code in kinds else ""
        problems += _check_country(row, kind, known)
    problems += _check_duplicates([*rows, *countries, *regions], kinds)
    problems += _check_parents(rows, regions)
    problems += _check_collisions(rows, kinds)
    problems += _check_order(rows)
    for region in regions:
        for code in sorted(set(region.countries) - set(known.country_numbers)):
            problems.append(f"{region.where}: member {code!r} is no country")
    return sorted(set(problems), key=_position)


def _position(problem: str) -> tuple[str, int, str]:
    file, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdigit() else 0, rest


def _check_row(row: Row, kinds: dict[str, Kind]) -> Iterator[str]:
    if not _PLACE_ID.fullmatch(row.place_id):
        yield f"{row.where}: place_id {row.place_id!r} is not geomap:words-and-hyphens"
    if row.feature_code not in kinds:
        yield f"{row.where}: feature code {row.feature_code!r} is not in kinds.csv"
    if not 0 < row.extent_km <= LARGEST_KM:
        yield f"{row.where}: extent_km {row.extent_km:g} is not between 0 and {LARGEST_KM:g}"
    if row.population < 0:
        yield f"{row.where}: population {row.population} is below 0"
    if not row.source:
        yield f"{row.where}: no source; name where the point comes from"
    elif ";" not in row.source and "single source" not in row.note:
        yield f"{row.where}: one source only; add another, or the note 'single source'"
    spelled = [fold(name) for name in (row.name, *row.names)]
    for name in sorted({n for n in (row.name, *row.names) if not fold(n)}):
        yield f"{row.where}: the spelling {name!r} has no letters"
    if not spelled[0]:
        yield f"{row.where}: a name is needed"
    yield from _check_outline(row, row.outline)


def _check_outline(row: Row, outline: Outline) -> Iterator[str]:
    where = f"{row.where}: outline of {row.place_id}"
    for ring in outline:
        if tuple(ring[0]) != tuple(ring[-1]):
            yield f"{where} is not closed"
        elif not shapely.LinearRing(ring).is_simple:
            yield f"{where} crosses itself"
        if abs(ring[:, 0]).max() > 180 or abs(ring[:, 1]).max() > 90:
            yield f"{where} leaves the globe"
    if outline:
        away = to_shape(outline).distance(shapely.Point(row.lon, row.lat))
        reach = row.extent_km / 111
        if away > max(reach, 0.05):
            yield f"{where} lies {away * 111:.0f} km from the place's point"


def _check_country(row: Row, kind: str, known: Gazetteer) -> Iterator[str]:
    for code in row.countries:
        if code not in known.country_numbers:
            yield f"{row.where}: country {code!r} is no ISO 3166-1 alpha-2 code we know"
            return
    at = known.country_at(row.lon, row.lat)
    if not row.countries or at in row.countries:
        return
    away = min(_km_to_country(row, code, known) for code in row.countries)
    offshore = not at and kind in OFFSHORE
    slack = ZONE_KM if offshore else BORDER_KM if at else COAST_KM
    if away > max(slack, row.extent_km):
        lies = f"in {at}" if at else "at sea"
        yield f"{row.where}: {row.lon}, {row.lat} lies {lies}, {away:.0f} km from " + (
            " ".join(row.countries)
        )


def _km_to_country(row: Row, code: str, known: Gazetteer) -> float:
    """Give how far a place lies from the nearest corner or side of a country's outline."""
    rings = known.outlines.arrays(known.country_numbers[code])
    shape = shapely.MultiLineString([ring.astype(float) for ring in rings])
    if shape.is_empty:
        return 0.0
    near = shapely.shortest_line(shapely.Point(row.lon, row.lat), shape).coords[1]
    return distance_km(row.lon, row.lat, near[0], near[1])


def _check_duplicates(rows: list[Row], kinds: dict[str, Kind]) -> Iterator[str]:
    seen: dict[str, str] = {}
    numbers: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.place_id in seen:
            yield f"{row.where}: place_id {row.place_id!r} stands in {seen[row.place_id]} too"
        seen.setdefault(row.place_id, row.where)
        kind = kinds[row.feature_code].kind if row.feature_code in kinds else ""
        for number in re.findall(r"GeoNames (\d+)", row.source)[:1]:
            other = numbers.setdefault((number, kind), row)
            near = distance_km(row.lon, row.lat, other.lon, other.lat) <= SAME_PLACE_KM
            if other is not row and near:
                yield f"{row.where}: {kind} {other.place_id} is GeoNames {number} too"


def _check_parents(rows: list[Row], regions: list[Row]) -> Iterator[str]:
    by_id = {row.place_id: row for row in (*rows, *regions)}
    for row in rows:
        if not row.parent:
            continue
        parent = by_id.get(row.parent)
        if parent is None:
            yield f"{row.where}: parent {row.parent!r} is in no table"
        elif parent is row:
            yield f"{row.where}: is its own parent"
        else:
            yield from _check_within(row, parent)
    for row in rows:
        above, chain = by_id.get(row.parent), [row.place_id]
        while above is not None and above.place_id not in chain:
            chain.append(above.place_id)
            above = by_id.get(above.parent)
        if above is not None and above is not row and above.place_id == chain[0]:
            yield f"{row.where}: its parents go round in a circle: {' > '.join(chain)}"


def _check_within(row: Row, parent: Row) -> Iterator[str]:
    away = distance_km(row.lon, row.lat, parent.lon, parent.lat)
    if parent.extent_km and away > PARENT_SLACK * parent.extent_km + row.extent_km + 1:
        yield (
            f"{row.where}: lies {away:.1f} km from its parent {parent.place_id}, "
            f"whose extent is {parent.extent_km:g} km"
        )
    if parent.countries and row.countries and set(row.countries).isdisjoint(parent.countries):
        yield f"{row.where}: is in {row.countries[0]}, its parent in {' '.join(parent.countries)}"


def _check_collisions(rows: list[Row], kinds: dict[str, Kind]) -> Iterator[str]:
    """Find two rows of one kind, near each other, that one spelling could mean."""
    named: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        kind = kinds[row.feature_code].kind if row.feature_code in kinds else row.feature_code
        for name in {fold(n) for n in (row.name, *row.names)}:
            named[kind, name].append(row)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_id = {row.place_id: row for row in rows}
    for (_, name), same in sorted(named.items()):
        for one, other in itertools.combinations(same, 2):
            near = distance_km(one.lon, one.lat, other.lon, other.lat)
            if near <= max(one.extent_km, other.extent_km, SAME_SPOT_KM):
                shared[one.place_id, other.place_id].append(name)
    for (first, second), names in shared.items():
        yield f"{by_id[second].where}: {second} and {first} are one spot, both called " + (
            ", ".join(repr(name) for name in names)
        )


def _check_order(rows: list[Row]) -> Iterator[str]:
    files: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for row in rows:
        file, _, line = row.where.partition(":")
        files[file].append((int(line), row))
    for file in sorted(files):
        ordered = [row for _, row in sorted(files[file], key=lambda r: r[0])]
        for before, after in itertools.pairwise(ordered):
            if before.place_id > after.place_id:
                yield (
                    f"{after.where}: {after.place_id} stands below {before.place_id}; "
                    "sort the rows by place_id"
                )

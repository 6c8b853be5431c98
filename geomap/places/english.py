"""English names of GeoNames' places: from `names.csv`, and with type words from `units.csv`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from geomap.places import packages
from geomap.places.spelling import fold
from geomap.places.tables import Row, read_table, split_names

UNITS = ("country", "level", "words")
NAMES = ("geonames", "name", "names", "source")
UNIT_WORDS = (
    *("governorate", "province", "oblast", "state", "region", "prefecture", "district"),
    *("county", "department", "krai", "republic", "division", "emirate", "voivodeship"),
)
"""English words that stand after the name of a province or district."""
Names = Mapping[str, tuple[str, list[str]]]
"""By place_id the name in English news, or "", and other names."""


def read_unit_words(folder: Path, problems: list[str]) -> dict[tuple[str, int], list[str]]:
    """Read `units.csv`: what English calls the units of a country, by its code and their level."""
    return {
        (cells["country"], int(cells["level"])): cells["words"].split("; ")
        for _, cells in read_table(folder / "units.csv", UNITS, problems)
    }


def read_names(folder: Path, problems: list[str]) -> dict[str, tuple[str, list[str]]]:
    """Read `names.csv` by place_id: the name in English news, or "", and others."""
    return {
        f"geonames:{cells['geonames']}": (cells["name"], split_names(cells["names"]))
        for _, cells in read_table(folder / "names.csv", NAMES, problems)
    }


def named(
    unit: packages.Subdivision, names: dict[str, tuple[str, list[str]]]
) -> packages.Subdivision:
    """Give a unit the English names that we know, for its match to outlines and seats."""
    name, others = names.get(f"geonames:{unit.number}", ("", []))
    return unit._replace(others=(*unit.others, *filter(None, (name, *others))))


def name_places(
    rows: list[Row], names: dict[str, tuple[str, list[str]]], problems: list[str]
) -> None:
    """Give places of GeoNames the names by which English news knows them."""
    unknown = dict(names)
    for row in rows:
        if row.place_id in unknown:
            name, others = unknown.pop(row.place_id)
            row.english = tuple(filter(None, (name, *others)))
            row.names = tuple(dict.fromkeys((row.name, *others, *row.names)))
            row.name = name or row.name
    problems += [f"gazetteer/names.csv: no package knows {place_id}" for place_id in unknown]


def add_typed_names(rows: list[Row], words: Mapping[tuple[str, int], list[str]]) -> None:
    """Give units their names with the type word that English puts behind them too.

    Parameters
    ----------
    words
        What English calls the units of a country, as `tables.read_unit_words` gives it.
    """
    for row in rows:
        row.names += tuple(_typed_names(row, words))


def _typed_names(row: Row, words: Mapping[tuple[str, int], list[str]]) -> Iterator[str]:
    said = [
        word for code in row.countries for word in words.get((code, int(row.feature_code[-1])), [])
    ]
    for name in dict.fromkeys((row.name, *(n for n in row.names if n.isascii()))):
        last = fold(name).rpartition(" ")[2]
        if last not in (*UNIT_WORDS, *said):
            yield from (f"{name} {word}" for word in said)

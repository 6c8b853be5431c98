"""English names of GeoNames' places: from `names.csv`, and with type words from `units.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from geomap.places import packages
from geomap.places.area import direction_of
from geomap.places.spelling import fold
from geomap.places.tables import Row, read_table, split_names

UNITS = ("country", "level", "words", "feature_code")
NAMES = ("geonames", "name", "names", "source")
UNIT_WORDS = (
    *("governorate", "province", "oblast", "state", "region", "prefecture", "district"),
    *("county", "department", "krai", "republic", "division", "emirate", "voivodeship"),
)
"""English words that stand after the name of a province or district."""
_LEADING = re.compile(
    r"(?:Kabupaten|Kota(?: Administrasi)?|Shahrest[aā]n-e|Qeza-î|Markaz|Amphoe|Huyện|Quận|Thị Xã"
    r"|Thành Phố|Degmada|Obshtina|Nefat|Cantón|Gorodskoy Okrug|Raionul|Powiat"
    r"|(?:Commune|Province) of|Qaḑā[’'`]"
    r"|(?:Caza|Daïra|Cercle|D[ée]l[ée]gation|D[ée]partement|Arrondissement|Commune|Ville|Municipio"
    r"|Circunscr[iì][çc][ãa]o|Concelho|Distrito|Prov[ií]ncia) (?:de la|de|del|du|do|da|di)) +(?=\w)"
    r"|(?:Caza|Daïra|Cercle|Département|Arrondissement) d[’'‘]\s*"
)
"""Foreign type words that stand before the name of a unit: "Kabupaten Nduga"."""
_TRAILING = re.compile(r"(?i) +(?:cercle|zone|ra[iy]on|wereda|woreda|agency|i̇lçesi)$")
_ENGLISH = re.compile(
    r"(?i) +(?:locality|canton|commune|municipality|sub-county|local government area|"
    + "|".join(UNIT_WORDS)
    + ")$"
)
Names = Mapping[str, tuple[str, list[str]]]
"""By place_id the name in English news, or "", and other names."""


def bare_name(name: str) -> str:
    """Give the name of a unit without a foreign type word before or behind it.

    Examples
    --------
    >>> bare_name("Shahrestān-e Khāsh"), bare_name("Koro Cercle"), bare_name("Caza de Tyr")
    ('Khāsh', 'Koro', 'Tyr')
    >>> bare_name("Cook County"), bare_name("Zone"), bare_name("Quận 12")
    ('Cook County', 'Zone', 'Quận 12')
    """
    return _without(name, _LEADING, _TRAILING)


def stem(name: str) -> str:
    """Give the name of a unit without any type word, English ones too."""
    return _without(bare_name(name), _ENGLISH)


def _without(name: str, *words: re.Pattern[str]) -> str:
    bare = name
    for pattern in words:
        bare = pattern.sub("", bare, count=1).strip()
    return bare if bare[:1].isalpha() and not direction_of(bare) else name


class Unit(NamedTuple):
    """What English calls the units of one level in a country, and the code of their kind."""

    words: list[str]
    feature_code: str


def read_units(folder: Path, problems: list[str]) -> dict[tuple[str, str], Unit]:
    """Read `units.csv` by country and GeoNames' code of the level."""
    return {
        (cells["country"], f"ADM{cells['level']}"): Unit(
            cells["words"].split("; "), cells["feature_code"]
        )
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


def add_typed_names(rows: list[Row], units: Mapping[tuple[str, str], Unit]) -> None:
    """Give units their names with the type word that English puts behind them too.

    They get the kind that English counts them to as well: the Philippines' regions are
    seldom spoken of, their provinces always.

    Parameters
    ----------
    units
        As `read_units` gives them.
    """
    for row in rows:
        if _LEADING.match(row.name) and not row.name.startswith("Kota"):
            row.names, row.name = (row.name, *row.names), bare_name(row.name)
        kind = units.get((row.countries[0] if row.countries else "", row.feature_code))
        words = kind.words if kind else []
        row.names = tuple(dict.fromkeys((*row.names, *_typed_names(row, words))))
        row.feature_code = kind.feature_code if kind else row.feature_code


def _typed_names(row: Row, words: list[str]) -> Iterator[str]:
    """Yield names without type words, and those with the English ones."""
    latin = [name for name in (row.name, *row.names) if fold(name).isascii()]
    for name in dict.fromkeys(bare_name(name) for name in latin):
        if name not in (row.name, *row.names):
            yield name
        if fold(name).rpartition(" ")[2] not in (*UNIT_WORDS, *words):
            yield from (f"{name} {word}" for word in words)

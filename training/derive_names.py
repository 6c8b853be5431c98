"""Write gazetteer/context/names.csv: personal names from two packages, none picked by hand.

    pip install -e ".[train]"
    python training/derive_names.py

`names` carries the US Census Bureau's lists of 1990 (public domain) with how common each
name is; Faker (MIT) carries names of some ninety languages and countries, of which those in
Latin letters are taken that are no English words, in small letters, or peoples.
"""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import names
from faker.providers import person

from geomap.content import content
from geomap.places.gazetteer import default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.spelling import fold

RANKS = {"first": 2800, "last": 6000}
"""How many of the Census Bureau's names are kept."""
LISTS = {
    "first": ("first_names", "first_romanized_names"),
    "last": ("last_names", "last_romanized_names"),
}
KNOWN = 1_000_000
"""Weight of a place beyond which it is thought of before a person."""
LATIN = 0x0250
"""Letters below are Latin."""


def census(role: str) -> list[str]:
    """Give the Census Bureau's names, the commonest first."""
    folder = Path(names.__file__).parent
    share: dict[str, float] = {}
    for path in sorted(folder.glob(f"dist.*{role}")):
        for line in path.read_text(encoding="ascii").splitlines():
            name, percent, *_ = line.lower().split()
            share[name] = share.get(name, 0.0) + float(percent)
    return sorted(share, key=lambda name: (-share[name], name))[: RANKS[role]]


def worldwide(role: str) -> set[str]:
    """Give Faker's names in Latin letters, folded."""
    found = set()
    for language in pkgutil.iter_modules(person.__path__):
        if language.ispkg:
            provider = importlib.import_module(f"{person.__name__}.{language.name}").Provider
            for column in vars(provider):
                if column.startswith(LISTS[role]):
                    found |= set(words(getattr(provider, column)))
    return {fold(name) for name in found if len(name) > 1 and ord(max(name)) < LATIN}


def words(listed: Any) -> Iterator[str]:
    """Give the single words of a list of names, of pairs with weights, or of spellings."""
    for entry in listed if isinstance(listed, Iterable) else ():
        if not isinstance(entry, str):
            yield from words(entry)
        elif " " not in entry:
            yield entry


def means_a_place(name: str) -> bool:
    """Tell whether news readers think of a place first: a country, a state, a large town."""
    gazetteer = default_gazetteer()
    named = gazetteer.named(name)
    return named is not None and bool(named.main[0] and gazetteer.weight[named.places[0]] > KNOWN)


def main() -> None:
    """Write the table."""
    rows = {}
    lexicon = default_lexicon()
    english = lexicon.tiers.keys() | lexicon.cues.keys() | lexicon.demonyms.keys()
    for role in RANKS:
        found = sorted(worldwide(role) - english)
        rows |= {(name, role): ("", "Faker") for name in found if not means_a_place(name)}
        ranked = enumerate(census(role), start=1)
        rows |= {(fold(name), role): (str(rank), "US Census 1990") for rank, name in ranked}
    with (content("gazetteer/context") / "names.csv").open("w", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("name", "role", "rank", "source"))
        table.writerows((*key, *row) for key, row in sorted(rows.items()))
    print(f"wrote names.csv, {len(rows)} names")


if __name__ == "__main__":
    main()

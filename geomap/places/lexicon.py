"""The words that speak for or against a place name: `gazetteer/context/` and `maps/actors.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from geomap.content import content
from geomap.errors import ContentError
from geomap.places.spelling import fold

CUES = (
    *("title", "first_person", "speech", "person_verb", "preposition", "weak_preposition"),
    *("direction", "street", "street_lead", "facility", "kind", "kind_of", "organisation"),
    *("organisation_of", "ship", "generic", "month", "calendar", "function"),
    *("article", "particle", "abbreviated", "locative", "honorific"),
)
"""What `cues.csv` may call a word; its README says what each means."""

BIT = {cue: 1 << i for i, cue in enumerate(CUES)}


class Abbreviation(NamedTuple):
    """What a short form stands for; some count only after a comma ("Gainesville, Va.")."""

    name: str
    country: str
    kind: str
    after_comma: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of English news, folded.

    Attributes
    ----------
    cues
        Word or words to the bits (`BIT`) of the cues that they give.
    demonyms
        Peoples and languages to the countries that they point to, if any.
    first_names, last_names
        Personal names to their rank, 1 the commonest, 0 not ranked.
    tiers
        English words to SCOWL's size: 10 the commonest, 35 ordinary.
    abbreviations
        By the short form as it is written.
    actors
        Armed groups, forces and agencies, as they are written.
    """

    cues: dict[str, int]
    demonyms: dict[str, tuple[str, ...]]
    first_names: dict[str, int]
    last_names: dict[str, int]
    tiers: dict[str, int]
    abbreviations: dict[str, Abbreviation]
    actors: frozenset[str]


@cache
def default_lexicon() -> Lexicon:
    """Read the shipped tables, once."""
    cues: dict[str, int] = {}
    for line, row in _rows("cues.csv"):
        if row["cue"] not in BIT:
            raise ContentError(
                f"unknown cue {row['cue']!r}",
                where=f"gazetteer/context/cues.csv:{line}",
                todo=f"Known are {', '.join(CUES)}.",
            )
        cues[row["word"]] = cues.get(row["word"], 0) | BIT[row["cue"]]
    names: dict[str, dict[str, int]] = {"first": {}, "last": {}}
    for _, row in _rows("names.csv"):
        names[row["role"]][row["name"]] = int(row["rank"] or 0)
    return Lexicon(
        cues,
        {fold(r["word"]): tuple(r["country"].split()) for _, r in _rows("demonyms.csv")},
        names["first"],
        names["last"],
        {r["word"]: int(r["tier"]) for _, r in _rows("words.csv")},
        {
            r["word"]: Abbreviation(r["name"], r["country"], r["kind"], r["where"] == "comma")
            for _, r in _rows("abbreviations.csv")
        },
        frozenset(
            name
            for _, r in _rows("actors.csv", "maps")
            for name in (r["name"], *r["aliases"].split("; "))
        ),
    )


def _rows(name: str, folder: str = "gazetteer/context") -> Iterator[tuple[int, dict[str, str]]]:
    with content(f"{folder}/{name}").open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)

"""Compile the gazetteer: all sources in, one read-only file out, the same bytes each time."""

from __future__ import annotations

import hashlib
import re
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.errors import ContentError
from geomap.places import packages
from geomap.places.area import direction_of
from geomap.places.assemble import World, assemble
from geomap.places.index import (
    BARE,
    FLAG_BITS,
    KEY,
    KIN,
    LONGEST_NAME,
    LONGEST_TYPE,
    MAIN,
    PLAIN,
    SHORTEST_KEY,
    WORD,
)
from geomap.places.packed import Packed, packed_strings, write_packed
from geomap.places.spelling import arabic_spellings, fold, key
from geomap.places.tables import Kind, Row

WORDS = "context/words.csv"
TABLES = (
    *("kinds.csv", "countries.csv", "regions.csv", "seas.csv", "admin1.jsonl.gz", WORDS),
    *("places/*.csv", "areas/*.geojson"),
)
"""What the gazetteer is compiled from, besides the packages."""

CAPITAL, CURATED = 4.0, 10.0
PROVINCE, DISTRICT = 0.2, 0.02
"""What the inhabitants of a place count for: readers of news expect a capital, our own rows
were entered because the news names them, and a town is meant more often than its province."""

_ROMANISED = """
AE AF AM AZ BD BG BH BY CN CY DJ DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KM KP KR KW KZ LA
LB LK LY MA MK ML MM MN MR NE NP OM PK PS QA RS RU SA SD SN SO SS SY TD TH TJ TM TN TR TW UA UZ
XK YE
"""
PEOPLED = ("country", "settlement", "neighbourhood", "camp", "island")
"""Kinds that the news speaks of the more, the more people live there."""
_ARABIC = "AE BH DJ DZ EG EH ER IL IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE"
ARABIC = frozenset(_ARABIC.split())
"""Countries where Arabic names are written in Latin letters."""
ROMANISED = frozenset(_ROMANISED.split())
"""Countries whose names reach English from another script or through French: these have keys."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a compilation made, and the problems it found in our tables."""

    path: Path
    places: int
    names: int
    areas: int
    size: int
    seconds: float
    problems: tuple[str, ...]


def compile_gazetteer(out: Path, progress: Callable[[str], None] | None = None) -> Report:
    """Read the source packages and our tables, and write the compiled gazetteer.

    Parameters
    ----------
    out
        The file to write; it is replaced whole.
    progress
        Called with a few words at each step.

    Raises
    ------
    ContentError
        If a source package is not installed.
    """
    say = progress or (lambda _: None)
    started = time.monotonic()
    sources = packages.versions()
    folder = content("gazetteer")
    world = assemble(folder, say)
    say("names")
    columns, names = _columns(world), _names(world, _ordinary_words(folder))
    trie, postings = _index(names, columns["weight"])
    meta = {
        "sources": sources,
        "inputs": digest_of_tables(folder),
        "kinds": sorted({k.kind for k in world.kinds.values()}),
        "features": sorted(world.kinds),
        "countries": _country_list(world.rows),
        "several": {i: list(r.countries) for i, r in enumerate(world.rows) if len(r.countries) > 1},
        "provinces": _province_codes(world.rows),
        "cues": _cues(world.kinds),
    }
    say("writing")
    size = write_packed(out, trie, {**columns, **postings}, meta)
    return Report(
        out,
        len(world.rows),
        len(trie),
        len(columns["area_place"]),
        size,
        time.monotonic() - started,
        tuple(world.problems),
    )


def is_fresh(path: Path) -> bool:
    """Tell whether a compiled file was made of the tables and packages that are here now."""
    try:
        meta = Packed(path).meta
    except ContentError:
        return False
    same_tables = meta["inputs"] == digest_of_tables(content("gazetteer"))
    return bool(same_tables and meta["sources"] == packages.versions())


def digest_of_tables(folder: Path) -> str:
    """Give a digest of every table that is compiled, to tell a stale file from a fresh one."""
    digest = hashlib.sha256()
    for pattern in TABLES:
        for path in sorted(folder.glob(pattern)):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _ordinary_words(folder: Path) -> frozenset[str]:
    """Give the ordinary English words, lower case, of the list of words."""
    with (folder / WORDS).open(encoding="utf-8") as lines:
        words = (line.split(",")[0] for line in lines)
        return frozenset(w for w in words if w.islower() and w.isalpha())


def _columns(world: World) -> dict[str, NDArray[Any]]:
    rows, kinds = world.rows, world.kinds
    at = {row.place_id: i for i, row in enumerate(rows)}
    provinces = _province_codes(rows)
    kind_ids = {k: i for i, k in enumerate(sorted({k.kind for k in kinds.values()}))}
    feature_ids = {code: i for i, code in enumerate(sorted(kinds))}
    countries = _country_list(rows)
    columns: dict[str, NDArray[Any]] = {
        "lon": np.array([r.lon for r in rows], np.float64),
        "lat": np.array([r.lat for r in rows], np.float64),
        "population": np.array([r.population for r in rows], np.int64),
        "extent_km": np.array([r.extent_km for r in rows], np.float32),
        "country_id": np.array([countries.index(_country(r)) for r in rows], np.uint16),
        "kind": np.array([kind_ids[kinds[r.feature_code].kind] for r in rows], np.uint8),
        "feature": np.array([feature_ids[r.feature_code] for r in rows], np.uint8),
        "precision": np.array([kinds[r.feature_code].geo_precision for r in rows], np.uint8),
        "curated": np.array([r.curated for r in rows], np.bool_),
        "admin1": np.array([provinces.get(r.admin1, -1) for r in rows], np.int32),
        "parent": np.array([at.get(r.parent, -1) for r in rows], np.int32),
        "weight": np.array([_weight(r, kinds[r.feature_code]) for r in rows], np.float32),
        **packed_strings("id", [r.place_id for r in rows]),
        **packed_strings("name", [r.name for r in rows]),
        **packed_strings("source", [r.source if r.curated else "" for r in rows]),
        "by_id": np.array(sorted(range(len(rows)), key=lambda i: rows[i].place_id), np.int32),
        **_areas(rows),
    }
    return columns


def _country(row: Row) -> str:
    return row.countries[0] if len(row.countries) == 1 else ""


def _country_list(rows: list[Row]) -> list[str]:
    return sorted({_country(row) for row in rows} | {""})


def _province_codes(rows: list[Row]) -> dict[str, int]:
    return {r.admin1: i for i, r in enumerate(rows) if r.province}


def _weight(row: Row, kind: Kind) -> float:
    """Give how much the news speaks of a place, counted in inhabitants of a town."""
    if kind.kind == "province":
        weight = max(PROVINCE * row.population, 50_000)
    elif kind.kind == "district":
        weight = max(DISTRICT * row.population, 300)
    elif kind.kind == "settlement" and row.population:
        weight = row.population * (CAPITAL if row.feature_code == "PPLC" else 1)
    elif kind.kind == "airport" and row.population:
        weight = 300
    else:
        weight = kind.prominence + (row.population if kind.kind in PEOPLED else 0)
    return weight * (CURATED if row.curated and kind.kind not in ("country", "continent") else 1)


def _areas(rows: list[Row]) -> dict[str, NDArray[Any]]:
    """Lay the outlines end to end: place -> its rings -> their corners."""
    places = [i for i, row in enumerate(rows) if row.outline]
    rings = [ring for i in places for ring in rows[i].outline]
    boxes = [
        [*np.vstack(rows[i].outline).min(axis=0), *np.vstack(rows[i].outline).max(axis=0)]
        for i in places
    ]
    return {
        "area_place": np.array(places, np.int32),
        "area_box": np.array(boxes, np.float32).reshape(-1, 4),
        "area_ring": np.cumsum([0, *(len(rows[i].outline) for i in places)]).astype(np.int32),
        "ring_corner": np.cumsum([0, *(len(ring) for ring in rings)]).astype(np.int32),
        "corner": np.vstack([*rings, np.empty((0, 2))]).astype(np.float32),
    }


Posting = tuple[str, int, int]
"""A folded name, the place that bears it, and flags."""


def _names(world: World, words: frozenset[str]) -> Iterator[Posting]:
    for index, row in enumerate(world.rows):
        kind = world.kinds[row.feature_code]
        romanised = row.curated or any(c in ROMANISED for c in row.countries)
        spelled: dict[str, int] = {}
        for name, flags in _spellings(row, words):
            for variant in _variants(name, kind):
                spelled[variant] = spelled.get(variant, 0) | flags
        bare = {_without_type_word(folded, kind): flags for folded, flags in spelled.items()}
        bare.pop("", None)
        for folded, flags in spelled.items():
            yield folded, index, flags | (WORD if folded in words else 0)
        for folded, flags in bare.items():
            yield BARE + folded, index, flags & MAIN
        if romanised:
            for sound in {key(folded) for folded in (*spelled, *bare)}:
                if len(sound) >= SHORTEST_KEY:
                    yield KEY + sound, index, 0


def _spellings(row: Row, words: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the names worth knowing, folded, with flags; codes and common words are not.

    Nor is a bare compass word, which is how GeoNames calls some provinces.
    """
    arabic = not ARABIC.isdisjoint(row.countries)
    first = fold(row.name)
    ours = {row.name, *row.names} if row.curated else {row.name}
    for name in (row.name, *row.names, *row.more_names):
        folded = fold(name)
        main = name == row.name
        if not folded or len(folded) > LONGEST_NAME or direction_of(folded):
            continue
        if name not in ours and (_is_code(name) or folded in words or len(folded) < 2):
            continue
        flags = (MAIN if main else 0) | (KIN if _akin(folded, first) else 0)
        yield folded, flags | (PLAIN if name.casefold() == folded else 0)
        if arabic and folded.isascii():
            for spelled in arabic_spellings(folded):
                if spelled not in words:
                    yield spelled, flags & KIN


def _akin(name: str, main: str) -> bool:
    """Tell a spelling of the main name ("Odessa" of Odesa) from another name of the place.

    By its beginning, by sharing all words of the shorter, or by its script.
    """
    if name[:3] == main[:3] or not name.isascii():
        return True
    words, others = set(name.split()), set(main.split())
    return words <= others or others <= words


def _is_code(name: str) -> bool:
    """Tell codes, and GeoNames' machine transliterations: Latin letters, none a capital."""
    return bool(
        re.fullmatch("[A-Z]{1,4}|[0-9 -]+", name) or (name.isascii() and name == name.lower())
    )


def _variants(folded: str, kind: Kind) -> set[str]:
    """Give a name and the other ways to write it that folding leaves apart."""
    variants = {folded}
    if "." in folded:
        variants.add(fold(folded.replace(".", "")))
    if " s" in folded:
        variants.add(re.sub(r"(?<=\w{3}) s\b", "s", folded))
    if folded.startswith(("saint ", "sainte ")):
        variants |= {"st" + folded[folded.index(" ") :], "st." + folded[folded.index(" ") :]}
    if folded.startswith("st. "):
        variants.add("saint" + folded[3:])
    if folded.startswith("the ") and len(folded) > 6:
        variants.add(folded[4:])
    if " & " in folded:
        variants.add(folded.replace(" & ", " and "))
    if kind.kind == "base" and "air base" in folded:
        variants.add(folded.replace("air base", "airbase"))
    return {v for v in variants if v}


def _without_type_word(folded: str, kind: Kind) -> str:
    """Give "nuseirat" for the camp "nuseirat refugee camp"; "" if no type word is in it."""
    words = folded.split(" ")
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        if " ".join(words[-count:]) in kind.after:
            return " ".join(words[:-count])
    for count in range(min(LONGEST_TYPE, len(words) - 1), 0, -1):
        if " ".join(words[:count]) in kind.before:
            return " ".join(words[count:])
    return ""


def _index(
    names: Iterator[Posting], weight: NDArray[np.float32]
) -> tuple[marisa_trie.Trie, dict[str, NDArray[Any]]]:
    """Give the trie of names, and for each the places that bear it, the weightiest first."""
    texts: list[str] = []
    entries = array("I")
    for text, place, flags in names:
        texts.append(text)
        entries.append(place << FLAG_BITS | flags)
    trie = marisa_trie.Trie(sorted(set(texts)))
    ids = np.fromiter((trie[text] for text in texts), np.int64, len(texts))
    packed = np.frombuffer(entries, np.uint32)
    places = packed >> FLAG_BITS
    order = np.lexsort((places, -weight[places], ids))
    ids, packed = ids[order], packed[order]
    starts = np.searchsorted(ids, np.arange(len(trie) + 1)).astype(np.uint32)
    return trie, {"name_entry": starts, "entry": packed}


def _cues(kinds: dict[str, Kind]) -> dict[str, list[list[str]]]:
    """Give type words, longest first, and the kinds they speak of: [word, kind, kind...]."""
    cues: dict[str, dict[str, set[str]]] = {"before": {}, "after": {}}
    for kind in kinds.values():
        for side, words in (("before", kind.before), ("after", kind.after)):
            for word in words:
                cues[side].setdefault(fold(word), set()).add(kind.kind)
    return {
        side: sorted(
            ([word, *sorted(ids)] for word, ids in words.items()),
            key=lambda cue: (-len(cue[0]), cue),
        )
        for side, words in cues.items()
    }

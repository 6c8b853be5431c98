"""Compile the gazetteer: all sources in, one read-only file out, the same bytes each time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geomap.content import content
from geomap.errors import ContentError
from geomap.places import packages
from geomap.places.assemble import World, assemble
from geomap.places.columns import number, to_columns
from geomap.places.filing import WORDS, ordinary_words, to_index, to_postings
from geomap.places.packed import Packed, write_packed
from geomap.places.spelling import fold
from geomap.places.tables import Kind

TABLES = (
    *("kinds.csv", "countries.csv", "regions.csv", "seas.csv", "admin1.jsonl.gz", WORDS),
    *("places/*.csv", "areas/*.geojson"),
)
"""What the gazetteer is compiled from, besides the packages."""


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
    about = {"sources": sources, "inputs": digest_of_tables(folder)}
    say("names")
    places, names, areas = write_world(world, out, about)
    return Report(
        out,
        places,
        names,
        areas,
        out.stat().st_size,
        time.monotonic() - started,
        tuple(world.problems),
    )


def write_world(world: World, out: Path, about: dict[str, Any]) -> tuple[int, int, int]:
    """Write all places, with `about` among what the file says of itself.

    Returns
    -------
    tuple of int
        How many places, names and outlines it holds.
    """
    rows, kinds = world.rows, world.kinds
    numbering = number(rows, kinds)
    columns = to_columns(rows, numbering)
    by_id = np.array(sorted(range(len(rows)), key=lambda i: rows[i].place_id), np.int32)
    postings = to_postings(enumerate(rows), kinds, ordinary_words(content("gazetteer")))
    trie, filed = to_index(postings, columns["weight"])
    meta = {
        **about,
        "kinds": list(numbering.kind_ids),
        "features": sorted(kinds),
        "countries": list(numbering.country_ids),
        "several": {i: list(r.countries) for i, r in enumerate(rows) if len(r.countries) > 1},
        "provinces": numbering.provinces,
        "cues": _cues(kinds),
    }
    write_packed(out, trie, {**columns, "by_id": by_id, **filed}, meta)
    return len(rows), len(trie), len(columns["area_place"])


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

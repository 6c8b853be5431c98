"""The place names of a text, each with the place it means: the public face of the wing.

    text -> tokens -> sightings -> traits -> recognition -> candidates -> resolution -> Toponym

Every capitalised name is a sighting (`sighting`), known to the gazetteer or not.
A forest of small trees decides which of them are place names (`traits`,
`recognition`); peoples' names never are, and count as a sign of their country.
Names are resolved together (`candidate`, `resolution`), and compass words,
distances and outskirts move what was found (`modifier`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geomap.model import GeoPrecision, Mention, Place, Toponym
from geomap.places.candidate import Name, find_names, spoken_countries
from geomap.places.coordinates import called_after, find_coordinates
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.modifier import Modifier, find_modifier
from geomap.places.recognition import default_forest
from geomap.places.resolution import default_weights, resolve
from geomap.places.sighting import Sighting, find_sightings
from geomap.places.tokens import Tokens, tokenize
from geomap.places.traits import find_traits

RIVALS = 5
"""Candidates that are kept beside the one chosen."""
_LEAST_SHARE = 0.001
_REGION_KM = 25.0
_KEY_COUNTRIES = 3
"""How many of a text's countries names are looked up in by sound."""


def find_mentions(text: str, gazetteer: Gazetteer | None = None) -> list[Mention]:
    """Find the place names of a text without asking which places they mean."""
    tokens, sightings, accepted = _recognised(text, gazetteer or default_gazetteer())
    spans = [sightings[k].span(tokens) for k in accepted]
    return [Mention(start, end, text[start:end]) for start, end in spans]


def geoparse(
    text: str, issued: dt.date | None = None, *, gazetteer: Gazetteer | None = None
) -> list[Toponym]:
    """Find the place names of a text and the places that they mean.

    Peoples' names ("Israeli") and names of persons, organisations and ships are
    left out. "northern X", "the outskirts of X" and "15 km south of X" are one
    toponym each, with a computed place. Coordinates are toponyms too, of kind
    ``coordinates`` (see `find_coordinates`).

    Parameters
    ----------
    text
        One document, without markup.
    issued
        The day it came out. Names that changed hands or spelling by date are not
        known yet; it is accepted so that callers need not change.
    gazetteer
        By default the one that came with geomap.

    Returns
    -------
    list of Toponym
        In the order of the text, without overlaps. A name that was recognised
        but not resolved has no ``place``; its ``candidates`` say what was
        considered. ``score`` is the chance that the place is right.

    Examples
    --------
    >>> [(t.toponym, t.country) for t in geoparse("Shells fell on Kherson.")]
    [('Kherson', 'UA')]
    """
    known = gazetteer or default_gazetteer()
    tokens, sightings, accepted = _recognised(text, known)
    names = find_names(tokens, sightings, accepted, known)
    spoken = spoken_countries(sightings, known)
    resolve(names, known, spoken)
    if _look_up_by_sound(names, known):
        resolve(names, known, spoken)
    found = {k: name for name in names for k in name.mentions}
    answers = {id(name): _answer(name, known) for name in names}
    toponyms: list[Toponym] = []
    done = 0
    for k in accepted:
        start, end = sightings[k].span(tokens)
        place, rivals = answers[id(found[k])]
        moved = find_modifier(text, start) if place is not None else None
        if moved is not None and start - moved.length < done:
            moved = None
        toponyms.append(_toponym(text, start, end, found[k], place, rivals, moved))
        done = end
    return _with_coordinates(text, toponyms, find_coordinates(text, known))


def _with_coordinates(text: str, toponyms: list[Toponym], written: list[Toponym]) -> list[Toponym]:
    """Add coordinates to the names; what is part of one ("36R XV 351 882") is no name."""
    if not written:
        return toponyms
    held = {i for fix in written for i in range(fix.start, fix.end)}
    names = [t for t in toponyms if held.isdisjoint(range(t.start, t.end))]
    found = sorted([*names, *written], key=lambda t: t.start)
    for i in range(1, len(found)):
        between = text[found[i - 1].end : found[i].start]
        if found[i].kind == "coordinates" and between.strip() in ("(", "[", ","):
            found[i] = called_after(found[i - 1], found[i])
    return found


def _recognised(text: str, gazetteer: Gazetteer) -> tuple[Tokens, list[Sighting], list[int]]:
    lexicon, forest = default_lexicon(), default_forest()
    tokens = tokenize(text, lexicon)
    sightings = find_sightings(tokens, gazetteer, lexicon)
    chances = forest.chances(find_traits(tokens, sightings, gazetteer, lexicon))
    accepted = [
        k
        for k in np.flatnonzero(chances > forest.threshold).tolist()
        if sightings[k].demonym is None
    ]
    return tokens, sightings, accepted


def _look_up_by_sound(names: Sequence[Name], gazetteer: Gazetteer) -> bool:
    """Give unknown names the candidates that sound alike in the countries of the others."""
    belief: dict[str, float] = {}
    for name in names:
        if name.chosen >= 0:
            code = str(gazetteer.country[name.places[name.chosen]])
            belief[code] = belief.get(code, 0.0) + name.score
    belief.pop("", None)
    countries = sorted(belief, key=lambda code: (-belief[code], code))[:_KEY_COUNTRIES]
    found = False
    for name in names if countries else ():
        if len(name.places):
            continue
        places = [p for p in gazetteer.lookup(name.key, countries=countries) if p.match == "key"]
        indices = [i for p in places if (i := gazetteer.index_of(p.place_id)) is not None]
        if indices:
            name.places = np.array(indices, np.int32)
            name.main = np.zeros(len(indices), np.bool_)
            name.level, found = "key", True
    return found


def _answer(name: Name, gazetteer: Gazetteer) -> tuple[Place | None, tuple[Place, ...]]:
    """Give the place chosen, or None, and the candidates that it won against, or all."""
    if name.chosen < 0:
        return None, ()
    order = np.argsort(-name.share, kind="stable")[: RIVALS + 1].tolist()
    kept = [i for i in order if i == name.chosen or name.share[i] > _LEAST_SHARE]
    sure = name.score >= default_weights().threshold
    rivals = tuple(
        replace(
            gazetteer.place(int(name.places[i])),
            match=_level(name, i),
            score=round(float(name.share[i]), 4),
            area=(),
        )
        for i in kept
        if not (sure and i == name.chosen)
    )
    if not sure:
        return None, rivals
    best = replace(
        gazetteer.place(int(name.places[name.chosen])),
        match=_level(name, name.chosen),
        score=round(name.score, 4),
        candidates=rivals,
    )
    return best, rivals


def _level(name: Name, i: int) -> str:
    return name.level if name.level != "exact" else "exact" if name.main[i] else "folded"


def _toponym(
    text: str,
    start: int,
    end: int,
    name: Name,
    place: Place | None,
    rivals: tuple[Place, ...],
    moved: Modifier | None,
) -> Toponym:
    if place is None:
        return Toponym(start, end, text[start:end], candidates=rivals)
    precision = _precision(place)
    if moved is not None:
        start -= moved.length
        place = replace(moved.apply(place), score=place.score, candidates=rivals)
        precision = 3 if place.extent_km > _REGION_KM else 2
    return Toponym(
        start,
        end,
        text[start:end],
        place,
        place.lon,
        place.lat,
        place.country,
        place.kind,
        precision,
        place.extent_km,
        place.score,
        rivals,
    )


def _precision(place: Place) -> GeoPrecision:
    if place.kind in ("country", "continent", "sea"):
        return 4
    if place.match in ("typed", "key"):
        return 2
    return 1

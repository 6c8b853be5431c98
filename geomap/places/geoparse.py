"""The place names of a text, each with the place it means: the public face of the wing.

    text -> tokens -> sightings -> traits -> recognition -> candidates -> resolution -> Toponym

Every capitalised name is a sighting (`sighting`), known to the gazetteer or not.
Their traits decide which of them are place names (`traits`, `recognition`);
peoples' names never are, and count as a sign of their country.
Names are resolved together (`candidate`, `resolution`). Compass words, distances,
outskirts, coasts and fronts move what was found (`modifier`), and two names may be
one stretch of road or border (`pair`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

import numpy as np

from geomap.model import GeoPrecision, Mention, Place, Toponym
from geomap.places.candidate import Name, add_names_by_sound, find_names, spoken_countries
from geomap.places.coordinates import called_after, find_coordinates
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.modifier import find_modifier
from geomap.places.pair import find_lands_of_peoples, join_pairs
from geomap.places.recognition import default_recogniser
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
    left out. "northern X", "15 km south of X", "the X axis", "off the coast of X",
    "between X and Y" and the like are one toponym each, with a computed place
    (see `modifier` and `pair`). Coordinates are toponyms too, of kind
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
    tokens, sightings, accepted, names = resolved_names(text, known)
    found = {k: name for name in names for k in name.mentions}
    answers = {id(name): _answer(name, known) for name in names}
    toponyms: list[Toponym] = []
    done = 0
    for k in accepted:
        start, end = sightings[k].span(tokens)
        place, rivals = answers[id(found[k])]
        toponym = Toponym(start, end, text[start:end], candidates=rivals)
        if place is not None:
            toponym = _moved(text, _placed(toponym, place, known), known, done)
        toponyms.append(toponym)
        done = toponym.end
    toponyms = _without_overlaps(
        find_lands_of_peoples(text, known), join_pairs(text, toponyms, known)
    )
    return _with_coordinates(text, toponyms, find_coordinates(text, known))


def resolved_names(
    text: str, known: Gazetteer
) -> tuple[Tokens, list[Sighting], list[int], list[Name]]:
    """Give words, sightings, numbers of those that are place names, and the names resolved."""
    tokens, sightings, accepted = _recognised(text, known)
    names = find_names(tokens, sightings, accepted, known)
    spoken = spoken_countries(sightings, known)
    resolve(names, known, spoken)
    if add_names_by_sound(names, known, _countries(names, known)):
        resolve(names, known, spoken)
    return tokens, sightings, accepted, names


def _without_overlaps(first: list[Toponym], others: list[Toponym]) -> list[Toponym]:
    """Add toponyms to some others, in the order of the text; of two in one spot the first stays."""
    if not first:
        return others
    held = {i for toponym in first for i in range(toponym.start, toponym.end)}
    kept = [t for t in others if held.isdisjoint(range(t.start, t.end))]
    return sorted([*first, *kept], key=lambda toponym: toponym.start)


def _with_coordinates(text: str, toponyms: list[Toponym], written: list[Toponym]) -> list[Toponym]:
    """Add coordinates to the names; what is part of one ("36R XV 351 882") is no name."""
    if not written:
        return toponyms
    found = _without_overlaps(written, toponyms)
    for i in range(1, len(found)):
        between = text[found[i - 1].end : found[i].start]
        if found[i].kind == "coordinates" and between.strip() in ("(", "[", ","):
            found[i] = called_after(found[i - 1], found[i])
    return found


def _recognised(text: str, gazetteer: Gazetteer) -> tuple[Tokens, list[Sighting], list[int]]:
    lexicon = default_lexicon()
    tokens = tokenize(text, lexicon)
    sightings = find_sightings(tokens, gazetteer, lexicon)
    places = default_recogniser().accepts(find_traits(tokens, sightings, gazetteer, lexicon))
    accepted = [k for k in np.flatnonzero(places).tolist() if sightings[k].demonym is None]
    return tokens, sightings, accepted


def _countries(names: Sequence[Name], gazetteer: Gazetteer) -> list[str]:
    """Give the countries that most of a text's names lie in."""
    belief: dict[str, float] = {}
    for name in names:
        if name.chosen >= 0:
            code = str(gazetteer.country[name.places[name.chosen]])
            belief[code] = belief.get(code, 0.0) + name.score
    belief.pop("", None)
    return sorted(belief, key=lambda code: (-belief[code], code))[:_KEY_COUNTRIES]


def _answer(name: Name, gazetteer: Gazetteer) -> tuple[Place | None, tuple[Place, ...]]:
    """Give the place chosen, or None, and the candidates that it won against, or all."""
    if name.chosen < 0:
        return None, ()
    order = np.argsort(-name.share, kind="stable")[: RIVALS + 1].tolist()
    kept = [i for i in order if i == name.chosen or name.share[i] > _LEAST_SHARE]
    sure = default_weights().enough(name)
    rivals = tuple(
        gazetteer.answer(int(name.places[i]), level_of(name, i), round(float(name.share[i]), 4))
        for i in kept
        if not (sure and i == name.chosen)
    )
    if not sure:
        return None, rivals
    best = replace(
        _outlined(gazetteer, int(name.places[name.chosen])),
        match=level_of(name, name.chosen),
        score=round(name.score, 4),
        candidates=rivals,
    )
    return best, rivals


@lru_cache(maxsize=2048)
def _outlined(gazetteer: Gazetteer, index: int) -> Place:
    """Give a place with its outline; countries come back in every document."""
    return gazetteer.place(index)


def level_of(name: Name, i: int) -> str:
    """Give how a candidate's name matches: as its main name, another, typed or by sound."""
    return name.level if name.level != "exact" else "exact" if name.main[i] else "folded"


def _placed(toponym: Toponym, place: Place, known: Gazetteer) -> Toponym:
    return replace(
        toponym,
        place=place,
        lon=place.lon,
        lat=place.lat,
        country=place.country,
        kind=place.kind,
        geo_precision=_precision(place, known),
        uncertainty_km=place.extent_km,
        score=place.score,
    )


def _moved(text: str, toponym: Toponym, known: Gazetteer, done: int) -> Toponym:
    """Let the words round a name move it, unless they belong to the name before."""
    modifier = find_modifier(text, toponym.start, toponym.end)
    if modifier is None or toponym.place is None or toponym.start - modifier.length < done:
        return toponym
    place = modifier.apply(toponym.place, known)
    if place is None:
        return toponym
    start, end = toponym.start - modifier.length, toponym.end + modifier.after
    place = replace(place, score=toponym.score, candidates=toponym.candidates)
    moved = replace(toponym, start=start, end=end, toponym=text[start:end])
    return _placed(moved, place, known)


def _precision(place: Place, known: Gazetteer) -> GeoPrecision:
    """Give how exactly a place is known: that of its kind, no better than 2 for a guessed name."""
    index = known.index_of(place.place_id)
    if place.match == "computed" or index is None:
        return 3 if place.extent_km > _REGION_KM else 2
    least = 2 if place.match in ("typed", "key") else 1
    return cast("GeoPrecision", max(least, int(known.precision[index])))

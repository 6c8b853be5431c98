"""The names of a document with what each may mean, and what the words round it say of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from geomap.places.gazetteer import Gazetteer, Named
from geomap.places.lexicon import BIT, Abbreviation
from geomap.places.sighting import Sighting
from geomap.places.spelling import fold
from geomap.places.tokens import Tokens

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

MOST = 60
"""Candidates of a name that are weighed; the weightiest, and those in the text's countries."""
UNITS = ("province", "district")
_ALIKE = 0.8
"""Part of the letters that two spellings of one name share."""
_IN = {"in", "within", "inside"}
_PARTS = {"part", "suburb", "outskirts", "neighborhood", "neighbourhood", "quarter", "capital"}
_LISTED = frozenset({",", "and", ", and", "&", "or"})
"""What parts the names of a list."""
_REACH = 6
"""Words between a name and the container that follows it: "X, a village in Y"."""


@dataclass(slots=True)
class Name:
    """A name of the document: one sense throughout.

    Attributes
    ----------
    key
        Folded.
    mentions
        Numbers of its sightings, in order.
    places, main
        Candidates as indices of the gazetteer, the weightiest first, and
        whether the name is the main one of each.
    level
        Level of match: ``exact``, ``typed`` or ``key``.
    kinds
        Kinds of place that a type word beside it speaks of.
    containers, hosts
        Names that it is said to lie in: by a comma, a bracket or a possessive,
        and, less surely, by "in".
    share
        Belief in each candidate.
    chosen, score
        Which is the best, and the chance that it is right.
    features
        A row for each candidate, see `resolution.FEATURES`.
    evidence
        What the score is made of, see `resolution.EVIDENCE`.
    """

    key: str
    mentions: list[int]
    places: Ints
    main: NDArray[np.bool_]
    level: str = "exact"
    kinds: set[int] = field(default_factory=set)
    containers: list[Name] = field(default_factory=list)
    hosts: list[Name] = field(default_factory=list)
    share: Floats = field(default_factory=lambda: np.zeros(0))
    chosen: int = -1
    score: float = 0.0
    features: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    evidence: Floats = field(default_factory=lambda: np.zeros(0))


def find_names(
    tokens: Tokens, sightings: list[Sighting], accepted: list[int], gazetteer: Gazetteer
) -> list[Name]:
    """Group the accepted sightings by name; those without an entry have no candidates."""
    names: dict[tuple[str, str], Name] = {}
    owner: dict[int, Name] = {}
    spoken = spoken_countries(sightings, gazetteer)
    kinds = {k: _kinds_said(tokens, sightings[k], gazetteer) for k in accepted}
    _share_plurals(tokens, sightings, kinds, gazetteer)
    units = {gazetteer.kinds.index(kind) for kind in UNITS}
    senses = _senses(tokens, sightings, accepted, {k for k in accepted if kinds[k] & units})
    province = gazetteer.kinds.index("province")
    apart = _told_apart(tokens, sightings, kinds, province, gazetteer)
    for k in accepted:
        sighting, place = sightings[k], senses[k]
        if place not in names:
            named = sighting.named or sighting.base
            places, main = _candidates(named, sighting.abbreviation, spoken, gazetteer)
            fits = np.isin(gazetteer.kind[places], [*(kinds[k] & units)])
            if not fits.any() and place[0] in apart:
                is_province = gazetteer.kind[places] == province
                if np.isin(gazetteer.admin1[places], places[is_province])[~is_province].any():
                    fits = ~is_province
            if fits.any():  # "Homs and Hama governorates" are no towns
                places, main = places[fits], main[fits]
            level = "typed" if sighting.named is None and named is not None else "exact"
            names[place] = Name(place[0], [], places, main, level)
        names[place].mentions.append(k)
        names[place].kinds |= kinds[k]
        owner[k] = names[place]
    _note_containers(tokens, sightings, owner)
    return list(names.values())


def _senses(
    tokens: Tokens, sightings: list[Sighting], accepted: list[int], units: set[int]
) -> dict[int, tuple[str, str]]:
    """Give each mention its name, and what tells apart places of one name.

    That is the container if the text names several ("Tripoli, Lebanon" and
    "Tripoli, Libya"); a mention without one goes with the last that had one. And
    "Kherson region" is not the town that "Kherson" is.
    """
    keys = {k: " ".join(tokens.low[sightings[k].first : sightings[k].last + 1]) for k in accepted}
    outer = {
        k: keys[k + 1]
        for k in accepted
        if k + 1 in keys and _follows(tokens, sightings[k], sightings[k + 1])
    }
    several: dict[str, list[str]] = {}
    for k, container in outer.items():
        if container not in several.setdefault(keys[k], []):
            several[keys[k]].append(container)
    last = {key: found[0] for key, found in several.items()}
    senses = {}
    for k in accepted:
        short = sightings[k].abbreviation
        apart = short.name if short else ""
        if len(several.get(keys[k], ())) > 1:
            last[keys[k]] = apart = outer.get(k, last[keys[k]])
        senses[k] = (keys[k], f"{apart}:unit" if k in units else apart)
    return senses


def _follows(tokens: Tokens, inner: Sighting, outer: Sighting) -> bool:
    """Tell whether one name follows another after a comma or a bracket: "X, Y", "X (Y"."""
    between = tokens.text[tokens.end[inner.last] : tokens.start[outer.first]]
    return between.strip() in (",", "(")


def spoken_countries(sightings: list[Sighting], gazetteer: Gazetteer) -> dict[str, float]:
    """Give how often the text speaks of each country, by its name or its people's."""
    country = gazetteer.kinds.index("country")
    spoken: dict[str, float] = {}
    for sighting in sightings:
        codes = sighting.demonym or ()
        if sighting.named is not None and sighting.demonym is None:
            top = sighting.named.places[0]
            codes = (str(gazetteer.country[top]),) if gazetteer.kind[top] == country else ()
        for code in codes:
            spoken[code] = spoken.get(code, 0.0) + 1 / len(codes)
    return spoken


def _candidates(
    named: Named | None,
    short: Abbreviation | None,
    spoken: Mapping[str, float],
    gazetteer: Gazetteer,
) -> tuple[Ints, NDArray[np.bool_]]:
    if named is None:
        return np.zeros(0, np.int32), np.zeros(0, np.bool_)
    places, main = named.places, named.main
    if short is not None:
        kind = gazetteer.kinds.index(short.kind)
        fits = (gazetteer.country[places] == short.country) & (gazetteer.kind[places] == kind)
        return places[fits], main[fits]
    if len(places) > MOST:
        keep = np.isin(gazetteer.country[places], list(spoken))
        keep[:MOST] = True
        places, main = places[keep], main[keep]
    return places, main


def _kinds_said(tokens: Tokens, sighting: Sighting, gazetteer: Gazetteer) -> set[int]:
    """Give the kinds of place that the type word beside a name speaks of."""
    low, first, last = tokens.low, sighting.first, sighting.last
    after, before = gazetteer.cues_after, gazetteer.cues_before
    said: frozenset[str] = frozenset()
    for size in (3, 2, 1):
        words = low[last + 1 : last + 1 + size]
        if len(words) == size and tokens.gap[last + 1] == " ":
            said = after.get(" ".join(words), frozenset())
        if said:
            break
    for size in (3, 2, 1) if not said else ():
        if first >= size and tokens.gap[first] == " " and not tokens.opens[first]:
            the = 1 if low[first - 1] == "the" else 0
            said = before.get(" ".join(low[max(first - size - the, 0) : first - the]), frozenset())
        if said:
            break
    return {gazetteer.kinds.index(kind) for kind in said}


def _told_apart(
    tokens: Tokens,
    sightings: list[Sighting],
    kinds: Mapping[int, set[int]],
    province: int,
    gazetteer: Gazetteer,
) -> set[str]:
    """Give the names that the text also uses with a province's type word: "Kherson region".

    Without it they mean the town in it, in such a text.
    """
    names = set()
    for k, said in kinds.items():
        first, last = sightings[k].first, sightings[k].last
        kinds_of_last = gazetteer.cues_after.get(tokens.low[last], frozenset())
        if province in said:
            names.add(" ".join(tokens.low[first : last + 1]))
        elif last > first and gazetteer.kinds[province] in kinds_of_last:
            names.add(" ".join(tokens.low[first:last]))
    return names


def _share_plurals(
    tokens: Tokens,
    sightings: list[Sighting],
    kinds: dict[int, set[int]],
    gazetteer: Gazetteer,
) -> None:
    """Let the type word of a list speak of all its names: "Donetsk and Zaporizhzhia oblasts"."""
    shared: set[int] = set()
    after = len(tokens)
    for k in reversed(kinds):
        last = sightings[k].last
        between = tokens.text[tokens.end[last] : tokens.start[after]] if after < len(tokens) else ""
        if last + 1 < len(tokens) and tokens.gap[last + 1] == " ":
            word = tokens.low[last + 1]
            singular = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
            said = gazetteer.cues_after.get(singular, frozenset()) if singular != word else ()
            plural = {gazetteer.kinds.index(kind) for kind in said}
        else:
            plural = set()
        shared = plural or (shared if between.strip() in _LISTED else set())
        kinds[k] |= shared
        after = sightings[k].first


def _note_containers(tokens: Tokens, sightings: list[Sighting], owner: Mapping[int, Name]) -> None:
    for k, name in owner.items():
        following = owner.get(k + 1)
        if following is None or following is name:
            continue
        here, there = sightings[k], sightings[k + 1]
        between = tokens.text[tokens.end[here.last] : tokens.start[there.first]]
        if _follows(tokens, here, there):
            name.containers.append(following)
        elif between in ("'s ", "’s "):
            following.containers.append(name)
        elif _is_hosted(tokens, here, there):
            name.hosts.append(following)


def _is_hosted(tokens: Tokens, inner: Sighting, outer: Sighting) -> bool:
    """Tell whether a name is said to lie in the next: "X ... in Y", "X district of Y"."""
    if outer.first - inner.last > _REACH:
        return False
    between = range(inner.last + 1, outer.first)
    words = tokens.low[inner.last + 1 : outer.first]
    if "and" in words or any(tokens.opens[j] for j in (*between, outer.first)):
        return False
    if not _IN.isdisjoint(words):
        return True
    kinds = BIT["kind"] | BIT["kind_of"]
    parts = any(tokens.cue[j] & kinds or tokens.low[j] in _PARTS for j in between)
    return parts and "of" in words[-3:]


def add_names_by_sound(
    names: Sequence[Name], gazetteer: Gazetteer, countries: Sequence[str]
) -> bool:
    """Give unknown names the candidates that sound and look alike in some countries."""
    found = False
    for name in names if countries else ():
        if len(name.places):
            continue
        places = [
            gazetteer.index_of(p.place_id)
            for p in gazetteer.lookup(name.key, countries=countries)
            if p.match == "key" and _alike(name.key, fold(p.name))
        ]
        indices = [index for index in places if index is not None]
        if indices:
            name.places = np.array(indices, np.int32)
            name.main = np.zeros(len(indices), np.bool_)
            name.level, found = "key", True
    return found


def _alike(a: str, b: str) -> bool:
    return SequenceMatcher(None, a.replace(" ", ""), b.replace(" ", "")).ratio() >= _ALIKE

"""Why a name was given its place: its candidates, with what spoke for and against each.

The reasons are the terms of the sums by which `resolution` decides, in words. They
hide nothing and add nothing: their worth is in log odds, so that 0.7 doubles the odds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geomap.model import Place
from geomap.places.candidate import Floats, Name
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.geoparse import level_of, resolved_names
from geomap.places.resolution import EVIDENCE, FEATURES, default_weights

SHOWN = 4
"""Candidates, and reasons of each, that are told."""
_LEAST = 0.2
_LEAST_SHARE = 0.001

SAID = {
    "weight": "how much the news speaks of it",
    "main": "this is its main name",
    "country": "it is a country",
    "unit": "it is a province or district",
    "settlement": "it is a town or village",
    "other": "it is another kind of place",
    "curated": "it is in geomap's own tables",
    "country_share": "other names of the text lie in its country",
    "country_named": "the text names its country or people",
    "province_share": "other names of the text lie in its province",
    "inside": "it lies in what the text puts after it",
    "hosted": "it lies in what the text says it is in",
    "holds": "it holds the name before it",
    "kind_said": "it is of the kind that the text says",
    "kind_differs": "it is of another kind than the text says",
    "near": "a name of the text lies within 30 km",
    "around": "a name of the text lies within 120 km",
    "far": "the text's names lie within 500 km",
    "neighbour": "the names beside it in the text lie near it",
    "joined": "it and its container fit each other",
    "margin": "it is well ahead of the next candidate",
    "share": "it has most of the belief",
    "typed": "only a namesake without the type word is known",
    "key": "the name only sounds alike",
    "alone": "it is the only place of that name",
    "contradicted": "the text says that the name lies elsewhere",
    "foreign": "the text speaks of another country",
    "foreign_small": "it is little known, and the text speaks of another country",
    "foreign_alone": "the only place of that name lies in a country not spoken of",
}
"""What each feature and piece of evidence says, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that spoke for (positive) or against a candidate, in log odds."""

    what: str
    worth: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate, its share of belief in ``place.score``, and why: the weightiest reason first.

    The reasons compare it with the mean of the other candidates of the name.
    """

    place: Place
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one name of a text was resolved.

    ``spans`` are its mentions; ``score`` is the chance that the first candidate is
    right, ``needed`` what it must reach for a point, ``placed`` whether it did;
    ``reasons`` are what the score is made of.
    """

    toponym: str
    spans: tuple[tuple[int, int], ...]
    score: float
    needed: float
    placed: bool
    candidates: tuple[Weighed, ...]
    reasons: tuple[Reason, ...]


def explain(text: str, gazetteer: Gazetteer | None = None) -> list[Explanation]:
    """Tell for each place name of a text what it may mean, and what spoke for and against.

    The names are those of `geoparse` before compass words and distances move them.

    Parameters
    ----------
    text
        One document, without markup.
    gazetteer
        By default the one that came with geomap.

    Returns
    -------
    list of Explanation
        In the order of each name's first mention.

    Examples
    --------
    >>> why = explain("Police in Paris, Texas, closed a road.")[0]
    >>> why.candidates[0].place.admin1
    'Texas'
    """
    known = gazetteer or default_gazetteer()
    tokens, sightings, _, names = resolved_names(text, known)
    found = []
    for name in names:
        spans = tuple(sightings[k].span(tokens) for k in name.mentions)
        start, end = spans[0]
        placed = default_weights().enough(name)
        order = np.argsort(-name.share, kind="stable")[:SHOWN].tolist()
        kept = order[:2] + [i for i in order[2:] if name.share[i] >= _LEAST_SHARE]
        candidates = tuple(_weighed(name, i, known) for i in kept)
        score = round(name.score, 4)
        needed = default_weights().needed(name) if name.chosen >= 0 else 1.0
        found.append(
            Explanation(text[start:end], spans, score, needed, placed, candidates, _doubts(name))
        )
    return sorted(found, key=lambda explanation: explanation.spans[0])


def _weighed(name: Name, i: int, gazetteer: Gazetteer) -> Weighed:
    place = gazetteer.answer(int(name.places[i]), level_of(name, i), float(name.share[i]))
    others = np.delete(name.features, i, axis=0)
    apart = name.features[i] - (others.mean(axis=0) if len(others) else 0.0)
    return Weighed(place, _reasons(FEATURES, apart, default_weights().second))


def _doubts(name: Name) -> tuple[Reason, ...]:
    if not len(name.evidence):
        return ()
    return _reasons(EVIDENCE, name.evidence, default_weights().chance[1:])


def _reasons(features: tuple[str, ...], value: Floats, weight: Floats) -> tuple[Reason, ...]:
    worth = value * weight
    order = np.argsort(-np.abs(worth), kind="stable").tolist()
    return tuple(
        Reason(_told_of(features[j], bool(value[j] < 0)), round(float(worth[j]), 2))
        for j in order[:SHOWN]
        if abs(worth[j]) >= _LEAST
    )


def _told_of(feature: str, others: bool) -> str:
    """Give a feature in words; of what is truer of the other candidates, that it is."""
    return f"truer of others: {SAID[feature]}" if others else SAID[feature]


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Give an explanation as lines to read in a terminal."""
    at = ", ".join(f"{start}-{end}" for start, end in explanation.spans)
    if not explanation.candidates:
        yield f"{explanation.toponym} ({at}): no place of that name is known"
        return
    verdict = "placed" if explanation.placed else f"no point, {explanation.needed:.2f} is needed"
    yield f"{explanation.toponym} ({at}): score {explanation.score:.2f}, {verdict}"
    for rank, candidate in enumerate(explanation.candidates):
        place = candidate.place
        where = ", ".join(p for p in (place.name, place.admin1, place.country, place.kind) if p)
        mark = "*" if rank == 0 and explanation.placed else " "
        yield f"  {mark} {place.score:4.2f}  {where}  ({place.lon:.4f}, {place.lat:.4f})"
        yield from _told(candidate.reasons, "          ")
    yield from _told(explanation.reasons, "    score: ")


def _told(reasons: tuple[Reason, ...], lead: str) -> Iterator[str]:
    for word, sign in (("for", 1), ("against", -1)):
        told = [f"{r.what} ({r.worth:+.1f})" for r in reasons if r.worth * sign > 0]
        if told:
            yield f"{lead}{word}: {'; '.join(told)}"

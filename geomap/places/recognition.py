"""Which sightings are place names: a weighted sum of their traits, as log odds.

A trait counts differently for a name that everybody knows, for one that no table
knows, and at the start of a sentence, so that each has a weight for every name and
one more for each of these cases. The weights are trained by
`training/train_geoparse.py` on texts written for geomap.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.places.sighting import NOTED
from geomap.places.traits import TRAITS

Rows = NDArray[np.float32]

CASES = ("always", "noted", "country", "unknown", "opening")
"""When a weight counts: for every name, for one noted by news readers, for a country's,
for one that the gazetteer does not hold, for one that begins a sentence."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Trained weights, a row for each of `CASES`, in each the columns of `TRAITS`."""

    weights: NDArray[np.float64]
    base: float
    threshold: float

    def accepts(self, traits: Rows) -> NDArray[np.bool_]:
        """Tell which rows of `TRAITS` are place names."""
        return np.asarray((self.chances(traits) > self.threshold) & ~vetoed(traits))

    def chances(self, traits: Rows) -> NDArray[np.float64]:
        """Give for each row of `TRAITS` the chance that it is a place name."""
        odds = self.base + ((traits @ self.weights.T) * cases(traits)).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)))


def cases(traits: Rows) -> Rows:
    """Tell for each row which of `CASES` it is, as 0 or 1."""
    weight, country, known, opens = (
        traits[:, TRAITS.index(name)] for name in ("weight", "country", "known", "opens")
    )
    noted = weight > np.log10(NOTED + 1)
    columns = [np.ones(len(traits)), noted, country, known == 0, opens]
    return np.stack(columns, axis=1).astype(np.float32)


def vetoed(traits: Rows) -> NDArray[np.bool_]:
    """Tell names that are surely no places: "USS X", "President X", "the Bank of X"."""
    ship, person, organisation = (
        traits[:, TRAITS.index(name)] for name in ("ship", "honorific", "organisation_of")
    )
    return np.asarray((ship > 0) | (person > 0) | (organisation > 1))


@cache
def default_recogniser() -> Recogniser:
    """Read the shipped weights, once."""
    path = content("gazetteer/model/recognition.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    weights = [[stored["weights"][trait][i] for trait in TRAITS] for i in range(len(CASES))]
    return Recogniser(np.array(weights), stored["base"], stored["threshold"])

"""Which sightings are place names: a small forest of decision trees over their traits.

The trees are gradient-boosted, grown by `training/train_geoparse.py` on texts
written for geomap, and stored as plain numbers: nothing but numpy reads them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.places.traits import TRAITS

_OTHERS = 0.4
"""What the other mentions of a name count for."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Decision trees as arrays, the nodes of all trees one after the other.

    A node asks whether ``trait`` is at most ``limit``: then ``left``, else
    ``right``. A leaf leads to itself and has a ``value``; the values of all trees
    and ``base`` add up to the log odds of being a place. ``root`` is where each
    tree begins.
    """

    root: NDArray[np.intp]
    trait: NDArray[np.intp]
    limit: NDArray[np.float32]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: NDArray[np.float64]
    base: float
    depth: int
    threshold: float

    def accepts(self, traits: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which sightings are place names, given how each is spelled.

        Mentions of one name in a text mostly are one thing, so that each takes
        over a part of what speaks for the others.
        """
        chance = np.clip(self.chances(traits), 1e-6, 1 - 1e-6)
        odds = np.log(chance / (1 - chance))
        number = {name: i for i, name in enumerate(dict.fromkeys(names))}
        name = np.array([number[n] for n in names], np.intp)
        count = np.bincount(name)[name] if len(names) else np.zeros(0)
        total = np.bincount(name, odds)[name] if len(names) else odds
        others = (total - odds) / np.maximum(count - 1, 1)
        agreed = np.where(count > 1, (1 - _OTHERS) * odds + _OTHERS * others, odds)
        return np.asarray(agreed > np.log(self.threshold / (1 - self.threshold)))

    def chances(self, traits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Give for each row of `TRAITS` the chance that it is a place name."""
        asked = np.ascontiguousarray(traits).ravel()
        row = np.arange(len(traits), dtype=np.intp)[:, None] * len(TRAITS)
        node = np.tile(self.root, (len(traits), 1))
        for _ in range(self.depth):
            low = asked.take(row + self.trait.take(node)) <= self.limit.take(node)
            node = np.where(low, self.left.take(node), self.right.take(node))
        odds = self.base + self.value.take(node).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)))


@cache
def default_forest() -> Forest:
    """Read the shipped forest, once."""
    path = content("gazetteer/model/recognition.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    columns = np.array([TRAITS.index(name) for name in stored["traits"]])
    trees = stored["trees"]
    root = np.cumsum([0, *(len(tree["left"]) for tree in trees[:-1])])

    def chained(name: str, first: NDArray[Any] | int = 0) -> NDArray[Any]:
        shifts = np.broadcast_to(first, len(trees))
        return np.concatenate([np.array(t[name]) + s for t, s in zip(trees, shifts, strict=True)])

    return Forest(
        root.astype(np.intp),
        columns[chained("trait")],
        chained("limit").astype(np.float32),
        chained("left", root).astype(np.intp),
        chained("right", root).astype(np.intp),
        chained("value"),
        stored["base"],
        stored["depth"],
        stored["threshold"],
    )

"""Which sightings are place names: a small forest of decision trees over their traits.

The trees are gradient-boosted, grown by `training/train_geoparse.py` on texts
written for geomap, and stored as plain numbers: nothing but numpy reads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.content import content
from geomap.places.traits import TRAITS


@dataclass(frozen=True, slots=True)
class Forest:
    """Decision trees as arrays: a row for each tree, a column for each of its nodes.

    A node asks whether ``trait`` is at most ``limit``: then ``left``, else
    ``right``. A leaf leads to itself and has a ``value``; the values of all trees
    and ``base`` add up to the log odds of being a place. Rows are padded.
    """

    trait: NDArray[np.int16]
    limit: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    base: float
    depth: int
    threshold: float

    def chances(self, traits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Give for each row of `TRAITS` the chance that it is a place name."""
        trees = np.arange(len(self.trait))
        rows = np.arange(len(traits))[:, None]
        node = np.zeros((len(traits), len(trees)), np.int16)
        for _ in range(self.depth):
            low = traits[rows, self.trait[trees, node]] <= self.limit[trees, node]
            node = np.where(low, self.left[trees, node], self.right[trees, node])
        odds = self.base + self.value[trees, node].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)))


@cache
def default_forest() -> Forest:
    """Read the shipped forest, once."""
    path = content("gazetteer/model/recognition.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    columns = np.array([TRAITS.index(name) for name in stored["traits"]])
    size = max(len(tree["left"]) for tree in stored["trees"])

    def padded(name: str, kind: type[np.generic]) -> NDArray[Any]:
        rows = [tree[name] + [0] * (size - len(tree[name])) for tree in stored["trees"]]
        return np.array(rows, kind)

    return Forest(
        columns[padded("trait", np.int16)].astype(np.int16),
        padded("limit", np.float32),
        padded("left", np.int16),
        padded("right", np.int16),
        padded("value", np.float64),
        stored["base"],
        stored["depth"],
        stored["threshold"],
    )

"""Train recognition and resolution on the texts under `texts/` and write their weights.

    pip install -e ".[train]"
    python training/train_geoparse.py

The same texts, gazetteer and versions give the same bytes. What it prints are
figures of eight-fold cross-validation over documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from corpus import Annotated, Mark, read_texts
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from geomap.content import content
from geomap.places.candidate import Name, find_names, spoken_countries
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.resolution import EVIDENCE, FEATURES, Table
from geomap.places.sighting import Sighting, find_sightings
from geomap.places.tokens import Tokens, tokenize
from geomap.places.traits import TRAITS, find_traits

FOLDS = 8
UNITS = ("province", "district")
EMBEDDED = 0.3
"""What it counts to take a part of another name ("Leicester City") for a place."""
TREES, DEPTH = 250, 6
SPEAKS_FOR = (
    *("weight", "main", "country", "neighbours", "preposition", "kind_before", "container_after"),
    *("placed_twin", "list_before", "abbreviation"),
)
AGAINST = (
    *("title", "name_before", "ship", "organisation_of", "person_twin", "tier", "first_name"),
    *("last_name", "generic", "calendar", "small_twin"),
)
"""Traits whose direction is known beforehand: the trees may not learn the reverse."""
RIDGE = 0.0003
"""Pull of the ranker's weights to zero, for each name."""


@dataclass
class Parsed:
    """An annotated text with its sightings and their traits."""

    doc: Annotated
    tokens: Tokens
    sightings: list[Sighting]
    traits: np.ndarray

    def marks(self, k: int) -> list[Mark]:
        """Give the annotations that a sighting overlaps."""
        start = self.tokens.start[self.sightings[k].first]
        end = self.tokens.end[self.sightings[k].last]
        return [m for m in self.doc.marks if min(end, m.end) > max(start, m.start)]

    def place(self, k: int) -> Mark | None:
        """Give the place that a sighting was annotated as."""
        return next((m for m in self.marks(k) if m.kind == "place"), None)


def parse(doc: Annotated, gazetteer: Gazetteer) -> Parsed:
    """Find the sightings of a text."""
    lexicon = default_lexicon()
    tokens = tokenize(doc.text, lexicon)
    sightings = find_sightings(tokens, gazetteer, lexicon)
    return Parsed(doc, tokens, sightings, find_traits(tokens, sightings, gazetteer, lexicon))


# Recognition


def train_recognition(texts: list[Parsed]) -> dict[str, Any]:
    """Grow the trees, print what cross-validation says, and give them as plain numbers."""
    rows, is_place, weight, group = [], [], [], []
    for number, text in enumerate(texts):
        for k, sighting in enumerate(text.sightings):
            place = text.place(k) is not None
            if sighting.demonym is not None and not place:
                continue
            rows.append(text.traits[k])
            is_place.append(place)
            weight.append(EMBEDDED if text.marks(k) and not place else 1.0)
            group.append(number)
    x, y, w = np.array(rows), np.array(is_place), np.array(weight)
    chance = np.zeros(len(y))
    for train, test in GroupKFold(FOLDS).split(x, y, group):
        chance[test] = grown(x[train], y[train], w[train]).predict_proba(x[test])[:, 1]
    sure = w == 1.0
    hit = ((chance > 0.5) & y)[sure].sum()
    found, real = (chance > 0.5)[sure].sum(), y[sure].sum()
    print(f"recognition: {len(y)} sightings, precision {hit / found:.3f}, recall {hit / real:.3f}")
    return stored_forest(grown(x, y, w))


def grown(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> HistGradientBoostingClassifier:
    """Grow a forest."""
    forest = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=12,
        max_depth=DEPTH,
        learning_rate=0.04,
        min_samples_leaf=15,
        l2_regularization=10,
        max_features=0.4,
        monotonic_cst=[1 if t in SPEAKS_FOR else -1 if t in AGAINST else 0 for t in TRAITS],
        early_stopping=False,
        random_state=1,
    )
    return forest.fit(x, y, sample_weight=w)


def stored_forest(forest: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Give a forest as lists of numbers."""
    trees = []
    for (grown_tree,) in forest._predictors:
        nodes = grown_tree.nodes
        leaf = nodes["is_leaf"].astype(bool)
        here = np.arange(len(nodes))
        trees.append(
            {
                "trait": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "limit": [round(float(v), 5) for v in np.where(leaf, 0, nodes["num_threshold"])],
                "left": np.where(leaf, here, nodes["left"]).tolist(),
                "right": np.where(leaf, here, nodes["right"]).tolist(),
                "value": [round(float(v), 5) for v in np.where(leaf, nodes["value"], 0)],
            }
        )
    return {
        "traits": list(TRAITS),
        "base": round(float(forest._baseline_prediction[0, 0]), 5),
        "depth": DEPTH,
        "threshold": 0.5,
        "trees": trees,
    }


# Resolution


@dataclass
class Linked:
    """The names of a text and which candidates of each are right."""

    names: list[Name]
    right: list[np.ndarray]
    spoken: dict[str, float]
    group: int


def link(text: Parsed, group: int, gazetteer: Gazetteer) -> Linked:
    """Find the right candidates of each annotated place by its hint and its text's countries."""
    accepted = [k for k in range(len(text.sightings)) if text.place(k)]
    names = find_names(text.tokens, text.sightings, accepted, gazetteer)
    right = []
    for name in names:
        mark = text.place(name.mentions[0])
        assert mark is not None
        right.append(right_places(name, mark, text.doc, gazetteer))
    return Linked(names, right, spoken_countries(text.sightings, gazetteer), group)


def right_places(name: Name, mark: Mark, doc: Annotated, gazetteer: Gazetteer) -> np.ndarray:
    """Tell which candidates are right: the weightiest that fits, and what lies at the same spot."""
    places = name.places
    right = np.zeros(len(places), bool)
    if not len(places) or mark.hint == "?":
        return right
    country = gazetteer.country[places]
    fits = np.ones(len(places), bool)
    where, _, kind = mark.hint.partition(":")
    if "." in where:
        province = gazetteer.province(where)
        fits = (gazetteer.admin1[places] == province) | (places == province)
    elif where:
        fits = country == where
    elif np.isin(country, doc.countries).any() and not is_known(places, gazetteer):
        fits = np.isin(country, doc.countries)
    if kind:
        fits &= gazetteer.kind[places] == gazetteer.kinds.index(kind)
    if fits.any():
        worth = gazetteer.weight[places] * np.where(name.main, 1.0, 0.1) * fits
        if not kind:
            unit = np.isin(gazetteer.kind[places], [gazetteer.kinds.index(k) for k in UNITS])
            worth = np.where(unit, 0.05 * worth, worth)
        right[np.argmax(worth)] = True
    return right


def is_known(places: np.ndarray, gazetteer: Gazetteer) -> bool:
    """Tell whether the weightiest candidate is a country, sea or world city that needs no hint."""
    return bool(gazetteer.weight[places[0]] > 3_000_000)


def train_resolution(linked: list[Linked], gazetteer: Gazetteer) -> dict[str, Any]:
    """Fit the two rounds and the chance, and print what cross-validation says."""
    groups = np.array([text.group for text in linked])
    hits, evidence = [], []
    for train, test in GroupKFold(FOLDS).split(groups, groups=groups):
        first, second = fit_rounds([linked[i] for i in train], gazetteer)
        for i in test:
            table = run(linked[i], first, second, gazetteer)
            if table is not None:
                rows = table.evidence()
                for name, row in zip(table.names, rows, strict=True):
                    hits.append(bool(rightness(linked[i], name)[name.chosen]))
                    evidence.append(row)
    y, x = np.array(hits), np.array(evidence)
    chance = LogisticRegression(C=1.0, max_iter=5000).fit(x, y)
    print(f"resolution: {len(y)} names, first choice right {y.mean():.3f}")
    first, second = fit_rounds(linked, gazetteer)
    values = [float(chance.intercept_[0]), *chance.coef_[0].tolist()]
    return {
        "first": named(FEATURES, first),
        "second": named(FEATURES, second),
        "chance": named(("constant", *EVIDENCE), values),
        "threshold": 0.4,
    }


def named(names: tuple[str, ...], values: Any) -> dict[str, float]:
    """Give numbers by name, rounded so that small differences between machines vanish."""
    return {name: round(float(v), 3) for name, v in zip(names, values, strict=True)}


def rightness(linked: Linked, name: Name) -> np.ndarray:
    """Give which candidates of a name are right."""
    return next(r for n, r in zip(linked.names, linked.right, strict=True) if n is name)


def run(
    linked: Linked, first: np.ndarray, second: np.ndarray | None, gazetteer: Gazetteer
) -> Table | None:
    """Judge the names of a text with given weights."""
    known = [name for name in linked.names if len(name.places)]
    if not known:
        return None
    table = Table(known, gazetteer, linked.spoken)
    table.judge(table.first_round(), first)
    if second is not None:
        table.judge(table.second_round(), second)
    return table


def fit_rounds(linked: list[Linked], gazetteer: Gazetteer) -> tuple[np.ndarray, np.ndarray]:
    """Fit the weights of the first round, then those of the second on what the first gives."""
    start = np.zeros(len(FEATURES))
    start[0] = 1.0
    first = fitted([run(text, start, None, gazetteer) for text in linked], linked)
    tables = [run(text, first, None, gazetteer) for text in linked]
    for table in tables:
        if table is not None:
            table.judge(table.second_round(), first)
    return first, fitted(tables, linked)


def fitted(tables: list[Table | None], linked: list[Linked]) -> np.ndarray:
    """Fit a conditional logit: the right candidate against the others of its name."""
    cases = []
    for table, text in zip(tables, linked, strict=True):
        for name in table.names if table is not None else ():
            right = rightness(text, name)
            if right.any() and len(right) > 1:
                cases.append((name.features.copy(), right))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        slope = RIDGE * len(cases) * weights
        total = weights @ slope / 2
        for features, right in cases:
            worth = features @ weights
            power = np.exp(worth - worth.max())
            share = power / power.sum()
            belief = share[right].sum()
            total -= np.log(belief + 1e-12)
            target = np.where(right, share / (belief + 1e-12), 0.0)
            slope = slope - (target - share) @ features
        return float(total), slope

    found = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def write(name: str, model: dict[str, Any]) -> None:
    """Write a model as JSON, one line for each entry."""
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in model.items()]
    path: Path = content("gazetteer/model") / name
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"wrote {path.name}, {path.stat().st_size} bytes")


def main() -> None:
    """Train both and write them."""
    gazetteer = default_gazetteer()
    texts = [parse(doc, gazetteer) for doc in read_texts()]
    print(f"{len(texts)} texts, {sum(len(t.doc.marks) for t in texts)} annotations")
    write("recognition.json", train_recognition(texts))
    linked = [link(text, number, gazetteer) for number, text in enumerate(texts)]
    write("resolution.json", train_resolution(linked, gazetteer))


if __name__ == "__main__":
    main()

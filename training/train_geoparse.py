"""Train recognition and resolution on the texts under `texts/` and write their weights.

    pip install -e ".[train]"
    python training/train_geoparse.py
    python training/train_geoparse.py --check

The same texts, gazetteer and versions give the same bytes; `--check` trains again and
compares. What it prints are figures of cross-validation: a kind of text left out for
recognition, eight folds of documents for resolution.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from corpus import Annotated, Mark, read_texts
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, LeaveOneGroupOut

from geomap.content import content
from geomap.places.candidate import (
    UNITS,
    Name,
    add_names_by_sound,
    find_names,
    spoken_countries,
)
from geomap.places.gazetteer import Gazetteer, default_gazetteer
from geomap.places.lexicon import default_lexicon
from geomap.places.recognition import CASES, Recogniser, cases
from geomap.places.resolution import EVIDENCE, FEATURES, Table
from geomap.places.sighting import NOTED, Sighting, find_sightings
from geomap.places.spelling import fold
from geomap.places.tokens import Tokens, tokenize
from geomap.places.traits import TRAITS, find_traits

FOLDS = 8
EMBEDDED = 0.3
"""What it counts to take a part of another name ("Leicester City") for a place."""
BOTH = (None, None)
SPEAKS_FOR = (
    *("preposition", "direction", "kind_before", "kind_after", "container_after", "placed_twin"),
    *("list_before", "label", "abbreviation", "main"),
)
AGAINST = (
    *("title", "honorific", "name_before", "ship", "organisation_of", "person_twin", "generic"),
    *("first_name", "last_name", "calendar"),
)
"""Traits whose direction is known beforehand: no weight may say the reverse."""
STRENGTH = 0.02
"""How far the weights of recognition may move (C of scikit-learn), by cross-validation."""
COUNTRIES = 3
"""How many of a text's countries names are looked up in by sound."""
LACKING = 0.15
"""How often a gazetteer lacks a small place of the news (facts measured on bulletins)."""
SAME = 0.2
"""Degrees within which two places of one name are the same one for a map."""
APART = 0.5
"""Degrees beyond which a place of the same name is another one."""
THRESHOLD = 0.5
"""Chance below which a name gets no point: a pin must be right more often than not."""
ABROAD = 0.7
"""The same in a country that the text does not speak of: such a pin does most harm if wrong."""
Rounds = tuple[np.ndarray, np.ndarray]
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
    """Fit the weights, print what leaving out a kind of text says, and give them by trait."""
    rows, is_place, weight, kind = [], [], [], []
    for text in texts:
        for k, sighting in enumerate(text.sightings):
            place = text.place(k) is not None
            if sighting.demonym is not None and not place:
                continue
            rows.append(text.traits[k])
            is_place.append(place)
            weight.append(EMBEDDED if text.marks(k) and not place else 1.0)
            kind.append(text.doc.id.partition("-")[0])
    x, y, w = np.array(rows), np.array(is_place), np.array(weight)
    chance = np.zeros(len(y))
    for train, test in LeaveOneGroupOut().split(x, y, kind):
        found, base = fit_recognition(x[train], y[train], w[train])
        chance[test] = Recogniser(found, base, 0.5).chances(x[test])
    sure = w == 1.0
    hit = ((chance > 0.5) & y)[sure].sum()
    found, real = (chance > 0.5)[sure].sum(), y[sure].sum()
    print(f"recognition: {len(y)} sightings, precision {hit / found:.3f}, recall {hit / real:.3f}")
    weights, base = fit_recognition(x, y, w)
    columns = {t: [round(float(v), 3) for v in weights[:, i]] for i, t in enumerate(TRAITS)}
    return {"base": round(base, 3), "threshold": 0.5, "cases": list(CASES), "weights": columns}


def fit_recognition(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit a logistic regression: the weights of each of `CASES`, and the constant."""
    columns = np.hstack([x * case[:, None] for case in cases(x).T])
    scale = np.maximum(columns.std(axis=0), 1e-6)
    columns = columns / scale
    bounds = [(0, None) if t in SPEAKS_FOR else (None, 0) if t in AGAINST else BOTH for t in TRAITS]

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = columns @ values[1:] + values[0]
        wrong = w * (1 / (1 + np.exp(-odds)) - y)
        total = w @ (np.logaddexp(0, odds) - y * odds)
        pull = values[1:] / STRENGTH
        slope = np.concatenate([[wrong.sum()], columns.T @ wrong + pull])
        return float(total + pull @ values[1:] / 2), slope

    start = np.zeros(1 + columns.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[BOTH, *bounds * len(CASES)])
    return (found.x[1:] / scale).reshape(len(CASES), -1), float(found.x[0])


# Resolution


@dataclass
class Linked:
    """The names of a text and which candidates of each are right."""

    names: list[Name]
    right: list[np.ndarray]
    spoken: dict[str, float]
    group: int
    countries: tuple[str, ...]


def link(text: Parsed, group: int, gazetteer: Gazetteer) -> Linked:
    """Find the right candidates of each annotated place by its hint and its text's countries."""
    accepted = [k for k in range(len(text.sightings)) if text.place(k)]
    names = find_names(text.tokens, text.sightings, accepted, gazetteer)
    add_names_by_sound(names, gazetteer, text.doc.countries[:COUNTRIES])
    right = []
    for name in names:
        mark = text.place(name.mentions[0])
        assert mark is not None
        right.append(right_places(name, mark, text.doc, gazetteer))
    spoken = spoken_countries(text.sightings, gazetteer)
    return Linked(names, right, spoken, group, text.doc.countries[:COUNTRIES])


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
        province = gazetteer.province(where) or province_named(where, gazetteer)
        fits = (gazetteer.admin1[places] == province) | (places == province)
    elif where:
        fits = country == where
    elif np.isin(country, doc.countries).any() and not is_known(places, gazetteer):
        fits = np.isin(country, doc.countries)
    said = np.isin(gazetteer.kind[places], [*name.kinds])
    if kind:
        fits &= gazetteer.kind[places] == gazetteer.kinds.index(kind)
    elif (fits & said).any():
        fits &= said
    if fits.any():
        worth = gazetteer.weight[places] * np.where(name.main, 1.0, 0.1) * fits
        if not (kind or name.kinds):
            unit = np.isin(gazetteer.kind[places], [gazetteer.kinds.index(k) for k in UNITS])
            worth = np.where(unit, 0.05 * worth, worth)
        best = int(np.argmax(worth))
        right = fits & (country == country[best]) & ~apart(places, places[best], SAME, gazetteer)
        right[best] = True
    return right


def apart(places: np.ndarray, place: int, degrees: float, gazetteer: Gazetteer) -> np.ndarray:
    """Tell which places lie farther than some degrees from one of them."""
    lon, lat = gazetteer.lon[places], gazetteer.lat[places]
    return np.hypot(lon - gazetteer.lon[place], lat - gazetteer.lat[place]) > degrees


def province_named(where: str, gazetteer: Gazetteer) -> int:
    """Give the province that "IR.East Azerbaijan" names."""
    country, _, name = where.partition(".")
    named = gazetteer.named(fold(name))
    for place in named.places.tolist() if named else ():
        if gazetteer.country[place] == country and gazetteer.kind_of(place) == "province":
            return int(place)
    raise ValueError(f"no province {where!r}")


def is_known(places: np.ndarray, gazetteer: Gazetteer) -> bool:
    """Tell whether the weightiest candidate is a country, sea or world city that needs no hint."""
    return bool(gazetteer.weight[places[0]] > 3_000_000)


def train_resolution(linked: list[Linked], gazetteer: Gazetteer) -> dict[str, Any]:
    """Fit the two rounds and the chance, and print what cross-validation says."""
    groups = np.array([text.group for text in linked])
    cases: list[Judged] = []
    for train, test in GroupKFold(FOLDS).split(groups, groups=groups):
        rounds = fit_rounds([linked[i] for i in train], gazetteer)
        for i in test:
            cases += judged(linked[i], rounds, gazetteer)
            cases += judged_without(linked[i], rounds, gazetteer)
    x = np.array([case.evidence for case in cases])
    y = np.array([case.right for case in cases])
    w = np.array([case.weight for case in cases])
    chance = LogisticRegression(C=1.0, max_iter=5000).fit(x, y, w)
    whole = w == 1.0
    print(f"resolution: {whole.sum()} names, first choice right {y[whole].mean():.3f}")
    print_reliability(chance.predict_proba(x)[:, 1], y, w)
    first, second = fit_rounds(linked, gazetteer)
    values = [float(chance.intercept_[0]), *chance.coef_[0].tolist()]
    return {
        "first": named(FEATURES, first),
        "second": named(FEATURES, second),
        "chance": named(("constant", *EVIDENCE), values),
        "threshold": THRESHOLD,
        "abroad": ABROAD,
    }


@dataclass
class Judged:
    """What spoke for the choice made for a name, and whether it was right."""

    evidence: np.ndarray
    right: bool
    weight: float


def judged(linked: Linked, rounds: Rounds, gazetteer: Gazetteer) -> list[Judged]:
    """Give the choices made for the names of a text."""
    table = run(linked, *rounds, gazetteer)
    if table is None:
        return []
    rows = zip(table.names, table.evidence(), strict=True)
    return [Judged(row, bool(rightness(linked, n)[n.chosen]), 1.0) for n, row in rows]


def judged_without(linked: Linked, rounds: Rounds, gazetteer: Gazetteer) -> list[Judged]:
    """Give what is chosen for each small place if the gazetteer did not hold it: always wrong."""
    found = []
    for name, right in zip(linked.names, linked.right, strict=True):
        if not right.any() or gazetteer.weight[name.places[np.argmax(right)]] > NOTED:
            continue
        places, main, level = name.places, name.main, name.level
        far = apart(places, places[np.argmax(right)], APART, gazetteer)
        name.places, name.main = places[far], main[far]
        if not len(name.places):
            add_names_by_sound([name], gazetteer, linked.countries)
        table = run(linked, *rounds, gazetteer) if len(name.places) else None
        if table is not None:
            row = table.evidence()[[n is name for n in table.names].index(True)]
            found.append(Judged(row, False, LACKING))
        name.places, name.main, name.level = places, main, level
    return found


def print_reliability(chance: np.ndarray, right: np.ndarray, weight: np.ndarray) -> None:
    """Print how often choices of about the same chance were right."""
    bins = np.digitize(chance, [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
    for number in np.unique(bins):
        here = bins == number
        said, held = (np.average(v[here], weights=weight[here]) for v in (chance, right))
        print(f"  said {said:.2f}, right {held:.2f}, {weight[here].sum():.0f} names")


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


def as_text(model: dict[str, Any]) -> str:
    """Give a model as JSON, one line for each entry."""
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in model.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Train both and write them, or compare them with what is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--out", type=Path, default=content("gazetteer/model"))
    parser.add_argument("--first", type=int, help="use so many texts only")
    asked = parser.parse_args()
    gazetteer = default_gazetteer()
    texts = [parse(doc, gazetteer) for doc in read_texts()[: asked.first]]
    print(f"{len(texts)} texts, {sum(len(t.doc.marks) for t in texts)} annotations")
    recognition = train_recognition(texts)
    linked = [link(text, number, gazetteer) for number, text in enumerate(texts)]
    resolution = train_resolution(linked, gazetteer)
    for name, model in (("recognition.json", recognition), ("resolution.json", resolution)):
        path = asked.out / name
        if not asked.check:
            path.write_text(as_text(model), encoding="utf-8")
        elif path.read_text(encoding="utf-8") != as_text(model):
            sys.exit(f"{path} is not what these texts and this gazetteer give")


if __name__ == "__main__":
    main()

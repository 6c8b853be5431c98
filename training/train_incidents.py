"""Train the classifier of sentences on `sentences/` and `incidents/` and write its weights.

    pip install -e ".[train]"
    python training/train_incidents.py

The same sentences, tables and versions give the same bytes. What it prints are
figures of cross-validation, a file or a document always whole in one fold. The
documents of `incidents/` that are `kept` are not read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from geomap.incidents.classifier import features_of
from geomap.incidents.scene import STATEMENTS, read_scene
from geomap.incidents.structure import Sentence
from geomap.incidents.words import find_words
from geomap.places.geoparse import geoparse

HERE = Path(__file__).parent
MODEL = HERE.parent / "maps" / "classifier.json"
FOLDS = 8
STRENGTH = 0.5
"""How far the words may move a verdict: the inverse of the ridge."""
LEAST = 2
"""A trait seen in fewer sentences is none."""


class Example(NamedTuple):
    """A sentence with its incident type, "" if it tells of none, and where it is from."""

    traits: list[str]
    label: str
    group: str


def main() -> None:
    """Read, cross-validate, fit and write."""
    examples = [*marked_sentences(), *marked_documents()]
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([dict.fromkeys(e.traits, 1) for e in examples])
    common = np.asarray((table > 0).sum(axis=0)).ravel() >= LEAST
    names = vectorizer.get_feature_names_out()[common]
    table = table[:, common]
    labels = np.array([e.label for e in examples])
    report(table, labels, np.array([e.group for e in examples]))
    weights, bias = fit(table, labels != "")
    rounded = dict(zip(names, weights.round(2) + 0.0, strict=True))
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {weight}"
        for name, weight in rounded.items()
        if weight
    ]
    stored = f'{{"bias": {bias:.3f},\n "weights": {{\n' + ",\n".join(lines) + "\n }\n}\n"
    MODEL.write_text(stored, encoding="utf-8")
    print(f"{len(examples)} sentences, {len(lines)} traits, {len(stored) // 1024} kB")


def marked_sentences() -> Iterator[Example]:
    """Read the tables of `sentences/`; what is said and agreed counts as no incident."""
    for path in sorted((HERE / "sentences").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file)):
                told = row["label"] not in ("none", *STATEMENTS)
                label = row["label"] if told else ""
                yield Example(
                    read(row["clause"] or row["sentence"]), label, f"{path.stem} {number // 10}"
                )


def marked_documents() -> Iterator[Example]:
    """Read the marked sentences of `incidents/`, those kept for totals left out."""
    folder = HERE / "incidents"
    documents = json.loads((folder / "docs.json").read_text(encoding="utf-8"))
    sentences: dict[tuple[str, int, int], str] = {}
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if documents[entry["doc"]]["kept"] or entry["kind"] == "ignore":
            continue
        where = entry["doc"], entry["start"], entry["end"]
        sentences.setdefault(where, entry.get("type", "") if entry["kind"] == "incident" else "")
    for (name, start, end), label in sorted(sentences.items()):
        text = (folder / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        label = "" if label in STATEMENTS else label
        yield Example(read(" ".join(text[start:end].split())), label, name)


def read(text: str) -> list[str]:
    """Give the traits of a sentence standing alone."""
    scene = read_scene(Sentence(0, len(text), "body", 0), text, geoparse(text))
    if scene is None:
        return features_of(find_words(text), text, ())
    return features_of(scene.words, scene.text, scene.signals)


def fit(table: csr_matrix, told: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit "is an incident": weights by column, and the bias."""
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=1000)
    model.fit(table, told)
    return model.coef_[0], float(model.intercept_[0])


def report(table: csr_matrix, labels: np.ndarray, groups: np.ndarray) -> None:
    """Print what the classifier gets right on sentences that it was not fitted to."""
    scores, told = np.zeros(len(labels)), labels != ""
    for train, test in GroupKFold(FOLDS).split(table, labels, groups):
        weights, bias = fit(table[train], told[train])
        scores[test] = 1 / (1 + np.exp(-(table[test] @ weights + bias)))
    right = (scores >= 0.5) == told
    print(f"incident or not: {right.mean():.3f} right, {told.mean():.2f} are incidents")
    for least in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
        under = scores < least
        print(f"  p < {least}: {under.mean():.2f} of all, {told[under].mean():.3f} are incidents")


if __name__ == "__main__":
    main()

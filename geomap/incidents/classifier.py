"""How likely a sentence tells of an incident: a small linear classifier.

It reads the words of a sentence and what the rules made of it, and knows what no
table can list: the company of sport, drills, fiction, statistics and law. It has a
veto over the signal words and nothing more: what it would add or retype was
measured, and was wrong too often. `training/train_incidents.py` fits its weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache

from geomap.content import content
from geomap.incidents.scene import Signal
from geomap.incidents.words import Word

_CALENDAR = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    | {"january", "february", "march", "april", "june", "july", "august", "september"}
    | {"october", "november", "december"}
)


def features_of(words: Sequence[Word], text: str, signals: Iterable[Signal]) -> list[str]:
    """Give the traits of a sentence by name, each once and in order.

    Names of people and places are all alike to it, and so are figures of the
    same length.
    """
    seen = [_shape(word, text, not index) for index, word in enumerate(words)]
    found = {f"w {word}": None for word in seen}
    found |= {
        f"b {one} {other}": None for one, other in zip(["^", *seen], [*seen, "$"], strict=True)
    }
    holding = 0
    for signal in signals:
        reading = signal.reading
        if signal.is_statement:
            found[f"says {reading.subtype}"] = None
            continue
        found[f"how {signal.modality.effect}"] = None
        if signal.modality.holds:
            holding += 1
            found[f"type {reading.incident_type}"] = None
            found[f"subtype {reading.subtype}"] = None
            found[f"form {signal.trigger.form} {signal.trigger.passive}"] = None
            found[f"weight {reading.weight:.1f}"] = None
    found[f"holding {min(holding, 3)}"] = None
    return list(found)


def likelihood(words: Sequence[Word], text: str, signals: Iterable[Signal]) -> float:
    """Give the probability that a sentence tells of an incident.

    Examples
    --------
    >>> from geomap.incidents.words import find_words
    >>> text = "The opera ends with a flood in the final scene."
    >>> likelihood(find_words(text), text, ()) < 0.3
    True
    """
    bias, weights = _model()
    score = bias + sum(weights.get(name, 0.0) for name in features_of(words, text, signals))
    return 1.0 / (1.0 + math.exp(-score))


@cache
def _model() -> tuple[float, dict[str, float]]:
    """Read the bias and the weight of each trait."""
    with content("maps/classifier.json").open(encoding="utf-8") as file:
        stored = json.load(file)
    return stored["bias"], stored["weights"]


def _shape(word: Word, text: str, opens: bool) -> str:
    """Write a word as the classifier knows it: names as X, figures by their length."""
    if word.lower[0].isdigit():
        digits = len(word.lower.replace(",", "").partition(".")[0])
        return "YEAR" if digits == 4 and word.lower[:2] in ("19", "20") else "0" * min(digits, 4)
    if word.lower in _CALENDAR and text[word.start].isupper():
        return "DAY" if word.lower.endswith("day") else "MONTH"
    return "X" if text[word.start].isupper() and not opens else word.lower

"""What was done, as against what came of it: the type of an incident with several signal words."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.incidents.scene import Signal
from geomap.incidents.trigger import Reading
from geomap.incidents.words import Word
from geomap.model import Toponym

_CASUALTIES = "casualty_report"
_CONSEQUENCES = frozenset(
    {"kill", "injure", "wound", "die", "hit", "damage", "destroy", "casualty", "death", "body"}
    | {"fatality", "death toll", "target", "strike", "shoot"}
)
_BLOWS = frozenset({"hit", "strike", "target", "shoot"})
"""What may be a deed or come of one; after "when" it is the deed."""
_CROWDS = frozenset({"protester", "demonstrator"})
_ACTS = frozenset({"explosion", "battle", "civilians", "hazard", "unrest", "interception"})
_ACROSS = frozenset({"attack", "conduct attack", "conduct an attack", "carry out attack", "strike"})


def find_deed(
    signal: Signal, others: Sequence[Signal], origin: Toponym | None
) -> tuple[Reading, tuple[str, ...]]:
    """Type an incident by what was done rather than by what came of it.

    "An air strike killed 29" is an airstrike, "two died when a wall collapsed" a
    collapse; of "stabbing attack" the first word says what it was.
    """
    reading = signal.reading
    acts = [o for o in others if o.reading.incident_type in _ACTS]
    if reading.phrase in _CROWDS:
        acts = [o for o in acts if o.reading.incident_type == "unrest"]
    adjoining = [
        o
        for o in others
        if o.trigger.last == signal.trigger.first and o.reading.weight > reading.weight
    ]
    if reading.phrase in _CONSEQUENCES or reading.subtype == _CASUALTIES:
        better = [o for o in acts if o.reading.phrase not in _CONSEQUENCES and _led_to(o, signal)]
        if not better and reading.subtype == _CASUALTIES:
            better = [o for o in acts if o.reading.phrase in _BLOWS and o.follows_cause]
    else:
        better = adjoining or (
            [o for o in acts if o.reading.weight > reading.weight] if reading.weight <= 0.6 else []
        )
    if better:
        best = max(better, key=lambda o: (o.clause == signal.clause, *_rank(o))).reading
        return best, (best.reason,)
    if reading.incident_type == "battle" and reading.phrase in _ACROSS and origin is not None:
        why = f"an attack from {origin.toponym} without a named weapon is taken for fire"
        return reading._replace(incident_type="explosion", subtype="rocket_missile"), (why,)
    if reading.incident_type == "battle":
        fired = [
            o.reading
            for o in others
            if o.reading.incident_type == "explosion" and o.clause == signal.clause
        ]
        if fired:
            return fired[0], (fired[0].reason,)
    return reading, ()


def without_cause(signal: Signal, reading: Reading, words: Sequence[Word]) -> bool:
    """Tell "two traders were killed in Goma", where nothing says by whom or how."""
    killed = reading.phrase == "kill" and reading.incident_type == "civilians"
    by = any(word.lower == "by" for word in words[signal.trigger.last :])
    return killed and signal.trigger.passive and not by


def _rank(act: Signal) -> tuple[float, bool]:
    """Rank acts by weight, and a weapon before the blow struck with it: a car bomb rammed."""
    return act.reading.weight, act.reading.incident_type == "explosion"


def _led_to(act: Signal, signal: Signal) -> bool:
    """Tell the act before a consequence, or in it ("in an ambush", "when a wall fell")."""
    return act.trigger.first < signal.trigger.first or act.trigger.is_noun or act.follows_cause

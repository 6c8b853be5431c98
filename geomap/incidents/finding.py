"""The incidents of one sentence: which signal words tell of one, and at which places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from geomap.incidents.classifier import likelihood
from geomap.incidents.deed import find_deed, without_cause
from geomap.incidents.placing import (
    LEAST_WEIGHT,
    assign_sites,
    closeness,
    container_of,
    finest,
    part_origin,
)
from geomap.incidents.quantity import Quantity
from geomap.incidents.scene import Scene, Signal
from geomap.incidents.site import Site, clause_number
from geomap.incidents.trigger import Reading
from geomap.model import Toponym

WEAK_STATEMENT = 0.55
"""Up to this a statement ("said") is nothing beside an incident that it tells of."""
LABEL_WEIGHT = 0.6
"""A sentence without a place takes the one of its label ("Yei: ...") from this weight on."""
HEADING_WEIGHT = 0.8
"""It takes the one of its heading only for a sure signal word."""
LEAST_LIKELY = 0.15
"""Below this the classifier takes a sentence for one without an incident."""
UNLIKELY = "the sentence reads like one without an incident"
_LAUNCHES = frozenset({"fire", "launch"})
_EFFECTS = frozenset({"kill", "wound", "injure", "claim", "damage", "destroy", "hurt"})


@dataclass(frozen=True, slots=True)
class Finding:
    """An incident of a sentence at one place, or at none yet.

    ``reading`` types it; ``others`` are the signal words that tell of the same;
    ``container`` is the known place that holds a site nobody knows.
    """

    signal: Signal
    site: Site | None
    reading: Reading
    origin: Toponym | None = None
    others: tuple[Signal, ...] = ()
    closeness: float = 1.0
    reasons: tuple[str, ...] = ()
    container: Toponym | None = None
    quantities: tuple[Quantity, ...] = ()


class Passed(NamedTuple):
    """A signal word that made no incident, and why."""

    signal: Signal
    why: str


@dataclass(slots=True)
class Findings:
    """What a sentence gave: incidents, and signal words passed over."""

    found: list[Finding] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def find_incidents(scene: Scene) -> Findings:
    """Find the incidents of a sentence.

    Each place name goes to the signal word it stands with. A signal word that
    only threatens, plans, denies or imagines takes its places down with it. Of
    several places of one signal word the finest stay; a list gives one incident
    for each name.
    """
    result = Findings()
    groups = assign_sites(scene)
    kinetic = [s for s in scene.signals if not s.is_statement]
    holding = [s for s in kinetic if s.modality.holds and s.reading.weight >= LEAST_WEIGHT]
    told = [s for s in holding if s.modality.effect != "claimed"]
    if told and likelihood(scene.words, scene.text, scene.signals) < LEAST_LIKELY:
        result.passed += [Passed(signal, UNLIKELY) for signal in told]
        kinetic, holding = (
            [s for s in kinetic if s not in told],
            [s for s in holding if s not in told],
        )
    for signal in kinetic:
        if signal not in holding:
            cue = f" ({signal.modality.cue})" if signal.modality.cue else ""
            why = "signal word too weak" if signal.modality.holds else signal.modality.effect + cue
            result.passed.append(Passed(signal, why))
    holding = _one_deed(_one_interception(holding, groups), groups)
    placed = [s for s in holding if groups.get(s)]
    loose = [s for s in holding if not groups.get(s)]
    if placed:
        _place(scene, placed, loose, groups, result)
    elif loose:
        _unplaced(scene, loose, result)
    _statements(scene, groups, result)
    return result


def _one_interception(signals: Sequence[Signal], groups: dict[Signal, list[Site]]) -> list[Signal]:
    """Let the launch of what was intercepted be part of the interception."""
    intercepted = next((s for s in signals if s.reading.subtype == "intercept"), None)
    if intercepted is None:
        return list(signals)
    kept = []
    for signal in signals:
        if signal.reading.phrase in _LAUNCHES and signal.clause >= intercepted.clause:
            groups.setdefault(intercepted, []).extend(groups.pop(signal, []))
            if not groups[intercepted]:
                del groups[intercepted]
        else:
            kept.append(signal)
    return kept


def _one_deed(signals: Sequence[Signal], groups: dict[Signal, list[Site]]) -> list[Signal]:
    """Let what a deed did be part of it: "shelling of the camp killed four" is one incident."""
    kept: list[Signal] = []
    for signal in signals:
        deed = kept[-1] if kept else None
        if (
            deed is not None
            and signal.reading.phrase in _EFFECTS
            and not signal.trigger.passive
            and deed.trigger.is_noun
            and deed.clause == signal.clause
            and groups.get(deed)
        ):
            groups[deed].extend(groups.pop(signal, []))
        kept.append(signal)
    return kept


def _place(
    scene: Scene,
    placed: Sequence[Signal],
    loose: Sequence[Signal],
    groups: dict[Signal, list[Site]],
    result: Findings,
) -> None:
    taken: dict[str, Finding] = {}
    for signal in sorted(placed, key=lambda s: -s.reading.weight):
        others = tuple(
            o
            for o in loose
            if _nearest(o, placed) is signal or (o.trigger.is_noun and o.trigger.first < 8)
        )
        sites, origin = part_origin(scene, signal, groups[signal])
        reading, why = find_deed(signal, others, origin)
        if without_cause(signal, reading, scene.words):
            reading = reading._replace(incident_type="humanitarian", subtype="casualty_report")
            why = (*why, "nothing says by whom or how")
        for site in finest(sites):
            key = _key(site.toponym)
            if key in taken:
                continue
            finding = Finding(
                signal,
                site,
                reading,
                origin,
                others,
                closeness(scene, signal, site),
                (signal.reading.reason, *why),
                container_of(site, sites),
            )
            taken[key] = finding
    found = sorted(taken.values(), key=lambda f: f.site.first if f.site else 0)
    result.found += _share(scene, found)


def _share(scene: Scene, found: Sequence[Finding]) -> list[Finding]:
    """Give each number of a sentence to the place it stands nearest to.

    "Four died in one town and two in another" is shared out; one toll for a
    list of places stays with the first, so that no sum counts it twice.
    """
    shares: dict[int, list[Quantity]] = {}
    for quantity in scene.quantities:
        nearest = min(range(len(found)), key=lambda n: _words_off(scene, quantity, found[n].site))
        owner = found[nearest].site
        chain = [n for n, f in enumerate(found) if f.site and owner and f.site.chain == owner.chain]
        shares.setdefault(chain[0] if chain else nearest, []).append(quantity)
    return [replace(f, quantities=tuple(shares.get(n, ()))) for n, f in enumerate(found)]


def _words_off(scene: Scene, quantity: Quantity, site: Site | None) -> int:
    if site is None:
        return 0
    apart = clause_number(scene.clauses, quantity.first) != clause_number(scene.clauses, site.first)
    ahead = site.first - quantity.last
    return (ahead if ahead >= 0 else quantity.first - site.last + 3) + (6 if apart else 0)


def _unplaced(scene: Scene, loose: Sequence[Signal], result: Findings) -> None:
    """Place a sentence without a place of its own by its origin; else leave it to the label."""
    signal = max(loose, key=lambda s: s.reading.weight)
    others = tuple(s for s in loose if s is not signal)
    reading, why = find_deed(signal, others, None)
    origins = [s for s in scene.sites if s.role == "origin"]
    from_there = signal.reading.phrase in _LAUNCHES or signal.reading.subtype == "crash"
    launched = [o for o in origins if from_there and o.first > signal.trigger.first]
    site = launched[0] if launched else None
    reasons = (signal.reading.reason, *why)
    if site is not None:
        reasons += ("only the launch point is named",)
    result.found.append(
        Finding(signal, site, reading, None, others, 0.8, reasons, None, tuple(scene.quantities))
    )


def _statements(scene: Scene, groups: dict[Signal, list[Site]], result: Findings) -> None:
    """Give at most one statement and one diplomatic act a sentence, at the place spoken of."""
    for wanted in ("statement", "diplomacy"):
        signals = [
            s
            for s in scene.signals
            if s.reading.incident_type == wanted
            and s.modality.effect not in ("negated", "hypothetical", "quoted", "ceased")
        ]
        told = any(not f.signal.is_statement and f.site is not None for f in result.found)
        if told:
            signals = [s for s in signals if s.reading.weight > WEAK_STATEMENT]
        if not signals:
            continue
        signal = max(signals, key=lambda s: (bool(groups.get(s)), s.reading.weight))
        sites = groups.get(signal) or _spoken_of(scene, signal, groups)
        if not sites:
            result.passed.append(Passed(signal, "no place named"))
            continue
        claimed = {_key(f.site.toponym) for f in result.found if f.site and f.signal.modality.cue}
        for site in finest(sites):
            if signal.reading.subtype == "claim" and _key(site.toponym) in claimed:
                continue
            result.found.append(
                Finding(
                    signal,
                    site,
                    signal.reading,
                    reasons=(signal.reading.reason,),
                )
            )


def _spoken_of(scene: Scene, signal: Signal, groups: dict[Signal, list[Site]]) -> list[Site]:
    """Find the place a statement is about: a place of its sentence, else who makes it.

    Where somebody travels or meets is not what a threat is about.
    """
    away = [
        site
        for other, sites in groups.items()
        if other.reading.incident_type == "diplomacy" and signal.reading.subtype == "threat"
        for site in sites
    ]
    for roles in (("target", "at", "weak", "left"), ("attribute", "subject"), ("actor", "speech")):
        sites = [s for s in scene.sites if s.role in roles and s not in away]
        if sites:
            return [min(sites, key=lambda s: abs(s.first - signal.trigger.first))]
    return []


def _nearest(signal: Signal, placed: Sequence[Signal]) -> Signal:
    return min(placed, key=lambda p: abs(p.trigger.first - signal.trigger.first))


def _key(toponym: Toponym) -> str:
    return toponym.place.place_id if toponym.place is not None else toponym.toponym.casefold()

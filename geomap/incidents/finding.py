"""The incidents of one sentence: which signal words tell of one, and at which places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from geomap.incidents.containment import encloses
from geomap.incidents.quantity import Quantity
from geomap.incidents.scene import Scene, Signal
from geomap.incidents.site import USABLE, Site, assign, clause_number
from geomap.incidents.trigger import Reading, Trigger
from geomap.model import Toponym
from geomap.places.measure import distance_km

LEAST_WEIGHT = 0.5
"""A signal word lighter than this needs company to make an incident."""
WEAK_STATEMENT = 0.55
"""Up to this a statement ("said") is nothing beside an incident that it tells of."""
DOUBTFUL = 0.9
"""A place less sure than this gives way to the one that the text puts it in."""
FAR_KM = 50.0
"""Beyond this a place cannot be the one that the text puts in another."""
LABEL_WEIGHT = 0.8
"""A sentence without a place takes the one of its label only for a sure signal word."""
_CASUALTIES = "casualty_report"
_CONSEQUENCES = frozenset(
    {"kill", "injure", "wound", "die", "hit", "damage", "destroy", "casualty", "death", "body"}
    | {"fatality", "death toll", "target", "strike", "shoot"}
)
_CROWDS = frozenset({"protester", "demonstrator"})
_ACTS = frozenset({"explosion", "battle", "civilians", "hazard", "unrest", "interception"})
_LAUNCHES = frozenset({"fire", "launch"})
_ACROSS = frozenset({"attack", "conduct attack", "conduct an attack", "carry out attack", "strike"})


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
    groups = _assign(scene)
    kinetic = [s for s in scene.signals if not s.is_statement]
    holding = [s for s in kinetic if s.modality.holds and s.reading.weight >= LEAST_WEIGHT]
    for signal in kinetic:
        if signal not in holding:
            cue = f" ({signal.modality.cue})" if signal.modality.cue else ""
            why = "signal word too weak" if signal.modality.holds else signal.modality.effect + cue
            result.passed.append(Passed(signal, why))
    holding = _one_interception(holding, groups)
    placed = [s for s in holding if groups.get(s)]
    loose = [s for s in holding if not groups.get(s)]
    if placed:
        _place(scene, placed, loose, groups, result)
    elif loose:
        _unplaced(scene, loose, result)
    _statements(scene, groups, result)
    return result


def _assign(scene: Scene) -> dict[Signal, list[Site]]:
    """Give each usable place to its signal word."""
    triggers = [
        s.trigger
        for s in scene.signals
        if s.reading.weight >= LEAST_WEIGHT and not _is_venue(scene, s)
    ]
    by_trigger = {s.trigger: s for s in scene.signals}
    groups: dict[Signal, list[Site]] = {}
    chains: dict[int, Signal] = {}
    for site in scene.sites:
        if site.role not in USABLE:
            continue
        signal = chains.get(site.chain)
        if signal is None:
            trigger, _ = assign(site, triggers, scene.clauses)
            if trigger is None or _only_names(scene, site, trigger):
                continue
            signal = by_trigger[trigger]
            chains[site.chain] = signal
        groups.setdefault(signal, []).append(site)
    return {signal: _own_clause(scene, signal, sites) for signal, sites in groups.items()}


def _only_names(scene: Scene, site: Site, trigger: Trigger) -> bool:
    """Tell "the Jolo bombing", a name for what is known, from the headline "Jolo bombing"."""
    if site.role != "attribute" or not trigger.is_noun or trigger.first != site.last:
        return False
    before = scene.words[site.first - 1].lower if site.first else ""
    return before in ("the", "this", "that") and scene.sentence.kind != "title"


def _is_venue(scene: Scene, signal: Signal) -> bool:
    """Tell "crushed at a rally in Moshi": the rally only says where it was."""
    first = signal.trigger.first
    before = [word.lower for word in scene.words[max(0, first - 2) : first]]
    if not signal.trigger.is_noun or signal.reading.incident_type != "unrest":
        return False
    return before[:1] == ["at"] and before[-1] in ("a", "an", "the")


def _own_clause(scene: Scene, signal: Signal, sites: list[Site]) -> list[Site]:
    """Keep the places of a signal word's own clause where it has some."""
    head = scene.clauses[signal.clause].head
    clauses = scene.clauses
    inside = [s for s in sites if clauses[clause_number(clauses, s.first)].head == head]
    chains = {s.chain for s in inside}
    return [s for s in sites if s.chain in chains] if inside else sites


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
        sites, origin = _from_to(scene, signal, groups[signal])
        reading, why = _type(signal, others, origin)
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
                _closeness(scene, signal, site),
                (signal.reading.reason, *why),
                _container(site, sites),
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
    reading, why = _type(signal, others, None)
    origins = [s for s in scene.sites if s.role == "origin"]
    launched = [
        o for o in origins if signal.reading.phrase in _LAUNCHES and o.first > signal.trigger.first
    ]
    site = launched[0] if launched else None
    reasons = (signal.reading.reason, *why)
    if site is not None:
        reasons += ("only the launch point is named",)
    result.found.append(Finding(signal, site, reading, None, others, 0.8, reasons))


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
        sites = groups.get(signal) or _spoken_of(scene, signal)
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


def _spoken_of(scene: Scene, signal: Signal) -> list[Site]:
    """Find the place a statement is about: a place of its sentence, else who makes it."""
    for roles in (("target", "at", "weak"), ("attribute", "subject"), ("actor", "speech")):
        sites = [s for s in scene.sites if s.role in roles]
        if sites:
            return [min(sites, key=lambda s: abs(s.first - signal.trigger.first))]
    return []


def _type(
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
    else:
        better = adjoining or (
            [o for o in acts if o.reading.weight > reading.weight] if reading.weight <= 0.6 else []
        )
    if better:
        best = max(better, key=lambda o: (o.clause == signal.clause, o.reading.weight)).reading
        return best, (best.reason,)
    if reading.incident_type == "battle" and reading.phrase in _ACROSS and origin is not None:
        why = f"an attack from {origin.toponym} without a named weapon is taken for fire"
        return reading._replace(incident_type="explosion", subtype="rocket_missile"), (why,)
    if reading.incident_type == "battle":
        fired = [o.reading for o in others if o.reading.incident_type == "explosion"]
        if fired:
            return fired[0], (fired[0].reason,)
    return reading, ()


def _led_to(act: Signal, signal: Signal) -> bool:
    """Tell the act before a consequence, or in it ("in an ambush", "when a wall fell")."""
    return act.trigger.first < signal.trigger.first or act.trigger.is_noun or act.follows_cause


def _from_to(scene: Scene, signal: Signal, sites: list[Site]) -> tuple[list[Site], Toponym | None]:
    """Part where it happened from where it came from.

    People who flee from A to B are displaced to B, from A; who withdraws from A
    is gone from A, wherever he goes.
    """
    origins = [s.toponym for s in scene.sites if s.role == "origin"]
    left = [s for s in sites if s.role == "left"]
    others = [s for s in sites if s.role != "left"]
    if left and others and signal.reading.subtype != "withdrawal":
        return others, left[0].toponym
    return (left or sites), (origins[0] if origins else None)


def _nearest(signal: Signal, placed: Sequence[Signal]) -> Signal:
    return min(placed, key=lambda p: abs(p.trigger.first - signal.trigger.first))


def finest(sites: Sequence[Site]) -> list[Site]:
    """Leave out containers, and looser names where a place is named outright."""
    firm = [s for s in sites if USABLE.get(s.role, 0.0) >= 1.0] or list(sites)
    targets = [
        s
        for s in firm
        if s.role == "target" and not any(_holds(s, other) for other in firm if other is not s)
    ]
    if targets:
        chains = {s.chain for s in targets}
        firm = [s for s in firm if s.chain in chains]
    kept = [
        s
        for s in firm
        if not any(_holds(s, other) for other in firm if other is not s)
        and not (s.apposed and any(_lies_in(other, s) for other in firm))
    ]
    known = [s for s in kept if s.toponym.place is not None]
    chains = {s.chain for s in kept if s.toponym.place is None}
    if known and len(known) < len(kept):
        lists = {s.chain for s in known if not s.apposed} & chains
        first = min(kept, key=lambda s: s.first)
        kept = [s for s in kept if s.chain in lists or s.chain == first.chain or s in known]
        if first.toponym.place is None and first.chain not in lists:
            kept = [first]
    sharpest = min((s.toponym.geo_precision or 2) for s in kept)
    chains = {s.chain for s in kept if (s.toponym.geo_precision or 2) == sharpest}
    return [s for s in kept if s.chain in chains]


def _holds(outer: Site, inner: Site) -> bool:
    if outer.toponym.place is None or inner.toponym.place is None:
        return False
    return encloses(outer.toponym.place, inner.toponym.place)


def _lies_in(inner: Site, outer: Site) -> bool:
    """Tell whether `outer` was only named to say where `inner` lies, and may be so."""
    before = inner.last <= outer.first and inner.chain == outer.chain
    return before and not _holds(inner, outer)


def _container(site: Site, sites: Sequence[Site]) -> Toponym | None:
    """Find the place to draw a site at that nobody knows, or that lies elsewhere by the text.

    "Djiguibombo, Bandiagara" is drawn in Bandiagara when Djiguibombo is not
    known; "the embassy in Baghdad" is in Baghdad whatever embassy was found.
    """
    later = [s for s in sites if s.first >= site.last and s.toponym.place is not None]
    apposed = [s for s in later if s.apposed and s.chain == site.chain]
    if site.toponym.place is None:
        return next((s.toponym for s in [*apposed, *later]), None)
    for outer in apposed[:1]:
        abroad = site.toponym.country != outer.toponym.country != ""
        doubtful = abroad or site.toponym.score < DOUBTFUL
        if doubtful and not _holds(outer, site) and _is_far(site, outer):
            return outer.toponym
    return None


def _is_far(site: Site, outer: Site) -> bool:
    one, other = site.toponym.place, outer.toponym.place
    if one is None or other is None:
        return False
    km = distance_km(one.lon, one.lat, other.lon, other.lat)
    return km > FAR_KM + other.extent_km + one.extent_km or one.kind == "country"


def _closeness(scene: Scene, signal: Signal, site: Site) -> float:
    """Trust a place in the clause of its signal word more than one further off."""
    own = clause_number(scene.clauses, site.first)
    if scene.clauses[own].head == scene.clauses[signal.clause].head:
        return 1.0
    return (1.0, 0.85, 0.7)[min(abs(own - signal.clause), 2)]


def _key(toponym: Toponym) -> str:
    return toponym.place.place_id if toponym.place is not None else toponym.toponym.casefold()

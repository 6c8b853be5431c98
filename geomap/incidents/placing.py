"""Which place belongs to which signal word of a sentence, and which of several it was."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.incidents.clause import Clause
from geomap.incidents.containment import encloses
from geomap.incidents.role import USABLE, is_kinetic
from geomap.incidents.scene import Scene, Signal
from geomap.incidents.site import Site, clause_number
from geomap.incidents.trigger import Trigger
from geomap.model import Toponym
from geomap.places.measure import distance_km
from geomap.places.spelling import fold

LEAST_WEIGHT = 0.5
"""A signal word lighter than this needs company to make an incident."""
DOUBTFUL = 0.9
"""A place less sure than this gives way to the one that the text puts it in."""
WORDS_COST = 4
"""How many words further off a deed may be than a saying, and still take a place from it."""
FRONTED_COST = 20
"""The same where the place opens the sentence: "In Quito, teachers demanding pay marched"."""
FAR_KM = 50.0
"""Beyond this a place cannot be the one that the text puts in another."""


def assign_sites(scene: Scene) -> dict[Signal, list[Site]]:
    """Give each usable place to its signal word."""
    triggers = [
        s.trigger
        for s in scene.signals
        if s.reading.weight >= LEAST_WEIGHT and not _is_venue(scene, s) and not _nobody_hurt(s)
    ]
    by_trigger = {s.trigger: s for s in scene.signals}
    groups: dict[Signal, list[Site]] = {}
    chains: dict[int, Signal] = {}
    for site in scene.sites:
        if site.role not in USABLE:
            continue
        signal = chains.get(site.chain)
        if signal is None:
            trigger = _nearest(scene, site, triggers)
            if trigger is None or _only_names(scene, site, trigger):
                continue
            signal = by_trigger[trigger]
            chains[site.chain] = signal
        groups.setdefault(signal, []).append(site)
    return {signal: _own_clause(scene, signal, sites) for signal, sites in groups.items()}


def _nearest(scene: Scene, site: Site, triggers: Sequence[Trigger]) -> Trigger | None:
    """Find the trigger whose place a name is.

    A trigger of the same clause goes first, one before the name goes before one
    after it, the nearest goes before the others.
    """
    clauses = scene.clauses
    own = clause_number(clauses, site.first)
    best: tuple[float, Trigger] | None = None
    for trigger in triggers:
        other = clause_number(clauses, trigger.first)
        between = clauses[min(own, other) + 1 : max(own, other) + 1]
        if any(c.opener in (";", "but") for c in between):
            continue
        if own != other and _is_known(scene, trigger, clauses[other]):
            continue
        behind = trigger.first > site.first
        words_off = trigger.first - site.last if behind else site.first - trigger.last
        cost = abs(own - other) * 12 + max(0, words_off) * (2.0 if behind else 1.0)
        if not is_kinetic(trigger):
            cost += FRONTED_COST if _is_fronted(scene, site, clauses[own]) else WORDS_COST
        if best is None or cost < best[0]:
            best = (cost, trigger)
    return best[1] if best else None


def _is_fronted(scene: Scene, site: Site, clause: Clause) -> bool:
    """Tell a place that opens its clause, and so is the place of the main verb."""
    return (
        site.role == "at"
        and not any(clause.first <= s.trigger.first < site.first for s in scene.signals)
        and site.first - clause.first <= 4
    )


def _is_known(scene: Scene, trigger: Trigger, clause: Clause) -> bool:
    """Tell "prices rose in London after the strikes": it happened elsewhere."""
    before = scene.words[trigger.first - 1].lower if trigger.first else ""
    return trigger.is_noun and before == "the" and clause.opener in ("after", "before", "since")


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


def _nobody_hurt(signal: Signal) -> bool:
    """Tell "without casualties": it says how something ended and happened nowhere."""
    return signal.modality.effect == "negated" and signal.reading.subtype == "casualty_report"


def _own_clause(scene: Scene, signal: Signal, sites: list[Site]) -> list[Site]:
    """Keep the places of a signal word's own clause where it has some."""
    head = scene.clauses[signal.clause].head
    clauses = scene.clauses
    inside = [s for s in sites if clauses[clause_number(clauses, s.first)].head == head]
    chains = {s.chain for s in inside}
    return [s for s in sites if s.chain in chains] if inside else sites


def part_origin(
    scene: Scene, signal: Signal, sites: list[Site]
) -> tuple[list[Site], Toponym | None]:
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


def container_of(site: Site, sites: Sequence[Site]) -> Toponym | None:
    """Find the place to draw a site at that nobody knows, or that lies elsewhere by the text.

    "Djiguibombo, Bandiagara" is drawn in Bandiagara when Djiguibombo is not
    known; "the embassy in Baghdad" is in Baghdad whatever embassy was found.
    """
    later = [s for s in sites if s.first >= site.last and s.toponym.place is not None]
    apposed = [s for s in later if s.apposed and s.chain == site.chain]
    if site.toponym.place is None:
        return next((s.toponym for s in [*apposed, *later]), None)
    if site.toponym.kind == "country" and _is_named_whole(site.toponym):
        return None  # "Puerto Rico, a United States commonwealth"
    for outer in apposed[:1]:
        abroad = site.toponym.country != outer.toponym.country != ""
        doubtful = abroad or site.toponym.score < DOUBTFUL
        if doubtful and not _holds(outer, site) and _is_far(site, outer):
            return outer.toponym
    return None


def _is_named_whole(toponym: Toponym) -> bool:
    """Tell "Iraq" from "the embassy of Iraq", of which only the country was found."""
    return toponym.place is not None and fold(toponym.toponym) == fold(toponym.place.name)


def _is_far(site: Site, outer: Site) -> bool:
    one, other = site.toponym.place, outer.toponym.place
    if one is None or other is None:
        return False
    km = distance_km(one.lon, one.lat, other.lon, other.lat)
    # an extent is a radius round a centre: at home the far end of an island lies beyond it
    reach = other.extent_km * (1.5 if one.country == other.country else 1.0)
    return km > FAR_KM + reach + one.extent_km or one.kind == "country"


def closeness(scene: Scene, signal: Signal, site: Site) -> float:
    """Trust a place in the clause of its signal word more than one further off."""
    own = clause_number(scene.clauses, site.first)
    if scene.clauses[own].head == scene.clauses[signal.clause].head:
        return 1.0
    return (1.0, 0.85, 0.7)[min(abs(own - signal.clause), 2)]

"""The record of one finding: place, day, people and quotation put into an `Incident`."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import Any

from geomap import __version__
from geomap.incidents.actor import find_source, roles
from geomap.incidents.clean import CleanText
from geomap.incidents.context import Document, place_of, remember, settle
from geomap.incidents.finding import Finding
from geomap.incidents.quantity import Toll, no_casualties, toll
from geomap.incidents.role import USABLE
from geomap.incidents.scene import Scene
from geomap.incidents.story import Mention
from geomap.incidents.timing import Timing, find_timing
from geomap.incidents.vocabulary import vocabulary
from geomap.model import GeoPrecision, Incident, Place, Ring, Toponym

LEAST_CONFIDENCE = 0.4
"""Below this an incident is left out and told of as unmapped."""
LEAST_STATEMENT = 0.3
LEAST_PLACE_SCORE = 0.35
"""A place less sure than this gives no point: an honest blank beats a wrong pin."""
MOST_POINTS = 80
GENERIC_WEIGHT = 0.75
"""A signal word up to this weight may leave open what kind of attack it was."""
_OPEN_TYPES = ("battle", "explosion")
_DAMAGE = frozenset({"destroy", "damage", "devastate", "flatten"})
Fields = dict[str, Any]
"""Some of the fields of an `Incident`, by name."""
_EXTRACTOR = f"geomap {__version__} rules"


def draft(document: Document, scene: Scene, finding: Finding) -> Mention:
    """Make the incident of a finding; ``left_out`` says why it will not be kept."""
    finding = settle(document, scene, finding)
    toponym, role, why = place_of(document, scene, finding)
    timing = find_timing(finding.signal.trigger, scene, document.dates, document.bulletin.issued)
    fields = _quote(document, scene, finding) | _tell(document, scene, finding) | _date(timing)
    if fields["modality"] == "asserted" and fields["attribution"] and _is_contested(scene, finding):
        fields["modality"] = "claimed"
    if toponym is None:
        incident = Incident(id="", **fields)
        return _mention(incident, None, timing, scene, finding, left_out="no place named")
    fields |= _locate(document, finding, toponym, role)
    confidence = _confidence(finding, toponym, role)
    is_known = fields.get("place_id") and finding.container is None
    place_key = fields["place_id"] if is_known else toponym.toponym
    kind = finding.reading.incident_type
    key = f"{document.doc_id}|{fields['sentence_start']}|{place_key}|{kind}|0"
    incident = Incident(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        confidence=round(confidence, 3),
        reasons=(*finding.reasons, *why, *_rivals(toponym)),
        **fields,
    )
    known = toponym.place if is_known else None
    least = LEAST_STATEMENT if finding.signal.is_statement else LEAST_CONFIDENCE
    low = f"confidence {confidence:.2f} is too low" if confidence < least else ""
    if not low:
        remember(document, scene, finding)
    return _mention(incident, known, timing, scene, finding, left_out=low)


def _mention(
    incident: Incident,
    place: Place | None,
    timing: Timing,
    scene: Scene,
    finding: Finding,
    left_out: str,
) -> Mention:
    """Say how the text refers to an incident, so that mentions can be joined."""
    trigger, reading = finding.signal.trigger, finding.reading
    opening = {word.lower for word in scene.words[:8]}
    before = scene.words[trigger.first - 1].lower if trigger.first else ""
    return Mention(
        incident,
        place,
        timing,
        left_out,
        definite=trigger.is_noun and before in ("the", "this", "that", "these"),
        title=scene.sentence.kind == "title",
        generic=(reading.weight <= GENERIC_WEIGHT and incident.incident_type in _OPEN_TYPES)
        or reading.phrase in _DAMAGE,
        follows="also" in opening or {"same", "day"} <= opening,
        listed=scene.sentence.kind == "bullet" or scene.sentence.label is not None,
        apart=_is_apart(scene, finding),
    )


def _is_apart(scene: Scene, finding: Finding) -> bool:
    """Tell "a second blast" and "in a separate attack" from one told of before."""
    first = finding.signal.trigger.first
    opening = {word.lower for word in scene.words[:4]}
    if opening & {"separate", "separately"}:
        return True
    near = [word.lower for word in scene.words[max(0, first - 3) : first + 1]]
    return any(
        word in vocabulary("counts apart") and after in vocabulary("what is counted apart")
        for word, after in pairwise(near)
    )


def _quote(document: Document, scene: Scene, finding: Finding) -> Fields:
    """Give the words of an incident: type, sentence and trigger as they stand."""
    view, trigger = document.view, finding.signal.trigger
    start, end = view.span(scene.sentence.start, scene.sentence.end)
    trigger_start, trigger_end = view.span(trigger.start, trigger.end)
    return {
        "doc_id": document.doc_id,
        "doc_title": document.bulletin.title,
        "doc_date": document.bulletin.issued,
        "section": scene.sentence.section,
        "incident_type": finding.reading.incident_type,
        "subtype": finding.reading.subtype,
        "modality": _modality(finding),
        "sentence": document.bulletin.text[start:end],
        "sentence_start": start,
        "sentence_end": end,
        "trigger": scene.text[trigger.start : trigger.end],
        "trigger_start": trigger_start,
        "trigger_end": trigger_end,
        "extractor": _EXTRACTOR,
        "source": document.bulletin.source,
    }


def _locate(document: Document, finding: Finding, toponym: Toponym, role: str) -> Fields:
    """Give the place; one that is not known surely enough is left without a point."""
    start, end = document.view.span(toponym.start, toponym.end)
    fields: Fields = {"place": toponym.toponym, "place_start": start, "place_end": end}
    if finding.origin is not None:
        fields |= {
            "origin_place": finding.origin.toponym,
            "origin_lon": finding.origin.lon,
            "origin_lat": finding.origin.lat,
        }
    if finding.container is not None:
        toponym, role = finding.container, "container"
    place = toponym.place
    if place is None or toponym.lon is None or toponym.score < LEAST_PLACE_SCORE:
        return fields
    return fields | {
        "place_id": place.place_id,
        "country": toponym.country or None,
        "admin1": place.admin1 or None,
        "geo_precision": _precision(toponym, role),
        "uncertainty_km": _radius(toponym, role),
        "lon": toponym.lon,
        "lat": toponym.lat,
        "area": coarse(place.area),
    }


def _date(timing: Timing) -> Fields:
    return {
        "date": timing.date,
        "date_end": timing.date_end,
        "date_precision": timing.precision,
        "date_basis": timing.basis,
        "temporal": timing.temporal,
    }


def _tell(document: Document, scene: Scene, finding: Finding) -> Fields:
    """Give who did it, who says so, and how many."""
    view, words, text = document.view, scene.words, scene.text
    clause = scene.clauses[finding.signal.clause]
    source = find_source(words, text, scene.sentence.start, scene.sentence.end)
    actors = roles(scene.actors, finding.signal.trigger, clause)
    fields: Fields = {
        "attribution": source,
        "actors": tuple(_stored(a.record(part, words, text), view) for a, part in actors),
        "quantities": tuple(_stored(q.record(words, text), view) for q in finding.quantities),
    }
    return fields if finding.signal.is_statement else fields | _tolls(scene, finding)


def _precision(toponym: Toponym, role: str) -> GeoPrecision | None:
    if role == "container" and toponym.geo_precision == 1:
        return 2
    if role in ("origin", "label", "heading") and toponym.geo_precision in (1, 2):
        return 3
    return toponym.geo_precision


def _radius(toponym: Toponym, role: str) -> float | None:
    """Give the radius in km: for a place only known by what holds it, all of that."""
    if role == "container" and toponym.place is not None:
        return max(toponym.uncertainty_km or 0.0, toponym.place.extent_km)
    return toponym.uncertainty_km


def _confidence(finding: Finding, toponym: Toponym, role: str) -> float:
    """Multiply how sure the signal word, the part of the place, and the place itself are."""
    part = USABLE.get(role, 0.95 if role == "label" else 0.75)
    resolved = finding.container or toponym
    known = 0.6 + 0.4 * resolved.score if resolved.place is not None else 0.6
    said = 0.9 if finding.signal.modality.effect == "claimed" else 1.0
    company = 1.05 if finding.others else 1.0
    return min(0.99, finding.reading.weight * part * known * said * company * finding.closeness)


def _is_contested(scene: Scene, finding: Finding) -> bool:
    """Tell whether what one party says is denied in the same sentence by another."""
    return not finding.signal.is_statement and any(
        signal.reading.phrase.startswith("deny") for signal in scene.signals
    )


def _modality(finding: Finding) -> str:
    effect = finding.signal.modality.effect
    if finding.reading.incident_type == "statement":
        if finding.reading.subtype == "threat":
            return "threatened"
        if finding.reading.subtype == "claim":
            denies = effect == "denied" or finding.reading.phrase.startswith("deny")
            return "denied" if denies else "claimed"
    if effect in ("asserted", "claimed", "denied", "threatened", "planned", "hypothetical"):
        return effect
    return "planned" if effect == "purpose" else "asserted"


def _tolls(scene: Scene, finding: Finding) -> Fields:
    """Give who was killed, injured, missing, displaced, as far as the sentence says."""
    killed = toll(finding.quantities, "killed")
    if killed == Toll() and no_casualties(scene.words):
        killed = Toll(0, 0, 0)
    return {
        "fatalities": killed.value,
        "fatalities_low": killed.low,
        "fatalities_high": killed.high,
        "injured": toll(finding.quantities, "injured").value,
        "missing": toll(finding.quantities, "missing").value,
        "displaced": toll(finding.quantities, "displaced").value,
    }


def _stored(entry: dict[str, object], view: CleanText) -> dict[str, object]:
    """Move an entry's offsets to the stored text."""
    start, end = view.span(int(str(entry["start"])), int(str(entry["end"])))
    return {**entry, "start": start, "end": end}


def _rivals(toponym: Toponym) -> tuple[str, ...]:
    rivals = toponym.place.candidates if toponym.place is not None else toponym.candidates
    named = [f"{p.name} ({p.country or p.kind})" for p in rivals[:3]]
    return (f"rivals: {', '.join(named)}",) if named else ()


def coarse(area: tuple[Ring, ...]) -> tuple[Ring, ...]:
    """Thin an outline to at most `MOST_POINTS` points, its largest rings first."""
    if sum(len(ring) for ring in area) <= MOST_POINTS:
        return area
    largest = sorted(area, key=len, reverse=True)[:4]
    share = MOST_POINTS // len(largest)
    return tuple(_thin(ring, share) for ring in largest)


def _thin(ring: Ring, most: int) -> Ring:
    if len(ring) <= most:
        return ring
    step = (len(ring) - 1) / (most - 1)
    kept = [ring[int(i * step)] for i in range(most - 1)]
    return (*kept, kept[0])

"""From a bulletin to its incidents: the whole road of this wing, a page of calls."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geomap import __version__
from geomap.incidents.actor import find_source, roles
from geomap.incidents.clean import CleanText, clean
from geomap.incidents.dates import DateSpan, find_dates
from geomap.incidents.event import Mention, join_events
from geomap.incidents.finding import LABEL_WEIGHT, Finding, Passed, find_incidents
from geomap.incidents.quantity import Toll, no_casualties, toll
from geomap.incidents.scene import Scene, read_scene
from geomap.incidents.site import USABLE
from geomap.incidents.structure import Span, find_sentences
from geomap.incidents.timing import find_timing
from geomap.model import Bulletin, GeoPrecision, Incident, Ring, Toponym

if TYPE_CHECKING:
    import datetime as dt

    from geopandas import GeoDataFrame

LEAST_CONFIDENCE = 0.4
"""Below this an incident is left out and told of in `Extraction.unmapped`."""
LEAST_PLACE_SCORE = 0.35
"""A place less sure than this gives no point: an honest blank beats a wrong pin."""
MOST_POINTS = 80
_EXTRACTOR = f"geomap {__version__} rules"


class Unmapped(NamedTuple):
    """Something that looked like an incident and is not on the map, and why not."""

    sentence: str
    sentence_start: int
    trigger: str
    place: str
    why: str


class Extraction(NamedTuple):
    """The incidents of one bulletin, and what was found but not mapped."""

    incidents: list[Incident]
    unmapped: list[Unmapped]


def extract(
    source: str | Path | Bulletin | Sequence[str | Path | Bulletin],
    issued: dt.date | None = None,
) -> GeoDataFrame:
    """Extract the incidents of bulletins.

    Parameters
    ----------
    source
        A path, a bulletin, or a list of them.
    issued
        Day of issue, for bulletins that do not say.

    Returns
    -------
    GeoDataFrame
        Columns of `geomap.record.FIELDS`, ``area`` and ``geometry`` (points in
        EPSG:4326, None where not mapped); rows in the order of the bulletins
        and of their text.
    """
    from geomap.record import to_frame

    return to_frame(
        incident
        for bulletin in _bulletins(source, issued)
        for incident in extract_bulletin(bulletin)
    )


def extract_bulletin(bulletin: Bulletin) -> list[Incident]:
    """Extract the incidents of one bulletin, in the order of its text.

    Offsets count characters of ``bulletin.text``. Incidents whose place was not
    resolved have no point.
    """
    return examine(bulletin).incidents


def examine(bulletin: Bulletin) -> Extraction:
    """Extract incidents, and say what was found but not mapped and why."""
    from geomap.places.geoparse import geoparse

    view = clean(bulletin.text)
    toponyms = geoparse(view.text, bulletin.issued)
    dates = find_dates(view.text, bulletin.issued)
    document = _Document(bulletin, view, toponyms, dates)
    mentions: list[Mention] = []
    unmapped: list[Unmapped] = []
    for sentence in find_sentences(view.text):
        if sentence.kind in ("heading", "dateline"):
            continue
        inside = [t for t in toponyms if sentence.start <= t.start < sentence.end]
        scene = read_scene(sentence, view.text, inside)
        if scene is None:
            continue
        findings = find_incidents(scene)
        unmapped += [_passed(scene, passed, view) for passed in findings.passed]
        for finding in findings.found:
            made = _make(document, scene, finding)
            if isinstance(made, Mention):
                mentions.append(made)
            else:
                unmapped.append(made)
    incidents = _distinct(join_events(mentions))
    unmapped += [
        Unmapped(
            i.sentence,
            i.sentence_start or 0,
            i.trigger or "",
            i.place,
            "the place is not known, or not surely enough",
        )
        for i in incidents
        if i.lon is None
    ]
    return Extraction(incidents, unmapped)


class _Document(NamedTuple):
    bulletin: Bulletin
    view: CleanText
    toponyms: Sequence[Toponym]
    dates: Sequence[DateSpan]

    @property
    def doc_id(self) -> str:
        return hashlib.sha256(self.bulletin.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def under(self, span: Span | None) -> list[Toponym]:
        """Give the place names of a label or heading."""
        if span is None:
            return []
        return [t for t in self.toponyms if span.start <= t.start and t.end <= span.end]


def _bulletins(
    source: str | Path | Bulletin | Sequence[str | Path | Bulletin], issued: dt.date | None
) -> list[Bulletin]:
    from geomap.incidents.bulletin import read_bulletins

    items = [source] if isinstance(source, (str, Path, Bulletin)) else list(source)
    bulletins: list[Bulletin] = []
    for item in items:
        if isinstance(item, Bulletin):
            bulletins.append(item if item.issued or not issued else replace(item, issued=issued))
        else:
            bulletins += read_bulletins([item], issued=issued)
    return bulletins


def _make(document: _Document, scene: Scene, finding: Finding) -> Mention | Unmapped:
    """Make the incident of a finding, or say why it is left out."""
    toponym, role, why = _place_of(document, scene, finding)
    trigger = finding.signal.trigger
    if toponym is None:
        return _left_out(document, scene, finding, "no place named")
    place = toponym.place
    confidence = _confidence(finding, toponym, role)
    if confidence < LEAST_CONFIDENCE:
        return _left_out(document, scene, finding, f"confidence {confidence:.2f} is too low")
    timing = find_timing(
        trigger,
        scene.words,
        scene.clauses,
        scene.sentence,
        document.dates,
        document.bulletin.issued,
        scene.text,
    )
    sure = place is not None and toponym.score >= LEAST_PLACE_SCORE and toponym.lon is not None
    clause = scene.clauses[finding.signal.clause]
    view, sentence = document.view, scene.sentence
    start, end = view.span(sentence.start, sentence.end)
    place_start, place_end = view.span(toponym.start, toponym.end)
    trigger_start, trigger_end = view.span(trigger.start, trigger.end)
    place_id = place.place_id if place is not None and sure else None
    key = f"{document.doc_id}|{start}|{place_id or toponym.toponym}|{finding.incident_type}|0"
    incident = Incident(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        doc_id=document.doc_id,
        doc_title=document.bulletin.title,
        doc_date=document.bulletin.issued,
        section=sentence.section,
        date=timing.date,
        date_end=timing.date_end,
        date_precision=timing.precision,
        date_basis=timing.basis,
        temporal=timing.temporal,
        incident_type=finding.incident_type,
        subtype=finding.subtype,
        modality=_modality(finding),
        attribution=find_source(scene.words, scene.text, sentence.start, sentence.end),
        place=toponym.toponym,
        place_id=place_id,
        country=(toponym.country or None) if sure else None,
        admin1=(place.admin1 or None) if place is not None and sure else None,
        geo_precision=_precision(toponym, role) if sure else None,
        uncertainty_km=toponym.uncertainty_km if sure else None,
        origin_place=finding.origin.toponym if finding.origin else None,
        origin_lon=finding.origin.lon if finding.origin else None,
        origin_lat=finding.origin.lat if finding.origin else None,
        actors=tuple(
            _stored(actor.record(part, scene.words, scene.text), view)
            for actor, part in roles(scene.actors, trigger, clause)
        ),
        quantities=tuple(
            _stored(q.record(scene.words, scene.text), view) for q in scene.quantities
        ),
        sentence=document.bulletin.text[start:end],
        sentence_start=start,
        sentence_end=end,
        place_start=place_start,
        place_end=place_end,
        trigger=scene.text[trigger.start : trigger.end],
        trigger_start=trigger_start,
        trigger_end=trigger_end,
        confidence=round(confidence, 3),
        reasons=(*finding.reasons, *why, *_rivals(toponym)),
        extractor=_EXTRACTOR,
        source=document.bulletin.source,
        lon=toponym.lon if sure else None,
        lat=toponym.lat if sure else None,
        area=_coarse(place.area) if place is not None and sure else (),
    )
    if not finding.signal.is_statement:
        incident = _tolls(incident, scene)
    before = scene.words[trigger.first - 1].lower if trigger.first else ""
    definite = trigger.is_noun and before in ("the", "this", "that", "these")
    return Mention(incident, place if sure else None, timing, definite, sentence.kind == "title")


def _place_of(
    document: _Document, scene: Scene, finding: Finding
) -> tuple[Toponym | None, str, tuple[str, ...]]:
    """Give the place of a finding: its own, else its label's, else its heading's."""
    if finding.site is not None:
        return finding.site.toponym, finding.site.role, (f"place by role {finding.site.role!r}",)
    if finding.signal.reading.weight < LABEL_WEIGHT:
        return None, "", ()
    for name in ("label", "heading"):
        toponyms = document.under(getattr(scene.sentence, name))
        if len(toponyms) == 1:
            return toponyms[0], name, (f"place taken from the {name}",)
    return None, "", ()


def _precision(toponym: Toponym, role: str) -> GeoPrecision | None:
    if role in ("origin", "label", "heading") and toponym.geo_precision in (1, 2):
        return 3
    return toponym.geo_precision


def _confidence(finding: Finding, toponym: Toponym, role: str) -> float:
    """Multiply how sure the signal word, the part of the place, and the place itself are."""
    part = USABLE.get(role, 0.75)
    known = 0.6 + 0.4 * toponym.score if toponym.place is not None else 0.6
    said = 0.9 if finding.signal.modality.effect == "claimed" else 1.0
    company = 1.05 if finding.others else 1.0
    return min(
        0.99, finding.signal.reading.weight * part * known * said * company * finding.closeness
    )


def _modality(finding: Finding) -> str:
    effect = finding.signal.modality.effect
    if finding.incident_type == "statement":
        if finding.subtype == "threat":
            return "threatened"
        if finding.subtype == "claim":
            return "denied" if effect == "denied" else "claimed"
    if effect in ("asserted", "claimed", "denied", "threatened", "planned", "hypothetical"):
        return effect
    return "planned" if effect == "purpose" else "asserted"


def _tolls(incident: Incident, scene: Scene) -> Incident:
    """Add who was killed, injured, missing, displaced, as far as the sentence says."""
    killed = toll(scene.quantities, "killed")
    if killed == Toll() and no_casualties(scene.words):
        killed = Toll(0, 0, 0)
    return replace(
        incident,
        fatalities=killed.value,
        fatalities_low=killed.low,
        fatalities_high=killed.high,
        injured=toll(scene.quantities, "injured").value,
        missing=toll(scene.quantities, "missing").value,
        displaced=toll(scene.quantities, "displaced").value,
    )


def _stored(entry: dict[str, object], view: CleanText) -> dict[str, object]:
    """Move an entry's offsets to the stored text."""
    start, end = view.span(int(str(entry["start"])), int(str(entry["end"])))
    return {**entry, "start": start, "end": end}


def _rivals(toponym: Toponym) -> tuple[str, ...]:
    rivals = toponym.place.candidates if toponym.place is not None else toponym.candidates
    named = [f"{p.name} ({p.country or p.kind})" for p in rivals[:3]]
    return (f"rivals: {', '.join(named)}",) if named else ()


def _coarse(area: tuple[Ring, ...]) -> tuple[Ring, ...]:
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


def _left_out(document: _Document, scene: Scene, finding: Finding, why: str) -> Unmapped:
    start, end = document.view.span(scene.sentence.start, scene.sentence.end)
    trigger = finding.signal.trigger
    place = finding.site.toponym.toponym if finding.site else ""
    return Unmapped(
        document.bulletin.text[start:end],
        start,
        scene.text[trigger.start : trigger.end],
        place,
        why,
    )


def _passed(scene: Scene, passed: Passed, view: CleanText) -> Unmapped:
    trigger = passed.signal.trigger
    sentence = scene.text[scene.sentence.start : scene.sentence.end]
    start = view.offset(scene.sentence.start)
    return Unmapped(sentence, start, scene.text[trigger.start : trigger.end], "", passed.why)


def _distinct(incidents: list[Incident]) -> list[Incident]:
    """Keep one of two incidents with the same id."""
    return list({incident.id: incident for incident in incidents}.values())

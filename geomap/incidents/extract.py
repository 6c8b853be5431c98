"""From a bulletin to its incidents: the whole road of this wing, a page of calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geomap.incidents.clean import clean
from geomap.incidents.context import Document, doc_id
from geomap.incidents.dates import find_dates
from geomap.incidents.denial import contest
from geomap.incidents.draft import draft
from geomap.incidents.event import join_events
from geomap.incidents.finding import Findings, find_incidents
from geomap.incidents.label import heed_label
from geomap.incidents.scene import Scene, read_scene
from geomap.incidents.story import Mention
from geomap.incidents.structure import Sentence, find_sentences, within
from geomap.incidents.trigger import Trigger
from geomap.model import Bulletin, Incident

if TYPE_CHECKING:
    import datetime as dt

    from geopandas import GeoDataFrame


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
    document, accounts = read_accounts(bulletin)
    unmapped: list[Unmapped] = []
    for _, scene, findings, mentions in accounts:
        if scene is None:
            continue
        for signal, why in findings.passed:
            unmapped.append(_unmapped(document, scene, signal.trigger, "", why))
        for finding, mention in zip(findings.found, mentions, strict=True):
            if mention.left_out:
                place, trigger = mention.incident.place, finding.signal.trigger
                unmapped.append(_unmapped(document, scene, trigger, place, mention.left_out))
    incidents = join_accounts(accounts)
    return Extraction(incidents, unmapped + [_without_point(i) for i in incidents if i.lon is None])


class Account(NamedTuple):
    """One sentence of a bulletin and what was made of it; no scene without a signal word."""

    sentence: Sentence
    scene: Scene | None
    findings: Findings
    mentions: list[Mention]


def read_accounts(bulletin: Bulletin) -> tuple[Document, list[Account]]:
    """Read a bulletin sentence by sentence, headings and datelines left out."""
    from geomap.places.geoparse import geoparse

    view = clean(bulletin.text)
    toponyms = geoparse(view.text, bulletin.issued)
    dates = find_dates(view.text, bulletin.issued)
    document = Document(bulletin, doc_id(bulletin.text), view, toponyms, dates)
    accounts = []
    for sentence in find_sentences(view.text, view.rows):
        if sentence.kind in ("heading", "dateline"):
            continue
        inside = within(toponyms, sentence.start, sentence.end)
        label = document.under(sentence.label)
        scene = read_scene(sentence, view.text, heed_label(inside, label))
        findings = find_incidents(scene) if scene is not None else Findings()
        mentions = [draft(document, scene, f) for f in findings.found] if scene is not None else []
        accounts.append(Account(sentence, scene, findings, mentions))
    return document, accounts


def join_accounts(accounts: Sequence[Account]) -> list[Incident]:
    """Join the mentions of all sentences into incidents, each id once."""
    title = next((scene for s, scene, *_ in accounts if s.kind == "title"), None)
    is_story = title is not None and any(not signal.is_statement for signal in title.signals)
    mentions = [mention for told in contest(accounts) for mention in told]
    incidents = join_events(mentions, is_story)
    return list({incident.id: incident for incident in incidents}.values())


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


def _unmapped(document: Document, scene: Scene, trigger: Trigger, place: str, why: str) -> Unmapped:
    start, end = document.view.span(scene.sentence.start, scene.sentence.end)
    word = scene.text[trigger.start : trigger.end]
    return Unmapped(document.bulletin.text[start:end], start, word, place, why)


def _without_point(incident: Incident) -> Unmapped:
    return Unmapped(
        incident.sentence,
        incident.sentence_start or 0,
        incident.trigger or "",
        incident.place,
        "the place is not known, or not surely enough",
    )

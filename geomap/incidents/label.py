"""What a label says about the places under it: "Mali." means Mali's Ber, not Greece's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.model import Place, Toponym

SURE = 0.97
"""A place as sure as this stays what it is, whatever the label."""


def heed_label(toponyms: Sequence[Toponym], label: Sequence[Toponym]) -> list[Toponym]:
    """Prefer, for each place name, a rival in a country that the label names.

    Countries, seas and regions across borders stay; so does a place that is
    surely what it is, since paragraphs do look over the border.
    """
    countries = {t.country for t in label if t.country}
    if not countries:
        return list(toponyms)
    return [_heed(toponym, countries) for toponym in toponyms]


def _heed(toponym: Toponym, countries: set[str]) -> Toponym:
    place = toponym.place
    if place is None or not place.country or place.kind == "country" or toponym.score >= SURE:
        return toponym
    if place.country in countries:
        return toponym
    rival = next((p for p in place.candidates if p.country in countries), None)
    return toponym if rival is None else _move(toponym, place, rival)


def _move(toponym: Toponym, place: Place, rival: Place) -> Toponym:
    others = tuple(p for p in (place, *place.candidates) if p.place_id != rival.place_id)
    return replace(
        toponym,
        place=replace(rival, candidates=others),
        lon=rival.lon,
        lat=rival.lat,
        country=rival.country,
        kind=rival.kind,
        uncertainty_km=max(rival.extent_km, 1.0),
        score=0.6,
    )

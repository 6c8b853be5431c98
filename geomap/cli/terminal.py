"""What the commands print: days, places and toponyms as lines and as JSON-ready rows."""

from __future__ import annotations

import itertools
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from geomap.daily import Day
    from geomap.model import Place, Toponym


def print_day(day: Day) -> None:
    """Print one day: what was mapped, what was not and why; the files go to stderr."""
    from geomap.draw.scene import shown_types
    from geomap.record import told_once
    from geomap.store.exchange import write_incidents

    told = told_once(day.incidents)
    happened = [i for i in told if i.incident_type in shown_types()]
    mapped = [i for i in happened if i.lon is not None]
    said = len(told) - len(happened)
    when = str(day.day) if day.since == day.day else f"{day.since} to {day.day}"
    click.echo(click.style(f"{when}  {count(len(mapped), 'incident')} on the map", bold=True))
    if day.change.before:
        new, gone, corrected = (
            len(rows) for rows in (day.change.new, day.change.gone, day.change.corrected)
        )
        compared = f"{new:,} new, {gone:,} no longer reported, {corrected:,} corrected"
        click.echo(f"Since {day.change.before}: {compared}")
    if mapped and day.since == day.day:
        write_incidents(mapped, sys.stdout, "table")
    if said:
        click.echo(f"\nIn layers of their own, off at first: {count(said, 'statement')} or talks")
    if day.unmapped:
        click.echo(f"\nFound, and not on the map: {len(day.unmapped)}")
        for one in day.unmapped:
            sentence = textwrap.shorten(one.sentence, 76, placeholder="…")
            click.echo(f"  {textwrap.shorten(one.why, 38, placeholder='…'):38}  {sentence}")
    if not day.incidents:
        click.echo("\nNo incident was found. Is this a bulletin in English?")
    click.echo()
    for path in day.files:
        tell(path)


def note(line: str) -> None:
    """Show a step of long work on stderr."""
    tell(f"  {line}")


def tell(what: object) -> None:
    """Print a line on stderr, unless the user wants quiet."""
    if not asked_for("quiet"):
        click.echo(what, err=True)


def asked_for(flag: str) -> bool:
    """Say whether a flag was given to this command or to `geomap` itself."""
    context = click.get_current_context(silent=True)
    while context:
        if context.params.get(flag):
            return True
        context = context.parent
    return False


def count(number: int, noun: str) -> str:
    """Count things in words, like "1 incident" or "1,200 incidents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Show what a library warns of as one line on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield
    for said in dict.fromkeys(str(warning.message) for warning in caught):
        note(said)


@contextmanager
def progress_bar(label: str, size: int) -> Iterator[Callable[[int], None]]:
    """Show how far a long work is, on a terminal only; `size` 0 is not known beforehand."""
    if not sys.stderr.isatty() or asked_for("quiet") or asked_for("verbose"):
        yield lambda step: None
        return
    endless = None if size else itertools.count()
    with click.progressbar(endless, length=size or None, label=label, file=sys.stderr) as bar:
        yield bar.update


def toponym_row(toponym: Toponym) -> dict[str, Any]:
    """Give a toponym as a JSON-ready row, with its first five candidates."""
    place = toponym.place
    return {
        "start": toponym.start,
        "end": toponym.end,
        "toponym": toponym.toponym,
        "place": place.name if place else None,
        "place_id": place.place_id if place else None,
        "lon": toponym.lon,
        "lat": toponym.lat,
        "country": toponym.country or None,
        "kind": toponym.kind or None,
        "geo_precision": toponym.geo_precision,
        "uncertainty_km": toponym.uncertainty_km,
        "score": round(toponym.score, 3),
        "candidates": [place_row(c) for c in toponym.candidates[:5]],
    }


def place_row(place: Place) -> dict[str, Any]:
    """Give a place as a JSON-ready row."""
    return {
        "place_id": place.place_id,
        "name": place.name,
        "country": place.country or None,
        "kind": place.kind,
        "lon": round(place.lon, 5),
        "lat": round(place.lat, 5),
        "extent_km": place.extent_km,
        "match": place.match,
        "score": round(place.score, 3),
    }


def place_line(place: Place) -> str:
    """Give a candidate as a line of aligned columns."""
    where = ", ".join(part for part in (place.admin1, place.country) if part)
    extent = f"±{place.extent_km:,.0f} km" if place.extent_km >= 1 else ""
    return (
        f"  {place.score:4.2f}  {place.match:9} {place.name[:32]:32} {place.kind[:13]:13} "
        f"{where[:28]:28} {place.lon:9.4f} {place.lat:8.4f} {extent}"
    ).rstrip()


def place_feature(name: str, rank: int, place: Place) -> dict[str, Any]:
    """Give a candidate as a GeoJSON Feature."""
    point = {"type": "Point", "coordinates": [round(place.lon, 5), round(place.lat, 5)]}
    properties = {"query": name, "rank": rank, **place_row(place), "source": place.source}
    return {"type": "Feature", "geometry": point, "properties": properties}

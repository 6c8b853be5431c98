"""The command `correct`: what people put right in the store."""

from __future__ import annotations

import csv
import datetime as dt
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.options import DAY, opened, parse_point, store_option
from geomap.cli.terminal import count as count_of
from geomap.errors import InputError

if TYPE_CHECKING:
    from geomap.model import Incident, Place
    from geomap.store import Store
    from geomap.store.correction import Correction

_REGION_KM = 25.0
"""From this extent on a place is an area, not a spot."""


@click.command()
@click.argument("id", required=False)
@click.option("--place", metavar="NAME", help="Where it was, by a name of the gazetteer.")
@click.option("--lonlat", metavar="LON,LAT", help="Where it was, as a point.")
@click.option("--type", "kind", metavar="TYPE", help="What it was: explosion, explosion/airstrike.")
@click.option("--date", "day", **DAY, help="When it was.")
@click.option("--reject", is_flag=True, help="It was no incident: keep it out of every answer.")
@click.option("--reason", default="", help="Why, in a few words.")
@click.option("--by", "who", default="", help="Who says so. Default: your login name.")
@click.option("--undo", is_flag=True, help="Take the last correction of the incident back.")
@click.option("--list", "listed", is_flag=True, help="List the corrections, as CSV in a pipe.")
@click.option("--from", "source", metavar="CSV", help="Take in corrections that --list wrote.")
@store_option
def correct(store: str, id: str | None, source: str | None, listed: bool, **given: Any) -> None:
    """Put the incident ID right for good, or list and pass on what was put right.

    A correction holds when its bulletin is read again, and shows on the map. If a
    place was corrected, a line is printed that `geomap gazetteer add --corrections`
    takes, so that other bulletins find the place too.

    \b
    geomap correct 3f1c5a9b2d7e4f60 --place "Beit Lahia" --reason "the camp, not the town"
    """
    from geomap.store import Store

    if sum(map(bool, (id, source, listed))) != 1:
        raise click.UsageError("Name an incident by its id, or give --list, or --from FILE.")
    with Store(store) as open_store:
        if listed:
            _list(open_store.corrections())
        elif source:
            _take_in(open_store, source)
        elif id:
            _correct(open_store, id, **given)


def _correct(
    store: Store,
    id: str,
    *,
    place: str | None,
    lonlat: str | None,
    kind: str | None,
    day: dt.date | None,
    reject: bool,
    reason: str,
    who: str,
    undo: bool,
) -> None:
    if undo:
        return _say(store.undo(id))
    before = store.incident(id)
    changes: dict[str, Any] = {}
    if before and (place or lonlat):
        changes |= _placing(before, place, parse_point(lonlat))
    if kind:
        incident_type, _, subtype = kind.partition("/")
        changes |= {"incident_type": incident_type, "subtype": subtype}
    if day:
        changes |= {"date": day, "date_end": None, "date_precision": "day"}
        changes["date_basis"] = "explicit"
    after = store.correct(id, changes, reject=reject, reason=reason, who=who or _user())
    _say(after)
    if before and place:
        _offer(before, after)


def _placing(
    before: Incident, name: str | None, point: tuple[float, float] | None
) -> dict[str, Any]:
    """Say where the incident was: a known place, a point, or a point with a name."""
    known = _known(name, before) if name else None
    if known is None and point is None:
        todo = "Give its point too: --lonlat LON,LAT."
        raise InputError(f"no place {name!r} is known", where="--place", todo=todo)
    changes: dict[str, Any] = {"area": [], "geo_precision": 1, "uncertainty_km": None}
    if known:
        changes |= _fields(known)
    elif name:
        changes |= {"place": name, "place_id": None}
    if point:
        changes |= {"lon": point[0], "lat": point[1], "area": [], "uncertainty_km": None}
        changes |= {"geo_precision": 1, "place_id": known.place_id if known else None}
    return changes


def _known(name: str, before: Incident) -> Place | None:
    from geomap.places.geocode import geocode

    near = (before.lon, before.lat) if before.lon is not None and before.lat is not None else None
    return geocode(name, near=near)


def _fields(place: Place) -> dict[str, Any]:
    from geomap.incidents.draft import coarse

    wide = 4 if place.kind in ("country", "continent", "sea") else 3
    is_spot = place.extent_km < _REGION_KM and wide == 3
    return {
        "place": place.name,
        "place_id": place.place_id,
        "country": place.country or None,
        "admin1": place.admin1 or None,
        "geo_precision": 1 if is_spot else wide,
        "uncertainty_km": place.extent_km,
        "lon": place.lon,
        "lat": place.lat,
        "area": coarse(place.area),
    }


def _say(incident: Incident) -> None:
    point = "not mapped" if incident.lon is None else f"{incident.lon:.4f},{incident.lat:.4f}"
    kind = "/".join(part for part in (incident.incident_type, incident.subtype) if part)
    tags = ", ".join(tag for tag in incident.tags if tag in ("corrected", "rejected"))
    line = f"{incident.id}: {incident.date or 'undated'}  {kind}  {incident.place}  {point}"
    click.echo(f"{line}  {tags}".rstrip(), err=True)


def _offer(before: Incident, after: Incident) -> None:
    """Print the place as a correction of the gazetteer, the spelling of the text with it."""
    said = before.place if before.place != after.place else ""
    cells = {
        "place_id": after.place_id or "",
        "name": after.place,
        "names": said,
        "country": after.country or "",
        "lon": after.lon,
        "lat": after.lat,
        "source": f"correction of {after.id}",
    }
    click.echo("To let other bulletins find it, save these lines as places.csv, look at them, and")
    click.echo("run: geomap gazetteer add --corrections places.csv\n")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(cells)
    writer.writerow(cells.values())


def _take_in(store: Store, source: str) -> None:
    from geomap.store.ledger import read_corrections

    made = read_corrections(opened(source))
    touched = store.add_corrections(made)
    click.echo(
        f"{count_of(len(made), 'correction')} read, {count_of(touched, 'incident')} put right; "
        "the others wait for their bulletin",
        err=True,
    )


def _list(made: Sequence[Correction]) -> None:
    from geomap.store.ledger import write_corrections
    from geomap.store.table import plain

    if not sys.stdout.isatty():
        return write_corrections(made, sys.stdout)
    for one in made:
        what = "rejected" if one.reject else ", ".join(f"{k}={v}" for k, v in one.changes.items())
        state = " (taken back)" if one.undone else ""
        line = f"{one.made[:16]}  {one.who:12}  {one.incident_id}  {what}  {one.reason}{state}"
        click.echo(plain(line))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return Path.home().name

"""The main job: bulletins in, the day's map, picture, table and GeoJSON out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geomap.files import make_folder, replacing
from geomap.incidents.bulletin import read_bulletins, require_issue_date
from geomap.incidents.extract import Unmapped, examine
from geomap.model import Incident
from geomap.store import Query, Store

DAYS_SHOWN = 14
"""Days on the page's timeline, the day itself the last of them."""


@dataclass(frozen=True, slots=True)
class Day:
    """What came out for one day.

    Attributes
    ----------
    incidents
        What the bulletins issued that day report, past events told as context left out.
    unmapped
        What looked like an incident in the bulletins just read, and is not on the map.
    files
        Written, in the order HTML, PNG, CSV, GeoJSON.
    changed
        Rows that are new or changed in the store; 0 when all was known.
    """

    day: dt.date
    incidents: tuple[Incident, ...]
    unmapped: tuple[Unmapped, ...]
    files: tuple[Path, ...]
    changed: int


def make_daily(
    sources: Sequence[str],
    folder: Path,
    store_path: str,
    issued: dt.date | None = None,
    note: Callable[[str], None] = lambda line: None,
) -> list[Day]:
    """Read bulletins, keep their incidents, write the files of each day of issue.

    Parameters
    ----------
    sources
        Files, folders, URLs, or "-" for stdin.
    folder
        Where the files go, ``YYYY-MM-DD.html`` and its neighbours.
    store_path
        The store that keeps the incidents; made if it is missing.
    issued
        Date of issue of all the bulletins; without it each says its own.
    note
        Called with a line to show for each step of long work.

    Returns
    -------
    list of Day
        In the order of the days.

    Raises
    ------
    InputError
        If a bulletin cannot be read or dated, or the folder is a file; then nothing
        is stored or written.
    GeomapError
        If the store or a file cannot be written.
    """
    dated = [(require_issue_date(b), b) for b in read_bulletins(sources, issued=issued)]
    make_folder(folder)
    with Store(store_path) as store:
        changed: dict[dt.date, int] = {}
        unmapped: dict[dt.date, list[Unmapped]] = {}
        for day, bulletin in sorted(dated, key=lambda pair: pair[0]):
            note(f"reading {bulletin.title or bulletin.source}")
            found = examine(bulletin)
            added = store.add(found.incidents, [bulletin])
            changed[day] = changed.get(day, 0) + added
            unmapped.setdefault(day, []).extend(found.unmapped)
        return [
            write_day(store, folder, day, changed[day], unmapped[day], note)
            for day in sorted(changed)
        ]


def write_day(
    store: Store,
    folder: Path,
    day: dt.date,
    changed: int = 0,
    unmapped: Iterable[Unmapped] = (),
    note: Callable[[str], None] = lambda line: None,
) -> Day:
    """Write one day's HTML, PNG, CSV and GeoJSON from the store."""
    from geomap.draw import build_map, write_map, write_picture
    from geomap.store.exchange import write_incidents

    since = day - dt.timedelta(days=DAYS_SHOWN - 1)
    recent = list(store.incidents(Query(issued_since=since, issued_until=day)))
    todays = tuple(current(i for i in recent if i.doc_date == day))
    title = f"Incidents reported on {day.day} {day:%B %Y}"
    files = tuple(folder / f"{day}.{suffix}" for suffix in ("html", "png", "csv", "geojson"))

    note(f"drawing {day}")
    write_map(build_map(recent, title=title, definition="daily"), files[0])
    write_picture(todays, files[1], title=title, day=day)
    for path in files[2:]:
        with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            write_incidents(todays, file, path.suffix[1:])
    return Day(day, todays, tuple(unmapped), files, changed)


def current(incidents: Iterable[Incident]) -> list[Incident]:
    """Leave out past events that a bulletin tells as context."""
    return [i for i in incidents if i.temporal != "background"]

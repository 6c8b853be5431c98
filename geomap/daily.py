"""The main job: bulletins in, the files of each day out, and nothing made twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.daybook import Daybook, Known, digest_of, key_of, read_daybook, write_daybook
from geomap.edition import Edition, take_editions
from geomap.errors import GeomapError, InputError
from geomap.files import make_folder
from geomap.incidents.extract import Unmapped
from geomap.model import Incident
from geomap.products import Wish, title_of, write_products
from geomap.store import Store

if TYPE_CHECKING:
    from geomap.draw.summary import Change

Note = Callable[[str], None]
Watch = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows how far long work is: takes a label and how many steps, gives what counts them."""


def _unwatched(label: str, steps: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda step: None)


@dataclass(frozen=True, slots=True)
class Day:
    """What came out for one day, or for one period.

    Attributes
    ----------
    day, since
        Last and first day of issue; the same for a day.
    incidents
        What the bulletins issued then report, past events told as context left out.
    unmapped
        What looked like an incident in the bulletins given, and is not on the map.
    files
        In the order of `Wish.products`.
    changed
        Rows of the store that are new or changed; 0 when all was known.
    made
        Whether files were written; not if nothing has changed.
    change
        What is new, gone and corrected since the day before.
    """

    day: dt.date
    since: dt.date
    incidents: tuple[Incident, ...]
    unmapped: tuple[Unmapped, ...]
    files: tuple[Path, ...]
    changed: int
    made: bool
    change: Change


@dataclass(slots=True)
class Run:
    """What one run did.

    Attributes
    ----------
    days
        In their order, the period last.
    read, known
        How many bulletins were read, and how many had not changed since.
    failed
        Bulletins that cannot be read, with the reason; only with `keep_going`.
    index
        The page with all days and links.
    """

    days: list[Day] = field(default_factory=list)
    read: int = 0
    known: int = 0
    failed: list[tuple[str, GeomapError]] = field(default_factory=list)
    index: Path | None = None


def make_daily(
    sources: Sequence[str],
    folder: Path,
    store_path: str,
    issued: dt.date | None = None,
    note: Note = lambda line: None,
    *,
    watch: Watch = _unwatched,
    wish: Wish | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    keep_going: bool = False,
) -> Run:
    """Read bulletins, keep their incidents, write the files of each day of issue.

    What was read and made before and has not changed is left as it is.

    Parameters
    ----------
    sources
        Files, folders, URLs, or "-" for stdin.
    folder
        Where the files go, ``YYYY-MM-DD.html`` and its neighbours, and ``index.html``.
    store_path
        The store that keeps the incidents; made if it is missing.
    issued
        Date of issue of all the bulletins; without it each says its own.
    note
        Called with a line to show for each step of long work.
    watch
        Counts the steps, as a progress bar does.
    wish
        Which products, and how they are named.
    since, until
        Only these days of issue, from the store if there are no `sources`, and one
        edition of the whole period besides.
    keep_going
        Leave out bulletins that cannot be read or dated, in place of stopping.

    Raises
    ------
    InputError
        If a bulletin cannot be read or dated, or the folder is a file; then nothing
        is stored or written.
    GeomapError
        If the store or a file cannot be written.
    """
    wish, run = wish or Wish(), Run()
    if since and until and since > until:
        raise InputError(f"{since} lies after {until}", where="--since")
    daybook = read_daybook(folder)
    with Store(store_path) as store:
        bulletins = _read(sources, issued, daybook, store, run, keep_going=keep_going)
        make_folder(folder)
        changed = _keep(bulletins, daybook, store, note, watch)
        unmapped = _unmapped(bulletins, daybook)
        editions = take_editions(store, unmapped, since, until)
        with watch("Drawing", len(editions)) as step:
            for edition in editions:
                run.days.append(_publish(edition, folder, daybook, wish, note))
                step(1)
    run.days = [_told(day, unmapped, changed) for day in run.days]
    run.index = _index(folder, daybook, wish)
    write_daybook(daybook, folder)
    return run


@dataclass(slots=True)
class _Source:
    """A bulletin as it was found: its digest, and what it holds if it must be read."""

    key: str
    bulletin: Any


def _read(
    sources: Sequence[str],
    issued: dt.date | None,
    daybook: Daybook,
    store: Store,
    run: Run,
    *,
    keep_going: bool,
) -> list[_Source]:
    """Read the bulletins that are new; all of them, before anything is stored."""
    from geomap.incidents.bulletin import expand, read_bulletin, require_issue_date

    found, stored = [], _stored(store)
    for source in dict.fromkeys(one for path in sources for one in expand(path)):
        try:
            key = key_of(source, issued)
            if key and key in daybook.bulletins and daybook.bulletins[key].doc_id in stored:
                found.append(_Source(key, None))
                run.known += 1
                continue
            bulletin = read_bulletin(source, issued=issued)
            require_issue_date(bulletin)
        except GeomapError as error:
            if not keep_going:
                raise
            run.failed.append((source, error))
            continue
        found.append(_Source(key or source, bulletin))
        run.read += 1
    return found


def _stored(store: Store) -> set[str]:
    """Give the ids of the bulletins that the store has."""
    try:
        return store.bulletin_ids()
    except GeomapError:  # no store yet, or one that `add` will complain about
        return set()


def _keep(
    found: Sequence[_Source], daybook: Daybook, store: Store, note: Note, watch: Watch
) -> dict[dt.date, int]:
    """Extract what is new into the store; how many rows are new or changed for each day."""
    changed: dict[dt.date, int] = {}
    new = [one for one in found if one.bulletin]
    if not new:
        return changed
    from geomap.incidents.context import doc_id
    from geomap.incidents.extract import examine

    with watch("Reading", len(new)) as step:
        for one in sorted(new, key=lambda one: one.bulletin.issued):
            bulletin = one.bulletin
            note(f"reading {bulletin.title or bulletin.source}")
            extraction = examine(bulletin)
            added = store.add(extraction.incidents, [bulletin])
            changed[bulletin.issued] = changed.get(bulletin.issued, 0) + added
            unmapped = tuple(extraction.unmapped)
            daybook.bulletins[one.key] = Known(doc_id(bulletin.text), bulletin.issued, unmapped)
            step(1)
    return changed


def _unmapped(found: Iterable[_Source], daybook: Daybook) -> dict[dt.date, list[Unmapped]]:
    """Give what the bulletins of each day told and no map shows."""
    unmapped: dict[dt.date, list[Unmapped]] = {}
    for one in found:
        known = daybook.bulletins[one.key]
        unmapped.setdefault(known.issued, []).extend(known.unmapped)
    return unmapped


def _publish(edition: Edition, folder: Path, daybook: Daybook, wish: Wish, note: Note) -> Day:
    """Write the files of an edition, unless they are there and would be the same."""
    from geomap.draw.definition import read_definition
    from geomap.draw.summary import compare, happened

    definition = read_definition(wish.definition)
    settings = {"wish": wish, "definition": definition, "before": edition.before}
    digest = digest_of(edition.recent, settings)
    made = not daybook.is_made(edition.name, digest, folder)
    now = happened(edition.incidents, definition)
    change = compare(now, happened(edition.earlier, definition), edition.before)
    if made:
        note(f"drawing {edition.name}")
        written = write_products(edition, folder, wish)
        files = {kind: path.name for kind, path in written.items()}
        daybook.made[edition.name] = {
            "digest": digest,
            "title": title_of(edition, wish.definition),
            "files": list(files.values()),
            "kinds": list(files),
            "incidents": len(now),
            "killed": sum(row.fatalities or 0 for row in now),
            "new": len(change.new),
            "gone": len(change.gone),
            "corrected": len(change.corrected),
            "compared": edition.before is not None,
        }
    paths = tuple(folder / name for name in daybook.made[edition.name]["files"])
    return Day(edition.until, edition.since, edition.incidents, (), paths, 0, made, change)


def _told(day: Day, unmapped: dict[dt.date, list[Unmapped]], changed: dict[dt.date, int]) -> Day:
    """Add to a day what its bulletins told."""
    if day.since != day.day:
        return day
    return replace(day, unmapped=tuple(unmapped.get(day.day, ())), changed=changed.get(day.day, 0))


def _index(folder: Path, daybook: Daybook, wish: Wish) -> Path:
    """Write the page with all days that were ever made in this folder."""
    from geomap.draw.overview import write_overview

    path = folder / "index.html"
    write_overview(daybook.made, path, wish.definition)
    return path

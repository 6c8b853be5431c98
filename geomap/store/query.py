"""A question to the store, as a plain value."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from geomap.content import content
from geomap.errors import InputError
from geomap.model import Incident
from geomap.store.bbox import Bbox
from geomap.store.extent import Certainty
from geomap.store.region import Near, Polygons, near_of, polygons_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for; what is left out does not narrow the answer.

    Strings in ISO 8601 are read as dates, "west,south,east,north" and sequences of
    four numbers as a `Bbox`, a string as the one type.

    Attributes
    ----------
    bbox
        Incidents whose extent touches the box: the outline of an area, or the
        circle of ``uncertainty_km``. Incidents without a point lie in no box. Of
        several boxes one is enough, and surely inside is what lies in one of them.
    within
        The same for polygons, each an outer ring and its holes. GeoJSON, as text or
        parsed, and geometries of shapely are read too.
    near
        The same for all that lies within so many kilometres of a point, along the
        ellipsoid: lon, lat, km.
    certain
        With ``bbox``, ``within`` or ``near``, only what lies surely inside each of
        them: the whole extent.
    since, until
        Incidents with a day between the two, both included. An incident that
        lasts, or is only known to the month, counts with each of its days; one
        without a date is found only when neither is given.
    issued_since, issued_until
        Incidents of bulletins issued between the two, both included; those of
        bulletins without a date of issue are found only when neither is given.
    modality
        Any of these: asserted, claimed, denied, threatened, planned, hypothetical.
    types
        Any of these incident types (``maps/types.csv``). Without, all are found:
        statements and diplomacy too, which are stored like the others.
    actor
        All of these words occur in the names of its actors.
    text
        All of these words occur in sentence, place or actors. Case and accents do
        not count; a word must match whole.
    include_background
        Whether past events told as context (``temporal == "background"``) are
        found, on their own date.
    include_rejected
        Whether what people have rejected as no incident (`Store.correct`) is found.
    newest_first
        Order by date from the end; ties by id. Undated incidents come last
        either way.
    limit
        At most so many, the first of that order.
    after
        Go on after this incident of the order: what `cursor` gives for the last
        one of the page before. A page costs the same wherever it lies.

    Raises
    ------
    InputError
        If a type is not known, ``since`` is after ``until``, or a value cannot be
        read.

    Examples
    --------
    >>> Query(bbox="33,29,36,34", since="2026-05-01", types=["battle"]).since
    datetime.date(2026, 5, 1)
    """

    bbox: Bbox | tuple[Bbox, ...] | None = None
    within: Polygons = ()
    near: Near | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    issued_since: dt.date | None = None
    issued_until: dt.date | None = None
    types: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    actor: str = ""
    text: str = ""
    certain: bool = False
    include_background: bool = True
    include_rejected: bool = False
    newest_first: bool = False
    limit: int | None = None
    after: str = ""

    def __post_init__(self) -> None:
        read = {
            "bbox": _boxes(self.bbox),
            "within": polygons_of(self.within) if self.within else (),
            "near": near_of(self.near) if self.near else None,
            "since": _day("since", self.since),
            "until": _day("until", self.until),
            "issued_since": _day("issued_since", self.issued_since),
            "issued_until": _day("issued_until", self.issued_until),
            "types": _types(self.types),
            "modality": _modalities(self.modality),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)
        if self.since and self.until and self.since > self.until:
            raise InputError(
                f"since {self.since} is after until {self.until}", todo="Swap the two days."
            )
        for name in ("actor", "text"):
            value = getattr(self, name)
            if value and not any(c.isalnum() for c in value):
                raise InputError(f"{name} {value!r} holds no word")
        if self.limit is not None and self.limit < 1:
            raise InputError(f"limit {self.limit} is not a number from 1 up")
        if self.after:
            self.start  # noqa: B018  # refuses what is no cursor

    @property
    def boxes(self) -> tuple[Bbox, ...]:
        """The boxes, however many."""
        if isinstance(self.bbox, Bbox):
            return (self.bbox,)
        return self.bbox or ()

    @property
    def has_region(self) -> bool:
        """Whether the query asks for a box or another region."""
        return bool(self.bbox or self.within or self.near)

    @property
    def start(self) -> tuple[str | None, str] | None:
        """Date and id of the incident to go on after."""
        if not self.after:
            return None
        day, sep, id_ = self.after.partition("/")
        try:
            if sep and id_ and (day == "undated" or dt.date.fromisoformat(day)):
                return None if day == "undated" else day, id_
        except ValueError:
            pass
        todo = "Take it from the answer before: 2026-05-31/ID."
        raise InputError(f"{self.after!r} is no cursor", where="after", todo=todo)


MODALITIES = ("asserted", "claimed", "denied", "threatened", "planned", "hypothetical")
"""How surely something is said to have happened."""


def cursor(incident: Incident) -> str:
    """Give what `Query.after` takes to go on after this incident.

    Examples
    --------
    >>> cursor(Incident("a1", date=dt.date(2026, 5, 31)))
    '2026-05-31/a1'
    """
    return f"{incident.date.isoformat() if incident.date else 'undated'}/{incident.id}"


class Match(NamedTuple):
    """An incident that answers a query, and how it lies to its box or region (None without)."""

    incident: Incident
    certainty: Certainty | None


@cache
def known_types() -> tuple[str, ...]:
    """List the incident types of ``maps/types.csv``, in its order."""
    with content("maps/types.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["incident_type"] for row in csv.DictReader(file))


def _boxes(value: Any) -> Bbox | tuple[Bbox, ...] | None:
    """Read one box or several; four numbers are one."""
    if isinstance(value, (list, tuple)) and value and not all(_is_number(v) for v in value):
        boxes = tuple(_box(one) for one in value)
        return boxes if len(boxes) > 1 else boxes[0]
    return None if value is None or value == () else _box(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) or hasattr(value, "__float__")


def _box(value: Any) -> Bbox:
    if isinstance(value, Bbox):
        return value
    if isinstance(value, str):
        return Bbox.parse(value)
    try:
        west, south, east, north = value
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is not four numbers", where="bbox") from None
    return Bbox(west, south, east, north)


def _day(name: str, value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        what = f"{name} {value!r} is not a day"
        raise InputError(what, todo="Write it as 2026-05-31.") from None


def _modalities(value: str | Iterable[str]) -> tuple[str, ...]:
    found = (value,) if isinstance(value, str) else tuple(value)
    for name in found:
        if name not in MODALITIES:
            todo = f"Known: {', '.join(MODALITIES)}."
            raise InputError(f"modality {name!r} is not known", todo=todo)
    return found


def _types(value: str | Iterable[str]) -> tuple[str, ...]:
    types = (value,) if isinstance(value, str) else tuple(value)
    for name in types:
        if name not in known_types():
            known = ", ".join(known_types())
            raise InputError(f"incident type {name!r} is not known", todo=f"Known types: {known}.")
    return types

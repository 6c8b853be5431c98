"""A query as conditions on a row, in SQL that the embedded store and PostGIS both speak.

A row is called ``r`` and has the columns of ``geomap_rows``; values are named. What
the bounds of an extent cannot decide is left ``undecided``, and `answers` looks at the
shape itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from geomap.store.bbox import Bbox
from geomap.store.connection import in_batches
from geomap.store.extent import Certainty, lies
from geomap.store.query import Query
from geomap.store.region import Shape, bounds, relations
from geomap.store.row import read_area

UNDECIDED = "undecided"
_ALWAYS = ("0001-01-01", "9999-12-31")

Row = tuple[int, str | None, str, Any]
"""``fid``, date, id, and how the row lies to the box."""


class Database(Protocol):
    """What runs a SELECT: a connection of sqlite3, or a session of PostgreSQL."""

    def execute(self, sql: str, values: Any = ..., /) -> Any:
        """Run a statement."""


class Conditions(NamedTuple):
    """What is asked of each row, by name; how it lies to the box; and the values."""

    where: dict[str, str]
    flag: str
    values: dict[str, Any]


def conditions_of(query: Query, modality: str) -> Conditions:
    """Put a query as conditions, all but its words and days of issue.

    Parameters
    ----------
    modality
        Where a row's modality is found.
    """
    found = Conditions({}, _how(query), {})
    if query.types:
        found.where["types"] = f"r.incident_type IN ({_among(found, 'type', query.types)})"
    if query.modality:
        found.where["modality"] = f"{modality} IN ({_among(found, 'modality', query.modality)})"
    if not query.include_background:
        found.where["background"] = "NOT r.background"
    if not query.include_rejected:
        found.where["rejected"] = "NOT r.rejected"
    if query.start:
        found.values["after_date"], found.values["after_id"] = query.start
        found.where["after"] = _after(query)
    for name, boxes in regions_of(query).items():
        met = [_meets(found, f"{name}{number}", box) for number, box in enumerate(boxes)]
        found.where[name] = " OR ".join(f"({condition})" for condition in met)
    if query.since or query.until:
        found.values["since"] = str(query.since or _ALWAYS[0])
        found.values["until"] = str(query.until or _ALWAYS[1])
        found.where["period"] = f"{WITHIN} OR {LASTING}"
    if query.issued_since or query.issued_until:
        found.values["issued_since"] = str(query.issued_since or _ALWAYS[0])
        found.values["issued_until"] = str(query.issued_until or _ALWAYS[1])
    return found


WITHIN = "r.date BETWEEN :since AND :until"
LASTING = "r.date_end >= :since AND r.date < :since"
"""A row whose period has begun before."""


def regions_of(query: Query) -> dict[str, tuple[Bbox, ...]]:
    """Give the query's boxes, and one that holds each of its regions."""
    regions = {"within": query.within, "near": query.near}
    boxes = {"box": query.boxes} if query.bbox else {}
    return boxes | {name: (bounds(region),) for name, region in regions.items() if region}


def answers(db: Database, query: Query, rows: Iterable[Row]) -> list[Row]:
    """Keep what lies to the boxes and regions as asked, each row once, in the order given."""
    if not query.has_region:
        return list(rows)
    # A circle across the antimeridian lies twice in the R-tree.
    once = {row[0]: row for row in rows}
    undecided = [row for row in once.values() if row[3] == UNDECIDED]
    if undecided:
        once.update(_look_closer(db, query, undecided))
    wanted = ("certain",) if query.certain else ("certain", "possible")
    return [row for row in once.values() if row[3] in wanted]


def _among(found: Conditions, name: str, values: Sequence[str]) -> str:
    found.values.update({f"{name}{i}": value for i, value in enumerate(values)})
    return ", ".join(f":{name}{i}" for i in range(len(values)))


def _after(query: Query) -> str:
    """Say what comes later in the query's order: undated rows are its end either way."""
    if query.start and query.start[0] is None:
        return "r.date IS NULL AND r.id > :after_id"
    later = "<" if query.newest_first else ">"
    same_day = "r.date = :after_date AND r.id > :after_id"
    return f"r.date {later} :after_date OR {same_day} OR r.date IS NULL"


def _meets(found: Conditions, name: str, box: Bbox) -> str:
    """Set a box's values, and give the condition that bounds meet it."""
    edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    found.values.update({f"{name}_{edge}": float(value) for edge, value in edges.items()})
    found.values[f"{name}_beyond"] = box.east + 360.0
    overlaps = []
    for i, (west, east) in enumerate(box.spans):
        found.values.update({f"{name}_west{i}": float(west), f"{name}_east{i}": float(east)})
        overlaps.append(
            f"r.west <= :{name}_east{i} AND r.east >= :{name}_west{i}"
            f" OR r.east >= 180 AND r.east - 360 >= :{name}_west{i}"
            f" OR r.west = -180 AND :{name}_east{i} = 180"
        )
    across = " OR ".join(overlaps)
    return f"r.south <= :{name}_north AND r.north >= :{name}_south AND ({across})"


def _how(query: Query) -> str:
    """Tell inside from touching as far as bounds go; what is left over has to be looked at."""
    if query.within or query.near:
        return f"'{UNDECIDED}'"
    if not query.boxes:
        return "NULL"
    ways = [_inside(f"box{number}", box) for number, box in enumerate(query.boxes)]
    whole = " OR ".join(whole for whole, _ in ways)
    point = " OR ".join(point for _, point in ways)
    return (
        f"CASE WHEN r.known AND ({whole}) THEN 'certain'"
        f" WHEN {point} THEN 'possible' ELSE '{UNDECIDED}' END"
    )


def _inside(name: str, box: Bbox) -> tuple[str, str]:
    """Say when the bounds lie in a box, and when the point does."""
    if box.east - box.west >= 360:
        whole, point = "TRUE", "TRUE"
    elif box.crosses:
        whole = f"(r.west >= :{name}_west AND r.east <= :{name}_beyond OR r.east <= :{name}_east)"
        point = f"(r.lon >= :{name}_west OR r.lon <= :{name}_east)"
    else:
        whole = f"r.west >= :{name}_west AND r.east <= :{name}_east"
        point = f"r.lon BETWEEN :{name}_west AND :{name}_east"
    return (
        f"(r.south >= :{name}_south AND r.north <= :{name}_north AND {whole})",
        f"(r.lat BETWEEN :{name}_south AND :{name}_north AND {point})",
    )


_SHAPES = (
    "SELECT r.fid, r.lon, r.lat, i.uncertainty_km, i.area, r.known"
    " FROM geomap_rows AS r JOIN incidents AS i USING (fid) WHERE r.fid IN"
)


def _look_closer(db: Database, query: Query, rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Decide by the shape itself what bounds cannot decide."""
    found = {fid: shape for fid, *shape in in_batches(db, _SHAPES, [row[0] for row in rows])}
    shapes = [
        Shape(lon, lat, radius_km, read_area(area), bool(known))
        for lon, lat, radius_km, area, known in (found[row[0]] for row in rows)
    ]
    judged = [relations(region, shapes) for region in (query.within, query.near) if region]
    if query.bbox:
        judged.append([_lies(query.boxes, shape) for shape in shapes])
    for row, hows in zip(rows, zip(*judged, strict=True), strict=True):
        least = None if None in hows else "possible" if "possible" in hows else "certain"
        yield row[0], (*row[:3], least)


def _lies(boxes: Sequence[Bbox], shape: Shape) -> Certainty | None:
    """Say how a shape lies to the box that holds most of it."""
    hows = [lies(box, *shape) for box in boxes]
    return "certain" if "certain" in hows else "possible" if "possible" in hows else None

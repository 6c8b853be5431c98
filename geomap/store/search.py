"""From a query to the rows that answer it, in order, without reading the rows themselves.

Box, words and period can each lead the search, through the R-tree, FTS5 or the
index of dates; the others are then looked up in ``geomap_rows`` row by row.
SQLite cannot tell which lets through the fewest, so the first rows of each are
counted, which costs little: an index is read in order, a row is jumped to. A
limit that is soon reached is better served by walking the dates from their end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from sqlite3 import Connection
from typing import Any, NamedTuple, TypeVar

from geomap.store.bbox import Bbox
from geomap.store.connection import in_batches
from geomap.store.extent import Certainty, lies
from geomap.store.query import Query
from geomap.store.region import Shape, bounds, relations
from geomap.store.row import read_area
from geomap.store.schema import NAMES
from geomap.store.words import add_function, fts5_expression

T = TypeVar("T")
_UNDECIDED = "undecided"
_FEW = 20_000  # so many entries of an index are counted in a millisecond or two
_ALWAYS = ("0000", "9999-12-31")

Row = tuple[int, str | None, str, Any]
"""``fid``, date, id, and how the row lies to the box."""


class Hit(NamedTuple):
    """A row that answers a query; ``certainty`` is None when it has no box or region."""

    fid: int
    date: str | None
    id: str
    certainty: Certainty | None


class _Plan(NamedTuple):
    """Ways to the rows: what may lead, what is then asked of each row, and the values."""

    leads: dict[str, str]
    conditions: dict[str, str]
    flag: str
    values: dict[str, Any]


def find(db: Connection, query: Query, *, by_index: bool) -> list[Hit]:
    """Find the rows that answer a query, in its order.

    Parameters
    ----------
    by_index
        Whether the words are looked up with FTS5.
    """
    plan = _plan(db, query, by_index)
    lead, size = _best_lead(db, plan)
    shaped = query.within or query.near  # better looked at all at once
    if query.limit and not shaped and lead != "words" and _is_soon(db, query.limit, size):
        rows = _walk(db, query, plan)
    else:
        rows = _answers(db, query, _rows(db, plan, lead))
    return [Hit(*row) for row in _ordered(rows, query)]


def select(
    db: Connection,
    query: Query,
    *,
    by_index: bool,
    make: Callable[[list[Any], list[Certainty | None]], T],
) -> T:
    """Make something of the whole rows that answer a query, in its order."""
    hits = find(db, query, by_index=by_index)
    fids = json.dumps([hit.fid for hit in hits])
    # The rows come in the order of the hits, and none is missing: it is one snapshot.
    return make(db.execute(_WHOLE, (fids,)).fetchall(), [hit.certainty for hit in hits])


_WHOLE = (
    f"SELECT {NAMES} FROM (SELECT value AS hit FROM json_each(?)) AS h"
    " CROSS JOIN incidents AS i ON i.fid = h.hit"
)


def count(db: Connection, query: Query, *, by_index: bool) -> int:
    """Count the rows that answer a query; a limit counts too."""
    plan = _plan(db, query, by_index)
    whole = 0
    if len(query.boxes) == 1 and plan.conditions.keys() <= {"box", "rejected"}:
        whole = _leave_to_the_index(db, plan, query.boxes[0])
    rows = _answers(db, query, _rows(db, plan, _best_lead(db, plan)[0]))
    return min(whole + len(rows), query.limit or whole + len(rows))


def has_rejected(db: Connection) -> bool:
    """Say whether any incident was rejected, which an index of those alone knows at once."""
    found = db.execute("SELECT EXISTS (SELECT 1 FROM geomap_rows WHERE rejected)")
    return bool(found.fetchone()[0])


def _leave_to_the_index(db: Connection, plan: _Plan, box: Bbox) -> int:
    """Count what the R-tree alone knows to lie inside, and leave its edge to be looked at."""
    across = " OR ".join(
        f"west >= :box0_west{i} AND east <= :box0_east{i}" for i in range(len(box.spans))
    )
    inside = f"id & 3 = 0 AND south >= :box0_south AND north <= :box0_north AND ({across})"
    plan.leads["box"] = _entries("box0", box, f" AND NOT ({inside})")
    found = db.execute(f"SELECT count(*) FROM geomap_extents WHERE {inside}", plan.values)
    return int(found.fetchone()[0])


def _plan(db: Connection, query: Query, by_index: bool) -> _Plan:
    plan = _Plan({}, {}, _how(query), {})
    if query.types:
        plan.values.update({f"type{i}": name for i, name in enumerate(query.types)})
        among = ", ".join(f":type{i}" for i in range(len(query.types)))
        plan.conditions["types"] = f"r.incident_type IN ({among})"
    if not query.include_background:
        plan.conditions["background"] = "NOT r.background"
    if not query.include_rejected and has_rejected(db):
        plan.conditions["rejected"] = "NOT r.rejected"
    if query.modality:
        plan.values.update({f"modality{i}": name for i, name in enumerate(query.modality)})
        among = ", ".join(f":modality{i}" for i in range(len(query.modality)))
        said = "(SELECT modality FROM incidents AS i WHERE i.fid = r.fid)"
        plan.conditions["modality"] = f"{said} IN ({among})"
    if query.start:
        plan.values["after_date"], plan.values["after_id"] = query.start
        plan.conditions["after"] = _after(query)
    for name, boxes in _boxes(query).items():
        _plan_boxes(plan, name, boxes)
    if query.since or query.until:
        _plan_period(plan, query)
    if query.issued_since or query.issued_until:
        _plan_issue(plan, query)
    if query.text or query.actor:
        _plan_words(db, plan, query, by_index)
    return plan


def _after(query: Query) -> str:
    """Say what comes later in the query's order: undated rows are its end either way."""
    if query.start and query.start[0] is None:
        return "r.date IS NULL AND r.id > :after_id"
    later = "<" if query.newest_first else ">"
    same_day = "r.date = :after_date AND r.id > :after_id"
    return f"r.date {later} :after_date OR {same_day} OR r.date IS NULL"


def _boxes(query: Query) -> dict[str, tuple[Bbox, ...]]:
    """Give the query's boxes, and one that holds each of its regions."""
    regions = {"within": query.within, "near": query.near}
    boxes = {"box": query.boxes} if query.bbox else {}
    return boxes | {name: (bounds(region),) for name, region in regions.items() if region}


def _plan_boxes(plan: _Plan, name: str, boxes: Sequence[Bbox]) -> None:
    names = [f"{name}{number}" for number in range(len(boxes))]
    met = [_plan_box(plan, one, box) for one, box in zip(names, boxes, strict=True)]
    entries = (_entries(one, box) for one, box in zip(names, boxes, strict=True))
    plan.leads[name] = " UNION ALL ".join(entries)
    plan.conditions[name] = " OR ".join(f"({condition})" for condition in met)


def _plan_box(plan: _Plan, name: str, box: Bbox) -> str:
    """Set a box's values, and give the condition that bounds meet it."""
    edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    plan.values.update({f"{name}_{edge}": value for edge, value in edges.items()})
    plan.values[f"{name}_beyond"] = box.east + 360
    overlaps = []
    for i, (west, east) in enumerate(box.spans):
        plan.values.update({f"{name}_west{i}": west, f"{name}_east{i}": east})
        overlaps.append(
            f"r.west <= :{name}_east{i} AND r.east >= :{name}_west{i}"
            f" OR r.east >= 180 AND r.east - 360 >= :{name}_west{i}"
            f" OR r.west = -180 AND :{name}_east{i} = 180"
        )
    across = " OR ".join(overlaps)
    return f"r.south <= :{name}_north AND r.north >= :{name}_south AND ({across})"


def _entries(name: str, box: Bbox, also: str = "") -> str:
    """Look in the R-tree, which holds 32-bit numbers rounded outwards: a little too much."""
    return " UNION ALL ".join(
        f"SELECT id >> 2 AS fid FROM geomap_extents WHERE west <= :{name}_east{i}"
        f" AND east >= :{name}_west{i} AND south <= :{name}_north AND north >= :{name}_south{also}"
        for i in range(len(box.spans))
    )


def _plan_period(plan: _Plan, query: Query) -> None:
    plan.values["since"] = str(query.since or _ALWAYS[0])
    plan.values["until"] = str(query.until or _ALWAYS[1])
    types = f" AND {plan.conditions['types']}" if query.types else ""
    within = "r.date BETWEEN :since AND :until"
    lasting = "r.date_end >= :since AND r.date < :since"
    plan.leads["period"] = (
        f"SELECT fid FROM geomap_rows AS r WHERE {within}{types}"
        f" UNION ALL SELECT fid FROM geomap_rows AS r WHERE {lasting}{types}"
    )
    plan.conditions["period"] = f"({within} OR {lasting})"


def _plan_issue(plan: _Plan, query: Query) -> None:
    plan.values["issued_since"] = str(query.issued_since or _ALWAYS[0])
    plan.values["issued_until"] = str(query.issued_until or _ALWAYS[1])
    select = "SELECT fid FROM incidents WHERE doc_date BETWEEN :issued_since AND :issued_until"
    plan.leads["issue"] = select
    plan.conditions["issue"] = f"r.fid IN ({select})"


def _plan_words(db: Connection, plan: _Plan, query: Query, by_index: bool) -> None:
    if by_index:
        plan.values["words"] = fts5_expression(query)
        select = "SELECT rowid AS fid FROM geomap_text WHERE geomap_text MATCH :words"
    else:
        add_function(db)
        plan.values.update({"text": query.text, "actor": query.actor})
        select = (
            "SELECT fid FROM incidents WHERE geomap_holds(:text, sentence, place, actors)"
            " AND geomap_holds(:actor, actors)"
        )
    plan.leads["words"] = select
    plan.conditions["words"] = f"r.fid IN ({select})"


def _how(query: Query) -> str:
    """Tell inside from touching as far as bounds go; what is left over has to be looked at."""
    if query.within or query.near:
        return f"'{_UNDECIDED}'"
    if not query.boxes:
        return "NULL"
    ways = [_inside(f"box{number}", box) for number, box in enumerate(query.boxes)]
    whole = " OR ".join(whole for whole, _ in ways)
    point = " OR ".join(point for _, point in ways)
    return (
        f"CASE WHEN r.known AND ({whole}) THEN 'certain'"
        f" WHEN {point} THEN 'possible' ELSE '{_UNDECIDED}' END"
    )


def _inside(name: str, box: Bbox) -> tuple[str, str]:
    """Say when the bounds lie in a box, and when the point does."""
    if box.east - box.west >= 360:
        whole, point = "1", "1"
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


def _best_lead(db: Connection, plan: _Plan) -> tuple[str | None, int]:
    """Choose what lets through the fewest rows, and say how many (at most `_FEW`)."""
    best, least = None, _FEW
    for lead, select in plan.leads.items():
        counted = f"SELECT count(*) FROM ({select} LIMIT {least})"
        (size,) = db.execute(counted, plan.values).fetchone()
        if size < least or best is None:
            best, least = lead, size
    return best, least


def _is_soon(db: Connection, limit: int, size: int) -> bool:
    """Say whether walking all rows by date meets so many hits before the lead has met its own.

    A walk passes limit * all / hits rows; if hits are spread evenly, that is less
    than the hits themselves where their square is above limit * all.
    """
    everything = db.execute("SELECT max(fid) FROM geomap_rows").fetchone()[0] or 0
    return bool(size >= min(_FEW, (limit * everything) ** 0.5))


def _rows(db: Connection, plan: _Plan, lead: str | None) -> Iterator[Row]:
    source = "geomap_rows AS r"
    if lead:  # CROSS JOIN keeps SQLite to this order
        source = f"({plan.leads[lead]}) AS lead CROSS JOIN geomap_rows AS r ON r.fid = lead.fid"
    return _select(db, plan, source, (how for name, how in plan.conditions.items() if name != lead))


def _select(
    db: Connection, plan: _Plan, source: str, conditions: Iterable[str], order: str = ""
) -> Iterator[Row]:
    where = " AND ".join(f"({condition})" for condition in conditions) or "1"
    sql = f"SELECT r.fid, r.date, r.id, {plan.flag} FROM {source} WHERE {where} {order}"
    return db.execute(sql, plan.values)


def _walk(db: Connection, query: Query, plan: _Plan) -> list[Row]:
    """Go through the rows by date until enough are found and their last day is done."""
    source = "geomap_rows AS r INDEXED BY geomap_rows_date"
    conditions = list(plan.conditions.values())
    start, how = "r.date IS NOT NULL", "ORDER BY r.date"
    if query.start:  # the index takes the walk there at once
        start = f"r.date {'<=' if query.newest_first else '>='} :after_date"
    if query.newest_first:
        how += " DESC"
    dated = _select(db, plan, source, [*conditions, start], how)
    undated = _select(db, plan, source, [*conditions, "r.date IS NULL"])
    found: list[Row] = []
    for row in chain(dated, undated):
        if len(found) >= (query.limit or 0) and row[1] != found[-1][1]:
            break
        found += _answers(db, query, [row])
    return found


def _answers(db: Connection, query: Query, rows: Iterable[Row]) -> list[Row]:
    """Keep what lies to the box and regions as asked, each row once."""
    if not query.has_region:
        return list(rows)
    # A circle across the antimeridian lies twice in the R-tree.
    once = {row[0]: row for row in rows}
    undecided = [row for row in once.values() if row[3] == _UNDECIDED]
    if undecided:
        once.update(_look_closer(db, query, undecided))
    wanted = ("certain",) if query.certain else ("certain", "possible")
    return [row for row in once.values() if row[3] in wanted]


def _look_closer(db: Connection, query: Query, rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Decide by the shape itself what bounds cannot decide."""
    sql = (
        "SELECT r.fid, r.date, r.id, r.lon, r.lat, i.uncertainty_km, i.area, r.known"
        " FROM geomap_rows AS r JOIN incidents AS i USING (fid) WHERE r.fid IN"
    )
    found = list(in_batches(db, sql, [row[0] for row in rows]))
    shapes = [
        Shape(lon, lat, radius_km, read_area(area), bool(known))
        for *_, lon, lat, radius_km, area, known in found
    ]
    judged = [relations(region, shapes) for region in (query.within, query.near) if region]
    if query.bbox:
        judged.append([_lies(query.boxes, shape) for shape in shapes])
    for row, hows in zip(found, zip(*judged, strict=True), strict=True):
        least = None if None in hows else "possible" if "possible" in hows else "certain"
        yield row[0], (*row[:3], least)


def _lies(boxes: Sequence[Bbox], shape: Shape) -> Certainty | None:
    """Say how a shape lies to the box that holds most of it."""
    hows = [lies(box, *shape) for box in boxes]
    return "certain" if "certain" in hows else "possible" if "possible" in hows else None


def _ordered(rows: list[Row], query: Query) -> list[Row]:
    rows.sort(key=lambda row: row[2])
    if query.newest_first:
        rows.sort(key=lambda row: row[1] or "", reverse=True)
    else:
        rows.sort(key=lambda row: row[1] or "~")
    return rows[: query.limit]

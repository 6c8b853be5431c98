"""From a query to the rows that answer it, in order, without reading the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple

from geomap.store.bbox import Bbox
from geomap.store.connection import in_batches
from geomap.store.extent import Certainty, lies
from geomap.store.query import Query
from geomap.store.row import read_area
from geomap.store.words import add_function, fts5_expression

_UNDECIDED = "undecided"
_ALWAYS = ("0000", "9999-12-31")


class Hit(NamedTuple):
    """A row that answers a query; ``certainty`` is None when the query has no box."""

    fid: int
    date: str | None
    id: str
    certainty: Certainty | None


def find(db: Connection, query: Query, *, by_index: bool) -> list[Hit]:
    """Find the rows that answer a query, in its order.

    Parameters
    ----------
    by_index
        Whether the words are looked up with FTS5.
    """
    sql, values = _statement(db, query, by_index)
    # A circle across the antimeridian lies twice in the R-tree: once is enough.
    hits = {row[0]: Hit(*row) for row in db.execute(sql, values)}
    if query.bbox:
        undecided = [hit for hit in hits.values() if hit.certainty == _UNDECIDED]
        hits |= _look_closer(db, query.bbox, undecided)
        wanted = ("certain",) if query.certain else ("certain", "possible")
        return _ordered((hit for hit in hits.values() if hit.certainty in wanted), query)
    return _ordered(hits.values(), query)


def _statement(db: Connection, query: Query, by_index: bool) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    source, flag = "geomap_rows AS r", "NULL"
    if query.bbox:
        source, flag = _near(query.bbox, values), _flag(query.bbox)
    if query.since or query.until:
        values["since"] = query.since.isoformat() if query.since else _ALWAYS[0]
        values["until"] = query.until.isoformat() if query.until else _ALWAYS[1]
        conditions.append(
            "(r.date BETWEEN :since AND :until OR (r.date_end >= :since AND r.date < :since))"
        )
    if query.issued_since or query.issued_until:
        values["issued_since"] = str(query.issued_since or _ALWAYS[0])
        values["issued_until"] = str(query.issued_until or _ALWAYS[1])
        issued = "SELECT fid FROM incidents WHERE doc_date BETWEEN :issued_since AND :issued_until"
        conditions.append(f"r.fid IN ({issued})")
    if query.types:
        values |= {f"type{i}": name for i, name in enumerate(query.types)}
        among = ", ".join(f":type{i}" for i in range(len(query.types)))
        conditions.append(f"r.incident_type IN ({among})")
    if not query.include_background:
        conditions.append("NOT r.background")
    if query.text or query.actor:
        conditions.append(f"r.fid IN ({_words(db, query, by_index, values)})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT r.fid, r.date, r.id, {flag} FROM {source}{where}", values


def _near(box: Bbox, values: dict[str, Any]) -> str:
    """Look in the R-tree first: CROSS JOIN keeps SQLite to this order.

    The R-tree holds 32-bit numbers, rounded outwards, so it finds a little too much.
    """
    values |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    values["beyond"] = box.east + 360
    parts = []
    for i, (west, east) in enumerate(box.spans):
        values |= {f"west{i}": west, f"east{i}": east}
        parts.append(
            f"SELECT id >> 1 AS fid FROM geomap_extents WHERE west <= :east{i}"
            f" AND east >= :west{i} AND south <= :north AND north >= :south"
        )
    return f"({' UNION ALL '.join(parts)}) AS near CROSS JOIN geomap_rows AS r ON r.fid = near.fid"


def _flag(box: Bbox) -> str:
    """Tell inside from touching as far as bounds go; what is left over has to be looked at."""
    if box.east - box.west >= 360:
        whole, point = "1", "1"
    elif box.crosses:
        whole = "(r.west >= :west AND r.east <= :beyond OR r.east <= :east)"
        point = "(r.lon >= :west OR r.lon <= :east)"
    else:
        whole = "r.west >= :west AND r.east <= :east"
        point = "r.lon BETWEEN :west AND :east"
    return (
        f"CASE WHEN r.known AND r.south >= :south AND r.north <= :north AND {whole}"
        f" THEN 'certain' WHEN r.lat BETWEEN :south AND :north AND {point}"
        f" THEN 'possible' ELSE '{_UNDECIDED}' END"
    )


def _look_closer(db: Connection, box: Bbox, hits: Sequence[Hit]) -> dict[int, Hit]:
    """Decide by the shape itself where the bounds touch the box and the point is outside."""
    shapes = in_batches(
        db,
        "SELECT r.fid, r.date, r.id, r.lon, r.lat, i.uncertainty_km, i.area, r.known"
        " FROM geomap_rows AS r JOIN incidents AS i USING (fid) WHERE r.fid IN",
        [hit.fid for hit in hits],
    )
    return {
        fid: Hit(fid, date, id_, lies(box, lon, lat, radius_km, read_area(area), bool(known)))
        for fid, date, id_, lon, lat, radius_km, area, known in shapes
    }


def _words(db: Connection, query: Query, by_index: bool, values: dict[str, Any]) -> str:
    if by_index:
        values["words"] = fts5_expression(query)
        return "SELECT rowid FROM geomap_text WHERE geomap_text MATCH :words"
    add_function(db)
    values |= {"text": query.text, "actor": query.actor}
    return (
        "SELECT fid FROM incidents WHERE geomap_holds(:text, sentence, place, actors)"
        " AND geomap_holds(:actor, actors)"
    )


def _ordered(hits: Iterable[Hit], query: Query) -> list[Hit]:
    ordered = sorted(hits, key=lambda hit: hit.id)
    if query.newest_first:
        ordered.sort(key=lambda hit: hit.date or "", reverse=True)
    else:
        ordered.sort(key=lambda hit: hit.date or "~")
    return ordered[: query.limit]

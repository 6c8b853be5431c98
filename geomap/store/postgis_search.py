"""From a query to the rows of a database that answer it; PostgreSQL chooses the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from geomap.store.bbox import Bbox
from geomap.store.condition import (
    LASTING,
    UNDECIDED,
    WITHIN,
    Row,
    answers,
    conditions_of,
    regions_of,
)
from geomap.store.counts import Counted, Counts, keys_of, tally
from geomap.store.postgres import Session
from geomap.store.query import Query
from geomap.store.search import Hit
from geomap.store.words import tsquery

_MORE = 100
_OUTSIDE = "outside"
_DATED = {
    "day": "r.date::text",
    "month": "to_char(r.date, 'YYYY-MM')",
    "year": "to_char(r.date, 'YYYY')",
}


class _Asked(NamedTuple):
    """A condition on rows, what says how each lies to the box, and the values of both."""

    where: str
    flag: str
    values: dict[str, Any]


def find(db: Session, query: Query) -> list[Hit]:
    """Find the rows that answer a query, in its order."""
    found: list[Row] = []
    while True:
        most = query.limit and query.limit - len(found) + (_MORE if query.has_region else 0)
        rows = _rows(db, query, most)
        found += answers(db, query, rows)
        if not most or len(rows) < most or len(found) >= (query.limit or 0):
            return [Hit(*row) for row in found[: query.limit]]
        _, day, id_, _ = rows[-1]
        query = replace(query, after=f"{day or 'undated'}/{id_}")


def count(db: Session, query: Query) -> int:
    """Count the rows that answer a query; a limit counts too."""
    if not query.has_region:
        asked = _asked(query)
        sql = f"SELECT count(*) FROM incidents AS r WHERE {asked.where}"
        (number,) = db.execute(sql, asked.values).fetchone() or (0,)
    elif query.within or query.near:
        number = len(answers(db, query, _rows(db, query, None)))
    else:
        number = _count_in_boxes(db, query)
    return min(number, query.limit or number)


def count_by(db: Session, query: Query, by: Sequence[str]) -> Counts:
    """Count the incidents that answer a query by some of their properties."""
    plain = {
        name: _DATED.get(name, column.replace("i.", "r.", 1))
        for name, column in keys_of(by).items()
    }
    if not query.has_region and not query.limit and plain.keys() == set(by) and "actor" not in by:
        keys = [f"nullif({column}, '')" for column in plain.values()]
        asked = _asked(query)
        sql = f"SELECT {', '.join(keys)}, count(*) FROM incidents AS r WHERE {asked.where}"
        groups = ", ".join(str(number + 1) for number in range(len(keys)))
        rows = db.execute(f"{sql} GROUP BY {groups}", asked.values).fetchall()
        return sorted(rows, key=lambda row: [(value is None, value) for value in row])
    hits = {hit.fid: hit.certainty for hit in find(db, query)}
    columns = ", ".join(["r.fid", "r.lon", "r.lat", *plain.values()])
    read = db.execute(f"SELECT {columns} FROM incidents AS r WHERE r.fid = ANY(?)", (list(hits),))
    return tally(
        (
            Counted(lon, lat, hits[fid], dict(zip(plain, values, strict=True)))
            for fid, lon, lat, *values in read
        ),
        by,
    )


def _count_in_boxes(db: Session, query: Query) -> int:
    """Count by how the bounds lie, and look closer at what they leave open."""
    asked = _asked(query)
    sql = f"SELECT {asked.flag} AS how, count(*) FROM incidents AS r WHERE {asked.where} GROUP BY 1"
    counts = dict(db.execute(sql, asked.values).fetchall())
    number = counts.get("certain", 0) + (0 if query.certain else counts.get("possible", 0))
    if counts.get(UNDECIDED):
        sql = f"{_select(asked)} AND ({asked.flag}) = '{UNDECIDED}'"
        number += len(answers(db, query, db.execute(sql, asked.values).fetchall()))
    return int(number)


def _rows(db: Session, query: Query, most: int | None) -> list[Row]:
    asked = _asked(query)
    order = "DESC NULLS LAST" if query.newest_first else "ASC NULLS LAST"
    limit = f" LIMIT {most}" if most else ""
    sql = f"{_select(asked)} ORDER BY r.date {order}, r.id{limit}"
    return db.execute(sql, asked.values).fetchall()


def _select(asked: _Asked) -> str:
    return f"SELECT r.fid, r.date::text, r.id, {asked.flag} FROM incidents AS r WHERE {asked.where}"


def _asked(query: Query) -> _Asked:
    """Leave to the index of extents what it can tell, and the rest of the box to the flag.

    Each condition more on the bounds would let the planner expect fewer rows than
    there are, and choose a way for few.
    """
    where, flag, values = conditions_of(query, "r.modality")
    met = " AND ".join(f"({where.pop(name)})" for name in regions_of(query))
    if met:
        flag = f"CASE WHEN {met} THEN {flag} ELSE '{_OUTSIDE}' END"
    if "period" in where:
        types = f" AND {where.pop('types')}" if query.types else ""
        where["period"] = f"{WITHIN}{types} OR {LASTING}{types}"
    conditions = [f"({condition})" for condition in where.values()]
    if "issued_since" in values:
        conditions.append("r.doc_date BETWEEN :issued_since AND :issued_until")
    if query.text or query.actor:
        values["words"] = tsquery(query)
        conditions.append("r.words @@ CAST(:words AS tsquery)")
    for name, boxes in regions_of(query).items():
        conditions.append(f"({_overlaps(name, boxes)})")
    return _Asked(" AND ".join(conditions) or "TRUE", flag, values)


def _overlaps(name: str, boxes: Sequence[Bbox]) -> str:
    return " OR ".join(
        f"r.extent && ST_MakeEnvelope(:{name}{n}_west{i}, :{name}{n}_south,"
        f" :{name}{n}_east{i}, :{name}{n}_north, 4326)"
        for n, box in enumerate(boxes)
        for i in range(len(box.spans))
    )

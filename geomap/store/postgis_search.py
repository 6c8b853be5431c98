"""From a query to the rows of a database that answer it; PostgreSQL chooses the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from geomap.store.condition import UNDECIDED, Conditions, Row, answers, conditions_of, regions_of
from geomap.store.counts import Counted, Counts, keys_of, tally
from geomap.store.postgres import Session
from geomap.store.query import Query
from geomap.store.search import Hit
from geomap.store.words import tsquery

_MORE = 100
_DATED = {
    "day": "r.date::text",
    "month": "to_char(r.date, 'YYYY-MM')",
    "year": "to_char(r.date, 'YYYY')",
}


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
        number = _one(db, f"SELECT count(*) FROM incidents AS r WHERE {_where(query)[0]}", query)
    elif query.within or query.near:
        number = len(answers(db, query, _rows(db, query, None)))
    else:
        number = _count_in_boxes(db, query)
    return min(number, query.limit or number)


def count_by(db: Session, query: Query, by: Sequence[str]) -> Counts:
    """Count the incidents that answer a query by some of their properties."""
    plain = {name: _DATED.get(name, column).replace("i.", "r.", 1) if name not in _DATED
             else _DATED[name] for name, column in keys_of(by).items()}  # fmt: skip
    if not query.has_region and not query.limit and plain.keys() == set(by) and "actor" not in by:
        keys = [f"nullif({column}, '')" for column in plain.values()]
        where, values = _where(query)
        sql = f"SELECT {', '.join(keys)}, count(*) FROM incidents AS r WHERE {where} GROUP BY "
        rows = db.execute(sql + ", ".join(map(str, range(1, len(keys) + 1))), values).fetchall()
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
    where, values = _where(query)
    flag = conditions_of(query, "r.modality").flag
    sql = f"SELECT {flag} AS how, count(*) FROM incidents AS r WHERE {where} GROUP BY 1"
    counts = dict(db.execute(sql, values).fetchall())
    number = counts.get("certain", 0) + (0 if query.certain else counts.get("possible", 0))
    if counts.get(UNDECIDED):
        rows = db.execute(_select(where, flag) + f" AND ({flag}) = '{UNDECIDED}'", values)
        number += len(answers(db, query, rows.fetchall()))
    return int(number)


def _rows(db: Session, query: Query, most: int | None) -> list[Row]:
    where, values = _where(query)
    flag = conditions_of(query, "r.modality").flag
    order = "DESC NULLS LAST" if query.newest_first else "ASC NULLS LAST"
    limit = f" LIMIT {most}" if most else ""
    sql = f"{_select(where, flag)} ORDER BY r.date {order}, r.id{limit}"
    return db.execute(sql, values).fetchall()


def _select(where: str, flag: str) -> str:
    return f"SELECT r.fid, r.date::text, r.id, {flag} FROM incidents AS r WHERE {where}"


def _where(query: Query) -> tuple[str, dict[str, Any]]:
    found: Conditions = conditions_of(query, "r.modality")
    conditions = [f"({condition})" for condition in found.where.values()]
    if "issued_since" in found.values:
        conditions.append("r.doc_date BETWEEN :issued_since AND :issued_until")
    if query.text or query.actor:
        found.values["words"] = tsquery(query)
        conditions.append("r.words @@ CAST(:words AS tsquery)")
    for name, boxes in regions_of(query).items():
        met = " OR ".join(
            f"r.extent && ST_MakeEnvelope(:{name}{n}_west{i}, :{name}{n}_south,"
            f" :{name}{n}_east{i}, :{name}{n}_north, 4326)"
            for n, box in enumerate(boxes)
            for i in range(len(box.spans))
        )
        conditions.append(f"({met})")
    return " AND ".join(conditions) or "TRUE", found.values


def _one(db: Session, sql: str, query: Query) -> int:
    row = db.execute(sql, _where(query)[1]).fetchone()
    return int(row[0]) if row else 0

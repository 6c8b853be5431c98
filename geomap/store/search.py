"""From a query to the rows that answer it, in order, without reading the rows themselves.

Box, words and period can each lead the search, through the R-tree, FTS5 or the
index of dates; the others are then looked up in ``geomap_rows`` row by row.
SQLite cannot tell which lets through the fewest, so the first rows of each are
counted, which costs little: an index is read in order, a row is jumped to. A
limit that is soon reached is better served by walking the dates from their end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import itemgetter
from sqlite3 import Connection
from typing import Any, NamedTuple, TypeVar

from geomap.store.bbox import Bbox
from geomap.store.condition import LASTING, WITHIN, Row, answers, conditions_of, regions_of
from geomap.store.extent import Certainty
from geomap.store.query import Query
from geomap.store.schema import NAMES
from geomap.store.words import add_function, fts5_expression

T = TypeVar("T")
_FEW = 20_000  # so many entries of an index are counted in a millisecond or two
_STEPS = (200, 2_000, _FEW)
_MODALITY = "(SELECT modality FROM incidents AS i WHERE i.fid = r.fid)"


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
        rows = answers(db, query, _rows(db, plan, lead))
    return list(map(Hit._make, _ordered(rows, query)))


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
    rows = answers(db, query, _rows(db, plan, _best_lead(db, plan)[0]))
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
    where, flag, values = conditions_of(query, _MODALITY)
    plan = _Plan({}, where, flag, values)
    if "rejected" in where and not has_rejected(db):
        del where["rejected"]
    for name, boxes in regions_of(query).items():
        entries = (_entries(f"{name}{number}", box) for number, box in enumerate(boxes))
        plan.leads[name] = " UNION ALL ".join(entries)
    if "period" in where:
        types = f" AND {where['types']}" if query.types else ""
        plan.leads["period"] = (
            f"SELECT fid FROM geomap_rows AS r WHERE {WITHIN}{types}"
            f" UNION ALL SELECT fid FROM geomap_rows AS r WHERE {LASTING}{types}"
        )
    if "issued_since" in values:
        select = "SELECT fid FROM incidents WHERE doc_date BETWEEN :issued_since AND :issued_until"
        plan.leads["issue"] = select
        plan.conditions["issue"] = f"r.fid IN ({select})"
    if query.text or query.actor:
        _plan_words(db, plan, query, by_index)
    return plan


def _entries(name: str, box: Bbox, also: str = "") -> str:
    """Look in the R-tree, which holds 32-bit numbers rounded outwards: a little too much."""
    return " UNION ALL ".join(
        f"SELECT id >> 2 AS fid FROM geomap_extents WHERE west <= :{name}_east{i}"
        f" AND east >= :{name}_west{i} AND south <= :{name}_north AND north >= :{name}_south{also}"
        for i in range(len(box.spans))
    )


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


def _best_lead(db: Connection, plan: _Plan) -> tuple[str | None, int]:
    """Choose what lets through the fewest rows, and say how many (at most `_FEW`).

    All are counted a little way at first, so that none is counted far where another
    is soon done.
    """
    sizes: dict[str, int] = {}
    for most in _STEPS if plan.leads else ():
        for lead, select in plan.leads.items():
            counted = f"SELECT count(*) FROM ({select} LIMIT {most})"
            (sizes[lead],) = db.execute(counted, plan.values).fetchone()
        best = min(sizes, key=lambda lead: sizes[lead])
        if sizes[best] < most:
            return best, sizes[best]
    return next(iter(sizes), None), _FEW


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
        found += answers(db, query, [row])
    return found


def _ordered(rows: list[Row], query: Query) -> list[Row]:
    rows.sort(key=itemgetter(2))
    dated = [row for row in rows if row[1] is not None]
    dated.sort(key=itemgetter(1), reverse=query.newest_first)  # keeps ties in the order of ids
    undated = [row for row in rows if row[1] is None] if len(dated) < len(rows) else []
    return (dated + undated)[: query.limit]

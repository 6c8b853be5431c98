"""How mentions of one event stand to each other: which of them a later bulletin corrects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geomap.model import Incident

NORMAL, SUPERSEDED, CORRECTION = range(3)
"""How a mention stands to others of its event: a later bulletin may have told it otherwise."""


def corrections(rows: Iterable[Incident]) -> dict[str, int]:
    """Find mentions that a later bulletin tells otherwise, and those that do so.

    Told otherwise means another place, type, day or number of casualties for the
    same event. An event that one bulletin tells at several places is left alone.

    Returns
    -------
    dict
        Id of a mention to `SUPERSEDED` or `CORRECTION`.
    """
    mentions: dict[str, list[Incident]] = {}
    for row in rows:
        if row.event_id and row.doc_date:
            mentions.setdefault(row.event_id, []).append(row)
    found: dict[str, int] = {}
    for told in mentions.values():
        if len(told) < 2 or len({row.doc_id for row in told}) < len(told):
            continue
        *earlier, last = sorted(told, key=lambda r: (r.doc_date or date.min, r.doc_id))
        changed = [r.id for r in earlier if r.doc_date != last.doc_date and _differ(r, last)]
        if changed:
            found |= dict.fromkeys(changed, SUPERSEDED) | {last.id: CORRECTION}
    return found


_TOLD = ("place_id", "incident_type", "date", "fatalities", "injured")


def _differ(row: Incident, other: Incident) -> bool:
    pairs = [(getattr(row, name), getattr(other, name)) for name in _TOLD]
    return any(a != b for a, b in pairs if a is not None and b is not None)

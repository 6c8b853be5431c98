"""What a report says: the variables of its templates, as plain values.

``maps/report/README.md`` lists them for the people who write templates.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geomap.draw.basemap import ATTRIBUTION
from geomap.draw.captions import subtitle
from geomap.draw.definition import Definition
from geomap.draw.scene import is_region
from geomap.draw.summary import (
    alt_text,
    area_of,
    by_area,
    by_type,
    compare,
    happened,
    sources_of,
)
from geomap.draw.wording import Wording, read_wording
from geomap.model import Incident

WORDS = (
    *("summary", "by_type", "by_area", "type", "area", "number", "before", "change", "total"),
    *("incidents_title", "date", "place", "text", "source", "killed", "injured", "nothing"),
    *("unplaced", "live_map", "method", "disclaimer", "files", "all_days"),
)
"""Phrases that a template may write."""


@dataclass(frozen=True)
class Topic:
    """What a report is about.

    Attributes
    ----------
    day
        Date of issue, when the report is of one day.
    before, earlier
        The day before of which bulletins are known, and its incidents, to compare with.
    live_map
        Address of the page with the same incidents, or "".
    """

    title: str = ""
    day: dt.date | None = None
    as_of: dt.datetime | dt.date | None = None
    before: dt.date | None = None
    earlier: Sequence[Incident] = ()
    live_map: str = ""


def make_digest(
    incidents: Iterable[Incident], definition: Definition, topic: Topic
) -> dict[str, Any]:
    """Give the variables of a report's template.

    Values are text, numbers, lists and dicts; texts hold no line breaks or control
    characters. How they are escaped is the format's business.
    """
    words = read_wording(definition.language)
    rows = happened(incidents, definition)
    title = " ".join((topic.title or definition.title).split())
    earlier = happened(topic.earlier, definition) if topic.before else None
    change = compare(rows, earlier or (), topic.before)
    labels = {kind.id: kind.label for kind in definition.types} | {"other": words.say("other")}
    said = words.say("incidents", n=len(rows))
    listed = [_row(row, words, labels) for row in sorted(rows, key=_order)]
    digest: dict[str, Any] = _visible(
        {
            "title": title,
            "language": definition.language,
            "direction": "rtl" if words.rtl else "ltr",
            "subtitle": subtitle(rows, topic.day, topic.as_of, words),
            "alt": alt_text(rows, definition, words, title),
            "caption": words.say("figure", title=title.rstrip("."), incidents=said),
            "total": len(rows),
            "headline": _headline(rows, words),
            "change": change.sentence(words) if topic.day else "",
            "by_type": _table(by_type(rows), earlier, by_type, labels),
            "by_area": _table(by_area(rows), earlier, by_area, None, words),
            "compared": earlier is not None,
            "incidents": [row for row in listed if row["lon"] is not None],
            "unplaced": [row for row in listed if row["lon"] is None],
            "sources": sources_of(rows),
            "sources_line": words.say(
                "sources", sources="; ".join(sources_of(rows)) or words.say("no_source")
            ),
            "attribution": ATTRIBUTION,
            "live_map": topic.live_map,
            "words": {key: words.say(key) for key in WORDS},
        }
    )
    return digest


def _order(row: Incident) -> tuple[Any, ...]:
    return (row.date or dt.date.max, area_of(row), row.place, row.incident_type, row.id)


def _headline(rows: Sequence[Incident], words: Wording) -> str:
    """Say the numbers in a line: incidents, bulletins, the dead and the injured as reported."""
    if not rows:
        return words.say("nothing")
    documents = len({row.doc_id for row in rows})
    said = [words.say("incidents", n=len(rows)), words.say("from_bulletins", n=documents)]
    line = " ".join(said)
    for key, counts in (
        ("deaths", [row.fatalities for row in rows]),
        ("wounded", [row.injured for row in rows]),
    ):
        known = [count for count in counts if count is not None]
        if known:
            line += "; " + words.say(key, n=sum(known))
    return line + "."


def _table(
    now: Counter[str],
    earlier: Sequence[Incident] | None,
    count: Any,
    labels: Mapping[str, str] | None,
    words: Wording | None = None,
) -> list[dict[str, Any]]:
    """Give rows with a label and the numbers of now and of the day before, the most first."""
    before = count(earlier) if earlier is not None else Counter()
    names = list(labels) if labels else []
    order = {name: n for n, name in enumerate(names)}
    keys = sorted({*now, *before}, key=lambda k: (-now[k], order.get(k, 99), k))
    unknown = words.say("unknown_area") if words else ""
    return [
        {
            "label": (labels[key] if labels else key) or unknown,
            "number": now[key],
            "before": before[key],
            "change": f"{now[key] - before[key]:+d}".replace("+0", "0").replace("-", "−"),
        }
        for key in keys
    ]


def _row(row: Incident, words: Wording, labels: Mapping[str, str]) -> dict[str, Any]:
    days = {day for day in (row.date, row.date_end) if day}
    link = row.source if urlsplit(row.source).scheme in ("http", "https") else ""
    status = [row.modality] if row.modality in ("claimed", "denied") else []
    status += ["corrected"] if "corrected" in row.tags else []
    near = is_region(row) or (row.geo_precision or 1) > 1
    return {
        "date": words.period(days) or words.say("not_known"),
        "type": labels.get(row.incident_type, row.incident_type),
        "place": row.place or words.say("not_known"),
        "area": area_of(row),
        "within": words.say("approximate", km=f"{row.uncertainty_km:,.0f}")
        if near and row.uncertainty_km and row.lon is not None
        else "",
        "text": row.sentence,
        "status": ", ".join(words.say(f"status.{one}") for one in status),
        "killed": row.fatalities,
        "injured": row.injured,
        "source": row.doc_title or Path(row.source).name,
        "issued": words.day(row.doc_date) if row.doc_date else "",
        "link": link,
        "lon": row.lon,
        "lat": row.lat,
        "id": row.id,
    }


def _visible(value: Any) -> Any:
    """Make every text one line without what no format can hold."""
    if isinstance(value, dict):
        return {key: _visible(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_visible(entry) for entry in value]
    if isinstance(value, str):
        kept = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in value)
        return " ".join(kept.split())
    return value

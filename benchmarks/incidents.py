"""Write the incidents of every bulletin in a folder, one GeoJSON file each, to score them.

usage: python benchmarks/incidents.py OUT BULLETINS

BULLETINS is a folder of .txt files with an optional docs.json that gives each
one's date of issue. Then run the folder's own scorer on OUT.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path

from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin
from geomap.record import to_feature


def main() -> None:
    """Extract, write and say how long it took."""
    out, folder = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    listing = folder / "docs.json"
    known = json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {}
    bulletins = []
    for path in sorted(folder.glob("*.txt")):
        day = known.get(path.stem, {}).get("date")
        issued = dt.date.fromisoformat(day) if day else None
        bulletins.append((path.stem, Bulletin(path.read_text(encoding="utf-8"), issued)))
    extract_bulletin(bulletins[0][1])
    started = time.perf_counter()
    for name, bulletin in bulletins:
        features = [to_feature(incident) for incident in extract_bulletin(bulletin)]
        collection = {"type": "FeatureCollection", "features": features}
        (out / f"{name}.geojson").write_text(
            json.dumps(collection, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    seconds = time.perf_counter() - started
    print(f"{len(bulletins)} bulletins in {seconds:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

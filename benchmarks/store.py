"""How fast the store takes incidents in and answers boxes.

    python benchmarks/store.py [ROWS ...] [--folder FOLDER]

Makes a synthetic store of each size (kept in the folder, so that a second run
only asks), times the load, cold queries in a new process and warm ones in this
one, and prints a table. Times are medians of wall-clock milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geomap.model import Incident  # noqa: E402
from geomap.store import Bbox, Query, Store  # noqa: E402
from geomap.store.query import known_types  # noqa: E402

FIRST, DAYS = dt.date(2014, 1, 1), 4500
WORDS = [f"word{number}" for number in range(400)]


def incidents(number: int) -> Iterator[Incident]:
    """Draw incidents as a daily feed brings them: hot spots, towns, days that grow busier."""
    chance = random.Random(5)
    hot = [(chance.uniform(-120, 150), chance.uniform(-35, 55)) for _ in range(180)]
    towns = []
    for _ in range(min(60_000, number)):
        lon, lat = chance.choice(hot)
        towns.append(
            (chance.gauss(lon, 1.5), chance.gauss(lat, 1.0), chance.lognormvariate(0, 1.5))
        )
    weights = [town[2] for town in towns]
    ranks = range(len(towns))
    days = sorted(int(DAYS * chance.random() ** 0.5) for _ in range(number))
    places = iter(lambda: chance.choices(ranks, weights, k=10_000), None)
    at = (index for block in places for index in block)
    for n, (day, town) in enumerate(zip(days, at, strict=False)):
        lon, lat, _ = towns[town]
        wide = chance.random() < 0.04
        yield Incident(
            id=f"{n:016x}",
            doc_id=f"{n // 40:012x}",
            doc_title=f"Bulletin {n // 40}",
            doc_date=FIRST + dt.timedelta(days=day),
            date=FIRST + dt.timedelta(days=day),
            date_precision="day",
            incident_type=chance.choice(known_types()),
            place=f"Town {town}",
            place_id=f"geonames:{town}",
            country="XX",
            geo_precision=3 if wide else 1,
            uncertainty_km=chance.uniform(30, 90) if wide else 2.0,
            actors=({"text": f"Group {n % 3000}", "name": f"Group {n % 3000}", "role": "actor1"},),
            fatalities=n % 5 or None,
            sentence=" ".join(chance.choices(WORDS, k=24)) + (" cholera" if n % 200 == 0 else ""),
            sentence_start=n % 4000,
            sentence_end=n % 4000 + 170,
            confidence=0.8,
            reasons=("exact name", "country of the document"),
            source="synthetic",
            lon=lon,
            lat=lat,
        )


def boxes(path: Path, share: float) -> list[Bbox]:
    """Lay eight boxes round points of the data, each so wide that it holds that share of them."""
    with sqlite3.connect(path) as db:
        points = db.execute("SELECT lon, lat FROM geomap_rows WHERE fid % 7 = 0").fetchall()
    db.close()
    found = []
    for lon, lat in random.Random(11).sample(points, 8):
        reach = sorted(max(abs(x - lon), abs(y - lat) * 2) for x, y in points)
        half = reach[int(share * len(points))]
        west, east = max(lon - half, -180), min(lon + half, 180)
        found.append(Bbox(west, max(lat - half / 2, -90), east, min(lat + half / 2, 90)))
    return found


def load(path: Path, number: int) -> float:
    start = time.process_time()
    with Store(path) as store:
        store.add(incidents(number))
    return time.process_time() - start


def median(work: Callable[..., object], asked: Iterable[object]) -> float:
    return statistics.median(timed(work, one) for one in asked)


COLD = """
import sys
sys.path.insert(0, {root!r})
from geomap.store import Query, Store
from geomap.store.exchange import write_incidents
with Store({path!r}) as store:
    write_incidents(store.matches(Query(bbox={box!r})), sys.stdout, "geojson")
loaded = {{"geopandas", "pandas", "numpy", "folium", "pyogrio"}} & set(sys.modules)
assert not loaded, loaded
"""


def cold(path: Path) -> float:
    """Ask in a new process, from its start to its end, as `geomap query --bbox` does."""

    def ask(box: Bbox) -> None:
        script = COLD.format(root=str(ROOT), path=str(path), box=str(box))
        subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)

    return median(ask, boxes(path, 0.0001))


def shapes(store: Store) -> Iterator[str]:
    """Time the shapes of a query, each over eight boxes."""
    since, until = FIRST + dt.timedelta(days=4400), FIRST + dt.timedelta(days=4430)
    month = {"since": since, "until": until, "types": ("battle",)}
    newest = {"newest_first": True, "limit": 100}

    def fetch(query: Query) -> list[Incident]:
        return list(store.incidents(query))

    for name, share, more, ask in (
        ("fetch 0.01 %", 0.0001, {}, fetch),
        ("count 1 %", 0.01, {}, store.count),
        ("fetch 1 %", 0.01, {}, fetch),
        ("count 20 %", 0.2, {}, store.count),
        ("certain 20 %", 0.2, {"certain": True}, store.count),
        ("1 % + month + type", 0.01, month, fetch),
        ("20 % + month + type", 0.2, month, fetch),
        ("newest 100 in 1 %", 0.01, newest, fetch),
        ("newest 100 in 20 %", 0.2, newest, fetch),
        ("word in 1 %", 0.01, {"text": "cholera"}, fetch),
        ("word in 20 %", 0.2, {"text": "cholera"}, fetch),
    ):
        queries = [Query(bbox=box, **more) for box in boxes(store.path, share)]
        rows = statistics.mean(map(store.count, queries))
        yield f"{name:24}{median(ask, queries):10.2f} ms  {rows:9.0f} rows"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("rows", nargs="*", type=int, default=[100_000])
    arguments.add_argument("--folder", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for number in options.rows:
            path = folder / f"incidents-{number}.gpkg"
            print(f"\n{number:,} incidents")
            if not path.exists():
                seconds = load(path, number)
                each = seconds / number * 1e6
                print(f"{'load, all indexes':24}{seconds:10.1f} s CPU, {each:.0f} us a row")
            print(f"{'size':24}{path.stat().st_size / 1e6:10.0f} MB")
            print(f"{'cold query, 0.01 %':24}{cold(path):10.1f} ms")
            with Store(path) as store:
                for line in shapes(store):
                    print(line)
                known = list(islice(incidents(number), 10_000))
                print(f"{'add 10,000 known rows':24}{timed(store.add, known):10.0f} ms")
            with tempfile.TemporaryDirectory(dir=folder) as copy:
                shutil.copy(path, copy)
                fresh = [replace(one, id=f"new-{one.id}") for one in known]
                with Store(Path(copy) / path.name) as store:
                    print(f"{'add 10,000 new rows':24}{timed(store.add, fresh):10.0f} ms")


def timed(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()

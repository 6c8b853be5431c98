"""What happens when the file, the disk or the process fails."""

import importlib.util
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from geomap.errors import StoreError
from geomap.model import Incident
from geomap.store import Query, Store

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("faults", ROOT / "benchmarks" / "faults.py")
faults = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(faults)
BATCH = 40


def incidents(number, first=0):
    return [
        Incident(
            f"{first + n:08}",
            lon=(first + n) % 360 - 180.0,
            lat=n % 180 - 90.0,
            uncertainty_km=30.0,
            incident_type="battle",
            sentence=f"word{first + n} in every row",
        )
        for n in range(number)
    ]


def whole(path):
    """Count the rows of a store whose tables and indexes agree."""
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (rows,) = db.execute("SELECT count(*) FROM incidents").fetchone()
        for index in ("geomap_rows", "rtree_incidents_geom"):
            assert db.execute(f"SELECT count(*) FROM {index}").fetchone() == (rows,)
        extents = db.execute("SELECT count(DISTINCT id >> 2) FROM geomap_extents").fetchone()
        assert extents == (rows,)
    db.close()
    with Store(path) as store:
        assert store.count(Query(text="every row")) == rows
        assert len(list(store.incidents())) == rows
    return rows


PRELUDE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]
from test_faults import BATCH, incidents
from geomap.errors import StoreError
from geomap.store import Query, Store
path = sys.argv[1]
"""

ADD_FOREVER = """
first = int(sys.argv[2])
with Store(path) as store:
    while True:
        store.add(incidents(BATCH, first))
        first += BATCH
        print(first, flush=True)
"""


def command(script, *arguments):
    return [sys.executable, "-c", PRELUDE + script, *map(str, arguments)]


def said(script, *arguments):
    """Run a script in a process of its own and give what it says."""
    return subprocess.run(
        command(script, *arguments), stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def test_kill_loses_nothing_that_was_acknowledged_and_leaves_nothing_half(path):
    """Kill a writer twenty times at any moment and go on with the same file."""
    chance = random.Random(7)
    acknowledged = 0
    for _ in range(20):
        add = command(ADD_FOREVER, path, acknowledged)
        with subprocess.Popen(add, stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(chance.randrange(1, 4)):
                acknowledged = int(writer.stdout.readline())
            time.sleep(chance.random() * 0.02)
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:
                acknowledged = int(line)
        rows = whole(path)
        assert rows % BATCH == 0
        assert rows >= acknowledged
        acknowledged = rows


ADD_SOME = """
first, batches = int(sys.argv[2]), int(sys.argv[3])
with Store(path) as store:
    for n in range(batches):
        store.add(incidents(BATCH, first + n * BATCH))
"""


def test_several_may_make_and_fill_one_store_at_once(path):
    writers = [subprocess.Popen(command(ADD_SOME, path, n * 1000, 3)) for n in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert whole(path) == 4 * 3 * BATCH


def test_readers_see_whole_batches_while_one_writes(tmp_path):
    batches, asked = faults.readers(tmp_path, seconds=5)
    assert batches
    assert len(asked) == 4
    assert all(reads > 1 for reads, *_ in asked)


@pytest.mark.parametrize("kind", ["import", "correct", "parquet"])
def test_kill_leaves_whole_what_else_is_written(tmp_path, kind):
    """Kill each kind of writer a few times; `benchmarks/faults.py` does it 200 times."""
    faults.kill(kind, tmp_path, times=3)


def test_a_path_where_no_wal_can_be_kept_takes_a_store_all_the_same(path, monkeypatch):
    """Use SQLite's locking by files, which has no shared memory, as a network drive has none."""
    connect = sqlite3.connect
    without = lambda name, **options: connect(f"{name}&vfs=unix-dotfile", **options)  # noqa: E731
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("geomap.store.connection.sqlite3.connect", without)
        with Store(path) as store:
            assert store.add(incidents(5)) == 5
            assert store._open().execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert store.count(Query(text="every row")) == 5
            assert store.check() == []
    assert whole(path) == 5


FILL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
kept = 0
try:
    with Store(path) as store:
        while True:
            store.add(incidents(BATCH, kept))
            kept += BATCH
except StoreError as error:
    print(kept)
    print(error)
"""


@pytest.mark.parametrize("kilobytes", [300, 600, 1200])
def test_a_disk_that_takes_no_more_keeps_whole_batches(path, kilobytes):
    """Let the file grow so far and no farther, as on a full disk."""
    kept, why = said(FILL, path, kilobytes * 1024).split("\n", 1)
    assert "the disk" in why
    assert "Nothing of this batch was kept" in why
    assert whole(path) == int(kept) > 0


def test_a_disk_without_room_for_a_store_holds_none(path):
    assert said(FILL, path, 10_000).startswith("0\n")
    assert not path.exists()


def test_a_full_disk_says_so_and_the_store_goes_on(store, path):
    store.add(incidents(10))
    pages = store._open().execute("PRAGMA page_count").fetchone()[0]
    store._open().execute(f"PRAGMA max_page_count = {pages + 5}")  # SQLITE_FULL, as on ENOSPC
    with pytest.raises(StoreError, match=r"the disk is full\nNothing of this batch was kept"):
        store.add(incidents(3000, 10))
    assert store.count() == 10
    store._open().execute("PRAGMA max_page_count = 1000000")
    assert store.add(incidents(3000, 10)) == 3000


def test_a_store_of_a_newer_geomap_is_refused(store, path):
    store.add(incidents(1))
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE geomap_meta SET value = '99' WHERE key = 'version'")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"made by a newer geomap: version 99, this one knows 2"):
        Store(path)
    assert path.read_bytes() == before


def text(path):
    path.write_text("date,place\n2026-05-01,Tubas\n" * 100)


def database(path):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()


def geopackage(path):
    import geopandas
    from shapely.geometry import Point

    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)], crs=4326)
    frame.to_file(path, layer="incidents")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (text, "is not a GeoPackage"),
        (database, "is not a GeoPackage"),
        (geopackage, "is a GeoPackage, but no store of geomap"),
        (Path.mkdir, "is a folder"),
    ],
)
def test_what_is_no_store_is_refused_and_left_alone(path, make, what):
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=what):
        Store(path)
    assert before == (path.read_bytes() if path.is_file() else None)


def cut_off(path):
    """Make what a kill leaves behind that comes before the tables."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


@pytest.mark.parametrize("make", [lambda path: None, Path.touch, cut_off])
def test_looking_into_no_store_is_an_error_and_makes_none(path, make):
    make(path)
    there = path.exists()
    with Store(path) as store, pytest.raises(StoreError, match="there is no store here"):
        store.count()
    assert path.exists() == there


@pytest.mark.parametrize("make", [Path.touch, cut_off])
def test_a_file_without_anything_in_it_becomes_a_store(path, make):
    make(path)
    with Store(path) as store:
        assert store.add(incidents(2)) == 2


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with (
        Store(tmp_path / "no" / "incidents.gpkg") as store,
        pytest.raises(StoreError, match="no: there is no such folder"),
    ):
        store.add(incidents(1))


def test_another_program_that_writes_is_waited_for_and_then_named(store, path):
    store.add(incidents(1))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program is writing to the store"):
        store.add(incidents(2))
    assert store.count() == 1
    other.execute("ROLLBACK")
    other.close()
    assert store.add(incidents(2)) == 1


@pytest.mark.parametrize("at", [100, 4096 * 3, 4096 * 20])
def test_a_damaged_file_is_called_damaged(store, path, at):
    store.add(incidents(200))
    store.close()
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * (path.stat().st_size - at))
    why = r"is damaged|not a GeoPackage"
    with pytest.raises(StoreError, match=why), Store(path) as damaged:
        list(damaged.incidents(Query(bbox="-180,-90,180,90", text="every")))


def test_a_file_cut_short_is_called_damaged(store, path):
    store.add(incidents(200))
    store.close()
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreError, match="is damaged"), Store(path) as damaged:
        list(damaged.incidents())


DROP_RIGHTS = """
import os
import geomap.store.words
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
"""
ASK = (
    DROP_RIGHTS
    + """
with Store(path) as store:
    print(store.count(), store.count(Query(text="every")))
"""
)
ADD = (
    DROP_RIGHTS
    + """
try:
    with Store(path) as store:
        store.add(incidents(9))
except StoreError as error:
    print(error)
"""
)


@pytest.fixture
def fixed():
    """Make a store in a folder that everybody may look into and nobody may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store(folder / "incidents.gpkg") as store:
            store.add(incidents(3))
        (folder / "incidents.gpkg").chmod(0o444)
        folder.chmod(0o555)
        yield folder / "incidents.gpkg"
        folder.chmod(0o700)


def test_a_read_only_store_can_be_asked(fixed):
    assert said(ASK, fixed) == "3 3\n"


def test_a_read_only_store_says_so_when_written(fixed):
    assert "incidents.gpkg: the store, or the folder it is in, is read-only" in said(ADD, fixed)
    with Store(fixed) as store:
        assert store.count() == 3


def test_a_read_only_folder_takes_no_new_store(fixed):
    assert "is read-only" in said(ADD, fixed.with_name("new.gpkg"))
    assert not fixed.with_name("new.gpkg").exists()

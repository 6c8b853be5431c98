import random
import sqlite3

import pytest

from geomap.errors import StoreError
from geomap.model import Bulletin, Incident
from geomap.store import Query, Store
from geomap.store.schema import add_functions

TEXT = "Clashes in Tubas, then in Jenin. " * 40


def incidents(number=300):
    return [
        Incident(
            f"{n:04}",
            lon=n % 360 - 180.0,
            lat=n % 170 - 85.0,
            uncertainty_km=n % 50 + 0.5,
            sentence=f"word{n} stands in every row",
            actors=({"text": f"group {n % 7}"},),
        )
        for n in range(number)
    ]


@pytest.fixture
def filled(store, path):
    store.add(incidents(), [Bulletin(TEXT, title="Day 1")])
    store.add(incidents(200), [])
    store.close()
    return path


def spoil(path, statement):
    """Write past geomap: its triggers are told that geomap itself writes."""
    db = sqlite3.connect(path)
    add_functions(db)
    with db:
        db.execute("INSERT INTO geomap_meta VALUES ('writing', '')")
        db.execute(statement)
        db.execute("DELETE FROM geomap_meta WHERE key = 'writing'")
    db.close()


def checked(path):
    with Store(path) as store:
        return store.check()


def test_a_sound_store_has_no_problems(filled):
    with Store(filled) as store:
        store.add([Incident("0003", sentence="other words"), Incident("new", lon=180.0, lat=0.0)])
    assert checked(filled) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE incidents SET sentence = 'x' WHERE fid = 7",
            "row 7 (0006): is not what was written",
        ),
        ("UPDATE incidents SET actors = '{' WHERE fid = 7", "row 7: cannot be read"),
        ("UPDATE incidents SET geom = NULL WHERE fid = 7", "row 7 (0006): is not what was"),
        ("UPDATE geomap_rows SET date = '2026-05-01' WHERE fid = 7", "with the index of rows"),
        ("DELETE FROM geomap_rows WHERE fid = 7", "row 7 (0006): is not in the index of rows"),
        ("DELETE FROM geomap_extents WHERE id = 28", "out of step with the R-tree geomap_extents"),
        ("DELETE FROM rtree_incidents_geom WHERE id = 7", "with the R-tree rtree_incidents_geom"),
        ("UPDATE geomap_extents SET east = 3 WHERE id = 28", "with the R-tree geomap_extents"),
        (
            "DELETE FROM incidents WHERE fid = 7",
            "geomap_rows: 1 entries of rows that are not there",
        ),
        ("INSERT INTO geomap_text (rowid, sentence) VALUES (900, 'x')", "words: the index is out"),
        ("UPDATE bulletins SET text_zlib = x'789c'", "cannot be unpacked"),
        ("UPDATE bulletins SET sha256 = 'x'", "is not what was written"),
    ],
)
def test_what_is_out_of_step_is_named(filled, statement, what):
    spoil(filled, statement)
    assert any(what in problem for problem in checked(filled)), checked(filled)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE geomap_rows SET date = '2026-05-01' WHERE fid = 7",
        "DELETE FROM geomap_rows WHERE fid < 70",
        "DELETE FROM geomap_extents WHERE id < 280",
        "DELETE FROM rtree_incidents_geom WHERE id = 7",
        "DELETE FROM incidents WHERE fid = 7",
        "INSERT INTO geomap_text (rowid, sentence) VALUES (900, 'x')",
        "UPDATE incidents SET sentence = 'x' WHERE fid = 7",
    ],
)
def test_reindexing_puts_all_in_step_again(filled, statement):
    spoil(filled, statement)
    with Store(filled) as store:
        assert store.check()
        rows = store.reindex()
        assert store.check() == []
        assert rows == store.count(Query(bbox="-180,-90,180,90")) == len(list(store.incidents()))


def test_reindexing_remembers_what_was_edited_by_hand(filled):
    db = sqlite3.connect(filled)
    add_functions(db)
    with db:
        db.execute("UPDATE incidents SET fatalities = 4 WHERE id = '0003'")
    db.close()
    with Store(filled) as store:
        assert store.check() == []
        store.reindex()
        store.add(incidents(5))
        assert {one.id: one.fatalities for one in store.incidents()}["0003"] == 4


def test_damage_anywhere_is_reported_or_does_no_harm(filled, tmp_path):
    """Overwrite 64 bytes in fifty places: check says so, or everything reads as before."""
    chance = random.Random(3)
    sound = filled.read_bytes()
    wanted = incidents()
    reported = 0
    for _ in range(50):
        at = chance.randrange(len(sound) - 64)
        path = tmp_path / "damaged.gpkg"
        path.write_bytes(sound[:at] + chance.randbytes(64) + sound[at + 64 :])
        try:
            with Store(path) as store:
                found = store.check()
                if not found:
                    assert sorted(store.incidents(), key=lambda one: one.id) == wanted
                    assert store.count(Query(bbox="-180,-90,180,90", text="every row")) == 300
                    assert store.count(Query(bbox="-180,-90,180,90")) == 300
        except StoreError:
            found = ["refused"]
        reported += bool(found)
    assert reported > 20

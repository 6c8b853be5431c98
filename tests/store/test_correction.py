import datetime as dt
import io
import sqlite3
from dataclasses import replace

import pytest

from geomap.errors import InputError, StoreError
from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin, Incident
from geomap.store import Query, Store
from geomap.store.correction import Correction, put_right
from geomap.store.ledger import read_corrections, write_corrections

ISSUED = dt.date(2026, 3, 5)
TEXT = """Example update, 5 March 2026

An airstrike killed three people in Jabalia in the northern Gaza Strip on 5 March.
The army arrested four men in Tubas.
Shelling hit Kharkiv and Sumy.
"""
BULLETIN = Bulletin(TEXT, ISSUED, "Example update")
MOVED = {"place": "Beit Lahia", "place_id": "x:1", "lon": 34.51, "lat": 31.55}


def incident(id="a", **values):
    usual = {
        **{"doc_id": "d", "sentence_start": 10, "trigger_start": 12, "place_start": 20},
        **{"lon": 34.48, "lat": 31.53, "place": "Jabalia", "incident_type": "explosion"},
    }
    return Incident(id, **{**usual, **values})


@pytest.fixture
def read(store):
    """Read the bulletin into the store, as a day's run does, and give its incidents."""
    store.add(extract_bulletin(BULLETIN), [BULLETIN])
    return {one.place: one for one in store.incidents()}


def test_a_correction_holds_when_the_bulletin_is_read_again(store, read):
    before = read["Jabalia"]
    store.correct(before.id, MOVED, reason="the camp", who="Lina")
    for _ in range(2):
        changes = store.add(extract_bulletin(BULLETIN), [BULLETIN])
        assert (changes.new, changes.changed, changes.gone) == (0, 0, 0)
        after = store.incident(before.id)
        assert (after.place, after.lon, after.tags) == ("Beit Lahia", 34.51, ("corrected",))
        assert after.reasons[0].startswith("corrected by Lina on ")
        assert after.reasons[0].endswith("place Beit Lahia, not Jabalia (the camp)")
        assert after.sentence == before.sentence
        assert store.check() == []
    assert store.count(Query(bbox="34.50,31.54,34.52,31.56")) == 1
    assert store.count() == len(read)


def test_the_id_survives_when_the_extraction_places_the_incident_elsewhere(store, read):
    before = read["Jabalia"]
    store.correct(before.id, {"incident_type": "battle"}, who="Lina")
    anew = [
        replace(one, id="other", place_id="x:2", lon=35.0, event_id="other")
        if one.id == before.id
        else one
        for one in extract_bulletin(BULLETIN)
    ]
    changes = store.add(anew, [BULLETIN])
    assert (changes.new, changes.changed, changes.gone) == (0, 1, 0)
    after = store.incident(before.id)
    assert (after.incident_type, after.lon, after.event_id) == ("battle", 35.0, before.id)
    assert store.incident("other") is None
    assert store.undo(before.id).incident_type == "explosion"


def test_a_rejected_incident_stays_out_of_answers_unless_asked(store, read):
    rejected = read["Tubas"]
    box = "35,32,36,33"
    assert store.count(Query(bbox=box)) == 1
    store.correct(rejected.id, {}, reject=True, reason="a rumour")
    store.add(extract_bulletin(BULLETIN), [BULLETIN])
    assert store.count(Query(bbox=box)) == 0
    assert store.count() == len(read) - 1
    assert sum(number for _, number in store.count_by("type")) == len(read) - 1
    assert [one.id for one in store.incidents(Query(text="arrested"))] == []
    asked = Query(bbox=box, include_rejected=True)
    assert store.count(asked) == 1
    (found,) = store.incidents(asked)
    assert found.tags == ("rejected",)
    assert store.check() == []
    assert store.undo(rejected.id) == rejected
    assert store.count(Query(bbox=box)) == 1


def test_corrections_are_taken_back_one_by_one(store):
    first = incident()
    store.add([first])
    store.correct("a", MOVED)
    store.correct("a", {"incident_type": "battle", "date": ISSUED})
    now = store.incident("a")
    assert (now.place, now.incident_type, now.date) == ("Beit Lahia", "battle", ISSUED)
    store.undo("a")
    now = store.incident("a")
    assert (now.place, now.incident_type, now.date) == ("Beit Lahia", "explosion", None)
    assert store.undo("a") == first
    with pytest.raises(InputError, match="no correction to take back"):
        store.undo("a")
    assert len(store.corrections()) == 2


@pytest.mark.parametrize(
    ("shape", "is_meant"),
    [
        ({"id": "a"}, True),
        ({"id": "b"}, True),
        ({"id": "b", "place": "Tubas", "place_start": 40}, True),
        ({"id": "b", "trigger_start": 30, "place_start": 44}, True),
        ({"id": "b", "trigger_start": 30, "place": "Tubas"}, False),
        ({"id": "b", "doc_id": "other"}, False),
        ({"id": "known", "place_start": 40}, False),
    ],
)
def test_a_correction_finds_the_incident_in_a_new_shape(shape, is_meant):
    first = incident()
    made = Correction(
        *("a", {"incident_type": "battle"}, False, "", "", "2026-03-06T00:00:00"),
        *(first.doc_id, first.sentence_start, first.trigger_start, first.place_start),
        said_place=first.place,
    )
    (found,) = put_right([incident(**shape)], [made], lambda *_: None, {"known"})
    assert (found.incident_type == "battle") is is_meant
    assert (found.id == "a") is is_meant or shape["id"] == "a"


def test_what_may_be_meant_for_two_is_meant_for_none():
    made = Correction("a", {"place": "X"}, doc_id="d", sentence_start=10, trigger_start=12)
    two = [incident("b", place_start=40), incident("c", place_start=50)]
    assert list(put_right(two, [made], lambda *_: None)) == two


def test_a_corrected_row_stays_when_the_extraction_finds_it_no_more(store, read):
    store.correct(read["Jabalia"].id, MOVED)
    left = [one for one in extract_bulletin(BULLETIN) if one.place != "Jabalia"]
    store.add(left, [BULLETIN])
    assert store.incident(read["Jabalia"].id).place == "Beit Lahia"


def test_corrections_go_from_store_to_store_as_csv(store, read, tmp_path):
    store.correct(read["Jabalia"].id, MOVED, reason='=the "camp"', who="Лина")
    store.correct(read["Tubas"].id, {}, reject=True)
    store.undo(read["Tubas"].id)
    table = io.StringIO(newline="")
    write_corrections(store.corrections(), table)
    made = read_corrections(io.StringIO(table.getvalue(), newline=""))
    assert made == store.corrections()
    with Store(tmp_path / "other.gpkg") as other:
        assert other.add_corrections(made) == 0
        other.add(extract_bulletin(BULLETIN), [BULLETIN])
        assert list(other.incidents()) == list(store.incidents())
        assert other.add_corrections(made) == 2
        assert list(other.incidents()) == list(store.incidents())
        assert other.check() == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, "changes nothing"),
        ({"sentence": "x"}, "sentence cannot be corrected"),
        ({"incident_type": "war"}, "'war' is not known"),
        ({"date": "soon"}, "date 'soon' cannot be read"),
        ({"lon": 200.0, "lat": 3.0}, "not on the globe"),
        ({"lon": 20.0}, "not on the globe"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(store, changes, what):
    store.add([incident()])
    with pytest.raises(InputError, match=what):
        store.correct("a", changes)
    assert store.corrections() == []
    with pytest.raises(InputError, match="incident 'nobody': is not in the store"):
        store.correct("nobody", MOVED)


@pytest.fixture
def old(store, path):
    """Make a store as the first version of its tables had it."""
    store.add([incident("a"), incident("b", doc_id="e")])
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE corrections")
        db.execute("DROP TABLE geomap_originals")
        db.execute("DROP INDEX geomap_rows_rejected")
        db.execute("ALTER TABLE geomap_rows DROP COLUMN rejected")
        db.execute("DELETE FROM gpkg_contents WHERE table_name = 'corrections'")
        db.execute("UPDATE geomap_meta SET value = '1' WHERE key = 'version'")
    db.close()
    return path


def test_a_store_of_an_older_geomap_is_brought_up_to_date(old):
    with Store(old) as store:
        assert store.count() == 2
        store.correct("a", {}, reject=True)
        assert [one.id for one in store.incidents()] == ["b"]
        assert store.check() == []
    with sqlite3.connect(old) as db:
        assert db.execute("SELECT value FROM geomap_meta WHERE key = 'version'").fetchone() == (
            "2",
        )
    db.close()


def test_an_older_store_that_cannot_be_written_says_so(old, monkeypatch):
    monkeypatch.setattr("geomap.store.connection.is_writable", lambda path: False)
    with pytest.raises(StoreError, match=r"older geomap.*read-only\nCopy it"):
        Store(old)


def test_a_place_name_that_was_corrected_shows_in_words_and_box(store):
    store.add([incident()])
    store.correct("a", MOVED)
    assert store.count(Query(text="Lahia")) == 1
    assert store.count(Query(text="Jabalia")) == 0


def test_an_answer_that_is_added_again_is_not_corrected_twice(store):
    store.add([incident()])
    store.correct("a", MOVED, who="Lina")
    answer = list(store.incidents())
    assert store.add(answer) == 0
    assert len(store.incident("a").reasons) == 1
    assert store.undo("a") == incident()

import datetime as dt
import hashlib
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.errors import InputError, StoreError
from geomap.model import Bulletin, Incident
from geomap.record import to_frame
from geomap.store import Query, Store
from geomap.store.schema import add_functions, read_point

MAY = [dt.date(2026, 5, day) for day in range(1, 10)]


def bulletin(text="Clashes in Tubas. Talks in Doha.", **about):
    return Bulletin(text, **about)


def doc_id(document):
    return hashlib.sha256(document.text.encode()).hexdigest()[:12]


def incident(id, **values):
    return Incident(id, **{"lon": 35.37, "lat": 32.32, "incident_type": "battle", **values})


def ids(found):
    return [one.id for one in found]


@settings(deadline=None, max_examples=40)
@given(drawn=st.lists(st.from_type(Incident), max_size=4, unique_by=lambda one: one.id))
def test_any_incident_comes_back_as_it_was(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("any") / "incidents.gpkg"
    with Store(path) as store:
        assert store.add(drawn) == len(drawn)
        assert store.add(drawn) == 0
    with Store(path) as store:
        assert {one.id: one for one in store.incidents()} == {one.id: one for one in drawn}


def test_adding_the_same_again_changes_nothing(store, path):
    document = bulletin()
    found = [incident("a", doc_id=doc_id(document)), incident("b", doc_id=doc_id(document))]
    first = store.add(found, [document])
    store.close()
    before = path.read_bytes()
    with Store(path) as again:
        second = again.add(found, [document])
    assert (first.new, second.new, second.changed, second.gone) == (2, 0, 0, 0)
    assert path.read_bytes() == before


def test_a_bulletin_read_anew_replaces_its_rows(store):
    document = bulletin()
    old = [incident(name, doc_id=doc_id(document)) for name in "abc"]
    store.add([*old, incident("other", doc_id="another")], [document])
    changes = store.add(
        [old[0], replace(old[1], fatalities=3), incident("d", doc_id=doc_id(document))], [document]
    )
    assert (changes.new, changes.changed, changes.gone, int(changes)) == (1, 1, 1, 2)
    assert sorted(ids(store.incidents())) == ["a", "b", "d", "other"]
    assert store.count(Query(bbox="35,32,36,33")) == 4


def test_without_its_bulletin_nothing_is_taken_out(store):
    store.add([incident("a", doc_id="x"), incident("b", doc_id="x")])
    assert store.add([incident("a", doc_id="x")]).gone == 0
    assert store.count() == 2


def test_a_bulletin_that_yields_nothing_any_more_has_no_rows(store):
    document = bulletin()
    store.add([incident("a", doc_id=doc_id(document))], [document])
    assert store.add([], [document]).gone == 1
    assert store.count() == 0


def test_a_bulletin_comes_back_with_its_text(store):
    document = bulletin("Удар по Харкову.\r\n\0 قصف", issued=MAY[3], title="Day 4", source="4.txt")
    store.add([], [document])
    assert store.bulletin(doc_id(document)) == document
    assert store.bulletin("unknown") is None


def test_of_two_incidents_with_one_id_the_last_counts(store):
    assert store.add([incident("a"), incident("a", fatalities=2)]) == 1
    assert next(store.incidents()).fatalities == 2


def test_an_iterator_of_many_is_one_batch(store):
    def many():
        yield from (incident(f"{n}") for n in range(2500))
        raise RuntimeError("the extraction failed")

    with pytest.raises(RuntimeError):
        store.add(many())
    assert store.count() == 0
    assert store.add(incident(f"{n}") for n in range(2500)) == 2500


def test_a_geodataframe_can_be_added(store):
    rows = [incident("a", date=MAY[0], fatalities=2), incident("b", lon=None, lat=None)]
    assert store.add(to_frame(rows)) == 2
    assert list(store.incidents()) == [rows[0], rows[1]]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (Incident(""), "has no id"),
        (Incident("a", lon=35.0, lat=95.0), "lat 95.0 is not on the globe"),
        (Incident("a", lon=32.0, lat=135.0), "Are lon and lat swapped"),
        (Incident("a", lon=float("nan"), lat=3.0), "not on the globe"),
        (Incident("a", lon=1.0, lat=2.0, area=(((1.0, 2.0),),)), "its area is no ring"),
        (Incident("a", area=(((1, 2), (3, 95), (4, 5), (1, 2)),)), "its area is no ring"),
        (Incident("a", fatalities=10**30), "too large"),
        (Incident("a", confidence=float("inf")), "confidence inf is not a number"),
        (Incident("a", sentence="\ud800"), "cannot be stored"),
        (Incident("a", tags=({1},)), "cannot be stored"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_with_it(store, path, wrong, what):
    with pytest.raises(InputError, match=what):
        store.add([incident("good"), wrong])
    assert not path.exists() or store.count() == 0


def test_rows_come_by_date_and_id_with_the_undated_last(store):
    store.add(
        [
            incident("c", date=MAY[1]),
            incident("b"),
            incident("a", date=MAY[1]),
            incident("d", date=MAY[0]),
        ]
    )
    assert ids(store.incidents()) == ["d", "a", "c", "b"]
    assert ids(store.incidents(Query(newest_first=True))) == ["a", "c", "d", "b"]
    assert ids(store.incidents(Query(newest_first=True, limit=2))) == ["a", "c"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"since": MAY[2]}, "cd"),
        ({"until": MAY[2]}, "abcd"),
        ({"since": MAY[1], "until": MAY[1]}, "bd"),
        ({"since": MAY[2], "until": MAY[2]}, "cd"),
        ({"since": MAY[5]}, ""),
    ],
)
def test_the_first_and_the_last_day_count(store, asked, found):
    store.add(
        [
            *(incident(name, date=MAY[day]) for name, day in (("a", 0), ("b", 1), ("c", 2))),
            incident("d", date=MAY[1], date_end=MAY[4]),
            incident("undated"),
        ]
    )
    assert "".join(sorted(ids(store.incidents(Query(**asked))))) == found
    assert "".join(sorted(ids(store.incidents(Query(bbox="35,32,36,33", **asked))))) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"types": "battle"}, "abd"),
        ({"types": ["battle", "statement"]}, "abcd"),
        ({"include_background": False}, "acd"),
        ({"text": "TUBAS"}, "a"),
        ({"text": "hopital"}, "b"),
        ({"text": "hôpital"}, "b"),
        ({"text": "clash"}, ""),
        ({"text": "clashes army"}, "a"),
        ({"text": 'NOT "quoted" OR'}, ""),
        ({"text": "air-strike"}, "c"),
        ({"text": "strike air"}, "c"),
        ({"actor": "army"}, "a"),
        ({"actor": "tubas"}, ""),
        ({"actor": "role"}, ""),
        ({"actor": "army", "text": "clashes"}, "a"),
        ({"text": "قصف"}, "d"),
    ],
)
@pytest.mark.parametrize("with_fts5", [True, False])
def test_types_and_words(store, monkeypatch, asked, found, with_fts5):
    if not with_fts5:
        monkeypatch.setattr("geomap.store.index.has_fts5", lambda db: False)
    store.add(
        [
            incident("a", sentence="Clashes in Tubas.", actors=({"text": "the army"},)),
            incident("b", sentence="Un hôpital", temporal="background"),
            incident("c", sentence="An air-strike.", incident_type="statement"),
            incident("d", sentence="قصف مدفعي"),
        ]
    )
    assert "".join(ids(store.incidents(Query(**asked)))) == found


def test_words_written_without_fts5_are_found_once_it_is_there(store, monkeypatch):
    store.add([incident("a", sentence="before")])
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("geomap.store.index.has_fts5", lambda db: False)
        store.add([incident("a", sentence="between"), incident("b", sentence="between")])
        assert ids(store.incidents(Query(text="between"))) == ["a", "b"]
    store.add([incident("c", sentence="after")])
    for word, found in (("before", []), ("between", ["a", "b"]), ("after", ["c"])):
        assert ids(store.incidents(Query(text=word))) == found


def test_select_gives_a_geodataframe_that_says_how_sure(store):
    store.add([incident("a", uncertainty_km=1.0, date=MAY[0]), incident("b", uncertainty_km=99.0)])
    frame = store.select(Query(bbox="35,32,36,33"))
    assert frame.crs.to_epsg() == 4326
    assert list(frame.certainty) == ["certain", "possible"]
    assert list(frame.geometry.x) == [35.37, 35.37]
    assert store.select().certainty.isna().all()
    assert list(store.select(Query(types="hazard")).columns) == list(frame.columns)


def test_only_what_is_surely_inside(store):
    store.add([incident("a", uncertainty_km=1.0), incident("b", uncertainty_km=99.0)])
    assert ids(store.incidents(Query(bbox="35,32,36,33", certain=True))) == ["a"]


def test_what_is_not_mapped_lies_in_no_box(store):
    store.add([incident("a", lon=None, lat=None)])
    assert store.count() == 1
    assert store.count(Query(bbox="-180,-90,180,90")) == 0


def test_reading_may_go_on_while_rows_are_added(store):
    store.add([incident(f"{n:04}") for n in range(1500)])
    seen = 0
    for one in store.incidents():
        if seen == 10:
            store.add([incident("new"), replace(one, fatalities=1)])
        seen += 1
    assert seen == 1500


def test_two_stores_on_one_file_see_each_other(store, path):
    store.add([incident("a")])
    with Store(path) as other:
        other.add([incident("b")])
        assert store.count() == other.count() == 2


def test_a_closed_store_is_one_file(store, path):
    store.add([incident("a")])
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_row_that_another_program_spoilt_is_named(store, path):
    store.add([incident("a")])
    store.close()
    db = sqlite3.connect(path)
    add_functions(db)  # any program that writes GeoPackages brings them
    with db:
        db.execute("UPDATE incidents SET date = 'soon' WHERE id = 'a'")
    db.close()
    with Store(path) as spoilt, pytest.raises(StoreError, match=r"row 1 cannot be read.*soon"):
        spoilt.count()


@pytest.mark.parametrize(
    "blob",
    [
        "4750000000001069" + "0000000001" + "4041000000000000" + "4040000000000000",
        "47500103e6100000" + "00" * 32 + "0101000000" + "0000000000004140" + "0000000000004040",
    ],
)
def test_points_of_other_programs_are_read(blob):
    assert read_point(bytes.fromhex(blob)) == (34.0, 32.0)


@pytest.mark.parametrize(
    "blob", [b"", b"GP\0\1", b"no geometry at all", b"GP\0\1\xe6\x10\0\0\x01\x02"]
)
def test_what_is_no_point_is_refused(blob):
    with pytest.raises(ValueError, match=r"geometry|WKB"):
        read_point(blob)

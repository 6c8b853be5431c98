"""The team's store, in a PostgreSQL with PostGIS that the tests start themselves."""

import datetime as dt
import hashlib
import io
import random
import threading
from dataclasses import replace

import psycopg
import pytest

from geomap.errors import InputError, StoreError
from geomap.model import Bulletin, Incident
from geomap.store import Bbox, Query, Store, cursor
from geomap.store.ledger import write_corrections
from geomap.store.postgres import without_password
from geomap.store.sync import sync

MAY = [dt.date(2026, 5, day) for day in range(1, 10)]
WORDS = ["Tubas", "army", "Hôpital", "hopital", "air-strike", "قصف", "Харків", "don't", "x_y"]


def incident(id="a", **values):
    return Incident(id, **{"lon": 35.37, "lat": 32.32, "incident_type": "battle", **values})


@pytest.fixture
def team(database):
    with Store(database, wait_s=5) as store:
        yield store


def ids(found):
    return [one.id for one in found]


def drawn(chance, number):
    """Draw incidents that lie close together, on edges, round the globe and in words."""

    def some(*values):
        return chance.choice(values)

    def degree():
        return some(round(chance.uniform(-12, 12), 6), 0.0, 5.0, 180.0, -180.0, 179.5, -179.5)

    for n in range(number):
        lon, lat = (degree(), round(chance.uniform(-12, 12), 6)) if n % 9 else (None, None)
        date = some(None, *MAY)
        ring = [(round(chance.uniform(-12, 12), 3), round(chance.uniform(-12, 12), 3))
                for _ in range(4)]  # fmt: skip
        yield Incident(
            f"{n:04}",
            lon=lon,
            lat=lat,
            area=((*ring, ring[0]),) if lon is not None and n % 11 == 0 else (),
            uncertainty_km=some(None, None, 1.5, 40.0, 700.0),
            geo_precision=some(None, 1, 2, 3),
            date=date,
            date_end=date + dt.timedelta(days=some(0, 2, 5)) if date and n % 5 == 0 else None,
            incident_type=some("battle", "explosion", "statement"),
            modality=some("asserted", "claimed"),
            temporal=some("current", "current", "background"),
            doc_date=some(None, *MAY),
            sentence=" ".join(chance.choices(WORDS, k=3)),
            place=some("", "Tubas", "Army Camp"),
            actors=({"text": some(*WORDS), "name": some(*WORDS)},),
            fatalities=some(None, 0, 3),
            tags=some((), (), (), ("rejected",)),
        )


def asked(chance):
    """Draw a query."""

    def some(*values):
        return chance.choice(values)

    def box():
        south, north = sorted(chance.uniform(-13, 13) for _ in range(2))
        edges = [some(chance.uniform(-13, 13), -180, 179.5, 180, 5) for _ in range(2)]
        return Bbox(edges[0], south, edges[1], north)

    since, until = sorted((some(*MAY), some(*MAY)))
    region = {"bbox": some(None, box(), box(), [box(), box()])}
    if chance.random() < 0.1:
        region = some(
            {"near": (some(5, 179.9), 3, some(50, 800))},
            {"within": [[[(0, 0), (9, 0), (4, 8), (0, 0)]]]},
        )
    return Query(
        **region,
        since=some(None, since),
        until=some(None, until),
        issued_since=some(None, None, since),
        issued_until=some(None, None, until),
        types=some((), "battle", ("battle", "statement")),
        modality=some((), (), "claimed"),
        actor=some("", "", *WORDS),
        text=some("", "", "", *WORDS, "tubas army", "strike air"),
        certain=chance.random() < 0.3,
        include_background=chance.random() < 0.7,
        include_rejected=chance.random() < 0.3,
        newest_first=chance.random() < 0.5,
        limit=some(None, None, 1, 5, 50),
        after=some("", "", "", "undated/0100", "2026-05-04/0150"),
    )


def test_a_thousand_queries_are_answered_as_the_embedded_store_answers_them(team, store):
    """Which in turn agrees with a plain loop (test_search)."""
    chance = random.Random(20260505)
    rows = list(drawn(chance, 250))
    assert team.add(rows) == store.add(rows) == 250
    assert list(team.incidents()) == list(store.incidents())
    met = 0
    for _ in range(1000):
        query = asked(chance)
        found = [(match.incident.id, match.certainty) for match in store.matches(query)]
        assert [(m.incident.id, m.certainty) for m in team.matches(query)] == found, query
        assert team.count(query) == store.count(query) == len(found), query
        met += bool(found)
    assert met > 250


@pytest.mark.parametrize(
    "by",
    [
        ["day", "type"],
        ["month"],
        ["year", "country"],
        ["actor"],
        ["place", "modality"],
        ["cell:2"],
        ["certainty", "type"],
    ],
)
def test_counts_agree(team, store, by):
    rows = list(drawn(random.Random(3), 200))
    team.add(rows)
    store.add(rows)
    for query in (Query(), Query(bbox="-5,-5,5,5"), Query(types="battle", since=MAY[3])):
        assert team.count_by(*by, query=query) == store.count_by(*by, query=query)


def test_adding_is_as_in_the_embedded_store(team):
    document = Bulletin("Clashes in Tubas.", MAY[0], "Day 1", "1.txt")
    doc_id = hashlib.sha256(document.text.encode()).hexdigest()[:12]
    rows = [incident(name, doc_id=doc_id) for name in "abc"]
    assert repr(team.add(rows, [document])) == "Changes(new=3, changed=0, gone=0)"
    assert repr(team.add(rows, [document])) == "Changes(new=0, changed=0, gone=0)"
    again = [rows[0], replace(rows[1], fatalities=2), incident("d", doc_id=doc_id)]
    assert repr(team.add(again, [document])) == "Changes(new=1, changed=1, gone=1)"
    assert sorted(ids(team.incidents())) == ["a", "b", "d"]
    assert team.bulletin(doc_id) == document
    assert team.add([incident("e"), incident("e", fatalities=7)]) == 1
    assert team.incident("e").fatalities == 7
    assert team.check() == []


def test_a_batch_is_kept_whole_or_not_at_all(team):
    team.add([incident("a")])
    with pytest.raises(InputError, match="not on the globe"):
        team.add([incident("b"), incident("c", lat=99.0)])
    with pytest.raises(StoreError, match="NUL"):
        team.add([incident("b"), incident("c", sentence="\0")])
    assert ids(team.incidents()) == ["a"]
    assert team.add([incident("b")]) == 1


def test_corrections_hold_as_in_the_embedded_store(team, store):
    rows = [incident("a", place="Jabalia"), incident("b")]
    for one in (team, store):
        one.add(rows)
        one.correct("a", {"place": "Beit Lahia", "lon": 34.5, "lat": 31.5}, who="Lina")
        one.correct("b", {}, reject=True)
        assert one.add(rows) == 0
        assert ids(one.incidents()) == ["a"]
        assert one.count(Query(bbox="34,31,35,32", text="lahia")) == 1
        assert one.undo("a") == rows[0]
        assert ids(one.incidents(Query(include_rejected=True))) == ["a", "b"]
        assert one.check() == []
    table = io.StringIO()
    write_corrections(team.corrections(), table)
    assert table.getvalue().count("\n") == 3


def test_select_gives_the_same_geodataframe(team, store):
    rows = list(drawn(random.Random(4), 60))
    team.add(rows)
    store.add(rows)
    query = Query(bbox="-8,-8,8,8", newest_first=True)
    one, other = team.select(query), store.select(query)
    assert one.drop(columns=["geometry"]).equals(other.drop(columns=["geometry"]))
    assert one.geometry.equals(other.geometry)
    assert one.crs == other.crs
    assert len(team.select(Query(types="hazard"))) == 0


def test_pages_follow_each_other(team):
    team.add(list(drawn(random.Random(5), 120)))
    for newest in (False, True):
        query = Query(newest_first=newest, include_rejected=True)
        pages = [match.incident for page in team.pages(query, 7) for match in page]
        assert pages == list(team.incidents(query))
        assert cursor(pages[6]) < "zzz"


def test_what_another_program_edits_is_taken_in_and_stays(team, database):
    team.add([incident("a", sentence="before"), incident("b")])
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("UPDATE incidents SET sentence = 'after', geom = 'SRID=4326;POINT(1 2)'"
                   " WHERE id = 'a'")  # fmt: skip
        db.execute("INSERT INTO incidents (geom, place) VALUES ('SRID=4326;POINT(1 2)', 'drawn')")
    assert team.count(Query(bbox="0,1,2,3")) == 2
    assert ids(team.incidents(Query(text="after"))) == ["a"]
    assert team.count(Query(text="before")) == 0
    assert team.add([incident("a", sentence="anew")]) == 0
    assert team.incident("a").sentence == "after"
    assert team.check() == []


def test_damage_is_named_and_reindexing_takes_rows_as_they_are(team, database):
    team.add([incident("a"), incident("b")])
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("SET geomap.writing = 'yes'")
        db.execute("UPDATE incidents SET sentence = 'spoilt' WHERE id = 'a'")
    (problem,) = team.check()
    assert problem.endswith("(a): is not what was written")
    assert team.reindex() == 2
    assert team.check() == []


def test_two_may_write_at_once(team, database):
    def write(first):
        with Store(database, wait_s=20) as one:
            for n in range(5):
                one.add([incident(f"{k}") for k in range(first + n, first + n + 20)])

    threads = [threading.Thread(target=write, args=(n * 10,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert team.count() == 44
    assert team.check() == []


def test_what_is_no_store_is_said_without_the_password(database):
    with Store(database) as store, pytest.raises(StoreError, match="there is no store here"):
        store.count()
    nowhere = "postgresql://someone:secret@127.0.0.1:1/none"
    with Store(nowhere) as store, pytest.raises(StoreError, match="cannot be reached") as error:
        store.add([incident()])
    assert "secret" not in str(error.value)
    assert without_password(nowhere) == "postgresql://someone@127.0.0.1:1/none"


def test_a_store_of_a_newer_geomap_is_refused(team, database):
    team.add([incident()])
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("UPDATE geomap_meta SET value = '99' WHERE key = 'version'")
    with Store(database) as other, pytest.raises(StoreError, match="newer geomap: version 99"):
        other.count()


def test_two_stores_are_made_the_same_by_id(team, store):
    document = Bulletin("Clashes in Tubas.", MAY[0], "Day 1", "1.txt")
    store.add(list(drawn(random.Random(6), 90)), [document])
    store.correct("0001", {"place": "Beit Lahia"}, who="Lina")
    team.add([incident("only-here"), incident("0002")])
    assert sync(store, team) == (89, 1, 1)
    assert sync(store, team) == (0, 0, 0)
    assert sync(team, store) == (1, 0, 0)
    everything = Query(include_rejected=True)
    assert list(store.incidents(everything)) == list(team.incidents(everything))
    assert team.bulletin_ids() == store.bulletin_ids()
    assert team.undo("0001") == store.undo("0001")
    assert team.check() == store.check() == []


def test_sync_makes_the_store_that_is_not_there(store, tmp_path):
    store.add([incident("a"), incident("b")])
    with Store(tmp_path / "other.gpkg") as other:
        assert sync(store, other) == (2, 0, 0)
        assert ids(other.incidents()) == ["a", "b"]

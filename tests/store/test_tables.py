"""Tables of other makers, in files of our own in their formats."""

import csv
import datetime as dt
import io
import json

import pytest

from geomap.errors import InputError
from geomap.model import Incident
from geomap.store import Query
from geomap.store.acled import ALL_COLUMNS, _types, write_acled
from geomap.store.exchange import write_incidents
from geomap.store.tables import read_table

ACLED = {
    "event_id_cnty": "YEM0001",
    "event_date": "2026-05-02",
    "year": "2026",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Suicide bomb",
    "actor1": "Unidentified Armed Group (Yemen)",
    "assoc_actor_1": "",
    "inter1": "3",
    "actor2": "Civilians (Yemen)",
    "assoc_actor_2": "Teachers (Yemen); Women (Yemen)",
    "inter2": "7",
    "interaction": "37",
    "civilian_targeting": "Civilian targeting",
    "iso": "887",
    "region": "Middle East",
    "country": "Yemen",
    "admin1": "Aden",
    "admin2": "Al Mansura",
    "admin3": "",
    "location": "Al Mansura",
    "latitude": "12.8571",
    "longitude": "44.9786",
    "geo_precision": "1",
    "source": "Paper of Record",
    "source_scale": "National",
    "notes": "On 2 May, a man blew himself up near a school; many died.",
    "fatalities": "10",
    "tags": "crowd size=no report",
    "timestamp": "1777777777",
}
UCDP = {
    "id": "214814.0",
    "type_of_violence": "3.0",
    "side_a": "Group A",
    "side_b": "Civilians",
    "source_article": "Paper, 2026-05-02",
    "source_office": "Paper",
    "source_headline": "Villagers killed",
    "where_prec": "2.0",
    "where_coordinates": "Al Mansura village",
    "adm_1": "Aden governorate",
    "adm_2": "Al Mansura district",
    "latitude": "12.8571",
    "longitude": "44.9786",
    "country": "Yemen (North Yemen)",
    "date_prec": "2.0",
    "date_start": "2026-05-01 00:00:00.000",
    "date_end": "2026-05-04 00:00:00.000",
    "best": "4.0",
    "low": "3.0",
    "high": "9.0",
}
USGS = {
    "type": "FeatureCollection",
    "metadata": {"title": "All earthquakes, past day"},
    "features": [
        {
            "type": "Feature",
            "id": "zz1",
            "properties": {
                "mag": 4.6,
                "place": "9 km W of Somewhere",
                "time": 1777593599999,
                "status": "reviewed",
                "type": "earthquake",
                "magType": "mb",
                "title": "M 4.6 - 9 km W of Somewhere",
                "url": "https://example.org/zz1",
            },
            "geometry": {"type": "Point", "coordinates": [-182.5, -17.2, 33.1]},
        },
        {"type": "Feature", "id": "zz2", "properties": {"status": "deleted"}, "geometry": None},
        {"type": "Feature", "id": "zz3", "properties": {"mag": 1, "type": "quarry blast"}},
    ],
}


def gdelt(version=2, **cells):
    """Lay a line of GDELT out by the names of its columns that geomap reads."""
    first = {1: 49, 2: 51}[version]
    at = {"id": 0, "date": 1, "actor1": 6, "actor2": 16, "code": 26, "mentions": 31}
    at |= {"kind": first, "name": first + 1, "source": {1: 57, 2: 60}[version]}
    at |= {"lat": first + version + 3, "lon": first + version + 4}
    line = [""] * {1: 58, 2: 61}[version]
    values = {
        **{"id": "1288", "date": "20260502", "actor1": "POLICE", "code": "1831", "mentions": "4"},
        **{"kind": "4", "name": "Aden, Aden, Yemen", "lat": "12.8", "lon": "45.03"},
        "source": "https://example.org/a",
    }
    for name, value in (values | cells).items():
        line[at[name]] = value
    return "\t".join(line)


def table(*rows, between=","):
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], delimiter=between, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def read(text):
    return read_table(io.StringIO(text, newline=""))


def test_acled_becomes_incidents():
    (found,), rejected = read(table(ACLED))
    assert rejected == []
    assert (found.id, found.date, found.date_precision) == (
        "acled:YEM0001",
        dt.date(2026, 5, 2),
        "day",
    )
    assert (found.incident_type, found.subtype, found.country) == (
        "explosion",
        "suicide_bomb",
        "YE",
    )
    assert (found.place, found.lon, found.lat, found.geo_precision) == (
        "Al Mansura",
        44.9786,
        12.8571,
        1,
    )
    assert [(a["role"], a["name"]) for a in found.actors] == [
        ("actor1", "Unidentified Armed Group (Yemen)"),
        ("actor2", "Civilians (Yemen)"),
        ("assoc_actor_2", "Teachers (Yemen)"),
        ("assoc_actor_2", "Women (Yemen)"),
    ]
    assert found.reasons == ("the number of deaths may stand for an unknown one",)


@pytest.mark.parametrize("hxl", [False, True])
def test_acled_comes_out_as_it_went_in(hxl):
    other = ACLED | {"event_id_cnty": "YEM0002", "sub_event_type": "Grenade", "fatalities": "0"}
    again = io.StringIO()
    write_acled(read(table(ACLED, other)).incidents, again, hxl=hxl)
    rows = list(csv.DictReader(io.StringIO(again.getvalue())))
    if hxl:
        assert rows.pop(0)["event_date"] == "#date+occurred"
        assert len(read(again.getvalue()).incidents) == 2
    assert rows == [ACLED, other]
    assert tuple(rows[0]) == ALL_COLUMNS


def test_an_incident_of_ours_goes_out_as_acled():
    ours = Incident(
        "abc",
        date=dt.date(2026, 5, 2),
        date_precision="month",
        incident_type="battle",
        subtype="armed_clash",
        country="YE",
        place="Aden",
        geo_precision=4,
        actors=({"text": "the army", "name": "", "role": "actor1"},),
        lon=45.0,
        lat=12.8,
    )
    file = io.StringIO()
    write_acled([ours, Incident("def", incident_type="hazard", subtype="flood")], file)
    battle, flood = csv.DictReader(io.StringIO(file.getvalue()))
    assert (battle["event_type"], battle["sub_event_type"]) == ("Battles", "Armed clash")
    assert (battle["time_precision"], battle["geo_precision"]) == ("3", "3")
    assert (battle["country"], battle["actor1"], battle["year"]) == ("Yemen", "the army", "2026")
    assert flood["event_type"] == ""


def test_all_25_sub_events_of_acled_have_a_type():
    assert len(_types()) == 25
    assert _types()["Strategic developments", "Other"] == ("security", "")
    assert _types()["Battles", "Armed clash"] == ("battle", "armed_clash")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"event_date": "02/05/2026"}, "'02/05/2026' is not a day"),
        ({"event_date": ""}, "'' is not a day"),
        ({"latitude": "44.9", "longitude": "128.6", "event_id_cnty": ""}, "event_id_cnty is empty"),
        ({"latitude": "128.6"}, "lat 128.6 is not on the globe"),
        ({"latitude": ""}, "could not convert"),
        ({"fatalities": "many"}, "could not convert"),
        ({"fatalities": "2.5"}, "'2.5' is not a whole number"),
        ({"fatalities": "inf"}, "cannot convert"),
        ({"geo_precision": "7"}, "geo_precision 7 is not 1, 2 or 3"),
        ({"sub_event_type": "Alien landing"}, "'Alien landing' is not known"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_rest_kept(change, what):
    found, (why,) = read(table(ACLED, ACLED | change, ACLED | {"event_id_cnty": "YEM0003"}))
    assert [one.event_id for one in found] == ["YEM0001", "YEM0003"]
    assert why.startswith("input:3: ")
    assert what in why


@pytest.mark.parametrize(
    ("date", "read_as"),
    [("2 May 2026", 2), ("02 May 2026", 2), ("12-May-2026", 12), ("2026-05-02T00:00:00Z", 2)],
)
def test_days_are_read_as_makers_write_them(date, read_as):
    (found,), _ = read(table(ACLED | {"event_date": date}, between=";"))
    assert found.date == dt.date(2026, 5, read_as)


def test_ucdp_becomes_incidents():
    (found,), rejected = read("\ufeff" + table(UCDP))
    assert rejected == []
    assert (found.id, found.incident_type, found.subtype) == ("ucdp:214814", "civilians", "attack")
    assert (found.date, found.date_end) == (dt.date(2026, 5, 1), dt.date(2026, 5, 4))
    assert (found.date_precision, found.geo_precision, found.uncertainty_km) == ("week", 2, 25.0)
    assert (found.fatalities_low, found.fatalities, found.fatalities_high) == (3, 4, 9)
    assert (found.country, found.admin1) == ("YE", "Aden governorate")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"where_prec": "9"}, "where_prec '9' is not one of 1, 2"),
        ({"date_end": "2026-04-01"}, "is before date_start"),
        ({"type_of_violence": ""}, "type_of_violence '' is not one of"),
        ({"id": ""}, "id is empty"),
    ],
)
def test_a_row_of_ucdp_that_cannot_be_read_is_named(change, what):
    found, (why,) = read(table(UCDP | change))
    assert found == []
    assert why.startswith("input:2: ")
    assert what in why


def test_usgs_becomes_incidents():
    (found,), (why,) = read(json.dumps(USGS))
    assert (found.id, found.incident_type, found.subtype) == ("usgs:zz1", "hazard", "earthquake")
    assert (found.date, found.lon, found.lat) == (dt.date(2026, 4, 30), 177.5, -17.2)
    assert [(q["what"], q["value"]) for q in found.quantities] == [
        ("magnitude", 4.6),
        ("depth", 33.1),
    ]
    assert why == "input: feature 3: 'geometry' is missing"


@pytest.mark.parametrize("version", [1, 2])
def test_gdelt_becomes_incidents(version):
    (found,), rejected = read(gdelt(version) + "\n" + "\n")
    assert rejected == []
    assert (found.id, found.incident_type, found.subtype) == (
        "gdelt:1288",
        "explosion",
        "suicide_bomb",
    )
    assert (found.lon, found.lat, found.country, found.geo_precision) == (45.03, 12.8, "YE", 2)
    assert (found.actors[0]["name"], found.source) == ("POLICE", "https://example.org/a")


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"date": "20260500"}, {"date_end": dt.date(2026, 5, 31), "date_precision": "month"}),
        ({"date": "20260000"}, {"date_end": dt.date(2026, 12, 31), "date_precision": "year"}),
        ({"date": "20261200"}, {"date_end": dt.date(2026, 12, 31), "date_precision": "month"}),
        ({"code": "1999"}, {"incident_type": "battle", "subtype": "armed_clash"}),
        ({"kind": "1", "name": "Yemen"}, {"geo_precision": 4, "country": "YE"}),
        ({"lat": "", "lon": ""}, {"lon": None, "lat": None}),
        ({"name": "Atlantis"}, {"country": None}),
    ],
)
def test_what_gdelt_leaves_open_stays_open(cells, fields):
    (found,), _ = read(gdelt(**cells))
    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (gdelt(code="99"), "EventCode '99' is not known"),
        (gdelt(date="2026-5-2"), "SQLDATE '2026-5-2' is not a day"),
        (gdelt(date="20260532"), "day"),
        (gdelt(id="x"), "GLOBALEVENTID 'x'"),
        ("1\t2", "2 columns, not 57, 58 or 61"),
    ],
)
def test_a_line_of_gdelt_that_cannot_be_read_is_named(line, what):
    found, (why,) = read(gdelt() + "\n" + line)
    assert len(found) == 1
    assert why.startswith("input:2: ")
    assert what in why


def test_what_geomap_wrote_is_read_too():
    for format in ("geojson", "geojsonl", "csv"):
        file = io.StringIO()
        write_incidents([Incident("a")], file, format)
        assert read(file.getvalue()).incidents == [Incident("a")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Just some words.", "<html></html>"])
def test_what_is_no_known_table_is_refused(text):
    with pytest.raises(InputError, match=r"input: is (no table that geomap knows|empty)"):
        read(text)


def test_a_newer_edition_updates_the_rows_of_the_older(store):
    store.add(read(table(ACLED)).incidents)
    changes = store.add(read(table(ACLED | {"fatalities": "12"})).incidents)
    assert (changes.new, changes.changed) == (0, 1)
    assert store.count(Query(types="explosion", actor="teachers", bbox="44,12,45,13")) == 1

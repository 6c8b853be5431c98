import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import InputError
from geomap.model import Incident
from geomap.record import (
    FIELDS,
    from_frame,
    from_properties,
    to_feature,
    to_frame,
    to_properties,
    told_once,
)

RING = ((35.0, 33.0), (36.0, 33.0), (35.5, 33.5), (35.0, 33.0))
FULL = Incident(
    id="a1",
    doc_id="d1",
    doc_date=dt.date(2026, 3, 5),
    date=dt.date(2026, 3, 4),
    date_precision="day",
    incident_type="explosion",
    subtype="airstrike",
    place="southern Lebanon",
    geo_precision=3,
    uncertainty_km=40.0,
    actors=({"text": "the army", "name": "army", "role": "actor1", "start": 1, "end": 9},),
    fatalities=0,
    injured=3,
    sentence="A strike.",
    sentence_start=0,
    sentence_end=9,
    confidence=0.7,
    reasons=("airstrike", "near other places"),
    tags=("health",),
    lon=35.4,
    lat=33.2,
    area=(RING,),
)

texts = st.text(max_size=20).filter(lambda s: s.strip() == s)
incidents = st.builds(
    Incident,
    id=st.text(min_size=1, max_size=8, alphabet="abc123"),
    date=st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    place=texts,
    fatalities=st.none() | st.integers(0, 10**6),
    uncertainty_km=st.none() | st.floats(0, 2e4),
    lon=st.just(12.5),
    lat=st.just(-3.25),
    tags=st.lists(texts, max_size=3).map(tuple),
    quantities=st.lists(st.fixed_dictionaries({"what": texts}), max_size=2).map(tuple),
)


def test_the_record_has_the_fields_of_the_design_in_order():
    assert FIELDS[:6] == ("id", "event_id", "doc_id", "doc_title", "doc_date", "section")
    assert {"type", "geometry", "lon", "lat"}.isdisjoint(FIELDS)


@pytest.mark.parametrize("incident", [FULL, Incident("bare")])
def test_a_frame_gives_back_what_went_in(incident):
    assert from_frame(to_frame([incident])) == [incident]


def test_a_frame_is_in_wgs84_and_nobody_is_at_zero_zero():
    frame = to_frame([FULL, Incident("unplaced")])
    assert frame.crs.to_epsg() == 4326
    assert list(frame.geometry.isna()) == [False, True]
    assert frame["fatalities"].tolist()[0] == 0


def test_no_incident_is_a_frame_with_all_columns():
    assert {"id", "incident_type", "geometry", "area"} <= set(to_frame([]).columns)


def test_a_frame_in_another_crs_is_turned_to_degrees():
    turned = from_frame(to_frame([FULL]).to_crs("EPSG:3857"))[0]
    assert (turned.lon, turned.lat) == pytest.approx((35.4, 33.2))


@given(incident=incidents)
def test_properties_survive_a_round_trip(incident):
    back = from_properties(to_properties(incident), incident.lon, incident.lat)
    assert back == incident


def test_a_feature_is_a_point_and_keeps_its_area_aside():
    feature = to_feature(FULL)
    assert feature["geometry"] == {"type": "Point", "coordinates": [35.4, 33.2]}
    assert feature["area"]["type"] == "MultiPolygon"
    assert to_feature(Incident("x"))["geometry"] is None


def test_an_event_told_twice_at_a_place_is_kept_once_and_in_the_surest_words():
    def mention(id, event, place, confidence):
        return Incident(id, event_id=event, place=place, confidence=confidence)

    rows = [
        mention("1", "e1", "Tubas", 0.5),
        mention("2", "", "Tubas", 0.5),
        mention("3", "e1", "Tubas", 0.8),
        mention("4", "e1", "Jenin", 0.4),
    ]
    assert [row.id for row in told_once(rows)] == ["3", "2", "4"]


def test_an_event_keeps_its_dead_whichever_mention_counts_them():
    headline = replace(FULL, id="1", event_id="e", confidence=0.9, fatalities=None, injured=None)
    body = replace(FULL, id="2", event_id="e", confidence=0.5, fatalities=2, injured=7)
    (told,) = told_once([headline, body])
    assert (told.id, told.fatalities, told.injured) == ("1", 2, 7)


def test_a_value_of_the_wrong_kind_is_named():
    with pytest.raises(InputError, match="fatalities 'many' cannot be read") as caught:
        from_properties({"id": "x", "fatalities": "many"}, where="line 3")
    assert str(caught.value).startswith("line 3: ")


def test_a_frame_of_something_else_is_refused():
    import geopandas

    with pytest.raises(InputError, match="no column 'id'"):
        from_frame(geopandas.GeoDataFrame({"name": []}, geometry=[]))
